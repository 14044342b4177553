//! 党员互评: a round, one vote on a colleague, and what comes out when it is over. Pure.
//!
//! **Invariant of absence:** a vote is only ever added to counts; nothing that is made here holds a voter beside a score.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::id::StaffNo;
use super::rating::coded;
use super::spread::{Estimate, with_deviation};

/// Criteria of a round.
pub const MAX_CRITERIA: usize = 8;
/// People of a round.
pub const MAX_PEOPLE: usize = 500;

coded! {
    /// Who takes part.
    Circle {
        /// 党员: whose card says so, with their consent.
        PartyMembers = "party",
        Everybody = "all",
    }
}

coded! {
    /// How far a round is.
    RoundState {
        Ahead = "ahead",
        Open = "open",
        Closed = "closed",
    }
}

/// When a round takes votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voting {
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// The day on which it was closed by hand.
    pub closed: Option<Date>,
}

impl Voting {
    pub fn state(&self, today: Date) -> RoundState {
        if self.closed.is_some() || today > self.to {
            RoundState::Closed
        } else if today < self.from {
            RoundState::Ahead
        } else {
            RoundState::Open
        }
    }

    /// The day from which on its results are known.
    pub fn ended(&self) -> Date {
        self.closed.unwrap_or(self.to)
    }
}

/// Somebody of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub staff_no: StaffNo,
    /// As the card said it when the round was called.
    pub name: String,
    pub votes: bool,
    pub is_voted_on: bool,
}

/// Why a vote is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VoteFault {
    #[error("the round takes no votes now")]
    NotOpen,
    #[error("the voter does not take part in the round")]
    NotAVoter,
    #[error("nobody votes on themselves")]
    Oneself,
    #[error("nobody of that number is voted on in the round")]
    NotVotedOn,
    #[error("every criterion needs a score within the scale")]
    Scores,
    #[error("the vote on this colleague was given; it is final")]
    Already,
}

/// Whether a vote may be taken; `has_voted`: on this colleague, in this round.
///
/// # Errors
/// [`VoteFault`]
pub fn judge(
    state: RoundState,
    voter: (&StaffNo, Option<&Person>),
    colleague: (&StaffNo, Option<&Person>),
    scores: &[u8],
    scale: (usize, u8),
    has_voted: bool,
) -> Result<(), VoteFault> {
    if state != RoundState::Open {
        return Err(VoteFault::NotOpen);
    }
    if !voter.1.is_some_and(|p| p.votes) {
        return Err(VoteFault::NotAVoter);
    }
    if voter.0 == colleague.0 {
        return Err(VoteFault::Oneself);
    }
    if !colleague.1.is_some_and(|p| p.is_voted_on) {
        return Err(VoteFault::NotVotedOn);
    }
    if has_voted {
        return Err(VoteFault::Already);
    }
    let (criteria, most) = scale;
    if scores.len() != criteria || !scores.iter().all(|s| (1..=most).contains(s)) {
        return Err(VoteFault::Scores);
    }
    Ok(())
}

/// How often each score was given to somebody: `[criterion][score - 1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally(Vec<Vec<u64>>);

/// What came out for somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Colleagues who voted.
    pub n: u64,
    /// Of all criteria, 0 to 100.
    pub all: Estimate,
    /// Mean of each criterion, 0 to 100.
    pub criteria: Vec<f64>,
}

impl Tally {
    pub fn new(criteria: usize, most: u8) -> Self {
        Self(vec![vec![0; usize::from(most)]; criteria])
    }

    /// Adds so many votes of one score; what is out of the scale is not added.
    pub fn add(&mut self, criterion: usize, score: u8, votes: u64) {
        let at = usize::from(score).checked_sub(1);
        if let Some(count) = at.and_then(|at| self.0.get_mut(criterion)?.get_mut(at)) {
            *count += votes;
        }
    }

    /// Votes: as many as the first criterion has scores.
    pub fn n(&self) -> u64 {
        self.0.first().map_or(0, |scores| scores.iter().sum())
    }

    /// None while fewer than `least` have voted: whoever knows one vote of three knows too much of the other two.
    pub fn outcome(&self, least: u64) -> Option<Outcome> {
        let n = self.n();
        if n == 0 || n < least {
            return None;
        }
        let each: Vec<(f64, f64)> = self.0.iter().map(|scores| mean_and_deviation(scores, n)).collect();
        let mean = |of: fn(&(f64, f64)) -> f64| each.iter().map(of).sum::<f64>() / each.len().max(1) as f64;
        // Scores of one vote go together: the mean deviation bounds that of their mean.
        let all = with_deviation(mean(|e| e.0), mean(|e| e.1), n);
        Some(Outcome { n, all, criteria: each.iter().map(|e| e.0).collect() })
    }
}

