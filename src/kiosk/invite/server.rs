//! Connections of the local interface: few, and none may idle for long.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};

/// Connections at the same time; more wait in the system's queue.
const MAX_CONNECTIONS: usize = 32;
/// A request's head must have come within this time, also on a connection that idles.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// One connection's whole life: a caller that never ends takes no place for ever.
const LONGEST: Duration = Duration::from_secs(600);

/// Serves until told to stop; requests under way are given up then, as after a power cut.
pub async fn serve(listener: TcpListener, app: Router, mut stopped: oneshot::Receiver<()>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let app = app.clone();
                    tokio::spawn(async move {
                        // Neither a broken connection nor one that took too long says anything about the kiosk.
                        let _ = tokio::time::timeout(LONGEST, connection(stream, app)).await;
                        drop(place);
                    });
                }
                Err(fault) => {
                    tracing::warn!(%fault, "a connection of the local interface could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
}

async fn connection(stream: TcpStream, app: Router) {
    let _ = stream.set_nodelay(true);
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(32)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app))
        .await;
}
