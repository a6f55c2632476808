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

/// The names of the encodings that Terraform has besides: those of which Go's standard library has tables.
const OTHERS: &str = "\
    437 850 852 855 860 862 863 865 866 arabic asmo-708 big5 ccsid00858 ccsid01140 cp00858 \
    cp01140 cp037 cp437 cp850 cp852 cp855 cp860 cp862 cp863 cp865 cp866 cp936 csbig5 cseuckr \
    cseucpkdfmtjapanese csgb18030 csgbk csibm00858 csibm01140 csibm037 csibm1047 csibm855 \
    csibm860 csibm863 csibm865 csibm866 csiso2022jp csiso885913 csiso885914 csiso885915 \
    csiso885916 csiso88596e csiso88596i csiso88598e csiso88598i csisolatin2 csisolatin3 \
    csisolatin4 csisolatin5 csisolatin6 csisolatinarabic csisolatincyrillic csisolatingreek \
    csisolatinhebrew cskoi8r cskoi8u csmacintosh cspc850multilingual cspc862latinhebrew \
    cspc8codepage437 cspcp852 csshiftjis cswindows1250 cswindows1251 cswindows1253 cswindows1254 \
    cswindows1255 cswindows1256 cswindows1257 cswindows1258 cswindows874 cyrillic ebcdic-cp-ca \
    ebcdic-cp-nl ebcdic-cp-us ebcdic-cp-wt ebcdic-us-37+euro ecma-114 ecma-118 elot_928 euc-jp \
    euc-kr extended_unix_code_packed_format_for_japanese gb18030 gbk greek greek8 hebrew \
    hz-gb-2312 ibm-1047 ibm00858 ibm01140 ibm037 ibm1047 ibm437 ibm850 ibm852 ibm855 ibm860 \
    ibm862 ibm863 ibm865 ibm866 iso-2022-jp iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 \
    iso-8859-16 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-6-e iso-8859-6-i \
    iso-8859-7 iso-8859-8 iso-8859-8-e iso-8859-8-i iso-8859-9 iso-celtic iso-ir-101 iso-ir-109 \
    iso-ir-110 iso-ir-126 iso-ir-127 iso-ir-138 iso-ir-144 iso-ir-148 iso-ir-157 iso-ir-199 \
    iso-ir-226 iso_8859-10:1992 iso_8859-14 iso_8859-14:1998 iso_8859-15 iso_8859-16 \
    iso_8859-16:2001 iso_8859-2 iso_8859-2:1987 iso_8859-3 iso_8859-3:1988 iso_8859-4 \
    iso_8859-4:1988 iso_8859-5 iso_8859-5:1988 iso_8859-6 iso_8859-6-e iso_8859-6-i \
    iso_8859-6:1987 iso_8859-7 iso_8859-7:1987 iso_8859-8 iso_8859-8-e iso_8859-8-i \
    iso_8859-8:1988 iso_8859-9 iso_8859-9:1989 koi8-r koi8-u l10 l2 l3 l4 l5 l6 l8 latin-9 \
    latin10 latin2 latin3 latin4 latin5 latin6 latin8 mac macintosh ms936 ms_kanji \
    pc-multilingual-850+euro shift_jis windows-1250 windows-1251 windows-1253 windows-1254 \
    windows-1255 windows-1256 windows-1257 windows-1258 windows-874 windows-936";

/// Whether Terraform has an encoding that is not computed here.
pub(super) fn is_another(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    OTHERS.split_ascii_whitespace().any(|other| other == name)
}

impl Charset {
    /// Finds an encoding by a name of it.
    pub(super) fn find(name: &str) -> Option<Self> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "utf-8" | "csutf8" => Charset::Utf8,
            "utf-16" | "csutf16" => Charset::Utf16,
            "utf-16be" | "csutf16be" => Charset::Utf16Be,
            "utf-16le" | "csutf16le" => Charset::Utf16Le,
            "us-ascii" | "us" | "iso646-us" | "iso_646.irv:1991" | "ansi_x3.4-1968"
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
