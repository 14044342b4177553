//! Giving an order (限期整改) for a finding.

use super::*;
use axum::extract::Path;
use serde::Deserialize;

use crate::centre::access::{Posted, Signed};
use crate::centre::dashboard::components::{Button, Faults, Field, Title, buttons};
use crate::centre::inspections::acts::{MAX_ORDER_DAYS, ORDER_CHARS};
use crate::centre::inspections::rules::InspectionRules;
use crate::centre::inspections::visits::{self, Found};
use crate::centre::rules;
use crate::domain::inspection::{Gravity, Step};

#[derive(Debug, Clone, Deserialize)]
pub struct Ordering {
    #[serde(default)]
    text: String,
    #[serde(default)]
    days: String,
}

pub async fn form(
    State(site): State<Arc<Site>>,
    signed: Signed<Inspector>,
    Path((id, finding)): Path<(String, String)>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    match finding_of(&desk, &id, &finding).await {
        Ok(Some((record, found, rules))) => {
            if let Err(refused) = record.inspection.apply(&Step::Order, desk.sight.actor) {
                return desk.refuse(&refused.into());
            }
            let days = if found.gravity == Gravity::Serious { rules.serious_days } else { rules.order_days };
            let typed = Ordering { text: String::new(), days: days.to_string() };
            let content = drawn(&desk, &record, &found, &typed, &Faults::default());
            desk.page(&desk.words().order(), Ok(Some(content)))
        }
        Ok(None) => desk.viewer.not_found(&site),
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

pub async fn give(
    State(site): State<Arc<Site>>,
    Path((id, finding)): Path<(String, String)>,
    posted: Posted<Inspector, Ordering>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let (record, found, _) = match finding_of(&desk, &id, &finding).await {
        Ok(Some(found)) => found,
        other => return desk.page("", other.map(|_| None)),
    };
    let (p, mut faults) = (desk.planning(), Faults::default());
    let typed = Ordering { text: posted.form.text.replace('\r', ""), ..posted.form };
    let days = typed.days.trim().parse().unwrap_or(0);
    let (of, number, text) = (record.id, found.finding, typed.text.clone());
    match desk.act(move |a| a.order(of, number, &text, days)).await {
        Ok(Ok(())) => {
            let home = format!("/inspections/{id}#finding-{finding}");
            return desk.viewer.onward(&site, &home, &p.order_given());
        }
        Ok(Err(Refused::Text(_))) => faults.add("text", p.text_wrong(ORDER_CHARS)),
        Ok(Err(Refused::Days)) => faults.add("days", p.days_wrong(MAX_ORDER_DAYS)),
        Ok(Err(refused)) => return desk.refuse(&refused),
        Err(fault) => return desk.viewer.refuse(&site, &fault),
    }
    desk.again(&desk.words().order(), Ok(Some(drawn(&desk, &record, &found, &typed, &faults))))
}

async fn finding_of(
    desk: &Desk<'_>,
    id: &str,
    finding: &str,
) -> Result<Option<(Record, Found, InspectionRules)>, ApiFault> {
    let (Some(record), Ok(finding)) = (desk.record(id).await?, finding.parse::<u32>()) else { return Ok(None) };
    let of = record.id;
    let read = desk.read(move |conn| {
        let found = visits::findings(conn, of)?.into_iter().find(|f| f.finding == finding);
        Ok((found, rules::current(conn)?))
    });
    let (found, rules) = read.await?;
    Ok(found.map(|found| (record, found, rules)))
}

fn drawn(desk: &Desk<'_>, record: &Record, found: &Found, typed: &Ordering, faults: &Faults) -> Markup {
    let (w, p) = (desk.words(), desk.planning());
    let home = format!("/inspections/{}", record.id);
    let max = u32::try_from(ORDER_CHARS).unwrap_or(500);
    html! {
        (Title::new(desk.language(), p.order_title(found.finding)).crumb("/inspections", w.title())
            .crumb(home.clone(), record.title.clone()).lead(p.order_lead()))
        (faults.summary(desk.language()))
        section.card {
            p.lines { (found.text) }
            form.form method="post" action={ (home) "/findings/" (found.finding) "/order" } {
                (desk.viewer.csrf())
                (Field::area("text", p.order_text(), 4).hint(p.order_text_hint(ORDER_CHARS)).value(typed.text.as_str()).max(max).faults(faults))
                (Field::number("days", p.order_days()).value(typed.days.as_str()).within("1", MAX_ORDER_DAYS.to_string()).faults(faults))
                (buttons(&[Button::submit(p.order_give()).primary(), Button::link(home.clone(), p.cancel())]))
            }
        }
    }
}
