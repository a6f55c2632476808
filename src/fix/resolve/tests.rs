use std::path::PathBuf;
use std::sync::Arc;

use snapbox::{assert_data_eq, str};

use super::*;
use crate::fix::apply;
use crate::terraform::Trace;

/// Fixes a text in the object, block or value that begins with `at`, and gives what it says then.
fn fixed(text: &str, at: &str, fix: impl Fn(&Origin) -> Fix) -> (String, Applicability) {
    let resolved = resolved(text, at, fix).unwrap();
    let edits: Vec<&ResolvedEdit> = resolved.edits.iter().collect();
    (apply(text, &edits).unwrap(), resolved.applicability)
}

fn resolved(text: &str, at: &str, fix: impl Fn(&Origin) -> Fix) -> Option<ResolvedFix> {
    let mut source = SourceMap::default();
    let file = source.add(
        PathBuf::from("main.tf"),
        Arc::from("main.tf"),
        Arc::from(text),
    );
    let start = text.find(at).unwrap();
    let end = match at.find('{') {
        Some(open) => start + open + closing(&text[start + open..]),
        None => start + at.len(),
    };
    let place = Place::new(file, Span::from(start..end));
    let origin = Origin::value(&Trace::at(place), &Origin::default());
    Resolver::new(&source).resolve(&fix(&origin)).ok()
}

