//! An undercover inspection from its plan to its end, hidden from everybody that it must be hidden from; an announced one
//! that a program hands in.

use pingyi::centre::audit;
use pingyi::domain::role::Role;
use pingyi::{centre::schema, db};
use reqwest::StatusCode;
use serde_json::json;

use super::people::{Person, Sheet, photo};
use crate::accounts::House;

const TITLE: &str = "十二月服务态度暗访";

struct People {
    planner: Person,
    inspector: Person,
    leader: Person,
    /// Everybody else, whom it must be hidden from.
    others: Vec<Person>,
}

impl People {
    async fn of(house: &House) -> Self {
        let mut others = Vec::new();
        for &role in Role::ALL.iter().filter(|r| **r != Role::Leader) {
            others.push(Person::new(house, &format!("other-{}", role.code()), role).await);
        }
        Self {
            planner: Person::new(house, "planner", Role::HallSupervisor).await,
            inspector: Person::new(house, "inspector", Role::FollowUpOfficer).await,
            leader: Person::new(house, "leader", Role::Leader).await,
            others,
        }
    }

    fn hall_head(&self) -> &Person {
        self.others.iter().find(|p| p.role == Role::HallSupervisor).unwrap()
    }

    /// Plans an inspection of the whole hall through the form; its address.
    async fn plan(&self, kind: &str) -> String {
        let form = self.planner.browser.get("/inspections/new").await.text;
        let value = |name: &str| {
            let at = form.split(&format!("name=\"{name}\"")).nth(1).unwrap();
            at.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        let (from, to, inspector) = (value("from"), value("to"), self.inspector.account.to_string());
        let fields = [
            ("title", TITLE),
            ("kind", kind),
            ("from", from.as_str()),
            ("to", to.as_str()),
            ("hall", "QL01"),
            ("inspector", inspector.as_str()),
            ("checklist", "1.1"),
        ];
        let without: Vec<_> = fields.iter().copied().filter(|(name, _)| *name != "hall").collect();
        let (status, _, text) = self.planner.post("/inspections/new", &without).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("请选择大厅或窗口") && text.contains(TITLE), "{text}");
        let (status, location, text) = self.planner.post("/inspections/new", &fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
        location
    }
}

/// Nothing of it is there for somebody: no list, no count, no page, no form, no file, no answer of the interface.
async fn is_hidden(person: &Person, home: &str, picture: Option<&str>) {
    let who = person.role;
    let id = home.rsplit('/').next().unwrap();
    for list in
        ["/inspections", "/inspections?show=all", "/inspections?show=all&kind=undercover", "/inspections/export"]
    {
        let (_, text) = person.page(list).await;
        assert!(!text.contains(TITLE) && !text.contains(id), "{who:?}: {list}");
        assert!(!text.contains("(1)"), "{who:?}: a count on {list}");
    }
    let mut pages = vec![
        home.to_owned(),
        format!("{home}/visit"),
        format!("{home}/steps/submit"),
        format!("{home}/steps/release"),
        format!("{home}/findings/1/order"),
    ];
    pages.extend(picture.map(str::to_owned));
    for path in pages {
        let (status, text) = person.page(&path).await;
        let hidden = matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
        assert!(hidden && !text.contains(TITLE), "{who:?}: {path} {status}");
        // Whoever may open such pages at all hears that there is none.
        if path == home && who.may(pingyi::domain::role::Need::Hall) {
            assert_eq!(status, StatusCode::NOT_FOUND, "{who:?}: {path}");
        }
    }
    nothing_can_be_done(person, home).await;
}

async fn nothing_can_be_done(person: &Person, home: &str) {
    let (who, id) = (person.role, home.rsplit('/').next().unwrap());
    for (path, fields) in [
        ("remarks", ("remark", "看到了")),
        ("answer", ("answer", "已整改")),
        ("steps/release", ("reason", "")),
        ("findings/1/order", ("days", "5")),
    ] {
        let (status, ..) = person.post(&format!("{home}/{path}"), &[fields, ("text", "补岗")]).await;
        assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN), "{who:?}: {path} {status}");
    }
    let sheet = Sheet { fields: vec![("submission".to_owned(), "0a".repeat(16))], files: vec![] };
    let (status, _, text) = person.hand_in(&format!("{home}/visit"), &sheet).await;
    assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN), "{who:?}: {status} {text}");
    let (status, list) = person.api("?show=all").await;
    if status == StatusCode::OK {
        assert_eq!((&list["total"], &list["inspections"]), (&json!(0), &json!([])), "{who:?}");
        assert_eq!(person.api(&format!("/{id}")).await.0, StatusCode::NOT_FOUND, "{who:?}");
    }
    let body = json!({"submission": "0a".repeat(16), "report": {
        "service_window": "W01", "at_ms": 0, "answers": [], "findings": []}});
    let (status, _) = person.api_post(&format!("/{id}/visits"), &body).await;
    assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN), "{who:?}: {status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undercover_inspection_is_seen_by_its_own_alone_until_it_is_released_and_ends_with_an_order_and_an_answer() {
    let house = House::open().await;
    let people = People::of(&house).await;
    let home = people.plan("undercover").await;
    for person in &people.others {
        is_hidden(person, &home, None).await;
    }
    for person in [&people.planner, &people.inspector, &people.leader] {
        assert!(person.page("/inspections").await.1.contains(TITLE));
        assert!(person.page(&home).await.1.contains("现在看不到"));
        assert_eq!(person.api("").await.1["total"], 1);
    }
    let (status, text) = people.planner.page(&format!("{home}/visit")).await;
    assert!(status == StatusCode::FORBIDDEN && text.contains("只有检查人"), "{text}");

    let picture = handed_in(&house, &people, &home).await;
    submitted_and_released(&people, &home, &picture).await;
    ordered_answered_and_closed(&people, &home).await;
    let conn = db::open(&house.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    let acts: Vec<String> = conn
        .prepare("SELECT act FROM audit_log WHERE act LIKE 'inspection%' ORDER BY id")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let acts: Vec<&str> = acts.iter().map(String::as_str).filter(|a| *a != "inspections_exported").collect();
    assert_eq!(
        acts,
        [
            "inspection_planned",
            "inspection_visited",
            "inspection_submitted",
            "inspection_released",
            "inspection_ordered",
            "inspection_answered",
            "inspection_remarked",
            "inspection_closed"
        ]
    );
    assert_eq!(audit::verify(&conn).unwrap().broken, Vec::<i64>::new());
    house.running.stop().await;
}

