//! The statistics page: the question, its figures, the drawing, the table, the files.

use maud::{Markup, html};

use super::cross::Cross;
use super::drill::Driller;
use super::form;
use super::kind::{self, ChartKind};
use super::matrix::{self, Crossed};
use super::question::Question;
use super::rows::{self, Asked, rate_text};
use super::saved::SavedQuestion;
use crate::centre::charts::{self, Chart, Subject};
use crate::centre::dashboard::components::{Button, Empty, Field, Tick, Title};
use crate::centre::dashboard::text::{percent, thousands};
use crate::centre::statistics::labels::Labels;
use crate::domain::metric::Metric;
use crate::domain::query::{Answer, Dimension, Rate};
use crate::words::charts::{definition, metric as metric_name};
use crate::words::common::Common;
use crate::words::dashboard::Dashboard;
use crate::words::questions::{Questions, Saved};
use crate::words::stats;

/// All that the page shows.
pub struct View<'a> {
    pub question: &'a Question,
    pub answer: &'a Answer,
    pub before: Option<&'a Answer>,
    pub cross: Option<&'a Cross>,
    pub labels: &'a Labels,
    pub driller: Driller<'a>,
    pub left_out: Option<u64>,
    /// A period was to be compared, and nobody rated in it.
    pub nothing_before: bool,
    /// Nothing was asked yet.
    pub bare: bool,
    pub saved: &'a [SavedQuestion],
    /// May share questions.
    pub shares: bool,
    pub csrf: Markup,
}

impl View<'_> {
    fn words(&self) -> Questions {
        Questions(self.labels.language())
    }

    /// What is asked, in a line.
    pub fn heading(&self) -> String {
        heading(self.question, self.labels)
    }
}

/// A question in a line.
pub fn heading(question: &Question, labels: &Labels) -> String {
    let language = labels.language();
    let (w, what) = (Questions(language), metric_name(language, question.metric));
    let within = |d: Dimension| stats::dimension_within(language, d);
    match (question.query.by, question.and) {
        (Some(by), Some(and)) => w.heading_crossed(&what, &within(by), &within(and)).into_owned(),
        (Some(by), None) => w.heading(&what, &within(by)).into_owned(),
        (None, _) => w.total().into_owned(),
    }
}

/// The page's content.
pub fn view(v: &View<'_>) -> Markup {
    let (w, language) = (v.words(), v.labels.language());
    // The days that the answer is about: wider than those asked for where that covers small groups.
    let days = &v.answer.query;
    let mut lead = w.period(&days.from.to_string(), &days.to.to_string()).into_owned();
    if let Some(before) = v.before {
        lead = format!("{lead} · {}", w.compared_with(&before.query.from.to_string(), &before.query.to.to_string()));
    }
    let mut title = Title::new(language, v.heading()).lead(lead);
    if let Some(address) = v.driller.entries(v.question) {
        title = title.action(Button::link(address, w.entries()));
    }
    title = title.action(Button::link("/statistics/saved", Saved(language).title()));
    let empty = v.answer.total.n == Some(0) && v.answer.total.served.unwrap_or(0) == 0;
    html! {
        (title)
        @if v.answer.sample { p.sample { (Dashboard(language).sample()) } }
        @if v.bare { (frequent(v)) }
        details.asked.only-screen open[v.bare] {
            summary { (if v.bare { w.build() } else { w.change() }) }
            (form::form(v.question, v.labels, v.driller.own_only))
        }
        (chips(v))
        (groups(v))
        (unlisted(v))
        @if v.nothing_before { p.hint { (w.nothing_before()) } }
        @if empty { (Empty::new(w.no_rows(), w.no_rows_advice())) }
        @else {
            (figures(v))
            (drawing(v))
            section.card {
                @match v.cross {
                    Some(cross) => { (matrix::table(&crossed(v, cross))) }
                    None => { (rows::table(asked(v))) }
                }
                (notes(v))
                p.files {
                    (w.files()) " "
                    a href=(v.question.file("csv")) download { "CSV" } " "
                    a href=(v.question.file("xlsx")) download { "XLSX" }
                }
            }
        }
        (keep(v))
        (definitions(v))
        (charts::scripts())
    }
}

