//! Drawings that need no script: SVG made on the server, coloured by classes of the style sheet, so that no inline style is
//! needed.
//!
//! They stand where `centre/charts` with its library cannot: in the rows of tables, on the overview and on My page, which work
//! without JavaScript, and on the monthly report, which is printed. What is looked into on the screen is the library's.

use maud::{Markup, html};

use super::compare::axis_start;
use super::text::{percent, thousands};
use crate::domain::query::{LevelCounts, Rate, Row};

/// A rate as a dot on its interval, with a line where `overall` stands; `start` is the left end of the axis.
pub fn interval(rate: Rate, overall: Option<f64>, start: f64) -> Markup {
    let x = |share: f64| number(2.0 + (share.max(start) - start) / (1.0 - start) * 136.0);
    html! {
        svg.interval viewBox="0 0 140 18" width="140" height="18" aria-hidden="true" focusable="false" {
            line.axis x1="2" y1="9" x2="138" y2="9" {}
            @if let Some(overall) = overall {
                line.overall x1=(x(overall)) y1="1" x2=(x(overall)) y2="17" {}
            }
            line.reach x1=(x(rate.low)) y1="9" x2=(x(rate.high)) y2="9" {}
            circle.value cx=(x(rate.value)) cy="9" r="4.5" {}
        }
    }
}

/// The five levels as one bar, best first.
pub fn levels(counts: &LevelCounts) -> Markup {
    let parts = [
        counts.very_satisfied,
        counts.satisfied,
        counts.basically_satisfied,
        counts.dissatisfied,
        counts.very_dissatisfied,
    ];
    let sum = parts.iter().sum::<u64>().max(1) as f64;
    let starts = parts.iter().scan(0.0, |x, &n| {
        let start = *x;
        *x += n as f64 / sum * 140.0;
        Some(start)
    });
    html! {
        svg.levels viewBox="0 0 140 14" width="140" height="14" aria-hidden="true" focusable="false" preserveAspectRatio="none" {
            @for ((level, n), start) in (1..=5).rev().zip(parts).zip(starts) {
                @let width = n as f64 / sum * 140.0;
                rect class={ "level-" (level) } x=(number(start)) y="0" width=(number(width)) height="14" {}
            }
        }
    }
}

/// A share of the largest as a bar.
pub fn bar(n: u64, largest: u64, class: &str) -> Markup {
    let width = if largest == 0 { 0.0 } else { n as f64 / largest as f64 * 140.0 };
    html! {
        svg.bar viewBox="0 0 140 14" width="140" height="14" aria-hidden="true" focusable="false" preserveAspectRatio="none" {
            rect.ground x="0" y="0" width="140" height="14" rx="2" {}
            rect class=(class) x="0" y="0" width=(number(width)) height="14" rx="2" {}
        }
    }
}

/// What a mark of [`trend`] looks like, for the words beside it.
pub fn swatch(of: &str) -> Markup {
    html! {
        svg.swatch viewBox="0 0 24 16" width="24" height="16" aria-hidden="true" focusable="false" {
            @match of {
                "overall" => { line.overall x1="1" y1="8" x2="23" y2="8" {} }
                "count" => { rect.count x="7" y="2" width="10" height="13" {} }
                _ => { line.reach x1="12" y1="1" x2="12" y2="15" {} circle.value cx="12" cy="8" r="4" {} }
            }
        }
    }
}

/// What a trend is drawn in.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    pub class: &'a str,
    pub width: f64,
    pub height: f64,
    /// Days between two marks under the axis.
    pub every: usize,
    /// Distinguishes the ids of two drawings of one page.
    pub id: &'a str,
    pub title: &'a str,
    pub text: &'a str,
}

const LEFT: f64 = 44.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 14.0;
const BARS: f64 = 44.0;
const BOTTOM: f64 = 22.0;

