//! Rounds as whoever keeps them sees them: what they are, how many have voted, and, when they are over, what came out.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::acts::{Draft, MAX_DAYS, PeerFault, TITLE_CHARS, call, close as close_round};
use super::results::outcomes;
use super::store::{self, Round};
use super::vote::{badge, fault_of};
use crate::centre::access::{ContestKeeper, Posted, Signed};
use crate::centre::dashboard::components::{
    Button, Confirm, Empty, Faults, Field, Notice, Table, Tick, Title, buttons, fieldset, particulars,
};
use crate::centre::error::ApiFault;
use crate::centre::paging::{Paging, field, lines};
use crate::centre::reviews::number;
use crate::centre::site::Site;
use crate::domain::id::{HallId, StaffNo};
use crate::domain::peer::{Circle, MAX_CRITERIA, MAX_PEOPLE, Outcome, Person, RoundState};
use crate::words::Language;
use crate::words::reviews::Peer;

type Pairs = Vec<(String, String)>;
const LIST: &str = "/peer/rounds";

pub async fn list(State(site): State<Arc<Site>>, signed: Signed<ContestKeeper>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let w = Peer(at.language());
    let reach = signed.who.reach.clone();
    let read = at.read(move |conn| store::of_halls(conn, reach.halls())).await;
    at.page(&w.rounds(), read.map(|rounds| Some(listed(&at, &rounds))))
}

fn listed(at: &Paging<'_>, rounds: &[Round]) -> Markup {
    let (w, language) = (Peer(at.language()), at.language());
    let mut table = Table::new(language, w.rounds())
        .column(w.round())
        .column(w.hall())
        .column(w.days())
        .column(w.state())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.no_round(), w.keeper_lead()));
    for round in rounds {
        table.row([
            html! { a href={ (LIST) "/" (round.id) } { (round.title) } },
            html! { (at.site.hall_name(&round.hall, language)) },
            html! { (w.from_to(&round.voting.from.to_string(), &round.voting.ended().to_string())) },
            html! { (badge(w, round.voting.state(at.today()))) },
        ]);
    }
    html! {
        (Title::new(language, w.rounds()).lead(w.keeper_lead()).action(Button::link(format!("{LIST}/new"), w.call()).primary()))
        section.card { (table) }
    }
}

pub async fn new(State(site): State<Arc<Site>>, signed: Signed<ContestKeeper>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let w = Peer(at.language());
    let today = at.today();
    let typed = vec![
        ("criteria".to_owned(), w.usual_criteria().into_owned()),
        ("from".to_owned(), today.to_string()),
        ("to".to_owned(), today.saturating_add(jiff::Span::new().days(6)).to_string()),
    ];
    at.page(&w.call(), Ok(Some(form(&at, &typed, &Faults::default()))))
}

fn form(at: &Paging<'_>, typed: &[(String, String)], faults: &Faults) -> Markup {
    let (w, halls) = (Peer(at.language()), at.halls());
    let max = u32::try_from(TITLE_CHARS).unwrap_or(60);
    let circle = |name: &'static str, legend: &str| {
        let chosen = Circle::from_code(field(typed, name)).unwrap_or(Circle::PartyMembers);
        let inputs = html! {
            (Tick::radio(name, Circle::PartyMembers.code(), w.party_members(), chosen == Circle::PartyMembers).hint(w.party_hint()))
            (Tick::radio(name, Circle::Everybody.code(), w.everybody(), chosen == Circle::Everybody))
        };
        fieldset(name, legend, None, &inputs)
    };
    let of_halls = html! {
        @for (id, name) in &halls {
            @let ticked = halls.len() == 1 || typed.iter().any(|(n, v)| n == "hall" && v == id.as_str());
            (Tick::check("hall", id.as_str(), name.as_str(), ticked))
        }
    };
    html! {
        (Title::new(at.language(), w.call()).crumb(LIST, w.rounds()).lead(w.keeper_lead()))
        section.card {
            (faults.summary(at.language()))
            form.form method="post" action={ (LIST) "/new" } {
                (at.viewer.csrf())
                (Field::text("title", w.round()).value(field(typed, "title")).max(max).faults(faults))
                (fieldset("hall", &w.hall(), faults.of("hall"), &of_halls))
                (Field::date("from", w.first_day()).value(field(typed, "from")).faults(faults))
                (Field::date("to", w.last_day()).value(field(typed, "to")).faults(faults))
                (Field::area("criteria", w.criteria(), 5).hint(w.criteria_hint(MAX_CRITERIA)).value(field(typed, "criteria")).max(600).faults(faults))
                (circle("voters", &w.who_votes()))
                (circle("about", &w.whom_about()))
                p.hint { (w.roster_note()) }
                (buttons(&[Button::submit(w.call()).primary(), Button::link(LIST, w.cancel())]))
            }
        }
    }
}

