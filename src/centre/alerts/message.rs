//! What leaves the centre: JSON for programs, a text for people. Pure.
//!
//! **Invariant of absence:** an event is made of figures, names of places and the rule's name. No words of citizens, no
//! staff, no person's name is in reach of this module.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::decide::Figures;
use super::history::Alert;
use super::outbox::AlertEvent;
use crate::domain::query::Rate;
use crate::domain::time::WallMs;
use crate::words::Language;
use crate::words::alerts::{Alerts, rule_name};
use crate::words::fleet::alarm_kind;

/// The version of the JSON.
const VERSION: u8 = 1;

/// A place by its codes and its names in the receiver's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceNamed {
    pub hall: String,
    pub hall_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_name: Option<String>,
}

impl PlaceNamed {
    /// `示例市政务服务中心 3 号 医疗保障`
    pub fn text(&self, language: Language) -> String {
        let window = self.window_name.clone().unwrap_or_else(|| Alerts(language).whole_hall().into_owned());
        format!("{} · {window}", self.hall_name)
    }
}

/// One thing to tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Of the outbox: the same in every try, so that a receiver may know a message again.
    pub id: i64,
    pub event: AlertEvent,
    /// None: a test.
    pub alert: Option<(Alert, PlaceNamed)>,
}

/// The body of a webhook's request.
#[derive(Serialize)]
struct Body<'a> {
    version: u8,
    sent_ms: i64,
    events: Vec<EventBody<'a>>,
}

#[derive(Serialize)]
struct EventBody<'a> {
    id: i64,
    event: AlertEvent,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert: Option<AlertBody<'a>>,
}

#[derive(Serialize)]
struct AlertBody<'a> {
    id: i64,
    rule: i64,
    rule_name: &'a str,
    severity: &'a str,
    #[serde(flatten)]
    place: &'a PlaceNamed,
    figures: &'a Figures,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<Rate>,
    raised_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_ms: Option<i64>,
    text: String,
    link: String,
}

/// How times and links are written.
#[derive(Debug, Clone)]
pub struct Manner {
    pub language: Language,
    pub zone: TimeZone,
    /// `https://pj.example.gov.cn`
    pub address: String,
}

/// The JSON of a webhook.
pub fn json(told: &[Told], manner: &Manner, now: WallMs) -> Vec<u8> {
    let events = told
        .iter()
        .map(|t| EventBody {
            id: t.id,
            event: t.event,
            alert: t.alert.as_ref().map(|(alert, place)| {
                let figures = shown(t.event, alert);
                AlertBody {
                    id: alert.id,
                    rule: alert.rule,
                    rule_name: &alert.rule_name,
                    severity: alert.severity.code(),
                    place,
                    figures,
                    n: figures.rate().map(|(_, n)| n),
                    rate: figures.rate().map(|(rate, _)| rate),
                    raised_ms: alert.raised_ms.0,
                    closed_ms: alert.closed_ms.map(|c| c.0),
                    text: said(figures, manner),
                    link: link(alert.id, manner),
                }
            }),
        })
        .collect();
    // Plain structs of texts and numbers always serialise.
    serde_json::to_vec(&Body { version: VERSION, sent_ms: now.0, events }).unwrap_or_default()
}

/// A mail's subject and text.
pub fn mail(told: &[Told], manner: &Manner) -> (String, String) {
    let w = Alerts(manner.language);
    let subject = match told {
        [one] => subject(one, manner.language),
        many => w.subject_many(many.len()).into_owned(),
    };
    let mut body = String::new();
    for one in told {
        body.push_str(&paragraph(one, manner));
        body.push_str("\n\n");
    }
    body.push_str("--\n");
    body.push_str(&w.body_footer());
    body.push('\n');
    (subject, body)
}

fn subject(told: &Told, language: Language) -> String {
    let w = Alerts(language);
    let Some((alert, place)) = &told.alert else { return w.subject_test().into_owned() };
    let place = place.text(language);
    match told.event {
        AlertEvent::Closed => w.subject_closed(&rule_name(language, &alert.rule_name), &place).into_owned(),
        AlertEvent::Raised | AlertEvent::Test => {
            w.subject_raised(&severity(alert, language), &rule_name(language, &alert.rule_name), &place).into_owned()
        }
    }
}

fn severity(alert: &Alert, language: Language) -> String {
    let w = Alerts(language);
    match alert.severity {
        super::rule::Severity::Severe => w.severe(),
        super::rule::Severity::Notice => w.notice(),
    }
    .into_owned()
}

fn paragraph(told: &Told, manner: &Manner) -> String {
    let w = Alerts(manner.language);
    let Some((alert, place)) = &told.alert else { return w.body_test().into_owned() };
    let place = place.text(manner.language);
    let rule = rule_name(manner.language, &alert.rule_name);
    let first = match (told.event, alert.closed_ms) {
        (AlertEvent::Closed, Some(closed)) => w.body_closed(&rule, &place, &moment(closed.0, manner)),
        _ => w.body_raised(&rule, &place, &moment(alert.raised_ms.0, manner)),
    };
    format!("{first}\n{}\n{}", said(shown(told.event, alert), manner), w.body_link(&link(alert.id, manner)))
}

/// What raised it while it is raised, what was measured last when it is over.
fn shown(event: AlertEvent, alert: &Alert) -> &Figures {
    if event == AlertEvent::Closed { &alert.figures } else { &alert.raised_by }
}

fn link(alert: i64, manner: &Manner) -> String {
    format!("{}/alerts/{alert}", manner.address)
}

