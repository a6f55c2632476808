//! The roles that tasks use, and the policies that they have.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::links::Links;
use super::policy::Policies;
use super::read::Object;
use super::task_definition::subject;
use super::text::text;
use super::why::why;
use crate::ecs::Origin;
use crate::ecs::inventory::{PolicyContent, Role, RoleKind, RolePolicy, RoleUse, Text, Why};
use crate::terraform::value::Reason;
use crate::terraform::{Instance, Kind, Value};

/// How many policies of which it is not known whose they are count for each role.
const MOST_OPEN: usize = 100;

/// A chain of references longer than this is no honest one.
const DEEPEST: usize = 8;

/// What the names of policies begin with that AWS itself keeps.
const OF_AWS: [&str; 6] = [
    "Amazon",
    "AWS",
    "CloudWatch",
    "IAM",
    "SecretsManager",
    "ReadOnly",
];

/// Finds what AWS calls by a name or an ARN: roles and policies.
struct Named<'a> {
    by_address: HashMap<&'a str, &'a Instance>,
    by_arn: HashMap<Arc<str>, &'a Instance>,
    by_name: HashMap<Arc<str>, Vec<&'a Instance>>,
    /// What stands before the name in an ARN: `:role/`.
    before: &'static str,
}

/// What a value names.
#[derive(Default)]
struct Found<'a> {
    instances: Vec<&'a Instance>,
    /// Why it may be another.
    open: Option<Why>,
}

impl<'a> Named<'a> {
    fn new(instances: &'a [Instance], ty: &str, before: &'static str) -> Self {
        let mut named = Named {
            by_address: HashMap::new(),
            by_arn: HashMap::new(),
            by_name: HashMap::new(),
            before,
        };
        for instance in instances.iter().filter(|one| !one.data && &*one.ty == ty) {
            named.by_address.insert(&instance.address, instance);
            let known = |name: &str| {
                instance
                    .attributes
                    .entries
                    .get(name)?
                    .as_str()
                    .map(Arc::from)
            };
            if let Some(arn) = known("arn") {
                named.by_arn.insert(arn, instance);
            }
            if let Some(name) = known("name") {
                named.by_name.entry(name).or_default().push(instance);
            }
        }
        named
    }

    /// What a value that stands in `near` names.
    fn find(&self, value: &Value, near: &Instance, links: &Links<'_>, depth: usize) -> Found<'a> {
        let mut found = Found::default();
        if depth == 0 {
            return found;
        }
        if let Kind::Unknown(unknown) = &value.kind {
            match unknown.reason() {
                Reason::OneOf(values, _) => {
                    found.open = Some(why(unknown));
                    for value in values {
                        let one = self.find(value, near, links, depth - 1);
                        found.instances.extend(one.instances);
                    }
                    return found;
                }
                Reason::Reference(reference) => {
                    if let Some(instance) = self.by_address.get(&*reference.address) {
                        found.instances.push(instance);
                        return found;
                    }
                    let instance = links.at(&reference.address);
                    let named = instance.and_then(|instance| {
                        let name = instance.attributes.entries.get("name")?;
                        let of_the_kind = instance.data && instance.ty.starts_with("aws_iam_");
                        of_the_kind.then_some(name)
                    });
                    return match named {
                        Some(name) => self.find(name, near, links, depth - 1),
                        None => {
                            // What another resource makes is none of these.
                            let other = instance.is_some_and(|one| one.ty.starts_with("aws_"));
                            found.open = (!other).then(|| why(unknown));
                            found
                        }
                    };
                }
                Reason::Computed(_) | Reason::Other(_) => {
                    found.open = Some(why(unknown));
                    return found;
                }
            }
        }
        let Some(text) = text(value) else {
            return found;
        };
        match self.name(&text) {
            Some(name) => found.instances = self.called(name, text.known(), near),
            None => found.open = text.unknown_part().cloned(),
        }
        found
    }

    /// The name that a text gives: the whole of it, or the end of an ARN.
    fn name<'t>(&self, text: &'t Text) -> Option<&'t str> {
        let suffix = text.suffix();
        match (suffix.split_once(self.before), text.known()) {
            (Some((_, path)), _) => path.rsplit('/').next(),
            (None, Some(known)) if !known.starts_with("arn:") => Some(known),
            _ => None,
        }
    }

    /// Those of a name, the nearest where several have it.
    fn called(&self, name: &str, whole: Option<&str>, near: &Instance) -> Vec<&'a Instance> {
        if let Some(one) = whole.and_then(|arn| self.by_arn.get(arn)) {
            return vec![one];
        }
        let all = self
            .by_name
            .get(name)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let nearest = |is_near: &dyn Fn(&Instance) -> bool| -> Vec<&'a Instance> {
            all.iter().copied().filter(|one| is_near(one)).collect()
        };
        let here = nearest(&|one| one.module == near.module);
        if !here.is_empty() {
            return here;
        }
        let same = nearest(&|one| one.provider == near.provider);
        if same.is_empty() { all.to_vec() } else { same }
    }
}

