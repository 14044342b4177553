//! What citizens, staff and maintenance read on the kiosk.

use super::Language;
use crate::domain::visit::PauseReason;

words! {
    /// On every screen.
    Chrome {
        /// The language that a press changes to, in that language.
        other_language() => "English", "中文";
        senior_on() => "大字版", "Large text";
        senior_off() => "标准版", "Standard";
        staff() => "工作人员", "Staff";
        window(number: &str) => "{number} 号窗口", "Window {number}";
        hotline(number: &str) => "监督电话 {number}", "Hotline {number}";
    }
}

words! {
    /// The card: who serves, what they promise, and the question.
    CardWords {
        staff_no(no: &str) => "工号 {no}", "Staff no. {no}";
        party_member() => "共产党员", "Party member";
        party_member_no(no: &str) => "共产党员 · 工号 {no}", "Party member · {no}";
        pledges() => "服务承诺", "Our pledges";
        /// The time limit stands first, where the eye finds it.
        pledge_detail(limit: &str, standard: &str) => "{limit} · {standard}", "{limit} · {standard}";
        /// 兑现: so many of so many occasions of the last closed months.
        pledge_kept(limit: &str, kept: u64, of: u64) => "{limit} · 兑现 {kept}/{of}", "{limit} · kept {kept} of {of}";
        /// Anyone may rate at any time.
        question() => "请您对本次服务作出评价", "How was the service today?";
        /// Somebody asked for it.
        invitation() => "请您评价刚才的服务", "Please rate the service you just had";
        saving() => "正在保存您的评价…", "Saving your rating …";
        answer_by(seconds: u32) => "{seconds} 秒内有效", "Open for {seconds} s";
        qr() => "也可扫码评价", "Or rate by phone";
        item_at_once(item: &str) => "{item} · 即时办结", "{item} · done at once";
        item_in_days(item: &str, days: u16) => "{item} · {days} 个工作日内办结", "{item} · within {days} working days";
        case_no(no: &str) => "办件编号 {no}", "Case no. {no}";
        voluntary() => "自愿评价，匿名保存", "Voluntary and anonymous";
    }
}

words! {
    /// Reasons, the same after every level.
    ReasonsWords {
        title() => "方便说说原因吗？", "May we ask why?";
        hint() => "可多选，也可以跳过", "Choose any, or skip";
        recorded(level: &str) => "已保存：{level}", "Saved: {level}";
        change() => "修改评价", "Change my rating";
        skip() => "跳过", "Skip";
        send() => "提交", "Send";
        closes_in(seconds: u32) => "{seconds} 秒后自动结束", "Closes in {seconds} s";
    }
}

words! {
    /// Thanks, the same for every level.
    ThanksWords {
        title() => "感谢您的评价", "Thank you";
        message() => "您的评价已保存，窗口工作人员不能修改或删除。", "Your rating is saved. Nobody at this window can change or delete it.";
        receipt() => "回执码", "Receipt code";
        receipt_hint() => "可拍照留存，凭此查证评价记录和办理进度", "Take a photo: it shows what becomes of your rating";
        qr() => "扫码补充意见", "Scan to tell us more";
        change() => "修改评价", "Change my rating";
        done() => "完成", "Done";
        closes_in(seconds: u32) => "{seconds} 秒后返回", "Closes in {seconds} s";
    }
}

words! {
    /// No one on duty, or paused.
    IdleWords {
        off_duty() => "本窗口暂无工作人员值守", "This window is not staffed at the moment";
        off_duty_hint() => "请前往其他窗口办理，或到咨询台询问。", "Please go to another window, or ask at the information desk.";
        notices() => "大厅公告", "Notices";
        no_notices() => "欢迎您", "Welcome";
        no_notices_text() => "每一次评价都会如实记录，并由监督部门定期公布。", "Every rating is recorded as given, and supervisors publish the results.";
        honours() => "荣誉榜", "Honours";
        results() => "评价结果", "Results";
        witness(seal: &str) => "评价账本存证 {seal}", "Ledger seal {seal}";
        paused() => "暂停服务", "Service paused";
        paused_hint() => "请稍候，或前往其他窗口办理。", "Please wait a moment, or go to another window.";
        paused_by(name: &str, no: &str) => "{name} · 工号 {no}", "{name} · staff no. {no}";
    }
}

