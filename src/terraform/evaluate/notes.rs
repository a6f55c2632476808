//! What is said along the way.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::configuration::Note;
use crate::source::Place;

/// The most notes that are kept: nobody reads more.
const MOST_NOTES: usize = 1000;

/// Which note it is, and its places.
type Counted = (usize, HashSet<Option<Place>>);

/// Notes, each once.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: RefCell<Vec<Note>>,
    /// How many of them are on a part that is missing.
    missing: Cell<usize>,
    seen: RefCell<HashSet<(String, Option<Place>)>>,
    /// Of messages that are made once wherever: which note it is, and in how many places it stands.
    counted: RefCell<HashMap<String, Counted>>,
}

impl Notes {
    /// Adds a note, unless it was made already.
    pub(super) fn add(&self, message: impl Into<String>, place: Option<Place>) {
        let message = message.into();
        let mut notes = self.notes.borrow_mut();
        let ordinary = notes.len() - self.missing.get();
        if ordinary < MOST_NOTES && self.seen.borrow_mut().insert((message.clone(), place)) {
            notes.push(Note {
                message,
                place,
                missing: None,
            });
        }
    }

    /// Adds a note on a part of the configuration that could not be read or evaluated, with the part's name: what
    /// is declared there is not among the instances.
    pub(super) fn missing(&self, part: &str, message: impl Into<String>, place: Option<Place>) {
        let message = message.into();
        let mut seen = self.seen.borrow_mut();
        if self.missing.get() < MOST_NOTES && seen.insert((message.clone(), place)) {
            self.missing.set(self.missing.get() + 1);
            self.notes.borrow_mut().push(Note {
                message,
                place,
                missing: Some(Arc::from(part)),
            });
        }
    }

    /// Adds a note with its first place, and counts the others.
    pub(super) fn add_once(&self, message: &str, place: Option<Place>) {
        if let Some((_, places)) = self.counted.borrow_mut().get_mut(message) {
            if places.len() < MOST_NOTES {
                places.insert(place);
            }
            return;
        }
        let at = self.notes.borrow().len();
        self.add(message, place);
        let counted = (at, HashSet::from([place]));
        self.counted
            .borrow_mut()
            .insert(message.to_owned(), counted);
    }

    /// All notes, in the order in which they were made.
    pub(super) fn finish(self) -> Vec<Note> {
        let mut notes = self.notes.into_inner();
        for (at, places) in self.counted.into_inner().into_values() {
            if let (Some(note), more @ 1..) = (notes.get_mut(at), places.len() - 1) {
                let places = if more == 1 { "place" } else { "places" };
                note.message = format!("{} (and in {more} more {places})", note.message);
            }
        }
        notes
    }
}
