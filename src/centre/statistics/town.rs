//! A whole town of halls with a believable year, to try a centre at its full size: the same seed makes the same town.
//!
//! As with the demonstration's hall, every visit is marked as sample data and has no evidence behind it.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::dice::Dice;
use super::fact::Fact;
use super::sample::{Counter, Pace};
use crate::domain::board::{Bilingual, Board, ServiceWindow, StaffCard};
use crate::domain::id::{HallId, InvalidId, StaffNo, WindowId};
use crate::domain::workdays::{DayKind, WorkingCalendar};

/// How large the town is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub halls: u32,
    /// In all halls together.
    pub windows: u32,
    pub staff: u32,
}

const SURNAMES: [(&str, &str); 40] = [
    ("王", "Wang"),
    ("李", "Li"),
    ("张", "Zhang"),
    ("刘", "Liu"),
    ("陈", "Chen"),
    ("杨", "Yang"),
    ("赵", "Zhao"),
    ("黄", "Huang"),
    ("周", "Zhou"),
    ("吴", "Wu"),
    ("徐", "Xu"),
    ("孙", "Sun"),
    ("胡", "Hu"),
    ("朱", "Zhu"),
    ("高", "Gao"),
    ("林", "Lin"),
    ("何", "He"),
    ("郭", "Guo"),
    ("马", "Ma"),
    ("罗", "Luo"),
    ("梁", "Liang"),
    ("宋", "Song"),
    ("郑", "Zheng"),
    ("谢", "Xie"),
    ("韩", "Han"),
    ("唐", "Tang"),
    ("冯", "Feng"),
    ("于", "Yu"),
    ("董", "Dong"),
    ("萧", "Xiao"),
    ("程", "Cheng"),
    ("曹", "Cao"),
    ("袁", "Yuan"),
    ("邓", "Deng"),
    ("许", "Xu"),
    ("傅", "Fu"),
    ("沈", "Shen"),
    ("曾", "Zeng"),
    ("彭", "Peng"),
    ("吕", "Lü"),
];
const GIVEN: [(&str, &str); 40] = [
    ("伟", "Wei"),
    ("芳", "Fang"),
    ("娜", "Na"),
    ("敏", "Min"),
    ("静", "Jing"),
    ("丽", "Li"),
    ("强", "Qiang"),
    ("磊", "Lei"),
    ("军", "Jun"),
    ("洋", "Yang"),
    ("勇", "Yong"),
    ("艳", "Yan"),
    ("杰", "Jie"),
    ("娟", "Juan"),
    ("涛", "Tao"),
    ("明", "Ming"),
    ("超", "Chao"),
    ("秀英", "Xiuying"),
    ("霞", "Xia"),
    ("平", "Ping"),
    ("刚", "Gang"),
    ("桂英", "Guiying"),
    ("建华", "Jianhua"),
    ("文", "Wen"),
    ("玲", "Ling"),
    ("志强", "Zhiqiang"),
    ("红", "Hong"),
    ("晓东", "Xiaodong"),
    ("雪梅", "Xuemei"),
    ("佳", "Jia"),
    ("嘉怡", "Jiayi"),
    ("子涵", "Zihan"),
    ("雨桐", "Yutong"),
    ("俊", "Jun"),
    ("欣", "Xin"),
    ("倩", "Qian"),
    ("宁", "Ning"),
    ("凯", "Kai"),
    ("慧", "Hui"),
    ("振华", "Zhenhua"),
];

/// The boards of the halls: items, tags and pledges are the template's, windows and people their own.
///
/// # Errors
/// When a number is too large for an id.
pub fn boards(template: &Board, size: Size, seed: u64) -> Result<Vec<Board>, InvalidId> {
    let mut dice = Dice::new(seed ^ 0x7057);
    let share = |all: u32, at: u32, of: u32| u64::from(all) * u64::from(at) / u64::from(of.max(1));
    let mut all = Vec::new();
    for h in 0..size.halls {
        let windows = share(size.windows, h, size.halls)..share(size.windows, h + 1, size.halls);
        let staff = share(size.staff, h, size.halls)..share(size.staff, h + 1, size.halls);
        let mut board = template.clone();
        board.hall.id = HallId::new(&format!("G{:02}", h + 1))?;
        board.hall.name = both(format!("青岚市第 {} 政务服务大厅", h + 1), format!("Qinglan Service Hall {}", h + 1));
        board.pledges.retain(|p| p.staff_no.is_none());
        let count = windows.end - windows.start;
        board.windows = (0..count).map(|w| window(template, w)).collect::<Result<_, _>>()?;
        let place =
            |s: u64| ((s - staff.start) * count / (staff.end - staff.start).max(1)).min(count.saturating_sub(1));
        board.staff = staff.clone().map(|s| person(template, s, place(s), &mut dice)).collect::<Result<_, _>>()?;
        all.push(board);
    }
    Ok(all)
}

