//! What was typed into the sheet of a visit, and reading it.

use axum::body::Bytes;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::centre::access::File;
use crate::centre::dashboard::components::Faults;
use crate::centre::inspections::pictures::Submission;
use crate::domain::id::{PledgeId, StaffNo, TagCode, WindowId};
use crate::domain::inspection::Gravity;
use crate::domain::inspection::checklist::{Checklist, ItemKind};
use crate::domain::inspection::visit::{Concern, Finding, ItemAnswer, MAX_FINDINGS, ReportFault, VisitReport};
use crate::domain::time::WallMs;
use crate::words::Language;
use crate::words::inspections::InspectionVisitWords;

/// What "not applicable" is sent as.
pub const NOT_APPLICABLE: &str = "na";

/// Names of the inputs of each finding.
pub const FINDINGS: [FindingNames; MAX_FINDINGS] = [
    names("f1-text", "f1-gravity", "f1-concern", "f1-pictures"),
    names("f2-text", "f2-gravity", "f2-concern", "f2-pictures"),
    names("f3-text", "f3-gravity", "f3-concern", "f3-pictures"),
    names("f4-text", "f4-gravity", "f4-concern", "f4-pictures"),
    names("f5-text", "f5-gravity", "f5-concern", "f5-pictures"),
    names("f6-text", "f6-gravity", "f6-concern", "f6-pictures"),
];

#[derive(Debug, Clone, Copy)]
pub struct FindingNames {
    pub text: &'static str,
    pub gravity: &'static str,
    pub concern: &'static str,
    pub pictures: &'static str,
}

const fn names(
    text: &'static str,
    gravity: &'static str,
    concern: &'static str,
    pictures: &'static str,
) -> FindingNames {
    FindingNames { text, gravity, concern, pictures }
}

/// The name of an item's input.
pub fn item_name(code: &TagCode) -> String {
    format!("a-{code}")
}

/// What came with the form.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub fields: Vec<(String, String)>,
    pub files: Vec<File>,
}

/// A sheet that could be read, and which finding of the form each finding of the report is.
#[derive(Debug, Clone)]
pub struct Read {
    pub submission: Submission,
    pub places: Vec<usize>,
}

impl Typed {
    pub fn given(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// Reads the sheet; what cannot be read at all is a fault at its field.
    ///
    /// # Errors
    /// The faults.
    pub fn read(&self, inspection: i64, list: &Checklist, zone: &TimeZone, language: Language) -> Result<Read, Faults> {
        let w = InspectionVisitWords(language);
        let mut faults = Faults::default();
        let window = WindowId::new(self.given("window")).ok();
        if window.is_none() {
            faults.add("window", w.other_window());
        }
        let at = moment(self.given("at"), zone);
        if at.is_none() {
            faults.add("at", w.wrong_time());
        }
        let staff_no = match self.given("staff") {
            "" => None,
            no => StaffNo::new(no).map_err(|_| faults.add("staff", w.not_on_board())).ok(),
        };
        let id = submission_id(self.given("submission"));
        if id.is_none() {
            faults.add("window", w.conflict());
        }
        let (findings, places) = self.findings();
        let answers = self.answers(list);
        match (window, at, id) {
            (Some(service_window), Some(at_ms), Some(id)) if faults.is_empty() => {
                let report = VisitReport { service_window, at_ms, staff_no, answers, findings };
                let pictures = places.iter().map(|n| self.pictures(*n)).collect();
                Ok(Read { submission: Submission { inspection, id, report, pictures }, places })
            }
            _ => Err(faults),
        }
    }

    fn answers(&self, list: &Checklist) -> Vec<ItemAnswer> {
        let answer = |item: &crate::domain::inspection::checklist::CheckItem| {
            let typed = self.given(&item_name(&item.code)).trim();
            let of = |value, note| Some(ItemAnswer { item: item.code.clone(), value, note });
            match (item.kind, typed) {
                (_, "") => None,
                (ItemKind::Note, note) => of(None, Some(note.to_owned())),
                (_, NOT_APPLICABLE) => of(None, None),
                // What is no number is out of bounds.
                (_, value) => of(Some(value.parse().unwrap_or(u8::MAX)), None),
            }
        };
        list.items.iter().filter_map(answer).collect()
    }

    /// Findings that were filled in, and where on the form.
    fn findings(&self) -> (Vec<Finding>, Vec<usize>) {
        let mut out = (Vec::new(), Vec::new());
        for (n, names) in FINDINGS.iter().enumerate() {
            let text = self.given(names.text).replace('\r', "").trim().to_owned();
            if text.is_empty() && self.pictures(n).is_empty() {
                continue;
            }
            let gravity = Gravity::from_code(self.given(names.gravity)).unwrap_or(Gravity::Minor);
            out.0.push(Finding { text, gravity, concern: concern(self.given(names.concern)) });
            out.1.push(n);
        }
        out
    }

    fn pictures(&self, n: usize) -> Vec<Bytes> {
        let name = FINDINGS.get(n).map_or("", |names| names.pictures);
        let own = self.files.iter().filter(|f| f.field == name && !f.bytes.is_empty());
        own.map(|f| f.bytes.clone()).collect()
    }
}

/// 32 hexadecimal digits.
pub fn submission_id(text: &str) -> Option<[u8; 16]> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok()
}

