//! A plan without its secrets and without what nobody asked for, as JSON that [`Facts::read`] reads.

use serde_json::{Map, Value as Json, json};

use super::address::module_calls;
use super::facts::{Facts, PlannedInstance};
use crate::terraform::value::{Kind, Value};

/// Whether a text is secret, by the name that it stands under, which may be empty, and by itself.
type IsSecret<'a> = dyn Fn(&str, &str) -> bool + 'a;

impl Facts {
    /// The plan's JSON with the instances that were asked for, and with nothing secret in it: what is marked
    /// sensitive, or holds a text that is secret, is unknown there.
    ///
    /// `None` where that cannot be told of it: the plan leaves something out, or an instance key is secret.
    #[must_use]
    pub fn reduced(&self, is_secret: &IsSecret<'_>) -> Option<String> {
        if self.is_empty() || !self.is_complete() || !self.notes().is_empty() {
            return None;
        }
        let mut changes = Vec::new();
        let mut root = Map::new();
        for instance in self.instances() {
            if is_secret("", &instance.address) {
                return None;
            }
            changes.push(self.change(instance, is_secret, &mut root)?);
        }
        let plan = json!({
            "format_version": "1.2",
            "terraform_version": self.terraform_version(),
            "resource_changes": changes,
            "configuration": { "root_module": root },
        });
        Some(plan.to_string())
    }

    fn change(
        &self,
        instance: &PlannedInstance,
        is_secret: &IsSecret<'_>,
        root: &mut Map<String, Json>,
    ) -> Option<Json> {
        let mut change = json!({ "actions": ["no-op"] });
        if self.was_read(&instance.address) {
            let leaves = Leaves::of("", &self.attributes(&instance.address)?, is_secret);
            change = json!({
                "actions": ["no-op"],
                "after": leaves.after,
                "after_unknown": leaves.unknown,
                "after_sensitive": leaves.sensitive,
            });
            self.add_block(instance, root)?;
        }
        let mode = if instance.data { "data" } else { "managed" };
        Some(json!({
            "address": &*instance.address,
            "module_address": &*instance.module,
            "mode": mode,
            "type": &*instance.ty,
            "name": &*instance.name,
            "change": change,
        }))
    }

    /// Says in the configuration which attributes of an instance somebody wrote, and with which provider.
    fn add_block(&self, planned: &PlannedInstance, root: &mut Map<String, Json>) -> Option<()> {
        let instance = self.instance(&planned.address)?;
        if instance.provider.is_empty() && instance.computed.is_empty() {
            return Some(());
        }
        let names = instance.attributes.entries.keys();
        let written = names.filter(|name| !instance.computed.contains(name));
        let expressions: Map<String, Json> = written
            .map(|name| (name.to_string(), json!({ "references": [] })))
            .collect();
        let mut module = root;
        for call in module_calls(&planned.module)? {
            let calls = object(module, "module_calls")?;
            module = object(object(calls, call)?, "module")?;
        }
        let resources = module.entry("resources").or_insert_with(|| json!([]));
        resources.as_array_mut()?.push(json!({
            "mode": if planned.data { "data" } else { "managed" },
            "type": &*planned.ty,
            "name": &*planned.name,
            "provider_config_key": &*instance.provider,
            "expressions": expressions,
        }));
        Some(())
    }
}

/// The object under a key, made where it is not there.
fn object<'a>(within: &'a mut Map<String, Json>, key: &str) -> Option<&'a mut Map<String, Json>> {
    within
        .entry(key)
        .or_insert_with(|| json!({}))
        .as_object_mut()
}

/// A value as a plan has it.
struct Leaves {
    after: Json,
    unknown: Json,
    sensitive: Json,
}

impl Leaves {
    fn of(name: &str, value: &Value, is_secret: &IsSecret<'_>) -> Self {
        let marked = value.trace.sensitive;
        let known = |after: Json| Leaves {
            after,
            unknown: Json::Bool(false),
            sensitive: Json::Bool(marked),
        };
        let unknown = Leaves {
            after: Json::Null,
            unknown: Json::Bool(true),
            sensitive: Json::Bool(marked),
        };
        match &value.kind {
            Kind::Null(_) => known(Json::Null),
            _ if marked => unknown,
            Kind::Bool(on) => known(Json::Bool(*on)),
            Kind::Number(number) => match serde_json::from_str(&number.to_string()) {
                Ok(number) => known(number),
                Err(_) => unknown,
            },
            Kind::String(text) => match text.known() {
                Some(text) if !is_secret(name, &text) => known(Json::String(text.into_owned())),
                _ => unknown,
            },
            Kind::List(_, elements) => {
                let leaves = elements
                    .iter()
                    .map(|element| Leaves::of(name, element, is_secret));
                let mut all = [Vec::new(), Vec::new(), Vec::new()];
                for leaf in leaves {
                    all[0].push(leaf.after);
                    all[1].push(leaf.unknown);
                    all[2].push(leaf.sensitive);
                }
                let [after, unknown, sensitive] = all.map(Json::Array);
                Leaves {
                    after,
                    unknown,
                    sensitive,
                }
            }
            Kind::Object(_, map) => {
                let mut all = [Map::new(), Map::new(), Map::new()];
                for (key, element) in &map.entries {
                    if is_secret("", key) {
                        return unknown;
                    }
                    let leaf = Leaves::of(key, element, is_secret);
                    if leaf.unknown != Json::Bool(true) {
                        all[0].insert(key.to_string(), leaf.after);
                    }
                    all[1].insert(key.to_string(), leaf.unknown);
                    all[2].insert(key.to_string(), leaf.sensitive);
                }
                let [after, unknown, sensitive] = all.map(Json::Object);
                Leaves {
                    after,
                    unknown,
                    sensitive,
                }
            }
            Kind::Json(_) | Kind::Unknown(_) => unknown,
        }
    }
}
