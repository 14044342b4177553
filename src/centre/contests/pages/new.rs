//! The form of a new event.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::super::acts::{ContestFault, Draft, TITLE_CHARS, add as keep};
use super::list::kind;
use super::{LIST, fault_of};
use crate::centre::access::{ContestKeeper, Posted, Signed};
use crate::centre::dashboard::components::{Button, Faults, Field, Tick, Title, buttons, fieldset};
use crate::centre::paging::{Paging, field, lines};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::contest::{ContestKind, MAX_CRITERIA, read_criteria};
use crate::domain::id::HallId;
use crate::words::contests::Contests;

pub async fn new(State(site): State<Arc<Site>>, signed: Signed<ContestKeeper>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let w = Contests(at.language());
    let unit =
        at.halls().first().and_then(|(id, _)| at.board(id)).map(|b| b.unit.get(at.language().is_english()).to_owned());
    let typed = vec![
        ("kind".to_owned(), ContestKind::Contest.code().to_owned()),
        ("day".to_owned(), at.today().to_string()),
        ("issuer".to_owned(), unit.unwrap_or_default()),
        ("criteria".to_owned(), w.usual_criteria().into_owned()),
    ];
    at.page(&w.add(), Ok(Some(form(&at, &typed, &Faults::default()))))
}

fn form(at: &Paging<'_>, typed: &Pairs, faults: &Faults) -> Markup {
    let (w, halls) = (Contests(at.language()), at.halls());
    let max = u32::try_from(TITLE_CHARS).unwrap_or(60);
    let kinds = html! {
        @for &of in ContestKind::ALL { (Tick::radio("kind", of.code(), kind(w, of), field(typed, "kind") == of.code())) }
    };
    let of_halls = html! {
        @for (id, name) in &halls {
            @let ticked = halls.len() == 1 || typed.iter().any(|(n, v)| n == "hall" && v == id.as_str());
            (Tick::check("hall", id.as_str(), name.as_str(), ticked))
        }
    };
    html! {
        (Title::new(at.language(), w.add()).crumb(LIST, w.title()).lead(w.lead()))
        section.card {
            (faults.summary(at.language()))
            form.form method="post" action={ (LIST) "/new" } {
                (at.viewer.csrf())
                (fieldset("kind", &w.kind(), faults.of("kind"), &kinds))
                (Field::text("title", w.event()).value(field(typed, "title")).max(max).faults(faults))
                (Field::date("day", w.day()).value(field(typed, "day")).faults(faults))
                (Field::text("issuer", w.issuer()).hint(w.issuer_hint()).value(field(typed, "issuer")).max(max).faults(faults))
                (fieldset("hall", &w.halls(), faults.of("hall"), &of_halls))
                (Field::area("criteria", w.criteria(), 4).hint(w.criteria_hint(MAX_CRITERIA)).value(field(typed, "criteria")).max(800).faults(faults))
                (buttons(&[Button::submit(w.save()).primary(), Button::link(LIST, w.cancel())]))
            }
        }
    }
}

pub async fn add(State(site): State<Arc<Site>>, posted: Posted<ContestKeeper, Pairs>) -> Response {
    let at = Paging { site: &site, viewer: &posted.viewer, who: &posted.who };
    let w = Contests(at.language());
    let draft = match draft(&at, &posted.form) {
        Ok(draft) => draft,
        Err(faults) => return at.again(&w.add(), form(&at, &posted.form, &faults)),
    };
    match at.act(move |tx, who, now| keep(tx, &draft, who, now)).await {
        Ok(Ok(id)) => posted.viewer.onward(&site, &format!("{LIST}/{id}/scores"), &w.added()),
        Ok(Err(fault)) => {
            let mut faults = Faults::default();
            match &fault {
                ContestFault::Title(_) => faults.add("title", w.title_fault(TITLE_CHARS)),
                ContestFault::Issuer(_) => faults.add("issuer", w.issuer_fault(TITLE_CHARS)),
                ContestFault::Halls => faults.add("hall", w.halls_fault()),
                other => return at.refuse(&fault_of(other)),
            }
            at.again(&w.add(), form(&at, &posted.form, &faults))
        }
        Err(fault) => at.refuse(&fault),
    }
}

fn draft(at: &Paging<'_>, typed: &Pairs) -> Result<Draft, Faults> {
    let (w, mut faults) = (Contests(at.language()), Faults::default());
    let kind = ContestKind::from_code(field(typed, "kind")).unwrap_or(ContestKind::Contest);
    let day = field(typed, "day").parse().ok();
    if day.is_none() {
        faults.add("day", w.day_fault());
    }
    let criteria = read_criteria(&lines(field(typed, "criteria")), TITLE_CHARS);
    match criteria {
        Err(0) => faults.add("criteria", w.criteria_fault(MAX_CRITERIA)),
        Err(line) => faults.add("criteria", w.criteria_line(line)),
        Ok(_) => {}
    }
    let chosen = |(name, value): &(String, String)| if name == "hall" { HallId::new(value).ok() } else { None };
    let mut halls: Vec<HallId> = typed.iter().filter_map(chosen).filter(|hall| at.board(hall).is_some()).collect();
    halls.sort();
    halls.dedup();
    if halls.is_empty() {
        faults.add("hall", w.halls_fault());
    }
    let (title, issuer) = (field(typed, "title").to_owned(), field(typed, "issuer").to_owned());
    match (day, criteria) {
        (Some(day), Ok(criteria)) if faults.is_empty() => Ok(Draft { kind, title, day, issuer, criteria, halls }),
        _ => Err(faults),
    }
}
