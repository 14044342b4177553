//! What the story of a whole campaign happens in: a centre on an empty folder, people with accounts, the real kiosk's window,
//! and a second terminal that sends batches. The centre runs in this process, so that its chores can be asked for a turn.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use image::RgbImage;
use jiff::ToSpan as _;
use jiff::civil::Date;
use pingyi::centre::cases;
use pingyi::centre::hall::today;
use pingyi::centre::running::Running;
use pingyi::centre::{clock, schema};
use pingyi::config::KioskConfig;
use pingyi::db;
use pingyi::domain::board::{Board, BoardVersion};
use pingyi::domain::id::{StaffNo, WindowId};
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::role::Role;
use pingyi::domain::time::WallMs;
use pingyi::domain::visit::{VisitOutcome, VisitTrigger};
use pingyi::kiosk::flow::event::Event;
use pingyi::kiosk::flow::view::{Screen, StaffPanel, View};
use pingyi::kiosk::running::RunningKiosk;
use pingyi::ledger::chain::receipt_code;
use pingyi::ledger::entry::{Body, Entry, VisitOpened};
use pingyi::ledger::keys::Hash;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::demo::Demo;
use super::display::Display;
use super::wait::eventually;
use crate::browser::{Browser, Page, encoded};
use crate::centre::http;
use crate::centre::terminal::Terminal;

/// Whoever is on duty at the kiosk of window 3.
pub const CLERK: &str = "0005";
/// A colleague of hers; both are members of the party.
pub const COLLEAGUE: &str = "0004";
/// What a chore of the centre, or the way to the kiosk's screen, may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Town<'a> {
    pub dir: TempDir,
    pub running: Running,
    pub display: &'a Display,
    /// The real kiosk in its window.
    pub kiosk: Demo,
    client: Client,
}

/// Somebody with an account: at a browser, and by a token.
pub struct Somebody {
    pub browser: Browser,
    pub token: String,
    pub account: i64,
}

impl Somebody {
    pub async fn page(&self, path: &str) -> String {
        let page = self.browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        page.text
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.browser.get("/account").await;
        self.browser.post(path, fields).await
    }

    /// The same where it must be taken; where it leads.
    pub async fn done(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let page = self.post(path, fields).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}: {}", page.text);
        page.location
    }
}

impl<'a> Town<'a> {
    pub async fn open(display: &'a Display) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let running = http::run(&http::sample(), dir.path()).await;
        let kiosk = kiosk(&running.url(), dir.path(), display);
        Self { dir, running, display, kiosk, client: crate::dashboard::browser() }
    }

