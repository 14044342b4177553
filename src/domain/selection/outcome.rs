//! Scores, ties and places, made of a snapshot alone and in whole numbers.
//!
//! A score is the weighted mean of the sources that have something to say; the weight of those that have not is shared out
//! among the others in proportion, and what is missing is named. The bounds of the sources are carried through as those of
//! independent measurements: √Σ(w·d)² ÷ Σw, below and above by themselves.
//!
//! Two candidates whose bounds overlap are tied: the figures do not tell them apart. Places are given one after the other:
//! next may be whoever no other one that is left surely surpasses; of these whoever has more observations comes first; where
//! these are equal too, people decide, and the place is shared until they have.

use serde::{Deserialize, Serialize};

use super::snapshot::{Entrant, Snapshot};
use super::terms::{Terms, WEIGHTS_SUM, asks_party};
use crate::domain::appraisal::{Source, Subject};
use crate::domain::rating::coded;

coded! {
    /// What a place says of the seats.
    Standing {
        /// Within the seats by the stated rules.
        Within = "within",
        /// Shares the last seats with others: people decide.
        ByPeople = "by_people",
        Beyond = "beyond",
    }
}

/// One source's part in a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub source: Source,
    /// Points, as the terms say.
    pub weight: u8,
    /// What the weight came to after that of missing sources was shared out: millionths of the whole.
    pub share_micro: i64,
    pub score_milli: i64,
    /// What it adds to the score: millionths of a point.
    pub adds_micro: i64,
    pub n: u64,
}

/// A candidate with a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    pub subject: Subject,
    pub score_milli: i64,
    pub low_milli: i64,
    pub high_milli: i64,
    pub n: u64,
    pub shares: Vec<Share>,
    /// Sources with a weight that say nothing of it.
    pub missing: Vec<Source>,
    /// Points of weight whose sources have something to say.
    pub cover: u8,
    /// From 1; several have it if neither bounds nor observations tell them apart.
    pub place: u32,
    pub is_shared: bool,
    /// Between these places the figures leave it: 1 + those that are surely better, and all but those surely worse.
    pub best_place: u32,
    pub worst_place: u32,
    pub standing: Standing,
}

/// Why a candidate has no place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "bar", rename_all = "snake_case")]
pub enum Bar {
    TooFew { n: u64, min_n: u64 },
    OpenSerious,
    NotPartyMember,
    TooLittleCover { cover: u8, min_cover: u8 },
}

/// A candidate without a place, for these reasons, all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barred {
    pub subject: Subject,
    pub why: Vec<Bar>,
}

/// What came of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Hash of the snapshot it was made of.
    pub snapshot: String,
    /// By place, then by key.
    pub ranked: Vec<Ranked>,
    /// By key.
    pub barred: Vec<Barred>,
}

impl Ranked {
    /// The figures do not tell it apart from somebody else.
    pub const fn is_tied(&self) -> bool {
        self.best_place != self.worst_place
    }
}

impl Outcome {
    /// The one result of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        let terms = &snapshot.terms;
        let (mut ranked, mut barred) = (Vec::new(), Vec::new());
        for entrant in &snapshot.entrants {
            let why = bars(terms, entrant);
            match scored(terms, entrant) {
                Some(score) if why.is_empty() => ranked.push(score),
                _ => barred.push(Barred { subject: entrant.candidate.subject.clone(), why }),
            }
        }
        place(&mut ranked, u32::from(terms.seats));
        Self { snapshot: snapshot.hash(), ranked, barred }
    }

    /// The text that is kept and compared.
    pub fn canonical(&self) -> String {
        // Plain structs of texts and whole numbers always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn hash(&self) -> String {
        blake3::hash(self.canonical().as_bytes()).to_hex().to_string()
    }

    pub fn ranked(&self, subject: &Subject) -> Option<&Ranked> {
        self.ranked.iter().find(|r| &r.subject == subject)
    }

    pub fn barred(&self, subject: &Subject) -> Option<&Barred> {
        self.barred.iter().find(|b| &b.subject == subject)
    }
}

