//! Policy documents: as JSON, whatever made it, or as `aws_iam_policy_document` writes them.

mod json;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use self::json::json;
use super::links::Links;
use super::read::{self, Object};
use super::text::{resource_type, text};
use super::why::{presence, unexplained, why};
use crate::ecs::Origin;
use crate::ecs::inventory::{
    Condition, Elements, Field, Policy, Principal, Setting, Statement, Text, Why,
};
use crate::terraform::types::Type;
use crate::terraform::value::{Presence, Reason, Reference, StepKind};
use crate::terraform::{Instance, Kind, Value};

/// How many statements are read of a policy, and how many texts of an element of one: IAM takes no policy of more than
/// 10,240 characters.
const MOST: usize = 1000;

/// How heavy a policy's value may be, for the same reason.
const HEAVIEST: usize = 1 << 20;

/// How deep documents may be made of others.
const DEEPEST: usize = 16;

/// The attributes of `aws_iam_policy_document` that give the document.
const RENDERED: [&str; 2] = [".json", ".minified_json"];

/// Reads policy documents, each of the data sources once.
pub(super) struct Policies<'a> {
    links: &'a Links<'a>,
    known: RefCell<HashMap<Arc<str>, Arc<Policy>>>,
    /// What gives the account's id in a module, by the module and the provider configuration.
    account_ids: HashMap<(Arc<str>, Arc<str>), Arc<str>>,
}

impl<'a> Policies<'a> {
    pub(super) fn new(instances: &[Instance], links: &'a Links<'a>) -> Self {
        let mut account_ids = HashMap::new();
        for instance in instances {
            let is_certain = matches!(instance.presence, Presence::Certain);
            if instance.data && &*instance.ty == "aws_caller_identity" && is_certain {
                let local = match &*instance.module {
                    "" => &*instance.address,
                    module => instance
                        .address
                        .strip_prefix(module)
                        .map_or("", |local| local.trim_start_matches('.')),
                };
                let key = (instance.module.clone(), instance.provider.clone());
                let expression = Arc::from(format!("{local}.account_id"));
                account_ids.entry(key).or_insert(expression);
            }
        }
        Policies {
            links,
            known: RefCell::default(),
            account_ids,
        }
    }

    /// Reads the document that an argument of a resource is.
    pub(super) fn argument(
        &self,
        object: &Object<'_>,
        name: &str,
        instance: &Instance,
    ) -> Arc<Policy> {
        match object.get(name) {
            Some(value) => {
                let within = Origin::value(&value.trace, &object.origin).named(name);
                self.value(value, &within, &instance.module, DEEPEST)
            }
            None => Arc::new(Policy {
                origin: Origin::missing(&object.origin).named(name),
                ..Policy::default()
            }),
        }
    }

    /// Reads the document that a value is.
    fn value(&self, value: &Value, within: &Origin, module: &str, depth: usize) -> Arc<Policy> {
        if value.weight() > HEAVIEST {
            return unread(within, "it is longer than a policy can be");
        }
        let unknown = match &value.kind {
            Kind::Unknown(unknown) => Some(unknown),
            Kind::String(text) if text.known().is_none() => text.unknowns().next(),
            _ => None,
        };
        if let Some(unknown) = unknown
            && let Reason::Reference(reference) = unknown.reason()
            && text(value).is_some_and(|text| text.reference().is_some())
        {
            let found = self.document(reference, depth);
            return found.unwrap_or_else(|| open(within, why(unknown)));
        }
        if let Kind::Unknown(unknown) = &value.kind {
            return open(within, why(unknown));
        }
        if let Some(written) = self.written(value, module, depth) {
            return written;
        }
        match read::decode(value) {
            Ok(decoded) => Arc::new(json(&decoded, within)),
            Err(message) => {
                let partly = text(value).and_then(|text| text.unknown_part().cloned());
                match partly {
                    Some(why) => open(within, why),
                    None => unread(within, &format!("it cannot be read as JSON: {message}")),
                }
            }
        }
    }

    /// What is written for a document that a plan has: the data source that it came from, where all of it is known.
    fn written(&self, value: &Value, module: &str, depth: usize) -> Option<Arc<Policy>> {
        let mut steps = value.trace.iter();
        let step = steps.find(|step| !matches!(step.kind, StepKind::Local(_)))?;
        let StepKind::Reference(expression) = &step.kind else {
            return None;
        };
        let path = RENDERED.iter().find(|path| expression.ends_with(**path))?;
        let local = expression.strip_suffix(path)?;
        let separator = if module.is_empty() { "" } else { "." };
        let reference = Reference {
            address: Arc::from(format!("{module}{separator}{local}")),
            path: Arc::from(*path),
        };
        let policy = self.document(&reference, depth)?;
        is_known(&policy).then_some(policy)
    }

