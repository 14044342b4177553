//! What pages of the campaign share: reading, acting in one transaction, answering with a page, a form again, or a refusal.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use maud::Markup;
use rusqlite::Connection;

use super::access::{Viewer, Who};
use super::clock;
use super::error::{ApiFault, ErrorCode};
use super::hall::today;
use super::site::Site;
use crate::domain::board::Board;
use crate::domain::id::HallId;
use crate::domain::time::WallMs;
use crate::words::Language;

/// One person at one page.
#[derive(Clone, Copy)]
pub struct Paging<'a> {
    pub site: &'a Arc<Site>,
    pub viewer: &'a Viewer,
    pub who: &'a Arc<Who>,
}

impl Paging<'_> {
    pub fn language(&self) -> Language {
        self.viewer.language
    }

    pub fn now(&self) -> WallMs {
        clock::now().wall
    }

    pub fn today(&self) -> Date {
        today(&self.site.settings.time_zone, self.now())
    }

    /// Reads on a connection of its own.
    ///
    /// # Errors
    /// Those of the readers and of the store.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ApiFault> {
        self.site.readers.read(read).await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
    }

    /// Does an act in one transaction: all of it, or nothing.
    ///
    /// # Errors
    /// Those of the writer; the inner result is the act's.
    pub async fn act<T: Send + 'static, E: Send + 'static>(
        &self,
        act: impl FnOnce(&Connection, &Who, WallMs) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, ApiFault> {
        let who = Arc::clone(self.who);
        Ok(self.site.writer.attempt(move |desk| act(desk.tx, &who, desk.now)).await?)
    }

    /// A page, not found, or the page of what went wrong.
    pub fn page(&self, title: &str, content: Result<Option<Markup>, ApiFault>) -> Response {
        match content {
            Ok(Some(content)) => self.viewer.page(self.site, title, content),
            Ok(None) => self.viewer.not_found(self.site),
            Err(fault) => self.viewer.refuse(self.site, &fault),
        }
    }

    /// A form that comes back with what is wrong in it.
    pub fn again(&self, title: &str, content: Markup) -> Response {
        let mut response = self.viewer.page(self.site, title, content);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        response
    }

    pub fn refuse(&self, fault: &ApiFault) -> Response {
        self.viewer.refuse(self.site, fault)
    }

    /// Halls within reach with their names, by id.
    pub fn halls(&self) -> Vec<(HallId, String)> {
        let boards = self.site.boards.get();
        let own = boards.halls().filter(|(id, _)| self.who.reach.covers(id));
        let english = self.language().is_english();
        let mut halls: Vec<_> =
            own.map(|(id, hall)| (id.clone(), hall.board.hall.name.get(english).to_owned())).collect();
        halls.sort();
        halls
    }

    /// The board of a hall within reach.
    pub fn board(&self, hall: &HallId) -> Option<Board> {
        let boards = self.site.boards.get();
        boards.hall(hall).filter(|_| self.who.reach.covers(hall)).map(|h| h.board.clone())
    }
}

/// The value of one field of a form or an address.
pub fn field<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    pairs.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
}

/// Text of several lines as forms send it: line feeds alone.
pub fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
