//! Portraits: shown, and given.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use maud::{Markup, html};

use super::opened::Opened;
use super::person::person;
use super::{answer, author, photo_address, refusal, status_of};
use crate::centre::access::{HallEditor, HallReader, Signed, Uploaded, Viewer};
use crate::centre::dashboard::components::{Button, Faults, Field, Notice, Title, buttons};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::portrait::{MAX_PIXELS, MAX_UPLOAD_BYTES, PortraitFault};
use crate::centre::hall::whole::Kept;
use crate::centre::hall::{self, UploadRefused};
use crate::centre::site::Site;
use crate::config::picture::MIN_SIDE_PX;
use crate::domain::board::StaffCard;

/// Bytes of a form with a portrait.
pub const MAX_BODY_BYTES: usize = MAX_UPLOAD_BYTES + 64 * 1024;
const MEGA: usize = 1024 * 1024;

/// Answers a person's portrait.
pub async fn picture(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path((hall, staff)): Path<(String, String)>,
) -> Result<Response, ApiFault> {
    let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
    let name = person(&opened, &staff)?.value.photo.clone();
    let name = name.ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"the card has no portrait"))?;
    let (bytes, kind) = site.photo(&name).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        // The address names the picture.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600")),
    ];
    Ok((headers, bytes).into_response())
}

/// The form with which a portrait is given.
pub async fn form(
    State(site): State<Arc<Site>>,
    signed: Signed<HallEditor>,
    Path((hall, staff)): Path<(String, String)>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let kept = person(&opened, &staff)?;
        Ok(page(&site, &opened, &signed.viewer, kept, &Faults::default(), None))
    };
    answer(&site, &signed.viewer, made.await)
}

/// Gives a person the portrait that came with the form.
pub async fn upload(
    State(site): State<Arc<Site>>,
    Path((hall, staff)): Path<(String, String)>,
    sent: Uploaded<HallEditor>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &sent.who, sent.viewer.language, &hall).await?;
        let kept = person(&opened, &staff)?;
        let w = opened.words();
        let mut faults = Faults::default();
        let revision = sent.field("revision").and_then(|r| r.parse().ok()).unwrap_or(0);
        let mut refused = None;
        match sent.file("picture") {
            None => faults.add("picture", w.no_file()),
            Some(file) => {
                let (staff_no, bytes) = (kept.value.staff_no.clone(), file.bytes.clone());
                let who = author(&sent.who);
                match hall::upload_portrait(&site, &opened.hall.id, who, staff_no, revision, bytes).await? {
                    Ok(_) => {
                        let home = opened.path(&format!("staff/{staff}"));
                        return Ok(sent.viewer.onward(&site, &home, &w.portrait_saved()));
                    }
                    Err(UploadRefused::Picture(fault)) => faults.add("picture", sentence(&opened, &fault)),
                    Err(UploadRefused::Hall(fault)) => refused = Some((refusal(w, &fault), status_of(&fault))),
                }
            }
        }
        let status = refused.as_ref().map_or(StatusCode::UNPROCESSABLE_ENTITY, |(_, status)| *status);
        let told = refused.map(|(told, _)| told);
        let mut response = page(&site, &opened, &sent.viewer, kept, &faults, told.as_deref());
        *response.status_mut() = status;
        Ok(response)
    };
    answer(&site, &sent.viewer, made.await)
}

fn page(
    site: &Site,
    opened: &Opened,
    viewer: &Viewer,
    kept: &Kept<StaffCard>,
    faults: &Faults,
    told: Option<&str>,
) -> Response {
    let w = opened.words();
    let card = &kept.value;
    let home = opened.path(&format!("staff/{}", card.staff_no));
    let heading = w.portrait_of(&card.name);
    let content = html! {
        (Title::new(opened.language, heading.as_ref())
            .crumb("/halls", w.halls())
            .crumb(opened.path("staff"), w.people())
            .crumb(home.clone(), card.name.as_str()))
        (opened.standing())
        (faults.summary(opened.language))
        @if let Some(told) = told { (Notice::bad(told).advice(w.nothing_changed())) }
        div.grid-2 {
            section.card { h2 { (w.now()) } (current(opened, card)) }
            section.card {
                h2 { (w.new_portrait()) }
                form method="post" action={ (home) "/portrait" } enctype="multipart/form-data" {
                    (viewer.csrf())
                    input type="hidden" name="revision" value=(kept.revision);
                    (Field::file("picture", w.portrait_file(), "image/png,image/jpeg").hint(w.portrait_hint(MAX_UPLOAD_BYTES / MEGA)).faults(faults))
                    (buttons(&[Button::submit(w.upload()).primary(), Button::link(home.clone(), w.cancel())]))
                }
            }
        }
    };
    viewer.page(site, &heading, content)
}

fn current(opened: &Opened, card: &StaffCard) -> Markup {
    let w = opened.words();
    html! {
        @match photo_address(opened, card) {
            Some(source) => { img.large-portrait src=(source) alt=(w.portrait_of(&card.name)) width="240" height="320"; }
            None => { p.hint { (w.no_portrait()) } }
        }
    }
}

/// What is wrong with a picture, for people.
fn sentence(opened: &Opened, fault: &PortraitFault) -> String {
    let w = opened.words();
    match fault {
        PortraitFault::TooBig { found } => w.picture_too_big(found / MEGA, MAX_UPLOAD_BYTES / MEGA),
        PortraitFault::Form => w.picture_form(),
        PortraitFault::TooManyPixels { width, height } => w.picture_pixels(*width, *height, MAX_PIXELS / 1_000_000),
        PortraitFault::TooSmall { width, height } => w.picture_small(*width, *height, MIN_SIDE_PX),
        PortraitFault::Damaged => w.picture_damaged(),
    }
    .into_owned()
}
