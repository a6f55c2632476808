//! What the names mean that levels are set for and rules are picked by: rules, groups, catalogues.

use crate::policy::Target;
use crate::rules::{Catalogue, Group, RULES, Rule};

/// Every group with its name.
pub const GROUPS: [(&str, Group); 3] = [
    ("required", Group::Required),
    ("recommended", Group::Recommended),
    ("workspace", Group::Workspace),
];

/// The name of a group.
#[must_use]
pub fn group_name(group: Group) -> &'static str {
    GROUPS
        .iter()
        .find(|(_, other)| *other == group)
        .map_or("", |(name, _)| name)
}

/// Finds a rule by its id, in upper or lower case, or by its name.
#[must_use]
pub fn find_rule(name: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .copied()
        .find(|rule| rule.id.eq_ignore_ascii_case(name) || rule.name == name)
}

/// Finds what a level can be set for: a rule, a group, `undecided`; or the rules that a catalogue has ids for, or
/// that have this id in one. Empty where the name is unknown.
#[must_use]
pub fn find_targets(name: &str) -> Vec<Target> {
    if name == "undecided" {
        return vec![Target::Undecided];
    }
    if let Some((_, group)) = GROUPS.iter().find(|(group, _)| *group == name) {
        return vec![Target::Group(*group)];
    }
    if let Some(rule) = find_rule(name) {
        return vec![Target::Rule(rule)];
    }
    let is_named = |rule: &Rule| {
        Catalogue::ALL.into_iter().any(|catalogue| {
            let mut ids = rule.known_in(catalogue);
            if name == catalogue.name() {
                ids.next().is_some()
            } else {
                ids.any(|id| id.eq_ignore_ascii_case(name))
            }
        })
    };
    let rules = RULES.iter().copied().filter(|rule| is_named(rule));
    rules.map(Target::Rule).collect()
}

/// Finds the rules that a name stands for; empty where it stands for none.
#[must_use]
pub fn find_rules(name: &str) -> Vec<&'static Rule> {
    let targets = find_targets(name);
    let rules = RULES.iter().copied();
    rules
        .filter(|rule| {
            targets.iter().any(|target| match target {
                Target::Rule(wanted) => wanted.id == rule.id,
                Target::Group(group) => *group == rule.group,
                Target::Undecided => false,
            })
        })
        .collect()
}

/// The names that [`find_rules`] knows, but for other catalogues' ids.
pub fn rule_names() -> impl Iterator<Item = &'static str> {
    let rules = RULES.iter().flat_map(|rule| [rule.id, rule.name]);
    rules
        .chain(GROUPS.iter().map(|(name, _)| *name))
        .chain(Catalogue::ALL.into_iter().map(Catalogue::name))
}

/// The names that [`find_targets`] knows, but for other catalogues' ids.
pub fn target_names() -> impl Iterator<Item = &'static str> {
    rule_names().chain(["undecided"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(name: &str) -> Vec<&'static str> {
        find_rules(name).iter().map(|rule| rule.id).collect()
    }

    #[test]
    fn rules_are_found_by_what_others_call_them() {
        assert_eq!(ids("ECS.4"), ["ECS:004"]);
        assert_eq!(ids("ckv_aws_334"), ["ECS:004"]);
        assert_eq!(ids("ecs-containers-nonprivileged"), ["ECS:004"]);
        assert_eq!(ids("CT.ECS.PR.11"), ["ECS:004"]);
        assert_eq!(ids("ECS.999"), [""; 0]);
        assert_eq!(ids("undecided"), [""; 0]);
    }

    #[test]
    fn a_catalogue_is_the_rules_that_it_has_ids_for() {
        let of_trivy = ids("trivy");
        assert!(of_trivy.contains(&"ECS:001"), "{of_trivy:?}");
        assert!(!of_trivy.contains(&"ECS:004"), "{of_trivy:?}");
        let required = ids("required");
        assert_eq!(required.len(), 15);
    }

    #[test]
    fn every_other_name_of_a_rule_is_of_a_catalogue() {
        for rule in RULES {
            let count: usize = Catalogue::ALL
                .into_iter()
                .map(|catalogue| rule.known_in(catalogue).count())
                .sum();
            assert_eq!(count, rule.also_known_as.len(), "{}", rule.id);
        }
    }
}
