//! `/cases`: the register (台账), the nearest deadline first.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::response::Response;
use maud::{Markup, html};

use super::badges;
use crate::centre::access::{CaseReader, Signed, Viewer};
use crate::centre::cases::asked::{Pairs, Register as Asked, View};
use crate::centre::cases::find::ORIGINS;
use crate::centre::cases::look::{self, Found};
use crate::centre::cases::store::Record;
use crate::centre::dashboard::components::{
    Button, Choice, Empty, Field, Pages, State as Told, Table, Tabs, Title, Tone, buttons,
};
use crate::centre::hall::today;
use crate::centre::site::Site;
use crate::domain::case::{Light, Stage};
use crate::words::Language;
use crate::words::cases::{self as words, Register};

const PER_PAGE: u32 = 50;

pub async fn page(
    State(site): State<Arc<Site>>,
    signed: Signed<CaseReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let viewer = &signed.viewer;
    let asked = Asked::read(&pairs);
    match look::register(&site, &signed.who, asked.clone(), PER_PAGE).await {
        Ok(found) => {
            let content = drawn(&site, viewer, &signed.handle, &asked, &found);
            viewer.page(&site, &Register(viewer.language).title(), content)
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

fn drawn(site: &Site, viewer: &Viewer, reader: &CaseReader, asked: &Asked, found: &Found) -> Markup {
    let language = viewer.language;
    let w = Register(language);
    let export = |format: &str, word| {
        Button::file(format!("{}&format={format}", asked.address("/cases/export", 1)), word).small()
    };
    html! {
        (Title::new(language, w.title()).lead(w.lead()).action(export("csv", w.export_csv())).action(export("xlsx", w.export_xlsx())))
        (tabs(language, asked.view))
        (filters(site, language, reader, asked))
        @if !found.stages.is_empty() { (counts(language, asked, found)) }
        (table(site, language, found))
        (Pages::new(language, asked.page, found.total, u64::from(PER_PAGE), |n| asked.address("/cases", n)))
    }
}

fn tabs(language: Language, view: View) -> Tabs<'static> {
    let w = Register(language);
    View::ALL.iter().fold(Tabs::new(w.which()), |tabs, &one| {
        let word = match one {
            View::Open => w.all_open(),
            View::Mine => w.mine(),
            View::Waiting => w.waiting(),
            View::Escalated => w.escalated(),
            View::Ended => w.ended(),
            View::All => w.every_case(),
        };
        tabs.tab(Asked::of(one).address("/cases", 1), word, view == one)
    })
}

fn filters(site: &Site, language: Language, reader: &CaseReader, asked: &Asked) -> Markup {
    let w = Register(language);
    let any = |word: std::borrow::Cow<'static, str>| std::iter::once((String::new(), word.into_owned()));
    let stages = Stage::ALL.iter().map(|s| (s.code().to_owned(), words::stage(language, *s).to_owned()));
    let lights = Light::ALL.iter().map(|l| (l.code().to_owned(), light(w, *l)));
    let origins = ORIGINS.iter().map(|o| ((*o).to_owned(), badges::origin(language, o)));
    let chosen_window = asked.window.as_ref().map_or_else(String::new, |(h, w)| format!("{h}/{w}"));
    let halls = halls(site, language, reader);
    let chosen_hall = asked.hall.as_ref().map_or_else(String::new, ToString::to_string);
    let staff = asked.staff.as_ref().map_or_else(String::new, ToString::to_string);
    html! {
        form.asking method="get" action="/cases" {
            input type="hidden" name="view" value=(asked.view.code());
            (Choice::new("stage", w.stage(), any(w.any_stage()).chain(stages)).chosen(asked.stage.map_or("", Stage::code)))
            (Choice::new("light", w.due(), any(w.any_due()).chain(lights)).chosen(asked.light.map_or("", Light::code)))
            @if halls.len() > 1 { (Choice::new("hall", w.hall(), any(w.any_hall()).chain(halls)).chosen(chosen_hall)) }
            (Choice::new("window", w.window(), any(w.any_window()).chain(windows(site, language, reader))).chosen(chosen_window))
            (Field::text("staff", w.staff_no()).value(staff).max(32).optional(language))
            (Choice::new("origin", w.origin(), any(w.any_origin()).chain(origins)).chosen(asked.origin.unwrap_or_default()))
            (buttons(&[Button::submit(w.show()).primary()]))
        }
    }
}

fn light(w: Register, light: Light) -> String {
    let word = match light {
        Light::Calm => w.light_calm(),
        Light::Amber => w.light_amber(),
        Light::Red => w.light_red(),
        Light::Overdue => w.light_overdue(),
    };
    word.into_owned()
}

fn halls(site: &Site, language: Language, reader: &CaseReader) -> Vec<(String, String)> {
    let boards = site.boards.get();
    let own = boards.all().filter(|b| reader.covers(&b.hall.id));
    own.map(|b| (b.hall.id.to_string(), b.hall.name.get(language.is_english()).to_owned())).collect()
}

fn windows(site: &Site, language: Language, reader: &CaseReader) -> Vec<(String, String)> {
    let boards = site.boards.get();
    let own: Vec<_> = boards.all().filter(|b| reader.covers(&b.hall.id)).collect();
    let several = own.len() > 1;
    let mut all = Vec::new();
    for board in own {
        let hall = board.hall.name.get(language.is_english());
        for window in &board.windows {
            let name = site.window_name(&board.hall.id, &window.id, language);
            let name = if several { format!("{hall} · {name}") } else { name };
            all.push((format!("{}/{}", board.hall.id, window.id), name));
        }
    }
    all.sort();
    all
}

/// How many stand at each stage, each leading to them.
fn counts(language: Language, asked: &Asked, found: &Found) -> Markup {
    let w = Register(language);
    html! {
        nav.choices aria-label=(w.counts()) {
            a href=(Asked { stage: None, ..asked.clone() }.address("/cases", 1)) aria-current=[asked.stage.is_none().then_some("true")] { (w.any_stage()) }
            @for &(stage, n) in &found.stages {
                a href=(Asked { stage: Some(stage), ..asked.clone() }.address("/cases", 1)) aria-current=[(asked.stage == Some(stage)).then_some("true")] {
                    (words::stage(language, stage)) " " (n)
                }
            }
        }
    }
}

fn table(site: &Site, language: Language, found: &Found) -> Markup {
    let w = Register(language);
    let mut table = Table::new(language, w.caption(found.total))
        .stacked()
        .column(w.number())
        .column(w.about())
        .column(w.window())
        .column(w.staff())
        .column(w.stage())
        .column(w.due())
        .column(w.handler())
        .column(w.opened())
        .or_empty(Empty::new(w.none(), w.none_advice()));
    for record in &found.rows {
        table.row(row(site, language, found, record));
    }
    html! { (table) }
}

fn row(site: &Site, language: Language, found: &Found, record: &Record) -> [Markup; 8] {
    let w = Register(language);
    let verdict = record.verdict.map(|v| words::verdict(language, v));
    let due = match record.closed_day {
        Some(day) => html! { time datetime=(day) { (day) } },
        None => badges::deadline(language, record.due, found.house(), found.today),
    };
    [
        html! { a href={ "/cases/" (record.id) } { (w.case_title(record.id)) } },
        html! { div { (badges::origin(language, record.about.origin.code())) " · " (record.summary) (badges::marks(language, record)) } },
        html! { (badges::place(site, language, record)) },
        html! { (badges::staff(site, record)) },
        html! { div { (badges::stage(language, record.stage)) @if let Some(verdict) = verdict { " " (Told::new(Tone::Off, verdict)) } } },
        due,
        html! { (handler(language, found, record)) },
        html! { time { (today(&site.settings.time_zone, record.opened)) } },
    ]
}

/// Who handles it, by name.
pub fn handler(language: Language, found: &Found, record: &Record) -> String {
    let w = Register(language);
    let Some(account) = record.handler else { return w.nobody().into_owned() };
    let known = found.people.iter().find(|p| p.account == account);
    known.map_or_else(|| w.former(account).into_owned(), |p| p.name.clone())
}
