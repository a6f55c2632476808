//! From what is known of a root module to its verdicts.

use std::collections::HashSet;
use std::sync::Arc;
use std::thread;

use super::{Audited, JudgedRoot, Request, selected_workspace};
use crate::ecs;
use crate::links::InScope;
use crate::phases::Phases;
use crate::place;
use crate::policy;
use crate::report::{Basis, NotAudited, RootNote, RootReport, TerraformBinary, Unread};
use crate::roots::RootModule;
use crate::rules::{self, Options};
use crate::secrecy::{self, Secrets};
use crate::source::SourceMap;
use crate::terraform::command::{self, Planned};
use crate::terraform::evaluate::{self, Assignment};
use crate::terraform::join::{self, Disagreement};
use crate::terraform::plan::Facts;
use crate::waiver::Waivers;

/// How many parts that are not read are named in a reason.
const NAMED: usize = 3;

/// Judges a root module by its source and by what a plan says.
pub(crate) fn judge(
    module: &RootModule,
    request: &Request,
    assignments: &[Assignment],
    planned: Planned,
    phases: &Phases,
    keep_facts: bool,
) -> JudgedRoot {
    let Planned {
        facts,
        basis,
        terraform,
        notes,
    } = planned;
    let workspace = request
        .terraform_workspace
        .as_deref()
        .or(module.workspace.as_deref());
    phases.begin("evaluate");
    let mut source = SourceMap::with_library(&request.library);
    // Who made a plan that was given had a workspace selected of which it says nothing.
    let selected = match (workspace, basis) {
        (Some(named), _) => Some(named.to_owned()),
        (None, command::Basis::PlanFile) => None,
        (None, _) => Some(selected_workspace(&module.path)),
    };
    let none = Facts::default();
    let mut configuration = evaluate::evaluate(
        &evaluate::Inputs {
            root: &module.path,
            workspace: &request.workspace,
            environment: &request.environment,
            terragrunt: module.terragrunt.as_deref().unwrap_or_default(),
            assignments,
            terraform_workspace: selected.as_deref(),
            // What is made up must not flow into what is evaluated.
            facts: if facts.is_mocked() { &none } else { &facts },
            edited: Some(&request.edited),
        },
        &mut source,
    );
    phases.begin("join");
    let mut root_notes: Vec<RootNote> = notes.into_iter().map(RootNote::remark).collect();
    // A plan has everything that there will be, whatever of the source could not be read; but one that is
    // mocked has what is made up in the place of some of it.
    let is_whole = matches!(basis, command::Basis::Plan | command::Basis::PlanFile);
    let mut unread: Vec<Unread> = Vec::new();
    for note in &configuration.notes {
        let message = note.message.clone();
        let location = note
            .place
            .map(|place| place::location(&source, place, String::new(), true));
        match &note.missing {
            Some(part) if !is_whole => {
                let (level, level_source) = request.levels.undecided();
                unread.push(Unread {
                    part: Arc::clone(part),
                    reason: message,
                    location,
                    level,
                    level_source,
                });
            }
            _ => root_notes.push(RootNote {
                message,
                location,
                warning: true,
            }),
        }
    }
    let broken: HashSet<Arc<str>> = configuration.broken.iter().cloned().collect();
    let variable_files = configuration.variable_files.clone();
    let met = std::mem::take(&mut configuration.secrets);
    let joined = join::join(configuration, &facts, &ecs::reads);
    // A plan can be larger than everything else together.
    let facts = keep_facts.then_some(facts);
    root_notes.extend(joined.notes.into_iter().map(RootNote::remark));
    for disagreement in &joined.disagreements {
        root_notes.push(disagree(disagreement, &source));
    }
    secrecy::mask_values(&mut root_notes, &variable_files, &source);
    phases.begin("rules");
    let inventory = match unread_names(&unread) {
        None => ecs::lower(&joined.instances),
        Some(names) => ecs::lower_in_part(
            &joined.instances,
            &format!("it may be in what is not read: {names}"),
        ),
    };
    let mut judgements = rules::run(&inventory, &request.options, |_| true);
    // What is secret does not depend on which rules are wanted, nor on how they are set.
    let mut secrets = Secrets::of(met, &joined.instances);
    secrets.gather(&judgements, &source);
    if !request.options.0.is_empty() {
        let unconfigured = rules::run(&inventory, &Options::default(), |_| true);
        secrets.gather(&unconfigured, &source);
    }
    judgements.retain(|judgement| {
        request.only.is_empty() || request.only.iter().any(|rule| rule.id == judgement.rule.id)
    });
    let mut in_scope = match &request.scope {
        Some(scope) => scope.of(&inventory, &module.name),
        None => InScope::default(),
    };
    if request.scope.as_ref().is_some_and(|scope| scope.alone) {
        judgements.retain(|judgement| in_scope.has(&judgement.subject));
    }
    secrets.rename(&mut judgements);
    let mut architecture = ecs::architecture(&inventory);
    secrets.rename_nodes(&mut architecture);
    secrets.rename_linked(&mut in_scope.containers);
    for judgement in &mut judgements {
        if broken.contains(&judgement.subject.address) {
            judgement.leave_undecided("its block has a syntax error");
        }
    }
    phases.begin("policy");
    let waivers = match &request.waivers {
        Some(settings) => Waivers::gather(settings, &source),
        None => Waivers::default(),
    };
    for rejected in waivers.rejected() {
        root_notes.push(RootNote {
            message: rejected.message,
            location: Some(place::location(
                &source,
                rejected.place,
                String::new(),
                true,
            )),
            warning: true,
        });
    }
    let verdicts = policy::judge(&module.name, judgements, &request.levels, &waivers, &source);
    let used = waivers.used(&source);
    let report = RootReport {
        path: Arc::from(module.name.as_str()),
        basis: match basis {
            command::Basis::Plan => Basis::Plan,
            command::Basis::Mock => Basis::Mock,
            command::Basis::Source => Basis::Source,
            command::Basis::PlanFile => Basis::PlanFile,
        },
        terraform: terraform.as_ref().map(|terraform| TerraformBinary {
            binary: terraform.binary.clone(),
            version: terraform.version.clone(),
        }),
        notes: root_notes,
        not_audited: inventory
            .not_audited
            .iter()
            .map(|resource| NotAudited {
                address: resource.address.clone(),
                reason: resource.reason.clone(),
            })
            .collect(),
        unread,
        skipped: false,
        verdicts,
        failure: None,
        instances: joined.instances.len(),
        architecture,
        timing: Vec::new(),
    };
    let plain = match facts {
        Some(_) => rules::plain_secrets(&inventory),
        None => Vec::new(),
    };
    let files = source.files().map(|(_, file)| file.path.clone()).collect();
    // The report is what matters: what it was made of is given back beside what comes next.
    thread::spawn(move || drop((inventory, joined.instances, source)));
    JudgedRoot {
        audited: Audited {
            report,
            secrets,
            waivers: used,
            links: in_scope.containers,
        },
        facts,
        terraform,
        plain,
        files,
    }
}

