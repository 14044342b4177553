//! The form that calls a selection.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};

use super::super::acts::Refused;
use super::super::rules::SelectionsRules;
use super::{Desk, Pairs, field};
use crate::centre::access::{Posted, SelectionKeeper, Signed};
use crate::centre::dashboard::components::{Button, Choice, Faults, Field, Notice, Tick, Title, buttons, fieldset};
use crate::centre::error::ApiFault;
use crate::centre::rules::{self, RuleSet as _};
use crate::centre::site::Site;
use crate::domain::appraisal::{Period, Source};
use crate::domain::board::HonourKind;
use crate::domain::id::HallId;
use crate::domain::selection::{ELECTED, Occasion, Terms, TermsFault, limits};
use crate::words::common;
use crate::words::selections::{self as words, SelectionRules};

pub async fn form(State(site): State<Arc<Site>>, signed: Signed<SelectionKeeper>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let (version, rules) = defaults(&desk).await?;
        Ok(drawn(&desk, version, &fresh(&desk, &rules), &Faults::default(), None))
    };
    desk.page(&desk.words().call(), content.await)
}

pub async fn call(State(site): State<Arc<Site>>, posted: Posted<SelectionKeeper, Pairs>) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let title = desk.words().call();
    let (version, _) = match defaults(&desk).await {
        Ok(found) => found,
        Err(fault) => return desk.viewer.refuse(&site, &fault),
    };
    let terms = match terms(&desk, &posted.form, version) {
        Ok(terms) => terms,
        Err(faults) => return desk.again(&title, drawn(&desk, version, &posted.form, &faults, None)),
    };
    match desk.act(move |a| a.call(terms)).await {
        Ok(Ok(id)) => desk.viewer.onward(
            &site,
            &format!("/selections/{id}"),
            words::state(desk.language(), crate::domain::selection::State::Draft),
        ),
        Ok(Err(refused @ (Refused::Foreign | Refused::Full))) => {
            let said = desk.sentence(&refused, None);
            desk.again(&title, drawn(&desk, version, &posted.form, &Faults::default(), said))
        }
        Ok(Err(refused)) => desk.refuse(&refused),
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

async fn defaults(desk: &Desk<'_>) -> Result<(u32, SelectionsRules), ApiFault> {
    let read = desk.read(|conn| {
        let (version, values) = rules::values(conn, &SelectionsRules::SET)?;
        Ok((version, SelectionsRules::read(&values)))
    });
    read.await
}

/// The month that ended last, and what the house has set.
fn fresh(desk: &Desk<'_>, rules: &SelectionsRules) -> Pairs {
    let to = desk.today.first_of_month().saturating_sub(1.day());
    let mut pairs: Pairs = vec![
        ("honour".to_owned(), HonourKind::ServiceExemplar.code().to_owned()),
        ("occasion".to_owned(), Occasion::Ordinary.code().to_owned()),
        ("from".to_owned(), to.first_of_month().to_string()),
        ("to".to_owned(), to.to_string()),
        ("seats".to_owned(), rules.seats.to_string()),
        ("min_n".to_owned(), rules.min_n.to_string()),
        ("min_cover".to_owned(), rules.min_cover.to_string()),
        ("notice_days".to_owned(), rules.notice_days.to_string()),
        ("quorum".to_owned(), rules.quorum.to_string()),
    ];
    if rules.no_open_serious {
        pairs.push(("no_open_serious".to_owned(), "yes".to_owned()));
    }
    for source in Source::ALL {
        let weight = rules.weights.get(source).copied().unwrap_or(0);
        pairs.push((format!("weight_{}", source.code()), weight.to_string()));
    }
    if let [(only, _)] = desk.own_halls().as_slice() {
        pairs.push(("hall".to_owned(), only.clone()));
    }
    pairs
}

/// What was typed, or every fault at its field.
fn terms(desk: &Desk<'_>, pairs: &Pairs, version: u32) -> Result<Terms, Faults> {
    let mut faults = Faults::default();
    let day = |name: &str| field(pairs, name).parse::<Date>().ok().filter(|d| (2000..=2200).contains(&d.year()));
    let (from, to) = (day("from"), day("to"));
    let period = match (from, to) {
        (Some(from), Some(to)) => Period { from, to },
        // Its end before its beginning: told as a wrong period.
        _ => Period { from: Date::MAX, to: Date::MIN },
    };
    let mut halls: Vec<HallId> =
        pairs.iter().filter(|(n, _)| n == "hall").filter_map(|(_, v)| HallId::new(v).ok()).collect();
    halls.retain(|hall| desk.site.boards.get().hall(hall).is_some());
    halls.sort();
    halls.dedup();
    let weight = |source: &Source| {
        let weight = field(pairs, &format!("weight_{}", source.code())).parse().unwrap_or(0);
        (*source, weight)
    };
    let terms = Terms {
        title: field(pairs, "title").to_owned(),
        occasion: Occasion::from_code(field(pairs, "occasion")).unwrap_or(Occasion::Ordinary),
        // One that is not elected is told as such.
        honour: HonourKind::from_code(field(pairs, "honour")).unwrap_or(HonourKind::PostExpert),
        halls,
        period,
        seats: field(pairs, "seats").parse().unwrap_or(0),
        min_n: field(pairs, "min_n").parse().unwrap_or(u64::MAX),
        min_cover: field(pairs, "min_cover").parse().unwrap_or(u8::MAX),
        no_open_serious: field(pairs, "no_open_serious") == "yes",
        weights: Source::ALL.iter().map(weight).filter(|(_, w)| *w > 0).collect(),
        notice_days: field(pairs, "notice_days").parse().unwrap_or(0),
        quorum: field(pairs, "quorum").parse().unwrap_or(0),
        rules_version: version,
    };
    for fault in terms.faults() {
        faults.add(place_of(&fault), words::term(desk.language(), &fault));
    }
    if faults.is_empty() { Ok(terms) } else { Err(faults) }
}

fn place_of(fault: &TermsFault) -> &'static str {
    match fault {
        TermsFault::Title(_) => "title",
        TermsFault::Honour => "honour",
        TermsFault::Halls => "halls",
        TermsFault::Period => "to",
        TermsFault::Seats => "seats",
        TermsFault::MinN => "min_n",
        TermsFault::MinCover => "min_cover",
        TermsFault::Weights(_) => "weights",
        TermsFault::NoticeDays => "notice_days",
        TermsFault::Quorum => "quorum",
    }
}

