//! One request to a centre, and what its failures mean to the person who asked.

use std::time::Duration;

use anyhow::{Context as _, bail};
use reqwest::header::AUTHORIZATION;
use reqwest::redirect::Policy;
use reqwest::{Certificate, StatusCode, Url};

use crate::config::HttpUrl;
use crate::protocol::ApiError;
use crate::words::stats::Cli;

const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an answer.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

pub struct Request {
    pub centre: HttpUrl,
    pub pairs: Vec<(&'static str, String)>,
    pub token: String,
    /// PEM; the only roots then.
    pub certificates: Option<Vec<u8>>,
    pub words: Cli,
}

/// The body of a successful answer.
///
/// # Errors
/// A sentence about what happened and what to do.
pub fn get(request: &Request) -> anyhow::Result<Vec<u8>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(send(request))
}

async fn send(request: &Request) -> anyhow::Result<Vec<u8>> {
    let words = request.words;
    let centre = request.centre.as_str();
    let mut url =
        Url::parse(&format!("{centre}/api/v1/stats")).with_context(|| words.bad_address(centre).into_owned())?;
    url.query_pairs_mut().extend_pairs(&request.pairs);
    // A redirect would carry the token elsewhere.
    let mut client =
        reqwest::Client::builder().timeout(TIMEOUT).connect_timeout(CONNECT_TIMEOUT).redirect(Policy::none());
    if request.centre.is_loopback() {
        client = client.no_proxy();
    }
    if let Some(pem) = &request.certificates {
        let roots = Certificate::from_pem_bundle(pem).with_context(|| words.bad_certificates().into_owned())?;
        client = client.tls_certs_only(roots);
    }
    let client = client.build().context("the TLS client cannot be set up")?;
    let sent = client.get(url).header(AUTHORIZATION, format!("Bearer {}", request.token)).send().await;
    let mut response = sent.map_err(|e| unreachable_centre(e.without_url(), centre, words))?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.with_context(|| words.cut_off(centre).into_owned())? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            bail!("{}", words.too_long());
        }
        body.extend_from_slice(&chunk);
    }
    if status.is_success() { Ok(body) } else { Err(refused(status, &body, centre, words)) }
}

fn unreachable_centre(error: reqwest::Error, centre: &str, words: Cli) -> anyhow::Error {
    let sentence = if error.is_timeout() { words.timed_out(centre) } else { words.unreachable(centre) };
    anyhow::Error::new(error).context(sentence.into_owned())
}

fn refused(status: StatusCode, body: &[u8], centre: &str, words: Cli) -> anyhow::Error {
    match serde_json::from_slice::<ApiError>(body) {
        Ok(refusal) => {
            let advice = match refusal.code.as_str() {
                "no_token" | "bad_token" => words.wrong_token(),
                "forbidden" => words.forbidden(),
                _ => words.refused(),
            };
            anyhow::anyhow!("{advice}: {} [{} · {}]", refusal.message, refusal.code, refusal.reference)
        }
        Err(_) => anyhow::anyhow!("{}", words.not_a_centre(centre, status.as_u16())),
    }
}
