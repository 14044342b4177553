//! 办件: one piece of business as the business system tells of it, and what two working rules make of it – 限时办结 (done
//! within its time) and 首问负责 (whoever is asked first sees to it).
//!
//! Pure: a matter is what its events say, in the order of their times. Events may come late and twice; the same event
//! changes nothing, and one that contradicts the others is refused with its reason.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::id::{ItemCode, StaffNo, WindowId};
use super::rating::coded;
use super::time::WallMs;
use super::workdays::{MAX_WORKING_DAYS, WorkingCalendar};

/// Events of one piece of business.
pub const MAX_EVENTS: usize = 64;

coded! {
    /// What happened to a piece of business.
    MatterStep {
        /// 首问: somebody came or called, and this person was asked first.
        FirstContact = "first_contact",
        /// 受理: taken on; its time begins.
        Accepted = "accepted",
        /// 补正、听证等: its time stands still.
        Suspended = "suspended",
        Resumed = "resumed",
        /// 转办: handed to another window by name.
        HandedOver = "handed_over",
        /// 办结
        Finished = "finished",
        /// The citizen took it back.
        Withdrawn = "withdrawn",
        /// 不予受理, said at once and with the reason.
        Declined = "declined",
    }
}

/// One thing that the business system told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatterEvent {
    pub step: MatterStep,
    pub wall: WallMs,
    /// Where; on [`MatterStep::HandedOver`] the window that has it now.
    pub service_window: Option<WindowId>,
    /// By whom; on [`MatterStep::HandedOver`] who has it now.
    pub staff_no: Option<StaffNo>,
    /// On [`MatterStep::Accepted`]: what it is.
    pub item: Option<ItemCode>,
    /// On [`MatterStep::Accepted`]: working days that were promised; 0: done the same day.
    pub limit_days: Option<u16>,
}

/// Why an event is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MatterRefusal {
    #[error("it was accepted already, at another moment")]
    AcceptedTwice,
    #[error("it has ended already")]
    Ended,
    #[error("it was not accepted before")]
    NotAccepted,
    #[error("it is suspended already")]
    Suspended,
    #[error("it is not suspended")]
    NotSuspended,
    #[error("item and limit_days belong to accepted, and to nothing else")]
    Terms,
    #[error("limit_days: at most {MAX_WORKING_DAYS}")]
    Limit,
    #[error("service_window or staff_no must say who has it now")]
    ToNobody,
    #[error("more than {MAX_EVENTS} events of one piece of business")]
    TooMany,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    pub step: MatterStep,
    pub wall: WallMs,
}

/// Who had it at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hands {
    pub wall: WallMs,
    pub service_window: Option<WindowId>,
    pub staff_no: Option<StaffNo>,
}

/// A piece of business, as its events tell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matter {
    pub first: Option<Hands>,
    pub accepted: Option<Hands>,
    pub item: Option<ItemCode>,
    pub limit_days: Option<u16>,
    pub handed_over: Vec<Hands>,
    pub ended: Option<Ended>,
    /// Times that do not count: from and, once it went on, to.
    pub stood_still: Vec<(WallMs, Option<WallMs>)>,
}

/// Whether it was done within its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeliness {
    /// Nothing was promised, or it was not taken on.
    NoLimit,
    /// Open, and its last day has not passed.
    Open {
        due: Date,
    },
    Overdue {
        due: Date,
    },
    OnTime {
        due: Date,
    },
    Late {
        due: Date,
    },
}

/// Whether whoever was asked first saw to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstContact {
    /// Nobody was recorded.
    Unknown,
    /// There is still time.
    Open,
    /// Taken on, handed over by name, or declined with its reason, in time.
    Kept,
    /// Nothing of that followed in time: the citizen was turned away.
    Broken,
}

impl Matter {
    /// What the events say together, in any order. The same event twice counts once.
    ///
    /// # Errors
    /// [`MatterRefusal`]: the first contradiction in the order of their times.
    pub fn of(events: &[MatterEvent]) -> Result<Self, MatterRefusal> {
        let mut sorted: Vec<&MatterEvent> = events.iter().collect();
        // At one moment in the order in which they can follow each other.
        sorted.sort_by_key(|e| (e.wall, e.step));
        sorted.dedup();
        if sorted.len() > MAX_EVENTS {
            return Err(MatterRefusal::TooMany);
        }
        let mut matter = Self::default();
        for event in sorted {
            matter.take(event)?;
        }
        Ok(matter)
    }

