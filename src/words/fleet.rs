//! Words of the fleet: terminals, their ledgers, and what people decide about them.

use super::Language;
use crate::domain::explanation::{EpochReason, ForkVerdict};

words! {
    /// What keepers of devices and supervisors read.
    Fleet {
        fleet() => "终端", "Terminals";
        lead(n: usize, look: usize) => "{n} 台在用，{look} 台需要看一看", "{n} in use, {look} need a look";
        lead_well(n: usize) => "{n} 台在用，都正常", "{n} in use, all well";
        caption() => "终端，需要看的在前", "Terminals, those that need a look first";
        hall() => "大厅", "Hall";
        all_halls() => "全部大厅", "All halls";
        state() => "状态", "State";
        all_states() => "全部状态", "All states";
        show() => "查看", "Show";
        terminal() => "终端", "Terminal";
        window() => "窗口", "Window";
        last_seen() => "最近联络", "Last heard";
        staff() => "在岗人员", "Signed in";
        nobody() => "无人签到", "nobody";
        ledger() => "台账", "Ledger";
        backlog() => "待传", "Waiting";
        clock() => "时钟", "Clock";
        disk() => "磁盘", "Disk";
        version() => "版本", "Version";
        board() => "公示板", "Board";
        screen() => "屏幕", "Screen";
        no_screen() => "没有画面", "no picture";
        receipt() => "终端持有的回执", "Receipt held by the terminal";
        starts() => "开机次数", "Starts";
        device() => "设备", "Device";
        enrolled() => "登记", "Enrolled";
        never() => "从未", "never";
        ago(text: &str) => "{text}前", "{text} ago";
        ahead() => "时间在后", "in the future";
        seconds(n: i64) => "{n} 秒", "{n} s";
        minutes(n: i64) => "{n} 分钟", "{n} min";
        hours(n: i64) => "{n} 小时", "{n} h";
        days(n: i64) => "{n} 天", "{n} days";
        clock_ok(grade: &str) => "{grade} 级，准", "grade {grade}, right";
        clock_off(grade: &str, offset: &str) => "{grade} 级，差 {offset}", "grade {grade}, {offset} off";
        megabytes(n: u64) => "{n} MB", "{n} MB";
        gigabytes(n: u64) => "{n} GB", "{n} GB";
        board_current() => "最新", "current";
        board_old() => "旧版", "old";
        board_unknown() => "未报告", "not reported";
        epoch_seq(epoch: u32, seq: u64) => "第 {epoch} 期第 {seq} 条", "epoch {epoch}, entry {seq}";
        said_held(said: u64, held: u64) => "终端 {said} · 中心 {held}", "terminal {said} · centre {held}";
        none_match() => "没有符合条件的终端", "No terminal matches";
        none_match_do() => "换一个大厅或状态看看。", "Try another hall or state.";
        none_yet() => "还没有登记终端", "No terminal is enrolled yet";
        none_yet_do() => "先做一个登记码，装机的人把它写进终端的 enrol-code.txt，终端就会出现在这里。", "Make an enrolment code first; whoever sets the terminal up writes it into enrol-code.txt, and the terminal appears here.";
        codes() => "登记码", "Enrolment codes";
        new_code() => "做登记码", "Make an enrolment code";
        codes_lead() => "登记码只显示一次，一天内有效，用过即失效。", "A code is shown once, valid for a day, and used up by the first device.";
        code_made(code: &str, kiosk: &str) => "{kiosk} 的登记码：{code} —— 只显示这一次，请现在抄下", "The code for {kiosk}: {code} — shown this once only, write it down now";
        make() => "做码", "Make the code";
        kiosk_id() => "终端编号", "Terminal's number";
        kiosk_hint() => "如 K03；已有同号终端时，新设备登记后旧设备转为“已更换”。", "Such as K03. If one of that number exists, the new device takes its place when it enrols.";
        kiosk_wrong() => "终端编号：1 至 32 个字母、数字或 . _ -", "Terminal's number: 1 to 32 letters, digits or . _ -";
        window_hint() => "来自公示板。", "From the boards.";
        window_wrong() => "请选一个窗口", "Choose a window";
        no_window() => "公示板上还没有窗口", "No board has a window yet";
        codes_caption() => "最近的登记码", "Latest codes";
        made() => "做码时间", "Made";
        made_by() => "做码人", "Made by";
        expires() => "有效至", "Valid until";
        open() => "可用", "open";
        used() => "已用", "used";
        expired() => "已过期", "expired";
        revoked() => "已作废", "withdrawn";
        revoke() => "作废", "Withdraw";
        code_revoked() => "登记码已作废。", "The code is withdrawn.";
        code_gone() => "这个登记码已用过、已过期或已作废。", "That code is used, expired or withdrawn already.";
        no_codes() => "还没有登记码", "No codes yet";
        well() => "正常", "Well";
        look() => "要看", "Needs a look";
        bad() => "有问题", "Wrong";
        ended() => "已停用", "Ended";
        active() => "在用", "in use";
        replaced() => "已更换", "replaced";
        withdrawn() => "已撤销", "retired";
        now() => "现在", "Now";
        history() => "状态变化", "What changed";
        history_caption() => "最近的状态变化", "Latest changes of state";
        since() => "自", "Since";
        no_history() => "还没有记录状态变化", "No change is on record yet";
        no_history_do() => "中心每分钟看一次；有变化才记一笔。", "The centre looks every minute, and keeps a line when something changes.";
        alarms() => "警报", "Alarms";
        alarms_caption() => "警报，未关闭的在前", "Alarms, open ones first";
        alarm() => "警报", "Alarm";
        raised() => "发生", "Raised";
        closed() => "关闭", "Closed";
        still_open() => "未关闭", "open";
        detail() => "细节", "Detail";
        no_alarms() => "没有警报", "No alarms";
        no_alarms_do() => "失联、磁盘、时钟、待传会自己关闭；台账的警报要有人说明。", "Silence, disk, clock and backlog close by themselves; alarms about the ledger wait for a person.";
        epochs() => "台账各期", "Epochs of the ledger";
        epochs_caption() => "台账各期，最新的在前", "Epochs, the latest first";
        epoch() => "期", "Epoch";
        held() => "中心存到", "Held up to";
        hash() => "末条哈希", "Last hash";
        witnessed() => "曾见到", "Witnessed up to";
        received() => "最近收到", "Last received";
        no_epochs() => "中心还没有收到它的台账", "Nothing of its ledger has come yet";
        no_epochs_do() => "登记后第一次同步就会出现。", "It appears with the first synchronisation.";
        explained(reason: &str, by: &str) => "已说明：{reason}（{by}）", "explained: {reason} ({by})";
        unexplained() => "未结清，待说明", "unclosed, to be explained";
        running() => "进行中", "running";
        fork_at(seq: u64) => "从第 {seq} 条起有两份历史", "two histories from entry {seq} on";
        fork_open() => "待裁定", "to be decided";
        decide() => "裁定", "Decide";
        explain() => "说明", "Explain";
        replace() => "更换设备", "Replace the device";
        retire() => "撤机", "Retire";
        retire_question(kiosk: &str) => "撤下终端 {kiosk}？", "Retire terminal {kiosk}?";
        retire_what() => "中心从此拒绝这台设备。它已传来的记录都保留；没有传来的留在设备上。旧台账如何结束，由大厅督查说明。", "From now on the centre refuses this device. What it has sent stays; what it has not sent stays on it. How its ledger ended is for the hall's supervisor to explain.";
        retire_yes() => "撤机", "Retire it";
        retired(kiosk: &str) => "{kiosk} 已撤机。", "{kiosk} is retired.";
        reason() => "原因", "Reason";
        words_label() => "说明", "What was found out";
        words_hint() => "一行，2 至 300 字；不写群众的个人信息。", "One line of 2 to 300 characters; nothing personal of citizens.";
        words_wrong() => "请用一行 2 至 300 字说明", "Say it in one line of 2 to 300 characters";
        reason_wrong() => "请选一项", "Choose one";
        explain_title(epoch: u32) => "说明第 {epoch} 期如何结束", "How epoch {epoch} ended";
        explain_lead() => "说明会记入审计日志并关闭相关警报；台账一条不动。", "The explanation goes into the audit log and closes the alarms; no entry is touched.";
        explain_done() => "已说明，相关警报已关闭。", "Explained; the alarms are closed.";
        save() => "保存", "Save";
        cancel() => "返回", "Back";
        decide_title(seq: u64) => "第 {seq} 条起的两份历史", "Two histories from entry {seq} on";
        decide_lead() => "两份都由设备签名，都原样保留。裁定只决定统计怎么算，记入审计日志，不能更改。", "The device has signed both, and both are kept. The decision says what the figures count; it goes into the audit log and stands.";
        first_history() => "先到的一份（已计入统计）", "The one that came first (in the figures)";
        other_history() => "另一份（尚未计入）", "The other one (not in the figures)";
        entries_count(n: u64) => "{n} 条", "{n} entries";
        ratings_count(n: u64) => "评价 {n} 条", "{n} ratings";
        from_to(first: u64, last: u64) => "第 {first} 至 {last} 条", "entries {first} to {last}";
        verdict_held() => "只计先到的一份", "Count the one that came first";
        verdict_held_hint() => "另一份是拷贝、测试或篡改。", "The other is a copy, a test or tampering.";
        verdict_unclear() => "无法判断", "It cannot be told";
        verdict_unclear_hint() => "两份都保留、都计入；另一份里的评价标为存疑，只看无信号的评价时不计。", "Both are kept and counted; the ratings of the other one are flagged, and left out wherever only unflagged ratings are counted.";
        verdict_both() => "两份都计入", "Count both";
        verdict_both_hint() => "设备被恢复到旧状态，两段服务都真实发生过；另一份里新开始的服务加入统计。", "The device was put back to an older state and both really happened; visits that the other one opened enter the figures.";
        decided_done() => "已裁定。", "It is decided.";
        decided_by(verdict: &str, by: &str) => "{verdict}（{by}）", "{verdict} ({by})";
        added(n: u64) => "另计入 {n} 次服务", "{n} visits were added";
        seen_alarms() => "警报已看过，关闭", "Looked at: close the alarms";
        seen_title() => "关闭这台终端的警报？", "Close this terminal's alarms?";
        seen_what() => "用于没有别的办法说明的警报。记入审计日志；再次发生会重新打开。", "For alarms that nothing else explains. It goes into the audit log; if it happens again they open again.";
        seen_done() => "警报已关闭。", "The alarms are closed.";
        still_forked() => "两份历史要先裁定，不能这样关闭。", "Two histories must be decided first; they cannot be closed like this.";
    }
}

