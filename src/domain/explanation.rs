//! What a person says of a ledger where the machines cannot: which of two histories counts, and why an epoch was never closed.

use super::rating::coded;

/// Characters of the words that go with a decision or an explanation.
pub const WORDS_CHARS: usize = 300;

coded! {
    /// Which of two histories of one ledger the figures count. Both stay where they are.
    ///
    /// There is no verdict by which the one that came first counts no more: the centre has signed receipts for it, and
    /// whoever brings an older copy of a disk must not be able to make its ratings vanish.
    ForkVerdict {
        /// The one that came first; the other is a copy, a test or tampering.
        Held = "held",
        /// Both happened, one after the other: the device was put back to an older state. Visits of the other one are added.
        Both = "both",
        /// Nobody can tell. Both are counted; the ratings of the other one are flagged, and so left out wherever flagged
        /// ratings are.
        Unclear = "unclear",
    }
}

coded! {
    /// Why an epoch ended without being closed.
    EpochReason {
        /// 重装: the same machine, set up anew.
        Reinstalled = "reinstalled",
        /// 更换: another machine stands there now.
        Replaced = "replaced",
        /// 损坏: disk or device broke.
        Broken = "broken",
        /// 遗失: lost or stolen.
        Lost = "lost",
        /// 测试: it was a trial.
        Trial = "trial",
        /// 撤机: the window is served without a kiosk now.
        Retired = "retired",
        /// 其他: the words say it.
        Other = "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_leads_back_to_its_meaning() {
        for &verdict in ForkVerdict::ALL {
            assert_eq!(ForkVerdict::from_code(verdict.code()), Some(verdict));
        }
        for &reason in EpochReason::ALL {
            assert_eq!(EpochReason::from_code(reason.code()), Some(reason));
        }
        assert_eq!(EpochReason::from_code("because"), None);
    }
}
