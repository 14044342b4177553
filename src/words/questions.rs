//! Words of the statistics page, of saved questions and of what their files say of themselves.

words! {
    /// The statistics page.
    Questions {
        title() => "统计", "Statistics";
        heading(what: &str, by: &str) => "{what}，按{by}", "{what} by {by}";
        heading_crossed(what: &str, by: &str, and: &str) => "{what}，按{by}和{and}", "{what} by {by} and {and}";
        period(from: &str, to: &str) => "{from} 至 {to}", "{from} to {to}";
        build() => "提问", "Ask";
        change() => "修改查询", "Change the question";
        metric() => "看什么", "What";
        by() => "按什么分组", "By what";
        nothing() => "不分组，只看合计", "not grouped, the total alone";
        and() => "再按什么交叉", "And by what";
        no_cross() => "不交叉", "nothing more";
        from() => "从哪天", "First day";
        to() => "到哪天", "Last day";
        compare() => "和哪段时间比", "Against which period";
        compare_none() => "不比", "none";
        compare_before() => "前一段同样长的时间", "as many days just before";
        compare_year() => "去年同期", "the same days last year";
        order() => "排序", "Order";
        min_n() => "少于多少条评价不排名", "No rank below so many ratings";
        flagged_too() => "剔除存疑评价", "Leave flagged ratings out";
        flagged_hint() => "存疑：连按、非营业时间等异常信号。", "Flagged: rapid presses, outside hours and other signals.";
        narrow() => "只看其中", "Only those";
        all() => "全部", "all";
        several(n: usize) => "所选的 {n} 个", "the {n} chosen";
        code_hint(example: &str) => "填编号，多个用 | 隔开，如 {example}", "codes, several with | between, such as {example}";
        ask() => "查询", "Ask";
        chart() => "图", "Chart";
        charts() => "图的种类", "Kind of chart";
        kind_trend() => "走势", "Trend";
        kind_levels() => "等级占比", "Levels";
        kind_heat() => "热力图", "Heat map";
        kind_pareto() => "帕累托", "Pareto";
        kind_ranking() => "排名与区间", "Ranking, intervals";
        kind_funnel() => "漏斗图", "Funnel plot";
        says_table() => "图中全部数字见下面的表格。", "All of its figures stand in the table below.";
        table() => "表", "Table";
        caption(what: &str, by: &str, from: &str, to: &str) => "{what}，按{by}，{from} 至 {to}", "{what} by {by}, {from} to {to}";
        caption_crossed(what: &str, by: &str, and: &str) => "{what}，按{by}（行）和{and}（列）", "{what} by {by} (rows) and {and} (columns)";
        total() => "合计", "Total";
        earlier() => "对比期", "Compared";
        difference() => "变化", "Change";
        points(value: &str) => "{value} 个百分点", "{value} points";
        up() => "上升", "up";
        down() => "下降", "down";
        same() => "不明显", "unclear";
        compared_with(from: &str, to: &str) => "对比期：{from} 至 {to}", "Compared with {from} to {to}";
        nothing_before() => "要对比的那段时间没有评价，无从比较。", "There are no ratings in the period to compare with.";
        frequent() => "常问", "Often asked";
        q_trend() => "满意率走势", "Satisfied rate by day";
        q_windows() => "窗口排名", "Windows, ranked";
        q_funnel() => "哪些窗口偏离整体", "Windows off the overall rate";
        q_hours() => "差评集中在什么时候", "When people are unhappy";
        q_reasons() => "差评的原因", "Why people are unhappy";
        q_months() => "各月与去年同期", "Months against last year";
        unlisted(names: &str) => "逐条评价不能按{names}筛选，会比这里的数字多列一些。", "The single ratings cannot be narrowed by {names}: they list more than is counted here.";
        entries() => "查看逐条评价", "See the single ratings";
        no_rows() => "没有符合条件的评价", "No rating matches";
        no_rows_advice() => "放宽期间，或去掉筛选。", "Take a longer period, or remove a filter.";
        columns_left(n: usize) => "另有 {n} 列评价较少，没有列出。", "{n} more columns with fewer ratings are left out.";
        rows_left(n: usize) => "表和图只列前 {n} 行；文件里是全部。", "Table and chart show the first {n} rows; the files have all.";
        widened(from: &str, to: &str) => "问的是 {from} 至 {to}；为不使少数人被推算出来，起止日放宽到整月。", "Asked for {from} to {to}; widened to whole months, so that nobody among a few can be worked out.";
        withheld() => "＊ 评价数过少，不向您的角色显示；起止日必要时放宽到整月。", "* Too few ratings to show to your role; periods are widened to whole months where they must.";
        untimed(n: &str) => "合计里有 {n} 条评价的时刻不可信，不计入各行。", "{n} ratings of the total have no trusted hour and stand in no row.";
        left_out(n: &str) => "已剔除 {n} 条存疑评价。", "{n} flagged ratings are left out.";
        files() => "导出", "Export";
        definitions() => "口径", "Definitions";
        interval_note() => "比率的区间是威尔逊 95% 置信区间，平均分的是正态近似；变化的区间由两者合成（纽科姆法）。区间含 0 的变化可能是偶然。", "Intervals of rates are Wilson's at 95%, that of the mean is normal; a change's interval is made of both (Newcombe). A change whose interval holds 0 may be chance.";
        rank_note() => "名次按满意率区间的下限；与该名次第一名区间重叠的并列。", "Ranks go by the lower bound of the satisfied rate; who overlaps with the first of a rank shares it.";
        untimed_note() => "时刻不可信（钟级 C）的评价计入合计和月份，不计入时段、星期和日期。", "Ratings without a trusted hour (clock grade C) count in totals and months, not in hours, weekdays and days.";
    }
}

