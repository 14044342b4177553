//! Everybody's accounts, for whoever keeps them: only those whose whole reach lies within one's own.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::own::{Own, part};
use super::profile::{self, Typed};
use super::{listing, stored, with_status};
use crate::centre::access::{AccountKeeper, Posted, Signed, Viewer};
use crate::centre::accounts::entering::object;
use crate::centre::accounts::first::{self, FirstFault, Handed};
use crate::centre::audit::{self, Act};
use crate::centre::clock;
use crate::centre::dashboard::components::{
    Button, Faults, Notice, State as Mark, Table, Title, Tone, buttons, moment, particulars,
};
use crate::centre::directory::accounts::{self, Account, Part};
use crate::centre::directory::sessions;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::words::accounts::{self as words, Accounts};

/// True if an account of this part is the keeper's to see and change.
pub(super) fn is_within(site: &Site, keeper: &AccountKeeper, part: &Part) -> bool {
    site.directory.get().people().includes(keeper.who.account, part)
}

pub(super) async fn list(
    State(site): State<Arc<Site>>,
    Signed { handle, viewer, .. }: Signed<AccountKeeper>,
) -> Response {
    let all = match stored(site.readers.read(accounts::all).await) {
        Ok(all) => all,
        Err(fault) => return viewer.refuse(&site, &fault),
    };
    let w = Accounts(viewer.language);
    let directory = site.directory.get();
    let units = directory.people().units();
    let mut table = Table::new(viewer.language, w.accounts())
        .quiet()
        .column(w.login())
        .column(w.name())
        .column(w.role())
        .column(w.reach())
        .column(w.state())
        .column(w.factor());
    for account in all.iter().filter(|a| is_within(&site, &handle, &a.part)) {
        table.row([
            html! { a href={ "/accounts/" (account.id) } { (account.login) } },
            html! { (account.name) },
            html! { (words::role(viewer.language, account.role)) },
            html! { (part(&site, &viewer, &account.part, units)) },
            state(w, account),
            html! { @if account.has_second_factor { (w.yes()) } @else { (w.no()) } },
        ]);
    }
    let content = html! {
        (Title::new(viewer.language, w.accounts()).lead(w.accounts_lead())
            .action(Button::link("/units", w.units()))
            .action(Button::link("/accounts/new", w.new_account()).primary()))
        (table.stacked())
    };
    viewer.page(&site, &w.accounts(), content)
}

fn state(w: Accounts, account: &Account) -> Markup {
    let mark = if account.disabled.is_some() {
        Mark::new(Tone::Off, w.state_disabled())
    } else if account.one_time_until.is_some() {
        Mark::new(Tone::Note, w.state_waiting())
    } else if account.has_password {
        Mark::new(Tone::Good, w.state_active())
    } else {
        Mark::new(Tone::Busy, w.state_token_only())
    };
    html! { (mark) }
}

pub(super) async fn ask_new(
    State(site): State<Arc<Site>>,
    Signed { handle, viewer, .. }: Signed<AccountKeeper>,
) -> Response {
    new_form(&site, &handle, &viewer, &Typed::default(), &Faults::default())
}

fn new_form(site: &Site, keeper: &AccountKeeper, viewer: &Viewer, typed: &Typed, faults: &Faults) -> Response {
    let w = Accounts(viewer.language);
    let content = html! {
        (Title::new(viewer.language, w.new_account()).crumb("/accounts", w.accounts()))
        (faults.summary(viewer.language))
        form.form method="post" action="/accounts/new" {
            (viewer.csrf())
            (profile::fields(site, keeper, viewer, typed, faults, true))
            (buttons(&[Button::submit(w.create()).primary(), Button::link("/accounts", w.cancel())]))
        }
    };
    let response = viewer.page(site, &w.new_account(), content);
    if faults.is_empty() { response } else { with_status(response, StatusCode::UNPROCESSABLE_ENTITY) }
}

pub(super) async fn add(State(site): State<Arc<Site>>, posted: Posted<AccountKeeper, Typed>) -> Response {
    let Posted { handle, who, viewer, form: typed } = posted;
    let mut faults = Faults::default();
    let Some(profile) = profile::read(&site, &handle, &viewer, &typed, &mut faults) else {
        return new_form(&site, &handle, &viewer, &typed, &faults);
    };
    let done = site.writer.attempt(move |desk| {
        let id = accounts::add(desk.tx, &profile, desk.now)?;
        let handed = first::hand_over(desk.tx, id, desk.now)?;
        *desk.people_changed = true;
        audit::append(desk.tx, desk.now, &who, Act::AccountAdded, &object(id), &profile::told(&profile))?;
        Ok(handed)
    });
    match done.await {
        Ok(Ok(handed)) => handed_page(&site, &viewer, &handed),
        Ok(Err(FirstFault::Account(fault))) => match profile::blame(&viewer, &fault, &mut faults) {
            true => new_form(&site, &handle, &viewer, &typed, &faults),
            false => viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &fault)),
        },
        Ok(Err(fault)) => viewer.refuse(&site, &ApiFault::because(ErrorCode::Internal, &fault)),
        Err(fault) => viewer.refuse(&site, &fault.into()),
    }
}

