use super::*;

/// What `live/app` is, in a workspace with these files and `modules/app`.
fn unit(files: &[(&str, &str)]) -> Unit {
    let directory = tempfile::tempdir().unwrap();
    let workspace = fs::canonicalize(directory.path()).unwrap();
    for (name, text) in files.iter().chain(&[("modules/app/main.tf", "")]) {
        let path = workspace.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let has_terraform = workspace.join("live/app/main.tf").exists();
    let unit = read(&workspace.join("live/app"), &workspace, has_terraform).unwrap();
    let short = |path: PathBuf| path.strip_prefix(&workspace).unwrap().to_owned();
    match unit {
        Unit::Written { module, inputs } => Unit::Written {
            module: short(module),
            inputs: inputs.into_iter().map(short).collect(),
        },
        Unit::Unread {
            why,
            calls: Calls::Module(module),
        } => Unit::unread(why, Calls::Module(short(module))),
        other => other,
    }
}

fn written(inputs: &[&str]) -> Unit {
    Unit::Written {
        module: PathBuf::from("modules/app"),
        inputs: inputs.iter().map(PathBuf::from).collect(),
    }
}

const UNIT: &str = "live/app/terragrunt.hcl";
const SOURCE: &str = "terraform {\n  source = \"../..//modules/app\"\n}\n";

fn with(rest: &str) -> String {
    format!("{SOURCE}{rest}")
}

#[test]
fn what_is_written_out_is_a_module_with_inputs() {
    let rest = "inputs = {\n  name = \"a\"\n  \"n\" = -1\n  deep = { a = [null, true, (2)] }\n}\n\
                locals {\n  x = get_env(\"X\")\n}\n";
    assert_eq!(unit(&[(UNIT, &with(rest))]), written(&[UNIT]));
    assert_eq!(unit(&[(UNIT, SOURCE)]), written(&[]));
}

#[test]
fn what_is_included_from_above_gives_its_inputs_first() {
    for path in [
        "find_in_parent_folders()",
        "\"${find_in_parent_folders()}\"",
        "\"../terragrunt.hcl\"",
    ] {
        let own = with(&format!(
            "include \"root\" {{\n  path = {path}\n}}\ninputs = {{}}\n"
        ));
        let root = "remote_state {\n  backend = \"s3\"\n}\n\
                    generate \"provider\" {\n  path = \"provider.tf\"\n  \
                    contents = <<E\nprovider \"aws\" {\n  region = \"${local.region}\"\n}\nE\n}\n\
                    inputs = {\n  region = \"eu-west-1\"\n}\n";
        let files = [(UNIT, own.as_str()), ("live/terragrunt.hcl", root)];
        assert_eq!(
            unit(&files),
            written(&["live/terragrunt.hcl", UNIT]),
            "{path}"
        );
    }
}

#[test]
fn what_only_terragrunt_can_tell_is_said_with_its_line() {
    let cases = [
        (
            "inputs = {\n  a = 1\n  b = dependency.vpc.outputs.id\n}\n",
            "its `inputs` is not written out (`terragrunt.hcl`, line 6)",
        ),
        (
            "inputs = merge(local.a, {})\n",
            "its `inputs` is not written out (`terragrunt.hcl`, line 4)",
        ),
        (
            "include {\n  path = local.path\n}\n",
            "Terragrunt alone can tell what it includes (`terragrunt.hcl`, line 4)",
        ),
        (
            "include {\n  path = find_in_parent_folders()\n}\n",
            "Terragrunt alone can tell what it includes (`terragrunt.hcl`, line 4)",
        ),
        (
            "include {\n  path = \"x.hcl\"\n  merge_strategy = \"deep\"\n}\n",
            "it merges what it includes (`terragrunt.hcl`, line 4)",
        ),
        ("skip = true\n", "it has `skip` (`terragrunt.hcl`, line 4)"),
        (
            "generate \"x\" {\n  contents = \"resource \\\"a\\\" \\\"b\\\" {}\"\n}\n",
            "it generates a part of the configuration (`terragrunt.hcl`, line 4)",
        ),
        (
            "inputs = {\n",
            "`terragrunt.hcl` has a syntax error in line 4",
        ),
    ];
    for (rest, expected) in cases {
        let Unit::Unread { why, .. } = unit(&[(UNIT, &with(rest))]) else {
            panic!("{rest}");
        };
        assert!(why.starts_with(expected), "{rest}{why}");
    }
}

#[test]
fn arguments_that_give_variables_count_and_others_do_not() {
    let extra = |inner: &str| {
        let text = format!(
            "terraform {{\n  source = \"../../modules/app\"\n  extra_arguments \"x\" {{\n    \
             commands = get_terraform_commands_that_need_vars()\n    {inner}\n  }}\n}}\n"
        );
        unit(&[(UNIT, &text)])
    };
    assert_eq!(extra("arguments = [\"-lock-timeout=20m\"]"), written(&[]));
    for inner in [
        "arguments = [\"-var\", \"a=1\"]",
        "required_var_files = [\"a\"]",
        "env_vars = { TF_VAR_a = 1 }",
    ] {
        assert!(matches!(extra(inner), Unit::Unread { .. }), "{inner}");
    }
}

#[test]
fn the_modules_that_a_unit_may_call_are_told_from_what_is_written_of_its_source() {
    let calls =
        |source: &str| match unit(&[(UNIT, &format!("terraform {{\n  source = {source}\n}}\n"))]) {
            Unit::Unread { calls, .. } => calls,
            other => panic!("{other:?}"),
        };
    let ending = Calls::Ending(PathBuf::from("modules/app"));
    assert_eq!(calls("\"${get_repo_root()}//modules/app\""), ending);
    assert_eq!(
        calls("\"git::https://h/r.git//modules/app?ref=v1\""),
        ending
    );
    assert_eq!(calls("local.source"), Calls::Any);
    assert_eq!(
        calls("\"tfr:///terraform-aws-modules/vpc/aws?version=1\""),
        Calls::None
    );
    assert_eq!(calls("\"git::https://h/r.git\""), Calls::None);
    let input = with("inputs = local.x\n");
    let Unit::Unread { calls, .. } = unit(&[(UNIT, &input)]) else {
        panic!("its inputs are not written out");
    };
    assert_eq!(calls, Calls::Module(PathBuf::from("modules/app")));
}

#[test]
fn what_has_neither_source_nor_terraform_files_makes_nothing() {
    assert_eq!(unit(&[(UNIT, "remote_state {}\n")]), Unit::Shared);
    let own = [(UNIT, "inputs = {}\n"), ("live/app/main.tf", "")];
    let expected = Unit::Written {
        module: PathBuf::from("live/app"),
        inputs: vec![PathBuf::from(UNIT)],
    };
    assert_eq!(unit(&own), expected);
    let both = [(UNIT, SOURCE), ("live/app/main.tf", "")];
    assert!(matches!(unit(&both), Unit::Unread { .. }));
}

#[cfg(unix)]
#[test]
fn a_module_outside_the_workspace_is_not_audited() {
    let outside = tempfile::tempdir().unwrap();
    let source = format!("terraform {{\n  source = {:?}\n}}\n", outside.path());
    assert!(matches!(unit(&[(UNIT, &source)]), Unit::Unread { .. }));
}
