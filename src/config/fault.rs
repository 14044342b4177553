//! Faults of a configuration: collected, not thrown, so that whoever edits the files sees all of them at once.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::domain::text::TextFault;
use crate::words::Language;
use crate::words::cli as words;

use super::picture::{self, PictureFault};

/// Faults listed at most; a file with more is mended from the top.
pub const MAX_FAULTS: usize = 200;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub file: PathBuf,
    /// Line in the file, from 1; none when the fault is the whole file's.
    pub line: Option<u32>,
    /// Where in the file: `staff[3].photo`; entries of lists are counted from 1. Empty: the whole file.
    pub path: String,
    pub wrong: Wrong,
}

/// What is wrong; [`Wrong::allowed`] says what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    Unreadable { cause: String },
    NotUtf8,
    TooBig { found: u64, max: u64 },
    Syntax { message: String },
    UnknownKey { known: Vec<&'static str> },
    Missing,
    Kind { found: Kind, wanted: Kind },
    Range { found: String, min: u64, max: u64 },
    NotOneOf { found: String, allowed: Vec<&'static str> },
    Form { found: String, wanted: Form },
    Text { fault: TextFault, max: usize },
    TooMany { found: usize, max: usize },
    TooFew { found: usize, min: usize },
    Duplicate { found: String, first: String },
    Dangling { found: String, target: &'static str },
    UntilBeforeFrom { from: String, until: String },
    NotWeekend { found: String },
    PlainHttp { host: String },
    UnfairTags,
    FileMissing { path: PathBuf },
    Picture(PictureFault),
    NoConfig { dir: PathBuf },
}

/// A form that a text has to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Id,
    Date,
    Hours,
    HttpUrl,
    Proxy,
    Address,
    PinHash,
    TimeZone,
    FileName,
    Hotline,
    MailAddress,
    Host,
}

/// A kind of TOML value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Float,
    Boolean,
    Datetime,
    Array,
    Table,
}

impl Wrong {
    /// What is wrong, as part of a sentence.
    pub fn wrong(&self, language: Language) -> String {
        let w = words::Check(language);
        match self {
            Self::Unreadable { cause } => w.unreadable(cause),
            Self::NotUtf8 => w.not_utf8(),
            Self::TooBig { found, .. } => w.too_big(*found),
            Self::Syntax { message } => w.syntax(message),
            Self::UnknownKey { .. } => w.unknown_key(),
            Self::Missing => w.missing(),
            Self::Kind { found, .. } => w.wrong_kind(&found.name(language)),
            Self::Range { found, .. } => w.out_of_range(found),
            Self::NotOneOf { found, .. } => w.not_one_of(found),
            Self::Form { found, .. } => w.bad_form(found),
            Self::Text { fault: TextFault::Empty, .. } => w.text_empty(),
            Self::Text { fault: TextFault::TooLong { found, .. }, .. } => w.text_too_long(*found),
            Self::Text { fault: TextFault::Forbidden(c), .. } => w.text_forbidden(&format!("U+{c:04X}")),
            Self::TooMany { found, .. } => w.too_many(*found),
            Self::TooFew { found, .. } => w.too_few(*found),
            Self::Duplicate { found, first } => w.duplicate(found, first),
            Self::Dangling { found, target } => w.dangling(found, target),
            Self::UntilBeforeFrom { from, until } => w.until_before_from(from, until),
            Self::NotWeekend { found } => w.not_weekend(found),
            Self::PlainHttp { host } => w.plain_http(host),
            Self::UnfairTags => w.unfair_tags(),
            Self::FileMissing { path } => w.file_missing(&path.display().to_string()),
            Self::Picture(PictureFault::Unreadable { cause }) => w.unreadable(cause),
            Self::Picture(PictureFault::TooBig { found }) => w.too_big(*found),
            Self::Picture(PictureFault::Form) => w.picture_form(),
            Self::Picture(PictureFault::Size { width, height }) => w.picture_size(*width, *height),
            Self::NoConfig { dir } => w.no_config(&dir.display().to_string()),
        }
        .into_owned()
    }