words! {
    /// Saved questions.
    Saved {
        title() => "已保存的查询", "Saved questions";
        lead() => "点名称打开；期间照保存时的样子。", "Open one by its name; it asks for the period that it was saved with.";
        save_this() => "保存这个查询", "Save this question";
        name() => "名称", "Name";
        name_hint() => "最多 40 个字，例如“每周差评原因”。", "40 characters at most, such as “Unhappy reasons of the week”.";
        shared() => "与我管辖范围内的同事共享", "Share with everybody within my halls";
        shared_hint() => "共享的只是问题；每个人看到的数字仍限于自己的权限。", "Only the question is shared: everybody sees the figures that are theirs to see.";
        save() => "保存", "Save";
        mine() => "我的", "Mine";
        of_others() => "同事共享的", "Shared by colleagues";
        owner() => "谁保存的", "Saved by";
        what() => "问的是什么", "What it asks";
        made() => "保存时间", "Saved";
        visible() => "谁看得见", "Who sees it";
        private() => "只有我", "only me";
        open_to_reach() => "范围内的同事", "everybody within my halls";
        rename() => "改名或共享", "Rename or share";
        edit_title() => "修改保存的查询", "Change a saved question";
        delete() => "删除", "Delete";
        delete_question(name: &str) => "删除“{name}”？", "Delete “{name}”?";
        delete_what() => "只删除这个查询的名称和地址，评价数据不受影响。", "Only its name and address go; no rating is touched.";
        none() => "还没有保存的查询", "No question is saved yet";
        none_advice() => "在统计页提一个问题，然后在页底保存。", "Ask something on the statistics page, and save it at the page's end.";
        saved(name: &str) => "已保存“{name}”", "“{name}” is saved";
        renamed(name: &str) => "已改为“{name}”", "It is called “{name}” now";
        deleted(name: &str) => "已删除“{name}”", "“{name}” is deleted";
        see_all() => "全部", "All of them";
        name_wanted() => "请填写名称", "Give it a name";
        name_long() => "名称最多 40 个字", "The name has 40 characters at most";
        name_odd() => "名称不能含换行等控制字符", "The name may hold no control characters";
        name_taken() => "您已有同名的查询", "You have a question of that name";
        too_many(n: u32) => "最多保存 {n} 个，请先删除不用的", "{n} at most; delete one that you no longer need";
        not_a_question() => "这个地址不是一个查询", "That address is no question";
    }
}

words! {
    /// What a file says of itself beyond what every statistics file says.
    AboutQuestion {
        metric() => "指标", "Metric";
        cross() => "交叉维度", "Second dimension";
        compared() => "对比期", "Compared period";
        counted() => "计入的评价", "Ratings counted";
        left_out() => "剔除的存疑评价", "Flagged ratings left out";
        withheld_rows() => "因评价过少隐去的组", "Groups withheld for having few ratings";
        unanswered() => "未评价的服务", "Visits without a rating";
        unanswered_note(n: u64) => "{n} 次：有服务而没有评价，从不算作任何等级", "{n}: served and not rated, never counted as a level";
        columns_left() => "没有列出的列", "Columns left out";
        definition(of: &str) => "口径：{of}", "Definition: {of}";
        asked_by() => "谁查询的", "Asked by";
        asked_at() => "何时查询的", "Asked at";
        address() => "查询地址", "Address of the question";
        second(of: &str) => "{of}编号", "{of} code";
        earlier_of(of: &str) => "对比期{of}", "{of}, compared period";
        change_of(of: &str) => "{of}变化", "Change of {of}";
        change_low(of: &str) => "{of}变化下限", "Change of {of}, low";
        change_high(of: &str) => "{of}变化上限", "Change of {of}, high";
    }
}
