use super::*;

const SOURCE: &str = r#"
resource "aws_ecs_task_definition" "app" {
  family       = "app"
  network_mode = "awsvpc"
  pid_mode     = var.pid_mode
  container_definitions = jsonencode([{
    name        = "app"
    image       = "app:1"
    privileged  = true
    environment = [{ name = "DB_PASSWORD", value = "hunter2secret" }]
  }])
}
variable "pid_mode" {}
"#;

fn planned(basis: Basis, pid_mode: &str, password: &str, privileged: bool) -> Planned {
    let containers = serde_json::json!([{
        "name": "app",
        "image": "app:1",
        "privileged": privileged,
        "environment": [{ "name": "DB_PASSWORD", "value": password }],
    }]);
    let after = serde_json::json!({
        "family": "app",
        "network_mode": "awsvpc",
        "pid_mode": pid_mode,
        "container_definitions": containers.to_string(),
    });
    let plan = serde_json::json!({
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "resource_changes": [{
        "address": "aws_ecs_task_definition.app",
        "mode": "managed",
        "type": "aws_ecs_task_definition",
        "name": "app",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {
            "actions": ["create"], "before": null, "after": after, "after_unknown": {},
                "before_sensitive": false, "after_sensitive": {},
            },
        }],
    });
    let read = || Facts::read(plan.to_string().into_bytes(), "of a test").unwrap();
    let facts = match basis {
        Basis::Mock => Facts::mocked(read(), read()),
        _ => read(),
    };
    Planned {
        facts,
        basis,
        terraform: None,
        notes: Vec::new(),
    }
}

fn held(plans: [Result<Planned, String>; 2]) -> Crosschecked {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.tf"), SOURCE).unwrap();
    let checked = find(directory.path()).unwrap();
    assert_eq!(checked.modules.len(), 1);
    checked.hold(&checked.modules[0], &[], plans)
}

#[test]
fn what_agrees_is_counted_and_what_only_a_plan_decides_is_told() {
    let mock = planned(Basis::Mock, "task", "hunter2secret", true);
    let plan = planned(Basis::Plan, "task", "hunter2secret", true);
    let found = held([Ok(mock), Ok(plan)]);
    assert_eq!(found.disagreements, [""; 0]);
    assert_eq!(found.missing, [""; 0]);
    assert_eq!((found.instances, found.attributes), (2, 14));
    let found = held([
        Err("it says hunter2secret".into()),
        Ok(planned(Basis::Plan, "host", "hunter2secret", true)),
    ]);
    assert_eq!(found.missing, ["mocked plan: it says (secret)"]);
    assert!(
        found.differences.iter().any(
            |line| line.contains("on `aws_ecs_task_definition.app`: source unknown, plan fail")
        ),
        "{found:?}"
    );
}

#[test]
fn what_disagrees_is_told_without_secrets() {
    let mock = planned(Basis::Mock, "task", "hunter2secret", false);
    let plan = planned(Basis::Plan, "task", "another2secret", false);
    let found = held([Ok(mock), Ok(plan)]);
    let told = found.disagreements.join("\n");
    let privileged = "`aws_ecs_task_definition.app.container_definitions[\"app\"].privileged`";
    for expected in [
        format!("{privileged}: the source has `true`, the mocked plan `false`"),
        format!("{privileged}: the source has `true`, the plan `false`"),
        "container `app`: source fail, mock none, plan pass".to_owned(),
    ] {
        assert!(told.contains(&expected), "{told}");
    }
    let all = format!("{found:?}");
    assert!(
        !all.contains("hunter2secret") && !all.contains("another2secret"),
        "{all}"
    );
}
