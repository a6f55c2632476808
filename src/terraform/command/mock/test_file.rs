//! The test that has Terraform plan with mocked providers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::cast::{Cast, Want, quoted};
use crate::terraform::evaluate::{Block, Outline};
use crate::terraform::plan::without_keys;

/// Attributes and what they are made to be.
type Attributes = Vec<(Arc<str>, String)>;

/// What Terraform's messages taught about a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lessons {
    /// What attributes should be, by type (data sources with `data.` before it) and name.
    pub attributes: BTreeMap<(String, String), Want>,
    /// `check` blocks that made-up values do not pass.
    pub checks: BTreeSet<String>,
}

/// How many instances get values of their own.
const INSTANCES: usize = 5_000;

/// What the source tells of a configuration with a cast's values.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// The addresses of the instances.
    pub instances: Vec<Arc<str>>,
    /// The availability zones that it names; whoever names one looks for it among all that there are.
    pub zones: BTreeSet<String>,
}

/// Writes the test. An override without keys does not reach into a module that is called several times,
/// and gives every instance the same: the instances that are known get their own.
pub(super) fn test_file(outline: &Outline, cast: &Cast, lessons: &Lessons, told: &Told) -> String {
    let mut text = String::new();
    let mut keyed: BTreeMap<String, Vec<(usize, &str)>> = BTreeMap::new();
    for (index, address) in told.instances.iter().take(INSTANCES).enumerate() {
        let block = without_keys(address);
        if block != **address && is_plain(address) {
            let number = outline.blocks.len() + index + 1;
            keyed.entry(block).or_default().push((number, address));
        }
    }
    let mut types: BTreeMap<(bool, &str), Attributes> = BTreeMap::new();
    let mut overrides = String::new();
    for (index, block) in outline.blocks.iter().enumerate() {
        if !is_identifier(&block.ty) || !block.address.split('.').all(is_identifier) {
            continue;
        }
        types
            .entry((block.data, &block.ty))
            .or_insert_with(|| attributes(cast, block, 0, lessons, told));
        let instances = keyed.get(&*block.address).map_or(&[][..], Vec::as_slice);
        let whole = (index + 1, &*block.address);
        for (number, address) in std::iter::once(&whole).chain(instances) {
            let values = if &*block.ty == "terraform_remote_state" && block.data {
                vec![("outputs".into(), outputs(cast, block, *number))]
            } else {
                attributes(cast, block, *number, lessons, told)
            };
            if values.is_empty() {
                continue;
            }
            let kind = if block.data { "data" } else { "resource" };
            let values = object(&values);
            push(
                &mut overrides,
                format_args!(
                    "override_{kind} {{\n  target = {address}\n  override_during = plan\n  \
                     values = {values}\n}}\n"
                ),
            );
        }
    }
    for provider in &outline.providers {
        let (name, alias) = match provider.split_once('.') {
            Some((name, alias)) => (name, Some(alias)),
            None => (&**provider, None),
        };
        // Terraform's own provider is in Terraform, and nothing of it is from outside but remote states.
        if name == "terraform" || !is_identifier(name) {
            continue;
        }
        push(&mut text, format_args!("mock_provider \"{name}\" {{\n"));
        if let Some(alias) = alias {
            push(&mut text, format_args!("  alias = {}\n", quoted(alias)));
        }
        for ((data, ty), defaults) in &types {
            let kind = if *data { "data" } else { "resource" };
            let defaults = object(defaults);
            push(
                &mut text,
                format_args!(
                    "  mock_{kind} \"{ty}\" {{\n    override_during = plan\n    \
                     defaults = {defaults}\n  }}\n"
                ),
            );
        }
        text.push_str("}\n");
    }
    text.push_str(&overrides);
    push(
        &mut text,
        format_args!("variables {{\n{}}}\nrun", variables(outline, cast)),
    );
    text.push_str(" \"audit\" {\n  command = plan\n");
    if !lessons.checks.is_empty() {
        let checks = lessons.checks.iter().map(|name| format!("check.{name}"));
        let checks: Vec<_> = checks.collect();
        push(
            &mut text,
            format_args!("  expect_failures = [{}]\n", checks.join(", ")),
        );
    }
    text.push_str("}\n");
    text
}

