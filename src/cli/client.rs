//! Requests to a centre, and what their failures mean to the person who asked.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use reqwest::header::AUTHORIZATION;
use reqwest::redirect::Policy;
use reqwest::{Certificate, StatusCode, Url};

use crate::config::HttpUrl;
use crate::protocol::ApiError;
use crate::words::stats::Cli;

/// The environment variable that holds the token.
pub const TOKEN_VARIABLE: &str = "PINGYI_TOKEN";
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an answer.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// A centre, and who asks it.
pub struct Centre {
    address: HttpUrl,
    token: String,
    words: Cli,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl Centre {
    /// `certificates` are PEM, and the only roots then.
    ///
    /// # Errors
    /// When the certificates are none, or the connection cannot be set up.
    pub fn new(address: HttpUrl, token: String, certificates: Option<&[u8]>, words: Cli) -> anyhow::Result<Self> {
        // A redirect would carry the token elsewhere.
        let mut client =
            reqwest::Client::builder().timeout(TIMEOUT).connect_timeout(CONNECT_TIMEOUT).redirect(Policy::none());
        if address.is_loopback() {
            client = client.no_proxy();
        }
        if let Some(pem) = certificates {
            let roots = Certificate::from_pem_bundle(pem).with_context(|| words.bad_certificates().into_owned())?;
            client = client.tls_certs_only(roots);
        }
        let client = client.build().context("the TLS client cannot be set up")?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { address, token, words, client, runtime })
    }

    pub fn address(&self) -> &str {
        self.address.as_str()
    }

    /// The body of a successful answer.
    ///
    /// # Errors
    /// A sentence about what happened and what to do.
    pub fn get(&self, path: &str, pairs: &[(&str, String)]) -> anyhow::Result<Vec<u8>> {
        self.runtime.block_on(self.send(path, pairs))
    }

    /// The same, read as JSON.
    ///
    /// # Errors
    /// As [`Self::get`]; also when the answer is something else.
    pub fn get_json<T: serde::de::DeserializeOwned>(&self, path: &str, pairs: &[(&str, String)]) -> anyhow::Result<T> {
        let body = self.get(path, pairs)?;
        serde_json::from_slice(&body).with_context(|| self.words.no_answer(self.address.as_str()).into_owned())
    }

    async fn send(&self, path: &str, pairs: &[(&str, String)]) -> anyhow::Result<Vec<u8>> {
        let (words, centre) = (self.words, self.address.as_str());
        let mut url = Url::parse(&format!("{centre}{path}")).with_context(|| words.bad_address(centre).into_owned())?;
        if !pairs.is_empty() {
            url.query_pairs_mut().extend_pairs(pairs);
        }
        let sent = self.client.get(url).header(AUTHORIZATION, format!("Bearer {}", self.token)).send().await;
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
}

/// The centre's address as it was typed, if the token may be sent there.
///
/// # Errors
/// When it is none, or the way there is not encrypted and that was not allowed.
pub fn address(typed: &str, allow_plain_http: bool, words: Cli) -> anyhow::Result<HttpUrl> {
    let centre: HttpUrl = typed.parse().map_err(|()| anyhow::anyhow!("{}", words.bad_address(typed)))?;
    if !centre.is_encrypted() && !centre.is_loopback() && !allow_plain_http {
        bail!("{}", words.plain_http(centre.host()));
    }
    Ok(centre)
}

/// The token: from a file that holds it alone, or from the environment.
///
/// # Errors
/// When there is none, or the text is no token.
pub fn token(file: Option<&Path>, variable: Option<OsString>, words: Cli) -> anyhow::Result<String> {
    let text = match (file, variable) {
        (Some(path), _) => String::from_utf8(read(path, words)?).unwrap_or_default(),
        (None, Some(value)) => value.into_string().unwrap_or_default(),
        (None, None) => String::new(),
    };
    let token = text.trim();
    if token.is_empty() || token.len() > 200 || !token.bytes().all(|b| b.is_ascii_graphic()) {
        bail!("{}", words.no_token(TOKEN_VARIABLE));
    }
    Ok(token.to_owned())
}

/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path, words: Cli) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| words.not_read(&path.display().to_string()).into_owned())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn the_token_comes_from_a_file_or_the_environment_and_must_be_one() {
        let words = Cli(Language::En);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        std::fs::write(&path, "from_file\n").unwrap();
        assert_eq!(token(Some(&path), Some("from_env".into()), words).unwrap(), "from_file");
        assert_eq!(token(None, Some("from_env".into()), words).unwrap(), "from_env");
        for bad in [None, Some(""), Some("two words"), Some("评议")] {
            let fault = token(None, bad.map(Into::into), words).unwrap_err().to_string();
            assert!(fault.contains(TOKEN_VARIABLE), "{fault}");
        }
        let missing = token(Some(&dir.path().join("none")), None, words).unwrap_err();
        assert!(missing.to_string().contains("none"));
    }
}
