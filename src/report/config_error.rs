//! Errors of the configuration, over the manifest that has them.

use std::path::PathBuf;
use std::sync::Arc;

use super::diagnostic::{self, Diagnostic};
use crate::config::ConfigError;
use crate::place;
use crate::source::{Place, SourceMap};

/// Renders what is wrong in a manifest, each with its place.
#[must_use]
pub fn config_errors(file: &str, text: &Arc<str>, errors: &[ConfigError], colour: bool) -> String {
    let mut source = SourceMap::default();
    let manifest = source.add(PathBuf::from(file), Arc::from(file), text.clone());
    let mut rendered = String::new();
    for error in errors {
        let location = error.span.map(|span| {
            place::location(
                &source,
                Place::new(manifest, span),
                error.label.clone(),
                true,
            )
        });
        let diagnostic = Diagnostic {
            denied: true,
            title: &error.message,
            locations: location.as_slice(),
            help: error.help.as_deref().map(Into::into),
            ..Diagnostic::default()
        };
        rendered.push_str(&diagnostic::render(&diagnostic, colour));
        rendered.push('\n');
    }
    rendered
}
