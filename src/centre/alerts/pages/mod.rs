//! The pages of alerts: what is wrong now, what was, the rules, where they tell it, and whether it arrived.

mod deliveries;
mod destination_form;
mod destinations;
mod now;
mod one;
mod rule_form;
mod rules;
mod said;

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::acts::{Acting, Refused};
use super::deliver::manner;
use super::history;
use super::message::Manner;
use super::sight::Sight;
use crate::centre::access::{AlertKeeper, AlertReader, Routes, Viewer, Who};
use crate::centre::clock;
use crate::centre::dashboard::components::{Confirm, Faults, Tabs};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::labels::Labels;
use crate::domain::role::Need;
use crate::words::Language;
use crate::words::alerts::{self, AlertPages, Alerts};

pub fn routes() -> Routes {
    Routes::new()
        .get("/alerts", Need::Alerts, now::now)
        .get("/alerts/history", Need::Alerts, now::history)
        .get("/alerts/rules", Need::Alerts, rules::list)
        .get("/alerts/rules/new", Need::AlertsKeep, rules::new)
        .post("/alerts/rules/new", Need::AlertsKeep, rules::add)
        .get("/alerts/rules/{id}", Need::AlertsKeep, rules::edit)
        .post("/alerts/rules/{id}", Need::AlertsKeep, rules::change)
        .get("/alerts/rules/{id}/remove", Need::AlertsKeep, rules::ask_remove)
        .post("/alerts/rules/{id}/remove", Need::AlertsKeep, rules::remove)
        .get("/alerts/destinations", Need::AlertsKeep, destinations::list)
        .get("/alerts/destinations/new", Need::AlertsKeep, destinations::new)
        .post("/alerts/destinations/new", Need::AlertsKeep, destinations::add)
        .get("/alerts/destinations/{id}", Need::AlertsKeep, destinations::edit)
        .post("/alerts/destinations/{id}", Need::AlertsKeep, destinations::change)
        .post("/alerts/destinations/{id}/test", Need::AlertsKeep, destinations::test)
        .get("/alerts/destinations/{id}/remove", Need::AlertsKeep, destinations::ask_remove)
        .post("/alerts/destinations/{id}/remove", Need::AlertsKeep, destinations::remove)
        .get("/alerts/deliveries", Need::AlertsKeep, deliveries::log)
        .get("/alerts/{id}", Need::Alerts, one::one)
        .post("/alerts/{id}/acknowledge", Need::Alerts, one::acknowledge)
        .post("/alerts/{id}/close", Need::AlertsKeep, one::close)
        .merge(super::api::routes())
}

/// What every page here is drawn from.
struct Desk<'a> {
    site: &'a Arc<Site>,
    viewer: &'a Viewer,
    who: &'a Arc<Who>,
    sight: Sight,
    labels: Labels,
    manner: Manner,
}

impl<'a> Desk<'a> {
    fn new(site: &'a Arc<Site>, viewer: &'a Viewer, who: &'a Arc<Who>) -> Self {
        let language = viewer.language;
        Self {
            site,
            viewer,
            who,
            sight: Sight::of(who, site.settings.min_group),
            labels: Labels::new(site.boards.get().all(), language),
            manner: manner(site, language),
        }
    }

    fn language(&self) -> Language {
        self.viewer.language
    }

    fn words(&self) -> AlertPages {
        AlertPages(self.language())
    }

    /// A rule's name for whoever looks.
    fn rule<'n>(&self, stored: &'n str) -> Cow<'n, str> {
        alerts::rule_name(self.language(), stored)
    }

    fn tabs(&self, here: &str) -> Tabs<'static> {
        let w = self.words();
        let mut tabs = Tabs::new(Alerts(self.language()).title())
            .tab("/alerts", w.now(), here == "now")
            .tab("/alerts/history", w.history(), here == "history")
            .tab("/alerts/rules", w.rules(), here == "rules");
        if self.sight.keeps {
            tabs = tabs.tab("/alerts/destinations", w.destinations(), here == "destinations").tab(
                "/alerts/deliveries",
                w.deliveries(),
                here == "deliveries",
            );
        }
        tabs
    }

    /// A page, or the page of what went wrong.
    fn page(&self, title: &str, content: Result<Option<Markup>, ApiFault>) -> Response {
        match content {
            Ok(Some(content)) => self.viewer.page(self.site, title, content),
            Ok(None) => self.viewer.not_found(self.site),
            Err(fault) => self.viewer.refuse(self.site, &fault),
        }
    }

    /// A form that comes back with what is wrong in it.
    fn again(&self, title: &str, content: Markup) -> Response {
        let mut response = self.viewer.page(self.site, title, content);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        response
    }

    /// Does an act in one transaction.
    async fn act<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Acting<'_>) -> Result<T, Refused> + Send + 'static,
    ) -> Result<Result<T, Refused>, ApiFault> {
        let (who, sight) = (Arc::clone(self.who), self.sight.clone());
        let done =
            self.site.writer.attempt(move |desk| act(&Acting { tx: desk.tx, now: desk.now, who: &who, sight: &sight }));
        Ok(done.await?)
    }

    /// Where an act without a form leads: to a list that says what was done, or to a page that says why not.
    fn done(&self, done: Result<Result<(), Refused>, ApiFault>, list: &str, notice: &str) -> Response {
        match done {
            Ok(Ok(())) => self.viewer.onward(self.site, list, notice),
            Ok(Err(fault)) => self.refuse(&fault),
            Err(fault) => self.viewer.refuse(self.site, &fault),
        }
    }

    /// Asks before something of a list is removed.
    fn ask_remove(&self, what: &Markup, (list, name): (&str, Cow<'static, str>), id: i64) -> Markup {
        let w = self.words();
        let what = html! { p { (what) } p.hint { (w.remove_hint()) } };
        let confirm = Confirm::new(self.language(), w.remove(), what, format!("{list}/{id}/remove"));
        html! { (confirm.yes(w.remove()).back(format!("{list}/{id}")).crumb(list, name).csrf(self.viewer.csrf())) }
    }

    /// What is wrong at the inputs of a form that was refused; none if no form can mend it.
    fn faults_of(&self, refused: &Refused) -> Option<Faults> {
        let (w, mut faults) = (self.words(), Faults::default());
        match refused {
            Refused::Foreign => faults.add("scope", w.your_halls_only()),
            Refused::Full => faults.add("name", w.too_many()),
            _ => return None,
        }
        Some(faults)
    }

    /// The page of a refusal that no form can mend.
    fn refuse(&self, refused: &Refused) -> Response {
        self.viewer.refuse(self.site, &fault_of(refused))
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ApiFault> {
        let read = self.site.readers.read(read).await?;
        read.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
    }
}

/// What a program or a page without a form is told of a refusal.
pub(super) fn fault_of(refused: &Refused) -> ApiFault {
    match refused {
        Refused::NotFound => ApiFault::new(ErrorCode::NotFound),
        Refused::Forbidden => ApiFault::new(ErrorCode::Forbidden),
        Refused::Store(cause) => ApiFault::because(ErrorCode::Unavailable, cause),
        Refused::Already | Refused::Word | Refused::Foreign | Refused::Faulty(_) | Refused::Full => {
            ApiFault::telling(ErrorCode::BadQuery, refused)
        }
    }
}

/// The number in an address; another text leads nowhere.
pub(super) fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|n| (1..=i64::MAX).contains(n))
}
