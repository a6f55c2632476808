//! The syntax tree. Every node has the byte range of the text that it stands for.

use std::ops::Range;
use std::sync::Arc;

/// A half-open range of bytes in one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u32,
    /// The offset past the last byte.
    pub end: u32,
}

impl From<Range<usize>> for Span {
    /// What lies past 4 GiB, which no text that is read has, is taken for its end.
    fn from(range: Range<usize>) -> Self {
        let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            start: offset(range.start),
            end: offset(range.end),
        }
    }
}

/// What parsing a text gives: always a tree, with what was wrong beside it.
#[derive(Debug, Default)]
pub struct Parsed<T> {
    /// The tree; where the text was broken, parts of it are missing or [`ExpressionKind::Error`].
    pub tree: T,
    /// What was wrong, in the order of the text.
    pub errors: Vec<SyntaxError>,
    /// Every comment, in the order of the text.
    pub comments: Vec<Span>,
}

/// A place where the text is not the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, naming the construct.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// A file, or what stands between the braces of a block.
#[derive(Debug, Default)]
pub struct Body {
    /// The arguments, in the order of the text.
    pub attributes: Vec<Attribute>,
    /// The nested blocks, in the order of the text.
    pub blocks: Vec<Block>,
    /// The text between the braces, or the whole file.
    pub span: Span,
}

/// An identifier or a quoted label, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The decoded text.
    pub text: Arc<str>,
    /// Where it stands; the quotes of a label are part of it.
    pub span: Span,
}

/// `name = value`.
#[derive(Debug)]
pub struct Attribute {
    /// The name on the left.
    pub name: Name,
    /// The expression on the right, shared with whoever evaluates it.
    pub value: Arc<Expression>,
    /// From the name to the end of the expression.
    pub span: Span,
}

/// `keyword "label" { … }`.
#[derive(Debug)]
pub struct Block {
    /// The block's type.
    pub keyword: Name,
    /// The labels after it.
    pub labels: Vec<Name>,
    /// What stands between the braces.
    pub body: Body,
    /// The keyword and the labels.
    pub header: Span,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// An expression.
#[derive(Debug, Default)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub span: Span,
}

impl Expression {
    /// The text, where it is one in quotes or a heredoc without anything to evaluate.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        let ExpressionKind::Template(template) = &self.kind else {
            return None;
        };
        match template.parts.as_slice() {
            [] => Some(""),
            [TemplatePart::Literal(text, _)] => Some(text),
            _ => None,
        }
    }
}

/// What an expression can be.
#[derive(Debug, Default)]
pub enum ExpressionKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written.
    Number(Box<str>),
    /// A quoted text or a heredoc.
    Template(Box<Template>),
    /// The identifier that a traversal starts with.
    Variable(Box<str>),
    /// `( … )`.
    Parentheses(Box<Expression>),
    /// `[ … ]`.
    Tuple(Vec<Expression>),
    /// `{ … }`.
    Object(Vec<ObjectItem>),
    /// `[for …]` or `{for …}`.
    For(Box<For>),
    /// `name(…)`.
    Call(Box<Call>),
    /// A base and what is taken from it, in one flat list.
    Access(Box<Access>),
    /// `condition ? then : otherwise`.
    Conditional(Box<Conditional>),
    /// `!operand` or `-operand`.
    Unary(UnaryOperator, Box<Expression>),
    /// `left operator right`.
    Binary(Box<Binary>),
    /// Text that could not be read; an error says why.
    #[default]
    Error,
}

/// One `key = value` or `key: value` of an object.
#[derive(Debug)]
pub struct ObjectItem {
    /// The key.
    pub key: ObjectKey,
    /// The value.
    pub value: Expression,
}

/// A key of an object.
#[derive(Debug)]
pub enum ObjectKey {
    /// A bare identifier, which stands for itself (keywords such as `true` too).
    Name(Name),
    /// Anything else; it is evaluated and converted to a string.
    Expression(Expression),
}

