//! The audit log for whoever may read it: filtered, checked before their eyes, and taken away as a file.
//!
//! Whoever reaches only a part of the tree reads what people of that part did.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

use super::chain::{LINES_OF_A_LOOK, Standing, check_whole};
use super::{Act, Line, Wanted, append, count, lines};
use crate::centre::access::{AuditReader, Posted, Reach, Routes, Signed, Viewer, encoded};
use crate::centre::dashboard::components::{
    Button, Choice, Empty, Faults, Field, Notice, Pages, Table, Title, buttons, moment,
};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::domain::role::{Need, Role};
use crate::domain::time::WallMs;
use crate::words::accounts as account_words;
use crate::words::audit::{self as words, AuditLog};

const PER_PAGE: u64 = 50;
/// Lines of one file.
const MAX_EXPORTED: u64 = 100_000;

pub(super) fn routes() -> Routes {
    Routes::new().get("/audit", Need::AuditLog, show).post("/audit/verify", Need::AuditLog, check).get(
        "/audit/export",
        Need::AuditLog,
        export,
    )
}

/// What the address asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Asked {
    login: String,
    act: Option<Act>,
    from: Option<Date>,
    to: Option<Date>,
    page: u64,
}

impl Asked {
    fn of(pairs: &Pairs) -> Self {
        let one = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim());
        Self {
            login: one("who").chars().take(60).collect(),
            act: Act::from_code(one("act")),
            from: one("from").parse().ok(),
            to: one("to").parse().ok(),
            page: one("page").parse().unwrap_or(1),
        }
    }

    fn wanted(&self, zone: &TimeZone, accounts: Option<Vec<i64>>) -> Wanted {
        let start = |day: Date| {
            zone.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).ok().map(|t| WallMs(t.as_millisecond()))
        };
        Wanted {
            login: Some(self.login.clone()).filter(|l| !l.is_empty()),
            act: self.act,
            from: self.from.and_then(start),
            until: self.to.and_then(|day| day.tomorrow().ok()).and_then(start),
            accounts,
        }
    }

    fn address(&self, path: &str, page: u64) -> String {
        let day = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
        let (who, act) = (encoded(&self.login), self.act.map_or("", Act::code));
        let page = if page > 1 { format!("&page={page}") } else { String::new() };
        format!("{path}?who={who}&act={act}&from={}&to={}{page}", day(self.from), day(self.to))
    }
}

/// Accounts whose deeds the reader may read; None: everybody's.
fn readable(site: &Site, reader: &AuditReader) -> Option<Vec<i64>> {
    if *reader.reach() == Reach::All {
        return None;
    }
    Some(site.directory.get().people().within(reader.who.account))
}

async fn show(
    State(site): State<Arc<Site>>,
    Signed { handle, viewer, .. }: Signed<AuditReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let asked = Asked::of(&pairs);
    let wanted = asked.wanted(&site.settings.time_zone, readable(&site, &handle));
    let language = viewer.language;
    let (at, page, chain) = (asked.clone(), asked.page, Arc::clone(&site.chain));
    let read = site.readers.read(move |conn| -> rusqlite::Result<_> {
        let total = count(conn, &wanted)?;
        let pages = Pages::new(language, page, total, PER_PAGE, |n| at.address("/audit", n));
        let lines = lines(conn, &wanted, pages.offset(), PER_PAGE)?;
        Ok((pages, lines, chain.look(conn, LINES_OF_A_LOOK)?))
    });
    let (pages, lines, standing) = match read.await.map_err(ApiFault::from) {
        Ok(Ok(found)) => found,
        Ok(Err(e)) => return viewer.refuse(&site, &ApiFault::because(ErrorCode::Unavailable, &e)),
        Err(fault) => return viewer.refuse(&site, &fault),
    };
    let w = AuditLog(language);
    let content = html! {
        (Title::new(language, w.title()).lead(w.lead()).action(Button::file(asked.address("/audit/export", 1), w.export())))
        (checked(&site, &viewer, &standing))
        (filter(&viewer, &asked))
        (table(&site, &viewer, &lines))
        (pages)
    };
    viewer.page(&site, &w.title(), content)
}

/// What the checks of the chain have found, and the button for another.
fn checked(site: &Site, viewer: &Viewer, standing: &Standing) -> Markup {
    let w = AuditLog(viewer.language);
    let head = data_encoding::HEXLOWER.encode(&standing.head);
    html! {
        @if !standing.broken.is_empty() {
            @let ids: Vec<_> = standing.broken.iter().take(10).map(i64::to_string).collect();
            (Notice::bad(w.broken(&ids.join(", "))).advice(w.broken_advice()))
        } @else if standing.all {
            (Notice::good(w.holds(standing.lines)).advice(w.head(&head)).standing())
        } @else {
            (Notice::note(w.holds_so_far(standing.lines)).standing())
        }
        form method="post" action="/audit/verify" {
            (viewer.csrf())
            p.hint {
                @match standing.whole {
                    Some(whole) => { (w.whole_at()) (moment(&site.settings.time_zone, whole.at)) (w.whole_lines(whole.lines)) }
                    None => { (w.whole_none()) }
                }
            }
            p { (Button::submit(w.verify()).small()) }
        }
    }
}

#[derive(Debug, Deserialize)]
struct Nothing {}

