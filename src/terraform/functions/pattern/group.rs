//! The groups of a pattern while it is read: what is in them, and how large it is.

#[derive(Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) fold_case: bool,
    pub(super) many_lines: bool,
    pub(super) dot_is_all: bool,
    pub(super) lazy: bool,
}

/// What an open group must remember until it is closed.
pub(super) struct Group {
    pub(super) flags: Flags,
    /// States of what is in the group, without the last atom.
    pub(super) states: usize,
    /// States and repetitions of the last atom, where there is one that can be repeated.
    pub(super) atom: Option<Atom>,
    /// The most repetitions nested in the group.
    pub(super) repetitions: u32,
    /// How many bytes what is in the group matches at the most, all its branches together.
    pub(super) longest: Option<usize>,
}

#[derive(Clone, Copy)]
pub(super) struct Atom {
    pub(super) states: usize,
    pub(super) repetitions: u32,
    pub(super) longest: Option<usize>,
}

/// The longest that one character is, in bytes.
pub(super) const CHARACTER: usize = 4;

impl Group {
    pub(super) fn new(flags: Flags) -> Self {
        Group {
            flags,
            states: 1,
            atom: None,
            repetitions: 1,
            longest: Some(0),
        }
    }

    pub(super) fn settled(mut self) -> Self {
        self.settle();
        self
    }

    /// Begins a new atom.
    pub(super) fn push(&mut self, atom: Atom) {
        self.settle();
        self.atom = Some(atom);
    }

    /// Ends the last atom: it can no longer be repeated.
    pub(super) fn settle(&mut self) {
        if let Some(atom) = self.atom.take() {
            self.states = self.states.saturating_add(atom.states);
            self.repetitions = self.repetitions.max(atom.repetitions);
            self.longest = self
                .longest
                .zip(atom.longest)
                .map(|(one, other)| one.saturating_add(other));
        }
    }
}
