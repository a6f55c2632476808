//! The VPCs that tasks run in: their endpoints, and whether their subnets have a way out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::links::{Links, external, references};
use super::read::Object;
use super::task_definition::subject;
use super::text;
use super::why;
use crate::ecs::Origin;
use crate::ecs::inventory::{Egress, Endpoint, Field, Setting, Subject, Text, TextPart, Vpc, Why};
use crate::terraform::value::{Presence, StepKind};
use crate::terraform::{Instance, Kind, Value};

const VPCS: [&str; 2] = ["aws_vpc", "aws_default_vpc"];
const SUBNETS: [&str; 2] = ["aws_subnet", "aws_default_subnet"];
const ROUTE_TABLES: [&str; 2] = ["aws_route_table", "aws_default_route_table"];

/// The types whose known values name them in a network.
pub(super) const NETWORK_TYPES: [&str; 7] = [
    "aws_vpc",
    "aws_default_vpc",
    "aws_subnet",
    "aws_default_subnet",
    "aws_route_table",
    "aws_default_route_table",
    "aws_vpc_endpoint",
];

/// The VPCs of runners, each given by the values of its subnets and the lists that they are in.
pub(super) fn vpcs(
    instances: &[Instance],
    links: &Links<'_>,
    subnets: &[(usize, Vec<(&Value, &Value)>)],
) -> Vec<Vpc> {
    let mut found: BTreeMap<Arc<str>, (Vpc, Vec<&Instance>)> = BTreeMap::new();
    for (runner, values) in subnets {
        // The subnets of one runner are in one VPC, as the API has it: those that are created here say which, and
        // the first of the others stands for them all.
        let located: Vec<_> = values
            .iter()
            .map(|(value, list)| (locate(value, list, links), value))
            .collect();
        let created_here = located
            .iter()
            .any(|(at, _)| matches!(at, Located::Created(..)));
        let mut outside_seen = created_here;
        for (at, value) in located {
            let (address, vpc, subnet) = match at {
                Located::Created(vpc, subnet) => (vpc.address.clone(), created(vpc), subnet),
                Located::External(..) if outside_seen => continue,
                Located::External(address, why) => {
                    outside_seen = true;
                    (address.clone(), outside(address, why, value), None)
                }
            };
            let (vpc, members) = found.entry(address).or_insert((vpc, Vec::new()));
            if vpc.runners.last() != Some(runner) {
                vpc.runners.push(*runner);
            }
            members.extend(subnet.filter(|subnet| {
                !members
                    .iter()
                    .any(|member| member.address == subnet.address)
            }));
        }
    }
    let of_type = |ty: &str| -> Vec<&Instance> {
        instances
            .iter()
            .filter(|instance| !instance.data && &*instance.ty == ty)
            .collect()
    };
    let made = of_type("aws_vpc_endpoint");
    let private_dns = private_dns_apart(&of_type("aws_vpc_endpoint_private_dns"), links);
    let routes = Routes::new(instances, links);
    found
        .into_values()
        .map(|(mut vpc, members)| {
            if vpc.external.is_none() {
                endpoints(&mut vpc, &made, &private_dns, links);
                vpc.egress = routes.egress(&vpc.subject.address, &members);
                vpc.is_private = routes.is_private(&vpc.subject.address, &members);
            }
            vpc
        })
        .collect()
}

enum Located<'a> {
    Created(&'a Instance, Option<&'a Instance>),
    External(Arc<str>, Why),
}

/// Where a subnet is.
fn locate<'a>(subnet: &Value, list: &Value, links: &Links<'a>) -> Located<'a> {
    let Some(instance) = links.find(subnet, &SUBNETS) else {
        if let Some(vpc) = looked_up_vpc(subnet, links) {
            return match links.find(vpc, &VPCS) {
                Some(vpc) => Located::Created(vpc, None),
                None => outside_of(vpc, vpc, links),
            };
        }
        return outside_of(subnet, list, links);
    };
    match instance.attributes.entries.get("vpc_id") {
        Some(value) => match links.find(value, &VPCS) {
            Some(vpc) => Located::Created(vpc, Some(instance)),
            None => outside_of(value, value, links),
        },
        None => {
            let address = instance.address.clone();
            let why = Why(Arc::from(format!("`{address}`")));
            Located::External(address, why)
        }
    }
}

