//! The configuration in the workspace's manifest, read into types that the rest can trust.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use toml_edit::{Document, Item, TableLike, Value};

use crate::did_you_mean::did_you_mean;
use crate::hcl::Span;
use crate::policy::{Level, LevelSource, Levels, Target, find_rule, find_target, target_names};
use crate::rules::{OptionDefault, OptionValue, Options, RULES, Rule};
use crate::waiver::{self, Date, ManifestWaiver, Terms};

/// What `[workspace.metadata.ecs-audit]` says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The root modules' directories, relative to the workspace root; empty where they are to be found.
    pub roots: Vec<ConfiguredRoot>,
    /// The Terraform to run.
    pub terraform_bin: Option<PathBuf>,
    /// Where facts come from.
    pub plan: Option<PlanMode>,
    /// How long Terraform may take in one root module.
    pub timeout: Option<Duration>,
    /// The levels.
    pub levels: Levels,
    /// The rules' options.
    pub options: Options,
    /// What is waived.
    pub waivers: Vec<ManifestWaiver>,
    /// How many days ahead a waiver may end.
    pub max_waiver_days: Option<u32>,
}

/// A root module that the configuration names.
#[derive(Clone, Debug, Default)]
pub struct ConfiguredRoot {
    /// Its directory, relative to the workspace root.
    pub path: String,
    /// Its variable files, relative to its directory.
    pub var_files: Vec<String>,
    /// The Terraform workspace to audit it in.
    pub workspace: Option<String>,
    /// Where it is named.
    pub span: Option<Span>,
}

/// Where facts beside the source come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum PlanMode {
    /// Run `terraform plan` where it can plan, else audit the source alone and say why
    #[default]
    Auto,
    /// Run `terraform plan`; end with exit code 101 where it fails
    Always,
    /// Run `terraform test` with mocked providers, without credentials, state or backend
    Mock,
    /// Audit the source alone; nothing is run
    Never,
}

/// Something wrong in the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
    /// What to say there.
    pub label: String,
    /// What to write instead.
    pub help: Option<String>,
}

const KEYS: [&str; 8] = [
    "levels",
    "max-waiver-days",
    "plan",
    "roots",
    "rules",
    "terraform-bin",
    "timeout",
    "waiver",
];
const WAIVER_KEYS: [&str; 6] = ["address", "container", "reason", "root", "rule", "until"];
const ROOT_KEYS: [&str; 3] = ["path", "var-files", "workspace"];
const MODES: [(&str, PlanMode); 4] = [
    ("auto", PlanMode::Auto),
    ("always", PlanMode::Always),
    ("mock", PlanMode::Mock),
    ("never", PlanMode::Never),
];

/// What a manifest's configuration says, key by key, without its layout: two that say the same are equal.
pub(crate) fn section(manifest: &str) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    if let Ok(document) = Document::parse(manifest) {
        for owner in ["workspace", "package"] {
            let item = document.get(owner).and_then(|item| item.get("metadata"));
            if let Some(item) = item.and_then(|item| item.get("ecs-audit")) {
                flatten(item, owner.to_owned(), &mut lines);
            }
        }
    }
    lines.sort();
    lines
}

fn flatten(item: &Item, path: String, lines: &mut Vec<(String, String)>) {
    if let Some(tables) = item.as_array_of_tables() {
        for (index, table) in tables.iter().enumerate() {
            for (key, item) in table.iter() {
                flatten(item, format!("{path}[{index}].{key}"), lines);
            }
        }
    } else if let Some(table) = item.as_table_like() {
        for (key, item) in table.iter() {
            flatten(item, format!("{path}.{key}"), lines);
        }
    } else {
        lines.push((path, item.to_string().trim().to_owned()));
    }
}

/// Reads the configuration out of a manifest: of the workspace, or of the root package where the manifest
/// has no workspace.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub fn read(manifest: &str) -> Result<Config, Vec<ConfigError>> {
    let document = Document::parse(manifest).map_err(|error| {
        vec![ConfigError {
            message: "the manifest is not valid TOML".to_owned(),
            span: error.span().map(span),
            label: error.message().replace('\n', ", "),
            help: None,
        }]
    })?;
    let mut reader = Reader {
        path: String::new(),
        errors: Vec::new(),
    };
    let owner = if document.contains_key("workspace") {
        "workspace"
    } else {
        "package"
    };
    let table = document
        .get(owner)
        .and_then(|item| item.get("metadata"))
        .and_then(|item| item.get("ecs-audit"));
    let mut config = Config::default();
    if let Some(item) = table {
        reader.path = format!("{owner}.metadata.ecs-audit");
        if let Some(table) = reader.table(item) {
            reader.config(table, &mut config);
        }
    }
    if reader.errors.is_empty() {
        Ok(config)
    } else {
        reader.errors.sort_by_key(|error| error.span);
        Err(reader.errors)
    }
}

struct Reader {
    path: String,
    errors: Vec<ConfigError>,
}

