//! What was audited: the revision, the providers, the files that decide which.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::git;
use crate::hcl;
use crate::roots::RootModule;

/// What was audited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// What is checked out; `None` where the workspace is in no repository.
    pub revision: Option<Revision>,
    /// Of each root module, in the order of the report.
    pub roots: Vec<RootProvenance>,
    /// The plan that was given, where it is a file.
    pub plan_file: Option<Digest>,
}

/// What is checked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The commit's hash; `None` before the first commit.
    pub commit: Option<String>,
    /// How many files differ from it, those that Git does not know included.
    pub uncommitted: usize,
}

/// What a root module's providers are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RootProvenance {
    /// The dependency lock file, where there is one.
    pub lock_file: Option<Digest>,
    /// The providers that it selects.
    pub providers: Vec<Provider>,
}

/// A provider that a lock file selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Where it comes from: `registry.terraform.io/hashicorp/aws`.
    pub source: String,
    /// Its version.
    pub version: String,
}

/// A file and the hash of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The file, relative to the workspace where it is in it.
    pub path: String,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// The name of Terraform's dependency lock file.
const LOCK_FILE: &str = ".terraform.lock.hcl";

impl Provenance {
    /// Gathers what is known of the sources of an audit.
    ///
    /// # Errors
    /// Git fails, or a file that is there cannot be read.
    pub fn gather(
        workspace: &Path,
        modules: &[RootModule],
        plan_file: Option<&Path>,
    ) -> Result<Self> {
        let roots = modules.iter().map(RootProvenance::of);
        let plan_file = plan_file.map(|path| digest(path, &name_of_plan(workspace, path)));
        Ok(Provenance {
            revision: revision(workspace)?,
            roots: roots.collect::<Result<_>>()?,
            plan_file: plan_file.transpose()?.flatten(),
        })
    }
}

/// The name of a plan file: where it is in the workspace, else without the directory, which is another on each machine.
fn name_of_plan(workspace: &Path, path: &Path) -> String {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (workspace, path) = (real(workspace), real(path));
    let inside = path.strip_prefix(&workspace).ok();
    let name = inside.or_else(|| path.file_name().map(Path::new));
    let name = name.unwrap_or(&path).to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        name.into_owned()
    } else {
        name.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

fn revision(workspace: &Path) -> Result<Option<Revision>> {
    let Some(changes) = git::changes(workspace)? else {
        return Ok(None);
    };
    Ok(Some(Revision {
        commit: git::head(workspace),
        uncommitted: changes.len(),
    }))
}

impl RootProvenance {
    fn of(module: &RootModule) -> Result<Self> {
        let path = module.path.join(LOCK_FILE);
        let name = format!("{}/{LOCK_FILE}", module.name);
        let Some(lock_file) = digest(&path, name.trim_start_matches("./"))? else {
            return Ok(RootProvenance::default());
        };
        // One that is no text selects no provider that can be named.
        let text = fs::read_to_string(&path).unwrap_or_default();
        Ok(RootProvenance {
            lock_file: Some(lock_file),
            providers: providers(&text),
        })
    }
}

/// The providers in the text of a lock file.
fn providers(text: &str) -> Vec<Provider> {
    let body = hcl::parse(text).tree;
    let blocks = body.blocks.iter();
    let providers = blocks.filter(|block| &*block.keyword.text == "provider");
    providers
        .filter_map(|block| {
            let attributes = block.body.attributes.iter();
            let version = attributes
                .filter(|attribute| &*attribute.name.text == "version")
                .find_map(|attribute| attribute.value.literal())?;
            Some(Provider {
                source: block.labels.first()?.text.to_string(),
                version: version.to_owned(),
            })
        })
        .collect()
}

/// The hash of a file; `None` where there is no such file.
fn digest(path: &Path, name: &str) -> Result<Option<Digest>> {
    let mut file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read `{name}`")),
    };
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = file
            .read(&mut buffer)
            .with_context(|| format!("cannot read `{name}`"))?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
    }
    let sha256 = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Some(Digest {
        path: name.to_owned(),
        sha256,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_file_says_which_providers_are_selected() {
        let text = "# comment\nprovider \"registry.terraform.io/hashicorp/aws\" {\n  version     = \"5.100.0\"\n  \
                    constraints = \"~> 5.0\"\n  hashes = [\"h1:a=\"]\n}\nprovider \"x\" {}\nprovider";
        let aws = Provider {
            source: "registry.terraform.io/hashicorp/aws".to_owned(),
            version: "5.100.0".to_owned(),
        };
        assert_eq!(providers(text), [aws]);
    }

    #[test]
    fn a_plan_file_has_the_same_name_wherever_the_workspace_is() {
        let directory = tempfile::tempdir().unwrap();
        let workspace = directory.path().join("workspace");
        fs::create_dir_all(workspace.join("infra")).unwrap();
        let inside = workspace.join("infra/release.tfplan");
        let outside = directory.path().join("release.tfplan");
        for (path, name) in [
            (&inside, "infra/release.tfplan"),
            (&outside, "release.tfplan"),
        ] {
            fs::write(path, "").unwrap();
            assert_eq!(name_of_plan(&workspace, path), name);
        }
    }

    #[test]
    fn a_file_that_is_not_there_has_no_hash() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(LOCK_FILE);
        assert_eq!(digest(&path, "a").unwrap(), None);
        fs::write(&path, "abc").unwrap();
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest(&path, "a").unwrap().unwrap().sha256, known);
    }
}
