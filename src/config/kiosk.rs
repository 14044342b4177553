//! `kiosk.toml`: one device at one window.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::fault::{Fault, Faults, Form, Wrong};
use super::findings::Findings;
use super::hours::{self, OpeningHours};
use super::pin::PinHash;
use super::reader::Node;
use super::{HttpUrl, ZoneName};
use crate::domain::board::Board;
use crate::domain::id::{KioskId, WindowId};
use crate::domain::rating::coded;
use crate::words::Language;

/// Everything that a kiosk is told by hand. Paths are resolved against the file's folder.
#[derive(Debug, Clone, PartialEq)]
pub struct KioskConfig {
    pub kiosk: KioskId,
    pub window: WindowId,
    /// Shown until the centre has sent a board, and for ever without a centre.
    pub board: PathBuf,
    pub photos: PathBuf,
    pub time_zone: jiff::tz::TimeZone,
    /// Opens the maintenance panel; none: it cannot be opened by PIN.
    pub admin_pin: Option<PinHash>,
    /// None: the kiosk works alone.
    pub centre: Option<CentreLink>,
    pub screen: ScreenConfig,
    pub timeouts: Timeouts,
    /// None: always open.
    pub hours: Option<OpeningHours>,
    /// None: no local interface.
    pub local_api: Option<LocalApi>,
    /// Program and arguments that play the WAV file named after them; empty: silence.
    pub chime_player: Vec<String>,
    /// Days that entries stay on the device after the centre's receipt.
    pub hold_days: u32,
}

/// How the centre is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CentreLink {
    pub url: HttpUrl,
    /// A private authority's certificates (PEM); only these are believed then.
    pub ca_file: Option<PathBuf>,
    pub proxy: Option<HttpUrl>,
    /// Holds the one-time code; not needed any more once enrolled.
    pub enrol_code_file: Option<PathBuf>,
    /// New entries wait at most so long for others to travel with.
    pub batch_seconds: u32,
    pub heartbeat_seconds: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScreenConfig {
    pub layout: ScreenLayout,
    /// The language to which the screen falls back.
    pub language: Language,
    pub theme: Theme,
    /// 适老化 from the start.
    pub senior: bool,
}

coded! {
    /// How the screen is laid out.
    ScreenLayout {
        /// By the window's size.
        Auto = "auto",
        /// 1920×1080
        Full = "full",
        /// 1080×1920
        Pillar = "pillar",
        /// 1280×800
        Wide = "wide",
        /// 1024×600
        Compact = "compact",
    }
}

coded! {
    /// A colour theme.
    Theme {
        /// 红: party red and gold on warm paper.
        Red = "red",
        /// 青: civic blue-green.
        Teal = "teal",
    }
}

/// How long screens stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Language and senior mode fall back after so long without a touch.
    pub language_seconds: u32,
    /// An invitation ends as no response.
    pub invited_seconds: u32,
    pub reasons_seconds: u32,
    pub thanks_seconds: u32,
    /// Staff and maintenance panels.
    pub panel_seconds: u32,
    /// A citizen may change their mind so long after the tap.
    pub grace_seconds: u32,
    /// The glass may be wiped so long.
    pub cleaning_seconds: u32,
    /// A QR code of a visit may be used so long.
    pub ticket_hours: u32,
}

/// Where the business system or the staff member's PC calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalApi {
    pub listen: SocketAddr,
    /// Holds the token that callers show; made with a fresh one at the first start when absent.
    pub token_file: PathBuf,
    /// Every visit is invited from here, so that a rating that nobody asked for is worth a signal.
    pub invites_every_visit: bool,
}

impl KioskConfig {
    /// Reads `kiosk.toml` in `path`, or the file `path` itself.
    ///
    /// # Errors
    /// All [`Faults`] at once.
    pub fn load(path: &Path) -> Result<Self, Faults> {
        let file = Self::file_of(path);
        super::load(&file, |node| read(node, &file), check)
    }

