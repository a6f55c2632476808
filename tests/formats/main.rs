//! Reports in every format, of texts that mean something to whoever reads them: each is read by its own grammar,
//! and gives the texts back as texts.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod commands;
mod nasty;
mod sample;
mod schema;

use ecs_audit::checklist::{Checklist, Provenance};
use ecs_audit::report::{
    CHECKLIST_FORMATS, Format, Judged, Rendering, Report, checklist, markdown, safe_for_terminal,
};
use ecs_audit::verdict::Outcome;
use proptest::prelude::*;
use serde_json::Value;

use commands::{Command, command};
use schema::Schema;

fn everything() -> Rendering {
    Rendering {
        passes: true,
        ..Rendering::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn every_format_gives_texts_back_as_texts(report in nasty::report(), passes in any::<bool>()) {
        let rendering = Rendering { passes, ..Rendering::default() };
        for &format in Format::ALL {
            let text = format.render(&report, &rendering);
            harmless(format.name(), &text);
            prop_assert_eq!(&text, &format.render(&report, &rendering));
            match format.name() {
                "json" => json(&text, &report),
                "sarif" => sarif(&text, &report, passes),
                "junit" => junit(&text, &report),
                "github" => github(&text, &report),
                "gitlab" => gitlab(&text, &report, passes),
                "gitlab-sast" => sast(&text, &report, passes),
                _ => {}
            }
        }
    }

    #[test]
    fn a_checklist_gives_texts_back_as_texts(
        report in nasty::report(), provenance in nasty::provenance()
    ) {
        let sheet = Checklist::new(&report, &provenance, &[]);
        for format in CHECKLIST_FORMATS {
            let text = checklist(format, &sheet);
            harmless(format.name(), &text);
            prop_assert_eq!(&text, &checklist(format, &sheet));
            match format.name() {
                "json" => json_of_checklist(&text, &report, &provenance),
                "markdown" => markdown_of_checklist(&text, &sheet),
                _ => html_of_checklist(&text, &sheet),
            }
        }
    }

    #[test]
    fn markdown_is_no_longer_than_it_may_be(report in nasty::report(), most in 4_000_usize..20_000) {
        let text = markdown(&report, &everything(), most);
        prop_assert!(text.len() <= most, "{} bytes of {most}:\n{text}", text.len());
    }
}

/// Whatever is read by nobody but a terminal or the log of a build does nothing there.
fn harmless(format: &str, text: &str) {
    assert!(text.ends_with('\n'), "{format} ends with its last line");
    let acts = |character: char| {
        let controls = character.is_control() && !matches!(character, '\n' | '\t');
        controls
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}')
    };
    let acting = text.chars().find(|&character| acts(character));
    assert_eq!(acting, None, "{format}:\n{text}");
    for line in text.lines() {
        // Three colons are before the path of a further snippet, and name no command.
        let line = line.trim_start();
        let commands = line.starts_with("::") && !line.starts_with("::: ") && format != "github";
        let begins = line.match_indices("##").any(|(at, _)| {
            let name = line[at..].trim_start_matches('#');
            name.trim_start_matches(|letter: char| letter.is_ascii_alphabetic())
                .starts_with('[')
        });
        assert!(!commands && !begins, "{format}: {line}");
    }
}

/// A text as it is on one line.
fn line(text: &str) -> String {
    let text = text
        .replace('\n', "␊")
        .replace('\r', "␍")
        .replace('\t', "␉");
    safe_for_terminal(&text)
}

fn verdicts(report: &Report) -> impl Iterator<Item = &Judged> {
    report.roots.iter().flat_map(|root| &root.verdicts)
}

fn json(text: &str, report: &Report) {
    let value: Value = serde_json::from_str(text).unwrap();
    let roots = value["roots"].as_array().unwrap();
    let told = roots
        .iter()
        .flat_map(|root| root["verdicts"].as_array().unwrap());
    assert!(told.clone().count() == verdicts(report).count());
    for (told, judged) in told.zip(verdicts(report)) {
        assert_eq!(told["message"], judged.message);
        assert_eq!(told["address"], *judged.address);
    }
}

