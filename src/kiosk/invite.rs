//! The local interface (请评价): the business system or the staff member's PC opens, cancels and ends visits.
//!
//! Off unless `[local_api]` stands in `kiosk.toml`. Callers show the token that stands in `token_file`, which is made at
//! the first start. Every answer is JSON; a refusal is `{"code", "message", "reference"}`.
//!
//! ```text
//! T="Authorization: Bearer $(cat local-api-token)"
//! # Ask for the rating of a case; the answer names the visit: {"visit":70001}
//! curl -H "$T" -d '{"case_no":"2026/WD-00017","item":"tax-01"}' http://127.0.0.1:8701/v1/visits
//! # The citizen left: ends as no response, unless it was rated: {"visit":70001,"outcome":"no_response"}
//! curl -H "$T" -X POST http://127.0.0.1:8701/v1/visits/70001/end
//! # Opened by mistake: counts nowhere: {"visit":70001,"outcome":"cancelled"}
//! curl -H "$T" -X DELETE http://127.0.0.1:8701/v1/visits/70001        # or POST …/cancel
//! # What the screen shows, and where synchronisation stands
//! curl -H "$T" http://127.0.0.1:8701/v1/status
//! ```
//!
//! | status | code | meaning |
//! |---|---|---|
//! | 401 | `unauthorized` | no token, or another one |
//! | 400 | `malformed` | not JSON, an unknown field, or a field that is no case number or item code |
//! | 404 | `no_visit`, `no_route` | the visit is not the one that was opened last, or is over |
//! | 409 | `nobody_on_duty`, `busy`, `out_of_service` | not now; nothing was changed |
//! | 413 | `too_large` | a body over 4 KiB |
//! | 429 | `too_many_requests` | more than ten a second |
//! | 503 | `trouble` | the ledger does not take entries at present |
//! | 504 | `no_answer` | nobody knows whether it was done: ask `/v1/status` |
//!
//! **Architecture invariants:** a rating can never be given here; an answer that names a visit is sent after the entry is
//! durable; nothing of a body is logged.

mod answer;
mod server;
mod token;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use crate::config::kiosk::LocalApi;
use crate::kiosk::flow::effect::CallAnswer;
use crate::kiosk::flow::event::{CallId, Event};
use crate::kiosk::flow::view::View;
use crate::kiosk::runtime::Handle;

pub use self::answer::Status;
pub use self::token::TokenFault;

/// Whoever runs the flow, as the interface sees it.
pub trait Counter: Send + Sync + 'static {
    /// Brings the event that `make` makes of the call's name; `answer` is called once, from some thread.
    fn call(&self, make: Box<dyn FnOnce(CallId) -> Event + Send>, answer: Box<dyn FnOnce(CallAnswer) + Send>);

    fn view(&self) -> Arc<View>;
}

impl Counter for Handle {
    fn call(&self, make: Box<dyn FnOnce(CallId) -> Event + Send>, answer: Box<dyn FnOnce(CallAnswer) + Send>) {
        Self::call(self, make, answer);
    }

    fn view(&self) -> Arc<View> {
        Self::view(self)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum InviteFault {
    #[error(transparent)]
    Token(#[from] TokenFault),
    #[error("the local interface cannot listen on {address}: {source}; change local_api.listen in kiosk.toml")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("the local interface's thread cannot be started: {0}")]
    Thread(std::io::Error),
}

/// The interface on its own thread; ends when dropped.
#[derive(Debug)]
pub struct Invite {
    address: SocketAddr,
    token: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Invite {
    /// Listens at once; port 0 lets the system choose.
    ///
    /// # Errors
    /// [`InviteFault`] says what to change.
    pub fn start(settings: &LocalApi, counter: Arc<dyn Counter>) -> Result<Self, InviteFault> {
        let listen = |source| InviteFault::Listen { address: settings.listen, source };
        let listener = std::net::TcpListener::bind(settings.listen).map_err(listen)?;
        Self::start_on(listener, settings, counter)
    }

    /// Serves on a port that the caller has bound; `settings.listen` only names it in a fault.
    ///
    /// # Errors
    /// [`InviteFault`] says what to change.
    pub fn start_on(
        listener: std::net::TcpListener,
        settings: &LocalApi,
        counter: Arc<dyn Counter>,
    ) -> Result<Self, InviteFault> {
        let token = token::read_or_make(&settings.token_file)?;
        let listen = |source| InviteFault::Listen { address: settings.listen, source };
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(InviteFault::Thread)?;
        let app = answer::router(counter, &token);
        let (stop, stopped) = oneshot::channel();
        let work = move || {
            runtime.block_on(async {
                match tokio::net::TcpListener::from_std(listener) {
                    Ok(listener) => server::serve(listener, app, stopped).await,
                    Err(fault) => tracing::error!(%fault, "the local interface is not served"),
                }
            });
        };
        let thread = thread::Builder::new().name("invite".to_owned()).spawn(work).map_err(InviteFault::Thread)?;
        tracing::info!(%address, "the local interface is up");
        Ok(Self { address, token, stop: Some(stop), thread: Some(thread) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What callers show.
    pub fn token(&self) -> &str {
        &self.token
    }
}

impl Drop for Invite {
    fn drop(&mut self) {
        // Sending fails only when the thread has ended already.
        let _ = self.stop.take().map(|stop| stop.send(()));
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the local interface's thread had panicked");
        }
    }
}

/// Reads the token that callers of a kiosk show; for programs beside it.
///
/// # Errors
/// [`TokenFault`] when it is not there or no token.
pub fn read_token(path: &Path) -> Result<String, TokenFault> {
    token::read(path)
}

#[cfg(test)]
mod tests;
