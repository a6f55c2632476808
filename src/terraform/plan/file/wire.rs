//! Protocol Buffers: the fields of a message, in the order in which they stand.

use anyhow::{Context as _, Result, bail};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'a> {
    /// A number, a truth value or one of an enumeration.
    Number(u64),
    /// Text, bytes, or a message.
    Bytes(&'a [u8]),
}

/// A message whose fields are gone through: numbers, and what they hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a>(pub &'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Field<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Result<(u64, Field<'a>)> {
        let key = self.number()?;
        let field = match key & 7 {
            0 => Field::Number(self.number()?),
            2 => {
                let length = usize::try_from(self.number()?).ok();
                let split = length.and_then(|length| self.0.split_at_checked(length));
                let (bytes, rest) = split.context("its plan is damaged")?;
                self.0 = rest;
                Field::Bytes(bytes)
            }
            _ => bail!("its plan is damaged"),
        };
        Ok((key >> 3, field))
    }

    fn number(&mut self) -> Result<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first().context("its plan is damaged")?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        bail!("its plan is damaged")
    }
}

impl<'a> Field<'a> {
    /// What is text, bytes, or a message.
    pub(super) fn bytes(self) -> Result<&'a [u8]> {
        match self {
            Field::Bytes(bytes) => Ok(bytes),
            Field::Number(_) => bail!("its plan is damaged"),
        }
    }

    /// What is text.
    pub(super) fn text(self) -> Result<&'a str> {
        std::str::from_utf8(self.bytes()?).context("its plan is damaged")
    }

    /// What is a number.
    pub(super) fn number(self) -> Result<u64> {
        match self {
            Field::Number(number) => Ok(number),
            Field::Bytes(_) => bail!("its plan is damaged"),
        }
    }

    /// The one field of a message that wraps a value.
    pub(super) fn value(self) -> Result<&'a [u8]> {
        let mut value = None;
        for field in Fields(self.bytes()?) {
            match field? {
                (1, bytes) => value = Some(bytes.bytes()?),
                _ => bail!("its plan is damaged"),
            }
        }
        value.context("its plan is damaged")
    }
}
