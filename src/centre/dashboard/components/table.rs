//! Tables: a caption, scopes, and two ways to be read on a narrow screen.

use maud::{Markup, Render, html};

use super::Text;
use super::list::Empty;
use crate::words::Language;
use crate::words::shell::Shell;

/// Rows under a caption. The first cell of a row is its heading.
///
/// Roles are written out, because stacking takes the table's layout away and some browsers then forget what it was.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    language: Language,
    caption: Text<'a>,
    quiet: bool,
    stacked: bool,
    columns: Vec<Column<'a>>,
    rows: Vec<Vec<Markup>>,
    foot: Option<Vec<Markup>>,
    empty: Option<Empty<'a>>,
}

#[derive(Debug, Clone)]
struct Column<'a> {
    name: Text<'a>,
    class: &'static str,
}

impl<'a> Table<'a> {
    /// `caption` says what the rows are.
    pub fn new(language: Language, caption: impl Into<Text<'a>>) -> Self {
        let caption = caption.into();
        let (columns, rows) = (Vec::new(), Vec::new());
        Self { language, caption, quiet: false, stacked: false, columns, rows, foot: None, empty: None }
    }

    #[must_use]
    pub fn column(self, name: impl Into<Text<'a>>) -> Self {
        self.add(name.into(), "")
    }

    /// Right-aligned, with figures of one width.
    #[must_use]
    pub fn number(self, name: impl Into<Text<'a>>) -> Self {
        self.add(name.into(), "number")
    }

    /// Left out on narrow screens; never the only place of a fact that decides something.
    #[must_use]
    pub fn extra(self, name: impl Into<Text<'a>>) -> Self {
        self.add(name.into(), "only-wide")
    }

    /// The column of buttons; not printed.
    #[must_use]
    pub fn actions(self) -> Self {
        let name = Shell(self.language).actions();
        self.add(name, "only-screen")
    }

    /// The caption is for screen readers only: a heading above says the same.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Rows become cards on narrow screens; for rows that are read one by one rather than compared.
    #[must_use]
    pub fn stacked(mut self) -> Self {
        self.stacked = true;
        self
    }

    /// What stands there while there are no rows.
    #[must_use]
    pub fn or_empty(mut self, empty: Empty<'a>) -> Self {
        self.empty = Some(empty);
        self
    }

    /// One cell a column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Markup>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The line of sums.
    pub fn foot(&mut self, cells: impl IntoIterator<Item = Markup>) {
        self.foot = Some(cells.into_iter().collect());
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn add(mut self, name: Text<'a>, class: &'static str) -> Self {
        self.columns.push(Column { name, class });
        self
    }

    fn line(&self, cells: &[Markup]) -> Markup {
        html! {
            tr role="row" {
                @for (at, (cell, column)) in cells.iter().zip(&self.columns).enumerate() {
                    @let class = Some(column.class).filter(|c| !c.is_empty());
                    @if at == 0 { th scope="row" role="rowheader" class=[class] { (cell) } }
                    @else { td role="cell" class=[class] data-label=[self.stacked.then_some(&column.name)] { (cell) } }
                }
            }
        }
    }

    fn table(&self) -> Markup {
        html! {
            table role="table" class=[self.stacked.then_some("stacked")] {
                caption class=[self.quiet.then_some("unseen")] { (self.caption) }
                thead role="rowgroup" {
                    tr role="row" {
                        @for column in &self.columns {
                            th scope="col" role="columnheader" class=[Some(column.class).filter(|c| !c.is_empty())] { (column.name) }
                        }
                    }
                }
                tbody role="rowgroup" { @for row in &self.rows { (self.line(row)) } }
                @if let Some(foot) = &self.foot { tfoot role="rowgroup" { (self.line(foot)) } }
            }
        }
    }
}

impl Render for Table<'_> {
    fn render(&self) -> Markup {
        if let (true, Some(empty)) = (self.rows.is_empty(), &self.empty) {
            return empty.render();
        }
        let label = format!("{}, {}", self.caption, Shell(self.language).scrolls());
        html! {
            @if self.stacked { (self.table()) }
            @else { div.scroll role="region" tabindex="0" aria-label=(label) { (self.table()) } }
        }
    }
}
