//! Words that screens, pages, tables and messages share.

use super::Language;
use crate::domain::board::HonourKind;
use crate::domain::rating::{Channel, Satisfaction};
use crate::domain::visit::PauseReason;

words! {
    /// Metrics and headings.
    Common {
        positive_rate() => "好评率", "Positive";
        satisfied_rate() => "满意率", "Satisfied";
        negative_rate() => "差评率", "Negative";
        participation() => "参评率", "Participation";
        mean() => "平均分", "Mean";
        served() => "服务量", "Served";
        rated() => "评价数", "Ratings";
        total() => "合计", "Total";
    }
}

/// The citizen's word for a level.
pub fn level(language: Language, level: Satisfaction) -> &'static str {
    let (zh, en) = match level {
        Satisfaction::VerySatisfied => ("非常满意", "Very satisfied"),
        Satisfaction::Satisfied => ("满意", "Satisfied"),
        Satisfaction::BasicallySatisfied => ("基本满意", "Fairly satisfied"),
        Satisfaction::Dissatisfied => ("不满意", "Dissatisfied"),
        Satisfaction::VeryDissatisfied => ("非常不满意", "Very dissatisfied"),
    };
    if language.is_english() { en } else { zh }
}

pub fn channel(language: Language, channel: Channel) -> &'static str {
    let (zh, en) = match channel {
        Channel::Kiosk => ("评价终端", "Kiosk"),
        Channel::Phone => ("手机扫码", "Phone"),
        Channel::Business => ("业务系统", "Business system"),
    };
    if language.is_english() { en } else { zh }
}

pub fn honour(language: Language, kind: HonourKind) -> &'static str {
    let (zh, en) = match kind {
        HonourKind::ModelPost => ("党员示范岗", "Party model post"),
        HonourKind::VanguardPost => ("党员先锋岗", "Party vanguard post"),
        HonourKind::ResponsibilityArea => ("党员责任区", "Party responsibility area"),
        HonourKind::ServiceExemplar => ("服务标兵", "Service exemplar"),
        HonourKind::PostExpert => ("岗位能手", "Post expert"),
        HonourKind::SatisfyingWindow => ("群众满意服务窗口", "Citizens' choice window"),
        HonourKind::ServiceBrand => ("优质服务品牌", "Quality service brand"),
    };
    if language.is_english() { en } else { zh }
}

pub fn pause_reason(language: Language, reason: PauseReason) -> &'static str {
    let (zh, en) = match reason {
        PauseReason::ShortLeave => ("暂时离开", "Away for a moment"),
        PauseReason::InternalWork => ("内部事务", "Internal work"),
        PauseReason::Meal => ("就餐", "Meal break"),
        PauseReason::Equipment => ("设备故障", "Equipment fault"),
    };
    if language.is_english() { en } else { zh }
}
