//! The five levels: tiles of equal size and weight, told apart by face, word and position.

use egui::{Align2, Rect, Role, Ui, WidgetInfo, pos2, vec2};

use super::{face, mark};
use crate::domain::rating::Satisfaction;
use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, TextSize, Weight};
use crate::kiosk::ui::touch::Kind;
use crate::kiosk::ui::{Class, Kit};

/// One tile to draw.
#[derive(Debug, Clone, Copy)]
pub struct Level<'a> {
    pub level: Satisfaction,
    pub word: &'a str,
}

/// Draws the tiles in the order given; the level that was pressed. `chosen` marks the level that is already rated.
pub fn show(
    ui: &Ui,
    kit: &mut Kit,
    places: &[Rect; 5],
    levels: &[Level<'_>; 5],
    chosen: Option<Satisfaction>,
) -> Option<Satisfaction> {
    let style = Style::new(TextSize::Title, Weight::Bold).on(Ground::Card);
    let words = levels.map(|l| l.word);
    let (rows, points) = rows_and_points(ui, kit, places[0], &words, style);
    let mut pressed = None;
    for (&place, level) in places.iter().zip(levels) {
        if tile(ui, kit, place, level, chosen == Some(level.level), style, (rows, points)) {
            pressed = Some(level.level);
        }
    }
    pressed
}

/// One row of words under the faces where that costs little of their size, else two.
fn rows_and_points(ui: &Ui, kit: &Kit, place: Rect, words: &[&str], style: Style) -> (f32, f32) {
    let space = parts(kit, place, 1.0).word.size();
    let points = text::common_points(ui, &kit.look, words, space, style);
    let whole = words.iter().all(|word| text::fits_at(ui, &kit.look, space, word, style, points));
    if whole && points >= kit.look.points(style.size) * 0.85 {
        return (1.0, points);
    }
    let space = parts(kit, place, 2.0).word.size();
    (2.0, text::common_points(ui, &kit.look, words, space, style))
}

fn tile(
    ui: &Ui,
    kit: &mut Kit,
    place: Rect,
    level: &Level<'_>,
    is_chosen: bool,
    style: Style,
    (rows, points): (f32, f32),
) -> bool {
    let id = ui.scope_id().with(("rating", level.level));
    let target = kit.touch.target(ui, id, place, Kind::Choice);
    target.response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), is_chosen, level.word));
    let look = &kit.look;
    let marked = target.held || is_chosen;
    let ground = if target.held { Ground::Sunken } else { Ground::Card };
    let painter = ui.painter();
    let outline = if marked { look.strong_outline() } else { look.outline() };
    mark::outlined_panel(painter, look, place, ground, outline);
    let parts = parts(kit, place, rows);
    face::draw(painter, &kit.look, level.level, parts.face.center(), parts.face.width() / 2.0);
    let align = if parts.is_row { Align2::LEFT_CENTER } else { Align2::CENTER_CENTER };
    text::paint_at(ui, &kit.look, parts.word, level.word, style.align(align), points);
    target.pressed
}

struct Parts {
    face: Rect,
    word: Rect,
    is_row: bool,
}

/// A tall tile has its word under the face, a wide one beside it.
fn parts(kit: &Kit, place: Rect, rows: f32) -> Parts {
    let pad = kit.look.gap(Gap::Small);
    let inner = place.shrink(pad);
    if place.width() > place.height() * 2.0 {
        let side = inner.height();
        let left = inner.min.x + kit.look.gap(Gap::Huge);
        let face = Rect::from_min_size(pos2(left, inner.min.y), vec2(side, side));
        let word = Rect::from_min_max(pos2(face.max.x + kit.look.gap(Gap::Huge), inner.min.y), inner.max);
        return Parts { face, word, is_row: true };
    }
    let row = text::row_height(&kit.look, TextSize::Title);
    let word_height = if rows > 1.0 { (rows * row).min(inner.height() * 0.52) } else { row * 1.1 };
    let side = (inner.height() - word_height - pad).min(inner.width() * 0.62);
    let block = side + pad + word_height;
    let top = inner.center().y - block / 2.0;
    let face = Rect::from_min_size(pos2(inner.center().x - side / 2.0, top), vec2(side, side));
    // The long English words of senior mode need nearly all of the smallest tile.
    let margin = match (kit.look.class, kit.look.senior) {
        (Class::Compact, true) => kit.look.gap(Gap::Hair),
        (Class::Compact, false) => kit.look.gap(Gap::Tight),
        (Class::Full | Class::Pillar | Class::Wide, _) => kit.look.gap(Gap::Tight) * 1.5,
    };
    let word = Rect::from_min_size(
        pos2(place.min.x + margin, face.max.y + pad),
        vec2(place.width() - 2.0 * margin, word_height),
    );
    Parts { face, word, is_row: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kiosk::ui::{Look, Theme, assets, fonts, prepare};
    use crate::words::{Language, common};

    #[test]
    fn every_word_is_whole_on_its_tile_in_every_look_and_language() {
        let ctx = egui::Context::default();
        prepare(&ctx);
        fonts::install(&ctx, &assets::find(None).unwrap()).unwrap();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            for class in Class::ALL {
                for senior in [false, true] {
                    let kit = Kit::new(Look::new(Theme::Red, senior, class));
                    let place = kit.layout(class.size()).card().ratings[0];
                    for &language in Language::ALL {
                        let words: Vec<_> = Satisfaction::ALL.iter().map(|&l| common::level(language, l)).collect();
                        let style = Style::new(TextSize::Title, Weight::Bold);
                        let (rows, points) = rows_and_points(ui, &kit, place, &words, style);
                        let parts = parts(&kit, place, rows);
                        assert!(parts.face.width() >= 72.0, "{class:?} {senior}: {:?}", parts.face);
                        assert!(place.contains_rect(parts.face) && place.contains_rect(parts.word));
                        for word in words {
                            let whole = text::fits_at(ui, &kit.look, parts.word.size(), word, style, points);
                            assert!(whole, "{class:?} {senior} {word} at {points} in {:?}", parts.word.size());
                        }
                    }
                }
            }
        });
        output.textures_delta.clear();
    }
}
