//! The ways of a case, and what no sequence of actions can do.

mod properties;
mod ways;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};

use super::act::{Action, Actor, Event, FollowUp, Person, Verdict};
use super::due::{At, House};
use super::evolve::{About, Case};
use super::limits::Limits;
use super::origin::Origin;
use super::refused::Refused;
use crate::domain::id::{HallId, StaffNo, WindowId};
use crate::domain::role::Role;
use crate::domain::time::WallMs;
use crate::domain::workdays::{Holiday, Schedule, WorkingCalendar};

/// The official schedule of 2026, as `calendar.toml` has it.
fn calendar() -> WorkingCalendar {
    let holiday = |name: &str, from, until, make_up: &[Date]| Holiday {
        name: name.to_owned(),
        from,
        until,
        make_up: make_up.to_vec(),
    };
    let holidays = vec![
        holiday("元旦", date(2026, 1, 1), date(2026, 1, 3), &[date(2026, 1, 4)]),
        holiday("春节", date(2026, 2, 15), date(2026, 2, 23), &[date(2026, 2, 14), date(2026, 2, 28)]),
        holiday("清明节", date(2026, 4, 4), date(2026, 4, 6), &[]),
        holiday("劳动节", date(2026, 5, 1), date(2026, 5, 5), &[date(2026, 5, 9)]),
        holiday("端午节", date(2026, 6, 19), date(2026, 6, 21), &[]),
        holiday("中秋节", date(2026, 9, 25), date(2026, 9, 27), &[]),
        holiday("国庆节", date(2026, 10, 1), date(2026, 10, 7), &[date(2026, 9, 20), date(2026, 10, 10)]),
    ];
    WorkingCalendar::new([Schedule { year: 2026, source: "a notice".to_owned(), holidays }], Weekday::Friday)
}

fn about() -> About {
    About {
        hall: HallId::new("H01").unwrap(),
        origin: Origin::NegativeRating { ledger: 3, visit: 70_001 },
        service_window: WindowId::new("W01").ok(),
        staff_no: StaffNo::new("0027").ok(),
        serious: true,
    }
}

fn person(account: i64, role: Role) -> Actor {
    let staff_no = (role == Role::Staff).then(|| StaffNo::new("0027").unwrap());
    Actor::Person { account, name: format!("p{account}"), role, staff_no }
}

const OFFICER: i64 = 1;
const SECOND: i64 = 2;
const SUPERVISOR: i64 = 3;
const LEADER: i64 = 4;
const CONCERNED: i64 = 5;

fn who(account: i64) -> Actor {
    person(
        account,
        match account {
            OFFICER | SECOND => Role::FollowUpOfficer,
            SUPERVISOR => Role::HallSupervisor,
            LEADER => Role::Leader,
            CONCERNED => Role::Staff,
            _ => Role::Auditor,
        },
    )
}

/// A case with its log, moved on day by day.
struct Story {
    case: Case,
    log: Vec<Event>,
    day: Date,
    calendar: WorkingCalendar,
    limits: Limits,
}

impl Story {
    fn begin(day: Date) -> Self {
        let case = Case::received(about());
        let mut story = Self { case, log: Vec::new(), day, calendar: calendar(), limits: Limits::default() };
        story.does(Actor::System, Action::Date).unwrap();
        story
    }

    fn does(&mut self, actor: Actor, action: Action) -> Result<(), Refused> {
        let at = At { wall: WallMs(i64::try_from(self.log.len()).unwrap()), day: self.day };
        let house = House { limits: &self.limits, calendar: &self.calendar };
        let (case, event) = self.case.apply(action, actor, house, at)?;
        self.case = case;
        self.log.push(event);
        Ok(())
    }

    fn days_pass(&mut self, days: i64) {
        self.day = self.day.saturating_add(days.days());
    }

    fn assigned(day: Date) -> Self {
        let mut story = Self::begin(day);
        story.does(who(SUPERVISOR), assign(OFFICER)).unwrap();
        story
    }

    fn found(verdict: Verdict) -> Self {
        let mut story = Self::assigned(date(2026, 3, 2));
        story.does(who(OFFICER), verify(verdict)).unwrap();
        story
    }

    fn replayed(&self) -> Case {
        Case::replayed(self.case.about.clone(), &self.log)
    }
}

fn assign(account: i64) -> Action {
    Action::Assign { to: Person { account, name: format!("p{account}") } }
}

fn verify(verdict: Verdict) -> Action {
    Action::Verify { verdict, note: "查看了排队记录".to_owned() }
}

fn said() -> String {
    "已增开窗口".to_owned()
}

fn follow_up() -> Action {
    Action::FollowUp { outcome: FollowUp::Accepted, note: said() }
}
