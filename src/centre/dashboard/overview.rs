//! The first page: is something wrong now, how are we doing, who and what stands out – in this order.

use maud::{Markup, html};

use super::compare::{Difference, standing_out};
use super::explore::definitions;
use super::gather::{Figures, Finding, Fleet};
use super::table::table;
use super::text::{percent, points, thousands};
use super::{charts, links};
use crate::centre::alarms::AlarmKind;
use crate::centre::statistics::labels::Labels;
use crate::domain::query::{Answer, Dimension, Query, Rate, Row};
use crate::words::common::Common;
use crate::words::dashboard::Dashboard;
use crate::words::fleet;
use crate::words::stats;

/// Periods that the page offers, in days.
pub const PERIODS: [i32; 3] = [7, 30, 90];
/// Names of one list.
const LISTED: usize = 5;

/// All that the page shows.
pub struct Overview<'a> {
    pub labels: &'a Labels,
    pub days: i32,
    /// The moment, as people write it.
    pub moment: &'a str,
    /// None: the role does not see kiosks.
    pub fleet: Option<&'a Fleet>,
    pub figures: &'a Figures,
    /// The viewer sees only their own work.
    pub own_only: bool,
}

/// The page's content.
pub fn overview(o: &Overview<'_>) -> Markup {
    let w = Dashboard(o.labels.language());
    let period = &o.figures.now.query;
    html! {
        div.title {
            h1 { (w.last_days(i64::from(o.days))) }
            p.lead { (w.period(&period.from.to_string(), &period.to.to_string())) " · " (w.updated(o.moment)) }
            nav.choices aria-label=(w.choose_period()) {
                @for days in PERIODS {
                    a href={ "/?days=" (days) } aria-current=[(days == o.days).then_some("true")] { (w.days_short(i64::from(days))) }
                }
            }
        }
        @if o.figures.now.sample { p.sample { (w.sample()) } }
        @if o.own_only { p.sample { (w.own_only()) } }
        @if let Some(fleet) = o.fleet { (now(fleet, o)) }
        (doing(o))
        @if o.figures.now.total.n.unwrap_or(0) > 0 {
            (stand_out(o))
            (participation(o))
            (tables(o))
        }
        (definitions(w))
    }
}

