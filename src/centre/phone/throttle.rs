//! How often one address may ask. Pure: a bucket that fills with time, for each of a bounded number of addresses.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

/// Addresses remembered; when there are more, those that could ask freely are forgotten.
const MAX_ADDRESSES: usize = 10_000;

/// Buckets of `per_minute` askings.
#[derive(Debug)]
pub struct Throttle {
    per_minute: u32,
    buckets: HashMap<IpAddr, Bucket>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Thousandths of an asking.
    left: u64,
    filled_ms: u64,
}

impl Throttle {
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute: per_minute.max(1), buckets: HashMap::new() }
    }

    /// True if `address` has asked too often already; asking this takes nothing.
    pub fn is_spent(&self, address: IpAddr, mono_ms: u64) -> bool {
        let Some(bucket) = self.buckets.get(&network_of(address)) else { return false };
        let gained =
            mono_ms.saturating_sub(bucket.filled_ms).saturating_mul(u64::from(self.per_minute) * 1_000) / 60_000;
        bucket.left.saturating_add(gained) < 1_000
    }

    /// True if `address` may ask at `mono_ms`.
    pub fn admits(&mut self, address: IpAddr, mono_ms: u64) -> bool {
        let full = u64::from(self.per_minute) * 1_000;
        let fill = |bucket: &Bucket| {
            let gained = mono_ms.saturating_sub(bucket.filled_ms).saturating_mul(full) / 60_000;
            bucket.left.saturating_add(gained).min(full)
        };
        if self.buckets.len() >= MAX_ADDRESSES {
            self.buckets.retain(|_, b| fill(b) < full);
            if self.buckets.len() >= MAX_ADDRESSES {
                // An attack from everywhere: forgetting is better than filling the memory.
                self.buckets.clear();
            }
        }
        let bucket = self.buckets.entry(network_of(address)).or_insert(Bucket { left: full, filled_ms: mono_ms });
        bucket.left = fill(bucket);
        bucket.filled_ms = mono_ms;
        if bucket.left < 1_000 {
            return false;
        }
        bucket.left -= 1_000;
        true
    }
}

/// One subscriber holds a whole /64 of IPv6.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(n: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, n])
    }

    #[test]
    fn a_burst_up_to_the_rate_then_at_the_rate() {
        let mut throttle = Throttle::new(60);
        assert_eq!((0..100).filter(|_| throttle.admits(address(1), 0)).count(), 60);
        assert!(throttle.admits(address(2), 0), "another address is not punished");
        assert_eq!((1..=10).filter(|s| throttle.admits(address(1), s * 1_000)).count(), 10);
        assert!(!throttle.admits(address(1), 10_001));
        assert!(throttle.is_spent(address(1), 10_001) && !throttle.is_spent(address(1), 11_001));
        assert!(!throttle.is_spent(address(3), 0));
    }

    #[test]
    fn memory_is_bounded_and_a_subnet_is_one() {
        let mut throttle = Throttle::new(1);
        for n in 0..40_000_u32 {
            throttle.admits(IpAddr::from((n | 0x0B00_0000).to_be_bytes()), 0);
        }
        assert!(throttle.buckets.len() <= MAX_ADDRESSES);
        let v6 = |last| IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, last]);
        assert!(throttle.admits(v6(1), 0));
        assert!(!throttle.admits(v6(2), 0));
    }
}
