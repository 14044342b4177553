//! Alerts as they are kept: opened once, renewed, acknowledged by a person, closed, and forgotten when they are old.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::decide::{Decision, Ending, Figures, Standing};
use super::rule::{MAX_COOLDOWN_MINUTES, Rule, Severity, Subject};
use super::rules::touch;
use super::watcher::Decided;
use crate::domain::id::{HallId, WindowId};
use crate::domain::time::WallMs;

/// Characters of the word with which a person acknowledges.
pub const WORD_CHARS: usize = 200;
/// One that nobody acknowledged stays on the page for so long after it has closed.
pub const UNSEEN_DAYS: i64 = 7;
const DAY_MS: i64 = 86_400_000;
/// Alerts of which the watcher knows where they stand.
const MAX_STANDING: i64 = 20_000;

/// One alert.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Alert {
    pub id: i64,
    pub rule: i64,
    /// As the rule was called then.
    pub rule_name: String,
    pub severity: Severity,
    pub hall: HallId,
    /// Absent: the hall as a whole.
    pub window: Option<WindowId>,
    /// What raised it.
    pub raised_by: Figures,
    /// What was measured last.
    pub figures: Figures,
    #[schema(value_type = i64)]
    pub raised_ms: WallMs,
    #[schema(value_type = i64)]
    pub renewed_ms: WallMs,
    #[schema(value_type = Option<i64>)]
    pub closed_ms: Option<WallMs>,
    pub ending: Option<Ending>,
    pub closed_by: Option<String>,
    #[schema(value_type = Option<i64>)]
    pub acknowledged_ms: Option<WallMs>,
    pub acknowledged_by: Option<String>,
    pub word: Option<String>,
}

impl Alert {
    pub fn subject(&self) -> Subject {
        Subject { hall: self.hall.clone(), window: self.window.clone() }
    }

    pub fn is_open(&self) -> bool {
        self.closed_ms.is_none()
    }
}

const COLUMNS: &str = "id, rule, rule_name, severity, hall, service_window, raised_by, figures, raised_ms, renewed_ms, \
                       closed_ms, ending, closed_by, acknowledged_ms, acknowledged_by, word";

/// Writes a decision; the alert that was raised or closed, for whoever is to be told.
///
/// # Errors
/// Those of the store.
pub fn write(conn: &Connection, rule: Option<&Rule>, decided: &Decided, now: WallMs) -> rusqlite::Result<Option<i64>> {
    let done = match &decided.decision {
        Decision::Raise(figures) => {
            let Some(rule) = rule else { return Ok(None) };
            let figures = json(figures);
            let n = conn
                .prepare_cached(
                    "INSERT INTO alert (rule, rule_name, severity, hall, service_window, raised_by, figures, raised_ms,
                                        renewed_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?7) ON CONFLICT DO NOTHING",
                )?
                .execute(params![
                    rule.id,
                    rule.terms.name,
                    rule.terms.severity.code(),
                    decided.subject.hall.as_str(),
                    decided.subject.window.as_ref().map_or("", WindowId::as_str),
                    figures,
                    now.0
                ])?;
            (n > 0).then(|| conn.last_insert_rowid())
        }
        Decision::Renew { alert, figures } => {
            conn.prepare_cached("UPDATE alert SET figures = ?2, renewed_ms = ?3 WHERE id = ?1 AND closed_ms IS NULL")?
                .execute(params![alert, json(figures), now.0])?;
            None
        }
        Decision::Close { alert, ending } => end(conn, *alert, *ending, None, now)?.then_some(*alert),
    };
    touch(conn)?;
    Ok(done)
}

/// A person has seen it and says a word. False if there is no such alert or somebody was first.
///
/// # Errors
/// Those of the store.
pub fn acknowledge(conn: &Connection, alert: i64, by: &str, word: &str, now: WallMs) -> rusqlite::Result<bool> {
    let n = conn
        .prepare_cached(
            "UPDATE alert SET acknowledged_ms = ?2, acknowledged_by = ?3, word = ?4
             WHERE id = ?1 AND acknowledged_ms IS NULL",
        )?
        .execute(params![alert, now.0, by, word])?;
    Ok(n > 0)
}

/// A person closes it. False if it is closed already.
///
/// # Errors
/// Those of the store.
pub fn close(conn: &Connection, alert: i64, by: &str, now: WallMs) -> rusqlite::Result<bool> {
    let done = end(conn, alert, Ending::ByHand, Some(by), now)?;
    touch(conn)?;
    Ok(done)
}

