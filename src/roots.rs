//! The root modules of a workspace: those that are named, or those that are found.

mod search;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use self::search::{search, terraform_files};
use crate::config::{Config, ConfigError, ConfiguredRoot};
use crate::source::Library;
use crate::terraform::evaluate::clean;
use crate::terragrunt::{self, Unit};
use crate::workspace::name_of;

/// A root module to audit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RootModule {
    /// Its directory, absolute.
    pub path: PathBuf,
    /// Its name in reports: relative to the workspace root, with `/`. Where Terragrunt calls it, the name of
    /// Terragrunt's directory.
    pub name: String,
    /// Where Terragrunt calls it, the files of Terragrunt whose `inputs` it is given; the later one holds.
    pub terragrunt: Option<Vec<PathBuf>>,
    /// Why it is not audited, where it is not.
    pub not_audited: Option<String>,
    /// Its variable files, absolute.
    pub var_files: Vec<PathBuf>,
    /// The Terraform workspace that the configuration asks for.
    pub workspace: Option<String>,
}

/// What was found where, for the case that nothing was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The root modules, in the order of their names or as they were named.
    pub modules: Vec<RootModule>,
    /// Those that were left out, since nothing of them changed.
    pub unchanged: Vec<RootModule>,
    /// Where they were looked for, relative to the workspace root.
    pub searched: String,
    /// How many directories there have Terraform files.
    pub directories: usize,
}

/// The root modules that are named on the command line, each once.
///
/// # Errors
/// A directory is not there or has no Terraform files.
pub fn named(
    workspace: &Path,
    current: &Path,
    named: &[PathBuf],
    config: &Config,
) -> Result<Found> {
    let mut modules = Vec::new();
    for path in named {
        let module = root_at(
            &current.join(path),
            &path.display().to_string(),
            workspace,
            config,
        );
        modules.push(module.map_err(anyhow::Error::msg)?);
    }
    Ok(Found::these(modules, "the directories that are named"))
}

/// Where a plan is audited that was given: the directories that are named, whatever is in them, since a
/// plan has its configuration with it; else what is found, else the workspace's directory.
///
/// # Errors
/// The configuration names directories that are not there.
pub fn planned(
    workspace: &Path,
    current: &Path,
    named: &[PathBuf],
    config: &Config,
    library: &Arc<Library>,
) -> Result<Found, Vec<ConfigError>> {
    if named.is_empty() {
        let found = configured(workspace, config, library)?;
        if !found.modules.is_empty() {
            return Ok(found);
        }
    }
    let this = [workspace.to_owned()];
    let named = if named.is_empty() { &this } else { named };
    let modules = named.iter().map(|path| {
        let path = current.join(path);
        root_at(&path, "", workspace, config).unwrap_or_else(|_| {
            let path = fs::canonicalize(&path).unwrap_or_else(|_| clean(&path));
            root_module(path, workspace, config)
        })
    });
    Ok(Found::these(
        modules.collect(),
        "the directories that are named",
    ))
}

/// The root modules that the configuration names, else those in `infra`, else those anywhere in the
/// workspace.
///
/// # Errors
/// Every directory that the configuration names and that is not there or has no Terraform files.
pub fn configured(
    workspace: &Path,
    config: &Config,
    library: &Library,
) -> Result<Found, Vec<ConfigError>> {
    if config.roots.is_empty() {
        return Ok(found(workspace, library));
    }
    let mut modules = Vec::new();
    let mut errors = Vec::new();
    for ConfiguredRoot { path, span, .. } in &config.roots {
        match root_at(&workspace.join(path), path, workspace, config) {
            Ok(module) => modules.push(module),
            Err(message) => errors.push(ConfigError {
                message,
                span: *span,
                label: String::new(),
                help: Some("a root module's directory is relative to the manifest's".to_owned()),
            }),
        }
    }
    if errors.is_empty() {
        let searched = "the directories that the configuration names";
        Ok(Found::these(modules, searched))
    } else {
        Err(errors)
    }
}

fn found(workspace: &Path, library: &Library) -> Found {
    let infra = workspace.join("infra");
    if infra.is_dir() {
        let found = search(&infra, workspace, library);
        if !found.modules.is_empty() {
            return found;
        }
    }
    search(workspace, workspace, library)
}

impl Found {
    fn these(modules: Vec<RootModule>, searched: &str) -> Self {
        let mut seen = HashSet::new();
        let modules: Vec<RootModule> = modules
            .into_iter()
            .filter(|module| seen.insert(module.name.clone()))
            .collect();
        Found {
            directories: modules.len(),
            unchanged: Vec::new(),
            modules,
            searched: searched.to_owned(),
        }
    }
}

fn root_at(
    path: &Path,
    written: &str,
    workspace: &Path,
    config: &Config,
) -> Result<RootModule, String> {
    let path = match fs::canonicalize(path) {
        Ok(path) => path,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(format!("there is no root module `{written}`"));
        }
        Err(error) => {
            return Err(format!(
                "the root module `{written}` cannot be read: {error}"
            ));
        }
    };
    if !path.is_dir() {
        return Err(format!("the root module `{written}` is not a directory"));
    }
    if let Err(error) = fs::read_dir(&path) {
        return Err(format!(
            "the root module `{written}` cannot be read: {error}"
        ));
    }
    let has_terraform = !terraform_files(&path).is_empty();
    if let Some(unit) = terragrunt::read(&path, workspace, has_terraform) {
        let module = root_module(path, workspace, config);
        return Ok(unit_module(module, unit));
    }
    if !has_terraform {
        return Err(format!("there are no Terraform files in `{written}`"));
    }
    Ok(root_module(path, workspace, config))
}

/// What a directory of Terragrunt comes to as a root module.
fn unit_module(module: RootModule, unit: Unit) -> RootModule {
    let not_audited = Some::<String>;
    match unit {
        Unit::Written {
            module: path,
            inputs,
        } if !terraform_files(&path).is_empty() => RootModule {
            path,
            terragrunt: Some(inputs),
            ..module
        },
        Unit::Written { .. } => RootModule {
            not_audited: not_audited("there are no Terraform files in its module".to_owned()),
            ..module
        },
        Unit::Shared => RootModule {
            not_audited: not_audited("it has no module, and only others include it".to_owned()),
            ..module
        },
        Unit::Unread { why, .. } => RootModule {
            not_audited: not_audited(why),
            ..module
        },
    }
}

fn root_module(path: PathBuf, workspace: &Path, config: &Config) -> RootModule {
    let configured = config.roots.iter().find(|root| {
        fs::canonicalize(workspace.join(&root.path)).is_ok_and(|configured| configured == path)
    });
    let ConfiguredRoot {
        var_files,
        workspace: selected,
        ..
    } = configured.cloned().unwrap_or_default();
    RootModule {
        name: name_of(&path, workspace),
        var_files: var_files.iter().map(|file| path.join(file)).collect(),
        workspace: selected,
        path,
        terragrunt: None,
        not_audited: None,
    }
}

#[cfg(test)]
mod tests;
