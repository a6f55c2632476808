//! From a fix, its places given by origins, to byte ranges in the texts.

use std::cell::OnceCell;
use std::ops::Range;

use super::find::{block_at, in_conditional, object_at, object_of_key, twins};
use super::layout::{self, Change, Item};
use super::put::{inner, is_literal, is_named, item, put_argument, put_key};
use super::validation::Validations;
use super::{Applicability, Edit, Fix, Unwritten, comments};
use crate::ecs::Origin;
use crate::hcl::Span;
use crate::hcl::tree::{Block, Body, ExpressionKind, ObjectItem};
use crate::place;
use crate::report::{ResolvedEdit, ResolvedFix, SharedText};
use crate::source::{FileId, Place, SourceMap};
use crate::terraform::value::StepKind;

/// How many steps of a value's way are looked at.
pub(super) const STEPS_READ: usize = 256;

/// Turns fixes into byte ranges in the texts of one root module.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    source: &'a SourceMap,
    validations: OnceCell<Validations<'a>>,
}

/// Where an edit goes, and whether it is certain to change nothing else.
struct Resolved {
    file: FileId,
    changes: Vec<Change>,
    direct: bool,
}

type Found = Result<Resolved, Unwritten>;

impl<'a> Resolver<'a> {
    /// Starts with texts.
    pub(crate) fn new(source: &'a SourceMap) -> Self {
        Resolver {
            source,
            validations: OnceCell::new(),
        }
    }

    /// Finds where each edit goes.
    ///
    /// # Errors
    /// One of them has no place in the workspace's source.
    pub(crate) fn resolve(&self, fix: &Fix) -> Result<ResolvedFix, Unwritten> {
        let mut applicability = fix.applicability;
        let mut edits = Vec::new();
        for edit in &fix.edits {
            let Resolved {
                file,
                mut changes,
                direct,
            } = match edit {
                Edit::Replace { at, with } => self.replace(at, with)?,
                Edit::Rename { key, with } => self.rename(key, with)?,
                Edit::Set {
                    at,
                    beside,
                    name,
                    value,
                } => self.set(at, beside.as_ref(), name, value)?,
                Edit::InsertBlock { into, text } => self.insert_block(into, text)?,
            };
            if !direct {
                applicability = Applicability::MaybeIncorrect;
            }
            // What a plan was made of is not what would be edited.
            if self.source.is_planned(file) {
                return Err(Unwritten::Elsewhere);
            }
            let file = self.source.file(file);
            // What is installed is not the user's to edit: the next `terraform init` would undo it.
            if is_installed(&file.name) {
                return Err(Unwritten::Installed);
            }
            if [".tf", ".tfvars"]
                .iter()
                .any(|end| file.name.ends_with(end))
            {
                comments::align(&file.text, &file.parsed().comments, &mut changes);
            }
            for (range, replacement) in changes {
                let edit = ResolvedEdit {
                    file: file.name.clone(),
                    text: SharedText(file.text.clone()),
                    line: file.position(Span::from(range.clone()).start).line,
                    span: Span::from(range),
                    replacement,
                };
                if !edits.contains(&edit) {
                    edits.push(edit);
                }
            }
        }
        edits.sort_by(|left, right| (&left.file, left.span).cmp(&(&right.file, right.span)));
        let apart = edits
            .windows(2)
            .all(|pair| pair[0].file != pair[1].file || pair[0].span.end <= pair[1].span.start);
        if !apart {
            return Err(Unwritten::Computed);
        }
        Ok(ResolvedFix {
            title: fix.title.clone(),
            applicability,
            edits,
        })
    }

    fn replace(&self, at: &Origin, with: &str) -> Found {
        let (place, direct) = written_at(at, self.source)?;
        let written = self.source.text(place);
        // An expression says more than its value: who else hangs on it is not known here.
        if !is_literal(written) {
            return Err(Unwritten::Computed);
        }
        let validations = || Validations::of(self.source);
        let validations = self.validations.get_or_init(validations);
        if validations.refuse(at, written, with, self.source) {
            return Err(Unwritten::Refused);
        }
        if is_installed(&self.source.file(place.file).name) {
            return self.pass(at, place, with);
        }
        let tree = self.tree(place.file);
        let mut changes = vec![(range(place.span), with.to_owned())];
        // Where the other arm says the same, it is as wrong.
        for twin in twins(tree, place.span) {
            let place = Place::new(place.file, twin.span);
            if self.source.text(place) == written {
                changes.push((range(twin.span), with.to_owned()));
            }
        }
        Ok(Resolved {
            file: place.file,
            changes,
            // Of an arm nobody knows here when it is taken, nor who counts on the choice.
            direct: direct && !in_conditional(tree, place.span),
        })
    }

