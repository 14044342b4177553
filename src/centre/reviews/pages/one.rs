//! One review with all its revisions; its writer revises it and takes it back.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::leader::{self, Review, ReviewFault, Revision, TEXT_CHARS, WHY_CHARS};
use super::super::number;
use super::super::rules::ReviewRules;
use super::write::{place, said};
use super::{LIST, fault_of, period, score};
use crate::centre::access::{HallReader, Posted, Reviewer, Signed};
use crate::centre::dashboard::components::{
    Button, Confirm, Faults, Field, Notice, State as Badge, Table, Title, Tone, buttons, moment, particulars,
};
use crate::centre::error::ApiFault;
use crate::centre::paging::{Paging, field};
use crate::centre::rules;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::role::Need;
use crate::words::reviews::Reviews;

/// A review as one page needs it.
struct Opened {
    review: Review,
    revisions: Vec<Revision>,
    scale: u32,
}

async fn opened(at: &Paging<'_>, id: &str) -> Result<Option<Opened>, ApiFault> {
    let Some(id) = number(id) else { return Ok(None) };
    let reach = at.who.reach.clone();
    at.read(move |conn| {
        let Some(review) = leader::one(conn, id)?.filter(|r| reach.covers(&r.hall)) else { return Ok(None) };
        let scale = rules::current::<ReviewRules>(conn)?.scale;
        Ok(Some(Opened { review, revisions: leader::revisions(conn, id)?, scale }))
    })
    .await
}

pub async fn show(State(site): State<Arc<Site>>, signed: Signed<HallReader>, Path(id): Path<String>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let found = opened(&at, &id).await;
    let drawn = found.map(|found| {
        found.map(|o| {
            let newest = &o.review.newest;
            let typed = match newest.score {
                Some(score) => vec![("text".to_owned(), newest.text.clone()), ("score".to_owned(), score.to_string())],
                None => vec![],
            };
            page(&at, &o, &typed, &Faults::default())
        })
    });
    at.page(&Reviews(at.language()).title(), drawn)
}

fn page(at: &Paging<'_>, o: &Opened, typed: &Pairs, faults: &Faults) -> Markup {
    let (w, language, review) = (Reviews(at.language()), at.language(), &o.review);
    let own = at.who.may(Need::Review) && at.who.account == review.account;
    let here = format!("{LIST}/{}", review.id);
    let mut title = Title::new(language, w.of(&review.about.name(at.site, language))).crumb(LIST, w.title());
    title = title.action(Button::link(review.about.page(), w.its_page()));
    if own && review.newest.score.is_some() {
        title = title.action(Button::link(format!("{here}/retract"), w.take_back()).danger());
    }
    html! {
        (title)
        @if review.newest.score.is_none() { (Notice::note(w.was_taken_back(&review.newest.text)).standing()) }
        section.card {
            (particulars([
                (w.hall(), html! { (at.site.hall_name(&review.hall, language)) }),
                (w.period(), html! { (period(language, review.period)) }),
                (w.reviewer(), html! { (review.reviewer) }),
                (w.score(), html! { (score(&review.newest)) }),
            ]))
            @if review.newest.score.is_some() { p.lines { (review.newest.text) } }
            p.hint { (w.who_reads()) }
        }
        @if own {
            section.card {
                h2 { (if review.newest.score.is_some() { w.revise() } else { w.say_again() }) }
                (faults.summary(language))
                form.form method="post" action=(here) {
                    (at.viewer.csrf())
                    input type="hidden" name="revision" value=(review.newest.revision);
                    (Field::number("score", w.score()).hint(w.score_hint(o.scale)).value(field(typed, "score")).within("0", o.scale.to_string()).faults(faults))
                    (Field::area("text", w.text(), 6).hint(w.text_hint()).value(field(typed, "text")).max(u32::try_from(TEXT_CHARS).unwrap_or(1_000)).faults(faults))
                    (buttons(&[Button::submit(w.save()).primary()]))
                }
            }
        }
        section.card { h2 { (w.revisions()) } (history(at, &o.revisions)) }
    }
}