/// `item:attitude` or `pledge:P01`; anything else is nothing in particular.
fn concern(text: &str) -> Option<Concern> {
    match text.split_once(':')? {
        ("item", code) => TagCode::new(code).ok().map(|item| Concern::Item { item }),
        ("pledge", id) => PledgeId::new(id).ok().map(|pledge| Concern::Pledge { pledge }),
        _ => None,
    }
}

/// `2026-12-01T09:30` in the centre's zone.
fn moment(text: &str, zone: &TimeZone) -> Option<WallMs> {
    let local = text.parse::<DateTime>().ok()?;
    Some(WallMs(zone.to_timestamp(local).ok()?.as_millisecond()))
}

/// What is wrong with a report, at the fields of the form.
pub fn told(all: &[ReportFault], places: &[usize], language: Language) -> Faults {
    use crate::domain::inspection::visit::{FINDING_CHARS, NOTE_CHARS};
    let w = InspectionVisitWords(language);
    let mut faults = Faults::default();
    let place = |n: usize| places.get(n.saturating_sub(1)).and_then(|p| FINDINGS.get(*p)).unwrap_or(&FINDINGS[0]);
    for fault in all {
        match fault {
            ReportFault::Unanswered(_) | ReportFault::Unknown(_) | ReportFault::Value(_) => {
                faults.add("items", w.unanswered());
            }
            ReportFault::Note(_) => faults.add("items", w.note_wrong(NOTE_CHARS)),
            ReportFault::Finding(n) => faults.add(place(*n).text, w.finding_wrong(FINDING_CHARS)),
            ReportFault::Concern(n) => faults.add(place(*n).concern, w.not_on_board()),
            ReportFault::TooManyFindings => faults.add("findings", w.findings_hint(MAX_FINDINGS)),
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_concerns_and_moments_are_read_or_are_none() {
        assert_eq!(submission_id(&"0a".repeat(16)), Some([10; 16]));
        for bad in ["", "0a", "zz", &"0a".repeat(17)] {
            assert_eq!(submission_id(bad), None, "{bad}");
        }
        assert_eq!(concern("item:badge"), Some(Concern::Item { item: TagCode::new("badge").unwrap() }));
        assert_eq!(concern("pledge:P1"), Some(Concern::Pledge { pledge: PledgeId::new("P1").unwrap() }));
        assert_eq!((concern(""), concern("item:a b"), concern("staff:1")), (None, None, None));
        let zone = crate::centre::statistics::home_zone();
        assert_eq!(moment("2026-11-24T09:30", &zone), Some(WallMs(1_795_483_800_000)));
        assert_eq!((moment("", &zone), moment("2026-13-24T09:30", &zone)), (None, None));
    }

    #[test]
    fn empty_findings_are_left_out_and_those_with_a_picture_alone_are_not() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let picture =
            File { field: "f3-pictures".to_owned(), name: "a.jpg".to_owned(), bytes: Bytes::from_static(b"x") };
        let typed = Typed { fields: vec![field("f2-text", " 无人\r\n在岗 ")], files: vec![picture] };
        let (findings, places) = typed.findings();
        assert_eq!(places, [1, 2]);
        assert_eq!((findings[0].text.as_str(), findings[1].text.as_str()), ("无人\n在岗", ""));
    }
}
