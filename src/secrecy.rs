//! What must not be shown: secrets in the texts that reports quote are masked before any report sees them.

mod censor;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::ecs::Origin;
use crate::hcl::{self, TokenKind};
use crate::report::{RootNote, RootReport, SharedText};
use crate::rules::Judgement;
use crate::source::{FileId, Place, SourceMap};
use crate::terraform::Instance;
use crate::terraform::value::{SecretTexts, StepKind};

use censor::Censor;

/// What must not be shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets {
    /// Ranges to mask, by the name of the text.
    ranges: BTreeMap<Arc<str>, Vec<Range<usize>>>,
    /// Texts to take out of everything.
    texts: SecretTexts,
}

/// What stands for each byte that must not be seen, so that places stay where they are. What shows a text shows
/// as many of them as there are by one mask, since a length can tell something too.
pub(crate) const MASK: u8 = 0x1a;

/// Finds secrets in texts.
pub(crate) struct Finder(Censor);

impl Finder {
    /// Whether there is one in a text.
    pub(crate) fn finds(&self, text: &str) -> bool {
        self.0.ranges(text).next().is_some()
    }
}

/// How many steps of a value's way are looked at.
const STEPS_READ: usize = 256;

impl Secrets {
    /// Begins with the secrets that were met on the way to instances and in them.
    pub(crate) fn of(met: SecretTexts, instances: &[Instance]) -> Self {
        let mut texts = met;
        for instance in instances {
            for value in instance.attributes.entries.values() {
                texts.gather(value);
            }
        }
        Secrets {
            texts,
            ..Secrets::default()
        }
    }

    /// Takes the secrets out of what a verdict is called by, so that not even a hash is made of them.
    pub(crate) fn rename(&self, judgements: &mut [Judgement]) {
        let censor = Censor::new(&self.texts);
        for Judgement { subject, .. } in judgements {
            if let Cow::Owned(safe) = censor.address(&subject.address) {
                subject.address = Arc::from(safe);
            }
            if let Some(container) = &mut subject.container
                && let Cow::Owned(safe) = censor.censored(container)
            {
                *container = Arc::from(safe);
            }
        }
    }

    /// Collects what verdicts say is secret, and every value that came from a secret source and that some
    /// verdict points at.
    pub(crate) fn gather(&mut self, judgements: &[Judgement], source: &SourceMap) {
        for Judgement { verdict, .. } in judgements {
            for origin in &verdict.secrets {
                self.add(origin, source);
            }
            let labels = std::iter::once(&verdict.primary).chain(&verdict.secondary);
            for label in labels {
                let tainted = label
                    .origin
                    .trace()
                    .is_some_and(|trace| trace.sensitive || trace.taint.is_some());
                if tainted {
                    self.add(&label.origin, source);
                }
            }
        }
    }

    /// Finds what is secret in texts: what is known to be, and what else is given.
    pub(crate) fn finder(&self, more: &[Arc<str>]) -> Finder {
        let mut texts = self.texts.clone();
        more.iter().for_each(|text| texts.insert(text));
        Finder(Censor::new(&texts))
    }

    /// Adds what others collected.
    pub(crate) fn merge(&mut self, other: Secrets) {
        for (name, ranges) in other.ranges {
            self.ranges.entry(name).or_default().extend(ranges);
        }
        self.texts.extend(&other.texts);
    }

