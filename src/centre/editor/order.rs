//! Which of a list comes first: a place for each, moved by one with a button or put elsewhere by its number, without a
//! script. Whoever moves something has seen the order that it is moved in, or nothing moves.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::form::Form;
use super::opened::Opened;
use super::typed::Typed;
use super::{answer, author, refusal, status_of};
use crate::centre::access::{HallEditor, Posted, Signed, Viewer};
use crate::centre::dashboard::components::{Button, Notice as Told, Pages, Table, Title, buttons};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::hall::acts::Refused;
use crate::centre::hall::kinds::{Kind, for_kind};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::id::PledgeId;

const PER_PAGE: u64 = 100;

/// A list that has an order.
struct Order {
    kind: Kind,
    /// Under the hall.
    path: &'static str,
    name: Cow<'static, str>,
    /// Those that are shown today: id and name.
    rows: Vec<(String, String)>,
}

impl Order {
    /// None: no such list.
    fn of(opened: &Opened, path: &str) -> Option<Self> {
        if path == "pledges" {
            let english = opened.language.is_english();
            let text = |p: &crate::domain::board::Pledge| p.text.get(english).to_owned();
            let shown = |id: &PledgeId| opened.board().pledges.iter().find(|p| p.id == *id).map(text);
            let standing = opened.hall.pledges.iter().filter(|p| p.retired_on.is_none_or(|on| opened.today < on));
            let rows = standing.map(|p| (p.id.to_string(), shown(&p.id).unwrap_or_default())).collect();
            return Some(Self { kind: Kind::Pledge, path: "pledges", name: opened.words().pledges(), rows });
        }
        Kind::ALL
            .iter()
            .filter(|kind| **kind != Kind::Plate)
            .find_map(|&kind| for_kind!(kind, T => (T::PATH == path).then(|| of_kind::<T>(opened)), pledge => None))
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.rows.iter().position(|(other, _)| other == id)
    }

    fn address(&self, opened: &Opened) -> String {
        opened.path(&format!("order/{}", self.path))
    }
}

fn of_kind<T: Form>(opened: &Opened) -> Order {
    let standing = T::shelf(&opened.hall).iter().filter(|kept| kept.stands(opened.today));
    let rows = standing.map(|kept| (kept.value.key().to_owned(), kept.value.name(opened))).collect();
    Order { kind: T::KIND, path: T::PATH, name: T::kinds(opened.language), rows }
}

/// Takes objects out of an order and puts each at its place, counted from 0, the lowest first.
fn moved(mut order: Vec<String>, mut wanted: Vec<(usize, String)>) -> Vec<String> {
    wanted.sort();
    order.retain(|id| !wanted.iter().any(|(_, moving)| moving == id));
    for (place, id) in wanted {
        order.insert(place.min(order.len()), id);
    }
    order
}

/// Names an order: another one, or another list, has another name.
fn mark<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    let mut hasher = blake3::Hasher::new();
    for id in ids {
        hasher.update(id.as_bytes()).update(b"\n");
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// The order, to be changed.
pub async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed<HallEditor>,
    Path((hall, kind)): Path<(String, String)>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let order = Order::of(&opened, &kind).ok_or_else(no_list)?;
        Ok(page(&site, &signed.viewer, &opened, &order, &Typed::new(pairs), None))
    };
    answer(&site, &signed.viewer, made.await)
}

/// Moves what was asked to be moved.
pub async fn save(
    State(site): State<Arc<Site>>,
    Path((hall, kind)): Path<(String, String)>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &posted.who, posted.viewer.language, &hall).await?;
        let order = Order::of(&opened, &kind).ok_or_else(no_list)?;
        let (w, typed) = (opened.words(), Typed::new(posted.form.clone()));
        let again = |told: String, status: StatusCode| {
            let mut response = page(&site, &posted.viewer, &opened, &order, &typed, Some(told));
            *response.status_mut() = status;
            response
        };
        let seen: Vec<&str> = order.rows.iter().map(|(id, _)| id.as_str()).collect();
        if mark(seen.iter().copied()) != typed.text("seen") {
            return Ok(again(w.arrange_stale().into_owned(), StatusCode::CONFLICT));
        }
        let Some(wanted) = wanted(&order, &typed) else {
            return Ok(again(w.place_is_a_number().into_owned(), StatusCode::UNPROCESSABLE_ENTITY));
        };
        let before: Vec<String> = seen.iter().map(|id| (*id).to_owned()).collect();
        let after = moved_by(moved(before.clone(), wanted), typed.text("move"));
        let back = format!("{}?page={}", order.address(&opened), typed.text("page").parse::<u64>().unwrap_or(1));
        if after == before {
            return Ok(posted.viewer.onward(&site, &back, &w.arrange_same()));
        }
        let (kind, entered) = (order.kind, after);
        let done = hall::change(&site, &opened.hall.id, author(&posted.who), move |s| {
            // Somebody may have been faster since the page was read above.
            s.hall.still_ordered(kind, &before)?;
            s.arrange(kind, &entered)
        });
        Ok(match done.await? {
            Ok(()) => posted.viewer.onward(&site, &back, &w.arranged()),
            Err(Refused::OrderChanged(_)) => again(w.arrange_stale().into_owned(), StatusCode::CONFLICT),
            Err(refused) => again(refusal(w, &refused), status_of(&refused)),
        })
    };
    answer(&site, &posted.viewer, made.await)
}

