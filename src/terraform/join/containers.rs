//! What the AWS provider does to the JSON of container definitions between source and plan.
//!
//! It reads the JSON into the API's types and writes it again: keys are told apart without regard to
//! case, keys that the API does not have are dropped, and so is null. Once a definition exists, the plan
//! has it as the API gives it back, with defaults filled in.

use crate::terraform::value::{Kind, Map, Value};

/// Every field of a container definition and of what is in it, in lower case.
const FIELDS: [&str; 84] = [
    "add",
    "appprotocol",
    "capabilities",
    "command",
    "condition",
    "containername",
    "containerpath",
    "containerport",
    "containerportrange",
    "cpu",
    "credentialsparameter",
    "credentialspecs",
    "dependson",
    "devices",
    "disablenetworking",
    "dnssearchdomains",
    "dnsservers",
    "dockerlabels",
    "dockersecurityoptions",
    "drop",
    "enabled",
    "entrypoint",
    "environment",
    "environmentfiles",
    "essential",
    "extrahosts",
    "firelensconfiguration",
    "hardlimit",
    "healthcheck",
    "hostname",
    "hostpath",
    "hostport",
    "ignoredexitcodes",
    "image",
    "initprocessenabled",
    "interactive",
    "interval",
    "ipaddress",
    "links",
    "linuxparameters",
    "logconfiguration",
    "logdriver",
    "maxswap",
    "memory",
    "memoryreservation",
    "mountoptions",
    "mountpoints",
    "name",
    "namespace",
    "options",
    "permissions",
    "portmappings",
    "privileged",
    "protocol",
    "pseudoterminal",
    "readonly",
    "readonlyrootfilesystem",
    "repositorycredentials",
    "resourcerequirements",
    "restartattemptperiod",
    "restartpolicy",
    "retries",
    "secretoptions",
    "secrets",
    "sharedmemorysize",
    "size",
    "softlimit",
    "sourcecontainer",
    "sourcevolume",
    "startperiod",
    "starttimeout",
    "stoptimeout",
    "swappiness",
    "systemcontrols",
    "timeout",
    "tmpfs",
    "type",
    "ulimits",
    "user",
    "value",
    "valuefrom",
    "versionconsistency",
    "volumesfrom",
    "workingdirectory",
];

/// The fields whose values are texts that can be shown: they say what runs, never what it is told.
const SHOWN: [&str; 11] = [
    "appprotocol",
    "condition",
    "containername",
    "containerpath",
    "image",
    "logdriver",
    "name",
    "protocol",
    "sourcevolume",
    "user",
    "workingdirectory",
];

/// Whether the API knows a field, whatever its case.
pub(super) fn is_field(name: &str) -> bool {
    FIELDS
        .binary_search(&name.to_ascii_lowercase().as_str())
        .is_ok()
}

/// Whether a field holds texts under keys of the user's own.
pub(super) fn holds_texts(name: &str) -> bool {
    name.eq_ignore_ascii_case("dockerLabels") || name.eq_ignore_ascii_case("options")
}

/// Whether the text of a field may stand in a message.
pub(super) fn may_show(name: &str) -> bool {
    SHOWN.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether a value is what the API has where a field is not given, beside what is empty or zero.
pub(super) fn is_default(name: &str, value: &Value, around: &Map) -> bool {
    let text = |expected: &str| value.as_str().is_some_and(|text| text == expected);
    let number = |expected: usize| {
        value
            .as_number()
            .and_then(crate::terraform::Number::to_usize)
            == Some(expected)
    };
    match name.to_ascii_lowercase().as_str() {
        "essential" => matches!(value.kind, Kind::Bool(true)),
        "protocol" => text("tcp"),
        "versionconsistency" => text("enabled"),
        "interval" => number(30),
        "timeout" => number(5),
        "retries" => number(3),
        "hostport" => {
            let port = entry(around, "containerPort").and_then(Value::as_number);
            value
                .as_number()
                .is_some_and(|number| number.is_zero() || Some(number) == port)
        }
        _ => false,
    }
}

/// The entry under a key, whatever its case.
pub(super) fn entry<'a>(map: &'a Map, name: &str) -> Option<&'a Value> {
    let found = map
        .entries
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_whatever_their_case() {
        assert!(FIELDS.is_sorted());
        assert!(is_field("readOnlyRootFilesystem") && is_field("Privileged"));
        assert!(!is_field("priviledged") && !is_field(""));
    }
}
