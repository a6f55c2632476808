//! What stands in for what providers and variables would give: texts of Terraform's language.
//!
//! Providers look at some values before they plan, so these have the right shape. Everything comes in
//! two casts that differ in every part, so that what hangs on a made-up value can be told from what does
//! not.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::shapes::{NAMED_BY_ARN, SERVICES, SHAPES};

/// One of the two casts of made-up values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::terraform::command) struct Cast {
    /// What every made-up name begins with.
    pub name: &'static str,
    pub(super) account: &'static str,
    pub(super) region: &'static str,
    pub(super) partition: &'static str,
    suffix: &'static str,
    pub(super) network: &'static str,
    pub(super) truth: bool,
    /// How many elements a made-up list has.
    pub(super) length: usize,
    /// Which of two proposals is taken.
    pub(super) choice: usize,
}

/// The two casts.
pub(in crate::terraform::command) const CASTS: [Cast; 2] = [
    Cast {
        name: "mka",
        account: "210987654321",
        region: "eu-west-1",
        partition: "aws",
        suffix: "amazonaws.com",
        network: "10",
        truth: true,
        length: 3,
        choice: 0,
    },
    Cast {
        name: "mkbx",
        account: "345678901234",
        region: "cn-north-1",
        partition: "aws-cn",
        suffix: "amazonaws.com.cn",
        network: "172",
        truth: false,
        length: 4,
        choice: 1,
    },
];

impl Cast {
    /// The attributes of a block's instances that need a shape, with a value each. Numbers make blocks
    /// of one type differ.
    pub(super) fn attributes(
        &self,
        ty: &str,
        data: bool,
        number: usize,
    ) -> Vec<(Arc<str>, String)> {
        let mut attributes: Vec<(Arc<str>, String)> = Vec::new();
        if ty.starts_with("aws_") {
            let arn = quoted(&self.arn(ty, number));
            if NAMED_BY_ARN.contains(&ty) {
                attributes.push(("id".into(), arn.clone()));
            }
            attributes.push(("arn".into(), arn));
        }
        for (shaped, attribute, text) in SHAPES {
            let of_type = match shaped.strip_prefix("data.") {
                Some(source) => data && source == ty,
                None => *shaped == ty,
            };
            if of_type {
                attributes.push(((*attribute).into(), self.filled(text, ty, number)));
            }
        }
        attributes
    }

    /// The names and ids of the availability zones, those among them that the source names.
    pub(super) fn zones(&self, named: &BTreeSet<String>) -> [(Arc<str>, String); 2] {
        let own = ["a", "b", "c", "d"][..self.length].iter();
        let own: Vec<_> = own.map(|zone| format!("{}{zone}", self.region)).collect();
        let more = named.iter().filter(|zone| !own.contains(zone));
        let names = own.iter().chain(more).map(|name| quoted(name));
        let names: Vec<_> = names.collect();
        let ids = (0..names.len()).map(|index| format!("\"{}z{index}\"", self.name));
        let ids: Vec<_> = ids.collect();
        [("names", names), ("zone_ids", ids)]
            .map(|(name, all)| (name.into(), format!("[{}]", all.join(", "))))
    }

    /// A shape that Terraform's message asked for.
    pub(super) fn wanted(&self, want: &Want, ty: &str, number: usize) -> String {
        let text = match want {
            Want::Arn => "\"{arn}\"",
            Want::Json => "{policy}",
            Want::Network => "\"{network}.0.{number}.0/24\"",
            Want::Names => "{names}",
            Want::Containers => "{containers}",
            Want::Document(keys) => return quoted(&self.document(keys)),
        };
        self.filled(text, ty, number)
    }

