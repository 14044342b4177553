//! The pages of one object, whatever its kind: an empty form, the stored value's form, saving, retiring, restoring.
//!
//! A refused form comes back with all that was typed. What somebody else has changed meanwhile is shown beside it, and is
//! never overwritten unseen.

use std::sync::Arc;

use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use maud::html;

use super::form::Form;
use super::opened::Opened;
use super::page::Page;
use super::typed::Typed;
use super::{answer, author};
use crate::centre::access::{HallEditor, HallReader, Posted, Signed};
use crate::centre::dashboard::components::Confirm;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::hall::whole::Kept;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;

/// An empty form.
pub async fn blank<T: Form>(
    State(site): State<Arc<Site>>,
    signed: Signed<HallEditor>,
    Path(hall): Path<String>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let asked = Typed::new(pairs);
        let page = Page::<T>::new(&site, &opened, T::blank(&opened, &asked), None);
        Ok(page.answer(&signed.viewer).await)
    };
    answer(&site, &signed.viewer, made.await)
}

/// The form of a stored object, or, for those who may not change it, what it says.
pub async fn show<T: Form>(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path((hall, key)): Path<(String, String)>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let kept = stored::<T>(&opened, &key)?;
        let page = Page::<T>::new(&site, &opened, kept.value.typed(), Some(kept));
        Ok(page.answer(&signed.viewer).await)
    };
    answer(&site, &signed.viewer, made.await)
}

/// The one object of its kind that a hall has.
pub async fn show_only<T: Form>(
    state: State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path(hall): Path<String>,
) -> Response {
    let key = hall.clone();
    show::<T>(state, signed, Path((hall, key))).await
}

/// Saves a new object, or paints its draft.
pub async fn create<T: Form>(
    State(site): State<Arc<Site>>,
    Path(hall): Path<String>,
    headers: HeaderMap,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &posted.who, posted.viewer.language, &hall).await?;
        submit::<T>(&site, &opened, &posted, None, &headers).await
    };
    answer(&site, &posted.viewer, made.await)
}

/// Saves a stored object, or paints its draft.
pub async fn save<T: Form>(
    State(site): State<Arc<Site>>,
    Path((hall, key)): Path<(String, String)>,
    headers: HeaderMap,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &posted.who, posted.viewer.language, &hall).await?;
        stored::<T>(&opened, &key)?;
        submit::<T>(&site, &opened, &posted, Some(key), &headers).await
    };
    answer(&site, &posted.viewer, made.await)
}

/// [`save`] for the one object of its kind.
pub async fn save_only<T: Form>(
    state: State<Arc<Site>>,
    Path(hall): Path<String>,
    headers: HeaderMap,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let key = hall.clone();
    save::<T>(state, Path((hall, key)), headers, posted).await
}

/// Asks before something is shown no more.
pub async fn ask_retire<T: Form>(
    State(site): State<Arc<Site>>,
    signed: Signed<HallEditor>,
    Path((hall, key)): Path<(String, String)>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let kept = stored::<T>(&opened, &key)?;
        let w = opened.words();
        let name = kept.value.name(&opened);
        let here = opened.path(&format!("{}/{key}", T::PATH));
        let what = html! { p { (w.retire_what(&T::kind(opened.language), &name)) } p.hint { (w.retire_hint()) } };
        let fields = html! { input type="hidden" name="revision" value=(kept.revision); };
        let page = Confirm::new(opened.language, w.retire_question(&name), what, format!("{here}/retire"))
            .yes(w.retire())
            .back(here)
            .crumb("/halls", w.halls())
            .crumb(opened.path(""), opened.name())
            .crumb(opened.path(T::PATH), T::kinds(opened.language))
            .csrf(signed.viewer.csrf())
            .fields(fields);
        Ok(signed.viewer.page(&site, &w.retire_question(&name), html! { (page) }))
    };
    answer(&site, &signed.viewer, made.await)
}

