//! Seeded damage to texts.

/// What is put into texts: tokens, halves of tokens, and what is no token.
const FRAGMENTS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "${",
    "%{",
    "~}",
    "${~",
    "$${",
    "%%{",
    "$",
    "%",
    "~",
    "<<EOT\n",
    "<<-EOT\n",
    "\nEOT\n",
    "EOT",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    ",",
    "=",
    ":",
    "::",
    "...",
    "=>",
    "?",
    ".",
    ".*",
    "[*]",
    "[0]",
    ".0",
    ".0.1",
    "#",
    "//",
    "/*",
    "*/",
    "\\",
    "\\n",
    "\\u00e9",
    "\\u12",
    " for ",
    " in ",
    " if ",
    "%{ if x }",
    "%{ else }",
    "%{ endif }",
    "%{ for x in y }",
    "%{ endfor }",
    "true",
    "null",
    "1",
    "1.5e3",
    "0.",
    "é",
    "'",
    "`",
    "&",
    "|",
    "&&",
    "||",
    "==",
    "!",
    "-",
    "+",
    "*",
    "/",
    "<",
    ">=",
    "a.b",
    "f(",
    "x = 1",
    "x {}",
    "{ x = 1 }",
    "[for x in y : x]",
    "{ for x in y : x => x... }",
    "@",
    ";",
    "😀",
    "\u{feff}",
    "\u{a0}",
];

/// A small generator of numbers that look random (xorshift64*).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        number as usize % limit.max(1)
    }
}

/// Damages a text in one to three places.
pub(crate) fn mutant(source: &str, random: &mut Random) -> String {
    let mut text = source.to_owned();
    for _ in 0..1 + random.below(3) {
        text = damaged(&text, random);
    }
    text
}

fn damaged(text: &str, random: &mut Random) -> String {
    let at = boundary(text, random.below(text.len() + 1));
    let end = boundary(text, at + random.below(4));
    let far = boundary(text, at + random.below(30));
    let fragment = FRAGMENTS[random.below(FRAGMENTS.len())];
    match random.below(12) {
        0..=2 => [&text[..at], fragment, &text[at..]].concat(),
        3..=4 => [&text[..at], fragment, &text[end..]].concat(),
        5..=6 => [&text[..at], &text[end..]].concat(),
        7 => [&text[..at], &text[far..]].concat(),
        8 => [&text[..far], &text[at..]].concat(),
        9 => {
            let third = boundary(text, far + random.below(30));
            [
                &text[..at],
                &text[far..third],
                &text[at..far],
                &text[third..],
            ]
            .concat()
        }
        10 => {
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let line = random.below(lines.len());
            let other = random.below(lines.len());
            let mut lines = lines;
            if !lines.is_empty() {
                match random.below(3) {
                    0 => lines.swap(line, other),
                    1 => lines.insert(line, lines[other]),
                    _ => drop(lines.remove(line)),
                }
            }
            lines.concat()
        }
        _ if random.below(4) == 0 => text[..at].to_owned(),
        _ => {
            let word = text[at..]
                .find(|c: char| !c.is_alphanumeric())
                .map_or(at, |w| at + w);
            let after = text[word..]
                .chars()
                .next()
                .map_or(word, |c| word + c.len_utf8());
            [&text[..word], fragment, &text[after..]].concat()
        }
    }
}

/// The boundary of characters at an offset or before it.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
