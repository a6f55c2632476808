//! The text encodings that are computed here, by their IANA names.

/// A text encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    /// Big end first, with a mark in front; a mark of the other order is heeded when reading.
    Utf16,
    Utf16Be,
    Utf16Le,
    Ascii,
    Latin1,
    Windows1252,
}

/// What `windows-1252` has between 0x80 and 0x9F; unassigned places are `\0`.
const WINDOWS_1252: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

impl Charset {
    /// Finds an encoding by a name of it. Others that Terraform has are not computed here.
    pub(super) fn find(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "utf-8" | "csutf8" => Charset::Utf8,
            "utf-16" | "csutf16" => Charset::Utf16,
            "utf-16be" | "csutf16be" => Charset::Utf16Be,
            "utf-16le" | "csutf16le" => Charset::Utf16Le,
            "us-ascii" | "ascii" | "us" | "iso646-us" | "iso_646.irv:1991" | "ansi_x3.4-1968"
            | "ansi_x3.4-1986" | "ibm367" | "cp367" | "iso-ir-6" | "csascii" => Charset::Ascii,
            "iso-8859-1" | "iso_8859-1" | "iso_8859-1:1987" | "latin1" | "l1" | "ibm819"
            | "cp819" | "iso-ir-100" | "csisolatin1" => Charset::Latin1,
            "windows-1252" | "cswindows1252" => Charset::Windows1252,
            _ => return None,
        })
    }

    /// Writes a text; `None` where it has characters that the encoding has not.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        let words = |to_bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to_bytes).collect();
        match self {
            Charset::Utf8 => Some(text.as_bytes().to_vec()),
            Charset::Utf16 => {
                let mut bytes = vec![0xFE, 0xFF];
                bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
                Some(bytes)
            }
            Charset::Utf16Be => Some(words(u16::to_be_bytes)),
            Charset::Utf16Le => Some(words(u16::to_le_bytes)),
            Charset::Ascii => text.is_ascii().then(|| text.as_bytes().to_vec()),
            Charset::Latin1 => text
                .chars()
                .map(|letter| u8::try_from(letter).ok())
                .collect(),
            Charset::Windows1252 => text.chars().map(to_windows_1252).collect(),
        }
    }

    /// Reads bytes; `None` where they stand for no text.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<String> {
        let text = match self {
            Charset::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Charset::Utf16 => match bytes {
                [] => Some(String::new()),
                [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
                [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
                _ => utf16(bytes, u16::from_be_bytes),
            },
            Charset::Utf16Be => utf16(bytes, u16::from_be_bytes),
            Charset::Utf16Le => utf16(bytes, u16::from_le_bytes),
            Charset::Ascii => bytes.is_ascii().then(|| latin_1(bytes)),
            Charset::Latin1 => Some(latin_1(bytes)),
            Charset::Windows1252 => bytes.iter().map(|&byte| from_windows_1252(byte)).collect(),
        };
        text.filter(|text| !text.contains(char::REPLACEMENT_CHARACTER))
    }
}

fn utf16(bytes: &[u8], word: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let words: Vec<u16> = pairs.iter().map(|&pair| word(pair)).collect();
    String::from_utf16(&words).ok().filter(|_| rest.is_empty())
}

fn latin_1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

fn to_windows_1252(letter: char) -> Option<u8> {
    match u8::try_from(letter) {
        Ok(byte) if !(0x80..0xA0).contains(&byte) => Some(byte),
        _ => {
            let index = WINDOWS_1252
                .iter()
                .position(|&other| other == letter && letter != '\0')?;
            u8::try_from(index + 0x80).ok()
        }
    }
}

fn from_windows_1252(byte: u8) -> Option<char> {
    match byte {
        0x80..0xA0 => Some(WINDOWS_1252[usize::from(byte - 0x80)]).filter(|&letter| letter != '\0'),
        _ => Some(char::from(byte)),
    }
}
