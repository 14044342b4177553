//! From the file to the store and back.
//!
//! Nothing that the store holds is lost on the way: a hall that is taken over again goes on from what it was, with a new
//! revision of whatever the file has changed meanwhile, and what the file does not name is out of use.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::Connection;

use super::acts::{Author, Refused};
use super::kinds::{Grant, Keep, Kind, Lead, Plate, Playlist};
use super::pledges::{PledgeFile, PledgeState, PledgeVersion};
use super::sitting::Sitting;
use super::store::{self, State};
use super::whole::{Hall, Kept};
use crate::centre::access::Who;
use crate::centre::audit::Act;
use crate::domain::board::{Board, Notice, Pledge, ReasonTag, ServiceItem, ServiceWindow, StaffCard};
use crate::domain::time::WallMs;

/// Why a draft ends when the file has gone on with its pledge.
const BY_FILE: &str = "board.toml";

impl<'a> Sitting<'a> {
    /// Takes a hall over from its file: everything on the board enters the store as it is, and the store leads from now on.
    ///
    /// # Errors
    /// [`Refused::StoreLed`] when it does already; [`Refused::OtherOwner`] or [`Refused::PledgeVersion`] where the file goes
    /// on with a pledge that the store knows as another one.
    pub fn take_over(
        tx: &'a Connection,
        board: &Board,
        file: Option<&Path>,
        who: Arc<Who>,
        now: WallMs,
        today: Date,
    ) -> Result<Self, Refused> {
        let (id, author) = (&board.hall.id, Author::of(&who, now));
        let before = store::state(tx, id)?;
        if before.as_ref().is_some_and(|s| s.lead == Lead::Store) {
            return Err(Refused::StoreLed);
        }
        let state = State {
            hall: id.clone(),
            lead: Lead::Store,
            revision: before.as_ref().map_or(0, |s| s.revision),
            file: file.map(Path::to_owned),
            taken_over_ms: author.now,
            taken_over_by: author.name.clone(),
        };
        let held = if before.is_some() { store::load(tx, id)? } else { None };
        let hall = Hall { lead: Lead::Store, ..held.unwrap_or_else(|| Hall::empty(id.clone())) };
        let mut sitting = Self { tx, state, hall, who, author, today, changes: 1, is_told: true, drafts: Vec::new() };
        sitting.meet_all(board)?;
        sitting.tell(Act::HallTakenOver, "board", "")?;
        Ok(sitting)
    }

    /// Lets the file lead again, which must show this board. Nothing of the store is taken away.
    ///
    /// # Errors
    /// [`Refused::HallChanged`], [`Refused::FileDiffers`] or [`Refused::NoFile`].
    pub fn give_back(mut self, file: Option<&Board>, revision: u64) -> Result<(), Refused> {
        if self.hall.revision != revision {
            return Err(Refused::HallChanged);
        }
        same_board(&self.hall.board(self.today), file)?;
        (self.state.lead, self.state.revision) = (Lead::File, self.state.revision + 1);
        store::set_state(self.tx, &self.state)?;
        self.tell(Act::HallGivenBack, "board", "")
    }

    /// Makes the hall show what the board says, whatever was in it.
    fn meet_all(&mut self, board: &Board) -> Result<(), Refused> {
        fn values<T>(kept: Vec<Kept<T>>) -> Vec<T> {
            kept.into_iter().map(|kept| kept.value).collect()
        }
        let wanted = Hall::of_board(board, &self.author.name, self.author.now);
        let grants = self.known_grants(values(wanted.honours));
        self.meet::<Plate>(values(wanted.plate))?;
        self.meet::<ServiceWindow>(values(wanted.windows))?;
        self.meet::<StaffCard>(values(wanted.staff))?;
        self.meet::<ServiceItem>(values(wanted.items))?;
        self.meet::<ReasonTag>(values(wanted.tags))?;
        self.meet::<Notice>(values(wanted.notices))?;
        self.meet::<Grant>(grants)?;
        // A file has none; those of the store would hide its notices.
        self.meet::<Playlist>(Vec::new())?;
        self.meet_pledges(&board.pledges)?;
        same_board(&self.hall.board(self.today), Some(board))
    }