words! {
    /// Sign-in and the choices of staff.
    StaffWords {
        title() => "工作人员", "Staff";
        ask_number() => "请输入工号", "Enter your staff number";
        ask_pin() => "请输入密码", "Enter your PIN";
        number_field() => "工号", "Staff number";
        pin_field() => "密码", "PIN";
        signing_in(no: &str) => "工号 {no}", "Staff no. {no}";
        checking() => "正在核对…", "Checking …";
        refused() => "工号或密码不正确，或不属于本窗口。请重新输入。", "Not accepted: wrong number or PIN, or not for this window. Please try again.";
        wait(seconds: u64) => "尝试次数过多，请 {seconds} 秒后再试。", "Too many attempts. Try again in {seconds} s.";
        number_hint() => "登录后，您的姓名、工号和承诺将显示在屏幕上。", "After signing in, your name, number and pledges appear on this screen.";
        pin_hint() => "请用手遮挡键盘。", "Please cover the keys with your hand.";
        erase() => "退格", "Erase";
        enter() => "确定", "Enter";
        back() => "返回", "Back";
        maintenance() => "设备维护", "Maintenance";
        on_duty(name: &str) => "{name}，您好", "Hello, {name}";
        choices_hint() => "请选择操作", "What would you like to do?";
        paused_now(reason: &str) => "已暂停服务：{reason}", "Paused: {reason}";
        invite() => "请对方评价", "Ask for a rating";
        pause() => "暂停服务", "Pause service";
        resume() => "恢复服务", "Resume service";
        hand_over() => "换人值守", "Hand over";
        sign_out() => "下班签退", "Sign out";
    }
}

words! {
    /// The maintenance panel.
    MaintenanceWords {
        title() => "设备维护", "Maintenance";
        ask_pin() => "请输入维护密码", "Enter the maintenance PIN";
        pin_hint() => "每次进入都会写入账本。", "Each entry is written to the ledger.";
        refused() => "密码不正确，请重新输入。", "Wrong PIN. Please try again.";
        centre() => "评议中心", "Centre";
        standalone() => "未配置，单机运行", "None: running on its own";
        not_enrolled() => "未注册", "Not enrolled";
        online() => "已连接", "Connected";
        offline() => "离线，评价保存在本机", "Offline, ratings are kept here";
        forked() => "账本分叉，请联系中心", "Ledger fork: call the centre";
        queue() => "待同步", "Unsynced";
        entries(count: u64) => "{count} 条", "{count} entries";
        last_receipt() => "上次回执", "Last receipt";
        never() => "尚无", "None yet";
        trouble() => "最近故障", "Last trouble";
        none() => "无", "None";
        disk() => "剩余空间", "Free disk";
        megabytes(count: u64) => "{count} MB", "{count} MB";
        clock() => "时钟等级", "Clock grade";
        ledger() => "账本", "Ledger";
        head(epoch: u32, seq: u64) => "第 {epoch} 期 · 第 {seq} 条", "epoch {epoch}, no. {seq}";
        version() => "程序版本", "Version";
        device() => "设备", "Device";
        board() => "公示板", "Board";
        sync_now() => "立即同步", "Sync now";
        clean() => "清洁屏幕", "Clean the glass";
        quit() => "退出程序", "Quit";
        back() => "返回", "Back";
    }
}

words! {
    /// Something failed, or the glass is being wiped.
    TroubleWords {
        sorry() => "抱歉", "We are sorry";
        title() => "本次评价未能保存", "Your rating was not saved";
        message() => "这是设备的问题，不是您的操作有误。此前的评价都完好保存。", "The fault is ours, not yours. Ratings given before are safe.";
        what_to_do(hotline: &str) => "请稍后再试，或拨打 {hotline} 告诉我们。", "Please try again in a while, or call {hotline}.";
        code() => "故障代码", "Fault code";
        cleaning(seconds: u32) => "正在清洁屏幕 · {seconds} 秒", "Cleaning · {seconds} s";
    }
}

/// Why nobody serves, as a citizen reads it.
pub fn paused_because(language: Language, reason: PauseReason) -> &'static str {
    let (zh, en) = match reason {
        PauseReason::ShortLeave => ("工作人员暂时离开", "The clerk will be right back"),
        PauseReason::InternalWork => ("工作人员正在处理内部事务", "The clerk is busy with internal work"),
        PauseReason::Meal => ("工作人员用餐中", "The clerk is on a meal break"),
        PauseReason::Equipment => ("设备故障，正在处理", "Equipment fault, being repaired"),
    };
    if language.is_english() { en } else { zh }
}
