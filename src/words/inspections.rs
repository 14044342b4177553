//! Words of inspections: lists, plans, the page that inspectors fill in on their phones, results, orders, files.

use super::Language;
use crate::domain::inspection::checklist::ItemKind;
use crate::domain::inspection::{Gravity, InspectionKind, InspectionStage, StepRefused};

words! {
    /// Time limits and spans of inspections.
    InspectionRuleWords {
        name() => "督促检查", "Inspections";
        order_days() => "限期整改：一般期限", "Orders: usual time";
        serious_days() => "限期整改：严重问题的期限", "Orders: time for serious findings";
        ratings_days() => "对照评价：检查前后各取", "Ratings beside a visit: before and after";
        plan_days() => "一次检查最长", "A plan's longest period";
        working_days() => "个工作日", "working days";
        days() => "天", "days";
        serious_is_sooner() => "严重问题的期限不能比一般期限长。", "Serious findings may not have more time than others.";
    }
}

words! {
    /// Lists of inspections, and one of them.
    Inspections {
        title() => "督促检查", "Inspections";
        lead() => "明查暗访：安排、现场检查、限期整改。暗访在公开之前只有安排人、检查人和领导看得到。", "Inspections announced and undercover: plans, visits, orders. Until it is released an undercover one is seen by its planner, its inspectors and leaders alone.";
        tab_open() => "进行中", "Open";
        tab_all() => "全部", "All";
        tab_lists() => "检查清单", "Checklists";
        plan() => "安排检查", "Plan an inspection";
        none() => "这里还没有检查。", "There is no inspection here.";
        none_advice() => "安排好的检查会列在这里。", "Planned inspections stand here.";
        name() => "名称", "Name";
        kind() => "方式", "Kind";
        hall() => "大厅", "Hall";
        windows() => "窗口", "Windows";
        whole_hall() => "全厅所有窗口", "every window of the hall";
        period() => "期间", "Period";
        stage() => "状态", "State";
        visits() => "检查次数", "Visits";
        findings() => "问题", "Findings";
        score() => "得分", "Score";
        inspectors() => "检查人", "Inspectors";
        planned_by() => "安排人", "Planned by";
        checklist() => "检查清单", "Checklist";
        version(n: u32) => "第 {n} 版", "version {n}";
        from_to(from: &str, to: &str) => "{from} 至 {to}", "{from} to {to}";
        hidden() => "被检查的大厅现在看不到这次暗访。", "The inspected hall does not see this undercover inspection.";
        export() => "导出 CSV", "Export CSV";
        all_kinds() => "全部方式", "Every kind";
        filter() => "查找", "Find";
        points(score: &str) => "{score} 分", "{score} points";
        no_score() => "没有适用的项目", "no item applied";
        visit_no(n: u32) => "第 {n} 次", "Visit {n}";
        finding_no(n: u32) => "问题 {n}", "Finding {n}";
        at_window(window: &str) => "{window}", "{window}";
        when() => "时间", "When";
        on_duty() => "在岗人员", "On duty";
        unknown_staff() => "没有记录", "not noted";
        made_by() => "检查人", "Inspector";
        answers() => "逐项结果", "Item by item";
        item() => "项目", "Item";
        result() => "结果", "Result";
        weight() => "权重", "Weight";
        yes() => "是", "Yes";
        no() => "否", "No";
        not_applicable() => "不适用", "not applicable";
        of_five(n: u8) => "{n} / 5", "{n} / 5";
        gravity() => "严重程度", "Gravity";
        concern() => "涉及", "About";
        concern_pledge(text: &str) => "承诺：{text}", "Pledge: {text}";
        pictures() => "图片", "Pictures";
        picture_of(finding: u32, n: usize) => "问题 {finding} 的图片 {n}", "Picture {n} of finding {finding}";
        no_visit() => "还没有现场检查。", "No visit yet.";
        no_visit_advice() => "检查人在窗口用手机填写检查单。", "Inspectors fill in the sheet at the window, on their phones.";
        no_finding() => "这次没有发现问题。", "Nothing was found.";
        make_visit() => "填写检查单", "Fill in a visit";
        ratings() => "同一窗口的群众评价", "Ratings of the same window";
        ratings_lead(days: u16) => "检查前后各 {days} 天，与现场所见对照。", "{days} days before and after the visit, to hold beside what was seen.";
        ratings_days() => "这些天", "These days";
        ratings_hours() => "其中同一时段", "Of these, the same hours";
        rated(n: &str) => "{n} 次评价", "{n} ratings";
        satisfied(share: &str, low: &str, high: &str) => "满意率 {share}（95% 区间 {low}–{high}）", "satisfied {share} (95% interval {low}–{high})";
        nobody_rated() => "没有评价", "no ratings";
        reasons() => "差评原因", "Reasons of negative ratings";
        no_reason() => "没有差评原因", "no reasons given";
        withheld() => "人数太少，不显示", "withheld: too few";
        reason_times(reason: &str, n: u64) => "{reason} {n} 次", "{reason} {n}×";
        only_first(n: usize) => "只对照前 {n} 次检查。", "For the first {n} visits only.";
        order() => "限期整改", "Order a rectification";
        ordered() => "限期整改", "Order";
        ordered_until(days: u16, due: &str) => "{days} 个工作日内，{due} 前整改到位", "within {days} working days, by {due}";
        case(id: i64) => "整改第 {id} 号", "Case {id}";
        case_due(day: &str) => "这一步 {day} 前完成", "this step is due by {day}";
        remarks() => "答复与补充", "Answer and remarks";
        no_remark() => "还没有答复或补充。", "Nothing was added yet.";
        remark() => "补充说明", "Remark";
        remark_hint(max: usize) => "只能追加，不能改。不要写办事群众的姓名、电话等个人信息；最多 {max} 字。", "Remarks are added, never changed. No personal data of citizens; at most {max} characters.";
        add_remark() => "追加", "Add";
        answer() => "答复", "Answer";
        answer_lead() => "被检查的大厅说明情况和打算。答复后不能修改。", "What the inspected hall makes of it. An answer is not changed afterwards.";
        give_answer() => "提交答复", "Give the answer";
        reason_of_cancel() => "取消原因", "Why it was called off";
        said(kind: &str, by: &str) => "{kind} · {by}", "{kind} · {by}";
        answered() => "已答复。", "The answer was given.";
        remarked() => "已追加。", "The remark was added.";
    }
}

