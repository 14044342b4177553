//! The phone page's markup. Pure: plain values in, escaped HTML out; nothing here knows a store or a request.
//!
//! One form, one address: everything is posted to where the page stands, so that it works under any path and without
//! JavaScript. **Invariant of absence:** no level that somebody chose is ever written into a page, because the code on
//! the terminal's glass can be scanned by anyone who stands there.

use maud::{DOCTYPE, Markup, html};

use super::face::face;
use super::form::{Draft, FormFault};
use super::handling::{self, Shown};
use crate::domain::board::{Board, Honour, Pledge, ReasonTag, ServiceItem, ServiceWindow, StaffCard};
use crate::domain::rating::Satisfaction;
use crate::ledger::seal::MAX_WORDS_CHARS;
use crate::words::phone::Phone;
use crate::words::{Language, common};

/// Pledges listed on the page; a phone is small.
const SHOWN_PLEDGES: usize = 8;

/// What surrounds every page.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    pub language: Language,
    /// None where no board belongs to the request.
    pub board: Option<&'a Board>,
    /// Leads from the page's directory to the site's root: `../` for `/t/…`.
    pub root: &'static str,
    /// Words and numbers are kept so many days.
    pub words_days: u32,
    /// Keeps the page when the language changes: `after=satisfied`.
    pub query: &'a str,
}

/// The card: whom and what the visit was about, as far as the centre knows.
#[derive(Debug, Clone)]
pub struct Card<'a> {
    pub service_window: Option<&'a ServiceWindow>,
    pub staff: Option<&'a StaffCard>,
    /// Those valid today.
    pub honours: Vec<&'a Honour>,
    pub item: Option<&'a ServiceItem>,
    pub pledges: Vec<&'a Pledge>,
    /// Where the portrait is, relative to the page.
    pub portrait: Option<String>,
}

/// What the page asks.
#[derive(Debug, Clone)]
pub enum Stage<'a> {
    /// The level; `late` when the visit's time is over.
    Rate { late: bool },
    /// Words for a visit that is rated.
    Words { banner: Banner, reasons: Vec<&'a ReasonTag>, draft: Draft, faults: Vec<FormFault> },
    /// Nothing more.
    Done,
}

/// Why there is nothing to rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Banner {
    /// Rated on this page.
    Received,
    /// Rated at the window.
    AtKiosk,
    /// Rated somehow; who asks may be somebody else.
    Already,
    /// A second rating came from here and is kept beside the first.
    Second,
}

/// The page of one visit. `once` marks this drawing of the form, so that sending it twice is one act.
pub fn visit(frame: &Frame<'_>, card: &Card<'_>, stage: &Stage<'_>, once: &str) -> Markup {
    let w = Phone(frame.language);
    let content = html! {
        (card_markup(frame, card))
        @match stage {
            Stage::Rate { late } => (rate_form(frame, *late, once)),
            Stage::Words { banner, reasons, draft, faults } => {
                (banner_markup(w, *banner))
                (words_form(frame, reasons, draft, faults, once))
            }
            Stage::Done => {
                section.good role="status" { h1 { (w.explained()) } p { (w.nothing_more()) } p.small { (w.follow_by_code()) } }
                p.center {
                    a.quiet href=(link(frame, "more=1")) { (w.more_words()) }
                    a.quiet href={ (frame.root) "c" (link(&Frame { query: "", ..*frame }, "")) } { (w.follow_here()) }
                }
            }
        }
    };
    page(frame, &content)
}

/// Something is wrong, in plain words, and what to do.
pub fn trouble(frame: &Frame<'_>, what: &str, to_do: &str, reference: Option<&str>) -> Markup {
    let w = Phone(frame.language);
    let content = html! {
        section.bad role="alert" {
            h1 { (what) }
            p { (to_do) }
            @if let Some(code) = reference { p.small { (w.reference(code)) } }
        }
    };
    page(frame, &content)
}

/// What the look-up of a receipt code found.
#[derive(Debug, Clone)]
pub enum CodeAnswer {
    Asked,
    Malformed,
    NotFound,
    Found { place: String, time: Option<String>, handling: Option<Box<Shown>> },
}

