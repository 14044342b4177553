//! Every page in every look is drawn without a missing glyph; with `PINGYI_PICTURES=DIR` the pictures are kept.

use std::collections::HashSet;
use std::path::PathBuf;

use super::*;
use crate::kiosk::ui::{Class, Theme, assets};

const NAMES: [&str; 4] = ["林晓雯", "阿卜杜热西提·买买提", "𠮷野㛃䶮", "欧阳思远"];

fn photo(n: usize) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("kiosk-config/photos/{n:04}.png"))
}

#[test]
fn every_page_is_drawn_in_every_look() {
    let assets = assets::find(None).unwrap();
    let keep = std::env::var_os("PINGYI_PICTURES").map(PathBuf::from);
    let only = std::env::var("PINGYI_PICTURES_ONLY").unwrap_or_default();
    let mut seen = HashSet::new();
    for class in Class::ALL {
        for &theme in Theme::ALL {
            for senior in [false, true] {
                for (n, page) in Page::ALL.into_iter().enumerate() {
                    let is_english = senior == (theme == Theme::Red);
                    let name = NAMES[(n + class as usize + usize::from(senior)) % NAMES.len()];
                    let title = format!(
                        "{}-{class:?}-{}-{}",
                        page.code(),
                        theme.code(),
                        if senior { "senior" } else { "plain" }
                    );
                    // Without a folder for them a sample is enough: the rasteriser is slow in a debug build.
                    let wanted = title.contains(&only) && (keep.is_some() || class == Class::Compact);
                    if !wanted {
                        continue;
                    }
                    let photo = photo(n + 1);
                    let sample = Sample { name, is_english, photo: Some(&photo) };
                    let picture = picture(page, Look::new(theme, senior, class), &sample, &assets).unwrap();
                    let size = class.size();
                    assert_eq!((picture.width(), picture.height()), (size.x as u32, size.y as u32));
                    if let Some(dir) = &keep {
                        std::fs::create_dir_all(dir).unwrap();
                        picture.save(dir.join(format!("{title}.png"))).unwrap();
                    }
                    assert!(seen.insert(picture.into_raw()), "{title} looks like another page");
                }
            }
        }
    }
}

/// Pixels painted, in units of the whole screen.
fn overdraw(page: Page, look: Look) -> f32 {
    let ctx = Context::default();
    prepare(&ctx);
    fonts::install(&ctx, &assets::find(None).unwrap()).unwrap();
    let mut kit = Kit::new(look);
    let sample = Sample { name: NAMES[0], is_english: false, photo: None };
    let size = look.class.size();
    let input = egui::RawInput { screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), size)), ..Default::default() };
    let mut output = ctx.run_ui(input, |ui| show(ui, &mut kit, page, &sample, None, None));
    output.textures_delta.clear();
    let mut area = 0.0;
    for clipped in ctx.tessellate(output.shapes, 1.0) {
        let egui::epaint::Primitive::Mesh(mesh) = clipped.primitive else { continue };
        for corner in mesh.indices.chunks_exact(3) {
            let [a, b, c] = [0, 1, 2].map(|n| mesh.vertices[corner[n] as usize].pos);
            area += ((b - a).x * (c - a).y - (c - a).x * (b - a).y).abs() / 2.0;
        }
    }
    area / (size.x * size.y)
}

#[test]
fn no_page_paints_much_more_than_the_screen_once() {
    for class in Class::ALL {
        for page in Page::ALL {
            let share = overdraw(page, Look::new(Theme::Red, false, class));
            assert!(share < 1.45, "{} {class:?} paints {share:.2} screens", page.code());
        }
    }
}
