//! The rules of which something is said, each with its counts and its page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::text::{Prose, Text};
use crate::report::{Report, Tally};
use crate::rules::{RULES, Rule};

/// Where a rule is on the page.
pub(super) fn anchor(rule: &Rule) -> String {
    format!("rule-{}", rule.id.replace(':', "-"))
}

/// Writes the rules.
pub(super) fn rules(page: &mut String, report: &Report) {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for judged in report.roots.iter().flat_map(|root| &root.verdicts) {
        tallies.entry(judged.rule.id).or_default().count(judged);
    }
    for rule in RULES {
        let Some(tally) = tallies.get(rule.id) else {
            continue;
        };
        let counts = tally.parts();
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let (id, name, counts) = (rule.id, rule.name, counts.join(" · "));
        let _ = writeln!(
            page,
            "<details class=\"rule\" id=\"{}\"><summary><b>{id}</b> {name} \
             <span class=\"quiet\">{counts}</span></summary>\n<div class=\"more\">",
            anchor(rule)
        );
        if !rule.also_known_as.is_empty() {
            let names = rule.also_known_as.join(", ");
            let _ = writeln!(
                page,
                "<p class=\"quiet\">also known as {}</p>",
                Text(&names)
            );
        }
        markdown(page, rule.page);
        page.push_str("</div></details>\n");
    }
}

/// Writes the little Markdown that pages use: headings, paragraphs, lists, tables, fenced code, links and code in
/// backticks.
fn markdown(page: &mut String, text: &str) {
    let mut open = Open::Nothing;
    for line in text.trim().lines() {
        // Doc comments have a space before their text.
        let line = line.strip_prefix(' ').unwrap_or(line);
        if line.starts_with("```") {
            open = match open {
                Open::Code => {
                    page.push_str("</code></pre>\n");
                    Open::Nothing
                }
                other => {
                    other.close(page);
                    page.push_str("<pre><code>");
                    Open::Code
                }
            };
        } else if matches!(open, Open::Code) {
            let _ = writeln!(page, "{}", Text(line));
        } else if let Some(heading) = line.strip_prefix("# ") {
            open.close(page);
            open = Open::Nothing;
            let _ = writeln!(page, "<h3>{}</h3>", Prose(heading));
        } else if line.is_empty() {
            open.close(page);
            open = Open::Nothing;
        } else if let Some(row) = line.strip_prefix('|') {
            match open {
                Open::Table => {}
                other => {
                    other.close(page);
                    page.push_str("<table>\n");
                }
            }
            open = Open::Table;
            cells(page, row.trim_end_matches('|'));
        } else if let Some(item) = line.strip_prefix("- ") {
            match open {
                Open::Item => page.push_str("</li>\n<li>"),
                other => {
                    other.close(page);
                    page.push_str("<ul><li>");
                }
            }
            open = Open::Item;
            prose(page, item);
        } else {
            match open {
                Open::Nothing => {
                    page.push_str("<p>");
                    open = Open::Paragraph;
                }
                Open::Table => {
                    page.push_str("</table>\n<p>");
                    open = Open::Paragraph;
                }
                _ => page.push('\n'),
            }
            prose(page, line.trim_start());
        }
    }
    open.close(page);
}

/// Writes a row of a table; the line below its head is none.
fn cells(page: &mut String, row: &str) {
    if row.chars().all(|character| "-:| ".contains(character)) {
        return;
    }
    page.push_str("<tr>");
    for cell in row.split('|') {
        page.push_str("<td>");
        prose(page, cell.trim());
        page.push_str("</td>");
    }
    page.push_str("</tr>\n");
}

/// What is open where a line begins.
enum Open {
    Nothing,
    Paragraph,
    Item,
    Table,
    Code,
}

impl Open {
    fn close(self, page: &mut String) {
        page.push_str(match self {
            Open::Nothing => "",
            Open::Paragraph => "</p>\n",
            Open::Item => "</li></ul>\n",
            Open::Table => "</table>\n",
            Open::Code => "</code></pre>\n",
        });
    }
}

/// Writes a line of prose; `[name](address)` becomes a link where the address is of the web.
fn prose(page: &mut String, line: &str) {
    let mut rest = line;
    while let Some((before, name, address, after)) = link(rest) {
        bold(page, before);
        if address.starts_with("https://") {
            let (name, address) = (Prose(name), Text(address));
            let _ = write!(page, "<a href=\"{address}\" rel=\"noreferrer\">{name}</a>");
        } else {
            let _ = write!(page, "{}: {}", Prose(name), Text(address));
        }
        rest = after;
    }
    bold(page, rest);
}

/// Writes text in which what stands between two asterisks is bold.
fn bold(page: &mut String, text: &str) {
    for (number, part) in text.split("**").enumerate() {
        let part = Prose(part);
        let _ = match number % 2 {
            0 => write!(page, "{part}"),
            _ => write!(page, "<b>{part}</b>"),
        };
    }
}

fn link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, rest) = text.split_once('[')?;
    let (name, rest) = rest.split_once("](")?;
    let (address, after) = rest.split_once(')')?;
    Some((before, name, address, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_markdown_of_pages_becomes_elements() {
        let mut page = String::new();
        markdown(
            &mut page,
            " # What `x` does\n\n One line\n and another.\n\n - [a](https://a.example/b)\n - b\n   more\n\n ```hcl\n a < b\n ```\n",
        );
        assert_eq!(
            page,
            "<h3>What <code>x</code> does</h3>\n<p>One line\nand another.</p>\n\
             <ul><li><a href=\"https://a.example/b\" rel=\"noreferrer\">a</a></li>\n\
             <li>b\nmore</li></ul>\n<pre><code>a &lt; b\n</code></pre>\n"
        );
    }

    #[test]
    fn no_page_leaves_an_element_open() {
        for rule in RULES {
            let mut page = String::new();
            markdown(&mut page, rule.page);
            for element in [
                "p", "ul", "li", "pre", "code", "h3", "a", "table", "tr", "td",
            ] {
                let opened = page.matches(&format!("<{element}>")).count()
                    + page.matches(&format!("<{element} ")).count();
                let closed = page.matches(&format!("</{element}>")).count();
                assert_eq!(opened, closed, "`{element}` on the page of {}", rule.id);
            }
        }
    }
}