impl Reader {
    fn config(&mut self, table: &dyn TableLike, config: &mut Config) {
        for (key, item) in table.iter() {
            match key {
                "roots" => config.roots = self.roots(item),
                "terraform-bin" => config.terraform_bin = self.text(item).map(PathBuf::from),
                "plan" => config.plan = self.plan(item),
                "timeout" => config.timeout = self.timeout(item),
                "levels" => self.levels(item, config),
                "max-waiver-days" => config.max_waiver_days = self.days(item),
                "waiver" => config.waivers = self.waivers(item),
                // Read below: what stands under a rule comes before what stands under `levels`.
                "rules" => {}
                _ => self.unknown_key(table, key, &KEYS),
            }
        }
        if let Some(item) = table.get("rules") {
            self.rules(item, config);
        }
        let most_days = config.max_waiver_days.unwrap_or(waiver::MOST_DAYS);
        for waiver in &config.waivers {
            let until = waiver.terms.until;
            let wrong = until.and_then(|until| waiver::too_far(until, Date::today(), most_days));
            if let Some(wrong) = wrong {
                let place = waiver
                    .span
                    .map(|span| span.start as usize..span.end as usize);
                self.wrong(place, &wrong);
            }
        }
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
            let place = value.span().map(span);
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
                    root.span = item.span().map(span);
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

    fn days(&mut self, item: &Item) -> Option<u32> {
        match item.as_integer().map(u32::try_from) {
            Some(Ok(days)) if days > 0 => Some(days),
            _ => self.wrong_type(item, "days, at least one"),
        }
    }

    fn waivers(&mut self, item: &Item) -> Vec<ManifestWaiver> {
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
                _ => self.unknown_key(table, key, &WAIVER_KEYS),
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
            span: place.map(span),
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

    fn levels(&mut self, item: &Item, config: &mut Config) {
        let Some(table) = self.table(item) else {
            return;
        };
        for (key, item) in table.iter() {
            let Some(target) = find_target(key) else {
                let place = table.key(key).and_then(toml_edit::Key::span);
                self.unknown_name(place, key, "rule or group", target_names());
                continue;
            };
            if let Some(level) = self.level(item) {
                let source = LevelSource::Configuration(format!("levels.{}", quoted(key)));
                config.levels.set(target, level, source);
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

    fn table<'a>(&mut self, item: &'a Item) -> Option<&'a dyn TableLike> {
        let table = item.as_table_like();
        if table.is_none() {
            self.wrong_type::<()>(item, "a table");
        }
        table
    }

    fn text(&mut self, item: &Item) -> Option<String> {
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

    fn unknown_key(&mut self, table: &dyn TableLike, key: &str, known: &[&'static str]) {
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
            span: place.map(span),
            label: String::new(),
            help: Some(help),
        });
    }

    fn wrong_choice(
        &mut self,
        item: &Item,
        text: &str,
        kind: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) {
        self.unknown_name(item.span(), text, kind, known);
    }

    fn wrong_type<T>(&mut self, item: &Item, expected: &str) -> Option<T> {
        self.wrong(
            item.span(),
            &format!("expected {expected}, found {}", kind(item)),
        );
        None
    }

    fn wrong(&mut self, place: Option<Range<usize>>, label: &str) {
        self.errors.push(ConfigError {
            message: format!("wrong value in `{}`", self.path),
            span: place.map(span),
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

fn span(range: Range<usize>) -> Span {
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span {
        start: offset(range.start),
        end: offset(range.end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Outcome;

    fn errors(manifest: &str) -> Vec<String> {
        match read(manifest) {
            Ok(config) => panic!("{config:?}"),
            Err(errors) => errors
                .iter()
                .map(|error| {
                    let place = error
                        .span
                        .map(|span| &manifest[span.start as usize..span.end as usize]);
                    let help = error.help.as_deref().unwrap_or(&error.label);
                    format!(
                        "{} | {} | {help}",
                        error.message,
                        place.unwrap_or("nowhere")
                    )
                })
                .collect(),
        }
    }

    #[test]
    fn a_manifest_without_configuration_gives_the_defaults() {
        let config = read("[workspace]\nmembers = []\n").unwrap();
        assert!(config.roots.is_empty() && config.plan.is_none());
        assert!(read("").is_ok());
    }

    #[test]
    fn a_rules_own_level_comes_before_its_groups() {
        let config = read(
            "[workspace.metadata.ecs-audit]\nlevels = { required = \"warn\", undecided = \"deny\" }\n\
             rules.privileged-container.level = \"deny\"\n",
        )
        .unwrap();
        let rule = find_rule("ECS:004").unwrap();
        let source = LevelSource::Configuration("rules.privileged-container".into());
        assert_eq!(config.levels.of(rule, Outcome::Fail), (Level::Deny, source));
    }

    #[test]
    fn every_mistake_has_its_place_and_what_was_meant() {
        let manifest = "[workspace.metadata.ecs-audit]\nroot = []\nplan = \"allways\"\n\
            terraform-bin = 1\ntimeout = -1\nroots = [1, { var-files = [] }]\n\
            levels = { requierd = \"deny\", undecided = \"denied\" }\n\
            rules.\"ECS:04\" = \"warn\"\nrules.\"ECS:004\".stric = true\n";
        let found = errors(manifest).join("\n");
        snapbox::assert_data_eq!(
            found,
            snapbox::str![[r#"
unknown key `root` in `workspace.metadata.ecs-audit` | root | did you mean `roots`?
unknown way to plan `allways` in `workspace.metadata.ecs-audit` | "allways" | did you mean `always`?
wrong value in `workspace.metadata.ecs-audit` | 1 | expected a text, found a number
wrong value in `workspace.metadata.ecs-audit` | -1 | expected seconds, at least one, found a number
wrong value in `workspace.metadata.ecs-audit` | 1 | expected a directory, or a table with `path`
wrong value in `workspace.metadata.ecs-audit` | var-files | a root module needs a `path`
unknown rule or group `requierd` in `workspace.metadata.ecs-audit` | requierd | did you mean `required`?
unknown level `denied` in `workspace.metadata.ecs-audit` | "denied" | known are `allow`, `warn`, `deny`
unknown rule `ECS:04` in `workspace.metadata.ecs-audit` | "ECS:04" | did you mean `ECS:004`?
unknown key `stric` in `workspace.metadata.ecs-audit` | stric | known are `level`
"#]]
        );
    }

    #[test]
    fn a_manifest_that_is_no_toml_is_an_error_with_a_place() {
        assert_eq!(errors("[workspace\n").len(), 1);
    }
}
