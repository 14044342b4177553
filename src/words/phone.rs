//! What a citizen reads on their phone.

words! {
    /// The phone page and the receipt look-up.
    Phone {
        title() => "服务评价", "Rate this service";
        other_language() => "English", "中文";
        window(number: &str) => "{number} 号窗口", "Window {number}";
        staff_no(number: &str) => "工号 {number}", "Staff no. {number}";
        party_member() => "中共党员", "Party member";
        portrait_of(name: &str) => "{name}的照片", "Portrait of {name}";
        staff_unknown() => "工作人员以评价终端上显示的为准", "Served by the person shown on the terminal";
        item(name: &str) => "办理：{name}", "{name}";
        limit_at_once() => "即办", "done at once";
        limit_days(days: u16) => "承诺 {days} 个工作日办结", "promised within {days} working day(s)";
        pledges(count: usize) => "我们的承诺（{count} 项）", "What we promise ({count})";
        standard(text: &str) => "标准：{text}", "Standard: {text}";
        time_limit(text: &str) => "时限：{text}", "Time limit: {text}";
        kept(kept: u64, of: u64) => "近期兑现 {kept}/{of}", "lately kept {kept} of {of}";

        question() => "您对这次服务满意吗？", "How was the service?";
        choose_one() => "点一下即可", "one tap is enough";
        late_notice() => "本次服务的评价时间已过。您仍可评价，评价会照常保存，并注明是过后提交。",
            "The time for rating this visit is over. You may still rate; it is kept and marked as late.";

        received() => "评价已收到，谢谢您", "Your rating has been received. Thank you.";
        rated_already() => "本次服务已经评价", "This visit has been rated";
        rated_at_kiosk() => "您在窗口终端上的评价有效，不需要再评一次。", "The rating given at the window stands; there is no need to rate again.";
        second_kept() => "本次服务此前已有评价，以先到的为准。您这次提交的也已保存，并注明是重复评价。",
            "This visit had been rated before, and the first rating counts. Yours has been kept too, marked as a second one.";
        private() => "为保护您的隐私，本页不显示评价等级。", "To protect your privacy this page does not show the level.";
        say_more() => "还想说几句吗？（可以不填）", "Anything to add? (optional)";
        which_reasons() => "选择原因，可多选", "Reasons, as many as apply";
        your_words() => "您的意见或建议", "Your words";
        words_sealed(max: usize) => "最多 {max} 字。提交后立即加密，只有负责回访的人员能看到，窗口工作人员看不到。",
            "Up to {max} characters. Encrypted as soon as it is sent; only the follow-up officer can read it, the staff at the window cannot.";
        ask_call_back() => "希望我们回复您？", "Would you like to hear back?";
        contact_notice(days: u32) => "如需回复，请留下手机号码。用途：仅用于就本次评价与您联系。谁能看到：仅负责回访的人员。保存：最长 {days} 天，到期自动删除。不留号码不影响评价。",
            "If you would like an answer, leave a phone number. Purpose: only to contact you about this rating. Who sees it: only the follow-up officer. Kept: {days} days at most, then erased. Your rating counts just the same without it.";
        contact_label() => "手机号码", "Phone number";
        consent() => "我已阅读上面的说明，同意为此使用我的号码", "I have read this and agree that my number is used for it";
        send() => "提交", "Send";
        explained() => "您的意见已收到，谢谢您", "Your words have been received. Thank you.";
        follow_by_code() => "记下终端感谢页上的回执码，可随时查办理进度、看答复。", "With the receipt code from the thank-you screen you can follow how it is handled and read the answer.";
        follow_here() => "查办理进度", "Follow how it is handled";
        more_words() => "再补充一条", "Add something else";
        nothing_more() => "可以关闭本页了。", "You may close this page now.";

        fix_first() => "还没有提交，请先看一下：", "Not sent yet. Please look at this first:";
        fault_empty() => "请选择原因，或写几句话。", "Choose a reason or write something.";
        fault_words_long(max: usize) => "意见超过 {max} 字，请缩短一些。", "Your words are longer than {max} characters; please shorten them.";
        fault_words_characters() => "意见里有无法识别的控制字符，请删去。", "Your words contain control characters; please remove them.";
        fault_contact() => "号码应为 5 至 20 位数字，可带 +、- 和空格。", "A phone number has 5 to 20 digits; +, - and spaces are allowed.";
        fault_consent() => "您填写了号码，但没有勾选同意。请勾选，或者删去号码。", "You gave a number without agreeing to its use. Please agree, or remove the number.";

        hotline(number: &str) => "也可拨打 {number} 反映", "You may also call {number}";
        code_page() => "凭回执码查询", "Look up a receipt code";
        code_question() => "输入终端感谢页面上的十位回执码", "Enter the ten-character code from the thank-you screen";
        code_label() => "回执码", "Receipt code";
        code_example() => "例如 7K3QD-M9XWA，不分大小写", "Such as 7K3QD-M9XWA, in capitals or not";
        look_up() => "查询", "Look up";
        code_found() => "评价已收到", "The rating has been received";
        code_found_at(place: &str, time: &str) => "{place}，{time}", "{place}, {time}";
        code_found_place(place: &str) => "{place}", "{place}";
        code_nothing_personal() => "查询结果不含评价等级和任何个人信息。", "Neither the level nor anything personal is shown.";
        code_not_found() => "还没有收到这个回执码的评价", "No rating with this code has arrived yet";
        code_not_found_why() => "窗口终端断网时，评价先安全地存在终端里，联网后自动送达。请核对回执码，或过一天再查。",
            "While a terminal is offline its ratings are kept safe inside it and arrive once it is online again. Please check the code, or try again tomorrow.";
        code_malformed() => "回执码是十位字母和数字，其中没有字母 U。请对照终端上显示的再输入一次。",
            "A receipt code has ten letters and digits and never a U. Please compare it with the one you were shown.";

        trouble_malformed() => "这个二维码不完整", "This code is not complete";
        trouble_malformed_do() => "请回到窗口终端，重新扫描屏幕上的二维码。", "Please scan the code on the terminal's screen again.";
        trouble_unknown() => "没有登记这台评价终端", "This terminal is not registered";
        trouble_unknown_do() => "二维码不是本单位的终端发出的，或者终端已经更换。请不要填写个人信息；请到窗口重新扫码。",
            "The code is not from one of our terminals, or the terminal has been replaced. Do not enter personal information; please scan the code at the window again.";
        trouble_forged() => "这个二维码不是终端发出的", "This code was not made by the terminal";
        trouble_forged_do() => "它的签名不对，可能被人改动过。请不要填写个人信息；请只扫描终端屏幕上的二维码，并告诉大厅工作人员。",
            "Its signature is wrong; somebody may have changed it. Do not enter personal information; scan only the code on the terminal's screen, and please tell the hall's staff.";
        trouble_expired() => "这个二维码已经过期很久了", "This code expired long ago";
        trouble_expired_do() => "本次服务不再接受扫码评价，已经提交的评价不受影响。", "This visit can no longer be rated by phone. Ratings given in time are not affected.";
        trouble_version() => "这个二维码需要更新的系统", "This code needs a newer system";
        trouble_version_do() => "请在窗口终端的屏幕上直接评价。", "Please rate on the terminal's screen instead.";
        trouble_no_visit() => "终端上没有这次服务", "The terminal has no such visit";
        trouble_no_visit_do() => "二维码对应的服务没有记录，已通知管理人员核查。请在窗口终端上重新评价。",
            "There is no record of the visit in this code; the administrators have been told. Please rate on the terminal at the window.";
        trouble_enough() => "本次服务已收到足够多的意见", "Enough has been sent for this visit";
        trouble_enough_do() => "您刚才提交的没有保存，之前的都已保存。如需补充，请拨打监督电话。", "What you just sent was not kept; what came before was. To add more, please call the hotline.";
        trouble_form() => "提交的内容不完整", "The form did not arrive whole";
        trouble_form_do() => "没有保存。请返回上一页再提交一次。", "Nothing was kept. Please go back and send it again.";
        trouble_busy() => "查询的人太多了", "Too many requests";
        trouble_busy_do() => "请过一分钟再试。", "Please try again in a minute.";
        trouble_store() => "抱歉，暂时没有保存成功", "Sorry, it could not be saved just now";
        trouble_store_do() => "您的评价还没有提交。请稍后再试一次，或者在窗口终端上评价。", "Your rating has not been taken. Please try again in a while, or rate on the terminal at the window.";
        trouble_elsewhere() => "请从本页面提交", "Please send from this page";
        trouble_elsewhere_do() => "提交来自别的网站，没有受理。请重新扫描终端屏幕上的二维码。", "The form came from another site and was not taken. Please scan the code on the terminal's screen again.";
        reference(code: &str) => "编号 {code}", "Reference {code}";
    }
}

