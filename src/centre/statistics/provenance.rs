//! What an export says of itself, so that a file that has been passed on can still be understood.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::export::Provenance;
use super::labels::Labels;
use crate::domain::query::Answer;
use crate::domain::time::WallMs;
use crate::words::stats::{self, About, StatsWords};

/// Who asked, when and where.
#[derive(Debug, Clone)]
pub struct Asking {
    pub user: String,
    pub now: WallMs,
    pub zone: TimeZone,
    /// The role's minimum group; 0: it sees all.
    pub min_group: u64,
}

/// The lines of the second sheet.
pub fn provenance(answer: &Answer, asking: &Asking, labels: &Labels) -> Provenance {
    let (language, query) = (labels.language(), &answer.query);
    let words = About(language);
    let zone = asking.zone.iana_name().unwrap_or("-");
    let moment = Timestamp::from_millisecond(asking.now.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let moment = asking.zone.to_datetime(moment).strftime("%F %T").to_string();
    let filters: Vec<String> = query
        .filters
        .iter()
        .map(|f| {
            let names: Vec<String> = f.values.iter().map(|v| labels.name(f.dimension, v)).collect();
            format!("{}: {}", stats::dimension(language, f.dimension), names.join(" / "))
        })
        .collect();
    let by = query.by.map_or_else(|| StatsWords(language).everything(), |by| stats::dimension(language, by).into());
    let mut lines = vec![
        (words.by(), by.into_owned()),
        (words.period(), words.days(&query.from.to_string(), &query.to.to_string(), zone).into_owned()),
        (words.filters(), if filters.is_empty() { words.no_filters().into_owned() } else { filters.join("; ") }),
        (words.order(), stats::order(language, query.order).to_owned()),
        (words.min_n(), query.min_n.to_string()),
        (
            words.unflagged(),
            if query.unflagged_only { words.unflagged_out() } else { words.unflagged_in() }.into_owned(),
        ),
        (words.made(), words.made_by(&moment, &asking.user, env!("CARGO_PKG_VERSION")).into_owned()),
    ];
    if answer.sample {
        lines.push((words.sample(), words.sample_note().into_owned()));
    }
    if answer.untimed > 0 {
        lines.push((words.untimed(), words.untimed_note(answer.untimed).into_owned()));
    }
    for note in [words.rates_note(), words.participation_note(), words.interval_note()] {
        lines.push((words.rates(), note.into_owned()));
    }
    if asking.min_group > 0 {
        lines.push((words.rates(), words.suppressed_note().into_owned()));
    }
    let lines = lines.into_iter().map(|(name, text)| (name.into_owned(), text)).collect();
    Provenance { sheet: words.sheet().into_owned(), lines }
}
