//! Twenty kiosks over a faulty network against the real ingest, in one thread, on a virtual clock: every choice comes from
//! one seed, so that any run can be repeated.
//!
//! The kiosks are real journals, sessions and plans; the centre is the very code that serves HTTP. What is simulated is
//! the network between them and the time.
//!
//! `PINGYI_SEEDS=10000 cargo test --release --test it simulation -- --nocapture` runs so many seeds; `PINGYI_SEED=N` runs
//! one and prints its trace.

mod audit;
mod network;
mod terminal;
mod world;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use world::{Outcome, World};

const FEW: u64 = 24;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

fn run(seed: u64) -> Outcome {
    World::new(seed).run().unwrap_or_else(|why| panic!("seed {seed}: {why}\nrepeat it with PINGYI_SEED={seed}"))
}

#[test]
fn every_rating_is_counted_exactly_once_whatever_the_network_does() {
    if let Some(seed) = number("PINGYI_SEED") {
        println!("{:#?}", run(seed));
        return;
    }
    let seeds = number("PINGYI_SEEDS").unwrap_or(FEW);
    let (next, began) = (AtomicU64::new(1), Instant::now());
    let work = || {
        let mut sum = Outcome::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed > seeds {
                return sum;
            }
            sum.add(&run(seed));
            if seed % 500 == 0 {
                println!("{seed} seeds, {:.0} a second", seed as f64 / began.elapsed().as_secs_f64());
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let sum = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut sum = Outcome::default();
        for worker in workers {
            match worker.join() {
                Ok(part) => sum.add(&part),
                Err(cause) => std::panic::resume_unwind(cause),
            }
        }
        sum
    });
    let rate = seeds as f64 / began.elapsed().as_secs_f64();
    println!("{seeds} seeds, {rate:.1} a second: {sum:#?}");
    // A simulation in which nothing happens proves nothing.
    assert!(sum.counted > 50 * seeds, "{sum:#?}");
    for (what, n) in [
        ("requests lost", sum.lost),
        ("requests doubled", sum.doubled),
        ("requests cut", sum.cut),
        ("answers lost", sum.answers_lost),
        ("kiosk restarts", sum.restarts),
        ("rollbacks", sum.rollbacks),
        ("forks found", sum.forks),
        ("centre restores", sum.restores),
    ] {
        assert!(n >= seeds / 4, "{what} happened {n} times only");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in [1, 4_242] {
        let (a, b) = (run(seed), run(seed));
        assert_eq!(a.trace, b.trace, "seed {seed}");
        assert_eq!(a.events, b.events);
    }
    assert_ne!(run(1).trace, run(2).trace);
}
