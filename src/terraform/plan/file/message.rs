//! The plan in a plan file: which changes it has, and whether all of it is known.

use std::fmt;

use anyhow::{Context as _, Result, bail, ensure};

use super::packed::is_well_formed;
use super::wire::Fields;

/// The version of the plan's format that is read.
const FORMAT: u64 = 3;

/// The versions of Terraform whose plan files were compared with what `terraform show` prints of them.
const TESTED: [&str; 1] = ["1.11."];

/// The providers of which it is known what is sensitive. Of what is replaced a plan does not have all of it.
const SCHEMAS: [&str; 2] = [
    "[\"registry.terraform.io/hashicorp/aws\"]",
    "[\"terraform.io/builtin/terraform\"]",
];

/// The error of a plan file that only the tool that made it can read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlyShown {
    /// Whether that tool is OpenTofu.
    pub by_tofu: bool,
    why: String,
}

impl fmt::Display for OnlyShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tool = if self.by_tofu { "tofu" } else { "terraform" };
        write!(f, "only `{tool} show` can read it: {}", self.why)
    }
}

impl std::error::Error for OnlyShown {}

impl OnlyShown {
    pub(super) fn by_terraform(why: impl Into<String>) -> Self {
        OnlyShown {
            by_tofu: false,
            why: why.into(),
        }
    }

    fn by_tofu(why: &str) -> Self {
        OnlyShown {
            by_tofu: true,
            why: why.into(),
        }
    }

    /// Finds out whether a file is a plan that OpenTofu encrypted: JSON with the plan as a text in it.
    #[must_use]
    pub fn for_encryption(bytes: &[u8]) -> Option<Self> {
        let start = &bytes[..bytes.len().min(START)];
        let has = |key: &[u8]| start.windows(key.len()).any(|window| window == key);
        let encrypted = start.trim_ascii_start().starts_with(b"{")
            && has(b"\"encrypted_data\"")
            && !has(b"\"format_version\"");
        encrypted.then(|| {
            OnlyShown::by_tofu(
                "it is encrypted, and OpenTofu's configuration or `TF_ENCRYPTION` has the key",
            )
        })
    }
}

/// How much of a file is looked at to see whether it is encrypted.
const START: usize = 64 << 10;

/// A plan.
#[derive(Debug, Default)]
pub(in crate::terraform::plan) struct Plan<'a> {
    /// The version of Terraform that made it.
    pub terraform_version: &'a str,
    /// Whether it has everything that the configuration comes to.
    pub complete: bool,
    /// When it was made.
    pub timestamp: Option<&'a str>,
    /// The root module's variables that were given a value, with it.
    pub variables: Vec<(&'a str, &'a [u8])>,
    /// The instances that will be there.
    pub changes: Vec<Change<'a>>,
}

/// What would happen to an instance that will be there.
#[derive(Debug, Default)]
pub(in crate::terraform::plan) struct Change<'a> {
    /// The instance's address.
    pub address: &'a str,
    /// Its values.
    pub after: &'a [u8],
    /// The paths to those that are sensitive.
    pub sensitive: Vec<&'a [u8]>,
}

impl<'a> Plan<'a> {
    /// Reads a plan.
    ///
    /// # Errors
    /// It is damaged, or planning failed; [`OnlyShown`] where it is of a version or has something in
    /// it that is not known here.
    pub(in crate::terraform::plan) fn read(message: &'a [u8]) -> Result<Self> {
        check_version(message)?;
        let mut plan = Plan::default();
        let mut errored = false;
        for field in Fields(message) {
            let (number, field) = field?;
            match number {
                2 => plan.variables.push(variable(field.bytes()?)?),
                3 => plan.changes.extend(change(field.bytes()?)?),
                14 => plan.terraform_version = field.text()?,
                20 => errored = field.number()? != 0,
                21 => plan.timestamp = Some(field.text()?),
                26 => plan.complete = field.number()? != 0,
                // The format's version, outputs, targets, what is to be replaced, the backend, relevant
                // attributes, the mode, drift, checks, results of functions, whether it can be applied.
                1 | 4 | 5 | 13 | 15..=19 | 22 | 25 => {}
                _ => bail!(unknown()),
            }
        }
        ensure!(
            !errored,
            "planning failed, so it says only a part: `errored` is true"
        );
        Ok(plan)
    }
}

