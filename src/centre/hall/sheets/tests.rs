//! Tables out, tables in, and everything that may be wrong with them.

use std::io::Write as _;

use jiff::civil::{Date, date};

use super::columns::Listed;
use super::fault::{RowFault, SheetWrong};
use super::plan::{Absent, Plan, apply, plan};
use super::table::{Encoding, MAX_FILE_BYTES, Table, TableFault};
use super::write;
use crate::centre::hall::acts::Refused;
use crate::centre::hall::kinds::{Kind, Lead};
use crate::centre::hall::sitting::Sitting;
use crate::centre::hall::store;
use crate::centre::hall::tests::{NOW, sample, taken_over, user};
use crate::centre::hall::whole::Hall;
use crate::config::fault::Wrong;
use crate::domain::board::{ServiceItem, ServiceWindow, StaffCard};
use crate::domain::time::WallMs;
use crate::words::Language;

const TODAY: Date = date(2026, 11, 24);

fn hall() -> Hall {
    Hall { lead: Lead::Store, ..Hall::of_board(&sample(), "test", WallMs(0)) }
}

fn dry<T: Listed>(csv: &str, absent: Absent) -> Plan {
    plan::<T>(&hall(), &Table::read(csv.as_bytes()).unwrap(), absent, TODAY)
}

fn round_trip<T: Listed>() {
    let hall = hall();
    for language in [Language::Zh, Language::En] {
        let rows = write::rows::<T>(&hall, language);
        assert!(rows.len() > 5);
        for bytes in [write::csv::<T>(&rows, language), write::xlsx::<T>(&rows, language).unwrap()] {
            let plan = plan::<T>(&hall, &Table::read(&bytes).unwrap(), Absent::Retire, TODAY);
            assert_eq!(plan.faults, []);
            let changes = [&plan.added, &plan.changed, &plan.restored, &plan.retired].map(Vec::len);
            assert_eq!((changes, plan.unchanged), ([0; 4], rows.len()), "{:?}", plan.changed.first());
        }
    }
}

#[test]
fn what_is_exported_and_imported_again_changes_nothing() {
    round_trip::<StaffCard>();
    round_trip::<ServiceWindow>();
    round_trip::<ServiceItem>();
}

#[test]
fn a_table_adds_changes_restores_and_retires_all_at_once() {
    let (conn, id) = taken_over();
    let sit = || Sitting::open(&conn, &id, user(1), NOW, TODAY).unwrap();
    let csv = "工号,姓名,岗位\r\n0001,林晓岚,导办组长\r\n0002,周启明,咨询员\r\n0100,新同事,咨询员\r\n";
    let table = Table::read(csv.as_bytes()).unwrap();
    let hall = store::load(&conn, &id).unwrap().unwrap();
    let shown = plan::<StaffCard>(&hall, &table, Absent::Retire, TODAY);
    assert_eq!(shown.faults, []);
    assert_eq!((shown.added.len(), shown.changed.len(), shown.retired.len(), shown.unchanged), (1, 1, 16, 1));
    assert_eq!(shown.changed[0].cells, [("post", "导办员".to_owned(), "导办组长".to_owned())]);
    let mut sitting = sit();
    assert_eq!(apply::<StaffCard>(&mut sitting, &table, Absent::Retire, shown.revision).unwrap(), shown);
    let after = sitting.close().unwrap();
    let board = after.board(TODAY);
    assert_eq!(board.staff.iter().map(|s| s.staff_no.as_str()).collect::<Vec<_>>(), ["0001", "0002", "0100"]);
    let first = &board.staff[0];
    assert_eq!((first.post.zh.as_str(), first.post.en.as_deref()), ("导办组长", Some("Guide")), "no column, no change");
    assert!(first.pin_hash.is_some() && first.photo.is_some() && first.party_member);
    // What was shown was for another state of the hall.
    let again = apply::<StaffCard>(&mut sit(), &table, Absent::Retire, shown.revision);
    assert!(matches!(again, Err(Refused::HallChanged)));
    let back = Table::read("staff_no,name,post\n0005,陈静文,医保经办员\n".as_bytes()).unwrap();
    let mut sitting = sit();
    let shown = apply::<StaffCard>(&mut sitting, &back, Absent::Keep, after.revision).unwrap();
    assert_eq!((shown.restored.len(), shown.retired.len()), (1, 0));
    assert!(sitting.close().unwrap().board(TODAY).staff.iter().any(|s| s.staff_no.as_str() == "0005"));
}

