//! Words of the audit log.

use super::Language;

words! {
    /// What the auditor reads.
    AuditLog {
        title() => "审计日志", "Audit log";
        lead() => "谁做了什么、看了什么。只能追加，一条扣一条，任何人都改不了。", "Who did what, and who looked at what. It only grows, each line chained to the one before, and nobody can change it.";
        holds(n: u64) => "{n} 条记录首尾相扣，没有被改动。", "{n} lines follow from one another; none was changed.";
        holds_so_far(n: u64) => "到目前核对了 {n} 条记录，首尾相扣；其余的还在核对。", "{n} lines were checked so far and follow from one another; the rest is being checked.";
        whole_at() => "全部记录上一次从头核对：", "Every line was last checked from the first on: ";
        whole_lines(n: u64) => "，共 {n} 条。之后新增的，每次打开本页接着核对。", ", {n} lines. What came since is checked whenever this page is opened.";
        whole_none() => "启动后的从头核对还没有做完。", "The check from the first line on that begins with the centre has not ended yet.";
        verify() => "现在从头核对", "Check every line now";
        verified() => "全部记录已从头核对。", "Every line was checked.";
        verifying() => "正在从头核对，请稍后再看。", "Every line is being checked already; look again in a while.";
        head(hash: &str) => "链头：{hash}。请另行抄存；以后核对时，它之前的记录如被整体改写就会对不上。", "Head: {hash}. Keep a copy elsewhere: whoever rewrites everything before it cannot bring it back.";
        broken(ids: &str) => "审计日志被改动过：第 {ids} 条接不上前一条。", "The audit log was tampered with: lines {ids} do not follow from the ones before.";
        broken_advice() => "请立即保全数据库和备份，并联系负责人。", "Secure the database and its backups at once, and tell whoever is in charge.";
        number() => "序号", "No.";
        when() => "时间", "When";
        who() => "账号", "Account";
        role() => "角色", "Role";
        act() => "行为", "Act";
        object() => "对象", "Object";
        detail() => "说明", "Detail";
        hash() => "校验值", "Hash";
        from() => "从", "From";
        to() => "到", "To";
        every_act() => "全部行为", "Every act";
        filter() => "查找", "Find";
        export() => "导出 CSV", "Export CSV";
        none() => "没有符合条件的记录。", "No line matches.";
        none_advice() => "请放宽账号、行为或日期。", "Widen account, act or days.";
    }
}

/// What the act of a code is called. None: it has no name here yet.
pub fn act(language: Language, code: &str) -> Option<&'static str> {
    let (_, zh, en) = NAMES.iter().find(|(of, ..)| *of == code)?;
    Some(if language.is_english() { en } else { zh })
}

