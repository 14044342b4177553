//! `pingyi centre` and `pingyi admin` as processes.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use pingyi::domain::rating::Satisfaction;
use pingyi::protocol::EnrolAnswer;

use super::http::client;
use super::terminal::Terminal;

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config");

/// Killed when a test ends early.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn pingyi(args: &[&str], data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
    command.args(args).arg("--data").arg(data).env("PINGYI_LOG", "warn");
    command
}

fn admin(args: &[&str], data: &Path) -> Output {
    pingyi(&[&["admin"], args].concat(), data).output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap().trim().to_owned()
}

fn up(data: &Path) -> (Process, String) {
    let args = ["centre", "--config", CONFIG, "--listen", "127.0.0.1:0"];
    let mut child = pingyi(&args, data).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("centre ").expect("the address in the first line").to_owned();
    (Process(child), url)
}

fn terminate(process: &mut Process) {
    let pid = rustix::process::Pid::from_child(&process.0);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(process.0.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_centre_is_run_looked_after_copied_and_put_back_by_commands() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (mut centre, url) = up(&data);
    let second = pingyi(&["centre", "--config", CONFIG, "--listen", "127.0.0.1:0"], &data).output().unwrap();
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another centre is running"));

    let mut t = Terminal::new(3);
    let code = said(&admin(&["device", "enrol-code", "--kiosk", "K03", "--window", "W03", "--config", CONFIG], &data));
    let nowhere = admin(&["device", "enrol-code", "--kiosk", "K03", "--window", "W99", "--config", CONFIG], &data);
    assert!(!nowhere.status.success() && String::from_utf8_lossy(&nowhere.stderr).contains("W99"));
    let client = client();
    let response = client.post(format!("{url}/api/v1/enrol")).json(&t.enrol(&code)).send().await.unwrap();
    let answer: EnrolAnswer = response.json().await.unwrap();
    t.serve(Satisfaction::Satisfied);
    let batch =
        |t: &Terminal, url: &str| client.post(format!("{url}/api/v1/batches")).body(t.batch(1, t.tip.seq)).send();
    assert!(batch(&t, &url).await.unwrap().text().await.unwrap().contains("\"held\""));

    let token = dir.path().join("token");
    let file = token.to_str().unwrap();
    let add = ["user", "add", "王主任", "--role", "hall_supervisor", "--token-file", file];
    assert_eq!(said(&admin(&add, &data)), "");
    assert!(std::fs::read_to_string(&token).unwrap().starts_with("pingyi_"));
    assert!(!admin(&add, &data).status.success(), "an existing file is not overwritten");
    assert!(!admin(&["user", "add", "王主任", "--role", "auditor"], &data).status.success());
    assert!(!admin(&["user", "add", "x", "--role", "emperor"], &data).status.success());
    let people = said(&admin(&["user", "list"], &data));
    assert!(people.lines().any(|l| l == "王主任  hall_supervisor  token only, 1 tokens"), "{people}");
    assert!(people.starts_with("admin  system_admin  "), "an empty centre has somebody to begin with: {people}");
    let list = said(&admin(&["device", "list"], &data));
    assert!(list.contains("K03") && list.contains(&t.tip.device.to_string()) && !list.contains("alarm"), "{list}");

    let audit = said(&admin(&["audit"], &data));
    assert!(audit.starts_with("1 ledgers, 4 entries, 1 visits: 0 findings\n"), "{audit}");
    assert!(audit.contains(" lines of the audit log: 0 broken; "), "{audit}");
    let copy = dir.path().join("copy");
    let to = copy.to_str().unwrap();
    said(&admin(&["backup", "--to", to], &data));
    assert!(!admin(&["backup", "--to", to], &data).status.success(), "a backup overwrites nothing");
    terminate(&mut centre);

    let again = dir.path().join("again");
    assert!(!admin(&["restore", "--from", to], &data).status.success(), "a restore overwrites nothing");
    said(&admin(&["restore", "--from", to], &again));
    let (mut centre, url) = up(&again);
    t.serve(Satisfaction::Dissatisfied);
    let held: serde_json::Value = batch(&t, &url).await.unwrap().json().await.unwrap();
    let receipt: pingyi::protocol::Receipt = serde_json::from_value(held["receipt"].clone()).unwrap();
    assert!(receipt.holds(&answer.centre_key) && receipt.head() == t.tip.head());
    let device = &t.tip.device.to_string()[..8];
    said(&admin(&["device", "revoke", device], &again));
    assert!(said(&admin(&["device", "list"], &again)).contains("revoked"));
    said(&admin(&["user", "revoke", "王主任"], &again));
    let people = said(&admin(&["user", "list"], &again));
    assert!(people.contains("王主任  hall_supervisor  disabled, 0 tokens"), "{people}");
    terminate(&mut centre);
}

#[test]
fn a_missing_or_faulty_configuration_is_told_in_full() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("centre.toml"), "listen = 7\nboards = []\nwhat = 1\n").unwrap();
    let config = dir.path().to_str().unwrap();
    let output = pingyi(&["centre", "--config", config], &dir.path().join("data")).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    for key in ["listen", "boards", "what", "phone_url"] {
        assert!(text.contains(key), "{key}: {text}");
    }
    assert!(!dir.path().join("data").exists(), "nothing is made before the configuration holds");
}