pub async fn add(State(site): State<Arc<Site>>, posted: Posted<ContestKeeper, Pairs>) -> Response {
    let at = Paging { site: &site, viewer: &posted.viewer, who: &posted.who };
    let w = Peer(at.language());
    let mut faults = Faults::default();
    let halls: Vec<HallId> = at.halls().into_iter().map(|(id, _)| id).collect();
    let ticked = |id: &HallId| posted.form.iter().any(|(n, v)| n == "hall" && v == id.as_str());
    let chosen: Vec<HallId> = halls.into_iter().filter(|id| ticked(id)).collect();
    if chosen.is_empty() {
        faults.add("hall", w.choose_one());
    }
    let day = |name: &'static str| field(&posted.form, name).parse::<jiff::civil::Date>().ok();
    let (from, to) = (day("from"), day("to"));
    let criteria = lines(field(&posted.form, "criteria"));
    let circle = |name: &str| Circle::from_code(field(&posted.form, name)).unwrap_or(Circle::PartyMembers);
    let (Some(from), Some(to)) = (from, to) else {
        faults.add("from", w.days_fault(MAX_DAYS));
        return at.again(&w.call(), form(&at, &posted.form, &faults));
    };
    if !faults.is_empty() {
        return at.again(&w.call(), form(&at, &posted.form, &faults));
    }
    let draft = Draft {
        title: field(&posted.form, "title").to_owned(),
        criteria: criteria.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
        from,
        to,
        voters: circle("voters"),
        about: circle("about"),
    };
    let rosters: Vec<(HallId, Vec<(StaffNo, String, bool)>)> = chosen
        .into_iter()
        .filter_map(|hall| {
            let board = at.board(&hall)?;
            let cards = board.staff.iter().map(|s| (s.staff_no.clone(), s.name.clone(), s.party_member)).collect();
            Some((hall, cards))
        })
        .collect();
    let today = at.today();
    let called = at.act(move |tx, who, now| {
        rosters.iter().try_for_each(|(hall, cards)| call(tx, hall, &draft, cards, who, now, today).map(|_| ()))
    });
    match called.await {
        Ok(Ok(())) => posted.viewer.onward(&site, LIST, &w.called()),
        Ok(Err(fault)) => match place(w, &fault) {
            Some((name, sentence)) => {
                faults.add(name, sentence);
                at.again(&w.call(), form(&at, &posted.form, &faults))
            }
            None => at.refuse(&fault_of(&fault)),
        },
        Err(fault) => at.refuse(&fault),
    }
}

fn place(w: Peer, fault: &PeerFault) -> Option<(&'static str, String)> {
    let (name, sentence) = match fault {
        PeerFault::Title(_) => ("title", w.title_fault(TITLE_CHARS)),
        PeerFault::Criteria => ("criteria", w.criteria_fault(MAX_CRITERIA, TITLE_CHARS)),
        PeerFault::Days => ("to", w.days_fault(MAX_DAYS)),
        PeerFault::TooFew { voters, least } => ("voters", w.too_few(*voters, *least)),
        PeerFault::TooMany => ("hall", w.too_many(MAX_PEOPLE)),
        _ => return None,
    };
    Some((name, sentence.into_owned()))
}

/// A round with what may be known of it.
struct Seen {
    round: Round,
    people: Vec<Person>,
    /// Votes, and people who voted.
    turnout: (u64, u64),
    /// None while it is not over.
    outcomes: Option<Vec<(Person, Option<Outcome>)>>,
}

async fn seen(at: &Paging<'_>, id: &str) -> Result<Option<Seen>, ApiFault> {
    let Some(id) = number(id) else { return Ok(None) };
    let (reach, today) = (at.who.reach.clone(), at.today());
    at.read(move |conn| {
        let Some(round) = store::one(conn, id)?.filter(|r| reach.covers(&r.hall)) else { return Ok(None) };
        let over = round.voting.state(today) == RoundState::Closed;
        let outcomes = if over { Some(outcomes(conn, &round)?) } else { None };
        Ok(Some(Seen { people: store::people(conn, id)?, turnout: store::turnout(conn, id)?, round, outcomes }))
    })
    .await
}

pub async fn show(State(site): State<Arc<Site>>, signed: Signed<ContestKeeper>, Path(id): Path<String>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let found = seen(&at, &id).await;
    at.page(&Peer(at.language()).rounds(), found.map(|found| found.map(|seen| shown(&at, &seen))))
}

