//! The form of a rule: which fields a condition has, what was typed, and what is wrong in it.

use super::*;
use maud::html;

use crate::centre::access::Reach;
use crate::centre::alerts::destinations::Destination;
use crate::centre::alerts::rule::{
    Condition, Grain, MAX_COOLDOWN_MINUTES, MAX_WITHIN_MINUTES, NAME_CHARS, Scope, Severity, Terms, TermsFault,
};
use crate::centre::dashboard::components::{Button, Choice, Faults, Field, Tick, buttons, fieldset};
use crate::centre::directory::accounts::Part;
use crate::centre::directory::units::Units;
use crate::domain::id::{HallId, WindowId};
use crate::domain::rating::Satisfaction;
use crate::words::common;

/// Choices of one list; a centre of more windows sets its rules by hall or unit.
const MAX_SCOPES: usize = 1_500;

/// The pairs of a posted form.
pub type Pairs = Vec<(String, String)>;

fn text<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
}

/// What stands in the form at first for a kind of condition.
pub fn fresh(condition: Condition, scope: Scope, name: String) -> Terms {
    let of_devices = condition.within_minutes().is_none();
    Terms {
        name,
        condition,
        scope,
        grain: Grain::EachWindow,
        severity: if condition == Condition::Tampering { Severity::Severe } else { Severity::Notice },
        cooldown_minutes: 60,
        without_flagged: !of_devices,
        tell_end: of_devices,
        destinations: Vec::new(),
        enabled: true,
    }
}

/// Reads a form over `kind`'s condition; a number that is none becomes 0, which no field allows.
pub fn typed(kind: &Condition, pairs: &Pairs) -> Terms {
    let number = |name: &str| text(pairs, name).parse().unwrap_or(0);
    let level = Satisfaction::from_code(text(pairs, "at_most")).unwrap_or(Satisfaction::VeryDissatisfied);
    let (min_count, within_minutes) = (number("min_count"), number("within_minutes"));
    let condition = match kind {
        Condition::Level { .. } => Condition::Level { at_most: level, min_count, within_minutes },
        Condition::NegativeShare { .. } => {
            Condition::NegativeShare { percent: number("percent"), min_count, within_minutes }
        }
        Condition::ParticipationDrop { .. } => {
            Condition::ParticipationDrop { points: number("points"), min_served: number("min_served"), within_minutes }
        }
        Condition::Silence { .. } => Condition::Silence { minutes: number("minutes") },
        Condition::Tampering => Condition::Tampering,
    };
    let ticked = |name: &str| pairs.iter().any(|(n, _)| n == name);
    let destinations = pairs.iter().filter(|(n, _)| n == "destination").filter_map(|(_, id)| id.parse().ok());
    Terms {
        name: text(pairs, "name").to_owned(),
        condition,
        scope: scope_of(text(pairs, "scope")).unwrap_or(Scope::Everywhere),
        grain: Grain::from_code(text(pairs, "grain")).unwrap_or(Grain::EachWindow),
        severity: Severity::from_code(text(pairs, "severity")).unwrap_or(Severity::Notice),
        cooldown_minutes: number("cooldown_minutes"),
        without_flagged: ticked("without_flagged"),
        tell_end: ticked("tell_end"),
        destinations: destinations.collect(),
        enabled: ticked("enabled"),
    }
}

/// The sentences of what is wrong, by field.
pub fn faults(terms: &Terms) -> Faults {
    let mut faults = Faults::default();
    for fault in terms.faults() {
        match fault {
            TermsFault::Name => faults.add("name", fault.to_string()),
            TermsFault::Range { field, min, max } => faults.add(field, format!("{min}–{max}")),
            TermsFault::Destinations => faults.add("destination", fault.to_string()),
        }
    }
    faults
}

/// `hall:H01`, `window:H01/W03`, `unit:B01`, `everywhere`.
pub fn scope_code(scope: &Scope) -> String {
    match scope {
        Scope::Everywhere => "everywhere".to_owned(),
        Scope::Unit { unit } => format!("unit:{unit}"),
        Scope::Hall { hall } => format!("hall:{hall}"),
        Scope::Window { hall, window } => format!("window:{hall}/{window}"),
    }
}

pub fn scope_of(code: &str) -> Option<Scope> {
    if code == "everywhere" {
        return Some(Scope::Everywhere);
    }
    match code.split_once(':')? {
        ("unit", unit) if !unit.is_empty() && unit.len() <= 32 => Some(Scope::Unit { unit: unit.to_owned() }),
        ("hall", hall) => Some(Scope::Hall { hall: HallId::new(hall).ok()? }),
        ("window", place) => {
            let (hall, window) = place.split_once('/')?;
            Some(Scope::Window { hall: HallId::new(hall).ok()?, window: WindowId::new(window).ok()? })
        }
        _ => None,
    }
}

