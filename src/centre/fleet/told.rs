//! How states and spans are written on the pages.

use maud::{Markup, html};

use super::state::{Concern, Health, Terminal};
use crate::centre::dashboard::components::{State, Tone};
use crate::centre::directory::devices::{Seen, Standing};
use crate::domain::time::WallMs;
use crate::words::Language;
use crate::words::fleet::{self, Fleet};

/// The word for a terminal, and why.
pub fn health(language: Language, terminal: &Terminal) -> Markup {
    let w = Fleet(language);
    let (tone, word) = match terminal.health() {
        Health::Bad => (Tone::Bad, w.bad()),
        Health::Look => (Tone::Note, w.look()),
        Health::Well => (Tone::Good, w.well()),
        Health::Ended => (Tone::Off, w.ended()),
    };
    // One child, so that a narrow cell may wrap it.
    html! {
        div {
            (State::new(tone, word))
            @for concern in &terminal.concerns { " " (concern_tag(language, *concern)) }
        }
    }
}

pub fn concern_tag(language: Language, concern: Concern) -> Markup {
    html! { span.tag { (fleet::concern(language, concern.code())) } }
}

pub fn health_word(language: Language, health: Health) -> String {
    let w = Fleet(language);
    match health {
        Health::Bad => w.bad(),
        Health::Look => w.look(),
        Health::Well => w.well(),
        Health::Ended => w.ended(),
    }
    .into_owned()
}

pub fn standing(language: Language, standing: Standing) -> String {
    let w = Fleet(language);
    match standing {
        Standing::Active => w.active(),
        Standing::Replaced => w.replaced(),
        Standing::Revoked => w.withdrawn(),
    }
    .into_owned()
}

/// `3 分钟前`
pub fn ago(language: Language, then: WallMs, now: WallMs) -> String {
    let (w, ms) = (Fleet(language), now.since_ms(then));
    if ms < -60_000 { w.ahead().into_owned() } else { w.ago(&span(language, ms.max(0))).into_owned() }
}

pub fn span(language: Language, ms: i64) -> String {
    let w = Fleet(language);
    match ms / 1_000 {
        s @ ..120 => w.seconds(s),
        s @ 120..7_200 => w.minutes(s / 60),
        s @ 7_200..172_800 => w.hours(s / 3_600),
        s => w.days(s / 86_400),
    }
    .into_owned()
}

pub fn clock(language: Language, seen: &Seen) -> String {
    let (w, off) = (Fleet(language), seen.clock_ahead_ms);
    if off.abs() < 2_000 {
        return w.clock_ok(seen.clock.code()).into_owned();
    }
    let sign = if off > 0 { "+" } else { "−" };
    w.clock_off(seen.clock.code(), &format!("{sign}{}", span(language, off.abs()))).into_owned()
}

pub fn disk(language: Language, mb: u64) -> String {
    let w = Fleet(language);
    if mb < 10_000 { w.megabytes(mb) } else { w.gigabytes(mb / 1_000) }.into_owned()
}

pub fn board(language: Language, terminal: &Terminal) -> Markup {
    let w = Fleet(language);
    match terminal.board_is_current() {
        Some(true) => html! { (w.board_current()) },
        Some(false) => html! { (w.board_old()) },
        None => html! { (w.board_unknown()) },
    }
}

/// Where a device's page is.
pub fn address(terminal: &Terminal) -> String {
    format!("/fleet/{}", terminal.device.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_the_unit_that_fits() {
        let told = |ms| span(Language::En, ms);
        assert_eq!(told(119_999), "119 s");
        assert_eq!(told(120_000), "2 min");
        assert_eq!(told(7_200_000), "2 h");
        assert_eq!(told(172_800_000), "2 days");
        assert_eq!(ago(Language::Zh, WallMs(0), WallMs(180_000)), "3 分钟前");
        assert_eq!(ago(Language::En, WallMs(180_000), WallMs(0)), "in the future");
    }
}
