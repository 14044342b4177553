//! One alert: the figures that raised it, the rows behind them, and what people said and did.

use super::*;
use axum::extract::Path;
use maud::html;
use serde::Deserialize;

use crate::centre::access::{Posted, Signed};
use crate::centre::alerts::decide::Figures;
use crate::centre::alerts::history::{Alert, WORD_CHARS};
use crate::centre::alerts::outbox;
use crate::centre::dashboard::components::{Button, Faults, Field, Title, buttons, particulars};
use crate::centre::dashboard::links;
use crate::domain::query::{Dimension, Filter, Order, Query};
use crate::domain::role::Need as Needed;
use crate::words::alerts;

pub async fn one(State(site): State<Arc<Site>>, signed: Signed<AlertReader>, Path(id): Path<String>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = draw(&desk, &id, "", &Faults::default()).await;
    desk.page(&Alerts(desk.language()).title(), content)
}

#[derive(Deserialize)]
pub struct Acknowledging {
    #[serde(default)]
    word: String,
}

pub async fn acknowledge(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<AlertReader, Acknowledging>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let (w, word) = (desk.words(), posted.form.word);
    let Some(number) = number(&id) else { return desk.viewer.not_found(&site) };
    let said = word.clone();
    match desk.act(move |a| a.acknowledge(number, &said)).await {
        Ok(Ok(())) => desk.viewer.onward(&site, &format!("/alerts/{id}"), &w.acknowledged()),
        Ok(Err(Refused::Already)) => desk.viewer.onward(&site, &format!("/alerts/{id}"), &w.already()),
        Ok(Err(Refused::Word)) => {
            let mut faults = Faults::default();
            faults.add("word", w.word_wrong(WORD_CHARS));
            match draw(&desk, &id, &word, &faults).await {
                Ok(Some(content)) => desk.again(&Alerts(desk.language()).title(), content),
                other => desk.page("", other),
            }
        }
        Ok(Err(refused)) => desk.refuse(&refused),
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn close(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<AlertKeeper, Nothing>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let w = desk.words();
    let Some(number) = number(&id) else { return desk.viewer.not_found(&site) };
    match desk.act(move |a| a.close(number)).await {
        Ok(Ok(())) => desk.viewer.onward(&site, "/alerts", &w.closed_done()),
        Ok(Err(Refused::Already)) => desk.viewer.onward(&site, "/alerts", &w.already()),
        Ok(Err(refused)) => desk.refuse(&refused),
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

async fn draw(desk: &Desk<'_>, id: &str, word: &str, faults: &Faults) -> Result<Option<Markup>, ApiFault> {
    let Some(id) = number(id) else { return Ok(None) };
    let sight = desk.sight.clone();
    let found = desk.read(move |conn| {
        let alert = history::one(conn, id)?.filter(|a| sight.sees(a));
        let messages = if alert.is_some() && sight.keeps { outbox::of_alert(conn, id)? } else { Vec::new() };
        Ok(alert.map(|a| (a, messages)))
    });
    let Some((alert, messages)) = found.await? else { return Ok(None) };
    let messages = deliveries::messages(desk, &messages, true).await?;
    let w = desk.words();
    let title = format!("{} · {}", desk.rule(&alert.rule_name), desk.place(&alert));
    Ok(Some(html! {
        (Title::new(desk.language(), title).crumb("/alerts", Alerts(desk.language()).title())
            .aside(html! { (desk.severity(alert.severity)) " " (desk.state(&alert)) }))
        section.card {
            h2 { (w.figures()) }
            (told(desk, &alert))
            @if let Some(rows) = rows_behind(&alert, desk) { p { a href=(rows.0) { (rows.1) } } }
        }
        @if alert.acknowledged_ms.is_none() && desk.sight.acknowledges { (word_form(desk, &alert, word, faults)) }
        @if alert.is_open() && desk.sight.keeps {
            section.card {
                h2 { (w.close()) }
                p.hint { (w.close_hint()) }
                form method="post" action={ "/alerts/" (alert.id) "/close" } {
                    (desk.viewer.csrf())
                    (buttons(&[Button::submit(w.close())]))
                }
            }
        }
        @if let Some(messages) = messages { section.card { h2 { (w.deliveries()) } (messages) } }
    }))
}

fn told(desk: &Desk<'_>, alert: &Alert) -> Markup {
    let w = desk.words();
    let mut lines = vec![
        (w.figures_then(), html! { (desk.figures(&alert.raised_by)) }),
        (w.figures_now(), html! { (desk.figures(&alert.figures)) }),
        (w.kind(), html! { (alerts::condition(desk.language(), kind(&alert.figures))) }),
        (w.raised(), desk.moment(alert.raised_ms)),
    ];
    if alert.figures == alert.raised_by {
        lines.remove(1);
    }
    if !alert.is_open() {
        lines.push((w.closed(), desk.ending(alert)));
    }
    let seen = desk.seen(alert).unwrap_or_else(|| html! { (w.unseen()) });
    lines.push((w.acknowledged_label(), seen));
    particulars(lines)
}

const fn kind(figures: &Figures) -> &'static str {
    match figures {
        Figures::Level { .. } => "level",
        Figures::NegativeShare { .. } => "negative_share",
        Figures::Participation { .. } => "participation_drop",
        Figures::Silence { .. } => "silence",
        Figures::Tampering { .. } => "tampering",
    }
}

/// Statistics of the days that the figures are of, or the terminals.
fn rows_behind(alert: &Alert, desk: &Desk<'_>) -> Option<(String, String)> {
    let w = desk.words();
    let (from, to) = alert.raised_by.interval();
    let Some(from) = from else {
        return desk.who.may(Needed::Fleet).then(|| ("/fleet".to_owned(), w.terminals().into_owned()));
    };
    if !desk.who.may(Needed::Statistics) {
        return None;
    }
    let day = |ms: i64| {
        let stamp = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        desk.manner.zone.to_datetime(stamp).date()
    };
    let (dimension, by) = match alert.window {
        Some(_) => (Dimension::ServiceWindow, Dimension::Level),
        None => (Dimension::Hall, Dimension::ServiceWindow),
    };
    let query = Query {
        by: Some(by),
        from: day(from),
        to: day(to),
        filters: vec![Filter { dimension, values: vec![alert.subject().key()] }],
        order: Order::Key,
        min_n: desk.site.settings.min_ranked,
        unflagged_only: false,
    };
    Some((links::rows(&query), w.rows_behind().into_owned()))
}

fn word_form(desk: &Desk<'_>, alert: &Alert, word: &str, faults: &Faults) -> Markup {
    let w = desk.words();
    let max = u32::try_from(WORD_CHARS).unwrap_or(200);
    html! {
        section.card {
            h2 { (w.acknowledge()) }
            (faults.summary(desk.language()))
            form.form method="post" action={ "/alerts/" (alert.id) "/acknowledge" } {
                (desk.viewer.csrf())
                (Field::text("word", w.word()).hint(w.word_hint(WORD_CHARS)).value(word).max(max).faults(faults))
                (buttons(&[Button::submit(w.acknowledge()).primary(), Button::link("/alerts", w.back_to_alerts())]))
            }
        }
    }
}
