//! What staff see: rounds they may vote in, colleagues, the form of one vote. Never who voted what.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::acts::{PeerFault, cast};
use super::store::{self, Round};
use crate::centre::access::{PeerVoter, Posted, Signed};
use crate::centre::dashboard::components::{
    Button, Empty, Faults, Notice, State as Badge, Table, Tick, Title, Tone, buttons, fieldset,
};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::paging::{Paging, field};
use crate::centre::reviews::number;
use crate::centre::site::Site;
use crate::domain::id::StaffNo;
use crate::domain::peer::{Person, RoundState, VoteFault};
use crate::words::reviews::Peer;

type Pairs = Vec<(String, String)>;

/// A round as somebody who votes in it finds it.
struct Mine {
    round: Round,
    /// Whom they vote on.
    colleagues: Vec<Person>,
    done: Vec<StaffNo>,
}

impl Mine {
    fn left(&self) -> usize {
        self.colleagues.iter().filter(|p| !self.done.contains(&p.staff_no)).count()
    }
}

pub async fn rounds(State(site): State<Arc<Site>>, signed: Signed<PeerVoter>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let w = Peer(at.language());
    let (me, reach) = (signed.handle.staff_no.clone(), signed.who.reach.clone());
    let read = move |conn: &rusqlite::Connection| {
        let rounds = store::of_halls(conn, reach.halls())?;
        rounds.into_iter().filter_map(|round| mine(conn, round, &me).transpose()).collect::<Result<Vec<_>, _>>()
    };
    let content = at.read(read).await.map(|all| Some(list(&at, &all)));
    at.page(&w.title(), content)
}

fn list(at: &Paging<'_>, all: &[Mine]) -> Markup {
    let (w, today) = (Peer(at.language()), at.today());
    let mut table = Table::new(at.language(), w.rounds())
        .column(w.round())
        .column(w.days())
        .column(w.state())
        .column(w.left_to_vote())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.no_round(), w.no_round_advice()));
    for mine in all {
        let (round, state) = (&mine.round, mine.round.voting.state(today));
        let (left, of) = (mine.left(), mine.colleagues.len());
        table.row([
            html! {
                @if state == RoundState::Open { a href={ "/peer/" (round.id) } { (round.title) } } @else { (round.title) }
            },
            html! { (w.from_to(&round.voting.from.to_string(), &round.voting.ended().to_string())) },
            html! { (badge(w, state)) },
            html! {
                @if state != RoundState::Open { "–" }
                @else if left == 0 { (w.all_voted()) }
                @else { (w.left(left, of)) }
            },
        ]);
    }
    html! {
        (Title::new(at.language(), w.title()).lead(w.lead()))
        section.card { (table) p.hint { (w.results_on_me()) } }
    }
}

/// The state of a round.
pub fn badge(w: Peer, state: RoundState) -> Badge<'static> {
    match state {
        RoundState::Ahead => Badge::new(Tone::Note, w.ahead()),
        RoundState::Open => Badge::new(Tone::Busy, w.open()),
        RoundState::Closed => Badge::new(Tone::Off, w.closed()),
    }
}

pub async fn colleagues(State(site): State<Arc<Site>>, signed: Signed<PeerVoter>, Path(id): Path<String>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let found = found(&at, &signed.handle, &id).await;
    let title = found.as_ref().ok().and_then(Option::as_ref).map_or_else(String::new, |m| m.round.title.clone());
    at.page(&title, found.map(|found| found.map(|mine| ballots(&at, &mine))))
}

fn ballots(at: &Paging<'_>, mine: &Mine) -> Markup {
    let w = Peer(at.language());
    let round = &mine.round;
    let open = round.voting.state(at.today()) == RoundState::Open;
    let mut table = Table::new(at.language(), w.colleagues())
        .column(w.colleague())
        .column(w.state())
        .column(w.vote())
        .quiet()
        .stacked();
    for person in &mine.colleagues {
        let done = mine.done.contains(&person.staff_no);
        let name = format!("{} {}", person.name, person.staff_no);
        table.row([
            html! { (name) },
            html! {
                @if done { (Badge::new(Tone::Good, w.voted())) } @else { (Badge::new(Tone::Note, w.not_voted())) }
            },
            html! {
                @if !done && open {
                    (Button::link(format!("/peer/{}/{}", round.id, person.staff_no), w.vote()).small().about(name.as_str()))
                } @else { "–" }
            },
        ]);
    }
    html! {
        (Title::new(at.language(), round.title.as_str()).crumb("/peer", w.title())
            .lead(w.from_to(&round.voting.from.to_string(), &round.voting.ended().to_string()))
            .aside(html! { (badge(w, round.voting.state(at.today()))) }))
        (Notice::note(w.anonymous()).advice(w.anonymous_how()).standing())
        section.card { (table) }
    }
}

