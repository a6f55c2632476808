//! The waivers of the manifest.

use std::ops::Range;
use std::sync::Arc;

use toml_edit::{Item, TableLike};

use super::reader::Reader;
use crate::hcl::Span;
use crate::rules::{RULES, Rule};
use crate::selection::find_rule;
use crate::waiver::{Date, ManifestWaiver, Terms};

const KEYS: [&str; 6] = ["address", "container", "reason", "root", "rule", "until"];

impl Reader {
    pub(super) fn days(&mut self, item: &Item) -> Option<u32> {
        match item.as_integer().map(u32::try_from) {
            Some(Ok(days)) if days > 0 => Some(days),
            _ => self.wrong_type(item, "days, at least one"),
        }
    }

    pub(super) fn waivers(&mut self, item: &Item) -> Vec<ManifestWaiver> {
        if let Some(tables) = item.as_array_of_tables() {
            return tables
                .iter()
                .filter_map(|table| self.waiver(table, table.span()))
                .collect();
        }
        let Some(array) = item.as_array() else {
            self.wrong_type::<()>(item, "a list of tables");
            return Vec::new();
        };
        let mut waivers = Vec::new();
        for value in array {
            match value.as_inline_table() {
                Some(table) => waivers.extend(self.waiver(table, value.span())),
                None => self.wrong(value.span(), "expected a table"),
            }
        }
        waivers
    }

    fn waiver(
        &mut self,
        table: &dyn TableLike,
        place: Option<Range<usize>>,
    ) -> Option<ManifestWaiver> {
        let before = self.errors.len();
        let (mut rule, mut address, mut reason, mut until) = (None, None, None, None);
        let (mut container, mut root) = (None, None);
        for (key, item) in table.iter() {
            match key {
                "rule" => rule = self.rule(item),
                "address" => address = self.text(item),
                "container" => container = self.text(item),
                "root" => root = self.text(item),
                "reason" => reason = self.text(item).filter(|reason| !reason.trim().is_empty()),
                "until" => until = self.date(item),
                _ => self.unknown_key(table, key, &KEYS),
            }
        }
        if self.errors.len() > before {
            return None;
        }
        let missing = [
            (rule.is_none(), "rule"),
            (address.is_none(), "address"),
            (reason.is_none(), "reason"),
        ];
        if let Some((_, key)) = missing.iter().find(|(missing, _)| *missing) {
            self.wrong(place.clone(), &format!("a waiver needs a `{key}`"));
        }
        Some(ManifestWaiver {
            rule: rule?,
            address: address?,
            container,
            root,
            terms: Terms {
                reason: Arc::from(reason?.trim()),
                until,
            },
            span: place.map(Span::from),
        })
    }

    fn rule(&mut self, item: &Item) -> Option<&'static Rule> {
        let text = self.text(item)?;
        let rule = find_rule(&text);
        if rule.is_none() {
            let names = RULES.iter().flat_map(|rule| [rule.id, rule.name]);
            self.wrong_choice(item, &text, "rule", names);
        }
        rule
    }

    /// A day, as a text or as TOML has it.
    fn date(&mut self, item: &Item) -> Option<Date> {
        let text = match item.as_datetime() {
            Some(date) => date.to_string(),
            None => item.as_str().unwrap_or_default().to_owned(),
        };
        let date = Date::parse(&text);
        if date.is_none() {
            self.wrong(item.span(), "expected a day, as 2027-01-31");
        }
        date
    }
}
