//! Which package of the workspace is linked to which container: by what a package's manifest says, else by
//! their names.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::ecs::inventory::{
    Container, Inventory, Setting, Subject, TaskDefinition, Text, TextPart,
};
use crate::hcl::Span;
use crate::waiver::is_like;

/// A package of the workspace.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The names of its binaries.
    pub binaries: Vec<String>,
    /// Its manifest.
    pub manifest: PathBuf,
    /// The containers that its manifest names.
    pub links: Vec<Link>,
}

/// The containers that an entry of `[package.metadata.ecs-audit]` names; `*` stands for any text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The container's name; every container where there is none.
    pub container: Option<String>,
    /// The address of the task definition; every one where there is none.
    pub address: Option<String>,
    /// The root module, relative to the workspace root; every one where there is none.
    pub root: Option<String>,
    /// Where it is written.
    pub span: Option<Span>,
}

/// A container, and the package that it is linked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The package's name; nothing where it is no package's.
    pub package: Option<Arc<str>>,
    /// How it is linked.
    pub how: How,
    /// The root module's name.
    pub root: Arc<str>,
    /// The task definition's address.
    pub address: Arc<str>,
    /// The container's name.
    pub container: Arc<str>,
}

/// How a container is linked to a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The package's manifest names it.
    Manifest,
    /// It has the name of the package or of a binary of it.
    Name,
    /// Its image's repository in ECR has the name of the package or of a binary of it.
    Image,
    /// It is not.
    Not,
}

impl How {
    /// How, in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            How::Manifest => "by its manifest",
            How::Name => "by the container's name",
            How::Image => "by the name of the image's repository",
            How::Not => "not linked",
        }
    }
}

/// Which packages are wanted.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// They, or every package of the workspace.
    pub packages: Vec<Package>,
    /// Whether what is linked to none of them is left out.
    pub alone: bool,
}

/// What of a root module is linked to the packages of a scope.
#[derive(Debug, Default)]
pub(crate) struct InScope {
    /// The containers, and those that are no package's.
    pub(crate) containers: Vec<Linked>,
    /// The subjects by address and container: the containers, their task definitions, and what runs them.
    subjects: HashSet<(Arc<str>, Option<Arc<str>>)>,
}

impl InScope {
    /// Whether a verdict on a subject is one on what is linked.
    pub(crate) fn has(&self, subject: &Subject) -> bool {
        self.subjects
            .contains(&(Arc::clone(&subject.address), subject.container.clone()))
    }
}

impl Scope {
    /// What of an inventory is linked to the packages.
    pub(crate) fn of(&self, inventory: &Inventory, root: &str) -> InScope {
        let mut in_scope = InScope::default();
        for task in &inventory.task_definitions {
            let mut of_task: Vec<Option<Arc<str>>> = vec![None];
            for container in &task.containers {
                let name = container.subject.container.clone();
                let mut is_linked = false;
                for package in &self.packages {
                    let Some(how) = package.link(task, container, root) else {
                        continue;
                    };
                    is_linked = true;
                    in_scope.containers.push(Linked {
                        package: Some(Arc::from(package.name.as_str())),
                        how,
                        root: Arc::from(root),
                        address: Arc::clone(&task.subject.address),
                        container: name.clone().unwrap_or_default(),
                    });
                }
                if is_linked {
                    of_task.push(name);
                } else {
                    in_scope.containers.push(Linked {
                        package: None,
                        how: How::Not,
                        root: Arc::from(root),
                        address: Arc::clone(&task.subject.address),
                        container: name.unwrap_or_default(),
                    });
                }
            }
            if of_task.len() < 2 {
                continue;
            }
            let runners = task.runners.iter();
            let runners = runners.filter_map(|&index| inventory.runners.get(index));
            let runners = runners.map(|runner| &runner.subject.address);
            for address in runners.chain([&task.subject.address]) {
                let those = of_task.iter().cloned();
                in_scope
                    .subjects
                    .extend(those.map(|container| (Arc::clone(address), container)));
            }
        }
        in_scope
    }
}

impl Package {
    fn link(&self, task: &TaskDefinition, container: &Container, root: &str) -> Option<How> {
        let name = container.name.set().and_then(Text::known);
        if !self.links.is_empty() {
            let fits = |link: &Link| {
                let is = |like: &Option<String>, text: Option<&str>| match like {
                    Some(like) => text.is_some_and(|text| is_like(text, like)),
                    None => true,
                };
                is(&link.container, name)
                    && is(&link.address, Some(&task.subject.address))
                    && is(&link.root, Some(root))
            };
            return self.links.iter().any(fits).then_some(How::Manifest);
        }
        let is_ours =
            |name: &str| name == self.name || self.binaries.iter().any(|binary| name == binary);
        if name.is_some_and(is_ours) {
            return Some(How::Name);
        }
        if !matches!(container.image_in_private_ecr, Setting::Set(true)) {
            return None;
        }
        let repository = container.image.set().and_then(repository)?;
        is_ours(&repository).then_some(How::Image)
    }
}

