//! A whole hall in memory: everything it keeps, what its board is on a day, and what is wrong with it. Pure.
//!
//! **Invariant:** a hall that the store leads passes `config::rules` on every day from today on, as far as its dates are
//! known today.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use serde::Serialize;

use super::kinds::{Grant, Keep, Kind, Lead, Owner, Plate, Playlist};
use super::pledges::PledgeFile;
use crate::config::fault::Wrong;
use crate::config::rules;
use crate::domain::board::{
    Board, Hall as BoardHall, Honour, Notice, ReasonTag, ServiceItem, ServiceWindow, StaffCard,
};
use crate::domain::id::{HallId, HonourId, NoticeId};
use crate::domain::time::WallMs;

/// Future days whose board is looked at when something changes.
const MAX_DAYS: usize = 64;

/// A value as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Kept<T> {
    #[serde(flatten)]
    pub value: T,
    /// Counts the changes of this object, from 1. An edit names the revision it began with.
    pub revision: u32,
    /// The first day on which it is not shown any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub retired_on: Option<Date>,
    #[schema(value_type = i64)]
    pub changed_ms: WallMs,
    pub changed_by: String,
}

impl<T> Kept<T> {
    pub fn first(value: T, author: &str, now: WallMs) -> Self {
        Self { value, revision: 1, retired_on: None, changed_ms: now, changed_by: author.to_owned() }
    }

    /// True if it is shown on a day.
    pub fn stands(&self, day: Date) -> bool {
        self.retired_on.is_none_or(|on| day < on)
    }
}

/// Everything of one hall, retired things included.
#[derive(Debug, Clone, PartialEq)]
pub struct Hall {
    pub id: HallId,
    pub lead: Lead,
    /// Counts every change in the hall; 0: not kept by the store.
    pub revision: u64,
    /// One entry.
    pub plate: Vec<Kept<Plate>>,
    pub windows: Vec<Kept<ServiceWindow>>,
    pub staff: Vec<Kept<StaffCard>>,
    pub pledges: Vec<PledgeFile>,
    pub items: Vec<Kept<ServiceItem>>,
    pub tags: Vec<Kept<ReasonTag>>,
    pub notices: Vec<Kept<Notice>>,
    pub playlists: Vec<Kept<Playlist>>,
    pub honours: Vec<Kept<Grant>>,
}

/// What is wrong, and at which object's field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    pub kind: Kind,
    /// Empty: all of its kind together.
    pub id: String,
    /// As in the value: `name.zh`, `items[2]`; empty: the whole object.
    pub field: String,
    pub wrong: Wrong,
}

impl Hall {
    pub fn empty(id: HallId) -> Self {
        Self {
            id,
            lead: Lead::File,
            revision: 0,
            plate: Vec::new(),
            windows: Vec::new(),
            staff: Vec::new(),
            pledges: Vec::new(),
            items: Vec::new(),
            tags: Vec::new(),
            notices: Vec::new(),
            playlists: Vec::new(),
            honours: Vec::new(),
        }
    }

    /// What a board that was written by hand says, as if it were kept. Pledges count as approved.
    pub fn of_board(board: &Board, author: &str, now: WallMs) -> Self {
        fn kept<T>(values: impl IntoIterator<Item = T>, author: &str, now: WallMs) -> Vec<Kept<T>> {
            values.into_iter().map(|value| Kept::first(value, author, now)).collect()
        }
        let mut hall = Self::empty(board.hall.id.clone());
        let plate = Plate {
            hall: board.hall.id.clone(),
            unit: board.unit.clone(),
            name: board.hall.name.clone(),
            hotline: board.hall.hotline.clone(),
            best_first: board.hall.best_first,
        };
        hall.plate = kept([plate], author, now);
        hall.windows =
            kept(board.windows.iter().map(|w| ServiceWindow { honours: Vec::new(), ..w.clone() }), author, now);
        hall.staff = kept(board.staff.iter().map(|s| StaffCard { honours: Vec::new(), ..s.clone() }), author, now);
        hall.pledges = board.pledges.iter().map(|p| PledgeFile::of_board(p, author, now)).collect();
        hall.items = kept(board.items.iter().cloned(), author, now);
        hall.tags = kept(board.tags.iter().cloned(), author, now);
        hall.notices = kept(board.notices.iter().cloned(), author, now);
        let of_windows = board.windows.iter().map(|w| (Owner::ServiceWindow(w.id.clone()), &w.honours));
        let of_staff = board.staff.iter().map(|s| (Owner::Staff(s.staff_no.clone()), &s.honours));
        for (owner, honours) in of_windows.chain(of_staff) {
            for honour in honours {
                let grant = Grant { id: hall.next_honour(), owner: owner.clone(), honour: honour.clone() };
                hall.honours.push(Kept::first(grant, author, now));
            }
        }
        hall
    }

    /// The object under a key, retired or not.
    pub fn find<T: Keep>(&self, key: &str) -> Option<&Kept<T>> {
        T::shelf(self).iter().find(|kept| kept.value.key() == key)
    }

