//! `pingyi demo` in a window, as the README's first command starts it, and what can be seen of it from outside.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use egui::vec2;
use pingyi::domain::rating::Satisfaction;
use pingyi::kiosk::ui::layout::{Layout, fit};
use serde_json::Value;
use tempfile::TempDir;

use super::display::Display;
use super::process::Running;
use super::wait::eventually;

/// A start makes thirty days of history, in a build without optimisation.
const UP_LIMIT: Duration = Duration::from_secs(120);
/// A tap is in the statistics within this time.
pub const COUNTED_WITHIN: Duration = Duration::from_secs(10);
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

    /// The middle of a level's tile, in pixels.
    pub fn face(&self, level: Satisfaction) -> (f64, f64) {
        // The sample hall shows the best level first.
        let tile = self.layout().card().ratings[usize::from(5 - level.level())];
        self.middle(tile)
    }

    /// “Skip” on the screen of reasons.
    pub fn skip(&self) -> (f64, f64) {
        self.middle(self.layout().reasons().secondary)
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
