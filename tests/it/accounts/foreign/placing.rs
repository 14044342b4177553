//! What of another hall each route could touch. A route that is not known here fails the walk until somebody has said it.

use pingyi::centre::access::Route;
use pingyi::domain::role::Need;

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

pub fn placing(route: &Route) -> Placing {
    use Placing::{List, Named, None, Object};
    let path = route.path;
    if matches!(route.need, Need::Public | Need::Device) {
        return None;
    }
    if path.starts_with("/halls/{hall}") || path.starts_with("/api/v1/halls/{hall}") {
        return Object;
    }
    match (route.method.as_str(), path) {
        (_, "/account") | ("POST", "/sign-out") | (_, "/api/openapi.json") => None,
        (_, path) if path.starts_with("/account/") => None,
        (_, "/me" | "/me/portrait") => List,
        (
            "GET",
            "/" | "/overview/live" | "/statistics" | "/report" | "/halls" | "/entries" | "/fleet" | "/fleet/codes",
        ) => List,
        ("GET", "/alerts" | "/alerts/history" | "/alerts/rules" | "/alerts/deliveries" | "/alerts/destinations") => {
            List
        }
        (
            "GET",
            "/alerts/rules/new" | "/alerts/destinations/new" | "/publish" | "/publish/new" | "/publish/preview",
        ) => List,
        ("GET", "/accounts" | "/accounts/new" | "/audit" | "/audit/export" | "/statistics/saved" | "/units") => List,
        ("GET", "/api/v1/stats" | "/api/v1/entries" | "/api/v1/fleet" | "/api/v1/enrol-codes" | "/api/v1/ledgers") => {
            List
        }
        ("GET", "/api/v1/alerts" | "/api/v1/alerts/rules" | "/api/v1/alerts/deliveries" | "/api/v1/halls") => List,
        ("POST", "/audit/verify") => None,
        ("POST", "/accounts/new" | "/alerts/rules/new" | "/alerts/destinations/new" | "/fleet/codes") => Named,
        ("POST", "/publish/new" | "/units" | "/units/place" | "/api/v1/alerts/rules" | "/api/v1/enrol-codes") => Named,
        // An address without figures, under the asker's own name.
        ("POST", "/statistics/saved") => None,
        (_, path) if path.contains('{') => {
            const OBJECTS: [&str; 13] = [
                "/accounts/{id}",
                "/alerts/destinations/{id}",
                "/alerts/rules/{id}",
                "/alerts/{id}",
                "/api/v1/alerts/",
                "/api/v1/enrol-codes/{id}",
                "/api/v1/entries/{book}/{visit}",
                "/api/v1/fleet/{device}",
                "/api/v1/ledgers/{device}/{epoch}",
                "/entries/{book}/{visit}",
                "/fleet/",
                "/publish/{id}",
                "/statistics/saved/{id}",
            ];
            let known = OBJECTS.iter().any(|o| path.starts_with(o)) || path.starts_with("/units/{id}");
            assert!(
                known,
                "{} {path}: say in tests/it/accounts/foreign/placing.rs what of another hall it could touch",
                route.method
            );
            Object
        }
        (method, path) => {
            panic!("{method} {path}: say in tests/it/accounts/foreign/placing.rs what of another hall it could touch")
        }
    }
}