    /// The hall as if a value were entered: for looking at what would come of it. Nothing is stored.
    #[must_use]
    pub fn with<T: Keep>(&self, mut value: T) -> Self {
        let mut hall = self.clone();
        let stored = hall.find::<T>(value.key()).map(|kept| kept.value.clone());
        value.settle(stored.as_ref());
        let shelf = T::shelf_mut(&mut hall);
        match shelf.iter_mut().find(|kept| kept.value.key() == value.key()) {
            Some(kept) => kept.value = value,
            None => shelf.push(Kept::first(value, "", WallMs(0))),
        }
        hall
    }

    pub fn pledge(&self, id: &str) -> Option<&PledgeFile> {
        self.pledges.iter().find(|p| p.id.as_str() == id)
    }

    /// An honour's id that is free: they are counted.
    pub fn next_honour(&self) -> HonourId {
        let number = |kept: &Kept<Grant>| kept.value.id.as_str().strip_prefix('H').and_then(|n| n.parse::<u32>().ok());
        let last = self.honours.iter().filter_map(number).max().unwrap_or(0);
        // Always of the right form; the stand-in is never reached.
        HonourId::new(&format!("H{:04}", last.saturating_add(1)))
            .unwrap_or_else(|_| unreachable!("a letter and digits are an id"))
    }

    /// What kiosks are shown on a day.
    pub fn board(&self, day: Date) -> Board {
        let mut honours: HashMap<&Owner, Vec<Honour>> = HashMap::new();
        for grant in standing(&self.honours, day) {
            honours.entry(&grant.owner).or_default().push(grant.honour.clone());
        }
        let mut take = |owner: &Owner| honours.remove(owner).unwrap_or_default();
        let windows = standing(&self.windows, day)
            .map(|w| ServiceWindow { honours: take(&Owner::ServiceWindow(w.id.clone())), ..w.clone() });
        let windows = windows.collect();
        let staff = standing(&self.staff, day)
            .map(|s| StaffCard { honours: take(&Owner::Staff(s.staff_no.clone())), ..s.clone() })
            .collect();
        // What a person promised goes with the person.
        let gone: HashSet<_> = self.staff.iter().filter(|s| !s.stands(day)).map(|s| &s.value.staff_no).collect();
        let pledges = self.pledges.iter().filter(|p| p.staff_no.as_ref().is_none_or(|no| !gone.contains(no)));
        let pledges = pledges.filter_map(|p| p.on_board(day)).collect();
        let plate = self.plate.first().map(|p| p.value.clone()).unwrap_or_else(|| nameless(&self.id));
        Board {
            unit: plate.unit,
            hall: BoardHall {
                id: self.id.clone(),
                name: plate.name,
                hotline: plate.hotline,
                best_first: plate.best_first,
            },
            windows,
            staff,
            pledges,
            items: standing(&self.items, day).cloned().collect(),
            tags: standing(&self.tags, day).cloned().collect(),
            notices: self.notices_on(day),
        }
    }

    /// Windows, people, items and tags that were ever shown, for names in statistics.
    pub fn known(&self) -> Board {
        // Nothing was retired then.
        self.board(Date::MIN)
    }

    /// Notices of the playlists that run, in their order, then those of no playlist.
    fn notices_on(&self, day: Date) -> Vec<Notice> {
        let lists: Vec<_> = standing(&self.playlists, day).collect();
        let bound: HashSet<&NoticeId> = lists.iter().flat_map(|l| &l.notices).collect();
        let running = lists.iter().filter(|l| l.from <= day && day <= l.until).flat_map(|l| &l.notices);
        let stand: Vec<_> = standing(&self.notices, day).collect();
        let mut seen = HashSet::new();
        let first = running.filter(|id| seen.insert(*id)).filter_map(|id| stand.iter().find(|n| &n.id == id));
        let loose = stand.iter().filter(|n| !bound.contains(&n.id));
        first.chain(loose).map(|n| (*n).clone()).collect()
    }

    /// Days from today on at which the board changes by itself; today is the first.
    pub fn days_of_change(&self, today: Date) -> Vec<Date> {
        let mut days = BTreeSet::from([today]);
        let mut add = |day: Option<Date>| days.extend(day.filter(|d| *d > today));
        fn retired<T>(shelf: &[Kept<T>]) -> impl Iterator<Item = Option<Date>> {
            shelf.iter().map(|kept| kept.retired_on)
        }
        retired(&self.windows).chain(retired(&self.staff)).chain(retired(&self.items)).for_each(&mut add);
        retired(&self.tags).chain(retired(&self.notices)).chain(retired(&self.honours)).for_each(&mut add);
        retired(&self.playlists).for_each(&mut add);
        for list in &self.playlists {
            add(Some(list.value.from));
            add(list.value.until.tomorrow().ok());
        }
        for pledge in &self.pledges {
            add(pledge.retired_on);
            pledge.versions.iter().for_each(|v| add(v.in_force_on));
        }
        days.into_iter().take(MAX_DAYS).collect()
    }

