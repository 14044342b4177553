//! What is still to be told, and each try to tell it. Every try is written down before it is made, so that their number is
//! bounded also when the centre is stopped in the middle of one.

use rusqlite::{Connection, Row, params};
use serde::Serialize;

use crate::domain::rating::coded;
use crate::domain::time::WallMs;

/// Tries of one message.
pub const MAX_ATTEMPTS: u32 = 8;
/// Messages that wait; more are given up at once, and the page says so.
const MAX_WAITING: i64 = 20_000;
/// Messages of one try.
pub const MAX_BUNDLE: usize = 50;

coded! {
    /// What is told.
    AlertEvent {
        Raised = "raised",
        Closed = "closed",
        /// Somebody tries whether messages arrive.
        Test = "test",
    }
}

coded! {
    /// How far a message has come.
    DeliveryState {
        Waiting = "waiting",
        Sent = "sent",
        /// Every try failed, or its destination is gone.
        GivenUp = "given_up",
    }
}

coded! {
    /// How a try ended.
    DeliveryOutcome {
        Delivered = "delivered",
        /// The other side refused: see the status.
        Refused = "refused",
        TimedOut = "timed_out",
        Unreachable = "unreachable",
        /// The certificate or the handshake.
        Tls = "tls",
        /// The host's name leads nowhere.
        NoAddress = "no_address",
        /// The host is not on the list of `centre.toml`, or leads to an address that is not allowed.
        NotAllowed = "not_allowed",
        /// `centre.toml` has no mail server.
        NoMailServer = "no_mail_server",
        /// A setting of the mail server does not work: its password or certificate file, the sender's address.
        BadSettings = "bad_settings",
        /// The centre was stopped in the middle.
        Interrupted = "interrupted",
    }
}

/// Milliseconds until the next try after `attempts` tries.
pub const fn backoff_ms(attempts: u32) -> i64 {
    const MINUTES: [i64; 7] = [1, 3, 10, 30, 60, 180, 360];
    let last = MINUTES.len() - 1;
    let at = attempts.saturating_sub(1) as usize;
    MINUTES[if at < last { at } else { last }] * 60_000
}

/// A message that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub id: i64,
    /// None: a test.
    pub alert: Option<i64>,
    pub destination: i64,
    pub event: AlertEvent,
    pub attempts: u32,
    pub made: WallMs,
}

/// Lays a message out. False if too many wait already.
///
/// # Errors
/// Those of the store.
pub fn lay(
    conn: &Connection,
    alert: Option<i64>,
    destination: i64,
    event: AlertEvent,
    now: WallMs,
) -> rusqlite::Result<bool> {
    let waiting: i64 = conn
        .prepare_cached("SELECT count(*) FROM alert_outbox WHERE state = 'waiting'")?
        .query_row([], |r| r.get(0))?;
    let full = waiting >= MAX_WAITING;
    let state = if full { DeliveryState::GivenUp } else { DeliveryState::Waiting };
    conn.prepare_cached(
        "INSERT INTO alert_outbox (alert, destination, event, state, attempts, next_ms, made_ms)
         VALUES (?1, ?2, ?3, ?4, 0, ?5, ?5)",
    )?
    .execute(params![alert, destination, event.code(), state.code(), now.0])?;
    Ok(!full)
}

/// What is due, the oldest first, at most [`MAX_BUNDLE`] of one destination.
///
/// # Errors
/// Those of the store.
pub fn due(conn: &Connection, now: WallMs) -> rusqlite::Result<Vec<Vec<Due>>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, alert, destination, event, attempts, made_ms FROM alert_outbox
         WHERE state = 'waiting' AND next_ms <= ?1 ORDER BY next_ms, id LIMIT 1000",
    )?;
    let rows = statement.query_map([now.0], |r| {
        let event: String = r.get(3)?;
        Ok(AlertEvent::from_code(&event).map(|event| Due {
            id: r.get(0).unwrap_or_default(),
            alert: r.get(1).unwrap_or_default(),
            destination: r.get(2).unwrap_or_default(),
            event,
            attempts: r.get(4).unwrap_or_default(),
            made: WallMs(r.get(5).unwrap_or_default()),
        }))
    })?;
    let mut bundles: Vec<Vec<Due>> = Vec::new();
    for due in rows {
        let Some(due) = due? else { continue };
        match bundles.iter_mut().find(|b| b[0].destination == due.destination) {
            Some(bundle) if bundle.len() < MAX_BUNDLE => bundle.push(due),
            Some(_) => {}
            None => bundles.push(vec![due]),
        }
    }
    Ok(bundles)
}

