//! The page of one pledge: what is in force, what is worked on, what a second person decides, and every version.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::draft::{self, Draft};
use super::{mark, owner, parts};
use crate::centre::access::{HallReader, Signed, Viewer};
use crate::centre::dashboard::components::{
    Button, Faults, Field, Notice, State as Mark, Title, Tone, buttons, moment, particulars,
};
use crate::centre::editor::answer;
use crate::centre::editor::form::Sheet;
use crate::centre::editor::opened::Opened;
use crate::centre::editor::panel::{self, Setup, Shown};
use crate::centre::editor::typed::Typed;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::pledges::{NOTE_CHARS, PledgeFile, PledgeState, PledgeVersion, Signed as Signature};
use crate::centre::site::Site;
use crate::words::reviews::Reviews;

/// What the page of a pledge is made of beside the stored file.
#[derive(Debug, Default)]
pub struct Parts {
    pub typed: Typed,
    pub faults: Faults,
    /// What is wrong beside the inputs.
    pub told: Vec<String>,
    pub shown: Option<Shown>,
    pub status: StatusCode,
    /// Somebody else has changed it: the revision that has been seen now.
    pub stale_revision: Option<u32>,
}

/// The page.
pub async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path((hall, id)): Path<(String, String)>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let file = opened.hall.pledge(&id).ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"no such pledge"))?;
        let parts = opening(&site, &opened, file).await;
        Ok(answer_with(&site, &opened, &signed.viewer, Some(file), parts))
    };
    answer(&site, &signed.viewer, made.await)
}

/// The page as it opens: the draft in the inputs, or the newest version to go on from.
pub async fn opening(site: &Site, opened: &Opened, file: &PledgeFile) -> Parts {
    let open = file.open();
    let newest = open.or(file.versions.last());
    let typed = newest.map(|v| draft::typed_of(&v.promise)).unwrap_or_default();
    let shown = match open {
        Some(version) if site.preview.is_there() => {
            let draft =
                Draft { id: file.id.clone(), staff_no: file.staff_no.clone(), promise: version.promise.clone() };
            Some(draft::paint(site, opened, &draft, Setup::of(&Typed::default())).await)
        }
        _ => None,
    };
    Parts { typed, shown, ..Parts::default() }
}

/// The page with these parts; without a file, the form of a new pledge.
pub fn answer_with(site: &Site, opened: &Opened, viewer: &Viewer, file: Option<&PledgeFile>, parts: Parts) -> Response {
    let w = opened.words();
    let heading = match file {
        Some(file) => w.pledge_called(file.id.as_str(), &owner(opened, file)),
        None => w.draft_pledge(),
    };
    let mut title = Title::new(opened.language, heading.as_ref())
        .crumb("/halls", w.halls())
        .crumb(opened.path(""), opened.name())
        .crumb(opened.path("pledges"), w.pledges());
    if let Some(file) = file {
        let about = format!("/reviews?about=pledge:{}:{}", opened.hall.id, file.id);
        title = title.action(Button::link(about, Reviews(opened.language).title()));
    }
    let content = html! {
        (title)
        (opened.standing())
        @if let Some(file) = file { p { (mark(opened, file)) } }
        (parts.faults.summary(opened.language))
        @for sentence in &parts.told { (Notice::bad(sentence.as_str()).advice(w.typed_is_kept())) }
        @if let Some(file) = file { (decision(opened, viewer, file)) }
        (working(site, opened, viewer, file, &parts, &heading))
        @if let Some(file) = file { (versions(opened, file)) (ending(opened, viewer, file)) }
    };
    let mut response = viewer.page(site, &heading, content);
    if parts.status != StatusCode::OK {
        *response.status_mut() = parts.status;
    }
    response
}

