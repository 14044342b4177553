//! An enrolled device, by its signature.

use axum::http::request::Parts;

use crate::centre::directory::Directory;
use crate::centre::directory::devices::{Device, Standing};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::ledger::keys::{DeviceId, ReadyKey, Signature};
use crate::protocol::RequestSignature;

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
