//! What people do about alerts: pages and the interface do it through here, so that both are bounded and audited alike.

use rusqlite::Connection;

use super::destinations::{self, DestinationTerms};
use super::history::{self, Alert, WORD_CHARS};
use super::outbox::{self, AlertEvent};
use super::rule::{Rule, Scope, Terms};
use super::rules;
use super::sight::Sight;
use crate::centre::access::{Reach, Who};
use crate::centre::audit::{self, Act};
use crate::centre::directory::accounts::{self, Part};
use crate::centre::directory::units::{Unit, Units};
use crate::domain::text::check_line;
use crate::domain::time::WallMs;

/// Why an act is refused; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It does not exist, or is not the person's to see.
    #[error("there is no such thing")]
    NotFound,
    /// Somebody was first.
    #[error("somebody was first")]
    Already,
    #[error("the role may not")]
    Forbidden,
    #[error("word: 1 to {WORD_CHARS} characters on one line")]
    Word,
    /// A scope, or destinations, that the person does not answer for.
    #[error("scope and destinations must be within what you answer for")]
    Foreign,
    #[error("{0}")]
    Faulty(String),
    #[error("there are too many already")]
    Full,
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

/// Within the transaction of one act.
pub struct Acting<'a> {
    pub tx: &'a Connection,
    pub now: WallMs,
    pub who: &'a Who,
    pub sight: &'a Sight,
}

impl Acting<'_> {
    /// # Errors
    /// [`Refused`].
    pub fn acknowledge(&self, id: i64, word: &str) -> Result<(), Refused> {
        if !self.sight.acknowledges {
            return Err(Refused::Forbidden);
        }
        let word = word.trim();
        check_line(word, WORD_CHARS).map_err(|_| Refused::Word)?;
        let alert = self.alert(id)?;
        if !history::acknowledge(self.tx, alert.id, &self.who.name, word, self.now)? {
            return Err(Refused::Already);
        }
        self.note(Act::AlertAcknowledged, &format!("alert:{id}"), &alert.subject().key())
    }

    /// # Errors
    /// [`Refused`].
    pub fn close(&self, id: i64) -> Result<(), Refused> {
        let alert = self.alert(id)?;
        if !history::close(self.tx, alert.id, &self.who.name, self.now)? {
            return Err(Refused::Already);
        }
        self.note(Act::AlertClosed, &format!("alert:{id}"), &alert.subject().key())
    }

    /// # Errors
    /// [`Refused`].
    pub fn add_rule(&self, terms: &Terms) -> Result<i64, Refused> {
        self.check_terms(terms, None)?;
        let id = rules::add(self.tx, terms, self.now)?.ok_or(Refused::Full)?;
        self.note(Act::AlertRuleAdded, &format!("alert_rule:{id}"), terms.condition.code())?;
        Ok(id)
    }

    /// # Errors
    /// [`Refused`].
    pub fn change_rule(&self, id: i64, terms: &Terms) -> Result<(), Refused> {
        let before = self.own_rule(id)?;
        self.check_terms(terms, Some(&before))?;
        rules::change(self.tx, id, terms, self.now)?;
        let detail = format!("{}, {}", terms.condition.code(), if terms.enabled { "in use" } else { "off" });
        self.note(Act::AlertRuleChanged, &format!("alert_rule:{id}"), &detail)
    }

    /// # Errors
    /// [`Refused`].
    pub fn remove_rule(&self, id: i64) -> Result<(), Refused> {
        let rule = self.own_rule(id)?;
        rules::remove(self.tx, id)?;
        self.note(Act::AlertRuleRemoved, &format!("alert_rule:{id}"), rule.terms.condition.code())
    }

    /// # Errors
    /// [`Refused`].
    pub fn add_destination(&self, terms: &DestinationTerms, secret: &[u8]) -> Result<i64, Refused> {
        self.check_destination(terms)?;
        let id = destinations::add(self.tx, terms, secret, self.now)?.ok_or(Refused::Full)?;
        self.note(Act::AlertDestinationAdded, &format!("alert_destination:{id}"), terms.address.code())?;
        Ok(id)
    }

    /// # Errors
    /// [`Refused`].
    pub fn change_destination(&self, id: i64, terms: &DestinationTerms) -> Result<(), Refused> {
        self.own_destination(id)?;
        self.check_destination(terms)?;
        destinations::change(self.tx, id, terms, self.now)?;
        self.note(Act::AlertDestinationChanged, &format!("alert_destination:{id}"), terms.address.code())
    }

    /// # Errors
    /// [`Refused`].
    pub fn remove_destination(&self, id: i64) -> Result<(), Refused> {
        self.own_destination(id)?;
        destinations::remove(self.tx, id)?;
        self.note(Act::AlertDestinationRemoved, &format!("alert_destination:{id}"), "")
    }

    /// Lays out a test message.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn test(&self, id: i64) -> Result<(), Refused> {
        self.own_destination(id)?;
        if !outbox::lay(self.tx, None, id, AlertEvent::Test, self.now)? {
            return Err(Refused::Full);
        }
        self.note(Act::AlertDestinationTested, &format!("alert_destination:{id}"), "")
    }

    fn alert(&self, id: i64) -> Result<Alert, Refused> {
        history::one(self.tx, id)?.filter(|a| self.sight.sees(a)).ok_or(Refused::NotFound)
    }

    fn own_rule(&self, id: i64) -> Result<Rule, Refused> {
        rules::one(self.tx, id)?.filter(|r| self.answers_for(&r.terms.scope)).ok_or(Refused::NotFound)
    }

    fn own_destination(&self, id: i64) -> Result<(), Refused> {
        let found = destinations::one(self.tx, id)?.filter(|d| self.answers_for(&d.terms.scope));
        found.map(|_| ()).ok_or(Refused::NotFound)
    }

    fn answers_for(&self, scope: &Scope) -> bool {
        self.sight.answers_for(scope, |unit| keeps_unit(self.tx, self.sight, unit))
    }

    /// A rule may keep a destination that somebody above gave it, and gets no other one from beyond.
    fn check_terms(&self, terms: &Terms, before: Option<&Rule>) -> Result<(), Refused> {
        if let Some(fault) = terms.faults().first() {
            return Err(Refused::Faulty(fault.to_string()));
        }
        if !self.answers_for(&terms.scope) {
            return Err(Refused::Foreign);
        }
        for &id in &terms.destinations {
            let kept = before.is_some_and(|r| r.terms.destinations.contains(&id));
            let own = destinations::one(self.tx, id)?.is_some_and(|d| self.answers_for(&d.terms.scope));
            if !kept && !own {
                return Err(Refused::Foreign);
            }
        }
        Ok(())
    }

    fn check_destination(&self, terms: &DestinationTerms) -> Result<(), Refused> {
        if let Some(fault) = terms.faults().first() {
            return Err(Refused::Faulty(fault.to_string()));
        }
        if self.answers_for(&terms.scope) { Ok(()) } else { Err(Refused::Foreign) }
    }

    fn note(&self, act: Act, object: &str, detail: &str) -> Result<(), Refused> {
        Ok(audit::append(self.tx, self.now, self.who, act, object, detail)?)
    }
}

