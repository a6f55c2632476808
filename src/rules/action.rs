//! Actions of IAM: how much a pattern of them covers.

use crate::ecs::inventory::{Text, Why};

/// How much an action in a policy covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Breadth {
    /// Everything.
    Everything,
    /// Everything of a service: the pattern.
    Service(String),
    /// Actions that give away what others hold.
    Sensitive(Vec<&'static str>),
    /// What it names.
    Named,
    /// That is not known.
    Unknown(Why),
}

/// Actions that give away what others hold, where they are allowed on every resource.
const SENSITIVE: [&str; 8] = [
    "iam:PassRole",
    "sts:AssumeRole",
    "kms:Decrypt",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "ssm:GetParameterHistory",
];

/// A pattern longer than this is none.
const LONGEST: usize = 256;

/// How much a pattern covers that may be known in part.
pub(super) fn breadth(action: &Text) -> Breadth {
    let Some(known) = action.known() else {
        return partly(action);
    };
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'*');
    match known.split_once(':') {
        None if all(known) => Breadth::Everything,
        Some((service, name)) if all(service) && all(name) => Breadth::Everything,
        Some((_, name)) if all(name) => Breadth::Service(known.to_owned()),
        _ => {
            let covered = SENSITIVE.into_iter().filter(|one| matches(known, one));
            let covered: Vec<&str> = covered.collect();
            match covered.is_empty() {
                true => Breadth::Named,
                false => Breadth::Sensitive(covered),
            }
        }
    }
}

/// How much a pattern covers of which a part is not known.
fn partly(action: &Text) -> Breadth {
    if action.suffix() == ":*" {
        return Breadth::Service("…:*".to_owned());
    }
    let unknown = || Breadth::Unknown(action.unknown_part().cloned().unwrap_or_default());
    let Some((service, name)) = action.prefix().split_once(':') else {
        return unknown();
    };
    let begins = format!("{service}:{name}").to_ascii_lowercase();
    let sensitive = |one: &&str| one.to_ascii_lowercase().starts_with(&begins);
    if name.is_empty() || name.contains(['*', '?']) || SENSITIVE.iter().any(sensitive) {
        return unknown();
    }
    Breadth::Named
}

/// Whether a pattern covers an action, or all that another pattern covers, without regard to case.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    if pattern.len() > LONGEST || text.len() > LONGEST {
        return false;
    }
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&byte) if byte == b'?' || byte.eq_ignore_ascii_case(&text[t]) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else {
                    return false;
                };
                (p, t) = (at + 1, from + 1);
                star = Some((at, t));
            }
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}

/// Whether the resource of a statement is all that there are: `*`, or an ARN that leaves nothing out, as
/// `arn:aws:kms:*:*:key/*`.
pub(super) fn is_every_resource(resource: &str) -> bool {
    let all = |text: &str| text.bytes().all(|byte| matches!(byte, b'*' | b':' | b'/'));
    if all(resource) {
        return !resource.is_empty();
    }
    let mut parts = resource.splitn(6, ':');
    let (Some("arn"), Some(_), Some(service)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let (region, account, rest) = (parts.next(), parts.next(), parts.next());
    let open = |part: Option<&str>| part.is_none_or(|part| part == "*");
    // Roles have no region.
    let anywhere = open(region) || (service == "iam" || service == "sts") && region == Some("");
    let rest = rest.unwrap_or("*");
    let kind = rest.split_once(['/', ':']).map_or(rest, |(_, name)| name);
    anywhere && open(account) && kind == "*"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_what_iam_says_they_cover() {
        let covers = |pattern: &str| match breadth(&Text::of(pattern)) {
            Breadth::Sensitive(names) => names.join(" "),
            other => format!("{other:?}"),
        };
        assert_eq!(covers("*"), "Everything");
        assert_eq!(covers("*:*"), "Everything");
        assert_eq!(covers("s3:*"), "Service(\"s3:*\")");
        assert_eq!(covers("s3:Get*"), "Named");
        assert_eq!(covers("KMS:decrypt"), "kms:Decrypt");
        assert_eq!(covers("kms:De*"), "kms:Decrypt");
        assert_eq!(covers("kms:Describe*"), "Named");
        assert_eq!(covers("ssm:GetParameter?"), "ssm:GetParameters");
        assert_eq!(covers("iam:Pass*Role"), "iam:PassRole");
        assert_eq!(covers("ecr:GetAuthorizationToken"), "Named");
        assert_eq!(covers(""), "Named");
        assert!(matches("*", "s3:*") && matches("s3:*", "S3:Get*") && !matches("s3:Get*", "s3:*"));
        let long = "*a".repeat(100_000);
        assert!(!matches(&long, &long), "what is too long is no action");
    }

    #[test]
    fn an_arn_of_everything_is_everything() {
        let every = [
            "*",
            "**",
            "arn:aws:kms:*:*:key/*",
            "arn:aws:iam::*:role/*",
            "arn:*:*:*:*:*",
        ];
        for resource in every {
            assert!(is_every_resource(resource), "{resource}");
        }
        let some = [
            "",
            "arn:aws:kms:eu-west-1:*:key/*",
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:ssm:*:*:parameter/app/*",
            "arn:aws:s3:::bucket/*",
            "bucket",
        ];
        for resource in some {
            assert!(!is_every_resource(resource), "{resource}");
        }
    }
}
