//! What is wrong now, and what was.

use super::*;
use axum::extract::Query as UrlQuery;
use maud::html;

use crate::centre::access::Signed;
use crate::centre::alerts::history::{Alert, Which};
use crate::centre::alerts::outbox::{self, DeliveryState};
use crate::centre::dashboard::components::{Button, Empty, Notice, Table, Title};
use crate::domain::time::WallMs;

/// Alerts that the first page lists.
const MAX_NOW: usize = 200;
/// Alerts of one page of the history.
const PER_PAGE: usize = 50;
/// Given-up messages are told of for so long.
const FAILING_MS: i64 = 24 * 3_600_000;

pub async fn now(State(site): State<Arc<Site>>, signed: Signed<AlertReader>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let now = clock::now().wall;
        let (alerts, failing) = (listed(&desk, Which::Now, MAX_NOW).await?, failing(&desk, now).await?);
        Ok(Some(drawn(&desk, &alerts, failing)))
    };
    desk.page(&Alerts(desk.language()).title(), content.await)
}

pub async fn history(
    State(site): State<Arc<Site>>,
    signed: Signed<AlertReader>,
    UrlQuery(pairs): UrlQuery<Vec<(String, String)>>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let before = pairs.iter().find(|(name, _)| name == "before").and_then(|(_, value)| value.parse().ok());
    let content = async {
        let alerts = listed(&desk, Which::Before(WallMs(before.unwrap_or(i64::MAX))), PER_PAGE).await?;
        Ok(Some(past(&desk, &alerts, before.is_some())))
    };
    desk.page(&desk.words().history(), content.await)
}

/// The alerts that the viewer sees.
async fn listed(desk: &Desk<'_>, which: Which, limit: usize) -> Result<Vec<Alert>, ApiFault> {
    let (sight, now) = (desk.sight.clone(), clock::now().wall);
    let read =
        move |conn: &rusqlite::Connection| history::list(conn, which, sight.reach.halls(), sight.ratings, limit, now);
    desk.read(read).await
}

/// Messages of late that never arrived, for whoever keeps the rules.
async fn failing(desk: &Desk<'_>, now: WallMs) -> Result<usize, ApiFault> {
    if !desk.sight.keeps {
        return Ok(0);
    }
    let messages = desk.read(|conn| outbox::messages(conn, 200)).await?;
    let own = deliveries::own(desk).await?;
    let failed = |m: &&outbox::Message| {
        m.state == DeliveryState::GivenUp && now.since_ms(m.made_ms) < FAILING_MS && own.contains_key(&m.destination)
    };
    Ok(messages.iter().filter(failed).count())
}

fn drawn(desk: &Desk<'_>, alerts: &[Alert], failing: usize) -> Markup {
    let w = desk.words();
    let open = alerts.iter().filter(|a| a.is_open()).count();
    let unseen = alerts.iter().filter(|a| !a.is_open()).count();
    html! {
        (Title::new(desk.language(), Alerts(desk.language()).title()).lead(w.lead()))
        (desk.tabs("now"))
        @if failing > 0 { (Notice::bad(w.failing(failing)).standing()) }
        @if alerts.is_empty() { (Empty::new(w.none_now(), "")) }
        @else {
            p.hint { (w.count_open(open, unseen)) }
            div.alerts { @for alert in alerts { (card(desk, alert)) } }
        }
    }
}

fn card(desk: &Desk<'_>, alert: &Alert) -> Markup {
    let w = desk.words();
    let address = format!("/alerts/{}", alert.id);
    let seen = desk.seen(alert);
    let (word, primary) =
        if seen.is_some() || !desk.sight.acknowledges { (w.figures(), false) } else { (w.acknowledge(), true) };
    let about = format!("{} {}", desk.rule(&alert.rule_name), desk.place(alert));
    let button = Button::link(address.as_str(), word).small().about(about);
    html! {
        article class={ "card alert " (alert.severity.code()) } {
            div.head {
                h2 { a href=(address) { (desk.rule(&alert.rule_name)) } }
                span { (desk.severity(alert.severity)) " " (desk.state(alert)) }
            }
            p.where { (desk.place(alert)) }
            p { (desk.figures(&alert.raised_by)) }
            p.hint {
                (w.raised()) " " (desk.moment(alert.raised_ms))
                @if !alert.is_open() { " · " (w.closed()) " " (desk.ending(alert)) }
                " · " @match &seen { Some(seen) => { (seen) } None => { (w.unseen()) } }
            }
            p.row-actions { (if primary { button.primary() } else { button }) }
        }
    }
}

fn past(desk: &Desk<'_>, alerts: &[Alert], paged: bool) -> Markup {
    let w = desk.words();
    let mut table = Table::new(desk.language(), w.history())
        .column(w.rule())
        .column(w.place())
        .column(w.figures_then())
        .column(w.raised())
        .column(w.state())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.none_ever(), ""));
    for alert in alerts {
        table.row([
            html! { a href={ "/alerts/" (alert.id) } { (desk.rule(&alert.rule_name)) } " " (desk.severity(alert.severity)) },
            html! { (desk.place(alert)) },
            html! { (desk.figures(&alert.raised_by)) },
            html! { (desk.moment(alert.raised_ms)) },
            html! {
                span { (desk.state(alert)) span.hint { " " (desk.ending(alert)) @if let Some(seen) = desk.seen(alert) { " " (seen) } } }
            },
        ]);
    }
    let older = alerts.last().filter(|_| alerts.len() == PER_PAGE).map(|a| a.raised_ms.0);
    html! {
        (Title::new(desk.language(), w.history()).crumb("/alerts", Alerts(desk.language()).title()))
        (desk.tabs("history"))
        section.card { (table) }
        p.row-actions {
            @if paged { (Button::link("/alerts/history", w.newest()).small()) }
            @if let Some(older) = older { (Button::link(format!("/alerts/history?before={older}"), w.older()).small()) }
        }
    }
}