fn disagree(disagreement: &Disagreement, texts: &SourceMap) -> RootNote {
    let Disagreement {
        address,
        path,
        place,
        source,
        plan,
    } = disagreement;
    RootNote {
        message: format!(
            "plan and source disagree on `{address}{path}`: the plan has {plan}, the source {source}; \
             either the plan is stale or the source is read wrongly"
        ),
        location: place
            .map(|place| place::location(texts, place, format!("the plan has {plan} here"), true)),
        warning: true,
    }
}

impl RootNote {
    fn remark(message: String) -> Self {
        RootNote {
            message,
            location: None,
            warning: false,
        }
    }
}

/// The names of parts that are not read, a few of them; `None` where there is none.
fn unread_names(unread: &[Unread]) -> Option<String> {
    let mut seen = HashSet::new();
    let parts = unread.iter().map(|unread| &unread.part);
    let parts: Vec<&Arc<str>> = parts.filter(|part| seen.insert(Arc::clone(part))).collect();
    let names = parts.iter().take(NAMED).map(|part| format!("`{part}`"));
    let names: Vec<String> = names.collect();
    match parts.len().saturating_sub(NAMED) {
        0 if parts.is_empty() => None,
        0 => Some(names.join(", ")),
        more => Some(format!("{} and {more} more", names.join(", "))),
    }
}