/// A `for` expression.
#[derive(Debug)]
pub struct For {
    /// The name of the key or index, where there are two names.
    pub key_name: Option<Name>,
    /// The name of the element.
    pub value_name: Name,
    /// What is gone through.
    pub collection: Expression,
    /// The key to give, in `{for …}` alone.
    pub key: Option<Expression>,
    /// The value to give.
    pub value: Expression,
    /// Whether `...` gathers values under equal keys.
    pub grouped: bool,
    /// The filter after `if`.
    pub condition: Option<Expression>,
}

/// A function call.
#[derive(Debug)]
pub struct Call {
    /// The function's name, with its namespaces (`core::upper`, `provider::aws::arn_parse`).
    pub name: Name,
    /// The arguments.
    pub arguments: Vec<Expression>,
    /// Whether the last argument is expanded by `...`.
    pub expanded: bool,
}

/// A base and the steps taken from it.
#[derive(Debug)]
pub struct Access {
    /// What the steps start from.
    pub base: Expression,
    /// The steps, at least one.
    pub steps: Vec<Step>,
}

/// A step of a traversal.
#[derive(Debug)]
pub enum Step {
    /// `.name`.
    Attribute(Name),
    /// `.0`, the digits as they were written.
    LegacyIndex(Name),
    /// `[key]`; the span has the brackets in it.
    Index(Expression, Span),
    /// `.*` or `[*]`, with the steps that it applies to each element; the span is the mark's alone.
    /// `.*` takes the `.name` and `.0` steps that follow it, `[*]` all that follow.
    Splat(Vec<Step>, Span),
}

/// A conditional.
#[derive(Debug)]
pub struct Conditional {
    /// Before the `?`.
    pub condition: Expression,
    /// Between `?` and `:`.
    pub then: Expression,
    /// After the `:`.
    pub otherwise: Expression,
}

/// A binary operation.
#[derive(Debug)]
pub struct Binary {
    /// The operator.
    pub operator: BinaryOperator,
    /// The left operand.
    pub left: Expression,
    /// The right operand.
    pub right: Expression,
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `!`.
    Not,
    /// `-`.
    Negate,
}

/// An operator between two operands.
#[allow(missing_docs, reason = "the names are the operators'")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A text with interpolations and directives; strip marks and indentation are already applied.
#[derive(Debug, Default)]
pub struct Template {
    /// The parts, in order.
    pub parts: Vec<TemplatePart>,
    /// From the opening quote or `<<` to the closing quote or marker; the whole text of a template file.
    pub span: Span,
    /// Whether it is a heredoc.
    pub heredoc: bool,
}

/// A part of a template.
#[derive(Debug)]
pub enum TemplatePart {
    /// Text, decoded. Text and span have equal lengths, byte for byte, unless the span is one escape
    /// (`\n`, `\u00e9`, `$${`) or a carriage return that was dropped.
    Literal(Arc<str>, Span),
    /// `${ … }`; the span has the marks in it.
    Interpolation(Expression, Span),
    /// `%{ if … } … %{ else } … %{ endif }`.
    If(Box<TemplateIf>),
    /// `%{ for … } … %{ endfor }`.
    For(Box<TemplateFor>),
}

/// The `if` directive.
#[derive(Debug)]
pub struct TemplateIf {
    /// The condition.
    pub condition: Expression,
    /// The parts given when it holds.
    pub then: Vec<TemplatePart>,
    /// The parts given when it does not.
    pub otherwise: Vec<TemplatePart>,
    /// From the opening `%{` to the last `}`.
    pub span: Span,
}

/// The `for` directive.
#[derive(Debug)]
pub struct TemplateFor {
    /// The name of the key or index, where there are two names.
    pub key_name: Option<Name>,
    /// The name of the element.
    pub value_name: Name,
    /// What is gone through.
    pub collection: Expression,
    /// The parts given for each element.
    pub body: Vec<TemplatePart>,
    /// From the opening `%{` to the last `}`.
    pub span: Span,
}
