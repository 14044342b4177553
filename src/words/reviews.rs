//! Words of leaders' reviews and of peer reviews.

words! {
    /// Leaders' reviews.
    Reviews {
        title() => "领导点评", "Leaders' reviews";
        lead() => "领导按期对承诺、窗口和人员的点评；每次修改都留痕，撤回要写理由。", "What leaders say of pledges, windows and people, period by period. Every change is kept, and taking back needs a reason.";
        of(name: &str) => "点评：{name}", "Review: {name}";
        write() => "写点评", "Write a review";
        write_lead() => "每位领导对同一对象、同一期只写一条；写错了可以修改，原来的话会保留。", "One review a leader, subject and period. It can be revised; what was said before is kept.";
        about() => "对象", "About";
        about_in(hall: &str) => "对象（{hall}）", "About ({hall})";
        a_window(name: &str) => "窗口 · {name}", "Window · {name}";
        a_person(name: &str) => "人员 · {name}", "Person · {name}";
        a_pledge(text: &str) => "承诺 · {text}", "Pledge · {text}";
        choose_hall() => "先选大厅", "First choose a hall";
        no_hall() => "您的范围内没有大厅。", "There is no hall within your reach.";
        choose_about() => "请选择对象和时期。", "Choose what it is about, and the period.";
        period() => "时期", "Period";
        year(year: i16) => "{year} 年", "{year}";
        quarter(year: i16, n: i8) => "{year} 年第 {n} 季度", "Quarter {n} of {year}";
        month(year: i16, n: i8) => "{year} 年 {n} 月", "{year}-{n:02}";
        hall() => "大厅", "Hall";
        reviewer() => "点评人", "Reviewer";
        score() => "得分", "Score";
        score_hint(scale: u32) => "0 到 {scale} 的整数", "A whole number from 0 to {scale}";
        score_fault() => "得分：请填一个整数。", "Score: a whole number.";
        text() => "点评", "Review";
        text_hint() => "写事实和建议，可分行。被点评的人看得到；请不要写群众的姓名、电话等个人信息。", "Facts and advice, on several lines if need be. Whoever it is about reads it; no names or numbers of citizens.";
        text_fault(max: usize) => "点评：1 到 {max} 个字，不含控制符。", "Review: 1 to {max} characters, no control characters.";
        why() => "撤回的理由", "Why it is taken back";
        why_fault(max: usize) => "理由：一行，1 到 {max} 个字。", "Reason: one line of 1 to {max} characters.";
        ahead() => "这一期还没有开始。", "The period has not begun.";
        exists(id: i64) => "您已点评过这个对象的这一期（第 {id} 号），请打开那一条修改。", "You have reviewed it for this period already (number {id}); open that one and revise it.";
        save() => "保存", "Save";
        saved() => "已保存。", "Saved.";
        cancel() => "取消", "Cancel";
        state() => "状态", "State";
        stands() => "有效", "Stands";
        revised(times: u32) => "有效，改过 {times} 次", "Stands, revised {times} times";
        taken_back() => "已撤回", "Taken back";
        was_taken_back(why: &str) => "这条点评已撤回，不再计分。理由：{why}", "This review was taken back and counts for nothing. Why: {why}";
        take_back() => "撤回点评", "Take the review back";
        take_back_hint() => "撤回后不再计分；说过的话和理由都会保留。", "It counts for nothing then; what was said and the reason are kept.";
        now_taken_back() => "已撤回。", "It was taken back.";
        revise() => "修改", "Revise";
        say_again() => "重新点评", "Say it again";
        revisions() => "修改记录", "Revisions";
        revision() => "次序", "Revision";
        when() => "时间", "When";
        its_page() => "打开对象", "Open it";
        who_reads() => "本人在“我的页面”看得到；大厅负责人、跟办人员、领导和审计员也看得到。", "Whoever it is about reads it on their own page; so do those who answer for the hall, leaders and auditors.";
        older() => "更早的点评", "Older reviews";
        none() => "还没有点评。", "There is no review yet.";
        none_advice() => "领导在这里或在窗口、人员的页面写点评。", "Leaders write them here, or from the page of a window or a person.";
    }
}

