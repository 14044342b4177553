//! Tokens of the interface: each belongs to an account, may be narrower than it, ends by itself if it should, and is kept
//! only as a hash.

use rusqlite::{Connection, params};

use crate::centre::access::Needs;
use crate::domain::time::WallMs;

/// Characters of a label.
pub const LABEL_CHARS: usize = 60;
/// Tokens of one account that hold.
pub const MAX_TOKENS: usize = 50;
const PREFIX: &str = "pingyi_";

/// BLAKE3 of a token. Tokens carry 160 random bits: no slow hash is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    pub fn of(token: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"pingyi-token-v1").update(token.as_bytes());
        Self(*hasher.finalize().as_bytes())
    }
}

/// One token, without what opens anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: i64,
    pub account: i64,
    pub label: String,
    pub needs: Needs,
    pub made: WallMs,
    /// None: until it is revoked.
    pub expires: Option<WallMs>,
    pub used: Option<WallMs>,
}

impl Token {
    pub fn holds(&self, now: WallMs) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

/// A fresh token's text, which nobody can read again.
///
/// # Errors
/// Without randomness from the operating system there is none.
pub fn fresh() -> Result<String, getrandom::Error> {
    let mut secret = [0; 20];
    getrandom::fill(&mut secret)?;
    Ok(format!("{PREFIX}{}", data_encoding::BASE32_NOPAD.encode(&secret).to_lowercase()))
}

/// Keeps a token's hash for an account.
///
/// # Errors
/// Those of the store.
pub fn add(
    conn: &Connection,
    account: i64,
    text: &str,
    label: &str,
    needs: Needs,
    expires: Option<WallMs>,
    now: WallMs,
) -> rusqlite::Result<i64> {
    conn.prepare_cached(
        "INSERT INTO api_token (account, label, needs, hash, made_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![account, label, needs.to_text(), TokenHash::of(text).0, now.0, expires.map(|e| e.0)])?;
    Ok(conn.last_insert_rowid())
}

/// Withdraws one token of an account. True if it held.
///
/// # Errors
/// Those of the store.
pub fn revoke(conn: &Connection, account: i64, id: i64, now: WallMs) -> rusqlite::Result<bool> {
    let sql = "UPDATE api_token SET revoked_ms = ?3 WHERE id = ?1 AND account = ?2 AND revoked_ms IS NULL";
    Ok(conn.prepare_cached(sql)?.execute(params![id, account, now.0])? == 1)
}

/// Withdraws every token of an account; how many held.
///
/// # Errors
/// Those of the store.
pub fn revoke_all(conn: &Connection, account: i64, now: WallMs) -> rusqlite::Result<usize> {
    let sql = "UPDATE api_token SET revoked_ms = ?2 WHERE account = ?1 AND revoked_ms IS NULL";
    conn.prepare_cached(sql)?.execute(params![account, now.0])
}

/// Notes when a token was used last.
///
/// # Errors
/// Those of the store.
pub fn touch(conn: &Connection, id: i64, now: WallMs) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE api_token SET used_ms = ?2 WHERE id = ?1")?.execute(params![id, now.0])?;
    Ok(())
}

/// Tokens that were not revoked, the newest first; of one account, or of all.
///
/// # Errors
/// Those of the store.
pub fn all(conn: &Connection, account: Option<i64>) -> rusqlite::Result<Vec<(TokenHash, Token)>> {
    let sql = "SELECT hash, id, account, label, needs, made_ms, expires_ms, used_ms FROM api_token
               WHERE revoked_ms IS NULL AND (?1 IS NULL OR account = ?1) ORDER BY id DESC";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([account], |r| {
        let token = Token {
            id: r.get(1)?,
            account: r.get(2)?,
            label: r.get(3)?,
            needs: Needs::of_text(&r.get::<_, String>(4)?),
            made: WallMs(r.get(5)?),
            expires: r.get::<_, Option<i64>>(6)?.map(WallMs),
            used: r.get::<_, Option<i64>>(7)?.map(WallMs),
        };
        Ok((TokenHash(r.get(0)?), token))
    })?;
    rows.collect()
}
