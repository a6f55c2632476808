use crate::ecs::inventory::{
    Container, Image, Repository, Setting, TaskDefinition, Text, TextPart, Why,
};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a container's image has no digest and a tag that moves: none at all, `latest`, `latest-…`, `…-latest`, or
    /// the name of a branch, a channel or an environment (`main`, `stable`, `dev`, `prod`, …).
    ///
    /// # Why it matters
    ///
    /// What was tested is not what runs: the next task that starts takes whatever was pushed in between, and a rollback
    /// takes it too. A tag that is never pushed again, or a digest, names one image.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecr_repository" "app" {
    ///   name = "app"
    /// }
    ///
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "${aws_ecr_repository.app.repository_url}:latest"
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:020]: the image of container `app` has the tag `latest`
    ///  --> main.tf:9:13
    ///   |
    /// 9 |     image = "${aws_ecr_repository.app.repository_url}:latest"
    ///   |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a tag that moves
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:020`, `mutable-image`, is recommended and `warn` by default
    ///   = help: write a tag that is never pushed again, or a digest
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecr_repository" "app" {
    ///   name                 = "app"
    ///   image_tag_mutability = "IMMUTABLE"
    /// }
    ///
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "${aws_ecr_repository.app.repository_url}:1.4.2"
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [`image` of a container definition](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html#ECS-Type-ContainerDefinition-image)
    /// - [Tags and digests of container images](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html)
    pub(super) static MUTABLE_IMAGE = {
        id: "ECS:020",
        name: "mutable-image",
        group: Group::Recommended,
        severity: Severity::Medium,
        also_known_as: &[],
        options: &[],
        check: Check::Container(check),
    }
}

/// Tags that are pushed again and again.
const MOVING: [&str; 46] = [
    "alpha",
    "beta",
    "canary",
    "current",
    "default",
    "demo",
    "dev",
    "devel",
    "develop",
    "development",
    "edge",
    "experimental",
    "head",
    "integration",
    "latest",
    "live",
    "lts",
    "main",
    "mainline",
    "master",
    "newest",
    "next",
    "nightly",
    "preprod",
    "preview",
    "pro",
    "prod",
    "production",
    "qa",
    "rc",
    "recent",
    "release",
    "rolling",
    "sandbox",
    "snapshot",
    "stable",
    "stage",
    "staging",
    "stg",
    "test",
    "testing",
    "tip",
    "trunk",
    "uat",
    "unstable",
    "weekly",
];

/// What says which build of a moving tag it is, and fixes nothing.
const VARIANTS: [&str; 9] = [
    "alpine", "amd64", "arm64", "debian", "linux", "slim", "ubuntu", "windows", "x86",
];

fn check(context: &Context<'_>, _: &TaskDefinition, container: &Container) -> Verdict {
    let name = container.display_name();
    let origin = &container.image.origin;
    let unknown = |why: String| {
        let message = format!("whether the image of container {name} may move is not known");
        Verdict::unknown(message, why, origin)
    };
    let text = match &container.image.setting {
        Setting::Set(text) if text.known() != Some("") => text,
        Setting::Set(_) | Setting::Unset => {
            return Verdict::not_applicable("no image is written", origin);
        }
        Setting::Unknown(why) => return unknown(why.to_string()),
    };
    if is_placeholder(text) {
        return unknown("the image is a placeholder, which something else fills in".to_owned());
    }
    let image = Image::of(text);
    match (&image.digest, &image.tag) {
        (Setting::Set(_), _) => {
            let message = format!("the image of container {name} is given by its digest");
            Verdict::pass(message, origin)
        }
        (_, Setting::Unknown(why)) => unknown(why.to_string()),
        (_, Setting::Unset) => {
            let message = format!("the image of container {name} has neither tag nor digest");
            fail(message, container).label("this is `latest`")
        }
        (_, Setting::Set(tag)) => match moves(tag) {
            Setting::Set(true) => {
                let tag = match (tag.known(), &text.secret) {
                    (Some(tag), None) => tag,
                    _ => "latest",
                };
                let message = format!("the image of container {name} has the tag `{tag}`");
                fail(message, container).label("a tag that moves")
            }
            Setting::Unknown(why) => unknown(why.to_string()),
            _ => {
                let message = format!("the tag of container {name}'s image names one image");
                let verdict = Verdict::pass(message, origin);
                match container.repository {
                    Some(index) if may_move(&context.inventory.repositories[index]) => verdict.note(
                        "its repository lets a tag be pushed again: `image_tag_mutability` is not \
                         `IMMUTABLE`",
                    ),
                    _ => verdict,
                }
            }
        },
    }
}

/// Whether a repository is known to let its tags move.
fn may_move(repository: &Repository) -> bool {
    let mutability = &repository.tag_mutability;
    let is_immutable = mutability
        .text()
        .is_some_and(|text| text.starts_with("IMMUTABLE"));
    mutability.partly_unknown().is_none() && !is_immutable
}

fn fail(message: String, container: &Container) -> Verdict {
    Verdict::fail(message, &container.image.origin)
        .help("write a tag that is never pushed again, or a digest")
}

/// Whether something that is no image stands where one will be.
fn is_placeholder(text: &Text) -> bool {
    text.known_parts()
        .any(|part| part.contains(['<', '>', '{', '}', '$', '%', ' ']))
}

/// Whether a tag moves, as far as it is known.
fn moves(tag: &Text) -> Setting<bool> {
    let words = words(tag);
    // A word that something unknown stands beside is known in part.
    let whole = || words.iter().filter(|word| word.open.is_none());
    if whole().any(|word| word.text == "latest") {
        return Setting::Set(true);
    }
    let named = |text: &str| MOVING.contains(&text) || VARIANTS.contains(&text);
    if whole().any(|word| !named(&word.text)) {
        return Setting::Set(false);
    }
    let mut may = None;
    for word in words.iter().filter(|word| word.open.is_some()) {
        let could_be = MOVING
            .iter()
            .chain(&VARIANTS)
            .any(|name| name.starts_with(&word.text) && name.ends_with(&word.end));
        if !could_be {
            return Setting::Set(false);
        }
        may = may.or(word.open.clone());
    }
    match may {
        Some(why) => Setting::Unknown(why),
        // A variant without a version moves with whatever is newest.
        None => Setting::Set(true),
    }
}

/// A word of a tag.
#[derive(Default)]
struct Word {
    /// It, in lower case, or what is known of its beginning.
    text: String,
    /// What is known of its end, where not all of it is.
    end: String,
    /// Why it is not all known.
    open: Option<Why>,
}

fn words(tag: &Text) -> Vec<Word> {
    let mut words: Vec<Word> = vec![Word::default()];
    for part in &tag.parts {
        match part {
            TextPart::Known(known) => {
                for (index, piece) in known.split(['-', '_', '.', '+']).enumerate() {
                    if index > 0 {
                        words.push(Word::default());
                    }
                    if let Some(word) = words.last_mut() {
                        let text = match word.open {
                            Some(_) => &mut word.end,
                            None => &mut word.text,
                        };
                        text.push_str(&piece.to_ascii_lowercase());
                    }
                }
            }
            TextPart::Unknown { why, .. } => {
                if let Some(word) = words.last_mut() {
                    word.open = Some(why.clone());
                    word.end.clear();
                }
            }
        }
    }
    words.retain(|word| !word.text.is_empty() || word.open.is_some());
    words
}