    fn filled(&self, text: &str, ty: &str, number: usize) -> String {
        let own = self.number(number);
        let names: Vec<_> = (0..self.length)
            .map(|index| format!("\"{own}n{index}\""))
            .collect();
        let digest = if self.truth { "a" } else { "b" }.repeat(64);
        // Documents differ in their structure, too.
        let (policy, containers) = match self.choice {
            0 => (
                format!(r#"{{"Version":"2012-10-17","Id":"{own}","Statement":[]}}"#),
                format!(r#"[{{"name":"{own}","image":"{own}"}}]"#),
            ),
            _ => (
                r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned(),
                format!(r#"[{{"name":"{own}","image":"{own}"}},{{"name":"x","image":"x"}}]"#),
            ),
        };
        text.replace("{names}", &format!("[{}]", names.join(", ")))
            .replace("{account}", self.account)
            .replace("{region}", self.region)
            .replace("{partition}", self.partition)
            .replace("{suffix}", self.suffix)
            .replace("{policy}", &quoted(&policy))
            .replace("{containers}", &quoted(&containers))
            .replace("{empty}", &quoted(&self.document(&BTreeSet::new())))
            .replace("{network}", self.network)
            .replace("{number}", &(number % 250).to_string())
            .replace(
                "{count}",
                &(1_000 * (self.choice + 2) + number % 1_000).to_string(),
            )
            .replace("{digest}", &digest)
            .replace(
                "{hexadecimal}",
                &format!("{:017x}", number + 1 + self.choice),
            )
            .replace("{arn}", &self.arn(ty, number))
            .replace("{name}", &own)
    }

    /// A JSON object with these keys, which has one more in one of the casts.
    pub(super) fn document(&self, keys: &BTreeSet<String>) -> String {
        let own = (self.choice > 0).then_some(self.name);
        let keys = keys.iter().map(String::as_str).chain(own);
        let entries: Vec<_> = keys
            .map(|key| format!(r#""{key}":"{}""#, self.name))
            .collect();
        format!("{{{}}}", entries.join(","))
    }

    pub(super) fn number(&self, number: usize) -> String {
        format!("{}{number}", self.name)
    }

    /// An ARN of a type's service.
    pub(super) fn arn(&self, ty: &str, number: usize) -> String {
        let ty = ty.strip_prefix("aws_").unwrap_or(ty);
        let known = SERVICES.iter().find(|(begin, _)| {
            ty.strip_prefix(begin)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        });
        let word = ty.split('_').next().unwrap_or_default();
        let service = known.map_or(word, |(_, service)| service);
        let kind = ty.rsplit('_').next().unwrap_or_default();
        let region = if service == "iam" { "" } else { self.region };
        let (partition, account, name) = (self.partition, self.account, self.number(number));
        let resource = match (service, kind) {
            ("s3", _) => return format!("arn:{partition}:s3:::{name}"),
            ("sns" | "sqs", _) => name,
            ("logs", _) => format!("log-group:{name}"),
            ("states", _) => format!("stateMachine:{name}"),
            ("elasticloadbalancing", "lb" | "alb") => format!("loadbalancer/app/{name}/{name}"),
            ("elasticloadbalancing", "group") => format!("targetgroup/{name}/{name}"),
            ("lambda" | "rds" | "secretsmanager", _) => format!("{kind}:{name}"),
            _ => format!("{kind}/{name}"),
        };
        format!("arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

/// What a message of Terraform says that a value should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// An ARN.
    Arn,
    /// JSON, such as a policy.
    Json,
    /// An address range.
    Network,
    /// A list that is not empty.
    Names,
    /// Container definitions.
    Containers,
    /// JSON of an object with these keys.
    Document(BTreeSet<String>),
}

/// A text as Terraform's language writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' => quoted.push_str("\\u0024"),
            '%' => quoted.push_str("\\u0025"),
            _ if character.is_control() => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    quoted.push_str(&format!("\\u{unit:04x}"));
                }
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    pub(super) fn the_two_casts_have_no_shape_in_common() {
        let [one, other] = &CASTS;
        for (ty, attribute, text) in SHAPES {
            // Nobody goes on with another.
            if *attribute != "status_code" {
                assert_ne!(
                    one.filled(text, ty, 1),
                    other.filled(text, ty, 1),
                    "{ty}.{attribute}"
                );
            }
        }
        let keys = BTreeSet::from(["id".to_owned()]);
        for want in [
            Want::Arn,
            Want::Json,
            Want::Network,
            Want::Names,
            Want::Containers,
            Want::Document(keys),
        ] {
            assert_ne!(
                one.wanted(&want, "aws_lb", 1),
                other.wanted(&want, "aws_lb", 1)
            );
        }
        assert_eq!(
            one.wanted(&Want::Document(BTreeSet::from(["id".to_owned()])), "x", 1),
            r#""{\"id\":\"mka\"}""#
        );
    }

    #[test]
    pub(super) fn an_arn_is_of_its_service() {
        let arn = |ty| CASTS[0].arn(ty, 1);
        for (ty, expected) in [
            (
                "aws_lb_target_group",
                "arn:aws:elasticloadbalancing:eu-west-1:210987654321:targetgroup/mka1/mka1",
            ),
            ("aws_iam_role", "arn:aws:iam::210987654321:role/mka1"),
            ("aws_s3_bucket", "arn:aws:s3:::mka1"),
            (
                "aws_cloudwatch_log_group",
                "arn:aws:logs:eu-west-1:210987654321:log-group:mka1",
            ),
            (
                "aws_ecs_cluster",
                "arn:aws:ecs:eu-west-1:210987654321:cluster/mka1",
            ),
        ] {
            assert_eq!(arn(ty), expected);
        }
    }
}
