//! The own tokens of the interface: made narrower than the role, shown once, revoked at once.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::own::{after, page};
use super::sign_in::Nothing;
use super::stored;
use crate::centre::access::{Member, Needs, Posted, Viewer, Who};
use crate::centre::accounts::entering;
use crate::centre::audit::{self, Act};
use crate::centre::dashboard::components::{Button, Faults, Field, Notice, Tick, Title, buttons, fieldset};
use crate::centre::directory::tokens;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::role::Need;
use crate::domain::text::check_line;
use crate::words::accounts::{self as words, Accounts};

const MOST_DAYS: i64 = 730;
const DAY_MS: i64 = 86_400_000;
/// What the interface offers to programs.
const OFFERED: [Need; 6] = [Need::Statistics, Need::Hall, Need::Fleet, Need::Entries, Need::Alerts, Need::AuditLog];

/// What was typed into the form for a token.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    label: String,
    days: String,
    needs: Vec<Need>,
}

impl Typed {
    fn of(pairs: &[(String, String)]) -> Self {
        let one = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim().to_owned());
        let needs = pairs.iter().filter(|(n, _)| n == "need").filter_map(|(_, v)| Need::from_code(v)).collect();
        Self { label: one("label").unwrap_or_default(), days: one("days").unwrap_or_default(), needs }
    }
}

pub(super) fn form(viewer: &Viewer, who: &Who, typed: &Typed, faults: &Faults) -> Markup {
    let w = Accounts(viewer.language);
    let offered: Vec<Need> = OFFERED.into_iter().filter(|n| who.may(*n)).collect();
    let days = if typed.days.is_empty() { "365" } else { &typed.days };
    html! {
        @if !offered.is_empty() {
            h3 { (w.make_token()) }
            (faults.summary(viewer.language))
            form.form method="post" action="/account/tokens" {
                (viewer.csrf())
                (Field::text("label", w.label()).hint(w.label_hint()).value(&typed.label).max(60).faults(faults))
                (fieldset("need", &w.may(), faults.of("need"), &html! {
                    @for need in &offered {
                        (Tick::check("need", need.code(), words::need(viewer.language, *need), typed.needs.contains(need)))
                    }
                }))
                (Field::number("days", w.days_valid()).hint(w.days_hint()).value(days).within("1", "730").faults(faults))
                (buttons(&[Button::submit(w.make_token())]))
            }
        }
    }
}

pub(super) async fn make(State(site): State<Arc<Site>>, posted: Posted<Member, Vec<(String, String)>>) -> Response {
    let Posted { who, viewer, form, .. } = posted;
    let w = Accounts(viewer.language);
    let typed = Typed::of(&form);
    let mut faults = Faults::default();
    if check_line(&typed.label, tokens::LABEL_CHARS).is_err() {
        faults.add("label", w.line_wrong());
    }
    if typed.needs.is_empty() || typed.needs.iter().any(|n| !OFFERED.contains(n) || !who.may(*n)) {
        faults.add("need", w.choose_some());
    }
    let days = typed.days.parse::<i64>().ok().filter(|d| (1..=MOST_DAYS).contains(d));
    if days.is_none() {
        faults.add("days", w.days_wrong());
    }
    if !faults.is_empty() {
        return page(&site, &who, &viewer, &typed, &faults).await;
    }
    let made = async {
        let text = tokens::fresh().map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
        let needs: Needs = typed.needs.iter().copied().collect();
        let (label, kept, by) = (typed.label.clone(), text.clone(), Arc::clone(&who));
        let done = site.writer.attempt(move |desk| {
            if tokens::all(desk.tx, Some(by.account))?.len() >= tokens::MAX_TOKENS {
                return Ok(None);
            }
            let expires = days.map(|d| desk.now.plus_ms(d * DAY_MS));
            let id = tokens::add(desk.tx, by.account, &kept, &label, needs, expires, desk.now)?;
            *desk.people_changed = true;
            let (object, detail) = (entering::object(by.account), format!("token {id}: {}", needs.to_text()));
            audit::append(desk.tx, desk.now, &by, Act::TokenMade, &object, &detail)?;
            Ok(Some(id))
        });
        Ok(stored(done.await)?.map(|_| text))
    };
    match made.await {
        Ok(Some(text)) => {
            let content = html! {
                (Title::new(viewer.language, w.token_made()).crumb("/account", w.my_account()))
                (Notice::good(w.shown_once()))
                code.secret { (text) }
                (buttons(&[Button::link("/account", w.go_on()).primary()]))
            };
            viewer.page(&site, &w.token_made(), content)
        }
        Ok(None) => {
            faults.add("label", w.too_many_tokens());
            page(&site, &who, &viewer, &typed, &faults).await
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

pub(super) async fn revoke(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<Member, Nothing>,
) -> Response {
    let Posted { who, viewer, .. } = posted;
    let done = revoked(&site, &who, who.account, id).await;
    after(&site, &viewer, "/account", done, &Accounts(viewer.language).token_revoked())
}

/// Revokes a token of an account. False: it has none such.
pub(super) async fn revoked(site: &Site, by: &Arc<Who>, account: i64, id: i64) -> Result<bool, ApiFault> {
    let by = Arc::clone(by);
    let done = site.writer.attempt(move |desk| {
        let revoked = tokens::revoke(desk.tx, account, id, desk.now)?;
        if revoked {
            *desk.people_changed = true;
            let (object, detail) = (entering::object(account), format!("token {id}"));
            audit::append(desk.tx, desk.now, &by, Act::TokenRevoked, &object, &detail)?;
        }
        Ok(revoked)
    });
    stored(done.await)
}
