//! What the `validation` blocks of variables say of a value that would be written.

use std::collections::HashMap;
use std::sync::Arc;

use super::resolve::{STEPS_READ, directory};
use crate::ecs::Origin;
use crate::source::SourceMap;
use crate::terraform::value::StepKind;

/// The conditions of `validation` blocks, by the directory and the name of the variable.
#[derive(Debug, Default)]
pub(super) struct Validations<'a>(HashMap<(&'a str, Arc<str>), Vec<&'a str>>);

impl<'a> Validations<'a> {
    /// Those in some texts.
    pub(super) fn of(source: &'a SourceMap) -> Self {
        let mut validations = Validations::default();
        for (_, file) in source.files() {
            if !file.text.contains("validation") || !file.name.ends_with(".tf") {
                continue;
            }
            let blocks = file.parsed().tree.blocks.iter();
            for block in blocks.filter(|block| &*block.keyword.text == "variable") {
                let Some(name) = block.labels.first() else {
                    continue;
                };
                let inner = block.body.blocks.iter();
                let conditions = inner
                    .filter(|inner| &*inner.keyword.text == "validation")
                    .flat_map(|inner| &inner.body.attributes)
                    .filter(|attribute| &*attribute.name.text == "condition")
                    .filter_map(|attribute| {
                        let span = attribute.value.span;
                        file.text.get(span.start as usize..span.end as usize)
                    });
                let key = (directory(&file.name), name.text.clone());
                validations.0.entry(key).or_default().extend(conditions);
            }
        }
        validations
    }

    /// Whether a variable that a value comes through is compared with what is written for it, and not with what
    /// would be.
    pub(super) fn refuse(
        &self,
        value: &Origin,
        written: &str,
        with: &str,
        source: &'a SourceMap,
    ) -> bool {
        if self.0.is_empty() || !(written.starts_with('"') && with.starts_with('"')) {
            return false;
        }
        let steps = value.trace().into_iter().flat_map(|trace| trace.iter());
        steps.take(STEPS_READ).any(|step| {
            let StepKind::Reference(text) = &step.kind else {
                return false;
            };
            let name = text.strip_prefix("var.").unwrap_or_default();
            let name = name.split(['.', '[']).next().unwrap_or_default();
            let file = source.file(step.place.file);
            let conditions = self.0.get(&(directory(&file.name), Arc::from(name)));
            conditions
                .into_iter()
                .flatten()
                .any(|condition| condition.contains(written) && !condition.contains(with))
        })
    }
}
