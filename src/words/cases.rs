//! Words of rectification: the register of cases, one case, and its rules.

use std::borrow::Cow;

use super::Language;
use crate::domain::case::{Escalation, FollowUp, Grade, Matter, NOTE_CHARS, Refused, Stage, Step, Verdict};

words! {
    /// The rules of cases.
    CaseRuleWords {
        name() => "整改", "Rectification";
        working_days() => "工作日", "working days";
        times() => "次", "times";
        assign_days() => "派发时限", "Hand the case to somebody within";
        verify_days() => "核实时限", "Verify within";
        rectify_days() => "整改时限", "Put right within";
        reply_days() => "答复时限", "Reply within";
        follow_up_days() => "回访时限", "Follow up within";
        recheck_days() => "复核时限", "Recheck within";
        close_days() => "办结时限", "Close within";
        appeal_days() => "工作人员申诉时限（自核实起）", "Staff may appeal, from the verdict on, for";
        review_days() => "申诉复审时限", "Review an appeal within";
        amber_days() => "剩余不多于此数时标黄", "Amber when no more is left than";
        leader_days() => "超期此数后升级到领导", "Pass up to the leader when overdue for";
        extensions() => "每一步可延期", "Each step can be extended";
        extension_days() => "一次最多延期", "One extension is at most";
        ratings_open() => "差评自动立案", "Negative ratings open cases by themselves";
        ratings_open_hint() => "关闭后，新的差评不再自动进入台账", "When off, new negative ratings do not enter the register";
        samples_open() => "示例数据也立案", "Those of the sample data too";
        samples_open_hint() => "只用于演示；立案后标明“示例”", "For demonstrations; such cases are marked as samples";
        serious_at_lowest() => "“非常不满意”算作严重", "“Very dissatisfied” is serious";
        serious_hint() => "严重的整改未办结时，当事窗口和人员不能参评", "While a serious case is open, the window and the person cannot be elected";
        latest_days() => "迟到多久的评价不再立案", "Ratings that come in later than this open no case";
        latest_hint() => "天（从评价当时算起）", "days after they were given";
    }
}

