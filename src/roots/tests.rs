use super::search::FIRST_BLOCKS;
use super::*;

fn workspace(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

fn roots(files: &[(&str, &str)]) -> Vec<String> {
    let directory = workspace(files);
    let root = fs::canonicalize(directory.path()).unwrap();
    let found = configured(&root, &Config::default(), &Library::default()).unwrap();
    found
        .modules
        .into_iter()
        .map(|module| module.name)
        .collect()
}

#[cfg(unix)]
#[test]
fn a_root_that_is_there_and_cannot_be_read_is_not_said_to_be_missing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("infra");
    let read = || root_at(&path, "infra", directory.path(), &Config::default()).map(drop);
    assert_eq!(read(), Err("there is no root module `infra`".to_owned()));
    std::os::unix::fs::symlink("infra", &path).unwrap();
    let message = read().unwrap_err();
    assert!(
        message.starts_with("the root module `infra` cannot be read: "),
        "{message}"
    );
}

const RESOURCE: &str = "resource \"a\" \"b\" {}\n";

#[test]
fn what_is_called_is_no_root_unless_only_a_root_can_have_what_it_has() {
    let call = "module \"m\" {\n  source = \"../m\"\n}\n";
    let files = [("infra/live/main.tf", call), ("infra/m/main.tf", RESOURCE)];
    assert_eq!(roots(&files), ["infra/live"]);
    let other = [files[0], files[1], ("infra/other/main.tf", RESOURCE)];
    assert_eq!(
        roots(&other),
        ["infra/other"],
        "a call alone makes no root beside others"
    );
    let caller = format!("{call}provider \"aws\" {{}}\n");
    let files = [
        ("infra/live/main.tf", caller.as_str()),
        ("infra/m/main.tf", RESOURCE),
    ];
    assert_eq!(roots(&files), ["infra/live"]);
    let locked = [files[0], files[1], ("infra/m/.terraform.lock.hcl", "")];
    assert_eq!(roots(&locked), ["infra/live", "infra/m"]);
    let cloud = "terraform {\n  cloud {}\n}\n";
    assert_eq!(roots(&[("infra/live/main.tf", cloud)]), ["infra/live"]);
}

#[test]
fn the_workspace_is_searched_where_infra_has_none() {
    let variable = ("infra/m/main.tf", "variable \"a\" {}\n");
    assert_eq!(roots(&[variable, ("deploy/main.tf", RESOURCE)]), ["deploy"]);
    let both = [("infra/main.tf", RESOURCE), ("deploy/main.tf", RESOURCE)];
    assert_eq!(roots(&both), ["infra"]);
}

#[test]
fn json_and_a_resource_far_down_a_file_count_too() {
    let json = r#"{"resource": {}, "module": {"m": {"source": "../m"}}}"#;
    let files = [
        ("infra/live/main.tf.json", json),
        ("infra/m/main.tf", RESOURCE),
    ];
    assert_eq!(roots(&files), ["infra/live"]);
    let late = format!("{}{RESOURCE}", "# nothing\n".repeat(FIRST_BLOCKS / 4));
    assert_eq!(roots(&[("infra/main.tf", late.as_str())]), ["infra"]);
}

#[test]
fn what_terragrunt_calls_is_audited_as_its_units_alone() {
    let unit = "terraform {\n  source = \"../../modules/app\"\n}\n";
    let opaque = unit.replace("../..", "${local.modules}");
    let files = |unit: &'static str| {
        [
            ("infra/terragrunt.hcl", "remote_state {}\n"),
            ("infra/live/a/terragrunt.hcl", unit),
            ("infra/live/b/terragrunt.hcl", unit),
            ("infra/modules/app/main.tf", RESOURCE),
            ("infra/modules/other/main.tf", RESOURCE),
        ]
    };
    let expected = ["infra/live/a", "infra/live/b", "infra/modules/other"];
    assert_eq!(roots(&files(unit.to_owned().leak())), expected);
    assert_eq!(roots(&files(opaque.leak())), expected);
    let any = "terraform {\n  source = local.source\n}\n";
    assert_eq!(roots(&files(any)), expected[..2]);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let outside = workspace(&[("main.tf", RESOURCE)]);
    let directory = workspace(&[("Cargo.toml", "")]);
    std::os::unix::fs::symlink(outside.path(), directory.path().join("infra-link")).unwrap();
    std::os::unix::fs::symlink(directory.path(), directory.path().join("again")).unwrap();
    let root = fs::canonicalize(directory.path()).unwrap();
    assert!(
        configured(&root, &Config::default(), &Library::default())
            .unwrap()
            .modules
            .is_empty()
    );
}
