//! Names and sentences of any length are drawn whole, in their place and in its middle.

use egui::{Context, RawInput, pos2, vec2};

use super::*;
use crate::domain::rating::Satisfaction;
use crate::kiosk::ui::raster::Raster;
use crate::kiosk::ui::{Class, Theme, assets, prepare};
use crate::words::Language;
use crate::words::common::level;

fn context() -> Context {
    let ctx = Context::default();
    prepare(&ctx);
    fonts::install(&ctx, &assets::find(None).unwrap()).unwrap();
    ctx.set_missing_glyph_policy(egui::MissingGlyphPolicy::Panic);
    ctx
}

fn with_ui<R>(ctx: &Context, mut run: impl FnMut(&Ui) -> R) -> R {
    let mut result = None;
    let input =
        RawInput { screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 800.0))), ..RawInput::default() };
    let mut output = ctx.run_ui(input, |ui| result = Some(run(ui)));
    output.textures_delta.clear();
    result.unwrap()
}

const NAMES: [&str; 7] = [
    "林",
    "林晓雯",
    "阿卜杜热西提·买买提",
    "𠮷野㛃䶮𬱖",
    "古丽巴哈尔·阿不都热合曼·吐尔逊江·买买提艾力·艾合买提·卡德尔",
    "Gulbahar Abdurahman Tursunjan Mamatali Ahmat Qadir",
    "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
];

#[test]
fn a_name_of_any_length_is_whole_and_inside_its_place() {
    let ctx = context();
    for class in Class::ALL {
        for senior in [false, true] {
            let look = Look::new(Theme::Red, senior, class);
            let layout = crate::kiosk::ui::Layout { class, senior, size: class.size() };
            let width = layout.card_panel(layout.card().panel).identity.width();
            let space = vec2(width, row_height(&look, TextSize::Display) * 1.2);
            for text in NAMES {
                let style = Style::new(TextSize::Display, Weight::Bold);
                let galley = with_ui(&ctx, |ui| person_galley(ui, &look, space, text, style));
                let drawn: String = galley.rows.iter().flat_map(|row| row.glyphs.iter().map(|g| g.chr)).collect();
                let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
                assert_eq!(bare(&drawn), bare(text), "{look:?}");
                assert!(is_whole(&galley, space), "{look:?}: {text} is {:?} in {space:?}", galley.size());
            }
        }
    }
}

#[test]
fn a_short_name_is_large_and_a_long_one_breaks_behind_its_dot() {
    let ctx = context();
    let look = Look::new(Theme::Red, false, Class::Full);
    let style = Style::new(TextSize::Display, Weight::Bold);
    let space = vec2(430.0, row_height(&look, TextSize::Display) * 2.0);
    let height = |text| with_ui(&ctx, |ui| person_galley(ui, &look, space, text, style)).rows[0].height();
    assert_eq!(height("林晓雯"), row_height(&look, TextSize::Display));
    let long = with_ui(&ctx, |ui| person_galley(ui, &look, space, "阿卜杜热西提·买买提", style));
    let rows: Vec<String> = long.rows.iter().map(|row| row.glyphs.iter().map(|g| g.chr).collect()).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[1].starts_with("买买提"), "{rows:?}");
}

#[test]
fn chinese_stands_in_the_middle_of_its_place() {
    let (ctx, mut raster) = (context(), Raster::default());
    for (weight, text) in [(Weight::Regular, "国"), (Weight::Bold, "国"), (Weight::Bold, "𠮷")] {
        let look = Look::new(Theme::Red, false, Class::Full);
        let style = Style::new(TextSize::Display, weight).align(Align2::CENTER_CENTER);
        let image = raster.screenshot(&ctx, [200, 200], Color32::WHITE, 1, |ui| {
            let place = Rect::from_min_size(pos2(0.0, 0.0), vec2(200.0, 200.0));
            paint(ui, &look, place, text, style);
        });
        let inked: Vec<f32> =
            image.enumerate_pixels().filter(|(_, _, p)| p.0[0] < 128).map(|(_, y, _)| y as f32 + 0.5).collect();
        let (top, bottom) = inked.iter().fold((f32::MAX, 0.0_f32), |(t, b), &y| (t.min(y), b.max(y)));
        let middle = (top + bottom) / 2.0;
        assert!((middle - 100.0).abs() < 2.0, "{weight:?} {text}: the middle of {top}..{bottom} is {middle}");
    }
}

#[test]
fn a_rare_character_is_as_dark_as_the_text_beside_it() {
    let (ctx, mut raster) = (context(), Raster::default());
    let look = Look::new(Theme::Red, false, Class::Full);
    let mut ink = |text: &str| {
        let image = raster.screenshot(&ctx, [200, 200], Color32::WHITE, 1, |ui| {
            let place = Rect::from_min_size(pos2(20.0, 20.0), vec2(160.0, 160.0));
            paint(ui, &look, place, text, Style::new(TextSize::Display, Weight::Bold));
        });
        image.pixels().map(|p| 255.0 - f32::from(p.0[1])).sum::<f32>()
    };
    let (rare, common) = (ink("𠮷"), ink("吉"));
    assert!(rare / common > 0.75 && rare / common < 1.15, "{rare} against {common}");
}

#[test]
fn equals_are_set_equally_large_and_words_are_not_torn() {
    let ctx = context();
    let look = Look::new(Theme::Red, true, Class::Compact);
    let words = Satisfaction::ALL.iter().map(|&l| level(Language::En, l)).collect::<Vec<_>>();
    let style = Style::new(TextSize::Title, Weight::Bold);
    let points = with_ui(&ctx, |ui| common_points(ui, &look, &words, vec2(180.0, 95.0), style));
    assert!(points < look.points(TextSize::Title) && points >= look.min_points(), "{points}");
}
