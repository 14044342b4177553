//! What a table would change, before it changes anything. Pure; what is applied is what was shown.

use std::collections::HashMap;

use jiff::civil::Date;

use super::columns::Listed;
use super::fault::{RowFault, SheetWrong};
use super::table::{Encoding, Table};
use crate::centre::hall::acts::{Author, Refused};
use crate::centre::hall::sitting::Sitting;
use crate::centre::hall::whole::{FieldFault, Hall, Kept};
use crate::domain::rating::coded;
use crate::words::Language;

/// Faults listed; a table with more is mended from the top.
pub const MAX_FAULTS: usize = 500;

coded! {
    /// What happens to objects that the table does not name.
    Absent {
        Keep = "keep",
        Retire = "retire",
    }
}

/// What becomes of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// None: the table does not name it.
    pub row: Option<u32>,
    pub id: String,
    /// Column, before and after, where they differ; of added and retired ones all, before or after empty.
    pub cells: Vec<(&'static str, String, String)>,
}

/// What a table would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub encoding: Encoding,
    /// The hall's revision that it was made for.
    pub revision: u64,
    pub added: Vec<Change>,
    pub changed: Vec<Change>,
    /// Retired before, and named again.
    pub restored: Vec<Change>,
    pub retired: Vec<Change>,
    pub unchanged: usize,
    /// By row; nothing is applied while there are any.
    pub faults: Vec<RowFault>,
    /// True if there are more than were listed.
    pub more_faults: bool,
}

/// The dry run: what the table would change in the hall, and everything that is wrong with it.
pub fn plan<T: Listed>(hall: &Hall, table: &Table, absent: Absent, today: Date) -> Plan {
    let author = Author { account: 0, name: String::new(), now: Default::default() };
    let mut trial = hall.clone();
    let (plan, steps) = steps::<T>(hall, table, absent);
    for step in steps {
        // Only ids that are known and revisions that are held are named: nothing is refused.
        let _ = step.take(&mut trial, &author, today);
    }
    let mut plan = plan;
    let rows: HashMap<&str, u32> = [&plan.added, &plan.changed, &plan.restored]
        .into_iter()
        .flatten()
        .filter_map(|c| Some((c.id.as_str(), c.row?)))
        .collect();
    // While rows are left out because they cannot be read, only what is wrong with the others' own cells is known.
    let is_whole = plan.faults.is_empty();
    let found = trial.faults(today).into_iter().map(|fault| placed::<T>(fault, &rows));
    let found: Vec<_> = found.filter(|fault| is_whole || fault.row.is_some()).collect();
    plan.faults.extend(found);
    plan.faults.sort_by_key(|f| f.row);
    plan.more_faults = plan.faults.len() > MAX_FAULTS;
    plan.faults.truncate(MAX_FAULTS);
    plan
}

/// Does what the dry run has shown, all of it or nothing.
///
/// # Errors
/// [`Refused::HallChanged`] when the hall is not at `revision` any more; [`Refused::FaultySheet`].
pub fn apply<T: Listed>(
    sitting: &mut Sitting<'_>,
    table: &Table,
    absent: Absent,
    revision: u64,
) -> Result<Plan, Refused> {
    if sitting.hall.revision != revision {
        return Err(Refused::HallChanged);
    }
    let (plan, steps) = steps::<T>(&sitting.hall, table, absent);
    if !plan.faults.is_empty() {
        return Err(Refused::FaultySheet(plan.faults));
    }
    sitting.import(T::KIND, |sitting| {
        for step in steps {
            match step {
                Step::Put(value, revision) => {
                    sitting.put(value, revision)?;
                }
                Step::Restore(value, revision) => {
                    let revision = sitting.retire::<T>(value.key(), revision, None)?;
                    sitting.put(value, revision)?;
                }
                Step::Retire(id, revision) => {
                    sitting.retire_today::<T>(&id, revision)?;
                }
            }
        }
        let detail = plan.counts();
        Ok((plan, detail))
    })
}

impl Plan {
    /// As it stands in the audit log.
    fn counts(&self) -> String {
        let (added, changed, unchanged) = (self.added.len(), self.changed.len(), self.unchanged);
        let (restored, retired) = (self.restored.len(), self.retired.len());
        format!("added {added}, changed {changed}, restored {restored}, retired {retired}, unchanged {unchanged}")
    }
}

enum Step<T> {
    Put(T, u32),
    Restore(T, u32),
    Retire(String, u32),
}

