//! Which attributes of the AWS provider's resources are numbers.
//!
//! A plan file has a number such as `0.7` as a text, and only the type of its attribute tells that it is
//! none. Of other providers' resources such a number stays a text: Terraform itself converts between the
//! two, and no rule reads them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::terraform::number::Number;
use crate::terraform::plan::text::Json;

static LIST: &str = include_str!("numbers.txt");

/// The names and paths in the list.
#[derive(Debug, Default)]
struct Numbers {
    /// Names that only numbers have.
    names: HashSet<&'static str>,
    /// Names of maps, in which keys are the user's own.
    maps: HashSet<&'static str>,
    /// Paths to numbers whose names others have as well: by type, `data.` before those of data sources.
    paths: HashMap<&'static str, HashSet<&'static str>>,
}

/// Turns texts that are numbers by the type of their attribute into numbers.
pub(super) fn restore(data: bool, ty: &str, value: &mut Json<'_>) {
    if !ty.starts_with("aws_") {
        return;
    }
    static NUMBERS: OnceLock<Numbers> = OnceLock::new();
    let numbers = NUMBERS.get_or_init(Numbers::read);
    let paths = match data {
        true => numbers.paths.get(format!("data.{ty}").as_str()),
        false => numbers.paths.get(ty),
    };
    let is_number = |path: &[&str]| {
        let Some((name, before)) = path.split_last() else {
            return false;
        };
        let element = [before, &["*"]].concat().join(".");
        let own = !before.iter().any(|name| numbers.maps.contains(name));
        own && numbers.names.contains(name)
            || paths.is_some_and(|paths| {
                paths.contains(path.join(".").as_str()) || paths.contains(element.as_str())
            })
    };
    walk(value, &mut Vec::new(), &is_number);
}

fn walk<'p>(value: &'p mut Json<'_>, path: &mut Vec<&'p str>, is_number: &dyn Fn(&[&str]) -> bool) {
    match value {
        Json::Object(entries) => {
            for (key, value) in entries {
                path.push(key);
                walk(value, path, is_number);
                path.pop();
            }
        }
        Json::Array(elements) => {
            for element in elements {
                walk(element, path, is_number);
            }
        }
        Json::String(text) if may_be_number(text) && is_number(path) => {
            *value = Json::Number(std::mem::replace(text, Cow::Borrowed("")));
        }
        _ => {}
    }
}

/// Whether a text is what Terraform writes for a number that it does not write as a binary one.
fn may_be_number(text: &str) -> bool {
    if !is_decimal(text) || text.parse::<i64>().is_ok() {
        return false;
    }
    let binary = text.parse().ok().and_then(Number::from_f64);
    Number::parse(text).is_ok_and(|number| binary != Some(number))
}

fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.strip_prefix('-').unwrap_or(text);
    match number.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(number),
    }
}

impl Numbers {
    fn read() -> Self {
        let mut numbers = Numbers::default();
        for line in LIST.lines().filter(|line| !line.starts_with('#')) {
            match line.split_once(' ') {
                None => match line.strip_suffix(".*") {
                    Some(map) => drop(numbers.maps.insert(map)),
                    None => drop(numbers.names.insert(line)),
                },
                Some((ty, paths)) => {
                    numbers
                        .paths
                        .entry(ty)
                        .or_default()
                        .extend(paths.split(' '));
                }
            }
        }
        numbers
    }
}
