//! Every question that the supervisors' pages can ask, over real HTTP against a centre with a year of a whole town:
//! `PINGYI_BENCH_RATINGS=1000000,10000000 cargo bench --bench statistics`.
//!
//! 2,000 windows of 50 halls with 8,000 people, made by `pingyi admin generate` at two sizes; what grows with the number of
//! ratings shows in the ratio, of wall time and of the CPU time that the centre's threads used, which other work on the
//! machine hardly moves. Halls, windows, people, items and reasons change from round to round, so that no answer is asked
//! for twice. `PINGYI_BENCH_RATINGS` sets the sizes (default 50,000 and 500,000), `PINGYI_BENCH_ROUNDS` how often each
//! question is asked (default 5), `PINGYI_BENCH_KEEP=DIR` keeps the data there and takes what is there already,
//! `PINGYI_BENCH_ONLY=TEXT` asks only the kinds whose name has it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use pingyi::centre::accounts::password;
use pingyi::centre::directory::{accounts, users};
use pingyi::centre::statistics::{self, Book};
use pingyi::centre::{clock, running, schema};
use pingyi::config::CentreConfig;
use pingyi::db;
use pingyi::domain::role::Role;
use reqwest::Client;
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};

const PASSWORD: &str = "9-kV-tulpe-Regen";
/// What a page may take, in milliseconds of server time.
const LIMIT_MS: f64 = 300.0;
/// How much slower ten times as many ratings may be.
const LIMIT_RATIO: f64 = 1.5;

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let sizes = std::env::var("PINGYI_BENCH_RATINGS").unwrap_or_else(|_| "50000,500000".to_owned());
    let sizes: Vec<u64> = sizes.split(',').map(|n| n.trim().parse().expect("numbers with commas between")).collect();
    let rounds = std::env::var("PINGYI_BENCH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(5_usize);
    let keep = std::env::var_os("PINGYI_BENCH_KEEP").map(PathBuf::from);
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let folder = keep.as_deref().unwrap_or(scratch.path());
    let runs: Vec<(u64, Times)> = sizes.iter().map(|&n| (n, run(&generate(folder, n), rounds))).collect();
    print(&runs);
}

/// Of one request, in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Took {
    wall: f64,
    /// Of the centre's threads.
    cpu: f64,
}

/// By question, in the order of the list; each with the kind it belongs to.
type Times = BTreeMap<(usize, &'static str, String), Vec<Took>>;

fn generate(folder: &Path, ratings: u64) -> PathBuf {
    let data = folder.join(format!("{ratings}-ratings"));
    if !data.join("config/centre.toml").exists() {
        let config = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config");
        let begun = Instant::now();
        let status = Command::new(env!("CARGO_BIN_EXE_pingyi"))
            .args(["admin", "generate", "--ratings", &ratings.to_string(), "--config", config, "--data"])
            .arg(&data)
            .status()
            .unwrap();
        assert!(status.success(), "generating {ratings} ratings");
        let size = std::fs::metadata(data.join(schema::FILE)).unwrap().len() / 1_000_000;
        println!("{ratings} ratings made in {:.0} s, {size} MB", begun.elapsed().as_secs_f64());
    }
    data
}

fn run(data: &Path, rounds: usize) -> Times {
    let login = format!("bench-{}", clock::now().wall.0);
    let token = {
        let conn = db::open(&data.join(schema::FILE), &schema::SCHEMA).unwrap();
        finish(&conn);
        let token = users::add(&conn, &login, Role::HallSupervisor, None, clock::now().wall).unwrap();
        let id = accounts::by_login(&conn, &login).unwrap().unwrap().id;
        accounts::set_password(&conn, id, &password::hash(PASSWORD).unwrap(), None).unwrap();
        token
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let config = CentreConfig::load(&data.join("config")).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let running = running::start(&config, data, listener).await.unwrap();
        let times = ask_all(&running.url(), &login, &token, rounds).await;
        running.stop().await;
        times
    })
}