words! {
    /// Planning, and the steps on the way.
    InspectionPlanning {
        new_lead() => "一次检查由谁、在什么时候、到哪些窗口、按哪张清单。涉及几个大厅的，每个大厅各成一次检查。", "Who visits which windows when, and by which list. Over several halls, each becomes an inspection of its own.";
        name_hint() => "例如：十二月第一周服务态度检查", "Such as: attitude, first week of December";
        announced_hint() => "安排好之后，这个大厅的人就看得到。", "The hall sees it from now on.";
        undercover_hint() => "公开之前，只有您、检查人和领导看得到；列表、统计、接口里都没有它。", "Until it is released only you, the inspectors and leaders see it: no list, no count and no interface shows it.";
        from() => "从", "From";
        to() => "到", "To";
        places() => "大厅和窗口", "Halls and windows";
        whole(hall: &str) => "{hall}：所有窗口", "{hall}: every window";
        single_windows() => "只查其中几个窗口", "Only some of its windows";
        inspectors_hint() => "只有检查人能填写检查单。", "Only inspectors hand in visits.";
        plan() => "安排", "Plan it";
        cancel() => "取消", "Cancel";
        planned(n: usize) => "已安排 {n} 次检查。", "{n} planned.";
        title_wrong() => "名称 1 至 60 个字，一行", "A name of 1 to 60 characters, on one line";
        period_wrong(days: u16) => "期间要从前到后、没有过完、不超过 {days} 天", "The period begins before it ends, is not over yet and has at most {days} days";
        places_wrong() => "请选择大厅或窗口", "Choose a hall or windows";
        inspectors_wrong() => "请选择 1 至 10 名检查人，每人都要管得到所选的大厅", "Choose 1 to 10 inspectors who reach every hall chosen";
        checklist_wrong() => "请选择一张清单", "Choose a list";
        submit() => "提交检查结果", "Submit the inspection";
        submit_what(n: u32) => "共 {n} 次现场检查。提交后不能再填检查单，也不能改，只能追加说明。", "{n} visits. Nothing of them changes after this, no visit is added; remarks may be.";
        submit_announced() => "大厅现在就能看到结果并答复。", "The hall sees the results and may answer.";
        submit_undercover() => "暗访结果仍然保密，直到公开。", "The results stay hidden until they are released.";
        release() => "公开暗访结果", "Release the inspection";
        release_what() => "公开后，管得到这个大厅的人都能看到这次暗访的全部内容。不能收回。", "Whoever reaches the hall sees all of it from then on. This cannot be taken back.";
        close() => "办结", "Close it";
        close_what() => "办结后不再答复，也不再下达整改；已下达的整改照常办理。", "No more answers and no more orders; orders that were given go on.";
        cancel_it() => "取消这次检查", "Call it off";
        cancel_what() => "还没有现场检查的才能取消。原因会留下。", "Only while there was no visit. The reason stays.";
        reason() => "原因", "Reason";
        submitted() => "已提交。", "It was submitted.";
        released() => "已公开。", "It was released.";
        closed() => "已办结。", "It was closed.";
        cancelled() => "已取消。", "It was called off.";
        order_title(n: u32) => "对问题 {n} 下达限期整改", "Order that finding {n} is put right";
        order_lead() => "下达后在整改台账里立案，由大厅限期整改。", "It opens a case in the register, and the hall puts it right in time.";
        order_text() => "整改要求", "What is to be done";
        order_text_hint(max: usize) => "写明要改什么、改到什么程度。不要写个人信息；最多 {max} 字。", "What is to change, and how far. No personal data; at most {max} characters.";
        order_days() => "期限（工作日）", "Time (working days)";
        order_give() => "下达", "Give the order";
        order_given() => "已下达限期整改。", "The order was given.";
        days_wrong(max: u16) => "1 至 {max} 个工作日", "1 to {max} working days";
        text_wrong(max: usize) => "请填写，最多 {max} 字，不能有特殊控制字符", "Between 1 and {max} characters, none of them control characters";
        full() => "太多了，不能再添加", "There are too many already";
        already_ordered() => "这个问题已经下达过整改", "An order was given for it already";
    }
}

