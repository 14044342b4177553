//! What people write by hand: `kiosk.toml`, `centre.toml`, `board.toml`, `calendar.toml` and the portraits beside them.
//!
//! Every file is read by a collecting [`reader`]: all faults are reported at once, each with file, line, key path, what is
//! wrong and what is allowed. [`rules`] are held by a board wherever it comes from, a file or the wire.
//!
//! **Architecture invariant:** nothing here opens a window, a socket or a database; kiosk, centre and command line import
//! this, never the other way round.

pub mod accounts;
pub mod alerts;
pub mod board;
pub mod calendar;
pub mod centre;
pub mod fault;
pub mod findings;
pub mod hours;
pub mod kiosk;
pub mod picture;
pub mod pin;
pub mod reader;
pub mod rules;

use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use fault::{Fault, Faults, Wrong};
use findings::Findings;
use reader::Node;

pub use centre::CentreConfig;
pub use kiosk::KioskConfig;

/// Bytes of one configuration file.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// Reads a file under its byte limit and hands its root table to `read`, then its value to `check`.
fn load<T>(
    file: &Path,
    read: impl FnOnce(&Node<'_>) -> Option<T>,
    check: impl FnOnce(&T, &Findings),
) -> Result<T, Faults> {
    let text = match read_limited(file) {
        Ok(text) => text,
        Err(wrong) => return Err(Faults(vec![Fault::of_file(file, wrong)])),
    };
    let (value, found) = reader::read_text(file, &text, read);
    if let Some(value) = &value {
        check(value, &found);
    }
    Faults::unless_any(found.into_faults(), value, file)
}

fn read_limited(file: &Path) -> Result<String, Wrong> {
    let unreadable = |error: std::io::Error| Wrong::Unreadable { cause: error.to_string() };
    let open = std::fs::File::open(file).map_err(unreadable)?;
    let mut bytes = Vec::new();
    open.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Wrong::TooBig { found: bytes.len() as u64, max: MAX_FILE_BYTES });
    }
    String::from_utf8(bytes).map_err(|_| Wrong::NotUtf8)
}

/// An `http://` or `https://` address without user, query and fragment; without the slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpUrl(String);

impl HttpUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The host without port and brackets.
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or("");
        match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or(""),
            None => authority.split(':').next().unwrap_or(""),
        }
    }

    /// True if the address never leaves this machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
    }
}

impl FromStr for HttpUrl {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let plain = text.len() <= 200 && text.bytes().all(|b| b.is_ascii_graphic() && !b"?#@\\\"<>^`{}|".contains(&b));
        let url = reqwest::Url::parse(text).map_err(|_| ())?;
        let scheme = matches!(url.scheme(), "http" | "https") && text.starts_with(url.scheme());
        let host = url.host_str().is_some_and(|host| !host.is_empty());
        if plain && scheme && host { Ok(Self(text.trim_end_matches('/').to_owned())) } else { Err(()) }
    }
}

impl std::fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A time zone by its name, found in the data that travels with the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneName(pub jiff::tz::TimeZone);

impl FromStr for ZoneName {
    type Err = jiff::Error;

    fn from_str(name: &str) -> Result<Self, jiff::Error> {
        jiff::tz::TimeZone::get(name).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_plain_and_keeps_no_slash_at_its_end() {
        let url: HttpUrl = "https://pj.example.gov.cn/".parse().unwrap();
        assert_eq!(
            (url.as_str(), url.host(), url.is_loopback()),
            ("https://pj.example.gov.cn", "pj.example.gov.cn", false)
        );
        let local: HttpUrl = "http://[::1]:8700/a".parse().unwrap();
        assert_eq!((local.host(), local.is_loopback(), local.is_encrypted()), ("::1", true, false));
        for bad in [
            "",
            "pj.example.gov.cn",
            "ftp://a",
            "https://",
            "https://u:p@a",
            "https://a?x=1",
            "https://a b",
            "javascript:1",
        ] {
            assert!(bad.parse::<HttpUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn time_zones_travel_with_the_program() {
        assert!("Asia/Shanghai".parse::<ZoneName>().is_ok());
        assert!("Asia/Shangri-La".parse::<ZoneName>().is_err());
    }
}