    /// Enters, changes or restores what is wanted, in this order; everything else of the kind is out of use.
    fn meet<T: Keep>(&mut self, wanted: Vec<T>) -> Result<(), Refused> {
        let order: Vec<String> = wanted.iter().map(|value| value.key().to_owned()).collect();
        for value in wanted {
            let shelf = T::shelf_mut(&mut self.hall);
            let entered = match shelf.iter_mut().find(|kept| kept.value.key() == value.key()) {
                Some(kept) => {
                    // What is to go on a later day still goes then.
                    let retired_on = kept.retired_on.filter(|_| kept.stands(self.today));
                    kept.change(&self.author, |kept| (kept.value, kept.retired_on) = (value, retired_on))
                }
                None => {
                    let kept = Kept::first(value, &self.author.name, self.author.now);
                    shelf.push(kept.clone());
                    Some(kept)
                }
            };
            if let Some(kept) = entered {
                store::append(self.tx, &self.hall.id, &kept, &self.author)?;
            }
        }
        for kept in T::shelf_mut(&mut self.hall) {
            if kept.stands(self.today)
                && !order.iter().any(|id| id == kept.value.key())
                && let Some(kept) = kept.change(&self.author, |kept| kept.retired_on = Some(self.today))
            {
                store::append(self.tx, &self.state.hall, &kept, &self.author)?;
            }
        }
        self.put_in_order(T::KIND, &order)
    }

    fn put_in_order(&mut self, kind: Kind, order: &[String]) -> Result<(), Refused> {
        self.hall.arrange(kind, order)?;
        Ok(store::arrange(self.tx, &self.hall.id, kind, self.hall.ids(kind).into_iter())?)
    }

    /// The honours of a file under the ids that they had in the store, new ones under new ids.
    fn known_grants(&self, wanted: Vec<Grant>) -> Vec<Grant> {
        let mut left: Vec<&Grant> = self.hall.honours.iter().map(|kept| &kept.value).collect();
        let mut counted = Hall { honours: self.hall.honours.clone(), ..Hall::empty(self.hall.id.clone()) };
        let mut known = Vec::new();
        for grant in wanted {
            let same = left.iter().position(|g| g.owner == grant.owner && g.honour == grant.honour);
            let grant = match same {
                Some(at) => left.remove(at).clone(),
                None => Grant { id: counted.next_honour(), ..grant },
            };
            counted.honours.push(Kept::first(grant.clone(), "", WallMs(0)));
            known.push(grant);
        }
        known
    }

    fn meet_pledges(&mut self, wanted: &[Pledge]) -> Result<(), Refused> {
        for pledge in wanted {
            let entered = match self.hall.pledges.iter_mut().find(|file| file.id == pledge.id) {
                Some(file) => {
                    if !file.go_on(pledge, &self.author, self.today)? {
                        continue;
                    }
                    file.clone()
                }
                None => {
                    let file = PledgeFile::of_board(pledge, &self.author.name, self.author.now);
                    self.hall.pledges.push(file.clone());
                    file
                }
            };
            store::put_pledge(self.tx, &self.hall.id, &entered)?;
        }
        let order: Vec<String> = wanted.iter().map(|pledge| pledge.id.to_string()).collect();
        for file in &mut self.hall.pledges {
            let stands = file.retired_on.is_none_or(|on| self.today < on);
            // One that never came into force is still being worked on.
            let was_shown = file.versions.iter().any(|v| v.state == PledgeState::Approved);
            if stands && was_shown && !order.iter().any(|id| id == file.id.as_str()) {
                (file.retired_on, file.revision) = (Some(self.today), file.revision + 1);
                store::put_pledge(self.tx, &self.state.hall, file)?;
            }
        }
        let unseen = self.hall.pledges.iter().filter(|file| file.retired_on.is_none());
        let unseen = unseen.map(|file| file.id.to_string()).filter(|id| !order.contains(id)).collect::<Vec<_>>();
        self.put_in_order(Kind::Pledge, &[order, unseen].concat())
    }
}

