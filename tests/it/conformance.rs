//! The API keeps to its document: Schemathesis makes requests from `/api/openapi.json`, valid and invalid ones, and looks
//! for a 5xx, a status, a header or a body that the document does not name.
//!
//! `PINGYI_CASES=10000 cargo test --test it conformance -- --nocapture` runs the full count; without it fewer.
//! Needs `python3 -m venv target/conformance && target/conformance/bin/pip install -r tests/conformance/requirements.txt`.

use std::path::{Path, PathBuf};
use std::process::Command;

use pingyi::ledger::keys::DeviceKey;

use crate::command_line::pingyi;
use crate::demo::Demo;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Checks of Schemathesis. Left out: "valid data is accepted", because which hall or device exists no schema can say, and
/// "invalid data is refused", because unknown query parameters are left alone.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
     response_schema_conformance,ignored_auth,unsupported_method";
/// Cases a second, less than a busy machine makes.
const PACE: u64 = 20;
/// Roles whose answers differ; each gets its share of the cases.
const ROLES: [&str; 4] = ["hall_supervisor", "auditor", "system_admin", "device_admin"];

fn schemathesis() -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| Path::new(ROOT).join("target"), PathBuf::from);
    let program = target.join("conformance/bin/schemathesis");
    if program.is_file() {
        return Some(program);
    }
    assert!(std::env::var("PINGYI_CI").as_deref() != Ok("1"), "{} is missing", program.display());
    println!("skipped: no {}", program.display());
    None
}

#[test]
fn every_answer_is_one_that_the_document_names() {
    let Some(program) = schemathesis() else { return };
    let wanted: u64 = std::env::var("PINGYI_CASES").ok().map_or(1_000, |n| n.parse().expect("a number of cases"));
    let dir = tempfile::tempdir().unwrap();
    let demo = Demo::start(&dir.path().join("demo"));
    let mut made = 0;
    for (n, role) in ROLES.iter().enumerate() {
        let token = token_of(&demo, role, dir.path());
        made += run(&program, &demo, &token, wanted / ROLES.len() as u64, n, dir.path());
    }
    println!("{made} cases, no answer outside the document");
    assert!(made >= wanted, "{made} cases were made, {wanted} wanted");
    demo.end();
}

fn token_of(demo: &Demo, role: &str, dir: &Path) -> String {
    let file = dir.join(format!("{role}.token"));
    let added = pingyi()
        .args(["admin", "user", "add", role, "--role", role, "--token-file"])
        .arg(&file)
        .arg("--data")
        .arg(demo.folder.join("centre"))
        .output()
        .unwrap();
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    // The centre reads users again within a second or two.
    std::thread::sleep(std::time::Duration::from_secs(3));
    std::fs::read_to_string(file).unwrap().trim().to_owned()
}

/// How many cases were made; a failure tells Schemathesis' own report.
fn run(program: &Path, demo: &Demo, token: &str, share: u64, n: usize, dir: &Path) -> u64 {
    let key = demo.folder.join("kiosk/device.key");
    let seed: [u8; 32] = std::fs::read(&key).unwrap().try_into().expect("32 bytes");
    let seconds = 20.max(share / PACE);
    let output = Command::new(program)
        .current_dir(dir)
        .env("SCHEMATHESIS_HOOKS", Path::new(ROOT).join("tests/conformance/hooks.py"))
        .env("PYTHONPATH", Path::new(ROOT).join("tests/conformance"))
        .env("PINGYI_DEVICE_KEY", &key)
        .env("PINGYI_DEVICE_ID", DeviceKey::from_secret(&seed).device().to_string())
        .args(["run", &format!("{}/api/openapi.json", demo.text("centre")), "--no-color"])
        .args(["--header", &format!("Authorization: Bearer {token}"), "--checks", CHECKS])
        .args(["--phases", "examples,coverage,fuzzing", "--continue-on-failure"])
        .args(["--max-examples", &share.to_string(), "--max-time", &seconds.to_string()])
        .args(["--seed", &(2_026 + n).to_string()])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "seed {}:\n{told}\n{}", 2_026 + n, String::from_utf8_lossy(&output.stderr));
    let cases = told.lines().find_map(|line| line.trim().split_once(" generated")?.0.parse().ok());
    cases.unwrap_or_else(|| panic!("no count of cases in:\n{told}"))
}
