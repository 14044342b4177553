//! Sums to rows: rates, empty groups, suppression, order and ranks.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::Scope;
use super::ask::LEAST_MIN_N;
use super::calendar::{month_of, weekday_of};
use super::cell::{Axis, Cell, NOBODY};
use super::covered::{Edges, Ends};
use super::criteria::{Criteria, time_key};
use super::labels::{Labels, UNASSIGNED};
use super::names::NameList;
use crate::domain::query::{Adopted, Answer, Dimension, LevelCounts, Order, Query, Rate, Row};
use crate::domain::rating::{Channel, Satisfaction};

/// What was added up.
pub struct Sums {
    /// By node, or by the number of a day, month, hour, weekday or level.
    pub groups: HashMap<i64, Cell>,
    pub total: Cell,
    pub aside: Aside,
    /// Ratings of clock grade C.
    pub untimed: i64,
    /// Everything is hidden: together with a wider answer it would give a small group away.
    pub withheld: bool,
    /// How the period ends for each group.
    pub edges: Edges,
}

/// What of it is not adopted.
#[derive(Default)]
pub struct Aside {
    pub groups: HashMap<i64, Cell>,
    pub total: Cell,
}

/// One group on its way to a [`Row`].
struct Draft {
    key: String,
    cell: Cell,
    /// Its ratings that are not adopted.
    aside: Cell,
    ends: Ends,
    hidden: bool,
}

impl Draft {
    fn n(&self) -> u64 {
        ratings(&self.cell)
    }
}

/// Makes the answer; `query` is repeated in it as it was understood.
pub fn answer(
    mut sums: Sums,
    query: Query,
    scope: &Scope,
    criteria: &Criteria,
    names: &NameList,
    labels: &Labels,
) -> Answer {
    let rated_only = criteria.rated_only() || matches!(query.by, Some(Dimension::Level | Dimension::Reason));
    let mut drafts = Vec::new();
    if let Some(by) = query.by {
        add_empty_groups(&mut sums.groups, by, criteria);
        drafts = in_order(sums.groups, &sums.aside.groups, &sums.edges, |g| key(by, g, names, labels));
        add_known_nodes(&mut drafts, by, criteria, names, labels);
    }
    let total_hidden = sums.withheld || suppress(&mut drafts, &sums.total, scope.min_group, query.by);
    if sums.withheld {
        drafts.iter_mut().for_each(|d| d.hidden = true);
    }
    let order_key = |d: &Draft| query.by.map_or(0, |by| level_first(by, &d.key));
    drafts.sort_by(|a, b| order_key(a).cmp(&order_key(b)).then_with(|| a.key.cmp(&b.key)));
    let rows: Vec<Row> = drafts.iter().map(|d| row(d, query.by, rated_only, labels)).collect();
    let total = Draft {
        key: "total".to_owned(),
        cell: sums.total,
        aside: sums.aside.total,
        ends: Ends::default(),
        hidden: total_hidden,
    };
    let total_rated_only = criteria.rated_only();
    Answer {
        rows: ordered(rows, &query),
        total: Row { name: labels.total(), ..row(&total, None, total_rated_only, labels) },
        untimed: if total_hidden { 0 } else { u64::try_from(sums.untimed).unwrap_or(0) },
        sample: sums.total.sample > 0,
        query,
    }
}

/// Days, months and weekdays of the period, hours between the first and the last, and levels stand there also with
/// nothing in them.
fn add_empty_groups(groups: &mut HashMap<i64, Cell>, by: Dimension, criteria: &Criteria) {
    let days = (criteria.from_day..=criteria.to_day).filter(|&d| criteria.day_passes(d));
    let empty: Vec<i64> = match by {
        Dimension::Day => days.collect(),
        Dimension::Month => days.map(month_of).collect(),
        Dimension::Weekday => days.map(weekday_of).collect(),
        Dimension::Hour => {
            let (first, last) = (groups.keys().min().copied(), groups.keys().max().copied());
            let between = first.unwrap_or(0)..=last.unwrap_or(-1);
            between.filter(|&h| criteria.hour_passes(h)).collect()
        }
        Dimension::Level => (1..=5).filter(|&l| criteria.level_passes(l as usize - 1)).collect(),
        _ => return,
    };
    groups.retain(|&g, _| by != Dimension::Level || empty.contains(&g));
    for group in empty {
        groups.entry(group).or_default();
    }
}

