//! Root modules by their source, by a mocked plan and by a real one, held against each other.
//!
//! Whoever reports a fault can say with it what disagrees; nothing of a secret is in what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow};

use crate::audit::{self, PlanSource, Request};
use crate::config::{Config, PlanMode};
use crate::ecs;
use crate::phases::Phases;
use crate::policy::Levels;
use crate::report::RootReport;
use crate::roots::{self, RootModule};
use crate::source::{Library, SourceMap};
use crate::terraform::Instance;
use crate::terraform::command::{self, Basis, PlanFrom, PlanRequest, Planned};
use crate::terraform::evaluate::{self, Assignment, Configuration, EditedTexts};
use crate::terraform::join::{self, Disagreement};
use crate::terraform::plan::Facts;
use crate::terraform::value::{Kind, Value};
use crate::verdict::Outcome;
use crate::workspace::{Search, Workspace};

/// What a verdict stands on, in the order of the columns.
const BASES: [&str; 3] = ["source", "mock", "plan"];

/// What there is to be held against each other.
#[derive(Debug)]
pub struct Checked {
    /// The root modules.
    pub modules: Vec<RootModule>,
    request: Request,
}

/// How the bases of a root module agree; every line is safe to print.
#[derive(Debug, Default)]
pub struct Crosschecked {
    /// How many instances of the source were held against one of a plan, for each plan.
    pub instances: usize,
    /// How many values of them both sides know.
    pub attributes: usize,
    /// The plans that there are not, and why.
    pub missing: Vec<String>,
    /// Values that two sides know and that are not the same, and verdicts that contradict each other.
    pub disagreements: Vec<String>,
    /// Other verdicts that are not the same on each basis: what one of them leaves open.
    pub differences: Vec<String>,
}

/// Finds the root modules of a directory as the audit does: those of the Cargo workspace whose manifest it
/// has, or all in it and below.
///
/// # Errors
/// The directory is not there, or its manifest cannot be read.
pub fn find(directory: &Path) -> Result<Checked> {
    let directory = fs::canonicalize(directory)
        .map_err(|error| anyhow!("cannot look into `{}`: {error}", directory.display()))?;
    let wrong = |errors: Vec<crate::config::ConfigError>| {
        let messages: Vec<_> = errors.into_iter().map(|error| error.message).collect();
        anyhow!("{}", messages.join("; "))
    };
    let (workspace, config) = if directory.join("Cargo.toml").is_file() {
        let workspace = Workspace::find(&directory, &Search::default())?;
        let config = workspace.config().map_err(wrong)?;
        (workspace.root, config)
    } else {
        (directory, Config::default())
    };
    let library = Arc::new(Library::default());
    let modules = roots::configured(&workspace, &config, &library).map_err(wrong)?;
    let variable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        let name = name.to_str()?.strip_prefix("TF_VAR_")?.to_owned();
        Some((name, value.into_string().ok()?))
    };
    let request = Request {
        workspace,
        plan: PlanSource::Run(PlanMode::Never),
        terraform_bin: None,
        assignments: Vec::new(),
        environment: std::env::vars_os().filter_map(variable).collect(),
        terraform_workspace: None,
        timeout: None,
        only: Vec::new(),
        levels: Levels::default(),
        options: config.options,
        waivers: None,
        edited: EditedTexts::default(),
        library,
        jobs: None,
        memory: None,
    };
    Ok(Checked {
        modules: modules.modules,
        request,
    })
}

impl Checked {
    /// Plans a root module with mocks and in earnest, and holds all that comes of it against each other.
    #[must_use]
    pub fn crosscheck(&self, module: &RootModule) -> Crosschecked {
        if let Some(reason) = &module.not_audited {
            return Crosschecked {
                missing: vec![format!("anything: {reason}")],
                ..Crosschecked::default()
            };
        }
        let files = module.var_files.iter().cloned();
        let assignments: Vec<Assignment> = files.map(Assignment::File).collect();
        let plan = |from| self.plan(module, from, &assignments);
        let plans = [plan(PlanFrom::Mock), plan(PlanFrom::Always)];
        self.hold(module, &assignments, plans)
    }

