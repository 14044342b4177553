//! `demo.json`: where everything is, for scripts; and the same for people.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::hall::{self, Hall};
use super::supervisor::Supervised;
use super::terminal::Terminal;
use crate::words::Language;
use crate::words::cli::Demo;

/// What `demo.json` holds. The keys are fixed: scripts rely on them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// Address of the centre.
    pub centre: String,
    /// A hall supervisor's token.
    pub token: String,
    /// The account that signs in to the pages.
    #[serde(default)]
    pub login: String,
    #[serde(default)]
    pub password: String,
    /// The kiosk's ledger.
    pub ledger: PathBuf,
    /// The board whose change reaches the kiosk's screen within ten seconds.
    pub board: PathBuf,
    /// Address of the kiosk's local interface.
    pub kiosk_api: String,
    pub kiosk_token: String,
}

impl Announcement {
    pub fn of(hall: &Hall, supervised: &Supervised, terminal: &Terminal) -> Ready {
        let content = Self {
            centre: supervised.url.to_string(),
            token: supervised.token.clone(),
            login: supervised.login.to_owned(),
            password: supervised.password.clone(),
            ledger: terminal.ledger.clone(),
            board: hall.board_file.clone(),
            kiosk_api: format!("http://{}", terminal.api),
            kiosk_token: terminal.api_token.clone(),
        };
        let today = hall.centre.time_zone.to_datetime(jiff::Timestamp::now()).date();
        Ready {
            content,
            file: hall.announcement.clone(),
            token_file: hall.token_file.clone(),
            password_file: hall.password_file.clone(),
            today,
        }
    }

    /// Ports of the demonstration that was announced last in this folder, for going on with them.
    pub fn ports_before(file: &Path) -> Option<(u16, u16)> {
        let before: Self = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        let port = |url: &str| url.rsplit_once(':')?.1.trim_end_matches('/').parse().ok();
        Some((port(&before.centre)?, port(&before.kiosk_api)?))
    }
}

/// An announcement that waits until all is up.
#[derive(Debug)]
pub struct Ready {
    content: Announcement,
    file: PathBuf,
    token_file: PathBuf,
    password_file: PathBuf,
    today: Date,
}

impl Ready {
    /// Writes `demo.json` and tells people.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn make(&self) -> anyhow::Result<()> {
        let mut json = serde_json::to_vec_pretty(&self.content)?;
        json.push(b'\n');
        hall::write_whole(&self.file, &json)?;
        let token_file = self.token_file.display().to_string();
        // As it was called, so that the line can be pasted.
        let program = std::env::args().next().unwrap_or_else(|| "pingyi".to_owned());
        let ask = format!(
            "PINGYI_TOKEN=\"$(cat '{token_file}')\" {program} stats --centre {} --by window --from {} --to {}",
            self.content.centre,
            self.today.saturating_sub(jiff::Span::new().days(30)),
            self.today
        );
        let mut out = std::io::stdout().lock();
        for &language in Language::ALL {
            let words = Demo(language);
            let lines = [
                words.supervisors(&self.content.centre),
                words.sign_in(&self.content.login, &self.password_file.display().to_string()),
                words.token(&token_file),
                words.board(&self.content.board.display().to_string()),
                words.kiosk(&self.content.kiosk_api),
                words.pins(),
                words.ask(&ask),
                words.end(),
            ];
            // Whoever read this may have gone; the demonstration goes on.
            let _ = writeln!(out, "\n{}", lines.join("\n"));
        }
        let _ = out.flush();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_those_that_scripts_know() {
        let announcement = Announcement {
            centre: "http://127.0.0.1:8700".into(),
            token: "t".into(),
            login: "demo".into(),
            password: "p".into(),
            ledger: "kiosk/ledger.db".into(),
            board: "board.toml".into(),
            kiosk_api: "http://127.0.0.1:8701".into(),
            kiosk_token: "k".into(),
        };
        let json = serde_json::to_value(&announcement).unwrap();
        let keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        let mut wanted = ["centre", "token", "login", "password", "ledger", "board", "kiosk_api", "kiosk_token"];
        wanted.sort_unstable();
        let mut keys = keys;
        keys.sort_unstable();
        assert_eq!(keys, wanted);
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("demo.json");
        assert_eq!(Announcement::ports_before(&file), None);
        std::fs::write(&file, json.to_string()).unwrap();
        assert_eq!(Announcement::ports_before(&file), Some((8700, 8701)));
    }
}
