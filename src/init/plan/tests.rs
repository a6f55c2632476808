use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::init::{look, write};
use crate::workspace::{Search, Workspace};

/// A workspace that was set up.
struct SetUp {
    directory: tempfile::TempDir,
    plan: Plan,
}

impl SetUp {
    /// Writes files, sets the workspace up, and wants a second time to change nothing.
    #[track_caller]
    fn of(files: &[(&str, &str)]) -> Self {
        let (directory, root) = made(files);
        let plan = planned(&root).unwrap();
        write(&root, &plan.edits).unwrap();
        let again = planned(&root).unwrap();
        assert_eq!(again.edits, [], "{:?}", plan.edits);
        SetUp { directory, plan }
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.directory.path().join(file)).unwrap_or_default()
    }

    fn files(&self) -> Vec<&str> {
        self.plan
            .edits
            .iter()
            .map(|edit| edit.file.as_str())
            .collect()
    }

    fn alias(&self) -> String {
        let text = self.text(".cargo/config.toml") + &self.text(".cargo/config");
        let document: DocumentMut = text.parse().unwrap();
        alias::words(&document, alias::NAME)
            .unwrap_or_default()
            .join(" ")
    }

    /// The packages that Cargo sees, and the manifest at the top of the workspace that a package has.
    fn packages(&self, at: &str) -> Vec<String> {
        let workspace = Workspace {
            root: self.directory.path().join(at),
            manifest: self.directory.path().join(at).join("Cargo.toml"),
            text: "".into(),
        };
        let packages = workspace.metadata(&Search::default()).unwrap().packages;
        let names = packages.iter().map(|package| package.name.to_string());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

fn made(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(directory.path()).unwrap();
    for (name, text) in files
        .iter()
        .chain([&("infra/main.tf", "provider \"aws\" {}\n")])
    {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if let Some(package) = name
            .strip_suffix("Cargo.toml")
            .filter(|_| text.contains("[package]"))
        {
            let source = root.join(package).join("src");
            fs::create_dir_all(&source).unwrap();
            if fs::read_dir(&source).unwrap().count() == 0 {
                fs::write(source.join("main.rs"), "fn main() {}\n").unwrap();
            }
        }
        fs::write(path, text).unwrap();
    }
    (directory, root)
}

fn planned(root: &Path) -> Result<Plan, String> {
    let workspace = Workspace::find(root, &Search::default()).unwrap();
    let site = look(&workspace, vec!["infra".to_owned()], &Search::default())
        .map_err(|error| format!("{error:#}"))?;
    let site = Site {
        origin: crate::init::origin::Origin::Registry,
        ..site
    };
    plan(&site).map_err(|refusal| refusal.to_string())
}

fn package(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{rest}")
}

const ALIAS: &str = "run --quiet --package xtask -- ecs-audit";
const BY_EXAMPLE: &str = "run --quiet --package xtask --example ecs-audit --";

#[test]
fn a_virtual_workspace_gets_a_package_beside_the_others() {
    let manifest = "[workspace]\nmembers = [\n    \"crates/*\", # ours\n]\nresolver = \"3\"\n\n\
                    [workspace.package]\nedition = \"2024\"\nrust-version = \"1.90\"\nlicense = \"MIT\"\n\n\
                    [workspace.lints.rust]\nunsafe_code = \"forbid\"\n\n\
                    [workspace.dependencies]\nanyhow = \"1\" # errors\nserde = \"1\"\n";
    let member = package("api", "\n[lints]\nworkspace = true\n");
    let set_up = SetUp::of(&[("Cargo.toml", manifest), ("crates/api/Cargo.toml", &member)]);
    assert_eq!(
        set_up.text("xtask/Cargo.toml"),
        "[package]\nname = \"xtask\"\nversion = \"0.0.0\"\nedition.workspace = true\n\
         rust-version.workspace = true\nlicense.workspace = true\npublish = false\n\n\
         [dependencies]\ncargo-ecs-audit.workspace = true\n\n\
         [[test]]\nname = \"ecs\"\nharness = false\n\n[lints]\nworkspace = true\n"
    );
    let version = env!("CARGO_PKG_VERSION");
    let expected = manifest
        .replace("ours\n", "ours\n    \"xtask\",\n")
        .replace("serde", &format!("cargo-ecs-audit = \"{version}\"\nserde"));
    assert_eq!(
        set_up.text("Cargo.toml"),
        format!("{expected}\n[workspace.metadata.ecs-audit]\nroots = [\"infra\"]\n")
    );
    assert_eq!(set_up.alias(), ALIAS);
    // The only binary that there was is still the one that `cargo run` takes.
    assert!(
        set_up
            .text("crates/api/Cargo.toml")
            .contains("edition = \"2024\"\ndefault-run = \"api\"\n")
    );
    assert!(set_up.plan.tested_from_root);
}

#[test]
fn a_pattern_that_covers_the_package_is_enough() {
    let set_up = SetUp::of(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"*\"]\nexclude = [\"infra\"]\n",
        ),
        ("a/Cargo.toml", &package("a", "")),
        ("b/Cargo.toml", &package("b", "")),
    ]);
    assert!(
        set_up
            .text("Cargo.toml")
            .starts_with("[workspace]\nmembers = [\"*\"]\nexclude = [\"infra\", \".cargo\"]\n\n")
    );
    assert_eq!(set_up.packages(".").len(), 3);
    let excluded = SetUp::of(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"a\"]\nexclude = [\"xtask\"]\n",
        ),
        ("a/Cargo.toml", &package("a", "")),
    ]);
    assert_eq!(excluded.packages(".").len(), 2);
}