/// Data that is taken from before may have spans to make, as a running centre does by and by.
fn finish(conn: &rusqlite::Connection) {
    let begun = Instant::now();
    let zone = statistics::home_zone();
    let book = Book::open(conn, zone).unwrap();
    let due = book.finished_spans_due(conn, clock::now().wall).unwrap();
    while conn.execute_batch("BEGIN").is_ok() {
        let made = book.finish_spans(conn, clock::now().wall, 50).unwrap();
        conn.execute_batch("COMMIT").unwrap();
        if made == 0 {
            break;
        }
    }
    if due > 0 {
        println!("{due} spans of halls made in {:.1} s", begun.elapsed().as_secs_f64());
    }
}

async fn ask_all(url: &str, login: &str, token: &str, rounds: usize) -> Times {
    let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let form = client
        .post(format!("{url}/sign-in"))
        .header(ORIGIN, url)
        .body(format!("login={login}&password={PASSWORD}&back=%2F"));
    let signed_in = form.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    let cookie = signed_in.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let mut times = Times::new();
    let questions = questions();
    for round in 0..=rounds {
        for (at, (kind, path)) in questions.iter().enumerate() {
            let path_now = filled(path, at + round * 7);
            let (begun, cpu_before) = (Instant::now(), cpu_ms());
            let request = client.get(format!("{url}{path_now}")).header(COOKIE, &cookie);
            let request = if path.starts_with("/api/") { request.bearer_auth(token) } else { request };
            let response = request.send().await.unwrap();
            assert!(response.status().is_success(), "{path_now}: {}", response.status());
            let bytes = response.bytes().await.unwrap();
            let took = Took { wall: begun.elapsed().as_secs_f64() * 1e3, cpu: cpu_ms() - cpu_before };
            assert!(bytes.len() > 100, "{path_now}");
            // The first round warms the page cache.
            if round > 0 {
                times.entry((at, kind, path.clone())).or_default().push(took);
            }
        }
    }
    times
}

/// Of all threads but the client's, which is the main one.
fn cpu_ms() -> f64 {
    let own = std::process::id().to_string();
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let others = tasks.filter(|task| task.file_name().to_str() != Some(&own));
    let stats = others.filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok());
    let nanoseconds = stats.filter_map(|stat| stat.split_whitespace().next()?.parse::<u64>().ok());
    nanoseconds.sum::<u64>() as f64 / 1e6
}

/// A question with other places, people and things in it for each `n`.
fn filled(path: &str, n: usize) -> String {
    // A hall has 40 windows and 160 people, and each person sits at one window of theirs.
    let (hall, window) = (n * 17 % 50, n * 7 % 40);
    let staff = hall * 160 + window * 4 + n % 4;
    let of = |all: &[&str], step: usize| all[n * step % all.len()].to_owned();
    let mut out = path.to_owned();
    for (name, value) in [
        ("{hall}", format!("G{:02}", hall + 1)),
        ("{window}", format!("G{:02}/W{:02}", hall + 1, window + 1)),
        ("{staff}", format!("{:05}", staff + 1)),
        ("{item}", of(&["YB-001", "SB-002", "CR-001", "BD-003", "HZ-002"], 3)),
        ("{item2}", of(&["ZX-001", "SW-002", "QY-001", "GJ-002", "MZ-001"], 3)),
        ("{reason}", of(&["slow", "queue", "fast", "kind", "unclear"], 1)),
        ("{reason2}", of(&["rude", "expert", "clear", "papers"], 1)),
        ("{hour}", format!("{:02}", 9 + n % 8)),
        ("{weekday}", (1 + n % 6).to_string()),
        ("{day}", days_back(i64::try_from(20 + n % 200).unwrap())),
        ("{month}", days_back(i64::try_from(60 + n % 200).unwrap())[..7].to_owned()),
    ] {
        out = out.replace(name, &value);
    }
    out
}

