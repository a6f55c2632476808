//! What is not known, and what is known of it all the same.

use std::fmt;
use std::sync::Arc;

use super::kind::{Kind, Value};
use super::shared::{MAX_DEPTH, MAX_WEIGHT};
use super::text::Part;
use crate::terraform::types::Type;

/// The most references and alternatives that an unknown keeps.
const MOST_REASONS: usize = 16;
/// The longest attribute path that a reference keeps, in bytes.
const LONGEST_PATH: usize = 1024;

/// Something that is not known, with what is known of it. Shared: cloning is cheap.
#[derive(Clone, Debug)]
pub struct Unknown(pub Arc<UnknownParts>);

/// What is known of an unknown value.
#[derive(Clone, Debug, Default)]
pub struct UnknownParts {
    /// Its type, [`Type::Any`] where that is open.
    pub ty: Type,
    /// Why it is not known.
    pub reason: Reason,
    /// Whether it is known not to be null.
    pub not_null: bool,
    /// Whether a mocked plan has a made-up value for it, which is no fact.
    pub mocked: bool,
}

/// Why a value is not known.
#[derive(Clone, Debug)]
pub enum Reason {
    /// It is exactly what this reference will give. Two unknowns with equal references are equal.
    Reference(Reference),
    /// It is made from what these references will give; never empty.
    Computed(Vec<Reference>),
    /// It is one of these, at least two, depending on what the references will give.
    OneOf(Vec<Value>, Vec<Reference>),
    /// It depends on the world at the time of the run (`timestamp`), or cannot be evaluated here: the
    /// text says what and why, for a person.
    Other(Arc<str>),
}

impl Default for Reason {
    fn default() -> Self {
        Reason::Other(Arc::from("not known"))
    }
}

/// What a reference points at: an object of the configuration, and an attribute in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The absolute address of the object: `module.api.aws_iam_role.task[0]`, `data.aws_vpc.main`,
    /// `module.api.var.vpc_id`.
    pub address: Arc<str>,
    /// The attribute path within it, as it would be written after the address: `.arn`,
    /// `.endpoint[0].address`; empty for the whole object.
    pub path: Arc<str>,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.address, self.path)
    }
}

/// Whether an element, an entry or an instance is there.
#[derive(Clone, Debug, Default)]
pub enum Presence {
    /// It is.
    #[default]
    Certain,
    /// It is there or not, depending on this.
    Maybe(Unknown),
    /// It stands for any number of elements, none included.
    Any(Unknown),
}

impl Presence {
    /// Whether it is certain.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        matches!(self, Presence::Certain)
    }

    /// What it depends on, where it is not certain.
    #[must_use]
    pub fn unknown(&self) -> Option<&Unknown> {
        match self {
            Presence::Certain => None,
            Presence::Maybe(unknown) | Presence::Any(unknown) => Some(unknown),
        }
    }
}

impl Default for Unknown {
    fn default() -> Self {
        Unknown::because(Reason::default())
    }
}

impl Unknown {
    /// An unknown of an open type for this reason.
    #[must_use]
    pub fn because(reason: Reason) -> Self {
        Unknown(Arc::new(UnknownParts {
            ty: Type::Any,
            reason,
            not_null: false,
            mocked: false,
        }))
    }

    /// What a reference will give: an address and the path after it (`.arn`), which may be empty.
    pub fn reference(address: impl Into<Arc<str>>, path: impl Into<Arc<str>>) -> Self {
        Unknown::because(Reason::Reference(Reference {
            address: address.into(),
            path: path.into(),
        }))
    }

    /// What cannot be known before or outside a run; the text says what and why, for a person.
    pub fn other(why: impl Into<Arc<str>>) -> Self {
        Unknown::because(Reason::Other(why.into()))
    }

