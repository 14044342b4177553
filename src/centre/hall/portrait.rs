//! Portraits that supervisors upload: judged by content, measured by their header, decoded under limits, turned upright,
//! scaled, and written anew without anything but pixels – no place, no camera, no name of a program survives.
//!
//! **Invariant:** bytes that came from outside are never served; what is served was encoded here.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::imageops::FilterType as Scaling;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use tokio::sync::Semaphore;

use crate::centre::by_content;
use crate::centre::site::Site;
use crate::config::picture::{Form, MIN_SIDE_PX};

/// The folder within the centre's data.
pub const FOLDER: &str = "portraits";
/// Bytes of an upload: a telephone's picture at its best.
pub const MAX_UPLOAD_BYTES: usize = 16 * 1024 * 1024;
/// Pixels of an upload, by its header.
pub const MAX_PIXELS: u64 = 64_000_000;
/// Longer sides are refused, whatever the other one is.
pub const MAX_UPLOAD_SIDE_PX: u32 = 16_384;
/// The longer side of what is kept.
pub const KEPT_SIDE_PX: u32 = 1_024;
/// Memory of a decoder beyond the picture itself.
const DECODER_BYTES: u64 = 512 * 1024 * 1024;
const JPEG_QUALITY: u8 = 88;

/// Whoever prepares or erases portraits holds it.
pub(in crate::centre) static TURN: Semaphore = Semaphore::const_new(1);

/// A portrait ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portrait {
    /// By content: `3f…a9.jpg`.
    pub name: String,
    pub form: Form,
    pub width_px: u32,
    pub height_px: u32,
    pub bytes: Vec<u8>,
}

/// Why an upload is no portrait.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortraitFault {
    #[error("has {found} bytes, at most {MAX_UPLOAD_BYTES} are allowed")]
    TooBig { found: usize },
    #[error("is no PNG or JPEG picture")]
    Form,
    #[error("has {width}×{height} pixels; at most {MAX_PIXELS} in all and {MAX_UPLOAD_SIDE_PX} a side are decoded")]
    TooManyPixels { width: u32, height: u32 },
    #[error("has {width}×{height} pixels; scaled, the shorter side must have {MIN_SIDE_PX}")]
    TooSmall { width: u32, height: u32 },
    #[error("is cut off or damaged")]
    Damaged,
}

impl Portrait {
    /// Makes a portrait of an upload. Takes up to a second and 400 MB: run it off the threads that serve, one at a time.
    ///
    /// # Errors
    /// [`PortraitFault`]
    pub fn prepare(upload: &[u8]) -> Result<Self, PortraitFault> {
        Self::scaled(upload, KEPT_SIDE_PX)
    }

    /// The same for other pictures, of which the longer side keeps `side_px` at most.
    ///
    /// # Errors
    /// [`PortraitFault`]
    pub fn scaled(upload: &[u8], side_px: u32) -> Result<Self, PortraitFault> {
        let form = judged(upload)?;
        let whole = decoded(upload, form)?;
        let (width, height) = (whole.width(), whole.height());
        let kept = match width.max(height) {
            long if long > side_px => whole.resize(side_px, side_px, Scaling::CatmullRom),
            _ => whole,
        };
        if kept.width().min(kept.height()) < MIN_SIDE_PX {
            return Err(PortraitFault::TooSmall { width, height });
        }
        let (form, bytes) = encoded(&kept)?;
        let suffix = if form == Form::Png { "png" } else { "jpg" };
        let name = by_content::name(&bytes, suffix);
        Ok(Self { name, form, width_px: kept.width(), height_px: kept.height(), bytes })
    }

    /// Writes it into the folder, whole or not at all. What is there under this name already is the same.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn keep(&self, folder: &Path) -> std::io::Result<()> {
        by_content::keep(folder, &self.name, &self.bytes)
    }
}

/// Where a portrait that was uploaded stands; none for names of other pictures.
pub fn file(folder: &Path, name: &str) -> Option<PathBuf> {
    by_content::path(folder, name, &["png", "jpg"])
}

/// Erases a portrait that no card shows any more: nobody's picture is kept for longer than it is needed.
pub(super) async fn erase_unless_shown(site: &Site, name: Option<String>) {
    let path = name.and_then(|name| {
        let boards = site.boards.get();
        let is_shown = boards.halls().any(|(_, h)| h.hall.staff.iter().any(|s| s.value.photo.as_ref() == Some(&name)));
        file(&site.settings.portraits, &name).filter(|_| !is_shown)
    });
    let Some(path) = path else { return };
    let erased = tokio::task::spawn_blocking(move || std::fs::remove_file(path)).await;
    if !matches!(erased, Ok(Ok(()))) {
        tracing::warn!("a portrait that nobody shows could not be erased");
    }
}

