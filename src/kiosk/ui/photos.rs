//! Portraits: read and decoded by one worker, made into a texture once, a silhouette until then.
//!
//! **Architecture invariant:** the UI thread never opens a file and never decodes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

/// Pictures that wait for the worker; more are asked for again in a later frame.
const MAX_WAITING: usize = 8;
/// Textures kept; the one unused for longest goes first.
const MAX_KEPT: usize = 24;

/// Turns a file into pixels of at most the given sides, or says no. It runs on the worker.
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
                    State::Ready(ctx.load_texture(path.to_string_lossy(), picture, TextureOptions::LINEAR))
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
