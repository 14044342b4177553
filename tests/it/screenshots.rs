//! Pictures of every screen: `PINGYI_SCREENSHOTS=screenshots cargo test --test it screenshots -- --nocapture` writes each
//! screen × layout × language × theme × senior mode. `PINGYI_SCREENSHOTS_ONLY=1024x600/red/card-`
//! picks some. Without the variable only a few are painted and looked at.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui::{Context, Pos2, RawInput, Rect};
use image::RgbaImage;
use pingyi::kiosk::app::decode_portrait;
use pingyi::kiosk::flow::view::View;
use pingyi::kiosk::screens::{self, Stage};
use pingyi::kiosk::ui::photos::Photos;
use pingyi::kiosk::ui::raster::Raster;
use pingyi::kiosk::ui::{self, Class, Theme, assets, fonts};
use pingyi::words::Language;

use crate::screens::samples;

/// One size and theme: fonts, textures and portraits are made once.
pub struct Studio {
    ctx: Context,
    raster: Raster,
    stage: Stage,
    class: Class,
    frames: u64,
}

impl Studio {
    pub fn new(class: Class, theme: Theme) -> Self {
        let ctx = Context::default();
        ui::prepare(&ctx);
        fonts::install(&ctx, &assets::find(None).unwrap()).unwrap();
        let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config/photos");
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
        let stage = Stage::new(theme, Some(Photos::new(decode_portrait).unwrap()), photos, zone);
        Self { ctx, raster: Raster::default(), stage, class, frames: 0 }
    }

    /// A picture of `view`, taken when its portrait has arrived.
    pub fn picture(&mut self, view: &View) -> RgbaImage {
        self.frames += 1;
        let view = View { generation: self.frames, ..view.clone() };
        let mut output = self.frame(&view);
        // A portrait that was ordered in the first frame asks for another one when it is there.
        let deadline = Instant::now() + Duration::from_millis(400);
        while self.stage.lacks_photo() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
            output = self.frame(&view);
        }
        let size = self.class.size();
        let background = screens::background(&self.stage, &view);
        self.raster.paint(&self.ctx, &output, [size.x as u32, size.y as u32], background)
    }

    fn frame(&mut self, view: &View) -> egui::FullOutput {
        self.frames += 1;
        let input = RawInput {
            time: Some(self.frames as f64 / 60.0),
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.class.size())),
            ..RawInput::default()
        };
        let stage = &mut self.stage;
        let mut output = self.ctx.run_ui(input, |ui| {
            screens::show(ui, stage, view);
        });
        self.raster.take(&mut output.textures_delta);
        output
    }
}

fn variants(view: &View) -> impl Iterator<Item = (String, View)> {
    [Language::Zh, Language::En].into_iter().flat_map(move |language| {
        [false, true].map(|senior| {
            let name = format!("{}{}", language.code(), if senior { "-senior" } else { "" });
            (name, View { language, senior, ..view.clone() })
        })
    })
}

fn folder_of(class: Class) -> String {
    let size = class.size();
    format!("{}x{}", size.x, size.y)
}

/// Every picture of one layout and theme.
fn write_all(folder: &Path, class: Class, theme: Theme, only: Option<&str>) {
    let mut studio = Studio::new(class, theme);
    let folder = folder.join(folder_of(class)).join(theme.code());
    std::fs::create_dir_all(&folder).unwrap();
    for (name, view) in samples::all() {
        for (variant, view) in variants(&view) {
            let path = folder.join(format!("{name}-{variant}.png"));
            if only.is_none_or(|only| path.to_string_lossy().contains(only)) {
                studio.picture(&view).save(path).unwrap();
            }
        }
    }
}

#[test]
fn screenshots() {
    let Some(folder) = std::env::var_os("PINGYI_SCREENSHOTS").map(PathBuf::from) else {
        println!("set PINGYI_SCREENSHOTS=folder to write every screen; painting three of them");
        for class in [Class::Compact, Class::Pillar] {
            let mut studio = Studio::new(class, Theme::Red);
            for (name, view) in samples::all().into_iter().filter(|(name, _)| ["card", "trouble"].contains(name)) {
                assert_painted(name, &studio.picture(&view));
            }
        }
        return;
    };
    let only = std::env::var("PINGYI_SCREENSHOTS_ONLY").ok();
    let jobs = Class::ALL.into_iter().flat_map(|class| Theme::ALL.iter().map(move |&theme| (class, theme)));
    std::thread::scope(|scope| {
        for (class, theme) in jobs {
            let (folder, only) = (&folder, only.as_deref());
            scope.spawn(move || write_all(folder, class, theme, only));
        }
    });
    println!("screenshots are in {}", folder.display());
}

/// Not blank: many colours, and something in every third of the screen.
fn assert_painted(name: &str, picture: &RgbaImage) {
    let third = picture.height() / 3;
    for part in 0..3 {
        let mut colours = std::collections::HashSet::new();
        for y in part * third..(part + 1) * third {
            colours.extend((0..picture.width()).map(|x| picture.get_pixel(x, y).0));
        }
        assert!(colours.len() > 20, "{name}: part {part} has {} colours", colours.len());
    }
}
