//! Tokens: pieces of a text that, one after the other, are the whole text.

use super::tree::Span;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands. Only [`TokenKind::Missing`] and [`TokenKind::End`] are empty.
    pub span: Span,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The mark that some editors put at the beginning of a file.
    ByteOrderMark,
    /// Spaces and tabs.
    Space,
    /// A line break, with its carriage return.
    Newline,
    /// A comment of any kind, without the line break after it.
    Comment,
    /// Characters that the language does not use.
    Invalid,
    /// A name; it may have `-` in it.
    Identifier,
    /// A number, or what looks like one.
    Number,
    /// The `"` that begins a text.
    OpenQuote,
    /// The `"` that ends a text.
    CloseQuote,
    /// `<<NAME` or `<<-NAME` with the line break after it.
    OpenHeredoc,
    /// The marker that ends a heredoc, with the blank space around it.
    CloseHeredoc,
    /// Literal characters of a template: in a heredoc and a template file, of one line at most.
    Text,
    /// One escape sequence of a template.
    Escape,
    /// `${` or `${~`.
    OpenInterpolation,
    /// `%{` or `%{~`.
    OpenDirective,
    /// The `}` or `~}` that ends an interpolation or a directive.
    CloseSequence,
    /// Where a template or a sequence ends without its closing mark.
    Missing,
    /// `{`.
    OpenBrace,
    /// `}`.
    CloseBrace,
    /// `[`.
    OpenBracket,
    /// `]`.
    CloseBracket,
    /// `(`.
    OpenParenthesis,
    /// `)`.
    CloseParenthesis,
    /// `.`.
    Dot,
    /// `...`.
    Ellipsis,
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// `::`.
    DoubleColon,
    /// `=`.
    Assign,
    /// `=>`.
    Arrow,
    /// `?`.
    Question,
    /// `*`.
    Star,
    /// `/`.
    Slash,
    /// `%`.
    Percent,
    /// `+`.
    Plus,
    /// `-`.
    Minus,
    /// `!`.
    Bang,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// The end of the text.
    End,
}

impl TokenKind {
    /// The bracket that closes this one, if it is a bracket that opens.
    pub(super) fn closer(self) -> Option<TokenKind> {
        match self {
            TokenKind::OpenBrace => Some(TokenKind::CloseBrace),
            TokenKind::OpenBracket => Some(TokenKind::CloseBracket),
            TokenKind::OpenParenthesis => Some(TokenKind::CloseParenthesis),
            TokenKind::OpenQuote => Some(TokenKind::CloseQuote),
            TokenKind::OpenHeredoc => Some(TokenKind::CloseHeredoc),
            TokenKind::OpenInterpolation | TokenKind::OpenDirective => {
                Some(TokenKind::CloseSequence)
            }
            _ => None,
        }
    }

    /// Whether it opens a bracket of an expression or a body, not of a template.
    pub(super) fn is_plain_opener(self) -> bool {
        matches!(
            self,
            TokenKind::OpenBrace | TokenKind::OpenBracket | TokenKind::OpenParenthesis
        )
    }
}