/// The form beside its picture; what waits for a decision can only be taken back.
fn working(
    site: &Site,
    opened: &Opened,
    viewer: &Viewer,
    file: Option<&PledgeFile>,
    parts: &Parts,
    what: &str,
) -> Markup {
    let w = opened.words();
    let is_waiting = file.and_then(PledgeFile::open).is_some_and(|v| v.state == PledgeState::Proposed);
    let is_retired = file.is_some_and(|f| f.retired_on.is_some());
    let is_open = opened.may_edit() && !is_waiting && !is_retired;
    let action = file.map_or_else(|| opened.path("new/pledges"), |f| opened.path(&format!("pledges/{}", f.id)));
    let revision = parts.stale_revision.or_else(|| file.map(|f| f.revision)).unwrap_or(0);
    let heading = match file {
        None => w.new_pledge(),
        Some(f) if f.open().is_some() => w.open_version(),
        Some(_) => w.next_version(),
    };
    let live = file
        .and_then(|f| f.in_force(opened.today))
        .and_then(|_| draft::look(opened.board(), file.and_then(|f| f.staff_no.as_ref()), opened));
    let live = live.map_or(Shown::Nothing, Shown::Live);
    html! {
        form.editing method="post" action=(action) data-preview[is_open] {
            (viewer.csrf())
            input type="hidden" name="revision" value=(revision);
            div.inputs {
                h2 { (heading) }
                fieldset.plain disabled[!is_open] {
                    legend.unseen { (heading) }
                    (draft::inputs(&Sheet { opened, typed: &parts.typed, faults: &parts.faults, is_new: file.is_none() }, file))
                }
                @if is_open {
                    (buttons(&[
                        Button::submit(w.propose()).primary().sends("act", "propose"),
                        Button::submit(w.save_draft()).sends("act", "save"),
                        Button::submit(w.see_draft()).sends("act", "preview"),
                        Button::link(opened.path("pledges"), w.cancel()),
                    ]))
                    p.hint { (w.propose_hint()) }
                }
            }
            (panel::panel(site, opened, parts.shown.as_ref().unwrap_or(&live), Setup::of(&parts.typed), what, is_open))
        }
        @if is_open { (crate::centre::dashboard::assets::script("preview.js")) }
    }
}

/// A proposal, and the two answers to it.
fn decision(opened: &Opened, viewer: &Viewer, file: &PledgeFile) -> Markup {
    let w = opened.words();
    let Some(version) = file.open().filter(|v| v.state == PledgeState::Proposed) else { return html! {} };
    let own = [Some(&version.drafted), version.proposed.as_ref()];
    let is_own = own.into_iter().flatten().any(|s| s.account == opened.account);
    let here = opened.path(&format!("pledges/{}", file.id));
    let hidden = html! { (viewer.csrf()) input type="hidden" name="revision" value=(file.revision); };
    html! {
        section.card.decision {
            h2 { (w.decision()) }
            @if let Some(proposed) = &version.proposed { p { (w.proposed_by(&proposed.name)) " " (moment(&opened.zone, proposed.ms)) } }
            @if is_own {
                (Notice::note(w.own_proposal()).advice(w.own_proposal_advice()).standing())
            } @else if opened.is_approver && opened.hall.lead == crate::centre::hall::kinds::Lead::Store {
                div.grid-2 {
                    form method="post" action={ (here) "/approve" } {
                        (hidden)
                        (Field::date("from", w.in_force_on()).value(opened.today.to_string()).within(opened.today.to_string(), "2999-12-31").hint(w.in_force_hint()))
                        (buttons(&[Button::submit(w.approve()).primary()]))
                    }
                    form method="post" action={ (here) "/decline" } {
                        (hidden)
                        (Field::text("note", w.why_declined()).max(NOTE_CHARS as u32).hint(w.why_declined_hint()))
                        (buttons(&[Button::submit(w.decline()).danger()]))
                    }
                }
            } @else {
                p.hint { (w.waits_for_approver()) }
            }
            @if opened.may_edit() {
                form method="post" action={ (here) "/withdraw" } { (hidden) p { (Button::submit(w.withdraw()).small()) } }
            }
        }
    }
}

