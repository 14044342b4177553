//! The form that says who an account is for.

use maud::{Markup, html};
use serde::Deserialize;

use super::keep::is_within;
use super::own::hall_name;
use crate::centre::access::{AccountKeeper, Reach, Viewer};
use crate::centre::dashboard::components::{Choice, Faults, Field};
use crate::centre::directory::accounts::{Account, AccountFault, NAME_CHARS, Part, Profile};
use crate::centre::site::Site;
use crate::domain::id::{HallId, StaffNo};
use crate::domain::role::Role;
use crate::domain::text::check_line;
use crate::words::accounts::{self as words, Accounts};

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    pub login: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    staff_no: String,
    /// Empty, `unit:3` or `hall:H1`.
    #[serde(default)]
    part: String,
}

impl Typed {
    pub(super) fn of(account: &Account) -> Self {
        Self {
            login: account.login.clone(),
            name: account.name.clone(),
            role: account.role.code().to_owned(),
            staff_no: account.staff_no.as_ref().map(|s| s.as_str().to_owned()).unwrap_or_default(),
            part: code_of(&account.part),
        }
    }
}

pub(super) fn fields(
    site: &Site,
    keeper: &AccountKeeper,
    viewer: &Viewer,
    typed: &Typed,
    faults: &Faults,
    is_new: bool,
) -> Markup {
    let (w, language) = (Accounts(viewer.language), viewer.language);
    let roles = Role::ALL.iter().map(|&role| (role.code(), words::role(language, role)));
    let chosen = if typed.role.is_empty() { Role::HallSupervisor.code() } else { typed.role.as_str() };
    html! {
        @if is_new {
            (Field::text("login", w.login()).hint(w.login_hint()).value(&typed.login).max(60).faults(faults).first())
        }
        (Field::text("name", w.name()).value(&typed.name).max(60).faults(faults))
        (Choice::new("role", w.role(), roles).chosen(chosen).faults(faults))
        (Choice::new("part", w.reach(), parts(site, keeper, viewer)).chosen(&typed.part).faults(faults))
        (Field::text("staff_no", w.staff_no()).hint(w.staff_no_hint()).value(&typed.staff_no).max(32).optional(language).faults(faults))
    }
}

/// Every part that the keeper may give away.
fn parts(site: &Site, keeper: &AccountKeeper, viewer: &Viewer) -> Vec<(String, String)> {
    let w = Accounts(viewer.language);
    let directory = site.directory.get();
    let units = directory.people().units();
    let mut out = Vec::new();
    if *keeper.reach() == Reach::All {
        out.push((String::new(), w.everything().into_owned()));
    }
    for (depth, unit) in units.in_order() {
        let part = Part::Unit(unit.id);
        if is_within(site, keeper, &part) {
            out.push((code_of(&part), format!("{}{}", "\u{3000}".repeat(depth), w.of_unit(&unit.name))));
        }
    }
    let boards = site.boards.get();
    let mut halls: Vec<_> = boards.all().map(|b| b.hall.id.clone()).filter(|h| keeper.covers(h)).collect();
    halls.sort();
    for hall in halls {
        out.push((code_of(&Part::Hall(hall.clone())), w.of_hall(&hall_name(site, viewer, &hall)).into_owned()));
    }
    out
}

/// What was typed, checked; None with at least one fault.
pub(super) fn read(
    site: &Site,
    keeper: &AccountKeeper,
    viewer: &Viewer,
    typed: &Typed,
    faults: &mut Faults,
) -> Option<Profile> {
    let w = Accounts(viewer.language);
    let (login, name) = (typed.login.trim().to_owned(), typed.name.trim().to_owned());
    if check_line(&login, NAME_CHARS).is_err() || login.chars().any(char::is_whitespace) {
        faults.add("login", w.login_wrong());
    }
    if check_line(&name, NAME_CHARS).is_err() {
        faults.add("name", w.line_wrong());
    }
    let role = Role::from_code(&typed.role);
    if role.is_none() {
        faults.add("role", w.choose_some());
    }
    let staff_no = match typed.staff_no.trim() {
        "" => None,
        text => match StaffNo::new(text) {
            Ok(staff_no) => Some(staff_no),
            Err(_) => {
                faults.add("staff_no", w.staff_no_wrong());
                None
            }
        },
    };
    if role.is_some_and(Role::sees_only_self) && staff_no.is_none() {
        faults.add("staff_no", w.staff_no_missing());
    }
    let part = part_of(&typed.part).filter(|part| is_within(site, keeper, part));
    if part.is_none() {
        faults.add("part", w.outside());
    }
    let (role, part) = (role?, part?);
    faults.is_empty().then_some(Profile { login, name, role, staff_no, part })
}

/// Puts a refusal of the store at its field. False: it is none that a person can mend.
pub(super) fn blame(viewer: &Viewer, fault: &AccountFault, faults: &mut Faults) -> bool {
    let w = Accounts(viewer.language);
    match fault {
        AccountFault::Taken(_) => faults.add("login", w.taken()),
        AccountFault::Login(_) | AccountFault::LoginSpaces => faults.add("login", w.login_wrong()),
        AccountFault::Name(_) => faults.add("name", w.line_wrong()),
        AccountFault::NoStaffNo => faults.add("staff_no", w.staff_no_missing()),
        AccountFault::NoUnit => faults.add("part", w.unit_unknown()),
        AccountFault::LastAdmin => faults.add("role", w.last_admin()),
        AccountFault::Unknown | AccountFault::Random(_) | AccountFault::Sqlite(_) => return false,
    }
    true
}

/// For the audit log: what an account may and where, without who it is.
pub(super) fn told(profile: &Profile) -> String {
    let part = code_of(&profile.part);
    format!("{} {}", profile.role.code(), if part.is_empty() { "everything" } else { &part })
}

fn code_of(part: &Part) -> String {
    match part {
        Part::Everything => String::new(),
        Part::Unit(unit) => format!("unit:{unit}"),
        Part::Hall(hall) => format!("hall:{hall}"),
    }
}

fn part_of(code: &str) -> Option<Part> {
    match code.split_once(':') {
        None if code.is_empty() => Some(Part::Everything),
        Some(("unit", id)) => id.parse().ok().map(Part::Unit),
        Some(("hall", id)) => HallId::new(id).ok().map(Part::Hall),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_back_as_it_was_written_and_nothing_else_is_one() {
        for part in [Part::Everything, Part::Unit(3), Part::Hall(HallId::new("H1").unwrap())] {
            assert_eq!(part_of(&code_of(&part)), Some(part));
        }
        for wrong in ["everything", "unit:", "unit:x", "hall:", "hall:a b", "role:1"] {
            assert_eq!(part_of(wrong), None, "{wrong}");
        }
    }
}
