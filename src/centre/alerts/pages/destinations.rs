//! Where alerts are told: list, add, change, try out, remove.

use super::destination_form::{faults, form, typed};
use super::rule_form::{Pairs, scope_of};
use super::*;
use axum::extract::{Path, Query as UrlQuery};
use maud::html;

use crate::centre::access::{Posted, Signed};
use crate::centre::alerts::destinations::{self as kept, Address, Destination, DestinationTerms};
use crate::centre::alerts::rule::Scope;
use crate::centre::dashboard::components::{Button, Empty, Faults, State as Badge, Table, Title, Tone};

const LIST: &str = "/alerts/destinations";

pub async fn list(State(site): State<Arc<Site>>, signed: Signed<AlertKeeper>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async { Ok(Some(drawn(&desk, deliveries::own(&desk).await?.values()))) };
    desk.page(&desk.words().destinations(), content.await)
}

fn drawn<'a>(desk: &Desk<'_>, own: impl Iterator<Item = &'a Destination>) -> Markup {
    let w = desk.words();
    let mut table = Table::new(desk.language(), w.destinations())
        .column(w.name())
        .column(w.destination())
        .column(w.scope_of())
        .column(w.state())
        .actions()
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.no_destinations(), w.destination_lead()));
    for d in own {
        let terms = &d.terms;
        let state =
            if terms.enabled { Badge::new(Tone::Good, w.enabled()) } else { Badge::new(Tone::Off, w.disabled()) };
        table.row([
            html! { a href={ (LIST) "/" (d.id) } { (terms.name) } },
            html! { span { (kind(desk, &terms.address)) " " span.mono { (terms.address.shown()) } } },
            html! { (desk.scope(&terms.scope)) },
            html! { (state) },
            html! {
                form method="post" action={ (LIST) "/" (d.id) "/test" } {
                    (desk.viewer.csrf())
                    (Button::submit(w.test()).small().about(terms.name.as_str()))
                }
            },
        ]);
    }
    html! {
        (Title::new(desk.language(), w.destinations()).crumb("/alerts", Alerts(desk.language()).title())
            .lead(w.destination_lead())
            .action(Button::link(format!("{LIST}/new?kind=mail"), w.add_mail()).primary())
            .action(Button::link(format!("{LIST}/new?kind=webhook"), w.add_webhook())))
        (desk.tabs("destinations"))
        section.card { (table) }
    }
}

