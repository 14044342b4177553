//! Words of skill contests and training days.

words! {
    /// Contests and training days.
    Contests {
        title() => "比武练兵", "Contests and training";
        lead() => "技能比武和岗位练兵：成绩、名次、出席、证书。公布后才让别人看到。", "Skill contests and training days: scores, places, attendance, certificates. Others see them once they are published.";
        own_lead() => "您参加过的比武和练兵；只有您自己的成绩。", "Contests and training days you took part in; only your own scores.";
        contest() => "技能比武", "Skill contest";
        training() => "岗位练兵", "Training day";
        kind() => "类别", "Kind";
        event() => "名称", "Event";
        day() => "日期", "Day";
        issuer() => "主办", "Issuer";
        issuer_hint() => "印在证书上", "Stands on certificates";
        halls() => "大厅", "Halls";
        state() => "状态", "State";
        published() => "已公布", "Published";
        draft() => "未公布", "Not published";
        people() => "人数", "People";
        none() => "还没有比武或练兵。", "There is no contest or training day yet.";
        none_advice() => "大厅负责人新建后录入成绩，公布后这里可见。", "Whoever answers for a hall adds one, notes the scores and publishes them.";
        add() => "新建", "Add an event";
        added() => "已新建，请录入。", "Added. Now note who was there and their scores.";
        criteria() => "计分项目", "Criteria";
        criteria_hint(max: usize) => "每行一项：名称、空格、满分。最多 {max} 项", "One a line: name, space, best score. {max} at most";
        criteria_line(line: usize) => "计分项目第 {line} 行：要写“名称 满分”，满分为 1 到 1000 的整数，名称不重复。", "Criteria, line {line}: “name points”, 1 to 1000 points, no name twice.";
        criteria_fault(max: usize) => "计分项目：1 到 {max} 行。", "Criteria: 1 to {max} lines.";
        usual_criteria() => "理论知识 40\n实际操作 60", "Theory 40\nPractice 60";
        title_fault(max: usize) => "名称：一行，1 到 {max} 个字。", "Event: one line of 1 to {max} characters.";
        issuer_fault(max: usize) => "主办：一行，1 到 {max} 个字。", "Issuer: one line of 1 to {max} characters.";
        day_fault() => "日期：请选择一天。", "Day: choose one.";
        halls_fault() => "请选择您负责的大厅。", "Choose halls that you answer for.";
        cancel() => "取消", "Cancel";
        save() => "保存", "Save";
        place() => "名次", "Place";
        person() => "人员", "Person";
        hall() => "大厅", "Hall";
        attended() => "出席", "Attended";
        yes() => "是", "Yes";
        no() => "否", "No";
        total(most: u32) => "总分（满分 {most}）", "Total (of {most})";
        nth(n: u64) => "第 {n} 名", "Place {n}";
        certificate() => "证书", "Certificate";
        nobody() => "还没有录入。", "Nobody is noted yet.";
        nobody_advice() => "用表格一次录入，或逐人录入。", "Note all of them with a table, or one by one.";
        other_halls() => "名次在全部参赛者中排定；这里只列您范围内的人。", "Places are among all who took part; only people within your reach are listed.";
        attendance(there: usize, of: usize) => "出席 {there} 人，应到 {of} 人", "{there} of {of} were there";
        scores() => "录入成绩", "Note scores";
        scores_lead() => "下载表格、填好、上传或粘贴；先核对，再保存。没有出现在表里的人不变。", "Take the table, fill it in, upload or paste it; it is looked through before anything is kept. Whoever is not in it stays as they are.";
        template() => "下载表格", "Take the table";
        table_text() => "表格内容", "The table";
        table_text_hint() => "可从电子表格粘贴；首行是标题", "May be pasted from a spreadsheet; headings first";
        table_file() => "或上传文件（CSV、XLSX）", "Or a file (CSV, XLSX)";
        check_table() => "核对", "Look through";
        unreadable() => "读不出这个表格：请用 CSV（UTF-8 或 GB18030）或 XLSX。", "The table cannot be read: CSV in UTF-8 or GB18030, or XLSX.";
        faults(n: usize) => "有 {n} 处要改，什么都没有保存：", "{n} things to mend; nothing was kept:";
        row(row: u32) => "第 {row} 行：", "Row {row}: ";
        looked_through(n: usize) => "核对无误，共 {n} 人。还没有保存。", "Nothing is wrong with it: {n} people. Nothing is kept yet.";
        apply() => "保存这些成绩", "Keep these scores";
        noted() => "已保存。", "Kept.";
        one_by_one() => "逐人录入", "One by one";
        edit() => "录入", "Note";
        score_of(name: &str, max: u32) => "{name}（满分 {max}）", "{name} (of {max})";
        score_hint() => "最多两位小数；全部留空表示没有成绩", "Up to two decimals; leave all blank for no score";
        publish() => "公布结果", "Publish results";
        publish_what(n: usize) => "将公布 {n} 人的结果。公布后不能再改，可查看统计的人都看得到，本人在“我的页面”看得到。", "Results of {n} people are published. They cannot be changed then; whoever may see statistics sees them, and each sees their own.";
        now_published() => "已公布。", "Published.";
        withdraw() => "撤回公布", "Take back";
        withdraw_hint() => "撤回后可以更正，再公布一次；理由记入审计日志。", "They can be mended then and published again; the reason stands in the audit log.";
        why() => "理由", "Reason";
        why_fault(max: usize) => "理由：一行，1 到 {max} 个字。", "Reason: one line of 1 to {max} characters.";
        now_withdrawn() => "已撤回，可以更正。", "Taken back; it can be mended.";
        print_hint() => "用浏览器打印，一页一张。", "Print it with the browser; it fills one page.";
        certify_contest(title: &str) => "在“{title}”中取得", "has achieved in “{title}”";
        certify_training(title: &str) => "参加“{title}”，完成训练。", "has taken part in “{title}” and completed the training.";
        certify_score(points: &str, most: u32) => "成绩 {points} 分（满分 {most} 分）", "{points} of {most} points";
        certify_date(year: i16, month: i8, day: i8) => "{year} 年 {month} 月 {day} 日", "{year}-{month:02}-{day:02}";
        comrade(name: &str) => "{name} 同志", "{name}";
        your_place(n: u64, of: u64) => "第 {n} 名（共 {of} 人）", "place {n} of {of}";
    }
}

