//! One person's part in an event, noted by hand.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::acts::note;
use super::super::store::Part;
use super::{LIST, Opened, fault_of, kept, roster};
use crate::centre::access::{ContestKeeper, Posted, Signed};
use crate::centre::dashboard::components::{Button, Faults, Field, Tick, Title, buttons};
use crate::centre::error::ApiFault;
use crate::centre::paging::{Paging, field};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::contest::{Entry, MAX_CRITERIA, points, read_points};
use crate::domain::id::{HallId, StaffNo};
use crate::words::contests::{Contests, ScoreSheet};

/// Names of inputs, one a criterion.
const NAMES: [&str; MAX_CRITERIA] = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"];

/// Somebody of the roster of an event that is not published.
struct Whose {
    opened: Opened,
    hall: HallId,
    staff_no: StaffNo,
    name: String,
}

async fn whose(at: &Paging<'_>, id: &str, hall: &str, staff: &str) -> Result<Option<Whose>, ApiFault> {
    let Some(opened) = kept(at, id).await?.filter(|o| o.contest.published.is_none()) else { return Ok(None) };
    let (Ok(hall), Ok(staff_no)) = (HallId::new(hall), StaffNo::new(staff)) else { return Ok(None) };
    let name = roster(at, &opened.contest).remove(&(hall.clone(), staff_no.clone()));
    Ok(name.map(|name| Whose { opened, hall, staff_no, name }))
}

pub async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed<ContestKeeper>,
    Path((id, hall, staff)): Path<(String, String, String)>,
) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let found = whose(&at, &id, &hall, &staff).await;
    let content = found.map(|found| {
        found.map(|of| {
            let part = of.opened.parts.iter().find(|p| p.hall == of.hall && p.staff_no == of.staff_no);
            let mut typed = Vec::new();
            if let Some(part) = part {
                let scores = part.entry.scores.iter().flatten().map(|s| points(*s));
                typed.extend(NAMES.iter().zip(scores).map(|(name, text)| ((*name).to_owned(), text)));
                typed.extend(part.entry.attended.then(|| ("attended".to_owned(), "yes".to_owned())));
            }
            form(&at, &of, &typed, &Faults::default())
        })
    });
    at.page(&Contests(at.language()).edit(), content)
}

fn form(at: &Paging<'_>, of: &Whose, typed: &Pairs, faults: &Faults) -> Markup {
    let (w, contest) = (Contests(at.language()), &of.opened.contest);
    let here = format!("{LIST}/{}", contest.id);
    html! {
        (Title::new(at.language(), format!("{} {}", of.name, of.staff_no)).crumb(LIST, w.title()).crumb(here.clone(), contest.title.as_str())
            .lead(w.score_hint()))
        section.card {
            (faults.summary(at.language()))
            form.form method="post" action={ (here) "/people/" (of.hall) "/" (of.staff_no) } {
                (at.viewer.csrf())
                (Tick::check("attended", "yes", w.attended(), field(typed, "attended") == "yes"))
                @for (name, criterion) in NAMES.iter().zip(&contest.criteria) {
                    (Field::text(name, w.score_of(&criterion.name, criterion.max)).value(field(typed, name)).max(8).optional(at.language()).faults(faults))
                }
                (buttons(&[Button::submit(w.save()).primary(), Button::link(format!("{here}/scores"), w.cancel())]))
            }
        }
    }
}

pub async fn save(
    State(site): State<Arc<Site>>,
    Path((id, hall, staff)): Path<(String, String, String)>,
    posted: Posted<ContestKeeper, Pairs>,
) -> Response {
    let at = Paging { site: &site, viewer: &posted.viewer, who: &posted.who };
    let w = Contests(at.language());
    let of = match whose(&at, &id, &hall, &staff).await {
        Ok(Some(of)) => of,
        other => return at.page("", other.map(|_| None)),
    };
    let entry = match entry(&at, &of, &posted.form) {
        Ok(entry) => entry,
        Err(faults) => return at.again(&w.edit(), form(&at, &of, &posted.form, &faults)),
    };
    let id = of.opened.contest.id;
    let part = Part { hall: of.hall, staff_no: of.staff_no, name: of.name, entry, rank: None };
    match at.act(move |tx, who, now| note(tx, id, &[part], who, now)).await {
        Ok(Ok(())) => posted.viewer.onward(&site, &format!("{LIST}/{id}/scores"), &w.noted()),
        Ok(Err(fault)) => at.refuse(&fault_of(&fault)),
        Err(fault) => at.refuse(&fault),
    }
}

fn entry(at: &Paging<'_>, of: &Whose, typed: &Pairs) -> Result<Entry, Faults> {
    let (w, mut faults) = (ScoreSheet(at.language()), Faults::default());
    let criteria = &of.opened.contest.criteria;
    let attended = field(typed, "attended") == "yes";
    let blank = NAMES.iter().take(criteria.len()).all(|name| field(typed, name).is_empty());
    if blank {
        return Ok(Entry { attended, scores: None });
    }
    let mut scores = Vec::new();
    for (name, criterion) in NAMES.iter().zip(criteria) {
        let text = field(typed, name);
        match read_points(text, criterion.max) {
            Some(score) => scores.push(score),
            None if text.is_empty() => faults.add(name, w.partly()),
            None => faults.add(name, w.bad_score(&criterion.name, text, criterion.max)),
        }
    }
    if !attended {
        faults.add("attended", w.scored_and_absent());
    }
    if faults.is_empty() { Ok(Entry { attended, scores: Some(scores) }) } else { Err(faults) }
}
