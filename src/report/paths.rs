//! Where things are for those who read a report from outside: relative to the repository.

use super::{Location, Report, RootReport};

impl Report {
    /// A path of the workspace, relative to the repository.
    pub(super) fn in_repository(&self, path: &str) -> String {
        match (self.directory.as_str(), path) {
            ("", path) => path.to_owned(),
            (directory, "." | "") => directory.to_owned(),
            (directory, path) => format!("{directory}/{path}"),
        }
    }
}

impl RootReport {
    /// The file of the root module that stands for all of it, where one is known: what has no place of its own is
    /// shown there.
    pub(super) fn first_file(&self) -> Option<&str> {
        let directory = match &*self.path {
            "." => String::new(),
            path => format!("{path}/"),
        };
        let locations = self.verdicts.iter().flat_map(|judged| &judged.locations);
        let files = locations.map(|Location { file, .. }| &**file);
        let own = files.filter(|file| {
            let name = file.strip_prefix(&*directory);
            name.is_some_and(|name| !name.contains('/'))
        });
        own.min()
    }
}