fn asked<'a>(v: &'a View<'_>) -> Asked<'a> {
    Asked { question: v.question, answer: v.answer, before: v.before, labels: v.labels, driller: v.driller }
}

fn crossed<'a>(v: &'a View<'_>, cross: &'a Cross) -> Crossed<'a> {
    Crossed { question: v.question, rows: v.answer, cross, labels: v.labels, driller: v.driller }
}

/// Which filters do not go along to the single ratings.
fn unlisted(v: &View<'_>) -> Markup {
    let names: Vec<&str> =
        v.driller.unlisted(v.question).into_iter().map(|d| stats::dimension(v.labels.language(), d)).collect();
    html! { @if v.driller.entries && !names.is_empty() { p.hint.only-screen { (v.words().unlisted(&names.join(" / "))) } } }
}

/// The filters, each with a way out.
fn chips(v: &View<'_>) -> Markup {
    let (w, language) = (Dashboard(v.labels.language()), v.labels.language());
    let filters = &v.question.query.filters;
    html! {
        @if !filters.is_empty() {
            ul.filters aria-label=(w.filters()) {
                @for filter in filters {
                    @let names: Vec<String> = filter.values.iter().map(|one| v.labels.name(filter.dimension, one)).collect();
                    @let text = w.filter(stats::dimension(language, filter.dimension), &names.join(" / "));
                    li { (text) " " a href=(v.question.without(filter.dimension).address()) aria-label=(w.remove(&text)) { "✕" } }
                }
            }
        }
    }
}

/// The same question by another dimension.
fn groups(v: &View<'_>) -> Markup {
    let (w, language) = (Dashboard(v.labels.language()), v.labels.language());
    html! {
        nav.choices aria-label=(w.group_by()) {
            span { (w.group_by()) }
            @for by in form::dimensions(v.driller.own_only) {
                a aria-current=[(Some(by) == v.question.query.by).then_some("true")] href=(v.question.grouped(by).address()) {
                    (stats::dimension(language, by))
                }
            }
        }
    }
}

fn frequent(v: &View<'_>) -> Markup {
    let w = v.words();
    html! {
        nav.choices aria-label=(w.frequent()) {
            span { (w.frequent()) }
            @for (address, word) in form::frequent(v.question, v.driller.own_only, v.labels.language()) { a href=(address) { (word) } }
            @for saved in v.saved.iter().take(8) { a href={ "/statistics?" (saved.address) } { (saved.name) } }
        }
    }
}

fn figures(v: &View<'_>) -> Markup {
    let (total, common) = (&v.answer.total, Common(v.labels.language()));
    html! {
        dl.facts {
            div { dt { (common.rated()) } dd { (total.n.map_or_else(|| "*".to_owned(), thousands)) } }
            @if !v.question.is_filtered(Dimension::Level) {
                div { dt { (common.satisfied_rate()) } dd { (rate_text(total.satisfied_rate)) } }
                div { dt { (common.negative_rate()) } dd { (rate_text(total.negative_rate)) } }
            }
            @if total.participation.is_some() {
                div { dt { (common.participation()) } dd { (rate_text(total.participation)) } }
            }
        }
    }
}

fn drawing(v: &View<'_>) -> Markup {
    let w = v.words();
    let kinds = kind::suited(v.question);
    let drawn = kind::drawn(v.question);
    let Some(chart) = chart(v, drawn) else { return html! {} };
    html! {
        section.card.drawing {
            @if kinds.len() > 1 {
                nav.choices.only-screen aria-label=(w.charts()) {
                    span { (w.chart()) }
                    @for kind in kinds {
                        @let address = Question { chart: Some(kind), ..v.question.clone() }.address();
                        a aria-current=[(kind == drawn).then_some("true")] href=(address) { (name(w, kind)) }
                    }
                }
            }
            (chart.figure(&w.says_table()))
        }
    }
}

