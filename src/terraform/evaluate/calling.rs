//! Module calls: which instances they make, and which directory they lead to.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::block::Argument;
use super::directory::{Directory, ModuleCall};
use super::evaluator::Evaluator;
use super::expansion::{Expansion, InstanceKey, Planned};
use super::file_system::clean;
use super::module::{Caller, ModuleInstance, both};
use super::scope::Scope;
use crate::source::Place;
use crate::terraform::plan::without_key;
use crate::terraform::value::Value;

/// How deep modules may be nested.
const DEPTH: usize = 64;

impl Evaluator<'_> {
    /// The instances of a module call; `None` where there is no such call.
    ///
    /// # Errors
    /// What is there instead, where the call is asked for in a circle.
    pub(super) fn call(
        &self,
        module: &Rc<ModuleInstance>,
        name: &str,
        place: Option<Place>,
    ) -> Result<Option<Rc<Expansion<ModuleInstance>>>, Box<Value>> {
        let Some((name, call)) = module
            .directory
            .as_ref()
            .and_then(|directory| directory.calls.get_key_value(name))
        else {
            return Ok(None);
        };
        match module.calls.borrow().get(name) {
            Some(Some(known)) => return Ok(Some(known.clone())),
            Some(None) => {
                let address = module.absolute(&format!("module.{name}"));
                return Err(Box::new(self.circular(&address, place)));
            }
            None => {}
        }
        module.calls.borrow_mut().insert(name.clone(), None);
        let scope = Scope::of_module(module, call.header.file);
        let address = module.absolute(&format!("module.{name}"));
        let planned = || self.planned_calls(&address);
        let repetition = (call.count.as_ref(), call.for_each.as_ref());
        let plan = self.repeat(scope, repetition, call.header, planned);
        let names = if module.names.is_empty() {
            name.to_string()
        } else {
            format!("{}.{name}", module.names)
        };
        let found = self.locate(module, call, &address, &names);
        let (directory, path) = found.map_or((None, String::new()), |(directory, path)| {
            (Some(directory), path)
        });
        let expansion = Rc::new(plan.expand(|planned: Planned| {
            let mut called = ModuleInstance::new(directory.clone());
            called.address = Arc::from(format!("{address}{}", planned.key));
            called.path.clone_from(&path);
            called.presence = both(&module.presence, planned.presence);
            called.names.clone_from(&names);
            called.caller = Some(Caller {
                module: module.clone(),
                call: name.clone(),
                repetition: planned.repetition,
            });
            called
        }));
        module
            .calls
            .borrow_mut()
            .insert(name.clone(), Some(expansion.clone()));
        Ok(Some(expansion))
    }

    /// The directory of a called module, and its path as `path.module` has it.
    fn locate(
        &self,
        module: &Rc<ModuleInstance>,
        call: &ModuleCall,
        address: &str,
        names: &str,
    ) -> Option<(Rc<Directory>, String)> {
        let said = |argument: &Argument| {
            let scope = Scope::of_module(module, argument.file);
            let value = self.argument_value(scope, argument);
            value.as_str().map(|text| text.into_owned())
        };
        let source = call.source.as_ref().and_then(said);
        let path = match source.as_deref() {
            Some(local) if local.starts_with("./") || local.starts_with("../") => {
                clean(&Path::new(&module.path).join(local))
            }
            Some(local @ ("." | "..")) => clean(&Path::new(&module.path).join(local)),
            source => match self.installed.module(names) {
                Some(installed)
                    if installed
                        .is_for(source, call.version.as_ref().and_then(said).as_deref()) =>
                {
                    clean(Path::new(&installed.directory))
                }
                other => {
                    let why = match other {
                        Some(_) => "is installed from another source or version",
                        None => "is not installed",
                    };
                    let message = format!("`{address}` {why}: what it makes is not audited");
                    self.notes.missing(address, message, Some(call.header));
                    return None;
                }
            },
        };
        let relative = match path.to_str() {
            Some("") | None => ".".to_owned(),
            Some(path) => path.to_owned(),
        };
        let Some(directory) = self.directory(&self.files.root().join(&path)) else {
            let message = format!("`{address}` is not there: there is no directory `{relative}`");
            self.notes.missing(address, message, Some(call.header));
            return None;
        };
        if module.is_within(&directory.path) {
            let message = format!("`{address}` calls the module that it is in");
            self.notes.missing(address, message, Some(call.header));
            return None;
        }
        if module.depth() > DEPTH {
            let message = format!("`{address}` is nested too deep");
            self.notes.missing(address, message, Some(call.header));
            return None;
        }
        Some((directory, relative))
    }

    /// The keys of a call's instances, where a plan has them.
    fn planned_calls(&self, address: &str) -> Vec<InstanceKey> {
        let planned = self.planned_modules.get_or_init(|| self.index_modules());
        let keys = planned.get(address);
        keys.map_or_else(Vec::new, |keys| keys.iter().cloned().collect())
    }

    /// The keys of all module instances that a plan has something of, by the address of the call.
    fn index_modules(&self) -> HashMap<String, BTreeSet<InstanceKey>> {
        let mut keys: HashMap<String, BTreeSet<InstanceKey>> = HashMap::new();
        let mut seen = HashSet::new();
        for planned in self.inputs.facts.instances() {
            let mut module = &*planned.module;
            while !module.is_empty() && seen.insert(module) {
                let call = without_key(module);
                let key = InstanceKey::after(module, call);
                keys.entry(call.to_owned()).or_default().extend(key);
                let name = call.rfind("module.").unwrap_or(0);
                module = call[..name].trim_end_matches('.');
            }
        }
        keys
    }
}