/// Writes down that a try begins: from here on it counts. The try's id.
///
/// # Errors
/// Those of the store.
pub fn begin(conn: &Connection, bundle: &[Due], now: WallMs) -> rusqlite::Result<i64> {
    let mut claim = conn.prepare_cached(
        "UPDATE alert_outbox SET attempts = attempts + 1, next_ms = ?2 WHERE id = ?1 AND state = 'waiting'",
    )?;
    for due in bundle {
        claim.execute(params![due.id, now.plus_ms(backoff_ms(due.attempts + 1)).0])?;
    }
    let first = bundle.first();
    let number = bundle.iter().map(|d| d.attempts + 1).max().unwrap_or(1);
    conn.prepare_cached("INSERT INTO alert_attempt (destination, events, number, begun_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![first.map_or(0, |d| d.destination), bundle.len() as i64, number, now.0])?;
    Ok(conn.last_insert_rowid())
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    pub outcome: DeliveryOutcome,
    /// An HTTP status, or the mail server's code.
    pub status: Option<u16>,
}

impl Ended {
    pub const fn plain(outcome: DeliveryOutcome) -> Self {
        Self { outcome, status: None }
    }
}

/// Writes down how a try ended: sent, to be tried again, or given up.
///
/// # Errors
/// Those of the store.
pub fn end(
    conn: &Connection,
    attempt: i64,
    bundle: &[Due],
    ended: Ended,
    took_ms: i64,
    now: WallMs,
) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE alert_attempt SET took_ms = ?2, outcome = ?3, status = ?4 WHERE id = ?1")?
        .execute(params![attempt, took_ms, ended.outcome.code(), ended.status])?;
    let mut settle =
        conn.prepare_cached("UPDATE alert_outbox SET state = ?2, done_ms = ?3 WHERE id = ?1 AND state = 'waiting'")?;
    for due in bundle {
        if ended.outcome == DeliveryOutcome::Delivered {
            settle.execute(params![due.id, DeliveryState::Sent.code(), now.0])?;
        } else if due.attempts + 1 >= MAX_ATTEMPTS {
            settle.execute(params![due.id, DeliveryState::GivenUp.code(), now.0])?;
        }
    }
    Ok(())
}

/// After a start: tries that never ended are said to be interrupted, and what used up its tries in them is given up.
///
/// # Errors
/// Those of the store.
pub fn recover(conn: &Connection, now: WallMs) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE alert_attempt SET outcome = ?1 WHERE outcome IS NULL")?
        .execute([DeliveryOutcome::Interrupted.code()])?;
    conn.prepare_cached(
        "UPDATE alert_outbox SET state = 'given_up', done_ms = ?1 WHERE state = 'waiting' AND attempts >= ?2",
    )?
    .execute(params![now.0, MAX_ATTEMPTS])?;
    Ok(())
}

/// Gives up messages whose destination is gone or switched off.
///
/// # Errors
/// Those of the store.
pub fn give_up(conn: &Connection, bundle: &[Due], now: WallMs) -> rusqlite::Result<()> {
    let mut settle = conn.prepare_cached("UPDATE alert_outbox SET state = 'given_up', done_ms = ?2 WHERE id = ?1")?;
    for due in bundle {
        settle.execute(params![due.id, now.0])?;
    }
    Ok(())
}

/// One line of the deliveries' log: a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AlertMessage)]
pub struct Message {
    pub id: i64,
    pub alert: Option<i64>,
    pub destination: i64,
    pub event: AlertEvent,
    pub state: DeliveryState,
    pub attempts: u32,
    #[schema(value_type = i64)]
    pub made_ms: WallMs,
    /// When it will be tried again, while it waits.
    #[schema(value_type = Option<i64>)]
    pub next_ms: Option<WallMs>,
    #[schema(value_type = Option<i64>)]
    pub done_ms: Option<WallMs>,
}

/// One try, with how many messages it carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AlertAttempt)]
pub struct Attempt {
    pub destination: i64,
    pub events: u32,
    pub number: u32,
    #[schema(value_type = i64)]
    pub begun_ms: WallMs,
    pub took_ms: Option<i64>,
    /// Absent: still going on.
    pub outcome: Option<DeliveryOutcome>,
    pub status: Option<u16>,
}

/// The latest messages, the latest first.
///
/// # Errors
/// Those of the store.
pub fn messages(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<Message>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, alert, destination, event, state, attempts, made_ms, next_ms, done_ms FROM alert_outbox
         ORDER BY made_ms DESC, id DESC LIMIT ?1",
    )?;
    statement
        .query_map([limit as i64], message_of)?
        .collect::<Result<Vec<_>, _>>()
        .map(|v| v.into_iter().flatten().collect())
}

/// The messages of one alert, in order.
///
/// # Errors
/// Those of the store.
pub fn of_alert(conn: &Connection, alert: i64) -> rusqlite::Result<Vec<Message>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, alert, destination, event, state, attempts, made_ms, next_ms, done_ms FROM alert_outbox
         WHERE alert = ?1 ORDER BY id LIMIT 100",
    )?;
    statement.query_map([alert], message_of)?.collect::<Result<Vec<_>, _>>().map(|v| v.into_iter().flatten().collect())
}

