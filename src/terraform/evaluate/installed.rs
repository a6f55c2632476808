//! The modules that `terraform init` installed.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use crate::terraform::plan::{self, Snapshot};

/// The largest manifest that is read, in bytes.
const LARGEST_MANIFEST: u64 = 16 << 20;

/// Where each installed module is, by its path of names (`vpc.subnets`).
#[derive(Debug, Default)]
pub(super) struct Installed {
    modules: HashMap<String, Module>,
}

/// An installed module.
#[derive(Debug, Deserialize)]
pub(super) struct Module {
    #[serde(rename = "Key", default)]
    key: String,
    #[serde(rename = "Source", default)]
    source: String,
    #[serde(rename = "Version", default)]
    version: String,
    /// Its directory, relative to the root module.
    #[serde(rename = "Dir", default)]
    pub(super) directory: String,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "Modules", default)]
    modules: Vec<Module>,
}

impl Installed {
    /// Reads `.terraform/modules/modules.json` of a root module; nothing where there is none.
    pub(super) fn read(root: &Path) -> Self {
        let manifest = root.join(".terraform/modules/modules.json");
        let text = match std::fs::metadata(&manifest) {
            Ok(metadata) if metadata.is_file() && metadata.len() < LARGEST_MANIFEST => {
                std::fs::read(manifest).unwrap_or_default()
            }
            _ => return Installed::default(),
        };
        let modules = serde_json::from_slice::<Manifest>(&text)
            .map(|manifest| manifest.modules)
            .unwrap_or_default();
        let modules = modules.into_iter();
        Installed {
            modules: modules.map(|module| (module.key.clone(), module)).collect(),
        }
    }

    /// The modules of a plan's configuration.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let modules = snapshot.modules.iter();
        let module = |module: &plan::Module| Module {
            key: module.key.clone(),
            source: String::new(),
            version: String::new(),
            directory: module.directory.clone(),
        };
        Installed {
            modules: modules
                .map(|found| (found.key.clone(), module(found)))
                .collect(),
        }
    }

    /// A module by its path of names.
    pub(super) fn module(&self, path: &str) -> Option<&Module> {
        self.modules.get(path)
    }
}

impl Module {
    /// Whether it is what a call asks for, as far as that can be told: where it is not, the call was
    /// changed after the module was installed.
    pub(super) fn is_for(&self, source: Option<&str>, version: Option<&str>) -> bool {
        // Old manifests do not tell.
        let is_source =
            self.source.is_empty() || source.is_none_or(|source| is_same(source, &self.source));
        let is_version = self.version.is_empty()
            || version.is_none_or(|constraint| meets(&self.version, constraint));
        is_source && is_version
    }
}

/// Whether a source as it is written is one as a manifest has it, which has the registry's host and the
/// means of getting it spelled out.
fn is_same(written: &str, installed: &str) -> bool {
    let (package, subdirectory, query) = parts(written);
    let (other, other_subdirectory, other_query) = parts(installed);
    if subdirectory != other_subdirectory || query != other_query {
        return false;
    }
    match (in_registry(package), in_registry(other)) {
        (Some((host, path)), Some((other_host, other_path))) => {
            path.eq_ignore_ascii_case(other_path) && (host.is_none() || host == other_host)
        }
        (None, None) => true,
        _ => false,
    }
}

/// A source's package, its directory in that, and what is asked for of it.
fn parts(source: &str) -> (&str, &str, &str) {
    let (source, query) = source.split_once('?').unwrap_or((source, ""));
    // The two slashes of a scheme begin no directory.
    let start = source.find("://").map_or(0, |at| at + 3);
    match source[start..].find("//") {
        Some(at) => {
            let directory = source[start + at + 2..].trim_matches('/');
            (&source[..start + at], directory, query)
        }
        None => (source, "", query),
    }
}