    /// Holds a mocked plan and a real one against the source and against each other.
    fn hold(
        &self,
        module: &RootModule,
        assignments: &[Assignment],
        plans: [Result<Planned, String>; 2],
    ) -> Crosschecked {
        let mut checked = Crosschecked::default();
        let judge = |planned| {
            let phases = Phases::default();
            audit::judge(module, &self.request, assignments, planned, &phases, true)
        };
        let source = judge(Planned {
            facts: Facts::default(),
            basis: Basis::Source,
            terraform: None,
            notes: Vec::new(),
        });
        let (mut secrets, mut plain) = (source.audited.secrets, source.plain);
        let mut verdicts: Verdicts = BTreeMap::new();
        add_verdicts(&mut verdicts, 0, &source.audited.report);
        let instances = self.evaluated(module, assignments);
        // What the source and the mocked plan know together, once there is one.
        let mut filled = instances.clone();
        let mut there = [true, false, false];
        let mut told: BTreeSet<(Arc<str>, String)> = BTreeSet::new();
        let names = ["mocked plan", "plan"];
        for ((index, name), planned) in names.into_iter().enumerate().zip(plans) {
            let planned = match planned {
                Ok(planned) => planned,
                Err(why) => {
                    checked.missing.push(format!("{name}: {why}"));
                    continue;
                }
            };
            there[index + 1] = true;
            let judged = judge(planned);
            let facts = judged.facts.unwrap_or_default();
            secrets.merge(judged.audited.secrets);
            plain.extend(judged.plain);
            add_verdicts(&mut verdicts, index + 1, &judged.audited.report);
            checked.count(&instances, &facts);
            let joined = against(&instances, &facts);
            checked.disagree("source", name, &joined.disagreements, &mut told);
            if index == 0 {
                filled = joined.instances;
            } else {
                let joined = against(&filled, &facts);
                checked.disagree("mocked plan", name, &joined.disagreements, &mut told);
            }
        }
        checked.compare(&verdicts, there);
        let Crosschecked {
            missing,
            disagreements,
            differences,
            ..
        } = &mut checked;
        let lines = [missing, disagreements, differences];
        secrets.mask_messages(&plain, lines.into_iter().flatten());
        checked
    }

    fn plan(
        &self,
        module: &RootModule,
        from: PlanFrom<'_>,
        assignments: &[Assignment],
    ) -> Result<Planned, String> {
        if module.terragrunt.is_some() {
            return Err("Terragrunt has to plan it".to_owned());
        }
        let planned = command::plan(&PlanRequest {
            root: &module.path,
            from,
            binary: None,
            assignments,
            workspace: module.workspace.as_deref(),
            time_limit: None,
            phases: None,
        });
        match planned {
            Ok(planned) if planned.basis == Basis::Source => Err(planned.notes.join("; ")),
            Ok(planned) => Ok(planned),
            Err(error) => Err(format!("{error:#}")),
        }
    }

    /// The instances as the source alone has them.
    fn evaluated(&self, module: &RootModule, assignments: &[Assignment]) -> Vec<Instance> {
        let selected = audit::selected_workspace(&module.path);
        let workspace = module.workspace.as_deref().unwrap_or(&selected);
        let inputs = evaluate::Inputs {
            root: &module.path,
            workspace: &self.request.workspace,
            environment: &self.request.environment,
            terragrunt: module.terragrunt.as_deref().unwrap_or_default(),
            assignments,
            terraform_workspace: Some(workspace),
            facts: &Facts::default(),
            edited: None,
        };
        evaluate::evaluate(&inputs, &mut SourceMap::default()).instances
    }
}