/// Kind and address of every question.
fn questions() -> Vec<(&'static str, String)> {
    let mut all: Vec<(&'static str, String)> =
        [7, 30, 90].iter().map(|days| ("overview", format!("/?days={days}"))).collect();
    all.push(("report of a month", "/report?month={month}".to_owned()));
    let mut api = |kind, rest: &str, days| all.push((kind, format!("/api/v1/stats?{rest}&{}", period(days))));
    for (plain, filtered, days) in [
        ("one dimension, 30 days", "one and a filter, 30 days", 30),
        ("one dimension, 90 days", "one and a filter, 90 days", 90),
        ("one dimension, a year", "one and a filter, a year", 365),
    ] {
        for by in DIMENSIONS.into_iter().chain(["none"]) {
            api(plain, &format!("by={by}&order=ranking"), days);
            for filter in FILTERS {
                api(filtered, &format!("by={by}&{filter}"), days);
            }
        }
    }
    for rest in THREE {
        api("two filters, a year", rest, 365);
        api("two filters, 30 days", rest, 30);
    }
    for rest in DEEP {
        api("three filters or several values, a year", rest, 365);
    }
    for rest in DRILL {
        api("drilling down, a year", rest, 365);
    }
    for (by, format) in [("window", "csv"), ("staff", "csv"), ("day", "xlsx"), ("window", "xlsx")] {
        api("export", &format!("by={by}&format={format}"), 90);
    }
    for by in DIMENSIONS {
        all.push(("page of one dimension, a year", format!("/statistics?by={by}&{}", period(365))));
    }
    for (kind, days) in [("page of a cross, 30 days", 30), ("page of a cross, a year", 365)] {
        for rest in CROSSES {
            all.push((kind, format!("/statistics?{rest}&{}", period(days))));
        }
    }
    let only = std::env::var("PINGYI_BENCH_ONLY").unwrap_or_default();
    all.retain(|(kind, _)| kind.contains(&only));
    all
}

const DIMENSIONS: [&str; 11] =
    ["hall", "window", "staff", "item", "channel", "level", "reason", "hour", "weekday", "day", "month"];

const FILTERS: [&str; 12] = [
    "where=hall:{hall}",
    "where=window:{window}",
    "where=staff:{staff}",
    "where=item:{item}",
    "where=channel:phone",
    "where=level:dissatisfied&where=level:very_dissatisfied",
    "where=reason:{reason}",
    "where=hour:{hour}",
    "where=weekday:{weekday}",
    "where=day:{day}",
    "where=month:{month}",
    "unflagged=1",
];

const THREE: [&str; 16] = [
    "by=hour&where=window:{window}&where=channel:phone",
    "by=weekday&where=staff:{staff}&where=hour:{hour}",
    "by=reason&where=hall:{hall}&where=item:{item}",
    "by=staff&where=item:{item}&where=hour:{hour}",
    "by=staff&where=item:{item}&where=weekday:{weekday}",
    "by=staff&where=reason:{reason}&where=hour:{hour}",
    "by=staff&where=reason:{reason}&where=item:{item}",
    "by=window&where=hour:{hour}&where=weekday:{weekday}",
    "by=window&where=reason:{reason}&where=weekday:{weekday}",
    "by=hall&where=item:{item}&where=reason:{reason}",
    "by=hour&where=item:{item}&where=weekday:{weekday}",
    "by=reason&where=item:{item}&where=hour:{hour}",
    "by=item&where=reason:{reason}&where=weekday:{weekday}",
    "by=item&where=channel:phone&where=hour:{hour}",
    "by=month&where=item:{item}&where=hour:{hour}",
    "by=day&where=item:{item}&where=hour:{hour}",
];

const DEEP: [&str; 8] = [
    "by=reason&where=hall:{hall}&where=item:{item}&where=hour:{hour}",
    "by=hour&where=weekday:{weekday}&where=item:{item}&where=reason:{reason}",
    "by=staff&where=item:{item}&where=hour:{hour}&where=weekday:{weekday}",
    "by=window&where=item:{item}&where=reason:{reason}&where=hour:{hour}",
    "by=day&where=reason:{reason}&where=item:{item}&where=channel:phone",
    "by=staff&where=item:{item}&where=item:{item2}&where=hour:09&where=hour:10",
    "by=window&where=reason:{reason}&where=reason:{reason2}",
    "by=month&where=reason:{reason}&where=reason:{reason2}&where=item:{item}",
];

/// From the whole to one person's hour, as the rows of the pages lead.
const DRILL: [&str; 8] = [
    "by=window&where=hall:{hall}",
    "by=staff&where=hall:{hall}&where=window:{window}",
    "by=item&where=hall:{hall}&where=window:{window}&where=staff:{staff}",
    "by=day&where=hall:{hall}&where=window:{window}&where=staff:{staff}&where=item:{item}",
    "by=hour&where=hall:{hall}&where=window:{window}&where=staff:{staff}&where=item:{item}&where=day:{day}",
    "by=reason&where=window:{window}&where=level:dissatisfied&where=level:very_dissatisfied",
    "by=hall&where=hour:{hour}&where=weekday:{weekday}",
    "by=day&where=month:{month}&where=item:{item}",
];

const CROSSES: [&str; 16] = [
    "by=hour&and=weekday",
    "by=hour&and=weekday&where=window:{window}",
    "by=weekday&and=hour&where=item:{item}",
    "by=window&and=hour",
    "by=window&and=level",
    "by=window&and=month",
    "by=staff&and=item",
    "by=staff&and=reason",
    "by=staff&and=hour",
    "by=item&and=hour",
    "by=item&and=reason",
    "by=item&and=channel",
    "by=reason&and=hour",
    "by=reason&and=month&where=hall:{hall}",
    "by=hall&and=item&where=hour:{hour}",
    "by=hall&and=reason&where=weekday:{weekday}",
];

/// A civil day in the centre's time zone.
fn days_back(days: i64) -> String {
    let now = jiff::Timestamp::from_millisecond(clock::now().wall.0).unwrap();
    let today = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap().to_datetime(now).date();
    today.saturating_sub(jiff::Span::new().days(days)).to_string()
}

fn period(days: i64) -> String {
    format!("from={}&to={}", days_back(days - 1), days_back(0))
}

/// p50 and p95 of wall time, p95 of CPU time, in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Shares {
    p50: f64,
    p95: f64,
    cpu: f64,
    cpu_p95: f64,
}

