//! Words of the fleet: terminals, their ledgers, and what people decide about them.

use super::Language;
use crate::domain::explanation::{EpochReason, ForkVerdict};

/// What a person decided about two histories.
pub fn verdict(language: Language, verdict: ForkVerdict) -> &'static str {
    let (zh, en) = match verdict {
        ForkVerdict::Held => ("先到的一份计入统计", "the history that came first counts"),
        ForkVerdict::Both => ("两份都计入统计", "both histories count"),
    };
    if language.is_english() { en } else { zh }
}

/// Why an epoch was never closed.
pub fn epoch_reason(language: Language, reason: EpochReason) -> &'static str {
    let (zh, en) = match reason {
        EpochReason::Reinstalled => ("原机重装", "set up anew"),
        EpochReason::Replaced => ("更换设备", "replaced by another device"),
        EpochReason::Broken => ("设备或磁盘损坏", "device or disk broke"),
        EpochReason::Lost => ("遗失或被盗", "lost or stolen"),
        EpochReason::Trial => ("试用、测试", "a trial"),
        EpochReason::Retired => ("窗口不再设终端", "the window has no kiosk any more"),
        EpochReason::Other => ("其他（见说明）", "another reason (see the words)"),
    };
    if language.is_english() { en } else { zh }
}

/// What an alarm is about.
pub fn alarm_kind(language: Language, code: &str) -> &'static str {
    let (zh, en) = match code {
        "fork" => ("台账出现两份历史", "two histories of one ledger"),
        "broken_chain" => ("台账的链断了", "the ledger's chain is broken"),
        "replaced_device" => ("换了设备，旧台账没有结清", "another device took over; the old ledger is not closed"),
        "new_epoch" => ("重新开始了台账", "the device began its ledger anew"),
        "lost_tail" => ("见过的记录不在台账里", "entries that were seen are not in the ledger"),
        "astray_entry" => ("有记录指向没有开始过的服务", "entries name visits that nobody opened"),
        "silent" => ("开放时间内没有联络", "silent while the hall is open"),
        "backlog" => ("待传记录不断增加", "what waits to be sent grows"),
        "disk_low" => ("磁盘快满了", "the disk is nearly full"),
        "clock_off" => ("时钟不准", "the clock is off"),
        _ => ("其他", "something else"),
    };
    if language.is_english() { en } else { zh }
}
