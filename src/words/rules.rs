//! Words of the page of rules.

words! {
    /// What keepers of rules read.
    RulePages {
        title() => "规则", "Rules";
        lead() => "期限、权重、门槛和名称。每次修改都是新的一版，谁改的、为什么改的都留着；以前的决定仍按当时的规则。", "Time limits, weights, thresholds and names. Each change is a new version with who and why; what was decided before stays as it was.";
        set() => "规则", "Rules";
        version() => "版本", "Version";
        defaults() => "默认", "defaults";
        number(n: u32) => "第 {n} 版", "version {n}";
        changed() => "最近修改", "Last changed";
        never() => "没有改过", "never";
        by(name: &str) => "{name}", "{name}";
        edit() => "修改", "Change";
        see() => "查看", "See";
        why() => "为什么改", "Why";
        why_hint() => "如：市局 2026 年第 12 号通知", "such as: notice 12 of 2026";
        save() => "保存为新的一版", "Save as a new version";
        saved(n: u32) => "已保存为第 {n} 版", "Saved as version {n}";
        history() => "历次修改", "Earlier versions";
        no_history() => "没有改过，用的是默认值", "Never changed: the defaults hold";
        when() => "时间", "When";
        who() => "谁", "Who";
        what() => "改了什么", "What";
        read_only() => "只有管全部大厅的督查和系统管理员可以改。", "Only supervisors of all halls and system administrators may change them.";
        on() => "是", "yes";
        off() => "否", "no";
        change(label: &str, before: &str, after: &str) => "{label}：{before} → {after}", "{label}: {before} → {after}";
        within(min: i64, max: i64) => "{min} 到 {max}", "{min} to {max}";
        bad_number(min: i64, max: i64) => "应为 {min} 到 {max} 的整数", "a whole number from {min} to {max}";
        bad_text(max: usize) => "要写，最多 {max} 个字，一行", "is needed: one line of at most {max} characters";
        bad_why() => "要写为什么，最多 200 字", "say why, in at most 200 characters";
        stale() => "别人刚改过这些规则，请看过新的一版再改。", "Somebody has just changed these rules: look at the new version first.";
        same() => "没有改动任何一项。", "Nothing was changed.";
        full() => "版本太多，不能再改。", "There are too many versions.";
    }
}
