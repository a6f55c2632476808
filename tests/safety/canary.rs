//! A text that stands nowhere by chance, and all that would give it away.

use std::path::Path;

use ecs_audit::terraform::evaluate::expression;

/// The secret.
pub(crate) const SECRET: &str = "Zq7Hx9Kw2Vt5Rm8LpB4nYd3S";

/// How much of it in one piece is too much.
const PIECE: usize = 6;

/// How much of something made of it is too much.
const CODED_PIECE: usize = 10;

/// What must not be seen, in lower case.
pub(crate) struct Canary {
    /// By the first two bytes.
    pieces: Vec<Vec<String>>,
}

impl Canary {
    pub(crate) fn new() -> Self {
        let made = |text: &str| {
            let text = format!("{text}\n").replace('@', &format!("\"{SECRET}\""));
            let value = expression(text.trim(), Path::new(".")).unwrap();
            value.as_str().unwrap().into_owned()
        };
        let backwards: String = SECRET.chars().rev().collect();
        let mut pieces = windows(SECRET, PIECE);
        pieces.extend(windows(&backwards, PIECE));
        let hexadecimal = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
        let mut coded: Vec<String> = vec![hexadecimal];
        for function in [
            "sha1",
            "sha256",
            "sha512",
            "md5",
            "base64sha256",
            "base64sha512",
        ] {
            coded.push(made(&format!("{function}(@)")));
        }
        for before in ["", "a", "aa"] {
            let text = made(&format!("base64encode(\"{before}${{@}}\")"));
            // What comes of the letters around it is of no matter.
            coded.push(text[4..text.len() - 4].to_owned());
        }
        pieces.extend(coded.iter().flat_map(|text| windows(text, CODED_PIECE)));
        let mut by_start = vec![Vec::new(); 1 << 16];
        for piece in pieces {
            by_start[start(piece.as_bytes())].push(piece);
        }
        Canary { pieces: by_start }
    }

    /// What of it is in a text: the line.
    pub(crate) fn seen_in<'a>(&self, text: &'a str) -> Option<&'a str> {
        text.lines().find(|line| {
            let line = line.to_ascii_lowercase();
            let bytes = line.as_bytes();
            (1..bytes.len()).any(|end| {
                let pieces = &self.pieces[start(&bytes[end - 1..])];
                pieces
                    .iter()
                    .any(|piece| bytes[end - 1..].starts_with(piece.as_bytes()))
            })
        })
    }
}

fn start(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

fn windows(text: &str, length: usize) -> Vec<String> {
    let text = text.to_ascii_lowercase();
    (0..=text.len() - length)
        .map(|at| text[at..at + length].to_owned())
        .collect()
}
