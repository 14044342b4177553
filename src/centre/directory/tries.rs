//! Failed tries to sign in, by account and by address, kept in the store so that a restart forgives nobody.
//!
//! A try is counted before the password is looked at and forgiven when it was right: however many come at once, no more
//! than the policy allows are looked at. Nobody is locked out for good, for that would let anybody lock anybody out.

use std::net::IpAddr;

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::time::WallMs;

/// Without a failure for so long all is forgotten.
const FORGOTTEN_MS: i64 = 24 * 3_600_000;
/// Accounts and addresses remembered; the oldest make room.
const MAX_KEYS: i64 = 50_000;

/// How many tries are free, and how long one waits at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub free: u32,
    pub longest_ms: i64,
}

pub const OF_ACCOUNT: Policy = Policy { free: 5, longest_ms: 5 * 60_000 };
pub const OF_ADDRESS: Policy = Policy { free: 20, longest_ms: 15 * 60_000 };

impl Policy {
    /// How long the next try waits after so many failures: a second, doubled each time.
    pub fn wait_ms(self, failures: u32) -> i64 {
        match failures.checked_sub(self.free) {
            None => 0,
            Some(over) => 1_000_i64.checked_shl(over.min(40)).unwrap_or(i64::MAX).min(self.longest_ms),
        }
    }
}

/// What tries are counted by. What was typed as a login is kept as a hash alone: it may be a password by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TryKey {
    hash: [u8; 16],
    policy: Policy,
}

impl TryKey {
    pub fn of_login(login: &str) -> Self {
        Self { hash: hash("login", &login.trim().to_lowercase()), policy: OF_ACCOUNT }
    }

    /// The network of one subscriber.
    pub fn of_address(network: IpAddr) -> Self {
        Self { hash: hash("address", &network.to_string()), policy: OF_ADDRESS }
    }
}

/// Counts a try by each key, unless one of them has to wait: then nothing is counted, and the answer says until when.
///
/// # Errors
/// Those of the store.
pub fn count(conn: &Connection, keys: &[TryKey], now: WallMs) -> rusqlite::Result<Result<(), WallMs>> {
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let row: Option<(u32, i64, i64)> = conn
            .prepare_cached("SELECT failures, last_ms, until_ms FROM sign_in_try WHERE key = ?1")?
            .query_row([key.hash], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .optional()?;
        // A clock that was set back must not keep anybody out for longer than the longest wait.
        let row = row.filter(|(_, last, _)| now.since_ms(WallMs(*last)).abs() < FORGOTTEN_MS);
        let until = row.map_or(0, |(_, _, until)| until.min(now.0 + key.policy.longest_ms));
        found.push((row.map_or(0, |(failures, ..)| failures), until));
    }
    if let Some(until) = found.iter().map(|(_, until)| *until).max().filter(|until| *until > now.0) {
        return Ok(Err(WallMs(until)));
    }
    for (key, (failures, _)) in keys.iter().zip(found) {
        let failures = failures.saturating_add(1);
        put(conn, key, failures, now, now.0 + key.policy.wait_ms(failures))?;
    }
    make_room(conn, now)?;
    Ok(Ok(()))
}

/// The try was right: the account begins anew, and the address has one failure less.
///
/// # Errors
/// Those of the store.
pub fn forgive(conn: &Connection, login: TryKey, address: TryKey) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM sign_in_try WHERE key = ?1")?.execute([login.hash])?;
    conn.prepare_cached("UPDATE sign_in_try SET failures = max(failures - 1, 0), until_ms = 0 WHERE key = ?1")?
        .execute([address.hash])?;
    Ok(())
}

fn put(conn: &Connection, key: &TryKey, failures: u32, now: WallMs, until_ms: i64) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO sign_in_try (key, failures, last_ms, until_ms) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![key.hash, failures, now.0, until_ms])?;
    Ok(())
}

fn make_room(conn: &Connection, now: WallMs) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM sign_in_try WHERE last_ms < ?1")?.execute([now.0 - FORGOTTEN_MS])?;
    conn.prepare_cached(
        "DELETE FROM sign_in_try WHERE key IN (SELECT key FROM sign_in_try ORDER BY last_ms DESC LIMIT -1 OFFSET ?1)",
    )?
    .execute([MAX_KEYS])?;
    Ok(())
}

fn hash(kind: &str, text: &str) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new_derive_key("pingyi sign-in tries v1");
    hasher.update(kind.as_bytes()).update(&[0]).update(text.as_bytes());
    let mut out = [0; 16];
    hasher.finalize_xof().fill(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::schema;
    use crate::db;

    const START: WallMs = WallMs(1_800_000_000_000);

    fn keys(login: &str, last: u8) -> [TryKey; 2] {
        [TryKey::of_login(login), TryKey::of_address(IpAddr::from([10, 0, 0, last]))]
    }

    #[test]
    fn waits_double_and_are_bounded() {
        let waits: Vec<_> = [4, 5, 6, 7, 13, 14, 1_000_000].map(|n| OF_ACCOUNT.wait_ms(n)).to_vec();
        assert_eq!(waits, [0, 1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
    }

    #[test]
    fn guessing_one_account_from_everywhere_is_slowed_and_others_are_not() {
        let conn = db::open_in_memory(&schema::SCHEMA).unwrap();
        let (mut taken, mut now) = (0, START);
        for n in 0..3_600_u32 {
            let address = IpAddr::from((n | 0x0B00_0000).to_be_bytes());
            let tried = count(&conn, &[TryKey::of_login("Admin "), TryKey::of_address(address)], now).unwrap();
            taken += u32::from(tried.is_ok());
            now = now.plus_ms(1_000);
        }
        assert!((20..=30).contains(&taken), "{taken} guesses in an hour");
        assert!(count(&conn, &keys("admin", 1), now).unwrap().is_err(), "the case of letters makes no difference");
        assert!(count(&conn, &keys("other", 1), now).unwrap().is_ok());
        assert!(count(&conn, &keys("admin", 1), now.plus_ms(FORGOTTEN_MS)).unwrap().is_ok());
    }

    #[test]
    fn one_address_that_tries_many_accounts_is_slowed() {
        let conn = db::open_in_memory(&schema::SCHEMA).unwrap();
        let tried = |n: u32| count(&conn, &keys(&n.to_string(), 7), START).unwrap().is_ok();
        assert_eq!((0..200).filter(|n| tried(*n)).count(), 20);
    }

    #[test]
    fn whoever_gets_it_right_begins_anew_and_a_clock_set_back_locks_nobody_out() {
        let conn = db::open_in_memory(&schema::SCHEMA).unwrap();
        let [login, address] = keys("a", 1);
        for _ in 0..5 {
            count(&conn, &[login, address], START).unwrap().unwrap();
        }
        assert_eq!(count(&conn, &[login, address], START).unwrap(), Err(START.plus_ms(1_000)));
        forgive(&conn, login, address).unwrap();
        assert!(count(&conn, &[login, address], START).unwrap().is_ok());
        let back = START.plus_ms(-7 * 86_400_000);
        assert!(count(&conn, &[login, address], back).unwrap().is_ok());
    }
}
