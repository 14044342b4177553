//! Tools of the machine that these tests need. A missing one skips a test here and fails it where `PINGYI_CI=1`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use image::RgbImage;

/// Drivers of Xorg: a screen in memory, and a touch screen that a test moves.
pub const DUMMY: &str = "/usr/lib/xorg/modules/drivers/dummy_drv.so";
pub const INPUTTEST: &str = "/usr/lib/xorg/modules/input/inputtest_drv.so";

/// One test at a time: they share two cores, and some of them measure.
static TURN: Mutex<()> = Mutex::new(());

/// The test's turn, if every tool is there.
///
/// Panics where `PINGYI_CI=1` and a tool is missing.
pub fn turn(tools: &[&str]) -> Option<MutexGuard<'static, ()>> {
    for tool in tools {
        if !is_there(tool) {
            assert!(std::env::var("PINGYI_CI").as_deref() != Ok("1"), "{tool} is missing");
            println!("skipped: no {tool}");
            eprintln!("skipped: no {tool}");
            return None;
        }
    }
    // A test that failed says nothing about the next one's turn.
    Some(TURN.lock().unwrap_or_else(PoisonError::into_inner))
}

fn is_there(tool: &str) -> bool {
    if tool.starts_with('/') {
        return Path::new(tool).exists();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).chain(["/usr/sbin".into()]).any(|dir| dir.join(tool).is_file())
}

/// The text of the QR code in a picture, read by zbar.
pub fn read_qr(picture: &RgbImage) -> Option<String> {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("screen.png");
    picture.save(&file).expect("a PNG file");
    let out = Command::new("zbarimg")
        .args(["--quiet", "--raw", "--oneshot", "-Sdisable", "-Sqrcode.enable"])
        .arg(&file)
        .stderr(Stdio::null())
        .output()
        .expect("zbarimg");
    let text = String::from_utf8(out.stdout).expect("text in the code").trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Keeps a picture of the screen for people to look at, where `PINGYI_SCREENSHOTS` names a folder.
pub fn keep_screen(display: &super::display::Display, name: &str) {
    if let Some(dir) = std::env::var_os("PINGYI_SCREENSHOTS") {
        let dir = Path::new(&dir).join("window");
        std::fs::create_dir_all(&dir).expect("the folder");
        display.screenshot().save(dir.join(format!("{name}.png"))).expect("a picture");
    }
}
