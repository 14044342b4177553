//! A centre's file of every earlier schema, opened by this program: nothing that was in it is lost, and whoever could do
//! something before can do it afterwards.

use std::path::Path;

use pingyi::centre::directory::{accounts, users};
use pingyi::centre::schema::{FILE, SCHEMA};
use pingyi::db::{self, Schema};
use pingyi::domain::role::Role;
use reqwest::StatusCode;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use crate::browser::Browser;
use crate::centre::http;
use crate::command_line::pingyi;

/// Tables that a later step took away, and why nothing was lost with them.
const GONE: [(&str, &str); 4] = [
    ("rollup_hour", "made again from fact"),
    ("rollup_day", "made again from fact"),
    ("rollup_due", "spans that are due stand in rollup_span_due"),
    ("user", "each became an account with a token, as the test below walks through"),
];
/// Columns that a later step set anew because what they say of the file is no longer so.
const RESET: [(&str, &[&str]); 1] = [("rollup_mark", &["fact", "zone"])];
const ROWS: i64 = 3;

fn before(steps: usize) -> Schema {
    Schema { steps: &SCHEMA.steps[..steps], ..SCHEMA }
}

fn texts(conn: &Connection, sql: &str) -> Vec<String> {
    conn.prepare(sql).unwrap().query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
}

fn tables(conn: &Connection) -> Vec<String> {
    texts(conn, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
}

struct Column {
    name: String,
    kind: String,
    nullable: bool,
}

fn columns(conn: &Connection, table: &str) -> Vec<Column> {
    let mut statement =
        conn.prepare(&format!("SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}')")).unwrap();
    let rows = statement.query_map([], |r| {
        let nullable = r.get::<_, i64>(2)? == 0 && r.get::<_, i64>(3)? == 0;
        Ok(Column { name: r.get(0)?, kind: r.get(1)?, nullable })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// Rows of made-up values: with everything in it, or where a rule of the table forbids that, with the least.
fn fill(conn: &Connection, table: &str) {
    let columns = columns(conn, table);
    let names: Vec<_> = columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
    let marks = vec!["?"; names.len()].join(", ");
    let sql = format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", "));
    for n in 1..=ROWS {
        let value = |c: &Column, full: bool| match c.kind.as_str() {
            _ if c.nullable && !full => Value::Null,
            // What is published takes no more rows.
            _ if c.nullable && c.name == "published_ms" => Value::Null,
            "INTEGER" if c.name == "sign" => Value::Integer(1),
            "INTEGER" => Value::Integer(n),
            "TEXT" => Value::Text(format!("{}-{n}", c.name)),
            "BLOB" => Value::Blob(vec![n as u8; 32]),
            "REAL" => Value::Real(n as f64 / 4.0),
            other => panic!("{table}.{}: no sample value of {other}", c.name),
        };
        let row = |full| rusqlite::params_from_iter(columns.iter().map(move |c| value(c, full)));
        // Some tables hold one row by rule, and some steps bring rows of their own.
        if conn.execute(&sql, row(true)).is_err() {
            let _ = conn.execute(&sql, row(false));
        }
    }
    let held: i64 = conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)).unwrap();
    assert!(held > 0, "{table}: no sample row fits; teach this test its rules");
}

/// Every row as text, in columns that were known when it was written.
fn rows(conn: &Connection, table: &str, columns: &[String]) -> Vec<String> {
    let kept = columns.iter().map(|c| format!("quote(\"{c}\")")).collect::<Vec<_>>().join(" || '|' || ");
    let mut rows = texts(conn, &format!("SELECT {kept} FROM {table}"));
    rows.sort();
    rows
}

#[test]
fn a_file_of_every_earlier_schema_keeps_all_its_rows() {
    for steps in 1..=SCHEMA.steps.len() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        let old = db::open(&path, &before(steps)).unwrap();
        // Rows may name others that are inserted later.
        old.pragma_update(None, "foreign_keys", false).unwrap();
        let tables_then = tables(&old);
        let mut wanted = Vec::new();
        for table in &tables_then {
            fill(&old, table);
            let reset = RESET.iter().find(|(t, _)| t == table).map_or(&[][..], |(_, columns)| columns);
            let known = columns(&old, table).into_iter().map(|c| c.name).filter(|c| !reset.contains(&c.as_str()));
            let known: Vec<String> = known.collect();
            wanted.push((table.clone(), rows(&old, table, &known), known));
        }
        drop(old);
        let new = db::open(&path, &SCHEMA).unwrap_or_else(|e| panic!("from {steps} steps: {e}"));
        let tables_now = tables(&new);
        for (table, then, known) in wanted {
            if !tables_now.contains(&table) {
                assert!(GONE.iter().any(|(gone, _)| *gone == table), "{table} of {steps} steps is gone");
                continue;
            }
            let now = rows(&new, &table, &known);
            let lost: Vec<_> = then.iter().filter(|row| !now.contains(row)).collect();
            assert!(lost.is_empty(), "{table} of {steps} steps lost {lost:?}");
        }
        let faults = texts(&new, "SELECT \"table\" FROM pragma_foreign_key_check");
        assert!(faults.is_empty(), "rows of {steps} steps name what is not there: {faults:?}");
        let verdict: String = new.query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
        assert_eq!(verdict, "ok", "{steps} steps");
    }
}