words! {
    /// The page that inspectors fill in at a window.
    InspectionVisitWords {
        title() => "检查单", "Visit";
        lead() => "每填一项就存在这部手机里；没有网络也能提交，网络恢复后自动送出，只算一次。", "Each entry is kept on this phone. It may be handed in without a network: it is sent when there is one, and counts once.";
        plain() => "没有脚本时，请在有网络时提交。", "Without scripts, hand it in while there is a network.";
        window() => "窗口", "Window";
        at() => "检查时间", "When";
        staff() => "在岗人员", "On duty";
        staff_unknown() => "不清楚", "not known";
        items() => "逐项检查", "Items";
        findings() => "发现的问题", "Findings";
        findings_hint(n: usize) => "没有问题就留空。最多 {n} 个。", "Leave empty if there is none. At most {n}.";
        finding(n: usize) => "问题 {n}", "Finding {n}";
        text() => "所见所闻", "What was seen";
        text_hint(max: usize) => "写事实。不要写办事群众的姓名、电话；最多 {max} 字。", "Facts. No names or numbers of citizens; at most {max} characters.";
        about() => "涉及", "About";
        about_nothing() => "不涉及具体项目", "nothing in particular";
        pictures() => "图片", "Pictures";
        pictures_hint(n: usize) => "PNG 或 JPEG，一次检查最多 {n} 张。地点等拍摄信息会去掉；请不要拍到群众的脸和证件。", "PNG or JPEG, at most {n} a visit. Where they were taken is removed; keep faces and papers of citizens out.";
        hand_in() => "提交", "Hand in";
        note() => "说明", "Note";
        unanswered() => "请逐项选择；不适用的选“不适用”", "Answer every item; choose “not applicable” where it is so";
        wrong_time() => "请填写检查时间", "Say when";
        in_future() => "检查时间不能在将来", "A visit lies in the past";
        outside_period() => "检查时间不在安排的期间内", "Not within the plan's period";
        other_window() => "这个窗口不在安排之内", "The window is not part of the plan";
        not_on_board() => "窗口、人员或承诺已不在公示板上", "The window, the person or the pledge has left the board";
        finding_wrong(max: usize) => "问题最多 {max} 字，不能有特殊控制字符", "At most {max} characters, none of them control characters";
        note_wrong(max: usize) => "说明最多 {max} 字，一行", "A note of at most {max} characters on one line";
        too_many_pictures(n: usize) => "图片最多 {n} 张", "At most {n} pictures";
        handed_in() => "检查单已送达。", "The visit was taken.";
        conflict() => "这个编号已经交过另一份检查单。请刷新页面重填。", "Something else was handed in under this number. Load the page again.";
        queue() => "这部手机上的检查单", "Visits on this phone";
        draft_kept() => "草稿已存在这部手机里", "The draft is kept on this phone";
        keep_open() => "没有网络时请不要关闭本页；万一关了，检查单还在，联网后再打开本页就会送出。", "Without a network keep this page open. Should it close, visits are kept and are sent when the page is opened again.";
        waiting() => "未送达，等待网络", "not yet sent: waiting for a network";
        sending() => "正在发送", "being sent";
        sent() => "已送达", "sent";
        refused() => "被退回", "refused";
        sign_in() => "未送达：请重新登录，检查单不会丢", "not yet sent: sign in again, nothing is lost";
        take_back() => "取回修改", "Take back to mend";
        discard() => "删除", "Delete";
        no_store() => "这个浏览器不能保存草稿，请在有网络时提交。", "This browser keeps no drafts: hand in while there is a network.";
        picture_removed() => "去掉图片", "Remove the picture";
        picture_unreadable() => "这张图片读不出来", "This picture cannot be read";
    }
}

