//! What stands in for what providers and variables would give: texts of Terraform's language.
//!
//! Providers look at some values before they plan, so these have the right shape. Everything comes in
//! two casts that differ in every part, so that what hangs on a made-up value can be told from what does
//! not.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::terraform::evaluate::OpenVariable;
use crate::terraform::types::Type;

/// One of the two casts of made-up values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::terraform::command) struct Cast {
    /// What every made-up name begins with.
    pub name: &'static str,
    account: &'static str,
    region: &'static str,
    partition: &'static str,
    suffix: &'static str,
    network: &'static str,
    truth: bool,
    /// How many elements a made-up list has.
    length: usize,
    /// Which of two proposals is taken.
    choice: usize,
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

/// Attributes that providers or functions look at, by type: a text in which `{…}` stands for a part of
/// the cast. A type that begins with `data.` is a data source's alone. An attribute that a type does not
/// have is not looked at by Terraform.
const SHAPES: &[(&str, &str, &str)] = &[
    ("data.aws_caller_identity", "account_id", "\"{account}\""),
    ("data.aws_caller_identity", "id", "\"{account}\""),
    ("data.aws_region", "name", "\"{region}\""),
    ("data.aws_region", "region", "\"{region}\""),
    ("data.aws_region", "id", "\"{region}\""),
    ("data.aws_regions", "names", "[\"{region}\"]"),
    ("data.aws_partition", "partition", "\"{partition}\""),
    ("data.aws_partition", "id", "\"{partition}\""),
    ("data.aws_partition", "dns_suffix", "\"{suffix}\""),
    ("data.aws_iam_policy_document", "json", "{policy}"),
    ("data.aws_iam_policy_document", "minified_json", "{policy}"),
    ("data.aws_iam_policy", "policy", "{policy}"),
    ("data.aws_iam_session_context", "issuer_arn", "\"{arn}\""),
    ("data.aws_vpc", "cidr_block", "\"{network}.0.0.0/16\""),
    (
        "data.aws_subnet",
        "cidr_block",
        "\"{network}.0.{number}.0/24\"",
    ),
    (
        "data.aws_secretsmanager_secret_version",
        "secret_string",
        "{empty}",
    ),
    ("data.aws_ssm_parameter", "value", "\"{name}\""),
    (
        "data.aws_ip_ranges",
        "cidr_blocks",
        "[\"{network}.9.0.0/16\"]",
    ),
    (
        "data.aws_prefix_list",
        "cidr_blocks",
        "[\"{network}.9.0.0/16\"]",
    ),
    ("data.aws_ecs_task_definition", "revision", "{count}"),
    ("data.aws_route53_zone", "name", "\"{name}.example.com\""),
    ("data.aws_kms_alias", "target_key_arn", "\"{arn}\""),
    (
        "data.aws_acm_certificate",
        "domain",
        "\"{name}.example.com\"",
    ),
    ("data.http", "response_body", "{empty}"),
    ("data.http", "body", "{empty}"),
    ("data.http", "status_code", "200"),
    ("data.aws_subnets", "ids", "{names}"),
    ("data.aws_subnet_ids", "ids", "{names}"),
    ("data.aws_security_groups", "ids", "{names}"),
    ("data.aws_vpcs", "ids", "{names}"),
    ("data.aws_instances", "ids", "{names}"),
    ("data.aws_route_tables", "ids", "{names}"),
    ("data.aws_iam_roles", "arns", "[\"{arn}\"]"),
    ("data.aws_iam_roles", "names", "{names}"),
    ("data.aws_ecr_image", "image_digest", "\"sha256:{digest}\""),
    ("data.local_file", "content", "{empty}"),
    ("aws_eip", "public_ip", "\"{network}.3.0.{number}\""),
    ("aws_eip", "private_ip", "\"{network}.3.1.{number}\""),
    ("aws_instance", "public_ip", "\"{network}.3.2.{number}\""),
    ("aws_instance", "private_ip", "\"{network}.3.3.{number}\""),
    ("aws_nat_gateway", "public_ip", "\"{network}.3.4.{number}\""),
    (
        "aws_network_interface",
        "private_ip",
        "\"{network}.3.5.{number}\"",
    ),
    ("aws_vpc", "ipv6_cidr_block", "\"2001:db8:{count}::/56\""),
    ("aws_vpc", "cidr_block", "\"{network}.0.0.0/16\""),
    ("aws_subnet", "cidr_block", "\"{network}.0.{number}.0/24\""),
    ("aws_default_vpc", "cidr_block", "\"{network}.0.0.0/16\""),
    (
        "aws_default_subnet",
        "cidr_block",
        "\"{network}.0.{number}.0/24\"",
    ),
    ("aws_launch_template", "id", "\"lt-{hexadecimal}\""),
    ("aws_launch_template", "latest_version", "{count}"),
    ("aws_launch_configuration", "id", "\"{name}\""),
    ("aws_db_instance", "port", "{count}"),
    (
        "aws_db_instance",
        "endpoint",
        "\"{name}.example.com:{count}\"",
    ),
    ("aws_rds_cluster", "port", "{count}"),
    ("aws_route53_zone", "name_servers", "{names}"),
    ("random_shuffle", "result", "{names}"),
    ("random_integer", "result", "{count}"),
    (
        "aws_acm_certificate",
        "domain_validation_options",
        "[{ domain_name = \"{name}.example.com\", resource_record_name = \"{name}\", \
         resource_record_type = \"CNAME\", resource_record_value = \"{name}.example.org\" }]",
    ),
];

