//! The page's markup. Pure.

use jiff::civil::Date;
use maud::{Markup, html};

use super::appraised::{Appraised, drawn as appraised};
use crate::centre::dashboard::charts::{Frame, interval, trend};
use crate::centre::dashboard::compare::axis_start;
use crate::centre::dashboard::components::{Button, Empty, Notice, Table, Title, facts};
use crate::domain::board::{Board, Honour, StaffCard};
use crate::domain::id::StaffNo;
use crate::domain::query::{Answer, Rate, Row};
use crate::words::Language;
use crate::words::cases::Register;
use crate::words::common::{self, Common};
use crate::words::dashboard::Dashboard;
use crate::words::me::Me;

/// All that the page shows.
pub struct Mine {
    pub staff_no: StaffNo,
    /// None: no board has a card of this person.
    pub board: Option<Board>,
    /// Own figures by month.
    pub answer: Answer,
    /// The hall over the same days.
    pub hall: Option<Row>,
    pub until: Date,
    pub today: Date,
    pub delay_days: u32,
    pub min_group: u64,
    /// What leaders, colleagues and contests said.
    pub appraised: Appraised,
}

pub fn drawn(mine: &Mine, language: Language) -> Markup {
    let w = Me(language);
    let card = mine.board.as_ref().and_then(|board| board.staff(&mine.staff_no).map(|card| (board, card)));
    html! {
        (Title::new(language, w.title()).lead(w.lead()).action(Button::link("/me/cases", Register(language).own_title())))
        @match card {
            Some((board, card)) => {
                div.grid-2 {
                    section.card { h2 { (w.card()) } (card_drawn(board, card, mine.today, language)) }
                    section.card { h2 { (w.pledges()) } (pledges(board, card, language)) }
                }
            }
            None => { (Notice::note(w.not_on_board()).standing()) }
        }
        section.card {
            h2 { (w.figures()) }
            p.hint { (w.delay(&mine.until.to_string(), mine.delay_days, mine.min_group)) }
            @if mine.answer.sample { (Notice::note(Dashboard(language).sample()).standing()) }
            @if mine.answer.total.satisfied_rate.is_none() { (Empty::new(w.none_yet(mine.min_group), "")) }
            @else { (figures(mine, language)) }
        }
        (appraised(&mine.appraised, language))
    }
}

fn card_drawn(board: &Board, card: &StaffCard, today: Date, language: Language) -> Markup {
    let (w, english) = (Me(language), language.is_english());
    let name = card.name_en.as_deref().filter(|_| english).unwrap_or(&card.name);
    let honours: Vec<&Honour> = card.honours.iter().filter(|h| h.until >= today).collect();
    html! {
        div.own-card {
            @if card.photo.is_some() { img.portrait src="/me/portrait" alt=(w.portrait(name)) width="72" height="96"; }
            div {
                p.name { b { (name) } }
                p { (card.post.get(english)) " · " (w.staff_no(card.staff_no.as_str())) }
                p.hint { (board.hall.name.get(english)) }
                @if card.party_member { p { span.tag { (w.party_member()) } } }
                @if !honours.is_empty() {
                    ul {
                        @for honour in honours {
                            li { (common::honour(language, honour.kind)) " " span.hint { (honour.issuer) " · " (w.until(&honour.until.to_string())) } }
                        }
                    }
                }
            }
        }
    }
}

fn pledges(board: &Board, card: &StaffCard, language: Language) -> Markup {
    let (w, english) = (Me(language), language.is_english());
    html! {
        ol {
            @for pledge in board.pledges_of(Some(&card.staff_no)) {
                li {
                    (pledge.text.get(english)) " "
                    span.tag { @if pledge.staff_no.is_some() { (w.own_pledge()) } @else { (w.unit_pledge()) } }
                    p.hint { (w.standard(pledge.standard.get(english))) " · " (w.time_limit(pledge.time_limit.get(english)))
                        @if let Some(kept) = pledge.kept { " · " (w.kept(kept.kept, kept.of)) } }
                }
            }
        }
    }
}

