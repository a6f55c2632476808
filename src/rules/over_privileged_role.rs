use crate::ecs::Origin;
use crate::ecs::inventory::{
    Elements, Inventory, Policy, PolicyContent, Role, RolePolicy, Statement, Text, Why,
};
use crate::rules::action::{self, Breadth};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when the task role or the task execution role of a task has `AdministratorAccess`, `PowerUserAccess` or a
    /// policy of AWS whose name ends in `FullAccess`; when a policy of it allows the action `*` or `service:*`, or everything
    /// but what it names (`NotAction`), on whatever resource; or when it allows `iam:PassRole`, `sts:AssumeRole`,
    /// `kms:Decrypt`, `secretsmanager:GetSecretValue` or `ssm:GetParameter…` on the resource `*`.
    ///
    /// A condition excuses one of these actions on `*` where it says which resources are meant: by a tag of the resource
    /// (`aws:ResourceTag/…`), by the service that asks (`kms:ViaService`, `iam:PassedToService`), by an encryption context,
    /// an alias or an account. It never excuses `*` or `service:*`. What an unconditional `Deny` on `*` takes back is not
    /// allowed.
    ///
    /// A role is judged where a task definition of the configuration uses it, with all policies that the configuration gives
    /// it. What a policy says that is somebody else's, and not AWS's own, is not known.
    ///
    /// # Why it matters
    ///
    /// Who gets into a container has what its role has, and nothing else of the account. With `s3:*` a fault in an image
    /// library becomes every bucket; with `kms:Decrypt` on every key or `secretsmanager:GetSecretValue` on every secret it
    /// becomes every other service's database, too.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family        = "app"
    ///   task_role_arn = aws_iam_role.app.arn
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///   }])
    /// }
    ///
    /// resource "aws_iam_role" "app" {
    ///   name = "app"
    ///   assume_role_policy = jsonencode({
    ///     Version = "2012-10-17"
    ///     Statement = [{
    ///       Effect    = "Allow"
    ///       Principal = { Service = "ecs-tasks.amazonaws.com" }
    ///       Action    = "sts:AssumeRole"
    ///       Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    ///     }]
    ///   })
    /// }
    ///
    /// resource "aws_iam_role_policy" "app" {
    ///   role = aws_iam_role.app.name
    ///   policy = jsonencode({
    ///     Version = "2012-10-17"
    ///     Statement = [
    ///       { Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::uploads/*" },
    ///       { Effect = "Allow", Action = ["kms:Decrypt"], Resource = "*" },
    ///     ]
    ///   })
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:021]: task role `app` may do too much: `s3:*`, `kms:Decrypt` on every resource
    ///   --> main.tf:28:36
    ///    |
    /// 28 |       { Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::uploads/*" },
    ///    |                                    ^^^^^^ every action of the service
    /// 29 |       { Effect = "Allow", Action = ["kms:Decrypt"], Resource = "*" },
    ///    |                                     ------------- on every resource
    ///    |
    ///    = note: used by `aws_ecs_task_definition.app`
    ///    = note: in `aws_iam_role.app`
    ///    = note: `ECS:021`, `over-privileged-role`, is recommended and `warn` by default
    ///    = help: allow the actions that it needs, by name, on the resources that it needs them on
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_kms_key" "uploads" {
    ///   enable_key_rotation = true
    /// }
    ///
    /// resource "aws_ecs_task_definition" "app" {
    ///   family        = "app"
    ///   task_role_arn = aws_iam_role.app.arn
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///   }])
    /// }
    ///
    /// resource "aws_iam_role" "app" {
    ///   name = "app"
    ///   assume_role_policy = jsonencode({
    ///     Version = "2012-10-17"
    ///     Statement = [{
    ///       Effect    = "Allow"
    ///       Principal = { Service = "ecs-tasks.amazonaws.com" }
    ///       Action    = "sts:AssumeRole"
    ///       Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    ///     }]
    ///   })
    /// }
    ///
    /// resource "aws_iam_role_policy" "app" {
    ///   role = aws_iam_role.app.name
    ///   policy = jsonencode({
    ///     Version = "2012-10-17"
    ///     Statement = [
    ///       { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::uploads/*" },
    ///       { Effect = "Allow", Action = ["kms:Decrypt"], Resource = aws_kms_key.uploads.arn },
    ///     ]
    ///   })
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security best practices for ECS: IAM](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html)
    /// - [Least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    pub(super) static OVER_PRIVILEGED_ROLE = {
        id: "ECS:021",
        name: "over-privileged-role",
        group: Group::Recommended,
        severity: Severity::High,
        also_known_as: &[],
        options: &[],
        check: Check::Role(check),
    }
}