#[test]
fn every_fault_is_listed_by_row_and_column() {
    let csv = "staff_no,name,post,party_member,windows,salary\n\
               0001,林晓岚,导办员,maybe,W01,1\n\
               2,周启明,咨询员,是,W01,1\n\
               0003,,社保经办员,否,W02,1\n\
               0003,何雨桐,社保经办员,否,W02,1\n\
               ,无名,咨询员,否,W02,1\n\
               0104,某某,咨询员,否,窗口一,1\n";
    let plan = dry::<StaffCard>(csv, Absent::Keep);
    let at: Vec<_> = plan.faults.iter().map(|f| (f.row, f.column)).collect();
    let wanted = [
        (Some(1), None),
        (Some(2), Some("party_member")),
        (Some(3), Some("staff_no")),
        (Some(4), Some("name")),
        (Some(5), Some("staff_no")),
        (Some(6), Some("staff_no")),
        (Some(7), Some("windows")),
    ];
    assert_eq!(at, wanted);
    let wrong = |row: u32| plan.faults.iter().find(|f| f.row == Some(row)).map(|f| f.wrong.clone()).unwrap();
    assert_eq!(wrong(3), SheetWrong::LostZeros { found: "2".to_owned(), known: "0002".to_owned() });
    assert_eq!(wrong(5), SheetWrong::RepeatedRow { first: 4 });
    for fault in &plan.faults {
        for language in [Language::Zh, Language::En] {
            assert!(!fault.wrong.sentence(language).is_empty());
        }
    }
}

#[test]
fn what_the_rules_find_stands_at_its_row_too() {
    let csv = "staff_no,name,post,windows\n0001,林晓岚,导办员,W01、W77\n0002,,咨询员,W01\n";
    let plan = dry::<StaffCard>(csv, Absent::Keep);
    let at: Vec<_> = plan.faults.iter().map(|f| (f.row, f.column)).collect();
    assert_eq!(at, [(Some(2), Some("windows")), (Some(3), Some("name"))]);
    // An item that windows still name is not retired by its absence.
    let plan = dry::<ServiceItem>("item,name,limit_days\nZX-001,办事咨询,0\n", Absent::Retire);
    let elsewhere = |f: &&RowFault| matches!(&f.wrong, SheetWrong::Elsewhere { kind: Kind::ServiceWindow, .. });
    assert!(plan.faults.iter().filter(elsewhere).count() > 10);
    let plan = dry::<ServiceItem>("item,name,limit_days\nZX-001,办事咨询,366\nZX-002,投诉,\n", Absent::Keep);
    let wrongs: Vec<_> = plan.faults.iter().map(|f| (f.row, f.column)).collect();
    assert_eq!(wrongs, [(Some(2), Some("limit_days")), (Some(3), Some("limit_days"))]);
}

#[test]
fn columns_are_known_by_code_and_title_and_missing_ones_are_named() {
    let plan = dry::<ServiceItem>("事项编码*,Item name,事项名称\nZX-001,a,b\n", Absent::Keep);
    let wrongs: Vec<_> = plan.faults.iter().map(|f| (f.column, f.wrong.clone())).collect();
    assert!(wrongs.contains(&(Some("name"), SheetWrong::RepeatedColumn)), "{wrongs:?}");
    assert!(wrongs.contains(&(Some("limit_days"), SheetWrong::MissingColumn)));
    assert_eq!(dry::<ServiceItem>("", Absent::Retire).faults[0].wrong, SheetWrong::Empty);
    let empty = dry::<ServiceItem>("item,name,limit_days\n,,\n", Absent::Retire);
    assert_eq!(empty.faults[0].wrong, SheetWrong::Empty, "an empty table retires nobody unseen");
}

