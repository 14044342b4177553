//! The boards that the centre sends down: of their files or of the store, whichever leads a hall, watched, and served to
//! each kiosk as far as it concerns its window.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::body::Bytes;
use jiff::civil::Date;
use rusqlite::Connection;

use super::directory::Shared;
use super::hall::kinds::Lead;
use super::hall::store::State;
use super::hall::whole::Hall;
use super::{fulfilment, hall};
use crate::config;
use crate::config::fault::Faults;
use crate::domain::board::Board;
use crate::domain::id::{HallId, WindowId};
use crate::domain::time::WallMs;

/// Who wrote what stands in a file.
pub const BY_HAND: &str = "board.toml";

/// Why the boards are not served.
#[derive(Debug, thiserror::Error)]
pub enum BoardFault {
    #[error("{0}")]
    Faulty(Faults),
    #[error("{path}: hall {hall} has a board already; one file a hall")]
    SameHall { path: PathBuf, hall: HallId },
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// What one kiosk is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Without quotes.
    pub etag: String,
    pub json: Bytes,
}

/// One hall's board and what has been made of it.
#[derive(Debug)]
pub struct HallBoard {
    /// Everything behind the board, retired things and drafts included.
    pub hall: Hall,
    pub board: Board,
    /// Everything that was ever on the board, for names.
    known: Board,
    /// The file that leads it, or that was taken over.
    pub file: Option<PathBuf>,
    day: Date,
    sheets: Mutex<HashMap<WindowId, Arc<Sheet>>>,
}

/// All boards, by hall.
#[derive(Debug, Default)]
pub struct Boards(HashMap<HallId, Arc<HallBoard>>);

impl Boards {
    /// Reads the boards of files alone.
    ///
    /// # Errors
    /// [`BoardFault`] with every fault of the first file that has any.
    pub fn load(files: &[PathBuf]) -> Result<Self, BoardFault> {
        let mut halls = HashMap::new();
        for path in files {
            let board = config::board::load(path, None).map_err(BoardFault::Faulty)?;
            let hall = board.hall.id.clone();
            let entry = Arc::new(HallBoard::of_file(board, Some(path.clone())));
            if halls.insert(hall.clone(), entry).is_some() {
                return Err(BoardFault::SameHall { path: path.clone(), hall });
            }
        }
        Ok(Self(halls))
    }

    /// The halls that the store leads as it says, all others as their files say.
    ///
    /// # Errors
    /// [`BoardFault`]; a file that was taken over is not looked at.
    pub fn gather(conn: &Connection, files: &[PathBuf], day: Date) -> Result<Self, BoardFault> {
        let states = hall::store::states(conn)?;
        let led: Vec<_> = states.into_iter().filter(|s| s.lead == Lead::Store).collect();
        let mut boards = Self::load(&not_of(&led, files))?;
        for state in led {
            if let Some(hall) = hall::store::load(conn, &state.hall)? {
                boards.0.insert(state.hall, Arc::new(HallBoard::of_store(hall, state.file, day)));
            }
        }
        Ok(boards.with_kept(&fulfilment::shown(conn, day)?))
    }

    /// What the files would say if one hall of the store's were theirs again.
    ///
    /// # Errors
    /// [`BoardFault`]: then they would not be served.
    pub fn without(conn: &Connection, files: &[PathBuf], hall: &HallId) -> Result<Self, BoardFault> {
        let states = hall::store::states(conn)?;
        let led: Vec<_> = states.into_iter().filter(|s| s.lead == Lead::Store && &s.hall != hall).collect();
        Self::load(&not_of(&led, files))
    }

    /// The same boards with one hall's as another set of them has it.
    #[must_use]
    pub fn with_hall_of(&self, other: &Self, hall: &HallId) -> Self {
        let mut halls = self.0.clone();
        halls.extend(other.0.get(hall).map(|board| (hall.clone(), Arc::clone(board))));
        Self(halls)
    }

    pub fn of_boards(boards: impl IntoIterator<Item = Board>) -> Self {
        Self(boards.into_iter().map(|b| (b.hall.id.clone(), Arc::new(HallBoard::of_file(b, None)))).collect())
    }

    pub fn hall(&self, id: &HallId) -> Option<&Arc<HallBoard>> {
        self.0.get(id)
    }

    pub fn all(&self) -> impl Iterator<Item = &Board> {
        self.0.values().map(|h| &h.board)
    }

    /// Everything that was ever on any board: what was retired keeps its name in statistics.
    pub fn all_known(&self) -> impl Iterator<Item = &Board> {
        self.0.values().map(|h| &h.known)
    }

    pub fn halls(&self) -> impl Iterator<Item = (&HallId, &Arc<HallBoard>)> {
        self.0.iter()
    }

