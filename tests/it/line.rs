//! The line to the centre against what stands between a hall and its centre: a private authority, a proxy, servers that
//! talk too much, too slowly, or send somebody elsewhere.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use pingyi::config::kiosk::CentreLink;
use pingyi::kiosk::sync::event::Failure;
use pingyi::kiosk::sync::frame::{Method, Reply, Wire};
use pingyi::kiosk::transport::{Https, Line, LineFault};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

const OK: &str = "HTTP/1.1 200 OK\r\netag: \"b7\"\r\ncontent-length: 2\r\n\r\n{}";

fn link(url: &str) -> CentreLink {
    CentreLink {
        url: url.parse().unwrap(),
        ca_file: None,
        proxy: None,
        enrol_code_file: None,
        batch_seconds: 1,
        heartbeat_seconds: 5,
    }
}

fn wire() -> Wire {
    Wire {
        method: Method::Post,
        path: "/api/v1/heartbeat".into(),
        headers: vec![("x-pingyi-time", "1".into())],
        body: b"{}".to_vec(),
        max_answer_bytes: 1_000,
        timeout_ms: 10_000,
    }
}

/// A private authority and what it has signed for `localhost`.
struct Authority {
    pem: String,
    server: Arc<ServerConfig>,
}

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
    let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let server = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let server = server.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], secret).unwrap();
    Authority { pem: ca.pem(), server: Arc::new(server) }
}

/// Reads one request's head and answers with `answer`, then keeps the connection open.
async fn answer<S: AsyncReadExt + AsyncWriteExt + Unpin>(mut stream: S, answer: &[u8], seen: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    while !head.windows(4).any(|w| w == b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    seen.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
    let _ = stream.write_all(answer).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
}

/// A server of one answer; over TLS if there is an authority. Its port, and what it was asked.
async fn server(bytes: &'static [u8], tls: Option<&Authority>) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (acceptor, asked) = (tls.map(|a| TlsAcceptor::from(Arc::clone(&a.server))), Arc::clone(&seen));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, asked) = (acceptor.clone(), Arc::clone(&asked));
            tokio::spawn(async move {
                match acceptor {
                    Some(acceptor) => {
                        if let Ok(stream) = acceptor.accept(stream).await {
                            answer(stream, bytes, &asked).await;
                        }
                    }
                    None => answer(stream, bytes, &asked).await,
                }
            });
        }
    });
    (port, seen)
}

async fn send(link: &CentreLink, wire: Wire) -> Result<Reply, Failure> {
    Https::new(link).unwrap().send(wire).await
}

fn kept(dir: &Path, name: &str, text: &str) -> Option<PathBuf> {
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    Some(path)
}

#[tokio::test]
async fn a_private_authority_is_believed_and_only_that_one() {
    let dir = tempfile::tempdir().unwrap();
    let (own, other) = (authority(), authority());
    let (port, seen) = server(OK.as_bytes(), Some(&own)).await;
    let url = format!("https://localhost:{port}");
    let believed = CentreLink { ca_file: kept(dir.path(), "own.pem", &own.pem), ..link(&url) };
    let reply = send(&believed, wire()).await.unwrap();
    assert_eq!((reply.status, reply.etag.as_deref(), reply.body.as_slice()), (200, Some("b7"), b"{}".as_slice()));
    assert!(seen.lock().unwrap()[0].starts_with("POST /api/v1/heartbeat HTTP/1.1\r\n"));

    let wrong = CentreLink { ca_file: kept(dir.path(), "other.pem", &other.pem), ..link(&url) };
    let refused = send(&wrong, wire()).await;
    assert!(matches!(&refused, Err(Failure::Unreachable(why)) if why.contains("certificate")), "{refused:?}");
    // The right authority, but not for this name.
    let renamed = CentreLink { ca_file: believed.ca_file.clone(), ..link(&format!("https://127.0.0.1:{port}")) };
    assert!(matches!(send(&renamed, wire()).await, Err(Failure::Unreachable(_))));
    assert_eq!(seen.lock().unwrap().len(), 1, "a request left over a line that cannot be believed");
}

