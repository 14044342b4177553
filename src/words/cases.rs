//! Words of rectification: the register of cases, one case, and its rules.

words! {
    /// The rules of cases.
    CaseRuleWords {
        name() => "整改", "Rectification";
        working_days() => "工作日", "working days";
        times() => "次", "times";
        assign_days() => "派发时限", "Hand the case to somebody within";
        verify_days() => "核实时限", "Verify within";
        rectify_days() => "整改时限", "Put right within";
        reply_days() => "答复时限", "Reply within";
        follow_up_days() => "回访时限", "Follow up within";
        recheck_days() => "复核时限", "Recheck within";
        close_days() => "办结时限", "Close within";
        appeal_days() => "工作人员申诉时限（自核实起）", "Staff may appeal, from the verdict on, for";
        review_days() => "申诉复审时限", "Review an appeal within";
        amber_days() => "剩余不多于此数时标黄", "Amber when no more is left than";
        leader_days() => "超期此数后升级到领导", "Pass up to the leader when overdue for";
        extensions() => "每一步可延期", "Each step can be extended";
        extension_days() => "一次最多延期", "One extension is at most";
        ratings_open() => "差评自动立案", "Negative ratings open cases by themselves";
        ratings_open_hint() => "关闭后，新的差评不再自动进入台账", "When off, new negative ratings do not enter the register";
        samples_open() => "示例数据也立案", "Those of the sample data too";
        samples_open_hint() => "只用于演示；立案后标明“示例”", "For demonstrations; such cases are marked as samples";
        serious_at_lowest() => "“非常不满意”算作严重", "“Very dissatisfied” is serious";
        serious_hint() => "严重的整改未办结时，当事窗口和人员不能参评", "While a serious case is open, the window and the person cannot be elected";
        latest_days() => "迟到多久的评价不再立案", "Ratings that come in later than this open no case";
        latest_hint() => "天（从评价当时算起）", "days after they were given";
    }
}
