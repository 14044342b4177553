//! The audit log: who did what and who looked at what, each line chained to the one before it.
//!
//! A line is written in the transaction of the deed itself, so that neither stands without the other. It names objects by
//! their ids and holds nothing personal beyond who acted.
//!
//! **Invariant of absence:** nothing updates or deletes a line; the store itself refuses it, and [`verify`] finds it out when
//! somebody went around the store. A running centre checks the whole chain when it starts, once a day and when asked
//! ([`mod@chain`]), and what came since whenever somebody looks.

pub mod chain;
mod find;
mod pages;

use rusqlite::{Connection, OptionalExtension, params};

pub use find::{Wanted, count, lines};

use super::access::{Routes, Who};
use crate::domain::rating::coded;
use crate::domain::time::WallMs;

pub const SCHEMA: &str = "
CREATE TABLE audit_log (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  account INTEGER NOT NULL,
  login TEXT NOT NULL,
  role TEXT NOT NULL,
  act TEXT NOT NULL,
  object TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_log_by_time ON audit_log (at_ms);
CREATE INDEX audit_log_by_login ON audit_log (login);
CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_whole BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
";

/// Characters of what an act was done to, and of what is added to it; more is cut off.
const OBJECT_CHARS: usize = 200;
const DETAIL_CHARS: usize = 500;

coded! {
    /// What somebody did or looked at. Add yours; a code once written stays.
    Act {
        SignedIn = "signed_in",
        SignInRefused = "sign_in_refused",
        SignedOut = "signed_out",
        AlertAcknowledged = "alert_acknowledged",
        AlertClosed = "alert_closed",
        AlertRuleAdded = "alert_rule_added",
        AlertRuleChanged = "alert_rule_changed",
        AlertRuleRemoved = "alert_rule_removed",
        AlertDestinationAdded = "alert_destination_added",
        AlertDestinationChanged = "alert_destination_changed",
        AlertDestinationRemoved = "alert_destination_removed",
        AlertDestinationTested = "alert_destination_tested",
        Published = "published",
        PublicationWithdrawn = "publication_withdrawn",
        EnrolCodeMade = "enrol_code_made",
        EnrolCodeRevoked = "enrol_code_revoked",
        DeviceRetired = "device_retired",
        ForkDecided = "fork_decided",
        EpochExplained = "epoch_explained",
        AlarmsSeen = "alarms_seen",
        EntriesListed = "entries_listed",
        EntrySeen = "entry_seen",
        WordsOpened = "words_opened",
        LedgersFetched = "ledgers_fetched",
        CaseMoved = "case_moved",
        CaseAppealed = "case_appealed",
        CasesExported = "cases_exported",
        HallTakenOver = "hall_taken_over",
        HallGivenBack = "hall_given_back",
        HallEdited = "hall_edited",
        HallRetired = "hall_retired",
        HallRestored = "hall_restored",
        HallArranged = "hall_arranged",
        PortraitSet = "portrait_set",
        PinSet = "pin_set",
        PledgeDrafted = "pledge_drafted",
        PledgeProposed = "pledge_proposed",
        PledgeWithdrawn = "pledge_withdrawn",
        PledgeApproved = "pledge_approved",
        PledgeDeclined = "pledge_declined",
        SheetImported = "sheet_imported",
        SheetExported = "sheet_exported",
        /// Figures taken away as a file.
        StatisticsExported = "statistics_exported",
        QuestionSaved = "question_saved",
        QuestionChanged = "question_changed",
        QuestionDeleted = "question_deleted",
        PasswordChanged = "password_changed",
        SecondFactorSet = "second_factor_set",
        SecondFactorRemoved = "second_factor_removed",
        RecoveryCodeUsed = "recovery_code_used",
        RecoveryCodesMade = "recovery_codes_made",
        SessionEnded = "session_ended",
        TokenMade = "token_made",
        TokenRevoked = "token_revoked",
        AccountAdded = "account_added",
        AccountChanged = "account_changed",
        AccountDisabled = "account_disabled",
        AccountEnabled = "account_enabled",
        AccountReset = "account_reset",
        UnitAdded = "unit_added",
        UnitChanged = "unit_changed",
        UnitRemoved = "unit_removed",
        HallPlaced = "hall_placed",
        AuditExported = "audit_exported",
        RulesChanged = "rules_changed",
        /// By `pingyi admin` alone, as are the next three.
        FiguresRebuilt = "figures_rebuilt",
        SampleMade = "sample_made",
        BackupWritten = "backup_written",
        BackupRestored = "backup_restored",
        /// What the business system told of pieces of business.
        MattersTold = "matters_told",
        PledgeMeasured = "pledge_measured",
        PledgeRecorded = "pledge_recorded",
        ReviewWritten = "review_written",
        ReviewRevised = "review_revised",
        ReviewTakenBack = "review_taken_back",
        PeerRoundCalled = "peer_round_called",
        /// That somebody voted: never on whom, never what.
        PeerVoteGiven = "peer_vote_given",
        PeerRoundClosed = "peer_round_closed",
        ContestAdded = "contest_added",
        ContestScored = "contest_scored",
        ContestPublished = "contest_published",
        ContestWithdrawn = "contest_withdrawn",
        SelectionCalled = "selection_called",
        SelectionComputed = "selection_computed",
        SelectionNominated = "selection_nominated",
        SelectionNoticed = "selection_noticed",
        SelectionObjected = "selection_objected",
        SelectionAnswered = "selection_answered",
        SelectionVoted = "selection_voted",
        SelectionAwarded = "selection_awarded",
        AwardRevoked = "award_revoked",
        SelectionWithdrawn = "selection_withdrawn",
        ObjectionContactOpened = "objection_contact_opened",
        StoryWritten = "story_written",
        StoryProposed = "story_proposed",
        StoryPublished = "story_published",
        StoryDeclined = "story_declined",
        StoryWithdrawn = "story_withdrawn",
        StoryExported = "story_exported",
        ChecklistKept = "checklist_kept",
        InspectionPlanned = "inspection_planned",
        InspectionVisited = "inspection_visited",
        InspectionSubmitted = "inspection_submitted",
        InspectionReleased = "inspection_released",
        InspectionAnswered = "inspection_answered",
        InspectionClosed = "inspection_closed",
        InspectionCancelled = "inspection_cancelled",
        InspectionRemarked = "inspection_remarked",
        InspectionOrdered = "inspection_ordered",
        InspectionsExported = "inspections_exported",
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: i64,
    pub at: WallMs,
    pub account: i64,
    pub login: String,
    pub role: String,
    /// Code of an [`Act`], possibly of a newer program's.
    pub act: String,
    pub object: String,
    pub detail: String,
    pub hash: [u8; 32],
}

/// Adds a line within the transaction of the deed. `object` names what it was done to, such as `staff:0027`; `detail` adds
/// to it and holds nothing personal.
///
/// # Errors
/// Those of the store.
pub fn append(tx: &Connection, now: WallMs, who: &Who, act: Act, object: &str, detail: &str) -> rusqlite::Result<()> {
    let (id, prev) = head(tx)?.unwrap_or((0, [0; 32]));
    let mut line = Line {
        id: id + 1,
        at: now,
        account: who.account,
        login: who.login.clone(),
        role: who.role.code().to_owned(),
        act: act.code().to_owned(),
        object: object.chars().take(OBJECT_CHARS).collect(),
        detail: detail.chars().take(DETAIL_CHARS).collect(),
        hash: [0; 32],
    };
    line.hash = line.hash_after(&prev);
    let Line { id, at, account, login, role, act, object, detail, hash } = line;
    tx.prepare_cached(
        "INSERT INTO audit_log (id, at_ms, account, login, role, act, object, detail, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![id, at.0, account, login, role, act, object, detail, hash])?;
    Ok(())
}

/// The newest line's id and hash.
///
/// # Errors
/// Those of the store.
pub fn head(conn: &Connection) -> rusqlite::Result<Option<(i64, [u8; 32])>> {
    let sql = "SELECT id, hash FROM audit_log ORDER BY id DESC LIMIT 1";
    conn.prepare_cached(sql)?.query_row([], |r| Ok((r.get(0)?, r.get(1)?))).optional()
}

/// The pages of whoever may read it.
pub fn routes() -> Routes {
    pages::routes()
}

/// What a check of the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub lines: u64,
    /// Of the newest line; whoever noted it earlier can tell that nothing before it was rewritten since.
    pub head: [u8; 32],
    /// Ids of lines that do not follow from the line before them.
    pub broken: Vec<i64>,
}

/// Checks every line again.
///
/// # Errors
/// Those of the store.
pub fn verify(conn: &Connection) -> rusqlite::Result<Verified> {
    let mut walk = chain::Walk::default();
    while walk.on(conn, chain::LINES_AT_ONCE)? {}
    Ok(Verified { lines: walk.lines, head: walk.tip.hash, broken: walk.broken })
}

impl Line {
    fn of_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            at: WallMs(row.get(1)?),
            account: row.get(2)?,
            login: row.get(3)?,
            role: row.get(4)?,
            act: row.get(5)?,
            object: row.get(6)?,
            detail: row.get(7)?,
            hash: row.get(8)?,
        })
    }

    /// Each text with its length before it, so that no two lines read the same.
    fn hash_after(&self, prev: &[u8; 32]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"pingyi-audit-v1").update(prev);
        for number in [self.id, self.at.0, self.account] {
            hasher.update(&number.to_le_bytes());
        }
        for text in [&self.login, &self.role, &self.act, &self.object, &self.detail] {
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        *hasher.finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::access::samples::somebody;
    use crate::centre::schema;
    use crate::db;
    use crate::domain::role::Role;

    fn log_of(lines: i64) -> Connection {
        let conn = db::open_in_memory(&schema::SCHEMA).unwrap();
        for n in 0..lines {
            append(&conn, WallMs(n), &somebody(Role::SystemAdmin), Act::SignedIn, "account:1", &n.to_string()).unwrap();
        }
        conn
    }

    #[test]
    fn lines_chain_and_the_store_refuses_to_change_them() {
        let conn = log_of(5);
        let whole = verify(&conn).unwrap();
        assert_eq!((whole.lines, whole.broken.len()), (5, 0));
        assert_eq!(head(&conn).unwrap(), Some((5, whole.head)));
        assert!(conn.execute("UPDATE audit_log SET login = 'x' WHERE id = 3", []).is_err());
        assert!(conn.execute("DELETE FROM audit_log WHERE id = 3", []).is_err());
    }

    #[test]
    fn whoever_goes_around_the_store_is_found_out() {
        for (change, broken) in [
            ("UPDATE audit_log SET login = 'x' WHERE id = 3", vec![3]),
            ("DELETE FROM audit_log WHERE id = 3", vec![4]),
            ("UPDATE audit_log SET object = 'account:10', detail = '' WHERE id = 1", vec![1]),
            ("UPDATE audit_log SET hash = zeroblob(32) WHERE id = 2", vec![2, 3]),
        ] {
            let conn = log_of(5);
            conn.execute_batch("DROP TRIGGER audit_log_stays; DROP TRIGGER audit_log_whole;").unwrap();
            conn.execute(change, []).unwrap();
            assert_eq!(verify(&conn).unwrap().broken, broken, "{change}");
        }
    }

    #[test]
    fn long_texts_are_cut_and_the_chain_holds() {
        let conn = log_of(1);
        let long = "长".repeat(2_000);
        append(&conn, WallMs(9), &somebody(Role::Auditor), Act::SignedOut, &long, &long).unwrap();
        assert_eq!(verify(&conn).unwrap().broken, Vec::<i64>::new());
    }
}
