//! Stories on the public page.

use std::sync::Arc;

use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};

use super::press::paragraphs;
use super::store::{self, Kept};
use crate::centre::access::Routes;
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::public;
use crate::centre::site::Site;
use crate::domain::id::HallId;
use crate::domain::role::Need;
use crate::words::Language;
use crate::words::stories::Stories;

type Pairs = Vec<(String, String)>;

pub fn routes() -> Routes {
    Routes::new().get("/public/{hall}/stories/{id}", Need::Public, show).get(
        "/public/{hall}/stories/{id}/picture",
        Need::Public,
        picture,
    )
}

/// The stories of a hall, on its public page. Nothing while there are none.
pub fn section(language: Language, hall: &HallId, stories: &[Kept]) -> Markup {
    html! {
        @if !stories.is_empty() {
            section {
                h2 { (Stories(language).title()) }
                ul {
                    @for kept in stories {
                        @let path = format!("/public/{hall}/stories/{}", kept.id);
                        li { a href=(public::link(&path, language, "")) { (kept.story.telling().title.get(language.is_english())) } }
                    }
                }
            }
        }
    }
}

async fn visible(site: &Site, hall: &str, id: &str) -> Result<Kept, ApiFault> {
    let missing = || ApiFault::new(ErrorCode::NotFound);
    let hall = HallId::new(hall).map_err(|_| missing())?;
    let id: i64 = id.parse().map_err(|_| missing())?;
    let today = hall::today(&site.settings.time_zone, clock::now().wall);
    let kept = site.readers.read(move |conn| store::one(conn, id)).await?;
    let kept = kept.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    kept.filter(|k| k.story.telling().hall == hall && k.story.is_visible(today)).ok_or_else(missing)
}

async fn show(
    State(site): State<Arc<Site>>,
    Path((hall, id)): Path<(String, String)>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let language = public::language(&pairs);
    let kept = match visible(&site, &hall, &id).await {
        Ok(kept) => kept,
        Err(fault) => return public::refusal(language, &fault),
    };
    let (w, english, telling) = (Stories(language), language.is_english(), kept.story.telling());
    let here = format!("/public/{hall}/stories/{id}");
    let back = format!("/public/{hall}");
    let content = html! {
        p.unit { (w.title()) }
        h1 { (telling.title.get(english)) }
        section {
            @if kept.has_picture { p { img.story src={ (here) "/picture" } alt=(telling.picture_alt); } }
            @for paragraph in paragraphs(telling.text.get(english)) { p { (paragraph) } }
        }
        p { a href=(public::link(&back, language, "")) { (w.public_back()) } }
    };
    public::page_with_form(language, &here, telling.title.get(english), StatusCode::OK, &content)
}

async fn picture(
    State(site): State<Arc<Site>>,
    Path((hall, id)): Path<(String, String)>,
) -> Result<Response, ApiFault> {
    let kept = visible(&site, &hall, &id).await?;
    served(&site, kept.id).await
}

/// A story's picture, as it was encoded here.
///
/// # Errors
/// [`ErrorCode::NotFound`] when it has none.
pub async fn served(site: &Site, id: i64) -> Result<Response, ApiFault> {
    let found = site.readers.read(move |conn| store::picture(conn, id)).await?;
    let found = found.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let (kind, bytes) = found.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    let kind = HeaderValue::from_str(&kind).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    // A withdrawal is seen at once.
    let keep = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(([(header::CONTENT_TYPE, kind), keep], bytes).into_response())
}