/// Shows an object no more from today on.
pub async fn retire<T: Form>(
    state: State<Arc<Site>>,
    path: Path<(String, String)>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    turn::<T>(state, path, posted, true).await
}

/// Shows it again.
pub async fn restore<T: Form>(
    state: State<Arc<Site>>,
    path: Path<(String, String)>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    turn::<T>(state, path, posted, false).await
}

async fn turn<T: Form>(
    State(site): State<Arc<Site>>,
    Path((hall, key)): Path<(String, String)>,
    posted: Posted<HallEditor, Pairs>,
    ends: bool,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &posted.who, posted.viewer.language, &hall).await?;
        let kept = stored::<T>(&opened, &key)?;
        let typed = Typed::new(posted.form);
        let revision = typed.text("revision").parse().unwrap_or(0);
        let on = ends.then_some(opened.today);
        let id = key.clone();
        let done = hall::change(&site, &opened.hall.id, author(&posted.who), move |s| s.retire::<T>(&id, revision, on))
            .await?;
        let w = opened.words();
        let here = opened.path(&format!("{}/{key}", T::PATH));
        match done {
            Ok(_) => Ok(posted.viewer.onward(&site, &here, &if ends { w.retired() } else { w.restored() })),
            Err(refused) => {
                let mut page = Page::<T>::new(&site, &opened, kept.value.typed(), Some(kept));
                page.refused(refused);
                Ok(page.answer(&posted.viewer).await)
            }
        }
    };
    answer(&site, &posted.viewer, made.await)
}

async fn submit<T: Form>(
    site: &Arc<Site>,
    opened: &Opened,
    posted: &Posted<HallEditor, Pairs>,
    key: Option<String>,
    headers: &HeaderMap,
) -> Result<Response, ApiFault> {
    let viewer = &posted.viewer;
    let wants_picture = headers.get(header::ACCEPT).is_some_and(|v| v.as_bytes().starts_with(b"image/png"));
    let kept = key.as_deref().and_then(|key| opened.hall.find::<T>(key));
    let typed = with_code::<T>(Typed::new(posted.form.clone()), kept);
    let mut page = Page::<T>::new(site, opened, typed, kept);
    let value = page.read(key.as_deref());
    let is_preview = wants_picture || page.typed.text("act") == "preview";
    if is_preview || value.is_none() {
        if let Some(value) = &value {
            page.draw(value).await;
        }
        return Ok(if wants_picture { page.bare(headers) } else { page.answer(viewer).await });
    }
    let Some(value) = value else { return Ok(page.answer(viewer).await) };
    let revision = page.typed.text("revision").parse().unwrap_or(0);
    let (entered, id) = (value.clone(), value.key().to_owned());
    let done = hall::change(site, &opened.hall.id, author(&posted.who), move |s| s.put(entered, revision)).await?;
    match done {
        Ok(_) => Ok(viewer.onward(site, &opened.path(&home_of::<T>(&id)), &opened.words().saved())),
        Err(refused) => {
            page.refused(refused);
            Ok(page.answer(viewer).await)
        }
    }
}

/// The code of a stored object is shown and not sent: without it a form that comes back would have lost it.
fn with_code<T: Form>(typed: Typed, kept: Option<&Kept<T>>) -> Typed {
    let code = T::FIELDS.first().filter(|field| ["id", "code", "staff_no"].contains(*field) && !typed.has(field));
    match (code, kept) {
        (Some(field), Some(kept)) => typed.with(field, kept.value.typed().text(field)),
        _ => typed,
    }
}

/// Where one object's page is, under its hall.
pub fn home_of<T: Form>(id: &str) -> String {
    if T::PATH == "plate" { T::PATH.to_owned() } else { format!("{}/{id}", T::PATH) }
}

fn stored<'a, T: Form>(opened: &'a Opened, key: &str) -> Result<&'a Kept<T>, ApiFault> {
    opened.hall.find::<T>(key).ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &T::KIND.code()))
}