#[tokio::test]
async fn a_file_without_certificates_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let empty = CentreLink { ca_file: kept(dir.path(), "empty.pem", "no certificate"), ..link("https://localhost") };
    assert!(matches!(Https::new(&empty), Err(LineFault::CaForm { .. })));
    let missing = CentreLink { ca_file: Some(dir.path().join("none.pem")), ..link("https://localhost") };
    assert!(matches!(Https::new(&missing), Err(LineFault::CaFile { .. })));
}

#[tokio::test]
async fn a_proxy_carries_plain_requests_and_tunnels_encrypted_ones() {
    let dir = tempfile::tempdir().unwrap();
    let own = authority();
    let (port, seen) = server(OK.as_bytes(), None).await;
    let proxy = Some(format!("http://127.0.0.1:{port}").parse().unwrap());
    // A name that only the proxy could resolve.
    let plain = CentreLink { proxy, ..link("http://centre.invalid") };
    assert_eq!(send(&plain, wire()).await.unwrap().status, 200);
    assert!(seen.lock().unwrap()[0].starts_with("POST http://centre.invalid/api/v1/heartbeat HTTP/1.1\r\n"));

    let (centre, _) = server(OK.as_bytes(), Some(&own)).await;
    let (tunnel, asked) = tunnel(centre).await;
    let link = CentreLink {
        ca_file: kept(dir.path(), "own.pem", &own.pem),
        proxy: Some(format!("http://127.0.0.1:{tunnel}").parse().unwrap()),
        ..link("https://localhost:9")
    };
    assert_eq!(send(&link, wire()).await.unwrap().status, 200);
    assert!(asked.lock().unwrap()[0].starts_with("CONNECT localhost:9 HTTP/1.1\r\n"));
}

/// A proxy that tunnels everything to one port.
async fn tunnel(to: u16) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let asked = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.unwrap());
            }
            asked.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
            let mut centre = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut centre).await });
        }
    });
    (port, seen)
}

#[tokio::test]
async fn an_answer_over_its_limit_is_not_read() {
    let announced = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n";
    let (port, _) = server(announced, None).await;
    let began = Instant::now();
    let refused = send(&link(&format!("http://127.0.0.1:{port}")), wire()).await;
    assert!(matches!(refused, Err(Failure::Unreadable(_))), "{refused:?}");
    // Nor one that does not say how long it is.
    static ENDLESS: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
        let chunk = format!("200\r\n{}\r\n", "x".repeat(512));
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}", chunk.repeat(10)).into_bytes()
    });
    let (port, _) = server(&ENDLESS, None).await;
    let refused = send(&link(&format!("http://127.0.0.1:{port}")), wire()).await;
    assert!(matches!(refused, Err(Failure::Unreadable(_))), "{refused:?}");
    assert!(began.elapsed() < Duration::from_secs(9), "it was waited for");
}

#[tokio::test]
async fn a_server_that_does_not_answer_or_not_to_the_end_is_given_up() {
    for bytes in [b"".as_slice(), b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"] {
        let (port, seen) = server(bytes, None).await;
        let began = Instant::now();
        let late = send(&link(&format!("http://127.0.0.1:{port}")), Wire { timeout_ms: 400, ..wire() }).await;
        assert!(matches!(late, Err(Failure::Unreachable(_))), "{late:?}");
        assert!((400..8_000).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
        assert_eq!(seen.lock().unwrap().len(), 1, "it must have arrived, so that nobody knows what became of it");
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert!(matches!(send(&link(&format!("http://{closed}")), wire()).await, Err(Failure::Unreachable(_))));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (elsewhere, visited) = server(OK.as_bytes(), None).await;
    let text = format!("HTTP/1.1 307 X\r\nlocation: http://127.0.0.1:{elsewhere}/\r\ncontent-length: 0\r\n\r\n");
    let (port, _) = server(text.leak().as_bytes(), None).await;
    let reply = send(&link(&format!("http://127.0.0.1:{port}")), wire()).await.unwrap();
    assert_eq!(reply.status, 307);
    assert!(visited.lock().unwrap().is_empty());
}
