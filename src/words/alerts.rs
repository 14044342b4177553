//! Words of alerts: the pages about them, and the messages that leave the centre.

use super::Language;

words! {
    /// What alerts are called and what they say, on pages and in messages alike.
    Alerts {
        title() => "预警", "Alerts";
        severe() => "严重", "Severe";
        notice() => "注意", "Notice";
        negative_share() => "差评占比", "Share of negative ratings";
        level() => "出现低评价", "Low ratings";
        participation_drop() => "参评率下降", "Participation drop";
        silence() => "终端失联", "Silent terminal";
        tampering() => "账本异常", "Ledger tampering";
        shipped_share() => "差评集中", "Many negative ratings at once";
        whole_hall() => "全厅", "whole hall";
        said_level(hits: &str, n: &str) => "{n} 次评价中有 {hits} 次达到规则所说的低等级", "{hits} of {n} ratings reached the rule's low level";
        said_share(negative: &str, n: &str, share: &str) => "{n} 次评价中差评 {negative} 次（{share}）", "{negative} of {n} ratings are negative ({share})";
        said_participation(rated: &str, served: &str, share: &str, usual: &str) => "{served} 次服务中 {rated} 次参评（{share}），平时为 {usual}", "{rated} of {served} visits were rated ({share}); the usual is {usual}";
        said_silence(kiosks: u64, minutes: u64) => "{kiosks} 台终端没有联络，最长 {minutes} 分钟", "{kiosks} terminals are silent, {minutes} minutes at the longest";
        said_tampering(alarms: u64, kinds: &str) => "{alarms} 条未处理的账本报警：{kinds}", "{alarms} open alarms of the ledger: {kinds}";
        interval(low: &str, high: &str) => "95% 区间 {low}–{high}", "95% interval {low}–{high}";
        between(from: &str, to: &str) => "{from} 至 {to}", "{from} to {to}";
        as_of(moment: &str) => "截至 {moment}", "as of {moment}";
        subject_raised(severity: &str, rule: &str, place: &str) => "[评议·{severity}] {rule}：{place}", "[Pingyi, {severity}] {rule}: {place}";
        subject_closed(rule: &str, place: &str) => "[评议·已结束] {rule}：{place}", "[Pingyi, over] {rule}: {place}";
        subject_test() => "[评议] 预警送达测试", "[Pingyi] A test of alerts";
        subject_many(n: usize) => "[评议] {n} 条预警消息", "[Pingyi] {n} alert messages";
        body_raised(rule: &str, place: &str, moment: &str) => "{moment} {place} 触发规则“{rule}”。", "{moment}: rule “{rule}” was raised at {place}.";
        body_closed(rule: &str, place: &str, moment: &str) => "{moment} {place} 的预警“{rule}”已结束。", "{moment}: the alert “{rule}” at {place} is over.";
        body_test() => "这是一条测试消息：预警能送到这里。无需处理。", "This is a test: alerts arrive here. Nothing is to be done.";
        body_link(link: &str) => "查看和确认：{link}", "See and acknowledge it: {link}";
        body_footer() => "本邮件由评议中心自动发出，不含群众留言。收件人由督查人员在“预警—送达”页面设置。", "Sent by the Pingyi centre. It holds no citizens' words. Who receives it is set on the page Alerts, Destinations.";
    }
}

/// The name of a condition by its code; the code where there is none.
pub fn condition(language: Language, code: &str) -> std::borrow::Cow<'static, str> {
    let w = Alerts(language);
    match code {
        "level" => w.level(),
        "negative_share" => w.negative_share(),
        "participation_drop" => w.participation_drop(),
        "silence" => w.silence(),
        "tampering" => w.tampering(),
        other => other.to_owned().into(),
    }
}

