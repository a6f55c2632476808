//! What happens with a verdict: its level, its places, its fingerprint. Pure.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Write as _};

use sha2::{Digest, Sha256};

use crate::fix;
use crate::place;
use crate::report::Judged;
use crate::rules::{Group, Judgement, Rule};
use crate::source::SourceMap;
use crate::verdict::Outcome;
use crate::waiver::{Found, Waived, Waivers};

/// What happens where a rule is violated, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing: it is only listed in reports for machines.
    Allow,
    /// It is shown.
    Warn,
    /// It is shown, and the run ends with exit code 100.
    Deny,
}

/// Why a level is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LevelSource {
    /// It is the default of the rule's group, or of what is undecided.
    Default,
    /// A flag of the command line says so: `-D required`.
    Flag(String),
    /// The configuration says so, under this key.
    Configuration(String),
}

/// What a level can be set for.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// One rule.
    Rule(&'static Rule),
    /// A group of rules.
    Group(Group),
    /// Verdicts of `unknown`.
    Undecided,
}

/// The levels that are set. A rule's own comes before its group's, and that before the default; of
/// two for the same target the later one holds.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    rules: BTreeMap<&'static str, (Level, LevelSource)>,
    groups: BTreeMap<Group, (Level, LevelSource)>,
    undecided: Option<(Level, LevelSource)>,
}

impl Levels {
    /// Sets the level of a target.
    pub fn set(&mut self, target: Target, level: Level, source: LevelSource) {
        match target {
            Target::Rule(rule) => {
                self.rules.insert(rule.id, (level, source));
            }
            Target::Group(group) => {
                self.groups.insert(group, (level, source));
            }
            Target::Undecided => self.undecided = Some((level, source)),
        }
    }

    /// The level of what is undecided.
    #[must_use]
    pub fn undecided(&self) -> (Level, LevelSource) {
        let set = self.undecided.clone();
        set.unwrap_or((Level::Warn, LevelSource::Default))
    }

    /// The level of a rule's verdict.
    ///
    /// A verdict of `unknown` is never taken more seriously than a violation of the same rule would be.
    #[must_use]
    pub fn of(&self, rule: &Rule, outcome: Outcome) -> (Level, LevelSource) {
        let violation = self
            .rules
            .get(rule.id)
            .or_else(|| self.groups.get(&rule.group))
            .cloned()
            .unwrap_or((default_level(rule), LevelSource::Default));
        if outcome != Outcome::Unknown {
            return violation;
        }
        let undecided = self.undecided();
        if violation.0 < undecided.0 {
            violation
        } else {
            undecided
        }
    }
}

/// The level of a rule that nobody set.
#[must_use]
pub fn default_level(rule: &Rule) -> Level {
    match rule.group {
        _ if rule.opt_in => Level::Allow,
        Group::Required => Level::Deny,
        Group::Recommended | Group::Workspace => Level::Warn,
    }
}

/// Decides on the verdicts of one root module.
#[must_use]
pub(crate) fn judge(
    root: &str,
    judgements: Vec<Judgement>,
    levels: &Levels,
    waivers: &Waivers<'_>,
    source: &SourceMap,
) -> Vec<Judged> {
    let mut repeated = HashMap::new();
    let fixes = fix::Resolver::new(source);
    judgements
        .into_iter()
        .map(
            |Judgement {
                 rule,
                 subject,
                 verdict,
             }| {
                let (level, level_source) = levels.of(rule, verdict.outcome);
                let path = verdict.primary.origin.path_from(&subject.origin);
                let key = (
                    rule.id,
                    subject.address.clone(),
                    subject.container.clone(),
                    path.clone(),
                );
                let repetition = repeated
                    .entry(key)
                    .and_modify(|count| *count += 1)
                    .or_insert(0_usize);
                let fingerprint = fingerprint(&[
                    root,
                    &subject.address,
                    subject.container.as_deref().unwrap_or_default(),
                    rule.id,
                    &path,
                    // Of what nothing tells apart the order is all that is left.
                    &match *repetition {
                        0 => String::new(),
                        repetition => repetition.to_string(),
                    },
                ]);
                let proposed = verdict.fix.as_ref();
                let proposed = proposed.filter(|_| verdict.outcome == Outcome::Fail);
                let (fix, unwritten) = match proposed.map(|fix| fixes.resolve(fix)) {
                    Some(Ok(fix)) => (Some(fix), None),
                    Some(Err(why)) => (None, Some(why)),
                    None => (None, None),
                };
                let mut notes = verdict.notes;
                if let Some(why) = &subject.maybe {
                    notes.push(format!("whether it is there depends on {why}"));
                }
                let locations = place::locate(source, &verdict.primary, &verdict.secondary);
                let waived = match verdict.outcome {
                    Outcome::Fail | Outcome::Unknown => {
                        waivers.find(rule, root, &subject, &locations, source)
                    }
                    Outcome::Pass | Outcome::NotApplicable => None,
                };
                let mut message = verdict.message;
                let waived = match waived {
                    Some(Found::Waived(waived)) => Some(waived),
                    Some(Found::Lapsed(Waived { terms, .. })) => {
                        if let Some(until) = terms.until {
                            let _ = write!(message, "; its waiver lapsed after {until}");
                            notes.push(format!("it was waived: {}", terms.reason));
                        }
                        None
                    }
                    None => None,
                };
                let waived = match verdict.outcome {
                    Outcome::Fail | Outcome::Unknown => {
                        waived.or_else(|| waivers.known(&fingerprint))
                    }
                    Outcome::Pass | Outcome::NotApplicable => None,
                };
                Judged {
                    rule,
                    outcome: verdict.outcome,
                    level,
                    severity: verdict.severity.unwrap_or(rule.severity),
                    level_source,
                    address: subject.address,
                    container: subject.container,
                    message,
                    reason: verdict.reason,
                    help: verdict.help,
                    notes,
                    locations,
                    fix,
                    unwritten,
                    waived,
                    fingerprint,
                }
            },
        )
        .collect()
}

