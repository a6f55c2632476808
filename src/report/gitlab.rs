//! The reports for GitLab: code quality, and static analysis for security.

mod code_quality;
mod sast;

pub use code_quality::code_quality;
pub use sast::sast;

use super::{Judged, Location, Report, RootReport};

/// Where a verdict is shown: a file, relative to the repository, and the first and last line. What has no place is
/// shown at a file of its root module.
fn shown_at(report: &Report, root_file: &str, judged: &Judged) -> (String, usize, usize) {
    match judged.locations.first() {
        Some(Location {
            file, start, end, ..
        }) => (report.in_repository(file), start.line, end.line),
        None => (report.in_repository(root_file), 1, 1),
    }
}

/// The file at which a root module is shown, else its directory.
fn root_file(root: &RootReport) -> &str {
    root.first_file().unwrap_or(&root.path)
}