/// The host and the path of a module in a registry: `namespace/name/provider`.
fn in_registry(package: &str) -> Option<(Option<&str>, &str)> {
    let is_name = |part: &str| {
        let mut bytes = part.bytes();
        !part.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let (host, path) = match package.matches('/').count() {
        2 => (None, package),
        3 => package
            .split_once('/')
            .map(|(host, path)| (Some(host), path))?,
        _ => return None,
    };
    let is_host = host.is_none_or(|host| host.contains('.') && !host.contains("::"));
    (is_host && path.split('/').all(is_name)).then_some((host, path))
}

/// Whether a version meets constraints such as `~> 5.1, != 5.3.0`; what cannot be read is met.
fn meets(version: &str, constraints: &str) -> bool {
    let Some(version) = numbers(version) else {
        return true;
    };
    constraints.split(',').all(|constraint| {
        let constraint = constraint.trim();
        let digits = constraint
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(constraint.len());
        let (operator, wanted) = constraint.split_at(digits);
        let Some(wanted) = numbers(wanted) else {
            return true;
        };
        match operator.trim() {
            "" | "=" | "v" => version == wanted,
            "!=" => version != wanted,
            ">" => version > wanted,
            ">=" => version >= wanted,
            "<" => version < wanted,
            "<=" => version <= wanted,
            "~>" => {
                let given = constraint.matches('.').count();
                version >= wanted && version[..given] == wanted[..given]
            }
            _ => true,
        }
    })
}

/// The three numbers of a version; `None` where it is another kind of version.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let mut numbers = [0; 3];
    let mut parts = version.trim().split('.');
    for number in &mut numbers {
        match parts.next() {
            Some(part) => *number = part.parse().ok()?,
            None => break,
        }
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::Module;

    fn is_for(source: &str, version: &str, written: &str, constraint: &str) -> bool {
        let module = Module {
            key: "m".to_owned(),
            source: source.to_owned(),
            version: version.to_owned(),
            directory: String::new(),
        };
        module.is_for(Some(written), Some(constraint))
    }

    #[test]
    fn a_source_is_recognised_as_the_manifest_spells_it_out() {
        let registry = "registry.terraform.io/terraform-aws-modules/vpc/aws";
        for (installed, written) in [
            (registry, "terraform-aws-modules/vpc/aws"),
            ("registry.opentofu.org/a/b/c//modules/d", "a/b/c//modules/d"),
            ("app.terraform.io/a/b/c", "app.terraform.io/a/b/c"),
            (
                "git::https://github.com/a/b.git//d?ref=v1",
                "github.com/a/b//d?ref=v1",
            ),
            (
                "git::ssh://git@github.com/a/b.git",
                "git@github.com:a/b.git",
            ),
            ("", "anything"),
        ] {
            assert!(is_for(installed, "", written, ""), "{written}");
        }
        for (installed, written) in [
            (registry, "terraform-aws-modules/ecs/aws"),
            (registry, "github.com/a/b"),
            ("registry.terraform.io/a/b/c//d", "a/b/c//e"),
            (
                "git::https://github.com/a/b.git?ref=v1",
                "github.com/a/b?ref=v2",
            ),
            ("app.terraform.io/a/b/c", "other.example.com/a/b/c"),
        ] {
            assert!(!is_for(installed, "", written, ""), "{written}");
        }
    }

    #[test]
    fn an_installed_version_meets_constraints_as_terraform_reads_them() {
        let source = "registry.terraform.io/a/b/c";
        for (version, constraint, met) in [
            ("5.1.2", "5.1.2", true),
            ("5.1.2", "= 5.1.2", true),
            ("5.1.2", "5.1", false),
            ("5.1.0", "5.1", true),
            ("5.1.2", "~> 5.0", true),
            ("6.0.0", "~> 5.0", false),
            ("5.1.2", "~> 5.1.0", true),
            ("5.2.0", "~> 5.1.0", false),
            ("5.1.2", "~> 5", true),
            ("5.1.2", ">= 4.0, < 5.0", false),
            ("5.1.2", ">= 4.0, != 5.1.2", false),
            ("5.1.2-beta1", "4.0", true),
            ("5.1.2", "no version", true),
        ] {
            assert_eq!(
                is_for(source, version, "a/b/c", constraint),
                met,
                "{version} {constraint}"
            );
        }
    }
}
