//! States of a case as shape and word.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::centre::cases::find::ORIGINS;
use crate::centre::cases::store::Record;
use crate::centre::dashboard::components::{State, Tone};
use crate::centre::site::Site;
use crate::domain::case::{Actor, House, Light, Stage};
use crate::words::Language;
use crate::words::cases::{self as words, Register};

/// The deadline, how near it is, and in how many working days.
pub fn deadline(language: Language, due: Option<Date>, house: House<'_>, today: Date) -> Markup {
    let w = Register(language);
    let Some(day) = due else { return html! { span.hint { "–" } } };
    let (tone, word) = match house.light(due, today) {
        Light::Overdue => match house.overdue_days(day, today) {
            // Since yesterday's deadline there was no working day.
            0 => (Tone::Bad, w.overdue_weekend()),
            n => (Tone::Bad, w.overdue_by(n)),
        },
        Light::Red => (Tone::Bad, w.light_red()),
        Light::Amber => (Tone::Note, w.left(house.left(day, today))),
        Light::Calm => (Tone::Good, w.left(house.left(day, today))),
    };
    // One child, so that a narrow cell may wrap it.
    html! { div { time datetime=(day) { (day) } " " (State::new(tone, word)) } }
}

pub fn stage(language: Language, stage: Stage) -> Markup {
    let tone = match stage {
        Stage::Closed => Tone::Good,
        Stage::Withdrawn => Tone::Off,
        Stage::Received => Tone::Note,
        _ => Tone::Busy,
    };
    html! { (State::new(tone, words::stage(language, stage))) }
}

/// What stands out about a case.
pub fn marks(language: Language, record: &Record) -> Markup {
    let w = Register(language);
    html! {
        @if record.about.serious { " " span.tag { (w.serious()) } }
        @if record.sample { " " span.tag { (w.sample()) } }
        @if let Some(to) = record.escalation { " " (State::new(Tone::Bad, w.escalated_to(words::escalation(language, to)))) }
        @if record.waiting > 0 { " " (State::new(Tone::Note, w.waits(record.waiting))) }
        @if record.late_steps > 0 { " " span.tag { (w.late(record.late_steps)) } }
    }
}

pub fn origin(language: Language, code: &str) -> String {
    let w = Register(language);
    let word = match code {
        code if code == ORIGINS[1] => w.origin_finding(),
        code if code == ORIGINS[2] => w.origin_pledge(),
        _ => w.origin_rating(),
    };
    word.into_owned()
}

/// Hall, window and staff concerned, by their names.
pub fn place(site: &Site, language: Language, record: &Record) -> String {
    let about = &record.about;
    match &about.service_window {
        Some(window) => site.window_name(&about.hall, window, language),
        None => site.hall_name(&about.hall, language),
    }
}

pub fn staff(site: &Site, record: &Record) -> String {
    record.about.staff_no.as_ref().map_or_else(|| "–".to_owned(), |no| site.staff_name(&record.about.hall, no))
}

pub fn actor(language: Language, actor: &Actor) -> String {
    let w = Register(language);
    match actor {
        Actor::System => w.system().into_owned(),
        Actor::Citizen => w.citizen().into_owned(),
        Actor::Person { name, .. } => name.clone(),
    }
}