/// The halls of a unit and of those below it; none when there is no such unit.
pub fn halls_of_unit(conn: &Connection, unit: &str) -> Option<Reach> {
    let id = unit.parse().ok()?;
    let units = Units::load(conn).ok()?;
    units.unit(id)?;
    Some(Reach::Halls(units.subtree(id).into()))
}

/// Whether a unit stands in somebody's part of the tree, whatever halls it has at present. A unit that is gone is nobody's.
pub fn keeps_unit(conn: &Connection, sight: &Sight, unit: &str) -> bool {
    let Ok(id) = unit.parse() else { return false };
    let Some(path) = Units::load(conn).ok().and_then(|units| Some(above(units.path(id)?))) else { return false };
    if sight.reach == Reach::All {
        return true;
    }
    let own = accounts::one(conn, sight.account).ok().flatten().map(|account| account.part);
    matches!(own, Some(Part::Unit(own)) if path.contains(&own))
}

fn above(path: Vec<&Unit>) -> Vec<i64> {
    path.into_iter().map(|unit| unit.id).collect()
}

#[cfg(test)]
mod tests {
    use super::super::rule::examples::share;
    use super::*;
    use crate::centre::access::samples::somebody;
    use crate::centre::alerts::destinations::Address;
    use crate::centre::directory::accounts::Profile;
    use crate::centre::directory::units;
    use crate::centre::schema::SCHEMA;
    use crate::domain::id::HallId;
    use crate::domain::role::Role;
    use crate::words::Language;

    const NOW: WallMs = WallMs(1_795_500_000_000);

    fn of_hall(id: &str) -> Who {
        Who { reach: Reach::Halls([HallId::new(id).unwrap()].into()), ..somebody(Role::HallSupervisor) }
    }

