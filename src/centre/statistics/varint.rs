//! Numbers of as few bytes as they need: seven bits a byte, the lowest first.

/// Appends an unsigned number.
pub fn put(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push((n & 0x7F) as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Appends a signed number; small ones of either sign stay short.
pub fn put_signed(out: &mut Vec<u8>, n: i64) {
    put(out, ((n << 1) ^ (n >> 63)).cast_unsigned());
}

/// Reads from the beginning of a run of bytes; none at its end, or where no number stands.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

impl Reader<'_> {
    #[inline]
    pub fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    #[inline]
    pub fn number(&mut self) -> Option<u64> {
        let first = self.byte()?;
        if first < 0x80 {
            return Some(u64::from(first));
        }
        let mut n = u64::from(first & 0x7F);
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(n);
            }
        }
        None
    }

    #[inline]
    pub fn signed(&mut self) -> Option<i64> {
        let n = self.number()?;
        Some((n >> 1).cast_signed() ^ -(n & 1).cast_signed())
    }

    /// Goes past some numbers without reading them.
    #[inline]
    pub fn pass(&mut self, numbers: u32) -> Option<()> {
        for _ in 0..numbers {
            while self.byte()? >= 0x80 {}
        }
        Some(())
    }

    #[inline]
    pub fn small(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_put_is_read(n in any::<u64>(), s in any::<i64>(), small in any::<u32>()) {
            let mut out = Vec::new();
            put(&mut out, n);
            put_signed(&mut out, s);
            put(&mut out, u64::from(small));
            let mut reader = Reader(&out);
            prop_assert_eq!((reader.number(), reader.signed(), reader.small()), (Some(n), Some(s), Some(small)));
            prop_assert_eq!(reader.number(), None);
        }

        #[test]
        fn damaged_bytes_end_it(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut reader = Reader(&bytes);
            while reader.number().is_some() {}
        }
    }
}
