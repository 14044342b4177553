//! Looking lines up: by who, act and day, the newest first.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::{Act, Line};
use crate::domain::time::WallMs;

/// Which lines are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The whole login, whatever the case of its ASCII letters.
    pub login: Option<String>,
    pub act: Option<Act>,
    pub from: Option<WallMs>,
    /// Not included.
    pub until: Option<WallMs>,
    /// None: everybody's.
    pub accounts: Option<Vec<i64>>,
}

/// How many there are.
///
/// # Errors
/// Those of the store.
pub fn count(conn: &Connection, wanted: &Wanted) -> rusqlite::Result<u64> {
    let (filter, values) = wanted.filter();
    let sql = format!("SELECT count(*) FROM audit_log{filter}");
    conn.prepare_cached(&sql)?.query_row(params_from_iter(values), |r| r.get::<_, i64>(0)).map(i64::unsigned_abs)
}

/// At most `limit` lines after the first `skipped`, the newest first.
///
/// # Errors
/// Those of the store.
pub fn lines(conn: &Connection, wanted: &Wanted, skipped: u64, limit: u64) -> rusqlite::Result<Vec<Line>> {
    let (filter, values) = wanted.filter();
    let sql = format!(
        "SELECT id, at_ms, account, login, role, act, object, detail, hash FROM audit_log{filter}
         ORDER BY id DESC LIMIT {limit} OFFSET {skipped}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    statement.query_map(params_from_iter(values), Line::of_row)?.collect()
}

impl Wanted {
    fn filter(&self) -> (String, Vec<Value>) {
        let (mut conditions, mut values) = (Vec::new(), Vec::new());
        let mut add = |condition: &str, value: Value| {
            values.push(value);
            conditions.push(condition.replace('?', &format!("?{}", values.len())));
        };
        if let Some(login) = &self.login {
            add("lower(login) = lower(?)", Value::Text(login.clone()));
        }
        if let Some(act) = self.act {
            add("act = ?", Value::Text(act.code().to_owned()));
        }
        if let Some(from) = self.from {
            add("at_ms >= ?", Value::Integer(from.0));
        }
        if let Some(until) = self.until {
            add("at_ms < ?", Value::Integer(until.0));
        }
        if let Some(accounts) = &self.accounts {
            // Numbers of ours: nothing that anybody typed.
            let list: Vec<_> = accounts.iter().map(i64::to_string).collect();
            conditions.push(format!("account IN ({})", list.join(",")));
        }
        let filter = if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
        (filter, values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::access::Who;
    use crate::centre::access::samples::somebody;
    use crate::centre::audit::append;
    use crate::centre::schema;
    use crate::db;
    use crate::domain::role::Role;

    #[test]
    fn lines_are_found_by_who_act_and_day_and_only_of_those_whose_they_are() {
        let conn = db::open_in_memory(&schema::SCHEMA).unwrap();
        for n in 0..10 {
            let who = Who { account: n % 3, login: format!("Login{}", n % 3), ..somebody(Role::Auditor) };
            let act = if n < 5 { Act::SignedIn } else { Act::SignedOut };
            append(&conn, WallMs(n), &who, act, "account:1", "").unwrap();
        }
        let ids = |wanted: &Wanted| {
            let found = lines(&conn, wanted, 0, 100).unwrap();
            assert_eq!(count(&conn, wanted).unwrap(), found.len() as u64);
            found.iter().map(|l| l.id).collect::<Vec<_>>()
        };
        let all = Wanted::default();
        assert_eq!(ids(&all), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(ids(&Wanted { login: Some("login1".into()), ..all.clone() }), [8, 5, 2]);
        assert_eq!(ids(&Wanted { act: Some(Act::SignedIn), accounts: Some(vec![0, 2]), ..all.clone() }), [4, 3, 1]);
        assert_eq!(ids(&Wanted { from: Some(WallMs(3)), until: Some(WallMs(5)), ..all.clone() }), [5, 4]);
        assert_eq!(ids(&Wanted { accounts: Some(vec![]), ..all.clone() }), Vec::<i64>::new());
        assert_eq!(ids(&Wanted { login: Some("' OR 1=1 --".into()), ..all.clone() }), Vec::<i64>::new());
        assert_eq!(lines(&conn, &all, 8, 5).unwrap().len(), 2);
    }
}