/// Steps of the schema when people had a token each and no accounts.
fn steps_before_accounts() -> usize {
    let at = SCHEMA.steps.iter().position(|step| step.contains("DROP TABLE user;")).unwrap();
    assert!(SCHEMA.steps[..at].contains(&users::SCHEMA));
    at
}

/// Somebody of that time, written as that program wrote it.
fn user(conn: &Connection, name: &str, role: &str, staff_no: Option<&str>, revoked: Option<i64>) -> String {
    let token = format!("pingyi_{}", data_encoding::HEXLOWER.encode(format!("{name} of {role}, twenty").as_bytes()));
    let hash = *blake3::hash(&[b"pingyi-token-v1", token.as_bytes()].concat()).as_bytes();
    conn.execute(
        "INSERT INTO user (name, role, staff_no, token_hash, made_ms, revoked_ms) VALUES (?1, ?2, ?3, ?4, 1000, ?5)",
        params![name, role, staff_no, hash, revoked],
    )
    .unwrap();
    token
}

fn admin(data: &Path, args: &[&str]) -> (bool, String) {
    let output = pingyi().arg("admin").args(args).arg("--data").arg(data).output().unwrap();
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap().trim().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_of_before_accounts_can_do_what_they_could() {
    let dir = tempfile::tempdir().unwrap();
    let old = db::open(&dir.path().join(FILE), &before(steps_before_accounts())).unwrap();
    let supervisor = user(&old, "王主任", "hall_supervisor", None, None);
    let staff = user(&old, "小李", "staff", Some("0005"), None);
    let auditor = user(&old, "Wang", "auditor", None, None);
    // Names were told apart by their letters' case, logins are not; and a name could come back after it was revoked.
    let keeper = user(&old, "wang", "device_admin", None, None);
    let root = user(&old, "root", "system_admin", None, None);
    let gone = user(&old, "赵", "hall_supervisor", None, Some(2_000));
    let back = user(&old, "赵", "leader", None, None);
    drop(old);

    let running = http::run(&http::sample(), dir.path()).await;
    let client = http::client();
    let ask = async |path: &str, token: &str| {
        client.get(format!("{}{path}", running.url())).bearer_auth(token).send().await.unwrap().status().as_u16()
    };
    for (who, token, path, status) in [
        ("supervisor", &supervisor, "/api/v1/stats?by=window", 200),
        ("supervisor", &supervisor, "/api/v1/entries", 200),
        ("supervisor", &supervisor, "/api/v1/ledgers", 403),
        ("staff", &staff, "/api/v1/stats?by=month", 200),
        ("staff", &staff, "/api/v1/stats?by=window", 400),
        ("staff", &staff, "/api/v1/fleet", 403),
        ("auditor", &auditor, "/api/v1/ledgers", 200),
        ("keeper", &keeper, "/api/v1/fleet", 200),
        ("keeper", &keeper, "/api/v1/stats", 403),
        ("root", &root, "/api/v1/halls", 200),
        ("revoked", &gone, "/api/v1/stats", 401),
        ("back", &back, "/api/v1/stats", 200),
    ] {
        assert_eq!(ask(path, token).await, status, "{who} asks for {path}");
    }
    let people = admin(dir.path(), &["user", "list"]).1;
    for line in [
        "王主任  hall_supervisor",
        "小李  staff  0005",
        "Wang  auditor",
        "wang~4  device_admin",
        "赵~6  hall_supervisor",
    ] {
        assert!(people.contains(line), "{line}: {people}");
    }
    // Nobody had a password; whoever has the machine hands one out, and the pages open.
    let (ok, password) = admin(dir.path(), &["user", "reset", "王主任"]);
    assert!(ok, "{password}");
    let browser = Browser::new(&running.url());
    for _ in 0..60 {
        if browser.enter("王主任", &password).await.status == StatusCode::SEE_OTHER {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    browser.get("/sign-in?back=/account").await;
    let chosen = "Regenbogen über Kohlfeld 7";
    let page =
        browser.post("/sign-in/password", &[("password", chosen), ("again", chosen), ("back", "/account")]).await;
    assert_eq!(page.location, "/account", "{}", page.text);
    assert_eq!(browser.get("/statistics").await.status, StatusCode::OK);
    let conn = db::open(&dir.path().join(FILE), &SCHEMA).unwrap();
    let account = accounts::by_login(&conn, "王主任").unwrap().unwrap();
    assert_eq!((account.role, account.part), (Role::HallSupervisor, accounts::Part::Everything));
    running.stop().await;
}