/// Reads the roles that task definitions use.
pub(super) fn roles(instances: &[Instance], links: &Links<'_>) -> Vec<Role> {
    let named = Named::new(instances, "aws_iam_role", ":role/");
    let mut uses: BTreeMap<&str, Vec<RoleUse>> = BTreeMap::new();
    let tasks = instances
        .iter()
        .filter(|one| !one.data && &*one.ty == "aws_ecs_task_definition");
    for (task, instance) in tasks.enumerate() {
        let object = Object::instance(instance, &Origin::default());
        let arguments = [
            (RoleKind::Task, "task_role_arn"),
            (RoleKind::Execution, "execution_role_arn"),
        ];
        for (kind, argument) in arguments {
            let found = object
                .get(argument)
                .map(|value| named.find(value, instance, links, DEEPEST));
            for role in found.unwrap_or_default().instances {
                let uses = uses.entry(&role.address).or_default();
                let one = RoleUse { task, kind };
                if !uses.contains(&one) {
                    uses.push(one);
                }
            }
        }
    }
    if uses.is_empty() {
        return Vec::new();
    }
    let reader = Reader {
        links,
        policies: Policies::new(instances, links),
        managed: Named::new(instances, "aws_iam_policy", ":policy/"),
    };
    let mut given: HashMap<&str, Vec<RolePolicy>> = HashMap::new();
    let mut open: Vec<RolePolicy> = Vec::new();
    for instance in instances.iter().filter(|one| !one.data) {
        for (role, policy) in reader.attached(instance) {
            let found = named.find(role, instance, links, DEEPEST);
            let wanted = found
                .instances
                .iter()
                .filter(|role| uses.contains_key(&*role.address));
            match &found.open {
                None => {
                    for role in wanted {
                        given.entry(&role.address).or_default().push(policy.clone());
                    }
                }
                Some(why) if open.len() < MOST_OPEN => open.push(RolePolicy {
                    maybe: Some(why.clone()),
                    ..policy
                }),
                Some(_) => {}
            }
        }
    }
    let mut roles = Vec::new();
    let used = instances
        .iter()
        .filter_map(|one| Some((one, uses.get(&*one.address)?)));
    for (instance, uses) in used {
        let mut role = reader.role(instance);
        role.uses.clone_from(uses);
        for policy in given.remove(&*instance.address).unwrap_or_default() {
            if !role.policies.iter().any(|known| is_same(known, &policy)) {
                role.policies.push(policy);
            }
        }
        role.perhaps.clone_from(&open);
        roles.push(role);
    }
    roles
}

/// Reads roles and the policies that they are given.
struct Reader<'a> {
    links: &'a Links<'a>,
    policies: Policies<'a>,
    managed: Named<'a>,
}

