//! Words of a staff member's own page.

words! {
    /// What staff read about themselves.
    Me {
        said_of_you() => "点评、互评和比武", "Reviews, peers and contests";
        reviews() => "领导点评", "Leaders' reviews";
        no_reviews() => "还没有领导点评。", "No leader has reviewed you yet.";
        about() => "对象", "About";
        yourself() => "本人", "Yourself";
        peers() => "党员互评（结束后）", "Peer reviews (when over)";
        no_peers() => "还没有结束的互评。", "No round of peer reviews is over yet.";
        peer_round(title: &str, day: &str) => "{title}（{day} 结束）", "{title} (ended {day})";
        peer_too_few() => "投票人太少，不显示。", "Too few voted: withheld.";
        peer_outcome(value: &str, low: &str, high: &str, n: u64) => "{value}（95% 区间 {low}–{high}，{n} 票）", "{value} (95% interval {low}–{high}, {n} votes)";
        contests() => "比武和练兵", "Contests and training";
        no_contests() => "还没有公布的成绩。", "No published scores yet.";
        you_attended() => "已参加", "Attended";
        you_were_absent() => "未参加", "Not attended";
        title() => "我的页面", "My page";
        lead() => "您的名片、承诺和汇总数字。只有您本人能打开这一页。", "Your card, your pledges and your sums. Nobody but you opens this page.";
        card() => "群众看到的名片", "Your card as citizens see it";
        not_on_board() => "公示板上还没有您的名片，请告诉大厅管理人员。", "There is no card of yours on the board yet; tell whoever keeps the hall.";
        staff_no(no: &str) => "工号 {no}", "Staff no. {no}";
        party_member() => "中共党员", "Party member";
        portrait(name: &str) => "{name}的照片", "Portrait of {name}";
        until(day: &str) => "有效期至 {day}", "until {day}";
        pledges() => "承诺", "Pledges";
        own_pledge() => "本人", "own";
        unit_pledge() => "单位", "the unit's";
        standard(text: &str) => "标准：{text}", "Standard: {text}";
        time_limit(text: &str) => "时限：{text}", "Within: {text}";
        kept(kept: u64, of: u64) => "近期兑现 {kept}/{of}", "lately kept {kept} of {of}";
        figures() => "汇总数字", "Your figures";
        period(from: &str, to: &str) => "{from} 至 {to}", "{from} to {to}";
        delay(day: &str, days: u32, group: u64) => "只含 {day} 及以前的整段日子（每月 10 日、20 日、月末各放出一次，至少晚 {days} 天）；评价不足 {group} 条的不显示。这里没有单条评价、时间和留言。", "Only whole stretches of days up to {day} (let out on the 10th, the 20th and the last of a month, {days} days late at least); fewer than {group} ratings are not shown. No single rating, time or word stands here.";
        none_yet(group: u64) => "这段时间的评价不足 {group} 条，暂不显示。", "There are fewer than {group} ratings in this period; they are not shown yet.";
        trend() => "各月满意率", "Satisfied rate by month";
        trend_text(n: usize) => "{n} 个月中每月的满意率及其 95% 区间，下方为评价数。", "The satisfied rate of each of {n} months with its 95% interval, ratings below.";
        month() => "月份", "Month";
        so_far(day: &str) => "（到 {day}）", "(to {day})";
        compare() => "与大厅相比", "Beside the hall";
        you() => "您", "You";
        hall() => "大厅整体", "The hall as a whole";
        overlap() => "两个区间重叠：看不出明显差别。", "The two intervals overlap: no clear difference.";
        above() => "您的区间整个高于大厅。", "Your interval lies wholly above the hall's.";
        below() => "您的区间整个低于大厅。评价少、窗口业务不同都会有影响，请和负责人一起看。", "Your interval lies wholly below the hall's. Few ratings and the kind of business count in it; look at it together with whoever leads the hall.";
        no_rank() => "这里不排名。", "There is no rank here.";
        satisfied_interval() => "满意率（95% 区间）", "Satisfied (95% interval)";
    }
}