/// What counts for the least number: ratings where they have a weight, else everything that has.
fn observations(terms: &Terms, entrant: &Entrant) -> u64 {
    let public = terms.weight(Source::PublicAppraisal) > 0;
    let counts = |source: Source| if public { source == Source::PublicAppraisal } else { terms.weight(source) > 0 };
    entrant.marks.iter().filter(|m| counts(m.source)).fold(0, |sum: u64, m| sum.saturating_add(m.n))
}

fn cover(terms: &Terms, entrant: &Entrant) -> u8 {
    // Terms sum to 100.
    entrant.marks.iter().map(|m| terms.weight(m.source)).fold(0, u8::saturating_add)
}

fn bars(terms: &Terms, entrant: &Entrant) -> Vec<Bar> {
    let mut why = Vec::new();
    let (n, cover) = (observations(terms, entrant), cover(terms, entrant));
    if n < terms.min_n {
        why.push(Bar::TooFew { n, min_n: terms.min_n });
    }
    if cover < terms.min_cover.max(1) {
        why.push(Bar::TooLittleCover { cover, min_cover: terms.min_cover.max(1) });
    }
    if terms.no_open_serious && entrant.candidate.open_serious {
        why.push(Bar::OpenSerious);
    }
    if asks_party(terms.honour) && !entrant.candidate.party_member {
        why.push(Bar::NotPartyMember);
    }
    why
}

/// None: no source with a weight says anything.
fn scored(terms: &Terms, entrant: &Entrant) -> Option<Ranked> {
    let weighed: Vec<_> = entrant.marks.iter().filter(|m| terms.weight(m.source) > 0).collect();
    let weight = |source| i64::from(terms.weight(source));
    let whole: i64 = weighed.iter().map(|m| weight(m.source)).sum();
    if whole == 0 {
        return None;
    }
    let score = rounded(weighed.iter().map(|m| weight(m.source) * m.score_milli).sum(), whole);
    let spread = |of: fn(&super::snapshot::Measured) -> i64| {
        let squares = weighed.iter().map(|m| u128::from((weight(m.source) * of(m)).unsigned_abs()).pow(2));
        let root = squares.sum::<u128>().isqrt();
        // At most 100 × 100,000 and so within every whole number.
        i64::try_from(root).unwrap_or(i64::MAX).saturating_add(whole - 1) / whole
    };
    let shares = weighed.iter().map(|m| Share {
        source: m.source,
        weight: terms.weight(m.source),
        share_micro: rounded(weight(m.source) * 1_000_000, whole),
        score_milli: m.score_milli,
        adds_micro: rounded(weight(m.source) * m.score_milli * 1_000, whole),
        n: m.n,
    });
    let missing = terms.weights.keys().filter(|s| !weighed.iter().any(|m| m.source == **s)).copied();
    Some(Ranked {
        subject: entrant.candidate.subject.clone(),
        score_milli: score,
        low_milli: (score - spread(|m| m.score_milli - m.low_milli)).max(0),
        high_milli: (score + spread(|m| m.high_milli - m.score_milli)).min(i64::from(WEIGHTS_SUM) * 1_000),
        n: observations(terms, entrant),
        shares: shares.collect(),
        missing: missing.collect(),
        cover: cover(terms, entrant),
        place: 0,
        is_shared: false,
        best_place: 0,
        worst_place: 0,
        standing: Standing::Beyond,
    })
}

/// Half up; neither is negative.
fn rounded(numerator: i64, denominator: i64) -> i64 {
    (numerator + denominator / 2) / denominator
}

