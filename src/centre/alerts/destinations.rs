//! Where alerts are told: webhooks and mailboxes, each with what part of the centre it hears of.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::rule::{NAME_CHARS, Scope};
use super::rules::touch;
use crate::config::alerts::MailAddress;
use crate::domain::text::check_line;
use crate::domain::time::WallMs;
use crate::words::Language;

/// Destinations of one centre.
pub const MAX_DESTINATIONS: usize = 200;
/// Bytes of a webhook's address.
const MAX_URL_BYTES: usize = 500;
/// Bytes of a secret.
const SECRET_BYTES: usize = 32;

/// How a destination is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AlertAddress)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Address {
    Webhook { url: String },
    Mail { to: String },
}

impl Address {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::Mail { .. } => "mail",
        }
    }

    /// What a page shows: a webhook without its query.
    pub fn shown(&self) -> &str {
        match self {
            Self::Webhook { url } => url.split('?').next().unwrap_or_default(),
            Self::Mail { to } => to,
        }
    }
}

/// What people decide about a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = AlertDestination)]
#[serde(deny_unknown_fields)]
pub struct DestinationTerms {
    pub name: String,
    /// Rules of this part of the centre may use it, and who answers for the part may change it.
    pub scope: Scope,
    pub language: Language,
    pub address: Address,
    pub enabled: bool,
}

/// What of a destination cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DestinationFault {
    #[error("name: 1 to {NAME_CHARS} characters on one line")]
    Name,
    #[error("url: an http:// or https:// address of at most {MAX_URL_BYTES} bytes, without user and fragment")]
    Url,
    #[error("to: one mail address, such as hall@example.gov.cn")]
    Mail,
}

impl DestinationTerms {
    /// Every field that cannot be taken.
    pub fn faults(&self) -> Vec<DestinationFault> {
        let mut faults = Vec::new();
        if check_line(&self.name, NAME_CHARS).is_err() {
            faults.push(DestinationFault::Name);
        }
        match &self.address {
            Address::Webhook { url } if webhook_url(url).is_none() => faults.push(DestinationFault::Url),
            Address::Mail { to } if to.parse::<MailAddress>().is_err() => faults.push(DestinationFault::Mail),
            _ => {}
        }
        faults
    }
}

/// The address of a webhook, if it is one. Its query may hold a key and is shown nowhere.
pub fn webhook_url(text: &str) -> Option<reqwest::Url> {
    let plain = text.len() <= MAX_URL_BYTES && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let url = reqwest::Url::parse(text).ok().filter(|_| plain)?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|h| !h.is_empty());
    let is_open = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (is_web && is_open).then_some(url)
}

/// A destination as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Destination {
    pub id: i64,
    pub terms: DestinationTerms,
    /// Signs what a webhook is sent.
    pub secret: Vec<u8>,
}

impl std::fmt::Debug for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Destination").field("id", &self.id).field("kind", &self.terms.address.code()).finish()
    }
}

/// Every destination, by id.
///
/// # Errors
/// Those of the store.
pub fn all(conn: &Connection) -> rusqlite::Result<Vec<Destination>> {
    let mut statement = conn.prepare_cached("SELECT id, terms, secret FROM alert_destination ORDER BY id LIMIT ?1")?;
    let rows = statement.query_map([MAX_DESTINATIONS as i64], destination_of)?;
    rows.filter_map(Result::transpose).collect()
}

/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Destination>> {
    let mut statement = conn.prepare_cached("SELECT id, terms, secret FROM alert_destination WHERE id = ?1")?;
    Ok(statement.query_row([id], destination_of).optional()?.flatten())
}

/// Adds a destination with its secret; none when there are [`MAX_DESTINATIONS`] already.
///
/// # Errors
/// Those of the store.
pub fn add(conn: &Connection, terms: &DestinationTerms, secret: &[u8], now: WallMs) -> rusqlite::Result<Option<i64>> {
    let count: i64 = conn.prepare_cached("SELECT count(*) FROM alert_destination")?.query_row([], |r| r.get(0))?;
    if count >= MAX_DESTINATIONS as i64 {
        return Ok(None);
    }
    conn.prepare_cached("INSERT INTO alert_destination (terms, secret, made_ms, changed_ms) VALUES (?1, ?2, ?3, ?3)")?
        .execute(params![json(terms), secret, now.0])?;
    let id = conn.last_insert_rowid();
    touch(conn)?;
    Ok(Some(id))
}

