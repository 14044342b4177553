//! From a change in the centre to a kiosk's screen: a whole kiosk but for its window, and a whole centre, over HTTP.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pingyi::centre::access::{Reach, Who};
use pingyi::centre::hall::{self, acts::Refused, kinds::Kind, pledges::PledgeStep, pledges::Promise};
use pingyi::centre::running::Running;
use pingyi::config::{CentreConfig, KioskConfig};
use pingyi::domain::board::{Bilingual, Board, ServiceWindow};
use pingyi::domain::id::{HallId, KioskId, PledgeId, StaffNo};
use pingyi::domain::role::Role;
use pingyi::kiosk::flow::event::Event;
use pingyi::kiosk::flow::view::{Card, Screen, StaffPanel, View};
use pingyi::kiosk::running::{PHOTOS, RunningKiosk};

use super::http::{run, sample};

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config");
/// What the centre promises of a kiosk that is connected.
const PROMISED: Duration = Duration::from_secs(10);

fn somebody(account: i64, role: Role) -> Arc<Who> {
    let name = format!("user {account}");
    Arc::new(Who { account, login: name.clone(), name, role, reach: Reach::All, staff_no: None })
}

fn text(zh: &str) -> Bilingual {
    Bilingual { zh: zh.to_owned(), en: None }
}

/// A hall's files, which a person may edit.
fn lay_out(folder: &Path) -> CentreConfig {
    std::fs::create_dir_all(folder.join("photos")).unwrap();
    for name in ["board.toml", "photos/0005.png"] {
        std::fs::copy(Path::new(CONFIG).join(name), folder.join(name)).unwrap();
    }
    CentreConfig { boards: vec![folder.join("board.toml")], photos: folder.join("photos"), ..sample() }
}

/// The sample's kiosk with all that it does by default, pointed at this centre.
fn kiosk(folder: &Path, centre: &Running) -> RunningKiosk {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut config = KioskConfig::load(Path::new(CONFIG)).unwrap();
    let mut link = config.centre.take().unwrap();
    assert_eq!(link.heartbeat_seconds, 5, "the default");
    (link.url, link.enrol_code_file) = (centre.url().parse().unwrap(), Some(folder.join("code")));
    config.centre = Some(link);
    (config.local_api, config.hours, config.chime_player) = (None, None, Vec::new());
    let board = pingyi::config::board::load(&folder.join("board.toml"), None).unwrap();
    RunningKiosk::start(&config, board, &folder.join("kiosk")).unwrap()
}

fn code(data: &Path, folder: &Path) {
    let conn = pingyi::db::open(&data.join(pingyi::centre::schema::FILE), &pingyi::centre::schema::SCHEMA).unwrap();
    let (kiosk, window) = (KioskId::new("K03").unwrap(), "W03".parse().unwrap());
    let now = pingyi::centre::clock::now().wall;
    let hall = HallId::new("QL01").unwrap();
    let code = pingyi::centre::directory::enrol::make_code(&conn, &kiosk, &window, &hall, [7; 8], now).unwrap();
    std::fs::write(folder.join("code"), code).unwrap();
}