/// Each day's satisfied rate on its interval, and its ratings as a bar below. Days without ratings leave a gap.
pub fn trend(days: &[Row], overall: Option<Rate>, frame: Frame<'_>) -> Markup {
    let start =
        axis_start(days.iter().filter(|r| r.n.is_some_and(|n| n > 0)).filter_map(|r| r.satisfied_rate.as_ref()));
    let floor = frame.height - BOTTOM;
    let base = floor - BARS - 12.0;
    let step = (frame.width - LEFT - RIGHT) / days.len().max(1) as f64;
    let x = |at: usize| LEFT + step * (at as f64 + 0.5);
    let y = |share: f64| base - (share.max(start) - start) / (1.0 - start) * (base - TOP);
    let largest = days.iter().filter_map(|r| r.n).max().unwrap_or(0).max(1);
    let (title_id, text_id) = (format!("{}-title", frame.id), format!("{}-text", frame.id));
    let dot = (step * 0.28).clamp(2.0, 4.5);
    html! {
        svg class={ "trend " (frame.class) } viewBox={ "0 0 " (frame.width) " " (frame.height) } role="img"
            aria-labelledby={ (title_id) " " (text_id) } {
            title id=(title_id) { (frame.title) }
            desc id=(text_id) { (frame.text) }
            @for mark in marks(start) {
                line.grid x1=(LEFT) y1=(number(y(mark))) x2=(number(frame.width - RIGHT)) y2=(number(y(mark))) {}
                text.mark x=(LEFT - 6.0) y=(number(y(mark) + 4.0)) text-anchor="end" { (format!("{:.0}%", mark * 100.0)) }
            }
            @if let Some(overall) = overall {
                line.overall x1=(LEFT) y1=(number(y(overall.value))) x2=(number(frame.width - RIGHT)) y2=(number(y(overall.value))) {}
            }
            @for (at, day) in days.iter().enumerate() {
                @if let (Some(n), Some(rate)) = (day.n, day.satisfied_rate) {
                    @let height = n as f64 / largest as f64 * BARS;
                    g {
                        title { (day.key) " · " (percent(rate.value)) " (" (percent(rate.low)) "–" (percent(rate.high)) ") · n=" (thousands(n)) }
                        rect.count x=(number(x(at) - step * 0.36)) y=(number(floor - height)) width=(number(step * 0.72)) height=(number(height)) {}
                        line.reach x1=(number(x(at))) y1=(number(y(rate.low))) x2=(number(x(at))) y2=(number(y(rate.high))) {}
                        circle.value cx=(number(x(at))) cy=(number(y(rate.value))) r=(number(dot)) {}
                    }
                }
                @if at % frame.every == 0 {
                    text.mark x=(number(x(at))) y=(number(frame.height - 6.0)) text-anchor="middle" { (short_day(&day.key)) }
                }
            }
            line.base x1=(LEFT) y1=(number(floor)) x2=(number(frame.width - RIGHT)) y2=(number(floor)) {}
            text.mark x=(LEFT - 6.0) y=(number(floor - BARS + 10.0)) text-anchor="end" { (thousands(largest)) }
        }
    }
}

/// Three to six round shares from the start to 100%.
fn marks(start: f64) -> Vec<f64> {
    let step = [0.02, 0.05, 0.1, 0.2, 0.25].into_iter().find(|s| (1.0 - start) / s <= 5.01).unwrap_or(0.25);
    let count = ((1.0 - start) / step + 1e-9).floor() as usize;
    (0..=count).map(|i| 1.0 - step * i as f64).collect()
}

/// `11-02` of `2026-11-02`.
fn short_day(key: &str) -> &str {
    key.get(5..).unwrap_or(key)
}

fn number(x: f64) -> String {
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_end_at_the_whole() {
        for start in [0.0, 0.35, 0.5, 0.7, 0.85, 0.9] {
            let marks = marks(start);
            assert!((3..=6).contains(&marks.len()), "{start}: {marks:?}");
            assert!(marks[0] == 1.0 && marks.iter().all(|m| *m >= start - 1e-9), "{start}: {marks:?}");
        }
    }

    #[test]
    fn a_dot_stands_within_its_interval_and_the_drawing() {
        let svg = interval(Rate::wilson(9, 10).unwrap(), Some(0.2), 0.5).into_string();
        assert!(svg.contains("cx=\"110.8\"") && svg.contains("x1=\"2\" y1=\"1\""), "{svg}");
        assert!(!svg.contains("style="));
    }

    #[test]
    fn a_bar_of_levels_is_filled_whatever_the_counts() {
        let svg = levels(&LevelCounts { very_satisfied: 3, dissatisfied: 1, ..LevelCounts::default() }).into_string();
        assert!(svg.contains("class=\"level-5\" x=\"0\" y=\"0\" width=\"105\""), "{svg}");
        assert!(svg.contains("class=\"level-2\" x=\"105\" y=\"0\" width=\"35\""), "{svg}");
    }
}
