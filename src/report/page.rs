//! A page of Markdown, laid out for a terminal, or plain where it goes elsewhere.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Effects, Style};

pub(super) const HEADING: Style = AnsiColor::BrightGreen.on_default().effects(Effects::BOLD);
pub(super) const CODE: Style = AnsiColor::BrightCyan.on_default();
const BOLD: Style = Style::new().effects(Effects::BOLD);
const ADDRESS: Style = Style::new().effects(Effects::UNDERLINE);
const COMMENT: Style = Style::new().effects(Effects::DIMMED);
const ERROR: Style = AnsiColor::BrightRed.on_default().effects(Effects::BOLD);
const GUTTER: Style = AnsiColor::BrightBlue.on_default();
const REMOVED: Style = AnsiColor::BrightRed.on_default();
const ADDED: Style = AnsiColor::BrightGreen.on_default();

/// The longest line that is easily read, and the shortest that prose is laid out in.
const WIDEST: usize = 100;
const NARROWEST: usize = 20;

/// What a page is laid out on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paper {
    /// Whether to colour.
    pub colour: bool,
    /// How many columns it has; lines stay as they are written where that is not known.
    pub width: Option<usize>,
}

/// How a piece of text is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Plain,
    Code,
    Bold,
    Address,
}

/// A page.
pub(super) struct Page {
    pub(super) text: String,
    paper: Paper,
}

impl Page {
    pub(super) fn on(paper: Paper) -> Self {
        Page {
            text: String::new(),
            paper,
        }
    }

    pub(super) fn styled(&mut self, style: Style, text: &str) {
        if self.paper.colour && !text.is_empty() {
            let _ = write!(self.text, "{style}{text}{style:#}");
        } else {
            self.text.push_str(text);
        }
    }

    fn limit(&self) -> usize {
        self.paper
            .width
            .map_or(usize::MAX, |width| width.clamp(NARROWEST, WIDEST))
    }

