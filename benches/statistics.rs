//! Every question that the supervisors' pages ask, over real HTTP against a centre with a year of a whole town:
//! `cargo bench --bench statistics`.
//!
//! 2,000 windows of 50 halls with 8,000 people, made by `pingyi admin generate` at two sizes; what grows with the number of
//! ratings shows in the ratio. `PINGYI_BENCH_RATINGS=1000000,10000000` sets the sizes (default 50,000 and 500,000),
//! `PINGYI_BENCH_ROUNDS` how often each question is asked (default 5), `PINGYI_BENCH_KEEP=DIR` keeps the data there and takes
//! what is there already.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use pingyi::centre::directory::users;
use pingyi::centre::{clock, running, schema};
use pingyi::config::CentreConfig;
use pingyi::db;
use pingyi::domain::role::Role;
use reqwest::Client;
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};

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

/// Times by question, in the order of the list; each with the page it belongs to.
type Times = BTreeMap<(usize, &'static str, String), Vec<Duration>>;

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
    let token = {
        let conn = db::open(&data.join(schema::FILE), &schema::SCHEMA).unwrap();
        let name = format!("bench {}", clock::now().wall.0);
        users::add(&conn, &name, Role::HallSupervisor, None, clock::now().wall).unwrap()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let config = CentreConfig::load(&data.join("config")).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let running = running::start(&config, data, listener).await.unwrap();
        let times = ask_all(&running.url(), &token, rounds).await;
        running.stop().await;
        times
    })
}

async fn ask_all(url: &str, token: &str, rounds: usize) -> Times {
    let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let form = client.post(format!("{url}/sign-in")).header(ORIGIN, url).body(format!("token={token}&back=%2F"));
    let signed_in = form.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    let cookie = signed_in.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let mut times = Times::new();
    let questions = questions();
    for round in 0..=rounds {
        for (at, (page, path)) in questions.iter().enumerate() {
            let begun = Instant::now();
            let request = client.get(format!("{url}{path}")).header(COOKIE, &cookie);
            let request = if path.starts_with("/api/") { request.bearer_auth(token) } else { request };
            let response = request.send().await.unwrap();
            assert!(response.status().is_success(), "{path}: {}", response.status());
            let bytes = response.bytes().await.unwrap();
            let took = begun.elapsed();
            assert!(bytes.len() > 100, "{path}");
            // The first round warms the page cache.
            if round > 0 {
                times.entry((at, page, path.clone())).or_default().push(took);
            }
        }
    }
    times
}

/// Page and address of every question.
fn questions() -> Vec<(&'static str, String)> {
    let mut all: Vec<(&'static str, String)> =
        [7, 30, 90].iter().map(|days| ("overview", format!("/?days={days}"))).collect();
    let api = |page, rest: &str| (page, format!("/api/v1/stats?{rest}"));
    let dimensions =
        ["none", "hall", "window", "staff", "item", "channel", "level", "reason", "hour", "weekday", "day", "month"];
    for (page, back) in [("statistics, 30 days", 30), ("statistics, 90 days", 90), ("statistics, a year", 365)] {
        for by in dimensions {
            all.push(api(page, &format!("by={by}&order=ranking&{}", period(back))));
        }
        for filter in FILTERS {
            for by in ["day", "window", "reason"] {
                all.push(api(page, &format!("by={by}&{filter}&{}", period(back))));
            }
        }
    }
    for weekday in 1..=7 {
        all.push(api("heat map, a year", &format!("by=hour&where=weekday:{weekday}&{}", period(365))));
    }
    for rest in CROSSES {
        all.push(api("crosses of two, a year", &format!("{rest}&{}", period(365))));
        all.push(api("crosses of two, 30 days", &format!("{rest}&{}", period(30))));
    }
    for rest in THREE {
        all.push(api("crosses of three, a year", &format!("{rest}&{}", period(365))));
    }
    for (by, format) in [("window", "csv"), ("staff", "csv"), ("day", "xlsx"), ("window", "xlsx")] {
        all.push(api("export", &format!("by={by}&format={format}&{}", period(90))));
    }
    all
}

const FILTERS: [&str; 7] = [
    "where=hall:G07",
    "where=window:G07/W03",
    "where=staff:01234",
    "where=level:dissatisfied&where=level:very_dissatisfied",
    "where=channel:phone",
    "where=weekday:1",
    "unflagged=1",
];

const CROSSES: [&str; 10] = [
    "by=staff&where=window:G07/W03",
    "by=item&where=hall:G07",
    "by=reason&where=window:G07/W03",
    "by=hour&where=staff:01234",
    "by=window&where=hour:10",
    "by=staff&where=item:YB-002",
    "by=item&where=channel:phone",
    "by=reason&where=staff:01234",
    "by=hall&where=level:very_dissatisfied",
    "by=reason&where=item:YB-002",
];

const THREE: [&str; 3] = [
    "by=hour&where=window:G07/W03&where=channel:phone",
    "by=reason&where=hall:G07&where=item:YB-002&where=hour:10",
    "by=staff&where=item:YB-002&where=hour:10",
];

fn period(days: i64) -> String {
    let now = jiff::Timestamp::from_millisecond(clock::now().wall.0).unwrap();
    let today = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap().to_datetime(now).date();
    format!("from={}&to={today}", today.saturating_sub(jiff::Span::new().days(days - 1)))
}

fn print(runs: &[(u64, Times)]) {
    let mut pages: Vec<&'static str> = Vec::new();
    let keys = runs[0].1.keys();
    keys.clone().for_each(|(_, page, _)| {
        if !pages.contains(page) {
            pages.push(page)
        }
    });
    for page in pages {
        let of_page = |times: &Times| -> Vec<Duration> {
            times.iter().filter(|((_, p, _), _)| *p == page).flat_map(|(_, t)| t.clone()).collect()
        };
        let cells: Vec<(f64, f64, f64)> = runs.iter().map(|(_, times)| shares(of_page(times))).collect();
        let mut line = format!("{page:<26}");
        for ((n, _), (p50, p95, max)) in runs.iter().zip(&cells) {
            line += &format!("  {n:>9}: p50 {p50:>6.1} p95 {p95:>6.1} max {max:>6.1} ms");
        }
        if let [first, .., last] = &cells[..] {
            let ratio = last.1 / first.1;
            let fine = last.1 < LIMIT_MS && ratio < LIMIT_RATIO;
            line += &format!("  × {ratio:.2}  {}", if fine { "within" } else { "BEYOND" });
        }
        println!("{line}");
    }
    println!("limits: p95 below {LIMIT_MS} ms, × below {LIMIT_RATIO}");
    println!("the slowest questions at {} ratings:", runs[runs.len() - 1].0);
    let mut slow: Vec<(f64, &str)> =
        runs[runs.len() - 1].1.iter().map(|((_, _, path), t)| (shares(t.clone()).1, path.as_str())).collect();
    slow.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (p95, path) in slow.iter().take(12) {
        println!("{p95:>8.1} ms  {path}");
    }
}

/// p50, p95 and the longest, in milliseconds.
fn shares(mut times: Vec<Duration>) -> (f64, f64, f64) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    (at(50), at(95), at(100))
}
