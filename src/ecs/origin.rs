//! Where a part of the inventory came from.

use std::sync::Arc;

use crate::source::Place;
use crate::terraform::Trace;

/// Where a part of the inventory came from: for rules a handle, for reports and fixes a way into the text.
///
/// A part that nobody wrote has the origin of what it would be written in.
#[derive(Clone, Debug, Default)]
pub struct Origin(Option<Arc<Node>>);

#[derive(Debug)]
struct Node {
    trace: Trace,
    header: Option<Place>,
    body: Option<Place>,
    calls: Vec<Place>,
    written: bool,
    /// What it is called in what it is in: an argument, a block, a key, `[0]`.
    name: Option<Box<str>>,
    within: Origin,
}

impl Origin {
    /// The origin of a block: its header to point at, its body to write into.
    pub(crate) fn block(header: Option<Place>, body: Option<Place>, within: &Origin) -> Self {
        let trace = Trace::default();
        Origin(Some(Arc::new(Node {
            trace,
            header,
            body,
            calls: Vec::new(),
            written: true,
            name: None,
            within: within.clone(),
        })))
    }

    /// The origin of a resource's block, which module calls lead to, the innermost first.
    pub(crate) fn resource(
        header: Option<Place>,
        body: Option<Place>,
        calls: &[Place],
        within: &Origin,
    ) -> Self {
        Origin(Some(Arc::new(Node {
            trace: Trace::default(),
            header,
            body,
            calls: calls.to_vec(),
            written: true,
            name: None,
            within: within.clone(),
        })))
    }

    /// The origin of a value that was written in something.
    pub(crate) fn value(trace: &Trace, within: &Origin) -> Self {
        let (header, body, trace) = (None, None, trace.clone());
        Origin(Some(Arc::new(Node {
            trace,
            header,
            body,
            calls: Vec::new(),
            written: true,
            name: None,
            within: within.clone(),
        })))
    }

    /// The origin of the key that a value was written under, where there is one.
    pub(crate) fn key(trace: &Trace, within: &Origin) -> Self {
        match trace.key() {
            Some(key) => Self::block(Some(key), None, within),
            None => Self::value(trace, within),
        }
    }

    /// The origin of something of which no more than the place is known.
    pub(crate) fn place(place: Option<Place>) -> Self {
        match place {
            Some(place) => Self::block(Some(place), None, &Origin::default()),
            None => Origin::default(),
        }
    }

    /// The origin of something that nobody wrote, in what it would be written in.
    pub(crate) fn missing(within: &Origin) -> Self {
        let (header, body, trace) = (None, None, Trace::default());
        Origin(Some(Arc::new(Node {
            trace,
            header,
            body,
            calls: Vec::new(),
            written: false,
            name: None,
            within: within.clone(),
        })))
    }

    /// The same, just made, by its name in what it is in: an argument, a block, a key, `[0]`.
    pub(crate) fn named(mut self, name: &str) -> Self {
        // What nobody else holds yet is changed in its place.
        if !name.is_empty()
            && let Some(node) = self.0.as_mut().and_then(Arc::get_mut)
        {
            node.name = Some(Box::from(name));
        }
        self
    }

    /// The path that leads to it from something that it is in: `network_configuration[0].assign_public_ip`.
    pub(crate) fn path_from(&self, outer: &Origin) -> String {
        let mut names = Vec::new();
        let mut next = self.0.as_ref();
        while let Some(node) = next {
            if outer
                .0
                .as_ref()
                .is_some_and(|outer| Arc::ptr_eq(outer, node))
            {
                break;
            }
            names.extend(node.name.as_deref());
            next = node.within.0.as_ref();
        }
        let mut path = String::new();
        for name in names.into_iter().rev() {
            if !path.is_empty() && !name.starts_with('[') {
                path.push('.');
            }
            path.push_str(name);
        }
        path
    }

    /// Whether somebody wrote it.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.0.as_ref().is_some_and(|node| node.written)
    }

    /// The value's trace, empty for a block.
    pub(crate) fn trace(&self) -> Option<&Trace> {
        self.0.as_ref().map(|node| &node.trace)
    }

    /// The header of the block, where it is one.
    pub(crate) fn header(&self) -> Option<Place> {
        self.0.as_ref().and_then(|node| node.header)
    }

    /// The text between the braces of the block, where it is one.
    pub(crate) fn body(&self) -> Option<Place> {
        self.0.as_ref().and_then(|node| node.body)
    }

    /// The module calls that lead to it, where it is a resource's block: the innermost first.
    pub(crate) fn calls(&self) -> &[Place] {
        self.0.as_ref().map_or(&[], |node| &node.calls)
    }

    /// What it was written in.
    pub(crate) fn within(&self) -> Option<&Origin> {
        self.0.as_ref().map(|node| &node.within)
    }
}
