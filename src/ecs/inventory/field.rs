//! Attributes that may be unset or unknown.

use std::fmt;
use std::sync::Arc;

use super::Text;
use crate::ecs::Origin;

/// Why something is not known: the reference or the reason, for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why(pub Arc<str>);

impl Default for Why {
    fn default() -> Self {
        Why(Arc::from("a value that is not known"))
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An attribute that may be unset or unknown, and where it is written or would be.
#[derive(Clone, Debug, Default)]
pub struct Field<T> {
    /// Its value.
    pub setting: Setting<T>,
    /// The value's origin; where it is unset, the origin of what it would be written in (not written).
    pub origin: Origin,
}

/// The three states of an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Setting<T> {
    /// Written, and known.
    Set(T),
    /// Not written, or null.
    #[default]
    Unset,
    /// Written, but not known.
    Unknown(Why),
}

impl<T> Field<T> {
    /// The value where it is set and known.
    #[must_use]
    pub fn set(&self) -> Option<&T> {
        match &self.setting {
            Setting::Set(value) => Some(value),
            Setting::Unset | Setting::Unknown(_) => None,
        }
    }

    /// Why it is not known, where it is not.
    #[must_use]
    pub fn unknown(&self) -> Option<&Why> {
        match &self.setting {
            Setting::Unknown(why) => Some(why),
            Setting::Set(_) | Setting::Unset => None,
        }
    }

    /// Whether it is written, known or not.
    #[must_use]
    pub fn is_present(&self) -> bool {
        !matches!(self.setting, Setting::Unset)
    }
}

impl Field<Text> {
    /// The text as a message may show it, where all of it is known: a secret is never shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self.set() {
            Some(text) if text.secret.is_some() => "(secret)",
            Some(text) => text.known().unwrap_or("?"),
            None => "?",
        }
    }

    /// Whether it is the same text as another, where that can be told: unset is the same as nothing.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> Option<bool> {
        match (&self.setting, &other.setting) {
            (Setting::Set(one), Setting::Set(other)) => one.is_same(other),
            (Setting::Unset, _) | (_, Setting::Unset) => Some(false),
            _ => None,
        }
    }

    /// The whole text, where all of it is known.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.set().and_then(Text::known)
    }

    /// Why it is not wholly known, for a person; only where that is so.
    #[must_use]
    pub fn unknown_text(&self) -> String {
        self.partly_unknown()
            .map(|why| why.to_string())
            .unwrap_or_default()
    }

    /// Why some of it is not known, where some is not.
    #[must_use]
    pub fn partly_unknown(&self) -> Option<Why> {
        match &self.setting {
            Setting::Set(text) => text.unknown_part().cloned(),
            Setting::Unknown(why) => Some(why.clone()),
            Setting::Unset => None,
        }
    }
}