/// The latest tries, the latest first.
///
/// # Errors
/// Those of the store.
pub fn attempts(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<Attempt>> {
    let mut statement = conn.prepare_cached(
        "SELECT destination, events, number, begun_ms, took_ms, outcome, status FROM alert_attempt
         ORDER BY begun_ms DESC, id DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([limit as i64], |r| {
        let outcome: Option<String> = r.get(5)?;
        Ok(Attempt {
            destination: r.get(0)?,
            events: r.get(1)?,
            number: r.get(2)?,
            begun_ms: WallMs(r.get(3)?),
            took_ms: r.get(4)?,
            outcome: outcome.and_then(|o| DeliveryOutcome::from_code(&o)),
            status: r.get(6)?,
        })
    })?;
    rows.collect()
}

/// Forgets what is done with and all tries before.
///
/// # Errors
/// Those of the store.
pub fn forget_before(conn: &Connection, before: WallMs) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM alert_outbox WHERE state <> 'waiting' AND made_ms < ?1")?.execute([before.0])?;
    conn.prepare_cached("DELETE FROM alert_attempt WHERE begun_ms < ?1")?.execute([before.0])?;
    Ok(())
}

fn message_of(row: &Row<'_>) -> rusqlite::Result<Option<Message>> {
    let (event, state): (String, String) = (row.get(3)?, row.get(4)?);
    let (Some(event), Some(state)) = (AlertEvent::from_code(&event), DeliveryState::from_code(&state)) else {
        return Ok(None);
    };
    let next = WallMs(row.get(7)?);
    Ok(Some(Message {
        id: row.get(0)?,
        alert: row.get(1)?,
        destination: row.get(2)?,
        event,
        state,
        attempts: row.get(5)?,
        made_ms: WallMs(row.get(6)?),
        next_ms: (state == DeliveryState::Waiting).then_some(next),
        done_ms: row.get::<_, Option<i64>>(8)?.map(WallMs),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::schema::SCHEMA;

    const NOW: WallMs = WallMs(1_795_500_000_000);

    #[test]
    fn messages_of_one_destination_go_together_and_wait_longer_each_time_until_they_are_given_up() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        for alert in 1..=60 {
            assert!(lay(&conn, Some(alert), 1, AlertEvent::Raised, NOW).unwrap());
        }
        lay(&conn, None, 2, AlertEvent::Test, NOW).unwrap();
        let bundles = due(&conn, NOW).unwrap();
        let sizes: Vec<_> = bundles.iter().map(Vec::len).collect();
        assert_eq!(sizes, [MAX_BUNDLE, 1]);
        let (mut now, mut waits) = (NOW, vec![]);
        for _ in 0..MAX_ATTEMPTS {
            let bundle = due(&conn, now).unwrap().remove(1);
            let attempt = begin(&conn, &bundle, now).unwrap();
            assert!(due(&conn, now).unwrap().iter().all(|b| b[0].destination == 1), "claimed");
            end(&conn, attempt, &bundle, Ended { outcome: DeliveryOutcome::Refused, status: Some(500) }, 20, now)
                .unwrap();
            let wait = backoff_ms(bundle[0].attempts + 1);
            waits.push(wait);
            now = now.plus_ms(wait);
        }
        assert!(waits.windows(2).all(|w| w[0] <= w[1]) && waits.iter().sum::<i64>() < 24 * 3_600_000, "{waits:?}");
        assert!(due(&conn, now.plus_ms(86_400_000)).unwrap().iter().all(|b| b[0].destination == 1), "given up");
        let test = messages(&conn, 100).unwrap().into_iter().find(|m| m.destination == 2).unwrap();
        assert_eq!((test.state, test.attempts, test.next_ms), (DeliveryState::GivenUp, MAX_ATTEMPTS, None));
        assert_eq!(attempts(&conn, 100).unwrap().len(), MAX_ATTEMPTS as usize);
    }

    #[test]
    fn a_try_that_was_cut_off_counts_and_what_arrived_is_never_sent_again() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        lay(&conn, Some(1), 1, AlertEvent::Raised, NOW).unwrap();
        let mut now = NOW;
        for _ in 0..MAX_ATTEMPTS {
            let bundle = due(&conn, now).unwrap().remove(0);
            begin(&conn, &bundle, now).unwrap();
            recover(&conn, now).unwrap();
            now = now.plus_ms(86_400_000);
        }
        assert!(due(&conn, now).unwrap().is_empty(), "the centre may crash in every try, and they still end");
        assert_eq!(attempts(&conn, 1).unwrap()[0].outcome, Some(DeliveryOutcome::Interrupted));
        lay(&conn, Some(2), 1, AlertEvent::Raised, now).unwrap();
        let bundle = due(&conn, now).unwrap().remove(0);
        let attempt = begin(&conn, &bundle, now).unwrap();
        end(&conn, attempt, &bundle, Ended::plain(DeliveryOutcome::Delivered), 5, now).unwrap();
        assert!(due(&conn, now.plus_ms(86_400_000)).unwrap().is_empty());
        assert_eq!(of_alert(&conn, 2).unwrap()[0].state, DeliveryState::Sent);
        forget_before(&conn, now.plus_ms(1)).unwrap();
        assert!(messages(&conn, 10).unwrap().is_empty() && attempts(&conn, 10).unwrap().is_empty());
    }
}
