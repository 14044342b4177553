//! `board.toml`: what one hall shows and promises, written by hand.

use std::path::Path;
use std::str::FromStr;

use jiff::civil::Date;

use super::fault::{Faults, Form, Wrong};
use super::findings::Findings;
use super::picture::{Picture, PictureFault};
use super::reader::Node;
use super::rules;
use crate::domain::board::{
    Bilingual, Board, Hall, Honour, HonourKind, Notice, Pledge, ReasonTag, ServiceItem, ServiceWindow, StaffCard,
    limits,
};
use crate::domain::rating::Satisfaction;

/// Reads a board; with `photos`, the portraits it names are looked at as well.
///
/// # Errors
/// All [`Faults`] at once.
pub fn load(file: &Path, photos: Option<&Path>) -> Result<Board, Faults> {
    super::load(file, read, |board, found| {
        for (path, wrong) in rules::faults_of(board) {
            found.report(&path, wrong);
        }
        if let Some(folder) = photos {
            check_photos(board, folder, found);
        }
    })
}

/// The board as a file that [`load`] reads back as it is.
///
/// # Errors
/// A value that TOML cannot hold; no board that the rules take has one.
pub fn write(board: &Board) -> Result<String, toml::ser::Error> {
    toml::to_string_pretty(board)
}

fn check_photos(board: &Board, folder: &Path, found: &Findings) {
    for (i, card) in board.staff.iter().enumerate() {
        // A name of the wrong form is the rules' fault, and is not looked for: it might lead out of the folder.
        let Some(name) = card.photo.as_deref().filter(|name| rules::is_photo_name(name)) else { continue };
        let file = folder.join(name);
        let wrong = match Picture::read(&file) {
            Ok(_) => continue,
            Err(PictureFault::Unreadable { .. }) if !file.exists() => Wrong::FileMissing { path: file },
            Err(fault) => Wrong::Picture(fault),
        };
        found.report(&format!("staff[{}].photo", i + 1), wrong);
    }
}

// A faulty value is replaced by a stand-in, so that the rules still see every other one at its own place of its list;
// as a fault is recorded, no board with a stand-in is ever answered.
fn read(node: &Node<'_>) -> Option<Board> {
    Some(Board {
        unit: bilingual(node, "unit"),
        hall: node.section("hall", read_hall)?,
        windows: node.each("windows", limits::WINDOWS, read_window),
        staff: node.each("staff", limits::STAFF, read_staff),
        pledges: node.each("pledges", limits::PLEDGES, read_pledge),
        items: node.each("items", limits::ITEMS, read_item),
        tags: node.each("tags", limits::TAGS, read_tag),
        notices: node.each("notices", limits::NOTICES, read_notice),
    })
}

fn read_hall(node: &Node<'_>) -> Option<Hall> {
    Some(Hall {
        id: id(node, "id")?,
        name: bilingual(node, "name"),
        hotline: node.raw_text("hotline").unwrap_or_else(|| "000".into()),
        best_first: node.flag("best_first", true),
    })
}

fn read_window(node: &Node<'_>) -> Option<ServiceWindow> {
    Some(ServiceWindow {
        id: id(node, "id")?,
        number: text(node, "number"),
        name: bilingual(node, "name"),
        items: node.parsed_list("items", limits::ITEMS, Form::Id),
        honours: node.each("honours", limits::HONOURS_PER_OWNER, read_honour),
    })
}

fn read_staff(node: &Node<'_>) -> Option<StaffCard> {
    Some(StaffCard {
        staff_no: id(node, "staff_no")?,
        name: text(node, "name"),
        name_en: node.raw_text_maybe("name_en"),
        post: bilingual(node, "post"),
        party_member: node.flag("party_member", false),
        photo: node.raw_text_maybe("photo"),
        windows: node.parsed_list("windows", limits::WINDOWS, Form::Id),
        honours: node.each("honours", limits::HONOURS_PER_OWNER, read_honour),
        pin_hash: node.raw_text_maybe("pin_hash"),
    })
}

fn read_honour(node: &Node<'_>) -> Option<Honour> {
    let kind = node.choice_required("kind", HonourKind::ALL, HonourKind::code);
    Some(Honour {
        kind: kind.unwrap_or(HonourKind::ModelPost),
        issuer: text(node, "issuer"),
        period: text(node, "period"),
        until: node.parsed("until", Form::Date).unwrap_or(Date::MAX),
    })
}

fn read_pledge(node: &Node<'_>) -> Option<Pledge> {
    Some(Pledge {
        id: id(node, "id")?,
        version: version(node),
        staff_no: node.parsed_maybe("staff_no", Form::Id),
        text: bilingual(node, "text"),
        standard: bilingual(node, "standard"),
        time_limit: bilingual(node, "time_limit"),
        kept: None,
    })
}

fn read_item(node: &Node<'_>) -> Option<ServiceItem> {
    let limit_days = node.number_required("limit_days", 0, rules::MAX_LIMIT_DAYS.into());
    Some(ServiceItem {
        code: id(node, "code")?,
        name: bilingual(node, "name"),
        limit_days: limit_days.and_then(|days| u16::try_from(days).ok()).unwrap_or(0),
    })
}

fn read_tag(node: &Node<'_>) -> Option<ReasonTag> {
    Some(ReasonTag {
        code: id(node, "code")?,
        version: version(node),
        levels: node.choices("levels", Satisfaction::ALL, Satisfaction::code),
        text: bilingual(node, "text"),
    })
}

fn read_notice(node: &Node<'_>) -> Option<Notice> {
    Some(Notice {
        id: id(node, "id")?,
        title: bilingual(node, "title"),
        text: bilingual(node, "text"),
        from: node.parsed("from", Form::Date).unwrap_or(Date::MIN),
        until: node.parsed("until", Form::Date).unwrap_or(Date::MAX),
    })
}

fn id<T: FromStr>(node: &Node<'_>, key: &'static str) -> Option<T> {
    node.parsed(key, Form::Id).or_else(|| format!("stand-in.{}", node.number_in_list()).parse().ok())
}

fn text(node: &Node<'_>, key: &'static str) -> String {
    node.raw_text(key).unwrap_or_else(|| format!("?{}", node.number_in_list()))
}

fn bilingual(node: &Node<'_>, key: &'static str) -> Bilingual {
    let read = |n: &Node<'_>| Some(Bilingual { zh: text(n, "zh"), en: n.raw_text_maybe("en") });
    node.section(key, read).unwrap_or_else(|| Bilingual { zh: "?".into(), en: None })
}

fn version(node: &Node<'_>) -> u32 {
    node.number_required("version", 1, 1_000_000).and_then(|v| u32::try_from(v).ok()).unwrap_or(1)
}
