//! Whether it is worth asking AWS at all, before a provider has spent half a minute on finding out.
//!
//! Only a certain no counts: where anything could give credentials, Terraform is asked.

use std::env;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Variables of the environment that give credentials or say where they are.
const VARIABLES: [&str; 10] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_CONFIG_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_PROFILE",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_PROFILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "TF_REATTACH_PROVIDERS",
];

/// Words of a configuration that may give a provider credentials, or make it do without.
const WORDS: [&str; 8] = [
    "access_key",
    "assume_role",
    "cloud",
    "credentials",
    "endpoints",
    "profile",
    "remote",
    "skip_",
];

/// Where a machine of AWS gives out its role's credentials.
const METADATA: ([u8; 4], u16) = ([169, 254, 169, 254], 80);
/// How long a machine of AWS may take to answer itself.
const PATIENCE: Duration = Duration::from_millis(300);

/// Why a plan of this root module certainly has no credentials; `None` where it may have.
pub(super) fn certainly_missing(root: &Path) -> Option<&'static str> {
    let given = VARIABLES
        .iter()
        .any(|name| env::var_os(name).is_some_and(|set| !set.is_empty()));
    if given || !needs_outside_credentials(root) || has_profile() {
        return None;
    }
    let disabled = env::var("AWS_EC2_METADATA_DISABLED");
    let disabled = disabled.is_ok_and(|value| value.eq_ignore_ascii_case("true"));
    if !disabled && TcpStream::connect_timeout(&SocketAddr::from(METADATA), PATIENCE).is_ok() {
        return None;
    }
    Some("there are no AWS credentials: no variable, no profile and no role of this machine")
}

/// Whether the root module itself has an AWS provider, and nothing in it that could stand for
/// credentials.
fn needs_outside_credentials(root: &Path) -> bool {
    let Ok(entries) = fs::read_dir(root) else {
        return false;
    };
    let mut provider = false;
    for entry in entries.flatten() {
        let path = entry.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".json") || name.ends_with(".tofu") {
            return false;
        }
        if !name.ends_with(".tf") {
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else {
            return false;
        };
        if WORDS.iter().any(|word| text.contains(word)) {
            return false;
        }
        provider |= text.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some("provider") && words.next() == Some("\"aws\"")
        });
    }
    provider
}

fn has_profile() -> bool {
    let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"));
    let Some(home) = home.map(PathBuf::from) else {
        return false;
    };
    [".aws/config", ".aws/credentials"]
        .iter()
        .any(|file| home.join(file).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_provider_needs_credentials_from_outside() {
        let needs = |text: &str| {
            let directory = tempfile::tempdir().unwrap();
            fs::write(directory.path().join("main.tf"), text).unwrap();
            needs_outside_credentials(directory.path())
        };
        assert!(needs("provider \"aws\" {\n  region = \"eu-west-1\"\n}\n"));
        assert!(!needs("provider \"aws\" {\n  profile = \"prod\"\n}\n"));
        assert!(!needs(
            "provider \"aws\" {\n  skip_credentials_validation = true\n}\n"
        ));
        assert!(!needs("provider \"google\" {\n}\n"));
        assert!(!needs_outside_credentials(Path::new("no/such/directory")));
    }
}
