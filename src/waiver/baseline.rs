//! The baseline: what failed on the day that a team began, by fingerprint.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use toml_edit::{Document, Value};

use crate::hcl::Span;

/// The file at the workspace root that has the baseline.
pub const BASELINE: &str = "ecs-audit-baseline.toml";

/// What is known to fail.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// The text of the file.
    pub text: Arc<str>,
    /// By fingerprint.
    pub known: BTreeMap<String, Known>,
}

/// A verdict that is known to fail. Only its fingerprint counts; the rest is for those who read the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    /// The root module.
    pub root: String,
    /// The rule's id.
    pub rule: String,
    /// The resource instance's address.
    pub address: String,
    /// The container's name, where it is one's.
    pub container: Option<String>,
    /// Where it stands in the file.
    pub span: Option<Span>,
}

const VERSION: i64 = 1;

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// It is no TOML, of another version, or an entry has no fingerprint: a message, and its place.
    pub fn parse(text: &str) -> Result<Baseline, (String, Option<Span>)> {
        let document = Document::parse(text).map_err(|error| {
            let message = error.message().replace('\n', ", ");
            (message, error.span().map(Span::from))
        })?;
        let version = document.get("version").and_then(|item| item.as_integer());
        if version != Some(VERSION) {
            return Err((format!("expected `version = {VERSION}`"), None));
        }
        let mut baseline = Baseline {
            text: Arc::from(text),
            known: BTreeMap::new(),
        };
        let entries = document.get("known").and_then(|item| item.as_array());
        for value in entries.into_iter().flatten() {
            let entry = value.as_inline_table();
            let field = |key: &str| entry?.get(key)?.as_str().map(str::to_owned);
            let place = value.span().map(Span::from);
            let Some(fingerprint) = field("fingerprint") else {
                return Err(("expected a table with a `fingerprint`".to_owned(), place));
            };
            let known = Known {
                root: field("root").unwrap_or_default(),
                rule: field("rule").unwrap_or_default(),
                address: field("address").unwrap_or_default(),
                container: field("container"),
                span: place,
            };
            baseline.known.insert(fingerprint, known);
        }
        Ok(baseline)
    }

    /// The text of the file, a line for each entry, in an order that lines keep.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = format!(
            "# What failed when this was written, and is not denied while it does.\n\
             # `cargo ecs-audit baseline` writes it; `--prune` takes out what is mended.\n\
             version = {VERSION}\nknown = [\n"
        );
        let mut entries: Vec<(&String, &Known)> = self.known.iter().collect();
        // Those of one key stay in the order of their fingerprints.
        entries
            .sort_by_key(|(_, known)| (&known.root, &known.rule, &known.address, &known.container));
        for (fingerprint, known) in entries {
            let quoted = |text: &str| Value::from(text).to_string();
            let _ = write!(
                text,
                "    {{ fingerprint = {}, rule = {}, root = {}, address = {}",
                quoted(fingerprint),
                quoted(&known.rule),
                quoted(&known.root),
                quoted(&known.address)
            );
            if let Some(container) = &known.container {
                let _ = write!(text, ", container = {}", quoted(container));
            }
            text.push_str(" },\n");
        }
        text.push_str("]\n");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rendered_is_read_again() {
        let mut baseline = Baseline::default();
        for (fingerprint, address) in [("b", "a.b[\"x\\\"y\"]"), ("a", "z.z")] {
            let known = Known {
                root: "infra".to_owned(),
                rule: "ECS:006".to_owned(),
                address: address.to_owned(),
                container: (fingerprint == "a").then(|| "app".to_owned()),
                span: None,
            };
            baseline.known.insert(fingerprint.to_owned(), known);
        }
        let text = baseline.render();
        let again = Baseline::parse(&text).unwrap();
        assert_eq!(again.render(), text);
        assert_eq!(again.known.len(), 2);
        assert_eq!(again.known["a"].container.as_deref(), Some("app"));
        assert_eq!(again.known["b"].address, "a.b[\"x\\\"y\"]");
        assert!(again.known["a"].span.is_some());
        let empty = Baseline::default().render();
        assert!(Baseline::parse(&empty).unwrap().known.is_empty());
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        for text in [
            "",
            "version = 2",
            "version = 1\nknown = [1]",
            "version = 1\nknown = [{}]",
            "[",
        ] {
            assert!(Baseline::parse(text).is_err(), "{text}");
        }
    }
}
