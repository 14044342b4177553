//! The binary as a shell meets it.

use std::process::{Command, Output};

/// The binary under test.
pub fn pingyi() -> Command {
    Command::new(env!("CARGO_BIN_EXE_pingyi"))
}

fn run(args: &[&str]) -> (Output, String) {
    let output = pingyi().args(args).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output, text)
}

#[test]
fn help_lists_every_subcommand_of_the_features_built_in() {
    let (output, text) = run(&["--help"]);
    assert!(output.status.success());
    let mut wanted = vec!["check", "stats", "verify"];
    if cfg!(feature = "kiosk") {
        wanted.push("kiosk");
    }
    if cfg!(feature = "centre") {
        wanted.extend(["centre", "admin"]);
    }
    if cfg!(all(feature = "kiosk", feature = "centre")) {
        wanted.extend(["demo", "simulate"]);
    }
    for name in wanted {
        assert!(text.lines().any(|l| l.trim_start().starts_with(name)), "{name} is not in:\n{text}");
    }
}

#[test]
fn an_unknown_subcommand_is_a_usage_error() {
    assert_eq!(run(&["praise"]).0.status.code(), Some(2));
}