/// True if there is such a destination. Its secret stays.
///
/// # Errors
/// Those of the store.
pub fn change(conn: &Connection, id: i64, terms: &DestinationTerms, now: WallMs) -> rusqlite::Result<bool> {
    let n = conn
        .prepare_cached("UPDATE alert_destination SET terms = ?2, changed_ms = ?3 WHERE id = ?1")?
        .execute(params![id, json(terms), now.0])?;
    touch(conn)?;
    Ok(n > 0)
}

/// Removes it with what still waits for it. True if there was one.
///
/// # Errors
/// Those of the store.
pub fn remove(conn: &Connection, id: i64) -> rusqlite::Result<bool> {
    conn.prepare_cached("DELETE FROM alert_outbox WHERE destination = ?1 AND state = 'waiting'")?.execute([id])?;
    let n = conn.prepare_cached("DELETE FROM alert_destination WHERE id = ?1")?.execute([id])?;
    touch(conn)?;
    Ok(n > 0)
}

/// A new secret and how it is told to whoever receives: lowercase hexadecimal.
///
/// # Errors
/// When the system gives no randomness.
pub fn fresh_secret() -> Result<Vec<u8>, getrandom::Error> {
    let mut secret = vec![0; SECRET_BYTES];
    getrandom::fill(&mut secret)?;
    Ok(secret)
}

fn destination_of(row: &Row<'_>) -> rusqlite::Result<Option<Destination>> {
    let (id, terms): (i64, String) = (row.get(0)?, row.get(1)?);
    match serde_json::from_str(&terms) {
        Ok(terms) => Ok(Some(Destination { id, terms, secret: row.get(2)? })),
        Err(cause) => {
            tracing::warn!(id, category = ?cause.classify(), "an alert destination is not understood and left out");
            Ok(None)
        }
    }
}

/// Plain structs of texts always serialise.
fn json(terms: &DestinationTerms) -> String {
    serde_json::to_string(terms).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::schema::SCHEMA;

    fn webhook(url: &str) -> DestinationTerms {
        let address = Address::Webhook { url: url.to_owned() };
        DestinationTerms {
            name: "值班群".to_owned(),
            scope: Scope::Everywhere,
            language: Language::Zh,
            address,
            enabled: true,
        }
    }

    #[test]
    fn addresses_are_plain() {
        assert_eq!(webhook("https://hooks.example.gov.cn/pingyi").faults(), []);
        assert_eq!(webhook("https://hooks.example.gov.cn/send?key=1").faults(), []);
        for bad in ["ftp://a", "https://u:p@a/", "javascript:1", "https://a/#x", "https://a/ b"] {
            assert_eq!(webhook(bad).faults(), [DestinationFault::Url], "{bad}");
        }
        let mail = |to: &str| DestinationTerms { address: Address::Mail { to: to.to_owned() }, ..webhook("") };
        assert_eq!(mail("hall@example.gov.cn").faults(), []);
        for bad in ["hall", "a@b@c", "a@b\r\nBcc: c@d", "<a@b>", "a b@c"] {
            assert_eq!(mail(bad).faults(), [DestinationFault::Mail], "{bad}");
        }
    }

    #[test]
    fn a_secret_stays_while_its_destination_changes_and_is_in_no_debug_text() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let secret = fresh_secret().unwrap();
        assert_ne!(secret, fresh_secret().unwrap());
        let id = add(&conn, &webhook("https://a.example/x"), &secret, WallMs(1)).unwrap().unwrap();
        assert!(change(&conn, id, &webhook("https://b.example/x"), WallMs(2)).unwrap());
        let kept = one(&conn, id).unwrap().unwrap();
        assert_eq!((kept.secret.clone(), kept.terms.address.shown()), (secret, "https://b.example/x"));
        assert!(!format!("{kept:?}").contains("example"));
        assert!(remove(&conn, id).unwrap() && all(&conn).unwrap().is_empty());
    }
}