fn window(template: &Board, number: u64) -> Result<ServiceWindow, InvalidId> {
    let like = usize::try_from(number).ok().and_then(|n| template.windows.get(n % template.windows.len().max(1)));
    let id = WindowId::new(&format!("W{:02}", number + 1))?;
    Ok(match like {
        Some(like) => ServiceWindow { id, number: (number + 1).to_string(), honours: vec![], ..like.clone() },
        None => {
            let name = both("综合窗口".into(), "General".into());
            ServiceWindow { id, number: (number + 1).to_string(), name, items: vec![], honours: vec![] }
        }
    })
}

fn person(template: &Board, number: u64, window: u64, dice: &mut Dice) -> Result<StaffCard, InvalidId> {
    let pick = |dice: &mut Dice, from: &[(&'static str, &'static str); 40]| from[dice.below(40) as usize];
    let (surname, given) = (pick(dice, &SURNAMES), pick(dice, &GIVEN));
    let post = template.staff.first().map_or_else(|| both("窗口人员".into(), "Clerk".into()), |s| s.post.clone());
    Ok(StaffCard {
        staff_no: StaffNo::new(&format!("{:05}", number + 1))?,
        name: format!("{}{}", surname.0, given.0),
        name_en: Some(format!("{} {}", surname.1, given.1)),
        post,
        party_member: false,
        photo: None,
        windows: vec![WindowId::new(&format!("W{:02}", window + 1))?],
        honours: vec![],
        pin_hash: None,
    })
}

fn both(zh: String, en: String) -> Bilingual {
    Bilingual { zh, en: Some(en) }
}

/// The town day by day.
pub struct Town<'a> {
    /// By hall.
    counters: Vec<Vec<Counter<'a>>>,
    calendar: &'a WorkingCalendar,
    zone: &'a TimeZone,
    dice: Dice,
    visits: u64,
}

impl<'a> Town<'a> {
    pub fn new(boards: &'a [Board], calendar: &'a WorkingCalendar, zone: &'a TimeZone, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let counters = boards.iter().map(|b| b.windows.iter().map(|w| Counter::new(b, w, &mut dice)).collect());
        Self { counters: counters.collect(), calendar, zone, dice, visits: 0 }
    }

    /// Ratings that may be expected of a day at rate 1.
    pub fn expected(&self, day: Date) -> f64 {
        self.weekday(day).map_or(0.0, |weekday| self.counters.iter().flatten().map(|c| c.expected(weekday)).sum())
    }

    /// The visits of a day, hall by hall, each in the order of time.
    pub fn day(&mut self, day: Date, pace: Pace) -> Vec<Fact> {
        let mut all = Vec::new();
        let Some(weekday) = self.weekday(day) else { return all };
        for hall in &self.counters {
            let first = all.len();
            for counter in hall {
                counter.serve_like(day, weekday, self.zone, pace, &mut self.dice, &mut all);
            }
            all[first..].sort_by_key(|f| f.wall);
        }
        for fact in &mut all {
            self.visits += 1;
            fact.visit = self.visits;
        }
        all
    }

    /// Which weekday a day is worked like; none on holidays and Sundays.
    fn weekday(&self, day: Date) -> Option<i8> {
        match self.calendar.kind(day) {
            DayKind::Holiday(_) => None,
            DayKind::MakeUp(_) => Some(1),
            DayKind::Weekday | DayKind::Weekend => Some(day.weekday().to_monday_one_offset()).filter(|d| *d < 7),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn a_town_has_its_size_and_keeps_to_its_holidays_and_its_seed() {
        let file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config/board.toml"));
        let template = crate::config::board::load(file, None).unwrap();
        let size = Size { halls: 3, windows: 10, staff: 41 };
        let all = boards(&template, size, 1).unwrap();
        assert!(all.iter().all(|b| crate::config::rules::faults_of(b).is_empty()));
        assert_eq!(all.iter().map(|b| b.windows.len()).sum::<usize>(), 10);
        let staff: BTreeSet<_> = all.iter().flat_map(|b| &b.staff).map(|s| s.staff_no.clone()).collect();
        assert_eq!(staff.len(), 41, "nobody twice");
        let (calendar, zone) = (crate::config::calendar::shipped(), TimeZone::get("Asia/Shanghai").unwrap());
        let day = |text: &str| text.parse::<Date>().unwrap();
        let make = |seed| Town::new(&all, &calendar, &zone, seed).day(day("2026-03-02"), Pace::default());
        assert_eq!(make(1), make(1));
        assert_ne!(make(1), make(2));
        let mut town = Town::new(&all, &calendar, &zone, 1);
        assert!(town.day(day("2026-10-01"), Pace::default()).is_empty() && town.expected(day("2026-10-01")) == 0.0);
        let expected = town.expected(day("2026-02-28"));
        let facts = town.day(day("2026-02-28"), Pace::default());
        let rated = facts.iter().filter(|f| f.level.is_some()).count() as f64;
        assert!((0.9..1.1).contains(&(rated / expected)), "a make-up Saturday: {rated} of {expected}");
        assert!(facts.iter().all(|f| f.sample));
        assert_eq!(facts.iter().map(|f| f.service_window.as_str()).collect::<BTreeSet<_>>().len(), 4);
    }
}
