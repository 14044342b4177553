//! What the figures mean, for those who want to know.

use maud::{Markup, html};

use crate::words::dashboard::Dashboard;

/// What the figures mean, for those who want to know.
pub fn definitions(w: Dashboard) -> Markup {
    html! {
        details.definitions {
            summary { (w.definitions()) }
            p { (w.rates_note()) }
            p { (w.interval_note()) }
        }
    }
}