#[test]
fn a_single_package_stays_what_is_built() {
    let manifest = package(
        "shop",
        "resolver = \"2\"\n\n[dependencies]\ninner = { path = \"crates/inner\" }\n\n\
         [package.metadata.ecs-audit]\nplan = \"never\" # no credentials\n",
    );
    let set_up = SetUp::of(&[
        ("Cargo.toml", &manifest),
        ("crates/inner/Cargo.toml", &package("inner", "")),
        ("crates/inner/src/lib.rs", ""),
        ("lambda/Cargo.toml", &package("lambda", "")),
        ("fuzz/Cargo.toml", &package("fuzz", "\n[workspace]\n")),
    ]);
    let text = set_up.text("Cargo.toml");
    assert!(
        text.ends_with(
            "[workspace.metadata.ecs-audit]\nplan = \"never\" # no credentials\nroots = [\"infra\"]\n\n\
             [workspace]\nmembers = [\"xtask\"]\nexclude = [\n    \"crates/inner\",\n    \"lambda\",\n]\n"
        ),
        "{text}"
    );
    // Each of the others is what it was.
    assert_eq!(set_up.packages("."), ["shop", "xtask"]);
    for own in ["lambda", "fuzz", "crates/inner"] {
        assert_eq!(set_up.packages(own).len(), 1, "{own}");
    }
    assert!(!set_up.plan.tested_from_root);
    assert!(!text.contains("default-run"));
}

#[test]
fn what_links_a_package_stays_its_own() {
    let manifest = package(
        "shop",
        "\n[package.metadata.ecs-audit]\ncontainer = \"app\" # ours\nplan = \"never\" # no credentials\n",
    );
    let set_up = SetUp::of(&[("Cargo.toml", &manifest)]);
    let text = set_up.text("Cargo.toml");
    assert!(
        text.ends_with(
            "[package.metadata.ecs-audit]\ncontainer = \"app\" # ours\n\n[workspace]\nmembers = [\"xtask\"]\n\n\
             [workspace.metadata.ecs-audit]\nplan = \"never\" # no credentials\nroots = [\"infra\"]\n"
        ),
        "{text}"
    );
}

