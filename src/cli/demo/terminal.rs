//! The kiosk of the demonstration: started on free ports, enrolled, with a member of staff signed in.

use std::cell::{Cell, RefCell};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::hall::{self, Hall};
use super::signals::Ending;
use super::supervisor::Supervised;
use crate::cli::WindowSize;
use crate::config::KioskConfig;
use crate::config::kiosk::{CentreLink, LocalApi};
use crate::kiosk::app::driver::{Changed, Driver};
use crate::kiosk::app::{self, WindowOptions};
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Screen, StaffPanel, View};
use crate::kiosk::running::{self, RunningKiosk};
use crate::kiosk::runtime::Handle;

/// The local interface is looked for here first.
const API_PORT: u16 = 8701;
/// How long enrolment over loopback may take.
const ENROL_LIMIT: Duration = Duration::from_secs(60);
/// How long a sign-in may take: a hash, and a commit.
const SIGN_IN_LIMIT: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The running kiosk.
pub struct Terminal {
    running: RunningKiosk,
    config: KioskConfig,
    photos: PathBuf,
    pub ledger: PathBuf,
    pub api: SocketAddr,
    pub api_token: String,
}

/// Starts the kiosk with the sample's configuration, pointed at the demonstration's centre.
///
/// # Errors
/// When the ledger is in use or no port is free.
pub fn start(hall: &Hall, supervised: &Supervised) -> anyhow::Result<Terminal> {
    let listener = listener(hall.ports_before.map(|(_, api)| api))?;
    let listen = listener.local_addr().context("no address")?;
    let config = KioskConfig {
        board: hall.board_file.clone(),
        photos: hall.photos.clone(),
        centre: Some(CentreLink {
            url: supervised.url.clone(),
            ca_file: None,
            // Whatever proxy the machine has: loopback is never beyond it.
            proxy: None,
            enrol_code_file: Some(hall.enrol_code_file.clone()),
            batch_seconds: 1,
            heartbeat_seconds: 2,
        }),
        local_api: Some(LocalApi { listen, token_file: hall.kiosk_token_file.clone(), invites_every_visit: false }),
        // A demonstration is looked at in the evening too.
        hours: None,
        chime_player: Vec::new(),
        ..hall.kiosk.clone()
    };
    let running = RunningKiosk::start_on(listener, &config, hall.board.clone(), &hall.kiosk_data)?;
    let invite = running.invite().context("the kiosk's local interface did not start")?;
    let (api, api_token) = (invite.address(), invite.token().to_owned());
    let photos = hall.kiosk_data.join(running::PHOTOS);
    Ok(Terminal { running, config, photos, ledger: hall.ledger(), api, api_token })
}

impl Terminal {
    /// Waits until the centre has taken the kiosk in.
    ///
    /// # Errors
    /// When it does not within a minute; the last trouble is told.
    pub fn wait_until_enrolled(&self, ending: &Ending) -> anyhow::Result<()> {
        let handle = self.running.handle();
        let enrolled = wait(&handle, ending, ENROL_LIMIT, |view| view.sync.enrolled);
        if !enrolled && !ending.is_asked() {
            let trouble = handle.view().sync.trouble.clone().unwrap_or_else(|| "no answer".to_owned());
            bail!("the kiosk could not enrol at {}: {trouble}", self.centre_url())
        }
        Ok(())
    }

    /// Signs the sample's clerk in by the staff panel, as a person would, unless somebody is on duty already.
    ///
    /// # Errors
    /// When the panel refuses, as after a change of the sample's PINs.
    pub fn sign_in(&self, ending: &Ending) -> anyhow::Result<()> {
        let handle = self.running.handle();
        if !wait(&handle, ending, SIGN_IN_LIMIT, |view| !matches!(view.screen, Screen::Trouble { .. })) {
            bail!("the kiosk's ledger in {} cannot be used", self.ledger.display())
        }
        if !matches!(handle.view().screen, Screen::Standby(_)) {
            return Ok(());
        }
        handle.send(Event::StaffPanelAsked);
        hall::STAFF_NO.chars().for_each(|digit| handle.send(Event::StaffNoDigit(digit)));
        handle.send(Event::DigitsEntered);
        hall::STAFF_PIN.chars().for_each(|digit| handle.send(Event::PinDigit(digit)));
        handle.send(Event::DigitsEntered);
        let is_decided = |view: &View| match &view.screen {
            Screen::StaffPanel(StaffPanel::AskStaffNo { problem, .. }) => problem.is_some(),
            Screen::StaffPanel(StaffPanel::AskPin { problem, .. }) => problem.is_some(),
            Screen::StaffPanel(StaffPanel::Choices { .. }) | Screen::Card(_) => true,
            _ => false,
        };
        wait(&handle, ending, SIGN_IN_LIMIT, is_decided);
        let is_in = matches!(handle.view().screen, Screen::StaffPanel(StaffPanel::Choices { .. }) | Screen::Card(_));
        handle.send(Event::PanelLeft);
        if !is_in && !ending.is_asked() {
            // The hall was edited; the card comes up when somebody signs in at the glass.
            tracing::warn!(staff_no = hall::STAFF_NO, "the sample's clerk could not be signed in");
        }
        Ok(())
    }

