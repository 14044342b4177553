//! One sitting over one hall: any number of changes, stored together or not at all.

use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::Connection;

use super::acts::{Author, Refused};
use super::kinds::{Keep, Kind, Lead};
use super::pledges::{PledgeState, PledgeStep};
use super::store::{self, State};
use super::whole::{Hall, Kept};
use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::config::pin::PinHash;
use crate::domain::board::StaffCard;
use crate::domain::id::{HallId, PledgeId, StaffNo};
use crate::domain::time::WallMs;

/// Changes of one hall within one transaction of the writer. Nothing counts until [`Sitting::close`].
#[derive(Debug)]
pub struct Sitting<'a> {
    pub(super) tx: &'a Connection,
    pub(super) state: State,
    /// As it stands now, with what this sitting has changed.
    pub hall: Hall,
    pub(super) who: Arc<Who>,
    pub(super) author: Author,
    pub(super) today: Date,
    pub(super) changes: u32,
    /// A line of the audit log for each change; false within an import, which has one for all.
    pub(super) is_told: bool,
    /// Pledges whose open version must be fit to be shown, too.
    pub(super) drafts: Vec<PledgeId>,
}

impl<'a> Sitting<'a> {
    /// # Errors
    /// [`Refused::FileLed`] for a hall that the store does not lead.
    pub fn open(tx: &'a Connection, hall: &HallId, who: Arc<Who>, now: WallMs, today: Date) -> Result<Self, Refused> {
        let state = store::state(tx, hall)?.filter(|s| s.lead == Lead::Store).ok_or(Refused::FileLed)?;
        let hall = store::load(tx, hall)?.ok_or(Refused::FileLed)?;
        let author = Author::of(&who, now);
        Ok(Self { tx, state, hall, who, author, today, changes: 0, is_told: true, drafts: Vec::new() })
    }

    /// Enters a new value (revision 0) or changes the one that the editor saw at `revision`. Answers the revision now.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn put<T: Keep>(&mut self, value: T, revision: u32) -> Result<u32, Refused> {
        let put = self.hall.put(value, revision, &self.author)?;
        self.keep(put, revision, Act::HallEdited)
    }

    /// Shows an object no more from a day on, or (none) again.
    ///
    /// # Errors
    /// [`Refused`]; closing refuses it as long as another object names it.
    pub fn retire<T: Keep>(&mut self, id: &str, revision: u32, on: Option<Date>) -> Result<u32, Refused> {
        let put = self.hall.retire::<T>(id, revision, on, &self.author, self.today)?;
        self.keep(put, revision, if on.is_some() { Act::HallRetired } else { Act::HallRestored })
    }

    /// Shows an object no more from today on.
    ///
    /// # Errors
    /// As [`Sitting::retire`].
    pub fn retire_today<T: Keep>(&mut self, id: &str, revision: u32) -> Result<u32, Refused> {
        self.retire::<T>(id, revision, Some(self.today))
    }

    /// Puts the objects of a kind in this order.
    ///
    /// # Errors
    /// [`Refused::Order`].
    pub fn arrange(&mut self, kind: Kind, order: &[String]) -> Result<(), Refused> {
        self.hall.arrange(kind, order)?;
        let ids = self.hall.ids(kind);
        store::arrange(self.tx, &self.hall.id, kind, ids.iter().copied())?;
        self.changes += 1;
        // The log cuts long ones short.
        self.tell(Act::HallArranged, kind.code(), &ids.join(" "))
    }

    /// Gives a person another portrait, or none: the name of a stored picture.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn set_portrait(&mut self, staff: &StaffNo, revision: u32, photo: Option<String>) -> Result<u32, Refused> {
        let kept = self.hall.at::<StaffCard>(staff.as_str(), revision)?;
        let put = kept.change(&self.author, |kept| kept.value.photo = photo);
        self.keep(put, revision, Act::PortraitSet)
    }

    /// Gives a person another PIN, or none.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn set_pin(&mut self, staff: &StaffNo, revision: u32, pin: Option<&PinHash>) -> Result<u32, Refused> {
        let kept = self.hall.at::<StaffCard>(staff.as_str(), revision)?;
        let put = kept.change(&self.author, |kept| kept.value.pin_hash = pin.map(ToString::to_string));
        self.keep(put, revision, Act::PinSet)
    }

    /// Takes a step with a pledge that the editor saw at `revision` (0: a new one). Answers the revision now.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn step_pledge(&mut self, id: &PledgeId, revision: u32, step: PledgeStep) -> Result<u32, Refused> {
        let act = step.act();
        let file = self.hall.step_pledge(id, revision, step, &self.author, self.today)?;
        store::put_pledge(self.tx, &self.state.hall, file)?;
        self.changes += 1;
        let now = file.revision;
        if file.open().is_some() {
            self.drafts.push(id.clone());
        }
        let version = file.versions.last().map_or(0, |v| v.version);
        self.tell(act, &format!("pledge:{id}"), &format!("version {version}"))?;
        Ok(now)
    }

    /// Ends the sitting: the whole hall must hold. Answers it as it stands now.
    ///
    /// # Errors
    /// [`Refused::Faulty`] with every fault; the transaction's piece must be given up then.
    pub fn close(mut self) -> Result<Hall, Refused> {
        if self.changes == 0 {
            return Ok(self.hall);
        }
        let mut faults = self.hall.faults(self.today);
        if !self.drafts.is_empty() {
            let more = self.trial().faults(self.today);
            faults.extend(more.into_iter().filter(|f| !faults.contains(f)).collect::<Vec<_>>());
        }
        if !faults.is_empty() {
            return Err(Refused::Faulty(faults));
        }
        self.state.revision += 1;
        self.hall.revision = self.state.revision;
        store::set_state(self.tx, &self.state)?;
        Ok(self.hall)
    }

    /// The hall as if the open versions were in force.
    fn trial(&self) -> Hall {
        let mut trial = self.hall.clone();
        for pledge in trial.pledges.iter_mut().filter(|p| self.drafts.contains(&p.id)) {
            for version in &mut pledge.versions {
                if matches!(version.state, PledgeState::Draft | PledgeState::Proposed) {
                    (version.state, version.in_force_on) = (PledgeState::Approved, Some(self.today));
                }
            }
        }
        trial
    }

    fn keep<T: Keep>(&mut self, put: Option<Kept<T>>, revision: u32, act: Act) -> Result<u32, Refused> {
        let Some(kept) = put else { return Ok(revision) };
        store::append(self.tx, &self.hall.id, &kept, &self.author)?;
        self.changes += 1;
        if self.is_told {
            let object = format!("{}:{}", T::KIND.code(), kept.value.key());
            self.tell(act, &object, &format!("revision {}", kept.revision))?;
        }
        Ok(kept.revision)
    }

    pub(super) fn tell(&self, act: Act, object: &str, detail: &str) -> Result<(), Refused> {
        let object = format!("hall:{}/{object}", self.hall.id);
        Ok(audit::append(self.tx, self.author.now, &self.who, act, &object, detail)?)
    }

    /// Does many changes under one line of the audit log; `work` answers what that says.
    ///
    /// # Errors
    /// Those of `work`.
    pub(super) fn import<T>(
        &mut self,
        kind: Kind,
        work: impl FnOnce(&mut Self) -> Result<(T, String), Refused>,
    ) -> Result<T, Refused> {
        self.is_told = false;
        let (value, detail) = work(self)?;
        self.is_told = true;
        self.tell(Act::SheetImported, kind.code(), &detail)?;
        Ok(value)
    }
}
