//! Numbers as pages write them.

/// `98.7%`
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// Percentage points with a sign: `+1.2`, `−0.4`.
pub fn points(difference: f64) -> String {
    let points = (difference * 1000.0).round() / 10.0;
    if points < 0.0 { format!("−{:.1}", -points) } else { format!("+{:.1}", points.abs()) }
}

/// `20,134`
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_signed_and_rounded() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0.0123, -0.004, 0.0, -0.0001].map(points), ["+1.2", "−0.4", "+0.0", "+0.0"]);
        assert_eq!(percent(0.98765), "98.8%");
    }
}
