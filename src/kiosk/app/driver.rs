//! What the window needs of whoever runs the flow: views out, events in, and a word when to look again.

use std::sync::Arc;
use std::time::Duration;

use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::View;

/// Called from any thread when [`Driver::view`] would answer something new.
pub type Changed = Arc<dyn Fn() + Send + Sync>;

/// Runs the flow for the window. The flow may run on the caller's thread (then [`Driver::next_wake`] says when to call
/// [`Driver::view`] again) or on its own (then it calls [`Changed`] and answers no `next_wake`).
///
/// All of it is called from the window's thread and must not block: commits, argon2 and sockets run elsewhere.
pub trait Driver {
    /// What is to be drawn now. Does first what has become due. Answers the same `Arc` as long as nothing changed, so that
    /// pointers can be compared.
    fn view(&self) -> Arc<View>;

    /// Hands over what happened on the glass. Kept in order; what overflows a bounded queue is dropped, never waited for.
    fn send(&self, event: Event);

    /// Called once, before the first frame.
    fn watch(&self, changed: Changed);

    /// How long from now until `view` may answer something new although nothing happened; none: nothing is pending here.
    fn next_wake(&self) -> Option<Duration>;

    /// The window has so many pixels.
    fn sized(&self, _width_px: u32, _height_px: u32) {}

    /// True once after portraits came that may have been missing before.
    fn take_photos_changed(&self) -> bool {
        false
    }

    /// True once after the flow's `Quit`: the only way by which the window closes.
    fn take_quit(&self) -> bool;
}
