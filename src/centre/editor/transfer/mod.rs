//! Tables in and out.

mod export;
mod held;
mod import;

pub use export::file;
pub use held::Held;
pub use import::{apply, check};

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use self::import::Wanted;
use super::answer;
use super::opened::{Opened, Tab};
use crate::centre::access::{HallReader, Signed, Viewer};
use crate::centre::dashboard::components::{Button, Choice, Field, Tick, Title, buttons, fieldset};
use crate::centre::hall::kinds::Lead;
use crate::centre::hall::sheets::list::List;
use crate::centre::hall::sheets::plan::Absent;
use crate::centre::hall::sheets::table::MAX_FILE_BYTES;
use crate::centre::site::Site;
use crate::words::transfer::Transfer;

/// Bytes of a form with a table.
pub const MAX_BODY_BYTES: usize = MAX_FILE_BYTES + 64 * 1024;

/// Lists to take away, and the form that takes one in.
pub async fn show(State(site): State<Arc<Site>>, signed: Signed<HallReader>, Path(hall): Path<String>) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let content = draw(&opened, &signed.viewer, &Wanted::default());
        Ok(signed.viewer.page(&site, &format!("{} · {}", opened.words().transfer(), opened.name()), content))
    };
    answer(&site, &signed.viewer, made.await)
}

fn list_name(opened: &Opened, list: List) -> Cow<'static, str> {
    let w = opened.words();
    match list {
        List::Staff => w.people(),
        List::Windows => w.windows(),
        List::Items => w.items(),
    }
}

fn draw(opened: &Opened, viewer: &Viewer, wanted: &Wanted) -> Markup {
    let (w, t) = (opened.words(), Transfer(opened.language));
    let title = Title::new(opened.language, w.transfer()).lead(t.transfer_lead());
    html! {
        (opened.head(Tab::Transfer, title))
        (wanted.faults.summary(opened.language))
        div.grid-2 {
            section.card {
                h2 { (t.export()) }
                p.hint { (t.export_hint()) }
                @for &list in List::ALL {
                    div.head {
                        h3 { (list_name(opened, list)) }
                        div.row-actions {
                            (Button::file(opened.path(&format!("export/{}.xlsx", list.code())), "XLSX").small().about(list_name(opened, list)))
                            (Button::file(opened.path(&format!("export/{}.csv", list.code())), "CSV").small().about(list_name(opened, list)))
                            (Button::file(opened.path(&format!("export/{}-template.xlsx", list.code())), t.template()).small().about(list_name(opened, list)))
                        }
                    }
                }
            }
            section.card {
                h2 { (t.import()) }
                @if opened.may_edit() { (import_form(opened, viewer, wanted)) }
                @else if opened.hall.lead == Lead::File { p.hint { (t.import_file_led()) } }
                @else { p.hint { (t.import_not_yours()) } }
            }
            @if opened.may_edit() {
                section.card {
                    h2 { (t.give_back()) }
                    p.hint { (t.give_back_hint()) }
                    (Button::link(opened.path("give-back"), t.give_back_link()).small())
                }
            }
        }
    }
}

fn import_form(opened: &Opened, viewer: &Viewer, wanted: &Wanted) -> Markup {
    let t = Transfer(opened.language);
    let lists = List::ALL.iter().map(|&list| (list.code(), list_name(opened, list)));
    let retires = wanted.absent == Some(Absent::Retire);
    let absent = html! {
        (Tick::radio("absent", Absent::Keep.code(), t.absent_keep(), !retires))
        (Tick::radio("absent", Absent::Retire.code(), t.absent_retire(), retires))
    };
    html! {
        p.hint { (t.import_hint()) }
        form method="post" action=(opened.path("import")) enctype="multipart/form-data" {
            (viewer.csrf())
            (Choice::new("list", t.which_list(), lists).chosen(wanted.list.unwrap_or(List::Staff).code()))
            (Field::file("table", t.table_file(), ".csv,.xlsx,text/csv").hint(t.table_hint(MAX_FILE_BYTES / 1024 / 1024)).faults(&wanted.faults))
            (fieldset("absent", &t.absent(), None, &absent))
            (buttons(&[Button::submit(t.check_table()).primary()]))
        }
    }
}
