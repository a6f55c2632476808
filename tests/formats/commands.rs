//! The workflow commands of GitHub Actions, as its runner reads them.

/// A command, with its texts as they are meant.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) kind: String,
    pub(crate) properties: Vec<(String, String)>,
    pub(crate) data: String,
}

/// Reads a line: it is a command where it begins with two colons, whatever blank space is before them.
pub(crate) fn command(line: &str) -> Option<Command> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (head, data) = rest.split_once("::")?;
    let (kind, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties
        .split(',')
        .filter(|property| !property.is_empty());
    let properties = properties.map(|property| {
        let (name, value) = property.split_once('=').unwrap();
        let value = value.replace("%3A", ":").replace("%2C", ",");
        (name.trim().to_owned(), unescaped(&value))
    });
    Some(Command {
        kind: kind.to_owned(),
        properties: properties.collect(),
        data: unescaped(data),
    })
}

fn unescaped(text: &str) -> String {
    let text = text.replace("%0D", "\r").replace("%0A", "\n");
    text.replace("%25", "%")
}