pub(super) fn handed_page(site: &Site, viewer: &Viewer, handed: &Handed) -> Response {
    let w = Accounts(viewer.language);
    let content = html! {
        (Title::new(viewer.language, w.handed_title()).crumb("/accounts", w.accounts()))
        p { (w.handed_lead(&handed.login)) }
        (Notice::good(w.shown_once()))
        code.secret { (handed.password) }
        (buttons(&[Button::link("/accounts", w.go_on()).primary()]))
    };
    viewer.page(site, &w.handed_title(), content)
}

/// The account, if it is the keeper's to see.
pub(super) async fn found(site: &Site, keeper: &AccountKeeper, id: i64) -> Result<Own, ApiFault> {
    let own = Own::read(site, id).await?;
    if is_within(site, keeper, &own.account.part) { Ok(own) } else { Err(ApiFault::new(ErrorCode::NotFound)) }
}

pub(super) async fn one(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    Signed { handle, viewer, .. }: Signed<AccountKeeper>,
) -> Response {
    match found(&site, &handle, id).await {
        Ok(own) => {
            let typed = Typed::of(&own.account);
            one_page(&site, &handle, &viewer, &own, &typed, &Faults::default())
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

fn one_page(
    site: &Site,
    keeper: &AccountKeeper,
    viewer: &Viewer,
    own: &Own,
    typed: &Typed,
    faults: &Faults,
) -> Response {
    let (w, account, zone) = (Accounts(viewer.language), &own.account, &site.settings.time_zone);
    let at = |rest: &str| format!("/accounts/{}{rest}", account.id);
    let content = html! {
        (Title::new(viewer.language, account.name.as_str()).crumb("/accounts", w.accounts()))
        div.card {
            (particulars([
                (w.login(), html! { (account.login) }),
                (w.state(), state(w, account)),
                (w.factor(), html! { @if account.has_second_factor { (w.factor_on(own.recovery_left)) } @else { (w.factor_off()) } }),
                (w.made(), moment(zone, account.made)),
            ]))
            @if account.disabled.is_some() {
                form method="post" action=(at("/enable")) { (viewer.csrf()) (buttons(&[Button::submit(w.enable())])) }
            } @else {
                (buttons(&[Button::link(at("/reset"), w.reset()), Button::link(at("/disable"), w.disable()).danger()]))
            }
        }
        (faults.summary(viewer.language))
        form.form method="post" action=(at("")) {
            (viewer.csrf())
            (profile::fields(site, keeper, viewer, typed, faults, false))
            (buttons(&[Button::submit(w.save()).primary(), Button::link("/accounts", w.cancel())]))
        }
        section {
            h2 { (w.sessions()) }
            (listing::sessions(viewer, zone, &own.sessions, viewer.session().map(|s| s.id), &at("/sessions")))
        }
        section {
            h2 { (w.tokens()) }
            (listing::tokens(viewer, zone, &own.tokens, clock::now().wall, &at("/tokens")))
        }
    };
    let response = viewer.page(site, &account.name, content);
    if faults.is_empty() { response } else { with_status(response, StatusCode::UNPROCESSABLE_ENTITY) }
}

pub(super) async fn change(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    posted: Posted<AccountKeeper, Typed>,
) -> Response {
    let Posted { handle, who, viewer, form: typed } = posted;
    let own = match found(&site, &handle, id).await {
        Ok(own) => own,
        Err(fault) => return viewer.refuse(&site, &fault),
    };
    let mut faults = Faults::default();
    // The login stays what it is, whatever came.
    let mut typed = typed;
    typed.login = own.account.login.clone();
    let Some(profile) = profile::read(&site, &handle, &viewer, &typed, &mut faults) else {
        return one_page(&site, &handle, &viewer, &own, &typed, &faults);
    };
    let other = profile.role != own.account.role
        || profile.part != own.account.part
        || profile.staff_no != own.account.staff_no;
    let done = site.writer.attempt(move |desk| {
        accounts::change(desk.tx, id, &profile)?;
        if other {
            sessions::end_all(desk.tx, id, None)?;
        }
        *desk.people_changed = true;
        audit::append(desk.tx, desk.now, &who, Act::AccountChanged, &object(id), &profile::told(&profile))?;
        Ok(())
    });
    match done.await {
        Ok(Ok(())) => viewer.onward(&site, &format!("/accounts/{id}"), &Accounts(viewer.language).account_saved()),
        Ok(Err(fault)) => match profile::blame(&viewer, &fault, &mut faults) {
            true => one_page(&site, &handle, &viewer, &own, &typed, &faults),
            false => viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &fault)),
        },
        Err(fault) => viewer.refuse(&site, &fault.into()),
    }
}