fn figures(mine: &Mine, language: Language) -> Markup {
    let (w, c, total) = (Me(language), Common(language), &mine.answer.total);
    let text = w.trend_text(mine.answer.rows.len());
    let frame = |class, id, width| Frame { class, width, height: 260.0, every: 1, id, title: "", text: &text };
    let title = w.trend();
    let shown: Vec<Row> = mine.answer.rows.iter().skip_while(|r| r.n.unwrap_or(0) == 0).cloned().collect();
    html! {
        p { (w.period(&mine.answer.query.from.to_string(), &mine.until.to_string())) }
        (facts([
            (w.satisfied_interval(), rate(total.satisfied_rate)),
            (c.negative_rate(), rate(total.negative_rate)),
            (c.participation(), rate(total.participation)),
            (c.rated(), html! { (total.n.unwrap_or(0)) }),
        ]))
        @if let Some(hall) = mine.hall.as_ref().and_then(|h| h.satisfied_rate) {
            h3 { (w.compare()) }
            (beside(total.satisfied_rate, hall, language))
        }
        h3 { (title) }
        @if shown.len() > 1 {
            (trend(&shown, None, Frame { title: &title, ..frame("for-wide", "own-wide", 900.0) }))
            (trend(&shown, None, Frame { title: &title, ..frame("for-narrow", "own-narrow", 340.0) }))
        }
        (months(mine, &shown, language))
    }
}

/// Two intervals on one axis, and what they say against each other; no rank.
fn beside(own: Option<Rate>, hall: Rate, language: Language) -> Markup {
    let w = Me(language);
    let Some(own) = own else { return html! {} };
    let start = axis_start([&own, &hall]);
    let said = if own.low > hall.high {
        w.above()
    } else if own.high < hall.low {
        w.below()
    } else {
        w.overlap()
    };
    html! {
        (facts([
            (w.you(), html! { (interval(own, None, start)) " " (rate(Some(own))) }),
            (w.hall(), html! { (interval(hall, None, start)) " " (rate(Some(hall))) }),
        ]))
        p { (said) " " span.hint { (w.no_rank()) } }
    }
}

fn months(mine: &Mine, rows: &[Row], language: Language) -> Markup {
    let (w, c) = (Me(language), Common(language));
    let mut table = Table::new(language, w.trend())
        .column(w.month())
        .column(w.satisfied_interval())
        .column(c.negative_rate())
        .column(c.participation())
        .number(c.rated())
        .quiet()
        .stacked();
    let present = mine.until.strftime("%Y-%m").to_string();
    let is_part = mine.until != mine.until.last_of_month();
    for row in rows.iter().rev() {
        let part = (is_part && row.key == present).then(|| w.so_far(&mine.until.to_string()));
        let n = row.n.map_or_else(|| "＊".to_owned(), |n| n.to_string());
        table.row([
            html! { (row.key) @if let Some(part) = part { " " span.hint { (part) } } },
            rate(row.satisfied_rate),
            rate(row.negative_rate),
            rate(row.participation),
            html! { (n) },
        ]);
    }
    html! {
        (table)
        @if rows.iter().any(|r| r.suppressed) { p.hint { (Dashboard(language).suppressed_note()) } }
    }
}

fn rate(rate: Option<Rate>) -> Markup {
    let percent = |share: f64| format!("{:.1}%", share * 100.0);
    html! {
        @match rate {
            Some(r) => { span { (percent(r.value)) " " span.hint { "(" (percent(r.low)) "–" (percent(r.high)) ")" } } }
            None => { "–" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_that_overlap_say_nothing_and_nobody_is_ranked() {
        let of = |k, n| Rate::wilson(k, n).unwrap();
        let said = |own, hall| beside(Some(own), hall, Language::En).into_string();
        assert!(said(of(19, 20), of(900, 1_000)).contains("no clear difference"));
        assert!(said(of(998, 1_000), of(900, 1_000)).contains("wholly above"));
        let below = said(of(700, 1_000), of(900, 1_000));
        assert!(below.contains("wholly below") && below.contains("no rank"));
    }
}
