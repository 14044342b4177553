//! The parts of a selection's page where people speak: objections and their answers, the leading group's votes, awards.

use jiff::ToSpan as _;
use maud::{Markup, html};

use super::one::Again;
use super::{Desk, Open, ranking};
use crate::centre::dashboard::components::{
    Button, Choice, Field, Notice, State as Badge, Table, Tick, Tone, buttons, fieldset,
};
use crate::domain::role::{Need, Role};
use crate::domain::selection::{NAME_CHARS, Objection, Objector, Occasion, REASON_CHARS, State, TEXT_CHARS, Terms};

pub fn sections(desk: &Desk<'_>, open: &Open, again: &Again) -> Markup {
    let selection = &open.kept.selection;
    let state = selection.state();
    let decides = desk.who.may(Need::SelectionsDecide);
    html! {
        @if selection.notice().is_some() { (objections(desk, open, again)) }
        @if !selection.votes().is_empty() || state == State::Noticed { (votes(desk, open, again, decides)) }
        @if state == State::Decided && decides { (award(desk, open, again)) }
        @if !selection.awards().is_empty() { (awards(desk, open, decides)) }
    }
}

fn objections(desk: &Desk<'_>, open: &Open, again: &Again) -> Markup {
    let (w, selection) = (desk.words(), &open.kept.selection);
    let objects = selection.is_noticed_on(desk.today) && desk.who.role != Role::Auditor;
    html! {
        section.card {
            h2 { (w.objections()) }
            @if selection.objections().is_empty() { p { (w.no_objection()) } }
            @for objection in selection.objections() { (objection_of(desk, open, objection, again)) }
            @if objects { (object_form(desk, open, again)) }
        }
    }
}

fn objection_of(desk: &Desk<'_>, open: &Open, one: &Objection, again: &Again) -> Markup {
    let (w, id) = (desk.words(), open.kept.id);
    let who = match &one.objector {
        Objector::Official(actor) => actor.name.clone(),
        Objector::Public => w.by_public().into_owned(),
    };
    let mark = match &one.answer {
        None => Badge::new(Tone::Bad, w.unanswered()),
        Some(answer) if answer.upheld => Badge::new(Tone::Note, w.upheld()),
        Some(_) => Badge::new(Tone::Off, w.dismissed()),
    };
    html! {
        article {
            h3 { "#" (one.number) " · " (open.name(&one.about.key())) " " (mark) }
            p.hint { (who) " · " (desk.moment(one.at)) @if one.has_contact { " · " (w.contact_left()) } }
            p.lines { (one.text) }
            @if let Some(answer) = &one.answer { p { b { (w.answer()) "：" } (answer.reason) " " span.hint { (answer.by.name) " · " (desk.moment(answer.at)) } } }
            @if one.has_contact && desk.who.may(Need::Unseal) && !open.kept.selection.state().is_over() {
                form method="post" action={ "/selections/" (id) "/objections/" (one.number) "/contact" } {
                    (desk.viewer.csrf())
                    (buttons(&[Button::submit(w.open_contact()).small().about(format!("#{}", one.number))]))
                }
            }
            @if one.answer.is_none() && desk.who.may(Need::SelectionsKeep) && open.kept.selection.state() == State::Noticed {
                (answer_form(desk, id, one.number, again))
            }
        }
    }
}

fn answer_form(desk: &Desk<'_>, id: i64, number: u32, again: &Again) -> Markup {
    let w = desk.words();
    let form = format!("answer-{number}");
    // Ids of a page are each other's: the objection's number makes them so.
    let (reason, verdict) = (format!("reason-{number}"), format!("verdict-{number}"));
    let chosen = again.of(&form, &verdict).unwrap_or("dismiss");
    html! {
        form.form method="post" action={ "/selections/" (id) "/objections/" (number) "/answer" } {
            (desk.viewer.csrf())
            (fieldset(&format!("verdicts-{number}"), &w.answer(), None, &html! {
                (Tick::radio(&verdict, "dismiss", w.dismiss(), chosen == "dismiss"))
                (Tick::radio(&verdict, "uphold", w.uphold(), chosen == "uphold"))
            }))
            (Field::area(&reason, w.reason(), 3).hint(w.reason_hint(REASON_CHARS)).max(most(REASON_CHARS)).value(again.of(&form, &reason).unwrap_or("")))
            (buttons(&[Button::submit(w.answer()).about(format!("#{number}"))]))
        }
    }
}

fn object_form(desk: &Desk<'_>, open: &Open, again: &Again) -> Markup {
    let (w, id) = (desk.words(), open.kept.id);
    let nominees = open.kept.selection.standing().map(|n| (n.subject.key(), open.name(&n.subject.key())));
    html! {
        details open[again.form == "object"] {
            summary { (w.object()) }
            form.form method="post" action={ "/selections/" (id) "/objections" } {
                (desk.viewer.csrf())
                (Choice::new("about", w.object_to(), nominees).chosen(again.of("object", "about").unwrap_or("")))
                (Field::area("text", w.what_is_wrong(), 4).hint(w.what_hint(TEXT_CHARS)).max(most(TEXT_CHARS)).value(again.of("object", "text").unwrap_or("")))
                (buttons(&[Button::submit(w.object())]))
            }
        }
    }
}

