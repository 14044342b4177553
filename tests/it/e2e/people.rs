//! People who sign in to the centre of a running demonstration with a browser.

use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use super::webdriver::Browser;
use crate::demo::Demo;

/// What everybody chooses at their first sign-in.
pub const CHOSEN: &str = "9#kV-tulpe-Regen";

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Person {
    pub login: String,
    pub password: String,
}

impl Person {
    /// The supervisor of the demonstration.
    pub fn supervisor(demo: &Demo) -> Self {
        Self { login: demo.text("login").to_owned(), password: demo.text("password").to_owned() }
    }

    /// Adds an account with a one-time password.
    pub fn added(demo: &Demo, role: &str, dir: &Path) -> Self {
        Self::added_to(&demo.folder.join("centre"), role, dir)
    }

    /// The same for the centre that keeps its data in `data`; `dir` holds the password's file.
    pub fn added_to(data: &Path, role: &str, dir: &Path) -> Self {
        let file = dir.join(format!("{role}.password"));
        let _ = std::fs::remove_file(&file);
        let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
        command.args(["admin", "user", "add", role, "--role", role, "--password-file"]).arg(&file);
        if role == "staff" {
            command.args(["--staff-no", "0005"]);
        }
        let output = command.arg("--data").arg(data).output().expect("pingyi admin");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let password = std::fs::read_to_string(&file).expect("the password's file").trim().to_owned();
        Self { login: role.to_owned(), password }
    }

    /// Signs in at `url`: chooses a password and sets up a second factor where that is asked for. The second factor, if
    /// one was set up.
    pub fn sign_in(&mut self, browser: &Browser, url: &str) -> Option<Factor> {
        self.enter(browser, url);
        if is_at(browser, "/sign-in/password") {
            browser.type_into("input[name=password]", CHOSEN);
            browser.type_into("input[name=again]", CHOSEN);
            browser.follow("main button[type=submit]");
            CHOSEN.clone_into(&mut self.password);
        }
        let factor = is_at(browser, "/sign-in/second-factor").then(|| set_up_factor(browser));
        assert!(browser.find_all("form[action='/sign-in']").is_empty(), "not signed in: {}", browser.text());
        factor
    }

    /// Types account and password, and sends them; what is asked next is on the page then.
    pub fn enter(&self, browser: &Browser, url: &str) {
        browser.go(&format!("{url}/sign-in"));
        browser.type_into("input[name=login]", &self.login);
        browser.type_into("input[name=password]", &self.password);
        browser.follow("main button[type=submit]");
    }

    /// Signs in with password and a code: of the app, or one that was kept for the day when the app is lost.
    #[track_caller]
    pub fn sign_in_with(&self, browser: &Browser, url: &str, code: &str) {
        self.enter(browser, url);
        assert!(is_at(browser, "/sign-in/code"), "no code is asked for: {}", browser.text());
        browser.type_into("input[name=code]", code);
        browser.follow("main form button[type=submit]");
        assert!(!browser.address().contains("/sign-in"), "not signed in: {}", browser.text());
    }
}

/// What an app on a phone and a sheet of paper keep.
#[derive(Debug, Clone)]
pub struct Factor {
    /// In base 32, as the page shows it.
    pub secret: String,
    /// Each opens once.
    pub recovery: Vec<String>,
}

/// Reads the secret off the page, answers with its code, reads the recovery codes and leaves their page.
pub fn set_up_factor(browser: &Browser) -> Factor {
    let shown = browser.run("return document.querySelector('code.secret').textContent");
    let secret = shown.as_str().expect("the secret in words").replace(' ', "");
    browser.type_into("input[name=code]", &code(&secret, 0));
    browser.follow("main form button[type=submit]");
    let codes = browser.run("return [...document.querySelectorAll('ul.codes li')].map(li => li.textContent.trim())");
    let recovery: Vec<String> =
        codes.as_array().expect("a list").iter().filter_map(|c| c.as_str().map(str::to_owned)).collect();
    assert_eq!(recovery.len(), 10, "recovery codes are shown: {}", browser.text());
    browser.follow("main a.button");
    Factor { secret, recovery }
}

/// The code of this half minute, or of one `ahead`: each is taken once, and the next one already.
pub fn code(secret: &str, ahead: u64) -> String {
    let key = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).expect("base 32");
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    rfc6238(&key, seconds / 30 + ahead)
}

/// Written out from the RFC, so that it is not the program's own library that answers itself.
fn rfc6238(key: &[u8], step: u64) -> String {
    let mac =
        ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), &step.to_be_bytes());
    let mac = mac.as_ref();
    let at = usize::from(mac[19] & 15);
    let word = u32::from_be_bytes([mac[at], mac[at + 1], mac[at + 2], mac[at + 3]]) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

fn is_at(browser: &Browser, action: &str) -> bool {
    !browser.find_all(&format!("form[action='{action}']")).is_empty()
}

#[test]
fn the_code_is_that_of_the_rfc() {
    // RFC 6238, appendix B, of eight digits the last six.
    assert_eq!(rfc6238(b"12345678901234567890", 59 / 30), "287082");
    assert_eq!(rfc6238(b"12345678901234567890", 1_111_111_109 / 30), "081804");
}
