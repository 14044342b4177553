//! `pingyi demo` in a window, as the README's first command starts it, and what can be seen of it from outside.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use egui::vec2;
use pingyi::domain::rating::Satisfaction;
use pingyi::kiosk::ui::layout::{Layout, fit};
use pingyi::ledger::entry::{Body, Entry};
use serde_json::Value;
use tempfile::TempDir;

use super::display::Display;
use super::process::Running;
use super::wait::eventually;

/// A start makes thirty days of history, in a build without optimisation.
const UP_LIMIT: Duration = Duration::from_secs(120);
/// A tap is in the statistics within this time.
pub const COUNTED_WITHIN: Duration = Duration::from_secs(10);
/// So long after a rating another tap on the card changes it.
const SECOND_TAP: Duration = Duration::from_secs(15);
/// How long a screen may take to come.
const SCREEN_LIMIT: Duration = Duration::from_secs(10);

/// A running demonstration; all of it ends with the value.
pub struct Demo {
    pub running: Running,
    pub about: Value,
    dir: TempDir,
    size: (u32, u32),
}

impl Demo {
    /// Starts it in a window as large as the display, and waits for `demo.json` and the card.
    pub fn start(display: &Display) -> Self {
        let dir = TempDir::new().expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
        let (width, height) = display.size;
        command.args(["demo", "--window", &format!("{width}x{height}"), "--data"]).arg(dir.path().join("data"));
        command.env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
        let demo = Self::with(command, dir, display.size);
        display.full_window(SCREEN_LIMIT);
        demo.await_screen("card", 0);
        demo
    }

