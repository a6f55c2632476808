//! What Terraform would refuse.

use std::fmt;

use crate::source::Place;

/// What Terraform would refuse: a wrong type, a wrong argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong: lower case, no final period, code in backticks.
    pub message: String,
    /// The argument that is wrong, counted from 0, where it is one argument of a function.
    pub argument: Option<usize>,
    /// Where in a text that a value holds the fault is, if the text has a place: JSON, YAML, a template.
    pub place: Option<Place>,
}

impl Failure {
    /// Makes a failure of a message.
    pub fn new(message: impl Into<String>) -> Self {
        Failure {
            message: message.into(),
            argument: None,
            place: None,
        }
    }

    /// Says which argument of a function is wrong, counted from 0.
    #[must_use]
    pub fn in_argument(mut self, argument: usize) -> Self {
        self.argument = Some(argument);
        self
    }

    /// Says where the fault is.
    #[must_use]
    pub fn at(mut self, place: Option<Place>) -> Self {
        self.place = place.or(self.place);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
