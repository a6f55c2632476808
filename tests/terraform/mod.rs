//! Whether there is a Terraform to test with.

use std::process::Command;

/// The version of the `terraform` on the path. Without one, tests that need it are to be skipped with
/// the message that this prints, unless `ECS_AUDIT_REQUIRE_TERRAFORM=1` is set.
pub(crate) fn version() -> Option<String> {
    let output = Command::new("terraform")
        .args(["version", "-json"])
        .output()
        .ok();
    let version = output.and_then(|output| {
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
        Some(said.get("terraform_version")?.as_str()?.to_owned())
    });
    if version.is_none() {
        assert!(
            !is_required(),
            "there is no `terraform`, and ECS_AUDIT_REQUIRE_TERRAFORM is set"
        );
        eprintln!("there is no `terraform`: what needs it is skipped");
    }
    version
}

/// Whether tests must not be skipped for want of Terraform.
pub(crate) fn is_required() -> bool {
    std::env::var_os("ECS_AUDIT_REQUIRE_TERRAFORM").is_some_and(|value| value == "1")
}
