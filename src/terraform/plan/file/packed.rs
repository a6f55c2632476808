//! MessagePack, as Terraform keeps values in it, read into the tree that a plan's JSON is read into.
//!
//! A number that is neither a whole one of 64 bits nor a binary fraction of 64 bits is kept as text, and
//! which texts are such numbers only their type tells. A value whose type was decided while planning has
//! its type beside it; of others see `numbers`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::terraform::plan::text::{DEPTH, Json};

/// What a byte says of what follows.
enum Head<'a> {
    Null,
    Bool(bool),
    Number(Cow<'a, str>),
    Text(&'a str),
    Type(&'a [u8]),
    Unknown,
    Array(usize),
    Map(usize),
}

/// Reads a value that is known to be well formed; null where it is not. `left` is how many values may
/// still be made: they are larger than the bytes that they are made of.
pub(in crate::terraform::plan) fn value<'a>(bytes: &'a [u8], left: &AtomicUsize) -> Json<'a> {
    let mut reader = Reader { rest: bytes, left };
    reader.value(None, DEPTH).unwrap_or(Json::Null)
}

/// Whether bytes are one value and nothing more, with nothing in it that Terraform does not write.
pub(super) fn is_well_formed(bytes: &[u8]) -> bool {
    let left = AtomicUsize::new(0);
    let mut reader = Reader {
        rest: bytes,
        left: &left,
    };
    reader.skip().is_some() && reader.rest.is_empty()
}

struct Reader<'a, 'l> {
    rest: &'a [u8],
    left: &'l AtomicUsize,
}