/// Verdicts by rule, address and container, on each basis.
type Verdicts = BTreeMap<(&'static str, Arc<str>, Option<Arc<str>>), [Option<Outcome>; 3]>;

fn add_verdicts(verdicts: &mut Verdicts, column: usize, report: &RootReport) {
    for judged in &report.verdicts {
        let (address, container) = (judged.address.clone(), judged.container.clone());
        let row = verdicts.entry((judged.rule.id, address, container));
        row.or_default()[column] = Some(judged.outcome);
    }
}

fn against(instances: &[Instance], facts: &Facts) -> join::Joined {
    let configuration = Configuration {
        instances: instances.to_vec(),
        ..Configuration::default()
    };
    join::join(configuration, facts, &ecs::reads)
}

impl Crosschecked {
    /// Adds what another root module came to.
    pub fn add(&mut self, other: Crosschecked) {
        self.instances += other.instances;
        self.attributes += other.attributes;
        self.missing.extend(other.missing);
        self.disagreements.extend(other.disagreements);
        self.differences.extend(other.differences);
    }

    fn count(&mut self, instances: &[Instance], facts: &Facts) {
        for instance in instances {
            let wanted = ecs::reads(&instance.ty) && instance.presence.is_certain();
            let Some(plan) = facts.attributes(&instance.address).filter(|_| wanted) else {
                continue;
            };
            self.instances += 1;
            let entries = instance.attributes.entries.iter();
            let known = entries.map(|(name, source)| match plan.entry(name) {
                Some(plan) => both_know(source, plan),
                None => 0,
            });
            self.attributes += known.sum::<usize>();
        }
    }

    fn disagree(
        &mut self,
        one: &str,
        other: &str,
        disagreements: &[Disagreement],
        told: &mut BTreeSet<(Arc<str>, String)>,
    ) {
        for found in disagreements {
            // What the source and a plan do not agree on is not said again of the mocked plan.
            let new = told.insert((Arc::clone(&found.address), found.path.clone()));
            if new || one == "source" {
                let (address, path) = (&found.address, &found.path);
                self.disagreements.push(format!(
                    "`{address}{path}`: the {one} has {}, the {other} {}",
                    found.source, found.plan
                ));
            }
        }
    }

    fn compare(&mut self, verdicts: &Verdicts, there: [bool; 3]) {
        for ((rule, address, container), row) in verdicts {
            let said = BASES.iter().zip(row).zip(there).filter(|(_, there)| *there);
            let said: Vec<_> = said
                .map(|((basis, outcome), _)| (basis, *outcome))
                .collect();
            if said.windows(2).all(|pair| pair[0].1 == pair[1].1) {
                continue;
            }
            let has = |wanted| said.iter().any(|(_, outcome)| *outcome == Some(wanted));
            let columns: Vec<_> = said
                .iter()
                .map(|(basis, outcome)| format!("{basis} {}", named(*outcome)))
                .collect();
            let container = match container {
                None => String::new(),
                Some(name) => format!(", container `{name}`"),
            };
            let line = format!("{rule} on `{address}`{container}: {}", columns.join(", "));
            if has(Outcome::Pass) && has(Outcome::Fail) {
                self.disagreements.push(line);
            } else {
                self.differences.push(line);
            }
        }
    }
}

fn named(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Fail) => "fail",
        Some(Outcome::Unknown) => "unknown",
        Some(Outcome::Pass) => "pass",
        Some(Outcome::NotApplicable) => "not applicable",
        None => "none",
    }
}

/// How many values in two values both sides know.
fn both_know(source: &Value, plan: &Value) -> usize {
    match (&source.kind, &plan.kind) {
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => 0,
        (Kind::List(_, source), Kind::List(_, plan)) => {
            let pairs = source.iter().zip(plan.iter());
            pairs.map(|(source, plan)| both_know(source, plan)).sum()
        }
        (Kind::Object(_, source), Kind::Object(_, plan)) => {
            let of_both = |(name, value)| Some(both_know(value, plan.entries.get(name)?));
            source.entries.iter().filter_map(of_both).sum()
        }
        (Kind::Json(source), Kind::Json(plan)) => both_know(source, plan),
        (Kind::Json(source), _) => both_know(source, source),
        _ => usize::from(source.is_known() && plan.is_known()),
    }
}

#[cfg(test)]
mod tests {
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
            found
                .differences
                .iter()
                .any(|line| line
                    .contains("on `aws_ecs_task_definition.app`: source unknown, plan fail")),
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
}
