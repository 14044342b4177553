//! Scores as a table: 工号, 姓名, 出席, and one column a criterion. Read, looked through, written. Pure.

use std::collections::BTreeMap;

use super::store::{Contest, Part};
use crate::centre::hall::sheets::table::Table;
use crate::domain::contest::{ContestKind, Entry, MAX_PEOPLE, points, read_points};
use crate::domain::id::{HallId, StaffNo};
use crate::words::Language;
use crate::words::contests::ScoreSheet as Words;

/// What a table would note, and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    pub parts: Vec<Part>,
    pub faults: Vec<SheetFault>,
}

/// One fault, by row as the spreadsheet counts them; none: the whole table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFault {
    pub row: Option<u32>,
    pub sentence: String,
}

/// Who may stand in the table: everybody on the boards of the event's halls, with their names.
pub type Roster = BTreeMap<(HallId, StaffNo), String>;

/// Which column of a table is which.
struct Columns {
    staff_no: usize,
    hall: Option<usize>,
    attended: Option<usize>,
    criteria: Vec<Option<usize>>,
}

/// Looks a table through; what it would note counts only when nothing is wrong.
pub fn plan(table: &Table, contest: &Contest, roster: &Roster, language: Language) -> Plan {
    let (w, mut plan) = (Words(language), Plan::default());
    let mut lines = table.lines();
    let Some((_, head)) = lines.next() else {
        plan.fault(None, w.empty());
        return plan;
    };
    let Some(columns) = columns(head, contest, w, &mut plan) else { return plan };
    let mut seen = BTreeMap::new();
    for (row, cells) in lines {
        if plan.parts.len() + plan.faults.len() >= MAX_PEOPLE {
            plan.fault(Some(row), w.too_many(MAX_PEOPLE));
            break;
        }
        match part(cells, &columns, contest, roster, w) {
            Err(sentence) => plan.fault(Some(row), sentence),
            Ok(part) => match seen.insert((part.hall.clone(), part.staff_no.clone()), row) {
                Some(first) => plan.fault(Some(row), w.repeated(first)),
                None => plan.parts.push(part),
            },
        }
    }
    if plan.parts.is_empty() && plan.faults.is_empty() {
        plan.fault(None, w.empty());
    }
    plan
}

impl Plan {
    fn fault(&mut self, row: Option<u32>, sentence: impl Into<String>) {
        self.faults.push(SheetFault { row, sentence: sentence.into() });
    }
}

fn columns(head: &[Option<String>], contest: &Contest, w: Words, plan: &mut Plan) -> Option<Columns> {
    let plain = |text: &str| text.trim_matches(['*', '＊', ' ']).to_lowercase();
    let both = [Language::Zh, Language::En].map(Words);
    let find = |code: &str, title: fn(Words) -> std::borrow::Cow<'static, str>| {
        head.iter().flatten().position(|h| plain(h) == code || both.iter().any(|w| plain(h) == plain(&title(*w))))
    };
    let (staff_no, attended) = (find("staff_no", |w| w.staff_no()), find("attended", |w| w.attended()));
    let hall = find("hall", |w| w.hall());
    let criterion = |name: &str| {
        head.iter()
            .flatten()
            .position(|h| plain(h) == plain(name) || plain(h).starts_with(&format!("{} (", plain(name))))
    };
    let criteria: Vec<Option<usize>> = contest.criteria.iter().map(|c| criterion(&c.name)).collect();
    let Some(staff_no) = staff_no else {
        plan.fault(None, w.missing(&w.staff_no()));
        return None;
    };
    if contest.halls.len() > 1 && hall.is_none() {
        plan.fault(None, w.missing(&w.hall()));
    }
    let some = criteria.iter().any(Option::is_some);
    if contest.kind == ContestKind::Contest || some {
        for (c, _) in contest.criteria.iter().zip(&criteria).filter(|(_, at)| at.is_none()) {
            plan.fault(None, w.missing(&c.name));
        }
    } else if attended.is_none() {
        plan.fault(None, w.missing(&w.attended()));
    }
    plan.faults.is_empty().then_some(Columns { staff_no, hall, attended, criteria })
}

