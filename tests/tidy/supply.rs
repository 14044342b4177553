//! What comes from outside: every dependency with its reason, licences and sources on the lists of `deny.toml`.
//!
//! Checked offline against `Cargo.lock` and what cargo has fetched. Advisories need a network: `cargo deny check advisories`.

use std::process::Command;

use crate::source::{Source, root};

pub fn reasoned_dependencies(sources: &[Source]) -> Vec<String> {
    let mut broken = Vec::new();
    for source in sources.iter().filter(|s| s.path == "Cargo.toml") {
        let (mut in_table, mut reasoned) = (false, false);
        for (n, line) in source.text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with('[') {
                in_table = line.ends_with("dependencies]");
            }
            match line.chars().next() {
                // A heading of one word is no reason.
                Some('#') => reasoned = line.split_whitespace().count() >= 4,
                None | Some('[') => reasoned = false,
                Some(_) if in_table && !reasoned => {
                    let name = line.split([' ', '=']).next().unwrap_or("");
                    broken.push(format!("{}:{}: {name} has no line of reason above it", source.path, n + 1));
                }
                Some(_) => {}
            }
        }
    }
    broken
}

pub fn licences_and_sources() -> Vec<String> {
    let policy: toml::Table = std::fs::read_to_string(root().join("deny.toml")).unwrap().parse().unwrap();
    let lock: toml::Table = std::fs::read_to_string(root().join("Cargo.lock")).unwrap().parse().unwrap();
    let mut broken = foreign_sources(&lock, &list(&policy, "sources", "allow-registry"));
    broken.extend(banned(&lock, &policy));
    let packages = packages();
    assert!(packages.len() > 100, "cargo knows only {} packages", packages.len());
    broken.extend(unlicensed(&packages, &policy));
    broken
}

fn list(policy: &toml::Table, section: &str, key: &str) -> Vec<String> {
    let values = policy.get(section).and_then(|s| s.get(key)).and_then(toml::Value::as_array);
    let values = values.unwrap_or_else(|| panic!("deny.toml has no {section}.{key}"));
    values.iter().filter_map(|v| v.as_str().or_else(|| v.get("crate")?.as_str())).map(str::to_owned).collect()
}

fn locked(lock: &toml::Table) -> impl Iterator<Item = (&str, Option<&str>, bool)> {
    let packages = lock["package"].as_array().into_iter().flatten();
    packages.map(|p| {
        let source = p.get("source").and_then(toml::Value::as_str);
        (p["name"].as_str().unwrap_or(""), source, p.get("checksum").is_some())
    })
}

fn foreign_sources(lock: &toml::Table, allowed: &[String]) -> Vec<String> {
    let known = |source: &str| allowed.iter().any(|url| source == format!("registry+{url}"));
    let foreign = locked(lock).filter(|(name, source, checksum)| match source {
        Some(source) => !known(source) || !checksum,
        None => *name != "pingyi",
    });
    foreign.map(|(name, source, _)| format!("Cargo.lock: {name} comes from {source:?}")).collect()
}

fn banned(lock: &toml::Table, policy: &toml::Table) -> Vec<String> {
    let bans = list(policy, "bans", "deny");
    let found = locked(lock).filter(|(name, ..)| bans.iter().any(|ban| ban == name));
    found.map(|(name, ..)| format!("Cargo.lock: {name} is banned by deny.toml")).collect()
}

/// Name and licence expression of every package that is built on this platform.
fn packages() -> Vec<(String, String)> {
    let host = Command::new("rustc").arg("-vV").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host.lines().find_map(|l| l.strip_prefix("host: ")).unwrap().to_owned();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments = ["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", &host];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |p: &serde_json::Value, key: &str| p[key].as_str().unwrap_or("").to_owned();
    metadata["packages"].as_array().unwrap().iter().map(|p| (text(p, "name"), text(p, "license"))).collect()
}

