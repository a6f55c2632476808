//! Cases of letters, one letter for one letter, as Terraform changes them.
//!
//! Unicode's full mappings give several letters for some (`ß` becomes `SS`); Terraform uses the simple
//! ones, where a letter without a single counterpart stays as it is.

/// The lower case of a letter.
pub(super) fn lower(letter: char) -> char {
    match letter {
        // Its full mapping has a combining dot; its simple one is the plain letter.
        'İ' => 'i',
        _ => single(letter.to_lowercase()).unwrap_or(letter),
    }
}

/// The upper case of a letter.
pub(super) fn upper(letter: char) -> char {
    match letter {
        // Greek letters with an iota below have one letter with the iota beside.
        '\u{1F80}'..='\u{1F87}' | '\u{1F90}'..='\u{1F97}' | '\u{1FA0}'..='\u{1FA7}' => {
            moved(letter, 8)
        }
        '\u{1FB3}' | '\u{1FC3}' | '\u{1FF3}' => moved(letter, 9),
        _ => single(letter.to_uppercase()).unwrap_or(letter),
    }
}

/// The case that a letter has at the beginning of a title.
pub(super) fn title(letter: char) -> char {
    match letter {
        // Digraphs have a case of their own, with only the first of the two letters large.
        '\u{1C4}'..='\u{1C6}' => '\u{1C5}',
        '\u{1C7}'..='\u{1C9}' => '\u{1C8}',
        '\u{1CA}'..='\u{1CC}' => '\u{1CB}',
        '\u{1F1}'..='\u{1F3}' => '\u{1F2}',
        // Georgian titles are written in the ordinary letters.
        '\u{10D0}'..='\u{10FA}' | '\u{10FD}'..='\u{10FF}' => letter,
        _ => upper(letter),
    }
}

/// Whether a title begins after this character.
pub(super) fn separates(letter: char) -> bool {
    if letter.is_ascii() {
        return !(letter.is_ascii_alphanumeric() || letter == '_');
    }
    !letter.is_alphanumeric() && is_space(letter)
}

/// Whether a character is blank.
pub(super) fn is_space(letter: char) -> bool {
    letter.is_whitespace()
}

fn moved(letter: char, by: u32) -> char {
    char::from_u32(u32::from(letter) + by).unwrap_or(letter)
}

fn single(mut letters: impl Iterator<Item = char>) -> Option<char> {
    let first = letters.next()?;
    letters.next().is_none().then_some(first)
}
