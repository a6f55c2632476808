//! Which root modules changed since a revision: those that read anything that did.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::audit::Request;
use crate::config;
use crate::git::{self, Since};
use crate::roots::RootModule;
use crate::source::SourceMap;
use crate::terraform::evaluate::{self, Assignment, Inputs, Reads};
use crate::terraform::plan::Facts;

/// Parts root modules into those that changed since a revision and those that did not. What is in the files,
/// not what is committed of it, is held against the revision.
///
/// # Errors
/// The workspace is in no repository, the revision is not known, or Git fails.
pub(crate) fn changed(
    modules: Vec<RootModule>,
    request: &Request,
    revision: &str,
) -> Result<(Vec<RootModule>, Vec<RootModule>)> {
    let since = git::since(&request.workspace, revision)?;
    if is_reconfigured(&request.workspace, &since)? {
        return Ok((modules, Vec::new()));
    }
    let is_changed = |module: &RootModule| {
        // Of what is not read it cannot be said that nothing changed.
        module.not_audited.is_some() || since.concerns(&reads(module, request))
    };
    Ok(modules.into_iter().partition(is_changed))
}

/// Whether the manifest configures something else than it did.
fn is_reconfigured(workspace: &Path, since: &Since) -> Result<bool> {
    let manifest = workspace.join("Cargo.toml");
    if !since.is_changed(&manifest) {
        return Ok(false);
    }
    let now = std::fs::read_to_string(&manifest)
        .with_context(|| format!("cannot read `{}`", manifest.display()))?;
    let then = since.text(&manifest)?;
    Ok(then.is_none_or(|then| config::section(&then) != config::section(&now)))
}

/// What the audit of a root module reads.
fn reads(module: &RootModule, request: &Request) -> Reads {
    let files = module.var_files.iter().cloned().map(Assignment::File);
    let assignments: Vec<Assignment> = files.chain(request.assignments.iter().cloned()).collect();
    let inputs = Inputs {
        root: &module.path,
        workspace: &request.workspace,
        environment: &request.environment,
        terragrunt: module.terragrunt.as_deref().unwrap_or_default(),
        assignments: &assignments,
        terraform_workspace: request
            .terraform_workspace
            .as_deref()
            .or(module.workspace.as_deref()),
        facts: &Facts::default(),
        edited: None,
    };
    let mut source = SourceMap::with_library(&request.library);
    let mut reads = evaluate::evaluate(&inputs, &mut source).reads;
    if module.terragrunt.is_some() {
        let unit = request.workspace.join(&module.name).join("terragrunt.hcl");
        reads.files.insert(unit);
    }
    reads
}

impl Since {
    /// Whether anything that was read changed, or is not Git's so that it may have.
    fn concerns(&self, reads: &Reads) -> bool {
        let own = |file: &&PathBuf| !is_installed(file);
        reads
            .files
            .iter()
            .filter(own)
            .any(|file| self.is_changed(file))
            || self.changed.iter().any(|path| {
                let in_module = path
                    .parent()
                    .is_some_and(|parent| reads.modules.contains(parent));
                in_module && is_terraform_s(path)
                    || path
                        .ancestors()
                        .skip(1)
                        .any(|above| reads.listed.contains(above))
            })
    }

    /// Whether a file changed, the directory or link that it is in included.
    fn is_changed(&self, file: &Path) -> bool {
        file.ancestors().any(|path| self.changed.contains(path))
            || file.is_file() && !self.tracked.contains(file)
    }
}

/// Whether a file is one that `terraform init` installed: the source that names it and the lock file decide.
fn is_installed(file: &Path) -> bool {
    file.components()
        .any(|part| part.as_os_str() == ".terraform")
}

/// Whether Terraform reads a file of a module without being asked to.
fn is_terraform_s(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ends = [
        ".tf",
        ".tf.json",
        ".tofu",
        ".tofu.json",
        ".tfvars",
        ".tfvars.json",
        ".terraform.lock.hcl",
    ];
    ends.iter().any(|end| name.ends_with(end))
}