    /// The document that a reference gives, where it is of `aws_iam_policy_document`.
    fn document(&self, reference: &Reference, depth: usize) -> Option<Arc<Policy>> {
        let instance = self.links.at(&reference.address)?;
        let is_one = instance.data && &*instance.ty == "aws_iam_policy_document";
        if !is_one || !RENDERED.contains(&&*reference.path) {
            return None;
        }
        if let Some(known) = self.known.borrow().get(&instance.address) {
            return Some(known.clone());
        }
        let object = Object::instance(instance, &Origin::default());
        if depth == 0 {
            return Some(unread(&object.origin, "it is made of too many others"));
        }
        // Whoever comes back here goes in a circle.
        let circular = unread(&object.origin, "it is made of itself");
        self.known
            .borrow_mut()
            .insert(instance.address.clone(), circular);
        let policy = Arc::new(self.data(instance, &object, depth - 1));
        self.known
            .borrow_mut()
            .insert(instance.address.clone(), policy.clone());
        Some(policy)
    }

    /// Evaluates `aws_iam_policy_document`: what it is made of, its own statements over that, and what overrides them.
    fn data(&self, instance: &Instance, object: &Object<'_>, depth: usize) -> Policy {
        let mut policy = Policy {
            origin: object.origin.clone(),
            ..Policy::default()
        };
        let account_id = self
            .account_ids
            .get(&(instance.module.clone(), instance.provider.clone()));
        self.others(
            instance,
            object,
            ["source_json", "source_policy_documents"],
            depth,
            &mut policy,
        );
        let blocks = object.blocks("statement");
        policy.uncertain = policy.uncertain.take().or(blocks.uncertain);
        let own = blocks.items.iter().map(|block| Statement {
            account_id: account_id.cloned(),
            ..block_statement(block)
        });
        merge(&mut policy, own.collect());
        self.others(
            instance,
            object,
            ["override_json", "override_policy_documents"],
            depth,
            &mut policy,
        );
        policy
    }

    /// Merges the documents that two arguments give into a policy: one of a text, one of a list.
    fn others(
        &self,
        instance: &Instance,
        object: &Object<'_>,
        [one, many]: [&str; 2],
        depth: usize,
        policy: &mut Policy,
    ) {
        let mut values: Vec<&Value> = object.get(one).into_iter().collect();
        let several = object.get(many);
        match several.map(|value| &value.kind) {
            Some(Kind::List(_, items)) => values.extend(items.iter().take(MOST)),
            Some(Kind::Unknown(unknown)) => {
                policy.uncertain = policy.uncertain.take().or_else(|| Some(why(unknown)));
            }
            _ => {}
        }
        for value in values {
            let is_empty = value.as_str().is_some_and(|text| text.is_empty());
            if is_empty || value.is_null() {
                continue;
            }
            let within = Origin::value(&value.trace, &object.origin).named(many);
            let other = self.value(value, &within, &instance.module, depth);
            let uncertain = other
                .uncertain
                .clone()
                .or_else(|| presence(&value.trace.presence));
            policy.uncertain = policy.uncertain.take().or(uncertain);
            merge(policy, other.statements.clone());
        }
    }
}

/// Adds statements; one takes the place of another with its `Sid`.
fn merge(policy: &mut Policy, statements: Vec<Statement>) {
    let mut places: HashMap<String, usize> = HashMap::new();
    let sid = |statement: &Statement| {
        let sid = statement.sid.text().unwrap_or_default();
        (!sid.is_empty()).then(|| sid.to_owned())
    };
    for (index, statement) in policy.statements.iter().enumerate() {
        places.extend(sid(statement).map(|sid| (sid, index)));
    }
    for statement in statements {
        let sid = sid(&statement);
        match sid.as_ref().and_then(|sid| places.get(sid)) {
            Some(&index) => policy.statements[index] = statement,
            None if policy.statements.len() >= MOST => {
                let many = || Why(Arc::from("it has more statements than a policy can have"));
                policy.uncertain = policy.uncertain.take().or_else(|| Some(many()));
            }
            None => {
                places.extend(sid.map(|sid| (sid, policy.statements.len())));
                policy.statements.push(statement);
            }
        }
    }
}

/// Whether all is known of a policy that could be looked at.
fn is_known(policy: &Policy) -> bool {
    let known = |listed: &Elements| listed.unknown().is_none();
    policy.uncertain.is_none()
        && policy.statements.iter().all(|statement| {
            let listed = [
                &statement.actions,
                &statement.not_actions,
                &statement.resources,
                &statement.not_resources,
            ];
            let principals = statement.principals.iter();
            let conditions = statement.conditions.iter();
            listed.into_iter().all(known)
                && statement.maybe.is_none()
                && statement.principals_uncertain.is_none()
                && statement.conditions_uncertain.is_none()
                && principals.map(|one| &one.names).all(known)
                && conditions.map(|one| &one.values).all(known)
        })
}

