//! Who sees which inspection. Every list, count, page, file and answer of the interface asks here.

use rusqlite::Connection;

use super::store::{self, Record};
use crate::centre::access::{Reach, Who};
use crate::domain::inspection::Actor;
use crate::domain::role::Role;

/// What one person sees.
#[derive(Debug, Clone)]
pub struct Sight {
    pub actor: Actor,
    pub reach: Reach,
}

/// Of `inspection`, with the parameters of [`Sight::parameters`]: the same as
/// [`is_seen_by`](crate::domain::inspection::Inspection::is_seen_by), in SQL.
pub(super) const SEEN: &str = "
    (:halls IS NULL OR hall IN (SELECT value FROM json_each(:halls)))
    AND (kind = 'announced' OR stage IN ('released', 'answered', 'closed') OR :leader OR planner = :account
         OR EXISTS (SELECT 1 FROM inspection_inspector AS s WHERE s.inspection = id AND s.account = :account))";

impl Sight {
    pub fn of(who: &Who) -> Self {
        Self { actor: Actor { account: who.account, role: who.role }, reach: who.reach.clone() }
    }

    pub fn sees(&self, record: &Record) -> bool {
        self.reach.covers(&record.hall) && record.inspection.is_seen_by(self.actor)
    }

    /// One inspection, if it exists for this person.
    ///
    /// # Errors
    /// Those of the store.
    pub fn one(&self, conn: &Connection, id: i64) -> rusqlite::Result<Option<Record>> {
        Ok(store::one(conn, id)?.filter(|record| self.sees(record)))
    }

    /// `:halls`, `:leader`, `:account` of [`SEEN`].
    pub(super) fn parameters(&self) -> (Option<String>, bool, i64) {
        let halls = self.reach.halls().map(|halls| {
            let ids: Vec<&str> = halls.iter().map(crate::domain::id::HallId::as_str).collect();
            // A list of short texts always becomes JSON; an empty list lets nothing through.
            serde_json::to_string(&ids).unwrap_or_else(|_| "[]".to_owned())
        });
        (halls, self.actor.role == Role::Leader, self.actor.account)
    }
}
