//! Charts against small answers whose figures are known.

use super::*;
use crate::centre::statistics::labels::Labels;
use crate::domain::metric::{Figure, Metric};
use crate::domain::query::{Answer, Dimension, LevelCounts, Order, Query, Rate, Row};
use crate::words::Language;
use jiff::civil::date;

fn row(key: &str, satisfied: u64, n: u64, rank: Option<u64>) -> Row {
    let levels = LevelCounts { very_satisfied: satisfied, very_dissatisfied: n - satisfied, ..LevelCounts::default() };
    Row {
        n: Some(n),
        suppressed: false,
        levels: Some(levels),
        positive_rate: Rate::wilson(satisfied, n),
        satisfied_rate: Rate::wilson(satisfied, n),
        negative_rate: Rate::wilson(n - satisfied, n),
        served: Some(2 * n),
        participation: Rate::wilson(n, 2 * n),
        flagged: Some(0),
        rank,
        ..Row::withheld(key.to_owned(), format!("<{key}>"))
    }
}

fn answer(by: Dimension, rows: Vec<Row>) -> Answer {
    let sum = |of: fn(&Row) -> Option<u64>| rows.iter().filter_map(of).sum::<u64>();
    let n = sum(|r| r.n);
    let satisfied = sum(|r| r.levels.map(|l| l.very_satisfied));
    let query = Query {
        by: Some(by),
        from: date(2026, 11, 1),
        to: date(2026, 11, 24),
        filters: vec![],
        order: Order::Ranking,
        min_n: 10,
        unflagged_only: false,
    };
    Answer { query, total: row("total", satisfied, n, None), rows, untimed: 0, sample: false }
}

