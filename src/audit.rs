//! The audit: from root modules to a report.

use std::collections::HashSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::config::PlanMode;
use crate::ecs;
use crate::jobs;
use crate::phases::Phases;
use crate::place;
use crate::policy::{self, Levels};
use crate::remembered::{Asked, Memory};
use crate::report::{Basis, NotAudited, Report, RootNote, RootReport, TerraformBinary, Unread};
use crate::room;
use crate::roots::RootModule;
use crate::rules::{self, Options, Rule};
use crate::secrecy::{self, Secrets};
use crate::source::{Library, Place, SourceMap};
use crate::terraform::command::{self, PlanFrom, PlanRequest, Planned};
use crate::terraform::evaluate::{self, Assignment, EditedTexts};
use crate::terraform::join::{self, Disagreement};
use crate::terraform::plan::Facts;
use crate::waiver::{self, BASELINE, Baseline, Use, Waivers};

/// What is to be audited, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// The Cargo workspace's directory.
    pub workspace: PathBuf,
    /// Where facts beside the source come from.
    pub plan: PlanSource,
    /// The Terraform to run.
    pub terraform_bin: Option<PathBuf>,
    /// Variables, as the command line has them.
    pub assignments: Vec<Assignment>,
    /// The variables of the environment, without the prefix `TF_VAR_`.
    pub environment: Vec<(String, String)>,
    /// The Terraform workspace, where it is not each root module's selected one.
    pub terraform_workspace: Option<String>,
    /// How long Terraform may take in one root module.
    pub timeout: Option<Duration>,
    /// The rules to apply; all where there is none.
    pub only: Vec<&'static Rule>,
    /// The levels.
    pub levels: Levels,
    /// The rules' options.
    pub options: Options,
    /// The waivers; without them nothing is waived.
    pub waivers: Option<waiver::Settings>,
    /// Texts that are audited in the place of what files hold.
    pub edited: EditedTexts,
    /// The texts that were read to find the root modules, and those that several of them share.
    pub library: Arc<Library>,
    /// How many root modules are audited at once.
    pub jobs: Option<NonZeroUsize>,
    /// Where plans are remembered; nowhere where there is none.
    pub memory: Option<Memory>,
}

/// Where facts beside the source come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanSource {
    /// Terraform, or nothing.
    Run(PlanMode),
    /// A plan that someone made.
    File(PathBuf),
    /// A plan on standard input.
    StandardInput,
}

/// The stack of a thread that evaluates: deep configurations are bounded by the evaluator, and this is
/// room enough for its bound in a debug build.
const STACK: usize = 64 << 20;

/// How many parts that are not read are named in a reason.
const NAMED: usize = 3;

/// Audits root modules, some of them side by side; the report has them in the order given.
#[must_use]
pub fn audit(modules: &[RootModule], request: &Request) -> Report {
    watched(modules, request, &[])
}

/// As [`audit`], and tells the phases of each root module to those who watch.
#[must_use]
pub fn watched(modules: &[RootModule], request: &Request, phases: &[Phases]) -> Report {
    let (mut report, secrets) = examine(modules, request, phases);
    secrets.mask(&mut report.roots);
    report
}

/// As [`audit`], but for those who write into the texts: the report has them as they are, and what must
/// not be shown of them stands beside it.
pub(crate) fn examine(
    modules: &[RootModule],
    request: &Request,
    phases: &[Phases],
) -> (Report, Secrets) {
    let plans = request.plan != PlanSource::Run(PlanMode::Never);
    let jobs = request
        .jobs
        .map_or_else(|| jobs::default(plans), NonZeroUsize::get)
        .min(modules.len());
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut roots: Vec<Option<Audited>> = modules.iter().map(|_| None).collect();
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (sender, next) = (sender.clone(), &next);
            let work = move || {
                room::make();
                while let Some(index) = Some(next.fetch_add(1, Ordering::Relaxed))
                    && let Some(module) = modules.get(index)
                {
                    let unwatched = Phases::default();
                    let phases = phases.get(index).unwrap_or(&unwatched);
                    let mut root = audit_root(module, request, phases);
                    phases.end();
                    root.report.timing = phases.laps();
                    if sender.send((index, root)).is_err() {
                        break;
                    }
                }
            };
            // Where no thread can be made, the loop below finds its root modules missing and says so.
            let _ = thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, work);
        }
        drop(sender);
        for (index, root) in receiver {
            roots[index] = Some(root);
        }
    });
    let mut secrets = Secrets::default();
    let mut used = Use::default();
    let mut reports = Vec::new();
    for (root, module) in roots.into_iter().zip(modules) {
        let root = root.unwrap_or_else(|| {
            unfinished(
                module,
                "the system gave no thread to audit it in".to_owned(),
            )
        });
        secrets.merge(root.secrets);
        used.merge(root.waivers);
        reports.push(root.report);
    }
    if let Some(settings) = &request.waivers {
        unused(settings, used, &mut reports);
    }
    // What is a secret to one root module must not be shown in the part of another.
    (
        Report {
            roots: reports,
            ..Report::default()
        },
        secrets,
    )
}