fn json_of_checklist(text: &str, report: &Report, provenance: &Provenance) {
    let value: Value = serde_json::from_str(text).unwrap();
    let rules = ["requirements", "best_practices"];
    let rules = rules
        .iter()
        .flat_map(|group| value[group].as_array().unwrap());
    let mut proofs = 0;
    for proof in rules.flat_map(|rule| rule["evidence"].as_array().unwrap()) {
        proofs += 1;
        let is_this = |judged: &Judged| {
            proof["message"] == judged.message && proof["address"] == *judged.address
        };
        assert!(verdicts(report).any(is_this), "{proof}");
    }
    assert_eq!(proofs, verdicts(report).count());
    let mut required = value["requirements"].as_array().unwrap().iter();
    let unmet = |rule: &Value| rule["verdict"] == "fail" || rule["verdict"] == "unknown";
    assert!(value["certified"] == false || !required.any(unmet));
    if let Some(plan) = &provenance.plan_file {
        assert_eq!(value["audited"]["plan_file"]["path"], plan.path);
    }
}

/// Every row has its cells, and nothing of the input is an element.
fn markdown_of_checklist(text: &str, sheet: &Checklist<'_>) {
    let mut columns = 0;
    let mut rows = 0;
    let (mut opened, mut closed) = (0, 0);
    for written in text.lines().map(str::trim_start) {
        let outside: String = written.split('`').step_by(2).collect();
        let tags = outside.matches('<').count();
        opened += outside.matches("<details>").count();
        closed += outside.matches("</details>").count();
        let own = ["<details>", "</details>", "<summary>", "</summary>"];
        let own = own.iter().chain(&["<code>", "</code>"]);
        let own: usize = own.map(|tag| outside.matches(tag).count()).sum();
        assert_eq!(tags, own, "{written}");
        if written.starts_with("|---") {
            columns = written.matches('|').count();
        } else if written.starts_with('|') && columns > 0 {
            assert_eq!(outside.matches('|').count(), columns, "{written}");
            rows += 1;
        } else {
            columns = 0;
        }
    }
    let roots = sheet.report.roots.len().min(sheet.provenance.roots.len());
    let signed = 2;
    assert_eq!(rows, verdicts(sheet.report).count() + roots + signed);
    assert_eq!(opened, closed);
}

/// Every row has its cells, and every element is closed.
fn html_of_checklist(text: &str, sheet: &Checklist<'_>) {
    let roots = sheet.report.roots.len().min(sheet.provenance.roots.len());
    let (evidence, heads) = (verdicts(sheet.report).count(), text.matches("<thead>"));
    let rows = evidence + roots + heads.count() + 2;
    assert_eq!(text.matches("<tr>").count(), rows, "{text}");
    for element in ["tr", "td", "details", "table", "code", "p"] {
        let opened = text.matches(&format!("<{element}>")).count()
            + text.matches(&format!("<{element} ")).count();
        let closed = text.matches(&format!("</{element}>")).count();
        assert_eq!(opened, closed, "{element}: {text}");
    }
    assert_eq!(text.matches("<script").count(), 0);
}

/// Without what keeps a text from being a link or a placeholder.
fn bare(text: &str) -> String {
    let kept = |character: &char| !matches!(character, '{' | '}' | ' ' | '\\');
    text.chars().filter(kept).collect()
}

