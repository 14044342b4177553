//! How long to wait after failures: doubling, bounded, with full jitter, so that a hall's kiosks do not come back in step.

/// The shortest wait after a failure.
pub const FLOOR_MS: u64 = 500;
/// The bound of the first wait.
pub const BASE_MS: u64 = 1_000;
/// The bound of every wait: five minutes.
pub const CEILING_MS: u64 = 300_000;

/// A small deterministic source of numbers (SplitMix64); its seed comes from the edge. Not for secrets.
#[derive(Debug, Clone)]
pub struct Jitter(u64);

impl Jitter {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.draw() % bound }
    }

    /// True in `per_mille` of a thousand calls.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }
}

/// Failures in a row, and the wait that follows.
#[derive(Debug, Clone)]
pub struct Backoff {
    failures: u32,
    jitter: Jitter,
}

impl Backoff {
    pub fn new(seed: u64) -> Self {
        Self { failures: 0, jitter: Jitter::new(seed) }
    }

    /// One more failure: milliseconds to wait.
    pub fn failed(&mut self) -> u64 {
        let bound = BASE_MS.saturating_mul(1 << self.failures.min(20)).min(CEILING_MS);
        self.failures = self.failures.saturating_add(1);
        self.jitter.below(bound + 1).max(FLOOR_MS)
    }

    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    pub fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_stay_bounded_and_spread() {
        let mut all = Vec::new();
        for seed in 0..200 {
            let mut backoff = Backoff::new(seed);
            let waits: Vec<u64> = (0..30).map(|_| backoff.failed()).collect();
            assert!(waits.iter().all(|&w| (FLOOR_MS..=CEILING_MS).contains(&w)));
            assert!(waits[0] <= BASE_MS && waits[3] <= 8 * BASE_MS);
            all.push(waits[20]);
        }
        let mean = all.iter().sum::<u64>() / 200;
        assert!((CEILING_MS * 4 / 10..CEILING_MS * 6 / 10).contains(&mean), "not spread: mean {mean}");
        all.sort_unstable();
        all.dedup();
        assert!(all.len() > 190, "kiosks would come back in step");
    }

    #[test]
    fn a_success_begins_anew() {
        let mut backoff = Backoff::new(1);
        for _ in 0..30 {
            backoff.failed();
        }
        backoff.succeeded();
        assert!(backoff.failed() <= BASE_MS);
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let (mut a, mut b) = (Jitter::new(9), Jitter::new(9));
        assert!((0..100).all(|_| a.draw() == b.draw()));
        assert_ne!(Jitter::new(9).draw(), Jitter::new(10).draw());
        assert_eq!(Jitter::new(9).below(0), 0);
    }
}