    /// Reads `kiosk.toml` as [`KioskConfig::load`] does, and the board and portraits that it names.
    ///
    /// # Errors
    /// All [`Faults`] of both files at once.
    pub fn load_with_board(path: &Path) -> Result<(Self, Board), Faults> {
        let file = Self::file_of(path);
        let mut board = None;
        let config = super::load(
            &file,
            |node| read(node, &file),
            |config, found| {
                check(config, found);
                if !config.board.is_file() {
                    return;
                }
                match super::board::load(&config.board, Some(&config.photos)) {
                    Ok(loaded) if loaded.window(&config.window).is_none() => {
                        let id = config.window.to_string();
                        found.report("window", Wrong::Dangling { found: id, target: "board.toml: windows" });
                    }
                    Ok(loaded) => board = Some(loaded),
                    Err(faults) => found.adopt(faults.0),
                }
            },
        )?;
        match board {
            Some(board) => Ok((config, board)),
            None => Err(Faults(vec![Fault::of_file(&config.board, Wrong::Missing)])),
        }
    }

    fn file_of(path: &Path) -> PathBuf {
        if path.is_dir() { path.join("kiosk.toml") } else { path.to_owned() }
    }
}

fn read(node: &Node<'_>, file: &Path) -> Option<KioskConfig> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let kiosk = node.parsed("kiosk", Form::Id);
    let window = node.parsed("window", Form::Id);
    let board = node.path_maybe("board").unwrap_or_else(|| folder.join("board.toml"));
    let photos = node.path_maybe("photos").unwrap_or_else(|| folder.join("photos"));
    let time_zone = node.parsed::<ZoneName>("time_zone", Form::TimeZone);
    let admin_pin = node.parsed_maybe("admin_pin_hash", Form::PinHash);
    let centre = node.section_maybe("centre", read_centre);
    let screen = node.section_or_defaults("screen", read_screen);
    let timeouts = node.section_or_defaults("timeouts", read_timeouts);
    let hours = node.section_maybe("hours", hours::read);
    let local_api = node.section_maybe("local_api", |n| read_local_api(n, folder));
    let chime_player = node.section_or_defaults("sound", |n| Some(n.lines("player", 16, 200)));
    let hold_days = node.section_or_defaults("ledger", |n| Some(small(n, "hold_days", 7, 3_650, 90)));
    Some(KioskConfig {
        kiosk: kiosk?,
        window: window?,
        board,
        photos,
        time_zone: time_zone?.0,
        admin_pin,
        centre,
        screen: screen?,
        timeouts: timeouts?,
        hours,
        local_api,
        chime_player: chime_player?,
        hold_days: hold_days?,
    })
}

fn read_centre(node: &Node<'_>) -> Option<CentreLink> {
    let url = node.parsed::<HttpUrl>("url", Form::HttpUrl);
    let allow_plain_http = node.flag("allow_plain_http", false);
    let ca_file = node.path_maybe("ca_file");
    let proxy = node.parsed_maybe("proxy", Form::Proxy);
    let enrol_code_file = node.path_maybe("enrol_code_file");
    let batch_seconds = small(node, "batch_seconds", 1, 600, 1);
    let heartbeat_seconds = small(node, "heartbeat_seconds", 2, 600, 5);
    let url = url?;
    if !url.is_encrypted() && !url.is_loopback() && !allow_plain_http {
        node.report("url", Wrong::PlainHttp { host: url.host().to_owned() });
    }
    Some(CentreLink { url, ca_file, proxy, enrol_code_file, batch_seconds, heartbeat_seconds })
}

fn read_screen(node: &Node<'_>) -> Option<ScreenConfig> {
    Some(ScreenConfig {
        layout: node.choice("layout", ScreenLayout::ALL, ScreenLayout::code, ScreenLayout::Auto),
        language: node.choice("language", Language::ALL, Language::code, Language::Zh),
        theme: node.choice("theme", Theme::ALL, Theme::code, Theme::Red),
        senior: node.flag("senior", false),
    })
}