/// In points of a hundred.
fn mean_and_deviation(scores: &[u64], n: u64) -> (f64, f64) {
    let most = scores.len().max(1) as f64;
    let points = |at: usize| (at + 1) as f64 / most * 100.0;
    let n = n as f64;
    let mean = scores.iter().enumerate().map(|(at, &votes)| points(at) * votes as f64).sum::<f64>() / n;
    let squares = scores.iter().enumerate().map(|(at, &votes)| (points(at) - mean).powi(2) * votes as f64).sum::<f64>();
    (mean, if n > 1.0 { (squares / (n - 1.0)).sqrt() } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn person(no: &str) -> Person {
        Person { staff_no: StaffNo::new(no).unwrap(), name: no.to_owned(), votes: true, is_voted_on: true }
    }

    #[test]
    fn a_round_takes_votes_between_its_days_and_never_after_it_was_closed() {
        let voting = Voting { from: date(2026, 11, 2), to: date(2026, 11, 6), closed: None };
        for (day, state) in
            [(1, RoundState::Ahead), (2, RoundState::Open), (6, RoundState::Open), (7, RoundState::Closed)]
        {
            assert_eq!(voting.state(date(2026, 11, day)), state, "{day}");
        }
        let closed = Voting { closed: Some(date(2026, 11, 4)), ..voting };
        assert_eq!((closed.state(date(2026, 11, 4)), closed.ended()), (RoundState::Closed, date(2026, 11, 4)));
    }

    #[test]
    fn every_refusal_has_its_reason() {
        let (a, b) = (person("1"), person("2"));
        let aside = Person { votes: false, is_voted_on: false, ..person("3") };
        let stranger = StaffNo::new("9").unwrap();
        let vote = |state, voter: &Person, other: &StaffNo, known: Option<&Person>, scores: &[u8], has| {
            judge(state, (&voter.staff_no, Some(voter)), (other, known), scores, (2, 5), has)
        };
        use RoundState::{Closed, Open};
        assert_eq!(vote(Open, &a, &b.staff_no, Some(&b), &[1, 5], false), Ok(()));
        for (got, fault) in [
            (vote(Closed, &a, &b.staff_no, Some(&b), &[1, 5], false), VoteFault::NotOpen),
            (vote(Open, &aside, &b.staff_no, Some(&b), &[1, 5], false), VoteFault::NotAVoter),
            (vote(Open, &a, &a.staff_no, Some(&a), &[5, 5], false), VoteFault::Oneself),
            (vote(Open, &a, &stranger, None, &[1, 5], false), VoteFault::NotVotedOn),
            (vote(Open, &a, &aside.staff_no, Some(&aside), &[1, 5], false), VoteFault::NotVotedOn),
            (vote(Open, &a, &b.staff_no, Some(&b), &[1, 5], true), VoteFault::Already),
            (vote(Open, &a, &b.staff_no, Some(&b), &[1], false), VoteFault::Scores),
            (vote(Open, &a, &b.staff_no, Some(&b), &[0, 5], false), VoteFault::Scores),
            (vote(Open, &a, &b.staff_no, Some(&b), &[6, 5], false), VoteFault::Scores),
        ] {
            assert_eq!(got, Err(fault));
        }
    }

    #[test]
    fn few_votes_say_nothing_and_means_are_those_of_the_scale() {
        let mut tally = Tally::new(2, 5);
        for (first, second) in [(5, 4), (5, 2), (4, 3)] {
            tally.add(0, first, 1);
            tally.add(1, second, 1);
        }
        tally.add(0, 6, 1);
        tally.add(7, 1, 1);
        assert_eq!((tally.n(), tally.outcome(4)), (3, None));
        let out = tally.outcome(3).unwrap();
        assert!((out.criteria[0] - 1400.0 / 15.0).abs() < 1e-9 && (out.criteria[1] - 60.0).abs() < 1e-9, "{out:?}");
        assert!((out.all.value - (1400.0 / 15.0 + 60.0) / 2.0).abs() < 1e-9 && out.all.low < out.all.value);
    }

    proptest! {
        #[test]
        fn a_tally_is_the_same_whoever_gave_which_vote_and_in_whichever_order(
            votes in prop::collection::vec((1_u8..=5, 1_u8..=5), 1..12), seed in any::<u64>(),
        ) {
            let count = |order: &[(u8, u8)]| {
                let mut tally = Tally::new(2, 5);
                for (first, second) in order {
                    tally.add(0, *first, 1);
                    tally.add(1, *second, 1);
                }
                tally
            };
            let mut shuffled = votes.clone();
            let len = shuffled.len();
            for at in 0..len {
                shuffled.swap(at, (seed as usize).wrapping_mul(at + 7) % len);
            }
            prop_assert_eq!(count(&votes), count(&shuffled));
        }
    }
}
