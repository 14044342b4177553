//! People in memory: accounts that hold, their tokens and sessions, and the tree of units from which each one's reach
//! follows. Read again as a whole whenever any of it changed, so that whoever lost something has lost it at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::Connection;

use super::accounts::{self, Account, Part};
use super::sessions::{self, Session, SessionHash, Stage};
use super::tokens::{self, Token, TokenHash};
use super::units::Units;
use crate::centre::access::{Reach, Who};
use crate::domain::time::WallMs;

/// The last use of a token or session is written down so often at most.
const TOUCH_MS: i64 = 60_000;
/// How long somebody may take between the password and being in.
const ENTERING_MS: i64 = 15 * 60_000;

/// How long sessions live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    pub idle_ms: i64,
    pub absolute_ms: i64,
}

/// All of them.
#[derive(Debug, Default)]
pub struct People {
    who: HashMap<i64, Arc<Who>>,
    parts: HashMap<i64, Part>,
    tokens: HashMap<TokenHash, (Token, Use)>,
    sessions: HashMap<SessionHash, (Session, Use)>,
    units: Arc<Units>,
}

/// When something was used last, and when that was written down last.
#[derive(Debug)]
struct Use {
    used: AtomicI64,
    written: AtomicI64,
}

/// Whose doing a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    Person,
    /// An open page keeps itself fresh: nobody need be there, so it lengthens no session.
    Page,
}

/// What a credential opens.
#[derive(Debug, Clone)]
pub struct Opened<T> {
    pub who: Arc<Who>,
    pub by: T,
    /// Its last use is to be written down.
    pub touch: bool,
}

impl People {
    /// # Errors
    /// Those of the store.
    pub fn load(conn: &Connection) -> rusqlite::Result<Self> {
        let units = Units::load(conn)?;
        let holding: Vec<_> = accounts::all(conn)?.into_iter().filter(|a| a.disabled.is_none()).collect();
        let parts = holding.iter().map(|a| (a.id, a.part.clone())).collect();
        let who: HashMap<_, _> = holding.into_iter().map(|a| (a.id, Arc::new(who(a, &units)))).collect();
        let tokens = tokens::all(conn, None)?.into_iter();
        let tokens = tokens.map(|(hash, t)| (hash, (Use::at(t.used.unwrap_or(WallMs(0))), t)));
        let sessions = sessions::all(conn, None)?.into_iter().map(|(hash, s)| (hash, (Use::at(s.used), s)));
        Ok(Self {
            who,
            parts,
            tokens: tokens.map(|(hash, (used, token))| (hash, (token, used))).collect(),
            sessions: sessions.map(|(hash, (used, session))| (hash, (session, used))).collect(),
            units: Arc::new(units),
        })
    }

    /// Whoever a token is for, as long as it holds.
    pub fn by_token(&self, token: &str, now: WallMs) -> Option<Opened<Token>> {
        let (token, used) = self.tokens.get(&TokenHash::of(token))?;
        let who = self.who.get(&token.account)?;
        token.holds(now).then(|| Opened { who: Arc::clone(who), by: token.clone(), touch: used.note(now) })
    }

    /// Whoever a session is of, as long as it lives.
    pub fn by_session(
        &self,
        hash: &SessionHash,
        now: WallMs,
        lifetimes: Lifetimes,
        doing: Doing,
    ) -> Option<Opened<Session>> {
        let (session, used) = self.sessions.get(hash)?;
        let who = self.who.get(&session.account)?;
        let (idle, age) = (now.0 - used.used.load(Ordering::Relaxed), now.since_ms(session.begun));
        let longest = if session.stage == Stage::Full { lifetimes.absolute_ms } else { ENTERING_MS };
        // A clock that was set back ends no session, and lengthens none by more than that.
        let alive = idle < lifetimes.idle_ms && age < longest;
        alive.then(|| {
            let touch = doing == Doing::Person && used.note(now);
            Opened { who: Arc::clone(who), by: session.clone(), touch }
        })
    }

    pub fn who(&self, account: i64) -> Option<&Arc<Who>> {
        self.who.get(&account)
    }