    fn take(&mut self, event: &MatterEvent) -> Result<(), MatterRefusal> {
        if event.step != MatterStep::Accepted && (event.item.is_some() || event.limit_days.is_some()) {
            return Err(MatterRefusal::Terms);
        }
        if self.ended.is_some() {
            return Err(MatterRefusal::Ended);
        }
        let hands = || Hands {
            wall: event.wall,
            service_window: event.service_window.clone(),
            staff_no: event.staff_no.clone(),
        };
        match event.step {
            // A second person asked is no first contact any more; it changes nothing.
            MatterStep::FirstContact => drop(self.first.get_or_insert_with(hands)),
            MatterStep::Accepted => {
                if self.accepted.is_some() {
                    return Err(MatterRefusal::AcceptedTwice);
                }
                if event.limit_days.is_some_and(|days| days > MAX_WORKING_DAYS) {
                    return Err(MatterRefusal::Limit);
                }
                self.accepted = Some(hands());
                self.item.clone_from(&event.item);
                self.limit_days = event.limit_days;
            }
            MatterStep::Suspended if self.accepted.is_none() => return Err(MatterRefusal::NotAccepted),
            MatterStep::Suspended if self.is_suspended() => return Err(MatterRefusal::Suspended),
            MatterStep::Suspended => self.stood_still.push((event.wall, None)),
            MatterStep::Resumed => match self.stood_still.last_mut() {
                Some((_, until @ None)) => *until = Some(event.wall),
                _ => return Err(MatterRefusal::NotSuspended),
            },
            MatterStep::HandedOver if event.service_window.is_none() && event.staff_no.is_none() => {
                return Err(MatterRefusal::ToNobody);
            }
            MatterStep::HandedOver => self.handed_over.push(hands()),
            MatterStep::Finished if self.accepted.is_none() => return Err(MatterRefusal::NotAccepted),
            MatterStep::Finished | MatterStep::Withdrawn | MatterStep::Declined => {
                self.ended = Some(Ended { step: event.step, wall: event.wall });
            }
        }
        Ok(())
    }

    pub fn is_suspended(&self) -> bool {
        matches!(self.stood_still.last(), Some((_, None)))
    }

    /// Its last day: the promised working days after it was taken on, and for each working day on which it stood still one
    /// more. None: nothing was promised.
    pub fn due(&self, calendar: &WorkingCalendar, zone: &TimeZone, today: Date) -> Option<Date> {
        let (accepted, limit) = (self.accepted.as_ref()?, self.limit_days?);
        let still = self.stood_still.iter().map(|&(from, until)| {
            let until = until.or(self.ended.map(|e| e.wall)).map_or(today, |w| day_of(zone, w));
            calendar.working_days_between(day_of(zone, from), until).days
        });
        let days = u32::from(limit).saturating_add(still.sum());
        let days = u16::try_from(days).unwrap_or(MAX_WORKING_DAYS);
        Some(calendar.add_working_days(day_of(zone, accepted.wall), days).date)
    }

    /// What its time limit makes of it on a day. One that was taken back or declined was not late.
    pub fn timeliness(&self, calendar: &WorkingCalendar, zone: &TimeZone, today: Date) -> Timeliness {
        let Some(due) = self.due(calendar, zone, today) else { return Timeliness::NoLimit };
        match self.ended {
            Some(Ended { step: MatterStep::Finished, wall }) if day_of(zone, wall) > due => Timeliness::Late { due },
            Some(Ended { step: MatterStep::Finished, .. }) => Timeliness::OnTime { due },
            Some(_) => Timeliness::NoLimit,
            None if self.is_suspended() || today <= due => Timeliness::Open { due },
            None => Timeliness::Overdue { due },
        }
    }

