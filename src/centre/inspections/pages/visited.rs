//! One visit as it is read: figures, item by item, findings with their pictures and orders, ratings around it.

use super::one::Whole;
use super::*;
use crate::centre::cases;
use crate::centre::dashboard::components::{Button, Table, particulars};
use crate::centre::dashboard::links;
use crate::centre::dashboard::text::{percent, thousands};
use crate::centre::inspections::ratings::Around;
use crate::centre::inspections::visits::{Found, Visit};
use crate::domain::case::Stage;
use crate::domain::id::PledgeId;
use crate::domain::inspection::checklist::ItemKind;
use crate::domain::inspection::visit::{Concern, ItemAnswer};
use crate::domain::inspection::{Gravity, Step};
use crate::domain::query::Row;

/// What a visit is drawn from.
pub(super) struct Seen<'a> {
    pub desk: &'a Desk<'a>,
    pub whole: &'a Whole,
}

pub(super) fn visit(seen: &Seen<'_>, visit: &Visit, around: Option<&Around>) -> Markup {
    let (desk, record) = (seen.desk, &seen.whole.record);
    let w = desk.words();
    let found: Vec<&Found> = seen.whole.found.iter().filter(|f| f.visit == visit.visit).collect();
    let staff = match &visit.staff_no {
        Some(no) => html! { (desk.labels.name(Dimension::Staff, no.as_str())) " " span.code { (no) } },
        None => html! { (w.unknown_staff()) },
    };
    html! {
        section.card {
            div.head {
                h2 { (w.visit_no(visit.visit)) " · " (desk.window(&record.hall, &visit.service_window)) }
                b { (desk.score(visit.score)) }
            }
            (particulars([
                (w.when(), desk.moment(visit.at)),
                (w.on_duty(), staff),
                (w.made_by(), html! { (visit.made_by) }),
            ]))
            @if found.is_empty() { p { (w.no_finding()) } }
            @for f in found { (finding(seen, f)) }
            details.more {
                summary { (w.answers()) span.unseen { " " (w.visit_no(visit.visit)) } }
                (answers(seen, visit))
            }
            @if let Some(around) = around { (ratings(seen, around)) }
        }
    }
}

fn answers(seen: &Seen<'_>, visit: &Visit) -> Markup {
    let desk = seen.desk;
    let (w, english) = (desk.words(), desk.language().is_english());
    let mut table = Table::new(desk.language(), w.answers())
        .column(w.item())
        .column(w.result())
        .number(w.weight())
        .quiet()
        .stacked();
    let items = seen.whole.list.iter().flat_map(|v| &v.list.items);
    for item in items {
        let answer = visit.answers.iter().find(|a| a.item == item.code);
        table.row([
            html! { (item.group.get(english)) " · " (item.text.get(english)) },
            html! { (answered(desk, item.kind, answer)) },
            html! { @if item.weight > 0 { (item.weight) } },
        ]);
    }
    html! { (table) }
}

fn answered(desk: &Desk<'_>, kind: ItemKind, answer: Option<&ItemAnswer>) -> String {
    let w = desk.words();
    let (value, note) = answer.map_or((None, None), |a| (a.value, a.note.clone()));
    match (kind, value) {
        (ItemKind::Note, _) => note.unwrap_or_else(|| "–".to_owned()),
        (_, None) => w.not_applicable().into_owned(),
        (ItemKind::YesNo, Some(0)) => w.no().into_owned(),
        (ItemKind::YesNo, Some(_)) => w.yes().into_owned(),
        (ItemKind::Score, Some(n)) => w.of_five(n).into_owned(),
    }
}

