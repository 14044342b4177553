//! A form with files, checked like [`Posted`](super::Posted). Its hidden field must come first, before any file.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};

use super::handles::Handle;
use super::posted::check;
use super::signed::{Refused, Signed, refusal};
use super::viewer::{CSRF_FIELD, Viewer};
use super::who::Who;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;

/// Fields and files of one form.
const MAX_FIELDS: usize = 256;

/// What the handler of a form with `enctype="multipart/form-data"` takes. Its size is bounded by
/// [`Routes::taking`](super::Routes::taking).
#[derive(Debug, Clone)]
pub struct Uploaded<H> {
    pub handle: H,
    pub who: Arc<Who>,
    pub viewer: Viewer,
    pub fields: Vec<(String, String)>,
    pub files: Vec<File>,
}

/// One file of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Of the field.
    pub field: String,
    /// As the browser calls it: never a path to write to.
    pub name: String,
    pub bytes: Bytes,
}

impl<H> Uploaded<H> {
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The file of a field, unless none was chosen.
    pub fn file(&self, field: &str) -> Option<&File> {
        self.files.iter().find(|f| f.field == field && !f.bytes.is_empty())
    }
}

impl<H: Handle> FromRequest<Arc<Site>> for Uploaded<H> {
    type Rejection = Refused;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Refused> {
        use axum::extract::FromRequestParts as _;
        let (mut parts, body) = request.into_parts();
        let Signed { handle, who, viewer } = Signed::<H>::from_request_parts(&mut parts, site).await?;
        let headers = parts.headers.clone();
        let form = Multipart::from_request(Request::from_parts(parts, body), site).await;
        let mut uploaded = Self { handle, who, viewer, fields: vec![], files: vec![] };
        let Ok(form) = form else {
            return Err(refusal(&uploaded.viewer, site, &ApiFault::new(ErrorCode::Malformed)));
        };
        match uploaded.read(form, &headers).await {
            Ok(()) => Ok(uploaded),
            Err(fault) => Err(refusal(&uploaded.viewer, site, &fault)),
        }
    }
}

impl<H> Uploaded<H> {
    async fn read(&mut self, mut form: Multipart, headers: &axum::http::HeaderMap) -> Result<(), ApiFault> {
        let broken = |e: axum::extract::multipart::MultipartError| {
            let large = e.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE;
            ApiFault::new(if large { ErrorCode::TooLarge } else { ErrorCode::Malformed })
        };
        let mut checked = false;
        for _ in 0..MAX_FIELDS {
            let Some(field) = form.next_field().await.map_err(broken)? else {
                return if checked { Ok(()) } else { Err(ApiFault::new(ErrorCode::ForeignForm)) };
            };
            let name = field.name().unwrap_or_default().to_owned();
            if !checked {
                let token = if name == CSRF_FIELD { field.text().await.ok() } else { None };
                check(&self.viewer, headers, token.as_deref())?;
                checked = true;
            } else if let Some(file) = field.file_name().map(str::to_owned) {
                let file = file.chars().take(200).collect();
                self.files.push(File { field: name, name: file, bytes: field.bytes().await.map_err(broken)? });
            } else {
                self.fields.push((name, field.text().await.map_err(broken)?));
            }
        }
        Err(ApiFault::because(ErrorCode::TooLarge, &"a form with too many fields"))
    }
}
