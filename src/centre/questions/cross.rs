//! A second dimension: the same question once for each of its values, so that every cell is an answer that could be asked
//! for by itself, with the same suppression and the same roll-ups behind it.

use std::collections::HashMap;

use crate::centre::error::ApiFault;
use crate::centre::site::Site;
use crate::centre::statistics::api::Reading;
use crate::domain::query::{Answer, Dimension, Order, Query, Row};

/// Values of the second dimension, where it has more: those with the most ratings.
pub const MOST_COLUMNS: usize = 24;
/// Rows of the table and the drawing.
pub const MOST_ROWS: usize = 60;

/// An answer over two dimensions.
#[derive(Debug, Clone)]
pub struct Cross {
    pub by: Dimension,
    pub and: Dimension,
    /// The second dimension's values, in its order.
    pub columns: Vec<Row>,
    /// Columns that exist beyond [`MOST_COLUMNS`].
    pub columns_left: usize,
    /// Each column's answer by the first dimension, as long as `columns`.
    pub answers: Vec<Answer>,
    cells: Vec<HashMap<String, usize>>,
}

impl Cross {
    /// Asks for the columns, then for each of them. `rows`: by the first dimension alone, if only what a page shows of it
    /// is wanted.
    ///
    /// # Errors
    /// Those of [`Reading::ask`].
    pub async fn ask(
        site: &Site,
        reading: &Reading,
        query: &Query,
        (by, and): (Dimension, Dimension),
        rows: Option<&Answer>,
    ) -> Result<Self, ApiFault> {
        let order = if is_closed(and) { Order::Key } else { Order::Count };
        let found = reading.ask(site, Query { by: Some(and), order, ..query.clone() }).await?;
        let mut columns: Vec<Row> = found.rows.into_iter().filter(|r| r.n.is_none_or(|n| n > 0)).collect();
        let columns_left = columns.len().saturating_sub(MOST_COLUMNS);
        columns.truncate(MOST_COLUMNS);
        let values = columns.iter().map(|column| column.key.clone()).collect();
        let question = Query { by: Some(by), ..query.clone() };
        let keys = rows.map(|rows| shown(rows).map(|row| row.key.clone()).collect());
        let answers = reading.ask_across(site, question, and, values, keys).await?;
        let index = |a: &Answer| a.rows.iter().enumerate().map(|(at, r)| (r.key.clone(), at)).collect();
        let cells = answers.iter().map(index).collect();
        Ok(Self { by, and, columns, columns_left, answers, cells })
    }

    /// Where a row meets a column; none: nobody rated there.
    pub fn cell(&self, row: &str, column: usize) -> Option<&Row> {
        let at = *self.cells.get(column)?.get(row)?;
        self.answers.get(column)?.rows.get(at)
    }
}

/// The rows that a page shows.
pub fn shown(rows: &Answer) -> impl Iterator<Item = &Row> {
    rows.rows.iter().filter(|r| r.n.is_none_or(|n| n > 0)).take(MOST_ROWS)
}

/// Has few values, known beforehand.
fn is_closed(dimension: Dimension) -> bool {
    matches!(
        dimension,
        Dimension::Level
            | Dimension::Hour
            | Dimension::Weekday
            | Dimension::Month
            | Dimension::Channel
            | Dimension::Day
    )
}
