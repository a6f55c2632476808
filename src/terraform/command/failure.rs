//! What Terraform says when it fails, made safe to print, and what to do about it.

use std::fmt;

/// A Terraform command that failed: its own words, and a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerraformFailed {
    /// The command: `terraform plan`.
    pub command: String,
    /// What it said, in full, without control characters.
    pub text: String,
    /// What to do.
    pub hint: Option<&'static str>,
}

impl TerraformFailed {
    pub(super) fn new(command: String, stderr: &str) -> Self {
        let text = safe(stderr);
        let hint = hint(&text);
        TerraformFailed {
            command,
            text,
            hint,
        }
    }

    /// What it said first, in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut lines = self.text.lines().map(str::trim);
        let error = lines.find_map(|line| line.strip_prefix("Error: "));
        let first = error.or_else(|| {
            self.text
                .lines()
                .map(str::trim)
                .find(|line| !line.is_empty())
        });
        let Some(first) = first else {
            return "it did not say why".into();
        };
        let mut summary: String = first.chars().take(200).collect();
        if summary.len() < first.len() {
            summary.push('…');
        }
        summary
    }

    /// Whether `init` could help.
    pub(super) fn asks_for_init(&self) -> bool {
        let text = words(&self.text);
        ["terraform init", "tofu init"]
            .iter()
            .any(|command| text.contains(command))
    }
}

