//! `GET /api/v1/stats`, and what the supervisors' page shares with it: a question in, an answer in the wanted form out.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::asked::{Asked, Defaults, Format, ParameterFault};
use super::export;
use super::labels::Labels;
use super::provenance::{Asking, provenance};
use super::{AskFault, Scope, Snapshot, own_question, own_release, own_until};
use crate::centre::access::{Reach, Routes, StatisticsReader, Who};
use crate::centre::audit::{self, Act};
use crate::centre::clock;
use crate::centre::dashboard::links::encoded;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::site::Site;
use crate::domain::query::{Answer, Dimension, Query};
use crate::domain::role::Need;
use crate::protocol::ApiError;
use crate::words::Language;
use crate::words::stats::StatsWords;

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/stats", Need::Statistics, answer_stats)
}

/// The decoded pairs of a URL's query.
pub type Pairs = Vec<(String, String)>;

/// Answer a statistical question.
///
/// Every rate comes with its Wilson 95% interval. Several `where` of one dimension are alternatives, those of different
/// dimensions must all hold. Groups that are too small for the asker's role are hidden, together with as many others as it
/// takes that they cannot be worked out. For such a role a period is widened to whole months where a part of one would tell
/// of a small group; the answer repeats the question with the days that it is about.
#[utoipa::path(get, path = "/api/v1/stats", tag = "statistics", security(("token" = [])),
    params(
        ("by" = Option<crate::domain::query::Dimension>, Query, description = "What rows are grouped by; absent: totals alone"),
        ("from" = Option<String>, Query, description = "First day, YYYY-MM-DD, in the centre's time zone; absent: 29 days before the last"),
        ("to" = Option<String>, Query, description = "Last day, included; absent: today"),
        ("where" = Option<Vec<String>>, Query, description = "`dimension:value`, repeatable"),
        ("order" = Option<crate::domain::query::Order>, Query, description = "Absent: key"),
        ("min_n" = Option<u64>, Query, description = "Least ratings for a rank, 3 or more"),
        ("unflagged" = Option<bool>, Query, description = "Leave out ratings that carry a signal"),
        ("format" = Option<String>, Query, description = "json, csv or xlsx"),
        ("lang" = Option<String>, Query, description = "zh or en"),
    ),
    responses(
        (status = 200, body = Answer),
        (status = 400, description = "bad_query: the message names what is wrong and what is allowed", body = ApiError),
    ))]
async fn answer_stats(
    State(site): State<Arc<Site>>,
    reader: StatisticsReader,
    headers: HeaderMap,
    UrlQuery(pairs): UrlQuery<Pairs>,
) -> Result<Response, ApiFault> {
    let asked = Asked::from_pairs(&pairs, defaults(&site, preferred(&headers)))?;
    let reading = Reading::new(&site, reader, asked.language);
    let answer = reading.ask(&site, asked.query).await?;
    if asked.format != Format::Json {
        reading.note_export(&site, &encoded(&answer.query), asked.format).await?;
    }
    reading.write(&answer, asked.format)
}

/// One asker's way to the figures.
#[derive(Debug, Clone)]
pub struct Reading {
    scope: Scope,
    asking: Asking,
    labels: Arc<Labels>,
    who: Who,
}

impl Reading {
    pub fn new(site: &Site, reader: StatisticsReader, language: Language) -> Self {
        let min_group = if reader.small_groups { 0 } else { site.settings.min_group };
        let boards = site.boards.get();
        // Whoever answers for some halls learns nothing of others, not even a name.
        let labels = match reader.reach() {
            Reach::All => site.figures.labels(&boards, language),
            reach @ Reach::Halls(_) => {
                Arc::new(Labels::new(boards.all_known().filter(|b| reach.covers(&b.hall.id)), language))
            }
        };
        let zone = site.settings.time_zone.clone();
        let today = defaults(site, language).today;
        let until = reader.only_staff.as_ref().map(|_| own_release(own_until(today, site.settings.own_delay_days)));
        let halls = reader.reach().halls().map(<[_]>::to_vec);
        // Figures about oneself are of whole months already.
        let covered = !reader.small_groups && reader.only_staff.is_none();
        Self {
            scope: Scope { halls, staff: reader.only_staff, until, min_group, covered },
            asking: Asking { user: reader.who.name.clone(), now: clock::now().wall, zone, min_group },
            labels,
            who: reader.who,
        }
    }

    /// What of the figures this asker may see.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Answers on a reading connection.
    ///
    /// # Errors
    /// [`ErrorCode::BadQuery`], or those of the store.
    pub async fn ask(&self, site: &Site, query: Query) -> Result<Answer, ApiFault> {
        let [answer] = self.ask_all(site, [query]).await?;
        Ok(answer)
    }

    /// Answers several questions in one go, all as of the same moment.
    ///
    /// # Errors
    /// As [`Reading::ask`].
    pub async fn ask_all<const N: usize>(&self, site: &Site, queries: [Query; N]) -> Result<[Answer; N], ApiFault> {
        let answers = self.ask_each(site, queries.to_vec()).await?;
        answers.try_into().map_err(|_| ApiFault::because(ErrorCode::Internal, &"not as many answers as questions"))
    }