impl<T: Listed> Step<T> {
    fn take(self, hall: &mut Hall, author: &Author, today: Date) -> Result<(), Refused> {
        match self {
            Self::Put(value, revision) => drop(hall.put(value, revision, author)?),
            Self::Restore(value, revision) => {
                hall.retire::<T>(value.key(), revision, None, author, today)?;
                let revision = hall.find::<T>(value.key()).map_or(0, |k| k.revision);
                hall.put(value, revision, author)?;
            }
            Self::Retire(id, revision) => drop(hall.retire::<T>(&id, revision, Some(today), author, today)?),
        }
        Ok(())
    }
}

fn steps<T: Listed>(hall: &Hall, table: &Table, absent: Absent) -> (Plan, Vec<Step<T>>) {
    let mut plan = Plan {
        encoding: table.encoding,
        revision: hall.revision,
        added: Vec::new(),
        changed: Vec::new(),
        restored: Vec::new(),
        retired: Vec::new(),
        unchanged: 0,
        faults: Vec::new(),
        more_faults: false,
    };
    let held: HashMap<&str, &Kept<T>> = T::shelf(hall).iter().map(|kept| (kept.value.key(), kept)).collect();
    let bare: HashMap<&str, &str> = held.keys().map(|id| (id.trim_start_matches('0'), *id)).collect();
    let key = T::COLUMNS[0].code;
    let mut seen: HashMap<String, u32> = HashMap::new();
    let (mut steps, mut faults) = (Vec::new(), Vec::new());
    table.each::<T>(&mut faults, |cells| {
        let row = cells.row;
        let id = cells.get(key).unwrap_or_default().to_owned();
        let kept = held.get(id.as_str()).copied();
        let fault = |wrong| RowFault { row: Some(row), column: Some(key), wrong };
        if let Some(first) = seen.insert(id.clone(), row).filter(|_| !id.is_empty()) {
            return cells.faults.push(fault(SheetWrong::RepeatedRow { first }));
        }
        if let Some(known) = bare.get(id.as_str()).filter(|_| kept.is_none() && !id.is_empty()) {
            let (found, known) = (id.clone(), (*known).to_owned());
            return cells.faults.push(fault(SheetWrong::LostZeros { found, known }));
        }
        let Some(mut value) = T::of_row(cells, kept.map(|k| &k.value)) else { return };
        value.settle(kept.map(|k| &k.value));
        let before = kept.map(|k| &k.value);
        let change = Change { row: Some(row), id, cells: differing(before, Some(&value)) };
        match kept {
            None => {
                plan.added.push(change);
                steps.push(Step::Put(value, 0));
            }
            Some(kept) if kept.retired_on.is_some() => {
                plan.restored.push(change);
                steps.push(Step::Restore(value, kept.revision));
            }
            Some(kept) if !change.cells.is_empty() => {
                plan.changed.push(change);
                steps.push(Step::Put(value, kept.revision));
            }
            Some(_) => plan.unchanged += 1,
        }
    });
    if absent == Absent::Retire {
        for kept in T::shelf(hall).iter().filter(|k| k.retired_on.is_none() && !seen.contains_key(k.value.key())) {
            let id = kept.value.key().to_owned();
            plan.retired.push(Change { row: None, id: id.clone(), cells: differing(Some(&kept.value), None) });
            steps.push(Step::Retire(id, kept.revision));
        }
    }
    plan.faults = faults;
    (plan, steps)
}

/// The cells in which two values differ; of one alone, all that are filled.
fn differing<T: Listed>(before: Option<&T>, after: Option<&T>) -> Vec<(&'static str, String, String)> {
    let texts = |value: Option<&T>| match value {
        Some(value) => value.to_row(Language::Zh),
        None => vec![String::new(); T::COLUMNS.len()],
    };
    let pairs = texts(before).into_iter().zip(texts(after));
    T::COLUMNS.iter().zip(pairs).filter(|(_, (b, a))| b != a).map(|(c, (b, a))| (c.code, b, a)).collect()
}

/// A fault of the whole hall, at the row that causes it where there is one.
fn placed<T: Listed>(fault: FieldFault, rows: &HashMap<&str, u32>) -> RowFault {
    let row = rows.get(fault.id.as_str()).copied().filter(|_| fault.kind == T::KIND);
    let within = |c: &&super::columns::Column| {
        let rest = fault.field.strip_prefix(c.field);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    };
    match row {
        Some(row) => {
            let column = T::COLUMNS.iter().find(within).map(|c| c.code);
            RowFault { row: Some(row), column, wrong: SheetWrong::Value(fault.wrong) }
        }
        None => {
            let wrong = SheetWrong::Elsewhere { kind: fault.kind, id: fault.id, wrong: fault.wrong };
            RowFault { row: None, column: None, wrong }
        }
    }
}
