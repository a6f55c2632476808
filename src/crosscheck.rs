//! Root modules by their source, by a mocked plan and by a real one, held against each other.
//!
//! Whoever reports a fault can say with it what disagrees; nothing of a secret is in what it says.

mod outcome;

pub use self::outcome::Crosschecked;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow};

use self::outcome::{Verdicts, add_verdicts};
use crate::audit::{self, PlanSource, Request};
use crate::config::{Config, PlanMode};
use crate::ecs;
use crate::phases::Phases;
use crate::policy::Levels;
use crate::roots::{self, RootModule};
use crate::source::{Library, SourceMap};
use crate::terraform::Instance;
use crate::terraform::command::{self, Basis, PlanFrom, PlanRequest, Planned};
use crate::terraform::evaluate::{self, Assignment, Configuration, EditedTexts};
use crate::terraform::join::{self};
use crate::terraform::plan::Facts;
use crate::workspace::{Search, Workspace};

/// What there is to be held against each other.
#[derive(Debug)]
pub struct Checked {
    /// The root modules.
    pub modules: Vec<RootModule>,
    request: Request,
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
        scope: None,
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

fn against(instances: &[Instance], facts: &Facts) -> join::Joined {
    let configuration = Configuration {
        instances: instances.to_vec(),
        ..Configuration::default()
    };
    join::join(configuration, facts, &ecs::reads)
}

#[cfg(test)]
mod tests;
