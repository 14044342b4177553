//! Who asks, and what they may: an enrolled device by its signature, a person by a session of the pages or by a token of
//! the interface.
//!
//! [`Routes`] carry their [`Need`](crate::domain::role::Need); the [`guard`] finds out who asks and refuses whoever may not,
//! before the handler runs. The handler then takes a narrow [`Handle`]: by itself on the interface, in [`Signed`] for a page
//! and in [`Posted`] or [`Uploaded`] for a form. [`Viewer`] draws whatever the person is shown.
//!
//! **Invariants of absence:** no handler reads a cookie or a token; no route stands outside [`Routes`].

mod body;
mod device;
pub mod guard;
mod handles;
mod needs;
mod posted;
mod routes;
pub mod session;
mod signed;
mod uploaded;
mod viewer;
mod who;

pub use body::{parse, read_body};
pub use device::{admitted, device};
pub use guard::{Entering, bearer};
#[cfg(test)]
pub(crate) use handles::tests as samples;
pub use handles::{
    AccountKeeper, AlertKeeper, AlertReader, Approver, AuditReader, BusinessTeller, CampaignReader, CaseDecider,
    CaseReader, CaseWorker, ContestKeeper, EntryReader, Explainer, FleetKeeper, FleetReader, HallEditor, HallReader,
    Handle, Inspector, LedgerReader, Member, OwnReader, PeerVoter, Publisher, Reviewer, RuleKeeper, SelectionDecider,
    SelectionKeeper, SelectionReader, StatisticsReader, Unsealer,
};
pub use needs::Needs;
pub use posted::{Posted, from_this_site, taken};
pub use routes::{Route, Routes};
pub use signed::{Refused, Signed};
pub use uploaded::{File, Uploaded};
pub use viewer::{Viewer, encoded, local};
pub use who::{Reach, Who};
