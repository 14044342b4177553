//! Words of the public page, and of the page on which supervisors decide what it shows.

words! {
    /// What anybody reads, without signing in.
    Public {
        title() => "服务评价公开", "Published ratings";
        skip() => "跳到正文", "Skip to the content";
        halls() => "公开评价结果的大厅", "Halls that publish their results";
        none() => "还没有公开的结果。", "Nothing is published yet.";
        up_to(day: &str) => "结果到 {day}", "results up to {day}";
        results(from: &str, to: &str) => "{from} 至 {to} 的评价结果", "Results of {from} to {to}";
        whole() => "全厅", "The hall as a whole";
        windows() => "各窗口", "By window";
        window() => "窗口", "Window";
        ratings() => "评价数", "Ratings";
        satisfied() => "满意率（95% 区间）", "Satisfied (95% interval)";
        negative() => "差评率", "Negative";
        set_aside() => "其中未采纳", "Of these not adopted";
        adopted() => "采纳满意率", "Satisfied, adopted only";
        adopted_of(n: &str) => "未采纳 {n}，采纳满意率", "{n} not adopted; adopted only";
        set_aside_note() => "未采纳：核实为误评或恶意差评、并经第二人同意的评价；原评价保留，上面的数字照样计入，采纳满意率不计。", "Not adopted: found to be mistaken or malicious, a second person agreeing. They stay on record and are counted above, but not in the adopted rate.";
        participation() => "参评率", "Participation";
        few() => "少于公布线", "too few";
        few_note(n: u64) => "“少于公布线”：评价不足 {n} 条，或为防止推算出他人而不公布。", "“too few”: fewer than {n} ratings, or left out so that others cannot be worked out.";
        definition() => "满意率＝（非常满意＋满意＋基本满意）÷ 评价数；差评率＝（不满意＋非常不满意）÷ 评价数；参评率＝评价数 ÷ 服务量。未评价从不算作满意。区间为威尔逊 95% 置信区间：评价越少，区间越宽。", "Satisfied: very, plainly and fairly satisfied ÷ ratings. Negative: dissatisfied and very dissatisfied ÷ ratings. Participation: ratings ÷ visits. No response is never counted as satisfied. Intervals are Wilson's at 95%: the fewer ratings, the wider.";
        frozen(moment: &str) => "数字于 {moment} 定格，此后不再变动。", "Figures as of {moment}; they do not change any more.";
        sample() => "样例数据，不是真实评价。", "Sample data, not real ratings.";
        earlier() => "往期结果", "Earlier results";
        period(from: &str, to: &str) => "{from} 至 {to}", "{from} to {to}";
        pledges() => "服务承诺", "What the hall promises";
        standard(text: &str) => "标准：{text}", "Standard: {text}";
        time_limit(text: &str) => "时限：{text}", "Within: {text}";
        kept(kept: u64, of: u64) => "近期兑现 {kept}/{of}", "lately kept {kept} of {of}";
        honours() => "窗口荣誉", "Honours of windows";
        complain() => "意见和投诉", "Praise and complaints";
        call(number: &str) => "请拨打 {number}，或在窗口的评价终端上评价、扫码留言。", "Call {number}, or rate at the terminal of the window and leave a word by its code.";
        fair() => "评价全凭自愿，窗口工作人员看不到是谁评的，也改不了。", "Rating is voluntary. Nobody at the window sees who rated, or can change it.";
        all_halls() => "全部大厅", "All halls";
        other_language() => "English", "中文";
        not_found() => "这里没有公开的结果。", "Nothing is published here.";
        page_of(n: usize, of: usize) => "第 {n} 页，共 {of} 页", "Page {n} of {of}";
        next() => "下一页", "Next page";
        previous() => "上一页", "Previous page";
        number(n: &str) => "{n} 号", "No. {n}";
    }
}

words! {
    /// What supervisors read when they publish.
    Publish {
        title() => "公开", "Publish";
        lead() => "您决定公开什么、何时公开。数字在公开时定格；不含任何个人。", "You decide what the public sees, and when. Figures are frozen when they are published; no person is among them.";
        public_page() => "打开公开页", "Open the public page";
        new() => "公开一期", "Publish a period";
        none() => "还没有公开过。", "Nothing has been published yet.";
        none_advice() => "先预览，确认后才会公开。", "You see a preview first; nothing is published before you say so.";
        hall() => "大厅", "Hall";
        from() => "从", "From";
        to() => "到（含）", "To, included";
        visible_from() => "从哪天起可见", "Visible from";
        min_n() => "公布线：评价少于此数的不公布", "Least ratings of a group that is shown";
        min_n_hint(least: u64) => "不低于 {least}。", "{least} or more.";
        what() => "公开哪些内容", "What is shown";
        windows() => "各窗口的结果", "Results by window";
        pledges() => "服务承诺", "Pledges";
        honours() => "窗口荣誉", "Honours of windows";
        preview() => "预览", "Preview";
        preview_lead() => "公开页会是这样。还没有公开。", "This is what the public will see. Nothing is published yet.";
        publish() => "公开", "Publish";
        change() => "修改", "Change";
        moved() => "预览之后数字有变，请再看一遍。", "The figures have changed since the preview; look again.";
        published() => "已公开。", "It is published.";
        period() => "期间", "Period";
        state() => "状态", "State";
        by() => "谁公开", "By";
        visible() => "可见", "Visible";
        waiting(day: &str) => "{day} 起可见", "visible from {day}";
        withdrawn() => "已撤回", "Withdrawn";
        withdraw() => "撤回", "Withdraw";
        withdraw_what(period: &str) => "撤回后，{period} 的结果不再显示；已被他人保存的无法收回。", "The results of {period} will not be shown any more. What others have kept of them cannot be taken back.";
        withdraw_done() => "已撤回。", "It is withdrawn.";
        already() => "已经撤回过了。", "It was withdrawn already.";
        see() => "查看", "See";
        wrong_period(max: i32) => "起止日期不对，或超过 {max} 天。", "The period ends before it begins, or is longer than {max} days.";
        not_over() => "最后一天还没有结束。", "The last day is not over yet.";
        wrong_min_n(least: u64, most: u64) => "应为 {least} 到 {most}。", "{least} to {most}.";
        wrong_date() => "请写成 2026-11-30 这样的日期。", "Write the date as in 2026-11-30.";
        overlap() => "与已公开的期间重叠：两期相减会露出小群体。请先撤回那一期，或改期间。", "It shares days with a period that is published already: one taken from the other would show small groups. Withdraw that one first, or choose other days.";
        full() => "这个大厅公开的期数已到上限。", "This hall has as many publications as can be kept.";
    }
}
