//! The edge of sync: one HTTP client with every limit set, and nothing of the plan in it.
//!
//! **Architecture invariants:** answers are read up to a limit and no further; redirects are not followed; a private
//! authority replaces the system's, it is not added to them; a proxy is one that the configuration names, never one of the
//! environment.

use std::path::Path;
use std::time::Duration;

use reqwest::header::{ETAG, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Proxy, Response};

use crate::config::HttpUrl;
use crate::config::kiosk::CentreLink;
use crate::kiosk::sync::event::Failure;
use crate::kiosk::sync::frame::{Method, Reply, Wire};

/// To a connection, TLS included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
/// Between two pieces of an answer.
pub const READ_TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes of a file of certificates.
const MAX_CA_BYTES: u64 = 1024 * 1024;

/// Carries one request to the centre and its reply back. The courier is generic over it.
pub trait Line: Send + 'static {
    /// # Errors
    /// [`Failure::Unreachable`] or [`Failure::Unreadable`]; what the centre answers is a [`Reply`] whatever its status.
    fn send(&self, wire: Wire) -> impl Future<Output = Result<Reply, Failure>> + Send;
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum LineFault {
    #[error("{path}: {source}")]
    CaFile { path: std::path::PathBuf, source: std::io::Error },
    #[error("{path}: no certificates in PEM form: {reason}")]
    CaForm { path: std::path::PathBuf, reason: String },
    #[error("the proxy's address is not usable: {0}")]
    Proxy(String),
    #[error("no HTTP client: {0} (without ca_file the system's certificates are needed: package ca-certificates)")]
    Client(String),
}

/// The line of a real kiosk.
#[derive(Debug, Clone)]
pub struct Https {
    client: Client,
    url: HttpUrl,
}

impl Https {
    /// # Errors
    /// [`LineFault`] names the setting that does not work.
    pub fn new(link: &CentreLink) -> Result<Self, LineFault> {
        // The only failure is that a provider is installed already, which is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .user_agent(concat!("pingyi/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .tcp_keepalive(Duration::from_secs(30))
            .pool_max_idle_per_host(1)
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            // Whether plain HTTP may be used at all was decided when the configuration was read.
            .https_only(link.url.is_encrypted());
        if let Some(path) = &link.ca_file {
            client = client.tls_certs_only(certificates(path)?);
        } else if !link.url.is_encrypted() {
            // No certificate will be looked at: a machine without any must not be refused for it.
            client = client.tls_certs_only([]);
        }
        if let Some(proxy) = &link.proxy {
            client = client.proxy(Proxy::all(proxy.as_str()).map_err(|e| LineFault::Proxy(causes(&e)))?);
        }
        let client = client.build().map_err(|e| LineFault::Client(causes(&e)))?;
        Ok(Self { client, url: link.url.clone() })
    }
}

impl Line for Https {
    async fn send(&self, wire: Wire) -> Result<Reply, Failure> {
        let url = format!("{}{}", self.url, wire.path);
        let mut request = match wire.method {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url).body(wire.body),
        };
        for (name, value) in &wire.headers {
            request = request.header(*name, value);
        }
        let answer = async {
            let response = request.send().await.map_err(|e| unreachable(&e))?;
            read(response, wire.max_answer_bytes).await
        };
        match tokio::time::timeout(Duration::from_millis(wire.timeout_ms), answer).await {
            Ok(reply) => reply,
            Err(_) => Err(Failure::Unreachable(format!("no answer within {} s", wire.timeout_ms / 1_000))),
        }
    }
}

async fn read(mut response: Response, max_bytes: usize) -> Result<Reply, Failure> {
    let too_long = || Failure::Unreadable(format!("the answer is longer than {max_bytes} bytes"));
    if response.content_length().is_some_and(|n| n > max_bytes as u64) {
        return Err(too_long());
    }
    let mut reply = Reply {
        status: response.status().as_u16(),
        etag: text(response.headers(), ETAG).map(|tag| tag.trim_start_matches("W/").trim_matches('"').to_owned()),
        retry_after_ms: text(response.headers(), RETRY_AFTER).and_then(|s| s.parse::<u64>().ok()).map(|s| s * 1_000),
        body: Vec::new(),
    };
    while let Some(piece) = response.chunk().await.map_err(|e| unreachable(&e))? {
        if reply.body.len() + piece.len() > max_bytes {
            return Err(too_long());
        }
        reply.body.extend_from_slice(&piece);
    }
    Ok(reply)
}

fn text(headers: &HeaderMap, name: reqwest::header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, LineFault> {
    use std::io::Read;
    let at = |source| LineFault::CaFile { path: path.to_owned(), source };
    let mut pem = Vec::new();
    std::fs::File::open(path).map_err(at)?.take(MAX_CA_BYTES).read_to_end(&mut pem).map_err(at)?;
    let form = |reason: String| LineFault::CaForm { path: path.to_owned(), reason };
    let certificates = Certificate::from_pem_bundle(&pem).map_err(|e| form(causes(&e)))?;
    if certificates.is_empty() { Err(form("the file holds none".to_owned())) } else { Ok(certificates) }
}

fn unreachable(error: &reqwest::Error) -> Failure {
    Failure::Unreachable(causes(error))
}

/// The innermost cause is what helps: "connection refused", "certificate expired". Addresses are left out: they stand in
/// the configuration.
fn causes(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string().chars().take(160).collect()
}
