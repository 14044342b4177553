//! What the sources say of windows or people, as measures.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rusqlite::Connection;

use super::rules::ComparisonRules;
use crate::centre::cases;
use crate::centre::contests;
use crate::centre::marks::{Ground, MarkFault, gather, naming};
use crate::centre::rules;
use crate::domain::appraisal::{Mark, Period, Source, Subject};
use crate::domain::comparison::{Compared, Measure, Measured};
use crate::domain::query::Rate;
use crate::domain::spread::Estimate;
use crate::domain::time::WallMs;

/// Whether windows or people are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    Windows,
    People,
}

impl Whom {
    fn is(self, subject: &Subject) -> bool {
        matches!(
            (self, subject),
            (Self::Windows, Subject::ServiceWindow { .. }) | (Self::People, Subject::Staff { .. })
        )
    }
}

/// Everybody on the boards, and whoever the sources know beside them, with the rules that hold.
///
/// # Errors
/// [`MarkFault`]
pub fn gathered(
    conn: &Connection,
    ground: &Ground,
    period: Period,
    whom: Whom,
) -> Result<(Vec<Compared>, ComparisonRules), MarkFault> {
    let rules: ComparisonRules = rules::current(conn)?;
    let marks = gather(conn, ground, period)?;
    let mut all: BTreeMap<Subject, Compared> = known(ground, whom);
    for mark in marks.iter().filter(|m| whom.is(&m.subject)) {
        let Some(measure) = measure_of(mark.source) else { continue };
        let entry = entry(&mut all, &mark.subject);
        if mark.source == Source::PublicAppraisal {
            entry.served = mark.parts.iter().find(|p| p.code == "served").map(|p| p.n);
        }
        entry.measures.insert(measure, measured(mark));
    }
    let naming = naming(conn, ground, period, &rules.attitude)?;
    let justified = justified(conn, ground, period)?;
    for (measure, counted) in [(Measure::Attitude, naming), (Measure::Complaints, justified)] {
        // Where nothing was found at all, nobody may have looked.
        if counted.is_empty() {
            continue;
        }
        let free = free_of(&marks, measure, &counted, ground.min_group);
        for (subject, value) in free.into_iter().filter(|(s, _)| whom.is(s)) {
            entry(&mut all, &subject).measures.insert(measure, value);
        }
    }
    let attended = contests::attendance(conn, &ground.halls, period)?;
    let attended = attended.into_iter().filter_map(|(subject, (there, of))| Some((subject, share(there, of)?)));
    skill(&mut all, ground, whom, &marks, &attended.collect());
    Ok((all.into_values().collect(), rules))
}

const fn measure_of(source: Source) -> Option<Measure> {
    match source {
        Source::PublicAppraisal => Some(Measure::Satisfaction),
        Source::TimeLimit => Some(Measure::OnTime),
        Source::Inspection => Some(Measure::Inspection),
        // Skill is put in by itself, windows' from their people.
        Source::SkillContest => None,
        Source::LeaderReview | Source::PeerReview | Source::Pledges | Source::Rectification => None,
    }
}

fn known(ground: &Ground, whom: Whom) -> BTreeMap<Subject, Compared> {
    let mut all = BTreeMap::new();
    for hall in &ground.halls {
        let Some(found) = ground.boards.hall(hall) else { continue };
        let hall = || hall.clone();
        match whom {
            Whom::Windows => found.board.windows.iter().for_each(|w| {
                entry(&mut all, &Subject::ServiceWindow { hall: hall(), service_window: w.id.clone() });
            }),
            Whom::People => found.board.staff.iter().for_each(|s| {
                entry(&mut all, &Subject::Staff { hall: hall(), staff_no: s.staff_no.clone() });
            }),
        }
    }
    all
}

fn entry<'a>(all: &'a mut BTreeMap<Subject, Compared>, subject: &Subject) -> &'a mut Compared {
    let blank = || Compared { subject: subject.clone(), measures: BTreeMap::new(), served: None };
    all.entry(subject.clone()).or_insert_with(blank)
}

