//! Values of which any part may be unknown, and which know where they came from.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::number::Number;
use super::types::Type;
use crate::source::Place;

/// A Terraform value in which any part may be unknown, and which knows where it came from.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it came from.
    pub trace: Trace,
}

/// What a value can be. Cloning is cheap: everything large is shared.
#[derive(Clone, Debug, Default)]
pub enum Kind {
    /// `null`, of any type.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text, known or known in part.
    String(Text),
    /// A tuple, a list or a set. An element's [`Presence`] may say that it stands for none or many.
    List(Sequence, Arc<Vec<Value>>),
    /// An object or a map.
    Object(Mapping, Arc<Map>),
    /// A text that is the JSON of a value: what `jsonencode` gave, or a template that renders JSON
    /// once it has been read. To Terraform it is a string.
    Json(Arc<Value>),
    /// Known after apply, or not known to us.
    Unknown(Unknown),
}

/// The three sequence types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequence {
    /// `[a, b]`, each element with a type of its own.
    Tuple,
    /// `list(…)`.
    List,
    /// `set(…)`, kept sorted as Terraform iterates it, without repetition among what is known.
    Set,
}

/// The two mapping types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// `{ a = b }`, each attribute with a type of its own. Resources and modules are such objects.
    Object,
    /// `map(…)`.
    Map,
}

/// The entries of an object or a map, by key.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// What is known to be there.
    pub entries: BTreeMap<Arc<str>, Value>,
    /// What any other key would give, where keys may be missing from `entries`: the attributes of a
    /// resource that nobody wrote, or the unknown argument of a `merge`. `None`: there is no other key.
    pub rest: Option<Unknown>,
}

/// A text in parts: `"${aws_ecr_repository.app.repository_url}:latest"` is an unknown and `:latest`.
#[derive(Clone, Debug, Default)]
pub struct Text(pub Vec<Part>);

/// A part of a text.
#[derive(Clone, Debug)]
pub enum Part {
    /// Known text. Where the trace's place has the same length, it maps byte for byte onto the source.
    Known(Arc<str>, Trace),
    /// The JSON of a value, whose structure is kept.
    Json(Arc<Value>),
    /// A part that is not known.
    Unknown(Unknown, Trace),
}

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

/// Where a value was written, what it passed through, and the secrets that flowed into it.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Where it was written and what it passed through since, the last step first.
    pub steps: Option<Arc<TraceStep>>,
    /// The secret source that flowed into it, the first found. `nonsensitive` does not remove it.
    pub taint: Option<Arc<Taint>>,
    /// Whether Terraform itself marks it sensitive.
    pub sensitive: bool,
    /// Whether it is there at all, for an element of a sequence, an entry of a map or an instance.
    pub presence: Presence,
}

/// A step in the life of a value.
#[derive(Clone, Debug)]
pub struct TraceStep {
    /// What happened.
    pub kind: StepKind,
    /// Where: for [`StepKind::Written`] the expression itself.
    pub place: Place,
    /// What came before; `None` at the beginning.
    pub before: Option<Arc<TraceStep>>,
}

/// What can happen to a value on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// It was written here as a literal or made by this expression.
    Written,
    /// The key under which it was written in an object stands here.
    Key,
    /// It is the default of this variable.
    Default(Arc<str>),
    /// It was given to this variable in a variable file.
    VariableFile(Arc<str>),
    /// It was passed to a child module as this argument.
    Argument(Arc<str>),
    /// It went through this local value.
    Local(Arc<str>),
    /// It went through this output of a child module.
    Output(Arc<str>),
    /// It was referred to here by this expression (`var.image`).
    Reference(Arc<str>),
}

/// A secret source, for messages. It never holds the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taint {
    /// What it is: "`var.db_password`, which is sensitive".
    pub source: Arc<str>,
    /// Where it is declared, if it is in the source.
    pub place: Option<Place>,
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

/// What Terraform would refuse: a wrong type, a wrong argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong: lower case, no final period, code in backticks.
    pub message: String,
    /// The argument that is wrong, counted from 0, where it is one argument of a function.
    pub argument: Option<usize>,
}

impl Failure {
    /// Makes a failure of a message.
    pub fn new(message: impl Into<String>) -> Self {
        Failure {
            message: message.into(),
            argument: None,
        }
    }
}