    /// The same boards with one hall's as the store now says, unless a later word of it has come.
    #[must_use]
    pub fn with_store_led(&self, hall: Hall, day: Date) -> Self {
        let mut halls = self.0.clone();
        let held = halls.get(&hall.id);
        if held.is_none_or(|h| h.hall.lead == Lead::File || (h.hall.revision, h.day) < (hall.revision, day)) {
            let file = held.and_then(|h| h.file.clone());
            let mut fresh = HallBoard::of_store(hall, file, day);
            for pledge in &mut fresh.board.pledges {
                let before = held.and_then(|h| h.board.pledges.iter().find(|p| p.id == pledge.id));
                pledge.kept = before.and_then(|p| p.kept);
            }
            halls.insert(fresh.hall.id.clone(), Arc::new(fresh));
        }
        Self(halls)
    }

    /// The same boards with something that does not come from files or from what a hall keeps written into each.
    #[must_use]
    pub fn each(&self, write: impl Fn(&HallId, &mut Board)) -> Self {
        let fresh = |(id, held): (&HallId, &Arc<HallBoard>)| {
            let mut board = held.board.clone();
            write(id, &mut board);
            if board == held.board {
                return (id.clone(), Arc::clone(held));
            }
            let HallBoard { hall, known, file, day, .. } = &**held;
            let (hall, known, file) = (hall.clone(), known.clone(), file.clone());
            (id.clone(), Arc::new(HallBoard { hall, board, known, file, day: *day, sheets: Mutex::default() }))
        };
        Self(self.0.iter().map(fresh).collect())
    }

    /// These boards, but a hall of `held` where the store's word of it is later: it changed while these were gathered.
    fn or_later(mut self, held: &Self) -> Self {
        for (id, theirs) in held.0.iter().filter(|(_, h)| h.hall.lead == Lead::Store) {
            if self.0.get(id).is_none_or(|ours| ours.hall.revision < theirs.hall.revision) {
                self.0.insert(id.clone(), Arc::clone(theirs));
            }
        }
        self
    }

    /// Halls of the store with the revision and the day that they are shown by.
    fn led(&self) -> HashMap<HallId, (u64, Date)> {
        let led = self.0.iter().filter(|(_, h)| h.hall.lead == Lead::Store);
        led.map(|(id, h)| (id.clone(), (h.hall.revision, h.day))).collect()
    }

    /// The hall in which a window stands; none also when two halls have one of that name.
    pub fn hall_of(&self, window: &WindowId) -> Option<HallId> {
        let mut found = self.0.iter().filter(|(_, h)| h.board.window(window).is_some());
        match (found.next(), found.next()) {
            (Some((id, _)), None) => Some(id.clone()),
            _ => None,
        }
    }
}

impl HallBoard {
    fn of_file(board: Board, file: Option<PathBuf>) -> Self {
        let hall = Hall::of_board(&board, BY_HAND, WallMs(0));
        Self { hall, known: board.clone(), board, file, day: Date::MIN, sheets: Mutex::default() }
    }

    fn of_store(hall: Hall, file: Option<PathBuf>, day: Date) -> Self {
        let (board, known) = (hall.board(day), hall.known());
        Self { hall, known, board, file, day, sheets: Mutex::default() }
    }

    /// What the kiosk at `window` is served; made once.
    pub fn sheet(&self, window: &WindowId) -> Arc<Sheet> {
        let mut sheets = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sheet) = sheets.get(window) {
            return Arc::clone(sheet);
        }
        let board = part_for(&self.board, window);
        // Plain structs of strings always serialise.
        let json = serde_json::to_vec(&board).unwrap_or_default();
        let sheet = Arc::new(Sheet { etag: board.version().0, json: json.into() });
        if self.board.window(window).is_some() {
            // As many as there are windows, whatever is asked for.
            sheets.insert(window.clone(), Arc::clone(&sheet));
        }
        sheet
    }

    /// True if somebody's card in this hall shows the picture.
    pub fn shows_photo(&self, name: &str) -> bool {
        self.board.staff.iter().any(|s| s.photo.as_deref() == Some(name))
    }
}

/// The part of a board that concerns one window: no kiosk holds the PIN hashes of people who cannot sign in there.
pub fn part_for(board: &Board, window: &WindowId) -> Board {
    let mut part = board.clone();
    part.windows.retain(|w| &w.id == window);
    part.staff.retain(|s| s.windows.is_empty() || s.windows.contains(window));
    if let Some(w) = part.windows.first()
        && !w.items.is_empty()
    {
        let items = w.items.clone();
        part.items.retain(|i| items.contains(&i.code));
    }
    let staff: Vec<_> = part.staff.iter().map(|s| s.staff_no.clone()).collect();
    part.pledges.retain(|p| p.staff_no.as_ref().is_none_or(|no| staff.contains(no)));
    part
}

