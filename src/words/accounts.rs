//! Words of signing in, of one's own account, and of keeping everybody's.

use super::Language;
use crate::domain::role::{Need, Role};

words! {
    /// What people read who sign in, and who keep accounts.
    Accounts {
        sign_in() => "登录", "Sign in";
        login() => "账号", "Account";
        password() => "密码", "Password";
        forgotten() => "忘记密码或丢了手机？请系统管理员重置您的账号。", "Forgot your password, or lost your phone? Ask a system administrator to reset your account.";
        wrong_password() => "账号或密码不对，或者账号已停用。请核对后再试。", "Account or password is wrong, or the account is disabled. Check both and try again.";
        wait(seconds: i64) => "尝试次数过多。请等 {seconds} 秒再试；账号没有被锁死。", "Too many tries. Wait {seconds} seconds and try again; the account is not locked for good.";
        code_title() => "第二重验证", "Second factor";
        code() => "验证码", "Code";
        code_hint() => "输入手机验证器上的六位数字；手机不在身边时输入一个恢复码。", "Six digits from the authenticator app; without your phone, one of your recovery codes.";
        wrong_code() => "验证码不对或已经用过。请等下一个验证码再试。", "That code is wrong or was used before. Wait for the next one and try again.";
        go_on() => "继续", "Continue";
        choose_title() => "请设置自己的密码", "Choose your own password";
        choose_lead() => "现在的密码是别人交给您的，只能用来设置新密码。", "The present password was handed to you and is good for nothing but choosing another.";
        new_password() => "新密码", "New password";
        new_password_hint(n: usize) => "至少 {n} 个字符；几个不相干的词连起来又好记又难猜。", "At least {n} characters; several unrelated words are easy to remember and hard to guess.";
        password_again() => "再输入一次", "Once more";
        password_short(n: usize) => "密码至少要 {n} 个字符", "A password has at least {n} characters";
        password_long(n: usize) => "密码最多 {n} 个字符", "A password has at most {n} characters";
        password_guessable() => "这个密码太容易被猜到：它是常见密码，或接近姓名、日期、键盘上的一排字母", "This password is easily guessed: it is a common one, or close to a name, a date or a row of keys";
        passwords_differ() => "两次输入的密码不一样", "The two passwords differ";
        enrol_title() => "设置第二重验证", "Set up the second factor";
        enrol_lead() => "您的角色登录时除密码外还需要手机验证码。用手机上的验证器应用（如 FreeOTP、各种身份验证器）扫描下面的二维码。", "Your role needs a code from your phone beside the password. Scan this code with an authenticator app such as FreeOTP.";
        enrol_hint() => "输入应用里显示的六位数字，证明已经设置好。", "Type the six digits that the app shows, to prove that it is set up.";
        square_label() => "验证器要扫描的二维码", "The code for the authenticator to scan";
        by_hand() => "不能扫描？手工输入密钥", "Cannot scan? Type the key by hand";
        recovery_title() => "恢复码", "Recovery codes";
        factor_is_set() => "第二重验证已设置好。", "The second factor is set up.";
        recovery_advice() => "手机丢失时，每个恢复码可以登录一次。请抄下或打印后妥善保存：它们只在这里显示这一次。", "If you lose your phone, each code lets you in once. Write them down or print them and keep them safe: they are shown only now.";

        my_account() => "我的账号", "My account";
        role() => "角色", "Role";
        name() => "姓名", "Name";
        reach() => "管辖范围", "Reach";
        everything() => "全部单位和大厅", "All units and halls";
        of_unit(name: &str) => "{name}及下属单位", "{name} and all below it";
        of_hall(name: &str) => "大厅：{name}", "Hall: {name}";
        staff_no() => "工号", "Staff number";
        change_password() => "修改密码", "Change password";
        old_password() => "现在的密码", "Present password";
        wrong_old() => "现在的密码不对", "This is not the present password";
        password_changed() => "密码已修改，其他地方的登录都已退出。", "The password is changed, and all other sessions have ended.";
        factor_on(left: u64) => "已启用，还剩 {left} 个恢复码", "On; {left} recovery codes are left";
        factor_off() => "未启用", "Off";
        factor_must() => "您的角色必须使用", "Your role cannot do without it";
        set_up() => "设置", "Set up";
        set_up_anew() => "换手机重新设置", "Set up with another phone";
        factor_removed() => "第二重验证已取消。", "The second factor is removed.";
        factor_lead() => "启用后，登录时除密码外还要输入手机上的验证码：别人即使知道密码也进不来。", "With it, signing in takes a code from your phone beside the password: whoever learns the password still does not come in.";
        confirm_it_is_you() => "请输入密码确认是您本人", "Your password, to confirm that it is you";
        remove_factor() => "取消第二重验证", "Remove the second factor";
        new_recovery() => "重新生成恢复码", "New recovery codes";
        sessions() => "登录中的设备", "Sessions";
        sessions_lead() => "不认识的请立即退出，并修改密码。", "End whatever you do not recognise, and change your password.";
        browser() => "浏览器", "Browser";
        address() => "地址", "Address";
        begun() => "登录于", "Since";
        used() => "最近使用", "Last used";
        this_one() => "当前", "This one";
        end() => "退出", "End";
        end_others() => "退出其他所有登录", "End all others";
        session_ended() => "已退出那一处登录。", "That session has ended.";
        others_ended(n: usize) => "已退出其他 {n} 处登录。", "{n} other sessions have ended.";
        unknown_browser() => "未知浏览器", "Unknown browser";
        tokens() => "接口口令", "Tokens of the interface";
        tokens_lead() => "供程序使用（请求头 Authorization: Bearer 口令），不能用来登录页面。权限不超过您的角色。", "For programs (header Authorization: Bearer TOKEN); they do not open pages, and may never do more than your role.";
        no_tokens() => "还没有接口口令。", "There are no tokens.";
        no_tokens_advice() => "需要让程序读取数据时，在下面生成一个。", "Make one below when a program is to read figures.";
        label() => "名称", "Label";
        label_hint() => "写明谁用、做什么，例如“大屏读统计”。", "Who uses it and for what, such as “wall display”.";
        may() => "可以做什么", "What it may";
        days_valid() => "有效天数", "Days until it expires";
        days_hint() => "1 到 730 天。", "1 to 730 days.";
        make_token() => "生成口令", "Make a token";
        expires() => "到期", "Expires";
        never() => "不到期", "Never";
        never_used() => "从未", "Never";
        expired() => "已到期", "Expired";
        revoke() => "撤销", "Revoke";
        token_made() => "口令已生成", "The token is made";
        shown_once() => "它只在这里显示这一次，请现在复制保存。", "It is shown only now: copy it and keep it safe.";
        token_revoked() => "口令已撤销，立即失效。", "The token is revoked, at once.";
        choose_some() => "至少选一项", "Choose at least one";
        too_many_tokens() => "口令太多，请先撤销不用的", "There are too many tokens; revoke some first";
        line_wrong() => "请填写，不要超过 60 个字，不要换行", "Up to 60 characters on one line";
        days_wrong() => "请填 1 到 730 之间的数", "A number from 1 to 730";
        everything_of_role() => "角色的全部权限", "All that the role may";

        accounts() => "账号", "Accounts";
        accounts_lead() => "谁能登录、以什么角色、管哪些单位。", "Who may sign in, as what, and for which units.";
        new_account() => "新建账号", "New account";
        state() => "状态", "State";
        state_active() => "正常", "Active";
        state_disabled() => "已停用", "Disabled";
        state_waiting() => "等待首次登录", "Waits for first sign-in";
        state_token_only() => "只用接口", "By token only";
        factor() => "第二重验证", "Second factor";
        yes() => "是", "Yes";
        no() => "否", "No";
        login_hint() => "登录时输入；不能有空格，建好后不能改。", "Typed at sign-in; no spaces; cannot be changed later.";
        staff_no_hint() => "角色为窗口人员时必填：只看到这个工号的数字。", "Needed for staff: they see only this number's figures.";
        save() => "保存", "Save";
        create() => "建立账号", "Create the account";
        cancel() => "取消", "Cancel";
        account_saved() => "已保存，立即生效。角色或范围有变的，原来的登录已退出。", "Saved, and in force at once. Where role or reach changed, sessions have ended.";
        handed_title() => "一次性密码", "One-time password";
        handed_lead(login: &str) => "账号 {login} 的一次性密码如下，请当面或用别的渠道交给本人。七天内有效，首次登录必须改成自己的。", "The one-time password of {login}. Hand it over in person or by another channel. It is good for seven days, and for nothing but choosing one's own.";
        reset() => "重置密码和第二重验证", "Reset password and second factor";
        ask_reset(name: &str) => "重置 {name} 的账号？", "Reset the account of {name}?";
        reset_what() => "现在的密码和第二重验证立即失效，所有登录退出；会生成一个新的一次性密码。接口口令不受影响。", "Password and second factor stop working at once and all sessions end; a new one-time password is made. Tokens stay.";
        disable() => "停用账号", "Disable the account";
        ask_disable(name: &str) => "停用 {name} 的账号？", "Disable the account of {name}?";
        disable_what() => "所有登录立即退出，接口口令全部撤销。账号和审计记录保留，以后可以重新启用。", "All sessions end and all tokens are revoked at once. The account and its records stay; it can be enabled again.";
        enable() => "重新启用", "Enable again";
        disabled_now() => "账号已停用。", "The account is disabled.";
        enabled_now() => "账号已启用。", "The account is enabled.";
        taken() => "已有这个账号", "There is an account of this login";
        login_wrong() => "1 到 60 个字符，不能有空格", "1 to 60 characters without spaces";
        staff_no_missing() => "窗口人员必须填工号", "Staff need a staff number";
        staff_no_wrong() => "工号只能用字母、数字和连字符", "Letters, digits and hyphens only";
        last_admin() => "至少要保留一个能登录的系统管理员", "At least one system administrator who can sign in must remain";
        outside() => "这个范围超出了您自己的管辖", "That reach goes beyond your own";
        not_yourself() => "不能停用自己的账号", "You cannot disable your own account";
        made() => "建立于", "Made";
        no_sessions() => "没有登录中的设备。", "There are no sessions.";

        units() => "单位", "Units";
        units_lead() => "单位一级套一级，大厅挂在单位下面。账号管一个单位，就管它下面的所有大厅。", "Units stand within units, and halls under them. An account for a unit covers all halls below it.";
        no_units() => "还没有单位。", "There are no units.";
        no_units_advice() => "只有一个大厅时不需要单位；有多个时先建上级单位。", "With one hall none is needed; with several begin with the topmost.";
        unit() => "单位", "Unit";
        below() => "上级单位", "Below";
        at_top() => "（最上级）", "(at the top)";
        new_unit() => "新建单位", "New unit";
        rename_or_move() => "改名或移动", "Rename or move";
        remove() => "删除", "Remove";
        halls() => "大厅", "Halls";
        hall() => "大厅", "Hall";
        nowhere() => "（不属于任何单位）", "(under no unit)";
        place() => "保存", "Save";
        unit_added() => "单位已建立。", "The unit is added.";
        unit_changed() => "单位已修改，管辖范围立即按新的算。", "The unit is changed, and everybody's reach with it.";
        unit_removed() => "单位已删除。", "The unit is removed.";
        hall_placed() => "大厅的归属已保存。", "The hall's place is saved.";
        unit_name_taken() => "同一处已有这个名称的单位", "There is a unit of this name in the same place";
        unit_circle() => "单位不能移到自己下面", "A unit cannot stand below itself";
        unit_deep(n: usize) => "单位最多 {n} 级", "There are at most {n} levels";
        unit_many(n: usize) => "单位最多 {n} 个", "There are at most {n} units";
        unit_used() => "它下面还有单位、大厅或账号，请先移走", "Units, halls or accounts belong to it; move them first";
        unit_unknown() => "没有这个单位", "There is no such unit";
    }
}

