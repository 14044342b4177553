//! What a hall keeps: each kind of object, and what its value looks like. The values are those of the board wherever the
//! board has them, so that nothing is translated on its way to a kiosk.

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::whole::{Hall, Kept};
use crate::domain::board::{Bilingual, Honour, Notice, ReasonTag, ServiceItem, ServiceWindow, StaffCard};
use crate::domain::id::{HallId, HonourId, NoticeId, PlaylistId, StaffNo, WindowId};
use crate::domain::rating::coded;

coded! {
    /// A kind of object of a hall.
    Kind {
        /// What stands over the door: unit, name, hotline, order of the levels.
        Plate = "plate",
        ServiceWindow = "window",
        Staff = "staff",
        /// Kept by [`super::pledges`], with versions and approval.
        Pledge = "pledge",
        Item = "item",
        Tag = "tag",
        Notice = "notice",
        Playlist = "playlist",
        Honour = "honour",
    }
}

coded! {
    /// Who leads a hall's board.
    Lead {
        /// Its file: edits of `board.toml` are served within seconds, the pages are read-only.
        File = "file",
        /// This store: the file is not read any more.
        Store = "store",
    }
}

/// What stands over the door of a hall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Plate {
    pub hall: HallId,
    /// The bureau or unit that answers for the hall.
    pub unit: Bilingual,
    pub name: Bilingual,
    pub hotline: String,
    pub best_first: bool,
}

/// Notices that are shown together, in this order, for some days.
///
/// A notice that stands on playlists is shown only while one of them runs; it comes before the notices of no playlist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Playlist {
    pub id: PlaylistId,
    pub name: String,
    pub notices: Vec<NoticeId>,
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day, included.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
}

/// Whom an honour adorns.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    ServiceWindow(WindowId),
    Staff(StaffNo),
}

/// 荣誉 of a window or a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub id: HonourId,
    pub owner: Owner,
    pub honour: Honour,
}

/// A value that a hall keeps under a key, with its history.
pub trait Keep: Clone + PartialEq + Serialize + DeserializeOwned + Send + 'static {
    const KIND: Kind;

    fn key(&self) -> &str;

    fn shelf(hall: &Hall) -> &Vec<Kept<Self>>;

    fn shelf_mut(hall: &mut Hall) -> &mut Vec<Kept<Self>>;

    /// Fills in what is not the editor's to say: what has acts of its own, and versions.
    fn settle(&mut self, _stored: Option<&Self>) {}
}

macro_rules! keep {
    ($($value:ty, $kind:ident, $shelf:ident, $key:ident $(, $settle:path)?;)+) => {$(
        impl Keep for $value {
            const KIND: Kind = Kind::$kind;

            fn key(&self) -> &str {
                self.$key.as_str()
            }

            fn shelf(hall: &Hall) -> &Vec<Kept<Self>> {
                &hall.$shelf
            }

            fn shelf_mut(hall: &mut Hall) -> &mut Vec<Kept<Self>> {
                &mut hall.$shelf
            }

            $(fn settle(&mut self, stored: Option<&Self>) {
                $settle(self, stored);
            })?
        }
    )+};
}

/// Does one thing for whichever type stands behind a value: `by_type!(kind, T => work, { Kind::Plate => Plate })`.
macro_rules! by_type {
    ($on:expr, $of:ident => $work:expr, { $($value:pat => $type:ty),+ $(,)? } $(, $other:pat => $else:expr)?) => {
        match $on {
            $($value => {
                type $of = $type;
                $work
            })+
            $($other => $else,)?
        }
    };
}
pub(in crate::centre) use by_type;

/// Does one thing for whichever kind it is; pledges, which are no plain values, have their own.
macro_rules! for_kind {
    ($kind:expr, $of:ident => $work:expr, pledge => $pledge:expr) => {
        $crate::centre::hall::kinds::by_type!($kind, $of => $work, {
            $crate::centre::hall::kinds::Kind::Plate => $crate::centre::hall::kinds::Plate,
            $crate::centre::hall::kinds::Kind::ServiceWindow => $crate::domain::board::ServiceWindow,
            $crate::centre::hall::kinds::Kind::Staff => $crate::domain::board::StaffCard,
            $crate::centre::hall::kinds::Kind::Item => $crate::domain::board::ServiceItem,
            $crate::centre::hall::kinds::Kind::Tag => $crate::domain::board::ReasonTag,
            $crate::centre::hall::kinds::Kind::Notice => $crate::domain::board::Notice,
            $crate::centre::hall::kinds::Kind::Playlist => $crate::centre::hall::kinds::Playlist,
            $crate::centre::hall::kinds::Kind::Honour => $crate::centre::hall::kinds::Grant,
        }, $crate::centre::hall::kinds::Kind::Pledge => $pledge)
    };
}
pub(in crate::centre) use for_kind;

keep! {
    Plate, Plate, plate, hall;
    ServiceWindow, ServiceWindow, windows, id, settle_window;
    StaffCard, Staff, staff, staff_no, settle_staff;
    ServiceItem, Item, items, code;
    ReasonTag, Tag, tags, code, settle_tag;
    Notice, Notice, notices, id;
    Playlist, Playlist, playlists, id;
    Grant, Honour, honours, id;
}

/// Honours are granted by themselves.
fn settle_window(window: &mut ServiceWindow, _stored: Option<&ServiceWindow>) {
    window.honours.clear();
}

/// Portrait and PIN have acts of their own: a form that does not hold them cannot take them away.
fn settle_staff(card: &mut StaffCard, stored: Option<&StaffCard>) {
    card.honours.clear();
    if let Some(stored) = stored {
        card.photo.clone_from(&stored.photo);
        card.pin_hash.clone_from(&stored.pin_hash);
    }
}

/// A changed text is a new version: ratings name the version that was on the screen.
fn settle_tag(tag: &mut ReasonTag, stored: Option<&ReasonTag>) {
    if let Some(stored) = stored {
        tag.version = stored.version + u32::from(stored.text != tag.text);
    }
}
