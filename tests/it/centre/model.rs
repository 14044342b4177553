//! The book against a model: random visits, phones, batch borders, repeats, restarts – the same figures every time.

use std::collections::BTreeMap;

use pingyi::centre::in_process::Centre;
use pingyi::centre::ingest::audit::audit;
use pingyi::centre::ingest::by_phone::{PhoneOutcome, PhoneRating};
use pingyi::domain::id::TagCode;
use pingyi::domain::rating::{Satisfaction, Signals};
use pingyi::domain::visit::VisitOutcome;
use pingyi::protocol::BatchAnswer;

use super::ingest::{book, centre_with};
use super::terminal::Terminal;

/// SplitMix64: the same seed, the same story.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    fn level(&mut self) -> Satisfaction {
        Satisfaction::from_level(1 + self.below(5) as u8).unwrap()
    }

    fn tag(&mut self) -> &'static str {
        ["slow", "queue", "rude", "unclear"][self.below(4) as usize]
    }
}

/// What a visit should come to.
#[derive(Default, Clone)]
struct Expected {
    /// Level and the `seq` of the first rating.
    kiosk: Option<(u8, u64)>,
    reasons: String,
    silent: bool,
    closed: bool,
    phone: Option<(u8, String)>,
}

impl Expected {
    fn row(&self, visit: u64) -> Option<(i64, Option<u8>, String, String)> {
        let visit = visit as i64;
        if let Some((level, reasons)) = &self.phone {
            return Some((visit, Some(*level), "phone".into(), reasons.clone()));
        }
        if let Some((level, _)) = self.kiosk {
            return Some((visit, Some(level), "kiosk".into(), self.reasons.clone()));
        }
        self.silent.then(|| (visit, None, "kiosk".into(), String::new()))
    }
}

/// Adds one random entry to the ledger and to the model.
fn happen(dice: &mut Dice, t: &mut Terminal, model: &mut BTreeMap<u64, Expected>) {
    let visits: Vec<u64> = model.keys().copied().collect();
    // Mostly the latest visit, sometimes one long past.
    let back = if dice.below(8) == 0 { dice.below(visits.len().max(1) as u64) } else { 0 };
    let Some(&visit) = visits.iter().rev().nth(back as usize) else {
        model.insert(t.open(), Expected::default());
        return;
    };
    let level = dice.level();
    let expected = model.get_mut(&visit).unwrap();
    match dice.below(10) {
        0..=2 => {
            model.insert(t.open(), Expected::default());
        }
        3..=4 => {
            let seq = t.rate(visit, level);
            expected.kiosk.get_or_insert((level.level(), seq));
        }
        5 => {
            let seq = t.revise(visit, level);
            let first = expected.kiosk.map_or(seq, |(_, first)| first);
            expected.kiosk = Some((level.level(), first));
            expected.reasons.clear();
        }
        6 => {
            let tag = dice.tag();
            t.explain(visit, &[tag]);
            expected.reasons = tag.into();
        }
        _ => {
            let outcome = VisitOutcome::ALL[dice.below(4) as usize];
            t.close(visit, outcome);
            expected.silent |= !expected.closed && outcome == VisitOutcome::NoResponse;
            expected.closed = true;
        }
    }
}

fn send(dice: &mut Dice, centre: &mut Centre, t: &Terminal, held: &mut u64) {
    let from = held.saturating_sub(dice.below(5)).max(1);
    let to = (*held + dice.below(9)).clamp(from, t.tip.seq);
    let BatchAnswer::Held { receipt } = centre.ingest(&t.batch(from, to), t.now).unwrap() else { panic!("not held") };
    *held = (*held).max(to);
    assert_eq!(receipt.seq, *held);
}

fn phone(dice: &mut Dice, centre: &mut Centre, t: &Terminal, held: u64, model: &mut BTreeMap<u64, Expected>) {
    let visits: Vec<u64> = model.keys().copied().collect();
    let Some(&visit) = visits.get(dice.below(visits.len().max(1) as u64) as usize) else { return };
    let (level, tag) = (dice.level(), dice.tag());
    let mut nonce = [0; 16];
    nonce[..8].copy_from_slice(&dice.below(u64::MAX).to_le_bytes());
    let rating = PhoneRating {
        device: t.tip.device,
        epoch: 1,
        visit,
        nonce,
        rated_at_kiosk: false,
        level: Some(level),
        reasons: vec![TagCode::new(tag).unwrap()],
        signals: Signals::NONE,
        sealed: None,
    };
    let expected = model.get_mut(&visit).unwrap();
    let by_kiosk = expected.kiosk.is_some_and(|(_, seq)| seq <= held);
    match centre.rate_by_phone(&rating, t.now).unwrap() {
        PhoneOutcome::Counted { pending } => {
            assert!(!by_kiosk && expected.phone.is_none());
            assert_eq!(pending, visit > held);
            expected.phone = Some((level.level(), tag.into()));
        }
        PhoneOutcome::Second => assert!(by_kiosk || expected.phone.is_some()),
        PhoneOutcome::TooMany => assert!(expected.phone.is_some() || by_kiosk),
        other => panic!("{other:?}"),
    }
}

#[test]
fn whatever_happens_in_whatever_batches_the_book_is_the_models() {
    for seed in 0..150 {
        let mut dice = Dice(seed);
        let mut t = Terminal::new(1);
        let mut centre = centre_with(&[&t]);
        let (mut model, mut held) = (BTreeMap::new(), 0);
        for _ in 0..120 {
            match dice.below(12) {
                0..=6 => happen(&mut dice, &mut t, &mut model),
                7..=9 => send(&mut dice, &mut centre, &t, &mut held),
                10 => phone(&mut dice, &mut centre, &t, held, &mut model),
                _ if dice.below(4) == 0 => centre.restart().unwrap(),
                _ => {}
            }
        }
        while held < t.tip.seq {
            send(&mut dice, &mut centre, &t, &mut held);
        }
        let expected: Vec<_> = model.iter().filter_map(|(visit, e)| e.row(*visit)).collect();
        assert_eq!(book(&centre), expected, "seed {seed}");
        let audit = audit(centre.conn()).unwrap();
        assert_eq!((audit.findings, audit.entries), (vec![], t.tip.seq), "seed {seed}");
    }
}