impl Desk<'_> {
    /// Every scope that the viewer answers for, with its name; windows too if `windows`.
    pub fn scopes(&self, windows: bool) -> Vec<(String, String)> {
        let (w, english) = (self.words(), self.language().is_english());
        let mut out = Vec::new();
        if self.sight.reach == Reach::All {
            out.push((scope_code(&Scope::Everywhere), w.scope_everywhere().into_owned()));
        }
        out.extend(self.unit_scopes());
        let boards = self.site.boards.get();
        let mut halls: Vec<_> = boards.all().filter(|b| self.sight.reach.covers(&b.hall.id)).collect();
        halls.sort_by(|a, b| a.hall.id.cmp(&b.hall.id));
        for board in &halls {
            let scope = Scope::Hall { hall: board.hall.id.clone() };
            out.push((scope_code(&scope), w.scope_hall(board.hall.name.get(english)).into_owned()));
        }
        for board in halls.into_iter().filter(|_| windows) {
            for window in &board.windows {
                let scope = Scope::Window { hall: board.hall.id.clone(), window: window.id.clone() };
                out.push((scope_code(&scope), self.scope(&scope)));
                if out.len() >= MAX_SCOPES {
                    return out;
                }
            }
        }
        out
    }

    /// Units that the viewer answers for as a whole, in the order of the tree, each under those above it.
    fn unit_scopes(&self) -> Vec<(String, String)> {
        let directory = self.site.directory.get();
        let units = directory.people().units();
        let people = directory.people();
        let is_own = |unit: i64| self.sight.reach == Reach::All || people.includes(self.who.account, &Part::Unit(unit));
        let own = units.in_order().into_iter().filter(|(_, unit)| is_own(unit.id));
        let named = own.map(|(_, unit)| {
            let scope = Scope::Unit { unit: unit.id.to_string() };
            (scope_code(&scope), self.words().scope_unit(&path_of(units, unit.id)).into_owned())
        });
        named.take(MAX_SCOPES).collect()
    }

    /// A scope by its name.
    pub fn scope(&self, scope: &Scope) -> String {
        use crate::domain::query::Dimension;
        let w = self.words();
        match scope {
            Scope::Everywhere => w.scope_everywhere().into_owned(),
            Scope::Unit { unit } => {
                let directory = self.site.directory.get();
                let named = unit.parse().ok().map(|id| path_of(directory.people().units(), id));
                // A unit that is gone has its number left.
                w.scope_unit(named.as_deref().filter(|n| !n.is_empty()).unwrap_or(unit)).into_owned()
            }
            Scope::Hall { hall } => w.scope_hall(&self.labels.name(Dimension::Hall, hall.as_str())).into_owned(),
            Scope::Window { hall, window } => {
                let key = format!("{hall}/{window}");
                let (hall, window) = (
                    self.labels.name(Dimension::Hall, hall.as_str()),
                    self.labels.name(Dimension::ServiceWindow, &key),
                );
                w.scope_window(&hall, &window).into_owned()
            }
        }
    }
}

/// `市政务局 / 东区`; empty for a unit that is gone.
fn path_of(units: &Units, unit: i64) -> String {
    let path = units.path(unit).unwrap_or_default();
    path.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>().join(" / ")
}

/// The form.
pub fn form(desk: &Desk<'_>, address: &str, terms: &Terms, to: &[Destination], faults: &Faults) -> Markup {
    let (w, language) = (desk.words(), desk.language());
    let of_ratings = terms.condition.within_minutes().is_some();
    let grains = [(Grain::EachWindow.code(), w.each_window()), (Grain::EachHall.code(), w.each_hall())];
    let severities =
        [(Severity::Severe.code(), Alerts(language).severe()), (Severity::Notice.code(), Alerts(language).notice())];
    let cooldown = terms.cooldown_minutes.to_string();
    let fields = html! {
            div.fields { (condition_fields(desk, &terms.condition, faults)) }
            @if matches!(terms.condition, Condition::ParticipationDrop { .. }) { p.hint { (w.usual_note()) } }
            (Choice::new("scope", w.scope(), desk.scopes(true)).chosen(scope_code(&terms.scope)).faults(faults))
            (Choice::new("grain", w.grain(), grains).chosen(terms.grain.code()).faults(faults))
            div.fields {
                (Choice::new("severity", w.severity(), severities).chosen(terms.severity.code()).faults(faults))
                (Field::number("cooldown_minutes", w.cooldown()).value(cooldown).within("1", MAX_COOLDOWN_MINUTES.to_string()).faults(faults))
            }
            @if of_ratings { (Tick::check("without_flagged", "yes", w.without_flagged(), terms.without_flagged)) }
            @if to.is_empty() { p.hint { (w.page_only()) } }
            @else {
                (fieldset("destination", &w.tell_whom(), faults.of("destination"), &html! {
                    @for d in to {
                        (Tick::check("destination", d.id.to_string(), d.terms.name.as_str(), terms.destinations.contains(&d.id)))
                    }
                }))
            }
            (Tick::check("tell_end", "yes", w.tell_end(), terms.tell_end))
    };
    // Shipped with a name that this reader sees translated.
    let shown = Some(desk.rule(&terms.name)).filter(|shown| *shown != terms.name.as_str());
    let hint = shown.map(|shown| w.shown_as(&shown).into_owned());
    frame(desk, (address, "/alerts/rules"), (&terms.name, hint), terms.enabled, (&fields, faults))
}

