//! What stands around every supervisors' page, the sign-in form, and the page of a failure.

use maud::{DOCTYPE, Markup, html};

use crate::centre::error::ApiFault;
use crate::words::Language;
use crate::words::dashboard::Dashboard;

/// Who looks at which page.
#[derive(Debug, Clone)]
pub struct Viewer<'a> {
    pub language: Language,
    /// None: not signed in.
    pub user: Option<&'a str>,
    /// The unit and hall over everything.
    pub place: &'a str,
    /// Path and query of this page without its language, for the switch.
    pub here: &'a str,
}

/// A whole page.
pub fn page(viewer: &Viewer<'_>, title: &str, content: &Markup) -> Markup {
    let w = Dashboard(viewer.language);
    let other = viewer.language.toggled();
    html! {
        (DOCTYPE)
        html lang=(viewer.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (w.product()) }
                link rel="icon" href="/assets/mark.svg" type="image/svg+xml";
                link rel="stylesheet" href=(super::style_address());
            }
            body {
                a.skip href="#content" { (w.skip()) }
                header.top {
                    div.wide {
                        a.brand href="/" { span.mark aria-hidden="true" { "评" } span { b { (w.product()) } " " span.place { (viewer.place) } } }
                        nav.tools {
                            a lang=(other.code()) hreflang=(other.code()) href=(switch(viewer.here, other)) { (w.other_language()) }
                            @if let Some(user) = viewer.user {
                                span.user title=(w.asked_by(user)) { (user) }
                                form method="post" action="/sign-out" { button.plain type="submit" { (w.sign_out()) } }
                            }
                        }
                    }
                }
                main #content.wide { (content) }
            }
        }
    }
}

/// The sign-in form; `wrong` says why the last try failed.
pub fn sign_in(viewer: &Viewer<'_>, wrong: Option<&str>) -> Markup {
    let w = Dashboard(viewer.language);
    let content = html! {
        section.card.sign-in {
            h1 { (w.title()) }
            @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong) } }
            form method="post" action="/sign-in" {
                input type="hidden" name="back" value=(viewer.here);
                // Password managers file the token under something.
                input type="text" name="user" value=(w.product()) autocomplete="username" hidden;
                label for="token" { (w.token()) }
                input #token type="password" name="token" required autofocus maxlength="200" autocomplete="current-password"
                    spellcheck="false" aria-describedby="hint";
                p.hint #hint { (w.sign_in_hint()) }
                button.primary type="submit" { (w.sign_in()) }
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
            p role="alert" { (fault.code.sentence(viewer.language)) }
            @if let Some(detail) = fault.detail() { p.hint { (detail) } }
            p.hint { (w.reference(&fault.reference)) }
            p { a href="/" { (w.back()) } }
        }
    };
    page(viewer, &w.failed(), &content)
}

/// The same page in another language.
fn switch(here: &str, language: Language) -> String {
    let code = if language.is_english() { "en" } else { "zh" };
    let mark = if here.contains('?') { '&' } else { '?' };
    format!("{here}{mark}lang={code}")
}
