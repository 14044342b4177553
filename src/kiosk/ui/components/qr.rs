//! QR codes: black on white in whole pixels, made into a texture once.

use egui::{Align2, Color32, ColorImage, Rect, Role, Sense, TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2};
use qrcode::{EcLevel, QrCode};

use crate::kiosk::ui::text::{self, Style};
use crate::kiosk::ui::tokens::{Gap, Ground, Ink, Look, TextSize, Weight};

/// Light modules around the code that readers need.
const QUIET: usize = 4;

#[derive(Debug, thiserror::Error)]
#[error("a text of {length} bytes does not fit into a QR code; at most 2,953 bytes do")]
pub struct QrFault {
    pub length: usize,
}

/// A code as a texture, with its quiet zone.
pub struct Qr {
    text: String,
    texture: TextureHandle,
    /// Modules a side, quiet zone included.
    modules: usize,
}

impl Qr {
    /// # Errors
    /// [`QrFault`] if `text` is too long.
    pub fn new(ctx: &egui::Context, look: &Look, text: &str) -> Result<Self, QrFault> {
        // A screen has no dirt and no folds: fewer, larger modules read better than more correction.
        let code = QrCode::with_error_correction_level(text, EcLevel::L).map_err(|_| QrFault { length: text.len() })?;
        let (dark, light) = look.qr();
        let modules = code.width() + 2 * QUIET;
        let mut image = ColorImage::filled([modules, modules], light);
        for (n, colour) in code.to_colors().iter().enumerate() {
            if *colour == qrcode::Color::Dark {
                let (x, y) = (n % code.width() + QUIET, n / code.width() + QUIET);
                image.pixels[y * modules + x] = dark;
            }
        }
        let texture = ctx.load_texture("qr", image, TextureOptions::NEAREST);
        Ok(Self { text: text.to_owned(), texture, modules })
    }

    /// What the code says; make a new one only if that changed.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Draws the code as large as whole pixels allow, its caption below.
pub fn show(ui: &Ui, look: &Look, place: Rect, code: &Qr, caption: &str) {
    let style =
        Style::new(TextSize::Caption, Weight::Regular).on(Ground::Card).ink(Ink::Soft).align(Align2::CENTER_TOP);
    let caption_height = match caption {
        "" => 0.0,
        _ => text::measure(ui, look, place.width(), caption, style).y + look.gap(Gap::Hair),
    };
    let most = place.width().min(place.height() - caption_height).max(1.0);
    let per_point = ui.ctx().pixels_per_point();
    let module = ((most * per_point / code.modules as f32).floor()).max(1.0) / per_point;
    let side = module * code.modules as f32;
    let block = side + caption_height;
    let top = place.min.y + ((place.height() - block) / 2.0).max(0.0);
    let at = pos2(place.center().x - side / 2.0, top);
    let at = pos2((at.x * per_point).round() / per_point, (at.y * per_point).round() / per_point);
    let rect = Rect::from_min_size(at, vec2(side, side));
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter().image(code.texture.id(), rect, whole, Color32::WHITE);
    let response = ui.interact(rect, ui.scope_id().with(("qr", at.x as i32)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, if caption.is_empty() { "QR" } else { caption }));
    if !caption.is_empty() {
        let below = Rect::from_min_max(
            pos2(place.min.x, rect.max.y + look.gap(Gap::Hair)),
            pos2(place.max.x, (rect.max.y + caption_height).min(place.max.y)),
        );
        text::paint(ui, look, below, caption, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kiosk::ui::{Class, Theme};

    #[test]
    fn a_text_that_is_too_long_is_refused_and_the_longest_is_not() {
        let ctx = egui::Context::default();
        let look = Look::new(Theme::Red, false, Class::Full);
        assert!(Qr::new(&ctx, &look, &"x".repeat(2_953)).is_ok());
        assert_eq!(Qr::new(&ctx, &look, &"x".repeat(2_954)).err().map(|fault| fault.length), Some(2_954));
    }
}
