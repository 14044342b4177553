//! One pledge: what was promised, how it is measured, what each month said, and the forms that set it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};

use super::acts::{self, ByHand, Refused};
use super::list::{badge, whose};
use super::store::{self, Measured, Record};
use crate::centre::access::{HallEditor, HallReader, Posted, Reach, Routes, Signed, Viewer};
use crate::centre::cases;
use crate::centre::clock;
use crate::centre::dashboard::components::{
    Button, Choice, Empty, Faults, Field, Table, Title, buttons, moment, particulars,
};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::site::Site;
use crate::domain::board::{Board, Pledge};
use crate::domain::case::Origin;
use crate::domain::fulfilment::{Measure, MeasureKind, Occasions, Verdict};
use crate::domain::id::{HallId, ItemCode, PledgeId, TagCode};
use crate::domain::role::Need;
use crate::words::fulfilment::{self as words, Fulfilment};

pub fn routes() -> Routes {
    Routes::new()
        .get("/fulfilment/{hall}/{pledge}", Need::Hall, show)
        .post("/fulfilment/{hall}/{pledge}/measure", Need::HallEdit, set_measure)
        .post("/fulfilment/{hall}/{pledge}/record", Need::HallEdit, write_down)
}

/// Where a pledge's page stands.
pub fn address(hall: &HallId, pledge: &PledgeId) -> String {
    format!("/fulfilment/{hall}/{pledge}")
}

type Fields = Vec<(String, String)>;

/// The pledge that an address names, as far as the asker reaches.
struct Named {
    hall: HallId,
    pledge: Pledge,
    board: Board,
}

fn named(site: &Site, reach: &Reach, (hall, pledge): &(String, String)) -> Option<Named> {
    let hall = HallId::new(hall).ok().filter(|hall| reach.covers(hall))?;
    let id = PledgeId::new(pledge).ok()?;
    let board = site.boards.get().hall(&hall)?.board.clone();
    let pledge = board.pledges.iter().find(|p| p.id == id)?.clone();
    Some(Named { hall, pledge, board })
}