/// Figures as a sentence: with n, the share, its interval, and the time they are of.
pub fn said(figures: &Figures, manner: &Manner) -> String {
    let w = Alerts(manner.language);
    let share = figures.rate().map(|(rate, _)| percent(rate.value)).unwrap_or_default();
    let sentence = match figures {
        Figures::Level { hits, n, .. } => w.said_level(&hits.to_string(), &n.to_string()),
        Figures::NegativeShare { negative, n, .. } => w.said_share(&negative.to_string(), &n.to_string(), &share),
        Figures::Participation { rated, served, usual_rated, usual_served, .. } => {
            let usual = percent(*usual_rated as f64 / (*usual_served).max(1) as f64);
            w.said_participation(&rated.to_string(), &served.to_string(), &share, &usual)
        }
        Figures::Silence { kiosks, longest_minutes, .. } => w.said_silence(*kiosks, *longest_minutes),
        Figures::Tampering { alarms, kinds, .. } => {
            let names: Vec<_> = kinds.iter().map(|code| alarm_kind(manner.language, code)).collect();
            w.said_tampering(*alarms, &names.join(if manner.language.is_english() { ", " } else { "、" }))
        }
    };
    let mut parts = vec![sentence.into_owned()];
    if let Some((rate, _)) = figures.rate() {
        parts.push(w.interval(&percent(rate.low), &percent(rate.high)).into_owned());
    }
    parts.push(match figures.interval() {
        (Some(from), to) => {
            let (from, to) = (moment(from, manner), moment(to, manner));
            match (from.split_once(' '), to.split_once(' ')) {
                // One day is named once.
                (Some((day, _)), Some((same, hour))) if day == same => format!("{from}–{hour}"),
                _ => w.between(&from, &to).into_owned(),
            }
        }
        (None, to) => w.as_of(&moment(to, manner)).into_owned(),
    });
    let english = manner.language.is_english();
    parts.join(if english { "; " } else { "；" })
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// A moment in the centre's zone.
pub fn moment(ms: i64, manner: &Manner) -> String {
    let stamp = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    manner.zone.to_datetime(stamp).strftime("%F %H:%M").to_string()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::rule::Severity;
    use super::*;
    use crate::domain::id::{HallId, WindowId};

    const RAISED: WallMs = WallMs(1_795_500_000_000);

    pub fn told(event: AlertEvent) -> Told {
        let from_ms = RAISED.plus_ms(-900_000).0;
        let figures = Figures::NegativeShare { negative: 3, n: 4, from_ms, to_ms: RAISED.0 };
        let alert = Alert {
            id: 12,
            rule: 1,
            rule_name: "差评集中".to_owned(),
            severity: Severity::Severe,
            hall: HallId::new("QL01").unwrap(),
            window: WindowId::new("W03").ok(),
            raised_by: figures.clone(),
            figures,
            raised_ms: RAISED,
            renewed_ms: RAISED,
            closed_ms: (event == AlertEvent::Closed).then_some(RAISED.plus_ms(600_000)),
            ending: None,
            closed_by: Some("王某某".to_owned()),
            acknowledged_ms: None,
            acknowledged_by: Some("王某某".to_owned()),
            word: Some("内部的话".to_owned()),
        };
        let place = PlaceNamed {
            hall: "QL01".to_owned(),
            hall_name: "政务大厅".to_owned(),
            window: Some("W03".to_owned()),
            window_name: Some("3 号 医保".to_owned()),
        };
        Told { id: 31, event, alert: (event != AlertEvent::Test).then_some((alert, place)) }
    }

    pub fn manner(language: Language) -> Manner {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        Manner { language, zone, address: "https://pj.example.gov.cn".to_owned() }
    }

    #[test]
    fn a_mail_says_what_where_when_with_figures_and_a_link() {
        let (subject, body) = mail(&[told(AlertEvent::Raised)], &manner(Language::Zh));
        assert_eq!(subject, "[评议·严重] 差评集中：政务大厅 · 3 号 医保");
        for part in
            ["2026-11-24 14:00", "4 次评价中差评 3 次（75.0%）", "95% 区间 30.1%–95.4%", "2026-11-24 13:45–14:00"]
        {
            assert!(body.contains(part), "{part} is not in:\n{body}");
        }
        assert!(body.contains("https://pj.example.gov.cn/alerts/12"));
        let (subject, body) = mail(&[told(AlertEvent::Closed), told(AlertEvent::Test)], &manner(Language::En));
        assert_eq!(subject, "[Pingyi] 2 alert messages");
        assert!(body.contains("is over") && body.contains("This is a test"), "{body}");
    }

    #[test]
    fn a_webhook_carries_codes_names_figures_and_nobody() {
        let bytes = json(&[told(AlertEvent::Raised), told(AlertEvent::Test)], &manner(Language::Zh), RAISED);
        let body: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let alert = &body["events"][0]["alert"];
        assert_eq!((&alert["hall"], &alert["window"], &alert["n"]), (&"QL01".into(), &"W03".into(), &4.into()));
        assert_eq!((&alert["figures"]["negative"], &alert["rate"]["value"]), (&3.into(), &0.75.into()));
        assert!(body["events"][1].get("alert").is_none() && body["events"][1]["event"] == "test");
        let text = String::from_utf8(bytes).unwrap();
        for inside in ["王某某", "内部的话"] {
            assert!(
                !text.contains(inside) && !mail(&[told(AlertEvent::Raised)], &manner(Language::Zh)).1.contains(inside)
            );
        }
    }
}
