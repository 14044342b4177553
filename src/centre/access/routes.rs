//! Routes that carry their need: each handler stands behind the guard from the line that names it, and the table of all
//! lines is what the test of every route × role walks.
//!
//! **Invariant of absence:** the centre has no route beside this table, and no handler without a guard.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, Request};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post, put};

use super::guard::{Gate, guard};
use crate::centre::site::Site;
use crate::domain::role::Need;

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub method: Method,
    /// As axum writes it: `/hall/{hall}/staff`.
    pub path: &'static str,
    pub need: Need,
}

/// A module's routes, in the making.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router<Arc<Site>>,
    table: Vec<Route>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn get<H, T>(mut self, path: &'static str, need: Need, handler: H) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        self.router = self.router.route(path, behind(get(handler), path, need));
        self.noted(Method::GET, path, need)
    }

    #[must_use]
    pub fn post<H, T>(mut self, path: &'static str, need: Need, handler: H) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        self.router = self.router.route(path, behind(post(handler), path, need));
        self.noted(Method::POST, path, need)
    }

    #[must_use]
    pub fn put<H, T>(mut self, path: &'static str, need: Need, handler: H) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        self.router = self.router.route(path, behind(put(handler), path, need));
        self.noted(Method::PUT, path, need)
    }

    #[must_use]
    pub fn delete<H, T>(mut self, path: &'static str, need: Need, handler: H) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        self.router = self.router.route(path, behind(delete(handler), path, need));
        self.noted(Method::DELETE, path, need)
    }

    /// Bytes of a body that the routes so far take.
    #[must_use]
    pub fn taking(mut self, max_bytes: usize) -> Self {
        self.router = self.router.layer(DefaultBodyLimit::max(max_bytes));
        self
    }

    /// Puts something around the routes so far, such as a throttle. It runs before the guard.
    #[must_use]
    pub fn within<F, A>(mut self, surround: F) -> Self
    where
        F: Fn(Request, Next) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = Response> + Send + 'static,
    {
        self.router = self.router.layer(from_fn(surround));
        self
    }

    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    pub fn table(&self) -> &[Route] {
        &self.table
    }

    /// The whole, as it is served.
    pub(crate) fn into_router(self, site: Arc<Site>) -> Router {
        let pages = self.table.iter().filter(|r| r.method == Method::GET).map(|r| r.path).collect();
        let gate = Arc::new(Gate { site: Arc::clone(&site), pages });
        self.router.layer(Extension(gate)).with_state(site)
    }

    fn noted(mut self, method: Method, path: &'static str, need: Need) -> Self {
        self.table.push(Route { method, path, need });
        self
    }
}

fn behind(handler: MethodRouter<Arc<Site>>, path: &'static str, need: Need) -> MethodRouter<Arc<Site>> {
    handler.layer(from_fn(move |request, next| guard(path, need, request, next)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_knows_each_method_of_a_path() {
        let nothing = || async {};
        let routes = Routes::new().get("/a/{b}", Need::Fleet, nothing).post("/a/{b}", Need::FleetKeep, nothing);
        let routes = routes.merge(Routes::new().get("/c", Need::Public, nothing));
        let lines: Vec<_> = routes.table().iter().map(|r| (r.method.as_str(), r.path, r.need.code())).collect();
        assert_eq!(lines, [("GET", "/a/{b}", "fleet"), ("POST", "/a/{b}", "fleet_keep"), ("GET", "/c", "public")]);
    }
}
