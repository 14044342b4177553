//! Nobody leaves the kiosk by keyboard or by what a window manager asks.

use std::time::Duration;

use pingyi::domain::rating::Satisfaction;

use super::demo::Demo;
use super::display::Display;
use super::tools::turn;

const KEYS: [&str; 10] =
    ["ctrl+q", "alt+F4", "ctrl+w", "ctrl+plus", "ctrl+minus", "ctrl+0", "F11", "Escape", "alt+Tab", "super"];

#[test]
fn keys_and_close_requests_do_nothing() {
    let Some(_turn) = turn(&["Xvfb", "xdotool"]) else { return };
    let display = Display::xvfb(1280, 800);
    let mut demo = Demo::start(&display);
    let window = display.full_window(Duration::from_secs(5));
    display.focus(window);
    // The portrait is decoded beside the first frame.
    std::thread::sleep(Duration::from_millis(1_500));
    let before = display.screenshot();
    for key in KEYS {
        display.key(key);
    }
    display.key("ctrl+plus");
    for _ in 0..3 {
        display.ask_to_close(window);
    }
    std::thread::sleep(Duration::from_millis(1_500));
    assert!(demo.running.is_running(), "{}", demo.log());
    assert!(display.is_visible(window));
    let after = display.screenshot();
    let changed = before.pixels().zip(after.pixels()).filter(|(a, b)| a != b).count();
    // The clock's minute may pass and the code may be drawn anew; a zoom would move everything.
    let all = before.pixels().len();
    assert!(changed < all / 20, "{changed} of {all} pixels changed");
    let (n, seen) = (demo.counted(None), demo.painted().len());
    display.click(demo.face(Satisfaction::Satisfied));
    demo.await_screen("reasons", seen);
    demo.await_counted(n + 1);
}
