//! The edge: one bundle of messages to one destination, once. What failed is named, and nothing personal is in it.

mod guard;
pub mod mail;
pub mod webhook;

use super::destinations::{Address, Destination};
use super::message::{Manner, Told};
use super::outbox::Ended;
use crate::config::alerts::AlertsConfig;
use crate::domain::time::WallMs;

/// Tells a destination.
pub async fn send(
    config: &AlertsConfig,
    destination: &Destination,
    told: &[Told],
    manner: &Manner,
    now: WallMs,
) -> Ended {
    match &destination.terms.address {
        Address::Webhook { url } => webhook::send(config, url, &destination.secret, told, manner, now).await,
        Address::Mail { to } => mail::send(config.smtp.as_ref(), to, told, manner).await,
    }
}

/// Whether a failure, or what caused it, is about the other side's certificate or the encryption.
fn speaks_of_tls(fault: &dyn std::error::Error) -> bool {
    let mut cause = fault.source();
    while let Some(inner) = cause {
        if inner.downcast_ref::<rustls::Error>().is_some() || inner.to_string().contains("certificate") {
            return true;
        }
        cause = inner.source();
    }
    false
}
