//! Real touch without hardware: the client side of Xorg's `inputtest` driver (inputtest(4)), which hands what it reads
//! from a socket to the server as events of a touch device. One connection a server; native byte order.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

const VALUATORS: usize = 64;
const VERSION: (u16, u16) = (1, 0);
/// The device's axes run from 0 to this, whatever the screen's size.
const AXIS_MAX: f64 = 65_535.0;

/// Kinds of messages to the driver.
#[repr(u32)]
enum Message {
    ClientVersion = 0,
    WaitForSync = 1,
    Touch = 6,
}

/// XI2's numbers of what a finger does.
#[derive(Clone, Copy)]
#[repr(u32)]
enum Phase {
    Begin = 18,
    Update = 19,
    End = 20,
}

/// A touch screen with ten fingers. Positions are pixels of a screen of the given size.
pub struct Touch {
    socket: UnixStream,
    size: (u32, u32),
}

impl Touch {
    /// Connects to the driver's socket and agrees on the protocol.
    pub fn connect(path: &Path, size: (u32, u32)) -> std::io::Result<Self> {
        let socket = UnixStream::connect(path)?;
        socket.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut touch = Self { socket, size };
        let mut body = Vec::new();
        body.extend_from_slice(&VERSION.0.to_ne_bytes());
        body.extend_from_slice(&VERSION.1.to_ne_bytes());
        touch.send(Message::ClientVersion, &body)?;
        let mut answer = [0; 12];
        touch.socket.read_exact(&mut answer)?;
        assert_eq!(&answer[4..8], &0_u32.to_ne_bytes(), "the driver answers with its version");
        Ok(touch)
    }

    pub fn down(&mut self, finger: u32, x: f64, y: f64) {
        self.touch(finger, Phase::Begin, x, y);
    }

    pub fn slide(&mut self, finger: u32, x: f64, y: f64) {
        self.touch(finger, Phase::Update, x, y);
    }

    pub fn up(&mut self, finger: u32, x: f64, y: f64) {
        self.touch(finger, Phase::End, x, y);
    }

    /// A short press, as most people's is.
    pub fn tap(&mut self, finger: u32, (x, y): (f64, f64)) {
        self.down(finger, x, y);
        self.settle();
        std::thread::sleep(Duration::from_millis(30));
        self.up(finger, x, y);
        self.settle();
    }

    /// A press that moves in a straight line from `from` to `to` for `time`, in steps of 20 ms.
    pub fn slow_slide(&mut self, finger: u32, from: (f64, f64), to: (f64, f64), time: Duration) {
        self.down(finger, from.0, from.1);
        let start = Instant::now();
        while start.elapsed() < time {
            let t = start.elapsed().as_secs_f64() / time.as_secs_f64();
            self.slide(finger, from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
            self.settle();
            std::thread::sleep(Duration::from_millis(20));
        }
        self.up(finger, to.0, to.1);
        self.settle();
    }

    /// Returns once the server has taken in all that was sent.
    pub fn settle(&mut self) {
        self.send(Message::WaitForSync, &[]).expect("the touch device's socket");
        let mut answer = [0; 8];
        self.socket.read_exact(&mut answer).expect("the server's word that it took the events in");
        assert_eq!(&answer[4..8], &1_u32.to_ne_bytes());
    }

    fn touch(&mut self, finger: u32, phase: Phase, x: f64, y: f64) {
        let mut body = Vec::with_capacity(1_048);
        body.extend_from_slice(&finger.to_ne_bytes());
        body.extend_from_slice(&(phase as u32).to_ne_bytes());
        // Valuators: no unaccelerated ones, a mask of 64 bits with the first two set, padding to a double's place.
        body.extend_from_slice(&0_u32.to_ne_bytes());
        body.extend_from_slice(&[0b11, 0, 0, 0, 0, 0, 0, 0]);
        body.extend_from_slice(&[0; 4]);
        let mut values = [0.0_f64; VALUATORS * 2];
        values[0] = (x + 0.5) * AXIS_MAX / f64::from(self.size.0);
        values[1] = (y + 0.5) * AXIS_MAX / f64::from(self.size.1);
        body.extend(values.iter().flat_map(|v| v.to_ne_bytes()));
        self.send(Message::Touch, &body).expect("the touch device's socket");
    }

    fn send(&mut self, kind: Message, body: &[u8]) -> std::io::Result<()> {
        let mut message = Vec::with_capacity(8 + body.len());
        message.extend_from_slice(&(8 + body.len() as u32).to_ne_bytes());
        message.extend_from_slice(&(kind as u32).to_ne_bytes());
        message.extend_from_slice(body);
        self.socket.write_all(&message)
    }
}
