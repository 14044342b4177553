//! What a kiosk will show, before it shows it: pictures of a board's screens, for the pages beside the forms.
//!
//! The centre cannot draw a kiosk's screen and must not know how: whoever builds both hands a [`Painter`] over at the
//! start. One picture is painted at a time, off the threads that serve requests, and the last ones are kept.
//!
//! **Architecture invariant:** a picture is made of a [`Board`] that is handed in, live or with a draft put into it; nothing
//! here reads or changes what kiosks are served.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use jiff::civil::Date;
use tokio::sync::Semaphore;

use super::boards::part_for;
use super::error::{ApiFault, ErrorCode};
use crate::config::kiosk::{ScreenLayout, Theme};
use crate::domain::board::Board;
use crate::domain::id::{ItemCode, StaffNo, WindowId};
use crate::domain::rating::Satisfaction;
use crate::words::Language;

/// How long a request waits for its turn at the painter.
const PATIENCE: Duration = Duration::from_secs(20);
const MAX_KEPT: usize = 64;
const MAX_KEPT_BYTES: usize = 32 * 1024 * 1024;

/// Which screen of the kiosk at a window.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scene {
    /// The card of somebody who serves there; with an item, as it asks for a rating of it.
    Card { staff_no: StaffNo, item: Option<ItemCode> },
    /// What is asked after a level.
    Reasons(Satisfaction),
    /// No one on duty.
    Standby,
}

/// What is to be painted, and how the kiosk is set up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shot {
    pub window: WindowId,
    pub scene: Scene,
    /// `Auto` is painted as the full size.
    pub layout: ScreenLayout,
    pub theme: Theme,
    pub language: Language,
    pub senior: bool,
}

/// A card's portrait: the name by which the board calls it, and the file's bytes.
#[derive(Debug, Clone)]
pub struct Portrait {
    pub name: String,
    pub bytes: Bytes,
}

/// All that a painter needs.
#[derive(Debug, Clone)]
pub struct Sitting {
    /// As far as it concerns the window, as a kiosk is served it.
    pub board: Board,
    pub shot: Shot,
    /// Honours and notices of this day.
    pub today: Date,
    pub portrait: Option<Portrait>,
    /// The address that phones reach, for the code on the card.
    pub phone_url: String,
}

/// Whoever can draw a kiosk's screens. Called on a thread that may be kept busy.
pub trait Painter: Send + Sync {
    /// A PNG of the screen in the pixels of its layout.
    ///
    /// # Errors
    /// [`PreviewFault::NotThere`] or [`PreviewFault::Failed`].
    fn paint(&self, sitting: &Sitting) -> Result<Vec<u8>, PreviewFault>;
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PreviewFault {
    #[error("this build has no kiosk in it, and so no preview")]
    NoPainter,
    #[error("the window, or the person at it, is not on the board")]
    NotThere,
    #[error("too many previews are waiting")]
    Busy,
    #[error("the preview could not be painted: {0}")]
    Failed(String),
}

/// A painted screen.
#[derive(Debug, PartialEq, Eq)]
pub struct Picture {
    pub png: Bytes,
    /// Of all that the picture shows; without quotes.
    pub etag: String,
}

/// The painter, and the pictures made last.
pub struct Preview {
    painter: OnceLock<Arc<dyn Painter>>,
    turn: Arc<Semaphore>,
    kept: Mutex<VecDeque<Arc<Picture>>>,
}

impl Default for Preview {
    fn default() -> Self {
        Self { painter: OnceLock::new(), turn: Arc::new(Semaphore::new(1)), kept: Mutex::default() }
    }
}

impl std::fmt::Debug for Preview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Preview").field("is_there", &self.is_there()).finish_non_exhaustive()
    }
}

impl Preview {
    /// Takes the painter; the first one stays.
    pub fn fill(&self, painter: Arc<dyn Painter>) {
        let _ = self.painter.set(painter);
    }

    /// False: this build has no kiosk in it.
    pub fn is_there(&self) -> bool {
        self.painter.get().is_some()
    }

    /// The picture, kept or painted now.
    ///
    /// # Errors
    /// [`PreviewFault`]
    pub async fn picture(&self, sitting: Sitting) -> Result<Arc<Picture>, PreviewFault> {
        let painter = Arc::clone(self.painter.get().ok_or(PreviewFault::NoPainter)?);
        let sitting = Sitting { board: part_for(&sitting.board, &sitting.shot.window), ..sitting };
        let etag = etag_of(&sitting);
        if let Some(picture) = self.kept(&etag) {
            return Ok(picture);
        }
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turn).acquire_owned()).await;
        let turn = turn.map_err(|_| PreviewFault::Busy)?.map_err(|_| PreviewFault::Busy)?;
        // Whoever had the turn before may have wanted the same.
        if let Some(picture) = self.kept(&etag) {
            return Ok(picture);
        }
        let painted = tokio::task::spawn_blocking(move || {
            // The turn ends when the picture is kept; if nobody waits for it any more, when it is painted.
            (painter.paint(&sitting), turn)
        });
        let painted = painted.await.map_err(|_| PreviewFault::Failed("the painter panicked".to_owned()));
        let (png, turn) = painted?;
        let picture = Arc::new(Picture { png: png?.into(), etag });
        self.keep(&picture);
        drop(turn);
        Ok(picture)
    }

    fn kept(&self, etag: &str) -> Option<Arc<Picture>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|picture| picture.etag == etag)?;
        // The one looked at last goes last.
        let picture = kept.remove(at)?;
        kept.push_back(Arc::clone(&picture));
        Some(picture)
    }

    fn keep(&self, picture: &Arc<Picture>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(Arc::clone(picture));
        let size = |kept: &VecDeque<Arc<Picture>>| kept.iter().map(|p| p.png.len()).sum::<usize>();
        while kept.len() > MAX_KEPT || (kept.len() > 1 && size(&kept) > MAX_KEPT_BYTES) {
            kept.pop_front();
        }
    }
}

