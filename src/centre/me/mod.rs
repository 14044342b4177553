//! A staff member's own page: their card as citizens see it, their pledges, and their sums.
//!
//! **Invariants of absence:** no single rating, no time of day, no word of a citizen, no group below the minimum, no other
//! person and no rank. Figures come late and in stretches ([`statistics::own_release`]), so that nobody who remembers who
//! stood before them learns how that person rated.

mod appraised;
mod page;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan as _;

use self::page::{Mine, drawn};
use super::access::{OwnReader, Routes, Signed};
use super::error::{ApiFault, ErrorCode};
use super::site::Site;
use super::statistics::api::defaults;
use super::statistics::{self, AskFault, Scope, own_release, own_until};
use crate::domain::board::Board;
use crate::domain::id::StaffNo;
use crate::domain::query::{Dimension, Filter, Order, Query};
use crate::domain::role::Need;
use crate::words::me::Me;

/// Months of the trend, the present one among them.
const MONTHS: i32 = 12;

pub fn routes() -> Routes {
    Routes::new().get("/me", Need::Own, mine).get("/me/portrait", Need::Own, portrait)
}

async fn mine(State(site): State<Arc<Site>>, signed: Signed<OwnReader>) -> Response {
    let viewer = &signed.viewer;
    let title = Me(viewer.language).title();
    match gathered(&site, &signed.handle).await {
        Ok(gathered) => {
            let content = drawn(&gathered, viewer.language);
            viewer.page(&site, &title, content)
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

async fn gathered(site: &Arc<Site>, own: &OwnReader) -> Result<Mine, ApiFault> {
    let today = defaults(site, crate::words::Language::Zh).today;
    let (delay_days, min_group) = (site.settings.own_delay_days, site.settings.min_group);
    let until = own_release(own_until(today, delay_days));
    let board = board_of(site, own);
    let from = until.first_of_month().saturating_sub((MONTHS - 1).months());
    let by_month = Query {
        by: Some(Dimension::Month),
        from,
        to: until,
        filters: vec![],
        order: Order::Key,
        min_n: site.settings.min_ranked,
        unflagged_only: false,
    };
    let hall = board.as_ref().map(|b| b.hall.id.clone());
    let of_hall = hall.as_ref().map(|hall| Query {
        by: None,
        filters: vec![Filter { dimension: Dimension::Hall, values: vec![hall.to_string()] }],
        ..by_month.clone()
    });
    // A number of another unit's hall may be somebody else's.
    let halls = own.who.reach.halls().map(<[_]>::to_vec);
    let scope = Scope { halls, staff: Some(own.staff_no.clone()), until: Some(until), min_group, covered: false };
    let hall_scope = Scope { halls: hall.map(|h| vec![h]), staff: None, ..scope.clone() };
    let labels = site.figures.labels(&site.boards.get(), crate::words::Language::Zh);
    let read = site.readers.read(move |conn| -> Result<_, AskFault> {
        let own = statistics::ask(conn, &by_month, &scope, &labels)?;
        let hall = of_hall.map(|query| statistics::ask(conn, &query, &hall_scope, &labels)).transpose()?;
        Ok((own, hall))
    });
    let (answer, hall) = read.await??;
    let appraised = appraised::gathered(site, board.as_ref(), &own.staff_no, today).await?;
    Ok(Mine {
        staff_no: own.staff_no.clone(),
        board,
        answer,
        hall: hall.map(|h| h.total),
        until,
        today,
        delay_days,
        min_group,
        appraised,
    })
}

/// The board on which the person's card stands, within their part of the tree.
fn board_of(site: &Site, own: &OwnReader) -> Option<Board> {
    let boards = site.boards.get();
    let has_card = |b: &&Board| own.who.reach.covers(&b.hall.id) && b.staff(&own.staff_no).is_some();
    boards.all().find(has_card).cloned()
}

async fn portrait(State(site): State<Arc<Site>>, signed: Signed<OwnReader>) -> Response {
    let photo = |board: Board, no: &StaffNo| board.staff(no).and_then(|card| card.photo.clone());
    let name = board_of(&site, &signed.handle).and_then(|board| photo(board, &signed.handle.staff_no));
    let found = match name {
        Some(name) => site.photo(&name).await,
        None => Err(ApiFault::new(ErrorCode::NotFound)),
    };
    match found {
        Ok((bytes, kind)) => {
            let cache = HeaderValue::from_static("private, max-age=300");
            ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, cache)], bytes)
                .into_response()
        }
        Err(fault) => fault.into_response(),
    }
}