fn votes(desk: &Desk<'_>, open: &Open, again: &Again, decides: bool) -> Markup {
    let (w, selection) = (desk.words(), &open.kept.selection);
    let mut table = Table::new(desk.language(), w.votes())
        .column(w.leader_sign())
        .column(w.votes())
        .column(w.reason())
        .quiet()
        .stacked();
    for vote in selection.votes() {
        let said = if vote.agrees { Badge::new(Tone::Good, w.agree()) } else { Badge::new(Tone::Bad, w.disagree()) };
        table.row([
            html! { (vote.by.name) " " span.hint { (desk.moment(vote.at)) } },
            html! { (said) },
            html! { (vote.reason) },
        ]);
    }
    let is_open = selection.state() == State::Noticed && selection.notice_is_over(desk.today);
    html! {
        section.card {
            h2 { (w.decide()) }
            p.hint { (w.decide_hint(selection.terms().quorum)) }
            @if !table.is_empty() { (table) }
            @if is_open && selection.open_objections() > 0 {
                (Notice::note(crate::words::selections::refused(desk.language(), &crate::domain::selection::Refused::Unanswered(selection.open_objections()), str::to_owned)).standing())
            }
            @if is_open && decides && !selection.has_hand_in(desk.who.account) {
                form.form method="post" action={ "/selections/" (open.kept.id) "/vote" } {
                    (desk.viewer.csrf())
                    (fieldset("words", &w.decide(), None, &html! {
                        (Tick::radio("agrees", "yes", w.agree(), again.of("vote", "agrees") != Some("no")))
                        (Tick::radio("agrees", "no", w.disagree(), again.of("vote", "agrees") == Some("no")))
                    }))
                    (Field::area("vote_reason", w.reason(), 2).hint(w.vote_reason_hint()).optional(desk.language()).max(most(REASON_CHARS)).value(again.of("vote", "vote_reason").unwrap_or("")))
                    (buttons(&[Button::submit(w.decide()).primary()]))
                }
            }
        }
    }
}

fn award(desk: &Desk<'_>, open: &Open, again: &Again) -> Markup {
    let w = desk.words();
    let terms = open.kept.selection.terms();
    let until = desk.today.saturating_add(i64::from(open.house.award_days).days()).to_string();
    let typed = |name: &str, fresh: &str| again.of("award", name).unwrap_or(fresh).to_owned();
    html! {
        section.card {
            h2 { (w.award()) }
            p.hint { (w.award_hint()) }
            form.form method="post" action={ "/selections/" (open.kept.id) "/award" } {
                (desk.viewer.csrf())
                (Field::text("issuer", w.issuer()).max(most(NAME_CHARS)).value(typed("issuer", &open.house.issuer)))
                (Field::text("period", w.shown_period()).max(most(NAME_CHARS)).value(typed("period", &shown_period(terms))))
                (Field::date("until", w.until()).value(typed("until", &until)))
                (buttons(&[Button::submit(w.award()).primary()]))
            }
        }
    }
}

/// As badges say it, in Chinese: a month, a year, or the days.
pub fn shown_period(terms: &Terms) -> String {
    let (from, to) = (terms.period.from, terms.period.to);
    match terms.occasion {
        Occasion::YearEnd => format!("{} 年度", to.year()),
        Occasion::Ordinary if from == to.first_of_month() && to == to.last_of_month() => {
            format!("{} 年 {} 月", to.year(), to.month())
        }
        Occasion::Ordinary => format!("{from} 至 {to}"),
    }
}

fn awards(desk: &Desk<'_>, open: &Open, decides: bool) -> Markup {
    let (w, id) = (desk.words(), open.kept.id);
    let mut table = Table::new(desk.language(), w.awards())
        .column(w.candidate())
        .column(w.issuer())
        .column(w.shown_period())
        .column(w.until())
        .column(w.state())
        .quiet()
        .stacked();
    if decides {
        table = table.actions();
    }
    for award in open.kept.selection.awards() {
        let state = match &award.revoked {
            Some(revoked) => html! { (Badge::new(Tone::Off, w.revoked(&revoked.by.name, &revoked.reason))) },
            None if award.until < desk.today => {
                html! { (Badge::new(Tone::Off, w.notice_days(&award.from.to_string(), &award.until.to_string()))) }
            }
            None => {
                html! { (Badge::new(Tone::Good, crate::words::selections::state(desk.language(), State::Awarded))) }
            }
        };
        let mut row = vec![
            html! { a href=(ranking::address(id, &award.subject)) { (open.name(&award.subject.key())) } },
            html! { (award.issuer) },
            html! { (award.period) },
            html! { (award.until) },
            state,
        ];
        if decides {
            row.push(html! {
                @if award.revoked.is_none() {
                    (Button::link(format!("/selections/{id}/awards/{}/revoke", award.subject.key()), w.revoke()).small().danger().about(open.name(&award.subject.key())))
                }
            });
        }
        table.row(row);
    }
    html! { section.card { h2 { (w.awards()) } (table) } }
}

fn most(chars: usize) -> u32 {
    u32::try_from(chars).unwrap_or(1_000)
}
