//! One story: as it reads, its picture, and what can be done with it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::press::paragraphs;
use super::super::store::Kept;
use super::{Desk, badge};
use crate::centre::access::{SelectionReader, Signed};
use crate::centre::dashboard::components::{Button, Faults, Field, Notice, Title, buttons, particulars};
use crate::centre::site::Site;
use crate::domain::role::Need;
use crate::domain::story::{REASON_CHARS, StoryState};

pub async fn one(State(site): State<Arc<Site>>, signed: Signed<SelectionReader>, Path(id): Path<String>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = desk.open(&id).await.map(|kept| drawn(&desk, &kept, None, &Faults::default()));
    desk.page(&desk.words().title(), content)
}

pub fn drawn(desk: &Desk<'_>, kept: &Kept, said: Option<String>, faults: &Faults) -> Markup {
    let (w, language, id) = (desk.words(), desk.language(), kept.id);
    let (story, telling) = (&kept.story, kept.story.telling());
    let writes = desk.who.may(Need::Publish);
    let mut title = Title::new(language, telling.title.zh.clone())
        .crumb("/stories", w.title())
        .aside(html! { (badge(language, story.state())) });
    if writes && story.is_editable() {
        title = title.action(Button::link(format!("/stories/{id}/edit"), w.edit()));
    }
    html! {
        (title)
        @if let Some(said) = said { (Notice::bad(said)) }
        @if let Some(reason) = story.reason() { (Notice::note(reason).standing()) }
        section.card {
            @if kept.has_picture { p { img.story src={ "/stories/" (id) "/picture" } alt=(telling.picture_alt); } }
            @for paragraph in paragraphs(&telling.text.zh) { p { (paragraph) } }
            @if let Some(english) = &telling.text.en {
                hr;
                div lang="en" {
                    @if let Some(heading) = &telling.title.en { h2 { (heading) } }
                    @for paragraph in paragraphs(english) { p { (paragraph) } }
                }
            }
        }
        section.card {
            (particulars([
                (w.hall(), html! { (desk.hall_name(&telling.hall)) }),
                (w.about(), html! { @match &telling.about { Some(about) => { (desk.subject_name(about)) } None => { (w.about_nobody()) } } }),
                (w.consent(), html! { @if telling.consent { "✓" } @else { "–" } }),
                (w.from(), html! { (telling.from) " – " (telling.until) }),
                (w.author(), html! { (story.author()) }),
                (w.decided_by(), html! { (story.decided_by().unwrap_or("–")) }),
            ]))
            @if story.is_visible(desk.today) {
                p { a href={ "/public/" (telling.hall) "/stories/" (id) } { (w.public_page()) } }
            }
        }
        @if writes && story.is_editable() { (picture_form(desk, kept, faults)) }
        (steps(desk, kept))
        @if story.is_visible(desk.today) {
            section.card {
                h2 { (w.press()) }
                p.row-actions {
                    (Button::file(format!("/stories/{id}/press.txt"), w.press_text()).small()) " "
                    (Button::file(format!("/stories/{id}/press.html"), w.press_page()).small())
                    @if kept.has_picture { " " (Button::file(format!("/stories/{id}/picture"), w.press_picture()).small()) }
                }
            }
        }
    }
}

fn picture_form(desk: &Desk<'_>, kept: &Kept, faults: &Faults) -> Markup {
    let w = desk.words();
    html! {
        section.card {
            h2 { (w.picture()) }
            (faults.summary(desk.language()))
            form.form method="post" action={ "/stories/" (kept.id) "/picture" } enctype="multipart/form-data" {
                (desk.viewer.csrf())
                (Field::file("picture", w.picture(), ".png,.jpg,.jpeg").hint(w.picture_hint()).faults(faults))
                (buttons(&[Button::submit(w.picture_send())]))
            }
        }
    }
}

fn steps(desk: &Desk<'_>, kept: &Kept) -> Markup {
    let (w, id, story) = (desk.words(), kept.id, &kept.story);
    let max = u32::try_from(REASON_CHARS).unwrap_or(300);
    let may_publish = desk.who.may(Need::Approve) && !story.has_hand_in(desk.who.account);
    html! {
        @if desk.who.may(Need::Publish) && story.is_editable() {
            form method="post" action={ "/stories/" (id) "/propose" } {
                (desk.viewer.csrf())
                (buttons(&[Button::submit(w.propose()).primary()]))
            }
        }
        @if story.state() == StoryState::Proposed {
            section.card {
                h2 { (w.decided_by()) }
                @if may_publish {
                    p.hint { (w.publish_hint()) }
                    form method="post" action={ "/stories/" (id) "/publish" } {
                        (desk.viewer.csrf())
                        (buttons(&[Button::submit(w.publish()).primary()]))
                    }
                    form.form method="post" action={ "/stories/" (id) "/decline" } {
                        (desk.viewer.csrf())
                        (Field::area("reason", w.reason(), 2).max(max))
                        (buttons(&[Button::submit(w.decline())]))
                    }
                } @else { p { (w.own_waits()) } }
            }
        }
        @if desk.who.may(Need::Publish) && story.state() != StoryState::Withdrawn {
            p { (Button::link(format!("/stories/{id}/withdraw"), w.withdraw()).danger()) }
        }
    }
}