words! {
    /// The register and one case.
    Register {
        title() => "整改台账", "Rectification";
        case_title(id: i64) => "整改 {id} 号", "Case {id}";
        lead() => "差评、检查发现的问题和未兑现的承诺，一件一档：核实、整改、答复、回访、复核、办结，每一步有期限。评价本身不会因此改变。", "Negative ratings, findings of inspections and pledges that were not kept, one case each: verified, put right, replied to, followed up, rechecked and closed, each step by its deadline. No rating changes by it.";
        all_open() => "未办结", "Open";
        mine() => "我经办的", "Mine";
        waiting() => "待第二人决定", "For a second person";
        escalated() => "超期升级", "Passed up";
        ended() => "已办结", "Ended";
        every_case() => "全部", "All";
        which() => "看哪些", "Which cases";
        counts() => "各步骤件数", "How many at each step";
        stage() => "步骤", "Step";
        any_stage() => "全部步骤", "Every step";
        due() => "期限", "Deadline";
        any_due() => "全部期限", "Every deadline";
        light_calm() => "还有时间", "In time";
        light_amber() => "快到期", "Nearly due";
        light_red() => "今天到期", "Due today";
        light_overdue() => "已超期", "Overdue";
        window() => "窗口", "Window";
        hall() => "大厅", "Hall";
        any_hall() => "全部大厅", "Every hall";
        any_window() => "全部窗口", "Every window";
        staff() => "当事人", "Staff concerned";
        staff_no() => "工号", "Staff number";
        origin() => "来源", "Origin";
        any_origin() => "全部来源", "Every origin";
        origin_rating() => "差评", "Negative rating";
        origin_finding() => "检查发现", "Finding";
        origin_pledge() => "承诺未兑现", "Pledge not kept";
        show() => "查看", "Show";
        number() => "编号", "No.";
        about() => "事由", "About";
        opened() => "立案", "Opened";
        handler() => "经办人", "Handled by";
        nobody() => "未派发", "nobody yet";
        former(id: i64) => "账号 {id}", "account {id}";
        none() => "没有符合条件的整改件。", "No case matches.";
        none_advice() => "放宽条件，或看“已办结”。", "Widen what you asked for, or look at the ended ones.";
        caption(n: u64) => "共 {n} 件", "{n} in all";
        left(n: u32) => "还剩 {n} 个工作日", "working days left: {n}";
        overdue_by(n: u32) => "超期 {n} 个工作日", "working days overdue: {n}";
        overdue_weekend() => "已超期", "overdue";
        uncertain() => "（次年放假安排未公布，日期可能变动）", "(next year's holidays are not published yet; it may move)";
        serious() => "严重", "Serious";
        sample() => "示例", "Sample";
        escalated_to(who: &str) => "已升级至{who}", "Passed up to the {who}";
        late(n: u32) => "逾期步骤 {n} 个", "{n} steps late";
        waits(n: u32) => "{n} 项待决定", "{n} to decide";
        export_csv() => "导出 CSV", "Export CSV";
        export_xlsx() => "导出 XLSX", "Export XLSX";
        total() => "合计", "Total";
        sheet_about() => "说明", "About";
        sheet_made() => "导出", "Made";
        sheet_made_by(moment: &str, user: &str) => "{moment}，{user}", "{moment}, {user}";
        sheet_limit(n: usize) => "最多 {n} 行", "At most {n} rows";
        ended_on() => "办结日期", "Ended on";
        late_steps() => "逾期步骤", "Late steps";
        yes() => "是", "yes";
        no() => "否", "no";
        rating_summary(level: &str, reasons: &str) => "{level}：{reasons}", "{level}: {reasons}";
        no_reasons() => "未选原因", "no reasons given";
        facts() => "案情", "The case";
        verdict() => "核实结论", "Verdict";
        no_verdict() => "尚未核实", "not verified yet";
        next() => "下一步", "Next";
        nothing_next() => "没有待办", "nothing left to do";
        from_rating() => "查看这条评价", "See the rating";
        from_case_origin() => "来源编号", "Where it came from";
        reply_shown() => "给群众的答复", "What the citizen reads";
        rated_rectification() => "群众对整改的评价", "The citizen's rating of it";
        mind_changed() => "评价人后来改成了不是差评；已经开始办理，照常办完。", "The citizen has changed their rating since; work had begun and goes on.";
        appeal() => "申诉", "Appeal";
        appeal_open(until: &str) => "待复审，{until} 前", "to be reviewed by {until}";
        appeal_granted() => "申诉成立", "granted";
        appeal_refused() => "申诉不成立", "refused";
        appeal_until(until: &str) => "当事人可在 {until} 前申诉", "the staff concerned may appeal until {until}";
        accountability() => "责任追究", "Accountability";
        pending() => "等待第二人", "Waits for a second person";
        pending_by(what: &str, who: &str) => "{what}（{who} 提出）", "{what} (proposed by {who})";
        extension_of(days: u16) => "延期 {days} 个工作日", "{days} more working days";
        timeline() => "经过", "What happened";
        when() => "时间", "When";
        who() => "谁", "Who";
        what() => "做了什么", "What";
        said() => "说明", "Said";
        system() => "系统", "the centre";
        citizen() => "评价人", "the citizen";
        read_only() => "您可以查看，不能办理。", "You may read this case, and not act on it.";
        no_act_now() => "这一步由别人办理：经办人、第二人或当事人。", "The present step is somebody else's: who handles it, a second person, or the staff concerned.";
        now() => "现在可以办", "What you can do now";
        more() => "其他操作", "Other acts";
        note_label() => "说明", "In words";
        note_hint(max: usize) => "必填，最多 {max} 字。不要写群众的姓名、电话或原话。", "Needed, {max} characters at most. No names, numbers or words of citizens.";
        reply_hint(max: usize) => "群众凭回执码看到这段话，最多 {max} 字。不要写任何人的姓名和电话。", "The citizen reads this by their receipt code; {max} characters at most. No names, no numbers.";
        assign_to() => "派给", "Hand to";
        verdict_label() => "结论", "Verdict";
        set_aside_hint() => "“误评”“恶意差评”要由第二人同意才生效；原评价始终保留，原始数与采纳数并列。", "“Mistaken” and “malicious” need a second person to agree; the rating stays, and raw and adopted totals stand side by side.";
        outcome() => "回访结果", "Outcome";
        passed() => "复核结果", "Outcome";
        passed_yes() => "通过", "Passed";
        passed_no() => "不通过，重新整改", "Not passed: put right again";
        days_label(max: u16) => "延长几个工作日（最多 {max}）", "More working days ({max} at most)";
        grade_label() => "方式", "Grade";
        approve_label() => "决定", "Decision";
        approve_yes() => "同意", "Agree";
        approve_no() => "不同意", "Do not agree";
        granted_label() => "复审结论", "Outcome of the review";
        granted_no() => "申诉不成立，维持原结论", "Refused: the verdict stands";
        do_act() => "提交", "Submit";
        done() => "已记录。", "Done.";
        evidence() => "证据材料", "Evidence";
        no_evidence() => "还没有材料。", "There is none yet.";
        evidence_label() => "图片（PNG、JPEG）或 PDF", "Picture (PNG, JPEG) or PDF";
        evidence_hint(pieces: u64) => "图片会缩小并去掉拍摄信息；PDF 最大 10 MB；每件最多 {pieces} 份。拍摄时避开群众的脸和证件。", "Pictures are scaled and lose what the camera wrote into them; a PDF has 10 MB at most; {pieces} pieces a case. Leave out citizens' faces and papers.";
        add_evidence() => "上传", "Upload";
        evidence_none() => "请先选择文件。", "Choose a file first.";
        evidence_wrong() => "只收完整的 PNG、JPEG 图片或 PDF，而且不能太大。", "Only whole PNG or JPEG pictures and PDFs are taken, and not too large ones.";
        download(name: &str) => "下载 {name}", "Download {name}";
        picture_of(name: &str) => "证据图片：{name}", "Picture: {name}";
        own_title() => "与我有关的整改", "Cases about me";
        own_lead() => "经核实的整改件，以及结论。不含评价人的任何信息和原话。结论不公时可以申诉，由别人复审。", "Cases that were verified, with their verdict. Nothing about the citizen, and none of their words. You may appeal a verdict; somebody else reviews it.";
        own_none() => "没有与您有关的整改件。", "There is no case about you.";
        own_back() => "我的页面", "My page";
        appeal_text() => "申诉理由", "Why you appeal";
        appeal_send() => "提出申诉", "Appeal";
        appeal_sent() => "申诉已提交，由没有参与核实的人复审。", "Your appeal was sent; somebody who did not verify reviews it.";
        appeal_over() => "申诉时限已过，或结论不涉及您的责任。", "The time to appeal is over, or the verdict does not find fault with you.";
    }
}