fn drawn(desk: &Desk<'_>, version: u32, typed: &Pairs, faults: &Faults, said: Option<String>) -> Markup {
    let (w, r, language) = (desk.words(), SelectionRules(desk.language()), desk.language());
    let max = u32::try_from(limits::TITLE_CHARS).unwrap_or(60);
    let number =
        |name: &'static str, label: std::borrow::Cow<'static, str>, hint: std::borrow::Cow<'static, str>, most: u64| {
            Field::number(name, label)
                .hint(hint)
                .value(field(typed, name).to_owned())
                .within("0", most.to_string())
                .faults(faults)
        };
    let honours = ELECTED.map(|h| (h.code(), common::honour(language, h)));
    let occasions = [(Occasion::Ordinary.code(), w.ordinary()), (Occasion::YearEnd.code(), w.year_end())];
    html! {
        (Title::new(language, w.call()).crumb("/selections", w.title()).lead(w.call_lead()))
        @if let Some(said) = said { (Notice::bad(said)) }
        section.card {
            (faults.summary(language))
            form.form method="post" action="/selections/new" {
                (desk.viewer.csrf())
                (Field::text("title", w.name()).value(field(typed, "title")).max(max).faults(faults))
                (Choice::new("honour", w.honour(), honours).chosen(field(typed, "honour")).faults(faults))
                (Choice::new("occasion", w.occasion(), occasions).chosen(field(typed, "occasion")))
                (fieldset("halls", &w.halls(), faults.of("halls"), &html! {
                    @for (id, name) in desk.own_halls() {
                        @let ticked = typed.iter().any(|(n, v)| n == "hall" && *v == id);
                        (Tick::check("hall", id, name, ticked))
                    }
                }))
                div.fields {
                    (Field::date("from", w.from()).value(field(typed, "from")).faults(faults))
                    (Field::date("to", w.to()).value(field(typed, "to")).faults(faults))
                }
                div.fields {
                    (number("seats", r.seats(), r.seats_hint(), u64::from(limits::SEATS)))
                    (number("notice_days", r.notice_days(), r.notice_days_hint(), u64::from(limits::NOTICE_DAYS)))
                    (number("quorum", r.quorum(), r.quorum_hint(), u64::from(limits::QUORUM)))
                }
                div.fields {
                    (number("min_n", r.min_n(), r.min_n_hint(), limits::MIN_N))
                    (number("min_cover", r.min_cover(), r.min_cover_hint(), 100))
                }
                (Tick::check("no_open_serious", "yes", r.no_open_serious(), field(typed, "no_open_serious") == "yes"))
                (fieldset("weights", &w.weights(), faults.of("weights"), &html! {
                    p.hint { (r.weight_hint()) " " (w.defaults_from(version)) }
                    div.fields {
                        @for source in Source::ALL {
                            @let name = format!("weight_{}", source.code());
                            (Field::number(&name, words::source(language, *source)).value(field(typed, &name)).within("0", "100"))
                        }
                    }
                }))
                (buttons(&[Button::submit(w.call()).primary(), Button::link("/selections", w.cancel())]))
            }
        }
    }
}
