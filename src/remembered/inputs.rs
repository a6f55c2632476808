//! Everything that goes into a plan, in one hash: files, variables, environment, Terraform itself.

use std::env;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

use super::Asked;
use crate::terraform::command;
use crate::terraform::evaluate::Assignment;

/// The beginnings of the names of variables that Terraform, its providers or what chooses its version
/// read.
const PREFIXES: [&str; 23] = [
    "ARM_",
    "ASDF_",
    "AWS_",
    "AZURE_",
    "CLOUDFLARE_",
    "CLOUDSDK_",
    "CONSUL_",
    "DATADOG_",
    "DD_",
    "GITLAB_",
    "GOOGLE_",
    "HELM_",
    "KUBE",
    "MISE_",
    "NEW_RELIC_",
    "NOMAD_",
    "OCI_",
    "PG",
    "TENV_",
    "TF",
    "TOFU",
    "VAULT_",
    "XDG_CONFIG",
];

/// Further variables that are read, by their names.
const NAMES: [&str; 11] = [
    "ALL_PROXY",
    "GITHUB_BASE_URL",
    "GITHUB_OWNER",
    "GITHUB_TOKEN",
    "HOME",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "USERPROFILE",
];

/// Files that say which Terraform is run, in a root module's directory or above it.
const VERSION_FILES: [&str; 8] = [
    ".mise.toml",
    ".opentofu-version",
    ".prototools",
    ".terraform-version",
    ".terraformversion",
    ".tfswitchrc",
    ".tool-versions",
    "mise.toml",
];

/// Files in the home directory that Terraform and its AWS provider read.
const HOME_FILES: [&str; 7] = [
    ".aws/config",
    ".aws/credentials",
    ".terraform.d/credentials.tfrc.json",
    ".terraformrc",
    ".tfenv/version",
    ".tofurc",
    ".tool-versions",
];

/// Files that `init` and `workspace select` leave in the data directory.
const DATA_FILES: [&str; 3] = ["environment", "modules/modules.json", "terraform.tfstate"];

/// Directories that no configuration is in.
const PASSED_OVER: [&str; 5] = [
    ".git",
    ".terraform",
    ".terragrunt-cache",
    "node_modules",
    "target",
];

/// The most files that are looked at, and the most bytes that are read of them: past them nothing is
/// remembered.
const MOST_FILES: usize = 10_000;
const MOST_BYTES: u64 = 64 << 20;
const DEEPEST: usize = 24;

/// The hash of everything that goes into a plan, with a salt; what it reads of directories stands in
/// `directories`, and of other files in `files`. `None` where it is too much, or cannot be read.
///
/// With `before`, also where a file was written since: nobody knows what of it the plan saw.
pub(super) fn hash(
    asked: &Asked<'_>,
    salt: &str,
    directories: &[PathBuf],
    files: &[PathBuf],
    before: Option<SystemTime>,
) -> Option<String> {
    let mut hash = Hash {
        state: Sha256::new(),
        files: 0,
        bytes: 0,
        before,
    };
    hash.text(env!("CARGO_PKG_VERSION"));
    hash.text(salt);
    hash.path(asked.root)?;
    hash.text(asked.workspace.unwrap_or_default());
    hash.text(&format!("{:?}", asked.mode));
    hash.binary(asked)?;
    hash.environment();
    for assignment in asked.assignments {
        match assignment {
            Assignment::Variable(name, value) => hash.texts(&["variable", name, value]),
            Assignment::File(path) => hash.file(path).ok()?,
        }
    }
    hash.settings(asked.root);
    for directory in directories {
        // What is in a directory that is read already is read with it, unless the way there is passed over.
        let within = directories.iter().any(|other| {
            other != directory
                && directory.strip_prefix(other).is_ok_and(|way| {
                    way.iter()
                        .all(|name| !PASSED_OVER.iter().any(|passed| name == *passed))
                })
        });
        if within {
            continue;
        }
        hash.directory(directory, 0).ok()?;
    }
    for file in files {
        hash.file(file).ok()?;
    }
    Some(format!("{:x}", Hexadecimal(&hash.state.finalize())))
}

struct Hexadecimal<'a>(&'a [u8]);

impl std::fmt::LowerHex for Hexadecimal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