/// Why a terminal is worth a look.
pub fn concern(language: Language, code: &str) -> &'static str {
    let (zh, en) = match code {
        "tampered" => ("台账有疑", "ledger in doubt"),
        "silent" => ("失联", "silent"),
        "never_seen" => ("登记后未联络", "never heard"),
        "alarm" => ("待说明", "to be explained"),
        "disk_low" => ("磁盘不足", "disk low"),
        "backlog" => ("积压", "backlog"),
        "clock_off" => ("时钟不准", "clock off"),
        "no_screen" => ("屏幕没开", "screen off"),
        "board_old" => ("公示板旧", "old board"),
        _ => ("其他", "something else"),
    };
    if language.is_english() { en } else { zh }
}

/// What a person decided about two histories.
pub fn verdict(language: Language, verdict: ForkVerdict) -> &'static str {
    let (zh, en) = match verdict {
        ForkVerdict::Held => ("先到的一份计入统计", "the history that came first counts"),
        ForkVerdict::Both => ("两份都计入统计", "both histories count"),
        ForkVerdict::Unclear => {
            ("无法判断；两份都计入，另一份标为存疑", "it cannot be told: both count, the other one flagged")
        }
    };
    if language.is_english() { en } else { zh }
}

/// Why an epoch was never closed.
pub fn epoch_reason(language: Language, reason: EpochReason) -> &'static str {
    let (zh, en) = match reason {
        EpochReason::Reinstalled => ("原机重装", "set up anew"),
        EpochReason::Replaced => ("更换设备", "replaced by another device"),
        EpochReason::Broken => ("设备或磁盘损坏", "device or disk broke"),
        EpochReason::Lost => ("遗失或被盗", "lost or stolen"),
        EpochReason::Trial => ("试用、测试", "a trial"),
        EpochReason::Retired => ("窗口不再设终端", "the window has no kiosk any more"),
        EpochReason::Other => ("其他（见说明）", "another reason (see the words)"),
    };
    if language.is_english() { en } else { zh }
}

/// What an alarm is about.
pub fn alarm_kind(language: Language, code: &str) -> &'static str {
    let (zh, en) = match code {
        "fork" => ("台账出现两份历史", "two histories of one ledger"),
        "broken_chain" => ("台账的链断了", "the ledger's chain is broken"),
        "replaced_device" => ("换了设备，旧台账没有结清", "another device took over; the old ledger is not closed"),
        "new_epoch" => ("重新开始了台账", "the device began its ledger anew"),
        "lost_tail" => ("见过的记录不在台账里", "entries that were seen are not in the ledger"),
        "astray_entry" => ("有记录指向没有开始过的服务", "entries name visits that nobody opened"),
        "silent" => ("开放时间内没有联络", "silent while the hall is open"),
        "backlog" => ("待传记录不断增加", "what waits to be sent grows"),
        "disk_low" => ("磁盘快满了", "the disk is nearly full"),
        "clock_off" => ("时钟不准", "the clock is off"),
        _ => ("其他", "something else"),
    };
    if language.is_english() { en } else { zh }
}
