//! Writing a story, and mending it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};

use super::super::acts::{Refused, perform};
use super::super::store::Kept;
use super::{Desk, Pairs};
use crate::centre::access::{Posted, Publisher, Signed};
use crate::centre::dashboard::components::{Button, Choice, Faults, Field, Notice, Tick, Title, buttons};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::appraisal::Subject;
use crate::domain::board::Bilingual;
use crate::domain::id::HallId;
use crate::domain::story::{ALT_CHARS, TEXT_CHARS, TITLE_CHARS, Telling, TellingFault};
use crate::words::stories as words;

/// Days that a new story is shown for.
const FRESH_DAYS: i64 = 90;

pub async fn new(State(site): State<Arc<Site>>, signed: Signed<Publisher>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let day = |date: Date| date.to_string();
    let typed = vec![
        ("from".to_owned(), day(desk.today)),
        ("until".to_owned(), day(desk.today.saturating_add(FRESH_DAYS.days()))),
    ];
    desk.page(&desk.words().write(), Ok(drawn(&desk, None, &typed, &Faults::default(), None)))
}

pub async fn add(State(site): State<Arc<Site>>, posted: Posted<Publisher, Pairs>) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let title = desk.words().write();
    let telling = match telling(&desk, &posted.form, None) {
        Ok(telling) => telling,
        Err(faults) => return desk.again(&title, drawn(&desk, None, &posted.form, &faults, None)),
    };
    match perform(&site, Arc::clone(&posted.who), move |a| a.write(telling)).await {
        Ok(Ok(id)) => desk.viewer.onward(&site, &format!("/stories/{id}"), &desk.words().saved()),
        Ok(Err(refused)) => again(&desk, None, &posted.form, &refused),
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

pub async fn edit(State(site): State<Arc<Site>>, signed: Signed<Publisher>, Path(id): Path<String>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = async {
        let kept = desk.open(&id).await?;
        if !kept.story.is_editable() {
            return Err(ApiFault::new(ErrorCode::Conflict));
        }
        Ok(drawn(&desk, Some(&kept), &typed(kept.story.telling()), &Faults::default(), None))
    };
    desk.page(&desk.words().edit(), content.await)
}

pub async fn save(State(site): State<Arc<Site>>, Path(id): Path<String>, posted: Posted<Publisher, Pairs>) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let kept = match desk.open(&id).await {
        Ok(kept) => kept,
        Err(fault) => return desk.viewer.refuse(&site, &fault),
    };
    let telling = match telling(&desk, &posted.form, Some(&kept.story.telling().hall)) {
        Ok(telling) => telling,
        Err(faults) => {
            return desk.again(&desk.words().edit(), drawn(&desk, Some(&kept), &posted.form, &faults, None));
        }
    };
    let number = kept.id;
    match perform(&site, Arc::clone(&posted.who), move |a| a.edit(number, telling)).await {
        Ok(Ok(())) => desk.viewer.onward(&site, &format!("/stories/{number}"), &desk.words().saved()),
        Ok(Err(refused)) => again(&desk, Some(&kept), &posted.form, &refused),
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

fn again(desk: &Desk<'_>, kept: Option<&Kept>, form: &Pairs, refused: &Refused) -> Response {
    match desk.sentence(refused) {
        Some(said) => desk.again(&desk.words().write(), drawn(desk, kept, form, &Faults::default(), Some(said))),
        None => desk.refuse(refused),
    }
}

fn value<'p>(pairs: &'p Pairs, name: &str) -> &'p str {
    pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
}

/// What was typed, or every fault at its field. `hall` is that of a story that is mended.
fn telling(desk: &Desk<'_>, pairs: &Pairs, hall: Option<&HallId>) -> Result<Telling, Faults> {
    let mut faults = Faults::default();
    let lines = |name: &str| value(pairs, name).replace("\r\n", "\n");
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    let about = Subject::of_key(value(pairs, "about"));
    let chosen = about.as_ref().map(|a| a.hall().clone()).or_else(|| HallId::new(value(pairs, "about")).ok());
    let boards = desk.site.boards.get();
    let hall = hall.cloned().or(chosen).filter(|h| desk.who.reach.covers(h) && boards.hall(h).is_some());
    let day = |name: &str| value(pairs, name).parse::<Date>().ok().filter(|d| (2000..=2200).contains(&d.year()));
    let Some(hall) = hall else {
        faults.add("about", words::fault(desk.language(), TellingFault::About));
        return Err(faults);
    };
    let telling = Telling {
        hall,
        title: Bilingual { zh: value(pairs, "title").to_owned(), en: some(value(pairs, "title_en").to_owned()) },
        text: Bilingual { zh: lines("text"), en: some(lines("text_en")) },
        about,
        consent: value(pairs, "consent") == "yes",
        picture_alt: value(pairs, "alt").to_owned(),
        from: day("from").unwrap_or(Date::MAX),
        // Before its first day: told as a wrong last one.
        until: day("until").unwrap_or(Date::MIN),
    };
    for fault in telling.faults() {
        faults.add(place_of(fault), words::fault(desk.language(), fault));
    }
    if faults.is_empty() { Ok(telling) } else { Err(faults) }
}

