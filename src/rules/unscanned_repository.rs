use crate::ecs::inventory::{Field, Inventory, Repository, Setting, Text, Why};
use crate::fix::Fix;
use crate::rules::action;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when an ECR repository that a container's image comes from does not scan images as they are pushed, lets a tag
    /// be moved to another image, or is not encrypted with KMS. Scanning counts as well where an
    /// `aws_ecr_registry_scanning_configuration` asks for it with a filter that the repository's name matches. Only
    /// repositories of the configuration are judged.
    ///
    /// # Why it matters
    ///
    /// An image that is never scanned carries the faults that were found in it after it was built. A tag that can be moved
    /// is no name: what was tested is not what runs after the next start of a task. A key of KMS can be taken away and its
    /// use is logged.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecr_repository" "app" {
    ///   name = "app"
    ///
    ///   encryption_configuration {
    ///     encryption_type = "KMS"
    ///   }
    /// }
    ///
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "${aws_ecr_repository.app.repository_url}:1.0.0"
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:025]: the images of repository `app` are not scanned; the tags of repository `app` can be moved
    ///   --> main.tf:1:1
    ///    |
    ///  1 | resource "aws_ecr_repository" "app" {
    ///    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ///    | |
    ///    | not scanned on push
    ///    | no `image_tag_mutability`
    ///    |
    ///    = note: in `aws_ecr_repository.app`
    ///    = note: `ECS:025`, `unscanned-repository`, is recommended and `warn` by default
    ///    = help: write `scan_on_push = true` in `image_scanning_configuration`
    /// help: keep the repository well
    ///    |
    ///  2 ~   name                 = "app"
    ///  3 +   image_tag_mutability = "IMMUTABLE"
    ///  4 |
    ///  5 |   encryption_configuration {
    ///  6 |     encryption_type = "KMS"
    ///  7 ~   }
    ///  8 +
    ///  9 +   image_scanning_configuration {
    /// 10 +     scan_on_push = true
    /// 11 +   }
    ///    |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecr_repository" "app" {
    ///   name                 = "app"
    ///   image_tag_mutability = "IMMUTABLE"
    ///
    ///   encryption_configuration {
    ///     encryption_type = "KMS"
    ///   }
    ///
    ///   image_scanning_configuration {
    ///     scan_on_push = true
    ///   }
    /// }
    ///
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "${aws_ecr_repository.app.repository_url}:1.0.0"
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECR.1](https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-1)
    /// - [Security Hub ECR.2](https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-2)
    /// - [Security Hub ECR.5](https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-5)
    pub(super) static UNSCANNED_REPOSITORY = {
        id: "ECS:025",
        name: "unscanned-repository",
        group: Group::Recommended,
        severity: Severity::Medium,
        also_known_as: &["Checkov CKV_AWS_163", "Checkov CKV_AWS_51", "Checkov CKV_AWS_136", "Security Hub ECR.1", "Security Hub ECR.2"],
        options: &[],
        check: Check::Repository(check),
    }
}

fn check(context: &Context<'_>, repository: &Repository) -> Verdict {
    let name = display(repository);
    let legs = vec![
        scanning(&name, repository, context.inventory),
        tags(&name, repository),
        encryption(&name, repository),
    ];
    let passed = || {
        Verdict::pass(
            format!("repository {name} is kept well"),
            &repository.subject.origin,
        )
    };
    Verdict::worst(legs).unwrap_or_else(passed)
}

/// What to write for all parts that fail.
pub(super) fn helps(legs: &[Verdict]) -> Option<String> {
    let helps: Vec<&str> = legs.iter().filter_map(|leg| leg.help.as_deref()).collect();
    (!helps.is_empty()).then(|| helps.join("; "))
}

fn display(repository: &Repository) -> String {
    match repository.name.text() {
        Some(name) if repository.name.shown() == name => format!("`{name}`"),
        _ => format!("`{}`", repository.subject.address),
    }
}

fn undecided(what: &str, name: &str, why: &Why, repository: &Repository) -> Verdict {
    let message = format!("whether {what} of repository {name} is not known");
    Verdict::unknown(message, why.to_string(), &repository.subject.origin)
}

