//! `/comparison`: a drawing, a table, and what it was made of.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::response::Response;
use maud::{Markup, html};

use super::asked::{Answered, Question, answered, day};
use super::file;
use super::gathered::Whom;
use crate::centre::access::{Signed, StatisticsReader};
use crate::centre::charts::{self, Placed};
use crate::centre::dashboard::components::{Button, Choice, Empty, Table, Tabs, Title, buttons};
use crate::centre::dashboard::text::thousands;
use crate::centre::error::ApiFault;
use crate::centre::paging::{Paging, field};
use crate::centre::reviews::About;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::appraisal::Subject;
use crate::domain::comparison::{Aspect, Compared, Measure, Measured, Standing};
use crate::domain::named_period::NamedPeriod;
use crate::domain::spread::Estimate;
use crate::words::comparison::{self as words, Comparisons};

/// Rows of the table.
const MOST_ROWS: usize = 2_000;

pub async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed<StatisticsReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let w = Comparisons(at.language());
    match made(&at, signed.handle, &pairs).await {
        Ok(Made::Page(content)) => signed.viewer.page(&site, &w.title(), content),
        Ok(Made::File(response)) => response,
        Err(fault) => at.refuse(&fault),
    }
}

enum Made {
    Page(Markup),
    File(Response),
}

async fn made(at: &Paging<'_>, reader: StatisticsReader, pairs: &Pairs) -> Result<Made, ApiFault> {
    let question = Question::of(pairs, day(at.site))?;
    let answered = answered(at.site, &reader, question).await?;
    match field(pairs, "format") {
        "" => Ok(Made::Page(drawn(at, &answered))),
        format => Ok(Made::File(file::written(at, reader, &answered, format).await?)),
    }
}

/// What people call somebody, with the hall where there are several.
pub fn name(at: &Paging<'_>, subject: &Subject) -> String {
    About::Of(subject.clone()).name(at.site, at.language())
}

/// `第 1 名`, `并列第 1 名`; none without a rank.
pub fn rank(w: Comparisons, standing: &Standing) -> Option<String> {
    match standing {
        Standing::Ranked { rank, tied: true, .. } => Some(w.tied(*rank).into_owned()),
        Standing::Ranked { rank, .. } => Some(w.rank(*rank).into_owned()),
        Standing::Incomplete { .. } | Standing::TooFew => None,
    }
}

fn drawn(at: &Paging<'_>, a: &Answered) -> Markup {
    let (w, language) = (Comparisons(at.language()), at.language());
    let question = &a.question;
    let aspect = words::aspect(language, question.aspect);
    let mut tabs = Tabs::new(w.title());
    for &of in Aspect::ALL {
        let address = Question { aspect: of, ..question.clone() }.address();
        tabs = tabs.tab(address, words::aspect(language, of), of == question.aspect);
    }
    let here = question.address();
    let lead = w.lead_of(&crate::centre::reviews::period_name(language, question.period));
    let ranked = a.comparison.order.iter().any(|(_, s)| s.index().is_some());
    html! {
        (Title::new(language, w.title()).lead(lead)
            .action(Button::file(format!("{here}&format=xlsx"), "XLSX"))
            .action(Button::file(format!("{here}&format=csv"), "CSV")))
        (asking(at, question))
        (tabs)
        @if ranked { section.card { (chart(at, a, &aspect)) } }
        section.card {
            h2 { (aspect) }
            (table(at, a))
            (how(at, a))
        }
        @if ranked { (charts::scripts()) }
    }
}

fn asking(at: &Paging<'_>, question: &Question) -> Markup {
    let (w, language) = (Comparisons(at.language()), at.language());
    let mut periods = NamedPeriod::choices(day(at.site));
    if !periods.contains(&question.period) {
        periods.push(question.period);
    }
    let periods = periods.into_iter().map(|p| (p.code(), crate::centre::reviews::period_name(language, p)));
    let by = [("window", w.windows()), ("staff", w.staff())];
    let halls = at.halls();
    let own = halls.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let all = std::iter::once((String::new(), w.every_hall().into_owned())).chain(own);
    html! {
        form.asking method="get" action="/comparison" {
            input type="hidden" name="aspect" value=(question.aspect.code());
            (Choice::new("period", w.period(), periods).chosen(question.period.code()))
            (Choice::new("by", w.compared(), by).chosen(question.by()))
            @if halls.len() > 1 {
                (Choice::new("hall", w.hall(), all).chosen(question.hall.as_ref().map_or_else(String::new, ToString::to_string)))
            }
            (buttons(&[Button::submit(w.show()).primary()]))
        }
    }
}

