//! What an address asks of the register.

use super::find::{ORIGINS, Wanted};
use crate::centre::access::{Who, encoded};
use crate::domain::case::{Escalation, Light, Stage};
use crate::domain::id::{HallId, StaffNo, WindowId};
use crate::domain::rating::coded;
use crate::domain::role::Role;

pub type Pairs = Vec<(String, String)>;

coded! {
    /// Which part of the register.
    View {
        Open = "open",
        /// Handled by whoever looks.
        Mine = "mine",
        /// Waits for a second person.
        Waiting = "waiting",
        /// Overdue and passed up, as far as the one who looks is concerned.
        Escalated = "escalated",
        Ended = "ended",
        All = "all",
    }
}

/// A question to the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    pub view: View,
    pub stage: Option<Stage>,
    pub light: Option<Light>,
    pub hall: Option<HallId>,
    pub window: Option<(HallId, WindowId)>,
    pub staff: Option<StaffNo>,
    pub origin: Option<&'static str>,
    /// From 1.
    pub page: u64,
}

impl Register {
    pub const fn of(view: View) -> Self {
        Self { view, stage: None, light: None, hall: None, window: None, staff: None, origin: None, page: 1 }
    }

    /// Reads an address; what is wrong in it does not narrow.
    pub fn read(pairs: &Pairs) -> Self {
        let mut asked = Self::of(View::Open);
        for (name, value) in pairs {
            asked.take(name, value);
        }
        asked
    }

    /// Reads an address.
    ///
    /// # Errors
    /// The field that is wrong.
    pub fn strictly(pairs: &Pairs) -> Result<Self, String> {
        let mut asked = Self::of(View::Open);
        for (name, value) in pairs {
            if !asked.take(name, value) {
                return Err(format!("{}: not understood", name.chars().take(40).collect::<String>()));
            }
        }
        Ok(asked)
    }

    /// Whether it was understood.
    fn take(&mut self, name: &str, value: &str) -> bool {
        if value.is_empty() {
            return matches!(name, "view" | "stage" | "light" | "hall" | "window" | "staff" | "origin" | "page");
        }
        fn set<T>(field: &mut Option<T>, value: Option<T>) -> bool {
            let is_understood = value.is_some();
            *field = value;
            is_understood
        }
        match name {
            "view" => match View::from_code(value) {
                Some(view) => {
                    self.view = view;
                    true
                }
                None => false,
            },
            "stage" => set(&mut self.stage, Stage::from_code(value)),
            "light" => set(&mut self.light, Light::from_code(value)),
            "hall" => set(&mut self.hall, HallId::new(value).ok()),
            "window" => {
                let place = value.split_once('/');
                let place = place.and_then(|(hall, window)| HallId::new(hall).ok().zip(WindowId::new(window).ok()));
                set(&mut self.window, place)
            }
            "staff" => set(&mut self.staff, StaffNo::new(value).ok()),
            "origin" => set(&mut self.origin, ORIGINS.into_iter().find(|o| *o == value)),
            "page" => match value.parse().ok().filter(|n| (1..=1_000_000).contains(n)) {
                Some(page) => {
                    self.page = page;
                    true
                }
                None => false,
            },
            // A page's own: its language, the kind of a file.
            "lang" | "format" => true,
            _ => false,
        }
    }

    /// For whoever asks, within what they reach.
    pub fn wanted(&self, who: &Who) -> Wanted {
        let escalation = match who.role {
            Role::Leader => Escalation::Leader,
            _ => Escalation::Supervisor,
        };
        let (hall, window) = match &self.window {
            Some((hall, window)) => (Some(hall.clone()), Some(window.clone())),
            None => (self.hall.clone(), None),
        };
        Wanted {
            halls: who.reach.halls().map(<[_]>::to_vec),
            open: match self.view {
                View::Open | View::Mine | View::Escalated => Some(true),
                View::Ended => Some(false),
                View::Waiting | View::All => None,
            },
            stage: self.stage,
            light: self.light,
            hall,
            service_window: window,
            staff_no: self.staff.clone(),
            origin: self.origin,
            handler: (self.view == View::Mine).then_some(who.account),
            waiting: self.view == View::Waiting,
            escalation: (self.view == View::Escalated).then_some(escalation),
        }
    }

    /// `/cases?view=mine&stage=assigned`
    pub fn address(&self, path: &str, page: u64) -> String {
        let mut pairs = vec![("view", self.view.code().to_owned())];
        pairs.extend(self.stage.map(|s| ("stage", s.code().to_owned())));
        pairs.extend(self.light.map(|l| ("light", l.code().to_owned())));
        pairs.extend(self.hall.as_ref().map(|h| ("hall", h.to_string())));
        pairs.extend(self.window.as_ref().map(|(h, w)| ("window", format!("{h}/{w}"))));
        pairs.extend(self.staff.as_ref().map(|s| ("staff", s.to_string())));
        pairs.extend(self.origin.map(|o| ("origin", o.to_owned())));
        if page > 1 {
            pairs.push(("page", page.to_string()));
        }
        let pairs: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={}", encoded(v))).collect();
        format!("{path}?{}", pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_reading_and_nonsense_is_named() {
        let pair = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        let pairs = vec![
            pair("view", "all"),
            pair("stage", "rectifying"),
            pair("light", "overdue"),
            pair("window", "H01/W03"),
            pair("staff", "0027"),
            pair("origin", "finding"),
            pair("page", "3"),
        ];
        let asked = Register::strictly(&pairs).unwrap();
        assert_eq!(
            asked.address("/cases", asked.page),
            "/cases?view=all&stage=rectifying&light=overdue&window=H01/W03&staff=0027&origin=finding&page=3"
        );
        for bad in [pair("stage", "dancing"), pair("page", "0"), pair("window", "W03"), pair("colour", "red")] {
            assert!(Register::strictly(&vec![bad.clone()]).is_err(), "{bad:?}");
            assert_eq!(Register::read(&vec![bad]), Register::of(View::Open));
        }
    }
}
