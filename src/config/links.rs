//! The links of a package to its containers.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike};

use super::reader::{KEYS, Reader};
use super::{ConfigError, invalid};
use crate::hcl::Span;
use crate::links::Link;

/// The keys of a link.
const LINK_KEYS: [&str; 3] = ["address", "container", "root"];
/// The key of a list of links.
const LIST: &str = "link";

/// Whose manifest it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// That of a package alone, or of the workspace's root package beside `[workspace]`.
    Package,
    /// That of a package that is its own workspace: it configures the audit at the same place.
    Workspace,
}

/// Whether a key belongs to the links of a package, which stand beside the configuration where a package is its
/// own workspace.
pub(crate) fn is_link_key(key: &str) -> bool {
    key == LIST || LINK_KEYS.contains(&key)
}

/// Reads the links of a package out of its manifest.
///
/// # Errors
/// Everything that is wrong with them, in the order of the text.
pub fn links(manifest: &str, owner: Owner) -> Result<Vec<Link>, Vec<ConfigError>> {
    let document = Document::parse(manifest).map_err(|error| vec![invalid(&error)])?;
    let mut reader = Reader {
        path: "package.metadata.ecs-audit".to_owned(),
        errors: Vec::new(),
    };
    let item = ["metadata", "ecs-audit"]
        .iter()
        .try_fold(document.get("package"), |item, key| {
            item.map(|item| item.get(key))
        })
        .flatten();
    let links = match item.and_then(|item| reader.table(item)) {
        Some(table) => reader.links(table, owner),
        None => Vec::new(),
    };
    reader.finish(links)
}

impl Reader {
    fn links(&mut self, table: &dyn TableLike, owner: Owner) -> Vec<Link> {
        let mut own = Link::default();
        let mut links = Vec::new();
        let mut place = None;
        for (key, item) in table.iter() {
            if LINK_KEYS.contains(&key) {
                place = place.or_else(|| table.key(key)?.span());
                self.link_key(&mut own, key, item);
            } else if key == LIST {
                links = self.list(item);
            } else if owner == Owner::Package || !KEYS.contains(&key) {
                self.unknown_key(table, key, &["address", "container", "link", "root"]);
            }
        }
        if own != Link::default() {
            links.extend(self.link(own, place));
        }
        links
    }

    fn list(&mut self, item: &Item) -> Vec<Link> {
        if let Some(tables) = item.as_array_of_tables() {
            return tables
                .iter()
                .filter_map(|table| self.entry(table, table.span()))
                .collect();
        }
        let Some(array) = item.as_array() else {
            self.wrong_type::<()>(item, "a list of tables");
            return Vec::new();
        };
        let mut links = Vec::new();
        for value in array {
            match value.as_inline_table() {
                Some(table) => links.extend(self.entry(table, value.span())),
                None => self.wrong(value.span(), "expected a table"),
            }
        }
        links
    }

    fn entry(&mut self, table: &dyn TableLike, place: Option<Range<usize>>) -> Option<Link> {
        let mut link = Link::default();
        for (key, item) in table.iter() {
            if LINK_KEYS.contains(&key) {
                self.link_key(&mut link, key, item);
            } else {
                self.unknown_key(table, key, &LINK_KEYS);
            }
        }
        self.link(link, place)
    }

    fn link_key(&mut self, link: &mut Link, key: &str, item: &Item) {
        let text = self.text(item);
        if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
            self.wrong(item.span(), "expected a text that is not empty");
        }
        match key {
            "address" => link.address = text,
            "container" => link.container = text,
            _ => link.root = text,
        }
    }

    fn link(&mut self, link: Link, place: Option<Range<usize>>) -> Option<Link> {
        if link.container.is_none() && link.address.is_none() {
            if self.errors.is_empty() {
                self.wrong(
                    place,
                    "a link needs a `container`, or the `address` of a task definition",
                );
            }
            return None;
        }
        Some(Link {
            span: place.map(Span::from),
            ..link
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(manifest: &str, owner: Owner) -> Vec<String> {
        let errors = links(manifest, owner).unwrap_err();
        let lines = errors.iter().map(|error| {
            let help = error.help.as_deref().unwrap_or(&error.label);
            format!("{}: {help}", error.message)
        });
        lines.collect()
    }

    #[test]
    fn a_link_or_a_list_of_them_is_read() {
        let manifest = "[package]\nname = \"a\"\n[package.metadata.ecs-audit]\ncontainer = \"api\"\n\
                        [[package.metadata.ecs-audit.link]]\naddress = \"module.*\"\nroot = \"infra/prod\"\n";
        let found = links(manifest, Owner::Package).unwrap();
        let names: Vec<_> = found
            .iter()
            .map(|link| (link.container.as_deref(), link.root.as_deref()))
            .collect();
        assert_eq!(names, [(None, Some("infra/prod")), (Some("api"), None)]);
        let inline = "[package.metadata]\necs-audit = { link = [{ container = \"a\" }, { container = \"b\" }] }\n";
        assert_eq!(links(inline, Owner::Package).unwrap().len(), 2);
        assert!(links("[package]\n", Owner::Package).unwrap().is_empty());
    }

    #[test]
    fn what_configures_the_audit_stands_beside_links_in_a_workspace_of_one_package_alone() {
        let manifest = "[package.metadata.ecs-audit]\nplan = \"never\"\ncontainer = \"a\"\n";
        assert_eq!(links(manifest, Owner::Workspace).unwrap().len(), 1);
        assert!(super::super::read(manifest).is_ok());
        assert_eq!(
            errors(manifest, Owner::Package),
            [
                "unknown key `plan` in `package.metadata.ecs-audit`: known are `address`, `container`, `link`, `root`"
            ]
        );
        let workspace = "[workspace.metadata.ecs-audit]\ncontainer = \"a\"\n";
        assert!(super::super::read(workspace).is_err());
    }

    #[test]
    fn every_mistake_has_its_place() {
        let of = |keys: &str| {
            errors(
                &format!("[package.metadata.ecs-audit]\n{keys}\n"),
                Owner::Package,
            )
            .join("|")
        };
        assert!(of("contianer = \"a\"").contains("did you mean `container`?"));
        assert!(of("container = 1").contains("expected a text, found a number"));
        assert!(of("container = \"\"").contains("not empty"));
        assert!(of("root = \"a\"").contains("a link needs a `container`"));
        assert!(of("link = \"a\"").contains("expected a list of tables"));
        assert!(of("link = [1]").contains("expected a table"));
        assert!(of("link = [{ adress = \"a\" }]").contains("did you mean `address`?"));
    }
}
