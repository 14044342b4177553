//! Wakes the flow at the time it wished for, and sleeps otherwise.

use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{Shared, lock};
use crate::kiosk::flow::event::Event;

/// The one wish that counts.
#[derive(Debug, Default)]
pub(super) struct Timer {
    wish: Mutex<Wish>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Wish {
    at_ms: Option<u64>,
    is_over: bool,
}

impl Timer {
    /// Replaces an earlier wish.
    pub fn wake_at(&self, mono_ms: u64) {
        lock(&self.wish).at_ms = Some(mono_ms);
        self.changed.notify_one();
    }

    pub fn stop(&self) {
        lock(&self.wish).is_over = true;
        self.changed.notify_one();
    }

    /// Waits for the wished time and takes the wish; false: it is over.
    fn wait(&self, now_ms: impl Fn() -> u64) -> bool {
        let mut wish = lock(&self.wish);
        loop {
            if wish.is_over {
                return false;
            }
            wish = match wish.at_ms {
                None => self.changed.wait(wish).unwrap_or_else(std::sync::PoisonError::into_inner),
                Some(at_ms) => match at_ms.checked_sub(now_ms()).filter(|left_ms| *left_ms > 0) {
                    None => {
                        wish.at_ms = None;
                        return true;
                    }
                    Some(left_ms) => {
                        let waited = self.changed.wait_timeout(wish, Duration::from_millis(left_ms));
                        waited.unwrap_or_else(std::sync::PoisonError::into_inner).0
                    }
                },
            };
        }
    }
}

pub(super) fn spawn(shared: Arc<Shared>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        while shared.timer.wait(|| shared.now().mono_ms) {
            shared.send(Event::Woke);
        }
    })
}
