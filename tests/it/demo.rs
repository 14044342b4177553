//! `pingyi demo` without a window, as a script meets it.

use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::command_line::pingyi;

/// How long a start may take on a busy machine.
const UP_LIMIT: Duration = Duration::from_secs(120);

pub struct Demo {
    child: Child,
    pub folder: PathBuf,
    about: Value,
}

impl Demo {
    pub fn start(folder: &Path) -> Self {
        let _ = std::fs::remove_file(folder.join("demo.json"));
        let mut command = pingyi();
        command.args(["demo", "--headless", "--data"]).arg(folder);
        // A file, because a pipe that nobody reads would stop the demonstration once it is full.
        let log = std::fs::File::create(log_beside(folder)).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let until = Instant::now() + UP_LIMIT;
        let about = loop {
            if let Ok(json) = std::fs::read(folder.join("demo.json")) {
                break serde_json::from_slice(&json).expect("demo.json is whole whenever it is there");
            }
            if child.try_wait().unwrap().is_some() || Instant::now() > until {
                let _ = child.kill();
                panic!("the demonstration did not come up:\n{}", std::fs::read_to_string(log_beside(folder)).unwrap());
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        Self { child, folder: folder.to_owned(), about }
    }

    pub fn text(&self, key: &str) -> &str {
        self.about[key].as_str().unwrap_or_else(|| panic!("demo.json has no {key}: {}", self.about))
    }

    /// `pingyi stats` by window over the last thirty-one days.
    fn figures(&self) -> Value {
        let today = jiff::Timestamp::now().to_string()[..10].parse::<jiff::civil::Date>().unwrap();
        let (from, to) = (today - jiff::Span::new().days(31), today + jiff::Span::new().days(1));
        let output = pingyi()
            .args(["stats", "--centre", self.text("centre"), "--by", "window", "--format", "json"])
            .args(["--from", &from.to_string(), "--to", &to.to_string()])
            .env("PINGYI_TOKEN", self.text("token"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", told(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub fn end(mut self) -> String {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        let until = Instant::now() + Duration::from_secs(30);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < until, "SIGTERM did not end the demonstration");
            std::thread::sleep(Duration::from_millis(50));
        };
        let log = std::fs::read_to_string(log_beside(&self.folder)).unwrap();
        assert!(status.success(), "{status}:\n{log}");
        log
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Ends it when a test has failed; after `end` there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn log_beside(folder: &Path) -> PathBuf {
    folder.with_extension("log")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn n_of(figures: &Value) -> u64 {
    figures["rows"].as_array().unwrap().iter().filter_map(|row| row["n"].as_u64()).sum()
}

#[test]
fn the_demonstration_comes_up_answers_ends_cleanly_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    let demo = Demo::start(&folder);
    for key in ["centre", "kiosk_api"] {
        assert!(demo.text(key).starts_with("http://127.0.0.1:"), "{}", demo.text(key));
    }
    for key in ["ledger", "board"] {
        assert!(Path::new(demo.text(key)).is_file(), "{}", demo.text(key));
    }
    let before = demo.figures();
    assert!(n_of(&before) > 1_000, "thirty days of history: {before}");
    assert!(before["rows"].as_array().unwrap().len() >= 8);
    let (token, kiosk_token) = (demo.text("token").to_owned(), demo.text("kiosk_token").to_owned());
    let verdict = pingyi().arg("verify").arg(demo.text("ledger")).output().unwrap();
    assert!(verdict.status.success(), "{}", told(&verdict));
    demo.end();

    let again = Demo::start(&folder);
    assert_eq!((again.text("token"), again.text("kiosk_token")), (token.as_str(), kiosk_token.as_str()));
    assert_eq!(n_of(&again.figures()), n_of(&before), "the history is entered once");
    again.end();
}

#[test]
fn a_port_that_is_taken_is_avoided_and_a_folder_in_use_is_refused() {
    let _taken: Vec<_> =
        [8700, 8701].map(|port| std::net::TcpListener::bind(("127.0.0.1", port))).into_iter().collect();
    let dir = tempfile::tempdir().unwrap();
    let demo = Demo::start(dir.path());
    assert!(!demo.text("centre").ends_with(":8700") && !demo.text("kiosk_api").ends_with(":8701"));
    let second = pingyi().args(["demo", "--headless", "--data"]).arg(dir.path()).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(told(&second).contains("another"), "{}", told(&second));
    assert!(demo.folder.join("demo.json").is_file(), "the running one is still announced");
    demo.end();
}

#[test]
fn without_a_display_it_says_what_to_do_and_makes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    let mut command = pingyi();
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(name);
    }
    let output = command.args(["demo", "--data"]).arg(&folder).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("--headless"), "{}", told(&output));
    assert!(!folder.exists());
}
