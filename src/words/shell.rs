//! Words of what stands around every supervisors' page, and of the parts that pages share.

words! {
    /// Layout, navigation, and shared parts.
    Shell {
        product() => "评议", "Pingyi";
        skip() => "跳到正文", "Skip to the content";
        navigation() => "导航", "Navigation";
        menu() => "菜单", "Menu";
        account() => "账号与语言", "Account and language";
        see() => "看情况", "See";
        look_into() => "查原因", "Look into";
        improve() => "促提升", "Improve";
        run() => "管大厅", "Run the hall";
        keep() => "管系统", "Keep the system";
        overview() => "总览", "Overview";
        statistics() => "统计", "Statistics";
        report() => "月报", "Monthly report";
        crumbs() => "所在位置", "Where you are";
        actions() => "操作", "Actions";
        scrolls() => "表格可左右滑动", "the table scrolls sideways";
        optional() => "（选填）", "(optional)";
        please_mend(n: usize) => "有 {n} 处需要改正，其余填写的内容都还在", "{n} to mend; everything else you typed is kept";
        yes() => "确定", "Yes";
        no() => "不，返回", "No, go back";
        pages() => "翻页", "Pages";
        page(n: u64) => "第 {n} 页", "Page {n}";
        rows_shown(first: u64, last: u64, total: u64) => "第 {first}–{last} 条，共 {total} 条", "{first}–{last} of {total}";
        other_language() => "English", "中文";
        sign_out() => "退出", "Sign out";
        asked_by(user: &str) => "当前用户：{user}", "Signed in as {user}";
    }
}