fn closing(text: &str) -> usize {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn inserted(text: &str, at: &str, name: &str, value: &str) -> String {
    fixed(text, at, |origin| {
        Fix::set("t", &Origin::missing(origin), name, value)
    })
    .0
}

#[test]
fn an_argument_is_aligned_with_those_that_it_joins() {
    let text = "resource \"a\" \"b\" {\n  count = 1\n\n  family = \"app\" # the name\n  cpu    = 256\n\n  runtime_platform {\n    x = 1\n  }\n}\n";
    assert_data_eq!(
        inserted(text, "resource \"a\" \"b\" {", "network_mode", "\"awsvpc\""),
        str![[r#"
resource "a" "b" {
  count = 1

  family       = "app" # the name
  cpu          = 256
  network_mode = "awsvpc"

  runtime_platform {
    x = 1
  }
}

"#]]
    );
}

#[test]
fn an_argument_that_is_null_is_replaced() {
    let null = "resource \"a\" \"b\" {\n  mode = null\n}\n";
    let object = "locals {\n  a = { \"Mode\" = null, b = 1 }\n}\n";
    let on = |origin: &Origin| Fix::set("t", &Origin::missing(origin), "mode", "\"ON\"");
    let resource = "resource \"a\" \"b\" {\n  mode = \"ON\"\n}\n".to_owned();
    assert_eq!(
        fixed(null, "resource \"a\" \"b\" {", on),
        (resource, Applicability::MachineApplicable)
    );
    assert_eq!(
        fixed(object, "{ \"Mode", on).0,
        "locals {\n  a = { \"Mode\" = \"ON\", b = 1 }\n}\n"
    );
}

#[test]
fn a_key_is_renamed_and_what_stands_with_it_aligned() {
    let renamed = |text: &str, key: &str, with: &str| {
        let mut source = SourceMap::default();
        let file = source.add(
            PathBuf::from("main.tf"),
            Arc::from("main.tf"),
            Arc::from(text),
        );
        let start = text.find(key).unwrap();
        let place = Place::new(file, Span::from(start..start + key.len()));
        let origin = Origin::block(Some(place), None, &Origin::default());
        let fix = Resolver::new(&source).resolve(&Fix::rename("t", &origin, with));
        fix.ok()
            .and_then(|fix| apply(text, &fix.edits.iter().collect::<Vec<_>>()))
    };
    assert_eq!(
        renamed("a = {\n  cpus = 1\n  name = 2\n}\n", "cpus", "cpu").as_deref(),
        Some("a = {\n  cpu  = 1\n  name = 2\n}\n")
    );
    assert_eq!(
        renamed(
            "a = [{\n  x = { cpus = 1, \"memry\" = 2 }\n}]\n",
            "\"memry\"",
            "memory"
        )
        .as_deref(),
        Some("a = [{\n  x = { cpus = 1, \"memory\" = 2 }\n}]\n")
    );
    let heredoc = "a = <<E\n[{\"memry\": 1}]\nE\n";
    assert_eq!(
        renamed(heredoc, "memry", "memory").as_deref(),
        Some("a = <<E\n[{\"memory\": 1}]\nE\n")
    );
    assert_eq!(renamed("a = { (upper(x)) = 1 }\n", "(upper(x))", "b"), None);
}

#[test]
fn a_key_of_json_that_is_null_is_left_alone() {
    let mut source = SourceMap::default();
    let text = "{ \"Mode\": null }";
    let file = source.add(
        PathBuf::from("a.json"),
        Arc::from("a.json"),
        Arc::from(text),
    );
    let place = Place::new(file, Span::from(0..text.len()));
    let origin = Origin::value(&Trace::at(place), &Origin::default());
    let fix = Fix::set("t", &Origin::missing(&origin), "mode", "true");
    assert!(Resolver::new(&source).resolve(&fix).is_err());
}

#[test]
fn an_argument_of_a_nested_block_and_of_a_dynamic_one_find_their_body() {
    let text = "resource \"a\" \"b\" {\n  volume {\n    name = \"v\"\n    efs {\n    }\n  }\n}\n";
    assert_data_eq!(
        inserted(text, "efs {", "transit_encryption", "\"ENABLED\""),
        str![[r#"
resource "a" "b" {
  volume {
    name = "v"
    efs {
      transit_encryption = "ENABLED"
    }
  }
}

"#]]
    );
    let text = "resource \"a\" \"b\" {\n  dynamic \"efs\" {\n    for_each = var.x\n    content {\n      id = 1\n    }\n  }\n}\n";
    assert_data_eq!(
        inserted(
            text,
            "dynamic \"efs\" {",
            "transit_encryption",
            "\"ENABLED\""
        ),
        str![[r#"
resource "a" "b" {
  dynamic "efs" {
    for_each = var.x
    content {
      id                 = 1
      transit_encryption = "ENABLED"
    }
  }
}

"#]]
    );
}

#[test]
fn a_block_on_one_line_is_broken_up() {
    let text = "resource \"a\" \"b\" {\n  efs { id = 1 }\n  x {}\n}\n";
    assert_data_eq!(
        inserted(text, "efs {", "transit_encryption", "\"ENABLED\""),
        str![[r#"
resource "a" "b" {
  efs {
    id                 = 1
    transit_encryption = "ENABLED"
  }
  x {}
}

"#]]
    );
    assert_data_eq!(
        inserted(text, "x {", "y", "1"),
        str![[r#"
resource "a" "b" {
  efs { id = 1 }
  x {
    y = 1
  }
}

"#]]
    );
}

#[test]
fn an_item_is_written_as_its_neighbours_are() {
    let text = "locals {\n  a = [{ name = \"a\", image = \"b\" }, { \"c\" : 1, }]\n  b = {\n    \"name\" : \"a\",\n    \"image\" : \"b\"\n  }\n  c = {}\n  d = {\n    f = {\n      g = 1\n    }\n  }\n}\n";
    let key = "readonlyRootFilesystem";
    assert_data_eq!(
        inserted(text, "{ name", key, "true"),
        str![[r#"
locals {
  a = [{ name = "a", image = "b", readonlyRootFilesystem = true }, { "c" : 1, }]
  b = {
    "name" : "a",
    "image" : "b"
  }
  c = {}
  d = {
    f = {
      g = 1
    }
  }
}

"#]]
    );
    assert_data_eq!(
        inserted(text, "{ \"c\"", key, "true"),
        str![[r#"
locals {
  a = [{ name = "a", image = "b" }, { "c" : 1, "readonlyRootFilesystem" : true }]
  b = {
    "name" : "a",
    "image" : "b"
  }
  c = {}
  d = {
    f = {
      g = 1
    }
  }
}

"#]]
    );
    assert_data_eq!(
        inserted(text, "{\n    \"name\"", key, "true"),
        str![[r#"
locals {
  a = [{ name = "a", image = "b" }, { "c" : 1, }]
  b = {
    "name" : "a",
    "image" : "b"
    "readonlyRootFilesystem" : true
  }
  c = {}
  d = {
    f = {
      g = 1
    }
  }
}

"#]]
    );
    assert_data_eq!(
        inserted(text, "{}", key, "true"),
        str![[r#"
locals {
  a = [{ name = "a", image = "b" }, { "c" : 1, }]
  b = {
    "name" : "a",
    "image" : "b"
  }
  c = { readonlyRootFilesystem = true }
  d = {
    f = {
      g = 1
    }
  }
}

"#]]
    );
    assert_data_eq!(
        inserted(text, "{\n    f", key, "true"),
        str![[r#"
locals {
  a = [{ name = "a", image = "b" }, { "c" : 1, }]
  b = {
    "name" : "a",
    "image" : "b"
  }
  c = {}
  d = {
    readonlyRootFilesystem = true
    f = {
      g = 1
    }
  }
}

"#]]
    );
}

#[test]
fn a_key_goes_into_json_in_a_text() {
    let text = "locals {\n  a = <<EOT\n[{\n  \"name\": \"a\"\n}, {\"b\": 1}]\nEOT\n}\n";
    assert_data_eq!(
        inserted(text, "{\n  \"name\"", "readonlyRootFilesystem", "true"),
        str![[r#"
locals {
  a = <<EOT
[{
  "name": "a",
  "readonlyRootFilesystem": true
}, {"b": 1}]
EOT
}

"#]]
    );
    assert_data_eq!(
        inserted(text, "{\"b\"", "readonlyRootFilesystem", "true"),
        str![[r#"
locals {
  a = <<EOT
[{
  "name": "a"
}, {"b": 1, "readonlyRootFilesystem": true}]
EOT
}

"#]]
    );
}

#[test]
fn a_nested_block_goes_to_the_end() {
    let block = "setting {\n  name  = \"containerInsights\"\n  value = \"enabled\"\n}";
    let insert = |text: &str| {
        fixed(text, "resource \"a\" \"b\" {", |origin| {
            let edit = Edit::InsertBlock {
                into: origin.clone(),
                text: block.to_owned(),
            };
            Fix {
                title: "t".into(),
                applicability: Applicability::MachineApplicable,
                edits: vec![edit],
            }
        })
        .0
    };
    assert_data_eq!(
        insert("resource \"a\" \"b\" {\n  name = \"c\"\n}\n"),
        str![[r#"
resource "a" "b" {
  name = "c"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

"#]]
    );
    assert_data_eq!(
        insert("resource \"a\" \"b\" {}\n"),
        str![[r#"
resource "a" "b" {
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

"#]]
    );
    assert_data_eq!(
        insert("resource \"a\" \"b\" { name = 1 }\n"),
        str![[r#"
resource "a" "b" {
  name = 1

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

"#]]
    );
}

#[test]
fn line_breaks_are_those_of_the_text() {
    let text = "a {\r\n  b = 1\r\n}\r\n";
    assert_eq!(
        inserted(text, "a {", "ccc", "2"),
        "a {\r\n  b   = 1\r\n  ccc = 2\r\n}\r\n"
    );
}

#[test]
fn an_expression_that_is_no_literal_is_left_alone() {
    let text = "locals {\n  a = true\n  b = length(var.c) > 0\n  c = {\n    mode = var.on ? \"ON\" : null\n  }\n}\n";
    let replaced = |origin: &Origin| Fix::replace("t", origin, "false");
    let put = |origin: &Origin| Fix::set("t", &Origin::missing(origin), "mode", "\"ON\"");
    assert_eq!(
        fixed(text, "true", replaced).1,
        Applicability::MachineApplicable
    );
    assert_eq!(
        fixed(text, "\"ON\"", replaced).1,
        Applicability::MaybeIncorrect,
        "who chooses counts on the choice"
    );
    assert!(resolved(text, "length(var.c) > 0", replaced).is_none());
    assert!(resolved(text, "{\n    mode", put).is_none());
}

#[test]
fn the_other_arm_of_a_conditional_is_changed_where_it_says_the_same() {
    let text = "locals {\n  a = var.on ? \"host\" : (var.off ? \"host\" : \"task\")\n  b = var.on ? [{ c = true }] : [{ c = true }, { c = true }]\n  d = var.on ? f({ name = 1 }) : f({ name = 2 })\n}\n";
    let replaced = |origin: &Origin| Fix::replace("t", origin, "0");
    let (fixed_text, applicability) = fixed(text, "\"host\"", replaced);
    assert!(fixed_text.contains("var.on ? 0 : (var.off ? 0 : \"task\")"));
    assert_eq!(applicability, Applicability::MaybeIncorrect);
    let fixed_text = fixed(text, "true", replaced).0;
    assert!(fixed_text.contains("[{ c = 0 }] : [{ c = 0 }, { c = true }]"));
    let fixed_text = inserted(text, "{ name = 1 }", "x", "0");
    assert!(fixed_text.contains("f({ name = 1, x = 0 }) : f({ name = 2, x = 0 })"));
}

#[test]
fn comments_at_the_ends_of_lines_stay_in_one_column() {
    let replaced = |origin: &Origin| Fix::replace("t", origin, "false");
    let text = "resource \"a\" \"b\" {\n  on   = true                    # é\n  name = aws_security_group.a.id # b\n\n  y = 1   # apart\n}\n";
    assert_eq!(
        fixed(text, "true", replaced).0,
        text.replace("true                    #", "false                   #")
    );
    let longest = "a {\n  on  = true # a\n  off = 1    # b\n}\n";
    assert_eq!(
        fixed(longest, "true", replaced).0,
        "a {\n  on  = false # a\n  off = 1     # b\n}\n"
    );
    let never = "a {\n  on  = true     # a\n  off = 1 # b\n}\n";
    assert_eq!(
        fixed(never, "true", replaced).0,
        never.replace("true", "false"),
        "what was in no column is not put in one"
    );
    let between = "a {\n  on  = 1  # a\n  off = 10 # b\n}\n";
    assert_eq!(
        inserted(between, "a {", "sea", "2"),
        "a {\n  on  = 1  # a\n  off = 10 # b\n  sea = 2\n}\n"
    );
}

#[test]
fn a_long_text_is_in_line_with_the_arguments_around_it() {
    let text = "resource \"a\" \"b\" {\n  cpu  = 1\n  json = <<EOT\n[]\nEOT\n  x    = 1\n}\n";
    assert_eq!(
        inserted(text, "resource \"a\" \"b\" {", "network_mode", "\"awsvpc\""),
        "resource \"a\" \"b\" {\n  cpu          = 1\n  network_mode = \"awsvpc\"\n  json         = <<EOT\n[]\nEOT\n  x            = 1\n}\n"
    );
}
