//! What a round looks at, and what it sets going.

use jiff::civil::Date;
use rusqlite::Connection;

use super::store::Findings;
use crate::centre::cases;
use crate::centre::fulfilment;
use crate::centre::marks::{Ground, MarkFault};
use crate::centre::matters::rates::{self, Asked, Grouping};
use crate::centre::rules as house;
use crate::centre::selections::acts::{Acting, Refused};
use crate::centre::selections::rules::SelectionsRules;
use crate::centre::statistics::{Scope, ask};
use crate::domain::board::HonourKind;
use crate::domain::cycle::{Cycle, Round};
use crate::domain::id::HallId;
use crate::domain::query::{Order, Query};
use crate::domain::selection::{Occasion, Terms};
use crate::words::Language;
use crate::words::cycles::Cycles;

/// Cases that a round names.
const MAX_CASES: u32 = 50;

/// What the period was like, and what is overdue on the day.
///
/// # Errors
/// [`MarkFault`]
pub fn look(
    conn: &Connection,
    ground: &Ground,
    round: &Round,
    hall: &HallId,
    day: Date,
) -> Result<Findings, MarkFault> {
    let query = Query {
        by: None,
        from: round.days.from,
        to: round.days.to,
        filters: Vec::new(),
        order: Order::Key,
        min_n: 0,
        unflagged_only: false,
    };
    let scope = Scope { halls: Some(vec![hall.clone()]), ..Scope::default() };
    let total = ask(conn, &query, &scope, &ground.labels)?.total;
    let asked = Asked {
        by: Grouping::Hall,
        period: round.days,
        halls: Some(vec![hall.clone()]),
        staff: None,
        items: Vec::new(),
        today: day,
    };
    let (overdue_count, overdue) = cases::overdue(conn, Some(vec![hall.clone()]), day, MAX_CASES)?;
    let (pledges_kept, pledges_unkept) = fulfilment::counted(conn, hall, round.days)?;
    Ok(Findings {
        n: total.n.unwrap_or(0),
        served: total.served.unwrap_or(0),
        satisfied_rate: total.satisfied_rate,
        negative_rate: total.negative_rate,
        overdue_cases: overdue.iter().map(|record| record.id).collect(),
        overdue_count,
        overdue_matters: rates::overdue(conn, &asked)?.len() as u64,
        pledges_kept,
        pledges_unkept,
        ..Findings::default()
    })
}

/// What a quarter and a year elect.
const ELECTED: [HonourKind; 2] = [HonourKind::SatisfyingWindow, HonourKind::ServiceExemplar];

/// Calls the round's selections by the rules of the house; people take them on from there.
///
/// # Errors
/// Those of the store; what the rules refuse is noted in the findings.
pub fn call_selections(
    acting: &Acting<'_>,
    round: &Round,
    hall: &HallId,
    findings: &mut Findings,
) -> rusqlite::Result<()> {
    let (version, values) = house::values(acting.tx, &<SelectionsRules as house::RuleSet>::SET)?;
    for honour in ELECTED {
        let rules = <SelectionsRules as house::RuleSet>::read(&values);
        let year_end = round.cycle == Cycle::YearlyAssessment;
        let name = crate::words::common::honour(Language::Zh, honour);
        let terms = Terms {
            title: Cycles(Language::Zh).selection(&round.period, name).into_owned(),
            occasion: if year_end { Occasion::YearEnd } else { Occasion::Ordinary },
            honour,
            halls: vec![hall.clone()],
            period: round.days,
            seats: rules.seats,
            min_n: rules.min_n,
            min_cover: rules.min_cover,
            no_open_serious: rules.no_open_serious,
            weights: rules.weights,
            notice_days: rules.notice_days,
            quorum: rules.quorum,
            rules_version: version,
        };
        match acting.call(terms) {
            Ok(id) => findings.selections.push(id),
            Err(Refused::Store(fault)) => return Err(fault),
            Err(refused) => {
                tracing::warn!(%refused, "a selection of the calendar was refused");
                findings.missing.push("selection_refused".to_owned());
            }
        }
    }
    Ok(())
}
