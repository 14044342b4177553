//! `[alerts]` of `centre.toml`: which hosts may be told of alerts, and through which mail server.

use std::path::PathBuf;
use std::str::FromStr;

use super::fault::{Form, Wrong};
use super::findings::Findings;
use super::reader::Node;
use crate::domain::rating::coded;

/// Hosts that webhooks may lead to.
const MAX_HOSTS: usize = 50;

/// How alerts may leave the centre. Where nothing is said, none does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertsConfig {
    /// `hooks.example.gov.cn`, or with a port: `10.0.0.7:8080`. Nothing else is ever called.
    pub webhook_hosts: Vec<String>,
    /// Also those that lead to this machine, to link-local addresses or to a cloud's metadata.
    pub webhook_local: bool,
    /// PEM; the only authorities then.
    pub webhook_ca_file: Option<PathBuf>,
    /// Closed alerts are forgotten after so long.
    pub history_days: u32,
    pub smtp: Option<SmtpConfig>,
}

impl Default for AlertsConfig {
    fn default() -> Self {
        Self {
            webhook_hosts: Vec::new(),
            webhook_local: false,
            webhook_ca_file: None,
            history_days: HISTORY_DAYS,
            smtp: None,
        }
    }
}

const HISTORY_DAYS: u32 = 400;

coded! {
    /// How the connection to a mail server is protected.
    SmtpSecurity {
        /// Begun in the clear and then encrypted; a server that cannot is not used. Port 587.
        Starttls = "starttls",
        /// Encrypted from the beginning. Port 465.
        Tls = "tls",
        /// Never encrypted: for a server on the same machine or a closed network. Port 25.
        None = "none",
    }
}

impl SmtpSecurity {
    const fn port(self) -> u64 {
        match self {
            Self::Starttls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// The mail server that alerts go through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    pub host: String,
    pub port: u16,
    pub security: SmtpSecurity,
    pub from: MailAddress,
    pub user: Option<String>,
    /// Holds the password alone, on one line.
    pub password_file: Option<PathBuf>,
    /// PEM; the only authorities then.
    pub ca_file: Option<PathBuf>,
}

/// A plain mail address, `hall@example.gov.cn`, without a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAddress(String);

impl MailAddress {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MailAddress {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (local, domain) = text.split_once('@').ok_or(())?;
        let local_part = (1..=64).contains(&local.len())
            && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(&b));
        let label = |l: &str| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-');
        let domain_part = (1..=190).contains(&domain.len())
            && domain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
            && domain.split('.').all(label);
        let dots = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
        if local_part && domain_part && dots { Ok(Self(text.to_owned())) } else { Err(()) }
    }
}

/// Reads the section; without it nothing leaves the centre.
pub fn read(node: &Node<'_>) -> Option<AlertsConfig> {
    let smtp = if node.has("smtp") { Some(node.section_maybe("smtp", read_smtp)?) } else { None };
    Some(AlertsConfig {
        webhook_hosts: node.lines("webhook_hosts", MAX_HOSTS, 200),
        webhook_local: node.flag("webhook_local", false),
        webhook_ca_file: node.path_maybe("webhook_ca_file"),
        history_days: u32::try_from(node.number("history_days", 30, 3_650, u64::from(HISTORY_DAYS))).ok()?,
        smtp,
    })
}

fn read_smtp(node: &Node<'_>) -> Option<SmtpConfig> {
    let security = node.choice("security", SmtpSecurity::ALL, |s| s.code(), SmtpSecurity::Starttls);
    let port = node.number("port", 1, 65_535, security.port());
    let host = node.raw_text("host");
    let from = node.parsed("from", Form::MailAddress);
    let user = node.line_maybe("user", 200);
    let (password_file, ca_file) = (node.path_maybe("password_file"), node.path_maybe("ca_file"));
    if user.is_some() && password_file.is_none() {
        node.report("password_file", Wrong::Missing);
    }
    let host = host?;
    if !is_host(&host) {
        node.report("host", Wrong::Form { found: super::reader::quoted(&host), wanted: Form::Host });
        return None;
    }
    Some(SmtpConfig { host, port: u16::try_from(port).ok()?, security, from: from?, user, password_file, ca_file })
}

/// What is only known once the files have been looked at.
pub fn check(config: &AlertsConfig, found: &Findings) {
    let mut files = vec![("alerts.webhook_ca_file", &config.webhook_ca_file)];
    if let Some(smtp) = &config.smtp {
        files.push(("alerts.smtp.password_file", &smtp.password_file));
        files.push(("alerts.smtp.ca_file", &smtp.ca_file));
    }
    for (key, file) in files {
        if let Some(path) = file.as_ref().filter(|p| !p.is_file()) {
            found.report(key, Wrong::FileMissing { path: path.clone() });
        }
    }
    for (i, host) in config.webhook_hosts.iter().enumerate() {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !name.contains(':') || name.ends_with(']') => (name, Some(port)),
            _ => (host.as_str(), None),
        };
        if !is_host(name) || port.is_some_and(|p| p.parse::<u16>().is_err()) {
            let wrong = Wrong::Form { found: super::reader::quoted(host), wanted: Form::Host };
            found.report(&format!("alerts.webhook_hosts[{}]", i + 1), wrong);
        }
    }
}

/// A host's name or address; IPv6 in brackets.
fn is_host(text: &str) -> bool {
    if let Some(v6) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        return v6.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let label = |l: &str| {
        !l.is_empty()
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    text.len() <= 200 && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::reader::read_text;

    fn faults(text: &str) -> (Option<AlertsConfig>, Vec<String>) {
        let (config, found) = read_text(Path::new("centre.toml"), text, |n| n.section_or_defaults("alerts", read));
        if let Some(config) = &config {
            check(config, &found);
        }
        let faults = found.into_faults();
        (config, faults.iter().map(|f| f.path.clone()).collect())
    }

    #[test]
    fn without_the_section_nothing_leaves_the_centre() {
        let (config, faults) = faults("");
        assert!(faults.is_empty());
        assert_eq!(config, Some(AlertsConfig::default()));
    }

    #[test]
    fn a_mail_server_is_read_with_its_usual_port() {
        let text = "[alerts.smtp]\nhost = 'smtp.example.gov.cn'\nsecurity = 'tls'\nfrom = 'pingyi@example.gov.cn'";
        let smtp = faults(text).0.unwrap().smtp.unwrap();
        assert_eq!((smtp.port, smtp.security, smtp.user), (465, SmtpSecurity::Tls, None));
    }

    #[test]
    fn every_fault_is_named() {
        let (_, found) = faults(
            "[alerts]\nwebhook_hosts = ['ok.example', '[::1]:80', 'http://no', 'a b', 'x:99999']\n\
             webhook_ca_file = 'missing.pem'",
        );
        let hosts = |n: u8| format!("alerts.webhook_hosts[{n}]");
        assert_eq!(found, ["alerts.webhook_ca_file".to_owned(), hosts(3), hosts(4), hosts(5)]);
        let (_, found) = faults("[alerts.smtp]\nhost = 'a b'\nfrom = 'nobody'\nuser = 'u'\nport = 0");
        for key in ["host", "from", "password_file", "port"] {
            assert!(found.contains(&format!("alerts.smtp.{key}")), "{key}: {found:?}");
        }
    }
}
