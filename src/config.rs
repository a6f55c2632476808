//! The configuration in the workspace's manifest, read into types that the rest can trust.

mod links;
mod reader;
mod waivers;

use std::path::PathBuf;
use std::time::Duration;

use toml_edit::{Document, Item};

pub(crate) use self::links::is_link_key;
pub use self::links::{Owner, links};

use self::reader::Reader;
use crate::hcl::Span;
use crate::policy::Levels;
use crate::rules::Options;
use crate::waiver::{ManifestWaiver, RejectedWaiver};

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
    /// What is meant as a waiver and does not hold.
    pub rejected_waivers: Vec<RejectedWaiver>,
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
    let document = Document::parse(manifest).map_err(|error| vec![invalid(&error)])?;
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
    reader.finish(config)
}

fn invalid(error: &toml_edit::TomlError) -> ConfigError {
    ConfigError {
        message: "the manifest is not valid TOML".to_owned(),
        span: error.span().map(Span::from),
        label: error.message().replace('\n', ", "),
        help: None,
    }
}

#[cfg(test)]
mod tests;