/// The look-up of a receipt code.
pub fn code(frame: &Frame<'_>, answer: &CodeAnswer, typed: &str) -> Markup {
    let w = Phone(frame.language);
    let content = html! {
        @match answer {
            CodeAnswer::Asked => {}
            CodeAnswer::Malformed => { section.bad role="alert" { p { (w.code_malformed()) } } }
            CodeAnswer::NotFound => { section.note role="status" { h1 { (w.code_not_found()) } p { (w.code_not_found_why()) } } }
            CodeAnswer::Found { place, time, handling } => {
                section.good role="status" {
                    h1 { (w.code_found()) }
                    p { @match time { Some(t) => (w.code_found_at(place, t)), None => (w.code_found_place(place)) } }
                    p.small { (w.code_nothing_personal()) }
                }
                @if let Some(shown) = handling { (handling::section(frame.language, shown, typed, &link(frame, ""))) }
            }
        }
        form.card method="post" action=(link(frame, "")) {
            h2 { (w.code_page()) }
            label for="code" { (w.code_question()) }
            input #code name="code" value=(typed) maxlength="40" autocomplete="off" autocapitalize="characters"
                spellcheck="false" required aria-describedby="example";
            p.small #example { (w.code_example()) }
            button.primary type="submit" { (w.look_up()) }
        }
    };
    page(frame, &content)
}

fn page(frame: &Frame<'_>, content: &Markup) -> Markup {
    let w = Phone(frame.language);
    let english = frame.language.is_english();
    html! {
        (DOCTYPE)
        html lang=(frame.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="robots" content="noindex";
                meta name="format-detection" content="telephone=no";
                meta name="color-scheme" content="light";
                title { (w.title()) }
                link rel="stylesheet" href={ (frame.root) "phone.css" };
            }
            body {
                header {
                    p.hall {
                        @if let Some(board) = frame.board {
                            span.unit { (board.unit.get(english)) }
                            (board.hall.name.get(english))
                        } @else { (w.title()) }
                    }
                    a.language lang=(frame.language.toggled().code()) hreflang=(frame.language.toggled().code())
                        href=(link(&Frame { language: frame.language.toggled(), ..*frame }, "")) { (w.other_language()) }
                }
                main { (content) }
                @if let Some(board) = frame.board {
                    footer { p { (w.hotline(&board.hall.hotline)) } }
                }
            }
        }
    }
}

/// The present page with its language and `extra`.
fn link(frame: &Frame<'_>, extra: &str) -> String {
    let lang = if frame.language.is_english() { "lang=en" } else { "lang=zh-CN" };
    let parts = [lang, if extra.is_empty() { frame.query } else { extra }];
    let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    format!("?{}", parts.join("&"))
}

fn card_markup(frame: &Frame<'_>, card: &Card<'_>) -> Markup {
    let w = Phone(frame.language);
    let english = frame.language.is_english();
    html! {
        section.card.who {
            div.person {
                @if let (Some(src), Some(staff)) = (&card.portrait, card.staff) {
                    img src=(src) alt=(w.portrait_of(&staff.name)) width="78" height="104";
                }
                div.about {
                    @if let Some(window) = card.service_window {
                        p.window { b { (w.window(&window.number)) } " " (window.name.get(english)) }
                    }
                    @match card.staff {
                        Some(staff) => {
                            p.name { (name_of(staff, english)) }
                            p.post {
                                @if english && staff.name_en.is_some() { span lang="zh-CN" { (staff.name) } " · " }
                                (w.staff_no(staff.staff_no.as_str())) " · " (staff.post.get(english))
                            }
                        }
                        None => p.post { (w.staff_unknown()) },
                    }
                    p.badges {
                        @if card.staff.is_some_and(|s| s.party_member) { span.badge.party { (w.party_member()) } }
                        @for honour in &card.honours { span.badge { (common::honour(frame.language, honour.kind)) } }
                    }
                }
            }
            @if !card.pledges.is_empty() || card.item.is_some() { (pledges_markup(w, card, english)) }
        }
    }
}

fn name_of(staff: &StaffCard, english: bool) -> Markup {
    match &staff.name_en {
        Some(en) if english => html! { (en) },
        _ => html! { (staff.name) },
    }
}

fn item_markup(w: Phone, item: &ServiceItem, english: bool) -> Markup {
    html! {
        p.item {
            (w.item(item.name.get(english))) " "
            span.small { @if item.limit_days == 0 { (w.limit_at_once()) } @else { (w.limit_days(item.limit_days)) } }
        }
    }
}