    /// A key is renamed where it stands as a name or as a text without interpolation.
    fn rename(&self, key: &Origin, with: &str) -> Found {
        let place = key.header().ok_or(Unwritten::Computed)?;
        let written = self.source.text(place);
        let quoted = is_literal(written) && written.starts_with('"');
        let named = !written.is_empty()
            && written
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let replacement = match (quoted, named) {
            (true, _) => format!("\"{with}\""),
            (false, true) => with.to_owned(),
            (false, false) => return Err(Unwritten::Computed),
        };
        let text: &str = &self.source.file(place.file).text;
        let changes = match object_of_key(self.tree(place.file), place.span) {
            Some((object, items, at)) => {
                let items: Vec<Item> = items.iter().map(item).collect();
                let inner = inner(text, object).ok_or(Unwritten::Computed)?;
                layout::rename(text, inner.start, &items, at, &replacement)
            }
            None => vec![(range(place.span), replacement)],
        };
        Ok(Resolved {
            file: place.file,
            changes,
            direct: true,
        })
    }

    /// Passes a value for the variable of an installed module whose default decides.
    fn pass(&self, at: &Origin, written: Place, value: &str) -> Found {
        let source = self.source;
        let steps = at.trace().into_iter().flat_map(|trace| trace.iter());
        let defaults = steps.take(STEPS_READ).filter_map(|step| match &step.kind {
            StepKind::Default(name) => Some((name, step.place)),
            _ => None,
        });
        let (name, default) = defaults.last().ok_or(Unwritten::Installed)?;
        // Of a default that says more than this one value, all the rest would have to be passed, too.
        if source.text(default) != source.text(written) || default.file != written.file {
            return Err(Unwritten::Installed);
        }
        let directory = |place: Place| directory(&source.file(place.file).name);
        let mut resource = Some(at);
        let within = std::iter::from_fn(|| {
            let next = resource?;
            resource = next.within();
            Some(next)
        });
        let resource = within
            .take(STEPS_READ)
            .find(|origin| !origin.calls().is_empty());
        let resource = resource.ok_or(Unwritten::Installed)?;
        // The module that a call leads to is the one that the call before it, or the resource, stands in.
        let mut called = resource.header();
        for &call in resource.calls() {
            let inside = called.replace(call);
            if inside.map(directory) != Some(directory(default)) {
                continue;
            }
            if is_installed(&source.file(call.file).name) {
                break;
            }
            let tree = self.tree(call.file);
            let block = block_at(tree, call.span, |block| block.header);
            let block = block.ok_or(Unwritten::Elsewhere)?;
            let text = &source.file(call.file).text;
            return Ok(Resolved {
                file: call.file,
                changes: put_argument(text, &block.body, name, value)?,
                direct: false,
            });
        }
        Err(Unwritten::Installed)
    }

    /// In place of the null that is written for it, else into the block or object that it belongs in, else where
    /// another key of the object is written.
    fn set(&self, at: &Origin, beside: Option<&Origin>, name: &str, value: &str) -> Found {
        let null = self.replace(at, value);
        let Some(into) = at.within().filter(|_| null.is_err()) else {
            return null;
        };
        let inserted = self.insert(into, name, value);
        match (inserted, beside) {
            (Err(why), Some(beside)) => self.insert_beside(beside, name, value).map_err(|other| {
                // What an installed module does is said first.
                [why, other].into_iter().min().unwrap_or(why)
            }),
            (inserted, _) => inserted,
        }
    }