/// Hands in a visit with a picture, more than once; the picture's address.
async fn handed_in(house: &House, people: &People, home: &str) -> String {
    let visit = format!("{home}/visit");
    let (status, page) = people.inspector.page(&visit).await;
    assert_eq!(status, StatusCode::OK);
    let sheet = Sheet::of(&page, &"1f".repeat(16))
        .with("f2-text", "窗口空岗 10 分钟，未摆放暂停牌")
        .with("f2-gravity", "serious")
        .with("f2-concern", "item:first-contact")
        .with("a-other", "大厅有人排队")
        .picture("f2-pictures", photo());
    let short = sheet.clone().without("a-attitude").without("f2-gravity");
    let (status, _, text) = people.inspector.hand_in(&visit, &short).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("请逐项选择") && text.contains("窗口空岗 10 分钟"), "what was typed comes back: {text}");
    let bad = sheet.clone().picture("f2-pictures", b"<svg onload=alert(1)>".to_vec());
    let (status, _, text) = people.inspector.hand_in(&visit, &bad).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("不是 PNG 或 JPEG"), "{text}");
    let folder = house.dir.path().join(pingyi::centre::inspections::FOLDER);
    assert!(std::fs::read_dir(&folder).map_or(0, Iterator::count) == 0, "what was refused leaves no picture");

    // Twice, as a thumb does it, and once more by the script that heard no answer.
    for _ in 0..2 {
        let (status, location, text) = people.inspector.hand_in(&visit, &sheet).await;
        assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, home), "{text}");
    }
    let (status, _, text) = people.inspector.hand_in(&visit, &sheet.clone().with("by", "script")).await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "{\"visit\":1}"));
    let other = sheet.clone().with("by", "script").without("f2-gravity").with("f2-gravity", "minor");
    let (status, _, text) = people.inspector.hand_in(&visit, &other).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("已经交过另一份"), "{text}");
    let id = home.rsplit('/').next().unwrap();
    let detail = people.inspector.api(&format!("/{id}")).await.1;
    assert_eq!(detail["visits"].as_array().unwrap().len(), 1, "{detail}");
    assert_eq!(detail["visits"][0]["score"], 100.0);
    let found = &detail["visits"][0]["findings"][0];
    assert_eq!((&found["gravity"], &found["concern"]["item"]), (&json!("serious"), &json!("first-contact")));
    let picture = found["pictures"][0].as_str().unwrap();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    let (status, bytes) = people.inspector.file(picture).await;
    assert_eq!(status, StatusCode::OK);
    let seen = image::load_from_memory(&bytes).unwrap();
    assert_eq!((seen.width(), seen.height()), (1_600, 1_200));
    assert!(!bytes.windows(8).any(|w| w == b"TAKEN-AT"), "where it was taken is forgotten");

    picture.to_owned()
}

