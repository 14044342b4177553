//! One piece of business: its steps in the order of their times, its last day, and the visits that named it.

use maud::{Markup, html};

use super::store::Told;
use crate::centre::clock;
use crate::centre::dashboard::components::{Empty, State as Badge, Table, Title, Tone, moment, particulars};
use crate::centre::hall::today;
use crate::centre::site::Site;
use crate::domain::id::{CaseNo, HallId};
use crate::domain::matter::{Matter, Timeliness};
use crate::words::Language;
use crate::words::matters::{Matters, step};

/// `entries`: single ratings may be looked at.
pub fn drawn(site: &Site, language: Language, hall: &HallId, case_no: &CaseNo, told: &Told, entries: bool) -> Markup {
    let w = Matters(language);
    let zone = &site.settings.time_zone;
    let mut steps = Table::new(language, w.steps())
        .quiet()
        .stacked()
        .column(w.when())
        .column(w.step())
        .column(w.window())
        .column(w.staff())
        .column(w.promised());
    for event in &told.events {
        let window = event.service_window.as_ref().map(|id| site.window_name(hall, id, language));
        let staff = event.staff_no.as_ref().map(|no| site.staff_name(hall, no));
        steps.row([
            moment(zone, event.wall),
            html! { (step(language, event.step)) },
            html! { (window.unwrap_or_default()) },
            html! { (staff.unwrap_or_default()) },
            html! { @if let Some(days) = event.limit_days { (w.days(days)) } },
        ]);
    }
    let mut visits = Table::new(language, w.visits()).quiet().column(w.visit());
    for (ledger, visit) in &told.visits {
        let name = w.visit_number(*visit);
        visits.row([html! { @if entries { a href={ "/entries/" (ledger) "/" (visit) } { (name) } } @else { (name) } }]);
    }
    html! {
        (Title::new(language, w.one(case_no.as_str())).crumb("/matters", w.title()))
        (particulars([(w.hall(), html! { (site.hall_name(hall, language)) }), (w.state(), state(site, language, told))]))
        section.card { h2 { (w.steps()) } (steps.or_empty(Empty::new(w.no_steps(), ""))) }
        section.card { h2 { (w.visits()) } (visits.or_empty(Empty::new(w.no_visits(), ""))) }
    }
}

fn state(site: &Site, language: Language, told: &Told) -> Markup {
    let (w, settings) = (Matters(language), &site.settings);
    let day = today(&settings.time_zone, clock::now().wall);
    // What stands in the store was taken as a whole: it does not contradict itself.
    let matter = Matter::of(&told.events).unwrap_or_default();
    let badge = match matter.timeliness(&settings.calendar, &settings.time_zone, day) {
        Timeliness::NoLimit => Badge::new(Tone::Off, w.no_limit()),
        Timeliness::Open { due } => Badge::new(Tone::Note, w.open_until(&due.to_string())),
        Timeliness::Overdue { due } => Badge::new(Tone::Bad, w.overdue_since(&due.to_string())),
        Timeliness::OnTime { due } => Badge::new(Tone::Good, w.in_time(&due.to_string())),
        Timeliness::Late { due } => Badge::new(Tone::Bad, w.too_late(&due.to_string())),
    };
    html! { (badge) @if matter.is_suspended() { " " (w.stands_still()) } }
}