words! {
    /// Lists of what is looked at.
    ChecklistWords {
        title() => "检查清单", "Checklists";
        lead() => "检查看什么。改动另成一版，用过的版本永远不变。", "What inspectors look at. A change is a version of its own; those before stay as they were.";
        new_list() => "新建清单", "New list";
        edit() => "修改清单", "Change the list";
        name() => "名称", "Name";
        name_en() => "英文名称", "English name";
        items() => "项目", "Items";
        versions() => "版本", "Versions";
        version() => "版本", "Version";
        made() => "时间", "When";
        made_by() => "修改人", "By";
        why() => "理由", "Reason";
        why_hint() => "谁都能看到：为什么这样改", "Everybody can read why it was changed";
        group() => "类别", "Group";
        group_en() => "类别（英文）", "Group, English";
        text() => "检查内容", "What is looked at";
        text_en() => "检查内容（英文）", "What is looked at, English";
        kind() => "评法", "Answer";
        weight() => "权重", "Weight";
        weight_hint() => "1 至 100；文字说明为 0", "1 to 100; 0 for notes";
        item(n: usize) => "项目 {n}", "Item {n}";
        item_hint() => "清空检查内容即去掉这一项。", "Empty the text to leave an item out.";
        save() => "保存为新版本", "Keep as a new version";
        cancel() => "取消", "Cancel";
        saved(n: u32) => "已保存为第 {n} 版。", "Kept as version {n}.";
        stale() => "别人刚刚改过这张清单，请核对后再保存。", "Somebody has changed the list meanwhile: look at it again.";
        same() => "没有改动。", "Nothing was changed.";
        why_wrong(max: usize) => "请写明理由，最多 {max} 字", "Say why, in at most {max} characters";
        title_wrong() => "名称 1 至 60 个字", "A name of 1 to 60 characters";
        count_wrong(max: usize) => "要有 1 至 {max} 个项目，其中至少一项计分", "1 to {max} items, at least one with a weight";
        text_wrong(n: usize) => "项目 {n}：类别最多 60 字、内容最多 120 字，都要填", "Item {n}: group of at most 60 and text of at most 120 characters, both needed";
        weight_wrong(n: usize) => "项目 {n}：权重 1 至 100，文字说明为 0", "Item {n}: a weight of 1 to 100, and 0 for notes";
        old_version(n: u32) => "这是第 {n} 版，不是最新的。", "This is version {n}, not the newest.";
        used_by_weight(n: u32) => "权重合计 {n}", "weights sum to {n}";
    }
}