fn scanning(name: &str, repository: &Repository, inventory: &Inventory) -> Verdict {
    let scan = &repository.scan_on_push;
    let what = "the images are scanned";
    let fix = match &scan.setting {
        Setting::Set(true) => {
            let message = format!("the images of repository {name} are scanned");
            return Verdict::pass(message, &scan.origin);
        }
        Setting::Unknown(why) => return undecided(what, name, why, repository),
        Setting::Set(false) => Some(Fix::replace(TITLE, &scan.origin, "true")),
        Setting::Unset if repository.scanning.is_written() => Some(Fix::insert(
            TITLE,
            &repository.scanning,
            "scan_on_push",
            "true",
        )),
        Setting::Unset => {
            let block = "image_scanning_configuration {\n  scan_on_push = true\n}";
            Some(Fix::insert_block(TITLE, &repository.subject.origin, block))
        }
    };
    match by_registry(repository, inventory) {
        Some(Ok(())) => {
            let message = format!("the registry scans the images of repository {name}");
            Verdict::pass(message, &scan.origin)
        }
        Some(Err(why)) => undecided(what, name, &why, repository),
        None => {
            let message = format!("the images of repository {name} are not scanned");
            let mut verdict = Verdict::fail(message, &scan.origin)
                .label("not scanned on push")
                .help("write `scan_on_push = true` in `image_scanning_configuration`");
            verdict.fix = fix;
            verdict
        }
    }
}

/// What the fix does.
const TITLE: &str = "keep the repository well";

/// Whether the registry scans a repository's images by itself, or why that is not known.
fn by_registry(repository: &Repository, inventory: &Inventory) -> Option<Result<(), Why>> {
    let mut open = inventory.incomplete.clone();
    let registries = inventory.registry_scanning.iter();
    for registry in registries.filter(|registry| registry.provider == repository.provider) {
        for filter in &registry.filters {
            match (filter.text(), repository.name.text()) {
                (Some("*"), _) => return Some(Ok(())),
                (Some(filter), Some(name)) => {
                    // A filter is found anywhere at the end of a wildcard, or is the whole name.
                    if action::matches(filter, name) {
                        return Some(Ok(()));
                    }
                }
                _ => {
                    let why = filter.partly_unknown().or(repository.name.partly_unknown());
                    open = open.or(why);
                }
            }
        }
        open = open.or(registry.uncertain.clone());
    }
    open.map(Err)
}

fn tags(name: &str, repository: &Repository) -> Verdict {
    let mutability = &repository.tag_mutability;
    let fail = || {
        Verdict::fail(
            format!("the tags of repository {name} can be moved"),
            &mutability.origin,
        )
        .help("write `image_tag_mutability = \"IMMUTABLE\"`, and give every image a tag of its own")
    };
    match mutability.text() {
        Some(written) if written.starts_with("IMMUTABLE") => {
            let message = format!("the tags of repository {name} cannot be moved");
            Verdict::pass(message, &mutability.origin)
        }
        Some(_) => fail()
            .label("tags can be moved")
            .fix(Fix::replace(TITLE, &mutability.origin, "\"IMMUTABLE\"").maybe_incorrect()),
        None => match mutability.partly_unknown() {
            Some(why) => undecided("the tags can be moved", name, &why, repository),
            None => fail().label("no `image_tag_mutability`").fix(
                Fix::insert(
                    TITLE,
                    &repository.subject.origin,
                    "image_tag_mutability",
                    "\"IMMUTABLE\"",
                )
                .maybe_incorrect(),
            ),
        },
    }
}

fn encryption(name: &str, repository: &Repository) -> Verdict {
    let encryption: &Field<Text> = &repository.encryption;
    match encryption.text() {
        Some("KMS" | "KMS_DSSE") => {
            Verdict::pass(format!("repository {name} is encrypted with KMS"), &encryption.origin)
        }
        written => match encryption.partly_unknown().filter(|_| written.is_none()) {
            Some(why) => undecided("the encryption is with KMS", name, &why, repository),
            None => Verdict::fail(
                format!("repository {name} is not encrypted with KMS"),
                &encryption.origin,
            )
            .label("not encrypted with KMS")
            .help(
                "write `encryption_type = \"KMS\"` in `encryption_configuration`; that makes the repository \
                 anew, so copy its images first",
            ),
        },
    }
}
