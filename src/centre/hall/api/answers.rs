//! What the interface answers about halls.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::acts::Refused;
use crate::centre::hall::kinds::{Grant, Lead, Plate, Playlist};
use crate::centre::hall::pledges::PledgeFile;
use crate::centre::hall::sheets::fault::RowFault;
use crate::centre::hall::sheets::plan::{Change, Plan};
use crate::centre::hall::whole::{FieldFault, Hall, Kept};
use crate::domain::board::{Notice, ReasonTag, ServiceItem, ServiceWindow, StaffCard};
use crate::domain::id::HallId;
use crate::words::Language;

/// Faults of one answer.
const MAX_FAULTS: usize = 500;

#[derive(Debug, Serialize, ToSchema)]
pub struct HallList {
    pub halls: Vec<HallSummary>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HallSummary {
    pub hall: HallId,
    pub name: String,
    /// `file`: its board file leads, and nothing can be changed here; `store`: the centre does.
    #[schema(value_type = String)]
    pub lead: Lead,
    /// Counts every change in the hall.
    pub revision: u64,
}

impl HallSummary {
    pub fn of(hall: &Hall) -> Self {
        let name = hall.plate.first().map(|p| p.value.name.zh.clone()).unwrap_or_default();
        Self { hall: hall.id.clone(), name, lead: hall.lead, revision: hall.revision }
    }
}

/// Everything that a hall keeps.
#[derive(Debug, Serialize, ToSchema)]
pub struct HallContent {
    #[serde(flatten)]
    pub summary: HallSummary,
    pub plate: Option<Kept<Plate>>,
    pub windows: Vec<Kept<ServiceWindow>>,
    pub staff: Vec<Kept<StaffCard>>,
    pub pledges: Vec<PledgeFile>,
    pub items: Vec<Kept<ServiceItem>>,
    pub tags: Vec<Kept<ReasonTag>>,
    pub notices: Vec<Kept<Notice>>,
    pub playlists: Vec<Kept<Playlist>>,
    pub honours: Vec<Kept<Grant>>,
}

impl HallContent {
    pub fn of(hall: &Hall) -> Self {
        let mut staff = hall.staff.clone();
        staff.iter_mut().for_each(|s| s.value.pin_hash = None);
        Self {
            summary: HallSummary::of(hall),
            plate: hall.plate.first().cloned(),
            windows: hall.windows.clone(),
            staff,
            pledges: hall.pledges.clone(),
            items: hall.items.clone(),
            tags: hall.tags.clone(),
            notices: hall.notices.clone(),
            playlists: hall.playlists.clone(),
            honours: hall.honours.clone(),
        }
    }
}

/// The revision of an object after a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revision {
    pub revision: u32,
}

/// One fault: of an object's field, or of a table's cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct HallFault {
    /// Kind of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Of a table; the headings are row 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The column's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Chinese first, English second.
    pub message: String,
}

impl HallFault {
    fn of_field(fault: &FieldFault) -> Self {
        let told = |l| format!("{}; {}", fault.wrong.wrong(l), fault.wrong.allowed(l));
        Self {
            kind: Some(fault.kind.code().to_owned()),
            id: Some(fault.id.clone()).filter(|id| !id.is_empty()),
            field: Some(fault.field.clone()).filter(|field| !field.is_empty()),
            row: None,
            column: None,
            message: format!("{} {}", told(Language::Zh), told(Language::En)),
        }
    }

    pub fn of_row(fault: &RowFault) -> Self {
        let message = Language::ALL.iter().map(|l| fault.wrong.sentence(*l)).collect::<Vec<_>>().join(" ");
        Self { kind: None, id: None, field: None, row: fault.row, column: fault.column.map(str::to_owned), message }
    }
}

/// A change that was refused: an error of the interface with everything that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct HallRefusal {
    /// `stale`, `conflict`, `faulty`, `forbidden` or `not_found`.
    pub code: String,
    pub message: String,
    pub reference: String,
    /// All at once; nothing was changed. Absent where the address itself is refused.
    #[schema(required = false)]
    pub faults: Vec<HallFault>,
    /// Of a stale edit: the revision that the object has now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
}

impl HallRefusal {
    pub fn response(refused: &Refused) -> Response {
        let code = match refused {
            Refused::NotFound(..) => ErrorCode::NotFound,
            Refused::Stale { .. } | Refused::HallChanged | Refused::OrderChanged(_) => ErrorCode::Stale,
            Refused::OwnProposal => ErrorCode::Forbidden,
            Refused::FileLed
            | Refused::StoreLed
            | Refused::NoFile(_)
            | Refused::FileDiffers(_)
            | Refused::PledgeVersion { .. }
            | Refused::Exists { .. }
            | Refused::Retired { .. }
            | Refused::WrongState { .. }
            | Refused::OtherOwner => ErrorCode::Conflict,
            Refused::Faulty(_) | Refused::FaultySheet(_) => ErrorCode::Faulty,
            Refused::PastDay(_) | Refused::Note(_) | Refused::Order(_) => ErrorCode::Faulty,
            Refused::Store(_) => ErrorCode::Unavailable,
        };
        let faults = match refused {
            Refused::Faulty(faults) => faults.iter().take(MAX_FAULTS).map(HallFault::of_field).collect(),
            Refused::FaultySheet(faults) => faults.iter().take(MAX_FAULTS).map(HallFault::of_row).collect(),
            _ => Vec::new(),
        };
        let revision = match refused {
            Refused::Stale { revision, .. } => Some(*revision),
            _ => None,
        };
        let body = ApiFault::telling(code, refused).to_body();
        let (code_text, message, reference) = (body.code, body.message, body.reference);
        (code.status(), Json(Self { code: code_text, message, reference, faults, revision })).into_response()
    }
}

/// What a table would do, or has done.
#[derive(Debug, Serialize, ToSchema)]
pub struct TablePlan {
    /// How the file was read: utf-8, gb18030 or xlsx.
    pub encoding: String,
    pub added: Vec<TableChange>,
    pub changed: Vec<TableChange>,
    pub restored: Vec<TableChange>,
    pub retired: Vec<TableChange>,
    pub unchanged: usize,
    /// By row; of a dry run alone.
    pub faults: Vec<HallFault>,
    /// True if nothing was changed.
    pub dry_run: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TableChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    pub id: String,
    /// Codes of the columns that differ.
    pub columns: Vec<&'static str>,
}

impl TablePlan {
    pub fn of(plan: &Plan, dry_run: bool) -> Self {
        let change =
            |c: &Change| TableChange { row: c.row, id: c.id.clone(), columns: c.cells.iter().map(|x| x.0).collect() };
        let list = |changes: &[Change]| changes.iter().map(change).collect();
        Self {
            encoding: plan.encoding.code().to_owned(),
            added: list(&plan.added),
            changed: list(&plan.changed),
            restored: list(&plan.restored),
            retired: list(&plan.retired),
            unchanged: plan.unchanged,
            faults: plan.faults.iter().map(HallFault::of_row).collect(),
            dry_run,
        }
    }
}

/// One of them, by the kind in the path. For the document alone.
#[derive(Debug, ToSchema)]
#[schema(as = HallObject)]
#[serde(untagged)]
#[allow(dead_code, reason = "the document is made of it; values are read by their kind")]
pub enum HallObject {
    Plate(Plate),
    ServiceWindow(ServiceWindow),
    Staff(StaffCard),
    Item(ServiceItem),
    Tag(ReasonTag),
    Notice(Notice),
    Playlist(Playlist),
    Honour(Grant),
}