    /// True if a part of the tree lies within that of an account, whatever halls stand there at present.
    pub fn includes(&self, account: i64, part: &Part) -> bool {
        match (self.parts.get(&account), part) {
            (None, _) => false,
            (Some(Part::Everything), _) => true,
            (Some(own), part) if own == part => true,
            (Some(Part::Unit(own)), part) => {
                let unit = match part {
                    Part::Everything => None,
                    Part::Unit(unit) => Some(*unit),
                    Part::Hall(hall) => self.units.of_hall(hall),
                };
                let path = unit.and_then(|unit| self.units.path(unit)).unwrap_or_default();
                path.iter().any(|above| above.id == *own)
            }
            (Some(Part::Hall(_)), _) => false,
        }
    }

    /// Accounts whose part of the tree lies within that of another.
    pub fn within(&self, account: i64) -> Vec<i64> {
        self.parts.iter().filter(|(_, part)| self.includes(account, part)).map(|(id, _)| *id).collect()
    }

    pub fn units(&self) -> &Arc<Units> {
        &self.units
    }
}

impl Use {
    fn at(used: WallMs) -> Self {
        Self { used: AtomicI64::new(used.0), written: AtomicI64::new(used.0) }
    }

    /// True for one of those who use it at the same time, once in a while.
    fn note(&self, now: WallMs) -> bool {
        self.used.fetch_max(now.0, Ordering::Relaxed);
        let written = self.written.load(Ordering::Relaxed);
        (now.0 - written).abs() >= TOUCH_MS
            && self.written.compare_exchange(written, now.0, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

fn who(account: Account, units: &Units) -> Who {
    let reach = reach(&account.part, units);
    let Account { id, login, name, role, staff_no, .. } = account;
    Who { account: id, login, name, role, reach, staff_no }
}

/// The halls that a part of the tree comes to.
pub fn reach(part: &Part, units: &Units) -> Reach {
    match part {
        Part::Everything => Reach::All,
        Part::Hall(hall) => Reach::Halls([hall.clone()].into()),
        Part::Unit(unit) => Reach::Halls(units.subtree(*unit).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::directory::accounts::Profile;
    use crate::centre::schema;
    use crate::db;
    use crate::domain::role::Role;

    const MINUTE: i64 = 60_000;
    const LIFETIMES: Lifetimes = Lifetimes { idle_ms: 30 * MINUTE, absolute_ms: 12 * 60 * MINUTE };

    /// Somebody who signed in at minute 0.
    fn signed_in() -> (Connection, People, SessionHash) {
        let conn = db::open_in_memory(&schema::SCHEMA).unwrap();
        let profile = Profile {
            login: "wang".to_owned(),
            name: "王".to_owned(),
            role: Role::HallSupervisor,
            staff_no: None,
            part: Part::Everything,
        };
        let id = accounts::add(&conn, &profile, WallMs(0)).unwrap();
        let hash = SessionHash::of("number");
        sessions::begin(&conn, hash, id, Stage::Full, &sessions::Origin::default(), WallMs(0)).unwrap();
        let people = People::load(&conn).unwrap();
        (conn, people, hash)
    }

    #[test]
    fn a_page_that_refreshes_itself_keeps_no_session_open() {
        let (_conn, people, hash) = signed_in();
        let open = |minute: i64, doing| people.by_session(&hash, WallMs(minute * MINUTE), LIFETIMES, doing);
        assert!(open(10, Doing::Person).is_some_and(|o| o.touch));
        for minute in 11..40 {
            let opened = open(minute, Doing::Page).expect("the page is still served");
            assert!(!opened.touch, "and nothing of it is written down, at {minute}");
        }
        assert!(open(40, Doing::Page).is_none(), "30 minutes after the person's last deed");
        assert!(open(40, Doing::Person).is_none());
    }

    #[test]
    fn what_a_person_does_lengthens_the_session_up_to_its_longest() {
        let (_conn, people, hash) = signed_in();
        let open = |minute: i64, doing| people.by_session(&hash, WallMs(minute * MINUTE), LIFETIMES, doing).is_some();
        for minute in (20..720).step_by(20) {
            assert!(open(minute - 1, Doing::Page) && open(minute, Doing::Person), "{minute}");
        }
        assert!(!open(720, Doing::Person), "twelve hours");
    }
}
