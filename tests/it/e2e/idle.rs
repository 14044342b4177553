//! Idle costs nothing: no repaint without a reason.

use std::time::Duration;

use super::demo::Demo;
use super::display::Display;
use super::tools::turn;

/// Ticks of 10 ms in ten seconds, centre and kiosk together, without optimisation. One frame a second alone would cost
/// several times as much without a GPU.
const MAX_TICKS: u64 = 30;

#[test]
fn a_card_that_nobody_touches_costs_next_to_nothing() {
    let Some(_turn) = turn(&["Xvfb"]) else { return };
    let display = Display::xvfb(1280, 800);
    let demo = Demo::start(&display);
    // What starts slowly may end: glyphs made ready, the first board, the history's roll-ups.
    std::thread::sleep(Duration::from_secs(5));
    let least = (0..2).map(|_| ticks_in(&demo, Duration::from_secs(10))).min().unwrap_or(u64::MAX);
    assert!(least <= MAX_TICKS, "{least} ticks of 10 ms in 10 s");
}

fn ticks_in(demo: &Demo, time: Duration) -> u64 {
    let before = ticks(demo.running.child.id());
    std::thread::sleep(time);
    ticks(demo.running.child.id()) - before
}

/// User and system time of a process and its threads.
fn ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process's figures");
    let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
    fields[11].parse::<u64>().expect("user ticks") + fields[12].parse::<u64>().expect("system ticks")
}