    fn insert(&self, into: &Origin, name: &str, value: &str) -> Found {
        let source = self.source;
        if let Some(body) = into.body() {
            let text: &str = &source.file(body.file).text;
            let block = block_at(self.tree(body.file), body.span, |block| block.body.span);
            let block = block.ok_or(Unwritten::Elsewhere)?;
            return Ok(Resolved {
                file: body.file,
                changes: put_argument(text, &block.body, name, value)?,
                direct: true,
            });
        }
        let (place, direct) = written_at(into, source)?;
        let text: &str = &source.file(place.file).text;
        let changes = match self.find(place) {
            Some(Node::Block(block)) => put_argument(text, &block.body, name, value)?,
            Some(Node::Object(items)) => {
                let mut changes = put_key(text, place.span, items, name, value)?;
                for twin in twins(self.tree(place.file), place.span) {
                    // Where the other arm has the key, it says something else with it.
                    if let ExpressionKind::Object(items) = &twin.kind
                        && items.iter().all(|item| !is_named(text, item, name))
                    {
                        changes.extend(put_key(text, twin.span, items, name, value)?);
                    }
                }
                changes
            }
            None => {
                let inner = inner(text, place.span).ok_or(Unwritten::Computed)?;
                layout::insert_json(text, inner, name, value).ok_or(Unwritten::Computed)?
            }
        };
        Ok(Resolved {
            file: place.file,
            changes,
            direct,
        })
    }

    /// Into the object in which the key of another value is written: the nearest that does not have the key yet.
    fn insert_beside(&self, value: &Origin, name: &str, written: &str) -> Found {
        let source = self.source;
        let steps = value.trace().into_iter().flat_map(|trace| trace.iter());
        let keys = steps
            .take(STEPS_READ)
            .filter(|step| step.kind == StepKind::Key)
            .map(|step| step.place);
        let mut why = Unwritten::Computed;
        for key in keys {
            let file = source.file(key.file);
            if is_installed(&file.name) {
                why = Unwritten::Installed;
                continue;
            }
            let Some((span, items, _)) = object_of_key(self.tree(key.file), key.span) else {
                continue;
            };
            if items.iter().any(|item| is_named(&file.text, item, name)) {
                continue;
            }
            return Ok(Resolved {
                file: key.file,
                changes: put_key(&file.text, span, items, name, written)?,
                direct: false,
            });
        }
        Err(why)
    }

    fn insert_block(&self, into: &Origin, block: &str) -> Found {
        let source = self.source;
        let (file, inner, direct) = match into.body() {
            Some(body) => (body.file, body.span, true),
            None => {
                let (place, direct) = written_at(into, source)?;
                match self.find(place) {
                    Some(Node::Block(found)) => (place.file, found.body.span, direct),
                    _ => return Err(Unwritten::Computed),
                }
            }
        };
        let text: &str = &source.file(file).text;
        Ok(Resolved {
            file,
            changes: layout::insert_block(text, range(inner), block),
            direct,
        })
    }

    /// The block or the object that stands in a place.
    fn find(&self, place: Place) -> Option<Node<'a>> {
        let tree = self.tree(place.file);
        if let Some(block) = block_at(tree, place.span, |block| block.span) {
            return Some(Node::Block(block));
        }
        object_at(tree, place.span).map(Node::Object)
    }

    fn tree(&self, file: FileId) -> &'a Body {
        &self.source.file(file).parsed().tree
    }
}

enum Node<'a> {
    Block(&'a Block),
    Object(&'a [ObjectItem]),
}

/// Where a value, a nested block or an object was written, and whether that is where it is used.
fn written_at(origin: &Origin, source: &SourceMap) -> Result<(Place, bool), Unwritten> {
    let way = place::value_route(origin, source).filter(|_| origin.is_written());
    let way = way
        .filter(|way| way.is_written)
        .ok_or(Unwritten::Computed)?;
    let place = way.place.ok_or(Unwritten::Computed)?;
    Ok((place, way.is_direct()))
}

/// Whether a text's name says that `terraform init` installed it.
fn is_installed(name: &str) -> bool {
    name.split('/').any(|part| part == ".terraform")
}

/// The directory of a text's name.
pub(super) fn directory(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(directory, _)| directory)
}

pub(super) fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

#[cfg(test)]
mod tests;
