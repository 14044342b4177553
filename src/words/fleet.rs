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