words! {
    /// How a rating is handled, as the citizen reads it behind the receipt code.
    Followed {
        title() => "办理进度", "How your rating is handled";
        step_received() => "已受理", "Received";
        step_verified() => "核实", "Verified";
        step_rectified() => "整改", "Put right";
        step_replied() => "答复", "Answered";
        step_followed() => "回访", "Followed up";
        step_closed() => "办结", "Closed";
        now_received() => "您反映的情况已经受理，正在派人核实。", "What you told us has been received and is being given to somebody who looks into it.";
        now_assigned() => "正在核实您反映的情况。", "What you told us is being looked into.";
        now_verified() => "已经核实，正在准备答复。", "It has been looked into; the answer is being prepared.";
        now_rectifying() => "已经核实，正在整改。", "It has been looked into and is being put right.";
        now_rectified() => "已经整改，正在准备答复。", "It has been put right; the answer is being prepared.";
        now_again() => "您对处理结果不满意，已经退回重新整改。", "You were not satisfied with the outcome; it is being put right again.";
        now_replied() => "已经答复，请看下面。", "It has been answered; please read on.";
        now_followed() => "已经答复并回访，正在复核。", "It has been answered and followed up, and is being checked once more.";
        now_closed() => "已经办结。", "It is closed.";
        answer_by(day: &str) => "最迟 {day} 前答复您。", "You will be answered by {day} at the latest.";
        answer_late(day: &str) => "本应在 {day} 前答复，已经超过期限，正在督办。", "The answer was due by {day}; it is late, and the office in charge has been told.";
        mistaken() => "经核实属于误评，并由第二人复核同意。您的评价仍然保留在案，不予采纳：它不计入采纳数，原始数照样计入。理由见答复。", "It was found that the rating was given by mistake, and a second person agreed. Your rating stays on record; it is not adopted: raw figures count it, adopted ones do not. The answer says why.";
        malicious() => "经核实与实际情况不符，并由第二人复核同意。您的评价仍然保留在案，不予采纳：它不计入采纳数，原始数照样计入。理由见答复。", "It was found that the rating does not agree with what happened, and a second person agreed. Your rating stays on record; it is not adopted: raw figures count it, adopted ones do not. The answer says why.";
        reply() => "给您的答复", "The answer to you";
        question() => "您对处理结果满意吗？", "Are you satisfied with how it was handled?";
        words() => "还想说几句吗？（可以不填）", "Anything to add? (optional)";
        once() => "每次答复可以评价一次。", "Each answer can be rated once.";
        fault_level() => "请选择一项。", "Please choose one.";
        rated() => "您对处理结果的评价已收到，谢谢您", "Your word on how it was handled has been received. Thank you.";
        rated_before() => "您已经评价过处理结果。", "You have rated how it was handled.";
        rated_kept() => "评价已记入办理档案，不显示在本页。", "It is kept with the case and not shown here.";
        sent_back() => "因为您不满意，已经退回重新整改，办好后会再次答复您。", "Because you were not satisfied it has been sent back to be put right again, and you will be answered once more.";
    }
}
