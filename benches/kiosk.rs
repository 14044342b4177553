//! The kiosk's window against Chromium showing an equal page, interleaved in one display without a GPU:
//! start to the first painted card, memory, tap to the painted answer, and what idling costs.
//!
//! `cargo bench --bench kiosk`, on a machine with Xvfb and chromium. Absolute times mean little on a shared machine; the
//! ratios are what is meant. The kiosk commits each tap to its ledger with an fsync before it answers; the page does not.

#[path = "../tests/it/e2e/display.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod display;
#[path = "../tests/it/e2e/inputtest.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod inputtest;
#[path = "../tests/it/e2e/process.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod process;
#[path = "../tests/it/e2e/wait.rs"]
mod wait;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use display::Display;
use egui::vec2;
use image::Rgb;
use pingyi::kiosk::ui::layout::{Layout, fit};
use process::Running;

const SIZE: (u32, u32) = (1920, 1080);
const ROUNDS: usize = 5;
const TAPS: usize = 6;
const IDLE: Duration = Duration::from_secs(10);
const LIMIT: Duration = Duration::from_secs(60);

/// One contender: how it is started, and what is known of its pictures.
struct Contender {
    name: &'static str,
    command: Box<dyn Fn() -> Command>,
    /// What its card shows at the watched place once all is drawn; learnt in the first round.
    card: Option<Rgb<u8>>,
    figures: Figures,
}

#[derive(Default)]
struct Figures {
    start_ms: Vec<f64>,
    start_cpu_ms: Vec<f64>,
    memory_mb: Vec<f64>,
    tap_ms: Vec<f64>,
    idle_ms_per_minute: Vec<f64>,
}

/// Pixels that are pressed or watched.
#[derive(Clone, Copy)]
struct Places {
    /// A level's tile.
    face: (f64, f64),
    /// In the portrait; shows something else on the next screen.
    watched: (u32, u32),
    /// “Skip” after a rating, and “done” after the thanks.
    skip: (f64, f64),
    done: (f64, f64),
}

fn main() {
    for tool in ["Xvfb", "chromium"] {
        let found =
            std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).any(|d| d.join(tool).is_file());
        if !found {
            println!("skipped: no {tool}");
            return;
        }
    }
    let dir = tempfile::tempdir().expect("a folder");
    let config = prepare(dir.path());
    let page = write_page(dir.path());
    let data = dir.path().join("demo/kiosk");
    let profile = dir.path().join("profile");
    let mut contenders = [
        Contender {
            name: "pingyi",
            command: Box::new(move || {
                let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
                command.args(["kiosk", "--window", "1920x1080"]).arg("--config").arg(&config).arg("--data").arg(&data);
                command
            }),
            card: None,
            figures: Figures::default(),
        },
        Contender {
            name: "chromium",
            command: Box::new(move || {
                let mut command = Command::new("chromium");
                command.args(["--kiosk", "--no-sandbox", "--no-first-run", "--disable-gpu", "--noerrdialogs"]);
                command.arg("--window-size=1920,1080").arg("--window-position=0,0");
                command.arg(format!("--user-data-dir={}", profile.display())).arg(&page);
                command
            }),
            card: None,
            figures: Figures::default(),
        },
    ];
    let display = Display::xvfb(SIZE.0, SIZE.1);
    let places = places();
    // The first start of each fills caches and profiles; it is not counted.
    for round in 0..=ROUNDS {
        for contender in &mut contenders {
            let figures = run(&display, contender, places);
            if round > 0 {
                contender.figures.take(figures);
            }
        }
        eprintln!("round {round} of {ROUNDS}");
    }
    report(&contenders[0].figures, &contenders[1].figures);
}

fn run(display: &Display, contender: &mut Contender, places: Places) -> Figures {
    let mut figures = Figures::default();
    let blank = pixel(display, places.watched);
    let mut command = (contender.command)();
    command.env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let running = Running::start(command);
    let group = running.child.id();
    await_pixel(display, contender.name, places.watched, |p| contender.card.map_or(p != blank, |card| p == card));
    figures.start_ms.push(millis(started.elapsed()));
    figures.start_cpu_ms.push(cpu_ms(group));
    std::thread::sleep(Duration::from_secs(2));
    let shown = pixel(display, places.watched);
    contender.card = Some(shown);
    for _ in 0..TAPS {
        figures.tap_ms.push(tap(display, contender.name, places, shown));
    }
    std::thread::sleep(Duration::from_secs(1));
    figures.memory_mb.push(memory_mb(group));
    let before = cpu_ms(group);
    std::thread::sleep(IDLE);
    figures.idle_ms_per_minute.push((cpu_ms(group) - before) * 60.0 / IDLE.as_secs_f64());
    drop(running);
    await_pixel(display, contender.name, places.watched, |p| p == blank);
    figures
}