/// The last segment of an image's repository, where it is known.
fn repository(image: &Text) -> Option<String> {
    // What is not known stands in it as a character that no name has.
    let written: String = image
        .parts
        .iter()
        .map(|part| match part {
            TextPart::Known(text) => text.as_ref(),
            TextPart::Unknown { .. } => "\0",
        })
        .collect();
    let untagged = written.split('@').next().unwrap_or_default();
    let (_, last) = untagged.rsplit_once('/')?;
    let last = last.split(':').next().unwrap_or_default();
    (!last.is_empty() && !last.contains('\0')).then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecs::inventory::{Field, Link as To, Runner};

    fn text(parts: &[Option<&str>]) -> Text {
        let part = |part: &Option<&str>| match part {
            Some(text) => TextPart::Known(Arc::from(*text)),
            None => TextPart::Unknown {
                reference: None,
                why: Default::default(),
            },
        };
        Text {
            parts: parts.iter().map(part).collect(),
            secret: None,
        }
    }

    fn field(text: Text) -> Field<Text> {
        Field {
            setting: Setting::Set(text),
            ..Field::default()
        }
    }

    fn container(name: &str, image: &[Option<&str>]) -> Container {
        Container {
            subject: Subject {
                address: Arc::from("t.a"),
                container: Some(Arc::from(name)),
                ..Subject::default()
            },
            name: field(Text::of(name)),
            image: field(text(image)),
            image_in_private_ecr: Setting::Set(true),
            ..Container::default()
        }
    }

    fn inventory(containers: Vec<Container>) -> Inventory {
        let subject = |address: &str| Subject {
            address: Arc::from(address),
            ..Subject::default()
        };
        Inventory {
            task_definitions: vec![TaskDefinition {
                subject: subject("t.a"),
                containers,
                runners: vec![0],
                ..TaskDefinition::default()
            }],
            runners: vec![
                Runner {
                    subject: subject("s.a"),
                    task_definition: To::To(0),
                    ..Runner::default()
                },
                Runner {
                    subject: subject("s.b"),
                    ..Runner::default()
                },
            ],
            ..Inventory::default()
        }
    }

    fn package(links: Vec<Link>) -> Package {
        Package {
            name: "api".to_owned(),
            binaries: vec!["api-server".to_owned()],
            links,
            ..Package::default()
        }
    }

    fn linked(links: Vec<Link>, containers: Vec<Container>) -> Vec<How> {
        let scope = Scope {
            packages: vec![package(links)],
            alone: true,
        };
        let in_scope = scope.of(&inventory(containers), "infra/prod");
        in_scope
            .containers
            .iter()
            .map(|linked| linked.how)
            .collect()
    }

    #[test]
    fn names_link_where_the_manifest_says_nothing() {
        let unknown = [Some("1.dkr.ecr.eu-west-1.amazonaws.com/shop/"), None];
        let containers = vec![
            container("api-server", &[]),
            container("app", &[None, Some("/shop/api:"), None]),
            container("app", &unknown),
            container("apis", &[Some("api:1")]),
        ];
        assert_eq!(
            linked(Vec::new(), containers),
            [How::Name, How::Image, How::Not, How::Not]
        );
    }

    #[test]
    fn the_manifest_comes_before_names() {
        let link = |container: &str, root: &str| Link {
            container: Some(container.to_owned()),
            root: Some(root.to_owned()),
            ..Link::default()
        };
        let containers = || vec![container("api", &[]), container("web-1", &[])];
        assert_eq!(
            linked(vec![link("web-*", "infra/*")], containers()),
            [How::Not, How::Manifest]
        );
        assert_eq!(
            linked(vec![link("web-*", "infra/dev")], containers()),
            [How::Not, How::Not]
        );
    }

    #[test]
    fn what_runs_a_linked_container_is_in_scope_and_its_neighbours_are_not() {
        let scope = Scope {
            packages: vec![package(Vec::new())],
            alone: true,
        };
        let containers = vec![container("api", &[]), container("proxy", &[])];
        let in_scope = scope.of(&inventory(containers), "infra");
        let has = |address: &str, container: Option<&str>| {
            in_scope.has(&Subject {
                address: Arc::from(address),
                container: container.map(Arc::from),
                ..Subject::default()
            })
        };
        assert!(has("t.a", None) && has("t.a", Some("api")) && has("s.a", None));
        assert!(!has("t.a", Some("proxy")) && !has("s.b", None));
    }
}
