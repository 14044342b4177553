//! 三比: skill, conduct and results of windows or people over a month, quarter or year.
//!
//! | file | what it is |
//! |---|---|
//! | `rules.rs` | weights, least n, which reasons are about attitude |
//! | `gathered.rs` | what the sources say, as measures |
//! | `asked.rs` | the question in an address |
//! | `page.rs`, `file.rs`, `api.rs` | the same comparison as a page, a file, an answer |
//!
//! **Invariant of absence:** no rank without n and interval; nobody is told apart from somebody whose interval meets theirs;
//! what is too few for a reader's role is not shown to them, nor can it be worked out from what is.

mod api;
mod asked;
mod file;
mod gathered;
mod page;
mod rules;

pub use api::paths;
pub use rules::ComparisonRules;

use super::access::Routes;
use crate::domain::role::Need;

pub fn routes() -> Routes {
    Routes::new().get("/comparison", Need::Hall, page::show).get(
        "/api/v1/comparison",
        Need::Hall,
        api::answer_comparison,
    )
}