/// Presses a level, measures until the picture changes, and goes back to the card.
fn tap(display: &Display, name: &str, places: Places, card: Rgb<u8>) -> f64 {
    display.press(places.face);
    std::thread::sleep(Duration::from_millis(60));
    display.lift();
    let lifted = Instant::now();
    await_pixel(display, name, places.watched, |p| p != card);
    let took = millis(lifted.elapsed());
    std::thread::sleep(Duration::from_millis(400));
    display.click(places.skip);
    std::thread::sleep(Duration::from_millis(600));
    if pixel(display, places.watched) != card {
        display.click(places.done);
    }
    await_pixel(display, name, places.watched, |p| p == card);
    std::thread::sleep(Duration::from_millis(700));
    took
}

fn await_pixel(display: &Display, name: &str, at: (u32, u32), wanted: impl Fn(Rgb<u8>) -> bool) -> Rgb<u8> {
    let started = Instant::now();
    loop {
        let found = pixel(display, at);
        if wanted(found) {
            return found;
        }
        assert!(started.elapsed() < LIMIT, "{name}: the picture did not change in {LIMIT:?}; it is {found:?}");
        std::thread::sleep(Duration::from_micros(500));
    }
}

fn pixel(display: &Display, (x, y): (u32, u32)) -> Rgb<u8> {
    *display.part(x, y, 1, 1).get_pixel(0, 0)
}

fn places() -> Places {
    let (class, scale) = fit(vec2(SIZE.0 as f32, SIZE.1 as f32));
    let layout = Layout { class, senior: false, size: vec2(SIZE.0 as f32, SIZE.1 as f32) / scale };
    let middle = |r: egui::Rect| (f64::from(r.center().x * scale), f64::from(r.center().y * scale));
    let card = layout.card();
    let photo = middle(layout.card_panel(card.panel).photo);
    Places {
        face: middle(card.ratings[1]),
        watched: (photo.0 as u32, photo.1 as u32),
        skip: middle(layout.reasons().secondary.union(layout.reasons().primary)),
        done: middle(right_half(layout.thanks().done)),
    }
}

/// "Change my rating" may stand in the other one.
fn right_half(rect: egui::Rect) -> egui::Rect {
    egui::Rect::from_min_max(egui::pos2(rect.center().x, rect.min.y), rect.max)
}

