//! Words of selections: the rules, the pages, the public notice, and why a step is refused.

use std::borrow::Cow;

use super::Language;
use crate::domain::appraisal::Source;
use crate::domain::selection::{Bar, Refused, Standing, State, TermsFault};

words! {
    /// What the house sets.
    SelectionRules {
        name() => "评选表彰", "Selections";
        weight_hint() => "权重，各项合计 100；0 表示不计", "Weight; all of them sum to 100; 0 leaves it out";
        seats() => "名额", "Seats";
        seats_hint() => "最多评出多少个", "How many are elected at most";
        min_n() => "最少评价数", "Least number of ratings";
        min_n_hint() => "评价太少的不参评，数字说明不了问题", "With fewer there is too little to go by";
        min_cover() => "至少有数据的权重", "Weight that must have data";
        min_cover_hint() => "缺少数据的来源，其权重按比例分给其余来源；有数据的权重不到这个数的不参评", "The weight of sources without data is shared out among the others; below this much nobody is placed";
        no_open_serious() => "有未办结的严重问题不参评", "Nobody with an open serious case";
        notice_days() => "公示期（工作日）", "Public notice, working days";
        notice_days_hint() => "从公示次日起算，不在节假日结束", "Counted from the day after; never ends on a day off";
        quorum() => "领导小组同意人数", "Leaders who must agree";
        quorum_hint() => "达到这个人数才算通过；经办人不参加表决", "Whoever has worked on it does not decide";
        issuer() => "授予单位", "Issuer";
        issuer_hint() => "显示在荣誉标识上", "Stands on the badge";
        award_days() => "荣誉展示天数", "Days for which the honour is shown";
        weights_wrong(sum: u32) => "各项权重合计 {sum}，必须是 100", "The weights sum to {sum}, and must sum to 100";
    }
}