fn sarif(text: &str, report: &Report, passes: bool) {
    thread_local! {
        static SCHEMA: Schema = Schema::read("sarif-schema-2.1.0.json");
    }
    let value: Value = serde_json::from_str(text).unwrap();
    SCHEMA.with(|schema| assert_eq!(schema.faults(&value), Vec::<String>::new(), "{text}"));
    let run = &value["runs"][0];
    let results = run["results"].as_array().unwrap();
    let shown: Vec<&Judged> = verdicts(report)
        .filter(|judged| passes || judged.waived.is_some() || told(judged))
        .collect();
    assert_eq!(results.len(), shown.len());
    for (result, judged) in results.iter().zip(shown) {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], judged.rule.id);
        let message = result["message"]["text"].as_str().unwrap();
        assert!(
            bare(message).starts_with(&bare(&safe_for_terminal(&judged.message))),
            "{message}"
        );
        let related = result["relatedLocations"].as_array().map_or(0, Vec::len);
        // Every link is one of its own, to a place that is there.
        let links = message.match_indices("](").map(|(at, _)| {
            let number = message[at + 2..].split(')').next().unwrap();
            number.parse::<usize>().unwrap()
        });
        assert!(
            links.clone().all(|link| link >= 1 && link <= related),
            "{message}"
        );
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(
            uri.bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"<>\"\\^`{|}".contains(&byte))
        );
        if let Some(location) = judged.locations.first() {
            let path = match report.directory.as_str() {
                "" => location.file.to_string(),
                directory => format!("{directory}/{}", location.file),
            };
            assert_eq!(percent_decoded(uri), path);
            assert_eq!(place["region"]["startLine"], location.start.line);
        }
        assert_eq!(result["kind"] == "fail", result["level"] != "none");
        assert_eq!(
            result["suppressions"].as_array().unwrap().len(),
            usize::from(judged.waived.is_some())
        );
        if let Some(waived) = &judged.waived {
            let justification = result["suppressions"][0]["justification"].as_str().unwrap();
            let reason = safe_for_terminal(&waived.terms.reason);
            assert!(justification.starts_with(&*reason), "{justification}");
        }
        fixed(result, judged);
    }
}

/// Whether it is more than a pass and not allowed.
fn told(judged: &Judged) -> bool {
    judged.is_told() && judged.level != ecs_audit::policy::Level::Allow
}

/// The bytes of a fix and its lines and columns are the same place.
fn fixed(result: &Value, judged: &Judged) {
    let edits = judged.fix.iter().flat_map(|fix| &fix.edits);
    let changes = result["fixes"][0]["artifactChanges"].as_array();
    let replacements = changes.into_iter().flatten();
    let replacements = replacements.flat_map(|change| change["replacements"].as_array().unwrap());
    assert_eq!(replacements.clone().count(), edits.clone().count());
    for (replacement, edit) in replacements.zip(edits) {
        assert_eq!(replacement["insertedContent"]["text"], edit.replacement);
        let region = &replacement["deletedRegion"];
        let number = |name: &str| usize::try_from(region[name].as_u64().unwrap()).unwrap();
        let text = &*edit.text.0;
        let offset = |line: usize, column: usize| {
            let before: usize = text
                .split_inclusive('\n')
                .take(line - 1)
                .map(str::len)
                .sum();
            let marked = text.starts_with('\u{feff}') && line == 1 && edit.span.start > 0;
            let rest = &text[before..];
            let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            before + ends.nth(column - 1 + usize::from(marked)).unwrap()
        };
        let (start, length) = (number("byteOffset"), number("byteLength"));
        assert_eq!(start, edit.span.start as usize);
        assert_eq!(offset(number("startLine"), number("startColumn")), start);
        assert_eq!(
            offset(number("endLine"), number("endColumn")),
            start + length
        );
    }
}

fn percent_decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut parts = uri.split('%');
    bytes.extend(parts.next().unwrap().bytes());
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).unwrap()
}

#[cfg(feature = "junit")]
fn junit(text: &str, report: &Report) {
    let suites = quick_junit::Report::deserialize_from_str(text).unwrap();
    assert_eq!(suites.test_suites.len(), report.roots.len());
    for (suite, root) in suites.test_suites.iter().zip(&report.roots) {
        assert_eq!(suite.name.as_str(), line(&root.path));
        let cases: Vec<&str> = suite
            .test_cases
            .iter()
            .map(|case| case.name.as_str())
            .collect();
        for judged in &root.verdicts {
            let address = line(&judged.address);
            let named = |name: &&str| name.starts_with(judged.rule.id) && name.contains(&address);
            assert!(judged.outcome == Outcome::NotApplicable || cases.iter().any(named));
        }
        let passed = root
            .verdicts
            .iter()
            .filter(|judged| judged.outcome == Outcome::Pass);
        let green = suite
            .test_cases
            .iter()
            .filter(|case| matches!(case.status, quick_junit::TestCaseStatus::Success { .. }));
        assert_eq!(green.count(), passed.count(), "{text}");
        let denied =
            |judged: &&Judged| judged.is_told() && judged.level == ecs_audit::policy::Level::Deny;
        let denied: Vec<&Judged> = root.verdicts.iter().filter(denied).collect();
        let unread = root.unread.iter();
        let unread = unread.filter(|unread| unread.level == ecs_audit::policy::Level::Deny);
        assert_eq!(suite.failures, denied.len() + unread.count());
        for judged in denied {
            let message = line(&judged.message);
            assert!(
                text_of_failures(suite).any(|text| text.starts_with(&message)),
                "{text}"
            );
        }
    }
}

