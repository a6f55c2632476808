//! The secrets in values, so that nothing that is printed has them in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::kind::{Kind, Value};
use super::text::{Part, Text};
use super::unknown::Reason;

/// The most bytes of secrets that are kept; a configuration has some kilobytes.
const MOST_BYTES: usize = 16 << 20;

/// The texts that secrets are, each once, as far as they are known.
#[derive(Clone, Debug, Default)]
pub struct SecretTexts {
    texts: BTreeSet<Arc<str>>,
    bytes: usize,
}

impl SecretTexts {
    /// Takes up what is known of the secrets that flowed into a value.
    pub fn gather(&mut self, value: &Value) {
        if value.is_tainted() {
            self.value(value, false);
        }
    }

    /// Every text, in the order of the alphabet.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<str>> {
        self.texts.iter()
    }

    /// Takes up a text.
    pub fn insert(&mut self, text: &str) {
        if self.bytes + text.len() <= MOST_BYTES && !self.texts.contains(text) {
            self.bytes += text.len();
            self.texts.insert(Arc::from(text));
        }
    }

    /// Takes up what others hold.
    pub fn extend(&mut self, others: &SecretTexts) {
        for text in &others.texts {
            self.insert(text);
        }
    }

    /// Takes up a value, all of it where it is `within` a secret.
    fn value(&mut self, value: &Value, within: bool) {
        let is_marked = value.trace.taint.is_some();
        // What is made of parts of which some are secret is so as a whole, but its other parts are not.
        let within = within
            || is_marked
                && match &value.kind {
                    Kind::String(text) => text.marks().taint.is_none(),
                    Kind::Json(inner) => !inner.is_tainted(),
                    _ => true,
                };
        if !within && !is_marked && !value.is_tainted() {
            return;
        }
        match &value.kind {
            Kind::Null(_) | Kind::Bool(_) => {}
            Kind::Number(number) if within => self.insert(&number.to_string()),
            Kind::Number(_) => {}
            Kind::String(text) => self.text(text, within),
            Kind::Json(inner) => self.value(inner, within),
            Kind::List(_, elements) => {
                for element in elements.iter() {
                    self.value(element, within);
                }
            }
            // Names are how a person finds their way; a name that is secret came from a value that is.
            Kind::Object(_, map) => {
                for element in map.entries.values() {
                    self.value(element, within);
                }
            }
            Kind::Unknown(unknown) => {
                if let Reason::OneOf(values, _) = unknown.reason() {
                    for value in values {
                        self.value(value, within);
                    }
                }
            }
        }
    }

    fn text(&mut self, text: &Text, within: bool) {
        for part in &text.0 {
            match part {
                Part::Known(text, trace) if within || trace.taint.is_some() => self.insert(text),
                Part::Known(..) | Part::Unknown(..) => {}
                Part::Json(inner) => self.value(inner, within),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terraform::value::{Map, Mapping, Taint};

    #[test]
    fn what_stands_beside_a_secret_is_none() {
        let taint = Taint {
            source: Arc::from("`a.b`"),
            place: None,
            is_bared: false,
        };
        let mut secret = Value::from("hunter2");
        secret.trace.taint = Some(Arc::new(taint));
        let text = Text::concat([
            Text::from("--key="),
            secret
                .as_text()
                .unwrap_or_default()
                .with_marks(&secret.marks()),
        ]);
        let entries = [
            (Arc::from("name"), Value::from("app")),
            (Arc::from("value"), secret.clone()),
            (Arc::from("command"), Value::string(text).flow([&secret])),
        ];
        let map = Map {
            entries: entries.into(),
            rest: None,
        };
        let document = Value::json(Value::mapping(Mapping::Object, map)).flow([&secret]);
        let mut texts = SecretTexts::default();
        texts.gather(&document);
        assert_eq!(
            texts.iter().map(|text| &**text).collect::<Vec<_>>(),
            ["hunter2"]
        );
    }
}
