//! The plan's JSON as Terraform writes it: the parts that are read, borrowed from the text.
//!
//! What is not named here is skipped without being looked at, which is most of a plan.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use anyhow::{Result, anyhow, bail};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A plan's JSON. The last fields are those of other JSON that Terraform writes, to say what it is.
#[derive(Deserialize)]
pub(super) struct Document<'a> {
    #[serde(borrow, default)]
    pub format_version: Option<Borrowed<'a>>,
    #[serde(borrow, default)]
    pub terraform_version: Option<Borrowed<'a>>,
    #[serde(borrow, default)]
    pub timestamp: Option<Borrowed<'a>>,
    #[serde(borrow, default)]
    pub variables: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub planned_values: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "changes")]
    pub resource_changes: Option<Vec<ResourceChange<'a>>>,
    #[serde(borrow, default)]
    pub prior_state: Option<State<'a>>,
    #[serde(borrow, default)]
    pub configuration: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub deferred_changes: Option<Vec<Deferred<'a>>>,
    #[serde(default)]
    pub errored: Option<bool>,
    #[serde(default)]
    pub complete: Option<bool>,

    #[serde(default)]
    values: Option<IgnoredAny>,
    #[serde(default)]
    provider_schemas: Option<IgnoredAny>,
    #[serde(default)]
    diagnostics: Option<IgnoredAny>,
    #[serde(default)]
    lineage: Option<IgnoredAny>,
    #[serde(default)]
    serial: Option<IgnoredAny>,
    #[serde(default)]
    resource: Option<IgnoredAny>,
    #[serde(default)]
    variable: Option<IgnoredAny>,
    #[serde(default)]
    module: Option<IgnoredAny>,
    #[serde(default, rename = "@level")]
    level: Option<IgnoredAny>,
}

/// Text that is borrowed where it has no escape in it.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Borrowed<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// What would happen to an instance.
#[derive(Deserialize)]
pub(super) struct ResourceChange<'a> {
    #[serde(borrow)]
    pub address: Cow<'a, str>,
    #[serde(borrow, default)]
    pub module_address: Option<Borrowed<'a>>,
    pub mode: Mode,
    #[serde(borrow)]
    pub r#type: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    pub change: Change<'a>,
}

/// The change itself.
#[derive(Deserialize)]
pub(super) struct Change<'a> {
    pub actions: Vec<Action>,
    #[serde(borrow, default)]
    pub after: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub after_unknown: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub after_sensitive: Option<&'a RawValue>,
}

/// An action, as far as it matters whether the instance will be there.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Action {
    Delete,
    Forget,
    #[serde(other)]
    Other,
}

/// Whether something is a resource or a data source.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Mode {
    Managed,
    Data,
    #[serde(other)]
    Other,
}

/// A change that this plan leaves to a later one.
#[derive(Deserialize)]
pub(super) struct Deferred<'a> {
    #[serde(borrow)]
    pub resource_change: DeferredChange<'a>,
}

/// Whose change it is.
#[derive(Deserialize)]
pub(super) struct DeferredChange<'a> {
    #[serde(borrow, default)]
    pub module_address: Option<Borrowed<'a>>,
    pub mode: Mode,
    #[serde(borrow)]
    pub r#type: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
}

/// A state; of it the data sources are kept.
#[derive(Deserialize, Default)]
pub(super) struct State<'a> {
    #[serde(borrow, default)]
    pub values: Option<StateValues<'a>>,
}

/// The values of a state.
#[derive(Deserialize, Default)]
pub(super) struct StateValues<'a> {
    #[serde(borrow, default)]
    pub root_module: StateModule<'a>,
}

/// A module instance of a state.
#[derive(Deserialize, Default)]
pub(super) struct StateModule<'a> {
    #[serde(borrow, default)]
    pub address: Option<Borrowed<'a>>,
    #[serde(borrow, default, deserialize_with = "data_sources")]
    pub resources: Vec<StateResource<'a>>,
    #[serde(borrow, default)]
    pub child_modules: Vec<StateModule<'a>>,
}

/// The same with every resource kept, as planned values are read.
#[derive(Deserialize, Default)]
pub(super) struct PlannedValues<'a> {
    #[serde(borrow, default)]
    pub root_module: PlannedModule<'a>,
}

/// A module instance of planned values.
#[derive(Deserialize, Default)]
pub(super) struct PlannedModule<'a> {
    #[serde(borrow, default)]
    pub address: Option<Borrowed<'a>>,
    #[serde(borrow, default)]
    pub resources: Vec<StateResource<'a>>,
    #[serde(borrow, default)]
    pub child_modules: Vec<PlannedModule<'a>>,
}

/// An instance in a state or in planned values.
#[derive(Deserialize)]
pub(super) struct StateResource<'a> {
    #[serde(borrow)]
    pub address: Cow<'a, str>,
    pub mode: Mode,
    #[serde(borrow)]
    pub r#type: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow, default)]
    pub values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub sensitive_values: Option<&'a RawValue>,
}