/// What can be said before anything is decoded.
fn judged(upload: &[u8]) -> Result<Form, PortraitFault> {
    if upload.len() > MAX_UPLOAD_BYTES {
        return Err(PortraitFault::TooBig { found: upload.len() });
    }
    let (form, format) = match image::guess_format(upload) {
        Ok(ImageFormat::Png) => (Form::Png, ImageFormat::Png),
        Ok(ImageFormat::Jpeg) => (Form::Jpeg, ImageFormat::Jpeg),
        _ => return Err(PortraitFault::Form),
    };
    let mut header = ImageReader::with_format(Cursor::new(upload), format);
    // The size is judged here, so that the message can name it.
    header.no_limits();
    let (width, height) = header.into_dimensions().map_err(|_| PortraitFault::Damaged)?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS || width.max(height) > MAX_UPLOAD_SIDE_PX {
        return Err(PortraitFault::TooManyPixels { width, height });
    }
    if form == Form::Jpeg && !has_end(upload) {
        return Err(PortraitFault::Damaged);
    }
    Ok(form)
}

fn decoded(upload: &[u8], form: Form) -> Result<DynamicImage, PortraitFault> {
    let damaged = |_| PortraitFault::Damaged;
    let mut limits = Limits::no_limits();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_UPLOAD_SIDE_PX), Some(MAX_UPLOAD_SIDE_PX));
    limits.max_alloc = Some(DECODER_BYTES);
    let (mut picture, orientation) = match form {
        Form::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(upload), limits).map_err(damaged)?;
            finish(decoder)?
        }
        Form::Jpeg => {
            let mut decoder = JpegDecoder::new(Cursor::new(upload)).map_err(damaged)?;
            decoder.set_limits(limits).map_err(damaged)?;
            finish(decoder)?
        }
    };
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn finish(mut decoder: impl ImageDecoder) -> Result<(DynamicImage, Orientation), PortraitFault> {
    // A camera's own data may be damaged without the picture being so.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| PortraitFault::Damaged)?;
    Ok((picture, orientation))
}

/// PNG where something is transparent, else JPEG; eight bits a colour, nothing but pixels.
fn encoded(picture: &DynamicImage) -> Result<(Form, Vec<u8>), PortraitFault> {
    let mut out = Vec::new();
    let damaged = |_| PortraitFault::Damaged;
    let rgba = picture.color().has_alpha().then(|| picture.to_rgba8());
    if let Some(rgba) = rgba.filter(|p| p.pixels().any(|pixel| pixel.0[3] < u8::MAX)) {
        let encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Best, FilterType::Adaptive);
        rgba.write_with_encoder(encoder).map_err(damaged)?;
        return Ok((Form::Png, out));
    }
    picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)).map_err(damaged)?;
    Ok((Form::Jpeg, out))
}

