//! Addresses, as a plan writes them.

/// The parts of a resource instance's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parsed<'a> {
    /// The address of its module instance; empty for the root module.
    pub module: &'a str,
    /// Whether it is a data source.
    pub data: bool,
    /// Its type.
    pub ty: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// Takes the address of a resource instance apart.
pub(super) fn parse(address: &str) -> Option<Parsed<'_>> {
    let mut rest = address;
    let mut module = "";
    while let Some(call) = rest.strip_prefix("module.") {
        let end = call.find(['.', '[']).filter(|&end| end > 0)?;
        let after = after_key(&call[end..])?;
        module = &address[..address.len() - after.len()];
        rest = after.strip_prefix('.')?;
    }
    let managed = rest.strip_prefix("data.");
    let (ty, named) = managed.unwrap_or(rest).split_once('.')?;
    let end = named.find('[').unwrap_or(named.len());
    let (name, key) = named.split_at(end);
    let plain = |text: &str| !text.is_empty() && !text.contains(['.', '[', '"']);
    let fits = plain(ty) && plain(name) && after_key(key) == Some("");
    fits.then_some(Parsed {
        module,
        data: managed.is_some(),
        ty,
        name,
    })
}

/// The names of the module calls in a module instance's address, without their keys:
/// `module.a["x.y"].module.b[0]` gives `a`, `b`. `None` where it is not such an address.
pub(super) fn module_calls(address: &str) -> Option<Vec<&str>> {
    let mut calls = Vec::new();
    let mut rest = address;
    while !rest.is_empty() {
        rest = rest.strip_prefix("module.")?;
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        calls.push(&rest[..end]);
        rest = after_key(&rest[end..])?;
        rest = match rest.strip_prefix('.') {
            Some("") => return None,
            Some(next) => next,
            None if rest.is_empty() => rest,
            None => return None,
        };
    }
    Some(calls)
}

/// What follows an instance key, where the text starts with one: a number, or a quoted text in which a
/// backslash takes the next character with it.
fn after_key(text: &str) -> Option<&str> {
    let Some(key) = text.strip_prefix('[') else {
        return Some(text);
    };
    let Some(quoted) = key.strip_prefix('"') else {
        return key.split_once(']').map(|(_, rest)| rest);
    };
    let mut escaped = false;
    for (at, byte) in quoted.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return quoted[at + 1..].strip_prefix(']'),
            _ => {}
        }
    }
    None
}

/// The address of a resource or data source, without an instance key.
pub(super) fn resource(module: &str, data: bool, ty: &str, name: &str) -> String {
    let dot = if module.is_empty() { "" } else { "." };
    let mode = if data { "data." } else { "" };
    format!("{module}{dot}{mode}{ty}.{name}")
}

/// An address without any instance key.
pub(in crate::terraform) fn without_keys(address: &str) -> String {
    let mut without = String::new();
    let mut rest = address;
    while let Some(at) = rest.find('[') {
        without.push_str(&rest[..at]);
        match after_key(&rest[at..]) {
            Some(after) => rest = after,
            None => return without,
        }
    }
    without + rest
}

/// An address without its last instance key.
pub(in crate::terraform) fn without_key(address: &str) -> &str {
    let mut at = 0;
    while let Some(start) = address[at..].find('[').map(|found| at + found) {
        match after_key(&address[start..]) {
            Some("") | None => return &address[..start],
            Some(after) => at = address.len() - after.len(),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_hold_dots_brackets_and_quotes() {
        assert_eq!(module_calls(""), Some(vec![]));
        assert_eq!(module_calls("module.a.module.b[0]"), Some(vec!["a", "b"]));
        assert_eq!(
            module_calls(r#"module.a["x].module.c[\"y\\"].module.b"#),
            Some(vec!["a", "b"])
        );
    }

    #[test]
    fn keys_are_taken_off_whatever_they_hold() {
        let address = r#"module.a["x].y[\"0"].t.n[1]"#;
        assert_eq!(without_keys(address), "module.a.t.n");
        assert_eq!(without_key(address), r#"module.a["x].y[\"0"].t.n"#);
        assert_eq!(without_key("t.n"), "t.n");
        assert_eq!(without_key(r#"t.n["[]"]"#), "t.n");
        assert_eq!(without_key("module.a[0].t.n"), "module.a[0].t.n");
        assert_eq!(without_keys("t.n[\"x"), "t.n");
    }

    #[test]
    fn what_is_not_a_module_has_no_calls() {
        for address in [
            "aws_vpc.main",
            "module.a.",
            "module.a[\"x",
            "module.a[0]b",
            "module.a[0",
        ] {
            assert_eq!(module_calls(address), None, "{address}");
        }
    }
}