#[test]
fn chinese_offices_csv_is_read_and_nonsense_is_not() {
    let text = "工号,姓名,岗位\n0013,龚䶮,出入境民警\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let table = Table::read(&gb).unwrap();
    assert_eq!(table.encoding, Encoding::Gb18030);
    let plan = plan::<StaffCard>(&hall(), &table, Absent::Keep, TODAY);
    assert_eq!((plan.faults.len(), plan.unchanged), (0, 1), "{:?}", plan.changed);
    for semicolons in ["工号;姓名;岗位\n0013;龚䶮;出入境民警\n", "工号\t姓名\t岗位\n0013\t龚䶮\t出入境民警\n"]
    {
        assert_eq!(dry::<StaffCard>(semicolons, Absent::Keep).unchanged, 1);
    }
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(Table::read(&utf16), Err(TableFault::Encoding));
    assert_eq!(Table::read(b"\x89PNG\r\n\x1a\n\xff\xff\x00"), Err(TableFault::Encoding));
    assert_eq!(Table::read(b"PK\x03\x04 no zip"), Err(TableFault::Unreadable));
    assert_eq!(Table::read(&vec![b'a'; MAX_FILE_BYTES + 1]), Err(TableFault::TooBig));
}

#[test]
fn what_would_be_run_as_a_formula_is_disarmed_and_comes_back_whole() {
    let mut board = sample();
    board.items[0].name.zh = "=HYPERLINK(\"http://x\")".to_owned();
    board.items[1].name.zh = "-1 级".to_owned();
    let hall = Hall { lead: Lead::Store, ..Hall::of_board(&board, "test", WallMs(0)) };
    let rows = write::rows::<ServiceItem>(&hall, Language::Zh);
    let csv = write::csv::<ServiceItem>(&rows, Language::Zh);
    let text = String::from_utf8(csv.clone()).unwrap();
    assert!(text.contains("\"'=HYPERLINK(\"\"http://x\"\")\"") && text.contains(",'-1 级,"));
    for bytes in [csv, write::xlsx::<ServiceItem>(&rows, Language::Zh).unwrap()] {
        let plan = plan::<ServiceItem>(&hall, &Table::read(&bytes).unwrap(), Absent::Retire, TODAY);
        assert_eq!((plan.faults.len(), plan.changed.len(), plan.unchanged), (0, 0, rows.len()));
    }
}

#[test]
fn a_workbook_that_unpacks_without_end_is_refused_before_it_is_read() {
    let mut out = std::io::Cursor::new(Vec::new());
    let mut bomb = zip::ZipWriter::new(&mut out);
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    bomb.start_file("xl/sharedStrings.xml", options).unwrap();
    for _ in 0..100 {
        bomb.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    bomb.finish().unwrap();
    let bytes = out.into_inner();
    assert!(bytes.len() < 200_000);
    assert_eq!(Table::read(&bytes), Err(TableFault::TooBig));
}

#[test]
fn rows_beyond_the_bound_are_told_and_not_read() {
    let mut csv = "item,name,limit_days\n".to_owned();
    for n in 0..=super::table::MAX_ROWS {
        csv.push_str(&format!("X-{n},事项,0\n"));
    }
    let plan = dry::<ServiceItem>(&csv, Absent::Keep);
    assert!(plan.faults.iter().any(|f| matches!(f.wrong, SheetWrong::TooManyRows { .. })));
    let wrong = Wrong::Missing;
    assert!(!plan.faults.iter().any(|f| f.wrong == SheetWrong::Value(wrong.clone())));
}