/// True if a JPEG's own end marker is there: decoders fill up with grey what is cut off.
fn has_end(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let Some(found) = jpeg.get(at..).and_then(|rest| rest.iter().position(|&b| b == 0xFF)) {
        at += found;
        let Some(&marker) = jpeg.get(at + 1) else { return false };
        match marker {
            0xD9 => return true,
            // Fill bytes.
            0xFF => at += 1,
            // Within the picture's own data: an escaped byte, or the start of the next interval.
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            _ => match jpeg.get(at + 2..at + 4) {
                Some(&[high, low]) => at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2),
                _ => return false,
            },
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    /// Left half red, right half blue.
    fn halves(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) }).into()
    }

    fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    /// A telephone's JPEG: turned by `orientation`, with a place and a maker in its EXIF.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut tiff = b"MM\0*\0\0\0\x08\0\x03".to_vec();
        tiff.extend(b"\x01\x0f\0\x02\0\0\0\x08\0\0\0\x32"); // Make, at 50
        tiff.extend([1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
        tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x3a"); // GPS, at 58
        tiff.extend(b"\0\0\0\0ACME-CAM");
        tiff.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0GPS-SECRET");
        let mut out = jpeg[..2].to_vec();
        out.extend([0xFF, 0xE1]);
        out.extend((u16::try_from(tiff.len()).unwrap() + 8).to_be_bytes());
        out.extend(b"Exif\0\0");
        out.extend(&tiff);
        out.extend(&jpeg[2..]);
        out
    }

    fn contains(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|w| w == part)
    }

    #[test]
    fn a_telephones_picture_is_turned_upright_scaled_and_forgets_where_it_was_taken() {
        let upload = with_exif(&written(&halves(2_000, 1_500), ImageFormat::Jpeg), 6);
        assert!(contains(&upload, b"GPS-SECRET") && contains(&upload, b"ACME-CAM"));
        let portrait = Portrait::prepare(&upload).unwrap();
        assert_eq!((portrait.form, portrait.width_px, portrait.height_px), (Form::Jpeg, 768, 1_024));
        assert!(!contains(&portrait.bytes, b"Exif") && !contains(&portrait.bytes, b"SECRET"));
        // Turned clockwise, what was left is on top.
        let seen = image::load_from_memory(&portrait.bytes).unwrap().to_rgb8();
        let (top, bottom) = (seen.get_pixel(384, 100).0, seen.get_pixel(384, 900).0);
        assert!(top[0] > 150 && top[2] < 60 && bottom[2] > 150 && bottom[0] < 60, "{top:?} {bottom:?}");
        assert!(crate::config::picture::Picture::measure(portrait.bytes.clone()).is_ok(), "kiosks take it");
        assert!(crate::config::rules::is_photo_name(&portrait.name));
    }

    #[test]
    fn the_same_picture_has_the_same_name_and_nothing_transparent_becomes_black() {
        let clear = RgbaImage::from_fn(200, 300, |x, _| Rgba([9, 9, 9, if x < 100 { 0 } else { 255 }]));
        let first = Portrait::prepare(&written(&clear.clone().into(), ImageFormat::Png)).unwrap();
        assert_eq!((first.form, first.width_px, first.height_px), (Form::Png, 200, 300));
        assert_eq!(Portrait::prepare(&written(&clear.into(), ImageFormat::Png)).unwrap(), first);
        let opaque = RgbaImage::from_pixel(200, 300, Rgba([9, 9, 9, 255]));
        assert_eq!(Portrait::prepare(&written(&opaque.into(), ImageFormat::Png)).unwrap().form, Form::Jpeg);
    }

    #[test]
    fn bombs_are_refused_by_their_header() {
        for (width, height) in [(60_000_u32, 60_000_u32), (16_385, 100), (10_000, 10_000)] {
            let mut bomb = written(&halves(100, 100), ImageFormat::Png);
            bomb[16..20].copy_from_slice(&width.to_be_bytes());
            bomb[20..24].copy_from_slice(&height.to_be_bytes());
            let crc = crc32(&bomb[12..29]);
            bomb[29..33].copy_from_slice(&crc.to_be_bytes());
            assert_eq!(Portrait::prepare(&bomb), Err(PortraitFault::TooManyPixels { width, height }));
        }
        let big = vec![0xFF; MAX_UPLOAD_BYTES + 1];
        assert_eq!(Portrait::prepare(&big), Err(PortraitFault::TooBig { found: MAX_UPLOAD_BYTES + 1 }));
    }

    #[test]
    fn only_whole_png_and_jpeg_pictures_are_taken() {
        let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
        for other in [&svg[..], b"GIF89a\x01\0\x01\0", b"RIFF\0\0\0\0WEBPVP8 ", b"\0\0\0\x18ftypheic", b"%PDF-1.7", b""]
        {
            assert_eq!(Portrait::prepare(other), Err(PortraitFault::Form));
        }
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let noise = RgbImage::from_fn(300, 300, |x, y| Rgb([x as u8, y as u8, (x * y) as u8]));
            let whole = written(&noise.into(), format);
            assert!(Portrait::prepare(&whole).is_ok());
            for kept in [whole.len() * 9 / 10, whole.len() / 2, 60, 20] {
                let cut = Portrait::prepare(&whole[..kept]);
                assert_eq!(cut, Err(PortraitFault::Damaged), "{format:?} cut at {kept}");
            }
        }
        let thin = written(&halves(4_000, 100), ImageFormat::Png);
        assert_eq!(Portrait::prepare(&thin), Err(PortraitFault::TooSmall { width: 4_000, height: 100 }));
    }

    #[test]
    fn a_portrait_is_kept_under_its_name_and_no_other_file_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join(FOLDER);
        let portrait = Portrait::prepare(&written(&halves(100, 120), ImageFormat::Png)).unwrap();
        portrait.keep(&folder).unwrap();
        portrait.keep(&folder).unwrap();
        assert_eq!(std::fs::read(file(&folder, &portrait.name).unwrap()).unwrap(), portrait.bytes);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "no draft is left");
        for foreign in ["0005.png", "../centre.key", "0123456789abcdef0123456789abcdef.gif", ""] {
            assert_eq!(file(&folder, foreign), None, "{foreign}");
        }
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, &b| {
            (0..8).fold(crc ^ u32::from(b), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
        })
    }
}