/// What came of a root module.
pub(crate) struct Audited {
    pub(crate) report: RootReport,
    pub(crate) secrets: Secrets,
    waivers: Use,
}

/// Says which waivers are about nothing, where all that they could be about was audited.
fn unused(settings: &waiver::Settings, used: Use, reports: &mut [RootReport]) {
    let whole = settings.all_audited
        && reports
            .iter()
            .all(|root| root.failure.is_none() && root.unread.is_empty());
    let Some(first) = reports.first_mut().filter(|_| whole) else {
        return;
    };
    let comments = used.comments.into_values();
    let comments = comments.filter_map(|(location, used)| (!used).then_some(Some(location)));
    let listed = settings.manifest.iter().enumerate();
    let listed = listed.filter(|(index, _)| !used.manifest.contains(index));
    let listed = listed.map(|(_, waiver)| {
        let place = waiver.span.zip(settings.file.clone());
        place.map(|(span, (name, text))| {
            let mut source = SourceMap::default();
            let file = source.add(PathBuf::from(&*name), name, text);
            place::location(&source, Place::new(file, span), String::new(), true)
        })
    });
    for location in comments.chain(listed) {
        first.notes.push(RootNote {
            message: "this waiver is about nothing that is there; it can go".to_owned(),
            location,
            warning: true,
        });
    }
    let Baseline { text, known } = &settings.baseline;
    let mended = known
        .iter()
        .filter(|(known, _)| !used.baseline.contains(*known));
    for (_, entry) in mended {
        let location = entry.span.map(|span| {
            let mut source = SourceMap::default();
            let file = source.add(PathBuf::from(BASELINE), Arc::from(BASELINE), text.clone());
            place::location(&source, Place::new(file, span), String::new(), true)
        });
        first.notes.push(RootNote {
            message: "what this was recorded for does not fail any more; \
                      `cargo ecs-audit baseline --prune` takes it out"
                .to_owned(),
            location,
            warning: true,
        });
    }
}

fn audit_root(module: &RootModule, request: &Request, phases: &Phases) -> Audited {
    if let Some(reason) = &module.not_audited {
        return skipped(module, reason, &request.levels);
    }
    let mut assignments: Vec<Assignment> = module
        .var_files
        .iter()
        .cloned()
        .map(Assignment::File)
        .collect();
    assignments.extend(request.assignments.iter().cloned());
    let workspace = request
        .terraform_workspace
        .as_deref()
        .or(module.workspace.as_deref());
    let by_terragrunt = module.terragrunt.is_some();
    if by_terragrunt && request.plan == PlanSource::Run(PlanMode::Always) {
        let why = "Terragrunt has to plan it: make the plan with `terragrunt plan -out=FILE`, and give it \
                   with `--plan-file`";
        return unfinished(module, why.to_owned());
    }
    let plan = PlanRequest {
        root: &module.path,
        from: match &request.plan {
            // Terraform alone would plan it with another backend, and against another state.
            PlanSource::Run(_) if by_terragrunt => PlanFrom::Never,
            PlanSource::Run(PlanMode::Auto) => PlanFrom::Auto,
            PlanSource::Run(PlanMode::Always) => PlanFrom::Always,
            PlanSource::Run(PlanMode::Mock) => PlanFrom::Mock,
            PlanSource::Run(PlanMode::Never) => PlanFrom::Never,
            PlanSource::File(path) => PlanFrom::File(path),
            PlanSource::StandardInput => PlanFrom::StandardInput,
        },
        binary: request.terraform_bin.as_deref(),
        assignments: &assignments,
        workspace,
        time_limit: request.timeout,
        phases: Some(phases),
    };
    let asked = Asked {
        root: &module.path,
        mode: match request.plan {
            PlanSource::Run(mode) => mode,
            PlanSource::File(_) | PlanSource::StandardInput => PlanMode::Never,
        },
        binary: request.terraform_bin.as_deref(),
        workspace,
        assignments: &assignments,
    };
    // A plan is of what the files hold.
    let memory = request
        .memory
        .as_ref()
        .filter(|_| !matches!(plan.from, PlanFrom::Never | PlanFrom::Mock))
        .filter(|_| asked.mode != PlanMode::Never)
        .filter(|_| request.edited.is_empty());
    if let Some(memory) = memory {
        phases.begin("recall");
        if let Some(recalled) = memory.recall(&asked) {
            return judge(module, request, &assignments, recalled, phases, false).audited;
        }
    }
    phases.begin("plan");
    let begun = SystemTime::now();
    let planned = match command::plan(&plan) {
        Ok(planned) => planned,
        Err(error) => {
            if let Some(memory) = memory {
                memory.forget(&asked);
            }
            // What Terraform says can quote what the source says is secret.
            let alone = Planned {
                facts: Facts::default(),
                basis: command::Basis::Source,
                terraform: None,
                notes: Vec::new(),
            };
            let unwatched = Phases::default();
            let judged = judge(module, request, &assignments, alone, &unwatched, false);
            return Audited {
                secrets: judged.audited.secrets,
                ..unfinished(module, format!("{error:#}"))
            };
        }
    };
    let memory = memory.filter(|_| planned.basis == command::Basis::Plan);
    let mut judged = judge(
        module,
        request,
        &assignments,
        planned,
        phases,
        memory.is_some(),
    );
    if let Some(memory) = memory {
        phases.begin("remember");
        let kept = keep(
            module,
            request,
            &assignments,
            &mut judged,
            |plan, judged| {
                let terraform = judged.terraform.as_ref()?;
                memory.keep(&asked, terraform, plan, &judged.files, begun)
            },
        );
        if kept.is_none() {
            memory.forget(&asked);
        }
    }
    judged.audited
}

