//! Files of the tree, and a small lexer that tells code, comments and texts apart.

use std::path::{Path, PathBuf};

/// Folders that are not the project's own text.
const SKIPPED: [&str; 4] = ["target", ".git", "screenshots", "demo-data"];

/// One text file.
#[derive(Debug)]
pub struct Source {
    /// From the package's root, with `/`.
    pub path: String,
    pub text: String,
    /// The same with comments and the insides of texts and characters blanked; lines stay where they were.
    pub code: String,
    /// Texts of the code with the line they begin on, from 1.
    pub texts: Vec<(usize, String)>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let (code, texts) = if path.ends_with(".rs") { lex(text) } else { (String::new(), Vec::new()) };
        Self { path: path.to_owned(), text: text.to_owned(), code, texts }
    }

    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The code before the inline test module, which stands last.
    pub fn code_without_tests(&self) -> &str {
        self.code.split("#[cfg(test)]\nmod tests").next().unwrap_or("")
    }

    pub fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file of the package.
pub fn all() -> Vec<Source> {
    let mut files = Vec::new();
    walk(root(), &mut files);
    files.sort();
    let mut sources = Vec::new();
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let path = file.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        sources.push(Source::new(&path, &text));
    }
    sources
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
            walk(&path, files);
        } else if kind.is_file()
            && !SKIPPED.contains(&name.as_str())
            && !["png", "jpg", "ttf", "otf", "wav", "lock"].iter().any(|e| name.ends_with(e))
        {
            files.push(path);
        }
    }
}

/// Blanks comments, texts and characters; answers the texts beside.
fn lex(text: &str) -> (String, Vec<(usize, String)>) {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut texts = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let rest = &chars[i..];
        let length = match rest {
            ['/', '/', ..] => rest.iter().position(|&c| c == '\n').unwrap_or(rest.len()),
            ['/', '*', ..] => block_comment(rest),
            ['"', ..] => quoted(rest),
            ['b', '"', ..] if starts_word(&chars, i) => 1 + quoted(&rest[1..]),
            ['r', '"' | '#', ..] if starts_word(&chars, i) => raw(rest),
            ['b', 'r', '"' | '#', ..] if starts_word(&chars, i) => 1 + raw(&rest[1..]),
            ['\'', '\\', ..] => 2 + rest[2..].iter().skip(1).position(|&c| c == '\'').map_or(1, |n| n + 2),
            ['\'', _, '\'', ..] => 3,
            _ => 0,
        };
        if length <= 1 {
            code.push(chars[i]);
            i += 1;
            continue;
        }
        let part: String = chars[i..i + length].iter().collect();
        if part.contains('"') && !part.starts_with('/') {
            texts.push((code.matches('\n').count() + 1, part.clone()));
        }
        code.extend(part.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        i += length;
    }
    (code, texts)
}

fn starts_word(chars: &[char], i: usize) -> bool {
    i == 0 || !(chars[i - 1].is_alphanumeric() || chars[i - 1] == '_')
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0;
    let mut i = 0;
    while i + 1 < rest.len() {
        match (rest[i], rest[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') if depth == 1 => return i + 2,
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
    }
    rest.len()
}

fn quoted(rest: &[char]) -> usize {
    let mut i = 1;
    while i < rest.len() {
        match rest[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    rest.len()
}

/// Length of a raw text, or 0 when it is a raw identifier.
fn raw(rest: &[char]) -> usize {
    let hashes = rest[1..].iter().take_while(|&&c| c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return 0;
    }
    let mut end = vec!['"'];
    end.extend(std::iter::repeat_n('#', hashes));
    let from = hashes + 2;
    let found = rest[from..].windows(end.len()).position(|w| w == end);
    found.map_or(rest.len(), |n| from + n + end.len())
}

#[test]
fn comments_and_texts_are_told_from_code() {
    let text = "let a = \"// no \\\" comment\"; // {\nlet b = '\"'; /* } /* */ */ let c = r#\"x\"y\"#; let d: &'a str;\nlet e = '\\'';";
    let source = Source::new("a.rs", text);
    assert_eq!(source.code.lines().count(), text.lines().count());
    assert!(!source.code.contains(['{', '}', '"']), "{}", source.code);
    for kept in ["let a =", "let b =", "let c =", "let d: &'a str;", "let e ="] {
        assert!(source.code.contains(kept), "{kept}: {}", source.code);
    }
    assert_eq!(source.texts.iter().map(|t| t.0).collect::<Vec<_>>(), [1, 2, 2]);
}
