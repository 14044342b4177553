//! The sentences of tables in and out, and of the taking over of a hall from its file.

words! {
    /// Import, export and taking over.
    Transfer {
        take_over() => "接管", "Take it over";
        take_over_question(name: &str) => "接管“{name}”？", "Take {name} over?";
        take_over_what() => "从现在起，这个大厅的人员、窗口、承诺等都在这里维护。", "From now on people, windows, pledges and all else of this hall are kept here.";
        take_over_same() => "终端画面不变，评价不中断。", "Kiosks go on showing the same, and rating is not interrupted.";
        take_over_file() => "配置文件 board.toml 不再读取，也不会被改动。", "The file board.toml is not read any more, and is not changed either.";
        take_over_history() => "以后的每次修改都留有记录。", "Every change is kept on record.";
        taken_over() => "已接管，可以在这里修改了。", "Taken over; it can be changed here now.";
        give_back() => "交回文件管理", "Give it back to its file";
        give_back_link() => "交回文件管理…", "Give it back to its file …";
        give_back_hint() => "以后由配置文件 board.toml 管理这个大厅，这里只能查看。", "From then on board.toml leads the hall, and these pages only show it.";
        give_back_question(name: &str) => "把“{name}”交回文件管理？", "Give {name} back to its file?";
        give_back_what() => "交回之后，这个大厅由服务器上的 board.toml 管理，这里只能查看，直到再次接管。", "Afterwards board.toml on the server leads this hall, and these pages only show it until it is taken over again.";
        give_back_download() => "下载大厅今天显示的内容：", "Download what the hall shows today:";
        give_back_place() => "请管理服务器的人用它替换这个大厅原来的 board.toml。文件含签到 PIN 的哈希，请妥善保管。", "Have whoever keeps the server put it in the place of the hall's board.toml. It holds the hashes of PINs; keep it safe.";
        give_back_confirm() => "回到这一页确认。文件与大厅不一致时不会交回。", "Come back to this page and confirm. Nothing is given back while file and hall say different things.";
        give_back_same() => "终端画面不变，评价不中断。", "Kiosks go on showing the same, and rating is not interrupted.";
        give_back_stays() => "修改记录、草稿、已停用的内容、播放单和以后才生效的日期不在文件里，仍留在中心，但不再起作用；播放单里今天显示的公告按各自的日期显示。", "History, drafts, things out of use, playlists and days to come are not in the file: the centre keeps them, but they do nothing; notices of playlists that run today are shown by their own days.";
        give_back_photos() => "在这里上传的照片仍由中心提供，文件只写它们的名字。", "Portraits that were uploaded here are still served by the centre; the file only names them.";
        give_back_ready() => "服务器上的文件与大厅一致，可以交回。", "The file on the server says what the hall shows; it can be given back.";
        give_back_not_ready() => "服务器上的文件还没有准备好。", "The file on the server is not ready yet.";
        given_back() => "已交回，现在由 board.toml 管理。", "Given back; board.toml leads it now.";
        transfer_lead() => "从表格导入、导出为表格，以及大厅由谁管理。", "Tables in and out, and who leads the hall.";
        export() => "导出", "Export";
        export_hint() => "文件可以改好再导入；姓名等个人信息请妥善保管。", "The files can be edited and imported again; keep what is personal in them safe.";
        template() => "空表", "Template";
        import() => "导入", "Import";
        import_hint() => "先核对，列出每一行的改动和错误；确认后才生效，要么全部、要么都不。", "It is looked through first: every change and every fault by row. Nothing counts until you say so, and then all of it.";
        import_file_led() => "先接管这个大厅，才能导入。", "Take the hall over first.";
        import_not_yours() => "您的角色不能导入。", "Your role may not import.";
        which_list() => "导入哪一种", "Which list";
        table_file() => "表格文件", "Table";
        table_hint(megabytes: usize) => "CSV 或 XLSX，不超过 {megabytes} MB；第一行是列名，可用上面的空表。", "CSV or XLSX of at most {megabytes} MB; the first row names the columns, as in the template.";
        absent() => "表里没有的", "What the table does not name";
        absent_keep() => "保持不变", "stays as it is";
        absent_retire() => "从今天起停用", "is taken out of use from today";
        check_table() => "核对", "Look it through";
        dry_run() => "核对结果", "What it would do";
        dry_run_of(list: &str) => "核对结果：{list}", "What it would do: {list}";
        rows_added() => "新增", "Added";
        rows_changed() => "修改", "Changed";
        rows_restored() => "恢复", "Restored";
        rows_retired() => "停用", "Taken out of use";
        rows_same() => "不变", "Unchanged";
        read_as() => "读作", "Read as";
        table_faulty(n: usize) => "有 {n} 处错误，什么都没有改变。", "{n} faults; nothing was changed.";
        table_faulty_advice() => "在表格里改好，再上传一次。", "Mend them in the table and upload it again.";
        table_ready() => "没有错误，还没有生效。", "No faults; nothing counts yet.";
        table_ready_advice() => "看过下面的改动再确认；15 分钟内有效。", "Look at the changes below, then apply them within 15 minutes.";
        table_same() => "表格与现在的内容相同，没有改动。", "The table says what is there already; nothing would change.";
        table_gone() => "核对的表格已经过期，请重新上传。", "The table has waited too long; upload it again.";
        table_applied(added: usize, changed: usize, retired: usize) => "已导入：新增 {added}，修改 {changed}，停用 {retired}。", "Imported: {added} added, {changed} changed, {retired} taken out of use.";
        apply_table() => "确认导入并下发", "Apply and send down";
        another_table() => "换一个表格", "Another table";
        faults_by_row() => "错误，按行", "Faults by row";
        row() => "行", "Row";
        column() => "列", "Column";
        code() => "编号", "Code";
        what_is_wrong() => "什么错了", "What is wrong";
        whole_table() => "整个表格", "the whole table";
        more_faults() => "还有更多错误，先改上面这些。", "There are more; mend these first.";
        more_changes(n: usize) => "另有 {n} 行没有列出。", "{n} more are not listed.";
    }
}
