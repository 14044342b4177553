//! A line that loses requests, loses answers, delays and doubles, by a seed.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::kiosk::sync::backoff::Jitter;
use crate::kiosk::sync::event::Failure;
use crate::kiosk::sync::frame::{Reply, Wire};
use crate::kiosk::transport::{Https, Line};

/// Faults in thousandths of all requests.
const LOST: u64 = 60;
const ANSWER_LOST: u64 = 60;
const DOUBLED: u64 = 60;
const DELAYED: u64 = 150;
const LONGEST_DELAY_MS: u64 = 1_500;

pub struct Weather {
    line: Https,
    /// None: fine weather.
    jitter: Option<Mutex<Jitter>>,
}

impl Weather {
    pub fn new(line: Https, seed: Option<u64>) -> Self {
        Self { line, jitter: seed.map(|seed| Mutex::new(Jitter::new(seed))) }
    }

    fn draw(&self) -> Fate {
        let Some(jitter) = &self.jitter else { return Fate::default() };
        let mut jitter = jitter.lock().unwrap_or_else(PoisonError::into_inner);
        Fate {
            lost: jitter.chance(LOST),
            answer_lost: jitter.chance(ANSWER_LOST),
            doubled: jitter.chance(DOUBLED),
            delay_ms: if jitter.chance(DELAYED) { jitter.below(LONGEST_DELAY_MS) } else { 0 },
        }
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Fate {
    lost: bool,
    answer_lost: bool,
    doubled: bool,
    delay_ms: u64,
}

impl Line for Weather {
    async fn send(&self, wire: Wire) -> Result<Reply, Failure> {
        let fate = self.draw();
        let gone = |what: &str| Err(Failure::Unreachable(what.to_owned()));
        tokio::time::sleep(Duration::from_millis(fate.delay_ms)).await;
        if fate.lost {
            return gone("simulated: request lost");
        }
        if fate.doubled {
            // What the first one was answered does not matter: the network repeats it.
            let _ = self.line.send(wire.clone()).await;
        }
        let reply = self.line.send(wire).await;
        if fate.answer_lost { gone("simulated: answer lost") } else { reply }
    }
}