    pub async fn somebody(&self, login: &str, role: Role, staff_no: Option<&str>) -> Somebody {
        let no = staff_no.map(|no| StaffNo::new(no).expect("a number"));
        let now = clock::now().wall;
        let token = crate::browser::add(&self.conn(), login, role, no.as_ref(), now);
        let directory = &self.running.site.directory;
        let begun = Instant::now();
        let account = loop {
            if let Some(opened) = directory.get().people().by_token(&token, now) {
                break opened.who.account;
            }
            assert!(begun.elapsed() < PATIENCE, "the centre does not notice {login}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let browser = Browser::new(&self.running.url());
        browser.sign_in(login).await;
        Somebody { browser, token, account }
    }

    pub fn conn(&self) -> rusqlite::Connection {
        db::open(&self.dir.path().join(schema::FILE), &schema::SCHEMA).expect("the centre's database")
    }

    pub fn today(&self) -> Date {
        today(&self.running.site.settings.time_zone, clock::now().wall)
    }

    /// First and last day of the month that ended last, and its code.
    pub fn month(&self) -> (Date, Date, String) {
        let last = self.today().first_of_month().yesterday().expect("a day before");
        (last.first_of_month(), last, last.strftime("%Y-%m").to_string())
    }

    pub async fn api(&self, path: &str, who: &Somebody) -> (StatusCode, Value) {
        let request = self.client.get(format!("{}{path}", self.running.url())).bearer_auth(&who.token);
        let answer = request.send().await.expect("an answer");
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    pub async fn post(&self, path: &str, who: &Somebody, body: Value) -> (StatusCode, Value) {
        let request = self.client.post(format!("{}{path}", self.running.url())).bearer_auth(&who.token).json(&body);
        let answer = request.send().await.expect("an answer");
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    /// A form of the citizens' pages, as a phone sends it.
    pub async fn phone(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let request = self.client.post(format!("{}{path}", self.running.url()));
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.join("&"));
        let answer = request.header("sec-fetch-site", "same-origin").send().await.expect("an answer");
        (answer.status(), answer.text().await.expect("a page"))
    }

    /// A tap in the real window, no reasons, and the thanks put away; its visit.
    pub fn tap(&self, level: Satisfaction) -> u64 {
        let (kiosk, seen, tapped) = (&self.kiosk, self.kiosk.painted().len(), Instant::now());
        self.display.click(kiosk.face(level));
        let seen = kiosk.await_screen("reasons", seen);
        self.display.click(kiosk.skip());
        let seen = kiosk.await_screen("thanks", seen);
        let (visit, stored) = *kiosk.taps().last().expect("a tap in the ledger");
        assert_eq!(stored, level);
        std::thread::sleep(Duration::from_millis(600));
        self.display.click(kiosk.done());
        kiosk.await_screen("card", seen);
        kiosk.await_next_visit(tapped);
        visit
    }

    /// What the citizen of a visit was shown.
    pub fn receipt(&self, visit: u64) -> String {
        let ledger = self.ledger();
        let mut rows = ledger.prepare("SELECT bytes, hash FROM entry").expect("entries");
        let rows = rows.query_map([], |r| Ok((r.get::<_, Vec<u8>>(0)?, r.get::<_, [u8; 32]>(1)?))).expect("entries");
        let code = |(bytes, hash): (Vec<u8>, [u8; 32])| match Entry::from_bytes(&bytes).expect("an entry").body {
            Body::Rated(rated) if rated.visit == visit => Some(receipt_code(&Hash(hash))),
            _ => None,
        };
        rows.map(|row| row.expect("a row")).find_map(code).expect("the rating in the ledger")
    }

    /// The board that the kiosk holds.
    pub fn held(&self) -> Option<Board> {
        let newest = "SELECT json FROM board ORDER BY rowid DESC LIMIT 1";
        let json: Vec<u8> = self.ledger().query_row(newest, [], |r| r.get(0)).ok()?;
        serde_json::from_slice(&json).ok()
    }

    fn ledger(&self) -> rusqlite::Connection {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        rusqlite::Connection::open_with_flags(self.kiosk.text("ledger"), flags).expect("the kiosk's ledger")
    }

    pub fn look(&self, [left, top, width, height]: [u32; 4]) -> RgbImage {
        self.display.part(left, top, width, height)
    }

    /// The case that a visit of the kiosk opened by itself, with its deadline.
    pub async fn case_of(&self, visit: u64) -> i64 {
        let (conn, begun) = (self.conn(), Instant::now());
        loop {
            let found = cases::of_visit(&conn, 1, visit).expect("the register");
            let record = found.and_then(|id| cases::one(&conn, id).expect("the register"));
            if let Some(id) = found.filter(|_| record.is_some_and(|r| r.due.is_some())) {
                return id;
            }
            assert!(begun.elapsed() < PATIENCE, "no case is opened for visit {visit}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub async fn work(&self, case: i64, who: &Somebody, body: Value) -> (StatusCode, Value) {
        self.post(&format!("/api/v1/cases/{case}/work"), who, body).await
    }

    /// A step that must lead to `stage`.
    pub async fn step(&self, case: i64, who: &Somebody, body: Value, stage: &str) {
        let (status, told) = self.work(case, who, body.clone()).await;
        assert_eq!((status, &told["case"]["stage"]), (StatusCode::OK, &json!(stage)), "{body}: {told}");
    }

    /// A second terminal at window 3 hands in the month's ratings: the clerk's twelve, and six of her colleague.
    pub async fn a_month_comes_in(&self) {
        let mut terminal = Terminal::new(5);
        terminal.window = WindowId::new("W03").expect("a window");
        let zone = &self.running.site.settings.time_zone;
        let day = self.month().0 + 9.days();
        let morning = zone.to_timestamp(day.at(9, 0, 0, 0)).expect("a moment").as_millisecond();
        terminal.now = WallMs(morning);
        http::enrol(&self.client, &self.running.url(), self.dir.path(), &terminal).await;
        for n in 0..18 {
            let clerk = n % 3 != 2;
            let (staff, level) =
                if clerk { (CLERK, Satisfaction::VerySatisfied) } else { (COLLEAGUE, Satisfaction::Satisfied) };
            terminal.now = terminal.now.plus_ms(540_000);
            let visit = terminal.add(Body::VisitOpened(VisitOpened {
                window: terminal.window.clone(),
                staff: StaffNo::new(staff).ok(),
                trigger: VisitTrigger::Staff,
                item: None,
                case_no: None,
                board: BoardVersion("0000000000000000".into()),
                pledges: vec![],
            }));
            terminal.rate(visit, level);
            terminal.close(visit, VisitOutcome::Rated);
        }
        let url = format!("{}/api/v1/batches", self.running.url());
        let answer = self.client.post(url).body(terminal.batch(1, terminal.tip.seq)).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap_or_default());
    }
}

/// The real program in a window as large as the display, enrolled, with the clerk signed in.
fn kiosk(centre: &str, centre_data: &Path, display: &Display) -> Demo {
    let dir = tempfile::tempdir().expect("a folder");
    let (config, data) = (configured(centre, centre_data, dir.path()), dir.path().join("data"));
    let kept = data.join("kiosk");
    std::fs::create_dir_all(&data).expect("the data folder");
    // Signing in at the glass has tests of its own; who is on duty outlives the process.
    let (loaded, board) = KioskConfig::load_with_board(&config).expect("the configuration");
    let own = kept.clone();
    let before = std::thread::spawn(move || sign_in(&RunningKiosk::start(&loaded, board, &own).expect("a kiosk")));
    before.join().expect("the clerk is signed in");
    let about = json!({ "centre": centre, "ledger": kept.join("ledger.db") });
    std::fs::write(data.join("demo.json"), about.to_string()).expect("where everything is");
    let (width, height) = display.size;
    let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
    command.arg("kiosk").arg("--config").arg(&config).arg("--data").arg(&kept);
    command.args(["--window", &format!("{width}x{height}")]);
    command.env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    let kiosk = Demo::with(command, dir, display.size);
    display.full_window(PATIENCE);
    kiosk.await_screen("card", 0);
    kiosk
}

/// The sample's `kiosk.toml`, pointed at the test's centre; its folder.
fn configured(centre: &str, centre_data: &Path, dir: &Path) -> PathBuf {
    let sample = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config"));
    let folder = dir.join("config");
    std::fs::create_dir_all(&folder).expect("a folder");
    let text = std::fs::read_to_string(sample.join("kiosk.toml")).expect("the sample");
    let beside = |name: &str| format!("\"{}\"", sample.join(name).display());
    let text = text
        .replace("\"http://127.0.0.1:8700\"", &format!("\"{centre}\""))
        .replace("\"127.0.0.1:8701\"", "\"127.0.0.1:0\"")
        .replace("\"board.toml\"", &beside("board.toml"))
        .replace("\"photos\"", &beside("photos"))
        .replace("heartbeat_seconds = 5", "heartbeat_seconds = 2")
        .replace("player = [\"aplay\", \"-q\"]", "");
    // The test runs at any hour.
    let (before, hours) = text.split_once("[hours]").expect("opening hours");
    let (_, after) = hours.split_once("[local_api]").expect("the local interface");
    std::fs::write(folder.join("kiosk.toml"), format!("{before}[local_api]{after}")).expect("the configuration");
    let code = http::code_for(centre_data, &Terminal::new(3));
    std::fs::write(folder.join("enrol-code.txt"), code).expect("the code");
    folder
}

fn sign_in(kiosk: &RunningKiosk) {
    let handle = kiosk.handle();
    let until = |what: &str, is: &dyn Fn(&View) -> bool| {
        eventually(what, Duration::from_secs(60), || is(&handle.view()).then_some(()));
    };
    until("the centre to take the kiosk in", &|view| view.sync.enrolled);
    handle.send(Event::StaffPanelAsked);
    CLERK.chars().for_each(|digit| handle.send(Event::StaffNoDigit(digit)));
    handle.send(Event::DigitsEntered);
    "2580".chars().for_each(|digit| handle.send(Event::PinDigit(digit)));
    handle.send(Event::DigitsEntered);
    until("the PIN to be taken", &|view| {
        matches!(view.screen, Screen::StaffPanel(StaffPanel::Choices { .. }) | Screen::Card(_))
    });
    handle.send(Event::PanelLeft);
    until("the card", &|view| matches!(view.screen, Screen::Card(_)));
}

/// Share of pixels that differ clearly.
pub fn changed(a: &RgbImage, b: &RgbImage) -> f64 {
    let differ = |(a, b): &(&image::Rgb<u8>, &image::Rgb<u8>)| a.0.iter().zip(b.0).any(|(&x, y)| x.abs_diff(y) > 64);
    a.pixels().zip(b.pixels()).filter(differ).count() as f64 / f64::from(a.width() * a.height())
}

/// The value of an input of a page.
pub fn value_of(page: &str, name: &str) -> String {
    let input = page.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_else(|| panic!("no field {name}: {page}"));
    input.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a value").to_owned()
}

/// Handed on to chores that a test asks for a turn.
pub fn site(town: &Town<'_>) -> Arc<pingyi::centre::site::Site> {
    Arc::clone(&town.running.site)
}