    /// What would be right, as part of a sentence.
    pub fn allowed(&self, language: Language) -> String {
        let w = words::Check(language);
        match self {
            Self::Unreadable { .. } | Self::FileMissing { .. } | Self::Picture(PictureFault::Unreadable { .. }) => {
                w.readable()
            }
            Self::NotUtf8 => w.utf8(),
            Self::TooBig { max, .. } => w.bytes_at_most(*max),
            Self::Syntax { .. } => w.toml(),
            Self::UnknownKey { known } => w.keys(&known.join(", ")),
            Self::Missing => w.as_in_samples(),
            Self::Kind { wanted, .. } => w.kind(&wanted.name(language)),
            Self::Range { min, max, .. } => w.range(*min, *max),
            Self::NotOneOf { allowed, .. } => w.one_of(&allowed.join(", ")),
            Self::Form { wanted, .. } => wanted.name(language).into(),
            Self::Text { fault: TextFault::Forbidden(_), .. } => w.plain_text(),
            Self::Text { max, .. } => w.characters(*max),
            Self::TooMany { max, .. } => w.at_most(*max),
            Self::TooFew { min, .. } => w.at_least(*min),
            Self::Duplicate { .. } => w.unique(),
            Self::Dangling { target, .. } => w.existing(target),
            Self::UntilBeforeFrom { .. } => w.until_after_from(),
            Self::NotWeekend { .. } => w.weekend_day(),
            Self::PlainHttp { .. } => w.https(),
            Self::UnfairTags => w.tags_for_all(),
            Self::Picture(PictureFault::TooBig { .. }) => w.bytes_at_most(picture::MAX_BYTES),
            Self::Picture(_) => w.picture_sides(picture::MIN_SIDE_PX, picture::MAX_SIDE_PX),
            Self::NoConfig { .. } => w.some_config(),
        }
        .into_owned()
    }
}

impl Form {
    fn name(self, language: Language) -> String {
        let w = words::Form(language);
        match self {
            Self::Id => w.id(),
            Self::Date => w.date(),
            Self::Hours => w.hours(),
            Self::HttpUrl => w.http_url(),
            Self::Proxy => w.proxy(),
            Self::Address => w.address(),
            Self::PinHash => w.pin_hash(),
            Self::TimeZone => w.time_zone(),
            Self::FileName => w.file_name(),
            Self::Hotline => w.hotline(),
            Self::MailAddress => w.mail_address(),
            Self::Host => w.host(),
        }
        .into_owned()
    }
}

impl Kind {
    fn name(self, language: Language) -> String {
        let w = words::Kind(language);
        match self {
            Self::Text => w.text(),
            Self::Integer => w.integer(),
            Self::Float => w.float(),
            Self::Boolean => w.boolean(),
            Self::Datetime => w.datetime(),
            Self::Array => w.array(),
            Self::Table => w.table(),
        }
        .into_owned()
    }
}

impl Fault {
    /// A fault of the whole file.
    pub fn of_file(file: &Path, wrong: Wrong) -> Self {
        Self { file: file.to_owned(), line: None, path: String::new(), wrong }
    }
}

/// Three lines: where, what in Chinese, what in English.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.path.is_empty() {
            write!(f, "  {}", self.path)?;
        }
        for &language in Language::ALL {
            let (wrong, allowed) = (self.wrong.wrong(language), self.wrong.allowed(language));
            write!(f, "\n    {}", words::Check(language).heading_wrong(&wrong, &allowed))?;
        }
        Ok(())
    }
}

/// All faults of a configuration, by file and line. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// `value` when nothing is wrong, else all faults in order; a value that is not there without a fault is `file`'s.
    pub(crate) fn unless_any<T>(mut faults: Vec<Fault>, value: Option<T>, file: &Path) -> Result<T, Self> {
        faults.sort_by(|a, b| (&a.file, a.line, &a.path).cmp(&(&b.file, b.line, &b.path)));
        faults.dedup();
        faults.truncate(MAX_FAULTS);
        match value {
            Some(value) if faults.is_empty() => Ok(value),
            _ if faults.is_empty() => Err(Self(vec![Fault::of_file(file, Wrong::Missing)])),
            _ => Err(Self(faults)),
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.0 {
            writeln!(f, "{fault}")?;
        }
        for &language in Language::ALL {
            let w = words::Check(language);
            writeln!(f, "{}", if self.0.len() == 1 { w.found_one() } else { w.found(self.0.len()) })?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
