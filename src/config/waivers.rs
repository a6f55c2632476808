//! The waivers of the manifest.

use std::ops::Range;
use std::sync::Arc;

use toml_edit::{Item, TableLike};

use super::Config;
use super::reader::Reader;
use crate::hcl::Span;
use crate::waiver::{self, Date, ManifestWaiver, RejectedWaiver, Terms};

const KEYS: [&str; 6] = ["address", "container", "reason", "root", "rule", "until"];

impl Reader {
    pub(super) fn days(&mut self, item: &Item) -> Option<u32> {
        match item.as_integer().map(u32::try_from) {
            Some(Ok(days)) if days > 0 => Some(days),
            _ => self.wrong_type(item, "days, at least one"),
        }
    }

    pub(super) fn waivers(&mut self, item: &Item, config: &mut Config) {
        if let Some(tables) = item.as_array_of_tables() {
            for table in tables {
                self.waiver(table, table.span(), config);
            }
            return;
        }
        let Some(array) = item.as_array() else {
            self.wrong_type::<()>(item, "a list of tables");
            return;
        };
        for value in array {
            match value.as_inline_table() {
                Some(table) => self.waiver(table, value.span(), config),
                None => self.wrong(value.span(), "expected a table"),
            }
        }
    }

    /// Reads a waiver. One whose form is wrong is a mistake in the manifest; one that names no rule, gives no
    /// reason or ends on no day waives nothing, as a comment would.
    fn waiver(&mut self, table: &dyn TableLike, place: Option<Range<usize>>, config: &mut Config) {
        let errors = self.errors.len();
        let mut rejected = Vec::new();
        let mut reject = |message: String, at: Option<Range<usize>>| {
            let span = at.map(Span::from);
            rejected.push(RejectedWaiver { message, span });
        };
        let (mut rule, mut address, mut reason, mut until) = (None, None, None, None);
        let (mut container, mut root) = (None, None);
        for (key, item) in table.iter() {
            match key {
                "rule" => {
                    if let Some(name) = self.text(item) {
                        match waiver::rule(&name) {
                            Ok(found) => rule = Some(found),
                            Err(message) => reject(message, item.span()),
                        }
                    }
                }
                "address" => address = self.text(item),
                "container" => container = self.text(item),
                "root" => root = self.text(item),
                "reason" => reason = self.text(item).filter(|reason| !reason.trim().is_empty()),
                "until" => match date(item) {
                    Ok(date) => until = Some(date),
                    Err(message) => reject(message, item.span()),
                },
                _ => self.unknown_key(table, key, &KEYS),
            }
        }
        if self.errors.len() > errors {
            return;
        }
        let missing = ["rule", "address"]
            .into_iter()
            .find(|key| !table.contains_key(key));
        if let Some(key) = missing {
            self.wrong(place, &format!("a waiver needs a `{key}`"));
            return;
        }
        let span = place.clone().map(Span::from);
        if reason.is_none() {
            reject("a waiver needs a `reason`".to_owned(), place);
        }
        if let (Some(rule), Some(address), Some(reason), true) =
            (rule, address, reason, rejected.is_empty())
        {
            let reason = Arc::from(reason.trim());
            config.waivers.push(ManifestWaiver {
                rule,
                address,
                container,
                root,
                terms: Terms { reason, until },
                span,
            });
        }
        config.rejected_waivers.extend(rejected);
    }
}

/// A day, as a text or as TOML has it.
fn date(item: &Item) -> Result<Date, String> {
    let text = match item.as_datetime() {
        Some(date) => date.to_string(),
        None => item.as_str().unwrap_or_default().to_owned(),
    };
    waiver::day(&text)
}
