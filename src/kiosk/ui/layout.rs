//! Where everything stands: pure functions from screen size to rectangles.
//!
//! What can be pressed is never below 60 pt, at least 96 px from 1280×800 up, and on a pillar it stands in the lower two
//! thirds, within reach of a wheelchair.

mod places;

use egui::{Rect, Vec2, pos2, vec2};

pub use places::{CardPanel, CardScreen, Frame, PadScreen, PanelScreen, ReasonsScreen, ThanksScreen};

use super::text::row_height;
use super::tokens::{Gap, Look, TextSize, Theme};

/// A kind of screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// 1920×1080 and larger.
    Full,
    /// 1080×1920, upright.
    Pillar,
    /// 1280×800.
    Wide,
    /// 1024×600.
    Compact,
}

impl Class {
    pub const ALL: [Self; 4] = [Self::Full, Self::Pillar, Self::Wide, Self::Compact];

    /// The class of a screen of `size` points.
    pub fn of(size: Vec2) -> Self {
        if size.y > size.x {
            Self::Pillar
        } else if size.x >= 1600.0 && size.y >= 900.0 {
            Self::Full
        } else if size.x >= 1200.0 && size.y >= 720.0 {
            Self::Wide
        } else {
            Self::Compact
        }
    }

    /// The size that the class is drawn for, in points.
    pub fn size(self) -> Vec2 {
        match self {
            Self::Full => vec2(1920.0, 1080.0),
            Self::Pillar => vec2(1080.0, 1920.0),
            Self::Wide => vec2(1280.0, 800.0),
            Self::Compact => vec2(1024.0, 600.0),
        }
    }
}

/// The class for a screen of `pixels`, and the pixels per point at which it fills the screen: very large screens are
/// enlarged, and ones smaller than their class reduced, so that nothing is ever cut off.
pub fn fit(pixels: Vec2) -> (Class, f32) {
    let class = Class::of(pixels);
    let drawn = class.size();
    let ratio = (pixels.x / drawn.x).min(pixels.y / drawn.y);
    let scale = if class == Class::Full || class == Class::Pillar || ratio < 1.0 { ratio } else { 1.0 };
    (class, scale.clamp(0.25, 8.0))
}

/// The places of one screen class at a size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    pub class: Class,
    pub senior: bool,
    /// Points.
    pub size: Vec2,
}

struct Measures {
    margin: f32,
    header: f32,
    /// Side of what can be pressed, at least.
    target: f32,
    toggle: f32,
    tiles: f32,
    qr: f32,
}

impl Layout {
    pub fn frame(&self) -> Frame {
        let m = self.measures();
        let gap = self.gap(Gap::Small);
        let screen = Rect::from_min_size(pos2(0.0, 0.0), self.size);
        let (header, rest) = cut_top(screen, m.header);
        let inner = header.shrink2(vec2(m.margin, 0.0));
        if self.class == Class::Pillar {
            let (hall, clock) = cut_right(inner, 200.0, gap);
            let (body, foot) = cut_bottom(rest.shrink2(vec2(m.margin, 0.0)), m.target + m.margin, 0.0);
            let (foot, _) = cut_top(foot, m.target);
            let [senior, language] = columns(foot, 2, gap)[..] else { unreachable!("two columns were asked for") };
            let body = Rect::from_min_max(body.min + vec2(0.0, m.margin), body.max - vec2(0.0, self.gap(Gap::Large)));
            return Frame { header, hall, clock, language, senior, body };
        }
        let (left, language) = cut_right(inner, m.toggle, gap);
        let (left, senior) = cut_right(left, m.toggle, gap);
        let (left, _) = cut_right(left, 0.0, self.gap(Gap::Medium) - gap);
        let (hall, clock) = cut_right(left, self.clock_width(), gap);
        let foot = if self.class == Class::Compact { gap } else { m.margin };
        let body = Rect::from_min_max(
            pos2(m.margin, header.max.y + if self.class == Class::Full { 32.0 } else { gap }),
            pos2(self.size.x - m.margin, self.size.y - foot),
        );
        Frame { header, hall, clock, language, senior, body }
    }

    pub fn card(&self) -> CardScreen {
        let frame = self.frame();
        let m = self.measures();
        let gap = self.gap(Gap::Small);
        let row = row_height(&self.look(), TextSize::Title).max(self.gap(Gap::Large));
        if self.class == Class::Pillar {
            let tall = 5.0 * m.tiles + 4.0 * gap;
            let (upper, tiles) = cut_bottom(frame.body, tall, gap);
            let (panel, prompt) = cut_bottom(upper, row, self.gap(Gap::Medium));
            let (prompt, aside) = cut_right(prompt, prompt.width() * 0.4, gap);
            return CardScreen { frame, panel, prompt, aside, ratings: five(rows(tiles, 5, gap)) };
        }
        let (upper, tiles) = cut_bottom(frame.body, m.tiles, self.gap(Gap::Small));
        let (panel, prompt) = cut_bottom(upper, row, self.gap(Gap::Small));
        let (prompt, aside) = cut_right(prompt, prompt.width() * 0.36, gap);
        CardScreen { frame, panel, prompt, aside, ratings: five(columns(tiles, 5, gap)) }
    }