impl Shares {
    fn of(times: &[Took]) -> Self {
        let at = |of: fn(&Took) -> f64, share: usize| {
            let mut all: Vec<f64> = times.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all[(all.len() - 1) * share / 100]
        };
        let cpu = times.iter().map(|t| t.cpu).sum::<f64>() / times.len() as f64;
        Self { p50: at(|t| t.wall, 50), p95: at(|t| t.wall, 95), cpu, cpu_p95: at(|t| t.cpu, 95) }
    }
}

fn print(runs: &[(u64, Times)]) {
    let mut kinds: Vec<&'static str> = Vec::new();
    for (_, kind, _) in runs[0].1.keys() {
        if !kinds.contains(kind) {
            kinds.push(kind);
        }
    }
    for kind in kinds {
        let of_kind = |times: &Times| -> Vec<Took> {
            times.iter().filter(|((_, k, _), _)| *k == kind).flat_map(|(_, t)| t.clone()).collect()
        };
        let cells: Vec<Shares> = runs.iter().map(|(_, times)| Shares::of(&of_kind(times))).collect();
        let mut line = format!("{kind:<40}");
        for ((n, _), s) in runs.iter().zip(&cells) {
            line += &format!(
                "  {n:>9}: p50 {:>6.1} p95 {:>6.1} ms, CPU {:>6.1} p95 {:>6.1}",
                s.p50, s.p95, s.cpu, s.cpu_p95
            );
        }
        if let [first, .., last] = &cells[..] {
            let (wall, cpu) = (last.p95 / first.p95, last.cpu_p95 / first.cpu_p95);
            let fine = last.p95 < LIMIT_MS && wall < LIMIT_RATIO;
            line += &format!("  × {wall:.2}, CPU × {cpu:.2}  {}", if fine { "within" } else { "BEYOND" });
        }
        println!("{line}");
    }
    println!("limits: p95 below {LIMIT_MS} ms, × below {LIMIT_RATIO}");
    if let [(_, first), .., (n, last)] = runs {
        println!("the slowest questions at {n} ratings, mean CPU:");
        let mean = |times: &[Took]| Shares::of(times).cpu;
        let mut all: Vec<(f64, f64, &str)> = last
            .iter()
            .map(|(key, t)| (mean(t), mean(t) / first.get(key).map_or(f64::NAN, |f| mean(f)), key.2.as_str()))
            .collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        all.iter().take(25).for_each(|(ms, ratio, path)| println!("{ms:>8.1} ms  × {ratio:>5.2}  {path}"));
        println!("those that grow most:");
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all.iter().take(25).for_each(|(ms, ratio, path)| println!("{ms:>8.1} ms  × {ratio:>5.2}  {path}"));
    }
}