/// A window or a person of the board that nobody rated is a finding too, unless the question was about others.
fn add_known_nodes(drafts: &mut Vec<Draft>, by: Dimension, criteria: &Criteria, names: &NameList, labels: &Labels) {
    // An account book's sum of nothing: a visit entered and taken back.
    drafts.retain(|d| !matches!(by, Dimension::Reason | Dimension::Item) || !d.cell.is_zero());
    drafts.retain(|d| d.key != UNASSIGNED || !d.cell.is_zero());
    let filters = [Axis::Hall, Axis::ServiceWindow, Axis::Staff, Axis::Item, Axis::Channel, Axis::Reason];
    let listed = matches!(by, Dimension::Hall | Dimension::ServiceWindow | Dimension::Staff);
    if !listed || filters.into_iter().any(|f| criteria.nodes(f).is_some()) {
        return;
    }
    let there: HashSet<String> = drafts.iter().map(|d| d.key.clone()).collect();
    for known in labels.known(by) {
        let key = if by == Dimension::ServiceWindow { window_key(known, names, labels) } else { known };
        if !there.contains(key) {
            let (cell, aside, ends) = (Cell::default(), Cell::default(), Ends::default());
            drafts.push(Draft { key: key.to_owned(), cell, aside, ends, hidden: false });
        }
    }
}

/// What a window's row is called: its plain id where only one hall is known to have it, else `hall/window`.
fn window_key<'a>(full: &'a str, names: &NameList, labels: &Labels) -> &'a str {
    let Some((_, plain)) = full.split_once('/') else { return full };
    let alone = names.windows(plain).iter().all(|&w| names.code(w) == Some(full))
        && labels.windows(plain).iter().all(|w| w == full);
    if alone { plain } else { full }
}

/// What the row of a group is called.
pub fn key(by: Dimension, group: i64, names: &NameList, labels: &Labels) -> String {
    let node = u32::try_from(group).unwrap_or(NOBODY);
    let named = match by {
        Dimension::ServiceWindow => names.code(node).map(|full| window_key(full, names, labels)),
        Dimension::Staff | Dimension::Item if node == NOBODY => Some(UNASSIGNED),
        Dimension::Hall | Dimension::Staff | Dimension::Item | Dimension::Reason => names.code(node),
        Dimension::Channel => Channel::ALL.get(node as usize).map(|c| c.code()),
        Dimension::Level => u8::try_from(group).ok().and_then(Satisfaction::from_level).map(Satisfaction::code),
        Dimension::Hour | Dimension::Weekday | Dimension::Day | Dimension::Month => None,
    };
    named.map_or_else(|| time_key(by, group), str::to_owned)
}

/// Levels stand best first, all others by key.
fn level_first(by: Dimension, key: &str) -> u8 {
    match (by, Satisfaction::from_code(key)) {
        (Dimension::Level, Some(level)) => 5 - level.level(),
        _ => u8::from(key == UNASSIGNED),
    }
}

/// Groups in the order of their numbers, so that of equally large ones always the same is hidden.
fn in_order(
    groups: HashMap<i64, Cell>,
    asides: &HashMap<i64, Cell>,
    edges: &Edges,
    key: impl Fn(i64) -> String,
) -> Vec<Draft> {
    let mut groups: Vec<(i64, Cell)> = groups.into_iter().collect();
    groups.sort_unstable_by_key(|(g, _)| *g);
    let ends = |g: &i64| edges.0.get(g).copied().unwrap_or_default();
    let aside = |g: &i64| asides.get(g).copied().unwrap_or_default();
    let draft =
        |(g, cell): &(i64, Cell)| Draft { key: key(*g), cell: *cell, aside: aside(g), ends: ends(g), hidden: false };
    groups.iter().map(draft).collect()
}

/// The groups of a table that an answer hides.
pub fn hidden(groups: HashMap<i64, Cell>, total: &Cell, min_group: u64, by: Dimension, edges: &Edges) -> HashSet<i64> {
    let mut drafts = in_order(groups, &HashMap::new(), edges, |g| g.to_string());
    suppress(&mut drafts, total, min_group, Some(by));
    drafts.iter().filter(|d| d.hidden).filter_map(|d| d.key.parse().ok()).collect()
}

