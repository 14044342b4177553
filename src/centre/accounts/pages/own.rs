//! One's own account: who one is, password, second factor, sessions and tokens.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::sign_in::{Nothing, choice_fields, weighed};
use super::{listing, stored, tokens, with_status};
use crate::centre::access::{Member, Posted, Signed, Viewer, Who};
use crate::centre::accounts::entering;
use crate::centre::audit::{self, Act};
use crate::centre::clock;
use crate::centre::dashboard::components::{Button, Faults, Field, State as Mark, Title, Tone, buttons, particulars};
use crate::centre::directory::accounts::{self, Account, Part};
use crate::centre::directory::sessions::{self, Session, Stage};
use crate::centre::directory::tokens::{self as store, Token};
use crate::centre::directory::units::Units;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::id::HallId;
use crate::words::accounts::{self as words, Accounts};

/// All that the page shows.
pub(super) struct Own {
    pub account: Account,
    pub recovery_left: u64,
    pub sessions: Vec<Session>,
    pub tokens: Vec<Token>,
}

impl Own {
    pub(super) async fn read(site: &Site, id: i64) -> Result<Self, ApiFault> {
        let read = site.readers.read(move |conn| {
            let account = accounts::one(conn, id)?;
            let recovery_left = accounts::recovery_left(conn, id)?;
            let sessions = sessions::all(conn, Some(id))?.into_iter().map(|(_, s)| s);
            let sessions = sessions.filter(|s| s.stage == Stage::Full).collect();
            let tokens = store::all(conn, Some(id))?.into_iter().map(|(_, t)| t).collect();
            Ok((account, recovery_left, sessions, tokens))
        });
        let (account, recovery_left, sessions, tokens) = stored(read.await)?;
        let account = account.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
        Ok(Self { account, recovery_left, sessions, tokens })
    }
}

pub(super) async fn show(State(site): State<Arc<Site>>, Signed { who, viewer, .. }: Signed<Member>) -> Response {
    page(&site, &who, &viewer, &tokens::Typed::default(), &Faults::default()).await
}

/// The page; `typed` and `faults` are those of the form for a token.
pub(super) async fn page(site: &Site, who: &Who, viewer: &Viewer, typed: &tokens::Typed, faults: &Faults) -> Response {
    let own = match Own::read(site, who.account).await {
        Ok(own) => own,
        Err(fault) => return viewer.refuse(site, &fault),
    };
    let w = Accounts(viewer.language);
    let (zone, here) = (&site.settings.time_zone, viewer.session().map(|s| s.id));
    let others = own.sessions.iter().any(|s| Some(s.id) != here);
    let content = html! {
        (Title::new(viewer.language, w.my_account()))
        (about(site, viewer, &own))
        section {
            h2 #sessions { (w.sessions()) }
            p.hint { (w.sessions_lead()) }
            (listing::sessions(viewer, zone, &own.sessions, here, "/account/sessions"))
            @if others {
                form method="post" action="/account/sessions/end-others" {
                    (viewer.csrf())
                    (buttons(&[Button::submit(w.end_others()).danger()]))
                }
            }
        }
        section {
            h2 #tokens { (w.tokens()) }
            p.hint { (w.tokens_lead()) }
            (listing::tokens(viewer, zone, &own.tokens, clock::now().wall, "/account/tokens"))
            (tokens::form(viewer, who, typed, faults))
        }
    };
    let response = viewer.page(site, &w.my_account(), content);
    if faults.is_empty() { response } else { with_status(response, StatusCode::UNPROCESSABLE_ENTITY) }
}

fn about(site: &Site, viewer: &Viewer, own: &Own) -> Markup {
    let (w, account) = (Accounts(viewer.language), &own.account);
    let must = site.settings.accounts.second_factor.contains(&account.role);
    let factor = html! {
        @if account.has_second_factor { (Mark::new(Tone::Good, w.factor_on(own.recovery_left))) }
        @else { (Mark::new(Tone::Off, w.factor_off())) }
        @if must { " " span.hint { (w.factor_must()) } }
    };
    let reach = part(site, viewer, &account.part, site.directory.get().people().units());
    let mut lines = vec![
        (w.login(), html! { (account.login) }),
        (w.name(), html! { (account.name) }),
        (w.role(), html! { (words::role(viewer.language, account.role)) }),
        (w.reach(), html! { (reach) }),
    ];
    if let Some(staff_no) = &account.staff_no {
        lines.push((w.staff_no(), html! { (staff_no) }));
    }
    lines.push((w.factor(), factor));
    html! {
        div.card {
            (particulars(lines))
            (buttons(&[
                Button::link("/account/password", w.change_password()),
                Button::link("/account/second-factor", w.factor()),
            ]))
        }
    }
}

/// A part of the tree by its name.
pub(super) fn part(site: &Site, viewer: &Viewer, part: &Part, units: &Units) -> String {
    let w = Accounts(viewer.language);
    match part {
        Part::Everything => w.everything().into_owned(),
        Part::Unit(id) => w.of_unit(units.unit(*id).map_or("?", |u| &u.name)).into_owned(),
        Part::Hall(hall) => w.of_hall(&hall_name(site, viewer, hall)).into_owned(),
    }
}

