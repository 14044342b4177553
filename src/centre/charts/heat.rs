//! A metric over two dimensions: colour for the figure, hatching where too few rated for one.

use serde::Serialize;

use super::Chart;
use super::subject::written;
use crate::centre::dashboard::text::thousands;
use crate::domain::metric::{Figure, Metric, Unit};
use crate::words::Language;
use crate::words::charts::{Charts, metric as metric_name};

/// Two dimensions with a figure where they meet.
#[derive(Debug, Clone)]
pub struct Grid<'a> {
    pub language: Language,
    pub metric: Metric,
    /// Names of the dimensions, within a sentence.
    pub down: String,
    pub across: String,
    pub rows: Vec<String>,
    pub columns: Vec<String>,
    pub cells: Vec<Cell<'a>>,
    /// Figures of fewer are not coloured.
    pub min_n: u64,
}

/// Where a row meets a column.
#[derive(Debug, Clone)]
pub struct Cell<'a> {
    pub row: usize,
    pub column: usize,
    /// None: withheld, or nobody rated.
    pub figure: Option<Figure>,
    pub href: Option<&'a str>,
}

#[derive(Serialize)]
struct Heat<'a> {
    unit: &'static str,
    low: f64,
    high: f64,
    rows: &'a [String],
    columns: &'a [String],
    cells: Vec<Spot<'a>>,
}

#[derive(Serialize)]
struct Spot<'a> {
    row: usize,
    column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    few: bool,
    tip: String,
    href: Option<&'a str>,
}

/// Cells without a figure stay open.
pub fn heat(grid: &Grid<'_>) -> Chart {
    let (w, unit) = (Charts(grid.language), grid.metric.unit());
    let what = metric_name(grid.language, grid.metric);
    let few = |f: &Figure| unit != Unit::Count && f.n < grid.min_n;
    let cells: Vec<Spot<'_>> = grid
        .cells
        .iter()
        .filter_map(|cell| {
            let figure = cell.figure.filter(|f| f.n > 0)?;
            let value = written(unit, figure.value);
            let reading = match figure.interval {
                Some((low, high)) => w.figure(&what, &value, &written(unit, low), &written(unit, high)),
                None => w.figure_alone(&what, &value),
            };
            let (row, column) = (&grid.rows[cell.row], &grid.columns[cell.column]);
            let mut tip = format!("{row} · {column}\n{reading}\n{}", w.n(&thousands(figure.n)));
            if few(&figure) {
                tip = format!("{tip}\n{}", w.too_few());
            }
            let few = few(&figure);
            Some(Spot { row: cell.row, column: cell.column, value: Some(figure.value), few, tip, href: cell.href })
        })
        .collect();
    let coloured = cells.iter().filter(|c| !c.few).filter_map(|c| c.value);
    let (low, high) = coloured.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
    let note = cells.iter().any(|c| c.few).then(|| w.heat_note(&grid.min_n.to_string()).into_owned());
    let data = Heat { unit: unit.code(), low, high, rows: &grid.rows, columns: &grid.columns, cells };
    Chart::new("heat", w.heat(&what, &grid.down, &grid.across).into_owned(), note, &data)
}