words! {
    /// The pages and the public notice.
    Selections {
        title() => "评选表彰", "Selections";
        lead() => "三创：按写明的规则、冻结的数据、公示和集体决定评出。每个分数都能查到来历。", "Elected by stated rules, frozen figures, a public notice and a joint decision. Every score can be followed to where it came from.";
        none() => "还没有评选。", "There is no selection yet.";
        none_advice() => "先发起一次评选：评什么、在哪里评、看哪段时间。", "Call one: what is awarded, where, and over which period.";
        call() => "发起评选", "Call a selection";
        call_lead() => "规则在发起时固定，以后修改规则不影响这次评选。", "Its rules are fixed when it is called; later changes do not touch it.";
        name() => "名称", "Title";
        honour() => "荣誉", "Honour";
        halls() => "范围（大厅）", "Halls";
        period() => "评选时段", "Period";
        from() => "从", "From";
        to() => "到（含当日）", "To, included";
        occasion() => "性质", "Occasion";
        ordinary() => "日常评选", "Ordinary";
        year_end() => "年底测评", "Year-end assessment";
        seats() => "名额", "Seats";
        state() => "状态", "State";
        notice_until() => "公示至", "Notice until";
        weights() => "权重", "Weights";
        weight_label(source: &str) => "权重：{source}", "Weight: {source}";
        defaults_from(version: u32) => "默认值来自规则第 {version} 版，可以只为这次改动。", "The defaults are those of version {version} of the rules; they can be changed for this one.";
        eligibility() => "参评条件", "Who may be elected";
        min_n_is(n: u64) => "评价不少于 {n} 次", "at least {n} ratings";
        cover_is(points: u8) => "有数据的权重不少于 {points}", "data for at least {points} points of weight";
        no_serious() => "没有未办结的严重问题", "no open serious case";
        party_only() => "限党员（以本人同意公开的为准）", "party members alone, as the card shows with their consent";
        quorum_is(n: u8) => "领导小组 {n} 人同意", "{n} of the leading group agree";
        notice_is(days: u16) => "公示 {days} 个工作日", "{days} working days of public notice";
        called_by(who: &str) => "{who} 发起", "called by {who}";
        compute() => "冻结数据并计算", "Freeze the figures and compute";
        compute_hint(to: &str) => "时段 {to} 结束后才能计算；数据冻结后不再变。", "It can be computed once the period has ended on {to}; the figures then stay as they are.";
        computed() => "已冻结并计算。", "Frozen and computed.";
        result() => "计算结果", "Result";
        method() => "得分是各来源分数的加权平均；没有数据的来源写明，其权重按比例分给其余来源。区间按各来源相互独立合成。区间重叠的为并列，按评价数多的在前；评价数也相同的，由人决定。", "A score is the weighted mean of its sources; those without data are named and their weight is shared out in proportion. Bounds are combined as those of independent measurements. Overlapping bounds are a tie: more ratings come first, and where these are equal, people decide.";
        place() => "名次", "Place";
        place_is(n: u32) => "第 {n}", "{n}";
        shared_place(n: u32) => "并列第 {n}", "{n}, shared";
        tie(best: u32, worst: u32) => "并列区间 {best}–{worst}", "tied: {best}–{worst}";
        candidate() => "人选", "Candidate";
        score() => "得分", "Score";
        bounds() => "95% 区间", "95% interval";
        ratings() => "评价数 n", "n";
        missing() => "缺少数据", "Without data";
        nothing_missing() => "齐全", "complete";
        why_this() => "这个分数怎么来的", "Why this score";
        not_placed() => "未参评", "Without a place";
        reasons() => "原因", "Reasons";
        source() => "来源", "Source";
        weight() => "权重", "Weight";
        share() => "实际占比", "Share";
        adds() => "计入", "Adds";
        parts() => "构成", "Made of";
        no_parts() => "没有细目", "no parts";
        total() => "合计", "Total";
        frozen_at(moment: &str) => "数据冻结于 {moment}", "frozen {moment}";
        snapshot_hash() => "快照指纹", "Snapshot";
        result_hash() => "结果指纹", "Result";
        check_hint(id: i64) => "任何人都能核对：pingyi admin selection recompute {id}，或对下载的文件使用 --file。", "Anybody can check it: pingyi admin selection recompute {id}, or --file with the file.";
        take_snapshot() => "下载快照", "Take the snapshot away";
        report() => "报告", "Report";
        nominate() => "提名", "Nominate";
        nominate_again() => "修改提名", "Change the list";
        nominate_lead(seats: u16) => "最多 {seats} 个。与计算名次一致的可以不写理由；不一致的，选上和落下的都要写理由。", "At most {seats}. Where the list follows the figures no reason is needed; wherever it departs from them, both who is put forward and who is left out need one.";
        reason_for(name: &str) => "理由：{name}", "Reason: {name}";
        reason_hint(max: usize) => "最多 {max} 字。不要写个人隐私。", "At most {max} characters. Nothing private.";
        nominated() => "已提名。", "The list is set.";
        nominees() => "拟表彰名单", "The list";
        passed_over() => "按名次可评而未提名", "Within the seats by the figures and passed over";
        struck() => "因异议成立而取消", "struck off: an objection was upheld";
        put_up() => "开始公示", "Put up the notice";
        put_up_what(n: usize, days: u16) => "公示 {n} 个人选，为期 {days} 个工作日。公示期内任何人都可以在公开页面提出异议。", "{n} candidates for {days} working days. Anybody can object on the public page meanwhile.";
        put_up_board() => "由中心管理的大厅，公示同时出现在终端待机画面；仍由文件管理的大厅只在公开页面公示。", "In halls that the centre leads it also stands on the kiosks' standby screen; in halls led by a file on the public page alone.";
        noticed() => "已开始公示。", "The notice is up.";
        notice() => "公示", "Public notice";
        notice_days(from: &str, until: &str) => "{from} 至 {until}（含）", "{from} to {until}, included";
        notice_uncertain() => "这一年的放假安排还没有录入，截止日按周一至周五推算。", "The holidays of that year are not known yet: counted by weekdays.";
        public_page() => "公开页面", "Public page";
        objections() => "异议", "Objections";
        no_objection() => "没有异议。", "There is no objection.";
        by_public() => "公众", "the public";
        object() => "提出异议", "Object";
        object_to() => "对谁有异议", "To whom";
        what_is_wrong() => "异议内容", "What is wrong";
        what_hint(max: usize) => "写事实，最多 {max} 字。不要写自己或他人的电话、证件号等隐私。", "The facts, at most {max} characters. No phone or identity numbers, yours or others'.";
        objected() => "异议已提交。", "The objection is taken.";
        answer() => "答复", "Answer";
        uphold() => "成立，取消其资格", "Uphold: strike off";
        dismiss() => "不成立", "Dismiss";
        upheld() => "成立", "upheld";
        dismissed() => "不成立", "dismissed";
        unanswered() => "待答复", "not answered";
        answered() => "已答复。", "It is answered.";
        contact_left() => "留有密封的联系方式", "a sealed contact was left";
        open_contact() => "打开联系方式", "Open the contact";
        contact() => "联系方式", "Contact";
        contact_logged() => "这次查看已记入审计日志。评选结束后联系方式即删除。", "This look is in the audit log. Contacts are erased when the selection is over.";
        contact_unreadable() => "打不开。", "It cannot be opened.";
        decide() => "领导小组表决", "The leading group decides";
        decide_hint(n: u8) => "需 {n} 人同意。经办过这次评选的账号不能表决。", "{n} must agree. Accounts that have worked on it do not decide.";
        agree() => "同意", "Agree";
        disagree() => "不同意", "Do not agree";
        reason() => "理由", "Reason";
        vote_reason_hint() => "不同意的必须写理由", "Needed for a no";
        voted() => "已表决。", "Your word is taken.";
        votes() => "表决", "Votes";
        award() => "表彰", "Award";
        award_hint() => "标识立即出现在终端卡片和光荣榜上，到期自动撤下。", "The badge is on the kiosks' cards and the wall of honour at once, and goes by itself after its last day.";
        issuer() => "授予单位", "Issuer";
        shown_period() => "时段（如显示）", "Period, as shown";
        until() => "展示到", "Shown until";
        awarded() => "已表彰，标识已上终端。", "Awarded; the badges are on the kiosks.";
        awards() => "表彰结果", "Awards";
        revoke() => "撤销表彰", "Revoke";
        revoke_what(name: &str) => "撤销 {name} 的表彰，标识从终端撤下。记录保留。", "The award of {name} is revoked and the badge taken off the kiosks. The record stays.";
        revoked(by: &str, reason: &str) => "{by} 撤销：{reason}", "revoked by {by}: {reason}";
        revoked_done() => "已撤销。", "It is revoked.";
        withdraw() => "取消评选", "Call it off";
        withdraw_what(title: &str) => "取消“{title}”。已做的记录保留，公示同时撤下。", "“{title}” is called off. What was done stays on record; the notice is taken down.";
        withdrawn_done() => "已取消。", "It is called off.";
        history() => "经过", "What was done";
        somebody() => "公众", "the public";
        back() => "返回", "Back";
        save() => "提交", "Send";
        cancel() => "取消", "Cancel";
        take_over_first(hall: &str) => "大厅 {hall} 还由文件管理：请先在“人员与窗口”中接管到中心，再颁发标识。", "Hall {hall} is still led by its file: take it over under “People and windows” first, then the badge can be given.";
        board_refuses() => "终端内容不接受这次改动（例如同一人的荣誉已满 8 项）：", "The board does not take it, for instance because an owner has eight honours already:";
        foreign() => "只能选您负责的大厅。", "Only halls that you answer for.";
        too_many() => "评选已到数量上限。", "There are too many selections already.";
        report_title(title: &str) => "{title} · 评选报告", "{title}: report";
        signatures() => "签字", "Signatures";
        leader_sign() => "领导小组", "Leading group";
        keeper_sign() => "经办人", "Kept by";
        date_sign() => "日期", "Date";
        notice_title(honour: &str) => "{honour}评选公示", "Public notice: {honour}";
        notice_text(title: &str, names: &str, until: &str) => "{title}拟表彰：{names}。公示至 {until}，如有异议请在公开页面提出或向工作人员反映。", "{title}: {names}. Open to objections until {until}, on the public page or with any official.";
        and_others(names: &str, n: usize) => "{names}等 {n} 名", "{names} and others, {n} in all";
        public_lead() => "下列人选拟予表彰，现予公示。任何人都可以提出异议，不需要姓名。", "These candidates are to be awarded. Anybody may object, without a name.";
        public_until(until: &str) => "公示至 {until}", "Open until {until}";
        public_objection_lead() => "每条异议都会核实并答复，核实前不会作出决定。", "Every objection is looked into and answered before anything is decided.";
        public_contact() => "联系方式", "How to reach you";
        public_contact_hint() => "只供核实时联系，加密保存，评选结束后删除。", "Only to reach you about this; kept sealed, erased when the selection is over.";
        public_thanks() => "已收到，谢谢。异议会得到核实和答复。", "Thank you. It will be looked into and answered.";
        public_too_often() => "提交过于频繁，请过一会儿再试。", "Too many at once; please try again in a while.";
        public_elsewhere() => "表单来自别的网站，没有接收。", "The form came from another site and was not taken.";
        public_back() => "返回大厅页面", "Back to the hall";
        notices() => "公示中", "Public notices";
    }
}

