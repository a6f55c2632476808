//! JSON as text that does nothing where it is printed.

use std::fmt::Write as _;

use serde::Serialize;

use super::terminal::Commands;

/// Writes wire types, which hold texts, numbers and lists alone; the text ends with a line break.
pub(super) fn pretty(wire: &impl Serialize) -> String {
    // Of such types serialisation cannot fail.
    let text = serde_json::to_string_pretty(wire).unwrap_or_default();
    let mut safe = String::with_capacity(text.len() + 1);
    let mut commands = Commands::default();
    for character in text.chars() {
        if steers_a_terminal(character) || commands.opens(character) {
            // All of them are in the basic plane, and stand in strings alone.
            let _ = write!(safe, "\\u{:04x}", u32::from(character));
        } else {
            safe.push(character);
        }
    }
    safe.push('\n');
    safe
}

/// Whether a character that JSON lets stand as it is does something to a terminal: the second set of
/// control characters, and those that turn the direction of writing.
fn steers_a_terminal(character: char) -> bool {
    matches!(
        character,
        '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}
