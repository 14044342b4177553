//! `pingyi kiosk`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

use super::WindowSize;
use crate::config::KioskConfig;
use crate::config::kiosk::{ScreenLayout, Theme};
use crate::kiosk::app::driver::{Changed, Driver};
use crate::kiosk::app::{self, WindowOptions};
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::View;
use crate::kiosk::running::{PHOTOS, RunningKiosk};
use crate::kiosk::runtime::Handle;
use crate::kiosk::ui;
use crate::kiosk::ui::layout::Class;

/// Where a kiosk keeps its data unless told otherwise.
const DATA: &str = "pingyi-kiosk-data";

#[derive(Debug, clap::Args)]
pub struct Args {
    /// `kiosk.toml`, or the folder in which it stands
    #[arg(long, value_name = "FILE", default_value = "kiosk-config")]
    config: PathBuf,
    /// Folder for the ledger and the device key; made if it is not there
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
    /// A window of this size instead of the whole screen
    #[arg(long, value_name = "WxH")]
    window: Option<WindowSize>,
    /// No window: ledger, synchronisation and local interface only
    #[arg(long, conflicts_with = "window")]
    headless: bool,
}

/// Runs until SIGTERM or SIGINT, or until somebody quits from the maintenance panel.
///
/// # Errors
/// When the configuration is faulty or the kiosk cannot start; the message says what to do.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (config, board) = KioskConfig::load_with_board(&args.config)?;
    let stop = StopSignal::catch()?;
    let kiosk = RunningKiosk::start(&config, board, &args.data).context("the kiosk cannot start")?;
    let api = kiosk.invite().map_or_else(|| "no local interface".to_owned(), |i| format!("http://{}", i.address()));
    // A line that scripts read; the reader may have gone.
    let _ = writeln!(std::io::stdout(), "kiosk {api}").and_then(|()| std::io::stdout().flush());
    tracing::info!(kiosk = %config.kiosk, window = %config.window, data = %args.data.display(), "the kiosk is up");
    if args.headless {
        stop.wait();
    } else {
        let options = window_options(&config, &args.data, args.window);
        let driver = Stoppable { handle: kiosk.handle(), stop };
        app::run(options, Box::new(driver))?;
    }
    tracing::info!("stopping");
    drop(kiosk);
    Ok(ExitCode::SUCCESS)
}

/// How the window looks, by `kiosk.toml`.
pub fn window_options(config: &KioskConfig, data: &std::path::Path, size: Option<WindowSize>) -> WindowOptions {
    WindowOptions {
        size: size.map(|s| [s.width_px, s.height_px]),
        layout: match config.screen.layout {
            ScreenLayout::Auto => None,
            ScreenLayout::Full => Some(Class::Full),
            ScreenLayout::Pillar => Some(Class::Pillar),
            ScreenLayout::Wide => Some(Class::Wide),
            ScreenLayout::Compact => Some(Class::Compact),
        },
        theme: match config.screen.theme {
            Theme::Red => ui::Theme::Red,
            Theme::Teal => ui::Theme::Teal,
        },
        assets: None,
        photos: data.join(PHOTOS),
        zone: config.time_zone.clone(),
    }
}

/// The flow's driver, which also quits when the system asks for it.
pub struct Stoppable {
    pub handle: Handle,
    pub stop: Arc<StopSignal>,
}

impl Driver for Stoppable {
    fn view(&self) -> Arc<View> {
        self.handle.view()
    }

    fn send(&self, event: Event) {
        self.handle.send(event);
    }

    fn watch(&self, changed: Changed) {
        // The window sleeps until something changes: a signal must wake it.
        self.stop.on_stop(Arc::clone(&changed));
        Driver::watch(&self.handle, changed);
    }

    fn next_wake(&self) -> Option<Duration> {
        None
    }

    fn take_photos_changed(&self) -> bool {
        self.handle.take_photos_changed()
    }

    fn take_quit(&self) -> bool {
        self.handle.take_quit() || self.stop.came()
    }
}

/// SIGTERM or SIGINT: the end that a service manager or a person asks for.
pub struct StopSignal {
    came: AtomicBool,
    waker: Mutex<Option<Changed>>,
    changed: Condvar,
}

impl StopSignal {
    /// Catches both from now on.
    ///
    /// # Errors
    /// When the system gives neither thread nor signals.
    pub fn catch() -> anyhow::Result<Arc<Self>> {
        let stop = Arc::new(Self { came: AtomicBool::new(false), waker: Mutex::new(None), changed: Condvar::new() });
        let told = Arc::clone(&stop);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
        let (terminate, interrupt) = {
            let _within = runtime.enter();
            (
                signal(SignalKind::terminate()).context("no signals")?,
                signal(SignalKind::interrupt()).context("no signals")?,
            )
        };
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let (mut terminate, mut interrupt) = (terminate, interrupt);
            runtime.block_on(async {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            });
            told.tell();
        })?;
        Ok(stop)
    }

    pub fn came(&self) -> bool {
        self.came.load(Ordering::Acquire)
    }

    /// Blocks until it comes.
    pub fn wait(&self) {
        let mut waker = self.lock();
        while !self.came() {
            waker = self.changed.wait(waker).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn on_stop(&self, waker: Changed) {
        *self.lock() = Some(waker);
    }

    fn tell(&self) {
        let waker = self.lock();
        self.came.store(true, Ordering::Release);
        self.changed.notify_all();
        if let Some(wake) = &*waker {
            wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Changed>> {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
