//! What a hall keeps, from the file that it was taken over from to the board that kiosks fetch.

use std::sync::Arc;

use jiff::civil::{Date, date};
use rusqlite::Connection;

use super::acts::Refused;
use super::kinds::{Grant, Kind, Owner, Playlist};
use super::pledges::{PledgeState, PledgeStep, Promise};
use super::sitting::Sitting;
use super::store;
use super::whole::Hall;
use crate::centre::access::Who;
use crate::centre::access::samples::somebody;
use crate::centre::{audit, schema};
use crate::domain::board::{
    Bilingual, Board, Honour, HonourKind, Notice, ReasonTag, ServiceItem, ServiceWindow, StaffCard,
};
use crate::domain::id::{HallId, ItemCode, NoticeId, PledgeId, StaffNo, WindowId};
use crate::domain::role::Role;
use crate::domain::time::WallMs;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config/board.toml");
const TODAY: Date = date(2026, 11, 24);

pub fn sample() -> Board {
    crate::config::board::load(std::path::Path::new(SAMPLE), None).unwrap()
}

pub const NOW: WallMs = WallMs(1_790_000_000_000);

pub fn user(account: i64) -> Arc<Who> {
    let name = format!("user {account}");
    Arc::new(Who { account, login: name.clone(), name, ..somebody(Role::HallSupervisor) })
}

/// A database with the sample hall taken over.
pub fn taken_over() -> (Connection, HallId) {
    let conn = crate::db::open_in_memory(&schema::SCHEMA).unwrap();
    let board = sample();
    Sitting::take_over(&conn, &board, None, user(1), NOW, TODAY).unwrap().close().unwrap();
    (conn, board.hall.id)
}

