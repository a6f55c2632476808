//! Values for variables and outputs that have none: of their type, and like what their names say.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cast::{Cast, quoted};
use crate::terraform::evaluate::OpenVariable;
use crate::terraform::types::Type;

impl Cast {
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
