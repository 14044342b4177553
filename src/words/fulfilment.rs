//! Words of pledges kept (承诺兑现).

use super::Language;
use crate::domain::fulfilment::{MeasureKind, Verdict};

words! {
    /// What supervisors read of pledges and what became of them.
    Fulfilment {
        title() => "承诺兑现", "Pledges kept";
        lead() => "每条承诺怎样衡量，每个月兑现了多少。月份结束后自动结账，没有兑现的进入整改台账。", "How each pledge is measured, and how much of it was kept each month. Months are counted by themselves once they are over; what was not kept opens a case.";
        hall() => "大厅", "Hall";
        show() => "查看", "Show";
        none() => "这个大厅还没有承诺", "This hall has no pledges yet";
        none_advice() => "先在“人员与窗口”里写下承诺。", "Write them down under People and windows first.";
        no_hall() => "没有可看的大厅", "There is no hall to look at";
        pledge() => "承诺", "Pledge";
        whose() => "谁的承诺", "Whose";
        unit() => "单位", "the unit";
        measured() => "怎样衡量", "Measured by";
        unmeasured() => "还没有衡量办法", "not measured yet";
        unmeasured_count(n: usize) => "{n} 条承诺还没有衡量办法", "{n} pledges are not measured yet";
        this_month() => "本月至今", "This month so far";
        last_month(month: &str) => "{month}", "{month}";
        year() => "近十二个月", "Twelve months";
        of(kept: u64, of: u64) => "{kept} / {of}", "{kept} of {of}";
        nothing() => "–", "–";
        not_closed() => "未结账", "not counted yet";
        promised(percent: u8) => "承诺 {percent}%", "{percent}% promised";
        version(n: u32) => "第 {n} 版", "version {n}";
        standard() => "标准", "Standard";
        time_limit() => "时限", "Time limit";
        set_measure() => "定衡量办法", "Set how it is measured";
        set_lead() => "改动从下一次结账起生效，以前的记录不变；为什么改、谁改的都留着。", "A change holds from the next count on; records stay as they are, and who changed it and why is kept.";
        kind() => "衡量办法", "Measure";
        not_measured() => "不衡量", "Not measured";
        percent() => "承诺的比例（%）", "Promised share (%)";
        items() => "服务事项", "Service items";
        items_hint() => "只用于“限时办结”：事项编码，用空格隔开；不填为全部事项", "for time limits alone: codes of items with spaces between them; all if empty";
        tag() => "评价理由", "Reason";
        tag_hint() => "只用于“没有这条理由的评价”", "for ratings without a reason alone";
        no_tag() => "不选", "None";
        why() => "为什么", "Why";
        save() => "保存", "Save";
        saved() => "衡量办法已保存", "The measure was saved";
        write_down() => "手工记录", "Write a month down";
        write_lead() => "用于无法自动衡量的承诺，或更正一个月的记录；写明依据。不要写个人信息。", "For pledges that cannot be counted by themselves, or to correct a month; say what it rests on. Nothing personal.";
        month() => "月份", "Month";
        kept() => "兑现次数", "Occasions kept";
        occasions() => "应兑现次数", "Occasions";
        note() => "依据", "What it rests on";
        written() => "记录已保存", "The record was saved";
        records() => "各月记录", "Records by month";
        no_records() => "还没有结账的月份", "No month has been counted yet";
        verdict() => "结果", "Result";
        made_by() => "谁记的", "By";
        by_itself() => "自动", "the centre";
        history() => "衡量办法的沿革", "How it was measured";
        no_history() => "没有定过", "Nothing was ever set";
        when() => "时间", "When";
        case() => "整改", "Case";
        csv() => "导出 CSV", "Export CSV";
        stale() => "别人刚改过，请看过再改。", "Somebody has just changed it: look first.";
        bad_percent() => "1 到 100", "1 to 100";
        bad_items() => "有不认识的事项编码，或超过 50 个", "an unknown code, or more than 50";
        bad_tag() => "选一条理由", "choose a reason";
        bad_why() => "要写，最多 200 字", "is needed, at most 200 characters";
        bad_month() => "已经过去的月份，如 2026-10", "a month that is over, such as 2026-10";
        bad_counts() => "兑现次数不多于应兑现次数，最多一百万", "not more kept than occasions, at most a million";
        rule_close() => "月后第几个工作日结账", "Working day on which a month is counted";
        rule_close_hint() => "个工作日", "working days after its end";
        rule_min() => "少于多少次不下结论", "Fewer occasions say nothing";
        rule_min_hint() => "次", "occasions";
        rule_shown() => "卡片上显示近几个月", "Months summed on the card";
        rule_shown_hint() => "个月，0 为不显示", "months; 0: not shown";
        rule_case() => "没有兑现的进入整改", "What was not kept opens a case";
    }
}

/// What a kind of measure counts.
pub const fn measure(language: Language, kind: MeasureKind) -> &'static str {
    match (language, kind) {
        (Language::Zh, MeasureKind::TimeLimit) => "限时办结的办件",
        (Language::Zh, MeasureKind::FirstContact) => "落实的首问",
        (Language::Zh, MeasureKind::Satisfied) => "满意的评价（含基本满意）",
        (Language::Zh, MeasureKind::WithoutReason) => "没有这条理由的评价",
        (Language::Zh, MeasureKind::ByHand) => "手工记录",
        (Language::En, MeasureKind::TimeLimit) => "business done in time",
        (Language::En, MeasureKind::FirstContact) => "first contacts seen to",
        (Language::En, MeasureKind::Satisfied) => "satisfied ratings (basically satisfied included)",
        (Language::En, MeasureKind::WithoutReason) => "ratings without a reason",
        (Language::En, MeasureKind::ByHand) => "written down by hand",
    }
}

/// What a verdict says.
pub const fn verdict(language: Language, verdict: Verdict) -> &'static str {
    match (language, verdict) {
        (Language::Zh, Verdict::Kept) => "已兑现",
        (Language::Zh, Verdict::Unkept) => "未兑现",
        (Language::Zh, Verdict::TooFew) => "次数太少",
        (Language::En, Verdict::Kept) => "kept",
        (Language::En, Verdict::Unkept) => "not kept",
        (Language::En, Verdict::TooFew) => "too few",
    }
}
