//! 公示板: all that a kiosk shows and obeys. Written by hand in `board.toml` or served by the centre;
//! the field names are the same in both.

use serde::{Deserialize, Serialize};

use super::fulfilment::Occasions;
use super::id::{HallId, ItemCode, NoticeId, PledgeId, StaffNo, TagCode, WindowId};
use super::rating::{Satisfaction, coded};

/// Limits that `pingyi check`, the centre and the kiosk all hold.
pub mod limits {
    pub const WINDOWS: usize = 2_000;
    pub const STAFF: usize = 20_000;
    pub const ITEMS: usize = 20_000;
    pub const PLEDGES: usize = 2_000;
    pub const TAGS: usize = 200;
    pub const NOTICES: usize = 50;
    pub const HONOURS_PER_OWNER: usize = 8;
    /// Characters of a name of a person.
    pub const NAME_CHARS: usize = 40;
    /// Characters of a title, post, item or window name.
    pub const TITLE_CHARS: usize = 60;
    /// Characters of a pledge or a notice line.
    pub const TEXT_CHARS: usize = 300;
}

/// A text in Chinese and, where somebody wrote one, in English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    pub zh: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Bilingual {
    /// The English text if it is asked for and there, else the Chinese one.
    pub fn get(&self, english: bool) -> &str {
        match &self.en {
            Some(en) if english => en,
            _ => &self.zh,
        }
    }
}

/// What stands in `board.toml`, and what `GET /api/v1/board` answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// The bureau or unit that answers for the hall.
    pub unit: Bilingual,
    pub hall: Hall,
    pub windows: Vec<ServiceWindow>,
    pub staff: Vec<StaffCard>,
    pub pledges: Vec<Pledge>,
    pub items: Vec<ServiceItem>,
    pub tags: Vec<ReasonTag>,
    #[serde(default)]
    pub notices: Vec<Notice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Hall {
    pub id: HallId,
    pub name: Bilingual,
    /// The number to call with praise and complaints: `12345`.
    pub hotline: String,
    /// Best level first on every kiosk if true, worst first if false: one setting for the installation.
    #[serde(default = "yes")]
    pub best_first: bool,
}

/// 窗口
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ServiceWindow {
    pub id: WindowId,
    /// The number over the counter: `3`.
    pub number: String,
    pub name: Bilingual,
    /// Codes of the items done here; empty: all.
    #[serde(default)]
    pub items: Vec<ItemCode>,
    #[serde(default)]
    pub honours: Vec<Honour>,
}

/// 亮身份: the card of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StaffCard {
    pub staff_no: StaffNo,
    pub name: String,
    /// Latin letters of the name for the English screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
    /// 岗位
    pub post: Bilingual,
    /// 党员 badge; only with the person's consent.
    #[serde(default)]
    pub party_member: bool,
    /// File under `photos/`, or at the centre: `0027.png`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// Windows where this person may sign in; empty: all.
    #[serde(default)]
    pub windows: Vec<WindowId>,
    #[serde(default)]
    pub honours: Vec<Honour>,
    /// Argon2id PHC string of the sign-in PIN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin_hash: Option<String>,
}

/// 亮承诺: what the unit (`staff_no` absent) or a person promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Pledge {
    pub id: PledgeId,
    pub version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_no: Option<StaffNo>,
    pub text: Bilingual,
    /// 标准: how anyone can see whether it was kept.
    pub standard: Bilingual,
    /// 时限, as shown: `5 分钟内`.
    pub time_limit: Bilingual,
    /// 兑现: occasions of the last closed months; written by the centre alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Occasions>,
}

/// 服务事项 with its promised time limit (限时办结).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ServiceItem {
    pub code: ItemCode,
    pub name: Bilingual,
    /// Promised working days; 0: done at once (即办件).
    pub limit_days: u16,
}

/// A reason a citizen may choose after a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReasonTag {
    pub code: TagCode,
    pub version: u32,
    /// Levels after which the tag is offered.
    pub levels: Vec<Satisfaction>,
    pub text: Bilingual,
}

coded! {
    /// 荣誉
    HonourKind {
        /// 党员示范岗
        ModelPost = "model_post",
        /// 党员先锋岗
        VanguardPost = "vanguard_post",
        /// 党员责任区
        ResponsibilityArea = "responsibility_area",
        /// 服务标兵
        ServiceExemplar = "service_exemplar",
        /// 岗位能手
        PostExpert = "post_expert",
        /// 群众满意服务窗口
        SatisfyingWindow = "satisfying_window",
        /// 优质服务品牌
        ServiceBrand = "service_brand",
    }
}

/// 亮形象
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Honour {
    pub kind: HonourKind,
    pub issuer: String,
    /// As shown: `2026 年第三季度`.
    pub period: String,
    /// Last civil day on which it is shown, `YYYY-MM-DD`.
    #[cfg_attr(feature = "centre", schema(value_type = String, format = Date))]
    pub until: jiff::civil::Date,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "centre", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Notice {
    pub id: NoticeId,
    pub title: Bilingual,
    pub text: Bilingual,
    #[cfg_attr(feature = "centre", schema(value_type = String, format = Date))]
    pub from: jiff::civil::Date,
    #[cfg_attr(feature = "centre", schema(value_type = String, format = Date))]
    pub until: jiff::civil::Date,
}

fn yes() -> bool {
    true
}

/// A short fingerprint of a board's JSON; the ETag and the `board` of every visit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BoardVersion(pub String);

impl Board {
    /// Sixteen hexadecimal digits of BLAKE3 over the board's JSON.
    pub fn version(&self) -> BoardVersion {
        // Serialising plain structs of strings cannot fail; an empty text would only cause one more fetch.
        let json = serde_json::to_vec(self).unwrap_or_default();
        BoardVersion(blake3::hash(&json).to_hex()[..16].to_owned())
    }

    pub fn window(&self, id: &WindowId) -> Option<&ServiceWindow> {
        self.windows.iter().find(|w| &w.id == id)
    }

    pub fn staff(&self, no: &StaffNo) -> Option<&StaffCard> {
        self.staff.iter().find(|s| &s.staff_no == no)
    }

    pub fn item(&self, code: &ItemCode) -> Option<&ServiceItem> {
        self.items.iter().find(|i| &i.code == code)
    }

    /// The unit's pledges first, then those of `staff`.
    pub fn pledges_of<'a>(&'a self, staff: Option<&'a StaffNo>) -> impl Iterator<Item = &'a Pledge> {
        let unit = self.pledges.iter().filter(|p| p.staff_no.is_none());
        let own = self.pledges.iter().filter(move |p| staff.is_some() && p.staff_no.as_ref() == staff);
        unit.chain(own)
    }

    /// Tags offered after `level`, in the board's order.
    pub fn tags_for(&self, level: Satisfaction) -> impl Iterator<Item = &ReasonTag> {
        self.tags.iter().filter(move |t| t.levels.contains(&level))
    }
}
