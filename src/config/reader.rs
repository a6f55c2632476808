//! From the manifest's tables to the configuration, with a place for each mistake.

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use toml_edit::{Item, TableLike, Value};

use super::links::is_link_key;
use super::{Config, ConfigError, ConfiguredRoot, PlanMode};
use crate::did_you_mean::did_you_mean;
use crate::hcl::Span;
use crate::policy::{Level, LevelSource, Target};
use crate::rules::{OptionDefault, OptionValue, Options, RULES, Rule};
use crate::selection::{find_rule, find_targets, target_names};
use crate::waiver::{self, Date, RejectedWaiver};

pub(super) const KEYS: [&str; 8] = [
    "levels",
    "max-waiver-days",
    "plan",
    "roots",
    "rules",
    "terraform-bin",
    "timeout",
    "waiver",
];
const ROOT_KEYS: [&str; 3] = ["path", "var-files", "workspace"];
const MODES: [(&str, PlanMode); 4] = [
    ("auto", PlanMode::Auto),
    ("always", PlanMode::Always),
    ("mock", PlanMode::Mock),
    ("never", PlanMode::Never),
];

pub(super) struct Reader {
    pub(super) path: String,
    pub(super) errors: Vec<ConfigError>,
}

impl Reader {
    /// What was read, or everything that is wrong with it in the order of the text.
    pub(super) fn finish<T>(mut self, read: T) -> Result<T, Vec<ConfigError>> {
        if self.errors.is_empty() {
            return Ok(read);
        }
        self.errors.sort_by_key(|error| error.span);
        Err(self.errors)
    }

    pub(super) fn config(&mut self, table: &dyn TableLike, config: &mut Config) {
        for (key, item) in table.iter() {
            match key {
                "roots" => config.roots = self.roots(item),
                "terraform-bin" => config.terraform_bin = self.text(item).map(PathBuf::from),
                "plan" => config.plan = self.plan(item),
                "timeout" => config.timeout = self.timeout(item),
                "levels" => self.levels(item, config),
                "max-waiver-days" => config.max_waiver_days = self.days(item),
                "waiver" => self.waivers(item, config),
                // Read below: what stands under a rule comes before what stands under `levels`.
                "rules" => {}
                // The links of a package that is its own workspace stand beside it.
                _ if self.path.starts_with("package.") && is_link_key(key) => {}
                _ => self.unknown_key(table, key, &KEYS),
            }
        }
        if let Some(item) = table.get("rules") {
            self.rules(item, config);
        }
        let most_days = config.max_waiver_days.unwrap_or(waiver::MOST_DAYS);
        let rejected = &mut config.rejected_waivers;
        config.waivers.retain(|waiver| {
            let until = waiver.terms.until;
            let wrong = until.and_then(|until| waiver::too_far(until, Date::today(), most_days));
            let holds = wrong.is_none();
            rejected.extend(wrong.map(|message| RejectedWaiver {
                message,
                span: waiver.span,
            }));
            holds
        });
    }

    fn roots(&mut self, item: &Item) -> Vec<ConfiguredRoot> {
        let mut roots = Vec::new();
        let Some(array) = item.as_array() else {
            if let Some(tables) = item.as_array_of_tables() {
                return tables.iter().filter_map(|table| self.root(table)).collect();
            }
            self.wrong_type::<()>(item, "a list of directories");
            return roots;
        };
        for value in array {
            let root = match value {
                Value::String(path) => Some(ConfiguredRoot {
                    path: path.value().clone(),
                    ..ConfiguredRoot::default()
                }),
                Value::InlineTable(table) => self.root(table),
                _ => {
                    self.wrong(value.span(), "expected a directory, or a table with `path`");
                    None
                }
            };
            let place = value.span().map(Span::from);
            roots.extend(root.map(|root| ConfiguredRoot {
                span: place,
                ..root
            }));
        }
        roots
    }

    fn root(&mut self, table: &dyn TableLike) -> Option<ConfiguredRoot> {
        let mut root = ConfiguredRoot::default();
        let mut named = false;
        for (key, item) in table.iter() {
            match key {
                "path" => {
                    named = true;
                    root.path = self.text(item)?;
                    root.span = item.span().map(Span::from);
                }
                "var-files" => root.var_files = self.texts(item),
                "workspace" => root.workspace = self.text(item),
                _ => self.unknown_key(table, key, &ROOT_KEYS),
            }
        }
        if !named {
            let place = table
                .iter()
                .next()
                .and_then(|(key, _)| table.key(key)?.span());
            self.wrong(place, "a root module needs a `path`");
        }
        named.then_some(root)
    }

