//! What people do about inspections: pages and the interface do it through here, so that both are bounded and audited alike.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::checklists::{self, ListFault};
use super::refused::{PlanFault, Refused};
use super::rules::InspectionRules;
use super::sight::Sight;
use super::store::{self, Plan, Record};
use super::visits::{self, Found, MAX_VISITS, NewVisit, Order, Picture};
use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::centre::boards::Boards;
use crate::centre::cases::{self, Opening};
use crate::centre::directory::Directory;
use crate::centre::hall::today;
use crate::centre::rules;
use crate::centre::site::Site;
use crate::domain::id::PledgeId;
use crate::domain::inspection::checklist::{Checklist, TITLE_CHARS};
use crate::domain::inspection::visit::{Concern, MAX_PICTURES, VisitReport};
use crate::domain::inspection::{Gravity, InspectionStage, RemarkKind, Step, StepRefused};
use crate::domain::role::Need;
use crate::domain::text::{check_line, check_lines};
use crate::domain::time::WallMs;
use crate::domain::workdays::WorkingCalendar;

/// Characters of a remark, an answer or a reason.
pub const REMARK_CHARS: usize = 1_000;
/// Characters of an order.
pub const ORDER_CHARS: usize = 500;
/// Inspectors of one inspection.
pub const MAX_INSPECTORS: usize = 10;
/// Working days of an order.
pub const MAX_ORDER_DAYS: u16 = 60;
/// A phone's clock may go ahead by so much.
const AHEAD_MS: i64 = 10 * 60_000;

/// What acts go by beside the store.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub zone: TimeZone,
    pub calendar: Arc<WorkingCalendar>,
    pub boards: Arc<Boards>,
    pub directory: Arc<Directory>,
}

impl Surroundings {
    pub fn of(site: &Site) -> Self {
        Self {
            zone: site.settings.time_zone.clone(),
            calendar: Arc::clone(&site.settings.calendar),
            boards: site.boards.get(),
            directory: site.directory.get(),
        }
    }
}

/// A visit that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handed {
    pub visit: u32,
    /// It had come before.
    pub again: bool,
}

/// Within the transaction of one act.
pub struct Acting<'a> {
    pub tx: &'a Connection,
    pub now: WallMs,
    pub who: &'a Who,
    pub around: &'a Surroundings,
}

