//! Lists as files.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::held::List;
use crate::centre::access::{HallReader, Signed, Who};
use crate::centre::audit::{self, Act};
use crate::centre::editor::answer;
use crate::centre::editor::opened::Opened;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::sheets::columns::Listed;
use crate::centre::hall::sheets::write;
use crate::centre::hall::whole::Hall;
use crate::centre::site::Site;
use crate::domain::board::{ServiceItem, ServiceWindow, StaffCard};
use crate::words::Language;

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What a file's name asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    Xlsx,
    /// A workbook without rows.
    Template,
}

/// `staff.csv`, `windows.xlsx`, `items-template.xlsx`.
fn asked(file: &str) -> Option<(List, Form)> {
    let (name, suffix) = file.rsplit_once('.')?;
    match (name.strip_suffix("-template"), suffix) {
        (Some(list), "xlsx") => Some((List::from_code(list)?, Form::Template)),
        (None, "xlsx") => Some((List::from_code(name)?, Form::Xlsx)),
        (None, "csv") => Some((List::from_code(name)?, Form::Csv)),
        _ => None,
    }
}

/// Answers a list as a file; what left the house stands in the audit log.
pub async fn file(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path((hall, file)): Path<(String, String)>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let (list, form) = asked(&file).ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"no such list"))?;
        let (bytes, kind) = match list {
            List::Staff => written::<StaffCard>(&opened.hall, form, opened.language),
            List::Windows => written::<ServiceWindow>(&opened.hall, form, opened.language),
            List::Items => written::<ServiceItem>(&opened.hall, form, opened.language),
        }?;
        if form != Form::Template {
            note(&site, &signed.who, &opened, &file).await?;
        }
        let name = format!("attachment; filename=\"{}-{file}\"", opened.hall.id);
        let name = HeaderValue::from_str(&name).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
        let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, name)];
        Ok((headers, bytes).into_response())
    };
    answer(&site, &signed.viewer, made.await)
}

fn written<T: Listed>(hall: &Hall, form: Form, language: Language) -> Result<(Vec<u8>, &'static str), ApiFault> {
    let rows = if form == Form::Template { Vec::new() } else { write::rows::<T>(hall, language) };
    if form == Form::Csv {
        return Ok((write::csv::<T>(&rows, language), CSV));
    }
    let book = write::xlsx::<T>(&rows, language).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    Ok((book, XLSX))
}

async fn note(site: &Site, who: &Arc<Who>, opened: &Opened, file: &str) -> Result<(), ApiFault> {
    let (who, object, file) = (Arc::clone(who), format!("hall:{}", opened.hall.id), file.to_owned());
    let noted =
        site.writer.attempt(move |desk| audit::append(desk.tx, desk.now, &who, Act::SheetExported, &object, &file));
    noted.await?.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_asks_for_a_list_and_a_form() {
        assert_eq!(asked("staff.csv"), Some((List::Staff, Form::Csv)));
        assert_eq!(asked("windows.xlsx"), Some((List::Windows, Form::Xlsx)));
        assert_eq!(asked("items-template.xlsx"), Some((List::Items, Form::Template)));
        for bad in ["staff", "staff.pdf", "items-template.csv", "users.csv", "../staff.csv"] {
            assert_eq!(asked(bad), None, "{bad}");
        }
    }
}
