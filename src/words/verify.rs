//! Sentences of `pingyi verify`: what holds and what does not in a ledger.

words! {
    /// Read by auditors.
    Verify {
        ledger(path: &str) => "台账 {path}", "ledger {path}";
        epoch(epoch: u32, device: &str) => "第 {epoch} 期 · 设备 {device}", "epoch {epoch} · device {device}";
        entries(first: u64, last: u64, count: u64) => "条目 {first} 至 {last}，共 {count} 条", "entries {first} to {last}, {count} in all";
        held_content(boots: u64, visits: u64, ratings: u64) => "开机 {boots} 次，服务 {visits} 次，评价 {ratings} 条", "{boots} starts, {visits} visits, {ratings} ratings";
        head(hash: &str) => "末条哈希 {hash}", "last hash {hash}";
        pruned(seq: u64) => "第 {seq} 条及以前已清理", "pruned up to entry {seq}";
        receipt(seq: u64) => "中心回执至第 {seq} 条", "the centre's receipt covers up to entry {seq}";
        no_receipt() => "尚无中心回执", "no receipt of a centre yet";
        follows(epoch: u32, seq: u64) => "接续第 {epoch} 期第 {seq} 条", "follows entry {seq} of epoch {epoch}";
        epoch_whole() => "链完整，签名有效", "the chain is whole and every signature holds";
        more(count: u64) => "另有 {count} 处", "and {count} more";
        whole() => "结论：完整", "Verdict: it holds";
        broken(count: u64) => "结论：有 {count} 处不成立", "Verdict: {count} things do not hold";
        empty() => "文件中没有台账", "there is no ledger in the file";
        changed(seq: u64) => "第 {seq} 条的内容与哈希不符：被改动、插入或移动", "entry {seq} does not match its hash: changed, inserted or moved";
        not_signed(seq: u64) => "第 {seq} 条不是本设备签名", "entry {seq} is not signed by this device";
        missing(after: u64, before: u64) => "第 {after} 条与第 {before} 条之间缺条", "entries between {after} and {before} are missing";
        moved(seq: u64, says: u64) => "第 {seq} 条自称第 {says} 条", "entry {seq} calls itself {says}";
        unreadable(seq: u64, why: &str) => "第 {seq} 条无法解读：{why}", "entry {seq} cannot be read: {why}";
        no_genesis(seq: u64) => "第 {seq} 条不是本设备本期的起始条", "entry {seq} is not the genesis of this device and epoch";
        other_device(found: &str) => "台账属于另一台设备 {found}", "the ledger belongs to another device, {found}";
        out_of_order(seq: u64, why: &str) => "第 {seq} 条与前文矛盾：{why}", "entry {seq} contradicts those before it: {why}";
        end_cut_off(known: u64, last: u64) => "已知曾到第 {known} 条，现只到第 {last} 条：末尾被截去", "entry {known} is known to have existed, the last one here is {last}: the end was cut off";
        other_history(seq: u64) => "第 {seq} 条与回执或标记的哈希不同：存在两份历史", "entry {seq} has another hash than receipt or mark: there are two histories";
        receipt_not_signed(seq: u64) => "至第 {seq} 条的回执不是中心签名", "the receipt for entry {seq} is not signed by the centre";
        pruned_uncovered(pruned: u64, receipt: u64) => "清理到第 {pruned} 条，而回执只到第 {receipt} 条", "pruned up to entry {pruned}, but the receipt covers only {receipt}";
        other_words(seq: u64) => "第 {seq} 条旁的密文与承诺不符", "the sealed words beside entry {seq} are not those it commits to";
        not_followed(follows: u64, last: u64) => "自称接续第 {follows} 条，而上一期止于第 {last} 条：其间的条目缺失", "says that it follows entry {follows}, but the epoch before ends at {last}: entries in between are gone";
        store(after: u64, why: &str) => "第 {after} 条之后的数据库无法读取：{why}", "the database cannot be read after entry {after}: {why}";
        centre(url: &str) => "中心 {url} 所存的台账", "ledgers that the centre {url} holds";
        centre_key(key: &str) => "中心回执公钥 {key}", "the centre's receipt key {key}";
        run_changed(first: u64, last: u64) => "第 {first} 至 {last} 条不是设备签名的那一批：有条目被改动、增加或删去", "entries {first} to {last} are not the run that the device signed: one was changed, added or taken out";
        not_joined(seq: u64) => "第 {seq} 条起不接前文", "entries from {seq} on do not continue those before";
        fork(at: u64, last: u64) => "从第 {at} 条起另有一份同样由设备签名的历史（至第 {last} 条），尚未裁定", "from entry {at} on the device has signed another history too (up to {last}), and nobody has decided";
        fork_decided(at: u64, verdict: &str) => "从第 {at} 条起有两份历史，已裁定：{verdict}", "from entry {at} on there are two histories, decided: {verdict}";
        fork_unproven(at: u64) => "存作另一份历史的内容（第 {at} 条起）不是设备签名的，或与所存的相同", "what is kept as another history from entry {at} on was not signed by the device, or is the same one";
        key_missing() => "设备公钥缺失，无从查验", "the device's key is missing: nothing can be checked";
        differs(seq: u64) => "第 {seq} 条在终端与中心不同", "entry {seq} is another one on the kiosk than at the centre";
        acknowledged_gone(receipt: u64, held: u64) => "终端持有至第 {receipt} 条的回执，中心只存到第 {held} 条", "the kiosk holds a receipt up to entry {receipt}, the centre holds only up to {held}";
        witnessed(seq: u64) => "曾见过第 {seq} 条，尚未收到", "entry {seq} has been witnessed and has not come yet";
        explained(reason: &str) => "本期的结束已说明：{reason}", "the end of this epoch is explained: {reason}";
        compared(first: u64, last: u64) => "终端自存的第 {first} 至 {last} 条与中心一致", "the kiosk's own entries {first} to {last} are the same at the centre";
        waiting(count: u64) => "终端另有 {count} 条待传", "{count} more wait on the kiosk";
        own_not_listed(epoch: u32) => "中心没有终端自存的第 {epoch} 期", "the centre has nothing of the kiosk's epoch {epoch}";
        nothing_held() => "中心没有台账，或口令的范围内没有", "the centre holds no ledger within this token's reach";
        endless() => "中心的分页没有向前：停止查验", "the centre's pages do not go forward: the check stops";
    }
}