/// The name of a stage.
pub const fn stage(language: Language, stage: Stage) -> &'static str {
    let (zh, en) = match stage {
        Stage::Received => ("待派发", "To be handed out"),
        Stage::Assigned => ("待核实", "To be verified"),
        Stage::Verified => ("已核实，待答复", "Verified, to be replied to"),
        Stage::Rectifying => ("整改中", "Being put right"),
        Stage::Rectified => ("已整改，待答复", "Put right, to be replied to"),
        Stage::Replied => ("已答复", "Replied to"),
        Stage::FollowedUp => ("已回访", "Followed up"),
        Stage::Rechecked => ("已复核", "Rechecked"),
        Stage::Closed => ("已办结", "Closed"),
        Stage::Withdrawn => ("已撤销（改评）", "Withdrawn (rated anew)"),
    };
    pick(language, zh, en)
}

/// What is to be done next.
pub const fn step(language: Language, step: Step) -> &'static str {
    let (zh, en) = match step {
        Step::Assign => ("派发", "Hand it to somebody"),
        Step::Verify => ("核实", "Verify"),
        Step::Rectify => ("整改", "Put it right"),
        Step::Reply => ("答复", "Reply"),
        Step::FollowUp => ("回访", "Follow up"),
        Step::Recheck => ("复核", "Recheck"),
        Step::Close => ("办结", "Close"),
    };
    pick(language, zh, en)
}

