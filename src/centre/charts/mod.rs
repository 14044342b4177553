//! Charts of an `Answer`: what is to be drawn, as data that `assets/web/charts.js` draws with the vendored library.
//!
//! All figures, limits, names and sentences are made here; the script places them. A chart is never the only bearer of a
//! figure: the page shows the same answer as a table, and a browser without scripts shows that alone.
//!
//! | kind | for |
//! |---|---|
//! | [`mod@trend`] | a metric over days, months, hours or weekdays, with its 95% band and a compared period |
//! | [`mod@levels`] | shares of the five levels in each row |
//! | [`mod@heat`] | a metric over two dimensions |
//! | [`mod@pareto`] | reasons by mentions, with their running share |
//! | [`mod@ranking`] | a metric of each row on its interval, ties on one ground |
//! | [`mod@funnel`] | rates against n within control limits |
//!
//! Put [`Chart::figure`] into a page, and [`scripts`] once at its end.
//!
//! **Invariant of absence:** no colour, size or place stands here, and no figure in the script.

mod funnel;
mod heat;
mod levels;
pub mod limits;
mod pareto;
mod ranking;
mod subject;
mod trend;

use maud::{Markup, PreEscaped, html};
use serde::Serialize;

pub use funnel::funnel;
pub use heat::{Cell, Grid, heat};
pub use levels::levels;
pub use pareto::pareto;
pub use ranking::{Placed, compared, ranking};
pub use subject::{Subject, written};
pub use trend::trend;

use super::dashboard::assets::script;

/// One drawing and the words around it.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Names the script's function.
    kind: &'static str,
    pub title: String,
    /// How to read it.
    pub note: Option<String>,
    data: serde_json::Value,
}

impl Chart {
    fn new(kind: &'static str, title: String, note: impl Into<Option<String>>, data: &impl Serialize) -> Self {
        // Plain structs of numbers and texts; a number that JSON has no form for becomes null.
        let data = serde_json::to_value(data).unwrap_or(serde_json::Value::Null);
        Self { kind, title, note: note.into(), data }
    }

    /// The figure, hidden until the script draws it; `says` is what a screen reader hears of the drawing.
    pub fn figure(&self, says: &str) -> Markup {
        // Within a script element nothing is an escape but this.
        let json = self.data.to_string().replace('<', "\\u003c");
        html! {
            figure.chart data-chart=(self.kind) hidden {
                figcaption { b { (self.title) } @if let Some(note) = &self.note { p { (note) } } }
                div.frame-of-chart role="img" aria-label={ (self.title) ". " (says) } {}
                script type="application/json" { (PreEscaped(json)) }
            }
        }
    }

    #[cfg(test)]
    fn data(&self) -> &serde_json::Value {
        &self.data
    }
}

/// The library and our drawing, once a page, after its charts.
pub fn scripts() -> Markup {
    html! { (script("echarts.js")) (script("charts.js")) }
}

#[cfg(test)]
mod tests;
