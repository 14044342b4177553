//! One file, one kind of object: its inputs, how they are read, and the screen that shows it.

mod honours;
mod items;
mod notices;
mod plate;
mod playlists;
mod staff;
mod tags;
mod windows;

pub use honours::{owner_code, owner_name};

use crate::centre::preview::Scene;
use crate::domain::board::{Board, ServiceWindow, StaffCard};

/// The card of somebody who may sit at a window, else what stands there while nobody does.
pub fn scene_at(board: &Board, window: &ServiceWindow) -> Scene {
    let here = |s: &&StaffCard| s.windows.contains(&window.id);
    let anywhere = |s: &&StaffCard| s.windows.is_empty();
    let who = board.staff.iter().find(here).or_else(|| board.staff.iter().find(anywhere));
    who.map_or(Scene::Standby, |s| Scene::Card { staff_no: s.staff_no.clone(), item: None })
}

/// A window at which somebody may sit.
pub fn window_of<'a>(board: &'a Board, card: &StaffCard) -> Option<&'a ServiceWindow> {
    board.windows.iter().find(|w| card.windows.is_empty() || card.windows.contains(&w.id))
}