/// Hides groups smaller than `min_group`, and as many of the next larger ones as it takes that what is hidden cannot be
/// worked out from the total: two groups at least, and together no small group. Groups for which the period ends badly count
/// as small ones, and what is hidden must end well as one group ([`mod@super::covered`]). True if the total is hidden too.
///
/// What a question and a wider one give away together is withheld before ([`mod@super::ask`]).
fn suppress(drafts: &mut [Draft], total: &Cell, min_group: u64, by: Option<Dimension>) -> bool {
    let total_n = ratings(total);
    if total_n > 0 && total_n < min_group {
        drafts.iter_mut().for_each(|d| d.hidden = true);
        return true;
    }
    // A level is not a group of people: how a large group chose is what the other figures say as well.
    if by == Some(Dimension::Level) {
        return false;
    }
    for draft in drafts.iter_mut() {
        draft.hidden = draft.n() > 0 && (draft.n() < min_group || !draft.ends.are_good(min_group));
    }
    if by == Some(Dimension::Reason) {
        return false;
    }
    loop {
        let hidden: Vec<u64> = drafts.iter().filter(|d| d.hidden).map(Draft::n).collect();
        let ends = drafts.iter().filter(|d| d.hidden).fold(Ends::default(), |all, d| all.with(d.ends));
        let is_large = hidden.len() > 1 && hidden.iter().sum::<u64>() >= min_group;
        if hidden.is_empty() || (is_large && ends.are_good(min_group)) {
            return false;
        }
        let next = drafts.iter_mut().filter(|d| !d.hidden && d.n() > 0).min_by_key(|d| d.n());
        match next {
            Some(draft) => draft.hidden = true,
            None => return true,
        }
    }
}

fn row(draft: &Draft, by: Option<Dimension>, rated_only: bool, labels: &Labels) -> Row {
    let name = by.map_or_else(|| draft.key.clone(), |by| labels.name(by, &draft.key));
    let mut out = Row::withheld(draft.key.clone(), name);
    if draft.hidden {
        return out;
    }
    out.suppressed = false;
    let raw = figures(draft.cell.levels);
    let n = raw.n;
    (out.n, out.levels, out.mean) = (Some(n), Some(raw.levels), raw.mean);
    (out.positive_rate, out.satisfied_rate, out.negative_rate) =
        (raw.positive_rate, raw.satisfied_rate, raw.negative_rate);
    let aside = ratings(&draft.aside);
    out.set_aside = Some(aside);
    out.adopted = (aside > 0).then(|| {
        let mut levels = draft.cell.levels;
        levels.iter_mut().zip(draft.aside.levels).for_each(|(all, aside)| *all -= aside);
        figures(levels)
    });
    out.flagged = Some(draft.cell.flagged.iter().sum::<i64>().try_into().unwrap_or(0));
    if !rated_only {
        let served = u64::try_from(draft.cell.served).unwrap_or(0);
        out.served = Some(served);
        out.participation = Rate::wilson(n, served);
    }
    out
}

/// What ratings by level say.
fn figures(levels: [i64; 5]) -> Adopted {
    let [n1, n2, n3, n4, n5] = levels.map(|n| u64::try_from(n).unwrap_or(0));
    let n = n1 + n2 + n3 + n4 + n5;
    Adopted {
        n,
        levels: LevelCounts {
            very_satisfied: n5,
            satisfied: n4,
            basically_satisfied: n3,
            dissatisfied: n2,
            very_dissatisfied: n1,
        },
        positive_rate: Rate::wilson(n5 + n4, n),
        satisfied_rate: Rate::wilson(n5 + n4 + n3, n),
        negative_rate: Rate::wilson(n2 + n1, n),
        mean: (n > 0).then(|| (n1 + 2 * n2 + 3 * n3 + 4 * n4 + 5 * n5) as f64 / n as f64),
    }
}

fn ordered(mut rows: Vec<Row>, query: &Query) -> Vec<Row> {
    match query.order {
        Order::Key => rows,
        Order::Count => {
            // Hidden groups stay in the order of their keys, at the end.
            rows.sort_by_key(|r| (r.suppressed, std::cmp::Reverse(r.n.unwrap_or(0))));
            rows
        }
        Order::Ranking => ranked(rows, query.min_n.max(LEAST_MIN_N)),
    }
}

fn ranked(rows: Vec<Row>, min_n: u64) -> Vec<Row> {
    let fit = |r: &Row| !r.suppressed && r.key != UNASSIGNED && r.n.is_some_and(|n| n >= min_n);
    let (mut fit, rest): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(fit);
    let low = |r: &Row| r.satisfied_rate.map_or(0.0, |rate| rate.low);
    fit.sort_by(|a, b| low(b).partial_cmp(&low(a)).unwrap_or(Ordering::Equal).then(b.n.cmp(&a.n)));
    let mut leader = (0, 0.0);
    for (at, row) in fit.iter_mut().enumerate() {
        let high = row.satisfied_rate.map_or(0.0, |rate| rate.high);
        if at == 0 || high < leader.1 {
            leader = (at as u64 + 1, low(row));
        }
        row.rank = Some(leader.0);
    }
    fit.extend(rest);
    fit
}