/// A VPC that is not created here, by a value that tells of it and the whole that this is a part of.
fn outside_of(value: &Value, whole: &Value, links: &Links<'_>) -> Located<'static> {
    if let Some(data) = links.data_source(value) {
        let why = Why(Arc::from(format!("`{}`", data.address)));
        return Located::External(data.address.clone(), why);
    }
    let why = external(value);
    let address = match references(value, &mut String::new()).first() {
        Some(reference) => reference.address.clone(),
        None => variable(value)
            .or_else(|| variable(whole))
            .unwrap_or_else(|| Arc::from(why.0.trim_matches('`'))),
    };
    Located::External(address, why)
}

/// The root module's variable that a known value came through: the farthest that it was referred to by.
fn variable(value: &Value) -> Option<Arc<str>> {
    let names = value.trace.iter().filter_map(|step| match &step.kind {
        StepKind::Reference(text) => text.strip_prefix("var."),
        _ => None,
    });
    let name = names.last()?.split(['.', '[']).next()?;
    Some(Arc::from(format!("var.{name}")))
}

/// The VPC that a data source of subnets looks in.
fn looked_up_vpc<'a>(subnet: &Value, links: &Links<'a>) -> Option<&'a Value> {
    let data = links.data_source(subnet)?;
    if let Some(vpc) = data.attributes.entries.get("vpc_id") {
        return Some(vpc);
    }
    let Kind::List(_, filters) = &data.attributes.entries.get("filter")?.kind else {
        return None;
    };
    filters.iter().find_map(|filter| {
        let Kind::Object(_, filter) = &filter.kind else {
            return None;
        };
        let name = text::text(filter.entries.get("name")?)?;
        let Kind::List(_, values) = &filter.entries.get("values")?.kind else {
            return None;
        };
        (name.known() == Some("vpc-id")).then(|| values.first())?
    })
}

fn created(instance: &Instance) -> Vpc {
    let object = Object::instance(instance, &Origin::default());
    Vpc {
        subject: subject(&instance.address, &object),
        ..Vpc::default()
    }
}

/// A VPC that is not created here; its place is that of the subnet that is in it.
fn outside(address: Arc<str>, why: Why, subnet: &Value) -> Vpc {
    let origin = Origin::value(&subnet.trace, &Origin::default());
    let subject = Subject {
        address,
        origin,
        ..Subject::default()
    };
    Vpc {
        subject,
        external: Some(why),
        ..Vpc::default()
    }
}

/// Finds the endpoints of a VPC.
fn endpoints(
    vpc: &mut Vpc,
    made: &[&Instance],
    private_dns: &BTreeMap<Arc<str>, Field<bool>>,
    links: &Links<'_>,
) {
    for instance in made {
        let object = Object::instance(instance, &Origin::default());
        let Some(value) = object.get("vpc_id") else {
            continue;
        };
        match links.find(value, &VPCS) {
            Some(found) if found.address == vpc.subject.address => {}
            None if matches!(value.kind, Kind::Unknown(_)) => {
                vpc.endpoints_uncertain = Some(external(value));
                continue;
            }
            _ => continue,
        }
        if let Presence::Any(unknown) = &instance.presence {
            vpc.endpoints_uncertain = Some(why::why(unknown));
        }
        let apart = private_dns.get(&instance.address).cloned();
        vpc.endpoints.push(Endpoint {
            subject: subject(&instance.address, &object),
            service: service(&object, links),
            endpoint_type: object.text("vpc_endpoint_type"),
            private_dns: apart.unwrap_or_else(|| object.flag("private_dns_enabled")),
        });
    }
}