    /// Starts `command`, which keeps its data in `data` of `dir`.
    pub fn with(mut command: Command, dir: TempDir, size: (u32, u32)) -> Self {
        let log = std::fs::File::create(dir.path().join("log")).expect("a log");
        command.env("PINGYI_TRACE_FRAMES", dir.path().join("trace"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut running = Running::start(command);
        let file = dir.path().join("data/demo.json");
        let started = Instant::now();
        let about = loop {
            if let Ok(json) = std::fs::read(&file) {
                break serde_json::from_slice(&json).expect("demo.json is whole whenever it is there");
            }
            let late = started.elapsed() > UP_LIMIT;
            assert!(running.is_running() && !late, "the demonstration did not come up:\n{}", log_of(dir.path()));
            std::thread::sleep(Duration::from_millis(100));
        };
        Self { running, about, dir, size }
    }

    /// The same, drawn at another size.
    #[must_use]
    pub fn resized(self, size: (u32, u32)) -> Self {
        Self { size, ..self }
    }

    pub fn text(&self, key: &str) -> &str {
        self.about[key].as_str().unwrap_or_else(|| panic!("demo.json has no {key}: {}", self.about))
    }

    /// Ratings counted, of a channel or of all, as `pingyi stats` prints them.
    pub fn counted(&self, channel: Option<&str>) -> u64 {
        let today = jiff::Timestamp::now().to_string()[..10].parse::<jiff::civil::Date>().expect("today");
        let (from, to) = (today - jiff::Span::new().days(40), today + jiff::Span::new().days(1));
        let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
        command.args(["stats", "--centre", self.text("centre"), "--by", "month", "--format", "json"]);
        command.args(["--from", &from.to_string(), "--to", &to.to_string()]);
        if let Some(channel) = channel {
            command.args(["--where", &format!("channel={channel}")]);
        }
        let output = command.env("PINGYI_TOKEN", self.text("token")).output().expect("pingyi stats");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let rows = answer["rows"].as_array().expect("rows");
        rows.iter().map(|row| row["n"].as_u64().unwrap_or(0)).sum()
    }

    /// Waits until so many ratings are counted.
    #[track_caller]
    pub fn await_counted(&self, wanted: u64) {
        let seen = || {
            let n = self.counted(None);
            assert!(n <= wanted, "{n} ratings are counted, {wanted} were given");
            (n == wanted).then_some(())
        };
        eventually(&format!("{wanted} counted ratings"), COUNTED_WITHIN, seen);
    }

    /// Screens that have been painted, in order.
    pub fn painted(&self) -> Vec<String> {
        let trace = std::fs::read_to_string(self.dir.path().join("trace")).unwrap_or_default();
        let screen = |line: &str| line.split(' ').skip_while(|w| *w != "painted").nth(1).map(str::to_owned);
        trace.lines().filter_map(screen).collect()
    }

    /// Waits until `screen` is painted after the first `from` paintings; how many there are then.
    #[track_caller]
    pub fn await_screen(&self, screen: &str, from: usize) -> usize {
        eventually(&format!("the screen {screen}"), SCREEN_LIMIT, || {
            let painted = self.painted();
            painted.iter().skip(from).any(|s| s == screen).then_some(painted.len())
        })
    }

    /// What stands in the kiosk's ledger.
    pub fn entries(&self) -> Vec<Entry> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let ledger = rusqlite::Connection::open_with_flags(self.text("ledger"), flags).expect("the ledger");
        let mut rows = ledger.prepare("SELECT bytes FROM entry ORDER BY epoch, seq").expect("entries");
        let bytes = rows.query_map([], |r| r.get::<_, Vec<u8>>(0)).expect("entries");
        bytes.map(|b| Entry::from_bytes(&b.expect("bytes")).expect("an entry")).collect()
    }

    /// Visit and level of each tap in the ledger: ratings, and changed minds.
    pub fn taps(&self) -> Vec<(u64, Satisfaction)> {
        let tap = |entry: Entry| match entry.body {
            Body::Rated(rated) | Body::Revised(rated) => Some((rated.visit, rated.level)),
            _ => None,
        };
        self.entries().into_iter().filter_map(tap).collect()
    }

    /// Waits until the visit whose rating was given at `tapped` is over, so that the next tap is another citizen's.
    pub fn await_next_visit(&self, tapped: Instant) {
        let rest = SECOND_TAP + Duration::from_millis(500);
        std::thread::sleep(rest.saturating_sub(tapped.elapsed()));
        eventually("the next visit's opening", SCREEN_LIMIT, || {
            let entries = self.entries();
            let last = entries.iter().rev().find_map(|e| match &e.body {
                Body::Rated(_) | Body::Revised(_) => Some(false),
                Body::VisitOpened(_) => Some(true),
                _ => None,
            });
            (last == Some(true)).then_some(())
        });
    }

    /// The middle of a level's tile, in pixels.
    pub fn face(&self, level: Satisfaction) -> (f64, f64) {
        // The sample hall shows the best level first.
        let tile = self.layout().card().ratings[usize::from(5 - level.level())];
        self.middle(tile)
    }

    /// “Skip” on the screen of reasons: the middle one of three buttons while a rating may be revised.
    pub fn skip(&self) -> (f64, f64) {
        let places = self.layout().reasons();
        self.middle(places.secondary.union(places.primary))
    }

    /// “Done” on the thanks.
    pub fn done(&self) -> (f64, f64) {
        // The right half: "change my rating" may stand in the other one.
        let mut half = self.layout().thanks().done;
        half.min.x = half.center().x;
        self.middle(half)
    }

    /// Where the card has the pledges: left, top, width and height in pixels.
    pub fn pledges(&self) -> [u32; 4] {
        let layout = self.layout();
        self.pixels(layout.card_panel(layout.card().panel).pledges)
    }

    /// Where the card says who serves here, with their badges.
    pub fn identity(&self) -> [u32; 4] {
        let layout = self.layout();
        self.pixels(layout.card_panel(layout.card().panel).identity)
    }

    fn pixels(&self, rect: egui::Rect) -> [u32; 4] {
        let rect = rect * fit(vec2(self.size.0 as f32, self.size.1 as f32)).1;
        [rect.min.x, rect.min.y, rect.width(), rect.height()].map(|v| v as u32)
    }

    /// A place on the card where nothing can be pressed.
    pub fn nowhere(&self) -> (f64, f64) {
        let photo = self.layout().card().panel;
        (f64::from(photo.min.x) + 60.0, f64::from(photo.min.y) + 80.0)
    }

    pub fn log(&self) -> String {
        log_of(self.dir.path())
    }

    fn layout(&self) -> Layout {
        let pixels = vec2(self.size.0 as f32, self.size.1 as f32);
        let (class, scale) = fit(pixels);
        Layout { class, senior: false, size: pixels / scale }
    }

    fn middle(&self, rect: egui::Rect) -> (f64, f64) {
        let scale = fit(vec2(self.size.0 as f32, self.size.1 as f32)).1;
        (f64::from(rect.center().x * scale), f64::from(rect.center().y * scale))
    }
}

fn log_of(dir: &Path) -> String {
    std::fs::read_to_string(dir.join("log")).unwrap_or_default()
}
