//! One inspection: what was planned, each visit with what was found and what citizens said, and what people added.

use super::visited::{self, Seen};
use super::*;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;

use crate::centre::access::{Handle as _, Signed, StatisticsReader};
use crate::centre::cases;
use crate::centre::dashboard::components::{Button, Empty, Faults, Field, Notice, Title, buttons, particulars};
use crate::centre::inspections::checklists::{self, Version};
use crate::centre::inspections::ratings::{self, Around};
use crate::centre::inspections::rules::InspectionRules;
use crate::centre::inspections::store::{self, Remark};
use crate::centre::inspections::visits::{self, Found, Visit};
use crate::centre::inspections::{acts::REMARK_CHARS, pictures};
use crate::centre::rules;
use crate::centre::statistics::api::Reading;
use crate::domain::inspection::{RemarkKind, Step};

/// All that the page shows.
pub(super) struct Whole {
    pub record: Record,
    pub list: Option<Version>,
    pub visits: Vec<Visit>,
    pub found: Vec<Found>,
    pub remarks: Vec<Remark>,
    pub rules: InspectionRules,
    /// Cases of orders, by finding.
    pub cases: Vec<(u32, cases::Record)>,
}

/// What was typed into one of the page's forms and came back.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub remark: String,
    pub answer: String,
    pub faults: Faults,
}

pub async fn one(State(site): State<Arc<Site>>, signed: Signed<HallReader>, Path(id): Path<String>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = draw(&desk, &id, &Typed::default()).await;
    desk.page(&desk.words().title(), content)
}

/// A picture of a finding of this inspection.
pub async fn picture(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, ApiFault> {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let record = desk.record(&id).await?.ok_or_else(|| ApiFault::new(ErrorCode::NotFound))?;
    let wanted = name.clone();
    if !desk.read(move |conn| visits::shows_here(conn, record.id, &wanted)).await? {
        return Err(ApiFault::because(ErrorCode::NotFound, &"no finding shows this picture"));
    }
    let (bytes, kind) = pictures::read(&site, &name).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        // The address names the picture.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600")),
    ];
    Ok((headers, bytes).into_response())
}

pub(super) async fn draw(desk: &Desk<'_>, id: &str, typed: &Typed) -> Result<Option<Markup>, ApiFault> {
    let Some(id) = number(id) else { return Ok(None) };
    let sight = desk.sight.clone();
    let found = desk.read(move |conn| {
        let Some(record) = sight.one(conn, id)? else { return Ok(None) };
        let (checklist, version) = record.checklist;
        let found = visits::findings(conn, id)?;
        let mut opened = Vec::new();
        for f in found.iter().filter(|f| f.order.is_some()) {
            if let Some(case) = cases::of_origin(conn, &record.hall, &f.origin(id))? {
                opened.extend(cases::one(conn, case)?.map(|case| (f.finding, case)));
            }
        }
        Ok(Some(Whole {
            list: checklists::one(conn, checklist, Some(version))?,
            visits: visits::of(conn, id)?,
            cases: opened,
            found,
            remarks: store::remarks(conn, id)?,
            rules: rules::current(conn)?,
            record,
        }))
    });
    let Some(whole) = found.await? else { return Ok(None) };
    let around = around(desk, &whole).await?;
    let (w, record) = (desk.words(), &whole.record);
    let seen = Seen { desk, whole: &whole };
    Ok(Some(html! {
        (title(desk, record))
        @if !record.inspection.is_open_to_hall() { (Notice::note(w.hidden()).standing()) }
        section.card { (plan(desk, &whole)) }
        @if whole.visits.is_empty() && !record.inspection.stage.is_cancelled() {
            section.card { (Empty::new(w.no_visit(), w.no_visit_advice())) }
        }
        @for visit in &whole.visits {
            (visited::visit(&seen, visit, around.iter().find(|a| a.visit == visit.visit)))
        }
        @if whole.visits.len() > ratings::MAX_VISITS { p.hint { (w.only_first(ratings::MAX_VISITS)) } }
        (added(desk, &whole, typed))
    }))
}

async fn around(desk: &Desk<'_>, whole: &Whole) -> Result<Vec<Around>, ApiFault> {
    let Some(reader) = StatisticsReader::of(desk.who) else { return Ok(Vec::new()) };
    let reading = Reading::new(desk.site, reader, desk.language());
    ratings::around(desk.site, &reading, &whole.record.hall, &whole.visits, whole.rules.ratings_days).await
}