fn shown(at: &Paging<'_>, seen: &Seen) -> Markup {
    let (w, language, round) = (Peer(at.language()), at.language(), &seen.round);
    let voters = seen.people.iter().filter(|p| p.votes).count();
    let asked: usize = seen
        .people
        .iter()
        .filter(|p| p.votes)
        .map(|voter| seen.people.iter().filter(|p| p.is_voted_on && p.staff_no != voter.staff_no).count())
        .sum();
    let state = round.voting.state(at.today());
    let mut title =
        Title::new(language, round.title.as_str()).crumb(LIST, w.rounds()).aside(html! { (badge(w, state)) });
    if state != RoundState::Closed {
        title = title.action(Button::link(format!("{LIST}/{}/close", round.id), w.close()).danger());
    }
    html! {
        (title)
        section.card {
            (particulars([
                (w.hall(), html! { (at.site.hall_name(&round.hall, language)) }),
                (w.days(), html! { (w.from_to(&round.voting.from.to_string(), &round.voting.ended().to_string())) }),
                (w.who_votes(), html! { (w.people(voters)) }),
                (w.turnout(), html! { (w.turnout_of(seen.turnout.1, voters, seen.turnout.0, asked)) }),
                (w.criteria(), html! { (round.criteria.join("；")) }),
                (w.called_by(), html! { (round.made_by) }),
            ]))
        }
        @match &seen.outcomes {
            None => { (Notice::note(w.results_after()).advice(w.anonymous_how()).standing()) }
            Some(all) => { section.card { h2 { (w.results()) } (results(language, round, all)) } }
        }
    }
}

fn results(language: Language, round: &Round, all: &[(Person, Option<Outcome>)]) -> Markup {
    let w = Peer(language);
    let mut table = Table::new(language, w.results()).column(w.colleague()).number(w.votes()).column(w.all_criteria());
    for criterion in &round.criteria {
        table = table.number(criterion.as_str());
    }
    // In the order of the roster: a rank of a few votes would say more than they do.
    for (person, outcome) in all {
        let name = html! { (person.name) " " span.hint { (person.staff_no) } };
        let blank = round.criteria.iter().map(|_| html! { "–" });
        match outcome {
            Some(o) => {
                let each = o.criteria.iter().map(|v| html! { (format!("{v:.0}")) });
                let first = [name, html! { (o.n) }, html! { (interval(o)) }];
                table.row(first.into_iter().chain(each));
            }
            None => {
                let first = [name, html! { "–" }, html! { span.hint { (w.withheld(round.min_voters)) } }];
                table.row(first.into_iter().chain(blank));
            }
        }
    }
    html! { (table.quiet()) p.hint { (w.results_note(round.most, round.min_voters)) } }
}

/// A score with its interval.
pub fn interval(outcome: &Outcome) -> Markup {
    let e = outcome.all;
    html! { (format!("{:.0}", e.value)) " " span.ci { "(" (format!("{:.0}–{:.0}", e.low, e.high)) ")" } }
}

pub async fn ask_close(
    State(site): State<Arc<Site>>,
    signed: Signed<ContestKeeper>,
    Path(id): Path<String>,
) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let w = Peer(at.language());
    let content = seen(&at, &id).await.map(|found| {
        let seen = found.filter(|s| s.round.voting.state(at.today()) != RoundState::Closed)?;
        let here = format!("{LIST}/{}", seen.round.id);
        let what = html! { p { b { (seen.round.title) } } p.hint { (w.close_hint()) } };
        let confirm = Confirm::new(at.language(), w.close(), what, format!("{here}/close"))
            .yes(w.close())
            .back(here.clone())
            .crumb(LIST, w.rounds())
            .crumb(here, seen.round.title.clone())
            .csrf(at.viewer.csrf());
        Some(html! { (confirm) })
    });
    at.page(&w.close(), content)
}

pub async fn close(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<ContestKeeper, Pairs>,
) -> Response {
    let at = Paging { site: &site, viewer: &posted.viewer, who: &posted.who };
    let Some(id) = number(&id) else { return at.page("", Ok(None)) };
    let today = at.today();
    match at.act(move |tx, who, now| close_round(tx, id, who, now, today)).await {
        Ok(Ok(())) => posted.viewer.onward(&site, &format!("{LIST}/{id}"), &Peer(at.language()).now_closed()),
        Ok(Err(fault)) => at.refuse(&fault_of(&fault)),
        Err(fault) => at.refuse(&fault),
    }
}