/// Folded, so that the levels stay within the thumb's reach.
fn pledges_markup(w: Phone, card: &Card<'_>, english: bool) -> Markup {
    html! {
        details {
            summary { (w.pledges(card.pledges.len().min(SHOWN_PLEDGES) + usize::from(card.item.is_some()))) }
            @if let Some(item) = card.item { (item_markup(w, item, english)) }
            ol {
                @for pledge in card.pledges.iter().take(SHOWN_PLEDGES) {
                    li {
                        (pledge.text.get(english))
                        span.small { (w.standard(pledge.standard.get(english))) }
                        span.small {
                            (w.time_limit(pledge.time_limit.get(english)))
                            @if let Some(kept) = pledge.kept { " · " (w.kept(kept.kept, kept.of)) }
                        }
                    }
                }
            }
        }
    }
}

fn rate_form(frame: &Frame<'_>, late: bool, once: &str) -> Markup {
    let w = Phone(frame.language);
    let best_first = frame.board.is_none_or(|b| b.hall.best_first);
    let mut levels = Satisfaction::ALL.to_vec();
    if !best_first {
        levels.reverse();
    }
    html! {
        @if late { section.note role="status" { p { (w.late_notice()) } } }
        form method="post" action=(link(frame, "")) {
            input type="hidden" name="once" value=(once);
            h1 { (w.question()) " " span.hint { (w.choose_one()) } }
            div.levels {
                @for level in levels {
                    button.level type="submit" name="level" value=(level.code()) {
                        (face(level)) span { (common::level(frame.language, level)) }
                    }
                }
            }
        }
    }
}

fn banner_markup(w: Phone, banner: Banner) -> Markup {
    let (class, head, text) = match banner {
        Banner::Received => ("good", w.received(), w.private()),
        Banner::AtKiosk => ("good", w.rated_already(), w.rated_at_kiosk()),
        Banner::Already => ("note", w.rated_already(), w.private()),
        Banner::Second => ("note", w.rated_already(), w.second_kept()),
    };
    html! { section class=(class) role="status" { h1 { (head) } p { (text) } } }
}

fn words_form(frame: &Frame<'_>, reasons: &[&ReasonTag], draft: &Draft, faults: &[FormFault], once: &str) -> Markup {
    let w = Phone(frame.language);
    let english = frame.language.is_english();
    html! {
        @if !faults.is_empty() {
            section.bad role="alert" {
                p { (w.fix_first()) }
                ul { @for fault in faults { li { (fault_text(w, *fault)) } } }
            }
        }
        form.card method="post" action=(link(frame, "")) {
            input type="hidden" name="once" value=(once);
            h2 { (w.say_more()) }
            @if !reasons.is_empty() {
                fieldset.reasons {
                    legend { (w.which_reasons()) }
                    @for tag in reasons {
                        label { input type="checkbox" name="reason" value=(tag.code) checked[draft.reasons.contains(&tag.code)];
                            span { (tag.text.get(english)) } }
                    }
                }
            }
            label for="words" { (w.your_words()) }
            textarea #words name="words" rows="4" maxlength=(MAX_WORDS_CHARS) aria-describedby="sealed" { (draft.words) }
            p.small #sealed { (w.words_sealed(MAX_WORDS_CHARS)) }
            details.contact open[!draft.contact.is_empty()] {
                summary { (w.ask_call_back()) }
                p.small #notice { (w.contact_notice(frame.words_days)) }
                label.tick { input type="checkbox" name="consent" value="yes" checked[draft.consent]; span { (w.consent()) } }
                label for="contact" { (w.contact_label()) }
                input #contact type="tel" name="contact" value=(draft.contact) maxlength="20" autocomplete="tel"
                    aria-describedby="notice";
            }
            button.primary type="submit" { (w.send()) }
        }
    }
}

fn fault_text(w: Phone, fault: FormFault) -> std::borrow::Cow<'static, str> {
    match fault {
        FormFault::Empty => w.fault_empty(),
        FormFault::WordsLong => w.fault_words_long(MAX_WORDS_CHARS),
        FormFault::WordsCharacters => w.fault_words_characters(),
        FormFault::Contact => w.fault_contact(),
        FormFault::Consent => w.fault_consent(),
    }
}