pub const fn verdict(language: Language, verdict: Verdict) -> &'static str {
    let (zh, en) = match verdict {
        Verdict::Justified => ("情况属实", "Justified"),
        Verdict::Explained => ("已说明，无过错", "Explained: nobody did wrong"),
        Verdict::Mistaken => ("误评，不予采纳", "Mistaken: not adopted"),
        Verdict::Malicious => ("恶意差评，不予采纳", "Malicious: not adopted"),
    };
    pick(language, zh, en)
}

pub const fn outcome(language: Language, outcome: FollowUp) -> &'static str {
    let (zh, en) = match outcome {
        FollowUp::Accepted => ("认可", "Accepted"),
        FollowUp::NotAccepted => ("不认可", "Not accepted"),
        FollowUp::NotReached => ("未能联系（匿名或无人接听）", "Not reached (anonymous, or no answer)"),
    };
    pick(language, zh, en)
}

pub const fn grade(language: Language, grade: Grade) -> &'static str {
    let (zh, en) = match grade {
        Grade::Reminder => ("提醒", "Reminder"),
        Grade::Talk => ("约谈", "Talk"),
        Grade::Circular => ("通报批评", "Circular"),
    };
    pick(language, zh, en)
}

pub const fn escalation(language: Language, to: Escalation) -> &'static str {
    let (zh, en) = match to {
        Escalation::Supervisor => ("大厅督导", "hall supervisor"),
        Escalation::Leader => ("分管领导", "leader"),
    };
    pick(language, zh, en)
}

pub const fn matter(language: Language, matter: Matter) -> &'static str {
    let (zh, en) = match matter {
        Matter::Verdict => ("不予采纳的结论", "a verdict that sets a rating aside"),
        Matter::Extension => ("延期", "an extension"),
        Matter::Accountability => ("责任追究", "accountability"),
    };
    pick(language, zh, en)
}

/// The name of an act, by its code.
pub fn act(language: Language, code: &str) -> &'static str {
    let (zh, en) = match code {
        "date" => ("确定期限", "Set the deadline"),
        "assign" => ("派发", "Handed out"),
        "verify" => ("核实", "Verified"),
        "rectify" => ("整改", "Put right"),
        "reply" => ("答复", "Replied"),
        "follow_up" => ("回访", "Followed up"),
        "recheck" => ("复核", "Rechecked"),
        "close" => ("办结", "Closed"),
        "reopen" => ("重新办理", "Opened again"),
        "extend" => ("申请延期", "Asked for more time"),
        "hold_accountable" => ("提出责任追究", "Proposed accountability"),
        "decide" => ("第二人决定", "Decided"),
        "appeal" => ("申诉", "Appealed"),
        "review" => ("申诉复审", "Reviewed the appeal"),
        "note" => ("记录", "Noted"),
        "attach" => ("上传材料", "Added evidence"),
        "change_mind" => ("改评", "Rated anew"),
        "rate_rectification" => ("评价整改", "Rated how it was put right"),
        "escalate" => ("超期升级", "Passed up"),
        _ => ("其他", "Other"),
    };
    pick(language, zh, en)
}

