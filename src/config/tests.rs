use super::*;
use crate::policy::{Level, LevelSource};
use crate::selection::find_rule;
use crate::verdict::Outcome;

fn errors(manifest: &str) -> Vec<String> {
    match read(manifest) {
        Ok(config) => panic!("{config:?}"),
        Err(errors) => errors
            .iter()
            .map(|error| {
                let place = error
                    .span
                    .map(|span| &manifest[span.start as usize..span.end as usize]);
                let help = error.help.as_deref().unwrap_or(&error.label);
                format!(
                    "{} | {} | {help}",
                    error.message,
                    place.unwrap_or("nowhere")
                )
            })
            .collect(),
    }
}

#[test]
fn a_manifest_without_configuration_gives_the_defaults() {
    let config = read("[workspace]\nmembers = []\n").unwrap();
    assert!(config.roots.is_empty() && config.plan.is_none());
    assert!(read("").is_ok());
}

#[test]
fn a_rules_own_level_comes_before_its_groups() {
    let config = read(
        "[workspace.metadata.ecs-audit]\nlevels = { required = \"warn\", undecided = \"deny\" }\n\
         rules.privileged-container.level = \"deny\"\n",
    )
    .unwrap();
    let rule = find_rule("ECS:004").unwrap();
    let source = LevelSource::Configuration("rules.privileged-container".into());
    assert_eq!(config.levels.of(rule, Outcome::Fail), (Level::Deny, source));
}

#[test]
fn every_mistake_has_its_place_and_what_was_meant() {
    let manifest = "[workspace.metadata.ecs-audit]\nroot = []\nplan = \"allways\"\n\
        terraform-bin = 1\ntimeout = -1\nroots = [1, { var-files = [] }]\n\
        levels = { requierd = \"deny\", undecided = \"denied\" }\n\
        rules.\"ECS:04\" = \"warn\"\nrules.\"ECS:004\".stric = true\n";
    let found = errors(manifest).join("\n");
    snapbox::assert_data_eq!(
        found,
        snapbox::str![[r#"
unknown key `root` in `workspace.metadata.ecs-audit` | root | did you mean `roots`?
unknown way to plan `allways` in `workspace.metadata.ecs-audit` | "allways" | did you mean `always`?
wrong value in `workspace.metadata.ecs-audit` | 1 | expected a text, found a number
wrong value in `workspace.metadata.ecs-audit` | -1 | expected seconds, at least one, found a number
wrong value in `workspace.metadata.ecs-audit` | 1 | expected a directory, or a table with `path`
wrong value in `workspace.metadata.ecs-audit` | var-files | a root module needs a `path`
unknown rule or group `requierd` in `workspace.metadata.ecs-audit` | requierd | did you mean `required`?
unknown level `denied` in `workspace.metadata.ecs-audit` | "denied" | known are `allow`, `warn`, `deny`
unknown rule `ECS:04` in `workspace.metadata.ecs-audit` | "ECS:04" | did you mean `ECS:004`?
unknown key `stric` in `workspace.metadata.ecs-audit` | stric | known are `level`
"#]]
    );
}

#[test]
fn a_manifest_that_is_no_toml_is_an_error_with_a_place() {
    assert_eq!(errors("[workspace\n").len(), 1);
}