    /// What is made from values of which something is not known: the references that made them so, or,
    /// where there are none, the first other reason.
    pub fn computed<'a>(inputs: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut reasons = Reasons::default();
        for input in inputs {
            reasons.add_value(input);
        }
        reasons.finish()
    }

    /// What is made from these unknowns.
    pub fn computed_from<'a>(inputs: impl IntoIterator<Item = &'a Unknown>) -> Self {
        let mut reasons = Reasons::default();
        for input in inputs {
            reasons.add(input);
        }
        reasons.finish()
    }

    /// One of these values, depending on something unknown. Alternatives that are themselves one of
    /// several are flattened, repeated ones dropped; a single one that is left is given as it is.
    #[must_use]
    pub fn one_of(values: Vec<Value>, why: &Unknown) -> Value {
        let mut reasons = Reasons::default();
        reasons.add(why);
        let mut alternatives: Vec<Value> = Vec::new();
        let mut pending: Vec<Value> = values.into_iter().rev().collect();
        while let Some(mut value) = pending.pop() {
            if let Kind::Unknown(unknown) = &value.kind
                && let Reason::OneOf(nested, references) = &unknown.0.reason
            {
                let marks = value.trace.marks();
                for reference in references {
                    reasons.add_reference(reference);
                }
                pending.extend(
                    nested
                        .iter()
                        .rev()
                        .map(|one| one.clone().with_marks(&marks)),
                );
                continue;
            }
            value.trace.presence = Presence::Certain;
            if let Some(same) = alternatives.iter_mut().find(|one| one.same(&value)) {
                same.trace.add_marks(&value.marks());
                continue;
            }
            alternatives.push(value);
            if alternatives.len() > MOST_REASONS {
                for value in alternatives.iter().chain(&pending) {
                    reasons.add_value(value);
                }
                return Value::unknown(reasons.finish()).flow(alternatives.iter().chain(&pending));
            }
        }
        if alternatives.len() == 1 {
            return alternatives.remove(0);
        }
        let depth = alternatives.iter().map(Value::depth).max().unwrap_or(0);
        let weight = alternatives
            .iter()
            .map(Value::weight)
            .fold(0, usize::saturating_add);
        if depth >= MAX_DEPTH || weight > MAX_WEIGHT {
            return Value::unknown(reasons.finish()).flow(&alternatives);
        }
        let ty = Type::common(&alternatives);
        let not_null = alternatives.iter().all(Value::is_not_null);
        let sensitive = alternatives.iter().any(|value| value.trace.sensitive);
        let reason = Reason::OneOf(alternatives, reasons.references);
        let mut unknown = Unknown::because(reason).with_type(ty);
        if not_null {
            unknown = unknown.not_null();
        }
        let mut one = Value::unknown(unknown);
        one.trace.sensitive = sensitive;
        one
    }

    /// The same with a type.
    #[must_use]
    pub fn with_type(mut self, ty: Type) -> Self {
        let ty = if ty == Type::Null { Type::Any } else { ty };
        if self.0.ty != ty {
            Arc::make_mut(&mut self.0).ty = ty;
        }
        self
    }

    /// The same, known not to be null.
    #[must_use]
    pub fn not_null(mut self) -> Self {
        if !self.0.not_null {
            Arc::make_mut(&mut self.0).not_null = true;
        }
        self
    }

    /// The same, marked as something that a mocked plan has a made-up value for.
    #[must_use]
    pub fn mocked(mut self) -> Self {
        if !self.0.mocked {
            Arc::make_mut(&mut self.0).mocked = true;
        }
        self
    }

    /// Its type.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.0.ty
    }

    /// Why it is not known.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// The reference that it is exactly, where it is one.
    #[must_use]
    pub fn exact(&self) -> Option<&Reference> {
        match &self.0.reason {
            Reason::Reference(reference) => Some(reference),
            _ => None,
        }
    }

    /// The references that it hangs on, each once, up to a limit.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let mut reasons = Reasons::default();
        reasons.add(self);
        reasons.references
    }

    /// What an attribute of it is: of a reference the longer reference.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Self {
        let ty = match &self.0.ty {
            Type::Object(attributes) => attributes.get(name).cloned().unwrap_or_default(),
            Type::Map(element) => (**element).clone(),
            _ => Type::Any,
        };
        let step = if is_identifier(name) {
            format!(".{name}")
        } else {
            format!("[{name:?}]")
        };
        self.longer(&step).with_type(ty)
    }

    /// What an element of it is: of a reference the longer reference.
    #[must_use]
    pub fn element(&self, index: usize) -> Self {
        let ty = match &self.0.ty {
            Type::List(element) | Type::Set(element) => (**element).clone(),
            Type::Tuple(elements) => elements.get(index).cloned().unwrap_or_default(),
            _ => Type::Any,
        };
        self.longer(&format!("[{index}]")).with_type(ty)
    }

    /// What some element of it is, which one being open: never an exact reference.
    #[must_use]
    pub fn some_element(&self) -> Self {
        let ty = match &self.0.ty {
            Type::List(element) | Type::Set(element) | Type::Map(element) => (**element).clone(),
            _ => Type::Any,
        };
        Unknown::computed_from([self]).with_type(ty)
    }

    fn longer(&self, step: &str) -> Self {
        match &self.0.reason {
            Reason::Reference(reference) if reference.path.len() + step.len() <= LONGEST_PATH => {
                Unknown::because(Reason::Reference(Reference {
                    address: reference.address.clone(),
                    path: Arc::from(format!("{}{step}", reference.path)),
                }))
            }
            _ => Unknown::computed_from([self]),
        }
    }
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|other| other.is_alphanumeric() || other == '_' || other == '-')
}

