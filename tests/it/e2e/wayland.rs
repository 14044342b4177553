//! The window under cage, the Wayland compositor for kiosks, as an ordinary user.

use std::os::unix::fs::{PermissionsExt, chown};
use std::process::Command;
use std::time::Duration;

use pingyi::domain::rating::Satisfaction;

use super::demo::Demo;
use super::display::Display;
use super::tools::turn;
use super::wait::eventually;

/// `nobody`: cage refuses to run as root.
const USER: u32 = 65_534;

#[test]
fn under_cage_the_window_comes_up_and_takes_a_tap() {
    let Some(_turn) = turn(&["Xvfb", "cage", "setpriv", "Xwayland"]) else { return };
    let display = Display::xvfb(1280, 800);
    let dir = tempfile::Builder::new().prefix("pingyi-cage").tempdir().expect("a folder");
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).expect("readable");
    let own = |name: &str, mode: u32| {
        let path = dir.path().join(name);
        std::fs::create_dir(&path).expect("a folder");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("its mode");
        if rustix::process::geteuid().is_root() {
            chown(&path, Some(USER), Some(USER)).expect("its owner");
        }
        path
    };
    let (runtime, data) = (own("runtime", 0o700), own("data", 0o700));
    let trace = dir.path().join("trace");
    std::fs::write(&trace, "").expect("a trace");
    std::fs::set_permissions(&trace, std::fs::Permissions::from_mode(0o666)).expect("writable");
    let Some(program) = program_for_others(dir.path()) else { panic!("the program cannot be given to another user") };

    let mut command = if rustix::process::geteuid().is_root() {
        let user = USER.to_string();
        let mut command = Command::new("setpriv");
        command.args(["--reuid", &user, "--regid", &user, "--clear-groups", "cage", "--"]);
        command
    } else {
        let mut command = Command::new("cage");
        command.arg("--");
        command
    };
    command.arg(program).args(["demo", "--data"]).arg(&data);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command.env("DISPLAY", &display.name).env("XDG_RUNTIME_DIR", &runtime).env("HOME", &data);
    command.env("WLR_BACKENDS", "x11").env("WLR_RENDERER", "pixman").env_remove("WAYLAND_DISPLAY");
    let window = || display.biggest_window().filter(|w| w.1.0 > 400);
    let mut size = (1024, 768);
    let demo = {
        let demo = Demo::with(command, dir, size);
        let found = eventually("cage's window", Duration::from_secs(20), window);
        size = found.1;
        demo.resized(size)
    };
    demo.await_screen("card", 0);
    std::thread::sleep(Duration::from_millis(500));
    let (n, seen) = (demo.counted(None), demo.painted().len());
    display.click(demo.face(Satisfaction::Satisfied));
    demo.await_screen("reasons", seen);
    demo.await_counted(n + 1);
}

/// The program at a place where everyone may run it.
fn program_for_others(dir: &std::path::Path) -> Option<std::path::PathBuf> {
    let copy = dir.join("pingyi");
    let program = env!("CARGO_BIN_EXE_pingyi");
    std::fs::hard_link(program, &copy).or_else(|_| std::fs::copy(program, &copy).map(|_| ())).ok()?;
    Some(copy)
}