    /// Shows the window until the maintenance panel closes it or the end is asked for. `opened` is called when it is
    /// about to draw for the second time.
    ///
    /// # Errors
    /// When there is no window; or what `opened` answers.
    pub fn show(&self, size: Option<WindowSize>, ending: Ending, opened: Opened) -> anyhow::Result<()> {
        let options = WindowOptions {
            size: size.map(|size| [size.width_px, size.height_px]),
            layout: None,
            theme: self.config.screen.theme,
            assets: None,
            photos: self.photos.clone(),
            zone: self.config.time_zone.clone(),
        };
        let fault = Rc::new(RefCell::new(None));
        let driver = Watched {
            handle: self.running.handle(),
            ending,
            views: Cell::new(0),
            opened: RefCell::new(Some(opened)),
            changed: RefCell::new(None),
            fault: Rc::clone(&fault),
        };
        app::run(options, Box::new(driver))?;
        fault.take().map_or(Ok(()), Err)
    }

    fn centre_url(&self) -> String {
        self.config.centre.as_ref().map(|centre| centre.url.to_string()).unwrap_or_default()
    }
}

/// What is to be done once the window is up.
type Opened = Box<dyn FnOnce() -> anyhow::Result<()>>;

/// The kiosk's own driver, which also hears the end, and tells when the window is up.
struct Watched {
    handle: Handle,
    ending: Ending,
    views: Cell<u32>,
    opened: RefCell<Option<Opened>>,
    changed: RefCell<Option<Changed>>,
    fault: Rc<RefCell<Option<anyhow::Error>>>,
}

impl Driver for Watched {
    fn view(&self) -> Arc<View> {
        self.views.set(self.views.get().saturating_add(1));
        match self.views.get() {
            // Asks for a second frame, which begins when the first one is on the glass.
            1 => self.changed.borrow().iter().for_each(|changed| changed()),
            _ => {
                if let Some(Err(error)) = self.opened.take().map(|opened| opened()) {
                    *self.fault.borrow_mut() = Some(error);
                    self.ending.ask();
                }
            }
        }
        self.handle.view()
    }

    fn send(&self, event: Event) {
        self.handle.send(event);
    }

    fn watch(&self, changed: Changed) {
        let told = Arc::clone(&changed);
        self.ending.then(move || told());
        *self.changed.borrow_mut() = Some(Arc::clone(&changed));
        Driver::watch(&self.handle, changed);
    }

    fn next_wake(&self) -> Option<Duration> {
        Driver::next_wake(&self.handle)
    }

    fn take_photos_changed(&self) -> bool {
        self.handle.take_photos_changed()
    }

    fn take_quit(&self) -> bool {
        self.ending.is_asked() || self.handle.take_quit()
    }
}

/// Waits until the view is as wished, at most so long, or until the end is asked for; true if it is.
fn wait(handle: &Handle, ending: &Ending, limit: Duration, wished: impl Fn(&View) -> bool) -> bool {
    let until = Instant::now() + limit;
    loop {
        if wished(&handle.view()) {
            return true;
        }
        if Instant::now() > until || ending.wait_for(LOOK_EVERY) {
            return false;
        }
    }
}

/// Listens on the port of the run before, the usual one, or any that is free.
fn listener(before: Option<u16>) -> anyhow::Result<TcpListener> {
    for port in [before.unwrap_or(API_PORT), API_PORT, 0] {
        if let Ok(listener) = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))) {
            return Ok(listener);
        }
    }
    bail!("no port of the loopback interface is free")
}