/// A fingerprint of all that the picture is made of.
fn etag_of(sitting: &Sitting) -> String {
    let shot = &sitting.shot;
    let scene = match &shot.scene {
        Scene::Card { staff_no, item: None } => format!("card {staff_no}"),
        Scene::Card { staff_no, item: Some(item) } => format!("card {staff_no} {item}"),
        Scene::Reasons(level) => format!("reasons {}", level.code()),
        Scene::Standby => "standby".to_owned(),
    };
    let mut hash = blake3::Hasher::new();
    for part in [
        sitting.board.version().0.as_str(),
        shot.window.as_str(),
        &scene,
        shot.layout.code(),
        shot.theme.code(),
        shot.language.code(),
        if shot.senior { "senior" } else { "plain" },
        &sitting.today.to_string(),
        &sitting.phone_url,
    ] {
        hash.update(part.as_bytes()).update(&[0]);
    }
    if let Some(portrait) = &sitting.portrait {
        hash.update(portrait.name.as_bytes()).update(&[0]).update(&portrait.bytes);
    }
    hash.finalize().to_hex()[..24].to_owned()
}

impl From<PreviewFault> for ApiFault {
    fn from(fault: PreviewFault) -> Self {
        let code = match fault {
            PreviewFault::NoPainter | PreviewFault::NotThere => ErrorCode::NotFound,
            PreviewFault::Busy => ErrorCode::Busy,
            PreviewFault::Failed(_) => ErrorCode::Internal,
        };
        Self::because(code, &fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::boards::Boards;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Counts, and takes a moment.
    #[derive(Default)]
    struct Counting {
        painted: AtomicUsize,
        at_once: AtomicUsize,
        most_at_once: AtomicUsize,
        bytes: usize,
    }

    impl Painter for Counting {
        fn paint(&self, _: &Sitting) -> Result<Vec<u8>, PreviewFault> {
            let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_at_once.fetch_max(now, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(5));
            self.at_once.fetch_sub(1, Ordering::SeqCst);
            self.painted.fetch_add(1, Ordering::SeqCst);
            Ok(vec![0; self.bytes])
        }
    }

    fn sitting(staff_no: &str) -> Sitting {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config/board.toml");
        let boards = Boards::load(&[file.into()]).unwrap();
        let board = boards.all().next().unwrap().clone();
        Sitting {
            shot: Shot {
                window: WindowId::new("W03").unwrap(),
                scene: Scene::Card { staff_no: StaffNo::new(staff_no).unwrap(), item: None },
                layout: ScreenLayout::Compact,
                theme: Theme::Red,
                language: Language::Zh,
                senior: false,
            },
            board,
            today: Date::constant(2026, 9, 21),
            portrait: None,
            phone_url: "http://127.0.0.1:8700".to_owned(),
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn one_is_painted_at_a_time_and_the_same_only_once() {
        let painter = Arc::new(Counting::default());
        let preview = Arc::new(Preview::default());
        assert_eq!(preview.picture(sitting("0005")).await, Err(PreviewFault::NoPainter));
        preview.fill(Arc::clone(&painter) as Arc<dyn Painter>);
        let tasks: Vec<_> = (0..24)
            .map(|n| {
                let preview = Arc::clone(&preview);
                tokio::spawn(async move { preview.picture(sitting(["0005", "0006", "0018"][n % 3])).await.unwrap() })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(painter.painted.load(Ordering::SeqCst), 3);
        assert_eq!(painter.most_at_once.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn whatever_changes_the_screen_changes_the_picture_and_nothing_else_does() {
        let preview = Preview::default();
        preview.fill(Arc::new(Counting::default()));
        let etag = async |s: Sitting| preview.picture(s).await.unwrap().etag.clone();
        let base = etag(sitting("0005")).await;
        let with = |change: &dyn Fn(&mut Sitting)| {
            let mut changed = sitting("0005");
            change(&mut changed);
            changed
        };
        let portrait = Portrait { name: "0005.png".to_owned(), bytes: Bytes::from_static(b"png") };
        for (what, changed) in [
            ("language", with(&|s| s.shot.language = Language::En)),
            ("senior", with(&|s| s.shot.senior = true)),
            ("theme", with(&|s| s.shot.theme = Theme::Teal)),
            ("layout", with(&|s| s.shot.layout = ScreenLayout::Pillar)),
            ("scene", with(&|s| s.shot.scene = Scene::Standby)),
            ("day", with(&|s| s.today = Date::constant(2026, 9, 22))),
            ("portrait", with(&|s| s.portrait = Some(portrait.clone()))),
            ("draft", with(&|s| s.board.pledges[0].text.zh = "一次办好".to_owned())),
        ] {
            assert_ne!(etag(changed).await, base, "{what}");
        }
        // What another window shows is none of this one's business.
        let elsewhere = with(&|s| {
            s.board.windows.iter_mut().filter(|w| w.number == "1").for_each(|w| w.name.zh = "别处".to_owned());
        });
        assert_eq!(etag(elsewhere).await, base);
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded_in_number_and_bytes() {
        let preview = Preview::default();
        preview.fill(Arc::new(Counting { bytes: MAX_KEPT_BYTES / 4, ..Counting::default() }));
        for n in 1..=9 {
            preview.picture(Sitting { today: Date::constant(2026, 9, n), ..sitting("0005") }).await.unwrap();
        }
        assert_eq!(preview.kept.lock().unwrap().len(), 4);
    }
}
