//! Who may import whom, and what pure code may not touch.

use crate::source::Source;

/// Under a module, what of ours may be imported. The longest module that fits decides.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("ledger", &["domain", "ledger"]),
    ("protocol", &["domain", "ledger", "protocol"]),
    ("words", &["domain", "ledger", "words"]),
    ("db", &["db"]),
    ("config", &["domain", "ledger", "protocol", "words", "config"]),
    ("journal", &["domain", "ledger", "protocol", "words", "db", "config", "journal"]),
    ("kiosk", &["domain", "ledger", "protocol", "words", "db", "config", "journal", "kiosk"]),
    ("kiosk::flow", &["domain", "ledger", "words", "config", "kiosk::flow"]),
    ("kiosk::screens", &["domain", "words", "kiosk::flow", "kiosk::screens", "kiosk::ui"]),
    ("kiosk::ui", &["domain", "config", "kiosk::ui"]),
    ("centre", &["domain", "ledger", "protocol", "words", "db", "config", "centre"]),
];

/// Names from outside that pure modules may not use, as written in code.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::process",
    "SystemTime::now",
    "Instant::now",
    "Zoned::now",
    "Timestamp::now",
    "rusqlite::",
    "reqwest::",
    "tokio::",
    "axum::",
    "egui::",
    "eframe::",
    "getrandom::",
];

const PURE: &[&str] = &["domain", "ledger", "protocol", "words", "kiosk::flow", "kiosk::sync"];

pub fn imports(sources: &[Source]) -> Vec<String> {
    let mut broken = Vec::new();
    for source in sources.iter().filter(|s| s.path.starts_with("src/") && s.is_rust() && !s.is_test()) {
        let module = module_of(&source.path);
        let Some((layer, allowed)) = rule_for(&module) else { continue };
        for (line, path) in imported(source.code_without_tests(), &module) {
            // `crate::` alone and items of the root (macros) are everybody's.
            let ours = ALLOWED.iter().any(|(name, _)| within(&path, name)) || within(&path, "cli");
            let parent = layer.starts_with(&format!("{path}::"));
            if ours && !parent && !allowed.iter().any(|prefix| within(&path, prefix)) {
                broken.push(format!("{}:{line}: {layer} may not import {path}", source.path));
            }
        }
    }
    broken
}

pub fn purity(sources: &[Source]) -> Vec<String> {
    let mut broken = Vec::new();
    for source in sources.iter().filter(|s| s.path.starts_with("src/") && s.is_rust() && !s.is_test()) {
        let module = module_of(&source.path);
        let Some(layer) = PURE.iter().find(|layer| within(&module, layer)) else { continue };
        for (n, line) in source.code_without_tests().lines().enumerate() {
            for name in IMPURE.iter().filter(|name| mentions(line, name)) {
                broken.push(format!("{}:{}: {layer} is pure and may not use {name}", source.path, n + 1));
            }
        }
    }
    broken
}

fn mentions(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

fn rule_for(module: &str) -> Option<&'static (&'static str, &'static [&'static str])> {
    ALLOWED.iter().filter(|(layer, _)| within(module, layer)).max_by_key(|(layer, _)| layer.len())
}

fn within(path: &str, prefix: &str) -> bool {
    path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with("::"))
}

/// `src/kiosk/flow/mod.rs` is `kiosk::flow`.
fn module_of(path: &str) -> String {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.replace('/', "::")
}

/// Every path that begins with `crate` or `super`, without `crate::`, groups in braces taken apart.
fn imported(code: &str, module: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    for (n, _) in code.match_indices("crate::").chain(code.match_indices("super::")) {
        let before = &code[..n];
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') || before.ends_with("::") {
            continue;
        }
        let line = before.matches('\n').count() + 1;
        let (mut base, mut rest) = match code[n..].strip_prefix("crate::") {
            Some(rest) => (Vec::new(), rest),
            None => (module.split("::").collect::<Vec<_>>(), &code[n..]),
        };
        while let Some(up) = rest.strip_prefix("super::") {
            base.pop();
            rest = up;
        }
        let mut paths = Vec::new();
        tree(rest, &mut base.iter().map(|s| (*s).to_owned()).collect(), &mut paths);
        out.extend(paths.into_iter().map(|path| (line, path)));
    }
    out
}

/// Reads `a::{b::c, d}` and answers how much was read.
fn tree(text: &str, base: &mut Vec<String>, out: &mut Vec<String>) -> usize {
    let depth = base.len();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let space = rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        at += space;
        if rest.starts_with('{') {
            at += 1;
            while !text[at..].trim_start().starts_with('}') && at < text.len() {
                at += tree(&text[at..], base, out);
                let skipped = text[at..].len() - text[at..].trim_start_matches([',', ' ', '\n']).len();
                at += skipped;
                if skipped == 0 && !text[at..].starts_with('}') {
                    break;
                }
            }
            at += text[at..].find('}').map_or(0, |n| n + 1);
            break;
        }
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        if length == 0 {
            out.push(base.join("::"));
            break;
        }
        base.push(rest[..length].to_owned());
        at += length;
        match text[at..].strip_prefix("::") {
            Some(_) => at += 2,
            None => {
                out.push(base.join("::"));
                break;
            }
        }
    }
    base.truncate(depth);
    at
}

#[test]
fn forbidden_imports_are_seen_in_every_spelling() {
    for (path, slip, mended) in [
        ("src/domain/a.rs", "use crate::ledger::entry;", "use crate::domain::id;"),
        ("src/domain/a.rs", "fn f() { crate::db::open(); }", "fn f() { super::id::x(); }"),
        ("src/kiosk/flow/mod.rs", "use super::journal::Journal;", "use super::flow::view;"),
        ("src/kiosk/flow/a.rs", "use super::super::journal::Journal;", "use super::view;"),
        (
            "src/kiosk/screens/a.rs",
            "use crate::{domain::id, kiosk::{flow, sync::plan}};",
            "use crate::{domain::id, kiosk::{flow, ui::text}};",
        ),
        ("src/kiosk/sync/a.rs", "use crate::centre::ingest;", "use crate::kiosk::journal;"),
        ("src/centre/a.rs", "use crate::kiosk::flow;", "use crate::protocol;"),
        ("src/db/mod.rs", "use crate::domain::id;", "use rusqlite::config;"),
        ("src/kiosk/ui/a.rs", "use crate::words::Language;", "use super::tokens;"),
        ("src/centre/a.rs", "use crate::cli::demo;", "use crate::db;"),
    ] {
        crate::catches(imports, path, slip, mended);
    }
}

#[test]
fn impure_code_in_pure_modules_is_seen() {
    for slip in [
        "let now = std::time::SystemTime::now();",
        "use rusqlite::Connection;",
        "use std::fs;",
        "fn f(x: egui::Rect) {}",
    ] {
        crate::catches(purity, "src/kiosk/flow/a.rs", slip, "// std::fs is not used\nlet t = \"egui::Rect\";");
        crate::catches(purity, "src/domain/a.rs", slip, "fn f(now: Now) {}");
    }
    assert_eq!(purity(&[Source::new("src/kiosk/journal/mod.rs", "use rusqlite::Connection;")]), Vec::<String>::new());
}