    /// Answers as many questions as there are, all as of the same moment, in their order.
    ///
    /// # Errors
    /// As [`Reading::ask`].
    pub async fn ask_each(&self, site: &Site, queries: Vec<Query>) -> Result<Vec<Answer>, ApiFault> {
        let (scope, labels) = (self.scope.clone(), Arc::clone(&self.labels));
        let memory = Arc::clone(&site.figures);
        let all = move |conn: &rusqlite::Connection| {
            let snapshot = Snapshot::open(conn, &memory.names)?;
            let ask = |q: &Query| match (&scope.staff, scope.until) {
                (Some(_), Some(until)) => snapshot.ask(&own_question(q, until)?, &scope, &labels),
                _ => snapshot.ask(q, &scope, &labels),
            };
            queries.iter().map(ask).collect::<Result<Vec<_>, _>>()
        };
        Ok(site.readers.read(all).await??)
    }

    /// Answers a question once for each value of a second dimension, all read at once. `shown`: the only rows wanted.
    ///
    /// # Errors
    /// As [`Reading::ask`].
    pub async fn ask_across(
        &self,
        site: &Site,
        query: Query,
        and: Dimension,
        values: Vec<String>,
        shown: Option<Vec<String>>,
    ) -> Result<Vec<Answer>, ApiFault> {
        let (scope, labels) = (self.scope.clone(), Arc::clone(&self.labels));
        let memory = Arc::clone(&site.figures);
        let all = move |conn: &rusqlite::Connection| {
            Snapshot::open(conn, &memory.names)?.ask_across(&query, and, &values, shown.as_deref(), &scope, &labels)
        };
        Ok(site.readers.read(all).await??)
    }

    /// Who asks, when and where, as exports say it.
    pub fn asking(&self) -> &Asking {
        &self.asking
    }

    /// The answer in its form, with the file's name where it is one to keep.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`] when a workbook cannot be written.
    pub fn write(&self, answer: &Answer, format: Format) -> Result<Response, ApiFault> {
        if format == Format::Json {
            return Ok(axum::Json(answer).into_response());
        }
        let grid = export::grid(answer, self.labels.language());
        self.write_file(answer, &grid, &provenance(answer, &self.asking, &self.labels), format)
    }

    /// A table of the answer, laid out by the caller, as a file.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`] when a workbook cannot be written.
    pub fn write_file(
        &self,
        answer: &Answer,
        grid: &export::Grid,
        about: &export::Provenance,
        format: Format,
    ) -> Result<Response, ApiFault> {
        let language = self.labels.language();
        if format != Format::Xlsx {
            return Ok(file("text/csv; charset=utf-8", "csv", answer, language, export::csv(grid).into_bytes()));
        }
        let bytes = export::xlsx(grid, &StatsWords(language).sheet(), about);
        let bytes = bytes.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        Ok(file(kind, "xlsx", answer, language, bytes))
    }

    /// Notes in the audit log that figures leave as a file; it is durable before they do.
    ///
    /// # Errors
    /// Those of the writer.
    pub async fn note_export(&self, site: &Site, question: &str, format: Format) -> Result<(), ApiFault> {
        let (who, detail) = (self.who.clone(), format!("{}: {question}", format.code()));
        let noted = site.writer.attempt(move |desk| {
            audit::append(desk.tx, desk.now, &who, Act::StatisticsExported, "statistics", &detail)
        });
        noted.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
    }
}

/// What a question means where it says nothing.
pub fn defaults(site: &Site, language: Language) -> Defaults {
    let now = Timestamp::from_millisecond(clock::now().wall.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let today = site.settings.time_zone.to_datetime(now).date();
    Defaults { today, min_n: site.settings.min_ranked, language }
}

/// Chinese, unless a browser or program asks for English first.
pub fn preferred(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if wanted.trim_start().starts_with("en") { Language::En } else { Language::Zh }
}

/// The name stands twice in the header: once in ASCII, once as the reader's language has it.
fn file(kind: &'static str, suffix: &str, answer: &Answer, language: Language, bytes: Vec<u8>) -> Response {
    let (query, words) = (&answer.query, StatsWords(language));
    let (from, to) = (query.from.to_string(), query.to.to_string());
    let by = query.by.map_or("total", |by| by.code());
    let own = query.by.map_or_else(|| words.everything(), |by| crate::words::stats::dimension(language, by).into());
    let plain = format!("pingyi-{by}-{from}-{to}.{suffix}");
    let named = percent_encoded(&format!("{}.{suffix}", words.file(&own, &from, &to)));
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{named}");
    let disposition = HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment"));
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response()
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}

impl From<ParameterFault> for ApiFault {
    fn from(fault: ParameterFault) -> Self {
        Self::telling(ErrorCode::BadQuery, &fault)
    }
}

impl From<AskFault> for ApiFault {
    fn from(fault: AskFault) -> Self {
        match fault {
            AskFault::Tables(cause) => Self::because(ErrorCode::Unavailable, &cause),
            told => Self::telling(ErrorCode::BadQuery, &told),
        }
    }
}

pub mod paths {
    //! For the OpenAPI document.
    pub use super::__path_answer_stats;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_in_ascii_and_in_the_readers_language() {
        let answer = super::super::export::examples::answer();
        let response = file("text/csv", "csv", &answer, Language::Zh, vec![]);
        let name = response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(name.contains("filename=\"pingyi-staff-2026-11-01-2026-11-24.csv\""), "{name}");
        assert!(name.ends_with("%E5%B7%A5%E4%BD%9C%E4%BA%BA%E5%91%98-2026-11-01-2026-11-24.csv"), "{name}");
    }

    #[test]
    fn english_is_spoken_when_it_is_wanted_first() {
        let mut headers = HeaderMap::new();
        assert_eq!(preferred(&headers), Language::Zh);
        for (wanted, language) in [("en-GB,en;q=0.9", Language::En), ("zh-CN,en;q=0.8", Language::Zh)] {
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(wanted));
            assert_eq!(preferred(&headers), language);
        }
    }
}
