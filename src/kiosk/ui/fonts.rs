//! The fonts, mapped into memory: 50 MB on disk cost only the pages of the glyphs that are drawn.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontId, FontTweak};

use super::tokens::{Look, TextSize, Weight};

/// Family name of the bold weight; the regular one is egui's `Proportional`.
const BOLD: &str = "bold";
/// Family without the font of rare characters, to tell them.
const COMMON: &str = "common";
/// Share of the size by which text is raised, so that it stands in the middle of its line.
const RAISED: f32 = 0.09;

#[derive(Debug, thiserror::Error)]
#[error("the font {path:?} cannot be read: {cause}; reinstall the folder `assets` of the release")]
pub struct FontFault {
    path: PathBuf,
    cause: std::io::Error,
}

/// Gives `ctx` the two weights, each followed by the font of rare characters.
///
/// # Errors
/// [`FontFault`] names the file that is missing or unreadable.
pub fn install(ctx: &egui::Context, assets: &Path) -> Result<(), FontFault> {
    ctx.set_fonts(definitions(assets)?);
    Ok(())
}

/// The font of `size` points in `weight`.
pub fn font_id(size: f32, weight: Weight) -> FontId {
    match weight {
        Weight::Regular => FontId::new(size, FontFamily::Proportional),
        Weight::Bold => FontId::new(size, FontFamily::Name(BOLD.into())),
    }
}

/// True for a character that only the font of rare characters draws: a serif one, thin beside bold text.
pub fn is_rare(ctx: &egui::Context, c: char) -> bool {
    let is_everyday = c < '\u{2E80}' || ('\u{4E00}'..='\u{9FA5}').contains(&c);
    !is_everyday && !ctx.fonts_mut(|fonts| fonts.has_glyph(&FontId::new(20.0, FontFamily::Name(COMMON.into())), c))
}

/// Rasterises the glyphs of `texts` ahead of the first frame that shows them. The font texture holds a few thousand
/// glyphs: name what a screen is about to show, not all there is.
pub fn warm<'a>(ctx: &egui::Context, look: &Look, texts: impl IntoIterator<Item = (&'a str, TextSize, Weight)>) {
    ctx.fonts_mut(|fonts| {
        for (text, size, weight) in texts {
            fonts.layout_no_wrap(text.to_owned(), look.font(size, weight), egui::Color32::PLACEHOLDER);
        }
    });
}

fn definitions(assets: &Path) -> Result<FontDefinitions, FontFault> {
    let mut fonts = FontDefinitions::empty();
    let files = [
        ("regular", "NotoSansSC-Regular.ttf", tweak(1.0, 0.0)),
        ("bold-sans", "NotoSansSC-Bold.ttf", tweak(1.0, 0.0)),
        // Its characters are a little smaller than those of Noto Sans SC, and its lower ascent would lift them.
        ("rare", "HanaMinB.ttf", tweak(1.02, 0.17)),
    ];
    for (name, file, tweak) in files {
        let path = assets.join("fonts").join(file);
        let blob = map(&path).map_err(|cause| FontFault { path, cause })?;
        let data = FontData::from_blob(Arc::new(blob), 0).tweak(tweak);
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    }
    let chain = |first: &str| vec![first.to_owned(), "rare".to_owned()];
    fonts.families.insert(FontFamily::Proportional, chain("regular"));
    fonts.families.insert(FontFamily::Monospace, chain("regular"));
    fonts.families.insert(FontFamily::Name(BOLD.into()), chain("bold-sans"));
    fonts.families.insert(FontFamily::Name(COMMON.into()), vec!["bold-sans".to_owned()]);
    Ok(fonts)
}

fn tweak(scale: f32, lower: f32) -> FontTweak {
    // Chinese characters stand low in their line; raised, they stand in its middle.
    FontTweak { scale, y_offset_factor: lower - RAISED, hinting: Some(false), ..FontTweak::default() }
}

/// Maps a file that nobody writes while the kiosk runs.
fn map(path: &Path) -> std::io::Result<memmap2::Mmap> {
    let file = File::open(path)?;
    // SAFETY: the fonts are installed files that the kiosk opens read-only; an update replaces them by rename, so the
    // mapped pages stay those of the old file.
    #[allow(unsafe_code, reason = "mapping a file is unsafe by nature; see above why it holds here")]
    unsafe {
        memmap2::Mmap::map(&file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kiosk::ui::assets;

    fn with_fonts(check: impl Fn(&mut egui::epaint::text::FontsView<'_>)) {
        let ctx = egui::Context::default();
        install(&ctx, &assets::find(None).unwrap()).unwrap();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| ui.ctx().fonts_mut(|fonts| check(fonts)));
        output.textures_delta.clear();
    }

    #[test]
    fn rare_characters_and_middle_dots_of_names_have_glyphs_in_both_weights() {
        with_fonts(|fonts| {
            for weight in [Weight::Regular, Weight::Bold] {
                let id = font_id(40.0, weight);
                for name in ["𠮷", "㛃", "䶮", "𬱖", "阿卜杜热西提·买买提", "𡈽𣗳𤭯", "Aygül — 100 % …★"]
                {
                    for c in name.chars() {
                        assert!(fonts.has_glyph(&id, c), "{weight:?} has no {c} U+{:04X}", c as u32);
                    }
                }
                assert!(!fonts.has_glyph(&id, '\u{10FFFD}'), "a private character must not count as drawn");
            }
        });
    }

    #[test]
    fn a_rare_character_is_as_wide_as_a_common_one() {
        with_fonts(|fonts| {
            let id = font_id(64.0, Weight::Bold);
            let (rare, common) = (fonts.glyph_width(&id, '𠮷'), fonts.glyph_width(&id, '吉'));
            assert!((rare - common).abs() < 2.0, "{rare} against {common}");
        });
    }

    #[test]
    fn warmed_glyphs_are_in_the_texture_before_they_are_drawn() {
        let ctx = egui::Context::default();
        install(&ctx, &assets::find(None).unwrap()).unwrap();
        let look = Look::new(crate::kiosk::ui::Theme::Red, false, crate::kiosk::ui::Class::Full);
        let frame = |draw: bool| {
            let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
                if draw {
                    let font = look.font(TextSize::Title, Weight::Bold);
                    ui.painter().text(egui::Pos2::ZERO, egui::Align2::LEFT_TOP, "非常满意", font, egui::Color32::BLACK);
                } else {
                    warm(ui.ctx(), &look, [("非常满意", TextSize::Title, Weight::Bold)]);
                }
            });
            let changed = output.textures_delta.set.len();
            output.textures_delta.clear();
            changed
        };
        assert_eq!(frame(false), 1, "warming sends the glyphs");
        assert_eq!(frame(true), 0, "drawing then sends nothing");
    }

    #[test]
    fn a_missing_font_is_named_with_what_to_do() {
        let empty = tempfile::tempdir().unwrap();
        let fault = install(&egui::Context::default(), empty.path()).unwrap_err().to_string();
        assert!(fault.contains("NotoSansSC-Regular.ttf") && fault.contains("reinstall"), "{fault}");
    }
}
