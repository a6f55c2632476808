//! What begins at a place of a text.

/// The number of bytes up to the line feed.
pub(super) fn line_length(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|&b| b == b'\n')
        .unwrap_or(bytes.len())
}

/// The length of the name that a text begins with.
///
/// Terraform's tables are those of Unicode 9: letters that are newer are accepted here and not there. The
/// few that may begin a name there alone (U+037A, U+0E33, U+0EB3, U+309C and halves of Arabic letters)
/// begin no word.
pub(super) fn identifier_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes
        .first()
        .is_none_or(|b| b.is_ascii_digit() || *b == b'-')
    {
        return 0;
    }
    let mut length = 0;
    while let Some(&byte) = bytes.get(length) {
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' {
            length += 1;
        } else if byte >= 0x80
            && let Some(char) = text[length..].chars().next()
            && (if length == 0 {
                unicode_ident::is_xid_start(char)
            } else {
                unicode_ident::is_xid_continue(char)
            })
        {
            length += char.len_utf8();
        } else {
            break;
        }
    }
    length
}

/// The length of a number. It may have any number of points and exponents in it, as Terraform's
/// scanner has it (which of them are numbers the parser says), but not a point at its end.
pub(super) fn number_length(bytes: &[u8]) -> usize {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut length = 1;
    let mut at = 1;
    loop {
        match bytes.get(at) {
            Some(b'0'..=b'9') => at += 1,
            Some(b'.') => {
                at += 1;
                continue;
            }
            Some(b'e' | b'E') if digit(at + 1) => at += 2,
            Some(b'e' | b'E')
                if matches!(bytes.get(at + 1), Some(b'+' | b'-')) && digit(at + 2) =>
            {
                at += 3;
            }
            _ => return length,
        }
        length = at;
    }
}

/// Whether a line begins with `name =`, as no expression outside of braces can.
pub(super) fn is_argument(line: &[u8]) -> bool {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let skip = |from: &[u8], skipped: &dyn Fn(&u8) -> bool| {
        from.iter().take_while(|byte| skipped(byte)).count()
    };
    let is_space = |b: &u8| matches!(b, b' ' | b'\t');
    let name = skip(line, &is_space);
    let name_end = name + skip(&line[name..], &is_name);
    let mark = name_end + skip(&line[name_end..], &is_space);
    let next = line.get(mark + 1);
    name < name_end && line.get(mark) == Some(&b'=') && !matches!(next, Some(b'=' | b'>'))
}

/// Whether a line begins with the header of a block, as no expression can: `resource "a" "b" {`.
pub(super) fn is_block_header(line: &[u8]) -> bool {
    let name = |at: usize| {
        let rest = line.get(at..).unwrap_or_default();
        let length = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        at + length.count()
    };
    let mut at = name(0);
    if at == 0 || !line[0].is_ascii_alphabetic() || matches!(&line[..at], b"for" | b"in" | b"if") {
        return false;
    }
    loop {
        match line.get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'{') => return true,
            Some(b'"') => {
                let rest = &line[at + 1..];
                match rest
                    .iter()
                    .position(|b| matches!(b, b'"' | b'\\' | b'$' | b'%' | b'\n'))
                {
                    Some(end) if rest[end] == b'"' => at += end + 2,
                    _ => return false,
                }
            }
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => at = name(at),
            _ => return false,
        }
    }
}
