//! Text from outside: bounded, and free of characters that deceive a reader.

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    #[error("is empty")]
    Empty,
    #[error("has {found} characters, at most {max} are allowed")]
    TooLong { found: usize, max: usize },
    #[error("contains the control or direction character U+{0:04X}, which is not allowed")]
    Forbidden(u32),
}

/// Checks one line of text: 1 to `max` characters, none of them forbidden.
///
/// # Errors
/// [`TextFault`] names the first thing that is wrong.
pub fn check_line(text: &str, max: usize) -> Result<(), TextFault> {
    if text.trim().is_empty() {
        return Err(TextFault::Empty);
    }
    check_chars(text, max, false)
}

/// Checks a text of several lines: 1 to `max` characters; line feeds are allowed.
///
/// # Errors
/// [`TextFault`] names the first thing that is wrong.
pub fn check_lines(text: &str, max: usize) -> Result<(), TextFault> {
    if text.trim().is_empty() {
        return Err(TextFault::Empty);
    }
    check_chars(text, max, true)
}

/// True for characters that may hide or reorder text: controls, bidirectional overrides and isolates,
/// zero-width characters, line separators, the byte-order mark and tags.
pub fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

fn check_chars(text: &str, max: usize, multiline: bool) -> Result<(), TextFault> {
    let found = text.chars().count();
    if found > max {
        return Err(TextFault::TooLong { found, max });
    }
    match text.chars().find(|&c| is_forbidden(c) && !(multiline && c == '\n')) {
        Some(c) => Err(TextFault::Forbidden(c as u32)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_rare_characters_and_a_middle_dot_pass() {
        for name in ["阿卜杜热西提·买买提", "𠮷田", "㛃", "䶮"] {
            assert_eq!(check_line(name, 40), Ok(()), "{name}");
        }
    }

    #[test]
    fn direction_overrides_controls_and_zero_width_are_named() {
        for (bad, code) in [("a\u{202E}b", 0x202E), ("a\nb", 0x0A), ("a\u{200B}", 0x200B), ("\u{7}x", 7)] {
            assert_eq!(check_line(bad, 40), Err(TextFault::Forbidden(code)));
        }
        assert_eq!(check_lines("一\n二", 40), Ok(()));
        assert_eq!(check_lines("一\r\n二", 40), Err(TextFault::Forbidden(0x0D)));
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(check_line("满意满意", 4), Ok(()));
        assert_eq!(check_line("满意满意", 3), Err(TextFault::TooLong { found: 4, max: 3 }));
        assert_eq!(check_line("  ", 3), Err(TextFault::Empty));
    }
}