    /// What the rule of the first contact makes of it on a day; `days`: working days after the contact, 0: the same day.
    pub fn first_contact(&self, calendar: &WorkingCalendar, zone: &TimeZone, days: u16, today: Date) -> FirstContact {
        let Some(first) = &self.first else { return FirstContact::Unknown };
        let last = calendar.add_working_days(day_of(zone, first.wall), days).date;
        let followed = [
            self.accepted.as_ref().map(|h| h.wall),
            self.handed_over.first().map(|h| h.wall),
            self.ended.map(|e| e.wall),
        ];
        match followed.into_iter().flatten().min() {
            Some(wall) if day_of(zone, wall) <= last => FirstContact::Kept,
            Some(_) => FirstContact::Broken,
            None if today <= last => FirstContact::Open,
            None => FirstContact::Broken,
        }
    }

    /// Who has it now: of the window and person that took it on, or to whom it was handed last.
    pub fn hands(&self) -> Option<&Hands> {
        self.handed_over.last().or(self.accepted.as_ref()).or(self.first.as_ref())
    }
}

fn day_of(zone: &TimeZone, wall: WallMs) -> Date {
    zone.to_datetime(jiff::Timestamp::from_millisecond(wall.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)).date()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};
    use proptest::prelude::*;

    use super::super::workdays::{Holiday, Schedule};
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    /// National Day from Thursday the 1st to Wednesday the 7th of October 2026, made up for on Saturday the 10th.
    fn calendar() -> WorkingCalendar {
        let holiday = Holiday {
            name: "国庆节".to_owned(),
            from: date(2026, 10, 1),
            until: date(2026, 10, 7),
            make_up: vec![date(2026, 10, 10)],
        };
        WorkingCalendar::new(
            [Schedule { year: 2026, source: "测试".to_owned(), holidays: vec![holiday] }],
            Weekday::Monday,
        )
    }

    fn at(month: i8, day: i8, hour: i8) -> WallMs {
        let moment = zone().to_timestamp(date(2026, month, day).at(hour, 0, 0, 0)).unwrap();
        WallMs(moment.as_millisecond())
    }

    fn event(step: MatterStep, wall: WallMs) -> MatterEvent {
        let limit_days = (step == MatterStep::Accepted).then_some(5);
        let to = (step == MatterStep::HandedOver).then(|| WindowId::new("W07").unwrap());
        MatterEvent { step, wall, service_window: to, staff_no: None, item: None, limit_days }
    }

    fn timeliness(events: &[MatterEvent], today: Date) -> Timeliness {
        Matter::of(events).unwrap().timeliness(&calendar(), &zone(), today)
    }

    #[test]
    fn a_limit_runs_over_working_days_alone_and_stands_still_while_papers_are_missing() {
        use MatterStep::{Accepted, Finished, Resumed, Suspended};
        let accepted = event(Accepted, at(9, 29, 9));
        // 30th, 8th, 9th, 10th (made up), 12th.
        let due = date(2026, 10, 12);
        assert_eq!(timeliness(std::slice::from_ref(&accepted), due), Timeliness::Open { due });
        assert_eq!(timeliness(std::slice::from_ref(&accepted), date(2026, 10, 13)), Timeliness::Overdue { due });
        let finished = |month, day| vec![accepted.clone(), event(Finished, at(month, day, 23))];
        assert_eq!(timeliness(&finished(10, 12), date(2026, 11, 1)), Timeliness::OnTime { due });
        assert_eq!(timeliness(&finished(10, 13), date(2026, 11, 1)), Timeliness::Late { due });
        // Stood still over two working days: the 9th and the 10th.
        let still = [accepted.clone(), event(Suspended, at(10, 8, 10)), event(Resumed, at(10, 10, 10))];
        assert_eq!(timeliness(&still, date(2026, 10, 13)), Timeliness::Open { due: date(2026, 10, 14) });
        let still = [accepted, event(Suspended, at(10, 8, 10))];
        assert!(matches!(timeliness(&still, date(2026, 12, 24)), Timeliness::Open { .. }));
    }

    #[test]
    fn what_is_done_at_once_is_due_on_the_day_itself() {
        let mut accepted = event(MatterStep::Accepted, at(9, 30, 9));
        accepted.limit_days = Some(0);
        let due = date(2026, 9, 30);
        let done = [accepted.clone(), event(MatterStep::Finished, at(9, 30, 17))];
        assert_eq!(timeliness(&done, date(2026, 10, 8)), Timeliness::OnTime { due });
        assert_eq!(timeliness(&[accepted], date(2026, 10, 1)), Timeliness::Overdue { due });
    }

    #[test]
    fn contradictions_are_refused_and_what_was_taken_back_was_not_late() {
        use MatterStep::{Accepted, Finished, HandedOver, Resumed, Suspended, Withdrawn};
        let (a, b) = (at(9, 28, 9), at(9, 29, 9));
        for (events, why) in [
            (vec![event(Finished, a)], MatterRefusal::NotAccepted),
            (vec![event(Suspended, a)], MatterRefusal::NotAccepted),
            (vec![event(Accepted, a), event(Accepted, b)], MatterRefusal::AcceptedTwice),
            (vec![event(Accepted, a), event(Resumed, b)], MatterRefusal::NotSuspended),
            (vec![event(Withdrawn, a), event(Accepted, b)], MatterRefusal::Ended),
            (vec![MatterEvent { service_window: None, ..event(HandedOver, a) }], MatterRefusal::ToNobody),
            (vec![MatterEvent { limit_days: Some(1), ..event(Finished, a) }], MatterRefusal::Terms),
            (vec![MatterEvent { limit_days: Some(1_001), ..event(Accepted, a) }], MatterRefusal::Limit),
        ] {
            assert_eq!(Matter::of(&events), Err(why), "{events:?}");
        }
        let back = [event(Accepted, a), event(Withdrawn, b)];
        assert_eq!(timeliness(&back, date(2026, 12, 1)), Timeliness::NoLimit);
    }

    #[test]
    fn whoever_was_asked_first_takes_it_on_or_hands_it_over_by_name_in_time() {
        use MatterStep::{Accepted, Declined, FirstContact as Asked, HandedOver};
        let first = event(Asked, at(9, 30, 16));
        let of = |rest: &[MatterEvent], today: Date| {
            let events: Vec<_> = std::iter::once(first.clone()).chain(rest.iter().cloned()).collect();
            Matter::of(&events).unwrap().first_contact(&calendar(), &zone(), 1, today)
        };
        // One working day: the 8th, after the holidays.
        assert_eq!(of(&[], date(2026, 10, 8)), FirstContact::Open);
        assert_eq!(of(&[], date(2026, 10, 9)), FirstContact::Broken);
        let later = date(2026, 11, 1);
        for step in [Accepted, HandedOver, Declined] {
            assert_eq!(of(&[event(step, at(10, 8, 17))], later), FirstContact::Kept, "{step:?}");
            assert_eq!(of(&[event(step, at(10, 9, 9))], later), FirstContact::Broken, "{step:?}");
        }
        let nobody = Matter::of(&[event(Accepted, at(9, 30, 9))]).unwrap();
        assert_eq!(nobody.first_contact(&calendar(), &zone(), 1, later), FirstContact::Unknown);
    }

    proptest! {
        #[test]
        fn neither_order_nor_repetition_of_telling_matters_and_no_due_day_is_a_holiday(
            steps in proptest::collection::vec((0..MatterStep::ALL.len(), 0_i64..60 * 24), 1..8),
            seed in any::<u64>(),
        ) {
            let start = at(9, 1, 0);
            let events: Vec<_> =
                steps.iter().map(|&(step, hour)| event(MatterStep::ALL[step], start.plus_ms(hour * 3_600_000))).collect();
            let told = Matter::of(&events);
            let mut shuffled: Vec<_> = events.iter().chain(&events).cloned().collect();
            let mut state = seed;
            for i in (1..shuffled.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                shuffled.swap(i, (state >> 33) as usize % (i + 1));
            }
            prop_assert_eq!(&Matter::of(&shuffled), &told);
            if let Ok(matter) = told
                && let Some(due) = matter.due(&calendar(), &zone(), date(2026, 12, 1))
            {
                prop_assert!(calendar().is_working_day(due), "{due}");
            }
        }
    }
}