fn end(conn: &Connection, alert: i64, ending: Ending, by: Option<&str>, now: WallMs) -> rusqlite::Result<bool> {
    let n = conn
        .prepare_cached(
            "UPDATE alert SET closed_ms = ?2, ending = ?3, closed_by = ?4 WHERE id = ?1 AND closed_ms IS NULL",
        )?
        .execute(params![alert, now.0, ending.code(), by])?;
    Ok(n > 0)
}

/// # Errors
/// Those of the store.
pub fn one(conn: &Connection, id: i64) -> rusqlite::Result<Option<Alert>> {
    let sql = format!("SELECT {COLUMNS} FROM alert WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], alert_of).optional()?.flatten())
}

/// Which alerts a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Open, or closed of late and acknowledged by nobody: the open first, then the latest.
    Now,
    /// Raised before this moment, the latest first.
    Before(WallMs),
}

/// At most `limit` alerts of the halls; without `ratings` those about devices alone.
///
/// # Errors
/// Those of the store.
pub fn list(
    conn: &Connection,
    which: Which,
    halls: Option<&[HallId]>,
    ratings: bool,
    limit: usize,
    now: WallMs,
) -> rusqlite::Result<Vec<Alert>> {
    let (condition, bound) = match which {
        Which::Now => (
            "(closed_ms IS NULL OR (acknowledged_ms IS NULL AND closed_ms > ?1)) AND coalesce(ending, '') <> 'by_hand'
             AND (acknowledged_ms IS NULL OR closed_ms IS NULL)",
            now.plus_ms(-UNSEEN_DAYS * DAY_MS).0,
        ),
        Which::Before(moment) => ("raised_ms < ?1", moment.0),
    };
    let order = match which {
        Which::Now => {
            "closed_ms IS NOT NULL, acknowledged_ms IS NOT NULL, severity <> 'severe', raised_ms DESC, id DESC"
        }
        Which::Before(_) => "raised_ms DESC, id DESC",
    };
    let here = match halls {
        None => String::new(),
        // Hall ids are plain ASCII codes without quotes.
        Some(halls) => {
            let list: Vec<String> = halls.iter().map(|h| format!("'{h}'")).collect();
            format!(" AND hall IN ({})", list.join(","))
        }
    };
    let of_devices = " AND json_extract(figures, '$.kind') IN ('silence', 'tampering')";
    let about = if ratings { "" } else { of_devices };
    let sql = format!("SELECT {COLUMNS} FROM alert WHERE {condition}{here}{about} ORDER BY {order} LIMIT ?2");
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map(params![bound, limit as i64], alert_of)?;
    rows.filter_map(Result::transpose).collect()
}

