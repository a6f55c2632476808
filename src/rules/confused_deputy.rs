use crate::ecs::inventory::{Condition, Principal, Role, Statement, Why};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when the trust policy of a role that a task uses lets `ecs-tasks.amazonaws.com` assume it without a condition
    /// on `aws:SourceAccount` or `aws:SourceArn` (or on the organisation, `aws:SourceOrgID`).
    ///
    /// # Why it matters
    ///
    /// `ecs-tasks.amazonaws.com` is one service for all customers of AWS. Where a role does not say for whose tasks it is,
    /// ECS could be talked into using it for somebody else's: the confused deputy. The condition costs nothing.
    ///
    /// # Example
    ///
    /// ```hcl
    /// data "aws_caller_identity" "current" {}
    ///
    /// data "aws_iam_policy_document" "trust" {
    ///   statement {
    ///     actions = ["sts:AssumeRole"]
    ///
    ///     principals {
    ///       type        = "Service"
    ///       identifiers = ["ecs-tasks.amazonaws.com"]
    ///     }
    ///   }
    /// }
    ///
    /// resource "aws_iam_role" "app" {
    ///   name               = "app"
    ///   assume_role_policy = data.aws_iam_policy_document.trust.json
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
    /// ```
    ///
    /// ```text
    /// warning[ECS:024]: the role does not say for whose tasks it is
    ///   --> main.tf:4:3
    ///    |
    ///  4 |   statement {
    ///    |   ^^^^^^^^^ `ecs-tasks.amazonaws.com`, for any account
    ///    |
    ///    = note: in `aws_iam_role.app`
    ///    = note: `ECS:024`, `confused-deputy`, is recommended and `warn` by default
    ///    = help: add a condition: `StringEquals` on `aws:SourceAccount` with the account's id
    /// help: say that it is for tasks of this account
    ///    |
    /// 10 ~     }
    /// 11 +
    /// 12 +     condition {
    /// 13 +       test     = "StringEquals"
    /// 14 +       variable = "aws:SourceAccount"
    /// 15 +       values   = [data.aws_caller_identity.current.account_id]
    /// 16 +     }
    ///    |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// data "aws_caller_identity" "current" {}
    ///
    /// data "aws_iam_policy_document" "trust" {
    ///   statement {
    ///     actions = ["sts:AssumeRole"]
    ///
    ///     principals {
    ///       type        = "Service"
    ///       identifiers = ["ecs-tasks.amazonaws.com"]
    ///     }
    ///
    ///     condition {
    ///       test     = "StringEquals"
    ///       variable = "aws:SourceAccount"
    ///       values   = [data.aws_caller_identity.current.account_id]
    ///     }
    ///   }
    /// }
    ///
    /// resource "aws_iam_role" "app" {
    ///   name               = "app"
    ///   assume_role_policy = data.aws_iam_policy_document.trust.json
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
    /// ```
    ///
    /// # References
    ///
    /// - [Task role: the trust policy](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html)
    /// - [The confused deputy problem](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
    pub(super) static CONFUSED_DEPUTY = {
        id: "ECS:024",
        name: "confused-deputy",
        group: Group::Recommended,
        severity: Severity::Medium,
        also_known_as: &[],
        options: &[],
        check: Check::Role(check),
    }
}

const SERVICE: &str = "ecs-tasks.amazonaws.com";

/// The keys that say for whose tasks the role is, in lower case.
const KEYS: [&str; 4] = [
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
];

fn check(_: &Context<'_>, role: &Role) -> Verdict {
    let mut legs: Vec<Verdict> = role
        .trust
        .statements
        .iter()
        .filter_map(of_statement)
        .collect();
    if let Some(why) = &role.trust.uncertain {
        legs.push(unknown(why, &role.trust.origin));
    }
    // All roles with one trust policy are told of at once: no name in the message.
    Verdict::worst(legs).unwrap_or_else(|| {
        Verdict::not_applicable(
            format!("the trust policy does not let `{SERVICE}` in"),
            &role.trust.origin,
        )
    })
}

fn unknown(why: &Why, origin: &crate::ecs::Origin) -> Verdict {
    let message = "for whose tasks the role is, is not known";
    Verdict::unknown(message, why.to_string(), origin)
}

/// What a statement of the trust policy says; nothing where it does not let ECS tasks in.
fn of_statement(statement: &Statement) -> Option<Verdict> {
    let doubt = |why: Why| Some(unknown(&why, &statement.origin));
    match statement.allows() {
        Some(false) => return None,
        Some(true) => {}
        None => return doubt(statement.effect.partly_unknown().unwrap_or_default()),
    }
    match lets_in(statement) {
        Ok(false) => return None,
        Ok(true) => {}
        Err(why) => return doubt(why),
    }
    if statement.conditions.iter().any(narrows) {
        let message = "the role is for the tasks of some alone";
        return Some(Verdict::pass(message, &statement.origin));
    }
    let open = statement
        .conditions
        .iter()
        .find_map(|condition| condition.key.partly_unknown());
    if let Some(why) = statement.conditions_uncertain.clone().or(open) {
        return doubt(why);
    }
    let message = "the role does not say for whose tasks it is";
    let verdict = Verdict::fail(message, &statement.origin)
        .label(format!("`{SERVICE}`, for any account"))
        .help("add a condition: `StringEquals` on `aws:SourceAccount` with the account's id");
    Some(match &statement.account_id {
        Some(account_id) => {
            let block = format!(
                "condition {{\n  test     = \"StringEquals\"\n  variable = \"aws:SourceAccount\"\n  \
                 values   = [{account_id}]\n}}"
            );
            let title = "say that it is for tasks of this account";
            verdict.fix(Fix::insert_block(title, &statement.origin, block))
        }
        None => verdict,
    })
}

/// Whether a statement is about ECS tasks.
fn lets_in(statement: &Statement) -> Result<bool, Why> {
    let mut unknown = statement.principals_uncertain.clone();
    for Principal { kind, names } in &statement.principals {
        let everybody = kind.text() == Some("*");
        let of_services = kind.text().is_none_or(|kind| kind == "Service");
        for name in &names.items {
            match name.text() {
                Some("*") if everybody => return Ok(true),
                Some(SERVICE) if of_services => return Ok(true),
                Some(_) => {}
                None if of_services => {
                    let may_be = name.set().is_none_or(|text| {
                        SERVICE.starts_with(text.prefix()) && SERVICE.ends_with(text.suffix())
                    });
                    if may_be {
                        unknown = name.partly_unknown();
                    }
                }
                None => {}
            }
        }
        if of_services || everybody {
            unknown = unknown.or_else(|| names.uncertain.clone());
        }
    }
    unknown.map_or(Ok(false), Err)
}

/// Whether a condition says for whose tasks a role is.
fn narrows(condition: &Condition) -> bool {
    let key = condition
        .key
        .text()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let operator = condition.operator.text().unwrap_or_default();
    let anything = condition
        .values
        .items
        .iter()
        .any(|value| value.text() == Some("*"));
    KEYS.contains(&&*key) && !operator.contains("Not") && operator != "Null" && !anything
}
