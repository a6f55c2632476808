//! Texts that may be known in part, and the secrets in them.

use std::sync::Arc;

use super::Why;
use crate::ecs::Origin;

/// A text that may be known in part. A field with a text that is wholly unknown is [`Setting::Set`] with
/// one unknown part, since it is written and its reference matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The parts in order; adjacent known parts are joined.
    pub parts: Vec<TextPart>,
    /// The secret source that flowed into it.
    pub secret: Option<Secret>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPart {
    /// Known text.
    Known(Arc<str>),
    /// What a reference, or something made from it, will give.
    Unknown {
        /// Exactly this reference, where it is no more than that.
        reference: Option<Reference>,
        /// Why it is not known.
        why: Why,
    },
}

/// A reference to a resource's attribute: two that are equal stand for equal values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The absolute address of the object.
    pub address: Arc<str>,
    /// The type of the resource or data source, empty for anything else: `aws_iam_role`.
    pub resource_type: Arc<str>,
    /// The attribute path, as written after the address: `.arn`.
    pub path: Arc<str>,
}

/// A secret source: what it is, never what it holds.
#[derive(Clone, Debug)]
pub struct Secret {
    /// "`var.db_password`, which is sensitive".
    pub source: Arc<str>,
    /// Where it is declared.
    pub origin: Origin,
    /// Whether `nonsensitive` took Terraform's mark off it.
    pub is_bared: bool,
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Secret {}

impl Text {
    /// A text that is known.
    pub fn of(text: impl Into<Arc<str>>) -> Self {
        Text {
            parts: vec![TextPart::Known(text.into())],
            secret: None,
        }
    }

    /// The whole text, where all of it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [TextPart::Known(text)] => Some(text),
            _ => None,
        }
    }

    /// The known parts, in order.
    pub fn known_parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            TextPart::Known(text) => Some(&**text),
            TextPart::Unknown { .. } => None,
        })
    }

    /// What is known of its beginning.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self.parts.first() {
            Some(TextPart::Known(text)) => text,
            _ => "",
        }
    }

    /// What is known of its end.
    #[must_use]
    pub fn suffix(&self) -> &str {
        match self.parts.last() {
            Some(TextPart::Known(text)) => text,
            _ => "",
        }
    }

    /// The reference that it consists of, where it is nothing else.
    #[must_use]
    pub fn reference(&self) -> Option<&Reference> {
        match self.parts.as_slice() {
            [TextPart::Unknown { reference, .. }] => reference.as_ref(),
            _ => None,
        }
    }

    /// Whether every part is known or exactly what a reference gives: two such texts with equal parts are
    /// equal.
    #[must_use]
    pub fn is_resolved(&self) -> bool {
        self.parts.iter().all(|part| match part {
            TextPart::Known(_) => true,
            TextPart::Unknown { reference, .. } => reference.is_some(),
        })
    }

    /// A key that texts share which are certainly the same, whatever of them is known; none for what is empty or
    /// not resolved.
    #[must_use]
    pub fn identity(&self) -> Option<Vec<&str>> {
        let mut key = Vec::new();
        for part in &self.parts {
            match part {
                TextPart::Known(text) => key.push(&**text),
                TextPart::Unknown { reference, .. } => {
                    let reference = reference.as_ref()?;
                    // No text that is written begins like this.
                    key.extend(["\0", &reference.address, &reference.path]);
                }
            }
        }
        key.iter().any(|part| !part.is_empty()).then_some(key)
    }

    /// Whether it is the same as another, where that can be told.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> Option<bool> {
        match (self.known(), other.known()) {
            (Some(one), Some(other)) => Some(one == other),
            _ if self.is_resolved() && self.parts == other.parts => Some(true),
            _ => {
                let (start, end) = (self.prefix(), self.suffix());
                let (its_start, its_end) = (other.prefix(), other.suffix());
                let may_be = (start.starts_with(its_start) || its_start.starts_with(start))
                    && (end.ends_with(its_end) || its_end.ends_with(end));
                (!may_be).then_some(false)
            }
        }
    }

    /// Why some of it is not known, where some is not.
    #[must_use]
    pub fn unknown_part(&self) -> Option<&Why> {
        self.parts.iter().find_map(|part| match part {
            TextPart::Unknown { why, .. } => Some(why),
            TextPart::Known(_) => None,
        })
    }
}
