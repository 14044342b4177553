//! Words of statistics: tables, exports and what they say of themselves.

use super::Language;
use crate::domain::query::{Dimension, Order};

words! {
    /// Statistics as supervisors read them.
    StatsWords {
        unassigned() => "未登记", "Not recorded";
        numbered_window(number: &str, name: &str) => "{number} 号 {name}", "{number} {name}";
        code() => "编号", "Code";
        rate(name: &str) => "{name}", "{name} rate";
        low_of(rate: &str) => "{rate}下限", "{rate} rate, low";
        high_of(rate: &str) => "{rate}上限", "{rate} rate, high";
        flagged() => "存疑", "Flagged";
        set_aside() => "未采纳", "Not adopted";
        adopted_satisfied() => "采纳满意率", "Adopted satisfied rate";
        adopted_negative() => "采纳差评率", "Adopted negative rate";
        rank() => "名次", "Rank";
        note() => "备注", "Note";
        suppressed() => "人数过少，不显示", "too few to show";
        interval() => "95% 区间", "95% interval";
        sheet() => "统计", "Statistics";
        file(by: &str, from: &str, to: &str) => "评议统计-{by}-{from}-{to}", "pingyi-{by}-{from}-{to}";
        everything() => "全部", "all";
    }
}

words! {
    /// What an export says of itself: the question, the moment and the definitions.
    About {
        sheet() => "说明", "About";
        by() => "分组", "Grouped by";
        period() => "期间", "Period";
        days(from: &str, to: &str, zone: &str) => "{from} 至 {to}（含首尾两日，时区 {zone}）", "{from} to {to}, both included, time zone {zone}";
        filters() => "筛选", "Filters";
        no_filters() => "无", "none";
        order() => "排序", "Order";
        min_n() => "参与排名的最少评价数", "Least ratings for a rank";
        unflagged() => "存疑评价", "Flagged ratings";
        unflagged_out() => "已剔除带有异常信号的评价", "ratings that carry a signal are left out";
        unflagged_in() => "计入，并在“存疑”列单独列出", "counted, and shown in the column “Flagged”";
        made() => "生成", "Made";
        made_by(moment: &str, user: &str, version: &str) => "{moment}，由 {user} 查询，评议 {version}", "{moment}, asked by {user}, Pingyi {version}";
        untimed() => "钟不可信", "Clock not trusted";
        untimed_note(n: u64) => "{n} 条评价的时刻不可信：计入合计和月份，不计入小时、星期和日期", "{n} ratings have no trusted hour: counted in totals and months, left out of hours, weekdays and days";
        sample() => "样例数据", "Sample data";
        sample_note() => "这些数字含演示用的样例数据，不是真实评价", "these figures contain sample data of the demonstration, not real ratings";
        rates() => "比率", "Rates";
        rates_note() => "好评率＝（非常满意＋满意）÷ 评价数；满意率另加基本满意；差评率＝（不满意＋非常不满意）÷ 评价数。平均分 1 至 5。", "Positive: (very satisfied + satisfied) ÷ ratings; satisfied: fairly satisfied as well; negative: (dissatisfied + very dissatisfied) ÷ ratings. Mean from 1 to 5.";
        participation_note() => "参评率＝评价数 ÷ 服务量。未评价从不算作任何等级，取消和无人的服务不算服务量。", "Participation: ratings ÷ served. No response is never counted as a level; cancelled and unused visits are not served.";
        interval_note() => "上下限是威尔逊 95% 置信区间。名次按满意率下限；与该名次第一名区间重叠者并列。", "Low and high are the Wilson 95% interval. Ranks go by the satisfied rate's lower bound; who overlaps with the first of a rank shares it.";
        suppressed_note() => "评价数过少的组不向本角色显示，并连同隐去足够的其他组，使其不能由合计推出；起止日在不足一个月会暴露少数人时放宽到整月，以答案所列日期为准。", "Groups with few ratings are not shown to this role, nor enough others to work them out from the total. Where a part of a month would tell of a few people, the period is widened to whole months; the dates given with the answer hold.";
    }
}

words! {
    /// What `pingyi stats` says.
    Cli {
        period(from: &str, to: &str) => "{from} 至 {to}", "{from} to {to}";
        suppressed() => "评价数过少，不向本角色显示", "too few ratings to show to this role";
        untimed(n: u64) => "其中 {n} 条评价的时刻不可信，不计入小时、星期和日期", "{n} ratings have no trusted hour and are left out of hours, weekdays and days";
        sample() => "含演示用的样例数据，不是真实评价", "contains sample data of the demonstration, not real ratings";
        bad_address(url: &str) => "中心地址 {url} 不对，应如 https://pj.example.gov.cn", "{url} is no centre's address; write it as https://pj.example.gov.cn";
        plain_http(host: &str) => "到 {host} 的连接没有加密，口令会被人看见。请用 https://，或在封闭网络中加 --allow-plain-http", "the connection to {host} is not encrypted and would show the token; use https://, or --allow-plain-http on a closed network";
        xlsx_to_terminal() => "XLSX 不能显示在终端上，请加 --out 文件名", "an XLSX file cannot be shown on a terminal; add --out FILE";
        no_token(variable: &str) => "没有口令：请设置环境变量 {variable}，或用 --token-file 指定只含口令的文件。口令由管理员用 pingyi admin user 发放", "no token: set {variable}, or name a file that holds it with --token-file. Administrators make tokens with pingyi admin user";
        not_read(path: &str) => "无法读取 {path}", "{path} cannot be read";
        not_written(path: &str) => "无法写入 {path}", "{path} cannot be written";
        bad_certificates() => "--ca-file 不是 PEM 证书", "--ca-file holds no PEM certificates";
        unreachable(centre: &str) => "连不上中心 {centre}：请检查地址、网络，以及中心是否在运行", "the centre {centre} cannot be reached: check the address, the network, and that the centre is running";
        timed_out(centre: &str) => "中心 {centre} 没有按时答复，请稍后再试，或缩短期间", "the centre {centre} did not answer in time; try again later, or ask for a shorter period";
        cut_off(centre: &str) => "中心 {centre} 的答复中断了，请再试一次", "the answer of {centre} was cut off; try again";
        too_long() => "答复过长，请缩短期间或加筛选", "the answer is too long; ask for a shorter period or add filters";
        wrong_token() => "口令无效，请检查是否完整、是否已被撤销", "the token is not valid; check that it is whole and not revoked";
        forbidden() => "这个口令的角色没有这项权限", "this token's role may not ask this";
        refused() => "中心不接受这个查询", "the centre does not take this question";
        not_a_centre(centre: &str, status: u16) => "{centre} 的答复（HTTP {status}）不像评议中心，请检查地址", "what answers at {centre} (HTTP {status}) is no Pingyi centre; check the address";
        no_answer(centre: &str) => "{centre} 的答复无法识别，可能是版本不同", "the answer of {centre} is not understood; its version may be another one";
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

/// The dimension's name inside a sentence.
pub fn dimension_within(language: Language, of: Dimension) -> String {
    dimension(language, of).to_lowercase()
}

pub fn order(language: Language, order: Order) -> &'static str {
    let (zh, en) = match order {
        Order::Key => ("按编号", "by key"),
        Order::Count => ("按评价数", "by ratings"),
        Order::Ranking => ("按满意率下限", "by the satisfied rate's lower bound"),
    };
    if language.is_english() { en } else { zh }
}