fn part(
    cells: &[Option<String>],
    columns: &Columns,
    contest: &Contest,
    roster: &Roster,
    w: Words,
) -> Result<Part, String> {
    let cell = |at: usize| cells.get(at).and_then(Option::as_deref).unwrap_or_default().trim();
    let hall = match columns.hall.map(cell).filter(|h| !h.is_empty()) {
        Some(hall) => {
            HallId::new(hall).ok().filter(|h| contest.halls.contains(h)).ok_or_else(|| w.unknown(hall).into_owned())?
        }
        None => contest
            .halls
            .first()
            .cloned()
            .filter(|_| contest.halls.len() == 1)
            .ok_or_else(|| w.unknown("").into_owned())?,
    };
    let staff_no = StaffNo::new(cell(columns.staff_no)).map_err(|_| w.unknown(cell(columns.staff_no)).into_owned())?;
    let name =
        roster.get(&(hall.clone(), staff_no.clone())).ok_or_else(|| w.unknown(staff_no.as_str()).into_owned())?.clone();
    let mut scores = Vec::new();
    let mut blank = 0;
    for (criterion, at) in contest.criteria.iter().zip(&columns.criteria) {
        let text = at.map(cell).unwrap_or_default();
        match read_points(text, criterion.max) {
            Some(score) => scores.push(score),
            None if text.is_empty() => blank += 1,
            None => return Err(w.bad_score(&criterion.name, text, criterion.max).into_owned()),
        }
    }
    if blank > 0 && !scores.is_empty() {
        return Err(w.partly().into_owned());
    }
    let scored = blank == 0;
    let attended = match columns.attended.map(cell).unwrap_or_default().to_lowercase().as_str() {
        "" => scored,
        "是" | "到" | "yes" | "y" | "true" | "1" | "√" => true,
        "否" | "缺" | "no" | "n" | "false" | "0" | "×" => false,
        other => return Err(w.bad_attended(other).into_owned()),
    };
    if scored && !attended {
        return Err(w.scored_and_absent().into_owned());
    }
    Ok(Part { hall, staff_no, name, entry: Entry { attended, scores: scored.then_some(scores) }, rank: None })
}

/// The table of an event as CSV text, everybody of the roster in it with what is noted of them.
pub fn written(contest: &Contest, roster: &Roster, parts: &[Part], language: Language) -> String {
    let w = Words(language);
    let several = contest.halls.len() > 1;
    let mut head = vec![w.staff_no().into_owned(), w.name().into_owned(), w.attended().into_owned()];
    if several {
        head.insert(0, w.hall().into_owned());
    }
    head.extend(contest.criteria.iter().map(|c| c.name.clone()));
    let mut lines = vec![head];
    for ((hall, staff_no), name) in roster {
        let entry = parts.iter().find(|p| &p.hall == hall && &p.staff_no == staff_no).map(|p| &p.entry);
        let attended = match entry {
            Some(entry) if entry.attended => w.yes().into_owned(),
            Some(_) => w.no().into_owned(),
            None => String::new(),
        };
        let mut line = vec![staff_no.to_string(), name.clone(), attended];
        if several {
            line.insert(0, hall.to_string());
        }
        match entry.and_then(|e| e.scores.as_ref()) {
            Some(scores) => line.extend(scores.iter().map(|s| points(*s))),
            None => line.extend(contest.criteria.iter().map(|_| String::new())),
        }
        lines.push(line);
    }
    lines.iter().map(|line| line.iter().map(|c| quoted(c)).collect::<Vec<_>>().join(",") + "\r\n").collect()
}

