//! What reading a file found, apart from its values: where everything stands, and every fault.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Wrong};
use super::reader::join;

/// Syntax faults reported of one file.
const MAX_SYNTAX_FAULTS: usize = 20;

/// What reading a file found, apart from its values.
#[derive(Debug)]
pub struct Findings {
    file: PathBuf,
    /// Byte offsets of line feeds.
    feeds: Vec<usize>,
    /// Lines of every key and list entry, by path.
    lines: HashMap<String, u32>,
    faults: RefCell<Vec<Fault>>,
}

impl Findings {
    pub(super) fn new(file: &Path, text: &str) -> Self {
        let feeds = text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i).collect();
        Self { file: file.to_owned(), feeds, lines: HashMap::new(), faults: RefCell::new(Vec::new()) }
    }

    pub(super) fn report_syntax(&self, errors: &[toml::de::Error]) {
        for error in errors.iter().take(MAX_SYNTAX_FAULTS) {
            let line = error.span().map(|span| self.line_at(span.start));
            let wrong = Wrong::Syntax { message: error.message().replace('\n', "; ") };
            self.faults.borrow_mut().push(Fault { file: self.file.clone(), line, path: String::new(), wrong });
        }
    }

    /// Records a fault at a path; its line is looked up, or that of the nearest place around it.
    pub fn report(&self, path: &str, wrong: Wrong) {
        let fault = Fault { file: self.file.clone(), line: self.line_of(path), path: path.to_owned(), wrong };
        self.faults.borrow_mut().push(fault);
    }

    /// Takes the faults of another file that this one names.
    pub fn adopt(&self, faults: Vec<Fault>) {
        self.faults.borrow_mut().extend(faults);
    }

    pub fn into_faults(self) -> Vec<Fault> {
        self.faults.into_inner()
    }

    /// The folder that relative paths of the file start from.
    pub fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }

    fn line_of(&self, path: &str) -> Option<u32> {
        let mut path = path;
        loop {
            if let Some(&line) = self.lines.get(path) {
                return Some(line);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }

    fn line_at(&self, offset: usize) -> u32 {
        u32::try_from(self.feeds.partition_point(|&feed| feed < offset) + 1).unwrap_or(u32::MAX)
    }

    /// Notes the line of every key and list entry.
    pub(super) fn index(&mut self, path: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let path = join(path, key.get_ref());
            self.lines.insert(path.clone(), self.line_at(key.span().start));
            self.index_value(&path, value);
        }
    }

    fn index_value(&mut self, path: &str, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Table(table) => self.index(path, table),
            DeValue::Array(array) => {
                for (i, entry) in array.iter().enumerate() {
                    let path = format!("{path}[{}]", i + 1);
                    self.lines.insert(path.clone(), self.line_at(entry.span().start));
                    self.index_value(&path, entry);
                }
            }
            _ => {}
        }
    }
}
