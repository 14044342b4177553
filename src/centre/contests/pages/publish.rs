//! Publishing results, and taking them back to mend them.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::acts::{ContestFault, WHY_CHARS, publish as show_all, withdraw as take_back};
use super::super::number;
use super::{LIST, Opened, fault_of, kept};
use crate::centre::access::{ContestKeeper, Posted, Signed};
use crate::centre::dashboard::components::{Confirm, Faults, Field};
use crate::centre::paging::{Paging, field};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::words::contests::Contests;

pub async fn ask(State(site): State<Arc<Site>>, signed: Signed<ContestKeeper>, Path(id): Path<String>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let w = Contests(at.language());
    let content = kept(&at, &id).await.map(|found| {
        let o = found.filter(|o| o.contest.published.is_none())?;
        let here = format!("{LIST}/{}", o.contest.id);
        let what = html! { p { b { (o.contest.title) } } p { (w.publish_what(o.parts.len())) } };
        let confirm = Confirm::new(at.language(), w.publish(), what, format!("{here}/publish"))
            .yes(w.publish())
            .back(here.clone())
            .crumb(LIST, w.title())
            .crumb(here, o.contest.title.clone())
            .csrf(at.viewer.csrf());
        Some(html! { (confirm) })
    });
    at.page(&w.publish(), content)
}

pub async fn publish(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<ContestKeeper, Pairs>,
) -> Response {
    let at = Paging { site: &site, viewer: &posted.viewer, who: &posted.who };
    let Some(id) = number(&id) else { return at.page("", Ok(None)) };
    let today = at.today();
    match at.act(move |tx, who, now| show_all(tx, id, who, now, today)).await {
        Ok(Ok(())) => posted.viewer.onward(&site, &format!("{LIST}/{id}"), &Contests(at.language()).now_published()),
        Ok(Err(fault)) => at.refuse(&fault_of(&fault)),
        Err(fault) => at.refuse(&fault),
    }
}

pub async fn ask_withdraw(
    State(site): State<Arc<Site>>,
    signed: Signed<ContestKeeper>,
    Path(id): Path<String>,
) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let content = kept(&at, &id).await.map(|found| {
        found.filter(|o| o.contest.published.is_some()).map(|o| withdrawal(&at, &o, "", &Faults::default()))
    });
    at.page(&Contests(at.language()).withdraw(), content)
}

fn withdrawal(at: &Paging<'_>, o: &Opened, why: &str, faults: &Faults) -> Markup {
    let w = Contests(at.language());
    let here = format!("{LIST}/{}", o.contest.id);
    let what = html! { p { b { (o.contest.title) } } p.hint { (w.withdraw_hint()) } };
    let max = u32::try_from(WHY_CHARS).unwrap_or(200);
    let confirm = Confirm::new(at.language(), w.withdraw(), what, format!("{here}/withdraw"))
        .yes(w.withdraw())
        .back(here.clone())
        .crumb(LIST, w.title())
        .crumb(here, o.contest.title.clone())
        .csrf(at.viewer.csrf())
        .fields(html! { (Field::text("why", w.why()).value(why).max(max).faults(faults)) });
    html! { (confirm) }
}

pub async fn withdraw(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<ContestKeeper, Pairs>,
) -> Response {
    let at = Paging { site: &site, viewer: &posted.viewer, who: &posted.who };
    let w = Contests(at.language());
    let o = match kept(&at, &id).await {
        Ok(Some(o)) => o,
        other => return at.page("", other.map(|_| None)),
    };
    let (id, why) = (o.contest.id, field(&posted.form, "why").to_owned());
    let reason = why.clone();
    match at.act(move |tx, who, now| take_back(tx, id, &reason, who, now)).await {
        Ok(Ok(())) => posted.viewer.onward(&site, &format!("{LIST}/{id}"), &w.now_withdrawn()),
        Ok(Err(ContestFault::Why(_))) => {
            let mut faults = Faults::default();
            faults.add("why", w.why_fault(WHY_CHARS));
            at.again(&w.withdraw(), withdrawal(&at, &o, &why, &faults))
        }
        Ok(Err(fault)) => at.refuse(&fault_of(&fault)),
        Err(fault) => at.refuse(&fault),
    }
}