fn measured(mark: &Mark) -> Measured {
    let estimate = Estimate { value: mark.score, low: mark.low, high: mark.high };
    Measured { estimate, n: mark.n, fewer_than: None }
}

fn share(hits: u64, n: u64) -> Option<Measured> {
    let rate = Rate::wilson(hits, n)?;
    let estimate = Estimate { value: rate.value * 100.0, low: rate.low * 100.0, high: rate.high * 100.0 };
    Some(Measured { estimate, n, fewer_than: None })
}

/// Ratings of the period that were found justified.
fn justified(conn: &Connection, ground: &Ground, period: Period) -> rusqlite::Result<BTreeMap<Subject, u64>> {
    let begins = |day: Date| {
        let moment = ground.zone.to_timestamp(day.at(0, 0, 0, 0)).map(|t| t.as_millisecond());
        WallMs(moment.unwrap_or(i64::MAX))
    };
    let after = period.to.tomorrow().unwrap_or(period.to);
    let mut found = cases::justified(conn, begins(period.from), begins(after))?;
    found.retain(|subject, _| ground.covers(subject.hall()));
    Ok(found)
}

/// The share of ratings that name no reason about attitude, or of visits without a justified complaint. For readers from
/// whom small groups are hidden, fewer than `min_group` such stand as just that; and where one number alone would be hidden
/// so, the sum would give it away, and the next smaller one is left out with it.
fn free_of(
    marks: &[Mark],
    measure: Measure,
    counted: &BTreeMap<Subject, u64>,
    min_group: u64,
) -> BTreeMap<Subject, Measured> {
    let of = |m: &Mark| match measure {
        Measure::Complaints => m.parts.iter().find(|p| p.code == "served").map_or(m.n, |p| p.n),
        _ => m.n,
    };
    let rated: Vec<(&Subject, u64, u64)> = marks
        .iter()
        .filter(|m| m.source == Source::PublicAppraisal)
        .map(|m| (&m.subject, of(m), counted.get(&m.subject).copied().unwrap_or(0).min(of(m))))
        .collect();
    let mut out = BTreeMap::new();
    for windows in [true, false] {
        let is_one = |s: &Subject| matches!(s, Subject::ServiceWindow { .. }) == windows;
        let mut own: Vec<_> = rated.iter().filter(|(s, ..)| is_one(s)).collect();
        own.sort_by_key(|(_, _, k)| *k);
        let hidden = own.iter().filter(|(_, _, k)| *k < min_group).count();
        let left_out = if hidden == 1 { 2 } else { 0 };
        for &&(subject, n, k) in own.iter().skip(left_out) {
            let measured = if k < min_group { about(n, min_group) } else { share(n - k, n) };
            out.extend(measured.map(|m| (subject.clone(), m)));
        }
    }
    out
}

/// Fewer than `least` of `n`: the middle of what it may be, from none to one fewer.
fn about(n: u64, least: u64) -> Option<Measured> {
    let most = (least - 1).min(n);
    let (worst, best) = (share(n - most, n)?, share(n, n)?);
    let value = 100.0 - most as f64 / 2.0 / n as f64 * 100.0;
    let estimate = Estimate { value, low: worst.estimate.low.min(value), high: best.estimate.high };
    Some(Measured { estimate, n, fewer_than: Some(least) })
}

