//! One event: what it is, and everybody in it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::list::kind;
use super::{LIST, Opened, opened};
use crate::centre::access::{Signed, StatisticsReader};
use crate::centre::dashboard::components::{Button, Empty, State as Badge, Table, Title, Tone, particulars};
use crate::centre::paging::Paging;
use crate::centre::site::Site;
use crate::domain::contest::{most, points};
use crate::words::contests::Contests;

pub async fn show(State(site): State<Arc<Site>>, signed: Signed<StatisticsReader>, Path(id): Path<String>) -> Response {
    let at = Paging { site: &site, viewer: &signed.viewer, who: &signed.who };
    let found = opened(&at, &id, signed.handle.only_staff.as_ref()).await;
    at.page(&Contests(at.language()).title(), found.map(|found| found.map(|o| drawn(&at, &o))))
}

fn drawn(at: &Paging<'_>, o: &Opened) -> Markup {
    let (w, language, contest) = (Contests(at.language()), at.language(), &o.contest);
    let here = format!("{LIST}/{}", contest.id);
    let state = match contest.published {
        Some(_) => Badge::new(Tone::Good, w.published()),
        None => Badge::new(Tone::Note, w.draft()),
    };
    let mut title = Title::new(language, contest.title.as_str()).crumb(LIST, w.title()).aside(html! { (state) });
    if o.keeps {
        title = match contest.published {
            None => title
                .action(Button::link(format!("{here}/scores"), w.scores()).primary())
                .action(Button::link(format!("{here}/publish"), w.publish())),
            Some(_) => title.action(Button::link(format!("{here}/withdraw"), w.withdraw()).danger()),
        };
    }
    let halls: Vec<String> = contest.halls.iter().map(|hall| at.site.hall_name(hall, language)).collect();
    let criteria: Vec<String> = contest.criteria.iter().map(|c| format!("{} {}", c.name, c.max)).collect();
    let there = o.parts.iter().filter(|p| p.entry.attended).count();
    html! {
        (title)
        section.card {
            (particulars([
                (w.kind(), html! { (kind(w, contest.kind)) }),
                (w.day(), html! { (contest.day) }),
                (w.issuer(), html! { (contest.issuer) }),
                (w.halls(), html! { (halls.join("、")) }),
                (w.criteria(), html! { (criteria.join("、")) }),
                (w.people(), html! { (w.attendance(there, o.parts.len())) }),
            ]))
        }
        section.card { (people(at, o)) @if o.parts.len() < o.all { p.hint { (w.other_halls()) } } }
    }
}

fn people(at: &Paging<'_>, o: &Opened) -> Markup {
    let (w, language, contest) = (Contests(at.language()), at.language(), &o.contest);
    let mut table = Table::new(language, contest.title.as_str()).column(w.person()).number(w.place());
    if contest.halls.len() > 1 {
        table = table.column(w.hall());
    }
    for criterion in &contest.criteria {
        table = table.number(criterion.name.as_str());
    }
    table = table.number(w.total(most(&contest.criteria))).column(w.attended()).column(w.certificate());
    for part in &o.parts {
        let whose = format!("{}/{}", part.hall, part.staff_no);
        let edits = o.keeps && contest.published.is_none();
        let mut cells = vec![
            html! {
                @if edits { a href={ (LIST) "/" (contest.id) "/people/" (whose) } { (part.name) } } @else { (part.name) }
                " " span.hint { (part.staff_no) }
            },
            html! { @match part.rank { Some(n) => { (n) } None => { "–" } } },
        ];
        if contest.halls.len() > 1 {
            cells.push(html! { (at.site.hall_name(&part.hall, language)) });
        }
        for at in 0..contest.criteria.len() {
            let score = part.entry.scores.as_ref().and_then(|scores| scores.get(at));
            cells.push(html! { @match score { Some(score) => { (points(*score)) } None => { "–" } } });
        }
        cells.push(html! { @match part.entry.total() { Some(total) => { b { (points(total)) } } None => { "–" } } });
        cells.push(html! { (if part.entry.attended { w.yes() } else { w.no() }) });
        cells.push(html! {
            @if contest.published.is_some() && part.entry.attended {
                (Button::link(format!("{LIST}/{}/certificate/{whose}", contest.id), w.certificate()).small().about(part.name.as_str()))
            } @else { "–" }
        });
        table.row(cells);
    }
    html! { (table.quiet().stacked().or_empty(Empty::new(w.nobody(), w.nobody_advice()))) }
}
