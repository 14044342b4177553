//! What of another hall each route could touch: told by its address, but for the few that are about nobody's hall.
//!
//! A new route is walked without a line here; a piece of its address that is no number wants one in [`super::things`].

use pingyi::centre::access::Route;
use pingyi::domain::role::Need;
use reqwest::Method;

/// What of another hall a route could touch.
pub enum Placing {
    /// Nothing: it is about the asker, about everybody, or asks nobody who they are.
    None,
    /// It lists or sums up; nothing of another hall may be in it.
    List,
    /// It is about one object: with another hall's it answers as if there were none.
    Object,
    /// A form or a body names a hall; another's is refused.
    Named,
}

/// What belongs to the whole centre, and so to no hall: it may be there for everybody, but no hall stands on it.
const WHOLE: [&str; 2] = ["/rules/{set}", "/inspections/checklists/{checklist}"];

pub fn placing(route: &Route) -> Placing {
    use Placing::{List, Named, None, Object};
    if matches!(route.need, Need::Public | Need::Device) {
        return None;
    }
    let reads = route.method == Method::GET;
    match (reads, route.path) {
        (_, "/account" | "/api/openapi.json") | (false, "/sign-out" | "/audit/verify") => None,
        (_, path) if path.starts_with("/account/") => None,
        // An address without figures, under the asker's own name.
        (false, "/statistics/saved") => None,
        (true, path) if WHOLE.iter().any(|w| path.starts_with(w)) => List,
        (false, path) if WHOLE.iter().any(|w| path.starts_with(w)) => Named,
        (_, path) if path.contains('{') => Object,
        (true, _) => List,
        (false, _) => Named,
    }
}