async fn submitted_and_released(people: &People, home: &str, picture: &str) {
    let (status, ..) = people.inspector.post(&format!("{home}/steps/submit"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    for person in &people.others {
        is_hidden(person, home, Some(picture)).await;
    }
    let (status, text) = people.inspector.page(&format!("{home}/visit")).await;
    assert!(status == StatusCode::CONFLICT && text.contains("已提交"), "{text}");
    let (status, text) = people.inspector.page(&format!("{home}/findings/1/order")).await;
    assert!(status == StatusCode::CONFLICT && text.contains("请先公开"), "{text}");
    let (status, ..) = people.inspector.post(&format!("{home}/steps/release"), &[]).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "an inspector does not release");
    assert_eq!(people.leader.post(&format!("{home}/steps/release"), &[]).await.0, StatusCode::SEE_OTHER);
    for person in people.others.iter().filter(|p| p.role.may(pingyi::domain::role::Need::Hall)) {
        let (status, text) = person.page(home).await;
        assert!(status == StatusCode::OK && text.contains("窗口空岗 10 分钟"), "{:?}", person.role);
        assert!(text.contains("同一窗口的群众评价"), "{:?}", person.role);
        assert_eq!(person.file(picture).await.0, StatusCode::OK);
        assert_eq!(person.api("?show=all").await.1["total"], 1);
        let (_, file) = person.page("/inspections/export").await;
        assert!(file.contains(TITLE) && file.contains("窗口空岗"), "{file}");
    }
}

async fn ordered_answered_and_closed(people: &People, home: &str) {
    let order = format!("{home}/findings/1/order");
    assert!(people.inspector.page(&order).await.1.contains("value=\"5\""), "a serious finding has five days");
    let (status, _, text) = people.inspector.post(&order, &[("text", ""), ("days", "99")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("1 至"), "{text}");
    let fields = [("text", "空岗须摆放暂停牌，两人轮岗"), ("days", "5")];
    assert_eq!(people.inspector.post(&order, &fields).await.0, StatusCode::SEE_OTHER);
    assert_eq!(people.inspector.post(&order, &fields).await.0, StatusCode::CONFLICT, "one order a finding");
    let (_, text) = people.hall_head().page(home).await;
    assert!(text.contains("5 个工作日内") && text.contains("整改第 1 号") && text.contains("待派发"), "{text}");

    let close = format!("{home}/steps/close");
    let (status, _, text) = people.planner.post(&close, &[]).await;
    assert!(status == StatusCode::CONFLICT && text.contains("还没有答复"), "{text}");
    let answer = format!("{home}/answer");
    let (status, ..) = people.inspector.post(&answer, &[("answer", "没问题")]).await;
    assert_eq!(status, StatusCode::CONFLICT, "whoever inspected does not answer");
    let (status, ..) = people.hall_head().post(&answer, &[("answer", " ")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(people.hall_head().post(&answer, &[("answer", "当日即改，已排班")]).await.0, StatusCode::SEE_OTHER);
    let remark = format!("{home}/remarks");
    assert_eq!(people.leader.post(&remark, &[("remark", "请月底前回访")]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(people.planner.post(&close, &[]).await.0, StatusCode::SEE_OTHER);
    let (_, text) = people.hall_head().page(home).await;
    for said in ["已办结", "当日即改，已排班", "请月底前回访", "大厅有人排队"] {
        assert!(text.contains(said), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_hands_in_a_visit_once() {
    let house = House::open().await;
    let people = People::of(&house).await;
    let home = people.plan("announced").await;
    let id = home.rsplit('/').next().unwrap();
    let (_, page) = people.inspector.page(&format!("{home}/visit")).await;
    let sheet = Sheet::of(&page, "");
    let answers: Vec<_> = sheet.fields.iter().filter_map(|(n, v)| Some((n.strip_prefix("a-")?, v))).collect();
    let answers: Vec<_> = answers.iter().map(|(n, v)| json!({"item": n, "value": v.parse::<u8>().unwrap()})).collect();
    let mut body = json!({"submission": "2b".repeat(16), "report": {
        "service_window": "W03", "at_ms": pingyi::centre::clock::now().wall.0 - 60_000, "answers": answers,
        "findings": [{"text": "承诺牌被遮挡", "gravity": "minor"}]},
        "pictures": [[data_encoding::BASE64.encode(&photo())]]});
    let path = format!("/{id}/visits");
    assert_eq!(people.planner.api_post(&path, &body).await.0, StatusCode::FORBIDDEN);
    let (status, taken) = people.inspector.api_post(&path, &body).await;
    assert_eq!((status, &taken), (StatusCode::CREATED, &json!({"visit": 1, "again": false})));
    let (status, taken) = people.inspector.api_post(&path, &body).await;
    assert_eq!((status, &taken), (StatusCode::OK, &json!({"visit": 1, "again": true})));
    body["report"]["service_window"] = json!("W01");
    assert_eq!(people.inspector.api_post(&path, &body).await.0, StatusCode::CONFLICT);
    body["submission"] = json!("2c".repeat(16));
    body["report"]["at_ms"] = json!(pingyi::centre::clock::now().wall.0 + 86_400_000);
    let (status, refused) = people.inspector.api_post(&path, &body).await;
    assert_eq!((status, &refused["code"]), (StatusCode::CONFLICT, &json!("conflict")), "{refused}");
    assert_eq!(people.leader.api(&format!("/{id}")).await.1["visits"].as_array().unwrap().len(), 1);
    assert_eq!(people.leader.api("?show=all").await.1["total"], 1, "an announced one is everybody's");
    house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_kept_by_whoever_keeps_rules_and_nothing_typed_is_lost() {
    let house = House::open().await;
    let people = People::of(&house).await;
    let admin = people.others.iter().find(|p| p.role == Role::SystemAdmin).unwrap();
    let edit = "/inspections/checklists/1/edit";
    let (status, form) = admin.page(edit).await;
    assert!(status == StatusCode::OK && form.contains("亮身份"), "{form}");
    assert_eq!(people.leader.page(edit).await.0, StatusCode::FORBIDDEN);
    let fields = [
        ("version", "1"),
        ("title", "短清单"),
        ("code-0", "badge"),
        ("text-0", "佩戴工作牌"),
        ("group-0", "亮身份"),
        ("kind-0", "yes_no"),
        ("weight-0", "60"),
        ("text-1", "主动热情"),
        ("group-1", "服务态度"),
        ("kind-1", "score"),
        ("weight-1", "0"),
        ("why", "试行"),
    ];
    let (status, _, text) = admin.post(edit, &fields).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("项目 2：权重") && text.contains("短清单"));
    let mended: Vec<_> = fields.iter().map(|(n, v)| (*n, if *n == "weight-1" { "40" } else { v })).collect();
    assert_eq!(admin.post(edit, &mended).await.0, StatusCode::SEE_OTHER);
    let (status, _, text) = admin.post(edit, &mended).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("别人刚刚改过"), "{text}");
    let (_, text) = people.leader.page("/inspections/checklists/1").await;
    assert!(text.contains("短清单") && text.contains("试行") && text.contains("第 2 版"));
    let (_, text) = people.leader.page("/inspections/checklists/1?version=1").await;
    assert!(text.contains("不是最新的") && text.contains("不引导、不干扰"));
    house.running.stop().await;
}