fn name(w: Questions, kind: ChartKind) -> std::borrow::Cow<'static, str> {
    match kind {
        ChartKind::Trend => w.kind_trend(),
        ChartKind::Levels => w.kind_levels(),
        ChartKind::Heat => w.kind_heat(),
        ChartKind::Pareto => w.kind_pareto(),
        ChartKind::Ranking => w.kind_ranking(),
        ChartKind::Funnel => w.kind_funnel(),
    }
}

fn chart(v: &View<'_>, kind: ChartKind) -> Option<Chart> {
    if let Some(cross) = v.cross {
        return Some(matrix::drawing(&crossed(v, cross)));
    }
    let by = v.question.query.by;
    let address = |row: &crate::domain::query::Row| v.driller.behind(v.question, by?, &row.key);
    let (answer, before, metric) = (v.answer, v.before, v.question.metric);
    let subject = Subject { answer, before, metric, labels: v.labels, address: &address };
    match kind {
        ChartKind::Trend => Some(charts::trend(&subject)),
        ChartKind::Levels => Some(charts::levels(&subject)),
        ChartKind::Pareto => Some(charts::pareto(&subject)),
        ChartKind::Ranking => Some(charts::ranking(&subject)),
        ChartKind::Funnel => charts::funnel(&subject),
        ChartKind::Heat => None,
    }
}

/// What the rows do not hold, and why.
fn notes(v: &View<'_>) -> Markup {
    let w = v.words();
    let timed = |d: Option<Dimension>| matches!(d, Some(Dimension::Hour | Dimension::Weekday | Dimension::Day));
    let hidden = v.answer.total.suppressed || v.answer.rows.iter().any(|r| r.suppressed);
    let (asked, answered) = (&v.question.query, &v.answer.query);
    let widened = answered.from < asked.from || answered.to > asked.to;
    html! {
        @if hidden { p.hint { (w.withheld()) } }
        @if widened { p.hint { (w.widened(&asked.from.to_string(), &asked.to.to_string())) } }
        @if v.answer.untimed > 0 && (timed(v.question.query.by) || timed(v.question.and)) {
            p.hint { (w.untimed(&thousands(v.answer.untimed))) }
        }
        @if let Some(aside) = v.answer.total.set_aside.filter(|&n| n > 0) {
            @let written = |rate: Option<Rate>| rate.map_or_else(|| "–".to_owned(), |r| percent(r.value));
            p.hint { (Dashboard(v.labels.language()).set_aside_note(&thousands(aside), &written(v.answer.total.satisfied_rate), &written(v.answer.total.adopted_satisfied()))) }
        }
        @if let Some(n) = v.left_out { p.hint { (w.left_out(&thousands(n))) } }
    }
}

/// The form that keeps the question.
fn keep(v: &View<'_>) -> Markup {
    let s = Saved(v.labels.language());
    html! {
        details.more.keep.only-screen {
            summary { (s.save_this()) }
            form.form method="post" action="/statistics/saved" {
                (v.csrf)
                input type="hidden" name="address" value=(v.question.encoded());
                (Field::text("name", s.name()).hint(s.name_hint()).value(v.heading()).max(40))
                @if v.shares { (Tick::check("shared", "1", s.shared(), false).hint(s.shared_hint())) }
                div.buttons { (Button::submit(s.save())) }
            }
        }
    }
}

fn definitions(v: &View<'_>) -> Markup {
    let (w, language) = (v.words(), v.labels.language());
    html! {
        details.definitions {
            summary { (w.definitions()) }
            ul { @for &metric in Metric::ALL { li { (definition(language, metric)) } } }
            p { (w.interval_note()) }
            p { (w.rank_note()) }
            p { (w.untimed_note()) }
        }
    }
}
