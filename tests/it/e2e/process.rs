//! A child process and all that it starts, ended with the value.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

use rustix::process::{Pid, Signal, kill_process_group};

/// A process in a group of its own.
pub struct Running {
    pub child: Child,
}

impl Running {
    /// Starts the command in a new process group.
    pub fn start(mut command: Command) -> Self {
        let name = format!("{command:?}");
        let child = command.process_group(0).spawn().unwrap_or_else(|e| panic!("{name}: {e}"));
        Self { child }
    }

    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    fn signal(&self, signal: Signal) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            // It may be gone already.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}