    fn as_who<T>(tx: &Connection, who: &Who, act: impl FnOnce(&Acting<'_>) -> T) -> T {
        let sight = Sight::of(who, 5);
        act(&Acting { tx, now: NOW, who, sight: &sight })
    }

    fn here(hall: &str) -> Terms {
        Terms { scope: Scope::Hall { hall: HallId::new(hall).unwrap() }, ..share().terms }
    }

    fn mailbox(hall: &str) -> DestinationTerms {
        DestinationTerms {
            name: "值班".to_owned(),
            scope: here(hall).scope,
            language: Language::Zh,
            address: Address::Mail { to: "a@example.gov.cn".to_owned() },
            enabled: true,
        }
    }

    #[test]
    fn a_supervisor_sets_rules_for_their_halls_alone_and_every_act_is_in_the_log() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let (own, other) = (of_hall("H1"), of_hall("H2"));
        let id = as_who(&conn, &own, |a| a.add_rule(&here("H1"))).unwrap();
        for foreign in [here("H2"), share().terms] {
            assert!(matches!(as_who(&conn, &own, |a| a.add_rule(&foreign)), Err(Refused::Foreign)));
            assert!(matches!(as_who(&conn, &own, |a| a.change_rule(id, &foreign)), Err(Refused::Foreign)));
        }
        assert!(matches!(as_who(&conn, &other, |a| a.change_rule(id, &here("H2"))), Err(Refused::NotFound)));
        assert!(matches!(as_who(&conn, &other, |a| a.remove_rule(id)), Err(Refused::NotFound)));
        as_who(&conn, &own, |a| a.change_rule(id, &Terms { enabled: false, ..here("H1") })).unwrap();
        as_who(&conn, &own, |a| a.remove_rule(id)).unwrap();
        let log = audit::verify(&conn).unwrap();
        assert_eq!((log.lines, log.broken.len()), (3, 0), "what was refused is not a deed");
    }

    #[test]
    fn a_unit_is_kept_by_whoever_stands_over_it_whatever_halls_it_has_today() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let city = units::add(&conn, None, "市政务局").unwrap();
        let east = units::add(&conn, Some(city), "东区").unwrap();
        let street = units::add(&conn, Some(east), "街道").unwrap();
        let west = units::add(&conn, Some(city), "西区").unwrap();
        // All halls that there are stand in the east.
        units::place(&conn, &HallId::new("H1").unwrap(), Some(east)).unwrap();
        let (login, name) = ("east".to_owned(), "东区主管".to_owned());
        let profile = Profile { login, name, role: Role::HallSupervisor, staff_no: None, part: Part::Unit(east) };
        let account = accounts::add(&conn, &profile, NOW).unwrap();
        let own = Who { account, ..of_hall("H1") };
        let of_unit = |unit: i64| Terms { scope: Scope::Unit { unit: unit.to_string() }, ..share().terms };
        for unit in [east, street] {
            as_who(&conn, &own, |a| a.add_rule(&of_unit(unit))).unwrap();
        }
        for unit in [city, west, 99] {
            let refused = as_who(&conn, &own, |a| a.add_rule(&of_unit(unit)));
            assert!(matches!(refused, Err(Refused::Foreign)), "{unit}");
        }
        as_who(&conn, &somebody(Role::SystemAdmin), |a| a.add_rule(&of_unit(city))).unwrap();
    }

    #[test]
    fn nobody_sends_to_another_units_mailbox() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let (own, other) = (of_hall("H1"), of_hall("H2"));
        let theirs = as_who(&conn, &other, |a| a.add_destination(&mailbox("H2"), b"s")).unwrap();
        assert!(matches!(as_who(&conn, &own, |a| a.add_destination(&mailbox("H2"), b"s")), Err(Refused::Foreign)));
        assert!(matches!(as_who(&conn, &own, |a| a.test(theirs)), Err(Refused::NotFound)));
        let terms = Terms { destinations: vec![theirs], ..here("H1") };
        assert!(matches!(as_who(&conn, &own, |a| a.add_rule(&terms)), Err(Refused::Foreign)));
        assert!(as_who(&conn, &other, |a| a.test(theirs)).is_ok());
        assert_eq!(outbox::messages(&conn, 9).unwrap().len(), 1);
        let id = as_who(&conn, &somebody(Role::SystemAdmin), |a| a.add_rule(&terms)).unwrap();
        assert!(as_who(&conn, &own, |a| a.change_rule(id, &terms)).is_ok(), "what was given from above may stay");
    }

    #[test]
    fn an_auditor_acknowledges_nothing_and_a_word_is_needed() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        assert!(matches!(as_who(&conn, &somebody(Role::Auditor), |a| a.acknowledge(1, "x")), Err(Refused::Forbidden)));
        let leader = somebody(Role::Leader);
        assert!(matches!(as_who(&conn, &leader, |a| a.acknowledge(1, " ")), Err(Refused::Word)));
        assert!(matches!(as_who(&conn, &leader, |a| a.acknowledge(1, "看过")), Err(Refused::NotFound)));
    }
}