    pub fn card_panel(&self, panel: Rect) -> CardPanel {
        let m = self.measures();
        let (pad, gap) =
            (self.gap(if self.class == Class::Compact { Gap::Medium } else { Gap::Large }), self.gap(Gap::Large));
        let inner = panel.shrink(pad);
        if self.class == Class::Pillar {
            let photo = Rect::from_min_size(inner.min, vec2(324.0, 432.0));
            let identity = Rect::from_min_max(
                pos2(photo.max.x + self.gap(Gap::Huge), photo.min.y),
                pos2(inner.max.x, photo.max.y),
            );
            let below = Rect::from_min_max(pos2(inner.min.x, photo.max.y + 2.0 * self.gap(Gap::Medium)), inner.max);
            let (pledges, qr) = cut_right(below, m.qr, gap);
            return CardPanel { photo, identity, pledges, qr: Some(qr) };
        }
        let photo = Rect::from_min_size(inner.min, vec2(inner.height() * 0.75, inner.height()));
        let rest = Rect::from_min_max(pos2(photo.max.x + gap, inner.min.y), inner.max);
        let has_qr = !(self.senior && matches!(self.class, Class::Wide | Class::Compact));
        let (rest, qr) = if has_qr {
            let (rest, qr) = cut_right(rest, m.qr, gap);
            (rest, Some(qr))
        } else {
            (rest, None)
        };
        let share = if has_qr { 0.46 } else { 0.52 };
        let (identity, pledges) = cut_right(rest, (rest.width() - 2.0 * gap) * (1.0 - share), 2.0 * gap);
        CardPanel { photo, identity, pledges, qr }
    }

    pub fn reasons(&self) -> ReasonsScreen {
        let frame = self.frame();
        let m = self.measures();
        let gap = self.gap(Gap::Small);
        let (upper, actions) = cut_bottom(frame.body, m.target, self.gap(Gap::Medium));
        let head_height = row_height(&self.look(), TextSize::Title) + row_height(&self.look(), TextSize::Body);
        let (mut head, mut chips) = cut_top(upper, head_height);
        if self.class == Class::Pillar {
            // The question moves down to its answers.
            let top = (self.size.y / 3.0).ceil() + gap;
            chips.min.y = top;
            head =
                Rect::from_min_max(pos2(head.min.x, top - gap - head_height - gap), pos2(head.max.x, top - 2.0 * gap));
        } else {
            chips.min.y += gap;
        }
        let (texts, countdown) = cut_right(head, head.height(), gap);
        let (title, subtitle) = cut_top(texts, row_height(&self.look(), TextSize::Title));
        let [secondary, primary] = columns(actions, 2, gap)[..] else { unreachable!("two columns were asked for") };
        ReasonsScreen { frame, title, subtitle, countdown, chips, chip_height: m.target.min(96.0), secondary, primary }
    }

    pub fn thanks(&self) -> ThanksScreen {
        let frame = self.frame();
        let m = self.measures();
        let (gap, pad) = (self.gap(Gap::Small), self.gap(Gap::Huge));
        let (panel, actions) = cut_bottom(frame.body, m.target, self.gap(Gap::Medium));
        let inner = panel.shrink(pad);
        let qr_side = m.qr * 1.3;
        let (texts, qr) = if self.class == Class::Pillar {
            let (texts, qr) = cut_bottom(inner, qr_side * 1.15, pad);
            (texts, Rect::from_min_size(qr.min, vec2(qr_side, qr.height())))
        } else {
            let (texts, qr) = cut_right(inner, qr_side, pad);
            (texts, qr)
        };
        let mark_side = (texts.height() * 0.3).min(160.0);
        let title_height = row_height(&self.look(), TextSize::Display);
        let message_height = 3.0 * row_height(&self.look(), TextSize::Body);
        let block = mark_side + gap + title_height + gap + message_height;
        let top = texts.min.y + ((texts.height() - block) / 2.0).max(0.0);
        let strip = |from: f32, height: f32| {
            Rect::from_min_max(pos2(texts.min.x, from), pos2(texts.max.x, (from + height).min(texts.max.y)))
        };
        let mark = Rect::from_min_size(pos2(texts.min.x, top), vec2(mark_side, mark_side));
        let title = strip(mark.max.y + gap, title_height);
        let message = strip(title.max.y + gap, message_height);
        let (countdown, done) = cut_right(actions, (actions.width() * 0.36).max(240.0), gap);
        ThanksScreen { frame, panel, mark, title, message, qr, countdown, done }
    }

    pub fn panel(&self) -> PanelScreen {
        let frame = self.frame();
        let (upper, actions) = cut_bottom(frame.body, self.measures().target, self.gap(Gap::Medium));
        let (title, mut content) = cut_top(upper, row_height(&self.look(), TextSize::Title));
        content.min.y += self.gap(Gap::Small);
        PanelScreen { frame, title, content, actions }
    }

