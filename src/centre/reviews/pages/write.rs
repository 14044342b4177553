//! Writing a review.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::about::About;
use super::super::leader::{self, ReviewFault, Said, TEXT_CHARS};
use super::super::rules::ReviewRules;
use super::{LIST, fault_of, period};
use crate::centre::access::{Posted, Reviewer, Signed};
use crate::centre::dashboard::components::{Button, Choice, Empty, Faults, Field, Title, buttons};
use crate::centre::dashboard::links::escaped;
use crate::centre::error::ApiFault;
use crate::centre::paging::{Paging, field, lines};
use crate::centre::rules;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::appraisal::Subject;
use crate::domain::board::Board;
use crate::domain::id::HallId;
use crate::domain::named_period::NamedPeriod;
use crate::words::reviews::Reviews;

/// Choices of one list.
const MOST_CHOICES: usize = 3_000;

pub async fn new(
    State(site): State<Arc<Site>>,
    signed: Signed<Reviewer>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let today = at.today();
    let mut typed = pairs.clone();
    if field(&typed, "period").is_empty() {
        typed.push(("period".to_owned(), NamedPeriod::month_of(today).code()));
    }
    let content = page(&at, &typed, &Faults::default()).await;
    at.page(&Reviews(at.language()).write(), content)
}

/// The hall is that of what the review is about, the one asked for, or the only one.
fn hall_of(at: &Paging<'_>, typed: &Pairs) -> Option<Option<HallId>> {
    let about = About::of_key(field(typed, "about")).map(|a| a.hall().clone());
    let asked = about.or_else(|| HallId::new(field(typed, "hall")).ok());
    match asked {
        Some(hall) => at.board(&hall).map(|_| Some(hall)),
        None => {
            let halls = at.halls();
            Some(if halls.len() == 1 { halls.into_iter().next().map(|(id, _)| id) } else { None })
        }
    }
}

async fn page(at: &Paging<'_>, typed: &Pairs, faults: &Faults) -> Result<Option<Markup>, ApiFault> {
    let (w, language) = (Reviews(at.language()), at.language());
    let Some(hall) = hall_of(at, typed) else { return Ok(None) };
    let title = Title::new(language, w.write()).crumb(LIST, w.title()).lead(w.write_lead());
    let Some((hall, board)) = hall.and_then(|hall| at.board(&hall).map(|board| (hall, board))) else {
        let halls = at.halls();
        return Ok(Some(html! {
            (title)
            section.card {
                h2 { (w.choose_hall()) }
                @if halls.is_empty() { (Empty::new(w.no_hall(), "")) }
                ul { @for (id, name) in &halls { li { a href={ (LIST) "/new?hall=" (escaped(id.as_str())) } { (name) } } } }
            }
        }));
    };
    let rules: ReviewRules = at.read(rules::current).await?;
    let choices = choices(at, &hall, &board);
    let periods = NamedPeriod::choices(at.today()).into_iter().map(|p| (p.code(), period(language, p)));
    let max = u32::try_from(TEXT_CHARS).unwrap_or(1_000);
    let scale = rules.scale;
    Ok(Some(html! {
        (title)
        section.card {
            (faults.summary(language))
            form.form method="post" action={ (LIST) "/new" } {
                (at.viewer.csrf())
                input type="hidden" name="hall" value=(hall);
                (Choice::new("about", w.about_in(&board_name(&board, at)), choices).chosen(field(typed, "about").to_owned()).faults(faults))
                (Choice::new("period", w.period(), periods).chosen(field(typed, "period").to_owned()).faults(faults))
                (Field::number("score", w.score()).hint(w.score_hint(scale)).value(field(typed, "score")).within("0", scale.to_string()).faults(faults))
                (Field::area("text", w.text(), 6).hint(w.text_hint()).value(field(typed, "text")).max(max).faults(faults))
                (buttons(&[Button::submit(w.save()).primary(), Button::link(LIST, w.cancel())]))
            }
        }
    }))
}

fn board_name(board: &Board, at: &Paging<'_>) -> String {
    board.hall.name.get(at.language().is_english()).to_owned()
}

