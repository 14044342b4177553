//! The centre's preview is the kiosk's picture, pixel for pixel.

use std::path::Path;

use axum::body::Bytes;
use jiff::civil::Date;
use pingyi::centre::preview::{Painter, Portrait, PreviewFault, Scene, Shot, Sitting};
use pingyi::cli::preview::{CLOCK, KioskPainter, REASONS_SECONDS, code_like};
use pingyi::config::kiosk::{ScreenLayout, Theme};
use pingyi::domain::id::{StaffNo, WindowId};
use pingyi::domain::rating::Satisfaction;
use pingyi::kiosk::flow::view::{Card, Reasons, Screen, Standby, View};
use pingyi::kiosk::ui::Class;
use pingyi::words::Language;

use crate::screens::samples;
use crate::screenshots::Studio;

const PHONE_URL: &str = "https://pingyi.qinglan.example";

fn sitting(window: &str, scene: Scene, layout: ScreenLayout) -> Sitting {
    let portrait = |no: &StaffNo| {
        let name = samples::board().staff(no)?.photo.clone()?;
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config/photos").join(&name);
        Some(Portrait { name, bytes: Bytes::from(std::fs::read(file).unwrap()) })
    };
    Sitting {
        board: samples::board().clone(),
        portrait: if let Scene::Card { staff_no, .. } = &scene { portrait(staff_no) } else { None },
        shot: Shot {
            window: WindowId::new(window).unwrap(),
            scene,
            layout,
            theme: Theme::Red,
            language: Language::Zh,
            senior: false,
        },
        today: Date::constant(2026, 9, 21),
        phone_url: PHONE_URL.to_owned(),
    }
}

fn painted(sitting: &Sitting) -> image::RgbaImage {
    let png = KioskPainter::open().unwrap().paint(sitting).unwrap();
    image::load_from_memory_with_format(&png, image::ImageFormat::Png).unwrap().into_rgba8()
}

/// What a kiosk shows of the same state: the view is put together by the tests' own samples, the portrait comes from its
/// file through the kiosk's worker.
fn on_the_kiosk(screen: Screen, class: Class, change: impl FnOnce(&mut View)) -> image::RgbaImage {
    let mut view = View { clock: Some(CLOCK.to_owned()), ..samples::view(screen) };
    change(&mut view);
    Studio::new(class, Theme::Red).picture(&view)
}

fn card(no: &str) -> Scene {
    Scene::Card { staff_no: StaffNo::new(no).unwrap(), item: None }
}

fn assert_same(what: &str, preview: &image::RgbaImage, kiosk: &image::RgbaImage) {
    assert_eq!(preview.dimensions(), kiosk.dimensions(), "{what}");
    let differing = preview.pixels().zip(kiosk.pixels()).filter(|(a, b)| a != b).count();
    assert_eq!(differing, 0, "{what}: pixels differ");
}

#[test]
fn a_preview_is_what_the_kiosk_shows_pixel_for_pixel() {
    let qr = || Some(code_like(PHONE_URL));
    let kiosk = on_the_kiosk(Screen::Card(Card { qr: qr(), ..samples::card() }), Class::Compact, |_| {});
    assert_same("card", &painted(&sitting("W03", card("0005"), ScreenLayout::Compact)), &kiosk);

    let mut asked = sitting("W03", card("0006"), ScreenLayout::Compact);
    (asked.shot.language, asked.shot.senior) = (Language::En, true);
    let of_0006 = Card { qr: qr(), ..samples::card_of("W03", "0006") };
    let kiosk = on_the_kiosk(Screen::Card(of_0006), Class::Compact, |view| {
        (view.language, view.senior) = (Language::En, true);
    });
    assert_same("card, English, large letters", &painted(&asked), &kiosk);

    let level = Satisfaction::Dissatisfied;
    let reasons = Reasons { chosen: Vec::new(), seconds_left: REASONS_SECONDS, ..samples::reasons(level) };
    let kiosk = on_the_kiosk(Screen::Reasons(reasons), Class::Pillar, |_| {});
    assert_same("reasons", &painted(&sitting("W03", Scene::Reasons(level), ScreenLayout::Pillar)), &kiosk);

    let here = |no: &str| samples::board().staff(&StaffNo::new(no).unwrap()).unwrap().windows.clone();
    let mut standby = Standby { witness: None, ..samples::standby() };
    standby.honours.retain(|(name, _)| {
        let board = samples::board();
        let of_window = board.window(&WindowId::new("W03").unwrap()).unwrap().name == *name;
        let of_staff = board.staff.iter().find(|s| s.name == name.zh).is_some_and(|s| {
            let windows = here(s.staff_no.as_str());
            windows.is_empty() || windows.iter().any(|w| w.as_str() == "W03")
        });
        of_window || of_staff
    });
    let kiosk = on_the_kiosk(Screen::Standby(standby), Class::Compact, |_| {});
    assert_same("standby", &painted(&sitting("W03", Scene::Standby, ScreenLayout::Compact)), &kiosk);
}

#[test]
fn a_draft_is_painted_and_what_is_not_there_is_said() {
    let live = painted(&sitting("W03", card("0005"), ScreenLayout::Compact));
    let mut draft = sitting("W03", card("0005"), ScreenLayout::Compact);
    let name = draft.board.staff.iter_mut().find(|s| s.staff_no.as_str() == "0005").unwrap();
    name.name = "欧阳𠮷".to_owned();
    assert_ne!(painted(&draft), live);
    let painter = KioskPainter::open().unwrap();
    let nobody = sitting("W03", card("9999"), ScreenLayout::Compact);
    assert_eq!(painter.paint(&nobody), Err(PreviewFault::NotThere));
    let nowhere = sitting("W99", Scene::Standby, ScreenLayout::Compact);
    assert_eq!(painter.paint(&nowhere), Err(PreviewFault::NotThere));
}
