//! Sizes, bans and habits of a file.

use crate::source::Source;

const MAX_FILE_LINES: usize = 400;
const MAX_FUNCTION_LINES: usize = 70;

fn rust(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|s| s.is_rust())
}

pub fn small_files(sources: &[Source]) -> Vec<String> {
    let lines = |s: &Source| s.text.lines().count();
    let long = rust(sources).filter(|s| lines(s) > MAX_FILE_LINES);
    long.map(|s| format!("{}: {} lines, at most {MAX_FILE_LINES}", s.path, lines(s))).collect()
}

pub fn small_functions(sources: &[Source]) -> Vec<String> {
    let mut broken = Vec::new();
    for source in rust(sources) {
        for (line, name, length) in functions(&source.code) {
            if length > MAX_FUNCTION_LINES {
                broken.push(format!("{}:{line}: {name} has {length} lines, at most {MAX_FUNCTION_LINES}", source.path));
            }
        }
    }
    broken
}

/// First line, name and length in lines of every function with a body.
fn functions(code: &str) -> Vec<(usize, String, usize)> {
    let mut out = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let name: String = code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let Some(open) = body_of(&code[at..]).filter(|_| !name.is_empty()) else { continue };
        let mut depth = 0;
        let body = &code[at + open..];
        let end = body.char_indices().find_map(|(i, c)| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            (depth == 0).then_some(i)
        });
        let whole = &code[at..at + open + end.unwrap_or(body.len())];
        out.push((code[..at].matches('\n').count() + 1, name, whole.matches('\n').count() + 1));
    }
    out
}

/// Where the body opens; none for a declaration. A `;` within brackets belongs to a type.
fn body_of(code: &str) -> Option<usize> {
    let mut depth = 0;
    for (i, c) in code.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return Some(i),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

pub fn documented(sources: &[Source]) -> Vec<String> {
    let silent = rust(sources).filter(|s| !s.text.starts_with("//! "));
    silent.map(|s| format!("{}: does not begin with //! and what it is for", s.path)).collect()
}

pub fn finished(sources: &[Source]) -> Vec<String> {
    let mut broken = Vec::new();
    // Built of parts, so that this list does not find itself.
    let left = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!"));
    let stub = ["still being", "built"].join(" ");
    for source in rust(sources) {
        for (n, line) in source.code.lines().enumerate() {
            for name in left.iter().filter(|name| line.contains(name.as_str())) {
                broken.push(format!("{}:{}: {name} is left", source.path, n + 1));
            }
        }
        for (line, _) in source.texts.iter().filter(|(_, text)| text.contains(&stub)) {
            broken.push(format!("{}:{line}: a stub is left", source.path));
        }
    }
    broken
}

/// Names that say nothing.
pub fn named(sources: &[Source]) -> Vec<String> {
    let banned = ["util", "utils", "manager", "helper", "helpers", "misc"];
    let is_banned = |name: &str| {
        let mut words = Vec::new();
        for c in name.chars() {
            if c.is_uppercase() || c == '_' || words.is_empty() {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase().filter(|c| *c != '_'));
            }
        }
        words.iter().any(|word| banned.contains(&word.as_str()))
    };
    let mut broken = Vec::new();
    for source in rust(sources) {
        if source.path.split(['/', '.']).any(is_banned) {
            broken.push(format!("{}: the file's name says nothing", source.path));
        }
        for (n, line) in source.code.lines().enumerate() {
            let words: Vec<&str> = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
            for pair in words.windows(2) {
                let names = ["mod", "struct", "enum", "trait", "fn", "type"].contains(&pair[0]);
                if names && is_banned(pair[1]) {
                    broken.push(format!("{}:{}: {} says nothing", source.path, n + 1, pair[1]));
                }
            }
        }
    }
    broken
}

pub fn reasoned_allowances(sources: &[Source]) -> Vec<String> {
    let mut broken = Vec::new();
    for source in rust(sources) {
        let lines: Vec<&str> = source.text.lines().collect();
        for (n, line) in source.code.lines().enumerate() {
            if !["#[allow(", "#![allow(", "#[expect(", "#![expect("].iter().any(|a| line.trim_start().starts_with(a)) {
                continue;
            }
            let attribute: String = lines[n..].iter().take(6).copied().collect();
            let attribute = attribute.split(")]").next().unwrap_or("");
            let before = n > 0 && lines[n - 1].trim_start().starts_with("//") && !lines[n - 1].contains("///");
            if !attribute.contains("reason =") && !lines[n].contains("//") && !before {
                broken.push(format!("{}:{}: an allowance without a reason", source.path, n + 1));
            }
        }
    }
    broken
}

pub fn nowhere_in_particular(sources: &[Source]) -> Vec<String> {
    // Built of parts, so that this list does not find itself.
    let places =
        [["/wo", "rk/"], ["/ho", "me/"], ["/ro", "ot/"], ["index.crates", ".io"], ["/Us", "ers/"]].map(|p| p.concat());
    let mut broken = Vec::new();
    for source in sources {
        for (n, line) in source.text.lines().enumerate() {
            for place in places.iter().filter(|place| line.contains(place.as_str())) {
                broken.push(format!("{}:{}: names {place}", source.path, n + 1));
            }
        }
    }
    broken
}

#[test]
fn long_files_and_functions_are_seen() {
    let line = "//! x\n";
    crate::catches(small_files, "src/a.rs", &line.repeat(401), &line.repeat(400));
    let function = |n: usize| format!("fn a<T>(b: [u8; 3]) -> u8 {{\n{}}}\n", "  f('{', \"}\"); // }\n".repeat(n - 2));
    crate::catches(small_functions, "src/a.rs", &function(71), &function(70));
    // A declaration without a body does not swallow what follows.
    let declared = format!("trait T {{ fn a(); }}\n{}", "//\n".repeat(100));
    assert_eq!(small_functions(&[Source::new("src/a.rs", &declared)]), Vec::<String>::new());
}

#[test]
fn silent_files_and_leftovers_are_seen() {
    crate::catches(documented, "src/a.rs", "// no\nfn a() {}", "//! What for.\n");
    for left in ["todo", "unimplemented", "dbg"] {
        crate::catches(
            finished,
            "src/a.rs",
            &format!("fn a() {{ {left}!() }}"),
            &format!("// {left}!\nlet a = \"{left}!\";"),
        );
    }
    crate::catches(finished, "src/a.rs", concat!("let a = \"still being ", "built\";"), "let a = \"built\";");
}

#[test]
fn names_that_say_nothing_are_seen() {
    for slip in ["struct SessionManager;", "mod utils;", "fn date_helper() {}"] {
        crate::catches(named, "src/a.rs", slip, "struct Manage; fn utility_bill() {} // helper");
    }
    assert_eq!(named(&[Source::new("src/util.rs", "")]).len(), 1);
}

#[test]
fn allowances_and_places_are_seen() {
    for slip in ["#[allow(dead_code)]\nfn a() {}", "/// Doc.\n#[expect(unused)]\nfn a() {}"] {
        let mended = "#[allow(dead_code, reason = \"shown in docs\")]\nfn a() {}\n#[allow(x)] // because\nfn b() {}";
        crate::catches(reasoned_allowances, "src/a.rs", slip, mended);
    }
    crate::catches(nowhere_in_particular, "README.md", concat!("see /wo", "rk/main"), "see the work/main page");
}