fn chart(at: &Paging<'_>, a: &Answered, aspect: &str) -> Markup {
    let w = Comparisons(at.language());
    let placed: Vec<Placed> = a
        .comparison
        .order
        .iter()
        .filter_map(|(place, standing)| {
            let (compared, index) = (a.all.get(*place)?, standing.index()?);
            let rank = rank(w, standing);
            let name = name(at, &compared.subject);
            let n = count(a, compared);
            let said = rank.clone().unwrap_or_else(|| w.incomplete().into_owned());
            Some(Placed {
                tip: format!("{said} · {name}\n{}\nn={}", interval_text(index), thousands(n)),
                n: format!("n={}", thousands(n)),
                href: Some(About::Of(compared.subject.clone()).page()),
                value: index.value,
                low: index.low,
                high: index.high,
                rank,
                name,
            })
        })
        .collect();
    let chart = charts::compared(w.chart(aspect).into_owned(), Some(w.chart_note().into_owned()), &placed);
    chart.figure(&w.chart_says(placed.len()))
}

/// Observations behind the measures that make the index.
pub fn count(a: &Answered, compared: &Compared) -> u64 {
    a.comparison.counted.iter().filter_map(|m| compared.measures.get(m)).map(|m| m.n).max().unwrap_or(0)
}

fn interval_text(e: Estimate) -> String {
    format!("{:.1} ({:.1}–{:.1})", e.value, e.low, e.high)
}

fn table(at: &Paging<'_>, a: &Answered) -> Markup {
    let (w, language, question) = (Comparisons(at.language()), at.language(), &a.question);
    let measures: Vec<Measure> = Measure::of(question.aspect).filter(|m| shown(a, *m)).collect();
    let several = question.hall.is_none() && at.halls().len() > 1;
    let mut table = Table::new(language, w.chart(&words::aspect(language, question.aspect)))
        .column(if question.whom == Whom::Windows { w.window() } else { w.person() });
    if several {
        table = table.column(w.hall());
    }
    table = table.column(w.place()).column(w.index());
    for &measure in &measures {
        table = table.column(words::measure(language, measure));
    }
    if question.aspect == Aspect::Results {
        table = table.number(w.served());
    }
    for (place, standing) in a.comparison.order.iter().take(MOST_ROWS) {
        let Some(compared) = a.all.get(*place) else { continue };
        let about = About::Of(compared.subject.clone());
        let mut cells = vec![html! { a href=(about.page()) { (name(at, &compared.subject)) } }];
        if several {
            cells.push(html! { (at.site.hall_name(compared.subject.hall(), language)) });
        }
        cells.push(html! {
            @match (rank(w, standing), standing) {
                (Some(rank), _) => { (rank) }
                (None, Standing::Incomplete { .. }) => { span.hint { (w.incomplete()) } }
                _ => { span.hint { (w.too_few()) } }
            }
        });
        cells.push(html! { @match standing.index() { Some(index) => { (estimate(index)) } None => { "–" } } });
        cells.extend(measures.iter().map(|m| measured(w, compared.measures.get(m), *m, a.rules.weights.min_n)));
        if question.aspect == Aspect::Results {
            cells.push(html! { @match compared.served { Some(n) => { (thousands(n)) } None => { "–" } } });
        }
        table.row(cells);
    }
    html! { (table.quiet().stacked().or_empty(Empty::new(w.nobody(), w.nobody_advice()))) }
}

/// Whether anybody has it.
pub fn shown(a: &Answered, measure: Measure) -> bool {
    a.all.iter().any(|c| c.measures.contains_key(&measure))
}

fn estimate(e: Estimate) -> Markup {
    html! { b { (format!("{:.1}", e.value)) } " " span.ci { "(" (format!("{:.1}–{:.1}", e.low, e.high)) ")" } }
}

fn measured(w: Comparisons, found: Option<&Measured>, measure: Measure, min_n: u64) -> Markup {
    let Some(m) = found else { return html! { "–" } };
    html! {
        @if measure.is_of_visits() && m.n < min_n {
            span.hint { (w.too_few_n(m.n)) }
        } @else {
            @match m.fewer_than {
                Some(least) => { (w.fewer_than(least)) }
                None => { (format!("{:.1}", m.estimate.value)) " " span.ci { "(" (format!("{:.1}–{:.1}", m.estimate.low, m.estimate.high)) ")" } }
            }
            " " span.n { "n=" (thousands(m.n)) }
        }
    }
}

fn how(at: &Paging<'_>, a: &Answered) -> Markup {
    let (w, language) = (Comparisons(at.language()), at.language());
    let weights = &a.rules.weights;
    let weighed = |m: &Measure| format!("{} {}", words::measure(language, *m), weights.of.get(m).copied().unwrap_or(0));
    let counted: Vec<String> = a.comparison.counted.iter().map(weighed).collect();
    html! {
        details.how {
            summary { (w.how()) }
            @if counted.is_empty() { p { (w.counted_none()) } }
            @else { p { (w.counted(&counted.join(if language.is_english() { ", " } else { "、" }))) } }
            ul {
                @for measure in Measure::of(a.question.aspect) {
                    li { b { (words::measure(language, measure)) } " — " (words::definition(language, measure)) }
                }
                li { (w.rule_of_ties()) }
                li { (w.rule_of_few(weights.min_n)) }
                li { (w.rule_of_missing()) }
                @if a.question.whom == Whom::Windows && a.question.aspect == Aspect::Skill { li { (w.windows_skill()) } }
            }
        }
    }
}
