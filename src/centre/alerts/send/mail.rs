//! E-mail: one message to one mailbox through the server of `centre.toml`, encrypted as it says.

use std::path::Path;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::speaks_of_tls;
use crate::centre::alerts::message::{Manner, Told, mail};
use crate::centre::alerts::outbox::{DeliveryOutcome, Ended};
use crate::config::alerts::{SmtpConfig, SmtpSecurity};

/// Each answer of the mail server.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The whole of one try.
const PATIENCE: Duration = Duration::from_secs(40);
/// Bytes of a password's file.
const MAX_SECRET_BYTES: u64 = 4 * 1024;

/// Tells a mailbox.
pub async fn send(smtp: Option<&SmtpConfig>, to: &str, told: &[Told], manner: &Manner) -> Ended {
    let Some(smtp) = smtp else { return Ended::plain(DeliveryOutcome::NoMailServer) };
    let Some(message) = message(smtp, to, told, manner) else { return Ended::plain(DeliveryOutcome::BadSettings) };
    let settings = smtp.clone();
    let made = tokio::task::spawn_blocking(move || transport(&settings)).await;
    let Ok(Some(transport)) = made else { return Ended::plain(DeliveryOutcome::BadSettings) };
    match tokio::time::timeout(PATIENCE, transport.send(message)).await {
        Err(_) => Ended::plain(DeliveryOutcome::TimedOut),
        Ok(Ok(answer)) => Ended { outcome: DeliveryOutcome::Delivered, status: Some(answer.code().into()) },
        Ok(Err(fault)) => {
            let status = fault.status().map(u16::from);
            let outcome = if status.is_some() {
                DeliveryOutcome::Refused
            } else if fault.is_timeout() {
                DeliveryOutcome::TimedOut
            } else if fault.is_tls() || speaks_of_tls(&fault) {
                DeliveryOutcome::Tls
            } else if fault.is_client() {
                // It cannot do what the settings ask for: STARTTLS, or any way of signing in.
                DeliveryOutcome::BadSettings
            } else {
                DeliveryOutcome::Unreachable
            };
            Ended { outcome, status }
        }
    }
}

fn message(smtp: &SmtpConfig, to: &str, told: &[Told], manner: &Manner) -> Option<Message> {
    let (subject, body) = mail(told, manner);
    let from: Mailbox = smtp.from.as_str().parse().ok()?;
    let domain = smtp.from.as_str().split_once('@').map_or("localhost", |(_, domain)| domain);
    // The same in every try, so that a reader's program knows a repeated message again.
    let first = told.first().map_or(0, |t| t.id);
    let id = format!("<alert-{first}-{}@{domain}>", told.len());
    Message::builder()
        .from(from)
        .to(to.parse().ok()?)
        .subject(subject)
        .message_id(Some(id))
        .header(ContentType::TEXT_PLAIN)
        .body(body)
        .ok()
}

/// None when a file of the settings cannot be used. Reads files.
fn transport(smtp: &SmtpConfig) -> Option<AsyncSmtpTransport<Tokio1Executor>> {
    let tls = match smtp.security {
        SmtpSecurity::None => Tls::None,
        SmtpSecurity::Starttls => Tls::Required(parameters(smtp)?),
        SmtpSecurity::Tls => Tls::Wrapper(parameters(smtp)?),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
        .port(smtp.port)
        .tls(tls)
        .timeout(Some(TIMEOUT));
    if let (Some(user), Some(file)) = (&smtp.user, &smtp.password_file) {
        builder = builder.credentials(Credentials::new(user.clone(), secret(file)?));
    }
    Some(builder.build())
}

fn parameters(smtp: &SmtpConfig) -> Option<TlsParameters> {
    let mut parameters = TlsParameters::builder(smtp.host.clone());
    if let Some(file) = &smtp.ca_file {
        let pem = std::fs::read(file).ok()?;
        parameters = parameters
            .certificate_store(CertificateStore::None)
            .add_root_certificate(Certificate::from_pem(&pem).ok()?);
    }
    parameters.build_rustls().ok()
}

fn secret(file: &Path) -> Option<String> {
    use std::io::Read as _;
    let mut text = String::new();
    std::fs::File::open(file).ok()?.take(MAX_SECRET_BYTES).read_to_string(&mut text).ok()?;
    Some(text.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::super::message::tests::{manner, told};
    use super::super::super::outbox::AlertEvent;
    use super::*;
    use crate::words::Language;

    fn smtp() -> SmtpConfig {
        SmtpConfig {
            host: "localhost".to_owned(),
            port: 25,
            security: SmtpSecurity::None,
            from: "pingyi@example.gov.cn".parse().unwrap(),
            user: None,
            password_file: None,
            ca_file: None,
        }
    }

    #[test]
    fn a_message_is_plain_text_and_keeps_its_id_over_tries() {
        let made =
            || message(&smtp(), "hall@example.gov.cn", &[told(AlertEvent::Raised)], &manner(Language::Zh)).unwrap();
        let text = String::from_utf8(made().formatted()).unwrap();
        assert!(text.contains("To: hall@example.gov.cn") && text.contains("text/plain; charset=utf-8"), "{text}");
        assert!(text.contains("Message-ID: <alert-31-1@example.gov.cn>"));
        assert!(text.is_ascii() && !text.contains("\nBcc"));
        assert!(message(&smtp(), "not an address", &[], &manner(Language::Zh)).is_none());
    }

    #[test]
    fn a_missing_password_file_is_a_setting_that_does_not_work() {
        let mut smtp = smtp();
        (smtp.user, smtp.password_file) = (Some("u".to_owned()), Some("missing".into()));
        assert!(transport(&smtp).is_none());
    }
}
