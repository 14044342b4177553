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
const WHOLE: [&str; 2] = ["/rules/{set}", "/cycles/{id}"];

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
        (true, path) if WHOLE.contains(&path) => List,
        (false, path) if WHOLE.contains(&path) => Named,
        (_, path) if path.contains('{') => Object,
        (true, _) => List,
        (false, _) => Named,
    }
}

/// Whether somebody who reaches everything must find what the walk asks for: else it would ask for nothing.
pub fn is_there(route: &Route) -> bool {
    /// What is not in the sample, or hangs on who asks and not on what they reach.
    const NOT_FURNISHED: [&str; 8] = [
        "/preview.png",
        "/evidence/{piece}",
        "/candidates/{key}",
        "/awards/{key}",
        "/stories/{id}/picture",
        "/stories/{id}/press",
        "/honours/{key}",
        "/notices/{key}",
    ];
    let own = matches!(route.need, Need::PeerVote | Need::Own);
    route.method == Method::GET
        && matches!(placing(route), Placing::Object)
        && !own
        && !NOT_FURNISHED.iter().any(|p| route.path.contains(p))
}