/// Windows, people and pledges of a hall, each with its kind before it.
fn choices(at: &Paging<'_>, hall: &HallId, board: &Board) -> Vec<(String, String)> {
    let (w, language) = (Reviews(at.language()), at.language());
    let windows = board.windows.iter().map(|window| {
        let about = About::Of(Subject::ServiceWindow { hall: hall.clone(), service_window: window.id.clone() });
        (about.key(), w.a_window(&at.site.window_name(hall, &window.id, language)))
    });
    let people = board.staff.iter().map(|card| {
        let about = About::Of(Subject::Staff { hall: hall.clone(), staff_no: card.staff_no.clone() });
        (about.key(), w.a_person(&format!("{} {}", card.name, card.staff_no)))
    });
    let pledges = board.pledges.iter().map(|pledge| {
        let about = About::Pledge { hall: hall.clone(), pledge: pledge.id.clone() };
        (about.key(), w.a_pledge(pledge.text.get(language.is_english())))
    });
    windows.chain(people).chain(pledges).take(MOST_CHOICES).map(|(key, name)| (key, name.into_owned())).collect()
}

pub async fn add(State(site): State<Arc<Site>>, posted: Posted<Reviewer, Pairs>) -> Response {
    let at = Paging { site: &site, viewer: &posted.viewer, who: &posted.who };
    let w = Reviews(at.language());
    let (form, mut faults) = (&posted.form, Faults::default());
    let about = About::of_key(field(form, "about")).filter(|a| at.board(a.hall()).is_some_and(|b| a.is_on(&b)));
    let period = NamedPeriod::parse(field(form, "period"));
    let (Some(about), Some(period)) = (about, period) else {
        faults.add("about", w.choose_about());
        return again(&at, form, &faults).await;
    };
    let Some(said) = said(form, w, &mut faults) else { return again(&at, form, &faults).await };
    let counts_for = at.board(about.hall()).and_then(|board| about.counts_for(&board));
    let today = at.today();
    let written =
        at.act(move |tx, who, now| leader::write(tx, (&about, counts_for.as_ref(), period), &said, who, now, today));
    match written.await {
        Ok(Ok(id)) => posted.viewer.onward(&site, &format!("{LIST}/{id}"), &w.saved()),
        Ok(Err(ReviewFault::Exists(id))) => {
            // What was typed would be lost on the way: the form says where the other one is.
            faults.add("about", w.exists(id));
            again(&at, form, &faults).await
        }
        Ok(Err(fault)) => match place(w, &fault) {
            Some((name, sentence)) => {
                faults.add(name, sentence);
                again(&at, form, &faults).await
            }
            None => at.refuse(&fault_of(&fault)),
        },
        Err(fault) => at.refuse(&fault),
    }
}

async fn again(at: &Paging<'_>, typed: &Pairs, faults: &Faults) -> Response {
    let title = Reviews(at.language()).write();
    match page(at, typed, faults).await {
        Ok(Some(content)) => at.again(&title, content),
        // The hall is not theirs.
        Ok(None) => at.page(&title, Ok(None)),
        Err(fault) => at.refuse(&fault),
    }
}

/// What was typed as text and score; a score that is no number is a fault.
pub fn said(form: &Pairs, w: Reviews, faults: &mut Faults) -> Option<Said> {
    match field(form, "score").parse() {
        Ok(score) => Some(Said { text: lines(field(form, "text")), score }),
        Err(_) => {
            faults.add("score", w.score_fault());
            None
        }
    }
}

/// The field that a refusal is about, with the sentence.
pub fn place(w: Reviews, fault: &ReviewFault) -> Option<(&'static str, String)> {
    let (name, sentence) = match fault {
        ReviewFault::Text(_) => ("text", w.text_fault(TEXT_CHARS)),
        ReviewFault::Why(_) => ("why", w.why_fault(leader::WHY_CHARS)),
        ReviewFault::Score(scale) => ("score", w.score_hint(*scale)),
        ReviewFault::Ahead => ("period", w.ahead()),
        _ => return None,
    };
    Some((name, sentence.into_owned()))
}
