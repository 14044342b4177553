//! Pictures of the kiosk's screens without a display: the same drawing code, the same fonts, painted by the CPU.
//!
//! **Architecture invariant:** nothing is kept between two pictures, so that a picture depends on what was asked for and
//! on nothing that was drawn before.

use std::path::{Path, PathBuf};

use egui::{Context, Pos2, RawInput, Rect};
use image::RgbaImage;

use super::flow::view::View;
use super::screens::{self, Stage};
use super::ui::photos::Photos;
use super::ui::raster::Raster;
use super::ui::{self, Class, Theme, assets, fonts};

/// Frames until nothing moves any more: places are found in the first, and the second is what stands on the glass.
const FRAMES: u32 = 2;
const FRAME_S: f64 = 1.0 / 60.0;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum StudioFault {
    #[error(transparent)]
    Assets(#[from] assets::AssetsFault),
    #[error(transparent)]
    Fonts(#[from] fonts::FontFault),
}

/// Where the fonts are.
#[derive(Debug, Clone)]
pub struct Studio {
    assets: PathBuf,
}

/// The portrait of a card: the name that the card has for it, and the file's bytes.
#[derive(Debug, Clone)]
pub struct Portrait {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Studio {
    /// # Errors
    /// [`StudioFault::Assets`] when the folder `assets` is not found.
    pub fn open(explicit: Option<&Path>) -> Result<Self, StudioFault> {
        Ok(Self { assets: assets::find(explicit)? })
    }

    /// `view` as a kiosk of `class` and `theme` shows it, in the pixels of its class. Takes a tenth of a second and more,
    /// and needs the memory of one kiosk while it lasts.
    ///
    /// # Errors
    /// [`StudioFault::Fonts`] when a font is missing.
    pub fn picture(
        &self,
        view: &View,
        class: Class,
        theme: Theme,
        portrait: Option<Portrait>,
    ) -> Result<RgbaImage, StudioFault> {
        let ctx = Context::default();
        ui::prepare(&ctx);
        fonts::install(&ctx, &self.assets)?;
        let mut stage = Stage::new(theme, Some(Photos::handed_over()), PathBuf::new(), jiff::tz::TimeZone::UTC)
            .with_layout(Some(class));
        if let Some(portrait) = portrait {
            stage.keep_photo(&ctx, &portrait.name, portrait.bytes);
        }
        let mut raster = Raster::default();
        let mut shown = None;
        for frame in 0..FRAMES {
            let input = RawInput {
                time: Some(f64::from(frame) * FRAME_S),
                screen_rect: Some(Rect::from_min_size(Pos2::ZERO, class.size())),
                ..RawInput::default()
            };
            let mut output = ctx.run_ui(input, |ui| {
                screens::show(ui, &mut stage, view);
            });
            raster.take(&mut output.textures_delta);
            shown = Some(output);
        }
        let size = [class.size().x as u32, class.size().y as u32];
        let background = screens::background(&stage, view);
        Ok(shown.map(|output| raster.paint(&ctx, &output, size, background)).unwrap_or_default())
    }
}
