//! 请评价's sound: the same whatever is asked or answered, made once as a file and played by a configured program.

use std::f32::consts::TAU;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::lock;

/// A player that takes longer is ended.
const LONGEST: Duration = Duration::from_secs(5);
/// Requests that come sooner are one.
const AT_MOST_EVERY: Duration = Duration::from_millis(1_500);
const RATE: u32 = 22_050;

/// Plays one sound at a time.
#[derive(Debug)]
pub(super) struct Chime {
    /// Program, arguments, and the file; empty: silence.
    command: Vec<String>,
    file: PathBuf,
    /// Since when the last one plays.
    playing: Mutex<Option<Instant>>,
}

impl Chime {
    pub fn new(command: Vec<String>, data: &Path) -> Self {
        Self { command, file: data.join("chime.wav"), playing: Mutex::new(None) }
    }

    /// Begins to play, unless it has only just begun; returns at once.
    pub fn play(&self) {
        let Some((program, arguments)) = self.command.split_first() else { return };
        let mut playing = lock(&self.playing);
        if playing.is_some_and(|since| since.elapsed() < AT_MOST_EVERY) {
            return;
        }
        *playing = Some(Instant::now());
        if !self.file.is_file()
            && let Err(fault) = std::fs::write(&self.file, wave())
        {
            return tracing::warn!(%fault, "the chime's file cannot be written");
        }
        let mut player = Command::new(program);
        player.args(arguments).arg(&self.file);
        player.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        match player.spawn() {
            Ok(child) => drop(std::thread::spawn(move || see_off(child))),
            Err(fault) => tracing::warn!(%fault, program, "the chime's player cannot be started"),
        }
    }
}

fn see_off(mut child: Child) {
    let started = Instant::now();
    while started.elapsed() < LONGEST {
        match child.try_wait() {
            Ok(None) => std::thread::sleep(Duration::from_millis(50)),
            _ => return,
        }
    }
    // It may have ended by itself meanwhile; then there is nothing to end.
    let _ = child.kill();
    let _ = child.wait();
}

/// Two soft tones, falling by a third, as 16-bit PCM.
fn wave() -> Vec<u8> {
    let tone = |hertz: f32, t: f32| {
        if t < 0.0 { 0.0 } else { (TAU * hertz * t).sin() * (-4.0 * t).exp() * (t * 200.0).min(1.0) }
    };
    let samples: Vec<i16> = (0..RATE)
        .map(|n| {
            let t = n as f32 / RATE as f32;
            ((tone(659.3, t) + tone(523.3, t - 0.28)) * 0.35 * f32::from(i16::MAX)) as i16
        })
        .collect();
    let bytes = (samples.len() * 2) as u32;
    let mut out = Vec::with_capacity(44 + samples.len() * 2);
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(36 + bytes).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt ");
    out.extend_from_slice(&16u32.to_le_bytes());
    out.extend_from_slice(&1u16.to_le_bytes());
    out.extend_from_slice(&1u16.to_le_bytes());
    out.extend_from_slice(&RATE.to_le_bytes());
    out.extend_from_slice(&(RATE * 2).to_le_bytes());
    out.extend_from_slice(&2u16.to_le_bytes());
    out.extend_from_slice(&16u16.to_le_bytes());
    out.extend_from_slice(b"data");
    out.extend_from_slice(&bytes.to_le_bytes());
    samples.iter().for_each(|s| out.extend_from_slice(&s.to_le_bytes()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_a_second_of_sound_that_fades_out() {
        let wave = wave();
        assert_eq!(wave.len(), 44 + 2 * RATE as usize);
        let loud = |part: &[u8]| part.chunks(2).map(|b| i16::from_le_bytes([b[0], b[1]]).unsigned_abs()).max().unwrap();
        assert!(loud(&wave[44..4_044]) > 5_000);
        assert!(loud(&wave[wave.len() - 400..]) < 2_000);
    }

    #[test]
    fn the_player_is_given_the_file_and_may_be_missing() {
        let dir = tempfile::tempdir().unwrap();
        let copy = dir.path().join("played.wav");
        let script = format!("cp \"$1\" '{}'", copy.display());
        Chime::new(vec!["sh".into(), "-c".into(), script, "sh".into()], dir.path()).play();
        let deadline = Instant::now() + Duration::from_secs(10);
        while !copy.is_file() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(copy.is_file());
        Chime::new(vec!["no-such-player".into()], dir.path()).play();
        Chime::new(Vec::new(), dir.path()).play();
    }
}
