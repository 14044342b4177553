//! egui's triangles painted by the CPU: pictures of the screen without a GPU or a display, for tests and documents.
//!
//! A triangle covers the pixels whose centre lies within it; an edge shared by two triangles belongs to one of them.
//! Colours are blended as the GPU painter does it: premultiplied, in gamma space.

use std::collections::HashMap;

use egui::epaint::{ClippedPrimitive, Primitive, Vertex};
use egui::{Color32, Context, FullOutput, Pos2, RawInput, Rect, TextureFilter, TextureId, TexturesDelta, Ui, vec2};
use image::RgbaImage;

/// Holds the textures that egui has sent so far.
#[derive(Debug, Default)]
pub struct Raster {
    textures: HashMap<TextureId, Texture>,
}

#[derive(Debug)]
struct Texture {
    size: [usize; 2],
    texels: Vec<Color32>,
    nearest: bool,
}

/// One picture of a fresh `ctx`; see [`Raster::screenshot`].
pub fn screenshot(
    ctx: &Context,
    size: [u32; 2],
    background: Color32,
    passes: usize,
    draw: impl FnMut(&mut Ui),
) -> RgbaImage {
    Raster::default().screenshot(ctx, size, background, passes, draw)
}

impl Raster {
    /// Runs `draw` on `ctx` for `passes` frames of `size` pixels and paints the last one on `background`. A context's
    /// textures are sent once: all its pictures must be painted by one `Raster`.
    pub fn screenshot(
        &mut self,
        ctx: &Context,
        size: [u32; 2],
        background: Color32,
        passes: usize,
        mut draw: impl FnMut(&mut Ui),
    ) -> RgbaImage {
        let mut picture = RgbaImage::new(0, 0);
        for pass in 1..=passes.max(1) {
            let input = RawInput {
                screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(size[0] as f32, size[1] as f32))),
                ..RawInput::default()
            };
            let mut output = ctx.run_ui(input, &mut draw);
            self.take(&mut output.textures_delta);
            if pass == passes.max(1) {
                picture = self.paint(ctx, &output, size, background);
            }
        }
        picture
    }

    /// Takes new and changed textures; freed ones are dropped.
    pub fn take(&mut self, delta: &mut TexturesDelta) {
        for (id, changes) in delta.set.drain() {
            for change in changes {
                let egui::ImageData::Color(image) = &change.image;
                match (change.pos, self.textures.get_mut(&id)) {
                    (Some(at), Some(texture)) => texture.patch(at, image.size, &image.pixels),
                    (Some(_), None) => {}
                    (None, _) => {
                        let nearest = change.options.magnification == TextureFilter::Nearest;
                        let texels = image.pixels.clone();
                        self.textures.insert(id, Texture { size: image.size, texels, nearest });
                    }
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    /// Paints a frame of `size` pixels on `background`.
    pub fn paint(&self, ctx: &Context, output: &FullOutput, size: [u32; 2], background: Color32) -> RgbaImage {
        let scale = output.pixels_per_point;
        let mut canvas = Canvas::new(size, background);
        for ClippedPrimitive { clip_rect, primitive } in ctx.tessellate(output.shapes.clone(), scale) {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            canvas.clip(clip_rect, scale);
            for corner in mesh.indices.chunks_exact(3) {
                let vertex = |n: usize| Corner::new(&mesh.vertices[corner[n] as usize], scale);
                canvas.triangle([vertex(0), vertex(1), vertex(2)], texture);
            }
        }
        canvas.into_image()
    }
}

impl Texture {
    fn patch(&mut self, at: [usize; 2], size: [usize; 2], pixels: &[Color32]) {
        for (row, line) in pixels.chunks_exact(size[0].max(1)).enumerate() {
            let start = (at[1] + row) * self.size[0] + at[0];
            self.texels[start..start + line.len()].copy_from_slice(line);
        }
    }

    fn sample(&self, u: f32, v: f32) -> [f32; 4] {
        let (x, y) = (u * self.size[0] as f32 - 0.5, v * self.size[1] as f32 - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let close = 1.0 / 256.0;
        if self.nearest || (fx.min(1.0 - fx) < close && fy.min(1.0 - fy) < close) {
            return self.texel(x.round(), y.round());
        }
        let (a, b) = (self.texel(left, top), self.texel(left + 1.0, top));
        let (c, d) = (self.texel(left, top + 1.0), self.texel(left + 1.0, top + 1.0));
        std::array::from_fn(|i| {
            let upper = a[i] + (b[i] - a[i]) * fx;
            let lower = c[i] + (d[i] - c[i]) * fx;
            upper + (lower - upper) * fy
        })
    }

    fn texel(&self, x: f32, y: f32) -> [f32; 4] {
        let x = (x.max(0.0) as usize).min(self.size[0] - 1);
        let y = (y.max(0.0) as usize).min(self.size[1] - 1);
        self.texels[y * self.size[0] + x].to_array().map(f32::from)
    }
}

/// A vertex in pixels with its six interpolated values: r, g, b, a, u, v.
#[derive(Clone, Copy)]
struct Corner {
    x: f32,
    y: f32,
    values: [f32; 6],
}

impl Corner {
    fn new(vertex: &Vertex, scale: f32) -> Self {
        let [r, g, b, a] = vertex.color.to_array().map(f32::from);
        Self { x: vertex.pos.x * scale, y: vertex.pos.y * scale, values: [r, g, b, a, vertex.uv.x, vertex.uv.y] }
    }
}

struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
    /// Columns and rows that may be painted: left, top, right, bottom.
    clip: [usize; 4],
}

impl Canvas {
    fn new(size: [u32; 2], background: Color32) -> Self {
        let (width, height) = (size[0] as usize, size[1] as usize);
        Self { width, height, pixels: vec![background.to_array(); width * height], clip: [0, 0, width, height] }
    }

    fn clip(&mut self, rect: Rect, scale: f32) {
        let bound = |v: f32, most: usize| ((v * scale).round().max(0.0) as usize).min(most);
        self.clip = [
            bound(rect.min.x, self.width),
            bound(rect.min.y, self.height),
            bound(rect.max.x, self.width),
            bound(rect.max.y, self.height),
        ];
    }

    fn triangle(&mut self, mut corners: [Corner; 3], texture: &Texture) {
        // Ordered by height, so that both triangles of a shared edge compute the very same crossings.
        corners.sort_by(|a, b| (a.y, a.x).partial_cmp(&(b.y, b.x)).unwrap_or(std::cmp::Ordering::Equal));
        let [a, b, c] = corners;
        let area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
        if area == 0.0 || !area.is_finite() {
            return;
        }
        let flat = a.values == b.values && b.values == c.values;
        let across: [f32; 6] = std::array::from_fn(|i| {
            ((b.values[i] - a.values[i]) * (c.y - a.y) - (c.values[i] - a.values[i]) * (b.y - a.y)) / area
        });
        let down: [f32; 6] = std::array::from_fn(|i| {
            ((c.values[i] - a.values[i]) * (b.x - a.x) - (b.values[i] - a.values[i]) * (c.x - a.x)) / area
        });
        let (top, bottom) = (first_centre(a.y, self.clip[1]), first_centre(c.y, self.clip[1]).min(self.clip[3]));
        for row in top..bottom {
            let y = row as f32 + 0.5;
            let long = crossing(&a, &c, y);
            let short = if y < b.y { crossing(&a, &b, y) } else { crossing(&b, &c, y) };
            let left = first_centre(long.min(short), self.clip[0]);
            let right = first_centre(long.max(short), self.clip[0]).min(self.clip[2]);
            if left >= right {
                continue;
            }
            let (dx, dy) = (left as f32 + 0.5 - a.x, y - a.y);
            let start = std::array::from_fn(|i| a.values[i] + across[i] * dx + down[i] * dy);
            let span = &mut self.pixels[row * self.width + left..row * self.width + right];
            if flat { fill(span, shade(start, texture)) } else { blend(span, start, across, texture) }
        }
    }

    fn into_image(self) -> RgbaImage {
        let (width, height) = (self.width as u32, self.height as u32);
        RgbaImage::from_raw(width, height, self.pixels.into_flattened()).unwrap_or_default()
    }
}

/// The first pixel whose centre is at `edge` or after it, at least `least`.
fn first_centre(edge: f32, least: usize) -> usize {
    ((edge - 0.5).ceil().max(0.0) as usize).max(least)
}

fn crossing(upper: &Corner, lower: &Corner, y: f32) -> f32 {
    upper.x + (lower.x - upper.x) * ((y - upper.y) / (lower.y - upper.y))
}

fn shade(values: [f32; 6], texture: &Texture) -> [f32; 4] {
    let texel = texture.sample(values[4], values[5]);
    std::array::from_fn(|i| values[i] * texel[i] / 255.0)
}

fn fill(span: &mut [[u8; 4]], colour: [f32; 4]) {
    if colour[3] >= 254.5 {
        span.fill(colour.map(|v| v.round() as u8));
    } else if colour[3] > 0.0 || colour[0] > 0.0 {
        span.iter_mut().for_each(|pixel| over(pixel, colour));
    }
}

fn blend(span: &mut [[u8; 4]], mut values: [f32; 6], step: [f32; 6], texture: &Texture) {
    for pixel in span {
        over(pixel, shade(values, texture));
        for i in 0..6 {
            values[i] += step[i];
        }
    }
}

fn over(pixel: &mut [u8; 4], colour: [f32; 4]) {
    let keep = 1.0 - colour[3] / 255.0;
    for i in 0..4 {
        pixel[i] = (colour[i] + f32::from(pixel[i]) * keep).round().clamp(0.0, 255.0) as u8;
    }
}

#[cfg(test)]
impl egui_kittest::TestRenderer for Raster {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.take(delta);
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let size = ctx.content_rect().size() * output.pixels_per_point;
        Ok(self.paint(ctx, output, [size.x as u32, size.y as u32], Color32::WHITE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Shape, pos2};

    fn picture(shapes: impl Fn(&mut Ui)) -> RgbaImage {
        screenshot(&Context::default(), [64, 64], Color32::WHITE, 2, |ui| shapes(ui))
    }

    #[test]
    fn a_half_transparent_rectangle_is_blended_once_everywhere() {
        let grey = Color32::from_rgba_premultiplied(0, 0, 0, 128);
        let rect = Rect::from_min_max(pos2(8.0, 8.0), pos2(40.0, 40.0));
        let image = picture(|ui| {
            ui.ctx().tessellation_options_mut(|o| o.feathering = false);
            ui.painter().rect_filled(rect, 0.0, grey);
        });
        for (x, y, pixel) in image.enumerate_pixels() {
            let inside = (8..40).contains(&x) && (8..40).contains(&y);
            // A seam along the diagonal would be painted twice (darker) or not at all (white).
            assert_eq!(pixel.0, if inside { [127, 127, 127, 255] } else { [255; 4] }, "at {x},{y}");
        }
    }

    #[test]
    fn a_fan_of_slivers_covers_a_disc_without_gaps() {
        let image = picture(|ui| {
            ui.painter().add(Shape::circle_filled(pos2(32.0, 32.0), 20.0, Color32::BLACK));
        });
        for (x, y, pixel) in image.enumerate_pixels() {
            let far = ((x as f32 + 0.5 - 32.0).powi(2) + (y as f32 + 0.5 - 32.0).powi(2)).sqrt();
            if far < 19.0 {
                assert_eq!(pixel.0, [0, 0, 0, 255], "hole at {x},{y}");
            } else if far > 21.5 {
                assert_eq!(pixel.0, [255; 4], "spill at {x},{y}");
            }
        }
    }

    #[test]
    fn nothing_is_painted_outside_the_clip() {
        let image = picture(|ui| {
            let clip = Rect::from_min_max(pos2(10.0, 0.0), pos2(20.0, 64.0));
            ui.painter().with_clip_rect(clip).rect_filled(Rect::EVERYTHING, 0.0, Color32::RED);
        });
        assert_eq!(image.get_pixel(9, 5).0, [255; 4]);
        assert_eq!(image.get_pixel(10, 5).0, [255, 0, 0, 255]);
        assert_eq!(image.get_pixel(20, 5).0, [255; 4]);
    }

    #[test]
    fn it_serves_as_renderer_of_the_test_harness() {
        let mut harness = egui_kittest::Harness::builder()
            .with_size(vec2(40.0, 30.0))
            .with_render_cursor(false)
            .renderer(Raster::default())
            .build_ui(|ui| {
                ui.painter().rect_filled(Rect::from_min_size(Pos2::ZERO, vec2(20.0, 30.0)), 0, Color32::BLUE);
            });
        harness.run();
        let image = harness.render().unwrap();
        assert_eq!((image.width(), image.height()), (40, 30));
        assert_eq!(image.get_pixel(5, 15).0, [0, 0, 255, 255]);
        assert_eq!(image.get_pixel(35, 15).0, [255; 4]);
    }
}