/// A source's name.
pub fn source(language: Language, source: Source) -> &'static str {
    let (zh, en) = match source {
        Source::PublicAppraisal => ("群众评议", "Public appraisal"),
        Source::LeaderReview => ("领导点评", "Leader reviews"),
        Source::PeerReview => ("党员互评", "Peer reviews"),
        Source::Inspection => ("督促检查", "Inspections"),
        Source::SkillContest => ("技能比武", "Skill contests"),
        Source::TimeLimit => ("限时办结", "Time limits"),
        Source::Pledges => ("承诺兑现", "Pledges kept"),
        Source::Rectification => ("整改", "Rectification"),
    };
    if language.is_english() { en } else { zh }
}

/// What a part of a mark is called; the code of one that a source has added since.
pub fn piece(language: Language, code: &str) -> &str {
    let (zh, en) = match code {
        "satisfied_rate" => ("满意率（%）", "satisfied, %"),
        "negative_rate" => ("差评率（%）", "negative, %"),
        "served" => ("服务量", "served"),
        "hall_rate" => ("全厅满意率（%）", "the hall's satisfied, %"),
        "prior" => ("向全厅收缩的强度", "pull towards the hall"),
        "on_time_rate" => ("按时率", "on time"),
        "first_contact_rate" => ("首问办结率", "at first contact"),
        "in_time" => ("按时", "in time"),
        "late" => ("超时", "late"),
        "overdue" => ("逾期", "overdue"),
        "pledges" => ("承诺", "pledges"),
        "unkept_months" => ("未兑现的月份", "months unkept"),
        "review" => ("一次点评", "a review"),
        "criterion" => ("互评的一项", "a criterion"),
        "event" => ("一次比武或练兵", "an event"),
        other => return other,
    };
    if language.is_english() { en } else { zh }
}