/// Keeps what will exist.
fn changes<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<ResourceChange<'de>>>, D::Error> {
    let keep: fn(&ResourceChange<'de>) -> bool = |change| {
        let goes = |action: &Action| matches!(action, Action::Delete | Action::Forget);
        let stays = change.change.actions.is_empty() || !change.change.actions.iter().all(goes);
        stays && change.mode != Mode::Other
    };
    deserializer.deserialize_any(Filtered::keeping(keep))
}

/// Keeps the data sources.
fn data_sources<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<StateResource<'de>>, D::Error> {
    let keep: fn(&StateResource<'de>) -> bool = |resource| resource.mode == Mode::Data;
    let kept = deserializer.deserialize_any(Filtered::keeping(keep))?;
    Ok(kept.unwrap_or_default())
}

/// Reads a list of which only some elements are kept, so that the others take no memory.
pub(super) struct Filtered<T> {
    keep: fn(&T) -> bool,
    element: PhantomData<T>,
}

impl<T> Filtered<T> {
    /// Keeps the elements of which this says so.
    pub(super) fn keeping(keep: fn(&T) -> bool) -> Self {
        Filtered {
            keep,
            element: PhantomData,
        }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Filtered<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of resources")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut kept = Vec::new();
        while let Some(element) = sequence.next_element()? {
            if (self.keep)(&element) {
                kept.push(element);
            }
        }
        Ok(Some(kept))
    }
}

/// What a decoder says, without the text that it quotes: a plan has secrets in it.
fn without_values(message: &str) -> String {
    match message.split_once('"') {
        Some((before, rest)) => match rest.rfind("\", expected") {
            Some(end) => format!("{}{}", before.trim_end(), &rest[end + 1..]),
            None => before.trim_end().to_owned(),
        },
        None => message.to_owned(),
    }
}

/// Reads a plan's JSON, or says what it is instead.
pub(super) fn read(text: &str) -> Result<Document<'_>> {
    let start = text.trim_start();
    if start.is_empty() {
        bail!("it is empty");
    }
    if !start.starts_with('{') {
        bail!(
            "it is not JSON: a plan's JSON is what `terraform show -json PLANFILE` prints{}",
            if start.starts_with("PK\u{3}\u{4}") {
                "; this is the plan file itself"
            } else {
                ""
            }
        );
    }
    let document: Document<'_> = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => return Err(refusal(text, &error)),
    };
    let Some(Borrowed(version)) = &document.format_version else {
        bail!("it is not a plan: {}", document.what_else());
    };
    match version
        .split_once('.')
        .map_or(version.as_ref(), |(major, _)| major)
    {
        "1" => {}
        // What is no version may be anything, and a plan has secrets in it.
        _ if !version
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.') =>
        {
            bail!("its `format_version` is no version; only format 1 is read")
        }
        "0" => bail!("its format is {version}, of a Terraform before 1.1; only format 1 is read"),
        _ => bail!("its format is {version}; only format 1 is read"),
    }
    let planned = document.resource_changes.is_some()
        || document.planned_values.is_some()
        || document.configuration.is_some();
    if !planned {
        bail!("it is not a plan: {}", document.what_else());
    }
    if document.errored == Some(true) {
        bail!("planning failed, so it says only a part: `errored` is true");
    }
    Ok(document)
}

impl Document<'_> {
    fn what_else(&self) -> &'static str {
        if self.values.is_some() {
            "it is a state's JSON; give `terraform show` the plan file's name"
        } else if self.provider_schemas.is_some() {
            "it is the JSON of `terraform providers schema`"
        } else if self.lineage.is_some() || self.serial.is_some() {
            "it is a state file"
        } else if self.level.is_some() {
            "it is the log of `terraform plan -json`; what `terraform show -json PLANFILE` prints \
             is needed"
        } else if self.diagnostics.is_some() {
            "it is the JSON of `terraform validate`"
        } else if self.resource.is_some() || self.variable.is_some() || self.module.is_some() {
            "it is Terraform's configuration"
        } else {
            "it has no `format_version`, `planned_values` and `resource_changes`"
        }
    }
}

/// Says why a text could not be read. A log of many JSON lines is no JSON as a whole.
fn refusal(text: &str, error: &serde_json::Error) -> anyhow::Error {
    let first = text.trim_start().lines().next().unwrap_or_default();
    if let Ok(line) = serde_json::from_str::<Document<'_>>(first)
        && line.level.is_some()
    {
        return anyhow!("it is not a plan: {}", line.what_else());
    }
    if error.is_eof() {
        return anyhow!("it ends in the middle: {error}");
    }
    if error.is_data() {
        return anyhow!(
            "it is not a plan's JSON: {}",
            without_values(&error.to_string())
        );
    }
    anyhow!("it is not JSON: {error}")
}

/// Reads a part of a plan that was skipped, or its default where that is something else.
pub(super) fn part<'a, T: Deserialize<'a> + Default>(text: &'a str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

/// The bytes of a text that a part borrowed from it takes.
pub(super) fn range_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    start..start + part.len()
}