/// The name of an endpoint's service. One that a data source looks up ends in what it is looked up by.
fn service(endpoint: &Object<'_>, links: &Links<'_>) -> Field<Text> {
    let mut name = endpoint.text("service_name");
    let Setting::Set(text) = &mut name.setting else {
        return name;
    };
    let Some(reference) = text.reference() else {
        return name;
    };
    if &*reference.resource_type != "aws_vpc_endpoint_service" {
        return name;
    }
    let Some(looked_up) = links.at(&reference.address) else {
        return name;
    };
    let looked_up = Object::instance(looked_up, &Origin::default());
    if let Some(service) = looked_up.text("service").text() {
        text.parts
            .push(TextPart::Known(Arc::from(format!(".{service}"))));
    }
    name
}

/// The private DNS that resources of their own set apart from the endpoints, by the endpoint's address.
fn private_dns_apart(
    instances: &[&Instance],
    links: &Links<'_>,
) -> BTreeMap<Arc<str>, Field<bool>> {
    let setting = |instance: &&Instance| {
        let object = Object::instance(instance, &Origin::default());
        let endpoint = links.find(object.get("vpc_endpoint_id")?, &["aws_vpc_endpoint"])?;
        Some((endpoint.address.clone(), object.flag("private_dns_enabled")))
    };
    instances.iter().filter_map(setting).collect()
}

/// What routes a configuration makes.
struct Routes<'a> {
    /// Route tables by the subnet that they are associated with.
    of_subnet: BTreeMap<Arc<str>, Table>,
    /// Main route tables by VPC.
    of_vpc: BTreeMap<Arc<str>, Table>,
    /// Why there may be further associations.
    uncertain: Option<Why>,
    links: &'a Links<'a>,
    /// Route tables with a route out, or perhaps one.
    out: BTreeMap<Arc<str>, Setting<bool>>,
    /// Those with one for which no public IP address is needed.
    private: BTreeSet<Arc<str>>,
}

/// The route table of a subnet.
#[derive(Clone)]
enum Table {
    At(Arc<str>),
    Unknown(Why),
}

impl<'a> Routes<'a> {
    fn new(instances: &'a [Instance], links: &'a Links<'a>) -> Self {
        let mut routes = Routes {
            of_subnet: BTreeMap::new(),
            of_vpc: BTreeMap::new(),
            uncertain: None,
            links,
            out: BTreeMap::new(),
            private: BTreeSet::new(),
        };
        for instance in instances.iter().filter(|instance| !instance.data) {
            routes.add(instance);
        }
        routes
    }

    fn add(&mut self, instance: &Instance) {
        let object = Object::instance(instance, &Origin::default());
        match &*instance.ty {
            "aws_route_table" | "aws_default_route_table" => {
                for route in object.blocks("route").items {
                    self.add_route(&instance.address, &route, "cidr_block", "ipv6_cidr_block");
                }
                if &*instance.ty == "aws_default_route_table" {
                    let vpc = object.get("default_route_table_id");
                    if let Some(vpc) = vpc.and_then(|value| self.links.find(value, &VPCS)) {
                        let table = Table::At(instance.address.clone());
                        self.of_vpc.insert(vpc.address.clone(), table);
                    }
                }
            }
            "aws_route" => match object.get("route_table_id").map(|value| self.table(value)) {
                Some(Table::At(table)) => {
                    let (v4, v6) = ("destination_cidr_block", "destination_ipv6_cidr_block");
                    self.add_route(&table, &object, v4, v6);
                }
                Some(Table::Unknown(why)) => self.uncertain = Some(why),
                None => {}
            },
            "aws_route_table_association" | "aws_main_route_table_association" => {
                let Some(table) = object.get("route_table_id").map(|value| self.table(value))
                else {
                    return;
                };
                if let Some(subnet) = object.get("subnet_id") {
                    match self.links.find(subnet, &SUBNETS) {
                        Some(subnet) => {
                            self.of_subnet.insert(subnet.address.clone(), table);
                        }
                        None => self.uncertain = Some(external(subnet)),
                    }
                } else if let Some(vpc) = object.get("vpc_id")
                    && let Some(vpc) = self.links.find(vpc, &VPCS)
                {
                    self.of_vpc.insert(vpc.address.clone(), table);
                }
            }
            _ => {}
        }
    }