/// Gathers why a value that is made from several is not known.
#[derive(Default)]
struct Reasons {
    references: Vec<Reference>,
    other: Option<Arc<str>>,
    /// How many values may still be looked at: a reason is for a person, so the first will do.
    budget: Option<usize>,
}

/// How many values are looked at for reasons.
const MOST_VISITED: usize = 4096;

impl Reasons {
    fn is_full(&mut self) -> bool {
        let budget = self.budget.get_or_insert(MOST_VISITED);
        *budget = budget.saturating_sub(1);
        *budget == 0 || self.references.len() >= MOST_REASONS
    }

    fn add_reference(&mut self, reference: &Reference) {
        if self.references.len() < MOST_REASONS && !self.references.contains(reference) {
            self.references.push(reference.clone());
        }
    }

    fn add(&mut self, unknown: &Unknown) {
        match &unknown.0.reason {
            Reason::Reference(reference) => self.add_reference(reference),
            Reason::Computed(references) => {
                for reference in references {
                    self.add_reference(reference);
                }
            }
            Reason::OneOf(values, references) => {
                for reference in references {
                    self.add_reference(reference);
                }
                for value in values {
                    self.add_value(value);
                }
            }
            Reason::Other(why) => {
                self.other.get_or_insert_with(|| why.clone());
            }
        }
    }

    fn add_value(&mut self, value: &Value) {
        if value.is_known() || self.is_full() {
            return;
        }
        if let Some(unknown) = value.trace.presence.unknown() {
            self.add(unknown);
        }
        match &value.kind {
            Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => {}
            Kind::String(text) => {
                for part in &text.0 {
                    match part {
                        Part::Known(..) => {}
                        Part::Json(value) => self.add_value(value),
                        Part::Unknown(unknown, _) => self.add(unknown),
                    }
                }
            }
            Kind::List(_, elements) => {
                for element in elements.iter() {
                    self.add_value(element);
                }
            }
            Kind::Object(_, map) => {
                for element in map.entries.values() {
                    self.add_value(element);
                }
                if let Some(rest) = &map.rest {
                    self.add(rest);
                }
            }
            Kind::Json(value) => self.add_value(value),
            Kind::Unknown(unknown) => self.add(unknown),
        }
    }

    fn finish(self) -> Unknown {
        Unknown::because(if self.references.is_empty() {
            self.other.map_or_else(Reason::default, Reason::Other)
        } else {
            Reason::Computed(self.references)
        })
    }
}