words! {
    /// What whoever starts a new centre reads on the terminal.
    FirstStart {
        printed(url: &str, login: &str) => "第一次启动：请在浏览器打开 {url}，用账号 {login} 和下面的一次性密码登录，并改成自己的密码。密码只显示这一次，七天内有效。", "First start: open {url}, sign in as {login} with the one-time password below, and choose your own. It is shown only now and is good for seven days.";
        in_file(url: &str, login: &str, file: &str) => "第一次启动：请在浏览器打开 {url}，用账号 {login} 登录并改成自己的密码；一次性密码在 {file}，七天内有效。", "First start: open {url}, sign in as {login} and choose your own password; the one-time password is in {file} and is good for seven days.";
    }
}

/// A role by its name.
pub const fn role(language: Language, role: Role) -> &'static str {
    match (language, role) {
        (Language::Zh, Role::Staff) => "窗口人员",
        (Language::Zh, Role::HallSupervisor) => "大厅督查员",
        (Language::Zh, Role::FollowUpOfficer) => "回访专员",
        (Language::Zh, Role::Leader) => "领导",
        (Language::Zh, Role::Auditor) => "审计员",
        (Language::Zh, Role::DeviceAdmin) => "设备管理员",
        (Language::Zh, Role::SystemAdmin) => "系统管理员",
        (Language::En, Role::Staff) => "Staff",
        (Language::En, Role::HallSupervisor) => "Hall supervisor",
        (Language::En, Role::FollowUpOfficer) => "Follow-up officer",
        (Language::En, Role::Leader) => "Leader",
        (Language::En, Role::Auditor) => "Auditor",
        (Language::En, Role::DeviceAdmin) => "Device administrator",
        (Language::En, Role::SystemAdmin) => "System administrator",
    }
}