fn read_timeouts(node: &Node<'_>) -> Option<Timeouts> {
    Some(Timeouts {
        language_seconds: small(node, "language_seconds", 20, 600, 60),
        invited_seconds: small(node, "invited_seconds", 20, 600, 60),
        reasons_seconds: small(node, "reasons_seconds", 20, 300, 45),
        thanks_seconds: small(node, "thanks_seconds", 20, 120, 20),
        panel_seconds: small(node, "panel_seconds", 20, 600, 60),
        grace_seconds: small(node, "grace_seconds", 0, 300, 60),
        cleaning_seconds: small(node, "cleaning_seconds", 10, 120, 30),
        ticket_hours: small(node, "ticket_hours", 1, 168, 48),
    })
}

fn read_local_api(node: &Node<'_>, folder: &Path) -> Option<LocalApi> {
    let listen = node.parsed("listen", Form::Address);
    let token_file = node.path_maybe("token_file").unwrap_or_else(|| folder.join("local-api-token"));
    let invites_every_visit = node.flag("invites_every_visit", false);
    Some(LocalApi { listen: listen?, token_file, invites_every_visit })
}

fn check(config: &KioskConfig, found: &Findings) {
    if let Some(ca_file) = config.centre.as_ref().and_then(|c| c.ca_file.as_ref()).filter(|path| !path.is_file()) {
        found.report("centre.ca_file", Wrong::FileMissing { path: ca_file.clone() });
    }
    if !config.board.is_file() {
        found.report("board", Wrong::FileMissing { path: config.board.clone() });
    }
}

/// A number whose bounds fit into 32 bits.
fn small(node: &Node<'_>, key: &'static str, min: u32, max: u32, default: u32) -> u32 {
    let number = node.number(key, min.into(), max.into(), default.into());
    u32::try_from(number).unwrap_or(default)
}

#[cfg(test)]
impl Timeouts {
    /// What an empty `[timeouts]` means.
    pub fn defaults() -> Self {
        let (timeouts, _) = super::reader::read_text(Path::new(""), "", read_timeouts);
        timeouts.unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(Option<u32>, String)> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("board.toml"), "").unwrap();
        std::fs::write(dir.path().join("kiosk.toml"), text).unwrap();
        let loaded = KioskConfig::load(dir.path());
        loaded.err().map_or_else(Vec::new, |f| f.0.into_iter().map(|f| (f.line, f.path)).collect())
    }

    const LEAST: &str = "kiosk = \"K1\"\nwindow = \"W1\"\ntime_zone = \"Asia/Shanghai\"\n";

    #[test]
    fn three_lines_make_a_kiosk_that_works_alone() {
        assert_eq!(faults(LEAST), []);
        assert_eq!(Timeouts::defaults().thanks_seconds, 20);
    }

    #[test]
    fn every_fault_comes_at_once() {
        let text = "kiosk = \"K1\"\nwindow = \"W 1\"\nadmin_pin_hash = \"1234\"\n[centre]\nurl = \"ftp://x\"\n\
            heartbeat_seconds = 1\n[screen]\ntheme = \"blue\"\n[hours]\nmonday = [\"09:00-12:00\", \"11:00-13:00\"]\n\
            funday = []\n[local_api]\nlisten = \"localhost\"\n";
        let found = faults(text);
        let wanted = [
            (None, "time_zone"),
            (Some(2), "window"),
            (Some(3), "admin_pin_hash"),
            (Some(5), "centre.url"),
            (Some(6), "centre.heartbeat_seconds"),
            (Some(8), "screen.theme"),
            (Some(10), "hours.monday"),
            (Some(11), "hours.funday"),
            (Some(13), "local_api.listen"),
        ];
        assert_eq!(found, wanted.map(|(line, path)| (line, path.to_owned())));
    }

    #[test]
    fn a_plain_connection_must_be_wanted_unless_it_stays_on_the_machine() {
        let with = |centre: &str| faults(&format!("{LEAST}[centre]\n{centre}\n"));
        assert_eq!(with("url = \"http://127.0.0.1:8700\""), []);
        assert_eq!(with("url = \"https://pj.example.gov.cn\""), []);
        assert_eq!(with("url = \"http://10.1.2.3\""), [(Some(5), "centre.url".to_owned())]);
        assert_eq!(with("url = \"http://10.1.2.3\"\nallow_plain_http = true"), []);
        assert_eq!(with("url = \"https://a\"\nca_file = \"none.pem\""), [(Some(6), "centre.ca_file".to_owned())]);
    }
}
