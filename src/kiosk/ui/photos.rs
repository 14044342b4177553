//! Portraits: read and decoded by one worker, made into a texture once, a silhouette until then.
//!
//! **Architecture invariant:** the UI thread never opens a file and never decodes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use egui::{ColorImage, Context, TextureHandle, TextureOptions};
use image::imageops::FilterType;
use image::{ImageError, ImageReader, Limits};

use crate::config::picture::{Form, MAX_SIDE_PX, Picture, PictureFault};

/// Pictures that wait for the worker; more are asked for again in a later frame.
const MAX_WAITING: usize = 8;
/// Textures kept; the one unused for longest goes first.
const MAX_KEPT: usize = 24;

/// Memory that decoding one picture may take.
const MAX_DECODED_BYTES: u64 = 32 * 1024 * 1024;

/// Turns a file into pixels of at most the given sides, or says no; see [`decode`]. It runs on the worker.
pub type Decode = fn(&Path, [u32; 2]) -> Option<ColorImage>;

/// The portraits of one kiosk.
pub struct Photos {
    known: HashMap<PathBuf, Entry>,
    orders: Option<SyncSender<Order>>,
    results: Receiver<(PathBuf, Option<ColorImage>)>,
    worker: Option<JoinHandle<()>>,
    frame: u64,
}

struct Entry {
    state: State,
    last_used: u64,
}

enum State {
    Waiting,
    Ready(TextureHandle),
    /// Missing, refused or broken; not asked for again until [`Photos::forget`].
    Missing,
}

struct Order {
    path: PathBuf,
    most: [u32; 2],
    ctx: Context,
}

impl Photos {
    /// Starts the worker.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn new(decode: Decode) -> std::io::Result<Self> {
        let (orders, inbox) = sync_channel::<Order>(MAX_WAITING);
        let (outbox, results) = sync_channel(MAX_WAITING);
        let worker = std::thread::Builder::new().name("photos".into()).spawn(move || {
            for order in inbox {
                let picture = decode(&order.path, order.most);
                if outbox.send((order.path, picture)).is_err() {
                    break;
                }
                order.ctx.request_repaint();
            }
        })?;
        Ok(Self { known: HashMap::new(), orders: Some(orders), results, worker: Some(worker), frame: 0 })
    }

    /// Without a worker: only what is handed over by [`Photos::keep`]; every other portrait stays a silhouette.
    pub fn handed_over() -> Self {
        let (_, results) = sync_channel(0);
        Self { known: HashMap::new(), orders: None, results, worker: None, frame: 0 }
    }

    /// Takes the picture for `path` at once.
    pub fn keep(&mut self, ctx: &Context, path: &Path, picture: ColorImage) {
        let texture = ctx.load_texture(path.to_string_lossy(), picture, TextureOptions::LINEAR);
        self.known.insert(path.to_owned(), Entry { state: State::Ready(texture), last_used: self.frame });
        self.evict();
    }

    /// The portrait at `path`, at most `most` pixels wide and high; none while it is being read or if it cannot be.
    pub fn get(&mut self, ctx: &Context, path: &Path, most: [u32; 2]) -> Option<TextureHandle> {
        self.frame = ctx.cumulative_frame_nr();
        self.collect(ctx);
        if !self.known.contains_key(path) {
            self.order(ctx, path, most);
        }
        let entry = self.known.get_mut(path)?;
        entry.last_used = self.frame;
        match &entry.state {
            State::Ready(texture) => Some(texture.clone()),
            State::Waiting | State::Missing => None,
        }
    }

    /// Reads all of them again when asked next: the board or its pictures changed.
    pub fn forget(&mut self) {
        self.known.retain(|_, entry| matches!(entry.state, State::Waiting));
    }

    fn order(&mut self, ctx: &Context, path: &Path, most: [u32; 2]) {
        let order = Order { path: path.to_owned(), most, ctx: ctx.clone() };
        let accepted = self.orders.as_ref().is_some_and(|orders| orders.try_send(order).is_ok());
        if accepted {
            self.known.insert(path.to_owned(), Entry { state: State::Waiting, last_used: self.frame });
        }
    }

    fn collect(&mut self, ctx: &Context) {
        while let Ok((path, picture)) = self.results.try_recv() {
            let state = match picture {
                Some(picture) => {
                    self.keep(ctx, &path, picture);
                    continue;
                }
                None => State::Missing,
            };
            self.known.insert(path, Entry { state, last_used: self.frame });
            self.evict();
        }
    }

    fn evict(&mut self) {
        while self.known.len() > MAX_KEPT {
            let idle = self.known.iter().filter(|(_, entry)| !matches!(entry.state, State::Waiting));
            let Some(path) = idle.min_by_key(|(_, entry)| entry.last_used).map(|(path, _)| path.clone()) else {
                return;
            };
            self.known.remove(&path);
        }
    }
}

/// The portrait in `bytes` as [`decode`] would make it of their file.
pub fn decode_bytes(bytes: Vec<u8>, most: [u32; 2]) -> Option<ColorImage> {
    match Picture::measure(bytes).map_err(PhotoFault::from).and_then(|picture| scaled(picture, most)) {
        Ok(picture) => Some(picture),
        Err(cause) => {
            tracing::warn!(%cause, "a portrait cannot be shown");
            None
        }
    }
}