/// What is said of a waiver that ended.
/// The same for the same parts, and nothing else: never made of lines, so that moving text changes none.
fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut half = [0; 16];
    half.copy_from_slice(&hash.finalize()[..16]);
    format!("{:032x}", u128::from_be_bytes(half))
}

impl Level {
    /// The name, as flags, configuration and reports have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        }
    }

    /// Finds a level by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }

    /// Every level, from the least.
    pub const ALL: [Level; 3] = [Level::Allow, Level::Warn, Level::Deny];
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::*;
    use crate::ecs::Origin;
    use crate::ecs::inventory::Subject;
    use crate::hcl::Span;
    use crate::selection::find_rule;
    use crate::source::Place;
    use crate::terraform::Trace;
    use crate::verdict::Verdict;

    fn judgement(rule: &'static Rule, address: &str, verdict: Verdict) -> Judgement {
        let subject = Subject {
            address: Arc::from(address),
            ..Subject::default()
        };
        Judgement {
            rule,
            subject,
            verdict,
        }
    }

    #[test]
    fn what_is_undecided_is_never_taken_more_seriously_than_a_violation() {
        let rule = find_rule("ECS:004").unwrap();
        let mut levels = Levels::default();
        let level = |levels: &Levels, outcome| levels.of(rule, outcome).0;
        assert_eq!(level(&levels, Outcome::Fail), Level::Deny);
        assert_eq!(level(&levels, Outcome::Unknown), Level::Warn);
        levels.set(Target::Undecided, Level::Deny, LevelSource::Default);
        assert_eq!(level(&levels, Outcome::Unknown), Level::Deny);
        levels.set(
            Target::Group(Group::Required),
            Level::Allow,
            LevelSource::Default,
        );
        assert_eq!(level(&levels, Outcome::Unknown), Level::Allow);
        levels.set(Target::Rule(rule), Level::Warn, LevelSource::Default);
        assert_eq!(level(&levels, Outcome::Fail), Level::Warn);
        assert_eq!(level(&levels, Outcome::Unknown), Level::Warn);
    }

    #[test]
    fn fingerprints_tell_subjects_apart_and_know_no_lines() {
        let rule = find_rule("ECS:004").unwrap();
        let of = |root: &str, text: &str, addresses: &[&str]| -> Vec<String> {
            let mut source = SourceMap::default();
            let file = source.add(PathBuf::from("a.tf"), Arc::from("a.tf"), Arc::from(text));
            let start = u32::try_from(text.find("true").unwrap()).unwrap();
            let place = Place::new(
                file,
                Span {
                    start,
                    end: start + 4,
                },
            );
            let origin = Origin::value(&Trace::at(place), &Origin::default());
            let judgements = addresses
                .iter()
                .map(|address| judgement(rule, address, Verdict::fail("m", &origin)))
                .collect();
            let judged = judge(
                root,
                judgements,
                &Levels::default(),
                &Waivers::default(),
                &source,
            );
            judged
                .into_iter()
                .map(|judged| judged.fingerprint)
                .collect()
        };
        let first = of(
            "infra",
            "a = true\n",
            &["a.b[\"x\"]", "a.b[\"y\"]", "a.b[\"y\"]"],
        );
        let moved = of(
            "infra",
            "\n\n# moved\na = true\n",
            &["a.b[\"x\"]", "a.b[\"y\"]", "a.b[\"y\"]"],
        );
        assert_eq!(first, moved);
        let mut apart = first.clone();
        apart.extend(of("other", "a = true\n", &["a.b[\"x\"]"]));
        apart.sort();
        apart.dedup();
        assert_eq!(apart.len(), 4, "{apart:?}");
    }

    #[test]
    fn fingerprints_know_the_path_of_the_attribute() {
        let rule = find_rule("ECS:004").unwrap();
        let fingerprint = |path: &[&str]| {
            let resource = Origin::missing(&Origin::default());
            let origin = path.iter().fold(resource.clone(), |within, name| {
                Origin::missing(&within).named(name)
            });
            let written = path.join(".").replace(".[", "[");
            assert_eq!(origin.path_from(&resource), written);
            let mut judgement = judgement(rule, "a.b", Verdict::fail("m", &origin));
            judgement.subject.origin = resource;
            let source = SourceMap::default();
            let judged = judge(
                "infra",
                vec![judgement],
                &Levels::default(),
                &Waivers::default(),
                &source,
            );
            judged[0].fingerprint.clone()
        };
        let mut all = vec![
            fingerprint(&[]),
            fingerprint(&["volume", "[0]", "name"]),
            fingerprint(&["volume", "[1]", "name"]),
            fingerprint(&["volume", "[1]"]),
        ];
        assert_eq!(all[1], fingerprint(&["volume", "[0]", "name"]));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 4);
    }
}