    /// Masks the texts that a report quotes, and takes the secrets out of what it says itself.
    pub(crate) fn mask(&self, roots: &mut [RootReport]) {
        let censor = Censor::new(&self.texts);
        self.mask_texts(&censor, roots);
        for root in roots {
            root.failure
                .iter_mut()
                .for_each(|text| censor.message(text));
            for note in &mut root.notes {
                censor.message(&mut note.message);
                let labels = note.location.iter_mut().map(|location| &mut location.label);
                labels.for_each(|label| censor.message(label));
            }
            for resource in &mut root.not_audited {
                censor.message(&mut resource.reason);
                if let Cow::Owned(safe) = censor.address(&resource.address) {
                    resource.address = Arc::from(safe);
                }
            }
            for unread in &mut root.unread {
                censor.message(&mut unread.reason);
                if let Cow::Owned(safe) = censor.address(&unread.part) {
                    unread.part = Arc::from(safe);
                }
            }
            for judged in &mut root.verdicts {
                judged.fix.take_if(|fix| {
                    let mut edits = fix.edits.iter();
                    edits.any(|edit| censor.ranges(&edit.replacement).next().is_some())
                });
                let title = judged.fix.iter_mut().map(|fix| &mut fix.title);
                let labels = judged
                    .locations
                    .iter_mut()
                    .map(|location| &mut location.label);
                std::iter::once(&mut judged.message)
                    .chain(&mut judged.reason)
                    .chain(&mut judged.help)
                    .chain(&mut judged.notes)
                    .chain(title)
                    .chain(labels)
                    .for_each(|text| censor.message(text));
            }
        }
    }

    /// Takes the secrets out of messages, and what else is given.
    pub(crate) fn mask_messages<'a>(
        &self,
        more: &[Arc<str>],
        messages: impl IntoIterator<Item = &'a mut String>,
    ) {
        let finder = self.finder(more);
        messages.into_iter().for_each(|text| finder.0.message(text));
    }

    fn mask_texts(&self, censor: &Censor, roots: &mut [RootReport]) {
        let mut masked: BTreeMap<Arc<str>, (SharedText, SharedText)> = BTreeMap::new();
        let mut mask = |name: &Arc<str>, text: &mut SharedText| match masked.get(name) {
            Some((original, safe)) if original == text => *text = safe.clone(),
            _ => {
                let ranges = self.ranges.get(name).map_or(&[][..], Vec::as_slice);
                let safe = masked_text(&text.0, ranges, censor.ranges(&text.0));
                let safe = match safe {
                    Some(safe) => SharedText(Arc::from(safe)),
                    None => text.clone(),
                };
                masked.insert(name.clone(), (text.clone(), safe.clone()));
                *text = safe;
            }
        };
        for root in roots {
            let noted = root
                .notes
                .iter_mut()
                .filter_map(|note| note.location.as_mut())
                .chain(
                    root.unread
                        .iter_mut()
                        .filter_map(|part| part.location.as_mut()),
                );
            let judged = &mut root.verdicts;
            for location in noted {
                mask(&location.file, &mut location.text);
            }
            for judged in judged {
                for location in &mut judged.locations {
                    mask(&location.file, &mut location.text);
                }
                for edit in judged.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
                    mask(&edit.file, &mut edit.text);
                }
            }
        }
    }

    /// A text without its secrets.
    pub(crate) fn masked(&self, name: &str, text: &str) -> String {
        let ranges = self.ranges.get(name).map_or(&[][..], Vec::as_slice);
        let censor = Censor::new(&self.texts);
        let masked = masked_text(text, ranges, censor.ranges(text));
        masked.unwrap_or_else(|| text.to_owned())
    }

    fn add(&mut self, origin: &Origin, source: &SourceMap) {
        let steps = origin.trace().and_then(|trace| trace.steps.as_deref());
        let steps = std::iter::successors(steps, |step| step.before.as_deref());
        for step in steps
            .take(STEPS_READ)
            .filter(|step| step.kind == StepKind::Written)
        {
            let Place { file, span } = step.place;
            let file = source.file(file);
            let range = span.start as usize..span.end as usize;
            if file.text.get(range.clone()).is_some() {
                let ranges = self.ranges.entry(file.name.clone()).or_default();
                ranges.push(range);
            }
        }
    }
}

