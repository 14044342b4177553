//! The sample hall in the demonstration's folder: laid out once, kept afterwards.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::announcement::Announcement;
use crate::config::{CentreConfig, KioskConfig, board};
use crate::domain::board::Board;
use crate::journal::place::LEDGER_FILE;
use crate::kiosk::ui::assets;
use crate::words::Language;
use crate::words::cli::Demo;

/// Who is signed in at the start; the sample hall's clerk at window 3.
pub const STAFF_NO: &str = "0005";
/// The PIN of everybody in the sample hall.
pub const STAFF_PIN: &str = "2580";

/// Where everything of one demonstration stands.
#[derive(Debug)]
pub struct Hall {
    pub board_file: PathBuf,
    pub photos: PathBuf,
    pub centre_data: PathBuf,
    pub kiosk_data: PathBuf,
    pub enrol_code_file: PathBuf,
    pub token_file: PathBuf,
    pub password_file: PathBuf,
    pub kiosk_token_file: PathBuf,
    pub announcement: PathBuf,
    pub kiosk: KioskConfig,
    pub centre: CentreConfig,
    pub board: Board,
    /// The centre's and the local interface's, to go on with if they are free.
    pub ports_before: Option<(u16, u16)>,
    _lock: std::fs::File,
}

impl Hall {
    /// Makes the folder, for its owner only, and copies the sample board and portraits unless they are there.
    ///
    /// # Errors
    /// When the samples are not found, the folder cannot be written, or its board was edited into faults.
    pub fn prepare(folder: &Path) -> anyhow::Result<Self> {
        make_private_folder(folder)?;
        let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
        let lock = lock(&folder)?;
        let samples = samples()?;
        let (board_file, photos) = (folder.join("board.toml"), folder.join("photos"));
        let is_new = !board_file.exists();
        say_which(&folder, is_new);
        if is_new {
            copy_photos(&samples.join("photos"), &photos)?;
            // Last, since its presence says that the rest is there.
            copy_whole(&samples.join("board.toml"), &board_file)?;
        }
        let board = board::load(&board_file, Some(&photos))?;
        let (kiosk, centre) = (KioskConfig::load(&samples)?, CentreConfig::load(&samples)?);
        if board.window(&kiosk.window).is_none() {
            bail!("{}: the demonstration's kiosk stands at window {}, keep it", board_file.display(), kiosk.window)
        }
        let announcement = folder.join("demo.json");
        let ports_before = Announcement::ports_before(&announcement);
        // From here on nobody may take an announcement of an earlier run for this one's.
        remove(&announcement)?;
        Ok(Self {
            ports_before,
            _lock: lock,
            centre_data: folder.join("centre"),
            kiosk_data: folder.join("kiosk"),
            enrol_code_file: folder.join("enrol-code"),
            token_file: folder.join("supervisor-token"),
            password_file: folder.join("supervisor-password"),
            kiosk_token_file: folder.join("kiosk-token"),
            announcement,
            board_file,
            photos,
            kiosk,
            centre,
            board,
        })
    }

    pub fn ledger(&self) -> PathBuf {
        self.kiosk_data.join(LEDGER_FILE)
    }
}

/// A file whose content a reader never sees by halves.
///
/// # Errors
/// When the file cannot be written.
pub fn write_whole(file: &Path, content: &[u8]) -> anyhow::Result<()> {
    use std::io::Write as _;
    let work = || -> std::io::Result<()> {
        let draft = file.with_extension("new");
        let mut options = std::fs::File::options();
        options.write(true).create(true).truncate(true);
        // Tokens are for the owner's eyes.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut open = options.open(&draft)?;
        open.write_all(content)?;
        open.sync_all()?;
        std::fs::rename(&draft, file)
    };
    work().with_context(|| format!("{} cannot be written", file.display()))
}

fn say_which(folder: &Path, is_new: bool) {
    let folder = folder.display().to_string();
    for &language in Language::ALL {
        let words = Demo(language);
        eprintln!("{}", if is_new { words.first_start(&folder) } else { words.again(&folder) });
    }
}

/// The samples that ship, beside the fonts.
fn samples() -> anyhow::Result<PathBuf> {
    let assets = assets::find(None)?;
    let samples = assets.parent().unwrap_or(Path::new(".")).join("kiosk-config");
    if !samples.join("board.toml").is_file() {
        bail!("{}: the sample configuration is not beside the assets folder", samples.display())
    }
    Ok(samples)
}

fn make_private_folder(folder: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("{} cannot be made; choose a folder with --data", folder.display()))
}

/// Takes the folder for this process.
fn lock(folder: &Path) -> anyhow::Result<std::fs::File> {
    let path = folder.join("demo.lock");
    let file = std::fs::File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.with_context(|| path.display().to_string())?;
    match crate::db::lock::acquire(&file) {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            bail!("{}: another demonstration is running here; end it, or choose --data", folder.display())
        }
        Err(std::fs::TryLockError::Error(error)) => Err(error).with_context(|| path.display().to_string()),
    }
}

fn remove(file: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| file.display().to_string())
        }
        _ => Ok(()),
    }
}

fn copy_photos(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in std::fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            copy_whole(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn copy_whole(from: &Path, to: &Path) -> anyhow::Result<()> {
    let content = std::fs::read(from).with_context(|| from.display().to_string())?;
    write_whole(to, &content)
}