/// Every version, newest first, with what it changed.
fn versions(opened: &Opened, file: &PledgeFile) -> Markup {
    let w = opened.words();
    html! {
        section {
            h2 { (w.versions()) }
            ol.versions {
                @for (n, version) in file.versions.iter().enumerate().rev() {
                    @let before = n.checked_sub(1).and_then(|n| file.versions.get(n));
                    li.card { (one_version(opened, file, version, before)) }
                }
            }
        }
    }
}

fn one_version(opened: &Opened, file: &PledgeFile, version: &PledgeVersion, before: Option<&PledgeVersion>) -> Markup {
    let w = opened.words();
    let is_in_force = file.in_force(opened.today).is_some_and(|v| v.version == version.version);
    let (tone, word) = match version.state {
        PledgeState::Draft => (Tone::Off, w.draft()),
        PledgeState::Proposed => (Tone::Note, w.waiting()),
        PledgeState::Declined => (Tone::Bad, w.declined()),
        PledgeState::Approved if is_in_force => (Tone::Good, w.in_force()),
        PledgeState::Approved if version.in_force_on.is_some_and(|on| on > opened.today) => (Tone::Busy, w.to_come()),
        PledgeState::Approved => (Tone::Off, w.replaced()),
    };
    let signed = |signature: &Signature| html! { (signature.name) " " (moment(&opened.zone, signature.ms)) };
    let mut rows: Vec<(std::borrow::Cow<'_, str>, Markup)> = Vec::new();
    for (at, (name, text)) in parts(opened, &version.promise).into_iter().enumerate() {
        let old = before.map(|b| parts(opened, &b.promise)[at].1.clone());
        rows.push((name.into(), html! { (changed(&text.zh, old.as_ref().map(|o| o.zh.as_str()))) @if let Some(en) = &text.en { br; span.hint lang="en" { (changed(en, old.as_ref().map(|o| o.en.as_deref().unwrap_or("")))) } } }));
    }
    rows.push((w.drafted_by(), signed(&version.drafted)));
    if let Some(proposed) = &version.proposed {
        rows.push((w.proposed_word(), signed(proposed)));
    }
    if let Some(decided) = &version.decided {
        let word = if version.state == PledgeState::Declined { w.declined_by() } else { w.approved_by() };
        rows.push((word, signed(decided)));
    }
    if let Some(note) = &version.note {
        rows.push((w.why_declined(), html! { (note) }));
    }
    // What was taken over from a file has been in force ever since.
    if let Some(on) = version.in_force_on.filter(|on| on.year() > 0) {
        rows.push((w.in_force_on(), html! { (on) }));
    }
    html! { div.head { h3 { (w.version(version.version)) } (Mark::new(tone, word)) } (particulars(rows)) }
}

/// A text, and what stood there before if that was something else.
fn changed(text: &str, old: Option<&str>) -> Markup {
    html! {
        @match old {
            Some(old) if old != text => { @if !old.is_empty() { del { (old) } " " } ins { (text) } }
            _ => { (text) }
        }
    }
}

/// Showing it no more, or again.
fn ending(opened: &Opened, viewer: &Viewer, file: &PledgeFile) -> Markup {
    let w = opened.words();
    let here = opened.path(&format!("pledges/{}", file.id));
    let hidden = html! { (viewer.csrf()) input type="hidden" name="revision" value=(file.revision); };
    html! {
        @if opened.may_edit() {
            details.more {
                summary { (if file.retired_on.is_some() { w.restore() } else { w.retire() }) }
                @match file.retired_on {
                    Some(on) => {
                        p { (w.retired_since(&on.to_string())) }
                        form method="post" action={ (here) "/restore" } { (hidden) (buttons(&[Button::submit(w.restore())])) }
                    }
                    None => {
                        form.form method="post" action={ (here) "/retire" } {
                            (hidden)
                            p.hint { (w.retire_pledge_hint()) }
                            (Field::date("on", w.retire_on()).value(opened.today.to_string()).within(opened.today.to_string(), "2999-12-31"))
                            (buttons(&[Button::submit(w.retire()).danger()]))
                        }
                    }
                }
            }
        }
    }
}