/// Writes what stands in for the variables, as a file of variables has it.
pub(super) fn variables(outline: &Outline, cast: &Cast) -> String {
    let mut text = String::new();
    for (index, variable) in outline.variables.iter().enumerate() {
        if is_identifier(&variable.name) {
            let value = cast.variable(variable, index + 1);
            push(&mut text, format_args!("  {} = {value}\n", variable.name));
        }
    }
    text
}

/// Whether the keys of an address can stand in a test as they are.
fn is_plain(address: &str) -> bool {
    !address.contains(|c: char| c.is_control() || matches!(c, '$' | '%' | '\\'))
}

fn attributes(
    cast: &Cast,
    block: &Block,
    number: usize,
    lessons: &Lessons,
    told: &Told,
) -> Attributes {
    let mut attributes = cast.attributes(&block.ty, block.data, number);
    if block.data && &*block.ty == "aws_availability_zones" {
        attributes.extend(cast.zones(&told.zones));
    }
    let key = type_key(&block.ty, block.data);
    for ((ty, attribute), want) in &lessons.attributes {
        if *ty == key {
            attributes.retain(|(name, _)| **name != **attribute);
            let value = cast.wanted(want, &block.ty, number);
            attributes.push((Arc::from(&**attribute), value));
        }
    }
    attributes
}

/// A type as [`Lessons`] names it.
pub(super) fn type_key(ty: &str, data: bool) -> String {
    format!("{}{ty}", if data { "data." } else { "" })
}

/// The outputs of a remote state, as far as the configuration takes something from them.
fn outputs(cast: &Cast, block: &Block, number: usize) -> String {
    #[derive(Default)]
    struct Tree {
        inner: BTreeMap<Arc<str>, Tree>,
        indexed: bool,
    }
    fn written(cast: &Cast, name: &str, tree: &Tree, number: usize) -> String {
        if tree.inner.is_empty() && !name.is_empty() {
            return cast.output(name, tree.indexed, number);
        }
        let inner = tree.inner.iter();
        let inner: Vec<_> = inner
            .map(|(name, tree)| (name.clone(), written(cast, name, tree, number)))
            .collect();
        object(&inner)
    }
    let mut all = Tree::default();
    for (path, indexed) in &block.outputs {
        let mut tree = &mut all;
        for name in path {
            tree = tree.inner.entry(name.clone()).or_default();
        }
        tree.indexed |= indexed;
    }
    written(cast, "", &all, number)
}

fn object(entries: &[(Arc<str>, String)]) -> String {
    let entry = |(name, value): &(Arc<str>, String)| format!("{} = {value}", quoted(name));
    let entries: Vec<_> = entries.iter().map(entry).collect();
    match entries.as_slice() {
        [] => "{}".into(),
        _ => format!("{{ {} }}", entries.join(", ")),
    }
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(what);
}

/// Whether a name can stand in a test without quotes. What is no such name Terraform refuses anyway.
pub(super) fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|next| next.is_alphanumeric() || next == '_' || next == '-')
}

#[cfg(test)]
mod tests {
    use super::super::cast::CASTS;
    use super::*;
    use crate::hcl;
    use crate::terraform::evaluate::OpenVariable;
    use crate::terraform::types::Type;

    fn block(address: &str, outputs: &[(&str, bool)]) -> Block {
        let parts: Vec<_> = address.split('.').collect();
        let path = |path: &str| path.split('.').map(Arc::from).collect();
        Block {
            address: address.into(),
            data: parts.contains(&"data"),
            ty: parts[parts.len() - 2].into(),
            outputs: outputs
                .iter()
                .map(|(names, indexed)| (path(names), *indexed))
                .collect(),
        }
    }

    fn outlined() -> Outline {
        Outline {
            providers: ["aws", "aws.replica", "terraform"].map(Arc::from).into(),
            blocks: vec![
                block("aws_iam_role.a", &[]),
                block("module.m.aws_iam_role.b", &[]),
                block("data.aws_availability_zones.z", &[]),
                block(
                    "data.terraform_remote_state.s",
                    &[("vpc.id", false), ("zones", true)],
                ),
                block("null_resource.\"${x}", &[]),
            ],
            variables: vec![
                OpenVariable {
                    name: "names".into(),
                    ty: Type::set(Type::String),
                    compared_with: Vec::new(),
                },
                OpenVariable {
                    name: "stage".into(),
                    ty: Type::String,
                    compared_with: vec!["a".into(), "${b}\"\n".into()],
                },
            ],
        }
    }

