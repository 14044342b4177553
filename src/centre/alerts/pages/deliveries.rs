//! What was sent where, and how each try ended.

use super::*;
use std::collections::BTreeMap;

use maud::html;

use crate::centre::access::Signed;
use crate::centre::alerts::acts::keeps_unit;
use crate::centre::alerts::destinations::{self, Destination};
use crate::centre::alerts::outbox::{self, AlertEvent, Attempt, DeliveryOutcome, DeliveryState, MAX_ATTEMPTS, Message};
use crate::centre::dashboard::components::{Empty, State as Badge, Table, Title, Tone};

const MAX_LISTED: usize = 200;

pub async fn log(State(site): State<Arc<Site>>, signed: Signed<AlertKeeper>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let found = desk.read(|conn| Ok((outbox::messages(conn, MAX_LISTED)?, outbox::attempts(conn, MAX_LISTED)?)));
        let (sent, tries) = found.await?;
        let messages = messages(&desk, &sent, false).await?;
        let own = own(&desk).await?;
        let w = desk.words();
        Ok(Some(html! {
            (Title::new(desk.language(), w.deliveries()).crumb("/alerts", Alerts(desk.language()).title()))
            (desk.tabs("deliveries"))
            @match messages {
                None => { (Empty::new(w.no_deliveries(), "")) }
                Some(messages) => {
                    section.card { (messages) }
                    section.card {
                        h2 { (w.tries()) }
                        p.hint { (w.tries_note(MAX_ATTEMPTS)) }
                        (attempts(&desk, &tries, &own))
                    }
                }
            }
        }))
    };
    desk.page(&desk.words().deliveries(), content.await)
}

/// Destinations that the viewer answers for.
pub async fn own(desk: &Desk<'_>) -> Result<BTreeMap<i64, Destination>, ApiFault> {
    let sight = desk.sight.clone();
    let read = move |conn: &rusqlite::Connection| {
        let all = destinations::all(conn)?.into_iter();
        let own = all.filter(|d| sight.answers_for(&d.terms.scope, |unit| keeps_unit(conn, &sight, unit)));
        Ok(own.map(|d| (d.id, d)).collect())
    };
    desk.read(read).await
}

/// A table of messages; none when the viewer may see none. `of_one`: they are all of one alert.
pub async fn messages(desk: &Desk<'_>, messages: &[Message], of_one: bool) -> Result<Option<Markup>, ApiFault> {
    let own = own(desk).await?;
    let shown: Vec<_> = messages.iter().filter(|m| own.contains_key(&m.destination)).collect();
    if shown.is_empty() {
        return Ok(None);
    }
    let w = desk.words();
    let mut table = Table::new(desk.language(), w.deliveries())
        .column(w.destination())
        .column(w.message())
        .column(w.when())
        .number(w.attempts())
        .column(w.state())
        .quiet()
        .stacked();
    for m in shown {
        let event = event(desk, m.event);
        table.row([
            html! { (named(&own, m.destination, desk)) },
            html! {
                @match m.alert {
                    Some(alert) if !of_one => { a href={ "/alerts/" (alert) } { (event) " #" (alert) } }
                    _ => { (event) }
                }
            },
            desk.moment(m.made_ms),
            html! { (m.attempts) },
            html! {
                span {
                    (state(desk, m.state))
                    @if let Some(next) = m.next_ms.filter(|_| m.attempts > 0) {
                        span.hint { " " (w.next_try(&crate::centre::alerts::message::moment(next.0, &desk.manner))) }
                    }
                }
            },
        ]);
    }
    Ok(Some(html! { (table) }))
}

fn attempts(desk: &Desk<'_>, tries: &[Attempt], own: &BTreeMap<i64, Destination>) -> Markup {
    let w = desk.words();
    let mut table = Table::new(desk.language(), w.tries())
        .column(w.destination())
        .column(w.when())
        .number(w.try_number())
        .number(w.took())
        .column(w.outcome())
        .quiet()
        .stacked();
    for t in tries.iter().filter(|t| own.contains_key(&t.destination)) {
        let took = t.took_ms.map_or_else(|| "–".to_owned(), |ms| format!("{:.1} s", ms as f64 / 1_000.0));
        table.row([
            html! { (named(own, t.destination, desk)) },
            desk.moment(t.begun_ms),
            html! { (t.number) },
            html! { (took) },
            html! { (outcome(desk, t.outcome)) @if let Some(status) = t.status { " (" (status) ")" } },
        ]);
    }
    html! { (table) }
}

fn named(own: &BTreeMap<i64, Destination>, id: i64, desk: &Desk<'_>) -> String {
    own.get(&id).map_or_else(|| desk.words().gone(id).into_owned(), |d| d.terms.name.clone())
}

fn event(desk: &Desk<'_>, event: AlertEvent) -> std::borrow::Cow<'static, str> {
    let w = desk.words();
    match event {
        AlertEvent::Raised => w.event_raised(),
        AlertEvent::Closed => w.event_closed(),
        AlertEvent::Test => w.event_test(),
    }
}

fn state(desk: &Desk<'_>, state: DeliveryState) -> Markup {
    let w = desk.words();
    let badge = match state {
        DeliveryState::Waiting => Badge::new(Tone::Busy, w.waiting()),
        DeliveryState::Sent => Badge::new(Tone::Good, w.sent()),
        DeliveryState::GivenUp => Badge::new(Tone::Bad, w.given_up()),
    };
    html! { (badge) }
}

fn outcome(desk: &Desk<'_>, outcome: Option<DeliveryOutcome>) -> std::borrow::Cow<'static, str> {
    let w = desk.words();
    match outcome {
        None => w.going_on(),
        Some(DeliveryOutcome::Delivered) => w.delivered(),
        Some(DeliveryOutcome::Refused) => w.refused(),
        Some(DeliveryOutcome::TimedOut) => w.timed_out(),
        Some(DeliveryOutcome::Unreachable) => w.unreachable(),
        Some(DeliveryOutcome::Tls) => w.tls(),
        Some(DeliveryOutcome::NoAddress) => w.no_address(),
        Some(DeliveryOutcome::NotAllowed) => w.not_allowed(),
        Some(DeliveryOutcome::NoMailServer) => w.no_server(),
        Some(DeliveryOutcome::BadSettings) => w.bad_settings(),
        Some(DeliveryOutcome::Interrupted) => w.interrupted(),
    }
}
