//! What a function is: what computes it, what secrets do to its result, and how it is called.

use super::Files;
use super::signature::{Arguments, Parameter, Takes, prepare, sensitivity};
use crate::terraform::value::{Failure, Reason, Unknown, Value};

/// What a call comes to.
pub(super) type Outcome = Result<Value, Failure>;

/// How a function gets its result.
#[derive(Clone, Copy)]
pub(super) enum Body {
    /// From arguments that are known, all the way down. Else the result is an unknown of this type.
    Known(Takes, fn(&Arguments<'_>) -> Outcome),
    /// From arguments any part of which may be unknown.
    Partial(fn(&Arguments<'_>) -> Outcome),
    /// It depends on the world at the time of the run, or is not computed here: an unknown of this type
    /// for this reason.
    Never(Takes, &'static str),
}

/// What becomes of secrets that flow into the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secrets {
    /// They are in the whole result.
    Flow,
    /// The function itself takes them to the parts of the result that they are in.
    Follow,
    /// They end here: the result is a hash, a length or a comparison.
    End,
}

/// What is done with an argument that is one of several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alternatives {
    /// The result is one of what each of them gives.
    Each,
    /// The function itself looks at them.
    Own,
}

/// A function.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) parameters: &'static [Parameter],
    pub(super) variadic: Option<Parameter>,
    pub(super) body: Body,
    secrets: Secrets,
    alternatives: Alternatives,
}

impl Function {
    pub(super) const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        body: Body,
    ) -> Self {
        Function {
            name,
            parameters,
            variadic: None,
            body,
            secrets: Secrets::Flow,
            alternatives: Alternatives::Each,
        }
    }

    pub(super) const fn known(
        name: &'static str,
        parameters: &'static [Parameter],
        returns: Takes,
        run: fn(&Arguments<'_>) -> Outcome,
    ) -> Self {
        Function::new(name, parameters, Body::Known(returns, run))
    }

    /// A function of values of which parts may be unknown; it moves what it is given.
    pub(super) const fn partial(
        name: &'static str,
        parameters: &'static [Parameter],
        run: fn(&Arguments<'_>) -> Outcome,
    ) -> Self {
        Function {
            secrets: Secrets::Follow,
            ..Function::new(name, parameters, Body::Partial(run))
        }
    }

    pub(super) const fn never(
        name: &'static str,
        parameters: &'static [Parameter],
        returns: Takes,
        why: &'static str,
    ) -> Self {
        Function::new(name, parameters, Body::Never(returns, why))
    }

    pub(super) const fn and(self, variadic: Parameter) -> Self {
        Function {
            variadic: Some(variadic),
            ..self
        }
    }

    pub(super) const fn ending_secrets(self) -> Self {
        Function {
            secrets: Secrets::End,
            ..self
        }
    }

    pub(super) const fn flowing_secrets(self) -> Self {
        Function {
            secrets: Secrets::Flow,
            ..self
        }
    }

    pub(super) const fn of_alternatives(self) -> Self {
        Function {
            alternatives: Alternatives::Own,
            ..self
        }
    }
}

/// The most ways in which arguments that are each one of several values are combined.
const MOST_WAYS: usize = 16;

impl Function {
    /// Calls it.
    pub(super) fn call(&self, arguments: &[Value], files: &dyn Files) -> Outcome {
        let variadic = self.variadic.as_ref();
        let values = prepare(self.name, self.parameters, variadic, arguments)?;
        let sensitivity = sensitivity(self.parameters, variadic, &values);
        let result = match self.each_way(&values, files) {
            Some(result) => result?,
            None => self.run(values.clone(), files)?,
        };
        let result = match self.secrets {
            Secrets::Flow => result.flow(&values),
            Secrets::Follow => result,
            Secrets::End => {
                let mut ended = result;
                ended.trace.taint = None;
                ended
            }
        };
        Ok(result.with_marks(&sensitivity))
    }

    pub(super) fn run(&self, values: Vec<Value>, files: &dyn Files) -> Outcome {
        match self.body {
            Body::Known(returns, run) => {
                if values.iter().all(Value::is_known) {
                    run(&Arguments { values, files })
                } else {
                    let unknown = Unknown::computed(&values).with_type(returns.ty());
                    Ok(Value::unknown(unknown.not_null()))
                }
            }
            Body::Partial(run) => run(&Arguments { values, files }),
            Body::Never(returns, why) => Ok(Value::unknown(
                Unknown::other(why).with_type(returns.ty()).not_null(),
            )),
        }
    }

    /// Where arguments are each one of several values: one of what all their combinations come to, those
    /// aside that would fail. `None` where there is nothing to combine, or too much.
    pub(super) fn each_way(&self, values: &[Value], files: &dyn Files) -> Option<Outcome> {
        if self.alternatives == Alternatives::Own {
            return None;
        }
        let mut ways = vec![values.to_vec()];
        for (index, value) in values.iter().enumerate() {
            let Some(Reason::OneOf(several, _)) = value.as_unknown().map(Unknown::reason) else {
                continue;
            };
            if ways.len() * several.len() > MOST_WAYS {
                return None;
            }
            let marks = value.trace.marks();
            ways = ways
                .iter()
                .flat_map(|way| {
                    several.iter().map(|one| {
                        let mut way = way.clone();
                        way[index] = one.clone().with_marks(&marks);
                        way
                    })
                })
                .collect();
        }
        if ways.len() < 2 {
            return None;
        }
        let (mut results, mut failure) = (Vec::new(), None);
        for way in ways {
            // An alternative has not been converted to the parameter's type yet.
            let prepared = prepare(self.name, self.parameters, self.variadic.as_ref(), &way);
            match prepared.and_then(|values| self.run(values, files)) {
                Ok(result) => results.push(result),
                Err(why) => failure = Some(why),
            }
        }
        Some(match failure {
            Some(failure) if results.is_empty() => Err(failure),
            _ => Ok(Unknown::one_of(results, &Unknown::computed(values))),
        })
    }
}