/// What a need lets one do.
pub const fn need(language: Language, need: Need) -> &'static str {
    match (language, need) {
        (Language::Zh, Need::Public) => "公开内容",
        (Language::Zh, Need::Device) => "终端上报",
        (Language::Zh, Need::SignedIn) => "登录",
        (Language::Zh, Need::Own) => "本人的页面",
        (Language::Zh, Need::Statistics) => "读统计",
        (Language::Zh, Need::Hall) => "看人员、窗口和承诺",
        (Language::Zh, Need::HallEdit) => "改人员、窗口和承诺",
        (Language::Zh, Need::Approve) => "审批承诺",
        (Language::Zh, Need::Fleet) => "看终端",
        (Language::Zh, Need::FleetKeep) => "管终端",
        (Language::Zh, Need::Explain) => "说明账本异常",
        (Language::Zh, Need::Entries) => "看逐条评价",
        (Language::Zh, Need::Unseal) => "打开留言和联系方式",
        (Language::Zh, Need::Alerts) => "看预警",
        (Language::Zh, Need::AlertsKeep) => "设预警规则",
        (Language::Zh, Need::Publish) => "发布结果",
        (Language::Zh, Need::Accounts) => "管账号",
        (Language::Zh, Need::AuditLog) => "看审计日志和账本",
        (Language::Zh, Need::Cases) => "看整改台账",
        (Language::Zh, Need::CasesWork) => "办理整改",
        (Language::Zh, Need::CasesDecide) => "审定整改",
        (Language::Zh, Need::Inspect) => "督查",
        (Language::Zh, Need::Review) => "领导点评",
        (Language::Zh, Need::PeerVote) => "党员互评",
        (Language::Zh, Need::ContestsKeep) => "管比武、练兵和互评",
        (Language::Zh, Need::Selections) => "看评选",
        (Language::Zh, Need::SelectionsKeep) => "办评选",
        (Language::Zh, Need::SelectionsDecide) => "评选定案",
        (Language::Zh, Need::Campaign) => "看活动全貌",
        (Language::Zh, Need::RulesKeep) => "改规则",
        (Language::Zh, Need::BusinessTell) => "报送办件",
        (Language::En, Need::Public) => "Public pages",
        (Language::En, Need::Device) => "What devices send",
        (Language::En, Need::SignedIn) => "Sign in",
        (Language::En, Need::Own) => "One's own page",
        (Language::En, Need::Statistics) => "Read statistics",
        (Language::En, Need::Hall) => "See people, windows and pledges",
        (Language::En, Need::HallEdit) => "Change people, windows and pledges",
        (Language::En, Need::Approve) => "Approve pledges",
        (Language::En, Need::Fleet) => "See terminals",
        (Language::En, Need::FleetKeep) => "Keep terminals",
        (Language::En, Need::Explain) => "Explain ledgers",
        (Language::En, Need::Entries) => "See single ratings",
        (Language::En, Need::Unseal) => "Open words and contacts",
        (Language::En, Need::Alerts) => "See alerts",
        (Language::En, Need::AlertsKeep) => "Set alert rules",
        (Language::En, Need::Publish) => "Publish results",
        (Language::En, Need::Accounts) => "Keep accounts",
        (Language::En, Need::AuditLog) => "Read the audit log and ledgers",
        (Language::En, Need::Cases) => "Read the register of cases",
        (Language::En, Need::CasesWork) => "Move cases on",
        (Language::En, Need::CasesDecide) => "Decide cases as the second person",
        (Language::En, Need::Inspect) => "Inspect",
        (Language::En, Need::Review) => "Review",
        (Language::En, Need::PeerVote) => "Vote among colleagues",
        (Language::En, Need::ContestsKeep) => "Keep contests and rounds of peer reviews",
        (Language::En, Need::Selections) => "See selections",
        (Language::En, Need::SelectionsKeep) => "Call selections and nominate",
        (Language::En, Need::SelectionsDecide) => "Decide selections",
        (Language::En, Need::Campaign) => "See the whole campaign",
        (Language::En, Need::RulesKeep) => "Change rules",
        (Language::En, Need::BusinessTell) => "Tell of pieces of business",
    }
}
