//! Words of pieces of business (办件) and of the two rules that are counted on them.

use super::Language;
use crate::domain::matter::MatterStep;

words! {
    /// What supervisors read of pieces of business.
    Matters {
        title() => "限时办结", "Time limits";
        lead() => "业务系统报送的办件：承诺的时限内办结了多少，首问负责落实了多少。", "Pieces of business as the business system tells of them: how many were done within the promised time, and how often the first contact was seen to.";
        hall() => "大厅", "Hall";
        all_halls() => "全部大厅", "All halls";
        from() => "从", "From";
        to() => "到", "To";
        by() => "按", "By";
        by_hall() => "大厅", "Hall";
        by_window() => "窗口", "Window";
        by_staff() => "工作人员", "Staff";
        by_item() => "服务事项", "Service item";
        show() => "查看", "Show";
        on_time() => "按时办结", "Done in time";
        on_time_rate() => "按时办结率", "Rate done in time";
        due() => "应办结", "Due";
        overdue() => "超期未办", "Overdue";
        contacts() => "首问", "First contacts";
        kept() => "首问落实", "Seen to";
        kept_rate() => "首问落实率", "Rate seen to";
        low() => "区间下限", "Lower bound";
        high() => "区间上限", "Upper bound";
        code() => "编码", "Code";
        interval(low: &str, high: &str) => "95% 区间 {low}–{high}", "95% interval {low}–{high}";
        of(hits: &str, n: &str) => "{hits} / {n}", "{hits} of {n}";
        nobody() => "未注明", "not named";
        total() => "合计", "Total";
        table() => "办件与首问", "Pieces of business and first contacts";
        none() => "这段时间没有到期的办件", "Nothing was due in this period";
        none_advice() => "业务系统用接口口令把受理、办结等报到 /api/v1/matters；样例见说明书。", "The business system tells of them at /api/v1/matters with an interface token; see the manual.";
        overdue_list() => "超期未办的办件", "Overdue pieces of business";
        none_overdue() => "没有超期的办件", "Nothing is overdue";
        case_no() => "办件编号", "Case number";
        item() => "事项", "Item";
        window() => "窗口", "Window";
        staff() => "工作人员", "Staff";
        due_day() => "应于", "Due on";
        one(case_no: &str) => "办件 {case_no}", "Piece of business {case_no}";
        steps() => "经过", "Steps";
        no_steps() => "业务系统没有报送过", "The business system has told nothing of it";
        when() => "时间", "When";
        step() => "环节", "Step";
        promised() => "承诺时限", "Promised";
        days(n: u16) => "{n} 个工作日", "{n} working days";
        visits() => "窗口终端上的服务", "Visits at kiosks";
        no_visits() => "没有终端的服务提到它", "No visit named it";
        visit() => "服务", "Visit";
        visit_number(n: u64) => "第 {n} 号", "No. {n}";
        state() => "时限", "Time limit";
        no_limit() => "没有时限", "no limit";
        open_until(day: &str) => "在办，{day} 到期", "open, due on {day}";
        overdue_since(day: &str) => "超期，应于 {day} 办结", "overdue since {day}";
        in_time(day: &str) => "按时办结（{day} 到期）", "done in time (due on {day})";
        too_late(day: &str) => "超期办结（应于 {day}）", "done too late (due on {day})";
        stands_still() => "停办，不计时", "time stands still";
        csv() => "导出 CSV", "Export CSV";
        xlsx() => "导出 XLSX", "Export XLSX";
        file(from: &str, to: &str) => "限时办结-{from}-{to}", "time-limits-{from}-{to}";
        definition() => "应办结：时限的最后一天落在这段时间里、已办结或已超期的办件；停办期间（补正、听证等）不计时，撤回和不予受理的不计。按时：办结之日不晚于最后一天。时限以工作日计。", "Due: those whose last day lay in the period and that were finished or are overdue; time stands still while papers are awaited, and what was withdrawn or declined does not count. In time: finished not later than the last day. Limits are working days.";
        contact_definition() => "首问落实：被首先询问的人在期限内受理、点名转交或说明理由不予受理。", "Seen to: whoever was asked first took it on, handed it over by name, or declined with the reason, in time.";
        rule_first_contact() => "首问落实期限", "Time to see to a first contact";
        rule_first_contact_hint() => "工作日；0 为当天", "working days; 0: the same day";
    }
}

/// What a step is called.
pub const fn step(language: Language, step: MatterStep) -> &'static str {
    use MatterStep::{Accepted, Declined, Finished, FirstContact, HandedOver, Resumed, Suspended, Withdrawn};
    match (language, step) {
        (Language::Zh, FirstContact) => "首问",
        (Language::Zh, Accepted) => "受理",
        (Language::Zh, Suspended) => "停办计时",
        (Language::Zh, Resumed) => "恢复计时",
        (Language::Zh, HandedOver) => "转办",
        (Language::Zh, Finished) => "办结",
        (Language::Zh, Withdrawn) => "撤回",
        (Language::Zh, Declined) => "不予受理",
        (Language::En, FirstContact) => "First contact",
        (Language::En, Accepted) => "Accepted",
        (Language::En, Suspended) => "Suspended",
        (Language::En, Resumed) => "Resumed",
        (Language::En, HandedOver) => "Handed over",
        (Language::En, Finished) => "Finished",
        (Language::En, Withdrawn) => "Withdrawn",
        (Language::En, Declined) => "Declined",
    }
}