/// A policy of which nothing is known.
fn open(origin: &Origin, why: Why) -> Arc<Policy> {
    Arc::new(Policy {
        origin: origin.clone(),
        statements: Vec::new(),
        uncertain: Some(why),
    })
}

fn unread(origin: &Origin, why: &str) -> Arc<Policy> {
    open(origin, Why(Arc::from(why)))
}

/// A `statement` block.
fn block_statement(object: &Object<'_>) -> Statement {
    let principals = object.blocks("principals");
    let conditions = object.blocks("condition");
    let mut effect = object.text("effect");
    if effect.setting == Setting::Unset {
        effect.setting = Setting::Set(Text::of("Allow"));
    }
    let not_principals = object.blocks("not_principals");
    let not_principals = Field {
        setting: match (not_principals.items.is_empty(), not_principals.uncertain) {
            (true, None) => Setting::Unset,
            (true, Some(why)) => Setting::Unknown(why),
            (false, _) => Setting::Set(()),
        },
        origin: object.origin.clone(),
    };
    Statement {
        origin: object.origin.clone(),
        sid: object.text("sid"),
        effect,
        actions: listed(object, "actions", "Action"),
        not_actions: listed(object, "not_actions", "NotAction"),
        resources: listed(object, "resources", "Resource"),
        not_resources: listed(object, "not_resources", "NotResource"),
        principals: principals
            .items
            .iter()
            .map(|block| Principal {
                kind: block.text("type"),
                names: listed(block, "identifiers", "identifiers"),
            })
            .collect(),
        principals_uncertain: principals.uncertain,
        not_principals,
        conditions: conditions
            .items
            .iter()
            .map(|block| Condition {
                operator: block.text("test"),
                key: block.text("variable"),
                values: listed(block, "values", "values"),
            })
            .collect(),
        conditions_uncertain: conditions.uncertain,
        maybe: object.maybe.clone(),
        account_id: None,
    }
}

fn named(name: &str, within: &Origin) -> Field<Text> {
    Field {
        setting: Setting::Set(Text::of(name)),
        origin: within.clone(),
    }
}

/// Whether what is not known of a value is made of the ARNs of resources alone.
fn is_of_arns(value: &Value) -> bool {
    let is_arn = |reference: &Reference| {
        let last = reference.path.rsplit('.').next().unwrap_or_default();
        resource_type(&reference.address).starts_with("aws_") && last.contains("arn")
    };
    let all = |references: &[Reference]| !references.is_empty() && references.iter().all(is_arn);
    match &value.kind {
        Kind::List(_, items) => items.iter().all(is_of_arns),
        Kind::String(text) => text.unknowns().all(|unknown| all(&unknown.references())),
        Kind::Unknown(unknown) => match unknown.reason() {
            Reason::OneOf(values, _) => values.iter().all(is_of_arns),
            _ => all(&unknown.references()),
        },
        _ => true,
    }
}

/// Reads an element that is one text or a list of them; `path` is its name in a path.
fn listed(object: &Object<'_>, name: &str, path: &str) -> Elements {
    let Some(value) = object.get(name) else {
        return Elements {
            origin: Origin::missing(&object.origin).named(path),
            uncertain: object.uncertain(),
            ..Elements::default()
        };
    };
    let origin = Origin::value(&value.trace, &object.origin).named(path);
    let mut listed = Elements {
        origin: origin.clone(),
        of_arns: is_of_arns(value),
        ..Elements::default()
    };
    let is_list = matches!(
        value.as_unknown().map(crate::terraform::Unknown::ty),
        Some(Type::List(_) | Type::Set(_) | Type::Tuple(_) | Type::Map(_) | Type::Object(_))
    );
    match &value.kind {
        Kind::List(_, items) => {
            for (index, item) in items.iter().take(MOST).enumerate() {
                let origin = Origin::value(&item.trace, &origin).named(&format!("[{index}]"));
                let setting = match (&item.trace.presence, text(item)) {
                    _ if item.is_null() => continue,
                    (Presence::Certain, Some(text)) => Setting::Set(text),
                    (Presence::Certain, None) => {
                        Setting::Unknown(Why(Arc::from(format!("`{path}` holds no text"))))
                    }
                    (Presence::Any(unknown), _) => {
                        listed.uncertain = Some(why(unknown));
                        continue;
                    }
                    (Presence::Maybe(unknown), _) => Setting::Unknown(why(unknown)),
                };
                listed.items.push(Field { setting, origin });
            }
            if items.len() > MOST {
                listed.uncertain = Some(Why(Arc::from("it is longer than a policy can be")));
            }
        }
        Kind::Unknown(unknown) if is_list => listed.uncertain = Some(why(unknown)),
        _ => match text(value) {
            Some(text) => listed.items.push(Field {
                setting: Setting::Set(text),
                origin,
            }),
            None => listed.uncertain = Some(unexplained()),
        },
    }
    listed
}