fn unknown() -> OnlyShown {
    OnlyShown::by_terraform("it has something in it that is not known here")
}

fn check_version(message: &[u8]) -> Result<()> {
    let mut format = 0;
    let mut version = "";
    for field in Fields(message) {
        match field? {
            (1, field) => format = field.number()?,
            (3, field) if is_of_tofu(field.bytes()?) => {
                bail!(OnlyShown::by_tofu("it was made by OpenTofu"))
            }
            (14, field) => version = field.text()?,
            _ => {}
        }
    }
    if format != FORMAT {
        bail!(OnlyShown::by_terraform(
            "its format is one that is not known here"
        ));
    }
    let tested = TESTED.iter().any(|tested| {
        let patch = version.strip_prefix(tested);
        patch.is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|c| c.is_ascii_digit()))
    });
    if !tested {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
        let version = match version.len() <= 32 && version.chars().all(plain) {
            true if !version.is_empty() => version,
            _ => "of another version",
        };
        bail!(OnlyShown::by_terraform(format!(
            "it was made by Terraform {version}, and the plan files of 1.11 are known here"
        )));
    }
    Ok(())
}

/// Whether a change has a provider that comes from OpenTofu's registry.
fn is_of_tofu(change: &[u8]) -> bool {
    let mut fields = Fields(change).flatten();
    fields.any(|(number, field)| {
        number == 8
            && field
                .text()
                .is_ok_and(|provider| provider.contains("registry.opentofu.org"))
    })
}

fn variable(entry: &[u8]) -> Result<(&str, &[u8])> {
    let mut name = "";
    let mut value = None;
    for field in Fields(entry) {
        match field? {
            (1, field) => name = field.text()?,
            (2, field) => value = Some(field.value()?),
            _ => bail!(unknown()),
        }
    }
    let value = value.filter(|value| is_well_formed(value));
    Ok((name, value.context("its plan is damaged")?))
}

/// Reads a change; `None` where the instance will not be there.
fn change(message: &[u8]) -> Result<Option<Change<'_>>> {
    let mut address = "";
    let mut provider = "";
    let mut inner = None;
    for field in Fields(message) {
        let (number, field) = field?;
        match number {
            8 => provider = field.text()?,
            9 => inner = Some(field.bytes()?),
            13 => address = field.text()?,
            // A deposed object's key, what the provider keeps for itself, what makes it be replaced, the
            // reason, the address before it was moved.
            7 | 10 | 11 | 12 | 14 => {}
            _ => bail!(unknown()),
        }
    }
    let inner = inner.context("its plan is damaged")?;
    let mut action = 0;
    let mut values = Vec::new();
    let mut sensitive = Vec::new();
    for field in Fields(inner) {
        let (number, field) = field?;
        match number {
            1 => action = field.number()?,
            2 => values.push(field.value()?),
            4 => sensitive.push(field.bytes()?),
            // What was sensitive before, what is imported, and the configuration that makes.
            3 | 5 | 6 => {}
            _ => bail!(unknown()),
        }
    }
    let (count, stays) = match action {
        // No change, and a creation.
        0 | 1 => (1, true),
        // A data source that is read, an update, and replacements.
        2 | 3 | 6 | 7 | 9 => (2, true),
        // What is deleted, and what is forgotten.
        5 | 8 => (1, false),
        _ => bail!(unknown()),
    };
    let replaced = matches!(action, 6 | 7 | 9);
    if replaced && !SCHEMAS.iter().any(|known| provider.contains(known)) {
        bail!(OnlyShown::by_terraform(
            "it replaces a resource, and only its provider knows what of that is sensitive"
        ));
    }
    ensure!(values.len() == count, "its plan is damaged");
    ensure!(
        values.iter().all(|value| is_well_formed(value)),
        "its plan is damaged"
    );
    Ok(stays.then(|| Change {
        address,
        after: values[count - 1],
        sensitive,
    }))
}
