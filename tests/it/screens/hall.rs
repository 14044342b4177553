//! A small hall behind the window: a commit takes as long as it is told to, and everything else happens at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use pingyi::kiosk::app::driver::{Changed, Driver};
use pingyi::kiosk::flow::event::Event;
use pingyi::kiosk::flow::view::{Screen, View};

use super::samples;

#[derive(Clone)]
pub struct Hall {
    inner: Arc<Inner>,
}

struct Inner {
    commit: Duration,
    view: Mutex<Arc<View>>,
    changed: OnceLock<Changed>,
    events: Mutex<Vec<String>>,
    has_quit: AtomicBool,
}

impl Hall {
    pub fn new(commit: Duration) -> Self {
        let view = Mutex::new(Arc::new(samples::view(Screen::Card(samples::card()))));
        let (changed, events) = (OnceLock::new(), Mutex::default());
        let has_quit = AtomicBool::new(false);
        Self { inner: Arc::new(Inner { commit, view, changed, events, has_quit }) }
    }

    pub fn events(&self) -> Vec<String> {
        self.inner.events.lock().unwrap().clone()
    }

    pub fn quit(&self) {
        self.inner.has_quit.store(true, Ordering::Release);
    }

    fn show(&self, screen: Screen) {
        let mut view = self.inner.view.lock().unwrap();
        *view = Arc::new(View { screen, generation: view.generation + 1, ..(**view).clone() });
        drop(view);
        if let Some(changed) = self.inner.changed.get() {
            changed();
        }
    }
}

impl Driver for Hall {
    fn view(&self) -> Arc<View> {
        Arc::clone(&self.inner.view.lock().unwrap())
    }

    fn send(&self, event: Event) {
        self.inner.events.lock().unwrap().push(format!("{event:?}"));
        match event {
            Event::FaceTapped { level, .. } => {
                self.show(Screen::Saving { card: samples::card(), level });
                let hall = self.clone();
                std::thread::spawn(move || {
                    std::thread::sleep(hall.inner.commit);
                    hall.show(Screen::Reasons(samples::reasons(level)));
                });
            }
            Event::ReasonsSent | Event::ReasonsSkipped => self.show(Screen::Thanks(samples::thanks())),
            Event::ThanksLeft | Event::RevisionAsked | Event::PanelLeft => self.show(Screen::Card(samples::card())),
            _ => {}
        }
    }

    fn watch(&self, changed: Changed) {
        let _ = self.inner.changed.set(changed);
    }

    fn next_wake(&self) -> Option<Duration> {
        None
    }

    fn take_quit(&self) -> bool {
        self.inner.has_quit.swap(false, Ordering::AcqRel)
    }
}
