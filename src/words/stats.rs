//! Words of statistics: tables, exports and the supervisors' page.

use super::Language;
use crate::domain::query::{Dimension, Order};

words! {
    /// Statistics as supervisors read them.
    StatsWords {
        unassigned() => "未登记", "Not recorded";
        numbered_window(number: &str, name: &str) => "{number} 号 {name}", "{number} {name}";
    }
}

impl StatsWords {
    /// 1 Monday to 7 Sunday.
    pub fn weekday(self, number: u8) -> Option<&'static str> {
        let (zh, en) = match number {
            1 => ("周一", "Monday"),
            2 => ("周二", "Tuesday"),
            3 => ("周三", "Wednesday"),
            4 => ("周四", "Thursday"),
            5 => ("周五", "Friday"),
            6 => ("周六", "Saturday"),
            7 => ("周日", "Sunday"),
            _ => return None,
        };
        Some(if self.0.is_english() { en } else { zh })
    }
}

pub fn dimension(language: Language, dimension: Dimension) -> &'static str {
    let (zh, en) = match dimension {
        Dimension::Hall => ("大厅", "Hall"),
        Dimension::ServiceWindow => ("窗口", "Window"),
        Dimension::Staff => ("工作人员", "Staff"),
        Dimension::Item => ("服务事项", "Service item"),
        Dimension::Channel => ("渠道", "Channel"),
        Dimension::Level => ("等级", "Level"),
        Dimension::Reason => ("原因", "Reason"),
        Dimension::Hour => ("时段", "Hour"),
        Dimension::Weekday => ("星期", "Weekday"),
        Dimension::Day => ("日期", "Day"),
        Dimension::Month => ("月份", "Month"),
    };
    if language.is_english() { en } else { zh }
}

pub fn order(language: Language, order: Order) -> &'static str {
    let (zh, en) = match order {
        Order::Key => ("按编号", "By key"),
        Order::Count => ("按评价数", "By ratings"),
        Order::Ranking => ("按满意率区间下限", "By the satisfied rate's lower bound"),
    };
    if language.is_english() { en } else { zh }
}