impl<'a> Reader<'a, '_> {
    fn value(&mut self, ty: Option<&Json<'_>>, depth: usize) -> Option<Json<'a>> {
        let before = self.rest;
        let head = self.head()?;
        if let Head::Array(count @ 1..) | Head::Map(count @ 1..) = head
            && (depth == 0 || !self.may_make(count))
        {
            self.rest = before;
            self.skip()?;
            return Some(Json::PastBounds);
        }
        Some(match head {
            Head::Null => Json::Null,
            Head::Bool(truth) => Json::Bool(truth),
            Head::Number(text) => Json::Number(text),
            Head::Text(text) if ty == Some(&Json::String("number".into())) => {
                Json::Number(text.into())
            }
            Head::Text(text) => Json::String(text.into()),
            Head::Unknown => Json::Unknown,
            Head::Type(_) => return None,
            Head::Array(count) => return self.array(count, ty, depth.saturating_sub(1)),
            Head::Map(count) => {
                let mut entries = BTreeMap::new();
                for _ in 0..count {
                    let key = self.text()?;
                    let value = self.value(entry_type(ty, key), depth.saturating_sub(1))?;
                    entries.insert(Cow::Borrowed(key), value);
                }
                Json::Object(entries)
            }
        })
    }

    fn array(&mut self, count: usize, ty: Option<&Json<'_>>, depth: usize) -> Option<Json<'a>> {
        if count == 2
            && let Some(ty) = self.type_ahead()
        {
            let ty = Json::read(std::str::from_utf8(ty).ok()?);
            return self.value(Some(&ty), depth);
        }
        let mut elements = Vec::new();
        for index in 0..count {
            elements.push(self.value(element_type(ty, index), depth)?);
        }
        Some(Json::Array(elements))
    }

    fn may_make(&self, count: usize) -> bool {
        let less = |left: usize| left.checked_sub(count);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }

    /// The type of a value that was decided while planning, which stands before it.
    fn type_ahead(&mut self) -> Option<&'a [u8]> {
        let before = self.rest;
        if let Some(Head::Type(ty)) = self.head() {
            return Some(ty);
        }
        self.rest = before;
        None
    }

    /// Goes past a value without recursion.
    fn skip(&mut self) -> Option<()> {
        let mut pending = 1_usize;
        while pending > 0 {
            // Each of them takes a byte at least.
            if pending > self.rest.len() {
                return None;
            }
            pending -= 1;
            match self.head()? {
                Head::Array(count) => pending = pending.checked_add(count)?,
                Head::Map(count) => pending = pending.checked_add(count.checked_mul(2)?)?,
                _ => {}
            }
        }
        Some(())
    }

    fn text(&mut self) -> Option<&'a str> {
        match self.head()? {
            Head::Text(text) => Some(text),
            _ => None,
        }
    }

    fn head(&mut self) -> Option<Head<'a>> {
        let byte = self.take(1)?[0];
        Some(match byte {
            0x00..=0x7f => Head::Number(byte.to_string().into()),
            0x80..=0x8f => Head::Map(usize::from(byte & 0x0f)),
            0x90..=0x9f => Head::Array(usize::from(byte & 0x0f)),
            0xa0..=0xbf => self.text_of(usize::from(byte & 0x1f))?,
            0xc0 => Head::Null,
            0xc2 | 0xc3 => Head::Bool(byte == 0xc3),
            0xc4..=0xc6 => {
                let length = self.length(1 << (byte - 0xc4))?;
                Head::Type(self.take(length)?)
            }
            0xc7..=0xc9 => {
                let length = self.length(1 << (byte - 0xc7))?;
                self.extension(length)?
            }
            0xca => float(f64::from(f32::from_be_bytes(*self.take(4)?.first_chunk()?)))?,
            0xcb => float(f64::from_be_bytes(*self.take(8)?.first_chunk()?))?,
            0xcc..=0xcf => {
                let number = self.unsigned(1 << (byte - 0xcc))?;
                Head::Number(number.to_string().into())
            }
            0xd0..=0xd3 => {
                let size = 1 << (byte - 0xd0);
                let shift = 64 - 8 * size;
                let number = (self.unsigned(size)? << shift).cast_signed() >> shift;
                Head::Number(number.to_string().into())
            }
            0xd4..=0xd8 => self.extension(1 << (byte - 0xd4))?,
            0xd9..=0xdb => {
                let length = self.length(1 << (byte - 0xd9))?;
                self.text_of(length)?
            }
            0xdc | 0xdd => Head::Array(self.length(2 << (byte - 0xdc))?),
            0xde | 0xdf => Head::Map(self.length(2 << (byte - 0xde))?),
            0xe0..=0xff => Head::Number(byte.cast_signed().to_string().into()),
            0xc1 => return None,
        })
    }

    /// What is unknown: of nothing else does Terraform make an extension.
    fn extension(&mut self, length: usize) -> Option<Head<'a>> {
        let kind = self.take(1)?[0];
        self.take(length)?;
        matches!(kind, 0 | 12).then_some(Head::Unknown)
    }

    fn text_of(&mut self, length: usize) -> Option<Head<'a>> {
        std::str::from_utf8(self.take(length)?).ok().map(Head::Text)
    }

    fn length(&mut self, size: usize) -> Option<usize> {
        self.unsigned(size)?.try_into().ok()
    }

    fn unsigned(&mut self, size: usize) -> Option<u64> {
        let bytes = self.take(size)?.iter();
        Some(bytes.fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}

/// A fraction, in the fewest digits that mean it.
fn float<'a>(number: f64) -> Option<Head<'a>> {
    number
        .is_finite()
        .then(|| Head::Number(number.to_string().into()))
}

/// The type of an entry, by the type of what it is in: `["map",T]` or `["object",{…}]`.
fn entry_type<'t, 'j>(ty: Option<&'t Json<'j>>, key: &str) -> Option<&'t Json<'j>> {
    match ty?.element(1)? {
        entries @ Json::Object(_) => entries.entry(key),
        every => Some(every),
    }
}

/// The type of an element, by the type of what it is in: `["list",T]`, `["set",T]` or `["tuple",[…]]`.
fn element_type<'t, 'j>(ty: Option<&'t Json<'j>>, index: usize) -> Option<&'t Json<'j>> {
    let ty = ty?;
    let inner = ty.element(1)?;
    match ty.element(0) {
        Some(Json::String(kind)) if kind == "tuple" => inner.element(index),
        _ => Some(inner),
    }
}
