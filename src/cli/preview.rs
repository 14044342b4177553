//! The kiosk's screens for the centre's pages: the one place where both are known.

use std::io::Cursor;
use std::sync::Arc;

use image::ImageEncoder as _;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};

use crate::centre::preview::{Painter, Preview, PreviewFault, Scene, Sitting};
use crate::config::kiosk::ScreenLayout;
use crate::kiosk::flow::view::{Card, Reasons, Screen, Standby, View};
use crate::kiosk::studio::{Portrait, Studio, StudioFault};
use crate::kiosk::ui::Class;
use crate::ledger::ticket;

/// The time in the header. A picture that changed every minute could not be kept.
pub const CLOCK: &str = "09:30";
/// Of the reasons' countdown: its start.
pub const REASONS_SECONDS: u32 = 45;
/// Of an invitation's countdown.
const INVITED_SECONDS: u32 = 30;

/// Paints with the kiosk's own screens.
#[derive(Debug)]
pub struct KioskPainter(Studio);

impl KioskPainter {
    /// # Errors
    /// When the fonts are not found.
    pub fn open() -> Result<Self, StudioFault> {
        Ok(Self(Studio::open(None)?))
    }
}

/// Gives a centre its painter. A centre whose machine has no fonts serves without previews and says so in its log.
pub fn fill(preview: &Preview) {
    match KioskPainter::open() {
        Ok(painter) => preview.fill(Arc::new(painter)),
        Err(fault) => tracing::warn!(%fault, "the pages are without previews of the kiosks"),
    }
}

impl Painter for KioskPainter {
    fn paint(&self, sitting: &Sitting) -> Result<Vec<u8>, PreviewFault> {
        let shot = &sitting.shot;
        let view = View::of(&sitting.board, screen(sitting)?, shot.language, shot.senior, Some(CLOCK.to_owned()));
        let portrait = sitting.portrait.as_ref();
        let portrait = portrait.map(|p| Portrait { name: p.name.clone(), bytes: p.bytes.to_vec() });
        let failed = |fault: &dyn std::fmt::Display| PreviewFault::Failed(fault.to_string());
        let class = class_of(shot.layout);
        let picture = self.0.picture(&view, class, shot.theme, portrait).map_err(|fault| failed(&fault))?;
        let mut png = Cursor::new(Vec::new());
        // Nothing of a screen is transparent.
        let rgb = image::DynamicImage::from(picture).into_rgb8();
        PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive)
            .write_image(&rgb, rgb.width(), rgb.height(), image::ExtendedColorType::Rgb8)
            .map_err(|fault| failed(&fault))?;
        Ok(png.into_inner())
    }
}

fn screen(sitting: &Sitting) -> Result<Screen, PreviewFault> {
    let (board, shot) = (&sitting.board, &sitting.shot);
    let window = Arc::new(board.window(&shot.window).ok_or(PreviewFault::NotThere)?.clone());
    let today = Some(sitting.today);
    Ok(match &shot.scene {
        Scene::Card { staff_no, item } => {
            let staff = Arc::new(board.staff(staff_no).ok_or(PreviewFault::NotThere)?.clone());
            let item = item.as_ref().map(|code| board.item(code).ok_or(PreviewFault::NotThere)).transpose()?;
            Screen::Card(Card {
                qr: Some(code_like(&sitting.phone_url)),
                prompted: item.is_some(),
                seconds_left: item.map(|_| INVITED_SECONDS),
                item: item.cloned().map(Arc::new),
                ..Card::of(board, &window, &staff, today)
            })
        }
        Scene::Reasons(level) => Screen::Reasons(Reasons::of(board, *level, REASONS_SECONDS)),
        Scene::Standby => Screen::Standby(Standby::of(board, &window, today)),
    })
}

fn class_of(layout: ScreenLayout) -> Class {
    match layout {
        ScreenLayout::Auto | ScreenLayout::Full => Class::Full,
        ScreenLayout::Pillar => Class::Pillar,
        ScreenLayout::Wide => Class::Wide,
        ScreenLayout::Compact => Class::Compact,
    }
}

/// An address as long as a visit's, so that the code is as dense; it leads to no visit.
pub fn code_like(phone_url: &str) -> String {
    let noise = data_encoding::BASE32_NOPAD.encode(&blake3::hash(b"preview").as_bytes().repeat(8));
    let text: String = noise.chars().take(ticket::TEXT_CHARS).collect();
    ticket::address(phone_url, &text)
}
