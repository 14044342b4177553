//! Words of comparisons (三比).

use std::borrow::Cow;

use super::Language;
use crate::domain::comparison::{Aspect, Measure};

words! {
    /// Skill, conduct and results side by side.
    Comparisons {
        title() => "三比", "Comparison";
        lead_of(period: &str) => "比技能、比作风、比业绩 · {period}。每个数都带样本数和 95% 区间；分不出高下的并列。", "Skill, conduct and results, {period}. Every figure has its n and 95% interval; what cannot be told apart is a tie.";
        results() => "比业绩", "Results";
        conduct() => "比作风", "Conduct";
        skill() => "比技能", "Skill";
        satisfaction() => "满意（收缩后）", "Satisfaction (shrunk)";
        on_time() => "按时办结", "Done in time";
        attitude() => "无态度类差评原因", "No reason about attitude";
        inspection() => "检查", "Inspections";
        complaints() => "无属实投诉", "No justified complaint";
        contests() => "比武成绩", "Contest scores";
        attendance() => "练兵出席", "Training attended";
        satisfaction_is() => "满意率向大厅平均收缩：评价少的窗口说明不了多少，不会因一两条评价排到最前或最后。", "The satisfied rate, drawn towards the hall's: few ratings say little, and nobody is first or last by one or two of them.";
        on_time_is() => "在承诺时限内办结的办件所占百分比。", "Pieces of business done within the promised time, in percent.";
        attitude_is() => "评价中没有点选态度、作风类原因（原因清单见规则）的百分比。", "Ratings that name no reason about attitude (the rules list which), in percent.";
        inspection_is() => "明查暗访的得分。", "Scores of announced and undercover inspections.";
        complaints_is() => "没有被核实属实的差评和投诉的服务所占百分比。", "Visits without a negative rating that was found justified, in percent.";
        contests_is() => "期内已公布的比武、练兵成绩折合百分制的平均；只参加过一次的区间很宽。", "The mean of published scores of the period out of 100; one event alone leaves a wide interval.";
        attendance_is() => "应到的练兵中实际出席的百分比。", "Training days attended of those on which the person was expected, in percent.";
        period() => "时期", "Period";
        compared() => "比较对象", "Compared";
        windows() => "窗口", "Windows";
        staff() => "人员", "People";
        window() => "窗口", "Window";
        person() => "人员", "Person";
        hall() => "大厅", "Hall";
        every_hall() => "全部大厅", "Every hall";
        show() => "查看", "Show";
        chart(aspect: &str) => "{aspect}：指数及其 95% 区间", "{aspect}: index with its 95% interval";
        chart_note() => "同一底色的分不出高下。", "Those on one ground cannot be told apart.";
        chart_says(n: usize) => "{n} 行，下表有同样的数字", "{n} rows; the table below has the same figures";
        place() => "位次", "Place";
        rank(n: u64) => "第 {n}", "{n}";
        tied(n: u64) => "并列第 {n}", "tied {n}";
        incomplete() => "项目不全，不排", "Incomplete: no place";
        too_few() => "样本太少", "Too few";
        too_few_n(n: u64) => "太少（n={n}）", "too few (n={n})";
        fewer_than(least: u64) => "少于 {least} 条", "fewer than {least} named one";
        index() => "指数", "Index";
        served() => "服务量", "Served";
        nobody() => "没有可比较的对象。", "There is nobody to compare.";
        nobody_advice() => "您的范围内没有窗口或人员。", "There is no window or person within your reach.";
        how() => "怎么算的", "How this is worked out";
        counted(list: &str) => "指数 = 各项按权重平均：{list}。权重在规则里设置。", "The index is the mean of these, by weight: {list}. Weights are set in the rules.";
        counted_none() => "这一时期没有够数的数据，不计算指数。", "There is not enough in this period; no index is worked out.";
        ties() => "并列", "Ties";
        rule_of_ties() => "区间与本名次第一位相接的并列；并列不传递。", "Whoever's interval meets that of a rank's first shares the rank; ties do not chain.";
        few() => "样本太少", "Too few";
        rule_of_few(n: u64) => "按服务计的项目少于 {n} 条的不计。", "Shares of visits of fewer than {n} do not count.";
        missing() => "缺项", "Missing";
        rule_of_missing() => "不到一半对象有的项目只列出、不计入；多数对象有而自己缺的，只给指数、不排位次。", "A measure that fewer than half have is listed and not counted; whoever lacks one that most have gets an index and no place.";
        windows_skill() => "窗口的技能是名片上写明在该窗口的人员的平均。", "A window's skill is the mean of the people whose cards name it.";
        key() => "编号", "Code";
        low_of(what: &str) => "{what}下限", "{what} low";
        high_of(what: &str) => "{what}上限", "{what} high";
        n_of(what: &str) => "{what}样本数", "{what} n";
        people_or_windows(n: usize) => "共 {n} 个", "{n} in all";
        about_sheet() => "说明", "About";
        most_n() => "最大样本数", "Largest n";
    }
}

words! {
    /// Rules of comparisons.
    ComparisonRuleWords {
        title() => "三比", "Comparison";
        min_n() => "最少样本数", "Least n";
        min_n_hint() => "条；按服务计的项目少于这个数的不计", "Visits; shares of fewer do not count";
        weight_hint() => "权重，0 表示只列出、不计入", "Weight; 0 lists it without counting it";
        satisfaction() => "业绩：满意", "Results: satisfaction";
        on_time() => "业绩：按时办结", "Results: done in time";
        attitude() => "作风：态度", "Conduct: attitude";
        inspection() => "作风：检查", "Conduct: inspections";
        complaints() => "作风：属实投诉", "Conduct: justified complaints";
        contests() => "技能：比武", "Skill: contests";
        attendance() => "技能：练兵出席", "Skill: training attended";
        attitude_reasons() => "态度类原因的代码", "Codes of reasons about attitude";
        attitude_reasons_hint() => "公示板上的原因代码，用空格分开", "Codes of reasons on the board, separated by spaces";
        attitude_reasons_fault() => "态度类原因：写原因代码，用空格分开。", "Reasons about attitude: codes separated by spaces.";
    }
}

/// What people call an aspect.
pub fn aspect(language: Language, aspect: Aspect) -> Cow<'static, str> {
    let w = Comparisons(language);
    match aspect {
        Aspect::Results => w.results(),
        Aspect::Conduct => w.conduct(),
        Aspect::Skill => w.skill(),
    }
}

/// What people call a measure.
pub fn measure(language: Language, measure: Measure) -> Cow<'static, str> {
    let w = Comparisons(language);
    match measure {
        Measure::Satisfaction => w.satisfaction(),
        Measure::OnTime => w.on_time(),
        Measure::Attitude => w.attitude(),
        Measure::Inspection => w.inspection(),
        Measure::Complaints => w.complaints(),
        Measure::Contests => w.contests(),
        Measure::Attendance => w.attendance(),
    }
}

/// What a measure is.
pub fn definition(language: Language, measure: Measure) -> Cow<'static, str> {
    let w = Comparisons(language);
    match measure {
        Measure::Satisfaction => w.satisfaction_is(),
        Measure::OnTime => w.on_time_is(),
        Measure::Attitude => w.attitude_is(),
        Measure::Inspection => w.inspection_is(),
        Measure::Complaints => w.complaints_is(),
        Measure::Contests => w.contests_is(),
        Measure::Attendance => w.attendance_is(),
    }
}