fn title(desk: &Desk<'_>, record: &Record) -> Markup {
    let (w, p) = (desk.words(), desk.planning());
    let i = &record.inspection;
    let may = |step: &Step| i.apply(step, desk.sight.actor).is_ok();
    let mut title = Title::new(desk.language(), record.title.clone())
        .crumb("/inspections", w.title())
        .aside(html! { (desk.kind(i.kind)) " " (desk.stage(i.stage)) });
    if i.stage.is_open() && i.inspectors.contains(&desk.who.account) && desk.who.may(Need::Inspect) {
        title = title.action(Button::link(format!("/inspections/{}/visit", record.id), w.make_visit()).primary());
    }
    let steps = [
        (Step::Submit, "submit", p.submit(), false),
        (Step::Release, "release", p.release(), false),
        (Step::Close, "close", p.close(), false),
        (Step::Cancel, "cancel", p.cancel_it(), true),
    ];
    for (_, code, word, danger) in steps.into_iter().filter(|(step, ..)| may(step)) {
        let button = Button::link(format!("/inspections/{}/steps/{code}", record.id), word);
        title = title.action(if danger { button.danger() } else { button });
    }
    html! { (title) }
}

fn plan(desk: &Desk<'_>, whole: &Whole) -> Markup {
    let (w, record) = (desk.words(), &whole.record);
    let period = record.inspection.period;
    let separator = if desk.language().is_english() { ", " } else { "、" };
    let mut lines = vec![
        (w.hall(), html! { (desk.hall(&record.hall)) }),
        (w.windows(), html! { (desk.places(record)) }),
        (w.period(), html! { (w.from_to(&period.from.to_string(), &period.to.to_string())) }),
        (w.inspectors(), html! { (record.inspector_names.join(separator)) }),
        (w.planned_by(), html! { (record.planned_by) " · " (desk.moment(record.made)) }),
    ];
    if let Some(list) = &whole.list {
        let address = format!("/inspections/checklists/{}?version={}", list.checklist, list.version);
        let name = list.list.title.get(desk.language().is_english());
        lines.push((w.checklist(), html! { a href=(address) { (name) } " · " (w.version(list.version)) }));
    }
    particulars(lines)
}

fn added(desk: &Desk<'_>, whole: &Whole, typed: &Typed) -> Markup {
    let (w, i) = (desk.words(), &whole.record.inspection);
    let may = |step: &Step| i.apply(step, desk.sight.actor).is_ok();
    let max = u32::try_from(REMARK_CHARS).unwrap_or(1_000);
    let home = format!("/inspections/{}", whole.record.id);
    html! {
        section.card #added {
            h2 { (w.remarks()) }
            @if whole.remarks.is_empty() { p.hint { (w.no_remark()) } }
            @for remark in &whole.remarks {
                div.remark {
                    p.hint { b { (kind(desk, remark.kind)) } " · " (remark.made_by) " · " (desk.moment(remark.made)) }
                    p.lines { (remark.text) }
                }
            }
            (typed.faults.summary(desk.language()))
            @if may(&Step::Answer) {
                form.form method="post" action={ (home) "/answer" } {
                    (desk.viewer.csrf())
                    (Field::area("answer", w.answer(), 4).hint(w.answer_lead()).value(typed.answer.as_str()).max(max).faults(&typed.faults))
                    (buttons(&[Button::submit(w.give_answer()).primary()]))
                }
            }
            @if may(&Step::Remark) {
                form.form method="post" action={ (home) "/remarks" } {
                    (desk.viewer.csrf())
                    (Field::area("remark", w.remark(), 3).hint(w.remark_hint(REMARK_CHARS)).value(typed.remark.as_str()).max(max).faults(&typed.faults))
                    (buttons(&[Button::submit(w.add_remark())]))
                }
            }
        }
    }
}

fn kind(desk: &Desk<'_>, kind: RemarkKind) -> Cow<'static, str> {
    let w = desk.words();
    match kind {
        RemarkKind::Remark => w.remark(),
        RemarkKind::Answer => w.answer(),
        RemarkKind::Cancelled => w.reason_of_cancel(),
    }
}