async fn until(kiosk: &RunningKiosk, limit: Duration, what: &str, wished: impl Fn(&View) -> bool) -> Duration {
    let begun = Instant::now();
    while !wished(&kiosk.handle().view()) {
        assert!(begun.elapsed() < limit, "not after {limit:?}: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    begun.elapsed()
}

fn card(view: &View) -> Option<&Card> {
    match &view.screen {
        Screen::Card(card) => Some(card),
        _ => None,
    }
}

async fn sign_in(kiosk: &RunningKiosk) {
    let patient = Duration::from_secs(60);
    until(kiosk, patient, "enrolled", |view| view.sync.enrolled).await;
    let handle = kiosk.handle();
    handle.send(Event::StaffPanelAsked);
    "0005".chars().for_each(|digit| handle.send(Event::StaffNoDigit(digit)));
    handle.send(Event::DigitsEntered);
    "2580".chars().for_each(|digit| handle.send(Event::PinDigit(digit)));
    handle.send(Event::DigitsEntered);
    let is_in = |view: &View| matches!(view.screen, Screen::StaffPanel(StaffPanel::Choices { .. }) | Screen::Card(_));
    until(kiosk, patient, "signed in", is_in).await;
    handle.send(Event::PanelLeft);
    until(kiosk, patient, "a card", |view| card(view).is_some()).await;
}

/// Two people put another text of a pledge in force today.
async fn promise(centre: &Running, id: &str, revision: u32, zh: &str) {
    let (hall, id) = (HallId::new("QL01").unwrap(), PledgeId::new(id).unwrap());
    let today = hall::today(&centre.site.settings.time_zone, pingyi::centre::clock::now().wall);
    let promise = Promise { text: text(zh), standard: text("看得见"), time_limit: text("当场") };
    let staff_no = Some(StaffNo::new("0005").unwrap());
    let (first, second) = (somebody(1, Role::HallSupervisor), somebody(2, Role::Leader));
    let drafted = id.clone();
    let done = hall::change(&centre.site, &hall, first, move |s| {
        let revision = s.step_pledge(&drafted, revision, PledgeStep::Draft { staff_no, promise })?;
        s.step_pledge(&drafted, revision, PledgeStep::Propose)
    });
    let revision = done.await.unwrap().unwrap();
    let approve = PledgeStep::Approve { from: today };
    hall::change(&centre.site, &hall, second, move |s| s.step_pledge(&id, revision, approve)).await.unwrap().unwrap();
}

fn shows(zh: &'static str) -> impl Fn(&View) -> bool {
    move |view| card(view).is_some_and(|card| card.pledges.iter().any(|p| p.text.zh == zh))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_in_the_file_and_then_in_the_centre_is_soon_on_the_screen() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, data) = (dir.path(), dir.path().join("centre"));
    let (config, hall) = (lay_out(folder), HallId::new("QL01").unwrap());
    let centre = run(&config, &data).await;
    code(&data, folder);
    let kiosk_running = kiosk(folder, &centre);
    sign_in(&kiosk_running).await;

    // Led by its file: the file is edited.
    let file = folder.join("board.toml");
    let written = std::fs::read_to_string(&file).unwrap();
    let own = pingyi::config::board::load(&file, None).unwrap().pledges;
    let own = own.iter().find(|p| p.staff_no.as_ref().is_some_and(|no| no.as_str() == "0005")).unwrap().clone();
    std::fs::write(&file, written.replace(&own.text.zh, "文件里改的承诺")).unwrap();
    until(&kiosk_running, PROMISED, "the file's change", shows("文件里改的承诺")).await;
    let refused = hall::change(&centre.site, &hall, somebody(1, Role::HallSupervisor), |s| s.arrange(Kind::Staff, &[]));
    assert!(matches!(refused.await.unwrap(), Err(Refused::FileLed)));

    // Taken over: nothing changes on the screen, and the file is not looked at any more.
    let before = board(&centre);
    hall::take_over(&centre.site, &hall, somebody(1, Role::HallSupervisor)).await.unwrap().unwrap();
    assert_eq!(board(&centre), before);
    std::fs::write(&file, written.replace(&own.text.zh, "没有人看的文件")).unwrap();
    promise(&centre, own.id.as_str(), 1, "中心里改的承诺").await;
    let took = until(&kiosk_running, PROMISED, "the centre's change", shows("中心里改的承诺")).await;
    println!("a change in the centre was on the screen after {} ms", took.as_millis());
    assert!(!shows("没有人看的文件")(&kiosk_running.handle().view()));

    // A portrait: uploaded, made small, fetched by the kiosk.
    let mut upload = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(1_800, 2_400).write_to(&mut upload, image::ImageFormat::Png).unwrap();
    let staff = StaffNo::new("0005").unwrap();
    let given = hall::upload_portrait(
        &centre.site,
        &hall,
        somebody(1, Role::HallSupervisor),
        staff,
        1,
        upload.into_inner().into(),
    );
    assert_eq!(given.await.unwrap().unwrap(), 2);
    let name = board(&centre).staff(&StaffNo::new("0005").unwrap()).unwrap().photo.clone().unwrap();
    let on_shelf = folder.join("kiosk").join(PHOTOS).join(&name);
    let is_there =
        |view: &View| card(view).is_some_and(|c| c.staff.photo.as_ref() == Some(&name)) && on_shelf.is_file();
    until(&kiosk_running, PROMISED + PROMISED, "the portrait", is_there).await;
    let picture = pingyi::config::picture::Picture::read(&on_shelf).unwrap();
    assert_eq!((picture.width_px, picture.height_px), (768, 1_024));

    // A kiosk that was away has it with its first sync; the centre keeps it over a restart, whatever the file says.
    end(kiosk_running).await;
    promise(&centre, own.id.as_str(), 4, "终端离线时改的承诺").await;
    let kept = board(&centre);
    centre.stop().await;
    std::fs::write(&file, "not even a board").unwrap();
    let centre = run(&config, &data).await;
    assert_eq!(board(&centre), kept);
    std::fs::write(&file, written).unwrap();
    let again = kiosk(folder, &centre);
    until(&again, Duration::from_secs(60), "the change while it was away", shows("终端离线时改的承诺")).await;
    end(again).await;
    centre.stop().await;
}

/// Its threads are waited for, which a runtime's own thread may not do.
async fn end(kiosk: RunningKiosk) {
    tokio::task::spawn_blocking(move || drop(kiosk)).await.unwrap();
}

fn board(centre: &Running) -> Board {
    centre.site.boards.get().all().next().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_edit_the_same_window_at_once_do_not_overwrite_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let (config, hall) = (lay_out(dir.path()), HallId::new("QL01").unwrap());
    let centre = run(&config, &dir.path().join("centre")).await;
    hall::take_over(&centre.site, &hall, somebody(1, Role::HallSupervisor)).await.unwrap().unwrap();
    let seen = centre.site.boards.get().hall(&hall).unwrap().hall.find::<ServiceWindow>("W03").unwrap().clone();
    let mut tries = Vec::new();
    for account in 1..=8 {
        let mut window = seen.value.clone();
        window.name = text(&format!("第 {account} 个人改的"));
        let who = somebody(account, Role::HallSupervisor);
        let (site, hall, revision) = (Arc::clone(&centre.site), hall.clone(), seen.revision);
        tries
            .push(tokio::spawn(async move { hall::change(&site, &hall, who, move |s| s.put(window, revision)).await }));
    }
    let (mut stored, mut stale) = (0, 0);
    for done in tries {
        match done.await.unwrap().unwrap() {
            Ok(revision) => (stored, _) = (stored + 1, assert_eq!(revision, 2)),
            Err(Refused::Stale { revision: 2, .. }) => stale += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((stored, stale), (1, 7));
    let now = centre.site.boards.get().hall(&hall).unwrap().hall.revision;
    assert_eq!(now, 2, "what is served is what is stored");
    centre.stop().await;
}