/// How many places of one role are shown, and how many task definitions are named.
const SHOWN: usize = 6;
const NAMED: usize = 3;

/// How many things that are denied are looked at.
const MOST_DENIED: usize = 100;

/// Something that a role should not have.
struct Excess {
    origin: Origin,
    /// What: "`s3:*`".
    what: String,
    /// What is to be said of it.
    label: String,
    maybe: Option<Why>,
}

/// What is found in a role's policies.
#[derive(Default)]
struct Found {
    excess: Vec<Excess>,
    /// What keeps the rest from being known, and where.
    doubts: Vec<(Why, Origin)>,
}

fn check(context: &Context<'_>, role: &Role) -> Verdict {
    let display = role.display();
    let denied = denied(role);
    let mut found = Found::default();
    for policy in &role.policies {
        found.policy(policy, &denied);
    }
    for policy in &role.perhaps {
        let mut other = Found::default();
        other.policy(policy, &denied);
        // Whose it is is not known.
        if !other.excess.is_empty() {
            let why = policy.maybe.clone().unwrap_or_default();
            found.doubts.push((why, policy.origin.clone()));
        }
    }
    let origin = &role.subject.origin;
    let open = role
        .policies_uncertain
        .iter()
        .chain(&context.inventory.incomplete);
    found
        .doubts
        .extend(open.map(|why| (why.clone(), origin.clone())));

    let mut excess = found.excess.iter();
    let verdict = if let Some(first) = excess.next() {
        let mut whats: Vec<&str> = Vec::new();
        for one in &found.excess {
            if !whats.contains(&&*one.what) {
                whats.push(&one.what);
            }
        }
        let more = whats.len().saturating_sub(SHOWN);
        whats.truncate(SHOWN);
        let mut list = whats.join(", ");
        if more > 0 {
            list.push_str(&format!(" and {more} more"));
        }
        let mut verdict = Verdict::fail(
            format!("{display} may do too much: {list}"),
            &first.origin,
        )
        .label(&first.label)
        .help("allow the actions that it needs, by name, on the resources that it needs them on");
        for one in excess.take(SHOWN) {
            verdict = verdict.also(&one.origin, &one.label);
        }
        let hangs = found.excess.iter().find_map(|one| one.maybe.as_ref());
        if let (true, Some(why)) = (found.excess.iter().all(|one| one.maybe.is_some()), hangs) {
            verdict = verdict.note(format!("whether it has that depends on {why}"));
        }
        if role.boundary.is_present() {
            verdict = verdict.note("its permissions boundary may take some of that back");
        }
        verdict
    } else if let Some((why, origin)) = found.doubts.first() {
        let message = format!("whether {display} may do too much is not known");
        Verdict::unknown(message, why.to_string(), origin)
    } else {
        let message = format!("what {display} may do is named");
        return Verdict::pass(message, origin);
    };
    verdict.note(used_by(role, context.inventory))
}

/// "it is the task role of `aws_ecs_task_definition.app`".
pub(super) fn used_by(role: &Role, inventory: &Inventory) -> String {
    let mut tasks: Vec<usize> = role.uses.iter().map(|one| one.task).collect();
    tasks.dedup();
    let more = tasks.len().saturating_sub(NAMED);
    let names = tasks
        .iter()
        .take(NAMED)
        .filter_map(|&task| inventory.task_definitions.get(task));
    let names: Vec<String> = names
        .map(|task| format!("`{}`", task.subject.address))
        .collect();
    match more {
        0 => format!("used by {}", names.join(", ")),
        _ => format!("used by {} and {more} more", names.join(", ")),
    }
}

