//! The README's first command: a window that takes ratings, and a tap in it is in `pingyi stats` within ten seconds.

use pingyi::domain::rating::Satisfaction;
use pingyi::ledger::ticket::Ticket;

use super::demo::Demo;
use super::display::Display;
use super::tools::{keep_screen, read_qr, turn};

#[test]
fn a_tap_in_the_window_appears_in_the_statistics() {
    let Some(_turn) = turn(&["Xvfb", "zbarimg"]) else { return };
    let display = Display::xvfb(1280, 800);
    let demo = Demo::start(&display);
    let before = demo.counted(None);
    assert!(before > 1_000, "thirty days of sample history are there: {before}");
    keep_screen(&display, "card");
    let on_card = read_qr(&display.screenshot()).expect("a code on the card");
    assert!(!ticket(&on_card).rated);

    let seen = demo.painted().len();
    display.click(demo.face(Satisfaction::Satisfied));
    let seen = demo.await_screen("reasons", seen);
    keep_screen(&display, "reasons");
    demo.await_counted(before + 1);
    display.click(demo.skip());
    let seen = demo.await_screen("thanks", seen);
    keep_screen(&display, "thanks");
    let on_thanks = read_qr(&display.screenshot()).expect("a code on the thanks screen");
    assert!(ticket(&on_thanks).rated, "the phone is asked for words, not for a second rating");
    assert_eq!(ticket(&on_thanks).visit, ticket(&on_card).visit);
    assert_eq!(demo.counted(None), before + 1);
    assert!(seen > 0);
}

/// The ticket in a code's address, which is all capitals.
fn ticket(address: &str) -> Ticket {
    assert!(address.starts_with("HTTP://") && address == address.to_ascii_uppercase(), "{address}");
    let text = address.split("/T/").nth(1).expect("a ticket in the address");
    Ticket::parse(text).expect("a ticket").unverified()
}