#[cfg(not(feature = "junit"))]
fn junit(_: &str, _: &Report) {}

#[cfg(feature = "junit")]
fn text_of_failures(suite: &quick_junit::TestSuite) -> impl Iterator<Item = &str> {
    suite
        .test_cases
        .iter()
        .filter_map(|case| match &case.status {
            quick_junit::TestCaseStatus::NonSuccess { message, .. } => {
                message.as_ref().map(|m| m.as_str())
            }
            _ => None,
        })
}

fn github(text: &str, report: &Report) {
    let mut shown = [0, 0];
    for written in text.lines() {
        let Some(Command {
            kind,
            properties,
            data,
        }) = command(written)
        else {
            continue;
        };
        match kind.as_str() {
            "error" => shown[0] += 1,
            "warning" => shown[1] += 1,
            "notice" => continue,
            other => panic!("a command `{other}` in {written}"),
        }
        for (name, value) in &properties {
            match name.as_str() {
                "file" | "title" => assert!(!value.is_empty()),
                "line" | "endLine" | "col" | "endColumn" => assert!(value.parse::<u32>().is_ok()),
                other => panic!("a property `{other}` in {written}"),
            }
        }
        let title = properties.iter().find(|(name, _)| name == "title").unwrap();
        if let Some(id) = title.1.get(..7).filter(|id| id.starts_with("ECS:")) {
            let mut same = verdicts(report).filter(|judged| judged.rule.id == id);
            assert!(
                same.any(|judged| {
                    data.starts_with(safe_for_terminal(&judged.message).trim_end())
                }),
                "{data}"
            );
        }
    }
    assert!(shown.iter().all(|&shown| shown <= 10));
}

fn gitlab(text: &str, report: &Report, passes: bool) {
    thread_local! {
        static SCHEMA: Schema = Schema::read("gitlab-code-quality.json");
    }
    let value: Value = serde_json::from_str(text).unwrap();
    SCHEMA.with(|schema| assert_eq!(schema.faults(&value), Vec::<String>::new(), "{text}"));
    let shown: Vec<&Judged> = verdicts(report)
        .filter(|judged| passes || told(judged))
        .collect();
    assert_eq!(value.as_array().unwrap().len(), shown.len());
    for (entry, judged) in value.as_array().unwrap().iter().zip(shown) {
        assert!(
            entry["description"]
                .as_str()
                .unwrap()
                .contains(&line(&judged.message))
        );
        assert_eq!(entry["fingerprint"], judged.fingerprint);
    }
}

fn sast(text: &str, report: &Report, passes: bool) {
    thread_local! {
        static SCHEMA: Schema = Schema::read("gitlab-sast-15.2.1.json");
    }
    let value: Value = serde_json::from_str(text).unwrap();
    SCHEMA.with(|schema| assert_eq!(schema.faults(&value), Vec::<String>::new(), "{text}"));
    let shown: Vec<&Judged> = verdicts(report)
        .filter(|judged| passes || told(judged))
        .collect();
    let vulnerabilities = value["vulnerabilities"].as_array().unwrap();
    assert_eq!(vulnerabilities.len(), shown.len());
    for (entry, judged) in vulnerabilities.iter().zip(shown) {
        assert_eq!(entry["details"]["address"]["value"], line(&judged.address));
    }
}