struct Hash {
    state: Sha256,
    files: usize,
    bytes: u64,
    before: Option<SystemTime>,
}

impl Hash {
    /// Adds a text so that no other texts come to the same.
    fn text(&mut self, text: &str) {
        self.state.update((text.len() as u64).to_le_bytes());
        self.state.update(text.as_bytes());
    }

    fn texts(&mut self, texts: &[&str]) {
        texts.iter().for_each(|text| self.text(text));
    }

    fn path(&mut self, path: &Path) -> Option<()> {
        self.text(path.to_str()?);
        Some(())
    }

    /// Adds which Terraform it is. A binary is told by its size and time: it has a hundred megabytes.
    fn binary(&mut self, asked: &Asked<'_>) -> Option<()> {
        let binary = fs::canonicalize(command::binary(asked.binary).ok()?).ok()?;
        self.path(&binary)?;
        let found = fs::metadata(&binary).ok()?;
        self.text(&format!("{} {:?}", found.len(), found.modified().ok()?));
        for above in asked.root.ancestors() {
            for name in VERSION_FILES {
                self.setting(&above.join(name));
            }
        }
        Some(())
    }

    fn environment(&mut self) {
        let mut variables: Vec<(String, String)> = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| {
                let upper = name.to_ascii_uppercase();
                PREFIXES.iter().any(|prefix| upper.starts_with(prefix))
                    || NAMES.contains(&upper.as_str())
            })
            .collect();
        variables.sort();
        for (name, value) in variables {
            self.texts(&["environment", &name, &value]);
        }
    }

    /// Adds what is set outside of the configuration, as far as it is there.
    fn settings(&mut self, root: &Path) {
        let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"));
        if let Some(home) = home.map(PathBuf::from) {
            for name in HOME_FILES {
                self.setting(&home.join(name));
            }
        }
        for name in [
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "TF_CLI_CONFIG_FILE",
        ] {
            if let Some(path) = env::var_os(name) {
                self.setting(Path::new(&path));
            }
        }
        let data = env::var_os("TF_DATA_DIR").filter(|directory| !directory.is_empty());
        let data = root.join(data.unwrap_or_else(|| ".terraform".into()));
        for name in DATA_FILES {
            self.setting(&data.join(name));
        }
    }

    /// Adds a file that may not be there, whenever it was written.
    fn setting(&mut self, path: &Path) {
        let Ok(found) = fs::metadata(path) else {
            return self.text("absent");
        };
        let before = self.before.take();
        if !found.is_file() || self.content(path, found.len()).is_err() {
            self.text("unreadable");
        }
        self.before = before;
    }

    /// Adds all that is in a directory.
    fn directory(&mut self, directory: &Path, depth: usize) -> io::Result<()> {
        if depth > DEEPEST {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        self.text("directory");
        for entry in entries {
            let name = entry.file_name();
            let name = name.to_str().ok_or(io::ErrorKind::InvalidData)?;
            if PASSED_OVER.contains(&name) {
                continue;
            }
            self.text(name);
            let path = entry.path();
            match fs::metadata(&path) {
                Ok(found) if found.is_dir() => self.directory(&path, depth + 1)?,
                Ok(found) if found.is_file() => self.checked(&path, &found)?,
                Ok(_) => self.text("special"),
                Err(_) => self.text("absent"),
            }
        }
        self.text("end");
        Ok(())
    }

    fn file(&mut self, path: &Path) -> io::Result<()> {
        let name = path.to_str().ok_or(io::ErrorKind::InvalidData)?;
        self.text(name);
        self.checked(path, &fs::metadata(path)?)
    }

    fn checked(&mut self, path: &Path, found: &fs::Metadata) -> io::Result<()> {
        let made_by_init = path
            .file_name()
            .is_some_and(|name| name == ".terraform.lock.hcl");
        if !found.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if let Some(before) = self.before
            && !made_by_init
            && found.modified()? >= before
        {
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        self.content(path, found.len())
    }

    fn content(&mut self, path: &Path, length: u64) -> io::Result<()> {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(length);
        if self.files > MOST_FILES || self.bytes > MOST_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut content = Vec::new();
        // What grows while it is read is read no further.
        File::open(path)?
            .take(MOST_BYTES)
            .read_to_end(&mut content)?;
        self.state.update(Sha256::digest(&content));
        Ok(())
    }
}