fn ratings(cell: &Cell) -> u64 {
    cell.levels.iter().map(|&n| u64::try_from(n).unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(key: &str, n: i64) -> Draft {
        Draft {
            key: key.to_owned(),
            cell: Cell { levels: [0, 0, 0, 0, n], served: n, ..Cell::default() },
            aside: Cell::default(),
            ends: Ends::default(),
            hidden: false,
        }
    }

    fn hidden(ns: &[i64], min_group: u64, by: Dimension) -> (Vec<i64>, bool) {
        let mut drafts: Vec<Draft> = ns.iter().enumerate().map(|(i, &n)| draft(&i.to_string(), n)).collect();
        let mut total = Cell::default();
        drafts.iter().for_each(|d| total.add(&d.cell));
        let total_hidden = suppress(&mut drafts, &total, min_group, Some(by));
        (drafts.iter().filter(|d| d.hidden).map(|d| d.cell.levels[4]).collect(), total_hidden)
    }

    #[test]
    fn one_small_group_takes_the_next_larger_one_with_it() {
        let window = Dimension::ServiceWindow;
        assert_eq!(hidden(&[40, 2, 30, 9], 5, window), (vec![2, 9], false));
        assert_eq!(hidden(&[40, 2, 0, 30, 4], 5, window), (vec![2, 4], false));
        assert_eq!(hidden(&[40, 1, 30, 2], 5, window), (vec![1, 30, 2], false), "1 + 2 is a small group itself");
        assert_eq!(hidden(&[40, 30], 5, window), (vec![], false));
        assert_eq!(hidden(&[0, 0], 5, window), (vec![], false));
    }

    #[test]
    fn where_no_other_group_can_cover_it_the_total_is_hidden_too() {
        assert_eq!(hidden(&[4], 5, Dimension::Staff), (vec![4], true));
        assert_eq!(hidden(&[3, 0, 1], 5, Dimension::Day), (vec![3, 0, 1], true));
        assert_eq!(hidden(&[2, 2, 2], 5, Dimension::Day), (vec![2, 2, 2], false));
        assert_eq!(hidden(&[2, 1, 90], 0, Dimension::Day), (vec![], false), "a role that may see all");
    }

    #[test]
    fn levels_of_a_large_group_are_not_hidden() {
        assert_eq!(hidden(&[1, 0, 3, 50], 5, Dimension::Level), (vec![], false));
        assert_eq!(hidden(&[1, 0, 3], 5, Dimension::Level), (vec![1, 0, 3], true));
        assert_eq!(hidden(&[1, 7, 30], 5, Dimension::Reason), (vec![1], false), "reasons overlap");
    }

    fn rated(key: &str, satisfied: u64, n: u64) -> Row {
        let mut d = draft(key, satisfied as i64);
        d.cell.levels[0] = (n - satisfied) as i64;
        let labels = Labels::new([], crate::words::Language::Zh);
        row(&d, None, false, &labels)
    }

    #[test]
    fn ranks_follow_the_lower_bound_and_ties_do_not_chain() {
        let rows = vec![
            rated("few", 2, 2),
            rated("lucky", 10, 10),
            rated("good", 990, 1000),
            rated("close", 985, 1000),
            rated("poor", 800, 1000),
            rated("poorer", 780, 1000),
        ];
        let got: Vec<(String, Option<u64>)> = ranked(rows, 5).into_iter().map(|r| (r.key, r.rank)).collect();
        let want = [
            ("good", Some(1)),
            ("close", Some(1)),
            ("poor", Some(3)),
            ("poorer", Some(3)),
            ("lucky", Some(3)),
            ("few", None),
        ];
        assert_eq!(got, want.map(|(k, r)| (k.to_owned(), r)));
        // Each overlaps with its neighbour, the last one not with the first.
        let chain = vec![rated("a", 950, 1000), rated("b", 930, 1000), rated("c", 910, 1000)];
        let ranks: Vec<_> = ranked(chain, 5).into_iter().map(|r| r.rank).collect();
        assert_eq!(ranks, [Some(1), Some(1), Some(3)]);
    }
}
