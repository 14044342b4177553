//! Small drawings: star, tick, cross-out, silhouette. Vectors, so that they are sharp at any size.

use std::f32::consts::{PI, TAU};

use egui::epaint::PathShape;
use egui::{Color32, CornerRadius, Mesh, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

use crate::kiosk::ui::tokens::{Ground, Ink, Look};

/// A five-pointed star that fills `place`.
pub fn star(painter: &Painter, place: Rect, colour: Color32) {
    let centre = place.center() + vec2(0.0, place.height() * 0.04);
    let outer = place.width().min(place.height()) / 2.0;
    let at = |n: usize, radius: f32| {
        let angle = -PI / 2.0 + n as f32 * TAU / 10.0;
        centre + vec2(angle.cos(), angle.sin()) * radius
    };
    // The body is a pentagon, each ray a triangle: egui fills only convex paths well.
    let inner = outer * 0.4;
    let body: Vec<Pos2> = (0..5).map(|n| at(2 * n + 1, inner)).collect();
    painter.add(Shape::convex_polygon(body, colour, Stroke::NONE));
    for n in 0..5 {
        let ray = vec![at(2 * n + 9, inner * 0.98), at(2 * n, outer), at(2 * n + 1, inner * 0.98)];
        painter.add(Shape::convex_polygon(ray, colour, Stroke::NONE));
    }
}

/// A tick whose arms end round.
pub fn tick(painter: &Painter, place: Rect, stroke: Stroke) {
    let at = |x: f32, y: f32| place.min + place.size() * vec2(x, y);
    round_line(painter, vec![at(0.2, 0.54), at(0.42, 0.74), at(0.8, 0.3)], stroke);
}

/// A tick on a disc: done.
pub fn done(painter: &Painter, look: &Look, place: Rect) {
    let side = place.width().min(place.height());
    painter.circle_filled(place.center(), side / 2.0, look.fill(Ground::Brand));
    let inner = Rect::from_center_size(place.center(), vec2(side, side) * 0.66);
    tick(painter, inner, Stroke::new(side * 0.075, look.ink(Ink::Strong, Ground::Brand)));
}

/// The key that takes the last digit back.
pub fn backspace(painter: &Painter, place: Rect, stroke: Stroke) {
    let side = place.width().min(place.height());
    let r = Rect::from_center_size(place.center(), vec2(side, side * 0.7));
    let neck = r.min.x + r.width() * 0.32;
    let outline = vec![
        pos2(r.min.x, r.center().y),
        pos2(neck, r.min.y),
        pos2(r.max.x, r.min.y),
        pos2(r.max.x, r.max.y),
        pos2(neck, r.max.y),
    ];
    painter.add(PathShape::closed_line(outline, stroke));
    let c = pos2((neck + r.max.x) / 2.0 - side * 0.03, r.center().y);
    let d = side * 0.12;
    painter.line_segment([c - vec2(d, d), c + vec2(d, d)], stroke);
    painter.line_segment([c + vec2(d, -d), c - vec2(d, -d)], stroke);
}

/// A person without a picture.
pub fn silhouette(painter: &Painter, look: &Look, place: Rect) {
    painter.rect_filled(place, look.radius(), look.fill(Ground::Sunken));
    let colour = look.outline().color.gamma_multiply(0.55);
    let painter = painter.with_clip_rect(place);
    let w = place.width();
    let head = pos2(place.center().x, place.min.y + place.height() * 0.4);
    painter.circle_filled(head, w * 0.17, colour);
    let shoulders = Rect::from_min_max(
        pos2(place.center().x - w * 0.32, head.y + w * 0.24),
        pos2(place.center().x + w * 0.32, place.max.y),
    );
    let round = (w * 0.24) as u8;
    painter.rect_filled(shoulders, CornerRadius { nw: round, ne: round, sw: 0, se: 0 }, colour);
}

/// Head and shoulders, for a small button.
pub fn person(painter: &Painter, place: Rect, colour: Color32) {
    let side = place.width().min(place.height());
    let centre = place.center();
    painter.circle_filled(centre - vec2(0.0, side * 0.2), side * 0.2, colour);
    let shoulders = Rect::from_center_size(centre + vec2(0.0, side * 0.28), vec2(side * 0.72, side * 0.36));
    let round = (side * 0.28) as u8;
    painter.rect_filled(shoulders, CornerRadius { nw: round, ne: round, sw: 4, se: 4 }, colour);
}

/// An “i” or “!” on a disc or triangle.
pub fn sign(painter: &Painter, place: Rect, ground: Color32, ink: Color32, is_warning: bool) {
    let side = place.width().min(place.height());
    let c = place.center();
    if is_warning {
        let corners =
            vec![c + vec2(0.0, -side * 0.46), c + vec2(side * 0.5, side * 0.4), c + vec2(-side * 0.5, side * 0.4)];
        painter.add(Shape::convex_polygon(corners, ground, Stroke::new(side * 0.06, ground)));
        bar(painter, c + vec2(0.0, -side * 0.18), c + vec2(0.0, side * 0.1), side * 0.09, ink);
        painter.circle_filled(c + vec2(0.0, side * 0.25), side * 0.055, ink);
    } else {
        painter.circle_filled(c, side / 2.0, ground);
        painter.circle_filled(c + vec2(0.0, -side * 0.22), side * 0.065, ink);
        bar(painter, c + vec2(0.0, -side * 0.04), c + vec2(0.0, side * 0.26), side * 0.11, ink);
    }
}

/// A line of several points with round ends and joints.
pub fn round_line(painter: &Painter, points: Vec<Pos2>, stroke: Stroke) {
    for point in [points.first(), points.last()].into_iter().flatten() {
        painter.circle_filled(*point, stroke.width / 2.0, stroke.color);
    }
    if points.len() == 3 {
        painter.circle_filled(points[1], stroke.width / 2.0, stroke.color);
    }
    painter.add(Shape::line(points, stroke));
}

/// The ground of a panel or tile.
pub fn panel(painter: &Painter, look: &Look, place: Rect, ground: Ground) {
    outlined_panel(painter, look, place, ground, look.hairline());
}

/// The same with a border of its own.
pub fn outlined_panel(painter: &Painter, look: &Look, place: Rect, ground: Ground, outline: Stroke) {
    shadow(painter, look, place);
    painter.rect(place, look.radius(), look.fill(ground), outline, StrokeKind::Inside);
}

/// A soft shadow as a hollow ring: egui's own is a filled rectangle under the panel, and without a GPU each pixel that is
/// painted twice is paid twice.
fn shadow(painter: &Painter, look: &Look, place: Rect) {
    let shadow = look.shadow();
    let reach = f32::from(shadow.blur) / 2.0;
    let offset = vec2(f32::from(shadow.offset[0]), f32::from(shadow.offset[1]));
    let caster = place.translate(offset);
    // From just under the panel's edge to where nothing is left, darkest inside.
    let rings = [(-6.0, 1.0), (0.0, 0.62), (reach * 0.45, 0.2), (reach, 0.0)];
    let outlines = rings.map(|(grow, _)| rounded(caster.expand(grow), f32::from(look.radius()) + grow));
    let mut mesh = Mesh::default();
    for (outline, (_, strength)) in outlines.iter().zip(rings) {
        for point in outline {
            mesh.colored_vertex(*point, shadow.color.gamma_multiply(strength));
        }
    }
    let count = outlines[0].len() as u32;
    for ring in 0..rings.len() as u32 - 1 {
        for n in 0..count {
            let (a, b) = (ring * count + n, ring * count + (n + 1) % count);
            mesh.add_triangle(a, b, a + count);
            mesh.add_triangle(b, b + count, a + count);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// The outline of a rectangle with round corners, always of equally many points.
fn rounded(rect: Rect, radius: f32) -> Vec<Pos2> {
    const STEPS: usize = 6;
    let radius = radius.clamp(0.0, rect.width().min(rect.height()) / 2.0);
    let inner = rect.shrink(radius);
    let corners = [inner.right_bottom(), inner.left_bottom(), inner.left_top(), inner.right_top()];
    let mut points = Vec::with_capacity(4 * (STEPS + 1));
    for (n, corner) in corners.into_iter().enumerate() {
        for step in 0..=STEPS {
            let angle = (n as f32 + step as f32 / STEPS as f32) * PI / 2.0;
            points.push(corner + vec2(angle.cos(), angle.sin()) * radius);
        }
    }
    points
}

fn bar(painter: &Painter, from: Pos2, to: Pos2, width: f32, colour: Color32) {
    round_line(painter, vec![from, to], Stroke::new(width, colour));
}