fn unlicensed(packages: &[(String, String)], policy: &toml::Table) -> Vec<String> {
    let allowed = list(policy, "licenses", "allow");
    let exceptions = policy["licenses"].get("exceptions").and_then(toml::Value::as_array).into_iter().flatten();
    let exceptions: Vec<(&str, Vec<String>)> = exceptions
        .map(|e| {
            let licences = e["allow"].as_array().into_iter().flatten().filter_map(toml::Value::as_str);
            (e["crate"].as_str().unwrap_or(""), licences.map(str::to_owned).collect())
        })
        .collect();
    let fits = |name: &str, licence: &str| {
        let more = exceptions.iter().filter(|(one, _)| *one == name).flat_map(|(_, licences)| licences);
        let all: Vec<&str> = allowed.iter().chain(more).map(String::as_str).collect();
        permits(licence, &all)
    };
    let wrong = packages.iter().filter(|(name, licence)| !fits(name, licence));
    wrong.map(|(name, licence)| format!("deny.toml: the licence of {name} is {licence:?}")).collect()
}

/// True if the SPDX expression can be met with the allowed licences alone.
fn permits(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = either(&words, &mut at, allowed);
    met && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = both(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= both(words, at, allowed);
    }
    met
}

fn both(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let Some(&word) = words.get(*at) else { return false };
    *at += 1;
    if word == "(" {
        let met = either(words, at, allowed);
        *at += 1;
        return met;
    }
    if words.get(*at) == Some(&"WITH") {
        let whole = words[*at - 1..*at + 2].join(" ");
        *at += 2;
        return allowed.contains(&whole.as_str());
    }
    allowed.contains(&word)
}

#[test]
fn a_dependency_without_a_reason_is_seen() {
    let slip = "[dependencies]\n# kiosk\negui = \"1\"\n";
    let mended =
        "[dependencies]\n# Draws what people press.\negui = \"1\"\neframe = \"1\"\n\n[profile.dev]\ndebug = 1\n";
    crate::catches(reasoned_dependencies, "Cargo.toml", slip, mended);
    crate::catches(reasoned_dependencies, "Cargo.toml", "[dev-dependencies]\nx = \"1\"\n", mended);
}

#[test]
fn licence_expressions_are_read_as_written() {
    let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"];
    for (expression, met) in [
        ("MIT", true),
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND Apache-2.0", true),
        ("(GPL-2.0 OR GPL-3.0) AND Apache-2.0", false),
        ("GPL-3.0 OR MIT AND Apache-2.0", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("MIT WITH LLVM-exception", false),
        ("", false),
        ("MIT MIT", false),
    ] {
        assert_eq!(permits(expression, &allowed), met, "{expression}");
    }
}

#[test]
fn a_foreign_source_a_ban_and_a_licence_are_seen() {
    let lock: toml::Table =
        "[[package]]\nname = \"pingyi\"\n[[package]]\nname = \"evil\"\nsource = \"git+https://a\"\n\
        [[package]]\nname = \"unsure\"\nsource = \"registry+https://r\"\n[[package]]\nname = \"good\"\n\
        source = \"registry+https://r\"\nchecksum = \"1\"\n"
            .parse()
            .unwrap();
    assert_eq!(foreign_sources(&lock, &["https://r".to_owned()]).len(), 2);
    let policy: toml::Table = "[bans]\ndeny = [{ crate = \"evil\" }]\n[licenses]\nallow = [\"MIT\"]\n\
        exceptions = [{ crate = \"font\", allow = [\"OFL-1.1\"] }]\n"
        .parse()
        .unwrap();
    assert_eq!(banned(&lock, &policy).len(), 1);
    let package = |name: &str, licence: &str| (name.to_owned(), licence.to_owned());
    let packages = [package("a", "MIT"), package("font", "OFL-1.1"), package("b", "OFL-1.1"), package("c", "")];
    assert_eq!(unlicensed(&packages, &policy).len(), 2);
}