words! {
    /// Headings of files.
    InspectionFile {
        number() => "检查编号", "Inspection";
        visit() => "检查次序", "Visit";
        window_id() => "窗口编号", "Window id";
        finding() => "问题", "Finding";
        order_due() => "整改期限", "Order due";
    }
}

pub fn kind(language: Language, of: InspectionKind) -> &'static str {
    match (of, language) {
        (InspectionKind::Announced, Language::Zh) => "明查",
        (InspectionKind::Announced, Language::En) => "Announced",
        (InspectionKind::Undercover, Language::Zh) => "暗访",
        (InspectionKind::Undercover, Language::En) => "Undercover",
    }
}

pub fn stage(language: Language, of: InspectionStage) -> &'static str {
    let (zh, en) = match of {
        InspectionStage::Planned => ("已安排", "planned"),
        InspectionStage::UnderWay => ("检查中", "under way"),
        InspectionStage::Submitted => ("已提交", "submitted"),
        InspectionStage::Released => ("已公开", "released"),
        InspectionStage::Answered => ("已答复", "answered"),
        InspectionStage::Closed => ("已办结", "closed"),
        InspectionStage::Cancelled => ("已取消", "called off"),
    };
    if language.is_english() { en } else { zh }
}

pub fn gravity(language: Language, of: Gravity) -> &'static str {
    let (zh, en) = match of {
        Gravity::Minor => ("一般", "minor"),
        Gravity::Notable => ("较重", "notable"),
        Gravity::Serious => ("严重", "serious"),
    };
    if language.is_english() { en } else { zh }
}

pub fn item_kind(language: Language, of: ItemKind) -> &'static str {
    let (zh, en) = match of {
        ItemKind::YesNo => ("是／否", "yes or no"),
        ItemKind::Score => ("打分 0–5", "score 0–5"),
        ItemKind::Note => ("文字说明", "note"),
    };
    if language.is_english() { en } else { zh }
}

/// Why a step is refused.
pub fn refused(language: Language, why: StepRefused) -> std::borrow::Cow<'static, str> {
    let (zh, en) = match why {
        StepRefused::Unseen => ("没有这次检查", "There is no such inspection"),
        StepRefused::Role => ("您的角色不能这样做", "Your role may not"),
        StepRefused::NotInspector => ("只有检查人能填写检查单", "Only its inspectors hand in visits"),
        StepRefused::NotOfIt => ("只有安排人和检查人能这样做", "Only its planner and inspectors may"),
        StepRefused::NotPlanner => ("只有安排人或领导能这样做", "Only its planner or a leader may"),
        StepRefused::OwnInspection => {
            ("检查人不能代被检查的大厅答复", "Whoever inspected does not answer for the inspected")
        }
        StepRefused::Stage(now) => {
            let now = stage(language, now);
            return match language {
                Language::Zh => format!("这次检查{now}，不能再这样做"),
                Language::En => format!("It is {now} by now"),
            }
            .into();
        }
        StepRefused::NotUndercover => ("明查不需要公开", "An announced inspection needs no release"),
        StepRefused::NotReleased => {
            ("被检查的大厅还看不到，请先公开", "The inspected do not see it yet: release it first")
        }
        StepRefused::OtherWindow => ("这个窗口不在安排之内", "The window is not part of the plan"),
        StepRefused::OutsidePeriod => ("检查时间不在安排的期间内", "Not within the plan's period"),
        StepRefused::Future => ("检查时间不能在将来", "A visit lies in the past"),
        StepRefused::NoVisit => ("还没有现场检查", "No visit was made yet"),
        StepRefused::HasVisits => ("已经有现场检查，请提交而不是取消", "Visits were made: submit it instead"),
        StepRefused::NoFinding => ("没有发现需要整改的问题", "Nothing was found that could be put right"),
        StepRefused::Unanswered => ("有问题而大厅还没有答复", "There are findings, and the hall has not answered"),
    };
    if language.is_english() { en.into() } else { zh.into() }
}
