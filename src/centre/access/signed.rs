//! A page that needs somebody: their handle, themselves, and their browser.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::guard::Asker;
use super::handles::Handle;
use super::viewer::Viewer;
use super::who::Who;
use crate::centre::error::ApiFault;
use crate::centre::site::Site;

/// What a handler of a page takes.
#[derive(Debug, Clone)]
pub struct Signed<H> {
    pub handle: H,
    pub who: Arc<Who>,
    pub viewer: Viewer,
}

/// An answer that ends the handling; boxed, for it is rare and large.
#[derive(Debug)]
pub struct Refused(Box<Response>);

impl From<Response> for Refused {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl<H: Handle> FromRequestParts<Arc<Site>> for Signed<H> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Refused> {
        let viewer = match Viewer::from_request_parts(parts, site).await {
            Ok(viewer) => viewer,
            Err(never) => match never {},
        };
        let asked = Asker::of(parts).and_then(|asker| Ok((asker.handle::<H>()?, asker.who)));
        match asked {
            Ok((handle, who)) => Ok(Self { handle, who, viewer }),
            Err(fault) => Err(refusal(&viewer, site, &fault)),
        }
    }
}

pub(super) fn refusal(viewer: &Viewer, site: &Site, fault: &ApiFault) -> Refused {
    viewer.refuse(site, fault).into()
}
