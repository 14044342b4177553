//! Tables that were looked through and wait for a word, in memory alone: few, for minutes, one a person.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::centre::hall::sheets::list::List;
use crate::centre::hall::sheets::plan::Absent;
use crate::centre::hall::sheets::table::Table;
use crate::domain::id::HallId;

/// Tables at once; the oldest goes first.
const MAX_HELD: usize = 8;
const KEPT_MS: u64 = 15 * 60_000;

/// A table after its dry run.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub account: i64,
    pub hall: HallId,
    pub list: List,
    pub absent: Absent,
    /// The hall's revision that the dry run saw.
    pub revision: u64,
    pub table: Arc<Table>,
}

/// The tables that wait.
#[derive(Debug, Default)]
pub struct Held(Mutex<VecDeque<(String, u64, Waiting)>>);

impl Held {
    /// Keeps a table, in place of the person's last one; the name under which it is found again.
    ///
    /// # Errors
    /// Without randomness no name can be made that nobody guesses.
    pub fn keep(&self, waiting: Waiting, mono_ms: u64) -> Result<String, getrandom::Error> {
        let mut random = [0; 16];
        getrandom::fill(&mut random)?;
        let name = data_encoding::HEXLOWER.encode(&random);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|(_, since, other)| mono_ms < since + KEPT_MS && other.account != waiting.account);
        while held.len() >= MAX_HELD {
            held.pop_front();
        }
        held.push_back((name.clone(), mono_ms, waiting));
        Ok(name)
    }

    /// Takes the table out, if it is this person's and not too old.
    pub fn take(&self, name: &str, account: i64, hall: &HallId, mono_ms: u64) -> Option<Waiting> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|(_, since, _)| mono_ms < since + KEPT_MS);
        let own = |(n, _, w): &(String, u64, Waiting)| n == name && w.account == account && w.hall == *hall;
        let at = held.iter().position(own)?;
        held.remove(at).map(|(_, _, waiting)| waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(account: i64) -> Waiting {
        Waiting {
            account,
            hall: HallId::new("H1").unwrap(),
            list: List::Staff,
            absent: Absent::Keep,
            revision: 1,
            table: Arc::new(Table::read("工号,姓名\r\n1,张\r\n".as_bytes()).unwrap()),
        }
    }

    #[test]
    fn a_table_is_found_once_by_its_owner_in_its_hall_and_in_time() {
        let held = Held::default();
        let hall = HallId::new("H1").unwrap();
        let name = held.keep(waiting(7), 0).unwrap();
        assert!(held.take(&name, 8, &hall, 1).is_none(), "another person");
        assert!(held.take(&name, 7, &HallId::new("H2").unwrap(), 1).is_none(), "another hall");
        assert!(held.take(&name, 7, &hall, 1).is_some());
        assert!(held.take(&name, 7, &hall, 1).is_none(), "once");
        let name = held.keep(waiting(7), 0).unwrap();
        assert!(held.take(&name, 7, &hall, KEPT_MS).is_none(), "too late");
    }

    #[test]
    fn few_are_held_and_one_a_person() {
        let held = Held::default();
        let first = held.keep(waiting(0), 0).unwrap();
        let second = held.keep(waiting(0), 0).unwrap();
        let hall = HallId::new("H1").unwrap();
        assert!(held.take(&first, 0, &hall, 1).is_none());
        assert!(held.take(&second, 0, &hall, 1).is_some());
        for account in 0..40 {
            held.keep(waiting(account), 0).unwrap();
        }
        assert_eq!(held.0.lock().unwrap().len(), MAX_HELD);
    }
}
