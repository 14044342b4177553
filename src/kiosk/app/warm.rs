//! Glyphs of the screens that follow a tap, made ready while nobody waits.

use egui::Context;

use crate::domain::rating::Satisfaction;
use crate::kiosk::flow::view::View;
use crate::kiosk::ui::fonts;
use crate::kiosk::ui::tokens::{Look, TextSize, Weight};
use crate::words::common;
use crate::words::kiosk::{CardWords, ReasonsWords, ThanksWords};

/// Rasterises what reasons and thanks will say in the language of `view`.
pub fn up(ctx: &Context, look: &Look, view: &View) {
    let reasons = ReasonsWords(view.language);
    let thanks = ThanksWords(view.language);
    let levels: String = Satisfaction::ALL.iter().map(|&level| common::level(view.language, level)).collect();
    let sentences = [
        (CardWords(view.language).saving().into_owned(), TextSize::Title, Weight::Bold),
        (reasons.title().into_owned(), TextSize::Title, Weight::Bold),
        (format!("{}{}0123456789", reasons.recorded(&levels), reasons.hint()), TextSize::Body, Weight::Regular),
        (format!("{}{}{}", reasons.skip(), reasons.send(), reasons.change()), TextSize::Body, Weight::Bold),
        (thanks.title().into_owned(), TextSize::Display, Weight::Bold),
        (thanks.message().into_owned(), TextSize::Body, Weight::Regular),
        (thanks.done().into_owned(), TextSize::Body, Weight::Bold),
        // Receipt codes are Crockford letters.
        ("0123456789ABCDEFGHJKMNPQRSTVWXYZ-".to_owned(), TextSize::Title, Weight::Bold),
        (
            format!("{}{}{}{}", thanks.receipt(), thanks.receipt_hint(), thanks.qr(), thanks.closes_in(1_234_567_890)),
            TextSize::Caption,
            Weight::Regular,
        ),
    ];
    fonts::warm(ctx, look, sentences.iter().map(|(sentence, size, weight)| (sentence.as_str(), *size, *weight)));
}