fn history(at: &Paging<'_>, revisions: &[Revision]) -> Markup {
    let w = Reviews(at.language());
    let mut table = Table::new(at.language(), w.revisions())
        .column(w.revision())
        .column(w.when())
        .number(w.score())
        .column(w.text())
        .quiet()
        .stacked();
    for r in revisions {
        table.row([
            html! { (r.revision) },
            html! { (moment(&at.site.settings.time_zone, r.made)) },
            html! { (score(r)) },
            html! {
                @if r.score.is_none() { (Badge::new(Tone::Off, w.taken_back())) " " }
                span.lines { (r.text) }
            },
        ]);
    }
    html! { (table) }
}

pub async fn revise(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<Reviewer, Pairs>,
) -> Response {
    let at = Paging { site: &site, viewer: &posted.viewer, who: &posted.who };
    let w = Reviews(at.language());
    let o = match opened(&at, &id).await {
        Ok(Some(o)) => o,
        other => return at.page("", other.map(|_| None)),
    };
    let (form, mut faults) = (&posted.form, Faults::default());
    let Some(said) = said(form, w, &mut faults) else { return at.again(&w.title(), page(&at, &o, form, &faults)) };
    let (id, seen) = (o.review.id, field(form, "revision").parse().unwrap_or(0));
    match at.act(move |tx, who, now| leader::revise(tx, id, seen, &said, who, now)).await {
        Ok(Ok(())) => posted.viewer.onward(&site, &format!("{LIST}/{id}"), &w.saved()),
        Ok(Err(fault)) => match place(w, &fault) {
            Some((name, sentence)) => {
                faults.add(name, sentence);
                at.again(&w.title(), page(&at, &o, form, &faults))
            }
            None => at.refuse(&fault_of(&fault)),
        },
        Err(fault) => at.refuse(&fault),
    }
}

pub async fn ask_retract(State(site): State<Arc<Site>>, signed: Signed<Reviewer>, Path(id): Path<String>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let found = opened(&at, &id).await;
    let content = found.map(|found| {
        let o = found.filter(|o| o.review.account == at.who.account && o.review.newest.score.is_some())?;
        Some(confirm(&at, &o.review, "", &Faults::default()))
    });
    at.page(&Reviews(at.language()).take_back(), content)
}

fn confirm(at: &Paging<'_>, review: &Review, why: &str, faults: &Faults) -> Markup {
    let w = Reviews(at.language());
    let here = format!("{LIST}/{}", review.id);
    let what = html! {
        p { b { (review.about.name(at.site, at.language())) } " · " (period(at.language(), review.period)) }
        p.hint { (w.take_back_hint()) }
    };
    let max = u32::try_from(WHY_CHARS).unwrap_or(200);
    let fields = html! {
        input type="hidden" name="revision" value=(review.newest.revision);
        (Field::text("why", w.why()).value(why).max(max).faults(faults))
    };
    let confirm = Confirm::new(at.language(), w.take_back(), what, format!("{here}/retract"))
        .yes(w.take_back())
        .back(here.clone())
        .crumb(LIST, w.title())
        .crumb(here, w.of(&review.about.name(at.site, at.language())))
        .csrf(at.viewer.csrf())
        .fields(fields);
    html! { (confirm) }
}

pub async fn retract(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    posted: Posted<Reviewer, Pairs>,
) -> Response {
    let at = Paging { site: &site, viewer: &posted.viewer, who: &posted.who };
    let w = Reviews(at.language());
    let o = match opened(&at, &id).await {
        Ok(Some(o)) => o,
        other => return at.page("", other.map(|_| None)),
    };
    let why = field(&posted.form, "why").to_owned();
    let (id, seen) = (o.review.id, field(&posted.form, "revision").parse().unwrap_or(0));
    let reason = why.clone();
    match at.act(move |tx, who, now| leader::take_back(tx, id, seen, &reason, who, now)).await {
        Ok(Ok(())) => posted.viewer.onward(&site, &format!("{LIST}/{id}"), &w.now_taken_back()),
        Ok(Err(fault @ ReviewFault::Why(_))) => {
            let mut faults = Faults::default();
            if let Some((name, sentence)) = place(w, &fault) {
                faults.add(name, sentence);
            }
            at.again(&w.take_back(), confirm(&at, &o.review, &why, &faults))
        }
        Ok(Err(fault)) => at.refuse(&fault_of(&fault)),
        Err(fault) => at.refuse(&fault),
    }
}
