//! Where a batch stands against what the centre holds: next, known, overlapping, after a gap, or another history.

use crate::ledger::chain::Tip;
use crate::ledger::keys::Hash;

/// What to do with a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Take all but the first `skip` entries, which are held already.
    Take { skip: usize },
    /// All of it is held already.
    Known,
    /// Entries from here on are missing.
    Gap { next_seq: u64 },
    /// Another hash stands here.
    Fork { at_seq: u64 },
}

/// Judges a run of entries whose first is `first_seq` and last `last_seq` against `tip`.
/// `theirs` gives the run's hash at a place from `first_seq - 1` on, `held` the centre's at a place before its tip.
///
/// # Errors
/// Those of `held`.
pub fn judge<E>(
    tip: &Tip,
    first_seq: u64,
    last_seq: u64,
    theirs: impl Fn(u64) -> Option<Hash>,
    mut held: impl FnMut(u64) -> Result<Hash, E>,
) -> Result<Verdict, E> {
    if first_seq > tip.seq + 1 {
        return Ok(Verdict::Gap { next_seq: tip.seq + 1 });
    }
    let mut ours = |seq| if seq == tip.seq { Ok(tip.hash) } else { held(seq) };
    let common = last_seq.min(tip.seq);
    if theirs(common) == Some(ours(common)?) {
        // Equal hashes bind all before them.
        let skip = usize::try_from(tip.seq + 1 - first_seq).unwrap_or(usize::MAX);
        return Ok(if last_seq <= tip.seq { Verdict::Known } else { Verdict::Take { skip } });
    }
    // Once histories differ they never meet again: halve.
    let (mut low, mut high) = (first_seq - 1, common);
    while low < high {
        let middle = low + (high - low) / 2;
        if theirs(middle) == Some(ours(middle)?) { low = middle + 1 } else { high = middle }
    }
    Ok(Verdict::Fork { at_seq: high })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::keys::DeviceKey;
    use std::convert::Infallible;

    /// A history that follows `a` up to `split` and another one from there on.
    fn history(split: u64) -> impl Fn(u64) -> Hash {
        move |seq| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&seq.to_le_bytes());
            bytes[31] = u8::from(seq >= split);
            Hash(bytes)
        }
    }

    fn verdict(tip_seq: u64, first: u64, last: u64, split: u64) -> Verdict {
        let ours = history(u64::MAX);
        let theirs = history(split);
        let tip =
            Tip { device: DeviceKey::from_secret(&[1; 32]).device(), epoch: 1, seq: tip_seq, hash: ours(tip_seq) };
        judge(&tip, first, last, |s| Some(theirs(s)), |s| Ok::<_, Infallible>(ours(s))).unwrap()
    }

    #[test]
    fn every_place_of_a_run_against_a_model() {
        for tip in 0..8_u64 {
            for first in 1..12_u64 {
                for last in first..14 {
                    for split in 1..15 {
                        let expected = if first > tip + 1 {
                            Verdict::Gap { next_seq: tip + 1 }
                        } else if split <= last.min(tip) {
                            Verdict::Fork { at_seq: split.max(first - 1) }
                        } else if last <= tip {
                            Verdict::Known
                        } else {
                            Verdict::Take { skip: (tip + 1 - first) as usize }
                        };
                        assert_eq!(verdict(tip, first, last, split), expected, "{tip} {first} {last} {split}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_common_cases_read_nothing_from_the_store() {
        let ours = history(u64::MAX);
        let tip = Tip { device: DeviceKey::from_secret(&[1; 32]).device(), epoch: 1, seq: 5, hash: ours(5) };
        for (first, last) in [(6, 9), (4, 9), (4, 5), (9, 9)] {
            judge(&tip, first, last, |s| Some(ours(s)), |_| Err(())).unwrap();
        }
    }
}