/// The portrait in `file`, at most `most` pixels wide and high. It is measured before it is decoded, and what the
/// configuration would refuse is refused here too; the log says why.
pub fn decode(file: &Path, most: [u32; 2]) -> Option<ColorImage> {
    match read(file, most) {
        Ok(picture) => Some(picture),
        Err(cause) => {
            tracing::warn!(file = %file.display(), %cause, "a portrait cannot be shown");
            None
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum PhotoFault {
    #[error(transparent)]
    Refused(#[from] PictureFault),
    #[error(transparent)]
    Broken(#[from] ImageError),
}

fn read(file: &Path, most: [u32; 2]) -> Result<ColorImage, PhotoFault> {
    scaled(Picture::read(file)?, most)
}

fn scaled(picture: Picture, most: [u32; 2]) -> Result<ColorImage, PhotoFault> {
    let format = match picture.form {
        Form::Png => image::ImageFormat::Png,
        Form::Jpeg => image::ImageFormat::Jpeg,
    };
    let mut reader = ImageReader::with_format(std::io::Cursor::new(picture.bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    reader.limits(limits);
    let mut decoded = reader.decode()?;
    if decoded.width() > most[0] || decoded.height() > most[1] {
        decoded = decoded.resize(most[0].max(1), most[1].max(1), FilterType::CatmullRom);
    }
    let rgba = decoded.into_rgba8();
    let size = [rgba.width() as usize, rgba.height() as usize];
    Ok(ColorImage::from_rgba_unmultiplied(size, rgba.as_raw()))
}

impl Drop for Photos {
    fn drop(&mut self) {
        // Without orders the worker ends; without a reader of results it does not block on them.
        self.orders = None;
        while self.results.recv().is_ok() {}
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn tiny(path: &Path, most: [u32; 2]) -> Option<ColorImage> {
        let name = path.to_string_lossy();
        (!name.contains("broken")).then(|| ColorImage::filled([most[0] as usize, 2], egui::Color32::GRAY))
    }

    /// Asks until `done`, as frames would.
    fn until(photos: &mut Photos, ctx: &Context, mut done: impl FnMut(&mut Photos) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !done(photos) {
            assert!(Instant::now() < deadline, "the worker did not answer");
            std::thread::sleep(Duration::from_millis(2));
            photos.collect(ctx);
        }
    }

    #[test]
    fn every_sample_portrait_is_read_and_scaled_without_distortion() {
        for n in 1..=16 {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("kiosk-config/photos/{n:04}.png"));
            assert!(std::fs::metadata(&file).unwrap().len() < 60_000, "{n}");
            assert_eq!(decode(&file, [324, 432]).unwrap().size, [324, 432], "{n}");
        }
    }

    #[test]
    fn large_wrong_and_missing_files_are_refused_and_small_ones_not_enlarged() {
        let dir = tempfile::tempdir().unwrap();
        let save = |name: &str, width, height| {
            let file = dir.path().join(name);
            image::RgbImage::new(width, height).save(&file).unwrap();
            file
        };
        assert_eq!(decode(&save("small.png", 90, 120), [324, 432]).unwrap().size, [90, 120]);
        assert_eq!(decode(&save("wide.jpg", 2_000, 1_000), [324, 432]).unwrap().size, [324, 162]);
        assert!(decode(&save("huge.png", MAX_SIDE_PX + 1, 100), [324, 432]).is_none());
        let broken = dir.path().join("broken.png");
        std::fs::write(&broken, &std::fs::read(save("whole.png", 300, 400)).unwrap()[..200]).unwrap();
        assert!(decode(&broken, [324, 432]).is_none());
        assert!(decode(&dir.path().join("missing.png"), [324, 432]).is_none());
    }

    #[test]
    fn a_picture_comes_later_and_its_texture_is_made_once() {
        let ctx = Context::default();
        let mut photos = Photos::new(tiny).unwrap();
        let path = Path::new("0001.png");
        assert!(photos.get(&ctx, path, [30, 40]).is_none(), "never within the same frame");
        until(&mut photos, &ctx, |photos| photos.get(&ctx, path, [30, 40]).is_some());
        let first = photos.get(&ctx, path, [30, 40]).unwrap();
        assert_eq!(first.size(), [30, 2]);
        assert_eq!(photos.get(&ctx, path, [30, 40]).unwrap().id(), first.id());
        ctx.tex_manager().write().take_delta().clear();
    }

    #[test]
    fn a_broken_picture_stays_a_silhouette_and_blocks_none() {
        let ctx = Context::default();
        let mut photos = Photos::new(tiny).unwrap();
        until(&mut photos, &ctx, |photos| {
            photos.get(&ctx, Path::new("broken.png"), [3, 4]);
            photos.get(&ctx, Path::new("good.png"), [3, 4]).is_some()
        });
        assert!(photos.get(&ctx, Path::new("broken.png"), [3, 4]).is_none());
        ctx.tex_manager().write().take_delta().clear();
    }

    #[test]
    fn a_thousand_pictures_neither_pile_up_nor_block() {
        let ctx = Context::default();
        let mut photos = Photos::new(tiny).unwrap();
        for n in 0..1_000 {
            photos.get(&ctx, Path::new(&format!("{n}.png")), [3, 4]);
            assert!(photos.known.len() <= MAX_KEPT + 2 * MAX_WAITING + 1);
        }
        let last = Path::new("again.png");
        until(&mut photos, &ctx, |photos| photos.get(&ctx, last, [3, 4]).is_some());
        ctx.tex_manager().write().take_delta().clear();
    }
}
