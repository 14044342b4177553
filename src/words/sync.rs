//! What maintenance staff read about synchronisation, in the panel and in the log.

words! {
    /// One sentence each: what is wrong, what is safe, what to do.
    Sync {
        no_code() => "尚未登记:评价照常保存在本机。请向管理员索取登记码,写入登记码文件", "Not enrolled: ratings are kept here. Ask the administrator for an enrolment code and put it into the code file";
        unknown_device() => "中心不认识本机:评价照常保存在本机。请向管理员索取新的登记码", "The centre does not know this device: ratings are kept here. Ask the administrator for a new code";
        unreachable(why: &str) => "连不上中心({why}):评价照常保存在本机,会自动重试", "The centre cannot be reached ({why}): ratings are kept here, it will be tried again";
        busy(status: u16) => "中心暂时无法处理({status}):评价照常保存在本机,会自动重试", "The centre cannot take it now ({status}): ratings are kept here, it will be tried again";
        refused(code: &str, message: &str) => "中心拒绝({code}:{message}):评价照常保存在本机。请联系管理员", "The centre refuses ({code}: {message}): ratings are kept here. Call the administrator";
        unreadable(why: &str) => "中心的回答无法识别({why}):评价照常保存在本机。请核对中心地址和版本", "The centre's answer cannot be read ({why}): ratings are kept here. Check the centre's address and version";
        local(why: &str) => "本机读写失败({why})。请检查磁盘", "This device could not read or write ({why}). Check its disk";
        receipt_refused() => "回执不是本中心签发,或不属于本机:未采信,评价照常保存在本机。请联系管理员", "A receipt is not the centre's, or not about this device: it was not believed, ratings are kept here. Call the administrator";
        no_progress() => "中心收到数据但未推进:会放慢重试。请联系管理员", "The centre takes entries and does not move: trying more slowly. Call the administrator";
        board_unfit(why: &str) => "中心下发的公示板不合格({why}):继续使用上一版", "The centre's board is not fit to be shown ({why}): the last good one stays";
        forked(at: u64) => "台账在第 {at} 条出现两种历史:继续记录,暂停上传。请由管理员处理", "The ledger has two histories from entry {at} on: it goes on recording and sends nothing. An administrator must decide";
        elsewhere(theirs: u64, ours: u64) => "中心持有第 {theirs} 条,与本机(共 {ours} 条)不符:本机可能被还原过。请联系管理员", "The centre holds entry {theirs}, which does not fit this ledger of {ours}: the device may have been rolled back. Call the administrator";
        gone(theirs: u64) => "中心要第 {theirs} 条之后的数据,其中一部分在本机已过保存期清理:请用中心较新的备份恢复", "The centre asks for entries after {theirs}, some of which are pruned here after their holding time: restore the centre from a newer backup";
    }
}
