//! From the bytes of a file to its text.

use anyhow::{Result, anyhow};

/// Decodes a file's text: UTF-8, with or without a byte-order mark, or UTF-16 with one, which is what
/// PowerShell's `>` writes.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String> {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        _ => {
            let mut text = String::from_utf8(bytes).map_err(|error| {
                let offset = error.utf8_error().valid_up_to();
                anyhow!("it is not text: the byte at offset {offset} is not UTF-8")
            })?;
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            Ok(text)
        }
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(anyhow!(
            "it is not text: it ends in the middle of a UTF-16 character"
        ));
    }
    char::decode_utf16(pairs.iter().copied().map(unit))
        .collect::<Result<String, _>>()
        .map_err(|_| anyhow!("it is not text: its UTF-16 has half a character"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_at_the_beginning_say_the_encoding() {
        assert_eq!(decode(b"{}".to_vec()).unwrap(), "{}");
        assert_eq!(decode(b"\xef\xbb\xbf{}".to_vec()).unwrap(), "{}");
        assert_eq!(decode(b"\xff\xfe{\0}\0".to_vec()).unwrap(), "{}");
        assert_eq!(decode(b"\xfe\xff\0{\0}".to_vec()).unwrap(), "{}");
        for broken in [&b"{\xff}"[..], b"\xff\xfe{", b"\xff\xfe\0\xd8"] {
            assert!(decode(broken.to_vec()).is_err());
        }
    }
}