    /// Lays out the little Markdown that pages use: headings, fenced code, lists, tables, links, code and what
    /// is bold.
    pub(super) fn markdown(&mut self, page: &str) {
        // Doc comments have a space before their text.
        let lines = page.trim().lines();
        let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
        let mut lines = lines.peekable();
        while let Some(line) = lines.next() {
            if let Some(language) = line.strip_prefix("```") {
                for line in lines.by_ref().take_while(|line| !line.starts_with("```")) {
                    self.code_line(language, line);
                }
            } else if let Some(heading) = line.strip_prefix("# ") {
                self.styled(HEADING, heading);
                self.text.push('\n');
            } else if line.starts_with('|') {
                let mut rows = vec![cells(line)];
                while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                    rows.push(cells(row));
                }
                self.table(&rows);
            } else {
                let mut paragraph = line.to_owned();
                let goes_on = |line: &&str| {
                    let begins = ["- ", "```", "# ", "|"];
                    !line.is_empty() && !begins.iter().any(|begin| line.starts_with(begin))
                };
                // Lines that are broken where they were written stay so where there is no width.
                while self.paper.width.is_some()
                    && !line.is_empty()
                    && let Some(more) = lines.next_if(goes_on)
                {
                    let _ = write!(paragraph, " {}", more.trim_start());
                }
                self.paragraph(&paragraph);
            }
        }
    }

    /// Lays out a paragraph or an entry of a list.
    pub(super) fn paragraph(&mut self, text: &str) {
        let entry = text.strip_prefix("- ");
        if let Some((name, address)) = entry.and_then(only_a_link) {
            self.text.push_str("- ");
            let mut pieces = pieces(name, self.paper.colour);
            pieces.push((Mark::Plain, ": ".to_owned()));
            pieces.push((Mark::Address, address.to_owned()));
            self.lay_out(&pieces, 2);
        } else if let Some(entry) = entry {
            self.text.push_str("- ");
            self.lay_out(&pieces(entry, self.paper.colour), 2);
        } else {
            let indent = text.len() - text.trim_start().len();
            self.text.push_str(&" ".repeat(indent));
            self.lay_out(&pieces(text.trim_start(), self.paper.colour), indent);
        }
    }

    /// Lays out text from where the line is now, and the lines after it under the same column.
    fn lay_out(&mut self, pieces: &[(Mark, String)], indent: usize) {
        let limit = self.limit();
        let mut column = indent;
        for (number, word) in words(pieces).iter().enumerate() {
            let width: usize = word.iter().map(|(_, text)| text.chars().count()).sum();
            if number > 0 && column + 1 + width > limit {
                self.text.push('\n');
                self.text.push_str(&" ".repeat(indent));
                column = indent;
            } else if number > 0 {
                self.text.push(' ');
                column += 1;
            }
            for (mark, text) in word {
                match mark {
                    Mark::Plain => self.text.push_str(text),
                    Mark::Code => self.styled(CODE, text),
                    Mark::Bold => self.styled(BOLD, text),
                    Mark::Address => self.styled(ADDRESS, text),
                }
            }
            column += width;
        }
        self.text.push('\n');
    }

    fn table(&mut self, rows: &[Vec<&str>]) {
        let colour = self.paper.colour;
        let shown = |cell: &str| -> usize {
            let pieces = pieces(cell, colour);
            pieces.iter().map(|(_, text)| text.chars().count()).sum()
        };
        let is_rule = |row: &[&str]| {
            row.iter()
                .all(|cell| !cell.is_empty() && cell.chars().all(|one| "-:".contains(one)))
        };
        let heads = rows.get(1).is_some_and(|row| is_rule(row));
        let rows: Vec<&Vec<&str>> = rows.iter().filter(|row| !is_rule(row)).collect();
        let columns = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| shown(cell)).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let before: usize = widths.iter().rev().skip(1).map(|width| width + 2).sum();
        let narrow = before + NARROWEST > self.limit();
        for (number, row) in rows.into_iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let mut pieces = pieces(cell, colour);
                if heads && number == 0 {
                    pieces.iter_mut().for_each(|(mark, _)| *mark = Mark::Bold);
                }
                let last = column + 1 == row.len();
                let indent = match (column, narrow) {
                    (0, _) => 0,
                    (_, true) => 4,
                    (_, false) => widths.iter().take(column).map(|width| width + 2).sum(),
                };
                if narrow {
                    self.text.push_str(&" ".repeat(indent));
                }
                self.lay_out(&pieces, indent);
                if !last && !narrow {
                    self.text.pop();
                    let room = widths.get(column).copied().unwrap_or(0) + 2;
                    self.text
                        .push_str(&" ".repeat(room.saturating_sub(shown(cell))));
                }
            }
        }
    }

    fn code_line(&mut self, language: &str, line: &str) {
        if !line.is_empty() {
            self.text.push_str("    ");
        }
        if language == "text" {
            self.printed(line);
        } else {
            self.written(line);
        }
        self.text.push('\n');
    }

    /// What the tool prints, in the colours that it prints it in.
    fn printed(&mut self, line: &str) {
        let titles = [("error", ERROR), ("warning", ERROR), ("help", CODE)];
        let title = titles
            .iter()
            .find(|(title, _)| line.starts_with(title) && line.contains(": "));
        if let (Some((_, style)), Some((title, message))) = (title, line.split_once(": ")) {
            self.styled(*style, title);
            self.styled(BOLD, &format!(": {message}"));
            return;
        }
        let ends = |character: char| !character.is_ascii_digit() && character != ' ';
        let (gutter, rest) = line.split_at(line.find(ends).unwrap_or(line.len()));
        self.styled(GUTTER, gutter);
        let signs = [
            ("|", GUTTER),
            ("-->", GUTTER),
            (":::", GUTTER),
            ("=", GUTTER),
            ("- ", REMOVED),
            ("+ ", ADDED),
            ("~ ", ADDED),
        ];
        match signs.iter().find(|(sign, _)| rest.starts_with(sign)) {
            Some((_, style)) if [REMOVED, ADDED].contains(style) => self.styled(*style, rest),
            Some((sign, style)) => {
                self.styled(*style, sign);
                self.text.push_str(&rest[sign.len()..]);
            }
            None => self.text.push_str(rest),
        }
    }

    /// What is written in a configuration: what a line sets or begins stands out, a comment steps back.
    fn written(&mut self, line: &str) {
        let trimmed = line.trim_start();
        if trimmed.starts_with(['#', '/']) {
            self.styled(COMMENT, line);
            return;
        }
        let (indent, code) = line.split_at(line.len() - trimmed.len());
        let ends = |character: char| !character.is_alphanumeric() && !"_-".contains(character);
        let (name, rest) = code.split_at(code.find(ends).unwrap_or(code.len()));
        self.text.push_str(indent);
        let rest_begins = rest.trim_start();
        if rest_begins.starts_with(['=', '{', '"']) {
            self.styled(CODE, name);
        } else {
            self.text.push_str(name);
        }
        self.text.push_str(rest);
    }
}

