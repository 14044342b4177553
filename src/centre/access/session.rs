//! Sessions of browsers: a random number in a cookie, and behind it, in memory, which token was shown.
//!
//! The token itself is not kept; each request looks its hash up in the directory again, so that a revoked user is out at
//! once. A restart of the centre ends all sessions.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue, header};

use crate::centre::directory::users::TokenHash;

const COOKIE: &str = "pingyi_session";
/// Sessions at the same time; the one that is longest unused makes room.
const MAX_SESSIONS: usize = 1_000;
const LIFETIME_MS: u64 = 12 * 3_600_000;
const IDLE_MS: u64 = 2 * 3_600_000;

const MAX_NOTICE_CHARS: usize = 300;

#[derive(Debug, Clone)]
struct Session {
    token: TokenHash,
    begun_ms: u64,
    used_ms: u64,
    notice: Option<String>,
}

/// A session that was found, without what opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionTag {
    key: [u8; 32],
    csrf: String,
}

impl SessionTag {
    /// What the forms of this session's pages carry.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Takes equally long whatever is guessed.
    pub fn knows(&self, token: &str) -> bool {
        blake3::hash(token.as_bytes()) == blake3::hash(self.csrf.as_bytes())
    }
}

/// All sessions, by the hash of their number: a copy of the memory opens none.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<HashMap<[u8; 32], Session>>);

impl Sessions {
    /// Begins a session; the text for the cookie. `now_ms` is monotonic.
    ///
    /// # Errors
    /// Without randomness from the operating system there is no session.
    pub fn begin(&self, token: TokenHash, now_ms: u64) -> Result<String, getrandom::Error> {
        let mut random = [0; 32];
        getrandom::fill(&mut random)?;
        let id = data_encoding::HEXLOWER.encode(&random);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, s| s.is_alive(now_ms));
        if all.len() >= MAX_SESSIONS
            && let Some(oldest) = all.iter().min_by_key(|(_, s)| s.used_ms).map(|(key, _)| *key)
        {
            all.remove(&oldest);
        }
        all.insert(key_of(&id), Session { token, begun_ms: now_ms, used_ms: now_ms, notice: None });
        Ok(id)
    }

    /// The token behind the request's cookie, if the session lives.
    pub fn find(&self, headers: &HeaderMap, now_ms: u64) -> Option<(TokenHash, SessionTag)> {
        let id = cookie(headers, COOKIE)?;
        let key = key_of(id);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = all.get_mut(&key)?;
        if !session.is_alive(now_ms) {
            all.remove(&key);
            return None;
        }
        session.used_ms = now_ms;
        Some((session.token, SessionTag { key, csrf: csrf_of(id) }))
    }

    /// Keeps what the session's next page says once.
    pub fn leave_notice(&self, tag: &SessionTag, notice: &str) {
        if let Some(session) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&tag.key) {
            session.notice = Some(notice.chars().take(MAX_NOTICE_CHARS).collect());
        }
    }

    pub fn take_notice(&self, tag: &SessionTag) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&tag.key)?.notice.take()
    }

    pub fn end(&self, headers: &HeaderMap) {
        if let Some(id) = cookie(headers, COOKIE) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key_of(id));
        }
    }
}

impl Session {
    fn is_alive(&self, now_ms: u64) -> bool {
        now_ms.saturating_sub(self.begun_ms) < LIFETIME_MS && now_ms.saturating_sub(self.used_ms) < IDLE_MS
    }
}

/// The header that gives the cookie to the browser, or takes it away when `id` is empty. Not readable by scripts, not
/// sent by other sites' links, and only over TLS where the centre is reached over TLS.
pub fn set_cookie(id: &str, secure: bool) -> HeaderValue {
    let age = if id.is_empty() { 0 } else { LIFETIME_MS / 1_000 };
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{COOKIE}={id}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(n, _)| *n == name).map(|(_, value)| value)
}

/// Follows from what the cookie holds, and leads back to nothing.
fn csrf_of(id: &str) -> String {
    blake3::Hasher::new_derive_key("pingyi forms v1").update(id.as_bytes()).finalize().to_hex()[..32].to_owned()
}

fn key_of(id: &str) -> [u8; 32] {
    *blake3::hash(id.as_bytes()).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(id: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(&format!("a=b; {COOKIE}={id}")).unwrap());
        headers
    }

    #[test]
    fn a_session_lives_while_it_is_used_and_not_for_ever() {
        let sessions = Sessions::default();
        let token = TokenHash::of("t");
        let id = sessions.begin(token, 0).unwrap();
        let mut now = 0;
        while now < LIFETIME_MS {
            assert_eq!(sessions.find(&with(&id), now).map(|f| f.0), Some(token), "{now}");
            now += IDLE_MS - 1;
        }
        assert_eq!(sessions.find(&with(&id), LIFETIME_MS), None);
        let idle = sessions.begin(token, 0).unwrap();
        assert_eq!(sessions.find(&with(&idle), IDLE_MS), None);
    }

    #[test]
    fn nobody_guesses_reuses_or_keeps_a_session() {
        let sessions = Sessions::default();
        let id = sessions.begin(TokenHash::of("t"), 0).unwrap();
        assert_eq!(sessions.find(&with("00"), 1), None);
        assert_eq!(sessions.find(&HeaderMap::new(), 1), None);
        sessions.end(&with(&id));
        assert_eq!(sessions.find(&with(&id), 1), None);
    }

    #[test]
    fn the_number_of_sessions_is_bounded() {
        let sessions = Sessions::default();
        let first = sessions.begin(TokenHash::of("t"), 0).unwrap();
        for now in 1..=MAX_SESSIONS as u64 {
            sessions.begin(TokenHash::of("t"), now).unwrap();
        }
        assert_eq!(sessions.0.lock().unwrap().len(), MAX_SESSIONS);
        assert_eq!(sessions.find(&with(&first), 5), None);
    }

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let text = set_cookie("ab", true);
        let text = text.to_str().unwrap();
        for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(set_cookie("", false).to_str().unwrap().contains("Max-Age=0"));
    }
}