/// What came of a root module, and what it was made of.
pub(crate) struct JudgedRoot {
    pub(crate) audited: Audited,
    /// The plan, where it is wanted afterwards.
    pub(crate) facts: Option<Facts>,
    terraform: Option<command::Terraform>,
    /// Texts that the rules find to be secret.
    pub(crate) plain: Vec<Arc<str>>,
    /// The files that were read.
    files: Vec<PathBuf>,
}

/// Remembers a plan without its secrets, where the report on what is left is the same.
fn keep(
    module: &RootModule,
    request: &Request,
    assignments: &[Assignment],
    judged: &mut JudgedRoot,
    store: impl FnOnce(&str, &JudgedRoot) -> Option<()>,
) -> Option<()> {
    let facts = judged.facts.take()?;
    let plan = {
        let finder = judged.audited.secrets.finder(&judged.plain);
        facts.reduced(&|name, text| rules::is_credential(name) || finder.finds(text))?
    };
    drop(facts);
    let planned = Planned {
        facts: Facts::read(plan.clone().into_bytes(), "that is to be remembered").ok()?,
        basis: command::Basis::Plan,
        terraform: judged.terraform.clone(),
        notes: Vec::new(),
    };
    let again = judge(
        module,
        request,
        assignments,
        planned,
        &Phases::default(),
        false,
    );
    let told = |judged: &JudgedRoot| format!("{:?}", judged.audited.report);
    let same = told(&again) == told(judged);
    same.then(|| store(&plan, judged)).flatten()
}

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
    secrets.rename(&mut judgements);
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

/// The Terraform workspace that is selected in a root module: `TF_WORKSPACE`, else what
/// `terraform workspace select` left there, else `default`.
pub(crate) fn selected_workspace(root: &Path) -> String {
    if let Ok(selected) = std::env::var("TF_WORKSPACE")
        && !selected.is_empty()
    {
        return selected;
    }
    let file = root.join(".terraform/environment");
    let small = fs::metadata(&file).is_ok_and(|metadata| metadata.len() < 1024);
    let selected = small
        .then(|| fs::read_to_string(&file).ok())
        .flatten()
        .unwrap_or_default();
    match selected.trim() {
        "" => "default".to_owned(),
        selected => selected.to_owned(),
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

fn skipped(module: &RootModule, reason: &str, levels: &Levels) -> Audited {
    let (level, level_source) = levels.undecided();
    let mut audited = unfinished(module, String::new());
    audited.report = RootReport {
        unread: vec![Unread {
            part: Arc::from(module.name.as_str()),
            reason: reason.to_owned(),
            location: None,
            level,
            level_source,
        }],
        skipped: true,
        failure: None,
        ..audited.report
    };
    audited
}

fn unfinished(module: &RootModule, failure: String) -> Audited {
    let report = RootReport {
        path: Arc::from(module.name.as_str()),
        basis: Basis::Source,
        terraform: None,
        notes: Vec::new(),
        not_audited: Vec::new(),
        unread: Vec::new(),
        skipped: false,
        verdicts: Vec::new(),
        failure: Some(failure),
        instances: 0,
        timing: Vec::new(),
    };
    Audited {
        report,
        secrets: Secrets::default(),
        waivers: Use::default(),
    }
}
