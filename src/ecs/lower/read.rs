//! Reading typed fields out of evaluated values.

use std::borrow::Cow;
use std::sync::Arc;

use super::text::{secret, text};
use super::why::{presence, unexplained, why};
use crate::ecs::Origin;
use crate::ecs::inventory::{Field, Form, Listed, Setting, Text, Why};
use crate::terraform::value::{Failure, Map, Presence, Taint};
use crate::terraform::{Instance, Kind, Unknown, Value, json};

/// How the names in an object are written, and how strictly its values are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// Arguments of a block, converted by Terraform to the type that the provider wants.
    Argument,
    /// Arguments and blocks of a container definition, asked for by the keys of the API: in snake case, those that are
    /// repeated in the singular, an object as a block.
    Blocks,
    /// Keys of JSON that the provider reads without regard to case, and whose types it does not convert.
    Json,
}

/// An object or a block whose fields are read.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    map: &'a Map,
    /// Names that nobody wrote.
    computed: &'a [Arc<str>],
    notation: Notation,
    /// What stands for a name that is not there, where there may be more than is known.
    rest: Option<&'a Unknown>,
    /// Where it is.
    pub(super) origin: Origin,
    /// What its being there hangs on.
    pub(super) maybe: Option<Why>,
    taint: Option<Arc<Taint>>,
}

/// The nested blocks of one type, or the elements of a list of objects.
#[derive(Clone, Debug, Default)]
pub(super) struct Objects<'a> {
    /// Those that are known.
    pub(super) items: Vec<Object<'a>>,
    /// Why there may be more.
    pub(super) uncertain: Option<Why>,
    /// Whether something else than objects was found.
    pub(super) malformed: bool,
}

/// The entries of an object of texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// Those that are known.
    pub(super) entries: Vec<(Arc<str>, Field<Text>)>,
    /// Why there may be more.
    pub(super) uncertain: Option<Why>,
    /// The object; not written where there is none.
    pub(super) origin: Origin,
}

impl<'a> Object<'a> {
    /// The arguments of a resource instance.
    pub(super) fn instance(instance: &'a Instance, within: &Origin) -> Self {
        Object {
            map: &instance.attributes,
            computed: &instance.computed,
            notation: Notation::Argument,
            rest: None,
            origin: Origin::resource(instance.header, instance.body, &instance.calls, within),
            maybe: presence(&instance.presence),
            taint: None,
        }
    }

    /// A value that is an object.
    fn value(value: &'a Value, notation: Notation, within: &Origin) -> Option<Self> {
        let Kind::Object(_, map) = &value.kind else {
            return None;
        };
        Some(Object {
            map,
            computed: &[],
            notation,
            // What a block does not write is not set; what an object of JSON may have beside is unknown.
            rest: map.rest.as_ref().filter(|_| notation == Notation::Json),
            origin: Origin::value(&value.trace, within),
            maybe: presence(&value.trace.presence),
            taint: value.trace.taint.clone(),
        })
    }

