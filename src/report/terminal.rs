//! Texts from input, made safe for a terminal.

use std::borrow::Cow;

use crate::secrecy::MASK;

/// What is shown of a secret, whatever its length.
const MASKED: &str = "********";

/// What stands for a character that a terminal would act on or that would hide text, where it is one.
fn replacement(character: char) -> Option<char> {
    match character {
        // Control characters have pictures of their own.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)),
        '\u{7f}' => Some('\u{2421}'),
        // C1 controls, of which U+009B begins an escape sequence; line and paragraph separators; marks
        // that turn the direction of text around or take no room.
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        // No characters, and nothing that XML can write.
        | '\u{fffe}'
        | '\u{ffff}'
        | '\u{e0000}'..='\u{e007f}' => Some('\u{fffd}'),
        _ => None,
    }
}

/// What reads the log of a build takes `##[…]`, `##vso[…]` and the like for commands wherever they stand in a
/// line. This finds the bracket that makes one.
#[derive(Debug, Default)]
pub(super) struct Commands {
    /// How many `#` stand before the name of a command, or what may become one.
    hashes: u8,
    named: bool,
}

impl Commands {
    /// Whether the next character opens a command.
    pub(super) fn opens(&mut self, next: char) -> bool {
        match next {
            '#' => {
                self.hashes = if self.named {
                    1
                } else {
                    2.min(self.hashes + 1)
                };
                self.named = false;
                false
            }
            '[' => std::mem::take(self).hashes == 2,
            name if name.is_ascii_alphabetic() && self.hashes == 2 => {
                self.named = true;
                false
            }
            _ => {
                *self = Commands::default();
                false
            }
        }
    }
}

/// What stands for the bracket that opens a command, and for a colon of `::` at the beginning of a line, where
/// the log of a build has its other commands.
const BRACKET: char = '\u{ff3b}';
const COLON: char = '\u{ff1a}';

/// Makes one line safe; line breaks become pictures too.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    push_line(text, "\t", &mut safe);
    Cow::Owned(safe)
}

/// Whether a line has nothing that would have to be replaced.
fn is_plain(text: &str) -> bool {
    let mut commands = Commands::default();
    let plain = |character| replacement(character).is_none() && !commands.opens(character);
    !begins_command(text) && text.chars().all(plain)
}

fn begins_command(line: &str) -> bool {
    line.trim_start().starts_with("::")
}

/// Adds a line, made safe.
fn push_line(line: &str, tab: &str, safe: &mut String) {
    let mut commands = Commands::default();
    let mut begins = begins_command(line);
    for character in line.chars() {
        match character {
            '\t' if tab != "\t" => safe.push_str(tab),
            '[' if commands.opens('[') => safe.push(BRACKET),
            ':' if begins => {
                begins = false;
                safe.push(COLON);
            }
            other => {
                commands.opens(other);
                safe.push(replacement(other).unwrap_or(other));
            }
        }
    }
}

/// Makes a text of several lines safe; line breaks stay, tabs become spaces.
pub(super) fn block(text: &str) -> Cow<'_, str> {
    if text.split('\n').all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            safe.push('\n');
        }
        push_line(line.strip_suffix('\r').unwrap_or(line), "    ", &mut safe);
    }
    Cow::Owned(safe)
}

/// Makes a patch safe: tabs and line ends are part of what it patches, and stay.
pub(super) fn patch(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let stays = match character {
            '\t' | '\n' => true,
            '\r' => characters.peek() == Some(&'\n'),
            _ => false,
        };
        safe.push(match replacement(character) {
            Some(replacement) if !stays => replacement,
            _ => character,
        });
    }
    safe
}

/// Makes a piece of source safe and gives, for offsets in it that are sorted, the offsets in the result.
/// Tabs stay: the renderer of snippets gives them their width.
pub(super) fn source(text: &str, offsets: &mut [usize]) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut next = 0;
    let mut commands = Commands::default();
    for (offset, character) in text.char_indices() {
        let opens = commands.opens(character);
        while let Some(wanted) = offsets.get_mut(next)
            && *wanted <= offset
        {
            *wanted = safe.len();
            next += 1;
        }
        match character {
            '\t' => safe.push('\t'),
            _ if opens => safe.push(BRACKET),
            masked if masked == char::from(MASK) => {
                if offset == 0 || text.as_bytes()[offset - 1] != MASK {
                    safe.push_str(MASKED);
                }
            }
            other => safe.push(replacement(other).unwrap_or(other)),
        }
    }
    for wanted in &mut offsets[next..] {
        *wanted = safe.len();
    }
    safe
}

/// Shows every masked piece of a text of several lines by one mask, and gives for offsets that are sorted
/// the offsets in the result.
pub(super) fn unmeasured<'a>(text: &'a str, offsets: &mut [usize]) -> Cow<'a, str> {
    if !text.as_bytes().contains(&MASK) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut next = 0;
    let mut begin = 0;
    for piece in text.split_inclusive(|character| character != char::from(MASK)) {
        let masked = piece.bytes().take_while(|&byte| byte == MASK).count();
        while let Some(wanted) = offsets.get_mut(next)
            && *wanted < begin + piece.len()
        {
            let inside = wanted.saturating_sub(begin) > 0 && masked > 0;
            *wanted = shown.len() + if inside { MASKED.len() } else { 0 };
            next += 1;
        }
        if masked > 0 {
            shown.push_str(MASKED);
        }
        shown.push_str(&piece[masked..]);
        begin += piece.len();
    }
    for wanted in &mut offsets[next..] {
        *wanted = shown.len();
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_turned_text_do_not_get_through() {
        let hostile = "a\u{1b}[31mb\u{9b}31mc\u{202e}d\u{2028}e\rf\u{7f}";
        let safe = line(hostile);
        assert_eq!(safe, "a␛[31mb\u{fffd}31mc\u{fffd}d\u{fffd}e␍f␡");
        assert_eq!(block("a\r\n\tb\u{7}"), "a\n    b␇");
    }

    #[test]
    fn commands_to_what_reads_the_log_of_a_build_do_not_get_through() {
        let hostile = "  ::error::a ##[group]b ##vso[task.complete]c ###[d] #[e] ##-[f]";
        let safe = "  ：:error::a ##［group]b ##vso［task.complete]c ###［d] #[e] ##-[f]";
        assert_eq!(line(hostile), safe);
        assert_eq!(block(&format!("a\n{hostile}")), format!("a\n{safe}"));
        let mut offsets = [0, 5, 9];
        assert_eq!(source("a ##[b] c", &mut offsets), "a ##［b] c");
        assert_eq!(offsets, [0, 7, 11]);
    }

    #[test]
    fn a_mask_does_not_tell_the_length_of_what_is_masked() {
        let text = "a \"\u{1a}\u{1a}\u{1a}\" \u{1a}\n\u{1a}\u{1a}";
        let safe = "a \"********\" ********\n********";
        let mut offsets = [0, 3, 4, 6, 8, 9, 12];
        assert_eq!(unmeasured(text, &mut offsets), safe);
        assert_eq!(offsets, [0, 3, 11, 11, 13, 21, 30]);
        let mut offsets = [0, 3, 4, 6, 8];
        assert_eq!(source(&text[..9], &mut offsets), safe[..21]);
        assert_eq!(offsets, [0, 3, 11, 11, 13]);
    }

    #[test]
    fn offsets_follow_what_grew() {
        let mut offsets = [0, 1, 2, 3];
        assert_eq!(source("a\u{1b}b", &mut offsets), "a␛b");
        assert_eq!(offsets, [0, 1, 4, 5]);
    }
}
