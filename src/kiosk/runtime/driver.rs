//! The window's side of the runtime.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Handle;
use crate::kiosk::app::driver::{Changed, Driver};
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::View;

impl Driver for Handle {
    fn view(&self) -> Arc<View> {
        Self::view(self)
    }

    fn send(&self, event: Event) {
        Self::send(self, event);
    }

    fn watch(&self, changed: Changed) {
        // The window is opened once; a second one would not be told.
        let _ = self.0.changed.set(changed);
    }

    fn sized(&self, width_px: u32, height_px: u32) {
        self.0.screen.tell(width_px, height_px);
    }

    /// The timer's thread wakes the flow, which then tells the window.
    fn next_wake(&self) -> Option<Duration> {
        None
    }

    fn take_photos_changed(&self) -> bool {
        self.0.photos_changed.swap(false, Ordering::AcqRel)
    }

    fn take_quit(&self) -> bool {
        self.0.quit.swap(false, Ordering::AcqRel)
    }
}
