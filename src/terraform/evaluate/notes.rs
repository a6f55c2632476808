//! What is said along the way.

use std::cell::RefCell;
use std::collections::HashSet;

use super::configuration::Note;
use crate::source::Place;

/// The most notes that are kept: nobody reads more.
const MOST_NOTES: usize = 1000;

/// Notes, each once.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: RefCell<Vec<Note>>,
    seen: RefCell<HashSet<(String, Option<Place>)>>,
}

impl Notes {
    /// Adds a note, unless it was made already.
    pub(super) fn add(&self, message: impl Into<String>, place: Option<Place>) {
        let message = message.into();
        let mut notes = self.notes.borrow_mut();
        if notes.len() < MOST_NOTES && self.seen.borrow_mut().insert((message.clone(), place)) {
            notes.push(Note { message, place });
        }
    }

    /// Adds a note, unless one with this message was made already, wherever.
    pub(super) fn add_once(&self, message: &str, place: Option<Place>) {
        if self.seen.borrow_mut().insert((message.to_owned(), None)) {
            self.add(message, place);
        }
    }

    /// All notes, in the order in which they were made.
    pub(super) fn finish(self) -> Vec<Note> {
        self.notes.into_inner()
    }
}