impl Acting<'_> {
    /// Plans an inspection for each hall; their numbers.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn plan(&self, plans: &[Plan]) -> Result<Vec<i64>, Refused> {
        let mut faults: Vec<PlanFault> = Vec::new();
        for plan in plans {
            faults.extend(self.plan_faults(plan)?);
        }
        if plans.is_empty() {
            faults.push(PlanFault::Places);
        }
        if !faults.is_empty() {
            return Err(Refused::Plan(faults));
        }
        let mut ids = Vec::new();
        for plan in plans {
            let id = store::add(self.tx, drawn()?, plan, self.who, self.now)?.ok_or(Refused::Full)?;
            let record = store::one(self.tx, id)?.ok_or(Refused::NotFound)?;
            self.note(Act::InspectionPlanned, &record, "")?;
            ids.push(id);
        }
        Ok(ids)
    }

    fn plan_faults(&self, plan: &Plan) -> Result<Vec<PlanFault>, Refused> {
        let rules: InspectionRules = rules::current(self.tx)?;
        let mut faults = Vec::new();
        if check_line(&plan.title, TITLE_CHARS).is_err() {
            faults.push(PlanFault::Title);
        }
        let (from, to) = (plan.period.from, plan.period.to);
        let longest = from.saturating_add(jiff::Span::new().days(i64::from(rules.plan_days)));
        if to < from || to >= longest || to < self.today() {
            faults.push(PlanFault::Period);
        }
        let board = self.around.boards.hall(&plan.hall).filter(|_| self.who.reach.covers(&plan.hall));
        if !board.is_some_and(|b| plan.windows.iter().all(|w| b.board.window(w).is_some())) {
            faults.push(PlanFault::Places);
        }
        let people = self.around.directory.people();
        let able = |account: i64| {
            people.who(account).is_some_and(|who| who.may(Need::Inspect) && who.reach.covers(&plan.hall))
        };
        let n = plan.inspectors.len();
        if n == 0 || n > MAX_INSPECTORS || !plan.inspectors.iter().all(|(account, _)| able(*account)) {
            faults.push(PlanFault::Inspectors);
        }
        if checklists::one(self.tx, plan.checklist.0, Some(plan.checklist.1))?.is_none() {
            faults.push(PlanFault::Checklist);
        }
        Ok(faults)
    }

    /// Hands in a visit. The same submission again is answered with what it became.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn visit(
        &self,
        id: i64,
        submission: &[u8; 16],
        report: &VisitReport,
        pictures: &[Vec<Picture>],
    ) -> Result<Handed, Refused> {
        let digest = digest(id, report, pictures)?;
        if let Some((inspection, visit, known, account)) = visits::of_submission(self.tx, submission)? {
            let same = (inspection, known, account) == (id, digest, self.who.account);
            return if same { Ok(Handed { visit, again: true }) } else { Err(Refused::Conflict) };
        }
        let (record, stage) = self.step(id, &self.visiting(report))?;
        if report.at_ms.since_ms(self.now) > AHEAD_MS {
            return Err(StepRefused::Future.into());
        }
        let list = self.list_of(&record)?;
        let faults = report.faults(&list);
        if !faults.is_empty() {
            return Err(Refused::Report(faults));
        }
        self.check_board(&record, report)?;
        if pictures.iter().map(Vec::len).sum::<usize>() > MAX_PICTURES {
            return Err(Refused::TooManyPictures);
        }
        if record.inspection.visits >= MAX_VISITS {
            return Err(Refused::Full);
        }
        let new = NewVisit {
            submission,
            digest: &digest,
            service_window: &report.service_window,
            at: report.at_ms,
            day: today(&self.around.zone, report.at_ms),
            staff_no: report.staff_no.as_ref(),
            answers: &report.answers,
            score: report.score(&list),
        };
        let visit = visits::add(self.tx, id, &new, self.who, self.now)?;
        for (n, f) in report.findings.iter().enumerate() {
            let shown = pictures.get(n).map_or(&[][..], Vec::as_slice);
            visits::add_finding(self.tx, id, visit, (&f.text, f.gravity, f.concern.as_ref()), shown)?;
        }
        store::set_stage(self.tx, id, stage, self.now)?;
        self.note(Act::InspectionVisited, &record, &format!("visit {visit}"))?;
        Ok(Handed { visit, again: false })
    }

    /// Whether a visit like this one could be handed in now: asked before pictures are looked at.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn may_visit(&self, id: i64, submission: &[u8; 16], report: &VisitReport) -> Result<(), Refused> {
        match visits::of_submission(self.tx, submission)? {
            Some((inspection, _, _, account)) if (inspection, account) == (id, self.who.account) => Ok(()),
            Some(_) => Err(Refused::Conflict),
            None => self.step(id, &self.visiting(report)).map(drop),
        }
    }

    /// Submits, releases or closes.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn advance(&self, id: i64, step: &Step) -> Result<(), Refused> {
        let act = match step {
            Step::Submit => Act::InspectionSubmitted,
            Step::Release => Act::InspectionReleased,
            Step::Close => Act::InspectionClosed,
            _ => return Err(Refused::NotFound),
        };
        let (record, stage) = self.step(id, step)?;
        self.to_stage(record, stage, act)
    }

    /// Calls it off, with the reason.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn cancel(&self, id: i64, why: &str) -> Result<(), Refused> {
        let (record, stage) = self.step(id, &Step::Cancel)?;
        self.add_text(id, RemarkKind::Cancelled, why)?;
        self.to_stage(record, stage, Act::InspectionCancelled)
    }

    /// What the hall makes of it.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn answer(&self, id: i64, text: &str) -> Result<(), Refused> {
        let (record, stage) = self.step(id, &Step::Answer)?;
        self.add_text(id, RemarkKind::Answer, text)?;
        self.to_stage(record, stage, Act::InspectionAnswered)
    }

    /// Adds a line.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn remark(&self, id: i64, text: &str) -> Result<(), Refused> {
        let (record, _) = self.step(id, &Step::Remark)?;
        self.add_text(id, RemarkKind::Remark, text)?;
        self.note(Act::InspectionRemarked, &record, "")
    }

    /// Orders that a finding is put right within working days, which opens a case.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn order(&self, id: i64, finding: u32, text: &str, days: u16) -> Result<(), Refused> {
        let (record, _) = self.step(id, &Step::Order)?;
        let found = visits::findings(self.tx, id)?.into_iter().find(|f| f.finding == finding);
        let found = found.ok_or(Refused::NotFound)?;
        if found.order.is_some() {
            return Err(Refused::AlreadyOrdered);
        }
        if !(1..=MAX_ORDER_DAYS).contains(&days) {
            return Err(Refused::Days);
        }
        let text = text.trim();
        check_lines(text, ORDER_CHARS).map_err(Refused::Text)?;
        let due = self.around.calendar.add_working_days(self.today(), days).date;
        let (text, made_by) = (text.to_owned(), self.who.name.clone());
        let order = Order { text, days, due, made_by, made: self.now };
        visits::add_order(self.tx, id, finding, &order, self.who.account)?;
        cases::open(self.tx, &self.opening(&record, &found, &order.text)?, self.now)?;
        self.note(Act::InspectionOrdered, &record, &format!("finding {finding}, due {due}"))
    }

    /// The case of an order: about the window and whoever was on duty there.
    fn opening(&self, record: &Record, found: &Found, order: &str) -> Result<Opening, Refused> {
        let visit = visits::of(self.tx, record.id)?.into_iter().find(|v| v.visit == found.visit);
        let (service_window, staff_no) = visit.map(|v| (v.service_window, v.staff_no)).unzip();
        Ok(Opening {
            hall: record.hall.clone(),
            origin: found.origin(record.id),
            service_window,
            staff_no: staff_no.flatten(),
            summary: format!("{}：{order}", found.text),
            serious: found.gravity == Gravity::Serious,
        })
    }

    /// Makes a list, or a new version of one.
    ///
    /// # Errors
    /// [`ListFault`].
    pub fn keep_list(&self, seen: Option<(u32, u32)>, list: &Checklist, why: &str) -> Result<(u32, u32), ListFault> {
        checklists::keep(self.tx, seen, list, self.who, why, self.now)
    }

    fn step(&self, id: i64, step: &Step) -> Result<(Record, InspectionStage), Refused> {
        let sight = Sight::of(self.who);
        let record = sight.one(self.tx, id)?.ok_or(Refused::NotFound)?;
        let stage = record.inspection.apply(step, sight.actor)?;
        Ok((record, stage))
    }

    fn visiting(&self, report: &VisitReport) -> Step {
        let day = today(&self.around.zone, report.at_ms);
        Step::Visit { service_window: report.service_window.clone(), day, today: self.today() }
    }

    fn to_stage(&self, record: Record, stage: InspectionStage, act: Act) -> Result<(), Refused> {
        store::set_stage(self.tx, record.id, stage, self.now)?;
        let mut record = record;
        record.inspection.stage = stage;
        self.note(act, &record, "")
    }

    fn add_text(&self, id: i64, kind: RemarkKind, text: &str) -> Result<(), Refused> {
        let text = text.trim();
        check_lines(text, REMARK_CHARS).map_err(Refused::Text)?;
        let added = store::add_remark(self.tx, id, kind, text, self.who, self.now)?;
        if added { Ok(()) } else { Err(Refused::Full) }
    }

    fn list_of(&self, record: &Record) -> Result<Checklist, Refused> {
        let (checklist, version) = record.checklist;
        let version = checklists::one(self.tx, checklist, Some(version))?;
        Ok(version.ok_or(Refused::NotFound)?.list)
    }

    fn check_board(&self, record: &Record, report: &VisitReport) -> Result<(), Refused> {
        let board = &self.around.boards.hall(&record.hall).ok_or(Refused::NotOnBoard)?.board;
        let staff = report.staff_no.as_ref().is_none_or(|no| board.staff(no).is_some());
        let pledged = |id: &PledgeId| board.pledges.iter().any(|p| &p.id == id);
        let concerns = report.findings.iter().filter_map(|f| f.concern.as_ref());
        let pledges = concerns.clone().all(|c| !matches!(c, Concern::Pledge { pledge } if !pledged(pledge)));
        // A window that left the board meanwhile was there when the plan named it.
        let planned = record.inspection.windows.contains(&report.service_window);
        let known = planned || board.window(&report.service_window).is_some();
        if staff && pledges && known { Ok(()) } else { Err(Refused::NotOnBoard) }
    }

    fn today(&self) -> Date {
        today(&self.around.zone, self.now)
    }

    /// Of what the inspected may not see yet the log says neither where nor what.
    fn note(&self, act: Act, record: &Record, detail: &str) -> Result<(), Refused> {
        let place = format!("hall:{}", record.hall);
        let detail = match (record.inspection.is_open_to_hall(), detail) {
            (false, _) => String::new(),
            (true, "") => place,
            (true, detail) => format!("{place}, {detail}"),
        };
        Ok(audit::append(self.tx, self.now, self.who, act, &format!("inspection:{}", record.id), &detail)?)
    }
}

/// A number that says nothing of others; small enough for every program to read it exactly.
fn drawn() -> Result<i64, Refused> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(Refused::Random)?;
    Ok((u64::from_le_bytes(random) >> 16).max(1).cast_signed())
}

fn digest(id: i64, report: &VisitReport, pictures: &[Vec<Picture>]) -> Result<[u8; 32], Refused> {
    let names: Vec<Vec<&str>> = pictures.iter().map(|of| of.iter().map(|p| p.name.as_str()).collect()).collect();
    let text = store::json(&(id, report, names))?;
    Ok(*blake3::hash(text.as_bytes()).as_bytes())
}
