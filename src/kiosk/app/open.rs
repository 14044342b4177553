//! Opens the window: full screen without borders, or a given size; and says clearly why it does not open.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use egui::ViewportBuilder;

use super::driver::Driver;
use super::{KioskWindow, WindowOptions};
use crate::kiosk::screens::Stage;
use crate::kiosk::ui::photos::{self, Photos};
use crate::kiosk::ui::{self, assets, fonts};

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum AppFault {
    #[error(
        "no display: neither WAYLAND_DISPLAY nor DISPLAY is set; start the kiosk from a graphical session, under cage, or use `pingyi demo --headless`"
    )]
    NoDisplay,
    #[error(transparent)]
    Assets(#[from] assets::AssetsFault),
    #[error("the worker for portraits could not be started: {0}")]
    Photos(std::io::Error),
    #[error(
        "the window could not be opened: {0}. On X11 it needs the packages libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libgl1, on Wayland libwayland-client0 libwayland-egl1 libegl1 libgl1-mesa-dri libxkbcommon0"
    )]
    Window(String),
    #[error("the window was lost: {0}. Ratings are safe in the ledger; start the kiosk again once the display is back")]
    Lost(String),
}

/// Shows the kiosk until the flow says to quit. Must be called from the main thread.
///
/// # Errors
/// [`AppFault`] if the window cannot be opened.
pub fn run(options: WindowOptions, driver: Box<dyn Driver>) -> Result<(), AppFault> {
    if !has_display(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return Err(AppFault::NoDisplay);
    }
    let assets = assets::find(options.assets.as_deref())?;
    let photos = Photos::new(photos::decode).map_err(AppFault::Photos)?;
    let native = native_options(&options);
    let is_open = Arc::new(AtomicBool::new(false));
    let opened = Arc::clone(&is_open);
    let shown = with_quiet_panics(&is_open, || {
        let create = move |cc: &eframe::CreationContext<'_>| {
            let window = create(cc, options, driver, photos, assets)?;
            opened.store(true, Ordering::SeqCst);
            Ok(Box::new(window) as Box<dyn eframe::App>)
        };
        eframe::run_native("pingyi", native, Box::new(create))
    });
    match shown {
        Ok(Ok(())) => Ok(()),
        Ok(Err(cause)) if is_open.load(Ordering::SeqCst) => Err(AppFault::Lost(without_place(&cause.to_string()))),
        Ok(Err(cause)) => Err(AppFault::Window(without_place(&cause.to_string()))),
        // winit and its libraries panic where they could answer an error; after that it is a fault of ours.
        Err(panic) if !is_open.load(Ordering::SeqCst) => Err(AppFault::Window(words_of(panic.as_ref()))),
        Err(panic) => resume_unwind(panic),
    }
}

fn create(
    cc: &eframe::CreationContext<'_>,
    options: WindowOptions,
    driver: Box<dyn Driver>,
    photos: Photos,
    assets: PathBuf,
) -> Result<KioskWindow, Box<dyn std::error::Error + Send + Sync>> {
    ui::prepare(&cc.egui_ctx);
    fonts::install(&cc.egui_ctx, &assets)?;
    if options.size.is_none() {
        fill_the_monitor(cc);
    }
    let stage = Stage::new(options.theme, Some(photos), options.photos.clone(), options.zone.clone())
        .with_layout(options.layout);
    Ok(KioskWindow::new(&cc.egui_ctx, options, driver, stage))
}

/// Without a window manager nobody obeys the wish to fill the screen: ask for its size as well.
fn fill_the_monitor(cc: &eframe::CreationContext<'_>) {
    let Some(window) = cc.winit_window() else { return };
    let monitor = window.current_monitor().or_else(|| window.primary_monitor());
    if let Some(monitor) = monitor.or_else(|| window.available_monitors().next()) {
        window.set_outer_position(monitor.position());
        let _ = window.request_inner_size(monitor.size());
    }
}

fn native_options(options: &WindowOptions) -> eframe::NativeOptions {
    let viewport = ViewportBuilder::default().with_title("评议 Pingyi").with_app_id("pingyi");
    let viewport = match options.size {
        Some([width, height]) => viewport.with_inner_size([width as f32, height as f32]).with_resizable(false),
        None => viewport.with_fullscreen(true).with_decorations(false).with_position([0.0, 0.0]),
    };
    eframe::NativeOptions {
        viewport: viewport.with_icon(egui::IconData::default()).with_drag_and_drop(false),
        dithering: false,
        persist_window: false,
        system_font_fallback: false,
        clipboard_shortcuts: false,
        ..eframe::NativeOptions::default()
    }
}

fn has_display(is_set: impl Fn(&str) -> bool) -> bool {
    ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"].into_iter().any(is_set)
}

/// Runs `open`; until the window is open, a panic of this thread is told by the caller and not by the default hook.
fn with_quiet_panics<T>(is_open: &Arc<AtomicBool>, open: impl FnOnce() -> T) -> std::thread::Result<T> {
    let previous: Arc<dyn Fn(&std::panic::PanicHookInfo<'_>) + Send + Sync> = Arc::from(std::panic::take_hook());
    let (opened, usual, opener) = (Arc::clone(is_open), Arc::clone(&previous), std::thread::current().id());
    std::panic::set_hook(Box::new(move |info| {
        if opened.load(Ordering::SeqCst) || std::thread::current().id() != opener {
            usual(info);
        }
    }));
    let result = catch_unwind(AssertUnwindSafe(open));
    std::panic::set_hook(Box::new(move |info| previous(info)));
    result
}

/// winit's errors name the line of its source that failed; that helps nobody who installs a kiosk.
fn without_place(words: &str) -> String {
    match words.rsplit_once(".rs:") {
        Some((_, rest)) => rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':' || c == ' ').to_owned(),
        None => words.to_owned(),
    }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
    words.unwrap_or("a library panicked").trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_display_will_do_and_none_is_told() {
        assert!(has_display(|name| name == "DISPLAY"));
        assert!(has_display(|name| name == "WAYLAND_DISPLAY"));
        assert!(!has_display(|_| false));
        assert!(AppFault::NoDisplay.to_string().contains("--headless"));
    }

    #[test]
    fn the_source_line_of_a_library_is_left_out() {
        let words =
            "winit EventLoopError: os error at /a/b-0.30/src/linux/mod.rs:788: Failed to open connection to X server";
        assert_eq!(without_place(words), "Failed to open connection to X server");
        assert_eq!(without_place("Exit Failure: 1"), "Exit Failure: 1");
    }

    #[test]
    fn a_library_that_panics_while_opening_becomes_a_sentence() {
        let is_open = Arc::new(AtomicBool::new(false));
        let panic =
            with_quiet_panics(&is_open, || panic!("Library libxkbcommon-x11.so could not be loaded.")).unwrap_err();
        let fault = AppFault::Window(words_of(panic.as_ref())).to_string();
        assert!(fault.contains("libxkbcommon-x11.so could not be loaded. On X11 it needs"), "{fault}");
    }
}