fn kind(desk: &Desk<'_>, address: &Address) -> std::borrow::Cow<'static, str> {
    match address {
        Address::Webhook { .. } => desk.words().webhook(),
        Address::Mail { .. } => desk.words().mail(),
    }
}

fn kind_of(pairs: &Pairs) -> Option<&str> {
    let kind = pairs.iter().find(|(name, _)| name == "kind").map(|(_, value)| value.as_str())?;
    matches!(kind, "webhook" | "mail").then_some(kind)
}

pub async fn new(
    State(site): State<Arc<Site>>,
    signed: Signed<AlertKeeper>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let Some(kind) = kind_of(&pairs) else { return desk.viewer.not_found(&site) };
    let own = desk.scopes(false).first().and_then(|(code, _)| scope_of(code));
    let mut terms = typed(kind, &vec![("enabled".to_owned(), "yes".to_owned())]);
    terms.scope = own.unwrap_or(Scope::Everywhere);
    terms.language = desk.language();
    let content = page(&desk, None, &terms, &Faults::default());
    desk.page(&desk.words().add_destination(), Ok(Some(content)))
}

pub async fn add(
    State(site): State<Arc<Site>>,
    UrlQuery(pairs): UrlQuery<Pairs>,
    posted: Posted<AlertKeeper, Pairs>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let Some(kind) = kind_of(&pairs) else { return desk.viewer.not_found(&site) };
    let terms = typed(kind, &posted.form);
    let faulty = faults(&terms);
    if !faulty.is_empty() {
        return desk.again(&desk.words().add_destination(), page(&desk, None, &terms, &faulty));
    }
    let secret = match kept::fresh_secret() {
        Ok(secret) => secret,
        Err(cause) => return desk.viewer.refuse(&site, &ApiFault::because(ErrorCode::Internal, &cause)),
    };
    let (added, kept_secret) = (terms.clone(), secret.clone());
    match desk.act(move |a| a.add_destination(&added, &kept_secret)).await {
        Ok(Ok(_)) => {
            let w = desk.words();
            let told = match &terms.address {
                Address::Webhook { .. } => w.secret_once(&data_encoding::HEXLOWER.encode(&secret)),
                Address::Mail { .. } => w.saved(),
            };
            desk.viewer.onward(&site, LIST, &told)
        }
        Ok(Err(fault)) => answer(&desk, None, &terms, &fault),
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

pub async fn edit(State(site): State<Arc<Site>>, signed: Signed<AlertKeeper>, Path(id): Path<String>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let found = own(&desk, &id).await;
    let content = found.map(|d| d.map(|d| page(&desk, Some(d.id), &d.terms, &Faults::default())));
    desk.page(&desk.words().edit_destination(), content)
}

pub async fn change(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<AlertKeeper, Pairs>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let before = match own(&desk, &id).await {
        Ok(Some(before)) => before,
        other => return desk.page("", other.map(|_| None)),
    };
    let terms = typed(before.terms.address.code(), &posted.form);
    let faulty = faults(&terms);
    if !faulty.is_empty() {
        return desk.again(&desk.words().edit_destination(), page(&desk, Some(before.id), &terms, &faulty));
    }
    let changed = terms.clone();
    match desk.act(move |a| a.change_destination(before.id, &changed)).await {
        Ok(Ok(())) => desk.viewer.onward(&site, LIST, &desk.words().saved()),
        Ok(Err(fault)) => answer(&desk, Some(before.id), &terms, &fault),
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

pub async fn test(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<AlertKeeper, super::one::Nothing>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let Some(id) = number(&id) else { return desk.viewer.not_found(&site) };
    desk.done(desk.act(move |a| a.test(id)).await, "/alerts/deliveries", &desk.words().test_laid())
}

pub async fn ask_remove(
    State(site): State<Arc<Site>>,
    signed: Signed<AlertKeeper>,
    Path(id): Path<String>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let w = desk.words();
    let content = own(&desk, &id).await.map(|found| {
        let what = |d: &Destination| html! { b { (d.terms.name) } " · " (d.terms.address.shown()) };
        found.map(|d| desk.ask_remove(&what(&d), (LIST, w.destinations()), d.id))
    });
    desk.page(&w.remove(), content)
}

pub async fn remove(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<AlertKeeper, super::one::Nothing>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let Some(id) = number(&id) else { return desk.viewer.not_found(&site) };
    desk.done(desk.act(move |a| a.remove_destination(id)).await, LIST, &desk.words().removed())
}

async fn own(desk: &Desk<'_>, id: &str) -> Result<Option<Destination>, ApiFault> {
    let Some(id) = number(id) else { return Ok(None) };
    Ok(deliveries::own(desk).await?.remove(&id))
}

fn page(desk: &Desk<'_>, id: Option<i64>, terms: &DestinationTerms, faults: &Faults) -> Markup {
    let w = desk.words();
    let (heading, address) = match id {
        Some(id) => (w.edit_destination(), format!("{LIST}/{id}")),
        None => (w.add_destination(), format!("{LIST}/new?kind={}", terms.address.code())),
    };
    let mut title = Title::new(desk.language(), heading)
        .crumb("/alerts", Alerts(desk.language()).title())
        .crumb(LIST, w.destinations())
        .lead(kind(desk, &terms.address));
    if let Some(id) = id {
        title = title.action(Button::link(format!("{LIST}/{id}/remove"), w.remove()).danger());
    }
    html! { (title) section.card { (form(desk, &address, terms, faults)) } }
}

fn answer(desk: &Desk<'_>, id: Option<i64>, terms: &DestinationTerms, fault: &Refused) -> Response {
    match desk.faults_of(fault) {
        Some(faults) => desk.again(&desk.words().edit_destination(), page(desk, id, terms, &faults)),
        None => desk.refuse(fault),
    }
}
