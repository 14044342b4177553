//! The fleet's answers for programs, and how they are made.

use serde::{Deserialize, Serialize};

use super::state::Terminal;
use crate::centre::alarms::Alarm;
use crate::centre::directory::enrol::Listed;
use crate::centre::ingest::explanations::Decision;
use crate::domain::explanation::{EpochReason, ForkVerdict};
use crate::domain::id::{HallId, KioskId, StaffNo, WindowId};
use crate::domain::time::ClockGrade;
use crate::ledger::keys::{DeviceId, Hash};

/// A terminal as it stands now.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TerminalOut {
    pub device: DeviceId,
    pub kiosk: KioskId,
    pub hall: HallId,
    pub window: WindowId,
    /// active, replaced or revoked
    pub standing: &'static str,
    /// well, look, bad or ended
    pub health: &'static str,
    /// What is worth a look, the worst first.
    pub concerns: Vec<&'static str>,
    pub enrolled_ms: i64,
    /// Absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
    /// The ledger's head, as the terminal said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// What the centre holds of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsynced: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockGrade>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_ahead_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_disk_mb: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub board_wanted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffNo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screen: Option<(u32, u32)>,
    /// Alarms that nobody has closed.
    pub alarms: Vec<AlarmOut>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AlarmOut {
    pub kind: &'static str,
    pub epoch: u32,
    pub at_seq: u64,
    pub note: String,
    pub count: u64,
    pub first_ms: i64,
    pub last_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_ms: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FleetOut {
    pub terminals: Vec<TerminalOut>,
}

/// One epoch of a terminal's ledger.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct EpochOut {
    pub epoch: u32,
    pub held_seq: u64,
    pub hash: Hash,
    pub running: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<EpochReason>,
    pub forks: Vec<ForkOut>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ForkOut {
    pub at_seq: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<ForkVerdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_visits: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ChangeOut {
    pub changed_ms: i64,
    pub concerns: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TerminalDetail {
    pub terminal: TerminalOut,
    pub epochs: Vec<EpochOut>,
    /// Open ones first.
    pub alarms: Vec<AlarmOut>,
    /// The latest first.
    pub changes: Vec<ChangeOut>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CodeOut {
    pub id: i64,
    pub kiosk: KioskId,
    pub hall: HallId,
    pub window: WindowId,
    /// open, used, expired or revoked
    pub standing: &'static str,
    pub made_ms: i64,
    pub expires_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_by: Option<DeviceId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CodesOut {
    pub codes: Vec<CodeOut>,
}

/// A code, this once.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CodeMade {
    pub code: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeWanted {
    pub kiosk: KioskId,
    pub hall: HallId,
    pub window: WindowId,
}

#[derive(Debug, Clone, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonGiven {
    pub reason: EpochReason,
    /// One line of 2 to 300 characters.
    #[schema(min_length = 2, max_length = 300)]
    pub words: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictGiven {
    pub verdict: ForkVerdict,
    /// One line of 2 to 300 characters.
    #[schema(min_length = 2, max_length = 300)]
    pub words: String,
}

/// It is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Done {
    pub done: bool,
}

pub fn out(t: &Terminal) -> TerminalOut {
    let seen = t.seen.as_ref();
    let state = seen.and_then(|s| s.state.as_ref());
    TerminalOut {
        device: t.device.id,
        kiosk: t.device.kiosk.clone(),
        hall: t.device.hall.clone(),
        window: t.device.service_window.clone(),
        standing: t.device.standing.code(),
        health: t.health().code(),
        concerns: t.concerns.iter().map(|c| c.code()).collect(),
        enrolled_ms: t.device.enrolled.0,
        seen_ms: seen.map(|s| s.seen.0),
        epoch: seen.map(|s| s.epoch),
        seq: seen.map(|s| s.seq),
        held_seq: t.held.map(|(_, seq)| seq),
        unsynced: seen.map(|s| s.unsynced),
        clock: seen.map(|s| s.clock),
        clock_ahead_ms: seen.map(|s| s.clock_ahead_ms),
        free_disk_mb: seen.map(|s| s.free_disk_mb),
        version: seen.map(|s| s.version.clone()),
        board: seen.and_then(|s| s.board.clone()),
        board_wanted: t.board_wanted.clone(),
        staff: state.and_then(|s| s.staff.clone()),
        receipt_seq: state.map(|s| s.receipt_seq),
        screen: state.and_then(|s| s.screen),
        alarms: t.alarms.iter().map(alarm_out).collect(),
    }
}

pub fn alarm_out(a: &Alarm) -> AlarmOut {
    AlarmOut {
        kind: a.kind.code(),
        epoch: a.epoch,
        at_seq: a.at_seq,
        note: a.note.clone(),
        count: a.count,
        first_ms: a.first.0,
        last_ms: a.last.0,
        closed_ms: None,
    }
}

pub fn fork_out(fork: &(u64, Option<Decision>)) -> ForkOut {
    let (at_seq, decision) = fork;
    let added_visits = decision.as_ref().and_then(|d| d.added_visits);
    ForkOut { at_seq: *at_seq, verdict: decision.as_ref().map(|d| d.verdict), added_visits }
}

pub fn code_out(code: &Listed) -> CodeOut {
    CodeOut {
        id: code.id,
        kiosk: code.kiosk.clone(),
        hall: code.hall.clone(),
        window: code.service_window.clone(),
        standing: code.standing.code(),
        made_ms: code.made.0,
        expires_ms: code.expires.0,
        used_by: code.used_by,
    }
}
