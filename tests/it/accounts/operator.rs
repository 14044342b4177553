//! Accounts as whoever has the machine keeps them: the real program, beside a running centre and at its first start.

use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use pingyi::centre::audit;
use pingyi::centre::schema;
use pingyi::db;
use reqwest::StatusCode;

use crate::browser::{Browser, Page};
use crate::command_line::pingyi;

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config");
const CHOSEN: &str = "Regenbogen über Kohlfeld 7";

/// `pingyi centre`, ended when a test ends early, and all that it has said.
struct Centre {
    child: Child,
    said: std::path::PathBuf,
    url: String,
}

impl Centre {
    async fn up(dir: &Path, more: &[&str]) -> Self {
        let said = dir.join(format!("said-{}", std::fs::read_dir(dir).unwrap().count()));
        let file = std::fs::File::create(&said).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
        command.args(["centre", "--config", CONFIG, "--listen", "127.0.0.1:0", "--data"]).arg(dir.join("data"));
        command.args(more).env("PINGYI_LOG", "info").stdout(file.try_clone().unwrap()).stderr(file);
        let mut centre = Self { child: command.spawn().unwrap(), said, url: String::new() };
        for _ in 0..400 {
            if let Some(line) = centre.said().lines().find_map(|l| l.strip_prefix("centre ")) {
                centre.url = line.to_owned();
                return centre;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the centre does not come up: {}", centre.said());
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap()
    }

    fn stop(mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether it was done, and what was said.
fn admin(dir: &Path, args: &[&str]) -> (bool, String) {
    let output = pingyi().arg("admin").args(args).arg("--data").arg(dir.join("data")).output().unwrap();
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap().trim().to_owned())
}

/// What looks like a one-time password or a token.
fn secrets(text: &str) -> Vec<&str> {
    let alone = |l: &&str| l.len() == 24 && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    text.lines().map(str::trim).filter(|l| alone(l) || l.starts_with("pingyi_")).collect()
}

/// A running centre notices what was done beside it within seconds.
async fn enters(centre: &Centre, login: &str, password: &str, wanted: StatusCode) -> (Browser, Page) {
    for _ in 0..60 {
        let browser = Browser::new(&centre.url);
        let page = browser.enter(login, password).await;
        if page.status == wanted {
            return (browser, page);
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("{login} is not answered {wanted}");
}

/// What was handed over opens nothing but the choice of another password.
async fn chooses(browser: &Browser) {
    assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER, "not in yet");
    let page = browser.get("/sign-in?back=/account").await;
    assert!(page.text.contains("请设置自己的密码"), "{}", page.text);
    let chosen = [("password", CHOSEN), ("again", CHOSEN), ("back", "/account")];
    assert_eq!(browser.post("/sign-in/password", &chosen).await.location, "/account");
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

async fn ends(browser: &Browser) {
    for _ in 0..60 {
        if browser.get("/account").await.status == StatusCode::SEE_OTHER {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the session goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_administrators_secret_is_printed_exactly_once_and_must_be_changed() {
    let dir = tempfile::tempdir().unwrap();
    let centre = Centre::up(dir.path(), &[]).await;
    let said = centre.said();
    let [secret] = secrets(&said)[..] else { panic!("one secret, and once: {said}") };
    let secret = secret.to_owned();
    assert!(said.contains("第一次启动") && said.contains("First start"), "{said}");
    let (browser, page) = enters(&centre, "admin", &secret, StatusCode::SEE_OTHER).await;
    assert_eq!(page.location, "/sign-in?back=/account");
    chooses(&browser).await;
    assert_eq!(browser.get("/accounts").await.status, StatusCode::OK);
    let again = Browser::new(&centre.url);
    assert_eq!(again.enter("admin", &secret).await.status, StatusCode::UNAUTHORIZED, "it is spent");
    assert_eq!(centre.said().matches(&secret).count(), 1, "neither the log nor anything else says it again");
    centre.stop();
    let centre = Centre::up(dir.path(), &[]).await;
    let said = centre.said();
    assert!(secrets(&said).is_empty() && !said.contains("第一次启动"), "{said}");
    let conn = db::open(&dir.path().join("data").join(schema::FILE), &schema::SCHEMA).unwrap();
    let all: String = conn.query_row("SELECT group_concat(object || detail) FROM audit_log", [], |r| r.get(0)).unwrap();
    assert!(!all.contains(&secret) && audit::verify(&conn).unwrap().broken.is_empty());
    centre.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_secret_goes_to_a_file_of_its_owner_alone_where_one_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("first");
    let centre = Centre::up(dir.path(), &["--admin-password-file", file.to_str().unwrap()]).await;
    let secret = std::fs::read_to_string(&file).unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!centre.said().contains(secret.trim()) && secrets(&centre.said()).is_empty(), "{}", centre.said());
    let (browser, _) = enters(&centre, "admin", secret.trim(), StatusCode::SEE_OTHER).await;
    chooses(&browser).await;
    centre.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_are_added_reset_and_disabled_beside_a_running_centre() {
    let dir = tempfile::tempdir().unwrap();
    let centre = Centre::up(dir.path(), &[]).await;
    let run = |args: &[&str]| admin(dir.path(), args);
    let (ok, said) = run(&["user", "add", "wang", "--name", "王芳", "--role", "hall_supervisor", "--password"]);
    assert!(ok && secrets(&said) == [said.as_str()], "the password and nothing else: {said}");
    assert!(run(&["user", "list"]).1.contains("wang  hall_supervisor  王芳  waits for first sign-in, 0 tokens"));
    let (browser, _) = enters(&centre, "wang", &said, StatusCode::SEE_OTHER).await;
    chooses(&browser).await;

    // A reset: the session ends, the old password is worth nothing, the new one opens the choice of another.
    let (ok, reset) = run(&["user", "reset", "wang"]);
    assert!(ok && secrets(&reset) == [reset.as_str()] && reset != said, "{reset}");
    ends(&browser).await;
    assert_eq!(Browser::new(&centre.url).enter("wang", CHOSEN).await.status, StatusCode::UNAUTHORIZED);
    let (browser, _) = enters(&centre, "wang", &reset, StatusCode::SEE_OTHER).await;
    chooses(&browser).await;

    assert!(run(&["user", "disable", "wang"]).0);
    ends(&browser).await;
    enters(&centre, "wang", CHOSEN, StatusCode::UNAUTHORIZED).await;
    assert!(run(&["user", "list"]).1.contains("disabled"));
    assert!(run(&["user", "enable", "wang"]).0);
    enters(&centre, "wang", CHOSEN, StatusCode::SEE_OTHER).await;

    // What cannot be done leaves no trace: not even of the trying.
    for refused in [
        &["user", "reset", "nobody"][..],
        &["user", "disable", "admin"],
        &["user", "add", "WANG", "--role", "auditor", "--password"],
        &["user", "add", "li", "--role", "staff"],
    ] {
        let (ok, said) = run(refused);
        assert!(!ok && secrets(&said).is_empty(), "{refused:?}: {said}");
    }
    let conn = db::open(&dir.path().join("data").join(schema::FILE), &schema::SCHEMA).unwrap();
    let lines = audit::lines(&conn, &audit::Wanted::default(), 0, 1_000).unwrap();
    let acts: Vec<_> = lines.iter().rev().filter(|l| l.login == "pingyi admin").map(|l| l.act.as_str()).collect();
    assert_eq!(acts, ["account_added", "account_added", "account_reset", "account_disabled", "account_enabled"]);
    let told: String = lines.iter().map(|l| format!("{} {}\n", l.object, l.detail)).collect();
    assert!(!told.contains(&said) && !told.contains(&reset) && !told.contains("王芳"), "{told}");
    let (ok, said) = run(&["audit"]);
    assert!(ok && said.contains(": 0 broken"), "{said}");

    // A copy is a deed as well, and says so of itself.
    let copy = dir.path().join("copy");
    assert!(run(&["backup", "--to", copy.to_str().unwrap()]).0);
    let copied = db::open_read_only(&copy.join(schema::FILE), &schema::SCHEMA).unwrap();
    let last = audit::lines(&copied, &audit::Wanted::default(), 0, 1).unwrap();
    assert_eq!(last[0].act, "backup_written");
    centre.stop();
}
