//! Portraits: read under a byte limit and measured by their header, before anything is decoded.

use std::io::{Cursor, Read};
use std::path::Path;

use image::{ImageFormat, ImageReader};

/// Bytes of a picture file.
pub const MAX_BYTES: u64 = crate::protocol::MAX_PHOTO_BYTES as u64;
/// Shorter sides than this make no portrait.
pub const MIN_SIDE_PX: u32 = 64;
/// Longer sides than this are refused.
pub const MAX_SIDE_PX: u32 = 2_048;

/// A picture file, measured and not decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub form: Form,
    pub width_px: u32,
    pub height_px: u32,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Png,
    Jpeg,
}

impl Form {
    pub fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// Why a picture is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    #[error("cannot be read: {cause}")]
    Unreadable { cause: String },
    #[error("has {found} bytes, at most {MAX_BYTES} are allowed")]
    TooBig { found: u64 },
    #[error("is no PNG or JPEG picture")]
    Form,
    #[error("has {width}×{height} pixels, each side may have {MIN_SIDE_PX} to {MAX_SIDE_PX}")]
    Size { width: u32, height: u32 },
}

impl Picture {
    /// Reads a file.
    ///
    /// # Errors
    /// [`PictureFault`]; not more than the limit was read.
    pub fn read(file: &Path) -> Result<Self, PictureFault> {
        let unreadable = |error: std::io::Error| PictureFault::Unreadable { cause: error.to_string() };
        let open = std::fs::File::open(file).map_err(unreadable)?;
        let length = open.metadata().map_err(unreadable)?.len();
        if length > MAX_BYTES {
            return Err(PictureFault::TooBig { found: length });
        }
        let mut bytes = Vec::new();
        open.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        Self::measure(bytes)
    }

    /// Takes bytes that came from elsewhere.
    ///
    /// # Errors
    /// [`PictureFault`]
    pub fn measure(bytes: Vec<u8>) -> Result<Self, PictureFault> {
        if bytes.len() as u64 > MAX_BYTES {
            return Err(PictureFault::TooBig { found: bytes.len() as u64 });
        }
        let form = match image::guess_format(&bytes) {
            Ok(ImageFormat::Png) => Form::Png,
            Ok(ImageFormat::Jpeg) => Form::Jpeg,
            _ => return Err(PictureFault::Form),
        };
        let (width, height) = size_in_header(&bytes, form)?;
        let sides = MIN_SIDE_PX..=MAX_SIDE_PX;
        if !sides.contains(&width) || !sides.contains(&height) {
            return Err(PictureFault::Size { width, height });
        }
        Ok(Self { form, width_px: width, height_px: height, bytes })
    }
}

fn size_in_header(bytes: &[u8], form: Form) -> Result<(u32, u32), PictureFault> {
    let format = match form {
        Form::Png => ImageFormat::Png,
        Form::Jpeg => ImageFormat::Jpeg,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // The size itself is judged by the caller, so that the message can name it.
    reader.no_limits();
    reader.into_dimensions().map_err(|_| PictureFault::Form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(width, height).write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    #[test]
    fn png_and_jpeg_are_measured_by_content_not_by_name() {
        let dir = tempfile::tempdir().unwrap();
        for (format, form) in [(ImageFormat::Png, Form::Png), (ImageFormat::Jpeg, Form::Jpeg)] {
            let file = dir.path().join("photo.txt");
            std::fs::write(&file, encoded(300, 400, format)).unwrap();
            let picture = Picture::read(&file).unwrap();
            assert_eq!((picture.form, picture.width_px, picture.height_px), (form, 300, 400));
        }
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        // A header of 60000 × 60000 pixels with nothing behind it: decoding would want 14 GB.
        let mut bomb = encoded(100, 100, ImageFormat::Png);
        bomb[16..20].copy_from_slice(&60_000u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&60_000u32.to_be_bytes());
        let crc = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(Picture::measure(bomb), Err(PictureFault::Size { width: 60_000, height: 60_000 }));
    }

    #[test]
    fn what_is_too_big_too_small_or_no_picture_is_named() {
        let small = encoded(10, 400, ImageFormat::Png);
        assert_eq!(Picture::measure(small), Err(PictureFault::Size { width: 10, height: 400 }));
        assert_eq!(Picture::measure(b"GIF89a".to_vec()), Err(PictureFault::Form));
        assert_eq!(Picture::measure(Vec::new()), Err(PictureFault::Form));
        assert_eq!(Picture::measure(b"\x89PNG\r\n\x1a\ngarbage".to_vec()), Err(PictureFault::Form));
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("big.png");
        std::fs::File::create(&file).unwrap().set_len(MAX_BYTES + 1).unwrap();
        assert_eq!(Picture::read(&file), Err(PictureFault::TooBig { found: MAX_BYTES + 1 }));
        assert!(matches!(Picture::read(&dir.path().join("none")), Err(PictureFault::Unreadable { .. })));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, &b| {
            (0..8).fold(crc ^ u32::from(b), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
        })
    }
}