impl PledgeFile {
    /// Takes what a file says of this pledge. False: it stood so already.
    fn go_on(&mut self, pledge: &Pledge, author: &Author, today: Date) -> Result<bool, Refused> {
        if self.staff_no != pledge.staff_no {
            return Err(Refused::OtherOwner);
        }
        let was_retired = self.retired_on.take_if(|on| *on <= today).is_some();
        if self.on_board(today).as_ref() == Some(pledge) {
            self.revision += u32::from(was_retired);
            return Ok(was_retired);
        }
        let last = self.versions.last().map_or(0, |v| v.version);
        if pledge.version <= last {
            return Err(Refused::PledgeVersion { id: self.id.to_string(), next: last + 1 });
        }
        let signed = author.signed();
        let ends = |v: &&mut PledgeVersion| matches!(v.state, PledgeState::Draft | PledgeState::Proposed);
        for open in self.versions.iter_mut().filter(ends) {
            (open.state, open.decided) = (PledgeState::Declined, Some(signed.clone()));
            open.note = Some(BY_FILE.to_owned());
        }
        let written = Self::of_board(pledge, &author.name, author.now);
        self.versions.extend(written.versions.into_iter().map(|v| PledgeVersion { in_force_on: Some(today), ..v }));
        self.revision += 1;
        Ok(true)
    }
}

