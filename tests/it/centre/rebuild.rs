//! Figures made anew from the entries are those that stood, and a book that was meddled with is put right.

use pingyi::centre::in_process::Centre;
use pingyi::centre::ingest::audit::audit;
use pingyi::centre::ingest::by_phone::PhoneRating;
use pingyi::centre::ingest::explanations;
use pingyi::centre::ingest::rebuild::{RebuildFault, Rebuilt, rebuild};
use pingyi::centre::statistics::{Book, digest, home_zone};
use pingyi::domain::explanation::ForkVerdict;
use pingyi::domain::id::TagCode;
use pingyi::domain::rating::{Satisfaction, Signals};
use pingyi::domain::visit::VisitOutcome;

use super::ingest::{book, centre_with};
use super::terminal::{START, Terminal};

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn level(&mut self) -> Satisfaction {
        Satisfaction::from_level(1 + self.below(5) as u8).unwrap()
    }
}

/// Visits as they come, with second thoughts and words that arrive long after.
fn live(t: &mut Terminal, dice: &mut Dice, visits: u64) {
    let mut old = Vec::new();
    for _ in 0..visits {
        let visit = t.open();
        old.push(visit);
        if dice.below(4) == 0 {
            t.close(visit, VisitOutcome::NoResponse);
            continue;
        }
        let level = dice.level();
        t.rate(visit, level);
        if dice.below(3) == 0 {
            t.explain(visit, &["slow", "queue"]);
        }
        if dice.below(5) == 0 {
            let level = dice.level();
            t.revise(visit, level);
        }
        t.close(visit, VisitOutcome::Rated);
        if dice.below(4) == 0 {
            let earlier = old[dice.below(old.len() as u64) as usize];
            t.explain(earlier, &["attitude"]);
        }
    }
}

fn by_phone(t: &Terminal, visit: u64, nonce: u64, level: Satisfaction) -> PhoneRating {
    PhoneRating {
        device: t.tip.device,
        epoch: t.tip.epoch,
        visit,
        nonce: [nonce as u8; 16],
        rated_at_kiosk: false,
        level: Some(level),
        reasons: vec![TagCode::new("slow").unwrap()],
        signals: Signals::NONE,
        sealed: None,
    }
}

fn digest_of(centre: &Centre) -> [u8; 32] {
    let tx = centre.conn().unchecked_transaction().unwrap();
    Book::open(&tx, home_zone()).unwrap().flush(&tx).unwrap();
    let digest = digest::digest(&tx).unwrap();
    tx.commit().unwrap();
    digest
}

fn anew(centre: &Centre) -> Result<Rebuilt, RebuildFault> {
    let tx = centre.conn().unchecked_transaction().unwrap();
    let mut told = 0;
    let rebuilt = rebuild(&tx, home_zone(), START, |entries| told = entries)?;
    assert_eq!(told, rebuilt.entries, "progress reaches the end");
    tx.commit().unwrap();
    Ok(rebuilt)
}

/// Three terminals whose batches mix, with phones that come before, between and after.
fn a_lived_in_centre(seed: u64) -> (Centre, u64) {
    let mut dice = Dice(seed);
    let mut terminals: Vec<Terminal> = (1..4).map(Terminal::new).collect();
    terminals.iter_mut().for_each(|t| live(t, &mut dice, 40));
    let mut centre = centre_with(&terminals.iter().collect::<Vec<_>>());
    let mut sent = [0_u64; 3];
    let mut entries = 0;
    for nonce in 0.. {
        let at = dice.below(3) as usize;
        let t = &terminals[at];
        let (from, to) = (sent[at] + 1, (sent[at] + 1 + dice.below(25)).min(t.tip.seq));
        if from <= to {
            centre.ingest(&t.batch(from, to), t.now).unwrap();
            entries += to - sent[at];
            sent[at] = to;
        }
        let visit = 1 + dice.below(t.tip.seq);
        let level = dice.level();
        let _ = centre.rate_by_phone(&by_phone(t, visit, nonce % 200, level), t.now);
        if (0..3).all(|i| sent[i] == terminals[i].tip.seq) {
            return (centre, entries);
        }
    }
    unreachable!()
}

#[test]
fn figures_made_anew_are_those_that_stood() {
    for seed in 1..25 {
        let (centre, entries) = a_lived_in_centre(seed);
        let (before, rows) = (digest_of(&centre), book(&centre));
        assert!(rows.len() > 100, "{}", rows.len());
        assert_eq!(anew(&centre).unwrap().entries, entries);
        assert_eq!(digest_of(&centre), before, "seed {seed}");
        assert_eq!(book(&centre), rows);
        assert_eq!(audit(centre.conn()).unwrap().findings, []);
    }
}

#[test]
fn a_book_that_was_meddled_with_is_put_right_and_missing_entries_are_told() {
    let (centre, _) = a_lived_in_centre(77);
    let before = digest_of(&centre);
    let conn = centre.conn();
    conn.execute("UPDATE fact SET level = 5 WHERE level = 1", []).unwrap();
    conn.execute("DELETE FROM fact WHERE id % 7 = 3", []).unwrap();
    conn.execute("DELETE FROM rollup WHERE id % 2 = 0", []).unwrap();
    conn.execute("DELETE FROM recalled_visit", []).unwrap();
    assert_ne!(digest_of(&centre), before);
    assert!(!audit(conn).unwrap().findings.is_empty());
    anew(&centre).unwrap();
    assert_eq!(digest_of(&centre), before);
    assert_eq!(audit(conn).unwrap().findings, []);
    conn.execute("DELETE FROM segment WHERE id = (SELECT min(id) FROM segment WHERE ledger = 2 AND first_seq > 1)", [])
        .unwrap();
    assert!(matches!(anew(&centre), Err(RebuildFault::Gap { ledger: 2, .. })));
    assert_eq!(digest_of(&centre), before, "a rebuild that fails leaves everything as it was");
}

#[test]
fn a_decided_fork_counts_again_as_it_was_decided() {
    let mut t = Terminal::new(1);
    let mut other = Terminal::new(1);
    t.serve(Satisfaction::Satisfied);
    other.serve(Satisfaction::Satisfied);
    t.serve(Satisfaction::VerySatisfied);
    other.serve(Satisfaction::VeryDissatisfied);
    other.serve(Satisfaction::Dissatisfied);
    let mut centre = centre_with(&[&t]);
    centre.ingest(&t.batch(1, t.tip.seq), t.now).unwrap();
    centre.ingest(&other.batch(1, other.tip.seq), t.now).unwrap();
    let at = explanations::forks_at(centre.conn(), 1).unwrap()[0];
    let place = (t.tip.device, t.tip.epoch, at);
    let both = ForkVerdict::ALL.iter().copied().find(|v| *v != ForkVerdict::Held).unwrap();
    explanations::decide_fork(centre.conn(), place, both, ("a copied disk", "hall"), t.now).unwrap().unwrap();
    centre.settle_decisions(t.now).unwrap();
    let (before, rows) = (digest_of(&centre), book(&centre));
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert_eq!(anew(&centre).unwrap().decisions, 1);
    assert_eq!((digest_of(&centre), book(&centre)), (before, rows));
}
