//! The state in a plan file: the data sources that were read while planning.

use std::borrow::Cow;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::message::OnlyShown;
use crate::terraform::plan::document::{Borrowed, Filtered, Mode};

/// The version of a state's format that is read.
const FORMAT: u64 = 4;

/// A state, of which the data sources are kept.
#[derive(Deserialize)]
pub(in crate::terraform::plan) struct State<'a> {
    version: u64,
    /// The data sources.
    #[serde(borrow, default, deserialize_with = "data_sources")]
    pub resources: Vec<Resource<'a>>,
}

/// A data source.
#[derive(Deserialize)]
pub(in crate::terraform::plan) struct Resource<'a> {
    /// The address of its module instance.
    #[serde(borrow, default)]
    pub module: Option<Borrowed<'a>>,
    mode: Mode,
    /// Its type.
    #[serde(borrow)]
    pub r#type: Cow<'a, str>,
    /// Its name.
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    /// Its instances.
    #[serde(borrow, default)]
    pub instances: Vec<Instance<'a>>,
}

/// An instance of a data source.
#[derive(Deserialize)]
pub(in crate::terraform::plan) struct Instance<'a> {
    /// Its key, as JSON.
    #[serde(borrow, default)]
    pub index_key: Option<&'a RawValue>,
    /// Its values, as JSON.
    #[serde(borrow, default)]
    pub attributes: Option<&'a RawValue>,
    /// The paths to those that are sensitive, as JSON.
    #[serde(borrow, default)]
    pub sensitive_attributes: Option<&'a RawValue>,
}

impl<'a> State<'a> {
    /// Reads a state.
    ///
    /// # Errors
    /// It is damaged; [`OnlyShown`] where its format is not known here.
    pub(in crate::terraform::plan) fn read(text: &'a str) -> Result<Self> {
        // What the decoder says can quote what it read, which is secret.
        let state = serde_json::from_str::<State<'_>>(text).ok();
        let state = state.context("the state in it is damaged")?;
        if state.version != FORMAT {
            bail!(OnlyShown::by_terraform(
                "the state in it is of a format that is not known here"
            ));
        }
        Ok(state)
    }
}

fn data_sources<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Resource<'de>>, D::Error> {
    let keep: fn(&Resource<'de>) -> bool = |resource| resource.mode == Mode::Data;
    Ok(deserializer
        .deserialize_any(Filtered::keeping(keep))?
        .unwrap_or_default())
}