/// Masks every value in the variable files that notes quote: what a verdict stands on is known, but not
/// what a line is that could not be read.
pub(crate) fn mask_values(notes: &mut [RootNote], variable_files: &[FileId], source: &SourceMap) {
    let files: BTreeMap<&str, FileId> = variable_files
        .iter()
        .map(|&file| (&*source.file(file).name, file))
        .collect();
    let mut masked: BTreeMap<FileId, SharedText> = BTreeMap::new();
    let locations = notes.iter_mut().filter_map(|note| note.location.as_mut());
    for location in locations {
        let Some(&file) = files.get(&*location.file) else {
            continue;
        };
        let safe = masked
            .entry(file)
            .or_insert_with(|| SharedText(Arc::from(names_alone(&location.text.0))));
        location.text = safe.clone();
    }
}

/// A variable file with nothing to read in it but the names before `=` and the marks around values, byte
/// for byte.
fn names_alone(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut line_start = true;
    for token in hcl::lex(text) {
        let range = token.span.start as usize..token.span.end as usize;
        let named = token.kind == TokenKind::Identifier
            && line_start
            && is_assigned(text.get(range.end..).unwrap_or_default());
        line_start = matches!(token.kind, TokenKind::Newline | TokenKind::ByteOrderMark)
            || line_start && token.kind == TokenKind::Space;
        if !named
            && !is_mark(token.kind)
            && let Some(piece) = bytes.get_mut(range)
        {
            let shown = |byte: &u8| !matches!(byte, b'\n' | b'\r' | b' ' | b'\t');
            piece
                .iter_mut()
                .filter(|byte| shown(byte))
                .for_each(|byte| *byte = MASK);
        }
    }
    // Only whole tokens are masked, with ASCII.
    String::from_utf8(bytes).unwrap_or_default()
}

/// Whether a value follows on the line. Where none does, `=` may be the end of something encoded.
fn is_assigned(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or_default();
    line.trim_start()
        .strip_prefix('=')
        .is_some_and(|value| !value.starts_with('=') && !value.trim().is_empty())
}

/// Whether a token is a mark around values that tells nothing of them.
fn is_mark(kind: TokenKind) -> bool {
    use TokenKind as T;
    matches!(
        kind,
        T::ByteOrderMark
            | T::Space
            | T::Newline
            | T::OpenQuote
            | T::CloseQuote
            | T::OpenBrace
            | T::CloseBrace
            | T::OpenBracket
            | T::CloseBracket
            | T::Comma
            | T::Colon
            | T::Assign
    )
}

/// The text with every literal in these ranges masked, byte for byte, so that places stay where they are,
/// and all of what stands in the others; `None` where there is nothing to mask.
fn masked_text(
    text: &str,
    ranges: &[Range<usize>],
    whole: impl Iterator<Item = Range<usize>>,
) -> Option<String> {
    let mut whole = whole.peekable();
    if ranges.is_empty() && whole.peek().is_none() {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in whole {
        bytes[range].fill(MASK);
    }
    for range in ranges {
        let Some(piece) = text.get(range.clone()) else {
            continue;
        };
        let within_quotes =
            text[..range.start].ends_with('"') && text[range.end..].starts_with('"');
        mask_piece(piece, within_quotes, &mut bytes[range.clone()]);
    }
    // Only whole characters are masked, with ASCII.
    Some(String::from_utf8(bytes).unwrap_or_default())
}

/// Where in an expression a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// In a quoted text or a heredoc: to be masked.
    Text,
    /// In an expression, of an interpolation or of all of it: names and signs tell no secret.
    Expression,
}

