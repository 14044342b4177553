//! One program a data folder: the lock beside its databases.

use std::fs::{File, TryLockError};
use std::thread::sleep;
use std::time::Duration;

/// How often, and how far apart, a lock that somebody holds is tried: about a second.
const TRIES: u32 = 50;
const BETWEEN: Duration = Duration::from_millis(20);

/// Locks `file` for this process, waiting at most a second. A program that was killed this moment may still hold it, and
/// so may a child that is just being started, until it has become its own program.
///
/// # Errors
/// [`TryLockError::WouldBlock`] when another process goes on holding it; otherwise what the system says.
pub fn acquire(file: &File) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => sleep(BETWEEN),
            done => return done,
        }
    }
    file.try_lock()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_let_go_within_a_second_is_waited_for_and_one_that_is_kept_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let open = || File::options().create(true).truncate(false).write(true).open(dir.path().join("lock")).unwrap();
        let held = open();
        acquire(&held).unwrap();
        assert!(matches!(acquire(&open()), Err(TryLockError::WouldBlock)));
        let letting_go = std::thread::spawn(move || {
            sleep(Duration::from_millis(100));
            drop(held);
        });
        acquire(&open()).unwrap();
        letting_go.join().unwrap();
    }
}
