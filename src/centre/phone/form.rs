//! What a phone sends, checked. Pure.

use crate::domain::id::TagCode;
use crate::domain::rating::Satisfaction;
use crate::domain::text::{TextFault, check_lines};
use crate::ledger::entry::MAX_REASONS;
use crate::ledger::keys::Hash;
use crate::ledger::seal::{MAX_WORDS_CHARS, Words};

/// Characters of the mark that one drawing of the form carries.
const ONCE_CHARS: usize = 26;
/// Fields of one form.
const MAX_FIELDS: usize = 40;

/// One act of a citizen on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Rate { level: Satisfaction, act: ActId },
    Explain { reasons: Vec<TagCode>, words: Option<Words>, act: ActId },
}

impl Act {
    /// The act as it may go on: words travel sealed, beside it.
    #[must_use]
    pub fn without_words(self) -> Self {
        match self {
            Self::Explain { reasons, act, .. } => Self::Explain { reasons, words: None, act },
            rate @ Self::Rate { .. } => rate,
        }
    }
}

/// Names an act: the same form sent twice with the same content is the same act. Random to everyone who did not see the
/// form, so that nothing can be learnt from it about words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ActId(pub [u8; 16]);

/// What was typed, to be shown again when something is wrong with it. Never stored.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Draft {
    pub reasons: Vec<TagCode>,
    pub words: String,
    pub contact: String,
    pub consent: bool,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A citizen's words never reach a log, not even by accident.
        write!(f, "Draft({} reasons)", self.reasons.len())
    }
}

/// What the citizen is asked to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormFault {
    Empty,
    WordsLong,
    WordsCharacters,
    Contact,
    Consent,
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The page is shown again with what was typed.
    #[error("the form needs mending")]
    Mend(Box<(Draft, Vec<FormFault>)>),
    /// Not a form that this page makes.
    #[error("not a form of the phone page")]
    Malformed,
}

/// Reads a posted form.
///
/// # Errors
/// [`Refused`]
pub fn read(fields: &[(String, String)]) -> Result<Act, Refused> {
    if fields.len() > MAX_FIELDS {
        return Err(Refused::Malformed);
    }
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let once = field("once").filter(|o| o.len() == ONCE_CHARS && o.bytes().all(|b| b.is_ascii_alphanumeric()));
    let once = once.ok_or(Refused::Malformed)?;
    if let Some(level) = field("level") {
        let level = Satisfaction::from_code(level).ok_or(Refused::Malformed)?;
        return Ok(Act::Rate { level, act: act_id(once, &[level.code()]) });
    }
    let draft = Draft {
        reasons: reasons(fields)?,
        // Browsers send line ends as CR LF.
        words: field("words").unwrap_or_default().replace("\r\n", "\n").trim().to_owned(),
        contact: field("contact").unwrap_or_default().trim().to_owned(),
        consent: field("consent") == Some("yes"),
    };
    let faults = faults(&draft);
    if !faults.is_empty() {
        return Err(Refused::Mend(Box::new((draft, faults))));
    }
    let consent = if draft.consent { "yes" } else { "no" };
    let mut parts: Vec<&str> = draft.reasons.iter().map(TagCode::as_str).collect();
    parts.extend([draft.words.as_str(), draft.contact.as_str(), consent]);
    let act = act_id(once, &parts);
    let some = |text: String| (!text.is_empty()).then_some(text);
    let words = Words { text: some(draft.words), contact: some(draft.contact) };
    let words = (words.text.is_some() || words.contact.is_some()).then_some(words);
    Ok(Act::Explain { reasons: draft.reasons, words, act })
}

/// The mark of a new drawing of the form, from 16 random bytes.
pub fn once(random: [u8; 16]) -> String {
    data_encoding::BASE32_NOPAD.encode(&random)
}

fn reasons(fields: &[(String, String)]) -> Result<Vec<TagCode>, Refused> {
    let mut out: Vec<TagCode> = Vec::new();
    for (_, value) in fields.iter().filter(|(n, _)| n == "reason") {
        let tag = TagCode::new(value).map_err(|_| Refused::Malformed)?;
        if !out.contains(&tag) {
            out.push(tag);
        }
    }
    out.truncate(MAX_REASONS);
    Ok(out)
}

