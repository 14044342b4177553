//! Portraits come from people: the size is checked before anything is decoded, and what is too large is refused.

use std::path::Path;

use egui::ColorImage;
use image::{ImageReader, Limits};

/// Sides of a picture that is still read.
const MAX_SIDE_PX: u32 = 4096;
/// Memory that decoding may take.
const MAX_BYTES: u64 = 96 * 1024 * 1024;

/// The picture at `path`, at most `most` pixels wide and high; none if it is missing, broken or too large.
pub fn decode(path: &Path, most: [u32; 2]) -> Option<ColorImage> {
    match read(path, most) {
        Ok(picture) => Some(picture),
        Err(cause) => {
            tracing::warn!(file = %path.display(), %cause, "a portrait cannot be shown");
            None
        }
    }
}

fn read(path: &Path, most: [u32; 2]) -> Result<ColorImage, image::ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_BYTES);
    let mut reader = ImageReader::open(path)?.with_guessed_format()?;
    reader.limits(limits);
    let picture = reader.decode()?;
    let picture = if picture.width() > most[0] || picture.height() > most[1] {
        picture.thumbnail(most[0], most[1])
    } else {
        picture
    };
    let rgba = picture.into_rgba8();
    let size = [rgba.width() as usize, rgba.height() as usize];
    Ok(ColorImage::from_rgba_unmultiplied(size, rgba.as_raw()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(width: u32, height: u32) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("0001.png");
        image::RgbaImage::from_pixel(width, height, image::Rgba([200, 10, 10, 255])).save(&path).unwrap();
        (dir, path)
    }

    #[test]
    fn a_large_portrait_is_made_smaller_and_keeps_its_shape() {
        let (_dir, path) = saved(900, 1200);
        let picture = decode(&path, [300, 300]).unwrap();
        assert_eq!(picture.size, [225, 300]);
        assert_eq!(picture.pixels[0], egui::Color32::from_rgb(200, 10, 10));
    }

    #[test]
    fn a_gigantic_broken_or_missing_picture_is_refused() {
        let (_dir, path) = saved(MAX_SIDE_PX + 1, 1);
        assert!(decode(&path, [300, 300]).is_none());
        std::fs::write(&path, b"\x89PNG\r\n\x1a\nrubbish").unwrap();
        assert!(decode(&path, [300, 300]).is_none());
        assert!(decode(Path::new("no/such.png"), [300, 300]).is_none());
    }
}