/// Checks every line while the asker waits, or says that it is being done already.
async fn check(State(site): State<Arc<Site>>, Posted { viewer, .. }: Posted<AuditReader, Nothing>) -> Response {
    let w = AuditLog(viewer.language);
    match check_whole(&site).await {
        Ok(true) => viewer.onward(&site, "/audit", &w.verified()),
        Ok(false) => viewer.onward(&site, "/audit", &w.verifying()),
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

fn filter(viewer: &Viewer, asked: &Asked) -> Markup {
    let (w, language, faults) = (AuditLog(viewer.language), viewer.language, Faults::default());
    let acts = Act::ALL.iter().map(|&act| (act.code().to_owned(), act_name(viewer, act.code())));
    let all = std::iter::once((String::new(), w.every_act().into_owned())).chain(acts);
    let day = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
    html! {
        form.asking method="get" action="/audit" {
            (Field::text("who", w.who()).value(&asked.login).max(60).optional(language).faults(&faults))
            (Choice::new("act", w.act(), all).chosen(asked.act.map_or("", Act::code)))
            (Field::date("from", w.from()).value(day(asked.from)).optional(language))
            (Field::date("to", w.to()).value(day(asked.to)).optional(language))
            (buttons(&[Button::submit(w.filter())]))
        }
    }
}

fn table(site: &Site, viewer: &Viewer, lines: &[Line]) -> Markup {
    let (w, zone) = (AuditLog(viewer.language), &site.settings.time_zone);
    let mut table = Table::new(viewer.language, w.title())
        .quiet()
        .number(w.number())
        .column(w.when())
        .column(w.who())
        .column(w.act())
        .column(w.object())
        .column(w.detail());
    for line in lines {
        let role = Role::from_code(&line.role).map_or("", |role| account_words::role(viewer.language, role));
        table.row([
            html! { (line.id) },
            moment(zone, line.at),
            html! { (line.login) @if line.account != 0 { " " span.hint { (role) } } },
            html! { (act_name(viewer, &line.act)) },
            html! { span.code { (line.object) } },
            html! { (line.detail) },
        ]);
    }
    html! { (table.stacked().or_empty(Empty::new(w.none(), w.none_advice()))) }
}

/// An act without a name, such as one of a newer program, is shown by its code.
fn act_name(viewer: &Viewer, code: &str) -> String {
    words::act(viewer.language, code).map_or_else(|| code.replace('_', " "), str::to_owned)
}

async fn export(
    State(site): State<Arc<Site>>,
    Signed { handle, who, viewer }: Signed<AuditReader>,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Response {
    let asked = Asked::of(&pairs);
    let wanted = asked.wanted(&site.settings.time_zone, readable(&site, &handle));
    let taken = async {
        let read = site.readers.read(move |conn| lines(conn, &wanted, 0, MAX_EXPORTED)).await?;
        let lines = read.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
        let n = lines.len();
        let noted = site.writer.attempt(move |desk| {
            append(desk.tx, desk.now, &who, Act::AuditExported, "audit_log", &format!("{n} lines"))
        });
        noted.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
        written(&viewer, &site.settings.time_zone, &lines).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))
    };
    match taken.await {
        Ok(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"pingyi-audit.csv\"")),
            ];
            (headers, bytes).into_response()
        }
        Err(fault) => viewer.refuse(&site, &fault),
    }
}

/// With a byte order mark, for spreadsheets, and every text that one of them would take for a formula made plain.
fn written(viewer: &Viewer, zone: &TimeZone, lines: &[Line]) -> Result<Vec<u8>, csv::Error> {
    let w = AuditLog(viewer.language);
    let mut out = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let heads = [w.number(), w.when(), w.who(), w.role(), w.act(), w.object(), w.detail(), w.hash()];
    out.write_record(heads.iter().map(AsRef::as_ref))?;
    for line in lines {
        let stamp = jiff::Timestamp::from_millisecond(line.at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let when = stamp.to_zoned_datetime(zone.clone()).strftime("%F %T%:z").to_string();
        let hash = data_encoding::HEXLOWER.encode(&line.hash);
        out.write_record([
            line.id.to_string(),
            when,
            plain(&line.login),
            line.role.clone(),
            line.act.clone(),
            plain(&line.object),
            plain(&line.detail),
            hash,
        ])?;
    }
    out.into_inner().map_err(|e| e.into_error().into())
}

fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn an_address_says_what_it_asks_and_nothing_wrong_is_asked() {
        let pairs =
            |text: &[(&str, &str)]| text.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Pairs>();
        let asked = Asked::of(&pairs(&[("who", "王&"), ("act", "signed_in"), ("from", "2026-11-24"), ("page", "3")]));
        assert_eq!(asked.address("/audit", 3), "/audit?who=%E7%8E%8B%26&act=signed_in&from=2026-11-24&to=&page=3");
        let odd = Asked::of(&pairs(&[("act", "dance"), ("from", "yesterday"), ("page", "-1")]));
        assert_eq!(odd, Asked { page: 1, ..Asked::default() });
        let wanted = asked.wanted(&TimeZone::get("Asia/Shanghai").unwrap(), None);
        assert_eq!(wanted.from, Some(WallMs(1_795_449_600_000)));
    }

    #[test]
    fn every_act_has_a_name() {
        let nameless: Vec<_> = Act::ALL.iter().filter(|a| words::act(Language::Zh, a.code()).is_none()).collect();
        assert!(nameless.is_empty(), "name them in src/words/audit.rs: {nameless:?}");
    }

    #[test]
    fn no_spreadsheet_takes_a_text_for_a_formula() {
        assert_eq!(plain("=1+1"), "'=1+1");
        assert_eq!(plain("account:1"), "account:1");
    }
}