fn place(ranked: &mut Vec<Ranked>, seats: u32) {
    let bounds: Vec<_> = ranked.iter().map(|r| (r.low_milli, r.high_milli)).collect();
    for one in ranked.iter_mut() {
        let better = bounds.iter().filter(|(low, _)| *low > one.high_milli).count();
        let worse = bounds.iter().filter(|(_, high)| *high < one.low_milli).count();
        one.best_place = count(better) + 1;
        one.worst_place = count(bounds.len() - worse);
    }
    let mut left = std::mem::take(ranked);
    while !left.is_empty() {
        let floor = left.iter().map(|r| r.low_milli).max().unwrap_or(0);
        let most = left.iter().filter(|r| r.high_milli >= floor).map(|r| r.n).max().unwrap_or(0);
        let is_next = |r: &Ranked| r.high_milli >= floor && r.n == most;
        let (mut next, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(is_next);
        next.sort_by_key(|r| r.subject.key());
        let (place, sharing) = (count(ranked.len()) + 1, count(next.len()));
        for mut one in next {
            (one.place, one.is_shared) = (place, sharing > 1);
            one.standing = match place - 1 + sharing {
                last if last <= seats => Standing::Within,
                _ if place <= seats => Standing::ByPeople,
                _ => Standing::Beyond,
            };
            ranked.push(one);
        }
        left = rest;
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::story::{candidates, mark, snapshot, staff, terms};
    use super::*;
    use crate::domain::board::HonourKind;
    use crate::domain::time::WallMs;

    #[test]
    fn a_score_can_be_followed_to_its_sources_and_its_bounds_are_carried_through() {
        let outcome = Outcome::of(&snapshot());
        let first = outcome.ranked(&staff("0027")).unwrap();
        // 0.6 × 98 + 0.4 × 95; 0.6 × 1 to either side.
        assert_eq!((first.score_milli, first.low_milli, first.high_milli), (96_800, 96_200, 97_400));
        assert_eq!((first.place, first.best_place, first.worst_place, first.standing), (1, 1, 1, Standing::Within));
        assert_eq!(first.shares.iter().map(|s| s.adds_micro).sum::<i64>(), 96_800_000);
        let too_few = outcome.barred(&staff("0055")).unwrap();
        assert_eq!(too_few.why, [Bar::TooFew { n: 4, min_n: 30 }]);
        assert_eq!(Outcome::of(&Snapshot::read(&snapshot().canonical()).unwrap()).hash(), outcome.hash());
    }

    #[test]
    fn who_cannot_be_told_apart_is_tied_and_more_observations_come_first() {
        let outcome = Outcome::of(&snapshot());
        let (more, fewer) = (outcome.ranked(&staff("0031")).unwrap(), outcome.ranked(&staff("0042")).unwrap());
        assert!(fewer.score_milli > more.score_milli && more.is_tied() && fewer.is_tied());
        assert_eq!((more.place, fewer.place), (2, 3));
        assert_eq!((more.best_place, more.worst_place), (2, 3));
    }

    #[test]
    fn equal_observations_share_the_place_and_people_decide() {
        let marks: Vec<_> = ["0001", "0002", "0003"]
            .iter()
            .map(|no| mark(&staff(no), Source::PublicAppraisal, (90.0, 85.0, 95.0), 50))
            .collect();
        let of = |seats| {
            let terms = Terms { seats, ..terms() };
            let frozen = Snapshot::freeze(terms, candidates(&["0001", "0002", "0003"]), &marks, WallMs(0)).unwrap();
            Outcome::of(&frozen).ranked.iter().map(|r| (r.place, r.is_shared, r.standing)).collect::<Vec<_>>()
        };
        assert_eq!(of(2), vec![(1, true, Standing::ByPeople); 3]);
        assert_eq!(of(3), vec![(1, true, Standing::Within); 3]);
    }

    #[test]
    fn the_weight_of_a_missing_source_is_shared_out_and_named() {
        let marks = [mark(&staff("0001"), Source::PublicAppraisal, (90.0, 90.0, 90.0), 50)];
        let outcome = Outcome::of(&Snapshot::freeze(terms(), candidates(&["0001"]), &marks, WallMs(0)).unwrap());
        let one = &outcome.ranked[0];
        assert_eq!((one.score_milli, one.cover, one.missing.as_slice()), (90_000, 60, &[Source::LeaderReview][..]));
        assert_eq!(one.shares[0].share_micro, 1_000_000);
    }

    #[test]
    fn every_bar_is_named() {
        let mut list = candidates(&["0001", "0002"]);
        (list[0].open_serious, list[0].party_member) = (true, false);
        let terms = Terms { honour: HonourKind::ModelPost, ..terms() };
        let outcome = Outcome::of(&Snapshot::freeze(terms, list, &[], WallMs(0)).unwrap());
        assert!(outcome.ranked.is_empty());
        assert_eq!(outcome.barred(&staff("0001")).unwrap().why.len(), 4);
        assert_eq!(outcome.barred(&staff("0002")).unwrap().why.len(), 2);
    }
}
