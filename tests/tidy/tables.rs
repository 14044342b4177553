//! SQL stands only in the module that owns the table.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::Source;

/// Each has a store of its own; a module is the first folder or file below.
const STORES: [&str; 2] = ["src/journal/", "src/centre/"];
/// Files that lay out every table of a store.
const SCHEMA: &str = "schema";

pub fn owned(sources: &[Source]) -> Vec<String> {
    let mut broken = Vec::new();
    // For each store and table: which modules name it, and where first.
    let mut users: BTreeMap<(String, String), BTreeMap<String, String>> = BTreeMap::new();
    let mut tables = BTreeSet::new();
    for source in sources.iter().filter(|s| s.path.starts_with("src/") && !s.is_test()) {
        for (_, sql) in statements(source) {
            tables.extend(named_after(&sql, &["CREATE TABLE IF NOT EXISTS", "CREATE TABLE"]));
        }
    }
    let until = |s: &Source| s.code_without_tests().matches('\n').count() + 1;
    for source in sources.iter().filter(|s| s.path.starts_with("src/") && !s.is_test()) {
        let last = if source.is_rust() { until(source) } else { usize::MAX };
        for (line, sql) in statements(source).into_iter().filter(|(line, _)| *line <= last) {
            for table in named_after(&sql, &["FROM", "INTO", "UPDATE", "JOIN"]).intersection(&tables) {
                let place = format!("{}:{line}", source.path);
                match module_of(&source.path) {
                    None => broken.push(format!("{place}: SQL on {table} outside of the stores")),
                    Some((_, module)) if module.starts_with(SCHEMA) => {}
                    Some((store, module)) => {
                        users.entry((store, table.clone())).or_default().entry(module).or_insert(place);
                    }
                }
            }
        }
    }
    for ((_, table), modules) in users.iter().filter(|(_, modules)| modules.len() > 1) {
        let names: Vec<_> = modules.keys().cloned().collect();
        for place in modules.values() {
            broken.push(format!("{place}: {table} is touched by {}, and one module must own it", names.join(" and ")));
        }
    }
    broken
}

fn module_of(path: &str) -> Option<(String, String)> {
    let store = STORES.iter().find(|store| path.starts_with(*store))?;
    // The journal is one module that owns the whole of its store.
    let module = if store.ends_with("journal/") { "journal" } else { path[store.len()..].split(['/', '.']).next()? };
    Some(((*store).to_owned(), module.to_owned()))
}

/// Texts of Rust files, and whole `.sql` files.
fn statements(source: &Source) -> Vec<(usize, String)> {
    if source.path.ends_with(".sql") {
        return vec![(1, source.text.clone())];
    }
    source.texts.iter().map(|(line, text)| (*line, text.replace("\\n", " "))).collect()
}

fn named_after(sql: &str, words: &[&str]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for word in words {
        for (at, _) in sql.match_indices(word) {
            let whole = !sql[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let rest = sql[at + word.len()..].trim_start_matches([' ', '\n', '\\', '\t']);
            let name: String =
                rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_' || c.is_ascii_digit()).collect();
            if whole && !name.is_empty() {
                out.insert(name);
            }
        }
    }
    out
}

#[test]
fn a_foreign_table_is_seen() {
    let make = "const S: &str = \"CREATE TABLE entries (seq INTEGER)\";";
    let read = "const Q: &str = \"SELECT seq FROM entries\";";
    let two = [
        Source::new("src/centre/ingest/mod.rs", &format!("{make}{read}")),
        Source::new("src/centre/phone/page.rs", read),
    ];
    assert_eq!(owned(&two).len(), 2);
    assert_eq!(owned(&two[..1]), Vec::<String>::new());
    let outside = [Source::new("src/journal/mod.rs", make), Source::new("src/cli/stats.rs", read)];
    assert_eq!(owned(&outside).len(), 1);
    let schema = [Source::new("src/centre/schema.rs", make), Source::new("src/centre/ingest/mod.rs", read)];
    assert_eq!(owned(&schema), Vec::<String>::new());
}
