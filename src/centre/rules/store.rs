//! The versions of every set of rules: each a row that is never changed.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{RuleSet, Set, Values};
use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::domain::text::{TextFault, check_line};
use crate::domain::time::WallMs;

pub const SCHEMA: &str = "
CREATE TABLE rule_version (
  rule_set TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- JSON: every field of the set as it was then
  body TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  account INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (rule_set, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER rule_version_stays BEFORE DELETE ON rule_version
  BEGIN SELECT RAISE(ABORT, 'what was decided by a rule can be read for ever'); END;
CREATE TRIGGER rule_version_is_fixed BEFORE UPDATE ON rule_version
  BEGIN SELECT RAISE(ABORT, 'a change is a new version'); END;
";

/// Characters of the reason of a change.
pub const WHY_CHARS: usize = 200;
/// Versions of one set.
const MOST: u32 = 10_000;

/// One version of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// 1 for the first change; 0 are the defaults.
    pub version: u32,
    pub values: Values,
    pub made: WallMs,
    pub made_by: String,
    pub why: String,
}

/// Why rules were not changed.
#[derive(Debug, thiserror::Error)]
pub enum RuleFault {
    #[error("{0}: not within its bounds")]
    Field(&'static str),
    /// The values contradict each other; the sentence says how.
    #[error("{0}")]
    Contradiction(String),
    #[error("the reason {0}")]
    Why(TextFault),
    /// Somebody changed them meanwhile.
    #[error("somebody has changed the rules meanwhile")]
    Stale,
    #[error("nothing was changed")]
    Same,
    #[error("there are too many versions")]
    Full,
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

/// The rules that hold now.
///
/// # Errors
/// Those of the store.
pub fn current<R: RuleSet>(conn: &Connection) -> rusqlite::Result<R> {
    Ok(R::read(&values(conn, &R::SET)?.1))
}

/// Number and values of the newest version; 0 and the defaults when nobody changed anything.
///
/// # Errors
/// Those of the store.
pub fn values(conn: &Connection, set: &Set) -> rusqlite::Result<(u32, Values)> {
    let sql = "SELECT version, body, made_ms, made_by, why FROM rule_version WHERE rule_set = ?1
               ORDER BY version DESC LIMIT 1";
    let found = conn.prepare_cached(sql)?.query_row([set.key], version_of).optional()?;
    Ok(found.map_or_else(|| (0, Values::default().settled(set)), |v| (v.version, v.values.settled(set))))
}

/// Every version, newest first; at most 200.
///
/// # Errors
/// Those of the store.
pub fn history(conn: &Connection, set: &Set) -> rusqlite::Result<Vec<Version>> {
    let sql = "SELECT version, body, made_ms, made_by, why FROM rule_version WHERE rule_set = ?1
               ORDER BY version DESC LIMIT 200";
    conn.prepare_cached(sql)?.query_map([set.key], version_of)?.collect()
}

/// Makes a new version on top of version `seen`; the number it got.
///
/// # Errors
/// [`RuleFault`]; nothing was written.
pub fn change(
    tx: &Connection,
    set: &Set,
    seen: u32,
    values: &Values,
    who: &Who,
    why: &str,
    now: WallMs,
) -> Result<u32, RuleFault> {
    let why = why.trim();
    check_line(why, WHY_CHARS).map_err(RuleFault::Why)?;
    for field in set.fields {
        if !values.get(field.key).is_some_and(|v| field.takes(v)) {
            return Err(RuleFault::Field(field.key));
        }
    }
    let values = values.clone().settled(set);
    if let Some(sentence) = (set.check)(&values, crate::words::Language::Zh) {
        return Err(RuleFault::Contradiction(sentence));
    }
    let (newest, before) = self::values(tx, set)?;
    match newest {
        n if n != seen => return Err(RuleFault::Stale),
        _ if before == values => return Err(RuleFault::Same),
        MOST.. => return Err(RuleFault::Full),
        _ => {}
    }
    let body = serde_json::to_string(&values).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    tx.prepare_cached(
        "INSERT INTO rule_version (rule_set, version, body, made_ms, account, made_by, why)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![set.key, newest + 1, body, now.0, who.account, who.name, why])?;
    audit::append(tx, now, who, Act::RulesChanged, &format!("rules:{}", set.key), &format!("version {}", newest + 1))?;
    Ok(newest + 1)
}

fn version_of(row: &Row<'_>) -> rusqlite::Result<Version> {
    let body: String = row.get(1)?;
    let values = serde_json::from_str(&body)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, e.into()))?;
    Ok(Version { version: row.get(0)?, values, made: WallMs(row.get(2)?), made_by: row.get(3)?, why: row.get(4)? })
}

#[cfg(test)]
mod tests {
    use super::super::{Field, FieldKind, Value};
    use super::*;
    use crate::centre::access::samples::somebody;
    use crate::centre::schema;
    use crate::domain::role::Role;

    struct Sample {
        days: i64,
        title: String,
    }

    impl RuleSet for Sample {
        const SET: Set = Set {
            key: "sample",
            name: |_| "样例".into(),
            fields: &[
                Field {
                    key: "days",
                    kind: FieldKind::Number { min: 1, max: 30, default: 5 },
                    label: |_| "天数".into(),
                    hint: |_| "".into(),
                },
                Field {
                    key: "title",
                    kind: FieldKind::Text { max_chars: 10, default: "流动红旗" },
                    label: |_| "名称".into(),
                    hint: |_| "".into(),
                },
            ],
            check: |values, _| (values.number("days") == 13).then(|| "不能是 13".to_owned()),
        };

        fn read(values: &Values) -> Self {
            Self { days: values.number("days"), title: values.text("title").to_owned() }
        }
    }

    fn set(days: i64, title: &str) -> Values {
        Values::of([("days", Value::Number(days)), ("title", Value::Text(title.to_owned()))])
    }

    #[test]
    fn each_change_is_a_version_with_who_and_why_and_the_old_ones_stay() {
        let conn = crate::db::open_in_memory(&schema::SCHEMA).unwrap();
        let who = somebody(Role::SystemAdmin);
        let rules: Sample = current(&conn).unwrap();
        assert_eq!((rules.days, rules.title.as_str()), (5, "流动红旗"));
        let try_change =
            |seen, values: &Values, why| change(&conn, &Sample::SET, seen, values, &who, why, WallMs(1_000));
        assert!(matches!(try_change(0, &set(31, "甲"), "试"), Err(RuleFault::Field("days"))));
        assert!(matches!(try_change(0, &set(13, "甲"), "试"), Err(RuleFault::Contradiction(_))));
        assert!(matches!(try_change(0, &set(7, "甲"), " "), Err(RuleFault::Why(TextFault::Empty))));
        assert!(matches!(try_change(0, &set(5, "流动红旗"), "试"), Err(RuleFault::Same)));
        assert_eq!(try_change(0, &set(7, "甲"), "市里的新规定").unwrap(), 1);
        assert!(matches!(try_change(0, &set(8, "甲"), "晚了一步"), Err(RuleFault::Stale)));
        assert_eq!(try_change(1, &set(8, "乙"), "再改").unwrap(), 2);
        assert_eq!(current::<Sample>(&conn).unwrap().days, 8);
        let all = history(&conn, &Sample::SET).unwrap();
        assert_eq!(
            all.iter().map(|v| (v.version, v.why.as_str())).collect::<Vec<_>>(),
            [(2, "再改"), (1, "市里的新规定")]
        );
        assert_eq!(all[1].values.number("days"), 7);
        assert!(conn.execute("DELETE FROM rule_version", []).is_err());
        assert!(conn.execute("UPDATE rule_version SET why = ''", []).is_err());
    }

    #[test]
    fn a_field_that_is_new_or_out_of_bounds_has_its_default() {
        let mut odd = set(400, "甲");
        odd.set("gone", Value::Switch(true));
        let settled = odd.settled(&Sample::SET);
        assert_eq!((settled.number("days"), settled.text("title")), (5, "甲"));
        assert_eq!(settled.get("gone"), None);
    }
}
