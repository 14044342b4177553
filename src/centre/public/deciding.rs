//! The form of a publication: what was typed, what is wrong in it, and its drawing.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use maud::{Markup, html};

use super::Pairs;
use super::snapshot::{LEAST_N, MAX_DAYS, MOST_N, Wanted, WantedFault};
use crate::centre::dashboard::components::{Button, Choice, Faults, Field, Tick, buttons, fieldset};
use crate::domain::id::HallId;
use crate::words::Language;
use crate::words::public::Publish;

/// What stands in the form: texts, as they were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub hall: String,
    pub from: String,
    pub to: String,
    pub visible_from: String,
    pub min_n: String,
    pub windows: bool,
    pub pledges: bool,
    pub honours: bool,
}

impl Typed {
    /// The month that ended last, all of it, from today on.
    pub fn fresh(hall: &str, today: Date) -> Self {
        let to = today.first_of_month().saturating_sub(1.day());
        Self {
            hall: hall.to_owned(),
            from: to.first_of_month().to_string(),
            to: to.to_string(),
            visible_from: today.to_string(),
            min_n: LEAST_N.to_string(),
            windows: true,
            pledges: true,
            honours: true,
        }
    }

    pub fn of_pairs(pairs: &Pairs) -> Self {
        let text = |name: &str| {
            let found = pairs.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim());
            found.chars().take(40).collect::<String>()
        };
        let ticked = |value: &str| pairs.iter().any(|(n, v)| n == "show" && v == value);
        Self {
            hall: text("hall"),
            from: text("from"),
            to: text("to"),
            visible_from: text("visible_from"),
            min_n: text("min_n"),
            windows: ticked("windows"),
            pledges: ticked("pledges"),
            honours: ticked("honours"),
        }
    }

    /// What is asked for, or every fault by its field.
    ///
    /// # Errors
    /// [`Faults`].
    pub fn wanted(&self, language: Language, today: Date) -> Result<Wanted, Faults> {
        let (w, mut faults) = (Publish(language), Faults::default());
        let mut date = |field: &'static str, text: &str| {
            let day = text.parse::<Date>().ok().filter(|d| (2000..=2200).contains(&d.year()));
            if day.is_none() {
                faults.add(field, w.wrong_date());
            }
            day.unwrap_or(today)
        };
        let (from, to) = (date("from", &self.from), date("to", &self.to));
        let visible_from = date("visible_from", &self.visible_from);
        let hall = HallId::new(&self.hall);
        if hall.is_err() {
            faults.add("hall", w.hall());
        }
        let Ok(hall) = hall else { return Err(faults) };
        let min_n = self.min_n.parse().unwrap_or(0);
        let (windows, pledges, honours) = (self.windows, self.pledges, self.honours);
        let wanted = Wanted { hall, from, to, visible_from, min_n, windows, pledges, honours };
        if faults.is_empty() || self.min_n.parse::<u64>().is_err() {
            for fault in wanted.faults(today) {
                match fault {
                    WantedFault::Period => faults.add("to", w.wrong_period(MAX_DAYS)),
                    WantedFault::NotOver => faults.add("to", w.not_over()),
                    WantedFault::MinN => faults.add("min_n", w.wrong_min_n(LEAST_N, MOST_N)),
                }
            }
        }
        if faults.is_empty() { Ok(wanted) } else { Err(faults) }
    }

    fn shows(&self) -> [(&'static str, bool); 3] {
        [("windows", self.windows), ("pledges", self.pledges), ("honours", self.honours)]
    }

    /// The same as hidden fields.
    pub fn hidden(&self) -> Markup {
        let texts = [
            ("hall", &self.hall),
            ("from", &self.from),
            ("to", &self.to),
            ("visible_from", &self.visible_from),
            ("min_n", &self.min_n),
        ];
        html! {
            @for (name, value) in texts { input type="hidden" name=(name) value=(value); }
            @for (value, ticked) in self.shows() { @if ticked { input type="hidden" name="show" value=(value); } }
        }
    }

    /// The same as a URL's query.
    pub fn query(&self) -> String {
        let mut query = format!(
            "hall={}&from={}&to={}&visible_from={}&min_n={}",
            self.hall, self.from, self.to, self.visible_from, self.min_n
        );
        for (value, ticked) in self.shows() {
            if ticked {
                query.push_str("&show=");
                query.push_str(value);
            }
        }
        // Codes, dates and numbers alone, once they have been checked.
        query.retain(|c| c.is_ascii_graphic() && !"\"<>#%".contains(c));
        query
    }
}

/// The form; it asks for a preview and changes nothing.
pub fn form(language: Language, halls: &[(String, String)], typed: &Typed, today: Date, faults: &Faults) -> Markup {
    let w = Publish(language);
    let options = halls.iter().map(|(id, name)| (id.as_str(), name.as_str()));
    let last = today.saturating_sub(Span::new().days(1)).to_string();
    html! {
        (faults.summary(language))
        form.form method="get" action="/publish/preview" {
            @if halls.len() > 1 { (Choice::new("hall", w.hall(), options).chosen(&typed.hall).faults(faults)) }
            @else { input type="hidden" name="hall" value=(typed.hall); }
            div.fields {
                (Field::date("from", w.from()).value(&typed.from).within("2000-01-01", last.as_str()).faults(faults))
                (Field::date("to", w.to()).value(&typed.to).within("2000-01-01", last.as_str()).faults(faults))
                (Field::date("visible_from", w.visible_from()).value(&typed.visible_from).faults(faults))
            }
            (Field::number("min_n", w.min_n()).hint(w.min_n_hint(LEAST_N)).value(&typed.min_n).within(LEAST_N.to_string(), MOST_N.to_string()).faults(faults))
            (fieldset("show", &w.what(), None, &html! {
                (Tick::check("show", "windows", w.windows(), typed.windows))
                (Tick::check("show", "pledges", w.pledges(), typed.pledges))
                (Tick::check("show", "honours", w.honours(), typed.honours))
            }))
            (buttons(&[Button::submit(w.preview()).primary(), Button::link("/publish", crate::words::alerts::AlertPages(language).cancel())]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24);

    #[test]
    fn the_form_begins_with_the_month_that_ended_last() {
        let typed = Typed::fresh("H01", TODAY);
        assert_eq!((typed.from.as_str(), typed.to.as_str()), ("2026-10-01", "2026-10-31"));
        let wanted = typed.wanted(Language::Zh, TODAY).unwrap();
        assert_eq!((wanted.min_n, wanted.visible_from), (10, TODAY));
        let january = Typed::fresh("H01", date(2026, 1, 15));
        assert_eq!((january.from.as_str(), january.to.as_str()), ("2025-12-01", "2025-12-31"));
    }

    #[test]
    fn what_is_typed_survives_the_preview_and_every_fault_stands_at_its_field() {
        let mut typed = Typed::fresh("H01", TODAY);
        typed.honours = false;
        let query = typed.query();
        let pairs = query.split('&').filter_map(|p| p.split_once('='));
        let pairs: Pairs = pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        assert_eq!(Typed::of_pairs(&pairs), typed);
        let wrong = Typed { from: "2026-13-01".into(), to: "x".into(), min_n: "many".into(), ..typed.clone() };
        let faults = wrong.wanted(Language::En, TODAY).unwrap_err();
        for field in ["from", "to", "min_n"] {
            assert!(faults.of(field).is_some(), "{field}");
        }
        let today = Typed { to: TODAY.to_string(), ..typed };
        assert!(today.wanted(Language::En, TODAY).unwrap_err().of("to").unwrap().contains("not over"));
    }
}
