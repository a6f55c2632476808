//! Policies as JSON has them: one or a list of everything.

use std::sync::Arc;

use super::{MOST, listed, named};
use crate::ecs::Origin;
use crate::ecs::inventory::{Condition, Policy, Principal, Setting, Statement, Why};
use crate::ecs::lower::read::{self, Object};
use crate::ecs::lower::why::why;
use crate::terraform::value::Presence;
use crate::terraform::{Kind, Value};

/// Reads a decoded document.
pub(super) fn json(document: &Value, within: &Origin) -> Policy {
    let mut policy = Policy {
        origin: within.clone(),
        ..Policy::default()
    };
    let Some(object) = read::json_object(document, within) else {
        policy.uncertain = Some(match &document.kind {
            Kind::Unknown(unknown) => why(unknown),
            _ => Why(Arc::from("it is no JSON object")),
        });
        return policy;
    };
    let Some(value) = object.get("Statement") else {
        policy.uncertain = object.uncertain();
        return policy;
    };
    let within = Origin::value(&value.trace, &object.origin).named("Statement");
    let several = match &value.kind {
        Kind::List(_, items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    for (index, item) in several.iter().enumerate() {
        let uncertain = match (&item.kind, &item.trace.presence) {
            _ if index >= MOST => Some(Why(Arc::from(
                "it has more statements than a policy can have",
            ))),
            (Kind::Unknown(unknown), _) | (_, Presence::Any(unknown)) => Some(why(unknown)),
            _ => None,
        };
        policy.uncertain = policy.uncertain.take().or(uncertain);
        if index >= MOST {
            break;
        }
        if let Some(statement) = read::json_object(item, &within) {
            let statement = Statement {
                origin: statement.origin.clone().named(&format!("[{index}]")),
                ..json_statement(&statement)
            };
            policy.statements.push(statement);
        }
    }
    policy
}

fn json_statement(object: &Object<'_>) -> Statement {
    let (principals, principals_uncertain) = json_principals(object);
    let (conditions, conditions_uncertain) = json_conditions(object);
    Statement {
        origin: object.origin.clone(),
        sid: object.text("Sid"),
        effect: object.text("Effect"),
        actions: listed(object, "Action", "Action"),
        not_actions: listed(object, "NotAction", "NotAction"),
        resources: listed(object, "Resource", "Resource"),
        not_resources: listed(object, "NotResource", "NotResource"),
        principals,
        principals_uncertain,
        not_principals: object.presence("NotPrincipal"),
        conditions,
        conditions_uncertain,
        maybe: object.maybe.clone(),
        account_id: None,
    }
}

fn json_principals(statement: &Object<'_>) -> (Vec<Principal>, Option<Why>) {
    let field = statement.object("Principal");
    match field.setting {
        Setting::Unset => (Vec::new(), None),
        Setting::Set(object) => {
            let kinds = object.names().map(|kind| Principal {
                kind: named(kind, &object.origin),
                names: listed(&object, kind, kind),
            });
            (kinds.collect(), object.uncertain())
        }
        // `"*"` alone.
        Setting::Unknown(why) => {
            let names = listed(statement, "Principal", "Principal");
            let known = names.items.iter().any(|name| name.text().is_some());
            let kind = named("*", &field.origin);
            match known {
                true => (vec![Principal { kind, names }], None),
                false => (Vec::new(), Some(why)),
            }
        }
    }
}

fn json_conditions(statement: &Object<'_>) -> (Vec<Condition>, Option<Why>) {
    let operators = match statement.object("Condition").setting {
        Setting::Unset => return (Vec::new(), None),
        Setting::Unknown(why) => return (Vec::new(), Some(why)),
        Setting::Set(operators) => operators,
    };
    let mut conditions = Vec::new();
    let mut uncertain = operators.uncertain();
    for operator in operators.names() {
        match operators.object(operator).setting {
            Setting::Unset => {}
            Setting::Unknown(why) => uncertain = Some(why),
            Setting::Set(keys) => {
                uncertain = uncertain.or_else(|| keys.uncertain());
                conditions.extend(keys.names().map(|key| Condition {
                    operator: named(operator, &operators.origin),
                    key: named(key, &keys.origin),
                    values: listed(&keys, key, key),
                }));
            }
        }
    }
    (conditions, uncertain)
}
