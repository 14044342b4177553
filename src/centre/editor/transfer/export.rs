//! Lists as files.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::centre::access::{HallReader, Signed, Who};
use crate::centre::audit::{self, Act};
use crate::centre::editor::answer;
use crate::centre::editor::opened::Opened;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::sheets::list::{FileForm, List};
use crate::centre::site::Site;

/// `staff.csv`, `windows.xlsx`; `items-template.xlsx` is a workbook without rows (true).
fn asked(file: &str) -> Option<(List, FileForm, bool)> {
    let (name, suffix) = file.rsplit_once('.')?;
    let form = FileForm::from_code(suffix)?;
    match name.strip_suffix("-template") {
        Some(list) if form == FileForm::Xlsx => Some((List::from_code(list)?, form, true)),
        Some(_) => None,
        None => Some((List::from_code(name)?, form, false)),
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
        let (list, form, is_template) =
            asked(&file).ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"no such list"))?;
        let hall = (!is_template).then_some(&opened.hall);
        let bytes = list.file(hall, form, opened.language).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
        if !is_template {
            note(&site, &signed.who, &opened, &file).await?;
        }
        let name = format!("attachment; filename=\"{}-{file}\"", opened.hall.id);
        let name = HeaderValue::from_str(&name).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
        let headers =
            [(header::CONTENT_TYPE, HeaderValue::from_static(form.mime())), (header::CONTENT_DISPOSITION, name)];
        Ok((headers, bytes).into_response())
    };
    answer(&site, &signed.viewer, made.await)
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
        assert_eq!(asked("staff.csv"), Some((List::Staff, FileForm::Csv, false)));
        assert_eq!(asked("windows.xlsx"), Some((List::Windows, FileForm::Xlsx, false)));
        assert_eq!(asked("items-template.xlsx"), Some((List::Items, FileForm::Xlsx, true)));
        for bad in ["staff", "staff.pdf", "items-template.csv", "users.csv", "../staff.csv"] {
            assert_eq!(asked(bad), None, "{bad}");
        }
    }
}
