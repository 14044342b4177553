//! A whole kiosk but for its window: flow and ledger, courier, local interface. `pingyi kiosk`, `pingyi demo` and
//! `pingyi simulate` run this very wiring.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use super::courier::session::Setting;
use super::courier::shelf::Shelf;
use super::courier::{self, Courier, CourierFault, Errand, Lender, News};
use super::flow::FlowConfig;
use super::flow::event::Event;
use super::invite::{Invite, InviteFault};
use super::runtime::{Handle, LedgerNews, Runtime, RuntimeConfig};
use super::sync::event::Pace;
use super::transport::{Https, Line, LineFault};
use crate::config::KioskConfig;
use crate::config::kiosk::CentreLink;
use crate::domain::board::Board;
use crate::domain::time::Now;
use crate::journal::place::PlaceFault;
use crate::journal::{Identity, Journal};

/// Portraits from the centre lie here, within the data folder.
pub const PHOTOS: &str = "photos";

/// Why a kiosk does not start. A ledger in trouble is no reason: the trouble screen says so, and it is tried again.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    #[error(transparent)]
    Place(#[from] PlaceFault),
    #[error(transparent)]
    Line(#[from] LineFault),
    #[error(transparent)]
    Courier(#[from] CourierFault),
    #[error(transparent)]
    Invite(#[from] InviteFault),
    #[error("no random bytes: {0}")]
    Random(String),
}

/// A running kiosk. Dropping it ends it in order: callers first, then the network, then the ledger.
#[derive(Debug)]
pub struct RunningKiosk {
    invite: Option<Invite>,
    _courier: Option<Courier>,
    runtime: Runtime,
}

impl RunningKiosk {
    /// Starts all threads. `board` is shown until a centre has sent one.
    ///
    /// # Errors
    /// [`StartFault`] names the setting that does not work.
    pub fn start(config: &KioskConfig, board: Board, data: &Path) -> Result<Self, StartFault> {
        let line = config.centre.as_ref().map(Https::new).transpose()?;
        Self::start_with(line, None, config, board, data)
    }

    /// As [`Self::start`], with the local interface on a port that the caller has bound already: nobody else can take it
    /// meanwhile.
    ///
    /// # Errors
    /// [`StartFault`] names the setting that does not work.
    pub fn start_on(
        listener: TcpListener,
        config: &KioskConfig,
        board: Board,
        data: &Path,
    ) -> Result<Self, StartFault> {
        let line = config.centre.as_ref().map(Https::new).transpose()?;
        Self::start_with(line, Some(listener), config, board, data)
    }

    /// As [`Self::start`], over a line of the caller's.
    ///
    /// # Errors
    /// [`StartFault`] names the setting that does not work.
    pub fn start_over<L: Line + Sync>(
        line: Option<L>,
        config: &KioskConfig,
        board: Board,
        data: &Path,
    ) -> Result<Self, StartFault> {
        Self::start_with(line, None, config, board, data)
    }

    fn start_with<L: Line + Sync>(
        line: Option<L>,
        listener: Option<TcpListener>,
        config: &KioskConfig,
        board: Board,
        data: &Path,
    ) -> Result<Self, StartFault> {
        let shelf = Shelf::new(&data.join(PHOTOS));
        if let Err(fault) = shelf.stock(&config.photos, &board) {
            tracing::warn!(%fault, "portraits of the configuration were not taken over");
        }
        let runtime = Runtime::start(RuntimeConfig {
            flow: FlowConfig::of(config),
            identity: Identity {
                kiosk: config.kiosk.clone(),
                window: config.window.clone(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            data: data.to_owned(),
            board: Arc::new(board),
            has_centre: config.centre.is_some(),
            admin_pin: config.admin_pin.clone(),
            chime_player: config.chime_player.clone(),
            ticket_minutes: config.timeouts.ticket_hours * 60,
            hold_days: config.hold_days,
        })?;
        let handle = runtime.handle();
        let courier = match (&config.centre, line) {
            (Some(link), Some(line)) => Some(start_courier(config, link, line, shelf, data, &handle)?),
            _ => None,
        };
        let counter = Arc::new(handle);
        let invite = config.local_api.as_ref().map(|api| match listener {
            Some(listener) => Invite::start_on(listener, api, counter),
            None => Invite::start(api, counter),
        });
        let invite = invite.transpose()?;
        Ok(Self { invite, _courier: courier, runtime })
    }

    /// The way to flow, view and ledger.
    pub fn handle(&self) -> Handle {
        self.runtime.handle()
    }

    /// The local interface, if one is configured.
    pub fn invite(&self) -> Option<&Invite> {
        self.invite.as_ref()
    }
}

fn start_courier<L: Line + Sync>(
    config: &KioskConfig,
    link: &CentreLink,
    line: L,
    shelf: Shelf,
    data: &Path,
    handle: &Handle,
) -> Result<Courier, StartFault> {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(|e| StartFault::Random(e.to_string()))?;
    let pace = Pace {
        heartbeat_ms: u64::from(link.heartbeat_seconds) * 1_000,
        linger_ms: u64::from(link.batch_seconds) * 1_000,
    };
    let setting = Setting {
        window: config.window.clone(),
        code: link.enrol_code_file.as_deref().and_then(courier::read_code),
        pace,
        seed: u64::from_le_bytes(seed),
        shelf: Some(shelf),
    };
    let errand =
        Errand { setting, code_file: link.enrol_code_file.clone(), folder: data.to_owned(), screen: handle.screen() };
    let told = handle.clone();
    let courier = Courier::start(errand, handle.clone(), line, move |news| match news {
        News::Status(status) => told.send(Event::SyncReported(status)),
        News::Board(board) => told.send(Event::BoardCame(board)),
        News::PhoneUrl(url) => told.set_phone_url(url),
        News::Photo(_) => told.photos_changed(),
    })?;
    let bell = courier.bell();
    handle.watch_ledger(move |news| match news {
        LedgerNews::Grew => bell.ledger_grew(),
        LedgerNews::SyncAsked => bell.sync_now(),
    });
    Ok(courier)
}

impl Lender for Handle {
    fn lend<R: Send + 'static>(&self, work: impl FnOnce(&mut Journal, Now) -> R + Send + 'static) -> Option<R> {
        self.ledger().with(work).ok()
    }

    fn now(&self) -> Now {
        Self::now(self)
    }
}
