//! A process, with a limit to its time and an end when the user wants one.

use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use xshell::Cmd;

use super::request::Interrupted;
use super::signals::{self, Hold};

/// How long a process may take to end once it was asked to.
const GRACE: Duration = Duration::from_secs(10);
/// How often signals and limits are looked at while a process runs.
const TICK: Duration = Duration::from_millis(20);
/// How often they are looked at where there is no output to wait for.
const PAUSE: Duration = Duration::from_millis(5);
/// How long after a process the output of what it left behind is waited for.
const LEFTOVERS: Duration = Duration::from_secs(1);
/// The most of standard error that is kept: a message, not a log.
const KEPT: u64 = 1 << 20;

/// What a process came to.
pub(super) struct Output {
    pub status: ExitStatus,
    /// Standard output, where it was asked for.
    pub stdout: Vec<u8>,
    pub stderr: String,
}

/// What is done with standard output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stdout {
    Kept,
    Dropped,
}

/// The error of a process that took too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimedOut;

impl std::fmt::Display for TimedOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it took too long and was stopped; `--timeout` sets how long it may take")
    }
}

impl std::error::Error for TimedOut {}

enum Piece {
    Stdout(Vec<u8>),
    Stderr(Vec<u8>),
}

/// Runs a command to its end, or until the deadline or a signal, in a process group of its own: a signal
/// from the terminal then comes to this process alone, which passes it on once.
pub(super) fn run(
    command: Cmd<'_>,
    stdout: Stdout,
    deadline: Option<Instant>,
    guardian: Option<&mut Guardian>,
) -> Result<Output> {
    if let Some(signal) = signals::came() {
        return Err(Interrupted { signal }.into());
    }
    let name = command.to_string();
    let mut command = Command::from(command);
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    command.stdout(if stdout == Stdout::Kept {
        Stdio::piped()
    } else {
        Stdio::null()
    });
    own_group(&mut command);
    let child = command
        .spawn()
        .with_context(|| format!("cannot run `{name}`"))?;
    let mut guarded = Guarded::new(child, guardian);
    let child = &mut guarded.child;

    let (sender, pieces) = mpsc::channel();
    let mut open = 0;
    if let Some(pipe) = child.stdout.take() {
        open += 1;
        let sender = sender.clone();
        thread::spawn(move || sender.send(Piece::Stdout(read(pipe, u64::MAX))));
    }
    if let Some(pipe) = child.stderr.take() {
        open += 1;
        thread::spawn(move || sender.send(Piece::Stderr(read(pipe, KEPT))));
    }
    let mut output = Collected {
        pieces,
        open,
        stdout: Vec::new(),
        stderr: Vec::new(),
    };
    let status = wait(child, &mut output, deadline)?;
    Ok(Output {
        status,
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Runs a command to its end, or until a signal, that writes where this process writes; in a process group of
/// its own, so that nothing that it started outlives a signal, whoever sends it to whom.
pub(crate) fn run_shown(command: Cmd<'_>) -> Result<ExitStatus> {
    let _hold = Hold::new()?;
    let name = command.to_string();
    let mut command = Command::from(command);
    // A group that is not the terminal's must not read from it.
    command.stdin(Stdio::null());
    own_group(&mut command);
    let child = command
        .spawn()
        .with_context(|| format!("cannot run `{name}`"))?;
    let mut guarded = Guarded::new(child, None);
    let (_, pieces) = mpsc::channel();
    let mut output = Collected {
        pieces,
        open: 0,
        stdout: Vec::new(),
        stderr: Vec::new(),
    };
    wait(&mut guarded.child, &mut output, None)
}

/// Reads to the end; what is over the limit is read and not kept.
fn read(mut pipe: impl Read, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A pipe that breaks has ended.
    let _ = pipe.by_ref().take(limit).read_to_end(&mut bytes);
    let _ = std::io::copy(&mut pipe, &mut std::io::sink());
    bytes
}

struct Collected {
    pieces: Receiver<Piece>,
    open: usize,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Collected {
    /// Takes what comes within a tick. Whether everything has come.
    fn tick(&mut self) -> bool {
        if self.open == 0 {
            return true;
        }
        match self.pieces.recv_timeout(TICK) {
            Ok(Piece::Stdout(bytes)) => self.stdout = bytes,
            Ok(Piece::Stderr(bytes)) => self.stderr = bytes,
            Err(RecvTimeoutError::Timeout) => return false,
            Err(RecvTimeoutError::Disconnected) => self.open = 1,
        }
        self.open -= 1;
        self.open == 0
    }
}

fn wait(
    child: &mut Child,
    output: &mut Collected,
    deadline: Option<Instant>,
) -> Result<ExitStatus> {
    let mut ended: Option<(ExitStatus, Instant)> = None;
    loop {
        let complete = output.tick();
        if ended.is_none()
            && let Some(status) = child.try_wait()?
        {
            ended = Some((status, Instant::now()));
        }
        match ended {
            Some((status, _)) if complete => return Ok(status),
            // Something that it left behind keeps the pipe open.
            Some((status, since)) if since.elapsed() > LEFTOVERS => {
                signal(child, "KILL");
                let killed = Instant::now();
                while !output.tick() && killed.elapsed() < LEFTOVERS {}
                return Ok(status);
            }
            Some(_) => continue,
            None if complete => thread::sleep(PAUSE),
            None => {}
        }
        if let Some(signal) = signals::came() {
            stop(child, output)?;
            return Err(Interrupted { signal }.into());
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            stop(child, output)?;
            return Err(TimedOut.into());
        }
    }
}

/// Asks a process to end, so that it may release what it holds, and ends it where it does not, or where the user
/// asks again.
fn stop(child: &mut Child, output: &mut Collected) -> Result<()> {
    signal(child, "INT");
    let asked = Instant::now();
    while child.try_wait()?.is_none() && asked.elapsed() < GRACE && !signals::came_again() {
        if output.tick() {
            thread::sleep(TICK);
        }
    }
    // What it started may still be there when it is gone itself.
    signal(child, "KILL");
    child.kill()?;
    child.wait()?;
    Ok(())
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

/// Signals the process group of a child. The shell's own `kill` is everywhere.
#[cfg(unix)]
fn signal(child: &mut Child, signal: &str) {
    let script = format!("kill -s {signal} -- -{} 2>/dev/null", child.id());
    if let Ok(shell) = xshell::Shell::new() {
        // A group that is gone already cannot be signalled, and need not be.
        let _ = Command::from(xshell::cmd!(shell, "sh -c {script}")).status();
    }
}

#[cfg(not(unix))]
fn signal(child: &mut Child, _signal: &str) {
    let _ = child.kill();
}

/// A child that the guardian knows of for as long as it runs, and that does not outlive a panic.
struct Guarded<'a> {
    child: Child,
    guardian: Option<&'a mut Guardian>,
}

impl<'a> Guarded<'a> {
    fn new(child: Child, mut guardian: Option<&'a mut Guardian>) -> Self {
        if let Some(guardian) = &mut guardian {
            guardian.watch(child.id());
        }
        Guarded { child, guardian }
    }
}

impl Drop for Guarded<'_> {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            signal(&mut self.child, "KILL");
            let _ = self.child.wait();
        }
        if let Some(guardian) = &mut self.guardian {
            guardian.watch(0);
        }
    }
}

/// What the guardian does: it reads the process group that runs, 0 for none, and at the end of its input
/// ends that group and removes the directory.
const GUARDIAN: &str = r#"
trap '' HUP INT TERM
group=0
while read -r line; do group=$line; done
if [ "$group" -gt 1 ]; then
  kill -s INT -- "-$group"
  rm -rf -- "$1"
  left=10
  while [ "$left" -gt 0 ] && kill -s 0 -- "-$group"; do sleep 1; left=$((left - 1)); done
  kill -s KILL -- "-$group"
fi
rm -rf -- "$1"
"#;

/// A shell that cleans up when this process is killed and cannot do it itself.
pub(super) struct Guardian {
    child: Child,
    input: Option<ChildStdin>,
}

impl Guardian {
    /// Sets a guardian for a directory. Where there is no shell there is none.
    pub(super) fn of(directory: &Path) -> Option<Self> {
        if !cfg!(unix) {
            return None;
        }
        let shell = xshell::Shell::new().ok()?;
        shell.change_dir("/");
        let mut command = Command::from(xshell::cmd!(shell, "sh -c {GUARDIAN} sh {directory}"));
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        own_group(&mut command);
        let mut child = command.spawn().ok()?;
        let input = child.stdin.take();
        Some(Guardian { child, input })
    }

    /// Says which process group runs, 0 for none.
    fn watch(&mut self, group: u32) {
        if let Some(input) = &mut self.input {
            // A guardian that is gone guards nothing; the directory still has its owner.
            let _ = writeln!(input, "{group}");
        }
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
