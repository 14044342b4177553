//! Words of the page that shows the whole campaign: which window has done which of its steps.

use super::Language;
use crate::domain::campaign::Step;

words! {
    /// What whoever leads the campaign reads.
    Campaign {
        title() => "活动全貌", "The whole campaign";
        lead() => "三亮、三比、三创、三评：每个窗口做了哪些，还差什么。", "Which window has done which of the campaign's steps, and what is missing.";
        hall() => "大厅", "Hall";
        period() => "期间", "Period";
        show() => "查看", "Show";
        window() => "窗口", "Window";
        done() => "已做", "done";
        missing() => "还差", "missing";
        partly() => "部分", "partly";
        none_here() => "不适用", "not here";
        progress(done: usize, of: usize) => "{done} / {of} 项", "{done} of {of}";
        all_done(done: usize, of: usize) => "全部窗口共完成 {done} / {of} 项", "{done} of {of} steps done by all windows together";
        no_windows() => "这个大厅还没有窗口", "This hall has no windows yet";
        no_hall() => "没有可看的大厅", "There is no hall to look at";
        what_is_missing() => "还差什么", "What is missing";
        nothing_missing() => "都做到了", "Nothing is missing";
        csv() => "导出 CSV", "Export CSV";
        no_photo(names: &str) => "没有照片：{names}", "no portrait: {names}";
        no_staff() => "没有人员可以在这里签到", "nobody may sign in here";
        no_unit_pledge() => "单位没有承诺", "the unit has no pledge";
        no_own_pledge(names: &str) => "没有个人承诺：{names}", "no pledge of their own: {names}";
        no_honour() => "窗口和人员都没有荣誉或责任区", "neither the window nor its people hold an honour";
        few_ratings(n: u64, least: u64) => "只有 {n} 条评价，至少要 {least} 条", "{n} ratings, {least} are needed";
        no_review() => "没有领导点评", "no leader has reviewed it";
        no_peer() => "没有互评结果", "no results of peer reviews";
        no_inspection() => "没有检查过", "not inspected";
        no_skill() => "没有人参加比武或练兵", "nobody took part in a contest or training day";
        no_business() => "没有办件数据", "no pieces of business were told";
        not_measured() => "承诺没有结账记录", "no pledge was counted";
        unkept(n: u64) => "{n} 条承诺没有兑现", "{n} pledges were not kept";
        overdue(n: u64) => "{n} 件整改超期", "{n} cases are overdue";
        no_selection() => "没有参加评选", "in no selection";
        people(names: &str, n: usize) => "{names} 等 {n} 人", "{names} and others, {n} in all";
    }
}

/// What a step is called.
pub const fn step(language: Language, step: Step) -> &'static str {
    match (language, step) {
        (Language::Zh, Step::Identity) => "亮身份",
        (Language::Zh, Step::Pledges) => "亮承诺",
        (Language::Zh, Step::Image) => "亮形象",
        (Language::Zh, Step::PublicAppraisal) => "群众评议",
        (Language::Zh, Step::LeaderReview) => "领导点评",
        (Language::Zh, Step::PeerReview) => "党员互评",
        (Language::Zh, Step::Inspection) => "督促检查",
        (Language::Zh, Step::Skill) => "比技能",
        (Language::Zh, Step::TimeLimit) => "限时办结",
        (Language::Zh, Step::Fulfilment) => "承诺兑现",
        (Language::Zh, Step::Rectification) => "整改",
        (Language::Zh, Step::Selection) => "评选表彰",
        (Language::En, Step::Identity) => "Identity shown",
        (Language::En, Step::Pledges) => "Pledges shown",
        (Language::En, Step::Image) => "Image shown",
        (Language::En, Step::PublicAppraisal) => "Public appraisal",
        (Language::En, Step::LeaderReview) => "Leader review",
        (Language::En, Step::PeerReview) => "Peer review",
        (Language::En, Step::Inspection) => "Inspection",
        (Language::En, Step::Skill) => "Skill",
        (Language::En, Step::TimeLimit) => "Time limits",
        (Language::En, Step::Fulfilment) => "Pledges kept",
        (Language::En, Step::Rectification) => "Rectification",
        (Language::En, Step::Selection) => "Selection",
    }
}