/// What somebody may do now, by its code: the heading of its form.
pub fn form(language: Language, code: &str) -> &'static str {
    let (zh, en) = match code {
        "assign" => ("派发或改派", "Hand it to somebody"),
        "verify" => ("核实", "Verify"),
        "rectify" => ("整改完成", "Say what was put right"),
        "reply" => ("答复群众", "Reply to the citizen"),
        "follow_up" => ("回访", "Follow up"),
        "recheck" => ("复核", "Recheck"),
        "close" => ("办结", "Close"),
        "reopen" => ("重新办理", "Open again"),
        "extend" => ("申请延期", "Ask for more time"),
        "hold_accountable" => ("提出责任追究", "Propose accountability"),
        "decide:verdict" => ("决定：不予采纳的结论", "Decide: set the rating aside"),
        "decide:extension" => ("决定：延期", "Decide: more time"),
        "decide:accountability" => ("决定：责任追究", "Decide: accountability"),
        "review" => ("复审申诉", "Review the appeal"),
        _ => ("记录情况", "Note something"),
    };
    pick(language, zh, en)
}

/// Why something was refused, as people read it.
pub fn refused(language: Language, refused: &Refused) -> Cow<'static, str> {
    let (zh, en) = match refused {
        Refused::NotNow => ("现在的步骤不能这样办。", "The case is not at the step for this."),
        Refused::Role => ("您的角色不能这样办。", "Your role may not do this."),
        Refused::NotHandler => ("这件由别人经办。", "Somebody else handles this case."),
        Refused::Concerned => ("不能办理与自己有关的整改件。", "Nobody acts on a case about themselves."),
        Refused::SamePerson => ("这一步要由第二个人来办。", "This needs a second person."),
        Refused::NothingPending => ("没有等待决定的事项。", "Nothing of this kind waits for a decision."),
        Refused::AlreadyPending => ("同类事项已在等待决定。", "Something of this kind waits already."),
        Refused::DecisionPending => {
            ("还有结论或申诉等第二人决定。", "A verdict or an appeal still waits for a second person.")
        }
        Refused::TooLate => ("已过时限。", "The time for this is over."),
        Refused::NotReviewed => (
            "当事人还可以申诉，或申诉尚未复审。",
            "The staff concerned may still appeal, or their appeal is not reviewed.",
        ),
        Refused::NotJustified => {
            ("只有“情况属实”的结论才可以这样办。", "Only for a verdict that found the citizen right.")
        }
        Refused::NotYours => ("这件与您无关。", "This case is not about you."),
        Refused::AlreadyAppealed => ("这个结论已经申诉过。", "This verdict was appealed before."),
        Refused::SameVerdict => ("申诉成立时要改成别的结论。", "A granted appeal needs another verdict."),
        Refused::Extended => ("这一步不能再延期。", "This step cannot be extended again."),
        Refused::Days { max } => return CaseRefusals(language).days(*max),
        Refused::NobodyConcerned => ("这件没有当事人。", "The case names no staff."),
        Refused::AlreadyAccountable => ("已经追究过责任。", "Accountability was decided before."),
        Refused::AlreadyRated => ("已经评价过。", "This was rated before."),
        Refused::NoCitizen => ("这件没有评价人。", "No citizen stands behind this case."),
        Refused::NotOverdue => ("还没有超期。", "The case is not overdue."),
        Refused::NothingNew => ("没有变化。", "This changes nothing."),
        Refused::Text(_) => return CaseRefusals(language).text(NOTE_CHARS),
        Refused::Full => ("这件的记录太多了。", "The case has too many events."),
    };
    pick(language, zh, en).into()
}

const fn pick(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

words! {
    /// Refusals with parts.
    CaseRefusals {
        days(max: u16) => "一次延期 1 至 {max} 个工作日。", "An extension is 1 to {max} working days.";
        text(max: usize) => "请写 1 至 {max} 字，不含特殊控制字符。", "Write 1 to {max} characters, without control characters.";
        assignee() => "请选择能办理这个大厅整改件的人。", "Choose somebody who may work on cases of this hall.";
        evidence_full() => "这件的材料已到上限。", "The case holds as much evidence as it may.";
    }
}