#[test]
fn an_xtask_with_commands_of_its_own_gets_an_example_and_a_test() {
    let manifest = package("xtask", "\n[dependencies]\nanyhow = \"1\"\n\n[lints]\n");
    let config = "[alias]\nxtask = \"run -p xtask --\"\n";
    let set_up = SetUp::of(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"xtask\", \"app\"]\n",
        ),
        ("xtask/Cargo.toml", &manifest),
        ("app/Cargo.toml", &package("app", "default-run = \"app\"\n")),
        (".cargo/config.toml", config),
    ]);
    assert_eq!(
        set_up.files(),
        [
            ".cargo/config.toml",
            "Cargo.toml",
            "xtask/Cargo.toml",
            "xtask/examples/ecs-audit.rs",
            "xtask/tests/ecs.rs"
        ]
    );
    assert_eq!(set_up.alias(), BY_EXAMPLE);
    let added = set_up.text("xtask/Cargo.toml");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        added,
        format!(
            "{manifest}\n[dev-dependencies]\ncargo-ecs-audit = \"{version}\"\n\n[[test]]\nname = \"ecs\"\n\
             harness = false\n"
        )
    );
}

#[test]
fn targets_of_the_first_edition_stay_found() {
    let manifest = "[package]\nname = \"xtask\"\nversion = \"0.1.0\"\n";
    let set_up = SetUp::of(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"xtask\"]\n"),
        ("xtask/Cargo.toml", manifest),
        ("xtask/tests/ecs.rs", "#[test]\nfn a() {}\n"),
    ]);
    let text = set_up.text("xtask/Cargo.toml");
    assert!(
        text.contains("autotests = true\n") && text.contains("name = \"ecs_audit\"\n"),
        "{text}"
    );
    let source = set_up.text("xtask/tests/ecs_audit.rs");
    assert!(source.contains("extern crate ecs_audit;\n"), "{source}");
}

#[test]
fn what_a_workspace_set_up_by_hand_has_is_left_alone() {
    let depends =
        "\n[dependencies]\naudit = { package = \"cargo-ecs-audit\", version = \"0.1\" }\n";
    let set_up = SetUp::of(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"tool\"]\n\n[workspace.metadata.ecs-audit]\nroots = [\"infra\"]\n",
        ),
        ("tool/Cargo.toml", &package("tool", depends)),
        ("tool/tests/own.rs", "audit::harness!();\n"),
        (
            ".cargo/config.toml",
            "[alias]\necs-audit = [\"run\", \"-p\", \"tool\", \"--\"]\n",
        ),
        (".github/workflows/ci.yaml", "run: cargo ecs-audit\n"),
        (".gitlab-ci.yml", "job: cargo ecs-audit\n"),
    ]);
    assert_eq!(set_up.files(), [""; 0]);
    assert_eq!(set_up.plan.package, "tool");
    let without = SetUp::of(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"tool\"]\n"),
        ("tool/Cargo.toml", &package("tool", depends)),
        (
            "tool/src/main.rs",
            "fn main() -> audit::Exit { audit::run(x, y) }\n",
        ),
    ]);
    assert_eq!(without.alias(), "run --quiet --package tool -- ecs-audit");
    assert_eq!(without.files().len(), 4);
    assert!(
        without
            .text("tool/tests/ecs.rs")
            .ends_with("audit::harness!();\n")
    );
}

#[test]
fn a_directory_that_is_taken_is_left_alone() {
    let set_up = SetUp::of(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"a\"]\nexclude = [\"xtask\"]\n",
        ),
        ("a/Cargo.toml", &package("a", "")),
        ("xtask/Cargo.toml", &package("xtask", "\n[workspace]\n")),
    ]);
    assert_eq!(
        set_up.alias(),
        "run --quiet --package xtask-ecs-audit -- ecs-audit"
    );
    let (_directory, root) = made(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"a\"]\n"),
        ("a/Cargo.toml", &package("a", "")),
        ("xtask", "#!/bin/sh\n"),
        ("xtask-ecs-audit/src/lib.rs", ""),
    ]);
    assert!(
        planned(&root)
            .unwrap_err()
            .contains("are there and no packages")
    );
}

