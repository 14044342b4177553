//! Five faces: each level has its own eyes and mouth, so that nobody needs the colour to tell them apart.

use std::f32::consts::PI;

use egui::{Painter, Pos2, Shape, Stroke, Vec2, vec2};

use super::mark::round_line;
use crate::domain::rating::Satisfaction;
use crate::kiosk::ui::tokens::Look;

/// Draws the face of `level` about `centre`.
pub fn draw(painter: &Painter, look: &Look, level: Satisfaction, centre: Pos2, radius: f32) {
    painter.circle_filled(centre, radius, look.level(level));
    let pen = Pen { painter, centre, radius, stroke: Stroke::new(radius * 0.115, look.on_level()) };
    match level {
        Satisfaction::VerySatisfied => {
            pen.arc(vec2(-0.37, -0.1), 0.19, 1.15 * PI, 1.85 * PI);
            pen.arc(vec2(0.37, -0.1), 0.19, 1.15 * PI, 1.85 * PI);
            pen.half_moon(vec2(0.0, 0.14), vec2(0.52, 0.5), 0.0);
        }
        Satisfaction::Satisfied => {
            pen.eyes(-0.2);
            pen.curve(vec2(-0.46, 0.2), vec2(0.0, 0.82), vec2(0.46, 0.2));
        }
        Satisfaction::BasicallySatisfied => {
            pen.eyes(-0.18);
            pen.line(vec2(-0.38, 0.34), vec2(0.38, 0.34));
        }
        Satisfaction::Dissatisfied => {
            pen.eyes(-0.12);
            pen.line(vec2(-0.54, -0.36), vec2(-0.26, -0.46));
            pen.line(vec2(0.54, -0.36), vec2(0.26, -0.46));
            pen.curve(vec2(-0.4, 0.54), vec2(0.0, 0.02), vec2(0.4, 0.54));
        }
        Satisfaction::VeryDissatisfied => {
            pen.eyes(-0.08);
            pen.line(vec2(-0.58, -0.48), vec2(-0.2, -0.28));
            pen.line(vec2(0.58, -0.48), vec2(0.2, -0.28));
            pen.half_moon(vec2(0.0, 0.62), vec2(0.42, 0.4), PI);
        }
    }
}

/// Draws in units of the face's radius.
struct Pen<'a> {
    painter: &'a Painter,
    centre: Pos2,
    radius: f32,
    stroke: Stroke,
}

impl Pen<'_> {
    fn at(&self, v: Vec2) -> Pos2 {
        self.centre + v * self.radius
    }

    fn eyes(&self, y: f32) {
        for x in [-0.35, 0.35] {
            self.painter.circle_filled(self.at(vec2(x, y)), self.radius * 0.105, self.stroke.color);
        }
    }

    fn line(&self, from: Vec2, to: Vec2) {
        round_line(self.painter, vec![self.at(from), self.at(to)], self.stroke);
    }

    fn curve(&self, from: Vec2, towards: Vec2, to: Vec2) {
        let points = (0..=24).map(|n| {
            let t = n as f32 / 24.0;
            self.at(from * (1.0 - t) * (1.0 - t) + towards * 2.0 * t * (1.0 - t) + to * t * t)
        });
        round_line(self.painter, points.collect(), self.stroke);
    }

    fn arc(&self, about: Vec2, radius: f32, from: f32, to: f32) {
        let points = (0..=16).map(|n| {
            let angle = from + (to - from) * n as f32 / 16.0;
            self.at(about + vec2(angle.cos(), angle.sin()) * radius)
        });
        round_line(self.painter, points.collect(), self.stroke);
    }

    /// An open mouth: half an ellipse, below its straight side or, turned by π, above it.
    fn half_moon(&self, about: Vec2, half: Vec2, turn: f32) {
        let points = (0..=32).map(|n| {
            let angle = turn + PI * n as f32 / 32.0;
            self.at(about + vec2(angle.cos() * half.x, angle.sin() * half.y))
        });
        // A thin stroke rounds the corners.
        let stroke = Stroke::new(self.radius * 0.05, self.stroke.color);
        self.painter.add(Shape::convex_polygon(points.collect(), self.stroke.color, stroke));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kiosk::ui::raster::screenshot;
    use crate::kiosk::ui::{Class, Theme};
    use egui::{Color32, Context, pos2};

    /// Where the pen drew, whatever the colour of the disc.
    fn features(level: Satisfaction) -> Vec<bool> {
        let look = Look::new(Theme::Red, false, Class::Full);
        let image = screenshot(&Context::default(), [100, 100], Color32::BLACK, 1, |ui| {
            draw(ui.painter(), &look, level, pos2(50.0, 50.0), 48.0);
        });
        image.pixels().map(|p| p.0[0] > 235 && p.0[1] > 225 && p.0[2] > 225).collect()
    }

    #[test]
    fn each_two_faces_differ_by_more_than_their_colour() {
        let faces: Vec<_> = Satisfaction::ALL.iter().map(|&level| features(level)).collect();
        for (n, a) in faces.iter().enumerate() {
            let drawn = a.iter().filter(|&&p| p).count();
            assert!(drawn > 150, "face {n} has hardly any features: {drawn} pixels");
            for (m, b) in faces.iter().enumerate().skip(n + 1) {
                let differing = a.iter().zip(b).filter(|(a, b)| a != b).count();
                assert!(differing > 250, "faces {n} and {m} differ by only {differing} pixels");
            }
        }
    }
}