/// Objects whose number was changed, with their new place; none if one is no number.
fn wanted(order: &Order, typed: &Typed) -> Option<Vec<(usize, String)>> {
    let mut wanted = Vec::new();
    for (name, value) in typed.pairs() {
        let Some(at) = name.strip_prefix("place.").and_then(|id| order.place(id)) else { continue };
        let place = value.trim().parse::<usize>().ok().filter(|n| *n > 0)? - 1;
        if place != at {
            wanted.push((place, order.rows[at].0.clone()));
        }
    }
    Some(wanted)
}

/// The order after one button: `up:` or `down:` and an id.
fn moved_by(order: Vec<String>, button: &str) -> Vec<String> {
    let Some((way, id)) = button.split_once(':') else { return order };
    let Some(at) = order.iter().position(|other| other == id) else { return order };
    let to = if way == "up" { at.saturating_sub(1) } else { at + 1 };
    moved(order, vec![(to, id.to_owned())])
}

fn page(site: &Site, viewer: &Viewer, opened: &Opened, order: &Order, asked: &Typed, told: Option<String>) -> Response {
    let w = opened.words();
    let heading = w.arrange_title(&order.name);
    let title = Title::new(opened.language, heading.clone())
        .lead(w.arrange_lead())
        .crumb("/halls", w.halls())
        .crumb(opened.path(""), opened.name())
        .crumb(opened.path(order.path), order.name.clone());
    let content = html! {
        (title)
        (opened.standing())
        @if let Some(told) = told { (Told::bad(told).advice(w.nothing_changed())) }
        (draw(viewer, opened, order, asked))
    };
    viewer.page(site, &format!("{heading} · {}", opened.name()), content)
}

fn draw(viewer: &Viewer, opened: &Opened, order: &Order, asked: &Typed) -> Markup {
    let w = opened.words();
    let here = order.address(opened);
    let page = asked.text("page").parse().unwrap_or(1);
    let total = order.rows.len();
    let pages = Pages::new(opened.language, page, total as u64, PER_PAGE, |n| format!("{here}?page={n}"));
    let open = opened.may_edit();
    let mut table = Table::new(opened.language, order.name.clone()).column(w.playlist_name()).number(w.arrange_place());
    if open {
        table = table.actions();
    }
    table = table.quiet().stacked();
    let first = pages.offset() as usize;
    for (at, (id, name)) in order.rows.iter().enumerate().skip(first).take(PER_PAGE as usize) {
        let what = html! { (name) @if name != id { " " span.code { (id) } } };
        if !open {
            table.row([what, html! { (at + 1) }]);
            continue;
        }
        let place = html! {
            input.place type="number" name={ "place." (id) } value=(at + 1) min="1" max=(total) required aria-label=(w.arrange_place_of(name));
        };
        let moves = html! {
            div.row-actions {
                @if at > 0 { (Button::submit(w.arrange_up()).sends("move", format!("up:{id}")).about(name.as_str()).small()) }
                @if at + 1 < total { (Button::submit(w.arrange_down()).sends("move", format!("down:{id}")).about(name.as_str()).small()) }
            }
        };
        table.row([what, place, moves]);
    }
    if !open {
        return html! { (table) (pages) };
    }
    html! {
        form method="post" action=(here) {
            (viewer.csrf())
            input type="hidden" name="seen" value=(mark(order.rows.iter().map(|(id, _)| id.as_str())));
            input type="hidden" name="page" value=(page);
            p.hint { (w.arrange_hint()) }
            // Before the rows: what the enter key of a number presses.
            (buttons(&[Button::submit(w.arrange_save()).primary(), Button::link(opened.path(order.path), w.back())]))
            (table)
        }
        (pages)
    }
}

fn no_list() -> ApiFault {
    ApiFault::because(ErrorCode::NotFound, &"no such list")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn what_is_moved_stands_where_it_was_put() {
        let order = ids("a b c d e");
        assert_eq!(moved(order.clone(), vec![(0, "d".into())]), ids("d a b c e"));
        assert_eq!(moved(order.clone(), vec![(3, "a".into()), (0, "e".into())]), ids("e b c a d"));
        assert_eq!(moved(order.clone(), vec![(99, "a".into())]), ids("b c d e a"));
        assert_eq!(moved_by(order.clone(), "up:c"), ids("a c b d e"));
        assert_eq!(moved_by(order.clone(), "down:c"), ids("a b d c e"));
        for nothing in ["up:a", "down:e", "up:z", "", "c"] {
            assert_eq!(moved_by(order.clone(), nothing), order, "{nothing}");
        }
        assert_ne!(mark(["ab", "c"].into_iter()), mark(["a", "bc"].into_iter()));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_the_others_keep_their_order(n in 1usize..30, moves in proptest::collection::btree_map(0usize..30, 0usize..40, 0..8)) {
            let order: Vec<String> = (0..n).map(|i| format!("i{i:02}")).collect();
            let wanted: Vec<_> = moves.iter().filter(|(i, _)| **i < n).map(|(i, to)| (*to, format!("i{i:02}"))).collect();
            let after = moved(order.clone(), wanted.clone());
            let mut sorted = after.clone();
            sorted.sort();
            prop_assert_eq!(&sorted, &order);
            let others: Vec<_> = after.iter().filter(|id| !wanted.iter().any(|(_, w)| w == *id)).collect();
            prop_assert!(others.is_sorted());
        }
    }
}
