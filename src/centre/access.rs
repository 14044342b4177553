//! Who asks: an enrolled device by its signature, or a user by a token. A role yields a narrow handle, and a handler that
//! takes none of them can do nothing on anybody's behalf.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::directory::Directory;
use super::directory::devices::{Device, Standing};
use super::directory::users::User;
use super::error::{ApiFault, ErrorCode};
use super::site::Site;
use crate::domain::id::StaffNo;
use crate::ledger::keys::{DeviceId, ReadyKey, Signature};
use crate::protocol::RequestSignature;

/// May ask for statistics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticsReader {
    pub user: String,
    /// Groups so small that a rater could be guessed are shown too.
    pub small_groups: bool,
    /// Only figures about this person.
    pub only_staff: Option<StaffNo>,
}

/// May see devices, backlogs and alarms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetReader {
    pub user: String,
}

impl FromRequestParts<Arc<Site>> for StatisticsReader {
    type Rejection = ApiFault;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, ApiFault> {
        Self::of(&*user(&parts.headers, site)?)
    }
}

impl StatisticsReader {
    /// What the user's role gives.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`].
    pub fn of(user: &User) -> Result<Self, ApiFault> {
        let unknown_self = user.role.sees_only_self() && user.staff_no.is_none();
        if !user.role.sees_statistics() || unknown_self {
            return Err(forbidden(user));
        }
        Ok(Self {
            user: user.name.clone(),
            small_groups: user.role.sees_small_groups(),
            only_staff: user.staff_no.clone().filter(|_| user.role.sees_only_self()),
        })
    }
}

impl FromRequestParts<Arc<Site>> for FleetReader {
    type Rejection = ApiFault;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, ApiFault> {
        let user = user(&parts.headers, site)?;
        if user.role.sees_devices() { Ok(Self { user: user.name.clone() }) } else { Err(forbidden(&user)) }
    }
}

/// May fetch ledgers as they are held, with every entry, to check them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerReader {
    pub user: String,
}

impl LedgerReader {
    /// Within the user's part of the tree.
    pub fn covers(&self, _hall: &crate::domain::id::HallId) -> bool {
        true
    }
}

impl FromRequestParts<Arc<Site>> for LedgerReader {
    type Rejection = ApiFault;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, ApiFault> {
        let user = user(&parts.headers, site)?;
        if user.role == crate::domain::role::Role::Auditor {
            Ok(Self { user: user.name.clone() })
        } else {
            Err(forbidden(&user))
        }
    }
}

/// The user whose bearer token came.
///
/// # Errors
/// [`ErrorCode::NoToken`] or [`ErrorCode::BadToken`].
pub fn user(headers: &HeaderMap, site: &Site) -> Result<Arc<User>, ApiFault> {
    let value = headers.get(header::AUTHORIZATION).ok_or_else(|| ApiFault::new(ErrorCode::NoToken))?;
    let token = value.to_str().ok().and_then(|v| v.strip_prefix("Bearer ").or_else(|| v.strip_prefix("bearer ")));
    let token = token.ok_or_else(|| ApiFault::new(ErrorCode::NoToken))?;
    site.directory.get().user(token.trim()).ok_or_else(|| ApiFault::new(ErrorCode::BadToken))
}

/// The device that signed the request.
///
/// # Errors
/// [`ErrorCode::BadSignature`], [`ErrorCode::UnknownDevice`] or [`ErrorCode::DeviceRevoked`].
pub fn device(parts: &Parts, body: &[u8], site: &Site) -> Result<Device, ApiFault> {
    let text = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok());
    let unsigned = || ApiFault::because(ErrorCode::BadSignature, &"the three signature headers are needed");
    let id = text(RequestSignature::DEVICE).and_then(|t| DeviceId::from_hex(t).ok()).ok_or_else(unsigned)?;
    let time = text(RequestSignature::TIME).filter(|t| t.len() <= 20).ok_or_else(unsigned)?;
    let signature = text(RequestSignature::SIGNATURE).and_then(|t| Signature::from_hex(t).ok()).ok_or_else(unsigned)?;
    let directory = site.directory.get();
    let (device, key) = admitted(&directory, &id)?;
    let path = parts.uri.path_and_query().map_or("/", |p| p.as_str());
    let message = RequestSignature::message(parts.method.as_str(), path, time, body);
    if key.verifies(&message, &signature) {
        Ok(device.clone())
    } else {
        Err(ApiFault::because(ErrorCode::BadSignature, &format_args!("device {id}")))
    }
}

/// A device that is listened to, and its key.
///
/// # Errors
/// [`ErrorCode::UnknownDevice`] or [`ErrorCode::DeviceRevoked`].
pub fn admitted<'a>(directory: &'a Directory, id: &DeviceId) -> Result<(&'a Device, &'a ReadyKey), ApiFault> {
    match directory.ready(id) {
        None => Err(ApiFault::because(ErrorCode::UnknownDevice, id)),
        Some((device, _)) if device.standing == Standing::Revoked => {
            Err(ApiFault::because(ErrorCode::DeviceRevoked, id))
        }
        Some(found) => Ok(found),
    }
}

/// Reads a body under a limit.
///
/// # Errors
/// [`ErrorCode::TooLarge`].
pub async fn read_body(body: Body, limit: usize) -> Result<Bytes, ApiFault> {
    axum::body::to_bytes(body, limit).await.map_err(|e| ApiFault::because(ErrorCode::TooLarge, &e))
}

/// Reads a JSON body under the common limit.
///
/// # Errors
/// [`ErrorCode::TooLarge`] or [`ErrorCode::Malformed`].
pub fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, ApiFault> {
    // serde's message may quote the body; it goes to the log without it.
    serde_json::from_slice(body).map_err(|e| {
        ApiFault::because(
            ErrorCode::Malformed,
            &format_args!("{:?} at line {} column {}", e.classify(), e.line(), e.column()),
        )
    })
}

fn forbidden(user: &User) -> ApiFault {
    ApiFault::because(ErrorCode::Forbidden, &format_args!("role {}", user.role.code()))
}
