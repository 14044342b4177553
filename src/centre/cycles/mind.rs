//! Making rounds: looked for every few minutes, each made once for each hall, as the centre itself.

use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::Date;
use rusqlite::Connection;

use super::rules::CycleRules;
use super::store::{self, Findings, Made};
use super::work;
use crate::centre::access::{Reach, Who};
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::{self, acts, today};
use crate::centre::marks::{Ground, MarkFault};
use crate::centre::rules;
use crate::centre::selections::acts::Acting;
use crate::centre::site::Site;
use crate::domain::board::{Bilingual, Notice};
use crate::domain::cycle::{Cycle, Round};
use crate::domain::id::{HallId, NoticeId};
use crate::words::Language;
use crate::words::cycles::Cycles;

/// How often it is looked whether a round is due.
const LOOK: Duration = Duration::from_secs(120);

/// Looks for ever.
pub async fn mind(site: Arc<Site>) {
    loop {
        match turn(&site).await {
            Ok(0) => {}
            Ok(n) => tracing::info!(n, "rounds of the calendar were made"),
            Err(fault) => tracing::warn!(code = fault.code.code(), "rounds could not be made; they will be"),
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Makes what is due and was not made; how many rounds.
///
/// # Errors
/// Those of the readers and of the writer.
pub async fn turn(site: &Arc<Site>) -> Result<usize, ApiFault> {
    let day = today(&site.settings.time_zone, clock::now().wall);
    let ground = Ground::of(site, &Reach::All, 0);
    let found = site.readers.read(move |conn| due(conn, &ground, day)).await?;
    let found = found.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let Some((due, rules)) = found else {
        let begun = site.writer.attempt(move |desk| store::begin(desk.tx, day)).await?;
        begun.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
        return Ok(0);
    };
    let mut n = 0;
    for (round, hall) in due {
        n += usize::from(make(site, &rules, round, hall, day).await?);
    }
    Ok(n)
}

type Due = (Vec<(Round, HallId)>, CycleRules);

/// None: the centre has just begun.
fn due(conn: &Connection, ground: &Ground, day: Date) -> Result<Option<Due>, MarkFault> {
    let Some(began) = store::began(conn)? else { return Ok(None) };
    let rules: CycleRules = rules::current(conn)?;
    let mut out = Vec::new();
    for &cycle in Cycle::ALL {
        let Some(working_day) = rules.working_day(cycle) else { continue };
        for round in cycle.due(&ground.calendar, working_day, began, day) {
            for hall in &ground.halls {
                if !store::is_made(conn, cycle, &round.period, hall)? {
                    out.push((round.clone(), hall.clone()));
                }
            }
        }
    }
    Ok(Some((out, rules)))
}

async fn make(site: &Arc<Site>, rules: &CycleRules, round: Round, hall: HallId, day: Date) -> Result<bool, ApiFault> {
    let ground = Ground::of(site, &Reach::All, 0);
    let (looked, at) = (round.clone(), hall.clone());
    let found = site.readers.read(move |conn| work::look(conn, &ground, &looked, &at, day)).await?;
    let mut findings = found.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    if round.cycle == Cycle::MonthlyReport && rules.month_notice {
        put_notice(site, &round, &hall, day, &mut findings).await?;
    }
    let calendar = Arc::clone(&site.settings.calendar);
    let kept = site.writer.attempt(move |desk| -> rusqlite::Result<bool> {
        // Another look may have been first: what a round calls must not be called twice.
        if store::is_made(desk.tx, round.cycle, &round.period, &hall)? {
            return Ok(false);
        }
        if matches!(round.cycle, Cycle::QuarterlySelection | Cycle::YearlyAssessment) {
            let acting = Acting::new(desk.tx, desk.now, day, &calendar, Arc::new(Who::clockwork()));
            work::call_selections(&acting, &round, &hall, &mut findings)?;
        }
        let Round { cycle, period, days, .. } = round;
        store::keep(desk.tx, &Made { id: 0, cycle, period, hall, days, findings, made: desk.now })
    });
    kept.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}

/// The month's figures as a notice of the hall's board, for four weeks. The same month has the same notice, however often it
/// is tried.
async fn put_notice(
    site: &Arc<Site>,
    round: &Round,
    hall: &HallId,
    day: Date,
    findings: &mut Findings,
) -> Result<(), ApiFault> {
    let name = format!("month-{}", round.period);
    let (Ok(id), Some(rate)) = (NoticeId::new(&name), findings.satisfied_rate) else {
        findings.missing.push("no_figures".to_owned());
        return Ok(());
    };
    let told = |language| {
        let w = Cycles(language);
        let rate = crate::centre::dashboard::text::percent(rate.value);
        let n = crate::centre::dashboard::text::thousands(findings.n);
        (
            w.notice_title(&round.period).into_owned(),
            w.notice_text(&n, &rate, findings.pledges_kept, findings.pledges_unkept).into_owned(),
        )
    };
    let ((title, text), (title_en, text_en)) = (told(Language::Zh), told(Language::En));
    let notice = Notice {
        id,
        title: Bilingual { zh: title, en: Some(title_en) },
        text: Bilingual { zh: text, en: Some(text_en) },
        from: day,
        until: day.saturating_add(28.days()),
    };
    let put = hall::change(site, hall, Who::clockwork(), move |sitting| {
        if sitting.hall.find::<Notice>(notice.id.as_str()).is_some() {
            return Ok(());
        }
        sitting.put(notice, 0).map(drop)
    });
    match put.await? {
        Ok(()) => findings.notice = Some(name),
        Err(acts::Refused::FileLed) => findings.missing.push("file_led".to_owned()),
        Err(refused) => {
            tracing::warn!(%refused, "the month's notice was refused");
            findings.missing.push("notice_refused".to_owned());
        }
    }
    Ok(())
}