fn finding(seen: &Seen<'_>, f: &Found) -> Markup {
    let (desk, record) = (seen.desk, &seen.whole.record);
    let w = desk.words();
    let may_order = f.order.is_none() && record.inspection.apply(&Step::Order, desk.sight.actor).is_ok();
    html! {
        div.finding id={ "finding-" (f.finding) } {
            div.head {
                h3 { (w.finding_no(f.finding)) " " (gravity(desk, f.gravity)) }
                @if may_order {
                    (Button::link(format!("/inspections/{}/findings/{}/order", record.id, f.finding), w.order()).small().about(w.finding_no(f.finding)))
                }
            }
            p.lines { (f.text) }
            @if let Some(concern) = &f.concern { p.hint { (w.concern()) "：" (about(seen, concern)) } }
            @if !f.pictures.is_empty() {
                ul.found-pictures {
                    @for (n, picture) in f.pictures.iter().enumerate() {
                        @let address = format!("/inspections/{}/pictures/{}", record.id, picture.name);
                        li {
                            a href=(address) {
                                img src=(address) alt=(w.picture_of(f.finding, n + 1)) width=(picture.width_px) height=(picture.height_px) loading="lazy";
                            }
                        }
                    }
                }
            }
            @if let Some(order) = &f.order {
                div.ordered {
                    p { b { (w.ordered()) } " · " (w.ordered_until(order.days, &order.due.to_string())) }
                    p.lines { (order.text) }
                    @if let Some((_, case)) = seen.whole.cases.iter().find(|(of, _)| *of == f.finding) { p { (state_of(desk, case)) } }
                    p.hint { (order.made_by) " · " (desk.moment(order.made)) }
                }
            }
        }
    }
}

/// The case of an order, and how far it has come.
fn state_of(desk: &Desk<'_>, case: &cases::Record) -> Markup {
    let w = desk.words();
    let tone = match case.stage {
        Stage::Closed | Stage::Rechecked => Tone::Good,
        Stage::Withdrawn => Tone::Off,
        _ => Tone::Busy,
    };
    html! {
        @if desk.who.may(Need::Cases) { a href={ "/cases/" (case.id) } { (w.case(case.id)) } } @else { (w.case(case.id)) }
        " " (Badge::new(tone, crate::words::cases::stage(desk.language(), case.stage)))
        @if let Some(due) = case.due { span.hint { " " (w.case_due(&due.to_string())) } }
    }
}

fn gravity(desk: &Desk<'_>, of: Gravity) -> Markup {
    let tone = match of {
        Gravity::Minor => Tone::Off,
        Gravity::Notable => Tone::Note,
        Gravity::Serious => Tone::Bad,
    };
    html! { (Badge::new(tone, words::gravity(desk.language(), of))) }
}

fn about(seen: &Seen<'_>, concern: &Concern) -> String {
    let english = seen.desk.language().is_english();
    match concern {
        Concern::Item { item } => {
            let known = seen.whole.list.as_ref().and_then(|v| v.list.item(item));
            known.map_or_else(|| item.to_string(), |i| i.text.get(english).to_owned())
        }
        Concern::Pledge { pledge } => {
            let text = pledge_text(seen.desk, &seen.whole.record.hall, pledge);
            seen.desk.words().concern_pledge(&text).into_owned()
        }
    }
}

/// A pledge's words, or its id where it has left the board.
fn pledge_text(desk: &Desk<'_>, hall: &HallId, id: &PledgeId) -> String {
    let boards = desk.site.boards.get();
    let board = boards.hall(hall).filter(|_| desk.sight.reach.covers(hall));
    let pledge = board.and_then(|b| b.board.pledges.iter().find(|p| &p.id == id));
    pledge.map_or_else(|| id.to_string(), |p| p.text.get(desk.language().is_english()).to_owned())
}

fn ratings(seen: &Seen<'_>, around: &Around) -> Markup {
    let desk = seen.desk;
    let w = desk.words();
    let reasons: Vec<String> =
        around.reasons.iter().map(|(reason, n)| w.reason_times(reason, *n).into_owned()).collect();
    let separator = if desk.language().is_english() { ", " } else { "、" };
    html! {
        div.ratings-around {
            h3 { (w.ratings()) }
            p.hint { (w.ratings_lead(seen.whole.rules.ratings_days)) }
            (particulars([
                (w.ratings_days(), html! { a href=(links::rows(&around.days)) { (rated(desk, &around.all)) } }),
                (w.ratings_hours(), html! { (rated(desk, &around.hours)) }),
                (w.reasons(), html! {
                    @if !reasons.is_empty() { (reasons.join(separator)) }
                    @else if around.withheld { (w.withheld()) }
                    @else { (w.no_reason()) }
                }),
            ]))
        }
    }
}

/// n, and the satisfied rate with its interval.
fn rated(desk: &Desk<'_>, row: &Row) -> String {
    let w = desk.words();
    match (row.suppressed, row.n, row.satisfied_rate) {
        (true, ..) => w.withheld().into_owned(),
        (_, Some(n), Some(rate)) => {
            let share = w.satisfied(&percent(rate.value), &percent(rate.low), &percent(rate.high));
            format!("{} · {share}", w.rated(&thousands(n)))
        }
        _ => w.nobody_rated().into_owned(),
    }
}
