//! The files that functions read, the functions that read them, and those of paths.

use std::path::Path;
use std::sync::Arc;

use super::function::Outcome;
use super::signature::Arguments;
use super::{base64, glob, hashes};
use crate::hcl::Span;
use crate::source::{FileId, Place};
use crate::terraform::types::Type;
use crate::terraform::value::{Failure, Text, Trace, Unknown, Value};

/// The file system as the functions see it: nothing outside the workspace.
pub trait Files {
    /// Reads a file, relative to the working directory, up to a size limit.
    ///
    /// # Errors
    /// Why it cannot be had.
    fn read(&self, path: &str) -> Result<FileContent, FileError>;
    /// Whether a regular file is there.
    ///
    /// # Errors
    /// Why that cannot be said: outside the workspace, or there and not a regular file.
    fn exists(&self, path: &str) -> Result<bool, FileError>;
    /// Every file below a directory, as paths relative to it with `/`, sorted. A directory that is not
    /// there has none.
    ///
    /// # Errors
    /// Why they cannot be had.
    fn list(&self, directory: &str) -> Result<Vec<String>, FileError>;
    /// The directory that relative paths start from, which is the root module's.
    fn working_directory(&self) -> &Path;
}

/// What was read of a file.
#[derive(Clone, Debug)]
pub struct FileContent {
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// The file among the texts that were read, where it is text; places in it are then known.
    pub file: Option<FileId>,
}

/// Why a file cannot be had: a message for a person, lower case, without a final period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// Terraform would fail too: there is no such file, or it is not a regular one.
    Refused(String),
    /// Terraform might read it and this does not: outside the workspace, too large, too many.
    Unread(String),
}

/// The content of a file, or the value that stands for it.
fn content(arguments: &Arguments<'_>, ty: Type) -> Result<FileContent, Outcome> {
    arguments
        .files
        .read(&arguments.text(0))
        .map_err(|why| unread(why, ty))
}

/// What a file that cannot be had comes to.
fn unread(why: FileError, ty: Type) -> Outcome {
    match why {
        FileError::Refused(message) => Err(Failure::new(message).in_argument(0)),
        FileError::Unread(message) => Ok(Value::unknown(
            Unknown::other(message).with_type(ty).not_null(),
        )),
    }
}

pub(super) fn file(arguments: &Arguments<'_>) -> Outcome {
    let content = match content(arguments, Type::String) {
        Ok(content) => content,
        Err(outcome) => return outcome,
    };
    let Ok(text) = std::str::from_utf8(&content.bytes) else {
        return Err(Failure::new("the file is not UTF-8").in_argument(0));
    };
    let trace = match (content.file, u32::try_from(text.len())) {
        (Some(file), Ok(end)) => Trace::at(Place::new(file, Span { start: 0, end })),
        _ => Trace::default(),
    };
    Ok(Value::string(Text::written(text, trace)))
}

pub(super) fn filebase64(arguments: &Arguments<'_>) -> Outcome {
    of_bytes(arguments, base64::encode)
}

pub(super) fn filemd5(arguments: &Arguments<'_>) -> Outcome {
    of_bytes(arguments, |bytes| hashes::hex(&hashes::MD5(bytes)))
}

pub(super) fn filesha1(arguments: &Arguments<'_>) -> Outcome {
    of_bytes(arguments, |bytes| hashes::hex(&hashes::SHA1(bytes)))
}

pub(super) fn filesha256(arguments: &Arguments<'_>) -> Outcome {
    of_bytes(arguments, |bytes| hashes::hex(&hashes::SHA256(bytes)))
}

pub(super) fn filesha512(arguments: &Arguments<'_>) -> Outcome {
    of_bytes(arguments, |bytes| hashes::hex(&hashes::SHA512(bytes)))
}

pub(super) fn filebase64sha256(arguments: &Arguments<'_>) -> Outcome {
    of_bytes(arguments, |bytes| base64::encode(&hashes::SHA256(bytes)))
}

pub(super) fn filebase64sha512(arguments: &Arguments<'_>) -> Outcome {
    of_bytes(arguments, |bytes| base64::encode(&hashes::SHA512(bytes)))
}

fn of_bytes(arguments: &Arguments<'_>, write: fn(&[u8]) -> String) -> Outcome {
    match content(arguments, Type::String) {
        Ok(content) => Ok(Value::from(write(&content.bytes))),
        Err(outcome) => outcome,
    }
}

pub(super) fn fileexists(arguments: &Arguments<'_>) -> Outcome {
    match arguments.files.exists(&arguments.text(0)) {
        Ok(exists) => Ok(Value::from(exists)),
        Err(why) => unread(why, Type::Bool),
    }
}

pub(super) fn fileset(arguments: &Arguments<'_>) -> Outcome {
    let (directory, pattern) = (arguments.text(0), arguments.text(1));
    let cleaned = clean(&pattern);
    // A pattern may lead out of the directory; what it finds is named from there all the same.
    let mut ups = String::new();
    let mut inner = cleaned.as_str();
    while let Some(rest) = inner.strip_prefix("../") {
        ups.push_str("../");
        inner = rest;
    }
    let matches = glob::matcher(inner).map_err(|why| Failure::new(why).in_argument(1))?;
    let start = if ups.is_empty() {
        directory.into_owned()
    } else {
        format!("{directory}/{ups}")
    };
    match arguments.files.list(&start) {
        Ok(paths) => {
            let found = paths.iter().filter(|path| matches(path.as_str()));
            let found = found.map(|path| Value::from(format!("{ups}{path}")));
            Ok(Value::set(found.collect()).or_empty_of(|| Type::String))
        }
        Err(why) => unread(why, Type::set(Type::String)),
    }
}

pub(super) fn basename(arguments: &Arguments<'_>) -> Outcome {
    let path = arguments.text(0);
    let name = match path.trim_end_matches('/') {
        "" if path.is_empty() => ".",
        "" => "/",
        trimmed => trimmed.rsplit('/').next().unwrap_or(trimmed),
    };
    Ok(Value::from(name))
}

pub(super) fn dirname(arguments: &Arguments<'_>) -> Outcome {
    let path = arguments.text(0);
    let directory = path.rfind('/').map_or("", |end| &path[..=end]);
    Ok(Value::from(clean(directory)))
}

pub(super) fn abspath(arguments: &Arguments<'_>) -> Outcome {
    let path = arguments.text(0);
    if path.starts_with('/') {
        return Ok(Value::from(clean(&path)));
    }
    let Some(directory) = arguments.files.working_directory().to_str() else {
        let why = Unknown::other("the working directory's name is not UTF-8");
        return Ok(Value::unknown(why.with_type(Type::String)));
    };
    Ok(Value::from(clean(&format!("{directory}/{path}"))))
}

pub(super) fn pathexpand(arguments: &Arguments<'_>) -> Outcome {
    let path = arguments.text(0);
    match path.strip_prefix('~') {
        None => Ok(arguments.at(0).clone()),
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            let why = Unknown::other("`~` is the home directory of whoever runs Terraform");
            Ok(Value::unknown(why.with_type(Type::String).not_null()))
        }
        Some(_) => Err(Failure::new("the home directory of a user is not expanded").in_argument(0)),
    }
}

/// The shortest path that means the same as far as names go: without `.`, double slashes, and names
/// before `..`.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." if names.last().is_some_and(|&last| last != "..") => {
                names.pop();
            }
            ".." if rooted => {}
            other => names.push(other),
        }
    }
    let joined = names.join("/");
    match (rooted, joined.as_str()) {
        (true, _) => format!("/{joined}"),
        (false, "") => ".".to_owned(),
        _ => joined,
    }
}
