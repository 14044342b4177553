//! Tables of sessions and tokens, for whoever has them and for whoever keeps accounts.

use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::centre::access::{Needs, Viewer};
use crate::centre::dashboard::components::{Button, Empty, State, Table, Tone, moment};
use crate::centre::directory::sessions::Session;
use crate::centre::directory::tokens::Token;
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::words::accounts::{self, Accounts};

/// Sessions with a button that ends each; `action` is the address before `/{id}/end`.
pub(super) fn sessions(viewer: &Viewer, zone: &TimeZone, all: &[Session], own: Option<i64>, action: &str) -> Markup {
    let w = Accounts(viewer.language);
    let mut table = Table::new(viewer.language, w.sessions())
        .quiet()
        .column(w.browser())
        .column(w.address())
        .column(w.begun())
        .column(w.used())
        .actions();
    for session in all {
        let button = Button::submit(w.end()).small().danger().about(browser(&session.agent).unwrap_or_default());
        table.row([
            html! {
                @match browser(&session.agent) { Some(name) => (name), None => (w.unknown_browser()) }
                @if own == Some(session.id) { " " (State::new(Tone::Good, w.this_one())) }
            },
            html! { (session.address) },
            moment(zone, session.begun),
            moment(zone, session.used),
            html! { form method="post" action={ (action) "/" (session.id) "/end" } { (viewer.csrf()) (button) } },
        ]);
    }
    html! { (table.stacked().or_empty(Empty::new(w.no_sessions(), ""))) }
}

/// Tokens with a button that revokes each; `action` is the address before `/{id}/revoke`.
pub(super) fn tokens(viewer: &Viewer, zone: &TimeZone, all: &[Token], now: WallMs, action: &str) -> Markup {
    let w = Accounts(viewer.language);
    let mut table = Table::new(viewer.language, w.tokens())
        .quiet()
        .column(w.label())
        .column(w.may())
        .column(w.expires())
        .column(w.used())
        .actions();
    for token in all {
        let button = Button::submit(w.revoke()).small().danger().about(token.label.clone());
        table.row([
            html! { (token.label) },
            html! { (needs(viewer, token.needs)) },
            html! {
                @match token.expires { Some(expires) => (moment(zone, expires)), None => (w.never()) }
                @if !token.holds(now) { " " (State::new(Tone::Off, w.expired())) }
            },
            html! { @match token.used { Some(used) => (moment(zone, used)), None => (w.never_used()) } },
            html! { form method="post" action={ (action) "/" (token.id) "/revoke" } { (viewer.csrf()) (button) } },
        ]);
    }
    html! { (table.stacked().or_empty(Empty::new(w.no_tokens(), w.no_tokens_advice()))) }
}

fn needs(viewer: &Viewer, needs: Needs) -> String {
    if needs == Needs::ALL {
        return Accounts(viewer.language).everything_of_role().into_owned();
    }
    let names: Vec<_> =
        Need::ALL.iter().filter(|n| needs.holds(**n)).map(|n| accounts::need(viewer.language, *n)).collect();
    names.join(if viewer.language.is_english() { ", " } else { "、" })
}

/// What people call a browser and its system, from what it says of itself.
fn browser(agent: &str) -> Option<String> {
    let first =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let name = first(&[
        ("Edg/", "Edge"),
        ("MicroMessenger", "微信"),
        ("QQBrowser", "QQ"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ])?;
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    Some(system.map_or_else(|| name.to_owned(), |system| format!("{name} · {system}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_as_people_call_it() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(browser(edge).as_deref(), Some("Edge · Windows"));
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
        assert_eq!(browser(firefox).as_deref(), Some("Firefox · Linux"));
        assert_eq!(browser("curl/8.0"), None);
    }
}
