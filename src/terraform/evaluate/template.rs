//! Templates: texts with parts that are evaluated.

use std::rc::Rc;

use super::evaluator::{Evaluator, Fault, Outcome};
use super::scope::{Names, Origin, Scope};
use crate::hcl;
use crate::hcl::Span;
use crate::hcl::tree::{Call, Expression, Template, TemplateFor, TemplateIf, TemplatePart};
use crate::source::{FileId, Place};
use crate::terraform::functions::{FileError, Files};
use crate::terraform::types::{Type, convert};
use crate::terraform::value::{
    Kind, Map, Part, Presence, Text, TextBuilder, Trace, Unknown, Value,
};

/// The largest text that is read as a template, in bytes.
const LARGEST_TEMPLATE: usize = 2 << 20;

/// A template that was parsed, and what is wrong with it.
#[derive(Debug)]
pub(super) struct TemplateFile {
    template: Template,
    error: Option<hcl::SyntaxError>,
}

impl TemplateFile {
    fn parse(text: &str) -> Self {
        let parsed = hcl::parse_template(text);
        TemplateFile {
            template: parsed.tree,
            error: parsed.errors.into_iter().next(),
        }
    }
}

impl Evaluator<'_> {
    /// A template. One that is a single interpolation is that value.
    pub(super) fn template(&self, scope: Scope<'_>, template: &Template, span: Span) -> Outcome {
        match template.parts.as_slice() {
            [TemplatePart::Interpolation(inner, _)] => return self.expression(scope, inner),
            [TemplatePart::Literal(text, at)] => {
                let place = scope.place(*at);
                return Ok(Value::string(Text::shared(text, begun(place))));
            }
            _ => {}
        }
        let mut text = TextBuilder::default();
        self.parts(scope, &template.parts, &mut text)?;
        let sensitive = text.is_sensitive();
        let text = text.finish();
        let size = text.0.len()
            + text
                .0
                .iter()
                .map(|part| match part {
                    Part::Known(known, _) => known.len() / 64,
                    _ => 1,
                })
                .sum::<usize>();
        if let Err(met) = self.bounds.produce(size) {
            return Ok(self.met(met, scope.place(span)));
        }
        let mut marks = text.marks();
        marks.sensitive |= sensitive;
        Ok(Value::string(text).with_marks(&marks))
    }

    fn parts(
        &self,
        scope: Scope<'_>,
        parts: &[TemplatePart],
        text: &mut TextBuilder,
    ) -> Result<(), Fault> {
        for part in parts {
            match part {
                TemplatePart::Literal(known, at) => {
                    text.push_known(known, &begun(scope.place(*at)));
                }
                TemplatePart::Interpolation(inner, at) => {
                    self.interpolation(scope, inner, *at, text)?;
                }
                TemplatePart::If(directive) => self.if_directive(scope, directive, text)?,
                TemplatePart::For(directive) => self.for_directive(scope, directive, text)?,
            }
            if let Err(met) = self.bounds.spend(1) {
                let unknown = Unknown::other(met).with_type(Type::String);
                text.push(Part::Unknown(unknown, Trace::default()));
                break;
            }
        }
        Ok(())
    }

    fn interpolation(
        &self,
        scope: Scope<'_>,
        inner: &Expression,
        span: Span,
        text: &mut TextBuilder,
    ) -> Result<(), Fault> {
        let value = self.leaf(scope, inner)?.with_presence(Presence::Certain);
        let place = scope.place(span);
        if let Some(more) = value.as_text() {
            text.push_text(more);
            return Ok(());
        }
        let message = match &value.kind {
            Kind::Null(_) => "a template cannot hold null",
            _ => "a template can hold texts, numbers and truth values alone",
        };
        let fault = Fault::new(message, place);
        if scope.strict {
            return Err(fault);
        }
        let unknown = Unknown::other(message).with_type(Type::String);
        self.notes.add(fault.message, fault.place);
        text.push(Part::Unknown(unknown, begun(place)));
        Ok(())
    }

    fn if_directive(
        &self,
        scope: Scope<'_>,
        directive: &TemplateIf,
        text: &mut TextBuilder,
    ) -> Result<(), Fault> {
        let condition = self.leaf(scope, &directive.condition)?;
        let place = scope.place(directive.condition.span);
        let condition =
            convert(&condition, &Type::Bool).map_err(|failure| Fault::of(failure, place))?;
        if condition.is_sensitive() {
            text.mark_sensitive();
        }
        match &condition.kind {
            Kind::Bool(true) => self.parts(scope, &directive.then, text),
            Kind::Bool(false) => self.parts(scope, &directive.otherwise, text),
            Kind::Unknown(unknown) => {
                let mut arms = [TextBuilder::default(), TextBuilder::default()];
                self.parts(scope, &directive.then, &mut arms[0])?;
                self.parts(scope, &directive.otherwise, &mut arms[1])?;
                if arms.iter().any(TextBuilder::is_sensitive) {
                    text.mark_sensitive();
                }
                let arms = arms.map(|arm| Value::string(arm.finish()));
                let [then, otherwise] = arms;
                let either = super::conditional::either(then, otherwise, unknown);
                if let Some(more) = either.as_text() {
                    text.push_text(more);
                }
                Ok(())
            }
            _ => Err(Fault::new("a condition cannot be null", place)),
        }
    }

    fn for_directive(
        &self,
        scope: Scope<'_>,
        directive: &TemplateFor,
        text: &mut TextBuilder,
    ) -> Result<(), Fault> {
        let collection = self.leaf(scope, &directive.collection)?;
        let place = scope.place(directive.collection.span);
        let items = self
            .items(&collection)
            .map_err(|message| Fault::new(message, place))?;
        if collection.trace.sensitive {
            text.mark_sensitive();
        }
        for item in items {
            let (key, value) = (directive.key_name.as_ref(), &directive.value_name);
            self.with_item(scope, key, value, &item, |scope| {
                if item.presence.is_certain() {
                    return self.parts(scope, &directive.body, text);
                }
                // How often the body comes is not known, and so nothing of what it comes to.
                let mut body = TextBuilder::default();
                self.parts(scope, &directive.body, &mut body)?;
                if body.is_sensitive() {
                    text.mark_sensitive();
                }
                let body = body.finish();
                let unknowns = item.presence.unknown().into_iter().chain(body.unknowns());
                let unknown = Unknown::computed_from(unknowns).with_type(Type::String);
                let trace = Trace::default().with_marks(&body.marks());
                text.push(Part::Unknown(unknown.not_null(), trace));
                Ok(())
            })?;
        }
        Ok(())
    }

    /// `templatefile`.
    pub(super) fn template_file(&self, scope: Scope<'_>, call: &Call, span: Span) -> Outcome {
        let (path, variables) = self.template_arguments(scope, call, span)?;
        let place = scope.place(call.arguments[0].span);
        let path = convert(&path, &Type::String).map_err(|failure| Fault::of(failure, place))?;
        let Some(known) = path.as_str() else {
            if path.is_null() {
                return Err(Fault::new("the path of a template cannot be null", place));
            }
            let unknown = Unknown::computed([&path]).with_type(Type::String);
            return Ok(Value::unknown(unknown.not_null()).flow([&path, &variables]));
        };
        // A message names the path, which may be secret.
        let told = |message: String| match path.marks().is_marked() {
            true => "the template cannot be read, and its path is secret".to_owned(),
            false => message,
        };
        let content = match self.files.read(&known) {
            Ok(content) => content,
            Err(FileError::Refused(message)) => return Err(Fault::new(told(message), place)),
            Err(FileError::Unread(message)) => {
                let message = told(message);
                self.notes.add(message.clone(), place);
                let unknown = Unknown::other(message).with_type(Type::String);
                return Ok(Value::unknown(unknown.not_null()).flow([&variables]));
            }
        };
        let Some(file) = content.file else {
            return Err(Fault::new(told(format!("`{known}` is not UTF-8")), place));
        };
        if content.bytes.len() > LARGEST_TEMPLATE {
            return Ok(self.too_large(place).flow([&path, &variables]));
        }
        let template = self.template_of(file);
        let value = self.render(scope, &template, &variables, Origin::File(file, 0), place)?;
        Ok(value.with_marks(&path.trace.marks()))
    }

    /// What a template comes to that is too large to be read.
    fn too_large(&self, place: Option<Place>) -> Value {
        let message = "the template is larger than 2 MiB and not read";
        self.notes.add_once(message, place);
        Value::unknown(Unknown::other(message).with_type(Type::String).not_null())
    }

    fn template_of(&self, file: FileId) -> Rc<TemplateFile> {
        if let Some(known) = self.templates.borrow().get(&file) {
            return known.clone();
        }
        let parsed = Rc::new(TemplateFile::parse(&self.files.text(file)));
        self.templates.borrow_mut().insert(file, parsed.clone());
        parsed
    }

    /// `templatestring`.
    pub(super) fn template_string(&self, scope: Scope<'_>, call: &Call, span: Span) -> Outcome {
        let (text, variables) = self.template_arguments(scope, call, span)?;
        let place = scope.place(call.arguments[0].span);
        self.render_text(scope, &text, &variables, place)
    }

    /// Renders a text as a template.
    pub(super) fn render_text(
        &self,
        scope: Scope<'_>,
        text: &Value,
        variables: &Value,
        place: Option<Place>,
    ) -> Outcome {
        let text = convert(text, &Type::String).map_err(|failure| Fault::of(failure, place))?;
        let Some(known) = text.as_str() else {
            if text.is_null() {
                return Err(Fault::new("a template cannot be null", place));
            }
            // Whatever the variables are: nothing can be said before the template is there.
            let unknown = Unknown::computed([&text]).with_type(Type::String);
            return Ok(Value::unknown(unknown.not_null()).flow([&text, variables]));
        };
        let origin = match &text.kind {
            Kind::String(parts) => origin_of(parts, place),
            _ => place.map_or(Origin::Nowhere, Origin::Value),
        };
        if known.len() > LARGEST_TEMPLATE {
            return Ok(self.too_large(place).flow([&text, variables]));
        }
        let template = TemplateFile::parse(&known);
        let value = self.render(scope, &template, variables, origin, place)?;
        Ok(value.flow([&text]))
    }

    fn render(
        &self,
        outer: Scope<'_>,
        template: &TemplateFile,
        variables: &Value,
        origin: Origin,
        place: Option<Place>,
    ) -> Outcome {
        if let Some(error) = &template.error {
            let at = Scope::bare(origin).place(error.span);
            return Err(Fault::new(error.message.clone(), at.or(place)));
        }
        let open;
        // To Terraform the result is as sensitive as any variable, used or not.
        let mut marks = variables.trace.marks();
        marks.sensitive |= variables.is_sensitive();
        let variables = match &variables.kind {
            Kind::Object(_, map) => &**map,
            Kind::Unknown(unknown) => {
                open = Map {
                    rest: Some(unknown.clone()),
                    ..Map::default()
                };
                &open
            }
            _ => return Err(Fault::new("the variables must be an object", place)),
        };
        let scope = Scope {
            names: Names::Template(variables),
            strict: outer.strict,
            ..Scope::bare(origin)
        };
        let value = self.template(scope, &template.template, template.template.span)?;
        let value = super::evaluator::written(value, scope.place(template.template.span));
        let text = convert(&value, &Type::String).map_err(|failure| Fault::of(failure, place))?;
        Ok(text.with_marks(&marks))
    }
}

/// Whether an expression could refer to a variable of this name.
pub(super) fn can_be_named(name: &str) -> bool {
    name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// Where a text that a value holds stands, if it is one piece that maps onto a file.
fn origin_of(text: &Text, place: Option<Place>) -> Origin {
    if let [Part::Known(known, trace)] = text.0.as_slice()
        && let Some(at) = trace.written()
        && (at.span.end - at.span.start) as usize == known.len()
    {
        return Origin::File(at.file, at.span.start);
    }
    place.map_or(Origin::Nowhere, Origin::Value)
}

fn begun(place: Option<Place>) -> Trace {
    place.map_or_else(Trace::default, Trace::at)
}