    pub fn pad(&self) -> PadScreen {
        let frame = self.frame();
        let m = self.measures();
        let gap = if self.class == Class::Compact { 8.0 } else { self.gap(Gap::Small) };
        let (title, mut below) = cut_top(frame.body, row_height(&self.look(), TextSize::Title));
        below.min.y += gap;
        let (side, pad) = if self.class == Class::Pillar {
            cut_bottom(below, 5.0 * m.target + 4.0 * gap, self.gap(Gap::Large))
        } else {
            cut_right(below, (below.width() * 0.42).min(640.0), self.gap(Gap::Huge))
        };
        let (side, back) = if self.class == Class::Pillar {
            let (side, back) = cut_bottom(side, m.target, gap);
            (side, cut_right(back, back.width() / 2.0, gap).0)
        } else {
            let (side, back) = cut_bottom(side, m.target, gap);
            (side, Rect::from_min_size(back.min, vec2(back.width().min(320.0), back.height())))
        };
        let lines = rows(pad, 5, gap);
        let mut keys = [Rect::NOTHING; 12];
        for (n, key) in keys.iter_mut().enumerate() {
            *key = columns(lines[1 + n / 3], 3, gap)[n % 3];
        }
        PadScreen { frame, title, side, display: lines[0], keys, back }
    }

    /// `count` equal buttons in a row that has room for them, from the end of the line.
    pub fn row(&self, actions: Rect, count: usize) -> Vec<Rect> {
        let gap = self.gap(Gap::Small);
        let most = if self.class == Class::Pillar { 480.0 } else { 360.0 };
        let width = ((actions.width() - gap * count.saturating_sub(1) as f32) / count.max(1) as f32).min(most);
        let start = actions.max.x - (width + gap) * count as f32 + gap;
        (0..count)
            .map(|n| {
                let left = start + (width + gap) * n as f32;
                Rect::from_min_size(pos2(left, actions.min.y), vec2(width, actions.height()))
            })
            .collect()
    }

    /// The step of the spacing scale in this class.
    pub fn gap(&self, gap: Gap) -> f32 {
        self.look().gap(gap)
    }

    fn look(&self) -> Look {
        Look::new(Theme::Red, self.senior, self.class)
    }

    fn clock_width(&self) -> f32 {
        match self.class {
            Class::Full | Class::Pillar => 200.0,
            Class::Wide => 150.0,
            Class::Compact => 130.0,
        }
    }

    fn measures(&self) -> Measures {
        let m = |margin, header, target, toggle, tiles, qr| Measures { margin, header, target, toggle, tiles, qr };
        let large = if self.senior { 1.0 } else { 0.0 };
        match self.class {
            Class::Full => m(48.0, 104.0, 104.0, 168.0 + large * 24.0, 296.0, 240.0),
            Class::Pillar => m(48.0, 112.0, 112.0, 0.0, 112.0, 260.0),
            Class::Wide => m(32.0, 96.0, 96.0, 136.0 + large * 48.0, 224.0, 204.0),
            Class::Compact => m(16.0, 72.0, 72.0, 112.0 + large * 64.0, 184.0, 176.0),
        }
    }
}

fn cut_top(rect: Rect, height: f32) -> (Rect, Rect) {
    let at = rect.min.y + height;
    (Rect::from_min_max(rect.min, pos2(rect.max.x, at)), Rect::from_min_max(pos2(rect.min.x, at), rect.max))
}

/// What remains above, and the lowest `height`.
fn cut_bottom(rect: Rect, height: f32, gap: f32) -> (Rect, Rect) {
    let at = rect.max.y - height;
    (Rect::from_min_max(rect.min, pos2(rect.max.x, at - gap)), Rect::from_min_max(pos2(rect.min.x, at), rect.max))
}

/// What remains on the left, and the rightmost `width`.
fn cut_right(rect: Rect, width: f32, gap: f32) -> (Rect, Rect) {
    let at = rect.max.x - width;
    (Rect::from_min_max(rect.min, pos2(at - gap, rect.max.y)), Rect::from_min_max(pos2(at, rect.min.y), rect.max))
}

fn columns(rect: Rect, count: usize, gap: f32) -> Vec<Rect> {
    let width = (rect.width() - gap * (count - 1) as f32) / count as f32;
    (0..count)
        .map(|n| {
            Rect::from_min_size(pos2(rect.min.x + (width + gap) * n as f32, rect.min.y), vec2(width, rect.height()))
        })
        .collect()
}

fn rows(rect: Rect, count: usize, gap: f32) -> Vec<Rect> {
    let height = (rect.height() - gap * (count - 1) as f32) / count as f32;
    (0..count)
        .map(|n| {
            Rect::from_min_size(pos2(rect.min.x, rect.min.y + (height + gap) * n as f32), vec2(rect.width(), height))
        })
        .collect()
}

fn five(rects: Vec<Rect>) -> [Rect; 5] {
    std::array::from_fn(|n| rects[n])
}

#[cfg(test)]
mod tests;