impl Reader<'_> {
    fn role(&self, instance: &Instance) -> Role {
        let object = Object::instance(instance, &Origin::default());
        let mut policies = Vec::new();
        let inline = object.blocks("inline_policy");
        for block in &inline.items {
            // An empty block says that there is none.
            if block.get("policy").is_some() {
                let document = self.policies.argument(block, "policy", instance);
                policies.push(RolePolicy {
                    origin: block.origin.clone(),
                    content: PolicyContent::Document(document),
                    maybe: block.maybe.clone(),
                });
            }
        }
        let mut uncertain = inline.uncertain;
        if let Some(value) = object.get("managed_policy_arns") {
            let (more, open) = self.managed(&object, "managed_policy_arns", value, instance);
            policies.extend(more);
            uncertain = uncertain.or(open);
        }
        Role {
            subject: subject(&instance.address, &object),
            name: object.text("name"),
            uses: Vec::new(),
            trust: self
                .policies
                .argument(&object, "assume_role_policy", instance),
            policies,
            perhaps: Vec::new(),
            policies_uncertain: uncertain,
            boundary: object.text("permissions_boundary"),
        }
    }

    /// The policies that a resource gives to roles, each with what names the role.
    fn attached<'i>(&self, instance: &'i Instance) -> Vec<(&'i Value, RolePolicy)> {
        let object = Object::instance(instance, &Origin::default());
        let mut attached = Vec::new();
        match &*instance.ty {
            "aws_iam_role_policy" => {
                let document = self.policies.argument(&object, "policy", instance);
                let policy = RolePolicy {
                    origin: document.origin.clone(),
                    content: PolicyContent::Document(document),
                    maybe: object.maybe.clone(),
                };
                attached.extend(object.get("role").map(|role| (role, policy)));
            }
            "aws_iam_role_policy_attachment" => {
                if let (Some(role), Some(value)) = (object.get("role"), object.get("policy_arn")) {
                    let origin = Origin::value(&value.trace, &object.origin).named("policy_arn");
                    let policy = self.by_arn(value, origin, &object, instance);
                    attached.push((role, policy));
                }
            }
            "aws_iam_policy_attachment" => {
                if let (Some(roles), Some(value)) = (object.get("roles"), object.get("policy_arn"))
                {
                    let origin = Origin::value(&value.trace, &object.origin).named("policy_arn");
                    let policy = self.by_arn(value, origin, &object, instance);
                    let roles = roles.elements().unwrap_or(std::slice::from_ref(roles));
                    attached.extend(roles.iter().map(|role| (role, policy.clone())));
                }
            }
            "aws_iam_role_policy_attachments_exclusive" => {
                if let (Some(role), Some(value)) =
                    (object.get("role_name"), object.get("policy_arns"))
                {
                    let (policies, open) = self.managed(&object, "policy_arns", value, instance);
                    attached.extend(policies.into_iter().map(|policy| (role, policy)));
                    attached.extend(open.map(|why| {
                        let policy = RolePolicy {
                            origin: object.origin.clone(),
                            content: PolicyContent::Unknown(why),
                            maybe: object.maybe.clone(),
                        };
                        (role, policy)
                    }));
                }
            }
            _ => {}
        }
        attached
    }

    /// The policies of a list of ARNs, and why there may be more.
    fn managed(
        &self,
        object: &Object<'_>,
        name: &str,
        value: &Value,
        instance: &Instance,
    ) -> (Vec<RolePolicy>, Option<Why>) {
        let within = Origin::value(&value.trace, &object.origin).named(name);
        let Some(items) = value.elements() else {
            return (Vec::new(), value.as_unknown().map(why));
        };
        let policies = items.iter().enumerate().map(|(index, item)| {
            let origin = Origin::value(&item.trace, &within).named(&format!("[{index}]"));
            let mut policy = self.by_arn(item, origin, object, instance);
            policy.maybe = item.trace.presence.unknown().map(why).or(policy.maybe);
            policy
        });
        (policies.collect(), None)
    }

    /// The policy that an ARN names.
    fn by_arn(
        &self,
        value: &Value,
        origin: Origin,
        object: &Object<'_>,
        instance: &Instance,
    ) -> RolePolicy {
        RolePolicy {
            content: self.content(value, instance),
            origin,
            maybe: object.maybe.clone(),
        }
    }

    fn content(&self, value: &Value, instance: &Instance) -> PolicyContent {
        let text = text(value).unwrap_or_default();
        if text
            .known_parts()
            .any(|part| part.contains(":iam::aws:policy/"))
        {
            return PolicyContent::Arn(text);
        }
        if let Some(reference) = text.reference()
            && let Some(data) = self.links.at(&reference.address)
            && data.data
            && &*data.ty == "aws_iam_policy"
        {
            let object = Object::instance(data, &Origin::default());
            if let Some(arn) = object.get("arn").filter(|arn| !arn.is_unknown()) {
                return self.content(arn, data);
            }
            let name = object.text("name");
            if let Some(name) = name.text()
                && (OF_AWS.iter().any(|begin| name.starts_with(begin)) || name.ends_with("Access"))
            {
                return PolicyContent::Arn(Text::of(format!("arn:aws:iam::aws:policy/{name}")));
            }
        }
        let found = self.managed.find(value, instance, self.links, DEEPEST);
        match (found.instances.as_slice(), found.open) {
            ([one], None) => {
                let object = Object::instance(one, &Origin::default());
                PolicyContent::Document(self.policies.argument(&object, "policy", one))
            }
            (_, Some(why)) => PolicyContent::Unknown(why),
            _ if text.known().is_some() => PolicyContent::Arn(text),
            _ => PolicyContent::Unknown(text.unknown_part().cloned().unwrap_or_default()),
        }
    }
}

/// Whether two are one policy, given twice.
fn is_same(one: &RolePolicy, other: &RolePolicy) -> bool {
    match (&one.content, &other.content) {
        (PolicyContent::Arn(one), PolicyContent::Arn(other)) => {
            one.is_resolved() && one.parts == other.parts
        }
        (PolicyContent::Document(one), PolicyContent::Document(other)) => Arc::ptr_eq(one, other),
        _ => false,
    }
}
