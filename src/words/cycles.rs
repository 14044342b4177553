//! Words of what comes round by the calendar.

use super::Language;
use crate::domain::cycle::Cycle;

words! {
    /// What supervisors read of cycles.
    Cycles {
        title() => "长效机制", "What comes round";
        lead() => "按日历自动进行，不靠谁记得：每周列出超期的，每月通报，每季评选，每年测评。", "Made by the calendar, without anyone remembering: what is overdue each week, a report each month, a selection each quarter, an assessment each year.";
        weekly() => "每周超期清单", "the weekly list of what is overdue";
        monthly() => "每月通报", "the monthly report";
        quarterly() => "每季评选", "the quarterly selection";
        yearly() => "年底测评", "the yearly assessment";
        runs(name: &str) => "{name}：自动进行", "Make {name}";
        on_day(name: &str) => "{name}：第几个工作日", "Working day of {name}";
        on_day_hint() => "上一期结束后的第几个工作日", "after the period has ended";
        rule_notice() => "月度通报作为通知显示在待机屏", "The monthly report is a notice on the standby screen";
        rule_notice_hint() => "只在由中心管理的大厅", "in halls that the centre leads";
        coming() => "接下来", "Coming next";
        cycle() => "事项", "What";
        period() => "期间", "Period";
        on() => "日期", "On";
        stopped() => "已停用", "stopped";
        made() => "已经做的", "What was made";
        none() => "还没有到第一次", "The first one has not come yet";
        none_advice() => "到日子会自动出现在这里，也记入每个大厅。", "It will stand here by itself, for each hall, when its day has come.";
        hall() => "大厅", "Hall";
        when() => "时间", "Made";
        found() => "情况", "Found";
        figures(n: &str, rate: &str) => "{n} 条评价，满意率 {rate}", "{n} ratings, {rate} satisfied";
        no_figures() => "没有评价", "no ratings";
        overdue(cases: u64, matters: u64) => "超期：整改 {cases} 件，办件 {matters} 件", "Overdue: {cases} cases, {matters} pieces of business";
        pledges(kept: u64, unkept: u64) => "承诺：兑现 {kept} 条，未兑现 {unkept} 条", "Pledges: {kept} kept, {unkept} not kept";
        report() => "月报", "The monthly report";
        notice(id: &str) => "已发通知 {id}", "Notice {id} was put up";
        selections() => "发起的评选", "Selections that were called";
        overdue_cases() => "超期的整改", "Overdue cases";
        more(n: u64) => "另有 {n} 件", "{n} more";
        round(name: &str, period: &str) => "{period} {name}", "{period}: {name}";
        rate() => "满意率", "Satisfied";
        negative() => "差评率", "Negative";
        interval(low: &str, high: &str) => "95% 区间 {low}–{high}", "95% interval {low}–{high}";
        ratings() => "评价", "Ratings";
        of_served(n: &str, served: &str) => "{n}，服务 {served} 次", "{n} of {served} visits";
        missing() => "没有做成的", "What could not be done";
        selection(period: &str, honour: &str) => "{period} {honour}评选", "{period}: {honour}";
        notice_title(period: &str) => "{period} 服务情况通报", "Our service in {period}";
        notice_text(n: &str, rate: &str, kept: u64, unkept: u64) => "本月收到评价 {n} 条，满意率 {rate}；承诺兑现 {kept} 条，未兑现 {unkept} 条，未兑现的正在整改。欢迎继续监督。", "{n} ratings this month, {rate} satisfied; {kept} pledges kept, {unkept} not kept and being put right. Please go on telling us.";
    }
}

/// What a cycle is called.
pub fn cycle(language: Language, cycle: Cycle) -> std::borrow::Cow<'static, str> {
    let w = Cycles(language);
    match cycle {
        Cycle::WeeklyOverdue => w.weekly(),
        Cycle::MonthlyReport => w.monthly(),
        Cycle::QuarterlySelection => w.quarterly(),
        Cycle::YearlyAssessment => w.yearly(),
    }
}

/// Why something was not done.
pub fn missing(language: Language, code: &str) -> &'static str {
    match (language, code) {
        (Language::Zh, "file_led") => "大厅由文件管理，通知没有发：在“人员与窗口”接管后才能自动发",
        (Language::En, "file_led") => {
            "The hall is led by its file: take it over under People and windows for notices to be put up"
        }
        (Language::Zh, "no_figures") => "没有评价，没有发通知",
        (Language::En, "no_figures") => "No ratings: no notice was put up",
        (Language::Zh, "selection_refused") => "评选没有发起，请到“评选表彰”手工发起",
        (Language::En, "selection_refused") => "The selection was refused: call it by hand",
        (Language::Zh, _) => "通知没有通过检查，请手工发",
        (Language::En, _) => "The notice was refused: put one up by hand",
    }
}