words! {
    /// Peer reviews.
    Peer {
        title() => "党员互评", "Peer reviews";
        lead() => "给同事打分。谁打了什么分，系统里没有记录。", "Score your colleagues. Nothing in the system holds who gave which score.";
        rounds() => "互评轮次", "Rounds of peer reviews";
        round() => "名称", "Name";
        hall() => "大厅", "Hall";
        days() => "起止", "Days";
        from_to(from: &str, to: &str) => "{from} 至 {to}", "{from} to {to}";
        state() => "状态", "State";
        ahead() => "未开始", "Not begun";
        open() => "进行中", "Open";
        closed() => "已结束", "Closed";
        no_round() => "没有互评。", "There is no round.";
        no_round_advice() => "大厅负责人发起后，这里会出现。", "It stands here once whoever answers for the hall has called one.";
        left_to_vote() => "还没投", "Left to vote on";
        left(left: usize, of: usize) => "还有 {left} 位（共 {of} 位）", "{left} of {of}";
        all_voted() => "都投过了", "All done";
        results_on_me() => "结束后，您自己的结果在“我的页面”。", "When a round is over, what came out for you stands on your own page.";
        colleagues() => "同事", "Colleagues";
        colleague() => "同事", "Colleague";
        vote() => "打分", "Vote";
        vote_on(name: &str) => "给{name}打分", "Vote on {name}";
        voted() => "已投", "Voted";
        not_voted() => "未投", "Not yet";
        anonymous() => "匿名：系统只记下您投过谁，不记下您打了几分。", "Anonymous: it is noted on whom you have voted, not what you said.";
        anonymous_how() => "分数只累加成各分值的票数，不带时间和次序；投票人少于下限的结果不显示，进行中谁也看不到结果。", "Scores are only added to how often each was given, without time or order. Results of too few voters are withheld, and nobody sees any before the end.";
        final_once_given() => "投出后不能修改：系统不知道哪一票是您的。", "A vote is final: nothing knows which one is yours.";
        score(score: u8, most: u8) => "{score} 分（满分 {most}）", "{score} of {most}";
        choose_one() => "请选一项。", "Choose one.";
        give() => "投出", "Give the vote";
        given() => "已投出，谢谢。", "Your vote was counted. Thank you.";
        already() => "这位同事您已投过。", "You have voted on this colleague.";
        back_to_round() => "回到这一轮", "Back to the round";
        cancel() => "取消", "Cancel";
        keeper_lead() => "定期由同事互相打分；结束前谁也看不到结果，人数太少的不显示。", "Colleagues score one another now and then. Nobody sees results before the end, and those of too few are withheld.";
        call() => "发起互评", "Call a round";
        called() => "已发起。", "The round was called.";
        first_day() => "第一天", "First day";
        last_day() => "最后一天", "Last day";
        days_fault(max: i32) => "起止：最后一天不早于第一天和今天，最多 {max} 天。", "Days: the last not before the first nor before today, {max} days at most.";
        criteria() => "评议内容", "Criteria";
        criteria_hint(max: usize) => "每行一项，最多 {max} 项", "One a line, {max} at most";
        criteria_fault(max: usize, chars: usize) => "评议内容：1 到 {max} 行，每行不超过 {chars} 个字，不重复。", "Criteria: 1 to {max} lines of up to {chars} characters, none twice.";
        usual_criteria() => "服务态度\n业务能力\n履行承诺\n廉洁自律", "Conduct towards citizens\nCompetence\nKeeping pledges\nIntegrity";
        title_fault(max: usize) => "名称：一行，1 到 {max} 个字。", "Name: one line of 1 to {max} characters.";
        who_votes() => "谁投票", "Who votes";
        whom_about() => "评谁", "Whom they vote on";
        party_members() => "党员", "Party members";
        party_hint() => "名片上亮明党员身份的人", "Whose card says so, with their consent";
        everybody() => "全体人员", "Everybody";
        roster_note() => "名单按现在的名片定下，之后不变。每人每位同事一票，不能给自己投票。", "Who takes part is settled by the cards as they are now. One vote each per colleague, none for oneself.";
        too_few(voters: usize, least: u32) => "投票人只有 {voters} 位：除本人外至少要有 {least} 位，否则谁的结果都不能显示。", "Only {voters} voters: at least {least} besides the person voted on are needed, or nobody's result could be shown.";
        too_many(max: usize) => "一个大厅的一轮最多 {max} 人。", "A round of one hall has {max} people at most.";
        turnout() => "参与", "Turnout";
        turnout_of(voters: u64, of: usize, votes: u64, asked: usize) => "{of} 人中 {voters} 人投过票，共 {votes} 票（应有 {asked} 票）", "{voters} of {of} people have voted, {votes} of {asked} votes";
        people(n: usize) => "{n} 人", "{n} people";
        called_by() => "发起人", "Called by";
        results() => "结果", "Results";
        results_after() => "结束后才有结果。", "Results come when the round is over.";
        results_note(most: u8, least: u64) => "按名单次序，不排名。各项为百分制平均（满分 {most} 分折合 100），括号内为 95% 区间；不足 {least} 票的不显示。", "In the order of the roster, without ranks. Means out of 100 ({most} is 100) with 95% intervals; fewer than {least} votes are withheld.";
        all_criteria() => "综合（95% 区间）", "All criteria (95% interval)";
        votes() => "票数", "Votes";
        withheld(least: u64) => "不足 {least} 票，不显示", "Fewer than {least} votes: withheld";
        close() => "提前结束", "Close early";
        close_hint() => "结束后不再收票，也不能重新打开；结果随即可见。", "No vote is taken then, it cannot be opened again, and results are seen at once.";
        now_closed() => "已结束。", "The round is closed.";
    }
}

words! {
    /// Rules of reviews.
    ReviewRuleWords {
        title() => "点评与互评", "Reviews";
        scale() => "领导点评满分", "Best score of a leader's review";
        scale_hint() => "分，最低 0 分；改后只用于新的点评", "Points, 0 is the least; only for what is written from then on";
        peer_most() => "互评每项满分", "Best score of a criterion in peer reviews";
        peer_most_hint() => "分，最低 1 分；只用于新的轮次", "Points, 1 is the least; only for new rounds";
        peer_min_voters() => "互评结果最少票数", "Least votes of a peer review's result";
        peer_min_voters_hint() => "票；不足的不显示，最少 3 票", "Votes; results of fewer are withheld, 3 at least";
    }
}