/// What rules and destinations have alike: a name before their fields, whether they are in use behind them.
pub fn frame(
    desk: &Desk<'_>,
    (address, back): (&str, &str),
    (name, hint): (&str, Option<String>),
    enabled: bool,
    (fields, faults): (&Markup, &Faults),
) -> Markup {
    let w = desk.words();
    let max = u32::try_from(NAME_CHARS).unwrap_or(60);
    html! {
        (faults.summary(desk.language()))
        form.form method="post" action=(address) {
            (desk.viewer.csrf())
            @let name = Field::text("name", w.name()).value(name).max(max).faults(faults);
            @match hint { Some(hint) => { (name.hint(hint)) } None => { (name) } }
            (fields)
            (Tick::check("enabled", "yes", w.enabled(), enabled))
            (buttons(&[Button::submit(w.save()).primary(), Button::link(back, w.cancel())]))
        }
    }
}

fn condition_fields(desk: &Desk<'_>, condition: &Condition, faults: &Faults) -> Markup {
    let w = desk.words();
    let number = |name: &'static str, label: std::borrow::Cow<'static, str>, value: u32, max: u32| {
        html! { (Field::number(name, label).value(value.to_string()).within("1", max.to_string()).faults(faults)) }
    };
    let within = |minutes: u32| number("within_minutes", w.within(), minutes, MAX_WITHIN_MINUTES);
    match *condition {
        Condition::Level { at_most, min_count, within_minutes } => {
            let levels = Satisfaction::ALL.iter().rev().map(|&l| (l.code(), common::level(desk.language(), l)));
            html! {
                (Choice::new("at_most", w.at_most(), levels).chosen(at_most.code()).faults(faults))
                (number("min_count", w.hits_count(), min_count, 1_000))
                (within(within_minutes))
            }
        }
        Condition::NegativeShare { percent, min_count, within_minutes } => html! {
            (number("percent", w.percent(), percent, 100))
            (number("min_count", w.min_count(), min_count, 10_000))
            (within(within_minutes))
        },
        Condition::ParticipationDrop { points, min_served, within_minutes } => html! {
            (number("points", w.points(), points, 100))
            (number("min_served", w.min_served(), min_served, 10_000))
            (within(within_minutes))
        },
        Condition::Silence { minutes } => number("minutes", w.silent_minutes(), minutes, MAX_WITHIN_MINUTES),
        Condition::Tampering => html! {},
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_survives_its_code_and_others_are_none() {
        for code in ["everywhere", "hall:H01", "window:H01/W03", "unit:B01"] {
            assert_eq!(scope_code(&scope_of(code).unwrap()), code);
        }
        for bad in ["", "hall:", "window:H01", "hall:a b", "galaxy:1"] {
            assert_eq!(scope_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_typed_becomes_a_rule_and_nonsense_a_fault_at_its_field() {
        let pair = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        let mut pairs = vec![
            pair("name", " 差评 "),
            pair("percent", "60"),
            pair("min_count", "5"),
            pair("within_minutes", "30"),
            pair("scope", "window:H01/W03"),
            pair("severity", "severe"),
            pair("cooldown_minutes", "45"),
            pair("destination", "3"),
            pair("destination", "x"),
            pair("enabled", "yes"),
        ];
        let terms = typed(&Condition::DEFAULTS[0], &pairs);
        assert_eq!(terms.condition, Condition::NegativeShare { percent: 60, min_count: 5, within_minutes: 30 });
        assert_eq!((terms.name.as_str(), terms.destinations.as_slice()), ("差评", &[3][..]));
        assert!(terms.enabled && !terms.tell_end && faults(&terms).is_empty());
        pairs[1].1 = "many".to_owned();
        assert!(faults(&typed(&Condition::DEFAULTS[0], &pairs)).of("percent").is_some());
    }
}
