//! The cookie of a session, and what a session's pages know: the token of their forms, and a notice for the next page.
//!
//! The cookie holds 256 random bits and nothing else; the store holds their hash.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue, header};

use crate::centre::directory::sessions::SessionHash;

/// Behind TLS the browser itself refuses to take it from anywhere but this host, or to send it in the clear.
const HOST_COOKIE: &str = "__Host-pingyi_session";
const PLAIN_COOKIE: &str = "pingyi_session";
const MAX_NOTICE_CHARS: usize = 300;
/// Notices that wait for their page.
const MAX_NOTICES: usize = 1_000;

/// A session that was found, without what opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionTag {
    pub id: i64,
    csrf: String,
}

impl SessionTag {
    pub(super) fn new(id: i64, number: &str) -> Self {
        Self { id, csrf: csrf_of(number) }
    }

    /// What the forms of this session's pages carry.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Takes equally long whatever is guessed.
    pub fn knows(&self, token: &str) -> bool {
        blake3::hash(token.as_bytes()) == blake3::hash(self.csrf.as_bytes())
    }
}

/// The number of a new session.
///
/// # Errors
/// Without randomness from the operating system there is no session.
pub fn fresh_number() -> Result<String, getrandom::Error> {
    let mut random = [0; 32];
    getrandom::fill(&mut random)?;
    Ok(data_encoding::HEXLOWER.encode(&random))
}

/// The number that the browser sent, and what it hashes to.
pub fn number(headers: &HeaderMap, https: bool) -> Option<(&str, SessionHash)> {
    let number = cookie(headers, if https { HOST_COOKIE } else { PLAIN_COOKIE })?;
    Some((number, SessionHash::of(number)))
}

/// The header that gives the cookie to the browser, or takes it away when `number` is empty. Not readable by scripts, not
/// sent by other sites' links, gone with the browser, and only over TLS where the pages are reached over TLS.
pub fn set_cookie(number: &str, https: bool) -> HeaderValue {
    let (name, secure) = if https { (HOST_COOKIE, "; Secure") } else { (PLAIN_COOKIE, "") };
    let gone = if number.is_empty() { "; Max-Age=0" } else { "" };
    let text = format!("{name}={number}; Path=/{gone}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(n, _)| *n == name).map(|(_, value)| value)
}

/// What the next page of a session says once. In memory: after a restart it is not said.
#[derive(Debug, Default)]
pub struct Notices(Mutex<HashMap<i64, String>>);

impl Notices {
    pub fn leave(&self, session: i64, notice: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_NOTICES {
            all.clear();
        }
        all.insert(session, notice.chars().take(MAX_NOTICE_CHARS).collect());
    }

    pub fn take(&self, session: i64) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&session)
    }
}

/// Follows from what the cookie holds, and leads back to nothing.
fn csrf_of(number: &str) -> String {
    blake3::Hasher::new_derive_key("pingyi forms v1").update(number.as_bytes()).finalize().to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let text = set_cookie("ab", true);
        let text = text.to_str().unwrap();
        assert!(text.starts_with("__Host-pingyi_session=ab; Path=/;") && !text.contains("Domain"), "{text}");
        for part in ["HttpOnly", "SameSite=Strict", "Secure"] {
            assert!(text.contains(part), "{text}");
        }
        let gone = set_cookie("", false);
        assert!(gone.to_str().unwrap().starts_with("pingyi_session=;") && gone.to_str().unwrap().contains("Max-Age=0"));
    }

    #[test]
    fn behind_tls_only_the_host_cookie_counts() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; pingyi_session=planted"));
        assert!(number(&headers, true).is_none());
        assert_eq!(number(&headers, false).unwrap().0, "planted");
    }

    #[test]
    fn forms_of_one_session_are_not_those_of_another() {
        let (a, b) = (SessionTag::new(1, "aa"), SessionTag::new(2, "bb"));
        assert!(a.knows(a.csrf()) && !a.knows(b.csrf()) && !a.knows(""));
    }

    #[test]
    fn a_notice_is_read_once() {
        let notices = Notices::default();
        notices.leave(1, "done");
        assert_eq!((notices.take(2), notices.take(1), notices.take(1)), (None, Some("done".to_owned()), None));
        for n in 0..10_000 {
            notices.leave(n, "x");
        }
        assert!(notices.0.lock().unwrap().len() <= MAX_NOTICES);
    }
}