const NAMES: &[(&str, &str, &str)] = &[
    ("signed_in", "登录", "Signed in"),
    ("sign_in_refused", "登录被拒", "Sign-in refused"),
    ("signed_out", "退出", "Signed out"),
    ("alert_acknowledged", "确认预警", "Acknowledged an alert"),
    ("alert_closed", "关闭预警", "Closed an alert"),
    ("alert_rule_added", "新建预警规则", "Added an alert rule"),
    ("alert_rule_changed", "修改预警规则", "Changed an alert rule"),
    ("alert_rule_removed", "删除预警规则", "Removed an alert rule"),
    ("alert_destination_added", "新建预警去处", "Added where alerts go"),
    ("alert_destination_changed", "修改预警去处", "Changed where alerts go"),
    ("alert_destination_removed", "删除预警去处", "Removed where alerts go"),
    ("alert_destination_tested", "测试预警去处", "Tested where alerts go"),
    ("published", "发布结果", "Published results"),
    ("publication_withdrawn", "撤回发布", "Withdrew results"),
    ("enrol_code_made", "生成登记码", "Made an enrolment code"),
    ("enrol_code_revoked", "作废登记码", "Revoked an enrolment code"),
    ("device_retired", "停用终端", "Retired a terminal"),
    ("fork_decided", "裁定账本分叉", "Decided a fork"),
    ("epoch_explained", "说明旧账本", "Explained an unclosed ledger"),
    ("alarms_seen", "处理警报", "Looked at alarms"),
    ("entries_listed", "查看评价列表", "Listed ratings"),
    ("entry_seen", "查看一条评价", "Looked at a rating"),
    ("words_opened", "打开留言或联系方式", "Opened words or a contact"),
    ("ledgers_fetched", "取走账本", "Fetched ledgers"),
    ("case_moved", "办理整改件", "Moved a case on"),
    ("case_appealed", "提出申诉", "Appealed a verdict"),
    ("cases_exported", "导出整改台账", "Exported the register of cases"),
    ("hall_given_back", "大厅交回文件管理", "Gave a hall back to its file"),
    ("hall_taken_over", "接管大厅资料", "Took a hall over"),
    ("hall_edited", "修改大厅资料", "Edited a hall"),
    ("hall_retired", "停用大厅资料", "Retired something of a hall"),
    ("hall_restored", "恢复大厅资料", "Restored something of a hall"),
    ("hall_arranged", "调整次序", "Arranged an order"),
    ("portrait_set", "更换照片", "Set a portrait"),
    ("pin_set", "重设 PIN", "Set a PIN"),
    ("pledge_drafted", "起草承诺", "Drafted a pledge"),
    ("pledge_proposed", "提交承诺", "Proposed a pledge"),
    ("pledge_withdrawn", "撤回承诺", "Withdrew a pledge"),
    ("pledge_approved", "批准承诺", "Approved a pledge"),
    ("pledge_declined", "退回承诺", "Declined a pledge"),
    ("sheet_imported", "导入表格", "Imported a sheet"),
    ("sheet_exported", "导出表格", "Exported a sheet"),
    ("statistics_exported", "导出统计", "Exported statistics"),
    ("question_saved", "保存查询", "Saved a question"),
    ("question_changed", "修改查询", "Changed a question"),
    ("question_deleted", "删除查询", "Deleted a question"),
    ("password_changed", "修改密码", "Changed a password"),
    ("second_factor_set", "设置第二重验证", "Set up a second factor"),
    ("second_factor_removed", "取消第二重验证", "Removed a second factor"),
    ("recovery_code_used", "使用恢复码", "Used a recovery code"),
    ("recovery_codes_made", "重新生成恢复码", "Made recovery codes"),
    ("session_ended", "结束登录", "Ended a session"),
    ("token_made", "生成接口口令", "Made a token"),
    ("token_revoked", "撤销接口口令", "Revoked a token"),
    ("account_added", "建立账号", "Added an account"),
    ("account_changed", "修改账号", "Changed an account"),
    ("account_disabled", "停用账号", "Disabled an account"),
    ("account_enabled", "启用账号", "Enabled an account"),
    ("account_reset", "重置账号", "Reset an account"),
    ("unit_added", "建立单位", "Added a unit"),
    ("unit_changed", "修改单位", "Changed a unit"),
    ("unit_removed", "删除单位", "Removed a unit"),
    ("hall_placed", "调整大厅归属", "Placed a hall"),
    ("audit_exported", "导出审计日志", "Exported the audit log"),
    ("rules_changed", "修改规则", "Changed rules"),
    ("figures_rebuilt", "重算统计", "Rebuilt the figures"),
    ("sample_made", "生成示例数据", "Generated sample data"),
    ("backup_written", "备份", "Wrote a backup"),
    ("backup_restored", "从备份恢复", "Restored a backup"),
    ("matters_told", "报送办件", "Told of pieces of business"),
    ("pledge_measured", "定承诺的衡量办法", "Set how a pledge is measured"),
    ("pledge_recorded", "记录承诺兑现", "Wrote down how a pledge was kept"),
    ("review_written", "写点评", "Wrote a review"),
    ("review_revised", "修改点评", "Revised a review"),
    ("review_taken_back", "撤回点评", "Took a review back"),
    ("peer_round_called", "发起互评", "Called a round of peer reviews"),
    ("peer_vote_given", "投过互评票", "Voted in a peer review"),
    ("peer_round_closed", "提前结束互评", "Closed a round of peer reviews"),
    ("contest_added", "新建比武练兵", "Added a contest or training day"),
    ("contest_scored", "录入成绩", "Noted scores"),
    ("contest_published", "公布成绩", "Published scores"),
    ("contest_withdrawn", "撤回成绩", "Took published scores back"),
    ("selection_called", "发起评选", "Called a selection"),
    ("selection_computed", "冻结数据并计算", "Froze the figures and computed"),
    ("selection_nominated", "提名", "Nominated"),
    ("selection_noticed", "开始公示", "Put up a public notice"),
    ("selection_objected", "提出异议", "Objected"),
    ("selection_answered", "答复异议", "Answered an objection"),
    ("selection_voted", "表决", "Voted on a selection"),
    ("selection_awarded", "表彰", "Awarded"),
    ("award_revoked", "撤销表彰", "Revoked an award"),
    ("selection_withdrawn", "取消评选", "Called a selection off"),
    ("objection_contact_opened", "打开异议人联系方式", "Opened an objector's contact"),
    ("story_written", "撰写事迹", "Wrote a story"),
    ("story_proposed", "提交事迹", "Proposed a story"),
    ("story_published", "发布事迹", "Published a story"),
    ("story_declined", "退回事迹", "Declined a story"),
    ("story_withdrawn", "撤下事迹", "Withdrew a story"),
    ("story_exported", "导出事迹", "Exported a story"),
    ("checklist_kept", "修改检查清单", "Changed a checklist"),
    ("inspection_planned", "安排检查", "Planned an inspection"),
    ("inspection_visited", "提交现场检查", "Handed in a visit"),
    ("inspection_submitted", "提交检查结果", "Submitted an inspection"),
    ("inspection_released", "公开暗访结果", "Released an undercover inspection"),
    ("inspection_answered", "答复检查", "Answered an inspection"),
    ("inspection_closed", "办结检查", "Closed an inspection"),
    ("inspection_cancelled", "取消检查", "Called an inspection off"),
    ("inspection_remarked", "补充检查说明", "Added a remark to an inspection"),
    ("inspection_ordered", "限期整改", "Ordered a rectification"),
    ("inspections_exported", "导出检查", "Exported inspections"),
];