    fn table(&self, value: &Value) -> Table {
        match self.links.find(value, &ROUTE_TABLES) {
            Some(table) => Table::At(table.address.clone()),
            // The route table that AWS makes with a VPC has no address of its own.
            None => match self.links.find(value, &VPCS) {
                Some(vpc) => Table::At(vpc.address.clone()),
                None => Table::Unknown(external(value)),
            },
        }
    }

    fn add_route(&mut self, table: &Arc<str>, route: &Object<'_>, v4: &str, v6: &str) {
        let destinations = [(v4, "0.0.0.0/0"), (v6, "::/0")];
        let everywhere = destinations.iter().any(|(name, all)| {
            let destination = route.text(name);
            destination.text() == Some(all) || destination.partly_unknown().is_some()
        });
        let gateway = route.text("gateway_id");
        let internet = match &gateway.setting {
            Setting::Unset => false,
            Setting::Unknown(_) => true,
            Setting::Set(text) => match text.reference() {
                Some(reference) => &*reference.resource_type != "aws_vpn_gateway",
                None => text.known().is_none_or(|id| id.starts_with("igw-")),
            },
        };
        let private = [
            "nat_gateway_id",
            "transit_gateway_id",
            "network_interface_id",
            "instance_id",
        ]
        .iter()
        .any(|name| route.text(name).is_present());
        if !everywhere || !(internet || private) {
            return;
        }
        // Without a public IP address a task has no way out but by version 4.
        let is_sure = route.maybe.is_none() && route.text(v4).text() == Some("0.0.0.0/0");
        if private && is_sure {
            self.private.insert(table.clone());
        }
        let setting = match &route.maybe {
            Some(why) => Setting::Unknown(why.clone()),
            None => Setting::Set(true),
        };
        let kept = self
            .out
            .entry(table.clone())
            .or_insert_with(|| setting.clone());
        if setting == Setting::Set(true) {
            *kept = setting;
        }
    }

    /// The route table of a subnet: its own, or the main one of its VPC.
    fn table_of(&self, vpc: &Arc<str>, subnet: &Instance) -> Table {
        let own = self.of_subnet.get(&subnet.address);
        let table = own.or_else(|| self.of_vpc.get(vpc)).cloned();
        table.unwrap_or_else(|| Table::At(vpc.clone()))
    }

    /// Whether all of these subnets of a VPC are known to have a way out for tasks without a public IP address.
    fn is_private(&self, vpc: &Arc<str>, subnets: &[&Instance]) -> bool {
        !subnets.is_empty()
            && subnets
                .iter()
                .all(|subnet| match self.table_of(vpc, subnet) {
                    Table::At(address) => self.private.contains(&address),
                    Table::Unknown(_) => false,
                })
    }

    /// Whether a route out serves all of these subnets of a VPC.
    fn egress(&self, vpc: &Arc<str>, subnets: &[&Instance]) -> Egress {
        let mut egress = Egress::Yes;
        if subnets.is_empty() {
            return Egress::Unknown(Why(Arc::from("the subnets are looked up, not made here")));
        }
        for subnet in subnets {
            let out = match &self.table_of(vpc, subnet) {
                Table::At(address) => self.out.get(address).cloned().unwrap_or_default(),
                Table::Unknown(why) => Setting::Unknown(why.clone()),
            };
            let unknown = match out {
                Setting::Set(true) => continue,
                Setting::Unknown(why) => why,
                Setting::Set(false) | Setting::Unset => match &self.uncertain {
                    Some(why) => why.clone(),
                    None => return Egress::No,
                },
            };
            egress = Egress::Unknown(unknown);
        }
        egress
    }
}