#[test]
fn another_alias_is_named_before_it_is_overwritten() {
    let set_up = SetUp::of(&[
        ("Cargo.toml", &package("shop", "")),
        (
            ".cargo/config",
            "[alias]\r\necs-audit = \"run -p shop\" # ours\r\n",
        ),
        (".cargo/config.toml", "[build]\n"),
    ]);
    assert_eq!(set_up.plan.overwritten.as_deref(), Some("run -p shop"));
    assert_eq!(
        set_up.text(".cargo/config"),
        format!("[alias]\r\necs-audit = \"{ALIAS}\" # ours\r\n")
    );
    assert_eq!(set_up.text(".cargo/config.toml"), "[build]\n");
}

#[test]
fn line_ends_and_what_is_at_the_end_stay() {
    let set_up = SetUp::of(&[
        (
            "Cargo.toml",
            "\u{feff}[workspace]\r\nmembers = [\r\n\t\"a\" # one\r\n]\r\n# the end",
        ),
        ("a/Cargo.toml", &package("a", "").replace('\n', "\r\n")),
        (".gitignore", "/target\r\n"),
        (
            ".gitlab-ci.yml",
            "stages: [build, test]\r\nbuild:\r\n  script: make\r\n",
        ),
    ]);
    let text = set_up.text("Cargo.toml");
    assert!(
        text.starts_with(
            "\u{feff}[workspace]\r\nmembers = [\r\n\t\"a\", # one\r\n\t\"xtask\"\r\n]\r\n"
        ),
        "{text:?}"
    );
    assert!(
        text.ends_with("roots = [\"infra\"]\r\n# the end"),
        "{text:?}"
    );
    for file in ["Cargo.toml", "a/Cargo.toml", ".gitignore", ".gitlab-ci.yml"] {
        let text = set_up.text(file);
        assert_eq!(
            text.matches('\n').count(),
            text.matches("\r\n").count(),
            "{file}: {text:?}"
        );
    }
    assert!(
        set_up
            .text(".gitignore")
            .ends_with("\r\n.terraform/\r\n*.tfplan\r\n")
    );
    assert!(
        set_up
            .text("a/Cargo.toml")
            .contains("default-run = \"a\"\r\n")
    );
}

#[test]
fn an_image_that_would_miss_the_new_package_is_named() {
    let set_up = SetUp::of(&[
        ("Cargo.toml", &package("shop", "")),
        (
            "Dockerfile",
            "FROM rust\ncopy Cargo.lock Cargo.toml ./\nCOPY src ./src\n",
        ),
        (
            "docker/api.Dockerfile",
            "COPY Cargo.toml ./\nCOPY xtask ./xtask\n",
        ),
        (
            "docker/Dockerfile",
            "COPY --from=plan /a/Cargo.toml .\nCOPY . .\n",
        ),
    ]);
    let notes = &set_up.plan.notes;
    assert!(
        matches!(&notes[..], [note] if note.starts_with("`Dockerfile` copies `Cargo.toml` by its name")),
        "{notes:?}"
    );
}

#[test]
fn a_workflow_is_like_its_neighbours() {
    let set_up = SetUp::of(&[
        ("Cargo.toml", &package("shop", "")),
        (
            ".github/workflows/ci.yaml",
            "with:\n  submodules: recursive\n",
        ),
    ]);
    let text = set_up.text(".github/workflows/ecs-audit.yaml");
    assert!(text.contains("          submodules: recursive\n"), "{text}");
    assert!(text.contains("permissions:\n  contents: read\n"), "{text}");
    assert!(crate::init::ci::is_yaml(&text));
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    let (_directory, root) = made(&[
        ("Cargo.toml", &package("shop", "")),
        (".cargo/config.toml", "[alias\nb = 1\n"),
    ]);
    // Cargo reads it too, and is asked first.
    let refused = planned(&root).unwrap_err();
    assert!(refused.contains("config.toml"), "{refused}");
    let (_directory, root) = made(&[
        ("Cargo.toml", &package("shop", "")),
        (".gitlab-ci.yml", "a: [\n"),
    ]);
    assert!(
        planned(&root)
            .unwrap_err()
            .contains("`.gitlab-ci.yml` is not valid YAML")
    );
    let (_directory, root) = made(&[
        ("Cargo.toml", &package("shop", "")),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.70\"\n"),
    ]);
    assert!(planned(&root).unwrap_err().contains("asks for Rust 1.70"));
}