    fn plan(&mut self, item: &Item) -> Option<PlanMode> {
        let text = self.text(item)?;
        let mode = MODES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, mode)| *mode);
        if mode.is_none() {
            self.wrong_choice(
                item,
                &text,
                "way to plan",
                MODES.iter().map(|(name, _)| *name),
            );
        }
        mode
    }

    fn timeout(&mut self, item: &Item) -> Option<Duration> {
        match item.as_integer().map(u64::try_from) {
            Some(Ok(seconds)) if seconds > 0 => Some(Duration::from_secs(seconds)),
            _ => self.wrong_type(item, "seconds, at least one"),
        }
    }

    fn levels(&mut self, item: &Item, config: &mut Config) {
        let Some(table) = self.table(item) else {
            return;
        };
        // What is said of one rule comes before what is said of a whole catalogue.
        let (rules, sets): (Vec<_>, Vec<_>) =
            table.iter().partition(|(key, _)| find_rule(key).is_some());
        for (key, item) in sets.into_iter().chain(rules) {
            let targets = find_targets(key);
            if targets.is_empty() {
                let place = table.key(key).and_then(toml_edit::Key::span);
                self.unknown_name(place, key, "rule or group", target_names());
                continue;
            }
            if let Some(level) = self.level(item) {
                let source = LevelSource::Configuration(format!("levels.{}", quoted(key)));
                for target in targets {
                    config.levels.set(target, level, source.clone());
                }
            }
        }
    }

    fn level(&mut self, item: &Item) -> Option<Level> {
        let text = self.text(item)?;
        let level = Level::named(&text);
        if level.is_none() {
            self.wrong_choice(item, &text, "level", Level::ALL.map(Level::name));
        }
        level
    }

    fn rules(&mut self, item: &Item, config: &mut Config) {
        let Some(table) = self.table(item) else {
            return;
        };
        for (key, item) in table.iter() {
            let Some(rule) = find_rule(key) else {
                let names = RULES.iter().flat_map(|rule| [rule.id, rule.name]);
                let place = table.key(key).and_then(toml_edit::Key::span);
                self.unknown_name(place, key, "rule", names);
                continue;
            };
            let source = LevelSource::Configuration(format!("rules.{}", quoted(key)));
            if item.is_str() {
                if let Some(level) = self.level(item) {
                    config.levels.set(Target::Rule(rule), level, source);
                }
                continue;
            }
            let Some(settings) = self.table(item) else {
                continue;
            };
            for (key, item) in settings.iter() {
                if key == "level" {
                    if let Some(level) = self.level(item) {
                        config.levels.set(Target::Rule(rule), level, source.clone());
                    }
                } else {
                    self.option(settings, key, item, rule, &mut config.options);
                }
            }
        }
    }

    fn option(
        &mut self,
        table: &dyn TableLike,
        key: &str,
        item: &Item,
        rule: &'static Rule,
        options: &mut Options,
    ) {
        let Some(option) = rule.options.iter().find(|option| option.name == key) else {
            let names: Vec<&str> = rule.options.iter().map(|option| option.name).collect();
            self.unknown_key(table, key, &[&["level"], names.as_slice()].concat());
            return;
        };
        let value = match option.default {
            OptionDefault::Flag(_) => match item.as_bool() {
                Some(on) => Some(OptionValue::Flag(on)),
                None => self.wrong_type(item, "`true` or `false`"),
            },
            OptionDefault::Text(_) => self.text(item).map(OptionValue::Text),
            OptionDefault::Choice(choices) => match self.text(item) {
                Some(text) if choices.contains(&text.as_str()) => Some(OptionValue::Text(text)),
                Some(text) => {
                    self.wrong_choice(item, &text, "value", choices.iter().copied());
                    None
                }
                None => None,
            },
            OptionDefault::List => Some(OptionValue::List(self.texts(item))),
        };
        if let Some(value) = value {
            options.0.insert((rule.id, option.name), value);
        }
    }

    pub(super) fn table<'a>(&mut self, item: &'a Item) -> Option<&'a dyn TableLike> {
        let table = item.as_table_like();
        if table.is_none() {
            self.wrong_type::<()>(item, "a table");
        }
        table
    }

    pub(super) fn text(&mut self, item: &Item) -> Option<String> {
        match item.as_str() {
            Some(text) => Some(text.to_owned()),
            None => self.wrong_type(item, "a text"),
        }
    }

    fn texts(&mut self, item: &Item) -> Vec<String> {
        let Some(array) = item.as_array() else {
            self.wrong_type::<()>(item, "a list of texts");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for value in array {
            match value.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong(value.span(), "expected a text"),
            }
        }
        texts
    }

    pub(super) fn unknown_key(&mut self, table: &dyn TableLike, key: &str, known: &[&'static str]) {
        let place = table.key(key).and_then(toml_edit::Key::span);
        self.unknown_name(place, key, "key", known.iter().copied());
    }

    fn unknown_name(
        &mut self,
        place: Option<Range<usize>>,
        name: &str,
        kind: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let help = match did_you_mean(name, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if known.len() < 10 => format!("known are {}", list(&known)),
            None => "`cargo ecs-audit explain` lists the rules".to_owned(),
        };
        self.errors.push(ConfigError {
            message: format!("unknown {kind} `{name}` in `{}`", self.path),
            span: place.map(Span::from),
            label: String::new(),
            help: Some(help),
        });
    }

    pub(super) fn wrong_choice(
        &mut self,
        item: &Item,
        text: &str,
        kind: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) {
        self.unknown_name(item.span(), text, kind, known);
    }

    pub(super) fn wrong_type<T>(&mut self, item: &Item, expected: &str) -> Option<T> {
        self.wrong(
            item.span(),
            &format!("expected {expected}, found {}", kind(item)),
        );
        None
    }

    pub(super) fn wrong(&mut self, place: Option<Range<usize>>, label: &str) {
        self.errors.push(ConfigError {
            message: format!("wrong value in `{}`", self.path),
            span: place.map(Span::from),
            label: label.to_owned(),
            help: None,
        });
    }
}

fn kind(item: &Item) -> &'static str {
    match item.type_name() {
        "string" => "a text",
        "integer" | "float" => "a number",
        "boolean" => "a truth value",
        "array" | "array of tables" => "a list",
        "table" | "inline table" => "a table",
        _ => "something else",
    }
}

fn list(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// A key as TOML writes it.
fn quoted(key: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if key.bytes().all(bare) {
        key.to_owned()
    } else {
        format!("\"{key}\"")
    }
}
