//! Inspections that the viewer sees, and all of them as a file.

use super::*;
use axum::extract::Query as UrlQuery;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;

use crate::centre::access::Signed;
use crate::centre::audit::{self, Act};
use crate::centre::dashboard::components::{Button, Choice, Empty, Pages, Table, Title};
use crate::centre::inspections::store::{self, Wanted};
use crate::centre::inspections::{export as files, sight};
use crate::centre::statistics::api::Pairs;

const PER_PAGE: u64 = 50;

pub async fn list(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let given = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let all = given("show") == Some("all");
    let kind = given("kind").and_then(InspectionKind::from_code);
    let wanted = Wanted { kind, stage: None, open: !all };
    let page = given("page").and_then(|p| p.parse().ok()).unwrap_or(1_u64);
    let content = drawn(&desk, wanted, page).await.map(Some);
    desk.page(&desk.words().title(), content)
}

async fn drawn(desk: &Desk<'_>, wanted: Wanted, page: u64) -> Result<Markup, ApiFault> {
    let w = desk.words();
    let sight: sight::Sight = desk.sight.clone();
    let language = desk.language();
    let all = !wanted.open;
    let address = move |n: u64| {
        let kind = wanted.kind.map_or(String::new(), |k| format!("&kind={}", k.code()));
        let show = if all { "&show=all" } else { "" };
        format!("/inspections?page={n}{show}{kind}")
    };
    let found = desk.read(move |conn| {
        let counted = |open| store::count(conn, &sight, Wanted { open, ..Wanted::default() });
        let (open, every, these) = (counted(true)?, counted(false)?, store::count(conn, &sight, wanted)?);
        let pages = Pages::new(language, page, these, PER_PAGE, address);
        let rows = store::list(conn, &sight, wanted, pages.offset(), PER_PAGE)?;
        Ok((open, every, pages, rows))
    });
    let (open, every, pages, rows) = found.await?;
    let mut title = Title::new(language, w.title()).lead(w.lead());
    if desk.who.may(Need::Inspect) {
        title = title.action(Button::link("/inspections/new", w.plan()).primary());
    }
    if every > 0 {
        title = title.action(Button::file("/inspections/export", w.export()));
    }
    let kinds = InspectionKind::ALL.iter().map(|k| (k.code(), words::kind(language, *k).into()));
    let kinds: Vec<(&str, Cow<'_, str>)> = [("", w.all_kinds())].into_iter().chain(kinds).collect();
    Ok(html! {
        (title)
        (desk.tabs(if all { "all" } else { "open" }, open, every))
        form.asking method="get" action="/inspections" {
            @if all { input type="hidden" name="show" value="all"; }
            (Choice::new("kind", w.kind(), kinds).chosen(wanted.kind.map_or("", InspectionKind::code)))
            (Button::submit(w.filter()))
        }
        section.card { (table(desk, &rows)) }
        (pages)
    })
}

fn table(desk: &Desk<'_>, rows: &[Record]) -> Markup {
    let w = desk.words();
    let mut table = Table::new(desk.language(), w.title())
        .column(w.name())
        .column(w.kind())
        .column(w.hall())
        .column(w.period())
        .column(w.stage())
        .number(w.visits())
        .number(w.findings())
        .quiet()
        .stacked()
        .or_empty(Empty::new(w.none(), w.none_advice()));
    for record in rows {
        let i = &record.inspection;
        table.row([
            html! { a href={ "/inspections/" (record.id) } { (record.title) } },
            desk.kind(i.kind),
            html! { (desk.hall(&record.hall)) },
            html! { (w.from_to(&i.period.from.to_string(), &i.period.to.to_string())) },
            desk.stage(i.stage),
            html! { (i.visits) },
            html! { (i.findings) },
        ]);
    }
    html! { (table) }
}

/// What leaves the house stands in the audit log before it does.
pub async fn export(State(site): State<Arc<Site>>, signed: Signed<HallReader>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    match written(&desk).await {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"inspections.csv\"")),
            ];
            (headers, text).into_response()
        }
        Err(fault) => desk.viewer.refuse(&site, &fault),
    }
}

async fn written(desk: &Desk<'_>) -> Result<String, ApiFault> {
    let (sight, labels) = (desk.sight.clone(), desk.labels.clone());
    let zone = desk.site.settings.time_zone.clone();
    let text = desk.read(move |conn| files::file(conn, &sight, &labels, &zone)).await?;
    let who = Arc::clone(desk.who);
    let noted = desk
        .site
        .writer
        .attempt(move |desk| audit::append(desk.tx, desk.now, &who, Act::InspectionsExported, "inspections", "csv"));
    noted.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
    Ok(text)
}