/// # Errors
/// [`Refused::FileDiffers`] with every kind of which the file says something else; [`Refused::NoFile`].
pub(super) fn same_board(shown: &Board, file: Option<&Board>) -> Result<(), Refused> {
    let file = file.ok_or_else(|| Refused::NoFile(shown.hall.id.to_string()))?;
    let differs = [
        (Kind::Plate, (&shown.unit, &shown.hall) != (&file.unit, &file.hall)),
        (Kind::ServiceWindow, shown.windows != file.windows),
        (Kind::Staff, shown.staff != file.staff),
        (Kind::Pledge, shown.pledges != file.pledges),
        (Kind::Item, shown.items != file.items),
        (Kind::Tag, shown.tags != file.tags),
        (Kind::Notice, shown.notices != file.notices),
    ];
    let kinds: Vec<Kind> = differs.into_iter().filter(|(_, differs)| *differs).map(|(kind, _)| kind).collect();
    if kinds.is_empty() { Ok(()) } else { Err(Refused::FileDiffers(kinds)) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::super::tests::{NOW, sample, sit, stored, taken_over, user};
    use super::*;
    use crate::config;
    use crate::domain::board::Bilingual;
    use crate::domain::id::{NoticeId, PlaylistId};

    const TODAY: Date = date(2026, 11, 24);

    fn open(conn: &Connection) -> Sitting<'_> {
        Sitting::open(conn, &sample().hall.id, user(1), NOW, TODAY).unwrap()
    }

    fn zh(text: &str) -> Bilingual {
        Bilingual { zh: text.to_owned(), en: None }
    }

    /// What a file says that holds this board.
    fn through_a_file(board: &Board) -> Board {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("board.toml");
        std::fs::write(&file, config::board::write(board).unwrap()).unwrap();
        config::board::load(&file, None).unwrap()
    }

    /// A hall with a change of every kind, its order turned round.
    fn changed() -> Connection {
        let (conn, _) = taken_over();
        let done = sit(&conn, 1, |s| {
            let mut window = s.hall.windows[0].value.clone();
            window.name = zh("综合 \"一窗\" \\ 受理 # 号");
            s.put(window, 1)?;
            let first = s.hall.notices[0].value.id.clone();
            let (from, until) = (TODAY, TODAY.tomorrow().unwrap());
            let (id, name) = (PlaylistId::new("L1").unwrap(), "冬".to_owned());
            s.put(Playlist { id, name, notices: vec![first], from, until }, 0)?;
            let mut items: Vec<String> = s.hall.ids(Kind::Item).into_iter().map(str::to_owned).collect();
            items.reverse();
            s.arrange(Kind::Item, &items)?;
            let gone = s.hall.honours.last().unwrap().value.id.to_string();
            s.retire_today::<Grant>(&gone, 1)
        });
        done.unwrap();
        conn
    }

    #[test]
    fn a_hall_goes_back_to_a_file_that_says_the_same_and_to_no_other() {
        let conn = changed();
        let hall = stored(&conn);
        let shown = hall.board(TODAY);
        assert_eq!(through_a_file(&shown), shown, "what is written is read back as it was");
        let old = open(&conn).give_back(Some(&sample()), hall.revision);
        let Err(Refused::FileDiffers(kinds)) = old else { panic!("{old:?}") };
        assert!(kinds.contains(&Kind::ServiceWindow) && kinds.contains(&Kind::Item) && !kinds.contains(&Kind::Tag));
        assert!(matches!(open(&conn).give_back(None, hall.revision), Err(Refused::NoFile(_))));
        let unseen = open(&conn).give_back(Some(&shown), hall.revision - 1);
        assert!(matches!(unseen, Err(Refused::HallChanged)));
        assert_eq!(stored(&conn), hall, "what is refused changes nothing");
        open(&conn).give_back(Some(&shown), hall.revision).unwrap();
        assert_eq!(stored(&conn).lead, Lead::File);
        let closed = Sitting::open(&conn, &shown.hall.id, user(1), NOW, TODAY);
        assert!(matches!(closed, Err(Refused::FileLed)));
    }

    #[test]
    fn a_hall_that_is_taken_over_again_shows_what_its_file_has_become_and_keeps_its_past() {
        let conn = changed();
        let hall = stored(&conn);
        let shown = hall.board(TODAY);
        open(&conn).give_back(Some(&shown), hall.revision).unwrap();
        let mut file = shown.clone();
        file.windows.remove(1);
        for card in &mut file.staff {
            card.windows.retain(|id| file.windows.iter().any(|w| &w.id == id));
        }
        file.items[0].name = zh("新的名字");
        file.tags.swap(0, 1);
        file.pledges[0].version += 1;
        file.pledges[0].text = zh("先听再说");
        file.notices.push(Notice { id: NoticeId::new("N99").unwrap(), ..file.notices[0].clone() });
        let again = Sitting::take_over(&conn, &file, None, user(2), NOW, TODAY).unwrap().close().unwrap();
        assert_eq!(again.board(TODAY), file);
        assert_eq!(stored(&conn), again);
        assert_eq!(again.revision, hall.revision + 2);
        let gone = again.find::<ServiceWindow>(shown.windows[1].id.as_str()).unwrap();
        assert_eq!((gone.retired_on, gone.revision), (Some(TODAY), 2));
        let past = store::history::<ServiceItem>(&conn, &again.id, file.items[0].code.as_str()).unwrap();
        assert_eq!(past.len(), 2, "what it said before is still known");
        assert_eq!(again.pledge(file.pledges[0].id.as_str()).unwrap().versions.len(), 2);
        let ids = |hall: &Hall| {
            hall.honours.iter().filter(|h| h.stands(TODAY)).map(|h| h.value.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(ids(&again), ids(&hall), "honours keep their ids");
        assert!(again.playlists.iter().all(|list| !list.stands(TODAY)));
    }

    #[test]
    fn a_file_does_not_give_another_text_to_a_version_that_ratings_may_name() {
        let conn = changed();
        let hall = stored(&conn);
        let shown = hall.board(TODAY);
        open(&conn).give_back(Some(&shown), hall.revision).unwrap();
        let mut file = shown.clone();
        file.pledges[0].text = zh("另一句话");
        let refused = Sitting::take_over(&conn, &file, None, user(2), NOW, TODAY).map(|_| ());
        let next = shown.pledges[0].version + 1;
        assert!(matches!(refused, Err(Refused::PledgeVersion { next: n, .. }) if n == next));
    }
}