/// The cells of a row of a table.
fn cells(row: &str) -> Vec<&str> {
    let row = row.trim().trim_matches('|');
    row.split('|').map(str::trim).collect()
}

/// A text's pieces with their marks; without colours code keeps its backticks.
fn pieces(text: &str, colour: bool) -> Vec<(Mark, String)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*', '[']) {
        let (before, marked) = rest.split_at(at);
        pieces.push((Mark::Plain, before.to_owned()));
        rest = if let Some((code, after)) = between(marked, "`", "`") {
            let code = if colour {
                code.to_owned()
            } else {
                format!("`{code}`")
            };
            pieces.push((Mark::Code, code));
            after
        } else if let Some((bold, after)) = between(marked, "**", "**") {
            pieces.push((Mark::Bold, bold.to_owned()));
            after
        } else if let Some((name, address, after)) = link(marked) {
            pieces.extend(self::pieces(name, colour));
            pieces.push((Mark::Plain, " (".to_owned()));
            pieces.push((Mark::Address, address.to_owned()));
            pieces.push((Mark::Plain, ")".to_owned()));
            after
        } else {
            let (sign, after) = marked.split_at(1);
            pieces.push((Mark::Plain, sign.to_owned()));
            after
        };
    }
    pieces.push((Mark::Plain, rest.to_owned()));
    pieces.retain(|(_, text)| !text.is_empty());
    pieces
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(open)?.split_once(close)
}

fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, after) = rest.split_once(')')?;
    (!name.contains('[')).then_some((name, address, after))
}

fn only_a_link(text: &str) -> Option<(&str, &str)> {
    let (name, address, after) = link(text.trim())?;
    after.is_empty().then_some((name, address))
}

/// The words of a text, each of pieces with their marks.
fn words(pieces: &[(Mark, String)]) -> Vec<Vec<(Mark, &str)>> {
    let mut words: Vec<Vec<(Mark, &str)>> = vec![Vec::new()];
    for (mark, text) in pieces {
        for (number, part) in text.split(' ').enumerate() {
            if number > 0 {
                words.push(Vec::new());
            }
            if let (Some(word), false) = (words.last_mut(), part.is_empty()) {
                word.push((*mark, part));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(markdown: &str, width: Option<usize>) -> String {
        let mut page = Page::on(Paper {
            colour: false,
            width,
        });
        page.markdown(markdown);
        page.text
    }

    const PAGE: &str = " # What\n\n Fails when `a b` is\n **not** so, see [the docs](https://a.b/c).\n\n - one entry that is\n   rather long\n - [two](https://d.e)\n\n ```hcl\n a = 1\n ```\n\n | name | when |\n |---|---|\n | `x` | it is wanted by somebody |\n";

    #[test]
    fn prose_is_wrapped_and_code_is_not() {
        snapbox::assert_data_eq!(
            laid_out(PAGE, Some(30)),
            snapbox::str![[r#"
What

Fails when `a b` is not so,
see the docs (https://a.b/c).

- one entry that is rather
  long
- two: https://d.e

    a = 1

name  when
`x`   it is wanted by somebody

"#]]
        );
        let narrow = laid_out(PAGE, Some(1));
        assert!(
            narrow.contains("`x`\n    it is wanted by\n    somebody\n"),
            "{narrow}"
        );
    }

    #[test]
    fn lines_stay_as_they_are_written_where_there_is_no_width() {
        snapbox::assert_data_eq!(
            laid_out(PAGE, None),
            snapbox::str![[r#"
What

Fails when `a b` is
not so, see the docs (https://a.b/c).

- one entry that is
  rather long
- two: https://d.e

    a = 1

name  when
`x`   it is wanted by somebody

"#]]
        );
    }

    #[test]
    fn what_is_no_markup_is_text() {
        for text in ["2 * 3 ** 4", "a [b] (c)", "`open", "[a](b", "[[[[", "**"] {
            assert_eq!(laid_out(text, Some(80)), format!("{text}\n"), "{text}");
        }
    }
}