/// The same of what a plan would note, for the form that applies it.
pub fn of_plan(contest: &Contest, plan: &Plan) -> String {
    let roster = plan.parts.iter().map(|p| ((p.hall.clone(), p.staff_no.clone()), p.name.clone())).collect();
    written(contest, &roster, &plan.parts, Language::En)
}

fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@']);
    let safe = if formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::contest::Criterion;

    fn contest(kind: ContestKind, halls: &[&str]) -> Contest {
        let criterion = |name: &str, max| Criterion { name: name.to_owned(), max };
        Contest {
            id: 1,
            kind,
            title: "比武".to_owned(),
            day: date(2026, 11, 20),
            issuer: "局".to_owned(),
            criteria: vec![criterion("理论", 40), criterion("操作", 60)],
            made_by: "某".to_owned(),
            published: None,
            halls: halls.iter().map(|h| HallId::new(h).unwrap()).collect(),
        }
    }

    fn roster() -> Roster {
        let person = |no: &str, name: &str| ((HallId::new("H01").unwrap(), StaffNo::new(no).unwrap()), name.to_owned());
        [person("0001", "王晓"), person("0002", "李 娜"), person("0003", "=赵")].into()
    }

    fn planned(kind: ContestKind, text: &str) -> Plan {
        plan(&Table::read(text.as_bytes()).unwrap(), &contest(kind, &["H01"]), &roster(), Language::Zh)
    }

    #[test]
    fn a_table_is_read_and_written_back_the_same() {
        let kind = ContestKind::Contest;
        let first = planned(kind, "工号,姓名,理论,操作,出席\n0001,王晓,38.5,55,\n0002,李娜,,,否\n0003,赵,40,60,是\n");
        assert_eq!(first.faults, []);
        let totals: Vec<_> = first.parts.iter().map(|p| (p.entry.attended, p.entry.total())).collect();
        assert_eq!(totals, [(true, Some(9_350)), (false, None), (true, Some(10_000))]);
        let text = written(&contest(kind, &["H01"]), &roster(), &first.parts, Language::Zh);
        assert!(text.contains("0003,'=赵,是,40,60"), "{text}");
        assert_eq!(planned(kind, &text), first);
        assert_eq!(planned(kind, &of_plan(&contest(kind, &["H01"]), &first)), first);
    }

    #[test]
    fn everything_that_is_wrong_is_named_by_row() {
        let text = "工号,理论,操作\n0001,41,60\n0002,40,\n9999,1,1\n0001,1,1\n0001,2,2\n0003,x,1\n";
        let faults = planned(ContestKind::Contest, text).faults;
        let rows: Vec<_> = faults.iter().map(|f| f.row).collect();
        assert_eq!(rows, [Some(2), Some(3), Some(4), Some(6), Some(7)], "{faults:?}");
        let told = |text: &str| planned(ContestKind::Contest, text).faults.remove(0).sentence;
        assert!(told("理论,操作\n1,2").contains("工号") && told("工号,理论\n0001,2").contains("操作"));
        assert!(!planned(ContestKind::Contest, "工号,理论,操作\n").faults.is_empty());
        let absent = planned(ContestKind::Contest, "工号,出席,理论,操作\n0001,否,40,60\n");
        assert_eq!(absent.faults.len(), 1, "whoever was not there has no score");
    }

    #[test]
    fn a_training_day_needs_no_scores() {
        let plan = planned(ContestKind::Training, "staff_no,attended\n0001,yes\n0002,no\n");
        assert_eq!(plan.faults, []);
        assert_eq!(plan.parts.iter().map(|p| p.entry.attended).collect::<Vec<_>>(), [true, false]);
        assert_eq!(planned(ContestKind::Training, "staff_no\n0001\n").faults.len(), 1);
        let two = contest(ContestKind::Training, &["H01", "H02"]);
        let table = Table::read(b"staff_no,attended\n0001,yes\n").unwrap();
        assert!(super::plan(&table, &two, &roster(), Language::En).faults[0].sentence.contains("Hall"));
    }
}