    /// Everything that is written in it.
    pub(super) fn map(&self) -> &'a Map {
        self.map
    }

    /// The value under a name, where one is written and is not null.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        let name = &*self.key(name);
        if self.is_computed(name) {
            return None;
        }
        let value = self.map.entries.get(name).or_else(|| match self.notation {
            Notation::Argument | Notation::Blocks => None,
            Notation::Json => {
                let mut entries = self.map.entries.iter();
                entries
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(_, value)| value)
            }
        })?;
        (!matches!(value.kind, Kind::Null(_))).then_some(value)
    }

    /// The same object, asked for by the keys of the API.
    pub(super) fn by_blocks(mut self) -> Self {
        self.notation = Notation::Blocks;
        self
    }

    /// How a key of the API is written here.
    fn key<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match self.notation {
            Notation::Argument | Notation::Json => Cow::Borrowed(name),
            Notation::Blocks => Form::Blocks.name(name),
        }
    }

    /// Whether nobody wrote a name, though a plan gives it.
    fn is_computed(&self, name: &str) -> bool {
        self.computed.iter().any(|computed| &**computed == name)
    }

    /// The names that are written.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a Arc<str>> {
        self.map.entries.keys()
    }

    /// Why there may be further entries.
    pub(super) fn uncertain(&self) -> Option<Why> {
        self.rest.map(why)
    }

    /// Reads a field by a function that gives nothing where the type is wrong.
    fn field<T>(&self, name: &str, read: impl Fn(&'a Value) -> Option<Setting<T>>) -> Field<T> {
        let name = &*self.key(name);
        let Some(value) = self.get(name) else {
            // What is written as null is unset, but there is a place to change.
            if let Some(null) = self
                .map
                .entries
                .get(name)
                .filter(|_| !self.is_computed(name))
            {
                let origin = Origin::value(&null.trace, &self.origin).named(name);
                return Field {
                    setting: Setting::Unset,
                    origin,
                };
            }
            let setting = self
                .rest
                .map_or(Setting::Unset, |rest| Setting::Unknown(why(rest)));
            return Field {
                setting,
                origin: Origin::missing(&self.origin).named(name),
            };
        };
        let setting = match &value.kind {
            _ if matches!(value.trace.presence, Presence::Maybe(_) | Presence::Any(_)) => {
                Setting::Unknown(presence(&value.trace.presence).unwrap_or_else(unexplained))
            }
            Kind::Unknown(unknown) => read(value).unwrap_or_else(|| Setting::Unknown(why(unknown))),
            _ => read(value).unwrap_or_else(|| {
                Setting::Unknown(Why(Arc::from(format!(
                    "`{name}` has a value of a wrong type"
                ))))
            }),
        };
        Field {
            setting,
            origin: Origin::value(&value.trace, &self.origin).named(name),
        }
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Field<Text> {
        self.field(name, |value| self.as_text(value).map(Setting::Set))
    }

    /// A text, or a number or truth value as one.
    pub(super) fn scalar(&self, name: &str) -> Field<Text> {
        self.field(name, |value| {
            text(value).map(|text| Setting::Set(self.inherit(text, value)))
        })
    }

    /// A truth value; `ENABLED` and `DISABLED` count where arguments are written in words.
    pub(super) fn flag(&self, name: &str) -> Field<bool> {
        self.field(name, |value| match &value.kind {
            Kind::Bool(on) => Some(Setting::Set(*on)),
            Kind::String(text) if self.notation != Notation::Json => match text.known()?.as_ref() {
                "true" | "1" | "ENABLED" => Some(Setting::Set(true)),
                "false" | "0" | "DISABLED" => Some(Setting::Set(false)),
                _ => None,
            },
            _ => None,
        })
    }

    /// A whole number.
    pub(super) fn integer(&self, name: &str) -> Field<i64> {
        self.field(name, |value| match &value.kind {
            Kind::Number(number) => number.to_string().parse().ok().map(Setting::Set),
            Kind::String(text) if self.notation != Notation::Json => {
                text.known()?.parse().ok().map(Setting::Set)
            }
            _ => None,
        })
    }

    /// A list of texts; unknown where its length is.
    pub(super) fn texts(&self, name: &str) -> Field<Vec<Text>> {
        self.field(name, |value| {
            let Kind::List(_, items) = &value.kind else {
                return None;
            };
            if let Some(item) = items.iter().find_map(|item| presence(&item.trace.presence)) {
                return Some(Setting::Unknown(item));
            }
            items
                .iter()
                .map(|item| self.as_text(item))
                .collect::<Option<_>>()
                .map(Setting::Set)
        })
    }

    /// The elements of a list of texts, one by one, and why there may be more.
    pub(super) fn items(&self, name: &str) -> (Vec<Field<Text>>, Option<Why>) {
        let name = &*self.key(name);
        let Some(value) = self.get(name) else {
            return (
                Vec::new(),
                self.rest
                    .filter(|_| !self.map.entries.contains_key(name))
                    .map(why),
            );
        };
        match &value.kind {
            Kind::List(_, items) => {
                let within = Origin::value(&value.trace, &self.origin).named(name);
                let fields = items.iter().enumerate().filter_map(|(index, item)| {
                    let text = self.inherit(self.as_text(item)?, value);
                    let origin = Origin::value(&item.trace, &within).named(&format!("[{index}]"));
                    Some(Field {
                        setting: Setting::Set(text),
                        origin,
                    })
                });
                let more = items.iter().find_map(|item| presence(&item.trace.presence));
                (fields.collect(), more)
            }
            Kind::Unknown(unknown) => {
                let setting = self.as_text(value).map_or(Setting::Unset, Setting::Set);
                let origin = Origin::value(&value.trace, &self.origin).named(name);
                (vec![Field { setting, origin }], Some(why(unknown)))
            }
            _ => (Vec::new(), None),
        }
    }

    /// The elements of a list of texts; what is of another type is uncertain.
    pub(super) fn listed_texts(&self, name: &str) -> Listed<Field<Text>> {
        let (items, uncertain) = self.items(name);
        let wrong = self.get(name).is_some_and(|value| match &value.kind {
            Kind::List(_, elements) => elements.len() != items.len(),
            Kind::Unknown(_) => false,
            _ => true,
        });
        let why = || Why(Arc::from(format!("`{name}` has a value of a wrong type")));
        Listed {
            uncertain: uncertain.or_else(|| wrong.then(why)),
            items,
        }
    }

    /// A nested object of texts.
    pub(super) fn table(&self, name: &str) -> Table {
        let name = &*self.key(name);
        let Some(value) = self.get(name) else {
            let more = self
                .rest
                .filter(|_| !self.map.entries.contains_key(name))
                .map(why);
            let origin = Origin::missing(&self.origin).named(name);
            return Table {
                entries: Vec::new(),
                uncertain: more,
                origin,
            };
        };
        let Some(table) = self.nested(name, value) else {
            let more = match &value.kind {
                Kind::Unknown(unknown) => Some(why(unknown)),
                _ => None,
            };
            let origin = Origin::value(&value.trace, &self.origin).named(name);
            return Table {
                entries: Vec::new(),
                uncertain: more,
                origin,
            };
        };
        let entries = table
            .map
            .entries
            .keys()
            .map(|key| (key.clone(), table.text(key)))
            .collect();
        Table {
            entries,
            uncertain: table.uncertain(),
            origin: table.origin,
        }
    }

    /// The nested blocks of a type, or the objects in a list.
    pub(super) fn blocks(&self, name: &str) -> Objects<'a> {
        let name = &*self.key(name);
        let Some(value) = self.get(name) else {
            let uncertain = self
                .rest
                .filter(|_| !self.map.entries.contains_key(name))
                .map(why);
            return Objects {
                uncertain,
                ..Objects::default()
            };
        };
        self.objects(name, value)
    }

    /// The objects in a value that is a list of them, or one of them.
    fn objects(&self, name: &str, value: &'a Value) -> Objects<'a> {
        let within = Origin::value(&value.trace, &self.origin).named(name);
        let mut objects = Objects::default();
        match &value.kind {
            Kind::List(_, items) => {
                for (index, item) in items.iter().enumerate() {
                    match &item.kind {
                        Kind::Null(_) => {}
                        Kind::Unknown(unknown) => objects.uncertain = Some(why(unknown)),
                        _ => match Object::value(item, self.notation, &within) {
                            Some(mut object) => {
                                object.origin = object.origin.named(&format!("[{index}]"));
                                object.taint = object.taint.or_else(|| value.trace.taint.clone());
                                objects.items.push(object);
                            }
                            None => objects.malformed = true,
                        },
                    }
                    if let Presence::Any(unknown) = &item.trace.presence {
                        objects.uncertain = Some(why(unknown));
                    }
                }
            }
            Kind::Object(..) if self.notation != Notation::Json => {
                objects.items.extend(self.nested(name, value));
            }
            Kind::Unknown(unknown) => objects.uncertain = Some(why(unknown)),
            _ => objects.malformed = true,
        }
        objects
    }

    /// The first nested block of a type, and why there may be another.
    pub(super) fn block(&self, name: &str) -> (Option<Object<'a>>, Option<Why>) {
        let objects = self.blocks(name);
        (objects.items.into_iter().next(), objects.uncertain)
    }

    /// A nested object.
    pub(super) fn object(&self, name: &str) -> Field<Object<'a>> {
        self.field(name, |value| match &value.kind {
            // A block that may be there once is a list.
            Kind::List(_, items) if self.notation == Notation::Blocks => {
                let Some(item) = items.first() else {
                    return Some(Setting::Unset);
                };
                match (&item.kind, presence(&item.trace.presence)) {
                    (Kind::Unknown(unknown), _) => Some(Setting::Unknown(why(unknown))),
                    (_, Some(why)) => Some(Setting::Unknown(why)),
                    (_, None) => self.nested(name, item).map(Setting::Set),
                }
            }
            _ => self.nested(name, value).map(Setting::Set),
        })
    }

    /// Whether something is there, whatever it is.
    pub(super) fn presence(&self, name: &str) -> Field<()> {
        self.field(name, |value| match &value.kind {
            Kind::List(_, items) if items.is_empty() => Some(Setting::Unset),
            Kind::Unknown(_) => None,
            _ => Some(Setting::Set(())),
        })
    }

    fn nested(&self, name: &str, value: &'a Value) -> Option<Object<'a>> {
        let mut object = Object::value(value, self.notation, &self.origin)?;
        object.origin = object.origin.named(name);
        object.taint = object.taint.or_else(|| self.taint.clone());
        Some(object)
    }

    /// The text that a value is or that Terraform converts it to.
    fn as_text(&self, value: &Value) -> Option<Text> {
        match &value.kind {
            Kind::Bool(_) | Kind::Number(_) if self.notation == Notation::Json => None,
            _ => text(value).map(|text| self.inherit(text, value)),
        }
    }

    /// Adds the taint of what the text is in.
    fn inherit(&self, mut text: Text, value: &Value) -> Text {
        let taint = value.trace.taint.as_ref().or(self.taint.as_ref());
        text.secret = text.secret.or_else(|| taint.map(|taint| secret(taint)));
        text
    }
}

/// The texts and structures of container definitions, or of a target's overrides: JSON that a value is,
/// or that its text renders.
pub(super) fn decode(value: &Value) -> Result<Cow<'_, Value>, Failure> {
    match &value.kind {
        Kind::Json(structure) => Ok(Cow::Borrowed(structure)),
        Kind::String(text) => json::parse(text).map(Cow::Owned),
        _ => Err(Failure::new("it is no text")),
    }
}

/// The objects in decoded JSON.
pub(super) fn json_objects<'a>(value: &'a Value, within: &Origin) -> Objects<'a> {
    let root = Object {
        map: empty_map(),
        computed: &[],
        notation: Notation::Json,
        rest: None,
        origin: within.clone(),
        maybe: None,
        taint: None,
    };
    root.objects("", value)
}

/// Decoded JSON that is one object.
pub(super) fn json_object<'a>(value: &'a Value, within: &Origin) -> Option<Object<'a>> {
    Object::value(value, Notation::Json, within)
}

fn empty_map() -> &'static Map {
    static EMPTY: Map = Map {
        entries: std::collections::BTreeMap::new(),
        rest: None,
    };
    &EMPTY
}
