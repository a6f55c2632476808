use std::sync::Arc;

use crate::ecs::Origin;
use crate::ecs::inventory::{Container, Field, Inventory, Setting, Text, Variable, Why};
use crate::rules::credentials;
use crate::rules::rule::{OptionDefault, RuleOption, rule};
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::{Name, Verdict};

rule! {
    /// # What it does
    ///
    /// Fails when a secret stands in plain text in a task definition. There are three tiers, and the message names
    /// which:
    ///
    /// - **proven**: the value comes from a secret source, by whatever way: a variable or output marked
    ///   `sensitive`, a generated password, a secret's value, an attribute that its provider marks sensitive.
    /// - **recognised**: what is known of the value has the format of a credential: an AWS access key, a private
    ///   key, a token, a URL with a password in it.
    /// - **named**: the variable has a credential's name, and a literal value.
    ///
    /// Looked at are `environment`, and by the first two tiers the command, the entry point, labels, the health
    /// check, and the options of logging and FireLens. Each tier can be switched off by the option of its name.
    ///
    /// # Why it matters
    ///
    /// Whoever may describe a task definition reads its environment, and so do the plan, the state, the console,
    /// and every log that prints it. `secrets` hands the value to the container alone.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///     environment = [
    ///       { name = "DB_PASSWORD", value = "correct horse battery staple" },
    ///     ]
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:001]: container `app` has secrets in plain text: `DB_PASSWORD` (named: a literal under a credential's name)
    ///  --> main.tf:7:39
    ///   |
    /// 7 |       { name = "DB_PASSWORD", value = "********" },
    ///   |                                       ^^^^^^^^^^ named: a literal under a credential's name
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:001`, `secret-in-environment`, is required and `deny` by default
    ///   = help: give it in `secrets`, with a `valueFrom` that names a secret or a parameter
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///     secrets = [
    ///       { name = "DB_PASSWORD", valueFrom = "/app/db-password" },
    ///     ]
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECS.8](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-8)
    /// - [Sensitive data in ECS](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html)
    pub(super) static SECRET_IN_ENVIRONMENT = {
        id: "ECS:001",
        name: "secret-in-environment",
        group: Group::Required,
        severity: Severity::Critical,
        also_known_as: &["Security Hub ECS.8", "AWS Config ecs-no-environment-secrets", "Control Tower CT.ECS.PR.12", "Trivy AWS-0036"],
        options: &[
            RuleOption {
                name: "proven",
                default: OptionDefault::Flag(true),
                doc: "whether values that come from a secret source fail",
            },
            RuleOption {
                name: "recognised",
                default: OptionDefault::Flag(true),
                doc: "whether values with the format of a credential fail",
            },
            RuleOption {
                name: "named",
                default: OptionDefault::Flag(true),
                doc: "whether literals under the name of a credential fail",
            },
        ],
        check: Check::ContainerOrOverride(check),
    }
}

/// A secret that was found. It never holds the secret.
struct Found {
    /// "`DB_PASSWORD`", "`command[2]`".
    what: String,
    /// The tier and what it rests on.
    why: String,
    origin: Origin,
    /// The name of the variable, if it is one's value.
    name: Option<Name>,
    declared: Option<Origin>,
    /// Whether `nonsensitive` took Terraform's mark off it.
    is_bared: bool,
}

fn check(context: &Context<'_>, container: &Container) -> Verdict {
    let name = container.display_name();
    let mut found = Vec::new();
    let mut undecided: Option<(String, Why, Origin)> = None;
    for variable in &container.environment {
        match judge(context, variable) {
            Setting::Set(secret) => found.push(secret),
            Setting::Unknown(why) if undecided.is_none() => {
                let variable_name = variable.name.text().unwrap_or("?");
                let message = format!(
                    "whether `{variable_name}` of container {name} holds a secret is not known"
                );
                undecided = Some((message, why, variable.value.origin.clone()));
            }
            Setting::Unknown(_) | Setting::Unset => {}
        }
    }
    for (path, text) in &container.other_texts {
        found.extend(of_value(context, &format!("`{path}`"), text));
    }
    if undecided.is_none()
        && let Some(why) = &container.environment_uncertain
    {
        let message = format!("the environment of container {name} is not wholly known");
        undecided = Some((message, why.clone(), container.subject.origin.clone()));
    }
    let verdict = if let Some(first) = found.first() {
        let message = format!("container {name} has {}", listed(&found));
        let mut verdict = Verdict::fail(message, &first.origin)
            .label(first.why.clone())
            .named(first.name.clone())
            .help("give it in `secrets`, with a `valueFrom` that names a secret or a parameter");
        for (index, one) in found.iter().enumerate() {
            verdict = verdict.secret(&one.origin);
            if index > 0 {
                verdict = verdict
                    .also(&one.origin, one.why.clone())
                    .named(one.name.clone());
            }
            if let Some(declared) = &one.declared {
                verdict = verdict.also(declared, "the secret's source");
            }
        }
        match found.iter().any(|one| one.is_bared) {
            true => verdict.note(
                "`nonsensitive` lets Terraform show a value; that does not make it less of a secret",
            ),
            false => verdict,
        }
    } else if let Some((message, why, origin)) = undecided {
        Verdict::unknown(message, why.to_string(), &origin)
    } else {
        let message = format!("no secret of container {name} is in plain text");
        Verdict::pass(message, &container.subject.origin)
    };
    match container.environment_files.is_present() {
        true => verdict.note("its `environmentFiles` are out of sight"),
        false => verdict,
    }
}

/// The texts that stand in plain text and are secret by their name or their format.
pub(crate) fn plain_secrets(inventory: &Inventory) -> Vec<Arc<str>> {
    let tasks = inventory.task_definitions.iter();
    let overrides = inventory
        .runners
        .iter()
        .flat_map(|runner| &runner.overrides);
    let mut found = Vec::new();
    for container in tasks.flat_map(|task| &task.containers).chain(overrides) {
        for variable in &container.environment {
            let name = variable.name.text().unwrap_or_default();
            found.extend(parts(&variable.value, is_credential(name)));
        }
        for (_, text) in &container.other_texts {
            found.extend(parts(text, false));
        }
    }
    found
}

/// Whether a name is a credential's.
pub(crate) fn is_credential(name: &str) -> bool {
    credentials::is_likely_name(name) || credentials::is_reserved(name)
}

/// The known parts of a text, those that are a credential by their format, or all of them.
fn parts(field: &Field<Text>, all: bool) -> impl Iterator<Item = Arc<str>> {
    let parts = field.set().into_iter().flat_map(Text::known_parts);
    parts
        .filter(move |part| all || credentials::recognise(part).is_some())
        .map(Arc::from)
}

/// The secrets in words: with what each rests on where there are few, else with the tiers alone.
fn listed(found: &[Found]) -> String {
    const NAMED: usize = 3;
    let more = found.len().saturating_sub(NAMED);
    let name = |one: &Found| match one.why.split_once(':') {
        Some((tier, _)) if more > 0 => format!("{} ({tier})", one.what),
        _ => format!("{} ({})", one.what, one.why),
    };
    let names: Vec<_> = found.iter().take(NAMED).map(name).collect();
    let names = names.join(", ");
    match more {
        0 => format!("secrets in plain text: {names}"),
        _ => format!(
            "{} secrets in plain text: {names} and {more} more",
            found.len()
        ),
    }
}

/// Judges an environment variable: a secret, undecided, or neither.
fn judge(context: &Context<'_>, variable: &Variable) -> Setting<Found> {
    let name = variable.name.text();
    let what = format!("`{}`", name.unwrap_or("?"));
    if let Some(mut secret) = of_value(context, &what, &variable.value) {
        secret.name = name.map(|name| Name {
            origin: variable.name.origin.clone(),
            text: name.to_owned(),
        });
        return Setting::Set(secret);
    }
    if !context.flag("named") {
        return Setting::Unset;
    }
    let named = |why: &str| {
        let origin = variable.value.origin.clone();
        Setting::Set(Found {
            what: what.clone(),
            why: why.to_owned(),
            origin,
            name: None,
            declared: None,
            is_bared: false,
        })
    };
    let likely = match name {
        Some(name) if credentials::is_reserved(name) => {
            return match variable.value.is_present() {
                true => named("named: an AWS credential by its name"),
                false => Setting::Unset,
            };
        }
        Some(name) => credentials::is_likely_name(name),
        None => {
            let mut parts = variable.name.set().into_iter().flat_map(Text::known_parts);
            parts.any(credentials::is_likely_name)
        }
    };
    if !likely {
        // Under a name that is not known, a literal may be one.
        let literal = variable
            .value
            .text()
            .is_some_and(credentials::is_literal_secret);
        return match variable.name.partly_unknown().filter(|_| literal) {
            Some(why) => Setting::Unknown(why),
            None => Setting::Unset,
        };
    }
    match (variable.value.text(), variable.value.partly_unknown()) {
        // What a resource calls its ARN is one.
        (_, Some(_)) if is_arn(&variable.value) => Setting::Unset,
        (_, Some(why)) => Setting::Unknown(why),
        (Some(text), None) if credentials::is_literal_secret(text) => {
            named("named: a literal under a credential's name")
        }
        _ => Setting::Unset,
    }
}

/// Whether a value is exactly what the `arn` of a resource or data source will be.
fn is_arn(value: &Field<Text>) -> bool {
    let reference = value.set().and_then(Text::reference);
    reference
        .is_some_and(|reference| !reference.resource_type.is_empty() && &*reference.path == ".arn")
}

/// The two tiers that look at a value alone.
fn of_value(context: &Context<'_>, what: &str, value: &Field<Text>) -> Option<Found> {
    let text = value.set()?;
    let found = |why: String, declared| Found {
        what: what.to_owned(),
        why,
        origin: value.origin.clone(),
        name: None,
        declared,
        is_bared: text.secret.as_ref().is_some_and(|secret| secret.is_bared),
    };
    if let Some(secret) = text.secret.as_ref().filter(|_| context.flag("proven")) {
        let why = format!("proven: from {}", secret.source);
        return Some(found(why, Some(secret.origin.clone())));
    }
    if !context.flag("recognised") {
        return None;
    }
    let format = text.known_parts().find_map(credentials::recognise)?;
    Some(found(format!("recognised: {format}"), None))
}
