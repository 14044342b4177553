//! What happened to a case, line by line, as people read it.

use maud::{Markup, html};

use super::badges;
use crate::centre::dashboard::components::{Table, moment};
use crate::centre::site::Site;
use crate::domain::case::{Action, Event};
use crate::words::Language;
use crate::words::cases::{self as words, Register};
use crate::words::common;

/// The log of a case.
pub fn timeline(site: &Site, language: Language, log: &[Event]) -> Markup {
    let w = Register(language);
    let mut table = Table::new(language, w.timeline())
        .quiet()
        .stacked()
        .column(w.when())
        .column(w.who())
        .column(w.what())
        .column(w.said());
    for event in log.iter().rev() {
        let particular = particular(language, event);
        table.row([
            html! { (moment(&site.settings.time_zone, event.at)) },
            html! { (badges::actor(language, &event.actor)) },
            html! { div { b { (words::act(language, event.action.code())) } @if let Some(what) = particular { " · " (what) } } },
            html! { div.paragraphs { @for line in event.action.text().unwrap_or("–").lines() { p { (line) } } } },
        ]);
    }
    html! { (table) }
}

/// What the act said beside its text.
fn particular(language: Language, event: &Event) -> Option<String> {
    let w = Register(language);
    let yes_no = |is: bool, yes: std::borrow::Cow<'static, str>, no: std::borrow::Cow<'static, str>| {
        Some(if is { yes } else { no }.into_owned())
    };
    match &event.action {
        Action::Date => event.due.map(|due| due.to_string()),
        Action::Assign { to } => Some(to.name.clone()),
        Action::Verify { verdict, .. } => Some(words::verdict(language, *verdict).to_owned()),
        Action::FollowUp { outcome, .. } => Some(words::outcome(language, *outcome).to_owned()),
        Action::Recheck { passed, .. } => yes_no(*passed, w.passed_yes(), w.passed_no()),
        Action::Extend { days, .. } => Some(w.extension_of(*days).into_owned()),
        Action::HoldAccountable { grade, .. } => Some(words::grade(language, *grade).to_owned()),
        Action::Decide { matter, approve, .. } => {
            let word = if *approve { w.approve_yes() } else { w.approve_no() };
            Some(format!("{} · {word}", words::matter(language, *matter)))
        }
        Action::Review { granted, .. } => Some(match granted {
            Some(verdict) => words::verdict(language, *verdict).to_owned(),
            None => w.granted_no().into_owned(),
        }),
        Action::Attach { name, .. } => Some(name.clone()),
        Action::ChangeMind { negative } => yes_no(*negative, w.origin_rating(), w.mind_changed()),
        Action::RateRectification { level } => Some(common::level(language, *level).to_owned()),
        Action::Escalate { to } => Some(words::escalation(language, *to).to_owned()),
        Action::Rectify { .. }
        | Action::Reply { .. }
        | Action::Close { .. }
        | Action::Reopen { .. }
        | Action::Appeal { .. }
        | Action::Note { .. } => None,
    }
}
