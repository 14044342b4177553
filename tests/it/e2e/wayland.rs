//! The window under cage, the Wayland compositor for kiosks, as an ordinary user, with real fingers.
//!
//! cage 0.1 never tells where a frame of touches ends, and the window's library keeps every touch back until then or until
//! the last finger has left: behind a palm that rests on the glass each tap would wait. Through Xwayland, as
//! `kiosk-config/linux/pingyi-kiosk.service` starts it, each finger counts at once.

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use pingyi::domain::rating::Satisfaction;

use super::demo::Demo;
use super::display::Display;
use super::inputtest::Touch;
use super::tools::{DUMMY, INPUTTEST, turn};
use super::wait::eventually;

/// `nobody`: cage refuses to run as root.
const USER: u32 = 65_534;
const TOOLS: [&str; 6] = ["Xorg", DUMMY, INPUTTEST, "cage", "setpriv", "Xwayland"];
/// cage's own window, before it is asked.
const SIZE: (u32, u32) = (1024, 768);

#[test]
fn by_wayland_the_window_comes_up_and_takes_a_finger() {
    let Some(_turn) = turn(&TOOLS) else { return };
    let (demo, mut touch, _display) = under_cage("DISPLAY");
    let (n, seen) = (demo.counted(None), demo.painted().len());
    touch.tap(1, demo.face(Satisfaction::Satisfied));
    demo.await_screen("reasons", seen);
    demo.await_counted(n + 1);
}

#[test]
fn by_xwayland_a_tap_counts_while_a_palm_rests() {
    let Some(_turn) = turn(&TOOLS) else { return };
    let (demo, mut touch, _display) = under_cage("WAYLAND_DISPLAY");
    let (n, seen) = (demo.counted(None), demo.painted().len());
    let palm = demo.nowhere();
    touch.down(1, palm.0, palm.1);
    touch.settle();
    touch.tap(2, demo.face(Satisfaction::Dissatisfied));
    demo.await_screen("reasons", seen);
    demo.await_counted(n + 1);
}

#[test]
fn the_unit_that_ships_goes_the_way_that_was_tried() {
    let unit = include_str!("../../../kiosk-config/linux/pingyi-kiosk.service");
    let start = unit.lines().find(|l| l.starts_with("ExecStart=")).expect("a command");
    assert!(start.starts_with("ExecStart=/usr/bin/cage -d -- /usr/bin/env -u WAYLAND_DISPLAY "), "{start}");
}

/// The demonstration under cage within Xorg, without the variable `hidden`, so that it has only the other way to a window.
fn under_cage(hidden: &str) -> (Demo, Touch, Display) {
    let dir = tempfile::Builder::new().prefix("pingyi-cage").tempdir().expect("a folder");
    set_mode(dir.path(), 0o755);
    let (display, touch) = Display::with_touch(1280, 800, dir.path());
    let command = command(dir.path(), &display.name, hidden);
    let demo = Demo::with(command, dir, SIZE);
    let window = || display.biggest_window().filter(|w| w.1.0 > 400);
    let (_, size) = eventually("cage's window", Duration::from_secs(20), window);
    let demo = demo.resized(size);
    demo.await_screen("card", 0);
    std::thread::sleep(Duration::from_millis(500));
    (demo, touch, display)
}

fn command(dir: &Path, display: &str, hidden: &str) -> Command {
    let (runtime, data) = (folder_of_the_user(dir, "runtime"), folder_of_the_user(dir, "data"));
    let trace = dir.join("trace");
    std::fs::write(&trace, "").expect("a trace");
    set_mode(&trace, 0o666);
    let user = USER.to_string();
    let cage = ["setpriv", "--reuid", &user, "--regid", &user, "--clear-groups", "cage", "--", "env", "-u", hidden];
    // An ordinary user needs none of the first words.
    let cage = if rustix::process::geteuid().is_root() { &cage[..] } else { &cage[6..] };
    let mut command = Command::new(cage[0]);
    command.args(&cage[1..]).arg(program_for_others(dir)).args(["demo", "--data"]).arg(&data);
    command.current_dir(dir).env("PINGYI_ASSETS", dir.join("assets"));
    command.env("DISPLAY", display).env("XDG_RUNTIME_DIR", &runtime).env("HOME", &data);
    command.env("WLR_BACKENDS", "x11").env("WLR_RENDERER", "pixman").env_remove("WAYLAND_DISPLAY");
    command
}

fn folder_of_the_user(dir: &Path, name: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::create_dir(&path).expect("a folder");
    set_mode(&path, 0o700);
    if rustix::process::geteuid().is_root() {
        chown(&path, Some(USER), Some(USER)).expect("its owner");
    }
    path
}

/// The program and what it reads, at a place where everyone may read it.
fn program_for_others(dir: &Path) -> PathBuf {
    let copy = dir.join("pingyi");
    std::fs::copy(env!("CARGO_BIN_EXE_pingyi"), &copy).expect("a copy of the program");
    for folder in ["kiosk-config", "assets"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let done = Command::new("cp").arg("-r").arg(from).arg(dir).status().expect("cp");
        assert!(done.success(), "{folder} was not copied");
    }
    copy
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("its mode");
}