fn faults(draft: &Draft) -> Vec<FormFault> {
    let mut out = Vec::new();
    match check_lines(&draft.words, MAX_WORDS_CHARS) {
        Ok(()) | Err(TextFault::Empty) => {}
        Err(TextFault::TooLong { .. }) => out.push(FormFault::WordsLong),
        Err(TextFault::Forbidden(_)) => out.push(FormFault::WordsCharacters),
    }
    if !draft.contact.is_empty() {
        if !is_phone_number(&draft.contact) {
            out.push(FormFault::Contact);
        }
        if !draft.consent {
            out.push(FormFault::Consent);
        }
    }
    if draft.words.is_empty() && draft.contact.is_empty() && draft.reasons.is_empty() {
        out.push(FormFault::Empty);
    }
    out
}

fn is_phone_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    (5..=20).contains(&digits)
        && text.len() <= 26
        && rest.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'(' | b')'))
}

fn act_id(once: &str, parts: &[&str]) -> ActId {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"pingyi-phone-act-v1").update(once.as_bytes());
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    let Hash(hash) = Hash(*hasher.finalize().as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    ActId(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Result<Act, Refused> {
        let once = once([7; 16]);
        let mut all = vec![("once".to_owned(), once)];
        all.extend(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        read(&all)
    }

    fn mend(fields: &[(&str, &str)]) -> Vec<FormFault> {
        match form(fields) {
            Err(Refused::Mend(mend)) => mend.1,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_level_is_an_act_and_the_same_one_when_sent_twice() {
        let rate = |level| form(&[("level", level)]).unwrap();
        assert_eq!(rate("satisfied"), rate("satisfied"));
        assert_ne!(rate("satisfied"), rate("dissatisfied"));
        assert_eq!(form(&[("level", "excellent")]), Err(Refused::Malformed));
        assert_eq!(read(&[("level".into(), "satisfied".into())]), Err(Refused::Malformed), "no mark of a drawing");
    }

    #[test]
    fn a_number_counts_only_with_consent() {
        assert_eq!(mend(&[("words", "等了很久"), ("contact", "138 0000 0000")]), [FormFault::Consent]);
        let act = form(&[("words", "等了很久"), ("contact", "138 0000 0000"), ("consent", "yes")]).unwrap();
        let Act::Explain { words: Some(words), .. } = act else { panic!("words") };
        assert_eq!(words.contact.as_deref(), Some("138 0000 0000"));
        // Consent without a number is no fault, and keeps nothing.
        let act = form(&[("words", "好"), ("consent", "yes")]).unwrap();
        assert!(matches!(act, Act::Explain { words: Some(Words { contact: None, .. }), .. }));
    }

    #[test]
    fn everything_wrong_is_said_at_once_and_nothing_typed_is_lost() {
        let long = "长".repeat(MAX_WORDS_CHARS + 1);
        let Err(Refused::Mend(mended)) = form(&[("words", &long), ("contact", "abc")]) else { panic!("mend") };
        assert_eq!(mended.1, [FormFault::WordsLong, FormFault::Contact, FormFault::Consent]);
        assert_eq!((mended.0.words.as_str(), mended.0.contact.as_str()), (long.as_str(), "abc"));
        assert_eq!(mend(&[("words", "a\u{202E}b")]), [FormFault::WordsCharacters]);
        assert_eq!(mend(&[("words", "  \r\n ")]), [FormFault::Empty]);
        assert!(!format!("{:?}", mended.0).contains('长'));
    }

    #[test]
    fn browsers_line_ends_are_taken() {
        let act = form(&[("words", "一\r\n二")]).unwrap();
        let Act::Explain { words: Some(words), .. } = act else { panic!("words") };
        assert_eq!(words.text.as_deref(), Some("一\n二"));
    }

    #[test]
    fn telephone_numbers_of_all_kinds_and_nothing_else() {
        for good in ["13800000000", "+86 138-0000-0000", "(0531) 12345", "12345"] {
            assert!(is_phone_number(good), "{good}");
        }
        for bad in ["", "1234", "0", "+", "a12345", "12345; DROP", "１３８００００００００"] {
            assert!(!is_phone_number(bad), "{bad}");
        }
    }

    #[test]
    fn reasons_are_bounded_and_each_once() {
        let act = form(&[("reason", "slow"), ("reason", "slow"), ("reason", "rude")]).unwrap();
        let Act::Explain { reasons, words: None, .. } = act else { panic!("reasons") };
        assert_eq!(reasons.len(), 2);
        assert_eq!(form(&[("reason", "a/b")]), Err(Refused::Malformed));
    }
}