/// A hall by its name, or by its id while it has no board.
pub(super) fn hall_name(site: &Site, viewer: &Viewer, hall: &HallId) -> String {
    let boards = site.boards.get();
    let board = boards.hall(hall);
    board.map_or_else(|| hall.to_string(), |b| b.board.hall.name.get(viewer.language.is_english()).to_owned())
}

pub(super) async fn ask_password(State(site): State<Arc<Site>>, Signed { viewer, .. }: Signed<Member>) -> Response {
    password_form(&site, &viewer, &Faults::default())
}

fn password_form(site: &Site, viewer: &Viewer, faults: &Faults) -> Response {
    let w = Accounts(viewer.language);
    let content = html! {
        (Title::new(viewer.language, w.change_password()).crumb("/account", w.my_account()))
        (faults.summary(viewer.language))
        form.form method="post" action="/account/password" {
            (viewer.csrf())
            (Field::password("old", w.old_password()).autocomplete("current-password").max(200).faults(faults))
            (choice_fields(w, faults))
            (buttons(&[Button::submit(w.save()).primary(), Button::link("/account", w.cancel())]))
        }
    };
    viewer.page(site, &w.change_password(), content)
}

#[derive(Deserialize)]
pub(super) struct Change {
    old: String,
    password: String,
    again: String,
}

pub(super) async fn change_password(State(site): State<Arc<Site>>, posted: Posted<Member, Change>) -> Response {
    let Posted { who, viewer, form, .. } = posted;
    let w = Accounts(viewer.language);
    let mut faults = weighed(&viewer, &form.password, &form.again, &[&who.login, &who.name]);
    let changed = async {
        if !is_own_password(&site, &who, form.old).await? {
            faults.add("old", w.wrong_old());
        }
        if !faults.is_empty() {
            let page = password_form(&site, &viewer, &faults);
            return Ok(with_status(page, StatusCode::UNPROCESSABLE_ENTITY));
        }
        let hash = entering::hashed(&site, form.password).await?;
        let (id, kept, by) = (who.account, viewer.session().map(|s| s.id), Arc::clone(&who));
        let done = site.writer.attempt(move |desk| {
            accounts::set_password(desk.tx, id, &hash, None)?;
            sessions::end_all(desk.tx, id, kept)?;
            *desk.people_changed = true;
            audit::append(desk.tx, desk.now, &by, Act::PasswordChanged, &entering::object(id), "")
        });
        stored(done.await)?;
        Ok(viewer.onward(&site, "/account", &w.password_changed()))
    };
    changed.await.unwrap_or_else(|fault: ApiFault| viewer.refuse(&site, &fault))
}

/// Asked again before something that a stolen session must not do. Wrong ones count as tries to sign in.
pub(super) async fn is_own_password(site: &Site, who: &Who, password: String) -> Result<bool, ApiFault> {
    use crate::centre::directory::tries::{self, TryKey};
    let key = TryKey::of_login(&who.login);
    let counted = site.writer.attempt(move |desk| tries::count(desk.tx, &[key], desk.now));
    if stored(counted.await)?.is_err() {
        return Err(ApiFault::new(ErrorCode::RateLimited));
    }
    let id = who.account;
    let hash = stored(site.readers.read(move |conn| accounts::password(conn, id)).await)?;
    let right = entering::verified(site, hash, password).await?;
    if right {
        stored(site.writer.attempt(move |desk| tries::forgive(desk.tx, key, key)).await)?;
    }
    Ok(right)
}

pub(super) async fn end_one(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<Member, Nothing>,
) -> Response {
    let Posted { who, viewer, .. } = posted;
    let done = ended(&site, &who, who.account, id).await;
    after(&site, &viewer, "/account", done, &Accounts(viewer.language).session_ended())
}

/// Ends a session of an account. False: it has none such.
pub(super) async fn ended(site: &Site, by: &Arc<Who>, account: i64, id: i64) -> Result<bool, ApiFault> {
    let by = Arc::clone(by);
    let done = site.writer.attempt(move |desk| {
        let ended = sessions::end(desk.tx, account, id)?;
        if ended {
            *desk.people_changed = true;
            let (object, detail) = (entering::object(account), format!("session {id}"));
            audit::append(desk.tx, desk.now, &by, Act::SessionEnded, &object, &detail)?;
        }
        Ok(ended)
    });
    stored(done.await)
}

/// Where somebody is led once something of an account was ended or revoked, if it was there.
pub(super) fn after(site: &Site, viewer: &Viewer, back: &str, done: Result<bool, ApiFault>, notice: &str) -> Response {
    match done {
        Ok(true) => viewer.onward(site, back, notice),
        Ok(false) => viewer.not_found(site),
        Err(fault) => viewer.refuse(site, &fault),
    }
}

pub(super) async fn end_others(State(site): State<Arc<Site>>, posted: Posted<Member, Nothing>) -> Response {
    let Posted { who, viewer, .. } = posted;
    let (account, kept) = (who.account, viewer.session().map(|s| s.id));
    let ended = site.writer.attempt(move |desk| {
        let n = sessions::end_all(desk.tx, account, kept)?;
        *desk.people_changed = true;
        let (object, detail) = (entering::object(account), format!("{n} others"));
        audit::append(desk.tx, desk.now, &who, Act::SessionEnded, &object, &detail)?;
        Ok(n)
    });
    match stored(ended.await) {
        Ok(n) => viewer.onward(&site, "/account", &Accounts(viewer.language).others_ended(n)),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}