/// A kiosk that is enrolled and has somebody on duty, as the demonstration leaves it; and a configuration that uses it.
fn prepare(dir: &Path) -> PathBuf {
    let demo = dir.join("demo");
    let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
    command.args(["demo", "--headless", "--data"]).arg(&demo).stdout(Stdio::null()).stderr(Stdio::null());
    let running = Running::start(command);
    let started = Instant::now();
    while !demo.join("demo.json").exists() {
        assert!(started.elapsed() < LIMIT, "the demonstration did not come up");
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(running);
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config");
    let config = dir.join("config");
    std::fs::create_dir(&config).expect("a folder");
    std::fs::copy(sample.join("board.toml"), config.join("board.toml")).expect("the sample board");
    std::os::unix::fs::symlink(sample.join("photos"), config.join("photos")).expect("the sample portraits");
    let toml = std::fs::read_to_string(sample.join("kiosk.toml")).expect("the sample configuration");
    std::fs::write(config.join("kiosk.toml"), without_sections(&toml, &["centre", "hours", "local_api", "sound"]))
        .expect("a configuration");
    config
}

fn without_sections(toml: &str, names: &[&str]) -> String {
    let mut keep = true;
    let mut out = String::new();
    for line in toml.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.split(']').next()) {
            keep = !names.contains(&name);
        }
        if keep {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// A page that shows the same and changes in the same way, with nothing else in it.
fn write_page(dir: &Path) -> PathBuf {
    let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config/photos/0005.png");
    let places = places();
    let levels = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"];
    let tiles: String = levels.iter().map(|l| format!("<button>{l}</button>")).collect();
    let page = format!(
        r#"<!doctype html><meta charset="utf-8"><style>
body{{margin:0;background:#f6f1e7;font:32px sans-serif;color:#221a17;overflow:hidden}}
header{{background:#9e1b20;color:#fff;padding:24px 48px}}
img{{position:absolute;left:{left}px;top:{top}px;width:240px;height:320px;object-fit:cover}}
.who{{position:absolute;left:800px;top:260px}}
.levels{{position:absolute;left:48px;right:48px;bottom:48px;display:grid;grid-template-columns:repeat(5,1fr);gap:16px}}
button{{height:260px;font:inherit;border:2px solid #8a7c6d;border-radius:16px;background:#fffdf9}}
</style><header>青岚市政务服务中心</header>
<div id="card"><img src="file://{photo}"><div class="who"><h1>陈静文</h1><p>工号 0005</p><p>首问负责，一次告知</p><p>依法办理，限时办结</p></div>
<div class="levels">{tiles}</div></div>
<div id="next" hidden><h1>请选择原因</h1><p>办得快　态度热情　业务熟练　讲得明白</p></div>
<script>
let open = true;
addEventListener("click", e => {{
  if (open && e.target.tagName !== "BUTTON") return;
  open = !open;
  document.getElementById("card").hidden = !open;
  document.getElementById("next").hidden = open;
}});
</script>"#,
        left = places.watched.0 - 120,
        top = places.watched.1 - 160,
        photo = photo.display(),
    );
    let file = dir.join("page.html");
    std::fs::write(&file, page).expect("a page");
    file
}

impl Figures {
    fn take(&mut self, other: Self) {
        self.start_ms.extend(other.start_ms);
        self.start_cpu_ms.extend(other.start_cpu_ms);
        self.memory_mb.extend(other.memory_mb);
        self.tap_ms.extend(other.tap_ms);
        self.idle_ms_per_minute.extend(other.idle_ms_per_minute);
    }
}

fn report(ours: &Figures, theirs: &Figures) {
    println!("{:<28}{:>12}{:>12}{:>10}{:>6}", "median", "pingyi", "chromium", "ratio", "n");
    let line = |name: &str, a: &[f64], b: &[f64]| {
        let (x, y) = (median(a), median(b));
        println!("{name:<28}{x:>12.1}{y:>12.1}{:>10.2}{:>6}", x / y, a.len());
    };
    line("start to card, ms", &ours.start_ms, &theirs.start_ms);
    line("CPU at start, ms", &ours.start_cpu_ms, &theirs.start_cpu_ms);
    line("memory (PSS), MB", &ours.memory_mb, &theirs.memory_mb);
    line("tap to painted answer, ms", &ours.tap_ms, &theirs.tap_ms);
    line("the slowest tap, ms", &[highest(&ours.tap_ms)], &[highest(&theirs.tap_ms)]);
    line("idle CPU, ms a minute", &ours.idle_ms_per_minute, &theirs.idle_ms_per_minute);
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn highest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NAN, f64::max)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Processes of a group.
fn members(group: u32) -> Vec<u32> {
    let pids = std::fs::read_dir("/proc").expect("/proc").filter_map(|e| e.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(|&pid| stat(pid).is_some_and(|s| s.get(2).is_some_and(|g| *g == group.to_string()))).collect()
}

/// Fields of `/proc/PID/stat` after the name: state, parent, group …
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(text.rsplit(')').next()?.split_whitespace().map(str::to_owned).collect())
}

/// User and system time of a group's living processes, in steps of 10 ms.
fn cpu_ms(group: u32) -> f64 {
    let ticks = |pid| -> Option<f64> {
        let fields = stat(pid)?;
        Some(fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?)
    };
    members(group).into_iter().filter_map(ticks).sum::<f64>() * 10.0
}

/// Proportional set size of a group.
fn memory_mb(group: u32) -> f64 {
    let pss = |pid| -> Option<f64> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        text.lines().find(|l| l.starts_with("Pss:"))?.split_whitespace().nth(1)?.parse().ok()
    };
    members(group).into_iter().filter_map(pss).sum::<f64>() / 1_024.0
}