    #[test]
    fn every_provider_and_type_in_use_is_mocked() {
        let text = test_file(
            &outlined(),
            &CASTS[0],
            &Lessons::default(),
            &Told::default(),
        );
        assert_eq!(hcl::parse(&text).errors, [], "{text}");
        for expected in [
            "mock_provider \"aws\" {\n  mock_resource \"aws_iam_role\" {\n    override_during = plan",
            "mock_provider \"aws\" {\n  alias = \"replica\"\n",
            "target = module.m.aws_iam_role.b\n  override_during = plan\n  \
             values = { \"arn\" = \"arn:aws:iam::210987654321:role/mka2\" }",
            "\"names\" = [\"eu-west-1a\", \"eu-west-1b\", ",
            "values = { \"outputs\" = { \"vpc\" = { \"id\" = \"mka4\" }, \"zones\" = [",
            "  names = [\"mka1\", \"mka1n1\", \"mka1n2\"]\n",
            "  stage = \"a\"\n}\nrun \"audit\" {\n  command = plan\n}\n",
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
        for absent in ["null_resource", "mock_provider \"terraform\""] {
            assert!(!text.contains(absent), "{absent}\n{text}");
        }
    }

    #[test]
    fn every_instance_that_is_known_has_values_of_its_own() {
        let instances = [
            "aws_iam_role.a",
            "aws_iam_role.z[0]",
            "module.m[\"x.y\"].aws_iam_role.b",
            "module.m[\"x.y\"].aws_iam_role.b[1]",
            "module.m[\"$${x}\"].aws_iam_role.b",
        ];
        let text = test_file(
            &outlined(),
            &CASTS[0],
            &Lessons::default(),
            &Told {
                instances: instances.map(Arc::from).into(),
                zones: ["us-east-2a".to_owned()].into(),
            },
        );
        assert!(text.contains("\"eu-west-1c\", \"us-east-2a\"]"), "{text}");
        assert_eq!(hcl::parse(&text).errors, [], "{text}");
        let targets: Vec<_> = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("target = "))
            .filter(|target| target.contains("aws_iam_role"))
            .collect();
        assert_eq!(
            targets,
            [
                "aws_iam_role.a",
                "module.m.aws_iam_role.b",
                "module.m[\"x.y\"].aws_iam_role.b",
                "module.m[\"x.y\"].aws_iam_role.b[1]",
            ]
        );
        let arns = text.matches(":role/mka").count();
        assert_eq!(
            arns, 6,
            "one for the type in each provider, one for each target\n{text}"
        );
        assert!(
            text.contains("role/mka8\"") && text.contains("role/mka9\""),
            "{text}"
        );
    }

    #[test]
    fn the_two_casts_have_nothing_in_common() {
        let [one, other] = &CASTS;
        let values = |cast: &Cast| {
            let mut values = Vec::new();
            for block in &outlined().blocks {
                values.extend(attributes(
                    cast,
                    block,
                    1,
                    &Lessons::default(),
                    &Told::default(),
                ));
            }
            for ty in [
                Type::Bool,
                Type::Number,
                Type::String,
                Type::list(Type::Number),
            ] {
                for name in [
                    "memory",
                    "port",
                    "cidr",
                    "role_arn",
                    "zones",
                    "subnet_ids",
                    "url",
                ] {
                    let variable = OpenVariable {
                        name: name.into(),
                        ty: ty.clone(),
                        compared_with: Vec::new(),
                    };
                    values.push((variable.name.clone(), cast.variable(&variable, 1)));
                }
            }
            values
        };
        for ((name, one), (_, other)) in values(one).iter().zip(values(other)) {
            assert_ne!(*one, other, "{name}");
        }
    }

    #[test]
    fn what_was_learnt_is_in_the_next_test() {
        let mut lessons = Lessons::default();
        let key = ("aws_iam_role".to_owned(), "path".to_owned());
        lessons.attributes.insert(key, Want::Json);
        lessons.checks.insert("health".into());
        let text = test_file(&outlined(), &CASTS[1], &lessons, &Told::default());
        assert!(text.contains("\"path\" = \"{\\\"Version"), "{text}");
        assert!(
            text.contains("  expect_failures = [check.health]\n"),
            "{text}"
        );
        assert!(text.contains("  stage = \"\\u0024{b}\\\"\\n\"\n"), "{text}");
        assert_eq!(hcl::parse(&text).errors, []);
    }
}
