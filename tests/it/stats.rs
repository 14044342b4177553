//! From a kiosk's batch and from the sample history to the figures that a supervisor pulls, over real sockets and by the
//! real command.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use jiff::civil::{Date, date};
use pingyi::centre::running::Running;
use pingyi::centre::schema;
use pingyi::centre::statistics::fact::Fact;
use pingyi::centre::statistics::sample;
use pingyi::db;
use pingyi::domain::id::StaffNo;
use pingyi::domain::query::{Answer, Rate};
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::role::Role;
use pingyi::domain::visit::VisitOutcome;
use pingyi::protocol::ApiError;

use crate::centre::http;
use crate::centre::terminal::{START, Terminal};
use crate::command_line::pingyi;

const TODAY: Date = date(2026, 11, 24);

/// A centre with thirty days of sample history, a supervisor's token and a staff member's.
pub struct Hall {
    pub dir: tempfile::TempDir,
    pub running: Running,
    facts: Vec<Fact>,
    pub supervisor: String,
    pub staff: String,
}

impl Hall {
    pub async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = http::sample();
        let running = http::run(&config, dir.path()).await;
        let board = running.site.boards.get().all().next().unwrap().clone();
        let facts = sample::history(&board, &config.time_zone, TODAY, 30, 7);
        let entered = facts.clone();
        let enter = move |desk: &mut pingyi::centre::ingest::desk::Desk<'_>| {
            desk.facts.extend(entered);
            Ok(())
        };
        running.site.writer.submit(1, enter).await.unwrap();
        let conn = db::open(&dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
        let supervisor = crate::browser::add(&conn, "督查员", Role::HallSupervisor, None, START);
        let someone = facts.iter().find_map(|f| f.staff.clone()).unwrap();
        let staff = crate::browser::add(&conn, "本人", Role::Staff, Some(&someone), START);
        // The centre looks for new users about once a second.
        for _ in 0..100 {
            if running.site.directory.get().people().by_token(&staff, START).is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Self { dir, running, facts, supervisor, staff }
    }

    async fn stats(&self, token: Option<&str>, args: &[&str]) -> Output {
        let mut command = pingyi();
        command
            .args(["stats", "--centre", &self.running.url(), "--from", "2026-10-25", "--to", "2026-11-24"])
            .args(args);
        command.env_remove("PINGYI_TOKEN").env_remove("http_proxy");
        if let Some(token) = token {
            command.env("PINGYI_TOKEN", token);
        }
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    async fn answer(&self, args: &[&str]) -> Answer {
        let output = self.stats(Some(&self.supervisor), &[args, &["--format", "json"]].concat()).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_answers_what_a_recount_of_the_history_says() {
    let hall = Hall::open().await;
    let answer = hall.answer(&["--by", "window", "--order", "ranking"]).await;
    let mut want = BTreeMap::<&str, (u64, u64, u64)>::new();
    for fact in &hall.facts {
        let sums = want.entry(fact.service_window.as_str()).or_default();
        sums.0 += 1;
        sums.1 += u64::from(fact.level.is_some());
        sums.2 += u64::from(fact.level.is_some_and(|l| !l.is_negative()));
    }
    let rows: BTreeMap<&str, _> = answer.rows.iter().filter(|r| r.n != Some(0)).map(|r| (r.key.as_str(), r)).collect();
    assert_eq!(rows.keys().collect::<Vec<_>>(), want.keys().collect::<Vec<_>>());
    for (key, (served, n, satisfied)) in want {
        let row = rows[key];
        assert_eq!((row.served, row.n), (Some(served), Some(n)), "{key}");
        let (got, want) = (row.satisfied_rate.unwrap(), Rate::wilson(satisfied, n).unwrap());
        for (got, want) in [(got.value, want.value), (got.low, want.low), (got.high, want.high)] {
            assert!((got - want).abs() < 1e-12, "{key}: {got} {want}");
        }
        assert!(row.name.contains('号'), "{}", row.name);
    }
    assert!(answer.rows.iter().map(|r| r.satisfied_rate.map_or(0.0, |s| s.low)).is_sorted_by(|a, b| a >= b));
    assert!(answer.sample && answer.rows[0].rank == Some(1));
    // A cross is answered as well, and the parts make up the whole.
    let cross = hall.answer(&["--by", "item", "--where", "window=W03", "--where", "level=dissatisfied"]).await;
    let bad = |f: &&Fact| f.service_window.as_str() == "W03" && f.level == Some(Satisfaction::Dissatisfied);
    assert_eq!(cross.total.n, Some(hall.facts.iter().filter(bad).count() as u64));
    assert_eq!(cross.rows.iter().map(|r| r.n.unwrap()).sum::<u64>(), cross.total.n.unwrap());
    hall.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_is_in_the_figures_as_soon_as_it_is_acknowledged() {
    let hall = Hall::open().await;
    let (client, url) = (http::client(), hall.running.url());
    let mut t = Terminal::new(3);
    http::enrol(&client, &url, hall.dir.path(), &t).await;
    let today = ["--by", "hour", "--where", "day=2026-11-02", "--where", "window=W03"];
    let before = hall.answer(&today).await.total;
    t.serve(Satisfaction::VeryDissatisfied);
    let silent = t.open();
    t.close(silent, VisitOutcome::NoResponse);
    let body = t.batch(1, t.tip.seq);
    let response = client.post(format!("{url}/api/v1/batches")).body(body).send().await.unwrap();
    assert!(response.status().is_success());
    let after = hall.answer(&today).await.total;
    assert_eq!(after.n.unwrap(), before.n.unwrap() + 1);
    assert_eq!(after.served.unwrap(), before.served.unwrap() + 2);
    let worst = |row: &pingyi::domain::query::Row| row.levels.unwrap().very_dissatisfied;
    assert_eq!(worst(&after), worst(&before) + 1);
    hall.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_see_themselves_alone_and_no_small_groups() {
    let hall = Hall::open().await;
    let own = hall.facts.iter().find_map(|f| f.staff.clone()).unwrap();
    let output = hall.stats(Some(&hall.staff), &["--by", "month", "--format", "json"]).await;
    let answer: Answer = serde_json::from_slice(&output.stdout).unwrap();
    // Whole months, let out in stretches: never up to yesterday.
    let until = answer.query.to;
    assert!(until == until.last_of_month() || [10, 20].contains(&until.day()), "{until}");
    assert_eq!(answer.query.from, date(2026, 10, 1));
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let civil = |f: &&Fact| zone.to_datetime(jiff::Timestamp::from_millisecond(f.wall.0).unwrap()).date() <= until;
    let rated = hall.facts.iter().filter(|f| f.staff.as_ref() == Some(&own) && f.level.is_some()).filter(civil).count();
    assert_eq!(answer.total.n, Some(rated as u64), "their own, and nobody else's");
    for narrow in [&["--by", "day"][..], &["--by", "hour"], &["--by", "staff"], &["--where", "channel=phone"]] {
        let output = hall.stats(Some(&hall.staff), narrow).await;
        assert!(!output.status.success() && output.stdout.is_empty(), "{narrow:?}");
    }
    hall.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn small_groups_are_hidden_from_whoever_does_not_answer_for_the_hall() {
    let hall = Hall::open().await;
    let conn = db::open(&hall.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    let leader = crate::browser::add(&conn, "领导", Role::Leader, None, START);
    while hall.running.site.directory.get().people().by_token(&leader, START).is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let own = hall.facts.iter().find_map(|f| f.staff.clone()).unwrap();
    let of_one = format!("staff={own}");
    let args = ["--by", "day", "--where", "level=very_dissatisfied", "--where", of_one.as_str(), "--format", "json"];
    let days: Answer = serde_json::from_slice(&hall.stats(Some(&leader), &args).await.stdout).unwrap();
    let small = |own: &StaffNo| {
        let mut by_day = BTreeMap::<i64, u64>::new();
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
        let bad = |f: &&Fact| f.staff.as_ref() == Some(own) && f.level == Some(Satisfaction::VeryDissatisfied);
        for fact in hall.facts.iter().filter(bad) {
            let time = jiff::Timestamp::from_millisecond(fact.wall.0).unwrap();
            *by_day.entry(zone.to_datetime(time).date().day_of_year().into()).or_default() += 1;
        }
        by_day.values().filter(|&&n| n < 5).count()
    };
    let hidden = days.rows.iter().filter(|r| r.suppressed).count();
    assert!(small(&own) > 0 && hidden >= small(&own), "{hidden} of {}", small(&own));
    assert!(days.rows.iter().all(|r| !r.suppressed || (r.n.is_none() && r.levels.is_none() && r.served.is_none())));
    hall.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_format_is_written_and_kept_in_a_file() {
    let hall = Hall::open().await;
    let table = hall.stats(Some(&hall.supervisor), &["--by", "staff"]).await;
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.contains("满意率") && table.contains("合计") && table.contains("样例"), "{table}");
    let english = hall.stats(Some(&hall.supervisor), &["--by", "staff", "--lang", "en"]).await;
    assert!(String::from_utf8(english.stdout).unwrap().contains("Participation"));
    let csv = hall.stats(Some(&hall.supervisor), &["--by", "reason", "--format", "csv"]).await.stdout;
    assert!(csv.starts_with("\u{FEFF}编号,原因,".as_bytes()));
    let file = hall.dir.path().join("a.xlsx");
    let token = hall.dir.path().join("token");
    std::fs::write(&token, format!("{}\n", hall.supervisor)).unwrap();
    let args = ["--by", "day", "--format", "xlsx", "--out", path(&file), "--token-file", path(&token)];
    let output = hall.stats(None, &args).await;
    assert!(output.status.success() && output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(std::fs::read(&file).unwrap().starts_with(b"PK\x03\x04"));
    hall.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_say_what_to_do_and_end_with_one() {
    let hall = Hall::open().await;
    let token = Some(hall.supervisor.as_str());
    for (token, args, part) in [
        (None, &["--by", "window"][..], "PINGYI_TOKEN"),
        (Some("pingyi_wrong"), &["--lang", "en"], "not valid"),
        (token, &["--from", "yesterday"], "YYYY-MM-DD"),
        (token, &["--from", "2026-12-01"], "before it begins"),
        (token, &["--where", "hour=25"], "00 to 23"),
        (token, &["--where", "window"], "dimension:value"),
        (token, &["--centre", "http://127.0.0.1:9"], "连不上"),
        (token, &["--centre", "http://pj.example.gov.cn"], "没有加密"),
        (token, &["--centre", "ftp://x"], "地址"),
    ] {
        let mut command = pingyi();
        let from: &[&str] = if args.contains(&"--from") { &[] } else { &["--from", "2026-11-01"] };
        let url = hall.running.url();
        let centre: &[&str] = if args.contains(&"--centre") { &[] } else { &["--centre", &url] };
        command.arg("stats").args(centre).args(from).args(["--to", "2026-11-24"]).args(args);
        command.env_remove("PINGYI_TOKEN").envs(token.map(|t| ("PINGYI_TOKEN", t)));
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.contains(part) && output.stdout.is_empty(), "{args:?}: {said}");
        assert!(!token.is_some_and(|t| said.contains(t)), "the token is not repeated");
    }
    let url = format!("{}/api/v1/stats?mood=good", hall.running.url());
    let refused = http::client().get(url).bearer_auth(&hall.supervisor).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    let error: ApiError = refused.json().await.unwrap();
    assert!(error.code == "bad_query" && error.message.contains("allowed: by, from"), "{error:?}");
    hall.running.stop().await;
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
