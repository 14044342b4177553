//! What can be done to a hall, and why it is refused. Pure: [`super::sitting`] stores what comes of it.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::kinds::{Keep, Kind, Lead, for_kind};
use super::pledges::{PledgeState, Signed};
use super::sheets::fault::RowFault;
use super::whole::{FieldFault, Hall, Kept};
use crate::centre::access::Who;
use crate::centre::ingest::segments::StoreFault;
use crate::domain::text::TextFault;
use crate::domain::time::WallMs;

/// Whoever changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// 0: nobody's account, as when a file is taken over at start.
    pub account: i64,
    pub name: String,
    pub now: WallMs,
}

impl Author {
    pub fn of(who: &Who, now: WallMs) -> Self {
        Self { account: who.account, name: who.name.clone(), now }
    }

    pub(super) fn signed(&self) -> Signed {
        Signed { account: self.account, name: self.name.clone(), ms: self.now }
    }
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("there is no {} {}", .0.code(), .1)]
    NotFound(Kind, String),
    /// The board file leads; the pages say so.
    #[error("the hall is led by its board file; take it over into the centre first")]
    FileLed,
    #[error("the centre leads the hall already")]
    StoreLed,
    /// No file that the centre is told to read is of this hall, or one of them has faults.
    #[error("{0}")]
    NoFile(String),
    /// Its file does not say what the hall shows; both would have to be told apart by whoever is at a screen.
    #[error("the file says something else of: {}", .0.iter().map(|k| k.code()).collect::<Vec<_>>().join(", "))]
    FileDiffers(Vec<Kind>),
    /// A file that goes on with a pledge must not use the number of another text again.
    #[error("pledge {id}: the file must give its new text version {next} or a later one")]
    PledgeVersion { id: String, next: u32 },
    /// Somebody else has changed it meanwhile; both versions are to be shown.
    #[error("{} {id} has been changed meanwhile: it is at revision {revision}", kind.code())]
    Stale { kind: Kind, id: String, revision: u32 },
    #[error("{} {id} exists already", kind.code())]
    Exists { kind: Kind, id: String },
    #[error("{} {id} is retired; restore it first", kind.code())]
    Retired { kind: Kind, id: String },
    /// All of them at once.
    #[error("{} faults", .0.len())]
    Faulty(Vec<FieldFault>),
    #[error("the day {0} is over")]
    PastDay(Date),
    #[error("nobody approves what they drafted or proposed themselves")]
    OwnProposal,
    #[error("this needs a version that is {}", wanted.code())]
    WrongState { wanted: PledgeState },
    #[error("a pledge does not go over to another person")]
    OtherOwner,
    #[error("the reason {0}")]
    Note(TextFault),
    /// A list that names others than those that stand.
    #[error("the order does not name every {} once", .0.code())]
    Order(Kind),
    #[error("the order of the {}s was changed meanwhile", .0.code())]
    OrderChanged(Kind),
    /// A dry run was made for another state of the hall.
    #[error("the hall has changed since the dry run")]
    HallChanged,
    #[error("the table has {} faults", .0.len())]
    FaultySheet(Vec<RowFault>),
    #[error(transparent)]
    Store(#[from] StoreFault),
}

impl Refused {
    pub(super) fn stale(kind: Kind, id: &str, revision: u32) -> Self {
        Self::Stale { kind, id: id.to_owned(), revision }
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(e: rusqlite::Error) -> Self {
        Self::Store(e.into())
    }
}

impl Hall {
    /// # Errors
    /// [`Refused::FileLed`].
    pub fn writable(&self) -> Result<(), Refused> {
        if self.lead == Lead::Store { Ok(()) } else { Err(Refused::FileLed) }
    }

