//! Where a run writes: two streams, and what is on the other end of them.

use std::fmt;
use std::io::{self, Write};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};

/// The two streams that a run writes to. The library prints nowhere else.
pub struct Console<'a> {
    /// For what was asked for: the report.
    pub output: Stream<'a>,
    /// For everything else: progress, errors, the last line beside a report for machines.
    pub messages: Stream<'a>,
}

/// A stream, and what is on its other end.
pub struct Stream<'a> {
    writer: Box<dyn Write + 'a>,
    /// Whether colours are shown there, where nobody says otherwise.
    pub colour: bool,
    /// Whether a person sees it as it comes.
    pub terminal: bool,
    /// How many columns there are, where a person sees it.
    pub width: Option<usize>,
}

impl Console<'static> {
    /// The process's own standard output and standard error.
    #[must_use]
    pub fn standard() -> Self {
        Console {
            output: Stream::of(io::stdout()),
            messages: Stream::of(io::stderr()),
        }
    }
}

impl<'a> Stream<'a> {
    /// A stream without colours that is no terminal, as a test or another program wants it.
    pub fn plain(writer: impl Write + 'a) -> Self {
        Stream {
            writer: Box::new(writer),
            colour: false,
            terminal: false,
            width: None,
        }
    }

    fn of<S: Write + RawStream + 'a>(stream: S) -> Self {
        // The choice honours `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and `TERM`.
        let colour = AutoStream::choice(&stream) != ColorChoice::Never;
        let terminal = stream.is_terminal();
        Stream {
            writer: Box::new(io::LineWriter::new(stream)),
            colour,
            terminal,
            width: terminal.then(width).flatten(),
        }
    }

    /// Writes a text.
    ///
    /// # Errors
    /// Where the other end takes no more. A closed pipe is no error: who closed it wants no more.
    pub fn write(&mut self, text: &str) -> io::Result<()> {
        let written = self
            .writer
            .write_all(text.as_bytes())
            .and_then(|()| self.writer.flush());
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

/// The columns of the terminal, whichever stream is on it.
fn width() -> Option<usize> {
    let sizes = [console::Term::stdout(), console::Term::stderr()];
    let (_, columns) = sizes.iter().find_map(console::Term::size_checked)?;
    Some(usize::from(columns))
}

impl fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stream {
            writer: _,
            colour,
            terminal,
            width,
        } = self;
        f.debug_struct("Stream")
            .field("colour", colour)
            .field("terminal", terminal)
            .field("width", width)
            .finish()
    }
}

impl fmt::Debug for Console<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Console { output, messages } = self;
        f.debug_struct("Console")
            .field("output", output)
            .field("messages", messages)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Refuses(io::ErrorKind);

    impl Write for Refuses {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_quiet_and_a_full_disk_is_not() {
        assert!(
            Stream::plain(Refuses(io::ErrorKind::BrokenPipe))
                .write("a")
                .is_ok()
        );
        assert!(
            Stream::plain(Refuses(io::ErrorKind::StorageFull))
                .write("a")
                .is_err()
        );
    }
}