/// What the role is denied whatever it is allowed.
fn denied(role: &Role) -> Vec<&str> {
    let documents = role
        .policies
        .iter()
        .filter_map(|policy| match &policy.content {
            PolicyContent::Document(document) if policy.maybe.is_none() => Some(document),
            _ => None,
        });
    let statements = documents.flat_map(|document| &document.statements);
    let outright = statements.filter(|statement| statement.denies_outright());
    let actions = outright.flat_map(|statement| &statement.actions.items);
    actions
        .filter_map(|action| action.text())
        .take(MOST_DENIED)
        .collect()
}

impl Found {
    fn policy(&mut self, policy: &RolePolicy, denied: &[&str]) {
        let before = self.excess.len();
        match &policy.content {
            PolicyContent::Arn(arn) => self.arn(policy, arn),
            PolicyContent::Document(document) => self.document(document, denied),
            PolicyContent::Unknown(why) => self.doubts.push((why.clone(), policy.origin.clone())),
        }
        for excess in &mut self.excess[before..] {
            excess.maybe = policy.maybe.clone().or(excess.maybe.take());
        }
    }

    /// A policy of which no more than its ARN is known.
    fn arn(&mut self, policy: &RolePolicy, arn: &Text) {
        let suffix = arn.suffix();
        let name = match suffix.rsplit_once('/') {
            Some((_, name)) => name,
            None => suffix,
        };
        let of_aws = arn
            .known_parts()
            .any(|part| part.contains(":iam::aws:policy/"));
        let everything = matches!(name, "AdministratorAccess" | "PowerUserAccess");
        let all_of_one = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let all_of_one = all_of_one
            .strip_suffix('V')
            .unwrap_or(name)
            .ends_with("FullAccess");
        if of_aws && (everything || all_of_one) {
            let label = match everything {
                true => "nearly everything in the account",
                false => "everything that the service can do",
            };
            self.excess.push(Excess {
                origin: policy.origin.clone(),
                what: format!("`{name}`"),
                label: label.to_owned(),
                maybe: None,
            });
        } else if let Some(why) = arn.unknown_part().filter(|_| suffix.is_empty()) {
            self.doubts.push((why.clone(), policy.origin.clone()));
        } else if !of_aws {
            let why = match arn.known().filter(|_| arn.secret.is_none()) {
                Some(arn) => format!("`{arn}`, which is not in the configuration"),
                None => "a policy that is not in the configuration".to_owned(),
            };
            self.doubts.push((Why(why.into()), policy.origin.clone()));
        }
    }

    fn document(&mut self, document: &Policy, denied: &[&str]) {
        for statement in &document.statements {
            let mut found = Found::default();
            found.statement(statement, denied);
            match statement.allows() {
                Some(false) => continue,
                Some(true) => self.excess.extend(found.excess),
                None if found.excess.is_empty() => {}
                None => {
                    let why = statement.effect.partly_unknown().unwrap_or_default();
                    self.doubts.push((why, statement.origin.clone()));
                }
            }
            self.doubts.extend(found.doubts);
        }
        let open = document.uncertain.iter();
        self.doubts
            .extend(open.map(|why| (why.clone(), document.origin.clone())));
    }

