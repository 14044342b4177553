//! The rules: what is looked for, where, how much it presses, who is told.

use super::rule_form::{Pairs, faults, form, fresh, typed};
use super::*;
use axum::extract::{Path, Query as UrlQuery};
use maud::html;

use crate::centre::access::{Posted, Signed};
use crate::centre::alerts::acts::keeps_unit;
use crate::centre::alerts::destinations::Destination;
use crate::centre::alerts::rule::{Condition, Rule, Scope, Terms};
use crate::centre::alerts::rules as kept;
use crate::centre::dashboard::components::{Button, Faults, State as Badge, Table, Title, Tone};
use crate::words::{alerts, common};

pub async fn list(State(site): State<Arc<Site>>, signed: Signed<AlertReader>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let sight = desk.sight.clone();
        let rules = desk.read(move |conn| {
            let all = kept::all(conn)?.into_iter();
            // Rules of the whole centre concern everybody; those of another part nobody else.
            Ok(all
                .filter_map(|rule| {
                    let own = sight.answers_for(&rule.terms.scope, |unit| keeps_unit(conn, &sight, unit));
                    (own || rule.terms.scope == Scope::Everywhere).then_some((rule, own && sight.keeps))
                })
                .collect::<Vec<_>>())
        });
        Ok(Some(drawn(&desk, &rules.await?)))
    };
    desk.page(&desk.words().rules(), content.await)
}

fn drawn(desk: &Desk<'_>, rules: &[(Rule, bool)]) -> Markup {
    let w = desk.words();
    let mut table = Table::new(desk.language(), w.rules())
        .column(w.name())
        .column(w.kind())
        .column(w.scope())
        .column(w.severity())
        .column(w.state())
        .quiet()
        .stacked();
    for (rule, own) in rules {
        let terms = &rule.terms;
        let state =
            if terms.enabled { Badge::new(Tone::Good, w.enabled()) } else { Badge::new(Tone::Off, w.disabled()) };
        table.row([
            html! { @if *own { a href={ "/alerts/rules/" (rule.id) } { (desk.rule(&terms.name)) } } @else { (desk.rule(&terms.name)) } },
            html! { span { (said(desk, terms)) span.hint { " · " (w.quiet(terms.cooldown_minutes)) } } },
            html! { (desk.scope(&terms.scope)) },
            desk.severity(terms.severity),
            html! { (state) },
        ]);
    }
    html! {
        (Title::new(desk.language(), w.rules()).crumb("/alerts", Alerts(desk.language()).title()).lead(w.rule_lead()))
        (desk.tabs("rules"))
        section.card { (table) }
        @if desk.sight.keeps {
            section.card {
                h2 { (w.add_rule()) }
                p.hint { (w.choose_kind()) }
                p.row-actions {
                    @for condition in Condition::DEFAULTS {
                        @let code = condition.code();
                        (Button::link(format!("/alerts/rules/new?kind={code}"), alerts::condition(desk.language(), code)))
                    }
                }
            }
        }
    }
}

