//! Types as Terraform writes them in JSON.

use ecs_audit::terraform::types::Type;
use serde_json::Value as Json;

/// What is known of a type in the JSON that Terraform writes; `None` where nothing is.
pub(crate) fn type_in(json: &Json) -> Option<Type> {
    let parts = match json {
        Json::String(name) => {
            return match name.as_str() {
                "string" => Some(Type::String),
                "number" => Some(Type::Number),
                "bool" => Some(Type::Bool),
                _ => Some(Type::Any),
            };
        }
        Json::Array(parts) => parts,
        _ => return None,
    };
    let inner = || type_in(&parts[1]).unwrap();
    Some(match parts[0].as_str()? {
        "list" => Type::list(inner()),
        "set" => Type::set(inner()),
        "map" => Type::map(inner()),
        "tuple" => {
            let elements = parts[1].as_array()?;
            Type::tuple(elements.iter().map(|one| type_in(one).unwrap()).collect())
        }
        _ => {
            let attributes = parts[1].as_object()?.iter();
            Type::object(attributes.map(|(name, ty)| (name.as_str(), type_in(ty).unwrap())))
        }
    })
}