    /// Enters a new value (revision 0) or changes the one that the editor saw at `revision`. None: it says that already.
    pub(super) fn put<T: Keep>(
        &mut self,
        mut value: T,
        revision: u32,
        author: &Author,
    ) -> Result<Option<Kept<T>>, Refused> {
        let id = value.key().to_owned();
        let shelf = T::shelf_mut(self);
        let kept = shelf.iter_mut().find(|kept| kept.value.key() == id);
        let Some(kept) = kept else {
            if revision != 0 {
                return Err(Refused::NotFound(T::KIND, id));
            }
            value.settle(None);
            let kept = Kept::first(value, &author.name, author.now);
            shelf.push(kept.clone());
            return Ok(Some(kept));
        };
        match revision {
            0 => return Err(Refused::Exists { kind: T::KIND, id }),
            _ if revision != kept.revision => return Err(Refused::stale(T::KIND, &id, kept.revision)),
            _ if kept.retired_on.is_some() => return Err(Refused::Retired { kind: T::KIND, id }),
            _ => value.settle(Some(&kept.value)),
        }
        Ok(kept.change(author, |kept| kept.value = value))
    }

    /// Retires an object from a day on, or restores it. None: it is so already.
    pub(super) fn retire<T: Keep>(
        &mut self,
        id: &str,
        revision: u32,
        on: Option<Date>,
        author: &Author,
        today: Date,
    ) -> Result<Option<Kept<T>>, Refused> {
        if let Some(on) = on.filter(|on| *on < today) {
            return Err(Refused::PastDay(on));
        }
        let kept = self.at::<T>(id, revision)?;
        Ok(kept.change(author, |kept| kept.retired_on = on))
    }

    /// The object that the editor saw at `revision`.
    pub(super) fn at<T: Keep>(&mut self, id: &str, revision: u32) -> Result<&mut Kept<T>, Refused> {
        let kept = T::shelf_mut(self).iter_mut().find(|kept| kept.value.key() == id);
        match kept {
            None => Err(Refused::NotFound(T::KIND, id.to_owned())),
            Some(kept) if kept.revision == revision => Ok(kept),
            Some(kept) => Err(Refused::stale(T::KIND, id, kept.revision)),
        }
    }

    /// Puts the objects of a kind in this order; those that are not named (retired ones) follow.
    pub(super) fn arrange(&mut self, kind: Kind, order: &[String]) -> Result<(), Refused> {
        let done = for_kind!(
            kind,
            T => arranged(T::shelf_mut(self), order, |k| k.value.key(), |k| k.retired_on.is_none()),
            pledge => arranged(&mut self.pledges, order, |p| p.id.as_str(), |p| p.retired_on.is_none())
        );
        if done { Ok(()) } else { Err(Refused::Order(kind)) }
    }

    /// The ids of a kind in their order, retired ones included.
    pub fn ids(&self, kind: Kind) -> Vec<&str> {
        for_kind!(
            kind,
            T => T::shelf(self).iter().map(|k| k.value.key()).collect(),
            pledge => self.pledges.iter().map(|p| p.id.as_str()).collect()
        )
    }

    /// # Errors
    /// [`Refused::OrderChanged`] unless the objects that somebody saw still follow each other as they did.
    pub fn still_ordered(&self, kind: Kind, seen: &[String]) -> Result<(), Refused> {
        let known: HashSet<&str> = seen.iter().map(String::as_str).collect();
        let now = self.ids(kind).into_iter().filter(|id| known.contains(id));
        if now.eq(seen.iter().map(String::as_str)) { Ok(()) } else { Err(Refused::OrderChanged(kind)) }
    }
}

/// False: the order does not name all that must be named, or something else, or something twice.
fn arranged<T>(shelf: &mut [T], order: &[String], id: fn(&T) -> &str, must: fn(&T) -> bool) -> bool {
    let places: HashMap<&str, usize> = order.iter().map(String::as_str).zip(0..).collect();
    let place = |kept: &T| places.get(id(kept)).copied();
    let named = shelf.iter().filter(|kept| place(kept).is_some()).count();
    let all = shelf.iter().filter(|kept| must(kept)).all(|kept| place(kept).is_some());
    if named != order.len() || !all {
        return false;
    }
    shelf.sort_by_key(|kept| place(kept).unwrap_or(usize::MAX));
    true
}

impl<T: Keep> Kept<T> {
    /// Changes it as a new revision; none if it was so already.
    pub(super) fn change(&mut self, author: &Author, change: impl FnOnce(&mut Self)) -> Option<Self> {
        let before = self.clone();
        change(self);
        if *self == before {
            return None;
        }
        self.revision += 1;
        (self.changed_ms, self.changed_by) = (author.now, author.name.clone());
        Some(self.clone())
    }
}