/// A rule's name as a reader of a language sees it. The rules that every centre begins with are stored under Chinese names,
/// which stay; what somebody has named is shown as it was named.
pub fn rule_name(language: Language, stored: &str) -> std::borrow::Cow<'_, str> {
    let w = Alerts(language);
    match stored {
        "差评集中" => w.shipped_share(),
        "参评率下降" => w.participation_drop(),
        "终端失联" => w.silence(),
        "账本异常" => w.tampering(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_the_beginning_have_a_name_in_both_languages_and_others_keep_theirs() {
        for stored in ["差评集中", "参评率下降", "终端失联", "账本异常"] {
            assert_eq!(rule_name(Language::Zh, stored), stored);
            assert!(rule_name(Language::En, stored).is_ascii(), "{stored}");
        }
        assert_eq!(rule_name(Language::En, "午间差评"), "午间差评");
    }
}

words! {
    /// The pages: what is wrong now, rules, destinations, deliveries.
    AlertPages {
        now() => "当前", "Now";
        history() => "历史", "History";
        rules() => "规则", "Rules";
        destinations() => "送达", "Destinations";
        deliveries() => "送达记录", "Deliveries";
        lead() => "按规则自动发现的问题。未结束的一直列在这里；自己消失的，在有人确认之前也列出。", "What the rules have found: all that is open, and what is over until somebody acknowledges it.";
        none_now() => "现在没有预警。", "There is no alert now.";
        none_ever() => "还没有过预警。", "There has been no alert yet.";
        count_open(open: usize, unseen: usize) => "{open} 条未结束，{unseen} 条已结束、还没有人确认", "{open} open, {unseen} over and not acknowledged yet";
        open() => "未结束", "Open";
        closed() => "已结束", "Over";
        over() => "情况已消失", "it no longer holds";
        rule_off() => "规则已停用或改动", "its rule was changed or switched off";
        by_hand(who: &str) => "由 {who} 关闭", "closed by {who}";
        raised() => "触发", "Raised";
        place() => "地点", "Place";
        figures() => "数字", "Figures";
        figures_then() => "触发时", "When it was raised";
        figures_now() => "最近一次", "At last";
        state() => "状态", "State";
        rule() => "规则", "Rule";
        rows_behind() => "查看这些评价的统计", "The rows behind it";
        terminals() => "查看终端", "See the terminals";
        seen_by(who: &str, moment: &str) => "{who} 于 {moment} 确认", "Acknowledged by {who}, {moment}";
        unseen() => "未确认", "not acknowledged";
        acknowledge() => "确认", "Acknowledge";
        word() => "说一句：看到了什么，怎么处理", "In a word: what you found, what is done";
        word_hint(max: usize) => "必填，最多 {max} 字。不要写群众的姓名、电话或原话。", "Needed, {max} characters at most. No names, numbers or words of citizens.";
        word_wrong(max: usize) => "请写一句话，最多 {max} 字，不换行。", "Write a word, on one line and within {max} characters.";
        close() => "关闭预警", "Close the alert";
        close_hint() => "情况还在时，过了静默时间会再次触发。", "If it still holds, it is raised again after the quiet time.";
        acknowledged() => "已确认。", "It is acknowledged.";
        closed_done() => "已关闭。", "It is closed.";
        already() => "已有人处理过了。", "Somebody was first.";
        back_to_alerts() => "回到预警", "Back to the alerts";
        older() => "更早", "Older";
        newest() => "回到最新", "Newest";
        add_rule() => "添加规则", "Add a rule";
        edit_rule() => "修改规则", "Change the rule";
        rule_lead() => "每条规则说明：看什么、在哪里看、多严重、告诉谁、静默多久。", "Each rule says what is looked for and where, how severe it is, who is told, and how long it then keeps quiet.";
        kind() => "看什么", "What is looked for";
        choose_kind() => "选择一种", "Choose one";
        name() => "名称", "Name";
        shown_as(name: &str) => "显示为“{name}”。", "It came with the program under a Chinese name; shown here as “{name}”.";
        scope() => "在哪里看", "Where";
        scope_everywhere() => "全部大厅", "Every hall";
        scope_unit(name: &str) => "单位：{name}", "Unit: {name}";
        scope_hall(name: &str) => "大厅：{name}", "Hall: {name}";
        scope_window(hall: &str, name: &str) => "{hall} · {name}", "{hall} · {name}";
        grain() => "按什么计算", "Weighed by";
        each_window() => "每个窗口分别计算", "each window by itself";
        each_hall() => "每个大厅合起来算", "each hall as a whole";
        severity() => "程度", "Severity";
        percent() => "差评占比达到（%）", "Share of negative ratings, % or more";
        min_count() => "至少多少次评价", "With so many ratings at least";
        hits_count() => "达到多少次", "How many times";
        within() => "在多少分钟之内", "Within so many minutes";
        at_most() => "等级不高于", "This level or worse";
        points() => "比平时低多少个百分点", "Points below the usual";
        min_served() => "至少多少次服务", "With so many visits at least";
        silent_minutes() => "营业时间内没有联络多少分钟", "Minutes of silence inside opening hours";
        cooldown() => "静默：结束后多少分钟内不再触发", "Quiet time: not raised again within so many minutes of its end";
        without_flagged() => "不计存疑评价（连按、非营业时间等）", "Leave flagged ratings out (rapid presses, outside hours …)";
        tell_end() => "结束时也通知", "Tell its end too";
        tell_whom() => "告诉谁", "Who is told";
        page_only() => "没有可用的送达地址：只在页面显示。", "There is no destination: it stands on the page alone.";
        enabled() => "启用", "In use";
        disabled() => "停用", "Switched off";
        save() => "保存", "Save";
        remove() => "删除", "Remove";
        remove_hint() => "历史保留。", "The history stays.";
        edit() => "修改", "Change";
        saved() => "已保存。", "Saved.";
        removed() => "已删除。", "Removed.";
        usual_note() => "“平时”是该处最近四周（不含今天）的参评率；区间整个低于平时、且差距达到设定值才触发。", "The usual is the place's participation of the four weeks before today; it is raised only when the whole interval lies below it and the gap is as large as set.";
        fix_first() => "有几处需要改：", "Some fields need mending:";
        said_negative_share(percent: u32, count: u32, minutes: u32) => "{minutes} 分钟内至少 {count} 次评价，差评占 {percent}% 以上", "{percent}% or more negative of at least {count} ratings within {minutes} minutes";
        said_level(level: &str, count: u32, minutes: u32) => "{minutes} 分钟内出现 {count} 次“{level}”或更低", "{count} × “{level}” or worse within {minutes} minutes";
        said_participation_drop(points: u32, served: u32, minutes: u32) => "{minutes} 分钟内至少 {served} 次服务，参评率比平时低 {points} 个百分点以上", "participation {points} points or more below the usual, of at least {served} visits within {minutes} minutes";
        said_silence(minutes: u32) => "营业时间内 {minutes} 分钟没有联络", "{minutes} minutes of silence inside opening hours";
        said_tampering() => "账本分叉、断链、丢尾等", "a ledger that forks, breaks or loses its tail";
        quiet(minutes: u32) => "静默 {minutes} 分钟", "quiet for {minutes} minutes";
        add_destination() => "添加送达地址", "Add a destination";
        add_mail() => "添加邮箱", "Add a mailbox";
        add_webhook() => "添加网络回调", "Add a webhook";
        cancel() => "取消", "Cancel";
        acknowledged_label() => "确认情况", "Acknowledged";
        edit_destination() => "修改送达地址", "Change the destination";
        destination() => "送达地址", "Destination";
        destination_lead() => "预警通过网络回调或邮件送出。消息不含群众的话。", "Alerts leave by webhook and by e-mail. No message carries citizens' words.";
        no_destinations() => "还没有送达地址。", "There is no destination yet.";
        webhook() => "网络回调", "Webhook";
        mail() => "邮件", "E-mail";
        url() => "回调地址", "Address";
        url_hint(hosts: &str) => "只能是 centre.toml 里 webhook_hosts 列出的主机：{hosts}", "Only hosts that webhook_hosts in centre.toml lists: {hosts}";
        no_hosts() => "centre.toml 没有列出任何主机，回调不会发出。", "centre.toml lists no host: no webhook is called.";
        mail_to() => "收件邮箱", "Mail address";
        no_mail_server() => "centre.toml 没有设置邮件服务器，邮件不会发出。", "centre.toml names no mail server: no mail is sent.";
        language() => "语言", "Language";
        chinese() => "中文", "Chinese";
        english() => "英文", "English";
        scope_of() => "属于", "Belongs to";
        secret() => "签名密钥", "Signing secret";
        secret_once(secret: &str) => "签名密钥（只显示这一次，请交给接收方）：{secret}", "Signing secret, shown this once; hand it to the receiver: {secret}";
        signature_note() => "接收方用它验证 X-Pingyi-Signature：HMAC-SHA256(密钥, X-Pingyi-Time + \".\" + 正文)，十六进制。", "The receiver checks X-Pingyi-Signature with it: HMAC-SHA256(secret, X-Pingyi-Time + \".\" + body) in hexadecimal.";
        test() => "发一条测试", "Send a test";
        test_laid() => "测试消息已排队，结果见送达记录。", "The test is on its way; see the deliveries for how it ended.";
        message() => "消息", "Message";
        attempts() => "次数", "Tries";
        try_number() => "第几次", "Try";
        tries() => "每次尝试", "Each try";
        tries_note(max: u32) => "失败后隔 1、3、10、30 分钟……再试，最多 {max} 次。", "After a failure it is tried again in 1, 3, 10, 30 … minutes, {max} times in all.";
        event_raised() => "触发", "raised";
        event_closed() => "结束", "over";
        event_test() => "测试", "test";
        waiting() => "等待", "Waiting";
        sent() => "已送达", "Sent";
        given_up() => "已放弃", "Given up";
        next_try(moment: &str) => "{moment} 再试", "next try {moment}";
        when() => "时间", "When";
        took() => "用时", "Took";
        outcome() => "结果", "How it ended";
        going_on() => "进行中", "going on";
        no_deliveries() => "还没有送出过消息。", "Nothing has been sent yet.";
        delivered() => "已送达", "delivered";
        refused() => "对方拒绝", "refused by the other side";
        timed_out() => "超时", "timed out";
        unreachable() => "连不上", "unreachable";
        tls() => "证书或加密失败", "certificate or encryption failed";
        no_address() => "主机名无法解析", "the host's name leads nowhere";
        not_allowed() => "主机不在允许之列", "the host is not allowed";
        no_server() => "没有设置邮件服务器", "no mail server is set";
        bad_settings() => "邮件服务器设置有误", "the mail server's settings do not work";
        interrupted() => "中心停机，中断", "interrupted by a stop of the centre";
        gone(id: i64) => "（已删除 {id}）", "(removed, {id})";
        failing(n: usize) => "没有送到的预警消息：{n} 条，请看送达记录。", "Alert messages that did not arrive: {n}. See the deliveries.";
        too_many() => "已到数量上限，请先删除不用的。", "There are too many already; remove some first.";
        your_halls_only() => "只能选您负责的范围。", "Only what you answer for can be chosen.";
    }
}