impl fmt::Display for TerraformFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` failed", self.command)?;
        let text = self.text.trim();
        if text.is_empty() {
            f.write_str(" and did not say why")?;
        } else {
            write!(f, ":\n\n{text}\n")?;
        }
        match self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TerraformFailed {}

const CREDENTIALS: &str = "no valid AWS credentials: sign in (`aws sso login`) or set `AWS_PROFILE`, \
     or audit from the source alone with `--plan never`";
const CONNECTION: &str = "a service could not be reached: look at the network and the endpoints, or \
     audit from the source alone with `--plan never`";
const BACKEND: &str = "the backend's state could not be read: look at its settings, at the network and \
     at the credentials for it, or audit from the source alone with `--plan never`";
const BACKEND_CHANGED: &str = "the backend's settings are not those that the directory was initialised \
     with: run `terraform init -reconfigure` in it";
const PROVIDER: &str = "a provider is not installed and could not be: run `terraform init` where its \
     registry or a mirror can be reached";
const MODULE: &str = "a module is not installed and could not be: run `terraform init` where its source \
     can be reached";
const LOCK_FILE: &str = "the lock file does not fit the configuration and is not changed by an audit: \
     run `terraform init` and commit `.terraform.lock.hcl`";
const VERSION: &str = "the configuration wants another version: name one with `--terraform-bin`";
const VARIABLE: &str = "give the variable a value with `--var`, `--var-file` or `TF_VAR_name`";
const WORKSPACE: &str = "the workspace does not exist: look at `--workspace` and `TF_WORKSPACE`";
const READ_ONLY: &str = "`init` cannot write into the root module's directory: run it beforehand, or set \
     `TF_DATA_DIR` to a directory that can be written, or audit from the source alone with `--plan never`";
const INIT: &str = "run `terraform init` in the root module's directory";

/// What Terraform's messages say, in lower case, and what to do; the first that fits.
const HINTS: &[(&[&str], &str)] = &[
    (
        &[
            "mkdir .terraform: permission denied",
            "mkdir .terraform: read-only file system",
        ],
        READ_ONLY,
    ),
    (
        &[
            "no valid credential source",
            "failed to refresh cached credentials",
            "unable to locate credentials",
            "expiredtoken",
            "token has expired",
            "invalidclienttokenid",
            "signaturedoesnotmatch",
            "sso session",
            "unable to retrieve credentials",
            "failed to get shared config profile",
        ],
        CREDENTIALS,
    ),
    (
        &[
            "unsupported terraform core version",
            "unsupported opentofu core version",
        ],
        VERSION,
    ),
    (&["no value for required variable"], VARIABLE),
    (
        &[
            "backend configuration changed",
            "backend initialization required",
            "state migration",
        ],
        BACKEND_CHANGED,
    ),
    (
        &[
            "lock file is read-only",
            "provider dependency changes detected",
            "inconsistent dependency",
        ],
        LOCK_FILE,
    ),
    (
        &[
            "required plugins are not installed",
            "failed to query available provider",
            "could not retrieve the list of available versions",
            "failed to install provider",
            "could not load plugin",
            "missing required provider",
        ],
        PROVIDER,
    ),
    (
        &[
            "module not installed",
            "failed to download module",
            "could not download module",
            "error accessing remote module",
            "unreadable module directory",
        ],
        MODULE,
    ),
    (
        &["currently selected workspace", "workspace does not exist"],
        WORKSPACE,
    ),
    (
        &[
            "error loading state",
            "failed to load state",
            "error refreshing state",
            "failed to get existing workspaces",
            "error configuring the backend",
            "error inspecting states in the",
            "error configuring s3 backend",
            "unable to list objects in s3 bucket",
        ],
        BACKEND,
    ),
    (
        &[
            "no such host",
            "connection refused",
            "i/o timeout",
            "network is unreachable",
            "tls handshake",
        ],
        CONNECTION,
    ),
    (&["terraform init", "tofu init"], INIT),
];

fn hint(text: &str) -> Option<&'static str> {
    let text = words(text);
    let says = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    HINTS
        .iter()
        .find(|(signs, _)| says(signs))
        .map(|(_, hint)| *hint)
}

/// A text in lower case on one line: Terraform breaks its lines where it likes.
fn words(text: &str) -> String {
    text.to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text without escape sequences and control characters but for line breaks and tabs.
fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\u{1b}' => match characters.next() {
                Some('[') => {
                    let goes_on = |next: &char| !('@'..='~').contains(next) && *next != '\n';
                    while characters.next_if(goes_on).is_some() {}
                    characters.next_if(|next| *next != '\n');
                }
                Some(']') => {
                    let ends = |next: &char| matches!(next, '\u{7}' | '\u{1b}' | '\n');
                    while characters.next_if(|next| !ends(next)).is_some() {}
                }
                _ => {}
            },
            '\n' | '\t' => safe.push(character),
            '\r' => {}
            _ if character.is_control() || is_direction(character) => {}
            _ => safe.push(character),
        }
    }
    safe
}

/// Whether a character turns the direction of the text around it.
fn is_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(text: &str) -> TerraformFailed {
        TerraformFailed::new("terraform plan".into(), text)
    }

    #[test]
    fn the_first_error_is_the_summary_and_all_is_shown() {
        let failed =
            failed("\nPlanning failed.\n\nError: No valid credential sources found\n\n  with x\n");
        assert_eq!(failed.summary(), "No valid credential sources found");
        assert_eq!(
            failed.to_string(),
            "`terraform plan` failed:\n\nPlanning failed.\n\n\
             Error: No valid credential sources found\n\n  with x\n\n\
             hint: no valid AWS credentials: sign in (`aws sso login`) or set `AWS_PROFILE`, \
             or audit from the source alone with `--plan never`"
        );
    }

    #[test]
    fn silence_is_said() {
        assert_eq!(
            failed(" \n").to_string(),
            "`terraform plan` failed and did not say why"
        );
        assert_eq!(failed("").summary(), "it did not say why");
    }

    #[test]
    fn messages_are_understood_across_their_line_breaks() {
        let cases = [
            (
                "Error: Module not installed\nRun \"terraform init\"",
                Some(MODULE),
            ),
            ("Error: Required plugins are not\ninstalled", Some(PROVIDER)),
            ("Error: Unsupported Terraform Core version", Some(VERSION)),
            (
                "Error: Backend initialization required, please run \"terraform init\"",
                Some(BACKEND_CHANGED),
            ),
            ("Error: No value for required variable", Some(VARIABLE)),
            ("Error: error loading state: AccessDenied", Some(BACKEND)),
            (
                "dial tcp: lookup sts.x on 1.2.3.4: no such host",
                Some(CONNECTION),
            ),
            ("please run\n\"terraform\ninit\"", Some(INIT)),
            (
                "Error: Error acquiring the state lock: mkdir .terraform: permission denied",
                Some(READ_ONLY),
            ),
            ("Error: Invalid expression", None),
        ];
        for (text, hint) in cases {
            assert_eq!(failed(text).hint, hint, "{text}");
        }
        assert!(failed("run:\n  terraform\n  init").asks_for_init());
        assert!(!failed("Error: Invalid expression").asks_for_init());
    }

    #[test]
    fn nothing_that_moves_a_cursor_gets_through() {
        let text =
            "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}x\u{8}\r\n\u{9b}2J\u{202e}y\u{1b}[3\nz";
        assert_eq!(safe(text), "red x\n2Jy\nz");
        for broken in ["\u{1b}", "\u{1b}[", "\u{1b}]", "\u{1b}[12;"] {
            assert_eq!(safe(broken), "");
        }
    }
}
