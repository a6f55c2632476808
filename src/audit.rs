//! The audit: from root modules to a report.

mod judging;
mod waivers;

pub(crate) use self::judging::judge;

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::config::PlanMode;
use crate::jobs;
use crate::links::{Linked, Scope};
use crate::phases::Phases;
use crate::policy::Levels;
use crate::remembered::{Asked, Memory};
use crate::report::{Report, RootReport, Unread};
use crate::room;
use crate::roots::RootModule;
use crate::rules::{self, Options, Rule};
use crate::secrecy::Secrets;
use crate::source::Library;
use crate::terraform::command::{self, PlanFrom, PlanRequest, Planned};
use crate::terraform::evaluate::{Assignment, EditedTexts};
use crate::terraform::plan::Facts;
use crate::waiver::{self, Use};

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
    /// The packages whose containers are looked for.
    pub scope: Option<Arc<Scope>>,
    /// Where plans are remembered; nowhere where there is none.
    pub memory: Option<Memory>,
}

/// Where facts beside the source come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanSource {
    /// Terraform, or nothing.
    Run(PlanMode),
    /// What is remembered of a plan that was made so, or nothing.
    Remembered(PlanMode),
    /// A plan that someone made.
    File(PathBuf),
    /// A plan on standard input.
    StandardInput,
}

/// The stack of a thread that evaluates: deep configurations are bounded by the evaluator, and this is
/// room enough for its bound in a debug build.
const STACK: usize = 64 << 20;

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
    let plans = !matches!(
        request.plan,
        PlanSource::Run(PlanMode::Never) | PlanSource::Remembered(_)
    );
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
    let mut links = Vec::new();
    for (root, module) in roots.into_iter().zip(modules) {
        let root = root.unwrap_or_else(|| {
            unfinished(
                module,
                "the system gave no thread to audit it in".to_owned(),
            )
        });
        secrets.merge(root.secrets);
        used.merge(root.waivers);
        links.extend(root.links);
        reports.push(root.report);
    }
    if let Some(settings) = &request.waivers {
        waivers::rejected(settings, &mut reports);
        waivers::unused(settings, used, &mut reports);
    }
    // What is a secret to one root module must not be shown in the part of another.
    (
        Report {
            roots: reports,
            links,
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
    links: Vec<Linked>,
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
            PlanSource::Run(PlanMode::Never) | PlanSource::Remembered(_) => PlanFrom::Never,
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
            PlanSource::Run(mode) | PlanSource::Remembered(mode) => mode,
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
        .filter(|_| !by_terragrunt)
        .filter(|_| matches!(asked.mode, PlanMode::Auto | PlanMode::Always))
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
    // What is remembered is for every rule and every package.
    let is_all =
        request.only.is_empty() && !request.scope.as_ref().is_some_and(|scope| scope.alone);
    let memory = memory.filter(|_| planned.basis == command::Basis::Plan && is_all);
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
    let facts = Facts::read(plan.clone().into_bytes(), "that is to be remembered").ok()?;
    let planned = Planned {
        facts: facts.made_here(),
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
        failure: Some(failure),
        ..RootReport::of_path(&module.name)
    };
    Audited {
        report,
        secrets: Secrets::default(),
        waivers: Use::default(),
        links: Vec::new(),
    }
}
