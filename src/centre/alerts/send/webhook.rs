//! A webhook: one POST with a signature, to the address that was checked, without redirects, within a time.

use std::net::SocketAddr;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Url, header};
use sha2::Sha256;

use super::{guard, speaks_of_tls};
use crate::centre::alerts::destinations::webhook_url;
use crate::centre::alerts::message::{Manner, Told, json};
use crate::centre::alerts::outbox::{DeliveryOutcome, Ended};
use crate::config::alerts::AlertsConfig;
use crate::domain::time::WallMs;

/// The whole of one try.
const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const LOOK_UP_TIMEOUT: Duration = Duration::from_secs(5);
/// When the request was made: seconds since 1970, as it was signed.
pub const TIME_HEADER: &str = "x-pingyi-time";
/// HMAC-SHA256 over time, a full stop and the body, lowercase hexadecimal.
pub const SIGNATURE_HEADER: &str = "x-pingyi-signature";

/// Tells a webhook. Any status of 200 to 299 is a delivery; the answer's body is not read.
pub async fn send(
    config: &AlertsConfig,
    url: &str,
    secret: &[u8],
    told: &[Told],
    manner: &Manner,
    now: WallMs,
) -> Ended {
    let Some(url) = webhook_url(url).filter(|url| guard::is_listed(url, &config.webhook_hosts)) else {
        return Ended::plain(DeliveryOutcome::NotAllowed);
    };
    let addresses = match addresses(&url, config.webhook_local).await {
        Ok(addresses) => addresses,
        Err(outcome) => return Ended::plain(outcome),
    };
    let client = match client(config, &url, &addresses).await {
        Ok(client) => client,
        Err(outcome) => return Ended::plain(outcome),
    };
    let time = now.0.div_euclid(1_000).to_string();
    let body = json(told, manner, now);
    let request = client
        .post(url)
        .header(header::CONTENT_TYPE, "application/json")
        .header(SIGNATURE_HEADER, signature(secret, &time, &body))
        .header(TIME_HEADER, time)
        .body(body);
    match request.send().await {
        Ok(answer) if answer.status().is_success() => {
            Ended { outcome: DeliveryOutcome::Delivered, status: Some(answer.status().as_u16()) }
        }
        Ok(answer) => Ended { outcome: DeliveryOutcome::Refused, status: Some(answer.status().as_u16()) },
        Err(fault) if fault.is_timeout() => Ended::plain(DeliveryOutcome::TimedOut),
        Err(fault) if speaks_of_tls(&fault) => Ended::plain(DeliveryOutcome::Tls),
        Err(_) => Ended::plain(DeliveryOutcome::Unreachable),
    }
}

/// What [`SIGNATURE_HEADER`] holds.
pub fn signature(secret: &[u8], time: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes())
}

/// Where the host's name leads, if all of it may be called.
async fn addresses(url: &Url, local: bool) -> Result<Vec<SocketAddr>, DeliveryOutcome> {
    let port = url.port_or_known_default().unwrap_or(443);
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
    let looked_up = tokio::time::timeout(LOOK_UP_TIMEOUT, tokio::net::lookup_host((host, port))).await;
    let found: Vec<SocketAddr> = match looked_up {
        Err(_) => return Err(DeliveryOutcome::TimedOut),
        Ok(Err(_)) => return Err(DeliveryOutcome::NoAddress),
        Ok(Ok(found)) => found.take(16).collect(),
    };
    if found.is_empty() {
        return Err(DeliveryOutcome::NoAddress);
    }
    if !local && found.iter().any(|a| guard::is_local(a.ip())) {
        return Err(DeliveryOutcome::NotAllowed);
    }
    Ok(found)
}

/// A client that knows only these addresses: what was checked is what is called, whatever the name says a moment later.
async fn client(config: &AlertsConfig, url: &Url, addresses: &[SocketAddr]) -> Result<Client, DeliveryOutcome> {
    // The only failure is that a provider is installed already, which is just as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = Client::builder()
        .user_agent(concat!("pingyi/", env!("CARGO_PKG_VERSION")))
        .timeout(TIMEOUT)
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .pool_max_idle_per_host(0)
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses);
    if url.scheme() == "http" {
        // No certificate will be looked at: a machine without any must not be refused for it.
        client = client.tls_certs_only([]);
    } else if let Some(path) = config.webhook_ca_file.clone() {
        let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
        let pem = read.ok().and_then(Result::ok).ok_or(DeliveryOutcome::BadSettings)?;
        client = client.tls_certs_only(Certificate::from_pem_bundle(&pem).map_err(|_| DeliveryOutcome::BadSettings)?);
    }
    client.build().map_err(|_| DeliveryOutcome::BadSettings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_hmac_sha256_as_others_make_it() {
        // RFC 4231, test case 2, with its text cut at the first full stop that we put in ourselves.
        let made = signature(b"Jefe", "what do ya want for nothing?", b"");
        assert_eq!(made.len(), 64);
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        let known = data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes());
        assert_eq!(known, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert_ne!(made, signature(b"Jefe", "what do ya want for nothing", b"?"), "time and body are kept apart");
    }

    #[tokio::test]
    async fn names_that_lead_home_are_refused_unless_allowed() {
        let url = |text: &str| Url::parse(text).unwrap();
        for home in ["http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/", "http://2130706433:9/"] {
            assert_eq!(addresses(&url(home), false).await, Err(DeliveryOutcome::NotAllowed), "{home}");
        }
        assert_eq!(addresses(&url("http://127.0.0.1:9/"), true).await.unwrap().len(), 1);
    }
}