const fn place_of(fault: TellingFault) -> &'static str {
    match fault {
        TellingFault::Title(_) => "title",
        TellingFault::TitleEn(_) => "title_en",
        TellingFault::Text(_) => "text",
        TellingFault::TextEn(_) => "text_en",
        TellingFault::Alt(_) => "alt",
        TellingFault::Until => "until",
        TellingFault::About => "about",
    }
}

fn typed(telling: &Telling) -> Pairs {
    let about = telling.about.as_ref().map_or_else(|| telling.hall.to_string(), Subject::key);
    let consent = if telling.consent { "yes" } else { "" };
    [
        ("about", about),
        ("title", telling.title.zh.clone()),
        ("title_en", telling.title.en.clone().unwrap_or_default()),
        ("text", telling.text.zh.clone()),
        ("text_en", telling.text.en.clone().unwrap_or_default()),
        ("alt", telling.picture_alt.clone()),
        ("consent", consent.to_owned()),
        ("from", telling.from.to_string()),
        ("until", telling.until.to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// Halls, and below each its windows and people.
fn subjects(desk: &Desk<'_>, only: Option<&HallId>) -> Vec<(String, String)> {
    let boards = desk.site.boards.get();
    let english = desk.language().is_english();
    let mut halls: Vec<_> = boards.all().filter(|b| desk.who.reach.covers(&b.hall.id)).collect();
    halls.retain(|b| only.is_none_or(|hall| hall == &b.hall.id));
    halls.sort_by(|a, b| a.hall.id.cmp(&b.hall.id));
    let mut out = Vec::new();
    for board in halls {
        let hall = &board.hall.id;
        let name = board.hall.name.get(english);
        out.push((hall.to_string(), format!("{name} · {}", desk.words().about_nobody())));
        for w in &board.windows {
            let subject = Subject::ServiceWindow { hall: hall.clone(), service_window: w.id.clone() };
            out.push((subject.key(), format!("{name} · {} {}", w.number, w.name.get(english))));
        }
        for s in &board.staff {
            let subject = Subject::Staff { hall: hall.clone(), staff_no: s.staff_no.clone() };
            out.push((subject.key(), format!("{name} · {} {}", s.staff_no, s.name)));
        }
    }
    out
}

fn drawn(desk: &Desk<'_>, kept: Option<&Kept>, typed: &Pairs, faults: &Faults, said: Option<String>) -> Markup {
    let (w, language) = (desk.words(), desk.language());
    let (heading, address, back) = match kept {
        Some(kept) => (w.edit(), format!("/stories/{}/edit", kept.id), format!("/stories/{}", kept.id)),
        None => (w.write(), "/stories/new".to_owned(), "/stories".to_owned()),
    };
    let most = |chars: usize| u32::try_from(chars).unwrap_or(4_000);
    let of = |name: &str| value(typed, name).to_owned();
    html! {
        (Title::new(language, heading).crumb("/stories", w.title()).lead(w.lead()))
        @if let Some(said) = said { (Notice::bad(said)) }
        section.card {
            (faults.summary(language))
            form.form method="post" action=(address) {
                (desk.viewer.csrf())
                (Choice::new("about", w.about(), subjects(desk, kept.map(|k| &k.story.telling().hall))).chosen(of("about")).faults(faults))
                (Field::text("title", w.title_zh()).max(most(TITLE_CHARS)).value(of("title")).faults(faults))
                (Field::area("text", w.text_zh(), 10).hint(w.text_hint(TEXT_CHARS)).max(most(TEXT_CHARS)).value(of("text")).faults(faults))
                (Field::text("title_en", w.title_en()).optional(language).max(most(TITLE_CHARS)).value(of("title_en")).faults(faults))
                (Field::area("text_en", w.text_en(), 6).optional(language).max(most(TEXT_CHARS)).value(of("text_en")).faults(faults))
                (Tick::check("consent", "yes", w.consent(), value(typed, "consent") == "yes").hint(w.consent_hint()))
                (Field::text("alt", w.alt()).hint(w.alt_hint()).optional(language).max(most(ALT_CHARS)).value(of("alt")).faults(faults))
                div.fields {
                    (Field::date("from", w.from()).value(of("from")).faults(faults))
                    (Field::date("until", w.until()).value(of("until")).faults(faults))
                }
                (buttons(&[Button::submit(w.save()).primary(), Button::link(back, w.cancel())]))
            }
        }
    }
}