words! {
    /// Tables of scores and what is wrong with them.
    ScoreSheet {
        staff_no() => "工号", "Staff no.";
        name() => "姓名", "Name";
        hall() => "大厅", "Hall";
        attended() => "出席", "Attended";
        yes() => "是", "yes";
        no() => "否", "no";
        empty() => "表里没有人。", "There is nobody in the table.";
        missing(column: &str) => "缺少“{column}”一列。", "The column “{column}” is missing.";
        too_many(max: usize) => "一次最多 {max} 人。", "{max} people at most.";
        repeated(row: u32) => "和第 {row} 行是同一个人。", "The same person as in row {row}.";
        unknown(no: &str) => "“{no}”：这个人或大厅不在名单上。", "“{no}”: no such person or hall on the boards.";
        bad_score(name: &str, text: &str, max: u32) => "{name}“{text}”：要是 0 到 {max}、最多两位小数的数。", "{name} “{text}”: a number from 0 to {max} with up to two decimals.";
        partly() => "只填了一部分成绩：请填全，或全部留空。", "Only some scores are filled in: all of them, or none.";
        bad_attended(text: &str) => "出席“{text}”：填“是”或“否”。", "Attended “{text}”: yes or no.";
        scored_and_absent() => "没有出席却有成绩。", "Not attended, yet scored.";
    }
}