pub fn state(language: Language, state: State) -> &'static str {
    let (zh, en) = match state {
        State::Draft => ("已发起", "Called"),
        State::Computed => ("已计算", "Computed"),
        State::Nominated => ("已提名", "Nominated"),
        State::Noticed => ("公示中", "On notice"),
        State::Decided => ("已通过", "Agreed"),
        State::Declined => ("未通过", "Not agreed"),
        State::Awarded => ("已表彰", "Awarded"),
        State::Withdrawn => ("已取消", "Called off"),
    };
    if language.is_english() { en } else { zh }
}

pub fn standing(language: Language, standing: Standing) -> &'static str {
    let (zh, en) = match standing {
        Standing::Within => ("名额内", "within the seats"),
        Standing::ByPeople => ("由人决定", "people decide"),
        Standing::Beyond => ("名额外", "beyond the seats"),
    };
    if language.is_english() { en } else { zh }
}

pub fn bar(language: Language, bar: &Bar) -> String {
    match (bar, language.is_english()) {
        (Bar::TooFew { n, min_n }, false) => format!("评价 {n} 次，少于 {min_n} 次"),
        (Bar::TooFew { n, min_n }, true) => format!("{n} ratings, {min_n} are needed"),
        (Bar::OpenSerious, false) => "有未办结的严重问题".to_owned(),
        (Bar::OpenSerious, true) => "an open serious case".to_owned(),
        (Bar::NotPartyMember, false) => "不是（公开身份的）党员".to_owned(),
        (Bar::NotPartyMember, true) => "no party member, as far as the card shows".to_owned(),
        (Bar::TooLittleCover { cover, min_cover }, false) => format!("有数据的权重 {cover}，少于 {min_cover}"),
        (Bar::TooLittleCover { cover, min_cover }, true) => {
            format!("data for {cover} points of weight, {min_cover} are needed")
        }
    }
}

