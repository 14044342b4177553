//! Touch is touch: real touch events through Xorg, without hardware.

use std::time::{Duration, Instant};

use pingyi::domain::rating::Satisfaction;

use super::demo::Demo;
use super::display::Display;
use super::inputtest::Touch;
use super::tools::{DUMMY, INPUTTEST, turn};
use super::wait::eventually;

struct Hall {
    display: Display,
    touch: Touch,
    demo: Demo,
    _dir: tempfile::TempDir,
}

impl Hall {
    fn open() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let (display, touch) = Display::with_touch(1280, 800, dir.path());
        let demo = Demo::start(&display);
        Self { display, touch, demo, _dir: dir }
    }

    /// Skips what follows a rating and waits for the next visit's card.
    fn next_citizen(&mut self) {
        let seen = self.demo.painted().len();
        if self.demo.painted().last().is_some_and(|s| s == "card") {
            return;
        }
        std::thread::sleep(Duration::from_millis(600));
        self.touch.tap(1, self.demo.skip());
        let seen = self.demo.await_screen("thanks", seen);
        std::thread::sleep(Duration::from_millis(600));
        self.touch.tap(1, self.demo.done());
        self.demo.await_screen("card", seen);
    }

    fn face(&self, level: Satisfaction) -> (f64, f64) {
        self.demo.face(level)
    }

    /// Screens of acknowledgement that were painted: "saved", and the reasons are asked for.
    fn acknowledged(&self) -> usize {
        self.demo.painted().iter().filter(|s| *s == "reasons").count()
    }
}

/// One start for all cases: each ends at a fresh card.
#[test]
fn fingers_palms_and_slow_presses_are_understood() {
    let Some(_turn) = turn(&["Xorg", DUMMY, INPUTTEST]) else { return };
    let mut hall = Hall::open();
    let mut n = hall.demo.counted(None);
    for case in [
        a_slow_sliding_press_counts,
        a_tap_counts_while_a_palm_rests,
        two_fingers_on_two_faces_give_one_rating,
        a_press_from_before_does_not_land_on_the_next_screen,
    ] {
        let tapped = Instant::now();
        case(&mut hall);
        n += 1;
        hall.demo.await_counted(n);
        hall.next_citizen();
        hall.demo.await_next_visit(tapped);
        assert_eq!(hall.demo.counted(None), n, "one rating of one visit");
    }
    a_burst_loses_nothing_and_freezes_nothing(&mut hall, n);
    assert!(hall.demo.running.is_running());
    drop(hall.display);
}

fn a_slow_sliding_press_counts(hall: &mut Hall) {
    let seen = hall.demo.painted().len();
    let (x, y) = hall.face(Satisfaction::BasicallySatisfied);
    hall.touch.slow_slide(1, (x - 15.0, y - 10.0), (x + 15.0, y + 12.0), Duration::from_secs(2));
    hall.demo.await_screen("reasons", seen);
}

fn a_tap_counts_while_a_palm_rests(hall: &mut Hall) {
    let seen = hall.demo.painted().len();
    let palm = hall.demo.nowhere();
    hall.touch.down(1, palm.0, palm.1);
    hall.touch.settle();
    std::thread::sleep(Duration::from_millis(300));
    hall.touch.tap(2, hall.demo.face(Satisfaction::Dissatisfied));
    hall.demo.await_screen("reasons", seen);
    hall.touch.up(1, palm.0, palm.1);
    hall.touch.settle();
}

fn two_fingers_on_two_faces_give_one_rating(hall: &mut Hall) {
    let seen = hall.demo.painted().len();
    let (a, b) = (hall.face(Satisfaction::VerySatisfied), hall.face(Satisfaction::VeryDissatisfied));
    hall.touch.down(1, a.0, a.1);
    hall.touch.down(2, b.0, b.1);
    hall.touch.settle();
    std::thread::sleep(Duration::from_millis(60));
    hall.touch.up(1, a.0, a.1);
    hall.touch.up(2, b.0, b.1);
    hall.touch.settle();
    hall.demo.await_screen("reasons", seen);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(hall.demo.painted().last().map(String::as_str), Some("reasons"), "the second finger did nothing");
}

fn a_press_from_before_does_not_land_on_the_next_screen(hall: &mut Hall) {
    let seen = hall.demo.painted().len();
    // A finger rests where the next screen has its button; another one rates.
    let button = hall.demo.skip();
    hall.touch.down(1, button.0, button.1);
    hall.touch.settle();
    std::thread::sleep(Duration::from_millis(100));
    hall.touch.tap(2, hall.demo.face(Satisfaction::VeryDissatisfied));
    let seen = hall.demo.await_screen("reasons", seen);
    hall.touch.up(1, button.0, button.1);
    hall.touch.settle();
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(hall.demo.painted().len(), seen, "the old finger pressed a new button: {:?}", hall.demo.painted());
}

/// Twenty taps a second on a face, on what follows it and on what follows that.
fn a_burst_loses_nothing_and_freezes_nothing(hall: &mut Hall, before: u64) {
    let (acknowledged, taps) = (hall.acknowledged(), hall.demo.taps().len());
    let targets = [hall.face(Satisfaction::Satisfied), hall.demo.skip(), hall.demo.done()];
    let started = Instant::now();
    for tap in 0..120_u32 {
        let (finger, target) = (1 + tap % 10, targets[tap as usize / 2 % 3]);
        hall.touch.down(finger, target.0, target.1);
        hall.touch.settle();
        std::thread::sleep(Duration::from_millis(15));
        hall.touch.up(finger, target.0, target.1);
        hall.touch.settle();
        let next = Duration::from_millis(50) * (tap + 1);
        std::thread::sleep(next.saturating_sub(started.elapsed()));
    }
    std::thread::sleep(Duration::from_secs(1));
    let seen = hall.demo.painted().len();
    let last = hall.demo.painted().last().cloned().unwrap_or_default();
    hall.touch.tap(1, if last == "card" { targets[0] } else { targets[1] });
    eventually("an answer to a tap after the burst", Duration::from_secs(5), || {
        (hall.demo.painted().len() > seen).then_some(())
    });
    let thanked = hall.acknowledged() - acknowledged;
    let kept = hall.demo.taps().split_off(taps);
    assert!(thanked >= 2, "{thanked} acknowledgements of 120 taps");
    assert!(kept.len() >= thanked, "{thanked} acknowledged, {} in the ledger", kept.len());
    let visits: std::collections::BTreeSet<u64> = kept.iter().map(|(visit, _)| *visit).collect();
    hall.demo.await_counted(before + visits.len() as u64);
}