async fn show(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<HallReader>,
    Path(path): Path<(String, String)>,
) -> Response {
    let Some(named) = named(&site, &handle.who.reach, &path) else { return viewer.not_found(&site) };
    let empty = (Faults::default(), Fields::new());
    match drawn(&site, &viewer, &named, who.may(Need::HallEdit), &empty).await {
        Ok(content) => viewer.page(&site, named.pledge.text.get(viewer.language.is_english()), content),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

async fn set_measure(
    State(site): State<Arc<Site>>,
    Path(path): Path<(String, String)>,
    Posted { handle, who, viewer, form }: Posted<HallEditor, Fields>,
) -> Response {
    let Some(named) = named(&site, &handle.who.reach, &path) else { return viewer.not_found(&site) };
    let w = Fulfilment(viewer.language);
    let mut faults = Faults::default();
    let measure = measure_of(&form, &named.board, w, &mut faults);
    let seen = of(&form, "seen").parse().unwrap_or(u32::MAX);
    if faults.is_empty() {
        let (hall, pledge, why) = (named.hall.clone(), named.pledge.clone(), of(&form, "why").to_owned());
        let done = site.writer.attempt(move |desk| {
            acts::set_measure(desk.tx, desk.now, &who, (&hall, &pledge), seen, measure.as_ref(), &why)
        });
        match done.await {
            Ok(Ok(())) => return viewer.onward(&site, &address(&named.hall, &named.pledge.id), &w.saved()),
            Ok(Err(refused)) => {
                if let Some(fault) = told(&refused, w, &mut faults) {
                    return viewer.refuse(&site, &fault);
                }
            }
            Err(fault) => return viewer.refuse(&site, &fault.into()),
        }
    }
    again(&site, &viewer, &named, (faults, form)).await
}

async fn write_down(
    State(site): State<Arc<Site>>,
    Path(path): Path<(String, String)>,
    Posted { handle, who, viewer, form }: Posted<HallEditor, Fields>,
) -> Response {
    let Some(named) = named(&site, &handle.who.reach, &path) else { return viewer.not_found(&site) };
    let w = Fulfilment(viewer.language);
    let mut faults = Faults::default();
    let count = |name: &str| of(&form, name).parse::<u64>().ok();
    if let Some((kept, all)) = count("kept").zip(count("occasions")) {
        let (hall, pledge) = (named.hall.clone(), named.pledge.clone());
        let (month, note) = (of(&form, "month").to_owned(), of(&form, "note").to_owned());
        let zone = site.settings.time_zone.clone();
        let done = site.writer.attempt(move |desk| -> Result<_, Refused> {
            let day = today(&zone, desk.now);
            let told = ByHand { month: &month, occasions: Occasions { kept, of: all }, note: &note };
            acts::write_down(desk.tx, desk.now, day, &who, (&hall, &pledge), &told)?;
            Ok(super::shown(desk.tx, day)?)
        });
        match done.await {
            Ok(Ok(sums)) => {
                site.boards.update(|boards| boards.with_kept(&sums));
                return viewer.onward(&site, &address(&named.hall, &named.pledge.id), &w.written());
            }
            Ok(Err(refused)) => {
                if let Some(fault) = told(&refused, w, &mut faults) {
                    return viewer.refuse(&site, &fault);
                }
            }
            Err(fault) => return viewer.refuse(&site, &fault.into()),
        }
    } else {
        faults.add("kept", w.bad_counts());
    }
    again(&site, &viewer, &named, (faults, form)).await
}

/// The page once more with what was typed and what is wrong in it.
async fn again(site: &Arc<Site>, viewer: &Viewer, named: &Named, typed: (Faults, Fields)) -> Response {
    match drawn(site, viewer, named, true, &typed).await {
        Ok(content) => {
            let title = named.pledge.text.get(viewer.language.is_english());
            let mut response = viewer.page(site, title, content);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
        Err(fault) => viewer.refuse(site, &fault),
    }
}

/// Puts a refusal at its field; what no form can mend comes back.
fn told(refused: &Refused, w: Fulfilment, faults: &mut Faults) -> Option<ApiFault> {
    match refused {
        Refused::Measure => faults.add("percent", w.bad_percent()),
        Refused::Why => faults.add("why", w.bad_why()),
        Refused::Month => faults.add("month", w.bad_month()),
        Refused::Counts => faults.add("kept", w.bad_counts()),
        Refused::Stale => faults.add("why", w.stale()),
        Refused::Store(cause) => return Some(ApiFault::because(ErrorCode::Unavailable, cause)),
    }
    None
}

fn of<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
}

/// None without faults: it is not measured any more.
fn measure_of(form: &Fields, board: &Board, w: Fulfilment, faults: &mut Faults) -> Option<Measure> {
    let kind = MeasureKind::from_code(of(form, "kind"))?;
    let Some(percent) = of(form, "percent").parse().ok().filter(|p| (1..=100).contains(p)) else {
        faults.add("percent", w.bad_percent());
        return None;
    };
    match kind {
        MeasureKind::TimeLimit => {
            let codes = of(form, "items").split([' ', ',', '，', '、']).filter(|code| !code.is_empty());
            let known = codes.map(|code| ItemCode::new(code).ok().filter(|code| board.item(code).is_some()));
            let Some(items) = known.collect::<Option<Vec<_>>>().filter(|all| all.len() <= 50) else {
                faults.add("items", w.bad_items());
                return None;
            };
            Some(Measure::TimeLimit { items, percent })
        }
        MeasureKind::FirstContact => Some(Measure::FirstContact { percent }),
        MeasureKind::Satisfied => Some(Measure::Satisfied { percent }),
        MeasureKind::WithoutReason => {
            let tag = TagCode::new(of(form, "tag")).ok().filter(|tag| board.tags.iter().any(|t| &t.code == tag));
            if tag.is_none() {
                faults.add("tag", w.bad_tag());
            }
            tag.map(|tag| Measure::WithoutReason { tag, percent })
        }
        MeasureKind::ByHand => Some(Measure::ByHand { percent }),
    }
}

async fn drawn(
    site: &Arc<Site>,
    viewer: &Viewer,
    named: &Named,
    edits: bool,
    typed: &(Faults, Fields),
) -> Result<Markup, ApiFault> {
    let (hall, id) = (named.hall.clone(), named.pledge.id.clone());
    let day = today(&site.settings.time_zone, clock::now().wall);
    let read = site.readers.read(move |conn| -> rusqlite::Result<_> {
        let mut records = store::records(conn, &hall, "2000-01", &day.strftime("%Y-%m").to_string())?;
        records.retain(|r| r.pledge == id);
        records.reverse();
        records.truncate(36);
        let mut opened = Vec::new();
        for record in &records {
            let (pledge, period) = (record.pledge.clone(), record.month.clone());
            let origin = Origin::UnkeptPledge { pledge, service_window: None, period };
            opened.push(cases::of_origin(conn, &hall, &origin)?);
        }
        Ok((store::measures(conn, &hall, &id)?, records.into_iter().zip(opened).collect::<Vec<_>>()))
    });
    let (measures, records) = read.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    let (language, w) = (viewer.language, Fulfilment(viewer.language));
    let (pledge, english) = (&named.pledge, language.is_english());
    let back = format!("/fulfilment?hall={}", named.hall);
    Ok(html! {
        (Title::new(language, pledge.text.get(english)).crumb(back, w.title()))
        (typed.0.summary(language))
        (particulars([
            (w.whose(), html! { (whose(site, language, &named.hall, pledge)) " · " (w.version(pledge.version)) }),
            (w.standard(), html! { (pledge.standard.get(english)) }),
            (w.time_limit(), html! { (pledge.time_limit.get(english)) }),
            (w.measured(), html! { (said(named, w, measures.first().and_then(|m| m.measure.as_ref()))) }),
        ]))
        section.card { h2 { (w.records()) } (months(viewer, &records)) }
        @if edits {
            div.grid-2 {
                section.card { h2 { (w.set_measure()) } (measure_form(viewer, named, &measures, typed)) }
                section.card { h2 { (w.write_down()) } (record_form(viewer, named, day, typed)) }
            }
        }
        section.card { h2 { (w.history()) } (history(site, viewer, named, &measures)) }
    })
}

fn months(viewer: &Viewer, records: &[(Record, Option<i64>)]) -> Markup {
    let w = Fulfilment(viewer.language);
    let mut table = Table::new(viewer.language, w.records())
        .quiet()
        .stacked()
        .column(w.month())
        .column(w.verdict())
        .column(w.measured())
        .column(w.note())
        .column(w.made_by())
        .column(w.case());
    for (record, case) in records {
        let by = if record.made_by.is_empty() { w.by_itself() } else { record.made_by.as_str().into() };
        let measure = words::measure(viewer.language, record.measure.kind());
        table.row([
            html! { (record.month) },
            badge(viewer.language, record),
            html! { (measure) " " span.hint { (w.promised(record.measure.percent())) } },
            html! { (record.note) },
            html! { (by) },
            html! { @if let Some(id) = case.filter(|_| record.verdict == Verdict::Unkept || record.revision > 1) {
                a href={ "/cases/" (id) } { "№ " (id) }
            } },
        ]);
    }
    html! { (table.or_empty(Empty::new(w.no_records(), ""))) }
}

/// A measure in words.
fn said(named: &Named, w: Fulfilment, measure: Option<&Measure>) -> String {
    let Some(measure) = measure else { return w.unmeasured().into_owned() };
    let mut text = format!("{} · {}", words::measure(w.0, measure.kind()), w.promised(measure.percent()));
    let english = w.0.is_english();
    match measure {
        Measure::TimeLimit { items, .. } if !items.is_empty() => {
            let name = |code: &ItemCode| {
                named.board.item(code).map_or_else(|| code.to_string(), |i| i.name.get(english).to_owned())
            };
            text.push_str(&format!(" · {}", items.iter().map(name).collect::<Vec<_>>().join("、")));
        }
        Measure::WithoutReason { tag, .. } => {
            let found = named.board.tags.iter().find(|t| &t.code == tag);
            text.push_str(&format!(" · {}", found.map_or_else(|| tag.as_str(), |t| t.text.get(english))));
        }
        _ => {}
    }
    text
}

fn measure_form(viewer: &Viewer, named: &Named, measures: &[Measured], (faults, typed): &(Faults, Fields)) -> Markup {
    let w = Fulfilment(viewer.language);
    let now = measures.first().and_then(|m| m.measure.as_ref());
    let is_typed = typed.iter().any(|(name, _)| name == "kind");
    let or = |name: &str, stored: String| if is_typed { of(typed, name).to_owned() } else { stored };
    let kinds = MeasureKind::ALL.iter().map(|&k| (k.code(), words::measure(viewer.language, k).to_owned()));
    let kinds = kinds.chain([("", w.not_measured().into_owned())]);
    let english = viewer.language.is_english();
    let tags = named.board.tags.iter().map(|t| (t.code.to_string(), t.text.get(english).to_owned()));
    let tags = std::iter::once((String::new(), w.no_tag().into_owned())).chain(tags);
    let (items, tag) = match now {
        Some(Measure::TimeLimit { items, .. }) => {
            (items.iter().map(ItemCode::as_str).collect::<Vec<_>>().join(" "), String::new())
        }
        Some(Measure::WithoutReason { tag, .. }) => (String::new(), tag.to_string()),
        _ => Default::default(),
    };
    let seen =
        if is_typed { of(typed, "seen").to_owned() } else { measures.first().map_or(0, |m| m.version).to_string() };
    let kind = now.map_or(MeasureKind::Satisfied, Measure::kind).code().to_owned();
    html! {
        p.hint { (w.set_lead()) }
        form.form method="post" action={ (address(&named.hall, &named.pledge.id)) "/measure" } {
            (viewer.csrf())
            input type="hidden" name="seen" value=(seen);
            (Choice::new("kind", w.kind(), kinds).chosen(or("kind", kind)).faults(faults))
            (Field::number("percent", w.percent()).within("1", "100")
                .value(or("percent", now.map_or(100, Measure::percent).to_string())).faults(faults))
            (Field::text("items", w.items()).hint(w.items_hint()).value(or("items", items)).optional(viewer.language).faults(faults))
            (Choice::new("tag", w.tag(), tags).hint(w.tag_hint()).chosen(or("tag", tag)).faults(faults))
            (Field::text("why", w.why()).value(or("why", String::new())).max(200).faults(faults))
            (buttons(&[Button::submit(w.save()).primary()]))
        }
    }
}

fn record_form(viewer: &Viewer, named: &Named, day: Date, (faults, typed): &(Faults, Fields)) -> Markup {
    let w = Fulfilment(viewer.language);
    let last = day.first_of_month().yesterday().map_or_else(|_| String::new(), |d| d.strftime("%Y-%m").to_string());
    let month = Some(of(typed, "month")).filter(|m| !m.is_empty()).map_or(last, str::to_owned);
    html! {
        p.hint { (w.write_lead()) }
        form.form method="post" action={ (address(&named.hall, &named.pledge.id)) "/record" } {
            (viewer.csrf())
            (Field::month("month", w.month()).value(month).faults(faults))
            (Field::number("kept", w.kept()).within("0", "1000000").value(of(typed, "kept")).faults(faults))
            (Field::number("occasions", w.occasions()).within("1", "1000000").value(of(typed, "occasions")).faults(faults))
            (Field::text("note", w.note()).value(of(typed, "note")).max(200).faults(faults))
            (buttons(&[Button::submit(w.save()).primary()]))
        }
    }
}

fn history(site: &Site, viewer: &Viewer, named: &Named, measures: &[Measured]) -> Markup {
    let w = Fulfilment(viewer.language);
    let mut table = Table::new(viewer.language, w.history())
        .quiet()
        .stacked()
        .column(w.when())
        .column(w.measured())
        .column(w.made_by())
        .column(w.why());
    for one in measures {
        table.row([
            moment(&site.settings.time_zone, one.set),
            html! { (said(named, w, one.measure.as_ref())) },
            html! { (one.set_by) },
            html! { (one.why) },
        ]);
    }
    html! { (table.or_empty(Empty::new(w.no_history(), ""))) }
}