/// Why a step was not taken. `name` names a candidate by its key.
pub fn refused(language: Language, refused: &Refused, name: impl Fn(&str) -> String) -> Cow<'static, str> {
    let en = language.is_english();
    let text = match refused {
        Refused::State { state: now, .. } => match en {
            true => format!("It is “{}” now; this step does not follow.", state(language, *now)),
            false => format!("现在是“{}”，不能做这一步。", state(language, *now)),
        },
        Refused::Terms(faults) => return faults.first().map_or("".into(), |f| term(language, f)),
        Refused::PeriodRuns(to) if en => format!("The period runs until {to}."),
        Refused::PeriodRuns(to) => format!("时段到 {to} 才结束。"),
        Refused::NoPlace(key) if en => format!("{} has no place in the result.", name(key)),
        Refused::NoPlace(key) => format!("{} 没有参评，不能提名。", name(key)),
        Refused::Nobody => return pick(en, "还没有选人。", "Nobody is chosen yet."),
        Refused::Seats(n) if en => format!("There are {n} seats."),
        Refused::Seats(n) => format!("名额只有 {n} 个。"),
        Refused::Twice(key) if en => format!("{} is named twice.", name(key)),
        Refused::Twice(key) => format!("{} 重复。", name(key)),
        Refused::ReasonNeeded(key) if en => format!("{}: the list departs from the figures; say why.", name(key)),
        Refused::ReasonNeeded(key) => format!("{}：与计算名次不一致，请写理由。", name(key)),
        Refused::Reason(_) => return pick(en, "请写理由，最多 300 字。", "Give a reason, 300 characters at most."),
        Refused::Text(_) => {
            return pick(en, "请写内容，最多 1000 字。", "Say what is wrong, 1,000 characters at most.");
        }
        Refused::NoticeRuns(until) if en => format!("The notice runs until {until}; it is decided afterwards."),
        Refused::NoticeRuns(until) => format!("公示到 {until} 结束，之后才能表决。"),
        Refused::NoticeOver => return pick(en, "公示期已过。", "The notice is over."),
        Refused::NotNominated(_) => return pick(en, "不在公示名单上。", "Not on the list."),
        Refused::TooMany => {
            return pick(en, "异议已到数量上限，请直接联系工作人员。", "There are too many; please tell an official.");
        }
        Refused::NoObjection => return pick(en, "没有这条异议。", "There is no such objection."),
        Refused::Answered => return pick(en, "已经答复过了。", "It is answered already."),
        Refused::OwnObjection => return pick(en, "不能答复自己提出的异议。", "Nobody answers their own objection."),
        Refused::Unanswered(n) if en => format!("{n} objections are not answered."),
        Refused::Unanswered(n) => format!("还有 {n} 条异议没有答复。"),
        Refused::SamePerson => {
            return pick(en, "经办过这次评选的人不能决定。", "Whoever has worked on it does not decide.");
        }
        Refused::Voted => return pick(en, "您已表决。", "You have voted."),
        Refused::NobodyLeft => return pick(en, "名单上已没有人。", "Nobody is left on the list."),
        Refused::Named(_) => {
            return pick(
                en,
                "授予单位和时段各写一行，最多 60 字。",
                "Issuer and period: one line each, 60 characters.",
            );
        }
        Refused::LastDay => {
            return pick(en, "截止日必须在今天之后、五年之内。", "The last day must lie ahead, within five years.");
        }
        Refused::NoAward(_) => return pick(en, "没有可撤销的表彰。", "There is no award to revoke."),
    };
    text.into()
}

/// What is wrong with the rules of one selection.
pub fn term(language: Language, fault: &TermsFault) -> Cow<'static, str> {
    let en = language.is_english();
    match fault {
        TermsFault::Title(_) => pick(en, "名称写一行，最多 60 字。", "Title: one line, 60 characters at most."),
        TermsFault::Honour => pick(en, "这项荣誉不通过评选产生。", "This honour is not elected."),
        TermsFault::Halls => pick(en, "请至少选一个大厅，最多 50 个。", "Choose 1 to 50 halls."),
        TermsFault::Period => pick(
            en,
            "结束日不能早于开始日，时段最多 366 天。",
            "It must not end before it begins, nor last more than 366 days.",
        ),
        TermsFault::Seats => pick(en, "名额 1 到 100。", "1 to 100 seats."),
        TermsFault::MinN => pick(en, "最多 100000。", "At most 100,000."),
        TermsFault::MinCover => pick(en, "最多 100。", "At most 100."),
        TermsFault::Weights(sum) => SelectionRules(language).weights_wrong(*sum),
        TermsFault::NoticeDays => pick(en, "公示 1 到 60 个工作日。", "1 to 60 working days."),
        TermsFault::Quorum => pick(en, "1 到 20 人。", "1 to 20."),
    }
}

fn pick(english: bool, zh: &'static str, en: &'static str) -> Cow<'static, str> {
    Cow::Borrowed(if english { en } else { zh })
}
