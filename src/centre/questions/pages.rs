//! Answers the statistics page and its files.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::cross::Cross;
use super::drill::Driller;
use super::export::{self, Answered};
use super::question::{Question, Wanted};
use super::saved::{self, SavedQuestion};
use super::view::{View, view};
use crate::centre::access::{Signed, StatisticsReader, Viewer, Who};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::api::{Pairs, Reading, defaults};
use crate::centre::statistics::asked::Format;
use crate::domain::query::{Answer, Dimension, Query};
use crate::domain::role::{Need, Role};
use crate::words::questions::Questions;

pub async fn show(
    State(site): State<Arc<Site>>,
    Signed { handle: reader, who, viewer }: Signed<StatisticsReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    answer(&site, reader, &who, &viewer, pairs).await.unwrap_or_else(|fault| viewer.refuse(&site, &fault))
}

/// What one question's page or file is made of.
struct Found {
    answer: Answer,
    before: Option<Answer>,
    cross: Option<Cross>,
    left_out: Option<u64>,
    nothing_before: bool,
}

async fn answer(
    site: &Arc<Site>,
    reader: StatisticsReader,
    who: &Who,
    viewer: &Viewer,
    pairs: Pairs,
) -> Result<Response, ApiFault> {
    let wants_file = pairs.iter().any(|(name, _)| name == "format");
    let bare = pairs.iter().all(|(name, _)| name == "lang");
    let wanted = Wanted::from_pairs(pairs, defaults(site, viewer.language))?;
    if wanted.from_form {
        return Ok(Redirect::to(&wanted.question.address()).into_response());
    }
    let full = full_windows(site, who);
    let full_window = |plain: &str| full.get(plain).cloned().flatten();
    let boards = site.boards.get();
    let halls = boards.all_known().filter(|b| who.reach.covers(&b.hall.id)).count();
    let (entries, own_only) = (who.may(Need::Entries), reader.only_staff.is_some());
    let driller = Driller { entries, own_only, one_hall: halls < 2, full_window: &full_window };
    let question = if bare { first_question(wanted.question, driller.own_only) } else { wanted.question };
    let reading = Reading::new(site, reader, viewer.language);
    let found = find(site, &reading, &question, wants_file).await?;
    let labels = reading.labels();
    if wants_file && wanted.format != Format::Json {
        reading.note_export(site, &question.encoded(), wanted.format).await?;
        let Found { answer, before, cross, left_out, .. } = &found;
        let (before, cross, left_out) = (before.as_ref(), cross.as_ref(), *left_out);
        let answered = Answered { question: &question, answer, before, cross, labels, left_out };
        let (grid, about) = (export::grid(&answered), export::about(&answered, reading.asking()));
        return reading.write_file(answer, &grid, &about, wanted.format);
    }
    let saved = saved(site, who).await?;
    let view_of = View {
        question: &question,
        answer: &found.answer,
        before: found.before.as_ref(),
        cross: found.cross.as_ref(),
        labels,
        driller,
        left_out: found.left_out,
        nothing_before: found.nothing_before,
        bare,
        saved: &saved,
        shares: who.role != Role::Staff,
        csrf: viewer.csrf(),
    };
    let title = if bare { Questions(viewer.language).title().into_owned() } else { view_of.heading() };
    Ok(viewer.page(site, &title, view(&view_of)))
}

/// Windows by rank for whoever answers for them, days for whoever sees themselves.
fn first_question(question: Question, own_only: bool) -> Question {
    question.grouped(if own_only { Dimension::Day } else { Dimension::ServiceWindow })
}

/// `hall/window` by plain id, of the halls that somebody reaches; what two halls have is left out.
fn full_windows(site: &Site, who: &Who) -> BTreeMap<String, Option<String>> {
    let mut full = BTreeMap::new();
    for board in site.boards.get().all_known().filter(|b| who.reach.covers(&b.hall.id)) {
        for window in &board.windows {
            let name = format!("{}/{}", board.hall.id, window.id);
            full.entry(window.id.to_string()).and_modify(|known| *known = None).or_insert(Some(name));
        }
    }
    full
}

async fn find(site: &Arc<Site>, reading: &Reading, question: &Question, all: bool) -> Result<Found, ApiFault> {
    let mut queries = vec![question.query.clone()];
    queries.extend(question.earlier());
    let compared = queries.len() > 1;
    if question.query.unflagged_only {
        queries.push(Query { by: None, unflagged_only: false, ..question.query.clone() });
    }
    let mut answers = reading.ask_each(site, queries).await?.into_iter();
    let answer = answers.next().ok_or_else(|| ApiFault::because(ErrorCode::Internal, &"no answer to a question"))?;
    let before = if compared { answers.next() } else { None };
    // A column of dashes says less than a sentence.
    let nothing_before = before.as_ref().is_some_and(|b| b.total.n == Some(0));
    let before = before.filter(|_| !nothing_before);
    let left_out = answers.next().and_then(|all| all.total.flagged);
    let cross = match question.query.by.zip(question.and) {
        Some(both) => Some(Cross::ask(site, reading, &question.query, both, Some(&answer).filter(|_| !all)).await?),
        None => None,
    };
    Ok(Found { answer, before, cross, left_out, nothing_before })
}

async fn saved(site: &Site, who: &Who) -> Result<Vec<SavedQuestion>, ApiFault> {
    let who = who.clone();
    let read = site.readers.read(move |conn| saved::list(conn, &who)).await?;
    read.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}