/// Where every rule and place stands: what is open, and what closed within the longest cooldown.
///
/// # Errors
/// Those of the store.
pub fn standing(conn: &Connection, now: WallMs) -> rusqlite::Result<HashMap<(i64, Subject), Standing>> {
    let since = now.plus_ms(-i64::from(MAX_COOLDOWN_MINUTES) * 60_000).0;
    let sql = format!(
        "SELECT {COLUMNS} FROM alert WHERE closed_ms IS NULL OR closed_ms > ?1 ORDER BY raised_ms, id LIMIT {MAX_STANDING}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([since], alert_of)?;
    let mut standing = HashMap::new();
    for alert in rows {
        let Some(a) = alert? else { continue };
        let key = (a.rule, a.subject());
        let (raised, renewed, closed) = (a.raised_ms, a.renewed_ms, a.closed_ms);
        // A later one replaces an earlier one.
        standing.insert(key, Standing { alert: a.id, figures: a.figures, raised, renewed, closed });
    }
    Ok(standing)
}

/// Forgets closed alerts that were raised before.
///
/// # Errors
/// Those of the store.
pub fn forget_before(conn: &Connection, before: WallMs) -> rusqlite::Result<usize> {
    conn.prepare_cached("DELETE FROM alert WHERE closed_ms IS NOT NULL AND raised_ms < ?1")?.execute([before.0])
}

/// None for an alert that only a newer program understands.
fn alert_of(row: &Row<'_>) -> rusqlite::Result<Option<Alert>> {
    let text = |i: usize| row.get::<_, String>(i);
    let window = text(5)?;
    let read = || -> Option<(Severity, HallId, Option<WindowId>, Figures, Figures)> {
        let window = if window.is_empty() { None } else { Some(WindowId::new(&window).ok()?) };
        Some((
            Severity::from_code(&text(3).ok()?)?,
            HallId::new(&text(4).ok()?).ok()?,
            window,
            serde_json::from_str(&text(6).ok()?).ok()?,
            serde_json::from_str(&text(7).ok()?).ok()?,
        ))
    };
    let Some((severity, hall, window, raised_by, figures)) = read() else { return Ok(None) };
    Ok(Some(Alert {
        id: row.get(0)?,
        rule: row.get(1)?,
        rule_name: row.get(2)?,
        severity,
        hall,
        window,
        raised_by,
        figures,
        raised_ms: WallMs(row.get(8)?),
        renewed_ms: WallMs(row.get(9)?),
        closed_ms: row.get::<_, Option<i64>>(10)?.map(WallMs),
        ending: row.get::<_, Option<String>>(11)?.and_then(|e| Ending::from_code(&e)),
        closed_by: row.get(12)?,
        acknowledged_ms: row.get::<_, Option<i64>>(13)?.map(WallMs),
        acknowledged_by: row.get(14)?,
        word: row.get(15)?,
    }))
}

/// Plain structs of texts and numbers always serialise.
fn json(figures: &Figures) -> String {
    serde_json::to_string(figures).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::rule::examples::share;
    use super::*;
    use crate::centre::schema::SCHEMA;

    const NOW: WallMs = WallMs(1_795_500_000_000);

    fn decided(hall: &str, decision: Decision) -> Decided {
        Decided { rule: 1, subject: Subject { hall: HallId::new(hall).unwrap(), window: None }, decision }
    }

    fn raise(conn: &Connection, hall: &str, now: WallMs) -> Option<i64> {
        let figures = Figures::NegativeShare { negative: 3, n: 4, from_ms: 0, to_ms: 9 };
        write(conn, Some(&share()), &decided(hall, Decision::Raise(figures)), now).unwrap()
    }

    fn ids(conn: &Connection, which: Which, halls: Option<&[HallId]>, now: WallMs) -> Vec<i64> {
        list(conn, which, halls, true, 10, now).unwrap().iter().map(|a| a.id).collect()
    }

    #[test]
    fn an_alert_is_open_once_and_again_only_after_it_closed() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let first = raise(&conn, "H01", NOW).unwrap();
        assert_eq!(raise(&conn, "H01", NOW), None);
        assert!(raise(&conn, "H02", NOW).is_some());
        let over = Decision::Close { alert: first, ending: Ending::Over };
        assert_eq!(write(&conn, None, &decided("H01", over.clone()), NOW).unwrap(), Some(first));
        assert_eq!(write(&conn, None, &decided("H01", over), NOW).unwrap(), None, "closed once");
        let second = raise(&conn, "H01", NOW.plus_ms(5)).unwrap();
        let standing = standing(&conn, NOW).unwrap();
        let at = (1, Subject { hall: HallId::new("H01").unwrap(), window: None });
        assert!(standing[&at].alert == second && standing[&at].closed.is_none());
    }

    #[test]
    fn the_page_keeps_what_nobody_has_seen_and_lets_go_of_what_a_person_has_dealt_with() {
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let [a, b, c] = ["H01", "H02", "H03"].map(|h| raise(&conn, h, NOW).unwrap());
        let over = |alert| decided("H01", Decision::Close { alert, ending: Ending::Over });
        write(&conn, None, &over(a), NOW).unwrap();
        assert_eq!(ids(&conn, Which::Now, None, NOW), [c, b, a], "closed by itself and seen by nobody");
        assert_eq!(ids(&conn, Which::Now, None, NOW.plus_ms((UNSEEN_DAYS + 1) * DAY_MS)), [c, b]);
        assert!(acknowledge(&conn, a, "王督查", "已到现场", NOW).unwrap());
        assert!(!acknowledge(&conn, a, "李", "again", NOW).unwrap(), "the first word stands");
        assert!(close(&conn, b, "王督查", NOW).unwrap() && !close(&conn, b, "王督查", NOW).unwrap());
        acknowledge(&conn, c, "王督查", "知道了", NOW).unwrap();
        assert_eq!(ids(&conn, Which::Now, None, NOW), [c], "open stays, seen or not");
        assert_eq!(ids(&conn, Which::Before(NOW.plus_ms(1)), None, NOW), [c, b, a]);
        let only = [HallId::new("H02").unwrap()];
        assert_eq!(ids(&conn, Which::Before(NOW.plus_ms(1)), Some(&only), NOW), [b]);
        assert_eq!(ids(&conn, Which::Before(NOW.plus_ms(1)), Some(&[]), NOW), [0; 0]);
        let of_devices = list(&conn, Which::Before(NOW.plus_ms(1)), None, false, 10, NOW).unwrap();
        assert_eq!(of_devices, []);
        let alert = one(&conn, b).unwrap().unwrap();
        assert_eq!((alert.ending, alert.closed_by.as_deref()), (Some(Ending::ByHand), Some("王督查")));
        assert_eq!(forget_before(&conn, NOW.plus_ms(1)).unwrap(), 2, "what is open is never forgotten");
    }
}
