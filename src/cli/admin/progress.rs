//! How far a long piece of work has come: a line that is written over on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

const OVER_EVERY: Duration = Duration::from_millis(200);
const LINE_EVERY: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    of: u64,
    done: u64,
    begun: Instant,
    told: Instant,
    over: bool,
}

impl Progress {
    pub fn new(what: &'static str, of: u64) -> Self {
        let now = Instant::now();
        Self { what, of, done: 0, begun: now, told: now, over: std::io::stderr().is_terminal() }
    }

    /// `done` is the sum so far; `place` says where the work is.
    pub fn reach(&mut self, done: u64, place: &str) {
        self.done = done;
        let now = Instant::now();
        if now.duration_since(self.told) >= if self.over { OVER_EVERY } else { LINE_EVERY } {
            self.told = now;
            self.tell(place);
        }
    }

    pub fn end(mut self) {
        self.tell("");
        if self.over {
            eprintln!();
        }
        self.over = false;
    }

    fn tell(&mut self, place: &str) {
        let line = line(self.what, self.done, self.of, self.begun.elapsed(), place);
        if self.over {
            // A terminal that has gone does not end the work.
            let _ = write!(std::io::stderr(), "\r\x1b[2K{line}");
        } else {
            eprintln!("{line}");
        }
    }
}

fn line(what: &str, done: u64, of: u64, elapsed: Duration, place: &str) -> String {
    let seconds = elapsed.as_secs_f64().max(1e-3);
    let rate = done as f64 / seconds;
    let left = if done == 0 { 0.0 } else { of.saturating_sub(done) as f64 / rate };
    format!(
        "{done} of {of} {what} ({:.0}%), {rate:.0}/s, {left:.0} s left  {place}",
        100.0 * done as f64 / of.max(1) as f64
    )
    .trim_end()
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_how_fast_and_how_long() {
        let text = line("ratings", 250, 1_000, Duration::from_secs(10), "2026-03-02");
        assert_eq!(text, "250 of 1000 ratings (25%), 25/s, 30 s left  2026-03-02");
        assert_eq!(line("ratings", 0, 0, Duration::ZERO, ""), "0 of 0 ratings (0%), 0/s, 0 s left");
    }
}