/// Looks whether files or the store have changed, or a new day has begun. Whoever owns it calls [`Watch::look`] now and
/// then.
#[derive(Debug)]
pub struct Watch {
    files: Vec<PathBuf>,
    seen: Vec<Option<(SystemTime, u64)>>,
}

impl Watch {
    pub fn new(files: Vec<PathBuf>) -> Self {
        let seen = files.iter().map(|f| mark(f)).collect();
        Self { files, seen }
    }

    /// Gathers the boards again if anything changed: a valid set replaces the old one, an invalid one is refused whole.
    /// None: nothing changed.
    pub fn look(&mut self, conn: &Connection, boards: &Shared<Boards>, day: Date) -> Option<Result<(), BoardFault>> {
        let now: Vec<_> = self.files.iter().map(|f| mark(f)).collect();
        let before = std::mem::replace(&mut self.seen, now.clone());
        let is_edited = now != before;
        match hall::store::states(conn) {
            Err(fault) => return Some(Err(fault.into())),
            Ok(states) => {
                let led: Vec<_> = states.into_iter().filter(|s| s.lead == Lead::Store).collect();
                for (file, _) in
                    self.files.iter().zip(now.iter().zip(&before)).filter(|(_, (now, before))| now != before)
                {
                    if let Some(state) = led.iter().find(|s| is_file_of(s, file)) {
                        tracing::warn!(hall = %state.hall, "a board file was edited, but the centre leads its hall: it is not read");
                    }
                }
                let stored: HashMap<_, _> = led.into_iter().map(|s| (s.hall, (s.revision, day))).collect();
                if !is_edited && stored == boards.get().led() {
                    return None;
                }
            }
        }
        Some(Boards::gather(conn, &self.files, day).map(|fresh| boards.update(|held| fresh.or_later(held))))
    }
}

/// Files that none of these halls was taken over from.
fn not_of(led: &[State], files: &[PathBuf]) -> Vec<PathBuf> {
    files.iter().filter(|f| !led.iter().any(|s| is_file_of(s, f))).cloned().collect()
}

/// True for the file that a hall was taken over from, by whatever path it is named.
fn is_file_of(state: &State, file: &Path) -> bool {
    let Some(taken) = &state.file else { return false };
    taken == file || file.canonicalize().is_ok_and(|whole| &whole == taken)
}

fn mark(file: &Path) -> Option<(SystemTime, u64)> {
    let meta = std::fs::metadata(file).ok()?;
    Some((meta.modified().ok()?, meta.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config/board.toml");

    fn window(id: &str) -> WindowId {
        WindowId::new(id).unwrap()
    }

    #[test]
    fn a_kiosk_is_served_only_what_concerns_its_window() {
        let boards = Boards::load(&[SAMPLE.into()]).unwrap();
        let hall = boards.hall_of(&window("W02")).unwrap();
        let hall = boards.hall(&hall).unwrap();
        let sheet = hall.sheet(&window("W02"));
        let part: Board = serde_json::from_slice(&sheet.json).unwrap();
        assert_eq!(part.version().0, sheet.etag);
        assert_eq!(part.windows.len(), 1);
        assert!(!part.items.is_empty() && part.items.len() < hall.board.items.len());
        assert!(!part.staff.is_empty() && part.staff.len() < hall.board.staff.len());
        assert!(part.staff.iter().all(|s| s.windows.is_empty() || s.windows.contains(&window("W02"))));
        assert_eq!(part.pledges_of(None).count(), hall.board.pledges_of(None).count());
        assert_ne!(sheet.etag, hall.sheet(&window("W03")).etag);
        assert!(Arc::ptr_eq(&sheet, &hall.sheet(&window("W02"))));
        assert_eq!(boards.hall_of(&window("W99")), None);
    }

    #[test]
    fn a_changed_file_is_served_and_a_faulty_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("board.toml");
        let text = std::fs::read_to_string(SAMPLE).unwrap();
        std::fs::write(&file, &text).unwrap();
        let conn = crate::db::open_in_memory(&crate::centre::schema::SCHEMA).unwrap();
        let day = jiff::civil::date(2026, 11, 24);
        let shared = Shared::new(Boards::load(std::slice::from_ref(&file)).unwrap());
        let mut watch = Watch::new(vec![file.clone()]);
        assert!(watch.look(&conn, &shared, day).is_none());
        let hotline = || shared.get().all().next().unwrap().hall.hotline.clone();
        std::fs::write(&file, text.replace("\"12345\"", "\"96345678\"")).unwrap();
        assert!(matches!(watch.look(&conn, &shared, day), Some(Ok(()))));
        assert_eq!(hotline(), "96345678");
        std::fs::write(&file, "unit = 3").unwrap();
        assert!(matches!(watch.look(&conn, &shared, day), Some(Err(BoardFault::Faulty(_)))));
        assert!(watch.look(&conn, &shared, day).is_none(), "told once");
        assert_eq!(hotline(), "96345678");
    }
}