/// One sitting, in a savepoint as the writer gives it.
pub fn sit<T>(
    conn: &Connection,
    account: i64,
    work: impl FnOnce(&mut Sitting<'_>) -> Result<T, Refused>,
) -> Result<(T, Hall), Refused> {
    conn.execute_batch("SAVEPOINT piece").unwrap();
    let done = (|| {
        let mut sitting = Sitting::open(conn, &HallId::new("QL01").unwrap(), user(account), NOW, TODAY)?;
        let value = work(&mut sitting)?;
        Ok((value, sitting.close()?))
    })();
    conn.execute_batch(if done.is_ok() { "RELEASE piece" } else { "ROLLBACK TO piece; RELEASE piece" }).unwrap();
    done
}

pub fn stored(conn: &Connection) -> Hall {
    store::load(conn, &HallId::new("QL01").unwrap()).unwrap().unwrap()
}

fn zh(text: &str) -> Bilingual {
    Bilingual { zh: text.to_owned(), en: None }
}

fn promise(text: &str) -> Promise {
    Promise { text: zh(text), standard: zh("看得见"), time_limit: zh("当场") }
}

fn id(text: &str) -> PledgeId {
    PledgeId::new(text).unwrap()
}

#[test]
fn a_hall_that_is_taken_over_shows_exactly_the_same_board() {
    let (conn, hall) = taken_over();
    let board = sample();
    let stored = stored(&conn);
    assert_eq!(stored.board(TODAY), board);
    assert_eq!(stored.board(TODAY).version(), board.version(), "no kiosk fetches anything anew");
    assert_eq!(stored.revision, 1);
    assert_eq!(stored.faults(TODAY), []);
    let again = Sitting::take_over(&conn, &board, None, user(1), NOW, TODAY);
    assert!(matches!(again, Err(Refused::StoreLed)));
    let other = HallId::new("QL02").unwrap();
    assert!(matches!(Sitting::open(&conn, &other, user(1), NOW, TODAY), Err(Refused::FileLed)));
    assert_eq!(store::state(&conn, &hall).unwrap().unwrap().taken_over_by, "user 1");
}

#[test]
fn an_edit_is_a_new_revision_and_a_stale_one_is_refused() {
    let (conn, _) = taken_over();
    let mut window = stored(&conn).find::<ServiceWindow>("W03").unwrap().value.clone();
    window.name = zh("医保一号窗");
    let (revision, hall) = sit(&conn, 1, |s| s.put(window.clone(), 1)).unwrap();
    assert_eq!((revision, hall.revision), (2, 2));
    assert_eq!(hall.board(TODAY).window(&window.id).unwrap().name.zh, "医保一号窗");
    let honours = |b: &Board| b.window(&window.id).unwrap().honours.clone();
    assert_eq!(honours(&hall.board(TODAY)), honours(&sample()), "honours are granted apart");
    assert_eq!(stored(&conn), hall);
    // The same again changes nothing.
    let (same, again) = sit(&conn, 1, |s| s.put(window.clone(), 2)).unwrap();
    assert_eq!((same, again.revision), (2, 2));
    let stale = sit(&conn, 2, |s| s.put(window.clone(), 1)).unwrap_err();
    assert!(matches!(stale, Refused::Stale { kind: Kind::ServiceWindow, revision: 2, .. }), "{stale}");
    assert!(matches!(sit(&conn, 1, |s| s.put(window.clone(), 0)), Err(Refused::Exists { .. })));
    let past = store::history::<ServiceWindow>(&conn, &hall.id, "W03").unwrap();
    assert_eq!(past.iter().map(|k| k.revision).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(past[1].value.name.zh, "医疗保障");
}

#[test]
fn every_fault_is_told_at_its_object_and_nothing_is_stored() {
    let (conn, _) = taken_over();
    let before = stored(&conn);
    let mut card = before.find::<StaffCard>("0005").unwrap().value.clone();
    card.name = String::new();
    card.post.zh = "长".repeat(61);
    card.windows = vec![WindowId::new("W77").unwrap()];
    let mut window = before.find::<ServiceWindow>("W02").unwrap().value.clone();
    window.number = "1".to_owned();
    let refused = sit(&conn, 1, |s| {
        s.put(card, 1)?;
        s.put(window, 1)
    });
    let Err(Refused::Faulty(faults)) = refused else { panic!("not refused as faulty") };
    let mut at: Vec<_> = faults.iter().map(|f| (f.kind.code(), f.id.as_str(), f.field.as_str())).collect();
    at.sort_unstable();
    let wanted = [
        ("staff", "0005", "name"),
        ("staff", "0005", "post.zh"),
        ("staff", "0005", "windows[1]"),
        ("window", "W02", "number"),
    ];
    assert_eq!(at, wanted);
    assert_eq!(stored(&conn), before);
}

#[test]
fn what_others_name_is_not_retired_and_what_is_retired_keeps_its_name() {
    let (conn, _) = taken_over();
    let day = date(2026, 12, 1);
    let refused = sit(&conn, 1, |s| s.retire::<ServiceItem>("YB-001", 1, Some(day)));
    let Err(Refused::Faulty(faults)) = refused else { panic!("not refused as faulty") };
    assert_eq!(
        (faults[0].kind, faults[0].id.as_str(), faults[0].field.as_str()),
        (Kind::ServiceWindow, "W03", "items[1]")
    );
    let (_, hall) = sit(&conn, 1, |s| s.retire::<StaffCard>("0005", 1, Some(day))).unwrap();
    let no = StaffNo::new("0005").unwrap();
    let (eve, after) = (hall.board(date(2026, 11, 30)), hall.board(day));
    assert!(eve.staff(&no).is_some() && after.staff(&no).is_none());
    assert!(eve.pledges_of(Some(&no)).count() > after.pledges_of(Some(&no)).count(), "the own pledges go along");
    assert!(hall.known().staff(&no).is_some());
    let card = hall.find::<StaffCard>("0005").unwrap().value.clone();
    assert!(matches!(sit(&conn, 1, |s| s.put(card, 2)), Err(Refused::Retired { .. })));
    assert!(matches!(
        sit(&conn, 1, |s| s.retire::<StaffCard>("0005", 2, Some(date(2026, 11, 1)))),
        Err(Refused::PastDay(_))
    ));
    let (_, hall) = sit(&conn, 1, |s| s.retire::<StaffCard>("0005", 2, None)).unwrap();
    assert_eq!(hall.board(day), sample());
}

#[test]
fn a_pledge_changes_only_by_a_second_persons_word_and_from_its_day_on() {
    let (conn, _) = taken_over();
    let own = || Some(StaffNo::new("0013").unwrap());
    let draft = |text: &str| PledgeStep::Draft { staff_no: own(), promise: promise(text) };
    let step = |account, revision, step| sit(&conn, account, |s| s.step_pledge(&id("P0013"), revision, step));
    let board = || stored(&conn).board(TODAY);
    assert_eq!(step(1, 1, draft("两分钟取号")).unwrap().0, 2);
    assert_eq!(board(), sample(), "a draft is on no screen");
    assert!(matches!(step(1, 2, PledgeStep::Approve { from: TODAY }), Err(Refused::WrongState { .. })));
    step(1, 2, PledgeStep::Propose).unwrap();
    assert!(matches!(step(2, 3, draft("换一句")), Err(Refused::WrongState { .. })), "proposed texts are not edited");
    assert!(matches!(step(1, 3, PledgeStep::Approve { from: TODAY }), Err(Refused::OwnProposal)));
    assert!(matches!(step(2, 3, PledgeStep::Approve { from: date(2026, 11, 23) }), Err(Refused::PastDay(_))));
    step(2, 3, PledgeStep::Approve { from: date(2026, 11, 26) }).unwrap();
    let hall = stored(&conn);
    assert_eq!(hall.board(date(2026, 11, 25)), sample());
    let shown = |day| hall.board(day).pledges.iter().find(|p| p.id == id("P0013")).cloned().unwrap();
    let after = shown(date(2026, 11, 26));
    assert_eq!((after.version, after.text.zh.as_str()), (2, "两分钟取号"));
    let file = hall.pledge("P0013").unwrap();
    assert_eq!(file.version(1).unwrap().promise.text.zh, "照片不合格免费重拍", "readable for ever");
    let wrong = PledgeStep::Draft { staff_no: None, promise: promise("给单位") };
    assert!(matches!(step(1, 4, wrong), Err(Refused::OtherOwner)));
    // A declined version stays; the next draft is the next version.
    step(2, 4, draft("三分钟")).unwrap();
    step(2, 5, PledgeStep::Propose).unwrap();
    step(1, 6, PledgeStep::Decline { note: "做不到".to_owned() }).unwrap();
    step(2, 7, draft("五分钟")).unwrap();
    let states: Vec<_> = stored(&conn).pledge("P0013").unwrap().versions.iter().map(|v| (v.version, v.state)).collect();
    use PledgeState::{Approved, Declined, Draft};
    assert_eq!(states, [(1, Approved), (2, Approved), (3, Declined), (4, Draft)]);
}

#[test]
fn a_draft_is_held_to_the_rules_before_anybody_is_asked() {
    let (conn, _) = taken_over();
    let bad = PledgeStep::Draft { staff_no: Some(StaffNo::new("9999").unwrap()), promise: promise(" ") };
    let refused = sit(&conn, 1, |s| s.step_pledge(&id("P9"), 0, bad));
    let Err(Refused::Faulty(faults)) = refused else { panic!("not refused as faulty") };
    let at: Vec<_> = faults.iter().map(|f| (f.kind, f.id.as_str(), f.field.as_str())).collect();
    assert_eq!(at, [(Kind::Pledge, "P9", "text.zh"), (Kind::Pledge, "P9", "staff_no")]);
    assert!(stored(&conn).pledge("P9").is_none());
}

#[test]
fn another_text_of_a_reason_is_another_version() {
    let (conn, _) = taken_over();
    let mut tag = stored(&conn).find::<ReasonTag>("clear").unwrap().value.clone();
    assert_eq!(tag.version, 2);
    tag.levels.pop();
    tag.version = 77;
    let (_, hall) = sit(&conn, 1, |s| s.put(tag.clone(), 1)).unwrap();
    assert_eq!(hall.find::<ReasonTag>("clear").unwrap().value.version, 2, "the same words");
    tag.text = zh("一听就懂");
    let (_, hall) = sit(&conn, 1, |s| s.put(tag, 2)).unwrap();
    assert_eq!(hall.find::<ReasonTag>("clear").unwrap().value.version, 3);
}

#[test]
fn a_form_without_pin_and_portrait_takes_neither_away() {
    let (conn, _) = taken_over();
    let before = stored(&conn).find::<StaffCard>("0005").unwrap().value.clone();
    let card = StaffCard { pin_hash: None, photo: None, name: "陈静".to_owned(), ..before.clone() };
    let (_, hall) = sit(&conn, 1, |s| s.put(card, 1)).unwrap();
    let after = &hall.find::<StaffCard>("0005").unwrap().value;
    assert_eq!((&after.pin_hash, &after.photo), (&before.pin_hash, &before.photo));
    assert!(before.pin_hash.is_some() && before.photo.is_some());
    let (_, hall) = sit(&conn, 1, |s| {
        s.set_pin(&before.staff_no, 2, None)?;
        s.set_portrait(&before.staff_no, 3, None)
    })
    .unwrap();
    let after = &hall.find::<StaffCard>("0005").unwrap().value;
    assert_eq!((&after.pin_hash, &after.photo), (&None, &None));
}

#[test]
fn playlists_say_when_and_in_which_order_notices_are_shown() {
    let (conn, _) = taken_over();
    let notice = |id: &str| Notice {
        id: NoticeId::new(id).unwrap(),
        title: zh(id),
        text: zh("内容"),
        from: date(2026, 1, 1),
        until: date(2028, 1, 1),
    };
    let list = Playlist {
        id: "week".parse().unwrap(),
        name: "宣传周".to_owned(),
        notices: ["b", "a", "gone"].map(|n| NoticeId::new(n).unwrap()).to_vec(),
        from: date(2026, 12, 1),
        until: date(2026, 12, 7),
    };
    let refused = sit(&conn, 1, |s| s.put(list.clone(), 0));
    let Err(Refused::Faulty(faults)) = refused else { panic!("not refused as faulty") };
    assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["notices[1]", "notices[2]", "notices[3]"]);
    let list = Playlist { notices: list.notices[..2].to_vec(), ..list };
    let (_, hall) = sit(&conn, 1, |s| {
        s.put(notice("a"), 0)?;
        s.put(notice("b"), 0)?;
        s.put(list, 0)
    })
    .unwrap();
    let ids = |day| hall.board(day).notices.iter().map(|n| n.id.to_string()).collect::<Vec<_>>();
    let loose: Vec<_> = sample().notices.iter().map(|n| n.id.to_string()).collect();
    assert_eq!(ids(date(2026, 11, 30)), loose);
    assert_eq!(ids(date(2026, 12, 1)), [vec!["b".to_owned(), "a".to_owned()], loose.clone()].concat());
    assert_eq!(ids(date(2026, 12, 8)), loose);
    assert_eq!(hall.days_of_change(TODAY)[..3], [TODAY, date(2026, 12, 1), date(2026, 12, 8)]);
}

#[test]
fn honours_adorn_their_owner_and_the_order_is_the_halls() {
    let (conn, _) = taken_over();
    let hall = stored(&conn);
    let honour = Honour {
        kind: HonourKind::ServiceExemplar,
        issuer: "市政务服务中心".to_owned(),
        period: "2026 年第四季度".to_owned(),
        until: date(2027, 12, 31),
    };
    let grant = |no: &str| Grant {
        id: hall.next_honour(),
        owner: Owner::Staff(StaffNo::new(no).unwrap()),
        honour: honour.clone(),
    };
    assert!(matches!(sit(&conn, 1, |s| s.put(grant("9999"), 0)), Err(Refused::Faulty(_))));
    let (_, after) = sit(&conn, 1, |s| s.put(grant("0002"), 0)).unwrap();
    assert_eq!(
        after.board(TODAY).staff(&StaffNo::new("0002").unwrap()).unwrap().honours,
        *std::slice::from_ref(&honour)
    );
    let mut order: Vec<_> = after.items.iter().map(|i| i.value.code.to_string()).collect();
    order.reverse();
    let (_, after) = sit(&conn, 1, |s| s.arrange(Kind::Item, &order)).unwrap();
    assert_eq!(after.board(TODAY).items[0].code, ItemCode::new(&order[0]).unwrap());
    assert_eq!(stored(&conn), after);
    assert!(matches!(sit(&conn, 1, |s| s.arrange(Kind::Item, &order[1..])), Err(Refused::Order(Kind::Item))));
}

#[test]
fn every_change_stands_in_the_audit_log_and_a_refused_one_does_not() {
    let (conn, _) = taken_over();
    let before = audit::verify(&conn).unwrap().lines;
    let mut window = stored(&conn).find::<ServiceWindow>("W03").unwrap().value.clone();
    window.name = zh("医保");
    sit(&conn, 1, |s| s.put(window.clone(), 1)).unwrap();
    let draft = PledgeStep::Draft { staff_no: None, promise: promise("说到做到") };
    sit(&conn, 1, |s| s.step_pledge(&id("U9"), 0, draft)).unwrap();
    assert!(sit(&conn, 1, |s| s.put(window.clone(), 1)).is_err());
    window.name = zh("");
    assert!(sit(&conn, 1, |s| s.put(window, 2)).is_err());
    let after = audit::verify(&conn).unwrap();
    assert_eq!((after.lines, after.broken), (before + 2, Vec::new()));
}

#[test]
fn the_database_itself_keeps_what_was_shown() {
    let (conn, _) = taken_over();
    for sql in [
        "DELETE FROM hall_record",
        "UPDATE hall_record SET body = '{}'",
        "DELETE FROM hall_pledge_version",
        "UPDATE hall_pledge_version SET body = '{}'",
    ] {
        assert!(conn.execute(sql, []).is_err(), "{sql}");
    }
}
