//! Where a value came from and which secrets flowed into it.

use std::sync::Arc;

use super::unknown::Presence;
use crate::source::Place;

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
    /// The object had the same key already, which stands here, and whose value is gone.
    Again,
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
    /// Whether `nonsensitive` took Terraform's mark off what it flowed into.
    pub is_bared: bool,
}

/// What must not get lost when a value is made from others.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// The first secret source found.
    pub taint: Option<Arc<Taint>>,
    /// Whether Terraform marks any of it sensitive.
    pub sensitive: bool,
}

impl Marks {
    /// Whether anything marked is there.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.sensitive || self.taint.is_some()
    }

    /// Adds other marks; the taint that is there already stays.
    pub fn add(&mut self, other: &Marks) {
        self.sensitive |= other.sensitive;
        if self.taint.is_none() {
            self.taint.clone_from(&other.taint);
        }
    }

    /// Whether there is any mark.
    #[must_use]
    pub fn any(&self) -> bool {
        self.sensitive || self.taint.is_some()
    }
}

impl Trace {
    /// A trace that begins here.
    #[must_use]
    pub fn at(place: Place) -> Self {
        Trace::default().then(StepKind::Written, place)
    }

    /// The same trace with one step more.
    #[must_use]
    pub fn then(mut self, kind: StepKind, place: Place) -> Self {
        self.steps = Some(Arc::new(TraceStep {
            kind,
            place,
            before: self.steps.take(),
        }));
        self
    }

    /// The steps, the last first.
    pub fn iter(&self) -> impl Iterator<Item = &TraceStep> {
        std::iter::successors(self.steps.as_deref(), |step| step.before.as_deref())
    }

    /// Where the value was written: the last place where it was a literal or was made by an expression.
    #[must_use]
    pub fn written(&self) -> Option<Place> {
        self.iter()
            .find(|step| step.kind == StepKind::Written)
            .map(|step| step.place)
    }

    /// Where the key stands under which the value was last written in an object.
    #[must_use]
    pub fn key(&self) -> Option<Place> {
        self.iter()
            .find(|step| step.kind == StepKind::Key)
            .map(|step| step.place)
    }

    /// Where the same key stood before in the object that the value was last written in, where it was repeated.
    #[must_use]
    pub fn repeated(&self) -> Option<Place> {
        self.iter()
            .find(|step| matches!(step.kind, StepKind::Key | StepKind::Again))
            .filter(|step| step.kind == StepKind::Again)
            .map(|step| step.place)
    }

    /// The taint and the sensitivity.
    #[must_use]
    pub fn marks(&self) -> Marks {
        Marks {
            taint: self.taint.clone(),
            sensitive: self.sensitive,
        }
    }

    /// The same trace with marks added; a taint that is there already stays.
    #[must_use]
    pub fn with_marks(mut self, marks: &Marks) -> Self {
        self.add_marks(marks);
        self
    }

    /// Takes Terraform's mark off; the taint stays, and says so.
    pub fn bare(&mut self) {
        if std::mem::take(&mut self.sensitive)
            && let Some(taint) = &mut self.taint
        {
            let taint = Arc::make_mut(taint);
            taint.is_bared = true;
        }
    }

    /// Adds marks; a taint that is there already stays.
    pub fn add_marks(&mut self, marks: &Marks) {
        self.sensitive |= marks.sensitive;
        if self.taint.is_none() {
            self.taint.clone_from(&marks.taint);
        }
    }

    /// The same trace with another's taint and sensitivity added.
    #[must_use]
    pub fn with_taint_of(mut self, other: &Trace) -> Self {
        self.sensitive |= other.sensitive;
        if self.taint.is_none() {
            self.taint.clone_from(&other.taint);
        }
        self
    }
}

/// A chain of steps can be as long as a configuration; it must not be dropped by recursion.
impl Drop for TraceStep {
    fn drop(&mut self) {
        let mut next = self.before.take();
        while let Some(mut step) = next.and_then(Arc::into_inner) {
            next = step.before.take();
        }
    }
}