/// A condition as a sentence.
fn said(desk: &Desk<'_>, terms: &Terms) -> std::borrow::Cow<'static, str> {
    let w = desk.words();
    match terms.condition {
        Condition::Level { at_most, min_count, within_minutes } => {
            w.said_level(common::level(desk.language(), at_most), min_count, within_minutes)
        }
        Condition::NegativeShare { percent, min_count, within_minutes } => {
            w.said_negative_share(percent, min_count, within_minutes)
        }
        Condition::ParticipationDrop { points, min_served, within_minutes } => {
            w.said_participation_drop(points, min_served, within_minutes)
        }
        Condition::Silence { minutes } => w.said_silence(minutes),
        Condition::Tampering => w.said_tampering(),
    }
}

fn kind_of(pairs: &Pairs) -> Option<Condition> {
    let code = pairs.iter().find(|(name, _)| name == "kind").map(|(_, value)| value.as_str())?;
    Condition::DEFAULTS.into_iter().find(|c| c.code() == code)
}

pub async fn new(
    State(site): State<Arc<Site>>,
    signed: Signed<AlertKeeper>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let Some(kind) = kind_of(&pairs) else { return desk.viewer.not_found(&site) };
    let own = desk.scopes(false).first().and_then(|(code, _)| super::rule_form::scope_of(code));
    let name = alerts::condition(desk.language(), kind.code()).into_owned();
    let terms = fresh(kind, own.unwrap_or(Scope::Everywhere), name);
    let content = async { Ok(Some(page(&desk, None, &terms, &Faults::default()).await?)) };
    desk.page(&desk.words().add_rule(), content.await)
}

pub async fn add(
    State(site): State<Arc<Site>>,
    UrlQuery(pairs): UrlQuery<Pairs>,
    posted: Posted<AlertKeeper, Pairs>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let Some(kind) = kind_of(&pairs) else { return desk.viewer.not_found(&site) };
    let terms = typed(&kind, &posted.form);
    let faulty = faults(&terms);
    if !faulty.is_empty() {
        return refused(&desk, None, &terms, &faulty).await;
    }
    let added = terms.clone();
    match desk.act(move |a| a.add_rule(&added)).await {
        Ok(Ok(_)) => desk.viewer.onward(&site, "/alerts/rules", &desk.words().saved()),
        Ok(Err(fault)) => answer(&desk, None, &terms, &fault).await,
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

pub async fn edit(State(site): State<Arc<Site>>, signed: Signed<AlertKeeper>, Path(id): Path<String>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let Some(rule) = own(&desk, &id).await? else { return Ok(None) };
        Ok(Some(page(&desk, Some(rule.id), &rule.terms, &Faults::default()).await?))
    };
    desk.page(&desk.words().edit_rule(), content.await)
}

pub async fn change(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<AlertKeeper, Pairs>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let rule = match own(&desk, &id).await {
        Ok(Some(rule)) => rule,
        other => return desk.page("", other.map(|_| None)),
    };
    let terms = typed(&rule.terms.condition, &posted.form);
    let faulty = faults(&terms);
    if !faulty.is_empty() {
        return refused(&desk, Some(rule.id), &terms, &faulty).await;
    }
    let changed = terms.clone();
    match desk.act(move |a| a.change_rule(rule.id, &changed)).await {
        Ok(Ok(())) => desk.viewer.onward(&site, "/alerts/rules", &desk.words().saved()),
        Ok(Err(fault)) => answer(&desk, Some(rule.id), &terms, &fault).await,
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

pub async fn ask_remove(
    State(site): State<Arc<Site>>,
    signed: Signed<AlertKeeper>,
    Path(id): Path<String>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let w = desk.words();
        let Some(rule) = own(&desk, &id).await? else { return Ok(None) };
        let what = html! { b { (desk.rule(&rule.terms.name)) } " · " (said(&desk, &rule.terms)) };
        Ok(Some(desk.ask_remove(&what, ("/alerts/rules", w.rules()), rule.id)))
    };
    desk.page(&desk.words().remove(), content.await)
}

pub async fn remove(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<AlertKeeper, super::one::Nothing>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let Some(id) = number(&id) else { return desk.viewer.not_found(&site) };
    desk.done(desk.act(move |a| a.remove_rule(id)).await, "/alerts/rules", &desk.words().removed())
}

/// A rule that the viewer answers for.
async fn own(desk: &Desk<'_>, id: &str) -> Result<Option<Rule>, ApiFault> {
    let Some(id) = number(id) else { return Ok(None) };
    let sight = desk.sight.clone();
    let read = move |conn: &rusqlite::Connection| {
        let own = |unit: &str| keeps_unit(conn, &sight, unit);
        Ok(kept::one(conn, id)?.filter(|r| sight.answers_for(&r.terms.scope, own)))
    };
    desk.read(read).await
}

async fn page(desk: &Desk<'_>, id: Option<i64>, terms: &Terms, faults: &Faults) -> Result<Markup, ApiFault> {
    let w = desk.words();
    let to: Vec<Destination> = deliveries::own(desk).await?.into_values().collect();
    let (heading, address) = match id {
        Some(id) => (w.edit_rule(), format!("/alerts/rules/{id}")),
        None => (w.add_rule(), format!("/alerts/rules/new?kind={}", terms.condition.code())),
    };
    let mut title = Title::new(desk.language(), heading)
        .crumb("/alerts", Alerts(desk.language()).title())
        .crumb("/alerts/rules", w.rules())
        .lead(alerts::condition(desk.language(), terms.condition.code()));
    if let Some(id) = id {
        title = title.action(Button::link(format!("/alerts/rules/{id}/remove"), w.remove()).danger());
    }
    Ok(html! { (title) section.card { (form(desk, &address, terms, &to, faults)) } })
}

async fn refused(desk: &Desk<'_>, id: Option<i64>, terms: &Terms, faults: &Faults) -> Response {
    match page(desk, id, terms, faults).await {
        Ok(content) => desk.again(&desk.words().edit_rule(), content),
        Err(fault) => desk.viewer.refuse(desk.site, &fault),
    }
}

async fn answer(desk: &Desk<'_>, id: Option<i64>, terms: &Terms, fault: &Refused) -> Response {
    match desk.faults_of(fault) {
        Some(faults) => refused(desk, id, terms, &faults).await,
        None => desk.refuse(fault),
    }
}
