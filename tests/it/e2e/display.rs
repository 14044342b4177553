//! X displays of one test each: Xvfb, or Xorg with a touch screen; and what stands on them, seen and pressed.

use std::io::{BufRead, BufReader, IoSlice};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use image::RgbImage;
use x11rb::connection::{Connection, RequestConnection};
use x11rb::protocol::xproto::{
    ClientMessageEvent, ConnectionExt, EventMask, ImageFormat, InputFocus, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use super::inputtest::Touch;
use super::process::Running;
use super::wait::eventually;

/// XTEST's request and the kinds of input that it takes.
const FAKE_INPUT: u8 = 2;
const BUTTON_DOWN: u8 = 4;
const BUTTON_UP: u8 = 5;
const MOTION: u8 = 6;

/// A running X server, ended with the value.
pub struct Display {
    pub name: String,
    pub size: (u32, u32),
    _server: Running,
    conn: RustConnection,
    root: Window,
}

impl Display {
    /// A screen in memory.
    pub fn xvfb(width: u32, height: u32) -> Self {
        let mut command = Command::new("Xvfb");
        let screen = format!("{width}x{height}x24");
        command.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"]);
        Self::start(command, (width, height))
    }

    /// A screen in memory with a touch screen of ten fingers before it.
    pub fn with_touch(width: u32, height: u32, dir: &Path) -> (Self, Touch) {
        let (conf, socket, log) = (dir.join("xorg.conf"), dir.join("touch.sock"), dir.join("xorg.log"));
        std::fs::write(&conf, xorg_conf(width, height, &socket)).expect("the server's configuration");
        let mut command = Command::new("Xorg");
        command.args(["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-sharevts", "-novtswitch"]);
        command.arg("-config").arg(&conf).arg("-logfile").arg(&log);
        let display = Self::start(command, (width, height));
        let touch = Touch::connect(&socket, (width, height)).expect("the touch device");
        (display, touch)
    }

    fn start(mut command: Command, size: (u32, u32)) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = Running::start(command);
        let out = server.child.stdout.take().expect("piped");
        let mut number = String::new();
        BufReader::new(out).read_line(&mut number).expect("the display's number");
        let number = number.trim();
        assert!(number.parse::<u32>().is_ok(), "the X server did not come up: {number:?}");
        let name = format!(":{number}");
        let (conn, screen) = x11rb::connect(Some(&name)).expect("a connection to the X server");
        let root = conn.setup().roots[screen].root;
        Self { name, size, _server: server, conn, root }
    }

    /// What the screen shows now.
    pub fn screenshot(&self) -> RgbImage {
        self.part(0, 0, self.size.0, self.size.1)
    }

    /// What a part of the screen shows now.
    pub fn part(&self, left: u32, top: u32, width: u32, height: u32) -> RgbImage {
        let image = self
            .conn
            .get_image(ImageFormat::Z_PIXMAP, self.root, left as i16, top as i16, width as u16, height as u16, !0)
            .expect("request")
            .reply()
            .expect("the screen's pixels");
        // Depth 24 on a little-endian server: blue, green, red, unused.
        RgbImage::from_fn(width, height, |x, y| {
            let at = 4 * (y * width + x) as usize;
            image::Rgb([image.data[at + 2], image.data[at + 1], image.data[at]])
        })
    }

    /// The first visible window that covers the whole screen, once it is there.
    pub fn full_window(&self, timeout: Duration) -> Window {
        eventually("a window as large as the screen", timeout, || {
            let children = self.conn.query_tree(self.root).ok()?.reply().ok()?.children;
            children.into_iter().find(|&w| self.is_visible(w) && self.window_size(w) == Some(self.size))
        })
    }

    pub fn window_size(&self, window: Window) -> Option<(u32, u32)> {
        let geometry = self.conn.get_geometry(window).ok()?.reply().ok()?;
        Some((geometry.width.into(), geometry.height.into()))
    }

    pub fn is_visible(&self, window: Window) -> bool {
        let attributes = self.conn.get_window_attributes(window).map(|c| c.reply());
        matches!(attributes, Ok(Ok(a)) if a.map_state == MapState::VIEWABLE)
    }

    /// Gives the window the keyboard, as no window manager does here.
    pub fn focus(&self, window: Window) {
        self.conn.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME).expect("request");
        self.conn.flush().expect("flush");
    }

    /// The largest visible window and its size.
    pub fn biggest_window(&self) -> Option<(Window, (u32, u32))> {
        let children = self.conn.query_tree(self.root).ok()?.reply().ok()?.children;
        let visible = children.into_iter().filter(|&w| self.is_visible(w));
        visible.filter_map(|w| Some((w, self.window_size(w)?))).max_by_key(|(_, (w, h))| w * h)
    }

    /// What a window manager's close button or Alt-F4 sends.
    pub fn ask_to_close(&self, window: Window) {
        let atom = |name: &[u8]| self.conn.intern_atom(false, name).expect("request").reply().expect("atom").atom;
        let (protocols, delete) = (atom(b"WM_PROTOCOLS"), atom(b"WM_DELETE_WINDOW"));
        let event = ClientMessageEvent::new(32, window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
        self.conn.send_event(false, window, EventMask::NO_EVENT, event).expect("request");
        self.conn.flush().expect("flush");
    }

    /// A mouse click at a pixel.
    pub fn click(&self, (x, y): (f64, f64)) {
        self.press((x, y));
        std::thread::sleep(Duration::from_millis(60));
        self.lift();
    }

    /// Moves the pointer and presses its button.
    pub fn press(&self, (x, y): (f64, f64)) {
        self.fake_input(MOTION, 0, (x as i16, y as i16));
        self.fake_input(BUTTON_DOWN, 1, (0, 0));
    }

    /// Lifts the button; the server has taken it in when this returns.
    pub fn lift(&self) {
        self.fake_input(BUTTON_UP, 1, (0, 0));
    }

    /// One request of the XTEST extension, by hand: the crate would be built anew with that feature.
    fn fake_input(&self, kind: u8, detail: u8, (x, y): (i16, i16)) {
        let xtest = self.conn.extension_information("XTEST").expect("request").expect("the XTEST extension");
        let mut request = [0; 36];
        request[..6].copy_from_slice(&[xtest.major_opcode, FAKE_INPUT, 9, 0, kind, detail]);
        request[12..16].copy_from_slice(&self.root.to_ne_bytes());
        request[24..26].copy_from_slice(&x.to_ne_bytes());
        request[26..28].copy_from_slice(&y.to_ne_bytes());
        let sent = self.conn.send_request_without_reply(&[IoSlice::new(&request)], vec![]).expect("request");
        sent.check().expect("the server takes the input");
    }

    /// A key with its modifiers, as xdotool writes them: `ctrl+q`.
    pub fn key(&self, key: &str) {
        self.xdotool(&["key", "--clearmodifiers", key]);
    }

    fn xdotool(&self, args: &[&str]) {
        let status = Command::new("xdotool").args(args).env("DISPLAY", &self.name).status().expect("xdotool");
        assert!(status.success(), "xdotool {args:?}");
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // A killed server leaves its lock and socket behind.
        let number = self.name.trim_start_matches(':');
        let _ = std::fs::remove_file(format!("/tmp/.X{number}-lock"));
        let _ = std::fs::remove_file(format!("/tmp/.X11-unix/X{number}"));
    }
}

fn xorg_conf(width: u32, height: u32, socket: &Path) -> String {
    let socket = socket.display();
    let (h1, h2, h3) = (width + 72, width + 200, width + 400);
    let (v1, v2, v3) = (height + 3, height + 9, height + 31);
    format!(
        r#"Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoEnableDevices" "false"
  Option "DontVTSwitch" "true"
EndSection
Section "Device"
  Identifier "memory"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Monitor"
  Identifier "panel"
  HorizSync 1-300
  VertRefresh 1-300
  Modeline "panel" 85 {width} {h1} {h2} {h3} {height} {v1} {v2} {v3}
EndSection
Section "Screen"
  Identifier "screen"
  Device "memory"
  Monitor "panel"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "panel"
    Virtual {width} {height}
  EndSubSection
EndSection
Section "InputDevice"
  Identifier "glass"
  Driver "inputtest"
  Option "SocketPath" "{socket}"
  Option "DeviceType" "Touch"
  Option "TouchCount" "10"
  Option "CorePointer" "true"
EndSection
Section "ServerLayout"
  Identifier "layout"
  Screen "screen"
  InputDevice "glass"
EndSection
"#
    )
}
