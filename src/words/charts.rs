//! Words on and around charts, and of the metrics they draw.

use super::Language;
use super::common::Common;
use super::stats::StatsWords;
use crate::domain::metric::Metric;

words! {
    /// What stands on a chart.
    Charts {
        band() => "95% 区间", "95% interval";
        before_line() => "对比期", "compared period";
        count() => "评价数", "ratings";
        overall(value: &str) => "整体 {value}", "overall {value}";
        trend(what: &str, by: &str) => "{what}随{by}的变化", "{what} by {by}";
        levels(by: &str) => "各等级占比（按{by}）", "Shares of the levels by {by}";
        levels_alone() => "各等级占比", "Shares of the levels";
        heat(what: &str, down: &str, across: &str) => "{what}：{down} × {across}", "{what}: {down} × {across}";
        pareto() => "原因的次数与累计占比", "Reasons: how often, and their running share";
        running() => "累计占比", "running share";
        mentions(n: &str, share: &str, running: &str) => "{n} 次，占 {share}，累计 {running}", "{n} times, {share}, running {running}";
        ranking(what: &str, by: &str) => "各{by}的{what}与 95% 区间", "{what} and its 95% interval by {by}";
        bars(what: &str, by: &str) => "各{by}的{what}", "{what} by {by}";
        funnel(what: &str, by: &str) => "{what}与评价数（各{by}）", "{what} against the number rated, by {by}";
        funnel_note() => "样本越少，偶然的起伏越大：虚线之间是 95% 的正常范围，实线之间是 99.8%。只有落在线外的才值得单独追查。", "The fewer the ratings, the more chance moves a rate: 95% of chance lies between the dashed lines, 99.8% between the solid ones. Only what lies outside calls for a reason of its own.";
        ranking_note() => "按区间下限排序；同一底色是并列，名次之差不显著。评价数过少的不排名。", "Ordered by the interval's lower bound; rows on one ground are tied, their difference may be chance. Those with few ratings have no rank.";
        pareto_note() => "一次评价可以选多个原因；占比的分母是全部被选次数。虚线是八成。", "A rating may give several reasons; shares are of all mentions. The dashed line stands at 80%.";
        heat_note(n: &str) => "斜纹格的评价不足 {n} 条，不按颜色比较。", "Hatched cells have fewer than {n} ratings and are not coloured.";
        trend_note() => "浅色带是 95% 置信区间：带子重叠的两点，差别可能是偶然。没有评价的日子留空。", "The band is the 95% interval: where bands overlap, a difference may be chance. Days without ratings are left open.";
        in_place(name: &str) => "{name}：", "{name}: ";
        share_of(name: &str, value: &str, n: &str) => "{name} {value}（{n}）", "{name} {value} ({n})";
        figure(what: &str, value: &str, low: &str, high: &str) => "{what} {value}（{low}–{high}）", "{what} {value} ({low}–{high})";
        figure_alone(what: &str, value: &str) => "{what} {value}", "{what} {value}";
        n(n: &str) => "n = {n}", "n = {n}";
        n_axis() => "评价数 n", "ratings n";
        n_axis_served() => "服务量 n", "visits served n";
        tied(rank: u64) => "并列 {rank}", "={rank}";
        near_limits() => "95% 控制线", "95% limits";
        wide_limits() => "99.8% 控制线", "99.8% limits";
        within() => "正常范围内", "within the limits";
        near_out() => "超出 95%", "outside of 95%";
        beyond() => "超出 99.8%", "outside of 99.8%";
        none() => "没有评价", "no ratings";
        withheld() => "评价过少，不显示", "too few to show";
        too_few() => "评价过少", "few ratings";
        only_first(shown: u64, all: u64) => "图中只画前 {shown} 行，共 {all} 行；全部数字见表。", "The chart shows the first {shown} of {all} rows; the table has all.";
        in_table() => "图中数字都在下面的表里。", "Every figure of the chart stands in the table.";
    }
}

/// The metric's name, alone.
pub fn metric(language: Language, metric: Metric) -> String {
    let (common, words) = (Common(language), StatsWords(language));
    match metric {
        Metric::Satisfied => words.rate(&common.satisfied_rate()),
        Metric::Positive => words.rate(&common.positive_rate()),
        Metric::Negative => words.rate(&common.negative_rate()),
        Metric::Participation => words.rate(&common.participation()),
        Metric::Mean => common.mean(),
        Metric::Rated => common.rated(),
        Metric::Served => common.served(),
        Metric::Flagged => words.flagged(),
        Metric::SetAside => words.set_aside(),
        Metric::AdoptedSatisfied => words.adopted_satisfied(),
        Metric::AdoptedNegative => words.adopted_negative(),
    }
    .into_owned()
}

/// How the metric is worked out, in a sentence.
pub fn definition(language: Language, metric: Metric) -> &'static str {
    let (zh, en) = match metric {
        Metric::Satisfied => (
            "满意率＝（非常满意＋满意＋基本满意）÷ 评价数",
            "Satisfied rate: very satisfied, satisfied and fairly satisfied ÷ ratings",
        ),
        Metric::Positive => {
            ("好评率＝（非常满意＋满意）÷ 评价数", "Positive rate: very satisfied and satisfied ÷ ratings")
        }
        Metric::Negative => {
            ("差评率＝（不满意＋非常不满意）÷ 评价数", "Negative rate: dissatisfied and very dissatisfied ÷ ratings")
        }
        Metric::Participation => (
            "参评率＝评价数 ÷ 服务量；未评价从不算作任何等级",
            "Participation rate: ratings ÷ visits served; no response never counts as a level",
        ),
        Metric::Mean => (
            "平均分＝各次评价的等级（非常满意 5 至非常不满意 1）之和 ÷ 评价数",
            "Mean: the sum of the levels, very satisfied 5 to very dissatisfied 1, ÷ ratings",
        ),
        Metric::Rated => (
            "评价数＝给出等级的服务次数，一次服务至多一条",
            "Ratings: visits that were given a level, at most one rating a visit",
        ),
        Metric::Served => (
            "服务量＝有人评价或请过评价的服务次数；取消和无人的不算",
            "Served: visits that were rated or asked for a rating; cancelled and unused ones are not served",
        ),
        Metric::Flagged => (
            "存疑＝带有异常信号（连按、非营业时间等）的评价数；计入其他数字，除非选择剔除",
            "Flagged: ratings that carry a signal (rapid presses, outside hours …); counted in all other figures unless left out",
        ),
        Metric::SetAside => (
            "未采纳＝核实为误评或恶意差评、并经第二人同意的评价数；原评价始终保留，其他数字照样计入",
            "Not adopted: ratings found to be mistaken or malicious, a second person agreeing; they stay on record and all other figures count them",
        ),
        Metric::AdoptedSatisfied => (
            "采纳满意率＝满意率的算法，但不计未采纳的评价",
            "Adopted satisfied rate: the satisfied rate without ratings that are not adopted",
        ),
        Metric::AdoptedNegative => (
            "采纳差评率＝差评率的算法，但不计未采纳的评价",
            "Adopted negative rate: the negative rate without ratings that are not adopted",
        ),
    };
    if language.is_english() { en } else { zh }
}