fn mask_piece(piece: &str, within_quotes: bool, bytes: &mut [u8]) {
    let named =
        |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'(' | b'[' | b'{' | b'!');
    let expression =
        !within_quotes && piece.as_bytes().first().is_some_and(named) || piece.starts_with('"');
    let heredoc = piece
        .starts_with("<<")
        .then(|| piece.find('\n').map_or(piece.len(), |at| at + 1));
    let mut stack = vec![if expression {
        Within::Expression
    } else {
        Within::Text
    }];
    let mut at = heredoc.unwrap_or(0);
    while let Some(&byte) = piece.as_bytes().get(at) {
        let within = stack.last().copied().unwrap_or(Within::Text);
        let rest = &piece.as_bytes()[at..];
        match (within, byte) {
            // `$${` is a text.
            (Within::Text, _) if rest.starts_with(b"$${") || rest.starts_with(b"%%{") => {
                bytes[at..at + 3].fill(MASK);
                at += 3;
                continue;
            }
            (Within::Text, b'$' | b'%')
                if rest.get(1) == Some(&b'{') && rest.get(2) != Some(&b'{') =>
            {
                stack.push(Within::Expression);
                at += 2;
                continue;
            }
            (Within::Text, b'\\') => {
                bytes[at] = MASK;
                if let Some(next) = bytes.get_mut(at + 1)
                    && next.is_ascii()
                    && *next != b'\n'
                {
                    *next = MASK;
                    at += 1;
                }
            }
            (Within::Text, b'"') if stack.len() > 1 => {
                stack.pop();
            }
            (Within::Text, b'\n' | b'\r') => {}
            (Within::Text, _) => bytes[at] = MASK,
            (Within::Expression, b'"') => stack.push(Within::Text),
            (Within::Expression, b'{') => stack.push(Within::Expression),
            (Within::Expression, b'}') if stack.len() > 1 => {
                stack.pop();
            }
            (Within::Expression, _) => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{MASK, masked_text, names_alone};

    fn masked(text: &str, secret: &str) -> String {
        let start = text.find(secret).unwrap();
        let range = start..start + secret.len();
        let safe = masked_text(text, std::slice::from_ref(&range), std::iter::empty()).unwrap();
        safe.replace(char::from(MASK), "*")
    }

    #[test]
    fn literals_are_masked_and_references_are_not() {
        assert_eq!(
            masked(r#"a = "hunter2" # b"#, r#""hunter2""#),
            r#"a = "*******" # b"#
        );
        let url = r#""postgres://u:${var.password}@${lookup(m, "key")}/db""#;
        let safe = r#""*************${var.password}*${lookup(m, "***")}***""#;
        assert_eq!(masked(url, url), safe);
        assert_eq!(
            masked("a = var.password", "var.password"),
            "a = var.password"
        );
        assert_eq!(
            masked(
                r#"a = join("", ["hun\"ter", local.x["k"]])"#,
                r#"join("", ["hun\"ter", local.x["k"]])"#
            ),
            r#"a = join("", ["********", local.x["*"]])"#
        );
        assert_eq!(
            masked(r#"{"value": "hunter2"}"#, "hunter2"),
            r#"{"value": "*******"}"#
        );
        assert_eq!(masked("a = 12345", "12345"), "a = *****");
        assert_eq!(
            masked(r#"a = "$${x} é""#, r#""$${x} é""#),
            r#"a = "********""#
        );
    }

    #[test]
    fn a_heredoc_is_masked_line_by_line() {
        let text = "a = <<EOT\n-----BEGIN\nabc\nEOT\n";
        assert_eq!(
            masked(text, "<<EOT\n-----BEGIN\nabc\nEOT"),
            "a = <<EOT\n**********\n***\n***\n"
        );
    }

    #[test]
    fn of_a_variable_file_the_names_are_left() {
        let text = concat!(
            "a = \"hunter2\" hunter\n",
            "  b=[1, {\"k\": \"é\"}] # c\n",
            "aHVudGVy=\n",
            "key = <<EOT\nMII = x\nEOT\nc = \"hun\nd = \"x\"\n",
        );
        let safe = concat!(
            "a = \"*******\" ******\n",
            "  b=[*, {\"*\": \"**\"}] * *\n",
            "********=\n",
            "key = *****\n*** * *\n***\nc = \"***\nd = \"*\"\n",
        );
        assert_eq!(names_alone(text).replace(char::from(MASK), "*"), safe);
    }
}