/// Scores of contests and training days attended; a window's are those of the people whose cards name it.
fn skill(
    all: &mut BTreeMap<Subject, Compared>,
    ground: &Ground,
    whom: Whom,
    marks: &[Mark],
    attended: &BTreeMap<Subject, Measured>,
) {
    let scores: BTreeMap<Subject, Measured> =
        marks.iter().filter(|m| m.source == Source::SkillContest).map(|m| (m.subject.clone(), measured(m))).collect();
    for (measure, of) in [(Measure::Contests, &scores), (Measure::Attendance, attended)] {
        for (subject, value) in of.iter().filter(|_| whom == Whom::People) {
            entry(all, subject).measures.insert(measure, *value);
        }
    }
    if whom == Whom::People {
        return;
    }
    for hall in &ground.halls {
        let Some(found) = ground.boards.hall(hall) else { continue };
        for window in &found.board.windows {
            let staff = found.board.staff.iter().filter(|card| card.windows.contains(&window.id));
            let people: Vec<Subject> =
                staff.map(|card| Subject::Staff { hall: hall.clone(), staff_no: card.staff_no.clone() }).collect();
            let subject = Subject::ServiceWindow { hall: hall.clone(), service_window: window.id.clone() };
            for (measure, of) in [(Measure::Contests, &scores), (Measure::Attendance, attended)] {
                let own: Vec<Measured> = people.iter().filter_map(|p| of.get(p).copied()).collect();
                if let Some(mean) = mean(&own) {
                    entry(all, &subject).measures.insert(measure, mean);
                }
            }
        }
    }
}

fn mean(of: &[Measured]) -> Option<Measured> {
    let n = of.len() as f64;
    let half = of.iter().map(|m| ((m.estimate.high - m.estimate.low) / 2.0).powi(2)).sum::<f64>().sqrt();
    let value = of.iter().map(|m| m.estimate.value).sum::<f64>();
    (!of.is_empty()).then(|| Measured {
        estimate: Estimate::around(value / n, half / n),
        n: of.iter().map(|m| m.n).sum(),
        fewer_than: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{HallId, StaffNo};

    fn person(no: &str) -> Subject {
        Subject::Staff { hall: HallId::new("H01").unwrap(), staff_no: StaffNo::new(no).unwrap() }
    }

    fn rated(no: &str, n: u64) -> Mark {
        Mark {
            subject: person(no),
            source: Source::PublicAppraisal,
            score: 90.0,
            low: 85.0,
            high: 95.0,
            n,
            parts: Vec::new(),
        }
    }

    #[test]
    fn small_numbers_of_attitude_reasons_are_told_as_fewer_and_none_alone() {
        let marks = [rated("1", 100), rated("2", 100), rated("3", 100), rated("4", 100)];
        let naming = |all: [u64; 4]| (1..=4).map(|n| person(&n.to_string())).zip(all).collect::<BTreeMap<_, _>>();
        let open = free_of(&marks, Measure::Attitude, &naming([0, 1, 6, 20]), 0);
        assert!(
            (open[&person("2")].estimate.value - 99.0).abs() < 1e-9 && open.values().all(|m| m.fewer_than.is_none())
        );
        let hidden = free_of(&marks, Measure::Attitude, &naming([0, 1, 6, 20]), 5);
        assert_eq!(hidden[&person("1")], hidden[&person("2")], "none and one are told alike");
        assert_eq!((hidden[&person("1")].fewer_than, hidden[&person("3")].fewer_than), (Some(5), None));
        assert!((hidden[&person("1")].estimate.value - 98.0).abs() < 1e-9);
        let alone = free_of(&marks, Measure::Attitude, &naming([3, 7, 9, 20]), 5);
        assert_eq!(
            alone.keys().cloned().collect::<Vec<_>>(),
            [person("3"), person("4")],
            "one hidden would be one told"
        );
    }

    #[test]
    fn a_windows_skill_is_the_mean_of_its_people() {
        let of = |value, half| Measured { estimate: Estimate::around(value, half), n: 2, fewer_than: None };
        let mean = mean(&[of(80.0, 6.0), of(90.0, 8.0)]).unwrap();
        assert_eq!((mean.estimate.value, mean.n), (85.0, 4));
        assert!((mean.estimate.high - mean.estimate.low - 10.0).abs() < 1e-9);
        assert_eq!(super::mean(&[]), None);
    }
}
