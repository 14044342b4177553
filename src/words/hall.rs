//! Words of the lists that halls keep in spreadsheets, and of what is refused when a hall is changed.

words! {
    /// What stands in spreadsheets of staff, windows and items, and in answers about them.
    HallWords {
        staff() => "人员", "Staff";
        windows() => "窗口", "Windows";
        items() => "服务事项", "Service items";
        about() => "填表说明", "How to fill it in";
        column() => "列", "Column";
        needed() => "必填", "Required";
        meaning() => "怎么填", "What to write";
        yes() => "是", "yes";
        no() => "否", "no";
        staff_no() => "工号", "Staff number";
        staff_no_hint() => "唯一，1 到 32 个字母、数字或 . _ -；有前导零时请把单元格设为文本。", "Unique; 1 to 32 letters, digits or . _ -. Format the cell as text to keep leading zeros.";
        name() => "姓名", "Name";
        name_hint() => "显示在屏幕上。", "Shown on the screen.";
        name_en() => "英文姓名", "Name in Latin letters";
        name_en_hint() => "英文界面显示；可空。", "For the English screen; may be empty.";
        post() => "岗位", "Post";
        post_en() => "岗位（英文）", "Post in English";
        post_hint() => "如：医保经办员。", "Such as: medical insurance clerk.";
        party() => "党员", "Party member";
        party_hint() => "是或否；须经本人同意。", "yes or no; only with the person's consent.";
        may_sign_in() => "可签到窗口", "Windows";
        may_sign_in_hint() => "窗口编号，用顿号或逗号分开；空着表示所有窗口。", "Window ids, separated by commas; empty: all windows.";
        window_id() => "窗口编号", "Window id";
        window_id_hint() => "唯一，投入使用后不要改，如 W03。", "Unique, not to be changed later, such as W03.";
        number() => "窗口号", "Number";
        number_hint() => "挂在柜台上方的号码。", "The number over the counter.";
        window_name() => "窗口名称", "Window name";
        window_name_en() => "窗口名称（英文）", "Window name in English";
        window_items() => "办理事项", "Items";
        window_items_hint() => "事项编码，用顿号或逗号分开；空着表示所有事项。", "Item codes, separated by commas; empty: all items.";
        item_code() => "事项编码", "Item code";
        item_code_hint() => "唯一，如 YB-001。", "Unique, such as YB-001.";
        item_name() => "事项名称", "Item name";
        item_name_en() => "事项名称（英文）", "Item name in English";
        limit_days() => "承诺工作日", "Working days";
        limit_days_hint() => "0 到 365；0 为即办件。", "0 to 365; 0: done at once.";
        text_hint() => "显示在屏幕上。", "Shown on the screen.";
        english_hint() => "可空，空时英文界面显示中文。", "May be empty; the English screen shows the Chinese then.";
        sheet_too_big(max_mb: usize) => "文件超过 {max_mb} MB", "the file is larger than {max_mb} MB";
        sheet_unreadable() => "不是 CSV 或 XLSX 表格，或已损坏", "this is no CSV or XLSX table, or it is damaged";
        sheet_encoding() => "文字编码无法识别；请另存为“CSV UTF-8”或 XLSX", "the text encoding is not recognised; save it as \"CSV UTF-8\" or XLSX";
        sheet_empty() => "表里没有一行数据", "the table has no row of data";
        sheet_rows(max: usize) => "超过 {max} 行", "more than {max} rows";
        sheet_changed() => "核对之后大厅又有改动，请重新核对", "the hall has changed since the check; check again";
        lost_zeros(found: &str, known: &str) => "{found} 可能丢了前导零（已有 {known}）；请把这一列设为文本", "{found} may have lost its leading zeros ({known} exists); format the column as text";
        cell_error() => "单元格是错误值", "the cell holds an error";
        unknown_column(known: &str) => "不认识的列；可用的列：{known}", "unknown column; the columns are: {known}";
        missing_column() => "缺少这一列", "this column is missing";
        repeated_column() => "这一列出现了两次", "this column stands twice";
        repeated_row(row: u32) => "与第 {row} 行重复", "the same as row {row}";
        used_elsewhere(kind: &str, id: &str, wrong: &str) => "{kind} {id}：{wrong}", "{kind} {id}: {wrong}";
        wrong_and_allowed(wrong: &str, allowed: &str) => "{wrong}；{allowed}", "{wrong}; {allowed}";
    }
}
