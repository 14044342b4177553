//! How alerts are put before people: figures, places, states.

use maud::{Markup, html};

use super::Desk;
use crate::centre::alerts::decide::{Ending, Figures};
use crate::centre::alerts::deliver::named;
use crate::centre::alerts::history::Alert;
use crate::centre::alerts::message;
use crate::centre::alerts::rule::Severity;
use crate::centre::dashboard::components::{State, Tone, moment};
use crate::domain::time::WallMs;
use crate::words::alerts::Alerts;
use crate::words::stats::StatsWords;

impl Desk<'_> {
    /// The window, and its hall where the viewer has several.
    pub fn place(&self, alert: &Alert) -> String {
        let named = named(&self.labels, alert);
        let boards = self.site.boards.get();
        let several = boards.all().filter(|b| self.sight.reach.covers(&b.hall.id)).nth(1).is_some();
        match (several, &named.window_name) {
            (false, Some(window)) => window.clone(),
            (false, None) => named.hall_name,
            (true, _) => named.text(self.language()),
        }
    }

    /// A sentence with n, share, interval and time; or that it is withheld.
    pub fn figures(&self, figures: &Figures) -> String {
        if self.sight.withholds(figures) {
            return StatsWords(self.language()).suppressed().into_owned();
        }
        message::said(figures, &self.manner)
    }

    pub fn severity(&self, severity: Severity) -> Markup {
        let w = Alerts(self.language());
        match severity {
            Severity::Severe => html! { (State::new(Tone::Bad, w.severe())) },
            Severity::Notice => html! { (State::new(Tone::Note, w.notice())) },
        }
    }

    pub fn state(&self, alert: &Alert) -> Markup {
        let w = self.words();
        if alert.is_open() {
            return html! { (State::new(Tone::Busy, w.open())) };
        }
        html! { (State::new(Tone::Off, w.closed())) }
    }

    /// When it ended and why.
    pub fn ending(&self, alert: &Alert) -> Markup {
        let w = self.words();
        let why = match alert.ending {
            Some(Ending::ByHand) => w.by_hand(alert.closed_by.as_deref().unwrap_or("–")),
            Some(Ending::RuleOff) => w.rule_off(),
            Some(Ending::Over) | None => w.over(),
        };
        html! { @if let Some(closed) = alert.closed_ms { (self.moment(closed)) " · " (why) } }
    }

    pub fn moment(&self, at: WallMs) -> Markup {
        moment(&self.manner.zone, at)
    }

    /// Who said what of it; none: nobody yet.
    pub fn seen(&self, alert: &Alert) -> Option<Markup> {
        let (by, at) = (alert.acknowledged_by.as_ref()?, alert.acknowledged_ms?);
        let when = message::moment(at.0, &self.manner);
        Some(html! {
            (self.words().seen_by(by, &when))
            @if let Some(word) = &alert.word { " " q { (word) } }
        })
    }
}
