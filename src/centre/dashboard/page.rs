//! What stands around every supervisors' page, the sign-in form, and the page of a failure.

use maud::{Markup, html};

use super::components::{Button, Field, Icon, Notice};
use super::shell::{Entry, Group, Signed, Surroundings, surround};
use crate::centre::error::ApiFault;
use crate::domain::role::Role;
use crate::words::Language;
use crate::words::dashboard::Dashboard;
use crate::words::shell::Shell;

/// Who looks at which page.
#[derive(Debug, Clone)]
pub struct Viewer<'a> {
    pub language: Language,
    /// None: not signed in.
    pub user: Option<(&'a str, Role)>,
    /// The unit and hall over everything.
    pub place: &'a str,
    /// Path and query of this page without its language, for the switch.
    pub here: &'a str,
}

/// Where the navigation leads, in this order. A page that is to be found adds its line here.
pub const NAVIGATION: &[Entry] = &[
    Entry {
        path: "/",
        group: Group::See,
        icon: Icon::Overview,
        word: |l| Shell(l).overview(),
        sees: Role::sees_statistics,
    },
    Entry {
        path: "/statistics",
        group: Group::LookInto,
        icon: Icon::Statistics,
        word: |l| Shell(l).statistics(),
        sees: Role::sees_statistics,
    },
];

/// A whole page.
pub fn page(viewer: &Viewer<'_>, title: &str, content: &Markup) -> Markup {
    let signed = viewer.user.map(|(name, role)| Signed {
        name,
        account: None,
        csrf: html! {},
        entries: NAVIGATION.iter().filter(|e| (e.sees)(role)).collect(),
    });
    let (language, place, here) = (viewer.language, viewer.place, viewer.here);
    surround(&Surroundings { language, place, here, signed, notice: None }, title, content)
}

/// The sign-in form; `wrong` says why the last try failed.
pub fn sign_in(viewer: &Viewer<'_>, wrong: Option<&str>) -> Markup {
    let w = Dashboard(viewer.language);
    let content = html! {
        section.card.sign-in {
            h1 { (w.title()) }
            @if let Some(wrong) = wrong { (Notice::bad(wrong)) }
            form method="post" action="/sign-in" {
                input type="hidden" name="back" value=(viewer.here);
                // Password managers file the token under something.
                input type="text" name="user" value=(w.product()) autocomplete="username" hidden;
                (Field::password("token", w.token()).hint(w.sign_in_hint()).max(200).first())
                (Button::submit(w.sign_in()).primary())
            }
        }
    };
    page(viewer, &w.sign_in(), &content)
}

/// A refusal as a page.
pub fn failure(viewer: &Viewer<'_>, fault: &ApiFault) -> Markup {
    let w = Dashboard(viewer.language);
    let content = html! {
        section.card.sign-in {
            h1 { (w.failed()) }
            (Notice::bad(fault.code.sentence(viewer.language)))
            @if let Some(detail) = fault.detail() { p.hint { (detail) } }
            p.hint { (w.reference(&fault.reference)) }
            p { a href="/" { (w.back()) } }
        }
    };
    page(viewer, &w.failed(), &content)
}