fn now(fleet: &Fleet, o: &Overview<'_>) -> Markup {
    let w = Dashboard(o.labels.language());
    html! {
        section aria-labelledby="now" {
            h2 #now { (w.now()) }
            @if fleet.kiosks == 0 && fleet.findings.is_empty() { p.status.unknown { (w.no_kiosks()) } }
            @else if fleet.findings.is_empty() { p.status.well { (w.all_well(fleet.kiosks)) } }
            @else {
                div.card.findings {
                    p.count { (w.attention(fleet.findings.len())) }
                    ul {
                        @for finding in fleet.findings.iter().take(12) {
                            li class=(if finding.is_severe() { "severe" } else { "notice" }) {
                                span.badge { (if finding.is_severe() { w.severe() } else { w.notice() }) }
                                (described(finding, o))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn described(finding: &Finding, o: &Overview<'_>) -> Markup {
    let w = Dashboard(o.labels.language());
    let window = |device: &crate::centre::directory::devices::Device| {
        o.labels.name(Dimension::ServiceWindow, device.service_window.as_str())
    };
    let (what, advice) = match finding {
        Finding::Alarm { kiosk, alarm } => {
            let what = match alarm.kind {
                AlarmKind::Fork => w.fork(),
                AlarmKind::BrokenChain => w.broken_chain(),
                AlarmKind::ReplacedDevice => w.replaced_device(),
                AlarmKind::NewEpoch => w.new_epoch(),
                AlarmKind::LostTail => w.lost_tail(),
                AlarmKind::AstrayEntry => w.astray_entry(),
                passing => fleet::alarm_kind(o.labels.language(), passing.code()).into(),
            };
            (w.alarm_at(kiosk, &what), w.alarm_advice())
        }
        Finding::NeverSeen { device } => (w.never_seen(device.kiosk.as_str(), &window(device)), w.silent_advice()),
        Finding::Silent { device, for_ms } => {
            (w.silent(device.kiosk.as_str(), &window(device), &ago(*for_ms, w)), w.silent_advice())
        }
        Finding::Backlog { kiosk, unsynced } => (w.backlog(kiosk, *unsynced), w.backlog_advice()),
        Finding::ClockOff { kiosk, minutes } => (w.clock_off(kiosk, minutes.abs()), w.clock_advice()),
        Finding::DiskLow { kiosk, free_mb } => (w.disk_low(kiosk, *free_mb), w.disk_advice()),
    };
    html! { span { b { (what) } " " span.hint { (advice) } } }
}

fn ago(ms: i64, w: Dashboard) -> String {
    let minutes = ms / 60_000;
    let text = match minutes {
        0..120 => w.minutes(minutes),
        120..2_880 => w.hours(minutes / 60),
        _ => w.days(minutes / 1_440),
    };
    text.into_owned()
}

fn doing(o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let (w, common) = (Dashboard(language), Common(language));
    let (now, before) = (&o.figures.now, &o.figures.before);
    let compared = before.total.n.unwrap_or(0) > 0;
    // A period in which little was recorded, such as the days before the first kiosk, says nothing about how much is done.
    let thin = before.total.served.unwrap_or(0) * 2 < now.total.served.unwrap_or(0);
    let counted = if thin { None } else { Some(before) };
    html! {
        section aria-labelledby="how" {
            h2 #how { (w.how()) }
            @if now.total.n == Some(0) { p.status.unknown { (w.none_yet()) } }
            @else {
                p.hint {
                    @if compared { (w.before(&before.query.from.to_string(), &before.query.to.to_string())) } @else { (w.no_before()) }
                    @if compared && thin { " " (w.thin_before(&thousands(before.total.served.unwrap_or(0)))) }
                }
                div.tiles {
                    (rate_tile("main", &common.satisfied_rate(), now, before, |r| r.satisfied_rate, false, o))
                    (rate_tile("", &common.positive_rate(), now, before, |r| r.positive_rate, false, o))
                    (rate_tile("", &common.negative_rate(), now, before, |r| r.negative_rate, true, o))
                    (rate_tile("", &common.participation(), now, before, |r| r.participation, false, o))
                    (count_tile(&common.rated(), now, counted, |r| r.n, o))
                    (count_tile(&common.served(), now, counted, |r| r.served, o))
                }
                @if let Some(flagged) = now.total.flagged.filter(|&n| n > 0) {
                    p.hint {
                        (w.flagged_note(&thousands(flagged))) " "
                        a href=(links::rows(&Query { by: Some(Dimension::Day), unflagged_only: true, ..now.query.clone() })) { (w.without_flagged()) }
                    }
                }
                (trend(o))
            }
        }
    }
}

fn rate_tile(
    class: &str,
    name: &str,
    now: &Answer,
    before: &Answer,
    rate: impl Fn(&Row) -> Option<Rate>,
    less_is_better: bool,
    o: &Overview<'_>,
) -> Markup {
    let w = Dashboard(o.labels.language());
    let Some(current) = rate(&now.total) else { return html! {} };
    let difference = rate(&before.total).map(|b| Difference::newcombe(current, b));
    html! {
        a class={ "card tile " (class) } href=(links::grouped(&now.query, Dimension::Day)) {
            span.label { (name) }
            span.big { (percent(current.value)) }
            span.ci { (w.interval(&percent(current.low), &percent(current.high))) }
            @if let Some(d) = difference {
                @let (low, high) = (points(d.low), points(d.high));
                @match d.is_up() {
                    Some(up) => {
                        span class=(if up != less_is_better { "change good" } else { "change bad" }) {
                            span aria-hidden="true" { (if up { "▲ " } else { "▼ " }) }
                            (if up { w.up(&points(d.value), &low, &high) } else { w.down(&points(-d.value), &low, &high) })
                        }
                    }
                    None => { span.change { (w.same(&points(d.value), &low, &high)) } }
                }
            }
        }
    }
}

fn count_tile(
    name: &str,
    now: &Answer,
    before: Option<&Answer>,
    count: impl Fn(&Row) -> Option<u64>,
    o: &Overview<'_>,
) -> Markup {
    let w = Dashboard(o.labels.language());
    let Some(n) = count(&now.total) else { return html! {} };
    html! {
        a.card.tile href=(links::grouped(&now.query, Dimension::Day)) {
            span.label { (name) }
            span.big { (thousands(n)) }
            @if let Some(b) = before.and_then(|b| count(&b.total)).filter(|&b| b > 0) { span.change { (w.count_before(&thousands(b))) } }
        }
    }
}

fn trend(o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let w = Dashboard(language);
    let (days, overall) = (&o.figures.days, o.figures.now.total.satisfied_rate);
    let (title, text) = (w.trend(), w.trend_text(days.rows.len()));
    let label = overall.map_or_else(String::new, |r| w.overall(&percent(r.value)).into_owned());
    let every = |marks: usize| days.rows.len().div_ceil(marks).max(1);
    let frame = charts::Frame {
        class: "for-wide",
        width: 1_080.0,
        height: 270.0,
        every: every(10),
        id: "trend",
        title: &title,
        text: &text,
    };
    let small =
        charts::Frame { class: "for-narrow", width: 340.0, height: 230.0, every: every(5), id: "trend-small", ..frame };
    html! {
        figure.card.trend-figure {
            figcaption { h3 { (title) } a href=(links::rows(&days.query)) { (w.drill(&stats::dimension_within(language, Dimension::Day))) } }
            ul.legend {
                li { (charts::swatch("day")) (w.legend_rate()) }
                li { (charts::swatch("overall")) (label) }
                li { (charts::swatch("count")) (w.legend_count()) }
            }
            (charts::trend(&days.rows, overall, frame))
            (charts::trend(&days.rows, overall, small))
        }
    }
}

fn stand_out(o: &Overview<'_>) -> Markup {
    let w = Dashboard(o.labels.language());
    html! {
        section aria-labelledby="stand-out" {
            h2 #stand-out { (w.stand_out()) }
            div.columns {
                (standing(o, false))
                (standing(o, true))
                (complaints(o))
            }
            p.hint { (w.stand_out_note()) }
        }
    }
}

fn standing(o: &Overview<'_>, better: bool) -> Markup {
    let w = Dashboard(o.labels.language());
    let lists = [&o.figures.windows, &o.figures.staff].map(|a| (a, standing_out(a, better)));
    html! {
        div.card.list {
            h3 { (if better { w.better() } else { w.worse() }) }
            @if lists.iter().all(|(_, rows)| rows.is_empty()) { p.hint { (if better { w.nobody_better() } else { w.nobody_worse() }) } }
            ul {
                @for (answer, rows) in &lists {
                    @for row in rows.iter().take(LISTED) { (standing_row(row, &answer.query)) }
                }
            }
        }
    }
}

fn standing_row(row: &Row, query: &Query) -> Markup {
    let by = query.by.unwrap_or(Dimension::ServiceWindow);
    html! {
        li {
            a href=(links::behind(query, by, &row.key)) { (row.name) }
            @if let Some(r) = row.satisfied_rate { span.value { b { (percent(r.value)) } " " span.ci { (percent(r.low)) "–" (percent(r.high)) } } }
        }
    }
}

fn complaints(o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let w = Dashboard(language);
    let answer = &o.figures.complaints;
    let largest = answer.rows.iter().filter_map(|r| r.n).max().unwrap_or(0);
    html! {
        div.card.list {
            h3 { (w.complaints()) }
            @if largest == 0 { p.hint { (w.no_complaints()) } }
            ul {
                @for row in answer.rows.iter().filter(|r| r.n.is_some_and(|n| n > 0)).take(LISTED + 1) {
                    li {
                        a href=(links::behind(&answer.query, Dimension::Reason, &row.key)) { (row.name) }
                        @if let Some(n) = row.n { span.value { (charts::bar(n, largest, "negative")) span.count-number { (w.times(&thousands(n))) } } }
                    }
                }
            }
        }
    }
}

fn participation(o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let w = Dashboard(language);
    let Some(overall) = o.figures.now.total.participation else { return html! {} };
    let mut rows: Vec<(&Row, Rate)> =
        o.figures.windows.rows.iter().filter_map(|r| r.participation.map(|p| (r, p))).collect();
    rows.sort_by(|a, b| a.1.value.total_cmp(&b.1.value));
    let start = (rows.iter().map(|(_, p)| p.low).fold(0.9, f64::min) * 10.0).floor() / 10.0;
    html! {
        section aria-labelledby="participation" {
            h2 #participation { (w.participation_title()) }
            div.card {
                p { (w.participation_note(&percent(overall.value))) }
                ul.bars {
                    @for (row, rate) in rows {
                        li {
                            a href=(links::behind(&o.figures.windows.query, Dimension::ServiceWindow, &row.key)) { (row.name) }
                            (charts::interval(rate, Some(overall.value), start.max(0.0)))
                            span.value { b { (percent(rate.value)) } " " span.ci { (percent(rate.low)) "–" (percent(rate.high)) } }
                        }
                    }
                }
            }
        }
    }
}

fn tables(o: &Overview<'_>) -> Markup {
    let f = o.figures;
    html! {
        (block(&f.windows, o))
        (block(&f.staff, o))
        div.pair { (block(&f.levels, o)) (block(&f.reasons, o)) }
        (block(&f.hours, o))
    }
}

fn block(answer: &Answer, o: &Overview<'_>) -> Markup {
    let language = o.labels.language();
    let w = Dashboard(language);
    let Some(by) = answer.query.by else { return html! {} };
    let what = stats::dimension_within(language, by);
    html! {
        section aria-labelledby={ "by-" (by.code()) } {
            div.head { h2 id={ "by-" (by.code()) } { (w.by(&what)) } a href=(links::rows(&answer.query)) { (w.drill(&what)) } }
            div.card {
                @if by == Dimension::Level { @if let Some(counts) = &answer.total.levels { (charts::levels(counts)) } }
                (table(answer, language))
            }
        }
    }
}
