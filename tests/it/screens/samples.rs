//! One view for each screen and state, from the sample hall that ships.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use pingyi::domain::board::{Bilingual, Board};
use pingyi::domain::id::{StaffNo, WindowId};
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::visit::PauseReason;
use pingyi::kiosk::flow::event::{DeviceStatus, SyncStatus};
use pingyi::kiosk::flow::view::{
    Card, Hall, Maintenance, PadProblem, Reasons, Screen, StaffPanel, Standby, Thanks, View,
};
use pingyi::words::Language;

/// The address in a code, as long and of the same letters as a real one.
pub const ADDRESS: &str = "HTTPS://PINGYI.QINGLAN.EXAMPLE/T/FZ3LJVPXNRDDRNXPVJL3ZF7H5BTTB5H7FZ3LJVPXNRDDRNXPVJL3ZF7H5BTTB5H7FZ3LJVPXNRDDRNXPVJL3ZF7H5BTTB5H7FZ3LJVPXNRDDRNXPVJL3ZF7H5BTTB5H7FZ3LJVPXNRDDRNXPVJL3ZF7H5BTTB5H7FZ3LJVPXNRDDRNXPVJL3ZF7H5BTTB5H7FZ";

pub fn board() -> &'static Board {
    static BOARD: OnceLock<Board> = OnceLock::new();
    BOARD.get_or_init(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config/board.toml");
        toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    })
}

pub fn view(screen: Screen) -> View {
    View {
        screen,
        generation: 1,
        language: Language::Zh,
        senior: false,
        hall: Hall::from(board()),
        sync: SyncStatus::default(),
        clock: Some("15:33".into()),
    }
}

/// Whose card is shown: a window and a staff number.
pub fn card_of(window: &str, staff_no: &str) -> Card {
    let board = board();
    let window = Arc::new(board.window(&WindowId::new(window).unwrap()).unwrap().clone());
    let staff_no = StaffNo::new(staff_no).unwrap();
    let staff = Arc::new(board.staff(&staff_no).unwrap().clone());
    let pledges = board.pledges_of(Some(&staff_no)).cloned().collect();
    let honours = staff.honours.iter().chain(&window.honours).cloned().collect();
    let item = None;
    Card {
        window,
        staff,
        honours,
        pledges,
        item,
        case_no: None,
        prompted: false,
        seconds_left: None,
        qr: Some(ADDRESS.into()),
    }
}

pub fn card() -> Card {
    card_of("W03", "0005")
}

pub fn invited() -> Card {
    let item = board().items.iter().find(|item| item.limit_days > 0).cloned().map(Arc::new);
    Card {
        prompted: true,
        seconds_left: Some(42),
        item,
        case_no: Some("2026-WD-00017".into()),
        ..card_of("W04", "0007")
    }
}

pub fn reasons(level: Satisfaction) -> Reasons {
    let tags: Vec<_> = board().tags_for(level).cloned().collect();
    let chosen = tags.iter().skip(1).take(1).map(|tag| tag.code.clone()).collect();
    Reasons { level, tags, chosen, seconds_left: 37, may_revise: true }
}

pub fn thanks() -> Thanks {
    Thanks { receipt_code: "7KQ4M-2XD9P".into(), qr: Some(ADDRESS.into()), seconds_left: 14, may_revise: true }
}

pub fn standby() -> Standby {
    let board = board();
    let window = Arc::new(board.window(&WindowId::new("W03").unwrap()).unwrap().clone());
    let of_windows = board.windows.iter().flat_map(|w| w.honours.iter().map(|h| (w.name.clone(), h.clone())));
    let of_staff = board
        .staff
        .iter()
        .flat_map(|s| s.honours.iter().map(|h| (Bilingual { zh: s.name.clone(), en: s.name_en.clone() }, h.clone())));
    Standby {
        window,
        notices: board.notices.clone(),
        honours: of_windows.chain(of_staff).collect(),
        results: Vec::new(),
        witness: Some("№ 4567 · 75a3f091".into()),
    }
}

pub fn status() -> (SyncStatus, DeviceStatus) {
    let sync = SyncStatus {
        configured: true,
        enrolled: true,
        online: true,
        unsynced: 12,
        last_receipt_ms: Some(1_790_000_000_000),
        trouble: Some("connection refused".into()),
        forked: false,
    };
    let device = DeviceStatus {
        version: env!("CARGO_PKG_VERSION").into(),
        device: "b32:7QK4M2XD9P".into(),
        epoch: 1,
        head_seq: 4_567,
        free_disk_mb: 23_456,
        clock_grade: "A".into(),
        board: "75a3f091c2d4e6f8".into(),
    };
    (sync, device)
}

/// Every screen in every state worth a look, with a name for its picture.
pub fn all() -> Vec<(&'static str, View)> {
    let staff = Arc::clone(&card().staff);
    let window = Arc::clone(&card().window);
    let (sync, device) = status();
    let standalone = Standby { notices: Vec::new(), honours: Vec::new(), witness: None, ..standby() };
    let choices =
        |paused, may_invite| Screen::StaffPanel(StaffPanel::Choices { staff: Arc::clone(&staff), paused, may_invite });
    let offline = Thanks { qr: None, may_revise: false, ..thanks() };
    let screens = vec![
        ("standby", Screen::Standby(standby())),
        ("standby-empty", Screen::Standby(standalone)),
        ("card", Screen::Card(card())),
        ("card-long-name", Screen::Card(card_of("W03", "0006"))),
        ("card-rare-name", Screen::Card(Card { qr: None, ..card_of("W04", "0007") })),
        ("invited", Screen::Card(invited())),
        ("saving", Screen::Saving { card: card(), level: Satisfaction::BasicallySatisfied }),
        ("reasons-5", Screen::Reasons(reasons(Satisfaction::VerySatisfied))),
        ("reasons-1", Screen::Reasons(Reasons { may_revise: false, ..reasons(Satisfaction::VeryDissatisfied) })),
        ("thanks", Screen::Thanks(thanks())),
        ("thanks-offline", Screen::Thanks(offline)),
        (
            "paused",
            Screen::Paused { window: Arc::clone(&window), reason: PauseReason::Meal, staff: Some(Arc::clone(&staff)) },
        ),
        ("paused-nobody", Screen::Paused { window, reason: PauseReason::Equipment, staff: None }),
        ("staff-number", Screen::StaffPanel(StaffPanel::AskStaffNo { digits: "0027".into(), problem: None })),
        (
            "staff-pin",
            Screen::StaffPanel(StaffPanel::AskPin {
                staff_no: "0027".into(),
                entered: 3,
                checking: false,
                problem: Some(PadProblem::Refused),
            }),
        ),
        ("staff-choices", choices(None, true)),
        ("staff-paused", choices(Some(PauseReason::ShortLeave), false)),
        (
            "maintenance-pin",
            Screen::Maintenance(Maintenance::AskPin {
                entered: 0,
                checking: false,
                problem: Some(PadProblem::Wait { seconds: 30 }),
            }),
        ),
        ("maintenance", Screen::Maintenance(Maintenance::Open { sync, device })),
        ("trouble", Screen::Trouble { code: "K-17".into(), hotline: "12345".into() }),
        ("cleaning", Screen::Cleaning { seconds_left: 27 }),
    ];
    screens.into_iter().map(|(name, screen)| (name, view(screen))).collect()
}