pub async fn ballot(
    State(site): State<Arc<Site>>,
    signed: Signed<PeerVoter>,
    Path((id, staff)): Path<(String, String)>,
) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let found = found(&at, &signed.handle, &id).await;
    let content = found.map(|found| {
        let mine = found.filter(|m| m.round.voting.state(at.today()) == RoundState::Open)?;
        let person = mine.colleagues.iter().find(|p| p.staff_no.as_str() == staff)?;
        Some(form(&at, &mine, person, &[], &Faults::default()))
    });
    at.page(&Peer(at.language()).vote(), content)
}

fn form(at: &Paging<'_>, mine: &Mine, person: &Person, typed: &[(String, String)], faults: &Faults) -> Markup {
    let (w, round) = (Peer(at.language()), &mine.round);
    let here = format!("/peer/{}", round.id);
    let done = mine.done.contains(&person.staff_no);
    html! {
        (Title::new(at.language(), w.vote_on(&person.name)).crumb("/peer", w.title()).crumb(here.clone(), round.title.as_str()))
        @if done { (Notice::good(w.already()).standing()) p { a href=(here) { (w.back_to_round()) } } }
        @else {
            (Notice::note(w.final_once_given()).advice(w.anonymous_how()).standing())
            section.card {
                (faults.summary(at.language()))
                form.form method="post" action={ (here) "/" (person.staff_no) } {
                    (at.viewer.csrf())
                    @for (criterion, words) in round.criteria.iter().enumerate() {
                        @let name = NAMES.get(criterion).copied().unwrap_or_default();
                        @let inputs = html! {
                            @for score in (1..=round.most).rev() {
                                (Tick::radio(name, score.to_string(), w.score(score, round.most), field(typed, name) == score.to_string()))
                            }
                        };
                        (fieldset(name, words, faults.of(name), &inputs))
                    }
                    (buttons(&[Button::submit(w.give()).primary(), Button::link(here.clone(), w.cancel())]))
                }
            }
        }
    }
}

/// Names of inputs, one a criterion.
const NAMES: [&str; crate::domain::peer::MAX_CRITERIA] = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"];

pub async fn give(
    State(site): State<Arc<Site>>,
    Path((id, staff)): Path<(String, String)>,
    posted: Posted<PeerVoter, Pairs>,
) -> Response {
    let at = Paging { site: &site, viewer: &posted.viewer, who: &posted.who };
    let w = Peer(at.language());
    let mine = match found(&at, &posted.handle, &id).await {
        Ok(Some(mine)) => mine,
        other => return at.page("", other.map(|_| None)),
    };
    let Some(person) = mine.colleagues.iter().find(|p| p.staff_no.as_str() == staff).cloned() else {
        return at.page("", Ok(None));
    };
    let (mut scores, mut faults) = (Vec::new(), Faults::default());
    for name in NAMES.iter().take(mine.round.criteria.len()) {
        match field(&posted.form, name).parse::<u8>().ok().filter(|s| (1..=mine.round.most).contains(s)) {
            Some(score) => scores.push(score),
            None => faults.add(name, w.choose_one()),
        }
    }
    if !faults.is_empty() {
        return at.again(&w.vote(), form(&at, &mine, &person, &posted.form, &faults));
    }
    let (round, voter, on, today) = (mine.round.id, posted.handle.staff_no, person.staff_no, at.today());
    let given = at.act(move |tx, who, now| cast(tx, round, (&voter, who), &on, &scores, now, today)).await;
    match given {
        Ok(Ok(())) => posted.viewer.onward(&site, &format!("/peer/{round}"), &w.given()),
        Ok(Err(fault)) => at.refuse(&fault_of(&fault)),
        Err(fault) => at.refuse(&fault),
    }
}

/// What a page without a form is told of a refusal.
pub fn fault_of(fault: &PeerFault) -> ApiFault {
    match fault {
        PeerFault::NotFound => ApiFault::new(ErrorCode::NotFound),
        PeerFault::Vote(VoteFault::Already) | PeerFault::Closed => ApiFault::telling(ErrorCode::AlreadyDecided, fault),
        PeerFault::Store(cause) => ApiFault::because(ErrorCode::Unavailable, cause),
        told => ApiFault::telling(ErrorCode::BadQuery, told),
    }
}

async fn found(at: &Paging<'_>, voter: &PeerVoter, id: &str) -> Result<Option<Mine>, ApiFault> {
    let Some(id) = number(id) else { return Ok(None) };
    let (me, reach) = (voter.staff_no.clone(), voter.who.reach.clone());
    at.read(move |conn| match store::one(conn, id)?.filter(|r| reach.covers(&r.hall)) {
        Some(round) => mine(conn, round, &me),
        None => Ok(None),
    })
    .await
}

/// None: they do not vote in it.
fn mine(conn: &rusqlite::Connection, round: Round, me: &StaffNo) -> rusqlite::Result<Option<Mine>> {
    let people = store::people(conn, round.id)?;
    if !people.iter().any(|p| &p.staff_no == me && p.votes) {
        return Ok(None);
    }
    let done = store::voted_on(conn, round.id, me)?;
    let colleagues = people.into_iter().filter(|p| p.is_voted_on && &p.staff_no != me).collect();
    Ok(Some(Mine { round, colleagues, done }))
}
