//! Ctrl-C and SIGTERM, heard by everything that waits.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;

/// Called when the end was asked for.
type Told = Box<dyn FnOnce() + Send>;

/// Whether the end was asked for.
#[derive(Clone, Default)]
pub struct Ending(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    is_asked: bool,
    listeners: Vec<Told>,
}

impl std::fmt::Debug for Ending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ending({})", self.is_asked())
    }
}

impl Ending {
    /// Listens for Ctrl-C and SIGTERM. A second one ends the process at once.
    ///
    /// # Errors
    /// When the system does not deliver signals.
    pub fn listen(runtime: &tokio::runtime::Runtime) -> anyhow::Result<Self> {
        let ending = Self::default();
        let _entered = runtime.enter();
        let mut asked = Asked::new().context("no signals")?;
        let told = ending.clone();
        runtime.spawn(async move {
            asked.once().await;
            told.ask();
            asked.once().await;
            std::process::exit(130);
        });
        Ok(ending)
    }

    /// Asks for the end, as a signal does.
    pub fn ask(&self) {
        let (state, changed) = &*self.0;
        let listeners = {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.is_asked = true;
            std::mem::take(&mut state.listeners)
        };
        changed.notify_all();
        for told in listeners {
            told();
        }
    }

    pub fn is_asked(&self) -> bool {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).is_asked
    }

    /// Calls `told` once when the end is asked for; at once if it was.
    pub fn then(&self, told: impl FnOnce() + Send + 'static) {
        let mut state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_asked {
            drop(state);
            told();
        } else {
            state.listeners.push(Box::new(told));
        }
    }

    /// Waits until the end is asked for.
    pub fn wait(&self) {
        while !self.wait_for(Duration::from_secs(3_600)) {}
    }

    /// Waits at most so long; true if the end was asked for.
    pub fn wait_for(&self, limit: Duration) -> bool {
        let (state, changed) = &*self.0;
        let state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(state, limit, |state| !state.is_asked);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_asked
    }
}

#[cfg(unix)]
struct Asked {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Asked {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn once(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Asked;

#[cfg(not(unix))]
impl Asked {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn once(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn everybody_hears_the_end_once_also_who_comes_late() {
        let ending = Ending::default();
        let heard = Arc::new(AtomicUsize::new(0));
        let listener = Arc::clone(&heard);
        ending.then(move || {
            listener.fetch_add(1, Ordering::SeqCst);
        });
        assert!(!ending.wait_for(Duration::ZERO));
        let waiter = ending.clone();
        let waiting = std::thread::spawn(move || waiter.wait());
        ending.ask();
        ending.ask();
        waiting.join().unwrap();
        assert_eq!(heard.load(Ordering::SeqCst), 1);
        let late = Arc::clone(&heard);
        ending.then(move || {
            late.fetch_add(1, Ordering::SeqCst);
        });
        assert_eq!(heard.load(Ordering::SeqCst), 2);
    }
}
