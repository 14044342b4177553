//! Words of the rating explorer: single ratings with their place in the chain.

use super::Language;
use crate::domain::rating::Signal;

words! {
    /// What supervisors, follow-up officers and auditors read of single ratings.
    Entries {
        entries() => "逐条评价", "Ratings one by one";
        lead() => "每条评价连同它在台账链上的位置。只能看，不能改。", "Every rating with its place in the chain. They can be read, not changed.";
        caption(from: &str, to: &str) => "{from} 至 {to} 的评价，最近的在前", "Ratings from {from} to {to}, the latest first";
        from() => "从", "From";
        to() => "到", "To";
        window() => "窗口", "Window";
        hall() => "大厅", "Hall";
        any_window() => "全部窗口", "All windows";
        staff_no() => "工号", "Staff number";
        level() => "等级", "Level";
        more_filters() => "更多条件", "More filters";
        any_item() => "全部事项", "All items";
        any_channel() => "全部渠道", "All channels";
        any_reason() => "全部原因", "All reasons";
        hour() => "时段", "Hour";
        any_hour() => "全天", "All day";
        weekday() => "星期", "Weekday";
        any_weekday() => "每天", "Every day";
        hour_hint() => "时刻不确定的评价不在任何时段和星期里，与统计一致。", "Ratings whose time is uncertain are in no hour and on no weekday, as in the statistics.";
        any_level() => "全部等级", "All levels";
        flags() => "信号", "Signals";
        any_flags() => "都看", "All";
        flagged() => "只看存疑", "Flagged only";
        flagged_word() => "存疑", "flagged";
        unflagged() => "只看无信号", "Unflagged only";
        code() => "收据码", "Receipt code";
        code_hint() => "群众屏幕上的十位码；填了它，其他条件不起作用。", "The ten characters from the citizen's screen; with it the other filters do nothing.";
        show() => "查看", "Show";
        time() => "时间", "Time";
        reasons() => "原因", "Reasons";
        position() => "链上位置", "Place in the chain";
        place(kiosk: &str, epoch: u32, seq: u64) => "{kiosk} · 第 {epoch} 期第 {seq} 条", "{kiosk} · epoch {epoch}, entry {seq}";
        other_history() => "另一份历史", "the other history";
        sample() => "样例数据，没有台账", "sample data, without a ledger";
        grade(grade: &str) => "{grade} 级时钟", "clock grade {grade}";
        untimed() => "时刻不确定", "time uncertain";
        pledges() => "当时的承诺", "Pledges shown";
        pledge(id: &str, version: u32) => "{id} 第 {version} 版", "{id} version {version}";
        no_pledges() => "未记录", "not recorded";
        channel() => "渠道", "Channel";
        nobody() => "无人签到", "nobody signed in";
        none() => "没有符合条件的评价", "No rating matches";
        none_do() => "放宽期间或条件再看。", "Widen the period or the filters.";
        too_few() => "符合条件的评价太少，不向您的角色逐条显示", "Too few ratings match to show them one by one to your role";
        too_few_do() => "放宽期间或条件；满足最小分组数后才显示，以免认出评价人。", "Widen the period or the filters: they are shown from the minimum group size on, so that nobody who rated can be guessed.";
        searching() => "这一段找完了，还有更早的", "This stretch is searched; there are earlier ones";
        older() => "更早的", "Earlier";
        newest() => "回到最近的", "Back to the latest";
        bad_period() => "期间不对：应为 年-月-日，且不超过 92 天", "The period is wrong: days as YYYY-MM-DD, 92 days at most";
        bad_code() => "收据码应为十个字母和数字", "A receipt code has ten letters and digits";
        bad_staff() => "工号：1 至 32 个字母、数字或 . _ -", "Staff number: 1 to 32 letters, digits or . _ -";
        bad_choice() => "没有这个选项", "There is no such choice";
        rating() => "评价", "Rating";
        rating_title(level: &str) => "评价：{level}", "Rating: {level}";
        staff() => "工作人员", "Staff";
        item() => "服务事项", "Service item";
        item_none() => "未指明", "not named";
        receipt_code() => "收据码", "Receipt code";
        why_flagged() => "存疑的原因", "Why it is flagged";
        not_flagged() => "没有信号", "no signals";
        chain() => "台账条目", "Entries of the ledger";
        chain_caption() => "这次服务的台账条目", "The entries of this visit";
        seq() => "序号", "Entry";
        kind() => "事件", "What happened";
        hash() => "哈希", "Hash";
        check() => "查验", "Check";
        holds() => "签名有效", "the signature holds";
        broken() => "查验不成立", "does not hold";
        raw() => "原文", "Canonical bytes";
        held_to(seq: u64) => "中心存到第 {seq} 条，回执由中心签名", "the centre holds up to entry {seq}, by its signed receipt";
        no_chain() => "没有台账条目可看。", "There are no entries to see.";
        phone() => "手机评价", "Ratings by phone";
        phone_caption() => "这次服务的手机评价", "Ratings of this visit by phone";
        counted() => "计入", "counts";
        not_counted() => "留存不计", "kept, does not count";
        received() => "收到", "Received";
        words_title() => "留言与联系方式", "Words and contact";
        words_none() => "没有留言。", "No words were left.";
        words_sealed(n: usize) => "{n} 份，密封", "{n}, sealed";
        words_erased(n: usize) => "{n} 份，已到期删除", "{n}, erased at the end of their term";
        words_who() => "只有回访员可以打开，每次打开都记入审计日志。", "Only a follow-up officer can open them; every opening goes into the audit log.";
        open() => "打开这次服务的留言", "Open the words of this visit";
        open_why() => "为什么要看", "Why you need to see them";
        open_hint() => "一行，2 至 300 字，记入审计日志；不要写群众的个人信息。", "One line of 2 to 300 characters for the audit log; nothing personal of the citizen.";
        why_wrong() => "请用一行 2 至 300 字说明为什么要看", "Say in one line of 2 to 300 characters why you need to see them";
        opened() => "留言内容", "The words";
        opened_lead() => "这一页不会保存，离开后要再看须重新说明。", "This page is kept nowhere; to see it again, say why again.";
        opened_logged() => "本次查看已记入审计日志。", "This viewing stands in the audit log.";
        text() => "留言", "Words";
        contact() => "联系方式", "Contact";
        not_left() => "未留", "none left";
        unreadable() => "这一份打不开：不是封给本中心的，或已损坏。", "This one does not open: it was sealed to another centre, or is damaged.";
        all_erased() => "留言已到期删除，无法恢复；台账里只剩它的承诺值。", "The words were erased at the end of their term and cannot be brought back; the chain keeps only the commitment.";
        back() => "回到这条评价", "Back to the rating";
        withheld() => "同期这个窗口的评价太少，不向您的角色逐条显示。", "Too few ratings of this window in its month to show single ones to your role.";
    }
}

/// Why a rating is flagged.
pub fn signal(language: Language, signal: Signal) -> &'static str {
    let (zh, en) = match signal {
        Signal::Rapid => ("紧接上一条", "right after another"),
        Signal::Dwell => ("来不及看就按", "faster than reading"),
        Signal::SamePixel => ("与上一条同一点", "same spot as the one before"),
        Signal::OutsideHours => ("非开放时间", "outside hours"),
        Signal::Unserved => ("没有请评价也没有服务", "no invitation, no service"),
        Signal::Second => ("同一次服务的第二条", "second of one visit"),
        Signal::Late => ("过了时限", "after its time"),
    };
    if language.is_english() { en } else { zh }
}

/// What an entry says happened.
pub fn body(language: Language, code: &str) -> &'static str {
    let (zh, en) = match code {
        "visit_opened" => ("服务开始", "visit opened"),
        "invited" => ("请评价", "invited"),
        "rated" => ("评价", "rated"),
        "revised" => ("改主意", "changed their mind"),
        "explained" => ("选原因、留言", "gave reasons or words"),
        "visit_closed" => ("服务结束", "visit closed"),
        _ => ("其他", "other"),
    };
    if language.is_english() { en } else { zh }
}
