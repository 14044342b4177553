//! From where somebody signs in.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::centre::access::session;
use crate::centre::directory::sessions::{Origin, SessionHash};
use crate::centre::directory::tries::TryKey;
use crate::centre::phone::gate::address_of;
use crate::centre::phone::throttle::network_of;
use crate::centre::site::Site;

/// A browser's address and what it says of itself.
#[derive(Debug, Clone)]
pub struct From {
    address: IpAddr,
    agent: String,
    /// The session that it has already; another takes its place.
    pub session: Option<SessionHash>,
}

impl From {
    pub fn origin(&self) -> Origin {
        Origin { agent: self.agent.clone(), address: self.address.to_string() }
    }

    pub fn key(&self) -> TryKey {
        TryKey::of_address(network_of(self.address))
    }
}

impl FromRequestParts<Arc<Site>> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Infallible> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(Self {
            address: address_of(&parts.extensions, &parts.headers),
            agent: agent.to_owned(),
            session: session::number(&parts.headers, site.settings.accounts.https).map(|(_, hash)| hash),
        })
    }
}