    /// What a statement would allow.
    fn statement(&mut self, statement: &Statement, denied: &[&str]) {
        let not = &statement.not_actions;
        if not.is_present() {
            let nothing_left = not.items.iter().any(|one| one.text() == Some("*"));
            if !nothing_left && !denied.contains(&"*") {
                self.add(
                    statement,
                    &not.origin,
                    "everything but what it names",
                    "every other action",
                );
            }
        }
        let reach = Reach::of(statement);
        for action in &statement.actions.items {
            let Some(text) = action.set() else {
                self.doubts.extend(
                    action
                        .unknown()
                        .map(|why| (why.clone(), action.origin.clone())),
                );
                continue;
            };
            if let Some(known) = text.known()
                && denied.iter().any(|pattern| action::matches(pattern, known))
            {
                continue;
            }
            match action::breadth(text) {
                Breadth::Everything => {
                    self.add(statement, &action.origin, "every action", "every action");
                }
                Breadth::Service(name) => {
                    let what = format!("`{name}`");
                    self.add(
                        statement,
                        &action.origin,
                        &what,
                        "every action of the service",
                    );
                }
                Breadth::Sensitive(names) => match &reach {
                    Reach::Some => {}
                    Reach::All => {
                        let what = format!("`{}` on every resource", names.join("`, `"));
                        self.add(statement, &action.origin, &what, "on every resource");
                    }
                    Reach::Unknown(why) => self.doubts.push((why.clone(), action.origin.clone())),
                },
                Breadth::Named => {}
                Breadth::Unknown(why) => self.doubts.push((why, action.origin.clone())),
            }
        }
        let open = statement.actions.uncertain.iter();
        self.doubts
            .extend(open.map(|why| (why.clone(), statement.actions.origin.clone())));
    }

    fn add(&mut self, statement: &Statement, origin: &Origin, what: &str, label: &str) {
        self.excess.push(Excess {
            origin: origin.clone(),
            what: what.to_owned(),
            label: label.to_owned(),
            maybe: statement.maybe.clone(),
        });
    }
}

/// Which resources a statement is about.
enum Reach {
    /// All that there are.
    All,
    /// Some, by their names or by a condition.
    Some,
    Unknown(Why),
}

/// What the keys begin with that say which resources are meant, in lower case, and the keys themselves.
const NARROWING: [&str; 10] = [
    "aws:resourcetag/",
    "aws:resourceaccount",
    "kms:viaservice",
    "kms:encryptioncontext",
    "kms:resourcealiases",
    "iam:passedtoservice",
    "iam:resourcetag/",
    "iam:associatedresourcearn",
    "secretsmanager:resourcetag/",
    "ssm:resourcetag/",
];

impl Reach {
    fn of(statement: &Statement) -> Self {
        let narrowed = statement.conditions.iter().any(|condition| {
            let key = condition
                .key
                .text()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let operator = condition.operator.text().unwrap_or_default();
            // What holds where there is no tag, or for all but some, says little.
            let is_plain = !operator.ends_with("IfExists") && !operator.contains("Not");
            let anything =
                |values: &Elements| values.items.iter().any(|value| value.text() == Some("*"));
            is_plain
                && operator != "Null"
                && !anything(&condition.values)
                && NARROWING.iter().any(|narrowing| key.starts_with(narrowing))
        });
        let reach = Reach::of_resources(statement);
        match (&reach, &statement.conditions_uncertain) {
            (Reach::All | Reach::Unknown(_), _) if narrowed => Reach::Some,
            (Reach::All, Some(why)) => Reach::Unknown(why.clone()),
            _ => reach,
        }
    }

    fn of_resources(statement: &Statement) -> Self {
        if statement.not_resources.is_present() {
            return Reach::All;
        }
        let mut unknown = statement.resources.uncertain.clone();
        for resource in &statement.resources.items {
            let Some(text) = resource.set() else {
                unknown = resource.unknown().cloned();
                continue;
            };
            match text.known() {
                Some(known) if action::is_every_resource(known) => return Reach::All,
                Some(_) => {}
                None if is_one_resource(text) => {}
                None => unknown = text.unknown_part().cloned(),
            }
        }
        match unknown {
            // No ARN of a resource is that of all.
            Some(why) if !statement.resources.of_arns => Reach::Unknown(why),
            _ => Reach::Some,
        }
    }
}

/// Whether a text that is not wholly known can be no `*`: it has other text in it, or it is what names a resource.
fn is_one_resource(text: &Text) -> bool {
    let has_text = text.known_parts().any(|part| part.contains(|c| c != '*'));
    let is_arn = text.reference().is_some_and(|reference| {
        let last = reference.path.rsplit('.').next().unwrap_or_default();
        reference.resource_type.starts_with("aws_") && (last.contains("arn") || last == "id")
    });
    has_text || is_arn
}
