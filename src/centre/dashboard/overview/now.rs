//! Is something wrong now: four lights, and under them what exactly.

use maud::{Markup, html};

use super::super::compare::{Difference, Fall, falling, trend};
use super::super::components::{State, Tone};
use super::super::links;
use super::super::text::{percent, points, thousands};
use super::Overview;
use super::warnings::{OVERDUE_DAYS, Warning};
use crate::domain::query::{Dimension, Order, Query};
use crate::words::overview::Overview as Words;

/// Lines under the lights.
const LISTED: usize = 12;

pub fn now(o: &Overview<'_>) -> Markup {
    let w = Words(o.labels.language());
    let down = trend(&o.figures.days).filter(|d| d.is_up() == Some(false));
    let falls = falling(&o.figures.recent, &o.figures.windows);
    let mut lines: Vec<Warning> = o.alerts.iter().flatten().cloned().collect();
    lines.extend(o.cases.iter().flat_map(|cases| &cases.lines).cloned());
    lines.extend(down.iter().map(|d| overall_line(d, o)));
    lines.extend(falls.iter().map(|f| fall_line(f, o)));
    lines.extend(o.fleet.iter().flat_map(|fleet| &fleet.lines).cloned());
    lines.sort_by_key(|l| !l.severe);
    html! {
        section aria-labelledby="now" {
            h2 #now { (w.now()) }
            ul.lights { (lights(o, falls.len() + usize::from(down.is_some()))) }
            @if !lines.is_empty() {
                ul.card.findings {
                    @for line in lines.iter().take(LISTED) {
                        li {
                            (if line.severe { State::new(Tone::Bad, w.act()) } else { State::new(Tone::Note, w.look()) })
                            span {
                                @match line.address.as_deref().filter(|a| known(o, a)) { Some(address) => { a href=(address) { (line.what) } } None => { b { (line.what) } } }
                                " " span.hint { (line.advice) }
                            }
                        }
                    }
                    @if lines.len() > LISTED { li.hint { (w.more_findings(lines.len() - LISTED)) } }
                }
            }
        }
    }
}

fn lights(o: &Overview<'_>, falls: usize) -> Markup {
    let w = Words(o.labels.language());
    let trend_rows = links::rows(&o.figures.days.query);
    html! {
        @if let Some(alerts) = &o.alerts {
            @let severe = alerts.iter().any(|a| a.severe);
            @let tone = if alerts.is_empty() { Tone::Good } else if severe { Tone::Bad } else { Tone::Note };
            @let text = if alerts.is_empty() { w.no_alerts() } else { w.open_alerts(alerts.len()) };
            (light(o, Some("/alerts"), tone, &w.alerts(), &text))
        }
        @let text = if falls == 0 { w.no_falls() } else { w.some_falls(falls) };
        (light(o, Some(&trend_rows), if falls == 0 { Tone::Good } else { Tone::Note }, &w.falls(), &text))
        @if let Some(cases) = &o.cases {
            @let text = if cases.count == 0 { w.no_cases_overdue() } else { w.cases_overdue(cases.count) };
            (light(o, Some("/cases?view=open&light=overdue"), if cases.count == 0 { Tone::Good } else { Tone::Bad }, &w.cases(), &text))
        }
        @if let Some(fleet) = &o.fleet {
            @let odd = fleet.lines.len();
            @let tone = match () {
                () if fleet.lines.iter().any(|l| l.severe) => Tone::Bad,
                () if odd > 0 || fleet.active == 0 => Tone::Note,
                () => Tone::Good,
            };
            @let text = if odd > 0 { w.terminals_odd(odd, fleet.active.max(odd)) } else if fleet.active == 0 { w.no_terminals() } else { w.terminals_well(fleet.active) };
            (light(o, Some("/fleet"), tone, &w.terminals(), &text))
            @let overdue = fleet.overdue;
            @let text = if overdue == 0 { w.none_overdue() } else { w.some_overdue(overdue, OVERDUE_DAYS) };
            (light(o, Some("/fleet"), if overdue == 0 { Tone::Good } else { Tone::Bad }, &w.overdue(), &text))
        }
    }
}

/// What the viewer may not open is no link.
fn known(o: &Overview<'_>, address: &str) -> bool {
    o.pages.iter().any(|page| *page != "/" && address.starts_with(page))
}

fn light(o: &Overview<'_>, address: Option<&str>, tone: Tone, name: &str, text: &str) -> Markup {
    let w = Words(o.labels.language());
    let word = match tone {
        Tone::Bad => w.act(),
        Tone::Good => w.well(),
        _ => w.look(),
    };
    let inside = html! {
        span.name { (name) } (State::new(tone, word))
        span.text { (text) }
    };
    let address = address.filter(|a| known(o, a));
    html! {
        li {
            @match address {
                Some(address) => { a.card.light href=(address) { (inside) } }
                None => { div.card.light { (inside) } }
            }
        }
    }
}

fn overall_line(d: &Difference, o: &Overview<'_>) -> Warning {
    let w = Words(o.labels.language());
    let what = format!("{} · {}", w.whole(), w.falling_week(&points(-d.value), &points(d.low), &points(d.high)));
    Warning { severe: false, what, advice: String::new(), address: Some(links::rows(&o.figures.days.query)) }
}

fn fall_line(fall: &Fall, o: &Overview<'_>) -> Warning {
    let w = Words(o.labels.language());
    let n = thousands(fall.n);
    let query = Query { order: Order::Key, ..o.figures.windows.query.clone() };
    Warning {
        severe: false,
        what: w.fell(&fall.name, &percent(fall.recent.value), &percent(fall.earlier.value), &n).into_owned(),
        advice: w.fall_advice(&points(fall.difference.low), &points(fall.difference.high)).into_owned(),
        address: Some(links::behind(&query, Dimension::ServiceWindow, &fall.key)),
    }
}