    /// Everything that the rules of boards find, today and on the days of change that are known.
    pub fn faults(&self, today: Date) -> Vec<FieldFault> {
        let mut faults = self.own_faults();
        for day in self.days_of_change(today) {
            let board = self.board(day);
            for (path, wrong) in rules::faults_of(&board) {
                let fault = self.located(&board, day, &path, wrong);
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
        }
        faults
    }

    /// What a board cannot know: playlists and owners of honours.
    fn own_faults(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut fault = |kind, id: &str, field: &str, wrong| {
            faults.push(FieldFault { kind, id: id.to_owned(), field: field.to_owned(), wrong });
        };
        for list in self.playlists.iter().map(|l| &l.value) {
            use crate::domain::board::limits;
            let id = list.id.as_str();
            if let Err(wrong) = crate::domain::text::check_line(&list.name, limits::TITLE_CHARS) {
                fault(Kind::Playlist, id, "name", Wrong::Text { fault: wrong, max: limits::TITLE_CHARS });
            }
            if list.notices.len() > limits::NOTICES {
                let wrong = Wrong::TooMany { found: list.notices.len(), max: limits::NOTICES };
                fault(Kind::Playlist, id, "notices", wrong);
            }
            if list.until < list.from {
                let (from, until) = (list.from.to_string(), list.until.to_string());
                fault(Kind::Playlist, id, "until", Wrong::UntilBeforeFrom { from, until });
            }
            for (i, notice) in list.notices.iter().enumerate() {
                if self.find::<Notice>(notice.as_str()).is_none() {
                    let wrong = Wrong::Dangling { found: notice.to_string(), target: "notices" };
                    fault(Kind::Playlist, id, &format!("notices[{}]", i + 1), wrong);
                }
            }
        }
        for grant in self.honours.iter().filter(|g| g.retired_on.is_none()).map(|g| &g.value) {
            let (known, target, found) = match &grant.owner {
                Owner::ServiceWindow(w) => (self.find::<ServiceWindow>(w.as_str()).is_some(), "windows", w.to_string()),
                Owner::Staff(no) => (self.find::<StaffCard>(no.as_str()).is_some(), "staff", no.to_string()),
            };
            if !known {
                fault(Kind::Honour, grant.id.as_str(), "owner", Wrong::Dangling { found, target });
            }
        }
        faults
    }

    /// `staff[3].name` of a board is the field `name` of the third person on it.
    fn located(&self, board: &Board, day: Date, path: &str, wrong: Wrong) -> FieldFault {
        let (list, at, field) = parts(path);
        let (kind, id) = match list {
            "windows" => (Kind::ServiceWindow, at.and_then(|i| board.windows.get(i)).map(|w| w.id.to_string())),
            "staff" => (Kind::Staff, at.and_then(|i| board.staff.get(i)).map(|s| s.staff_no.to_string())),
            "pledges" => (Kind::Pledge, at.and_then(|i| board.pledges.get(i)).map(|p| p.id.to_string())),
            "items" => (Kind::Item, at.and_then(|i| board.items.get(i)).map(|i| i.code.to_string())),
            "tags" => (Kind::Tag, at.and_then(|i| board.tags.get(i)).map(|t| t.code.to_string())),
            "notices" => (Kind::Notice, at.and_then(|i| board.notices.get(i)).map(|n| n.id.to_string())),
            _ => {
                let field = path.strip_prefix("hall.").unwrap_or(path).to_owned();
                return FieldFault { kind: Kind::Plate, id: self.id.to_string(), field, wrong };
            }
        };
        let id = id.unwrap_or_default();
        if let ("honours", Some(n), rest) = parts(field) {
            let of = |owner: &Owner| match owner {
                Owner::ServiceWindow(w) => kind == Kind::ServiceWindow && w.as_str() == id,
                Owner::Staff(no) => kind == Kind::Staff && no.as_str() == id,
            };
            if let Some(grant) = standing(&self.honours, day).filter(|g| of(&g.owner)).nth(n) {
                return FieldFault { kind: Kind::Honour, id: grant.id.to_string(), field: rest.to_owned(), wrong };
            }
        }
        FieldFault { kind, id, field: field.to_owned(), wrong }
    }
}

/// `windows[2].items[1]` is `windows`, 1 and `items[1]`.
fn parts(path: &str) -> (&str, Option<usize>, &str) {
    let Some(open) = path.find(['[', '.']) else { return (path, None, "") };
    let (list, rest) = path.split_at(open);
    let Some((number, rest)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) else { return (path, None, "") };
    (list, number.parse::<usize>().ok().and_then(|n| n.checked_sub(1)), rest.trim_start_matches('.'))
}

fn standing<T>(shelf: &[Kept<T>], day: Date) -> impl Iterator<Item = &T> {
    shelf.iter().filter(move |kept| kept.stands(day)).map(|kept| &kept.value)
}

fn nameless(hall: &HallId) -> Plate {
    let text = || crate::domain::board::Bilingual::default();
    Plate { hall: hall.clone(), unit: text(), name: text(), hotline: String::new(), best_first: true }
}