/// Types whose `id` is their ARN.
const NAMED_BY_ARN: &[&str] = &[
    "aws_acm_certificate",
    "aws_alb",
    "aws_alb_listener",
    "aws_alb_target_group",
    "aws_ecs_cluster",
    "aws_ecs_service",
    "aws_iam_openid_connect_provider",
    "aws_iam_policy",
    "aws_lb",
    "aws_lb_listener",
    "aws_lb_target_group",
    "aws_secretsmanager_secret",
    "aws_sfn_state_machine",
    "aws_sns_topic",
];

/// Services whose name in an ARN is not the word after `aws_` in a type.
const SERVICES: &[(&str, &str)] = &[
    ("alb", "elasticloadbalancing"),
    ("api", "apigateway"),
    ("appautoscaling", "autoscaling"),
    ("cloudwatch_event", "events"),
    ("cloudwatch_log", "logs"),
    ("cognito", "cognito-idp"),
    ("db", "rds"),
    ("efs", "elasticfilesystem"),
    ("lb", "elasticloadbalancing"),
    ("msk", "kafka"),
    ("service_discovery", "servicediscovery"),
    ("sfn", "states"),
    ("vpc", "ec2"),
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
    fn document(&self, keys: &BTreeSet<String>) -> String {
        let own = (self.choice > 0).then_some(self.name);
        let keys = keys.iter().map(String::as_str).chain(own);
        let entries: Vec<_> = keys
            .map(|key| format!(r#""{key}":"{}""#, self.name))
            .collect();
        format!("{{{}}}", entries.join(","))
    }

    fn number(&self, number: usize) -> String {
        format!("{}{number}", self.name)
    }

    /// An ARN of a type's service.
    fn arn(&self, ty: &str, number: usize) -> String {
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

    /// What stands in for a variable's value.
    pub(super) fn variable(&self, variable: &OpenVariable, number: usize) -> String {
        let compared = &variable.compared_with;
        if matches!(variable.ty, Type::String | Type::Any)
            && let Some(text) = compared.get(self.choice.min(compared.len().saturating_sub(1)))
        {
            return quoted(text);
        }
        self.of_type(&variable.ty, &variable.name, number, 0)
    }

    fn of_type(&self, ty: &Type, name: &str, number: usize, index: usize) -> String {
        let elements = |element: &Type| {
            let elements: Vec<_> = (0..self.length)
                .map(|index| self.of_type(element, name.trim_end_matches('s'), number, index))
                .collect();
            elements.join(", ")
        };
        match ty {
            Type::Bool => self.truth.to_string(),
            Type::Number => self.count(name, index),
            Type::String => quoted(&self.text(name, number, index)),
            Type::List(element) => format!("[{}]", elements(element)),
            // Of two truth values there are only two in a set, of numbers and texts as many as made.
            Type::Set(element) => format!("[{}]", elements(element)),
            Type::Map(element) => {
                let value = self.of_type(element, name, number, index);
                format!("{{ {} = {value} }}", self.number(number))
            }
            Type::Tuple(types) => {
                let elements = types.iter().enumerate();
                let elements = elements.map(|(index, ty)| self.of_type(ty, name, number, index));
                format!("[{}]", elements.collect::<Vec<_>>().join(", "))
            }
            Type::Object(attributes) => {
                let attribute = |(name, ty): (&Arc<str>, &Type)| {
                    let value = self.of_type(ty, name, number, index);
                    format!("{} = {value}", quoted(name))
                };
                let attributes: Vec<_> = attributes.iter().map(attribute).collect();
                format!("{{ {} }}", attributes.join(", "))
            }
            Type::Null => "null".into(),
            Type::Any => self.of_any(name, number),
        }
    }

    /// What a variable without a type probably is: its name says so.
    fn of_any(&self, name: &str, number: usize) -> String {
        if ["tags", "labels", "map"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            return format!("{{ {0} = \"{0}\" }}", self.number(number));
        }
        let lists = [
            "ids", "subnets", "zones", "groups", "arns", "list", "cidrs", "blocks",
        ];
        if lists.iter().any(|end| name.ends_with(end)) {
            return self.of_type(&Type::list(Type::String), name, number, 0);
        }
        let counts = ["count", "port", "cpu", "memory", "capacity", "size"];
        if counts.iter().any(|end| name.ends_with(end)) {
            return self.count(name, 0);
        }
        quoted(&self.text(name, number, 0))
    }

    /// A number: one that what is named so can be.
    fn count(&self, name: &str, index: usize) -> String {
        let says = |word: &str| name.contains(word);
        let one = if says("memory") {
            [1024, 2048]
        } else if says("cpu") {
            [256, 512]
        } else if says("port") {
            [8080, 9090]
        } else if says("retention") || says("days") {
            [30, 14]
        } else {
            [1, 2]
        }[self.choice];
        (one + index).to_string()
    }

    /// A text: one that what is named so can be.
    fn text(&self, name: &str, number: usize, index: usize) -> String {
        let lower = name.to_ascii_lowercase();
        let says = |word: &str| lower.contains(word);
        let own = match index {
            0 => self.number(number),
            _ => format!("{}n{index}", self.number(number)),
        };
        if says("arn") {
            let services = ["role", "certificate", "topic", "cluster", "secret", "key"];
            let types = ["iam_role", "acm_certificate", "sns_topic", "ecs_cluster"];
            let types = types.iter().chain(&["secretsmanager_secret", "kms_key"]);
            let ty = services.iter().zip(types).find(|(word, _)| says(word));
            return self.arn(ty.map_or("iam_role", |(_, ty)| ty), number * 10 + index);
        }
        let is_account = says("account") && !says("name") && !says("email");
        if is_account {
            return self.account.to_owned();
        }
        let is_zone = says("availability_zone") || lower == "az" || lower == "zone";
        if is_zone {
            let zone = ["a", "b", "c", "d", "e", "f"].get(index).unwrap_or(&"a");
            return format!("{}{zone}", self.region);
        }
        let network = self.network;
        let part = (number + index) % 250;
        if says("region") {
            self.region.to_owned()
        } else if says("partition") {
            self.partition.to_owned()
        } else if says("cidr") {
            if says("vpc") {
                format!("{network}.{part}.0.0/16")
            } else {
                format!("{network}.0.{part}.0/24")
            }
        } else if says("email") {
            format!("{own}@example.com")
        } else if says("url") {
            format!("https://{own}.example.com")
        } else if says("domain") || says("hostname") || says("fqdn") {
            format!("{own}.example.com")
        } else if says("vpc_id") {
            format!("vpc-{:017x}", number + index + 1 + self.choice)
        } else if says("security_group") {
            format!("sg-{:017x}", number + index + 1 + self.choice)
        } else if says("subnet") {
            format!("subnet-{:017x}", number * 10 + index + 1 + self.choice)
        } else if says("container_definition") {
            let container = format!(r#"{{"name":"{own}","image":"{own}"}}"#);
            format!("[{}]", vec![container; self.choice + 1].join(","))
        } else if says("policy") || says("json") {
            self.document(&BTreeSet::new())
        } else if says("cpu") || says("memory") || says("port") || says("count") {
            self.count(name, index)
        } else if says("version") || says("release") {
            format!("{}.{index}.{number}", self.choice + 1)
        } else if says("path") {
            format!("/{own}")
        } else if says("instance_type") {
            ["t3.micro", "m5.large"][self.choice].to_owned()
        } else if says("enable") {
            self.truth.to_string()
        } else if says("ip_address") {
            format!("{network}.4.0.{part}")
        } else {
            own
        }
    }

    /// What stands in for what a remote state gives.
    pub(super) fn output(&self, name: &str, indexed: bool, number: usize) -> String {
        let singular = name.trim_end_matches('s');
        let lists = ["ids", "subnets", "zones", "arns", "cidrs", "blocks"];
        if indexed || lists.iter().any(|end| name.ends_with(end)) {
            return self.of_type(&Type::list(Type::String), singular, number, 0);
        }
        quoted(&self.text(name, number, 0))
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
    fn the_two_casts_have_no_shape_in_common() {
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
    fn an_arn_is_of_its_service() {
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
