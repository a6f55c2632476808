//! Every instance of a configuration, as others see it.

use std::rc::Rc;
use std::sync::Arc;

use super::directory::{Mode, Resource};
use super::evaluator::Evaluator;
use super::module::ModuleInstance;
use super::resource::{ResourceInstance, address};
use crate::source::Place;
use crate::terraform::instance::Instance;

impl Evaluator<'_> {
    /// Every managed and data instance of the root module and of what it calls.
    pub(super) fn root_instances(&self) -> Vec<Instance> {
        let mut instances = Vec::new();
        let mut pending = vec![self.root_module()];
        while let Some(module) = pending.pop() {
            let Some(directory) = module.directory.clone() else {
                continue;
            };
            // What nothing refers to can stand beside what is shown.
            for (name, variable) in &directory.variables {
                if variable.secrecy.word().is_some() {
                    self.variable(&module, name, None);
                }
            }
            for (at, resource) in directory.resources.iter().enumerate() {
                if resource.mode == Mode::Ephemeral {
                    continue;
                }
                let Ok(expansion) = self.resource(&module, at, Some(resource.header)) else {
                    continue;
                };
                for instance in expansion.all() {
                    if self.bounds.produce(8).is_err() {
                        let message = "the values become too large";
                        let part = address(&module, resource);
                        self.notes.missing(&part, message, Some(resource.header));
                        break;
                    }
                    instances.push(self.instance(instance, resource));
                }
            }
            for (name, call) in &directory.calls {
                if let Ok(Some(expansion)) = self.call(&module, name, Some(call.header)) {
                    pending.extend(expansion.all().cloned());
                }
            }
        }
        instances.sort_by(|one, other| in_order(&one.address, &other.address));
        instances
    }

    fn instance(&self, instance: &Rc<ResourceInstance>, resource: &Resource) -> Instance {
        let written = Arc::new(self.written(instance, Some(resource.header)));
        *instance.written.borrow_mut() = Some(written.clone());
        if resource.broken || instance.module.is_broken() {
            self.broken.borrow_mut().push(instance.address.clone());
        }
        // Nothing is being evaluated now, and each value is kept once.
        instance.attributes.take();
        Instance {
            address: instance.address.clone(),
            module: instance.module.address.clone(),
            data: resource.mode == Mode::Data,
            ty: resource.ty.clone(),
            attributes: written,
            computed: Vec::new(),
            header: Some(resource.header),
            body: Some(resource.body),
            calls: calls(&instance.module),
            presence: instance.presence.clone(),
            provider: provider(&instance.module, &resource.provider),
            ignore_changes: resource.ignore_changes.clone(),
        }
    }
}

/// The headers of the module calls that lead to a module, the innermost first.
fn calls(module: &ModuleInstance) -> Vec<Place> {
    let mut headers = Vec::new();
    let mut module = module;
    while let Some(caller) = &module.caller {
        let call = caller.module.directory.as_ref();
        let call = call.and_then(|directory| directory.calls.get(&caller.call));
        headers.extend(call.map(|call| call.header));
        module = &caller.module;
    }
    headers
}

/// The name that a provider configuration has in the root module.
fn provider(module: &ModuleInstance, name: &Arc<str>) -> Arc<str> {
    let mut name = name.clone();
    let mut module = module;
    while let Some(caller) = &module.caller {
        let call = caller.module.directory.as_ref();
        let call = call.and_then(|directory| directory.calls.get(&caller.call));
        let passed = call.and_then(|call| {
            let pair = call.providers.iter().find(|(inner, _)| **inner == *name);
            pair.map(|(_, outer)| Arc::from(outer.as_str()))
        });
        match passed {
            Some(outer) => name = outer,
            None if name.contains('.') => break,
            None => {}
        }
        module = &caller.module;
    }
    name
}

/// Orders addresses as text, but the numbers in them as numbers.
fn in_order(one: &str, other: &str) -> std::cmp::Ordering {
    let common = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let number = |text: &str| {
        let start = text.as_bytes()[..common]
            .iter()
            .rposition(|byte| !byte.is_ascii_digit())
            .map_or(0, |at| at + 1);
        let digits = text.as_bytes()[start..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        (start > 0 && text.as_bytes()[start - 1] == b'[').then(|| digits.count())
    };
    match (number(one), number(other)) {
        (Some(a), Some(b)) if a != b && a > 0 && b > 0 => a.cmp(&b),
        _ => one.cmp(other),
    }
}
