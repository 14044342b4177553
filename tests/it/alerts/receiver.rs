//! A small HTTP receiver that does as it is told, and keeps what it was sent.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Takes,
    Fails,
    /// Reads and never answers.
    Hangs,
    /// Sends elsewhere.
    Redirects,
}

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub head: String,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find(|l| l.to_ascii_lowercase().starts_with(&format!("{name}:")));
        line.and_then(|l| l.split_once(':')).map(|(_, value)| value.trim()).unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Clone)]
pub struct Receiver {
    pub address: SocketAddr,
    pub mood: Arc<Mutex<Mood>>,
    pub received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    /// Listens at `address`; port 0 for a free one.
    pub async fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let receiver = Self { address, mood: Arc::new(Mutex::new(Mood::Takes)), received: Arc::default() };
        let own = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().serve(stream));
            }
        });
        receiver
    }

    pub fn is_in(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub fn all(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
                break at;
            }
            if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                return;
            }
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut received = Received { head, body: bytes[end + 4..].to_vec() };
        let length: usize = received.header("content-length").parse().unwrap();
        while received.body.len() < length {
            if stream.read_buf(&mut received.body).await.unwrap_or(0) == 0 {
                return;
            }
        }
        self.received.lock().unwrap().push(received);
        let mood = *self.mood.lock().unwrap();
        let answer = match mood {
            Mood::Takes => "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
            Mood::Fails => "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n".to_owned(),
            Mood::Redirects => {
                format!("HTTP/1.1 307 There\r\nlocation: http://{}/stolen\r\ncontent-length: 0\r\n\r\n", self.address)
            }
            Mood::Hangs => std::future::pending().await,
        };
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}