fn draw<T>(answer: &Answer, metric: Metric, with: impl Fn(&Subject<'_>) -> T) -> T {
    let labels = Labels::new([], Language::En);
    let address = |row: &Row| Some(format!("/statistics?where=window:{}", row.key));
    with(&Subject { answer, before: None, metric, labels: &labels, address: &address })
}

#[test]
fn a_figure_is_hidden_inert_and_says_what_it_is() {
    let answer = answer(Dimension::ServiceWindow, vec![row("</script><img>", 9, 10, None)]);
    let chart = draw(&answer, Metric::Satisfied, ranking);
    let html = chart.figure("All of it stands in the table.").into_string();
    assert!(
        html.contains(" hidden>") && html.contains("role=\"img\"") && html.contains("stands in the table"),
        "{html}"
    );
    assert_eq!(html.matches("</script>").count(), 1, "names cannot end the block: {html}");
    assert!(!html.contains("style=") && !html.contains("onload"));
    let (_, json) = html.split_once("application/json\">").unwrap();
    let (json, _) = json.split_once("</script>").unwrap();
    let data: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(data["rows"][0]["name"], "<</script><img>>");
}

#[test]
fn ties_share_a_ground_and_say_so_and_every_row_has_its_n() {
    let rows = vec![
        row("a", 990, 1000, Some(1)),
        row("b", 985, 1000, Some(1)),
        row("c", 800, 1000, Some(3)),
        row("d", 2, 3, None),
    ];
    let answer = answer(Dimension::ServiceWindow, rows);
    let data = draw(&answer, Metric::Satisfied, ranking).data().clone();
    let column = |name: &str| data["rows"].as_array().unwrap().iter().map(|r| r[name].clone()).collect::<Vec<_>>();
    assert_eq!(column("rank")[..3], ["=1", "=1", "3"].map(serde_json::Value::from));
    assert!(column("rank")[3].is_null());
    assert_eq!(column("band"), [1, 1, 2, 3].map(serde_json::Value::from));
    assert_eq!(column("n"), ["n=1,000", "n=1,000", "n=1,000", "n=3"].map(serde_json::Value::from));
    assert!(column("low").iter().zip(column("value")).all(|(l, v)| l.as_f64() < v.as_f64()));
    // Ranks go by the satisfied rate and would lie beside another metric.
    let other = draw(&answer, Metric::Negative, ranking).data().clone();
    assert!(other["rows"][0]["rank"].is_null());
    let counts = draw(&answer, Metric::Rated, ranking).data().clone();
    assert!(counts["rows"][0]["low"].is_null() && counts["start"] == 0.0 && counts["overall"].is_null());
}

#[test]
fn a_trend_leaves_days_without_ratings_open_and_compares_by_place() {
    let days = |rows: Vec<Row>| answer(Dimension::Day, rows);
    let now =
        days(vec![row("2026-11-01", 95, 100, None), row("2026-11-02", 0, 0, None), row("2026-11-03", 90, 100, None)]);
    let then = days(vec![row("2026-10-29", 80, 100, None), row("2026-10-30", 70, 100, None)]);
    let labels = Labels::new([], Language::Zh);
    let subject =
        Subject { answer: &now, before: Some(&then), metric: Metric::Satisfied, labels: &labels, address: &|_| None };
    let data = trend(&subject).data().clone();
    assert!(data["points"][1].is_null() && data["points"][0]["low"].as_f64() < Some(0.95));
    assert_eq!(data["before"], serde_json::json!([0.8, 0.7, null]));
    assert_eq!(data["labels"], serde_json::json!(["11-01", "11-02", "11-03"]));
    assert_eq!(data["counts"], serde_json::json!([100, 0, 100]));
    assert!(data["start"].as_f64() <= Some(0.7) && data["tips"][0].as_str().unwrap().contains("对比期"), "{data}");
    assert_eq!(data["overall"], 0.925);
}

#[test]
fn reasons_fall_and_their_running_share_ends_at_the_whole() {
    let answer =
        answer(Dimension::Reason, vec![row("few", 0, 5, None), row("most", 0, 60, None), row("some", 0, 35, None)]);
    let data = draw(&answer, Metric::Rated, pareto).data().clone();
    let rows = data["rows"].as_array().unwrap();
    assert_eq!(rows.iter().map(|r| r["n"].as_u64().unwrap()).collect::<Vec<_>>(), [60, 35, 5]);
    assert_eq!(rows.iter().map(|r| r["running"].as_f64().unwrap()).collect::<Vec<_>>(), [0.6, 0.95, 1.0]);
}

#[test]
fn levels_fill_a_bar_and_withheld_rows_have_none() {
    let rows = vec![row("a", 9, 10, None), Row::withheld("b".to_owned(), "b".to_owned()), row("c", 0, 0, None)];
    let answer = answer(Dimension::Staff, rows);
    let data = draw(&answer, Metric::Satisfied, levels).data().clone();
    assert_eq!(data["rows"].as_array().unwrap().len(), 1);
    let shares = data["rows"][0]["shares"].as_array().unwrap().iter().map(|s| s.as_f64().unwrap());
    assert!((shares.sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(data["words"]["levels"][0], "Very satisfied");
}

#[test]
fn a_funnel_marks_what_chance_does_not_explain() {
    let rows = vec![row("large", 960, 1000, None), row("poor", 850, 1000, None), row("small", 8, 10, None)];
    let answer = answer(Dimension::ServiceWindow, rows);
    let data = draw(&answer, Metric::Satisfied, funnel).unwrap().data().clone();
    let place = |at: usize| data["points"][at]["place"].clone();
    assert_eq!([place(1), place(2)], ["beyond", "within"].map(serde_json::Value::from), "{data}");
    assert!(data["limits"].as_array().unwrap().last().unwrap()["n"].as_u64() >= Some(1000));
    assert!(draw(&answer, Metric::Rated, funnel).is_none(), "a count has no funnel");
}

#[test]
fn heat_colours_only_what_enough_people_said() {
    let figure = |value, n| Some(Figure { value, interval: Some((value - 0.1, value)), n });
    let cell = |row, column, figure| Cell { row, column, figure, href: None };
    let grid = Grid {
        language: Language::Zh,
        metric: Metric::Satisfied,
        down: "星期".to_owned(),
        across: "时段".to_owned(),
        rows: vec!["周一".to_owned(), "周二".to_owned()],
        columns: vec!["09".to_owned(), "10".to_owned()],
        cells: vec![
            cell(0, 0, figure(0.9, 50)),
            cell(0, 1, figure(0.1, 3)),
            cell(1, 0, None),
            cell(1, 1, figure(0.95, 20)),
        ],
        min_n: 10,
    };
    let chart = heat(&grid);
    assert_eq!((chart.data()["low"].as_f64(), chart.data()["high"].as_f64()), (Some(0.9), Some(0.95)));
    assert_eq!(chart.data()["cells"].as_array().unwrap().len(), 3, "nobody rated, nothing drawn");
    assert_eq!(chart.data()["cells"][1]["few"], true);
    assert!(chart.note.unwrap().contains("10"));
}
