//! Words of the monthly report.

words! {
    /// The report of a month, on the screen and on paper.
    Report {
        title(place: &str, month: &str) => "{place}群众评议月报（{month}）", "Monthly report of {place}, {month}";
        everything() => "各大厅", "all halls";
        month_named(year: i16, month: i8) => "{year} 年 {month} 月", "{year}-{month:02}";
        period(from: &str, to: &str, moment: &str, who: &str) => "统计期间 {from} 至 {to}。{moment} 由 {who} 生成。", "From {from} to {to}. Made on {moment} by {who}.";
        unfinished() => "本月还没有结束，以下数字还会变化。", "The month is not over; these figures will change.";
        month() => "月份", "Month";
        month_hint() => "年-月，例如 2026-10", "Year and month, as in 2026-10";
        hall() => "大厅", "Hall";
        every_hall() => "全部大厅", "All halls";
        show() => "查看", "Show";
        print() => "打印或存为 PDF", "Print or save as PDF";
        print_hint() => "用浏览器的打印功能（Ctrl+P）可打印本页或存为 PDF。", "Print this page, or save it as PDF, with the browser (Ctrl+P).";
        bad_month(text: &str) => "“{text}”不是月份：请写成 2026-10 这样，且不晚于本月。", "“{text}” is no month: write it as 2026-10, and none after this one.";
        no_ratings() => "这个月没有评价。", "There are no ratings in this month.";
        no_ratings_advice() => "请换一个月份或大厅；终端联网后补传的评价会计入它发生的月份。", "Choose another month or hall; ratings that arrive later count in the month in which they were given.";
        summary() => "一、总体情况", "1. Overall";
        figure() => "指标", "Figure";
        value() => "本月", "This month";
        interval() => "95% 区间", "95% interval";
        of() => "依据", "Of";
        ratings_n(n: &str) => "{n} 条评价", "{n} ratings";
        visits_n(n: &str) => "{n} 次服务", "{n} visits";
        month_before() => "较上月", "vs. month before";
        year_before() => "较去年同月", "vs. same month last year";
        summary_caption() => "各项指标及其与上月、去年同月的差别；括号内为差别的 95% 区间，含 0 即看不出差别", "Each figure, and how it differs from the month before and the same month last year; in brackets the 95% interval of the difference, which holds 0 where none can be told";
        by_day() => "二、每日走势", "2. By day";
        by_window() => "三、各窗口", "3. By window";
        by_staff() => "四、工作人员", "4. By staff";
        levels() => "五、五个等级", "5. The five levels";
        complaints() => "六、差评原因", "6. Reasons of negative ratings";
        items() => "七、服务事项", "7. By service item";
        hours() => "八、时段", "8. By hour";
        not_counted() => "九、未计入的和需要说明的", "9. What was not counted, and what to know";
        definitions() => "十、口径", "10. Definitions";
        rank() => "名次", "Rank";
        rank_note(n: u64) => "名次按满意率 95% 区间的下限；区间与该名次第一名重叠的并列。评价不足 {n} 条的不排名。", "Ranks go by the lower bound of the satisfied rate's 95% interval; who overlaps with the first of a rank shares it. Those with fewer than {n} ratings are not ranked.";
        caption(what: &str, n: &str) => "按{what}，共 {n} 条评价", "By {what}, {n} ratings in all";
        reasons_caption(n: &str) => "{n} 条差评中提到的原因；一条评价可有多个原因", "Reasons given in {n} negative ratings; one rating may give several";
        times() => "次数", "Times";
        drawn() => "图示", "Drawn";
        share() => "占比", "Share";
        of_negatives() => "占差评", "Of negative ratings";
        out_worse(names: &str) => "明显低于整体：{names}。", "Clearly below overall: {names}.";
        out_better(names: &str) => "明显高于整体：{names}。", "Clearly above overall: {names}.";
        out_none() => "没有谁明显高于或低于整体。", "Nobody is clearly above or below overall.";
        named(name: &str, rate: &str, low: &str, high: &str, n: &str) => "{name}（{rate}，{low}–{high}，n={n}）", "{name} ({rate}, {low}–{high}, n={n})";
        listed_first(n: usize, all: usize) => "只列前 {n} 项，共 {all} 项；全部见统计页。", "The first {n} of {all}; all of them stand on the statistics page.";
        unrated(n: &str, served: &str) => "{served} 次服务中有 {n} 次没有评价：从不算作任何等级，只影响参评率。", "Of {served} visits {n} were not rated: they never count as a level, only in participation.";
        untimed(n: &str) => "{n} 条评价的时刻不可信（钟级 C）：计入合计，不计入按日、按时段的数字。", "{n} ratings have no trusted hour (clock grade C): counted in totals, not by day or hour.";
        untimed_none() => "没有时刻不可信的评价。", "No rating lacks a trusted hour.";
        flagged(n: &str, with: &str, without: &str) => "{n} 条评价带有异常信号（连按、非营业时间等）：已计入。满意率计入时 {with}，剔除后 {without}。", "{n} ratings carry a signal (rapid presses, outside hours …): counted. Satisfied rate {with} with them, {without} without.";
        set_aside(n: &str, with: &str, without: &str) => "{n} 条评价经第二人同意核实为误评或恶意差评，未采纳：原评价保留，本报告照样计入。满意率计入时 {with}，只计采纳的 {without}。", "{n} ratings were found to be mistaken or malicious, a second person agreeing, and are not adopted: they stay on record and this report counts them. Satisfied rate {with} with them, {without} for adopted ones alone.";
        flagged_none() => "没有带异常信号的评价。", "No rating carries a signal.";
        cancelled() => "取消的和无人办理的服务不算服务量；暂停服务的时间不计入考核。", "Cancelled and unused visits are not served; paused time is left out.";
        suppressed() => "评价过少的组以 * 代替，并连同隐去足够的其他组。", "Groups with too few ratings stand as *, and enough others with them.";
        late() => "终端离线时评价存在终端，联网后补传；生成本报告之后到达的不在其中。", "A terminal that is offline keeps its ratings and sends them later; what arrived after this report was made is not in it.";
        sample() => "含演示用的样例数据，不是真实评价。", "Contains sample data of the demonstration, not real ratings.";
        verify() => "每一条评价都在签名的台账链上，可用 pingyi verify 核验。", "Each rating stands in a signed ledger chain and can be checked with pingyi verify.";
        mean_note() => "平均分：非常满意 5 分，依次至非常不满意 1 分。", "Mean: very satisfied 5, down to very dissatisfied 1.";
        made_by() => "制表人", "Prepared by";
        checked_by() => "审核人", "Checked by";
        head() => "负责人", "Head";
        date() => "日期", "Date";
        seal() => "（单位盖章）", "(seal)";
        signatures() => "签字", "Signatures";
    }
}
