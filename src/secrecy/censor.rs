//! Secrets by their texts: what is known to be secret is taken out of everything that is printed, whatever
//! way it took there.
//!
//! Who writes a message leaves out what is secret; this is for what nobody thought of.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use crate::terraform::value::SecretTexts;

/// The least bytes of a secret that is looked for. What is shorter is guessed sooner than it is read in a
/// message, and stands in half of all words.
const LEAST: usize = 6;

/// The most letters of a word that is not looked for: `production` and `postgres` stand in every report,
/// and taking them out would say where they were secret.
const LONGEST_WORD: usize = 12;

/// How many bytes find the secrets that may begin at a place.
const HEAD: usize = 4;

/// What stands in the place of a secret in a message.
const PLACEHOLDER: &str = "(secret)";

/// Finds secrets in texts, in time that does not depend on how many there are.
#[derive(Debug, Default)]
pub(super) struct Censor {
    /// By their first bytes, the longest first.
    secrets: HashMap<[u8; HEAD], Vec<Box<str>>>,
    /// Whether some secret begins with a byte.
    first: Vec<bool>,
}

impl Censor {
    pub(super) fn new(texts: &SecretTexts) -> Self {
        let mut forms = BTreeSet::new();
        for text in texts.iter() {
            // What has lines is shown line by line.
            for line in text.lines().map(str::trim).filter(|line| is_telling(line)) {
                forms.extend(written(line));
            }
        }
        let mut censor = Censor {
            secrets: HashMap::new(),
            first: vec![false; 256],
        };
        for form in forms {
            if let Some(head) = form.as_bytes().first_chunk() {
                censor.first[usize::from(head[0])] = true;
                censor
                    .secrets
                    .entry(*head)
                    .or_default()
                    .push(form.into_boxed_str());
            }
        }
        for secrets in censor.secrets.values_mut() {
            secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        }
        censor
    }

    /// Takes the secrets out of a message.
    pub(super) fn message(&self, text: &mut String) {
        if let Cow::Owned(censored) = self.censored(text) {
            *text = censored;
        }
    }

    /// A message without the secrets.
    pub(super) fn censored<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut censored = String::new();
        let mut rest = 0;
        while let Some((start, end)) = self.next_in(text, rest) {
            censored.push_str(&text[rest..start]);
            censored.push_str(PLACEHOLDER);
            rest = end;
        }
        if rest == 0 {
            return Cow::Borrowed(text);
        }
        censored.push_str(&text[rest..]);
        Cow::Owned(censored)
    }

    /// An address without the secrets among its instance keys: what names things is written by hand.
    pub(super) fn address<'a>(&self, address: &'a str) -> Cow<'a, str> {
        match address.find('[') {
            None => Cow::Borrowed(address),
            Some(at) => match self.censored(&address[at..]) {
                Cow::Borrowed(_) => Cow::Borrowed(address),
                Cow::Owned(keys) => Cow::Owned(format!("{}{keys}", &address[..at])),
            },
        }
    }

    /// The ranges of secrets in a text, in order.
    pub(super) fn ranges<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
        let mut rest = 0;
        std::iter::from_fn(move || {
            let (start, end) = self.next_in(text, rest)?;
            rest = end;
            Some(start..end)
        })
    }

    /// The next secret in a text from a place on.
    fn next_in(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        if self.secrets.is_empty() {
            return None;
        }
        let bytes = text.as_bytes();
        (from..bytes.len()).find_map(|at| {
            if !self.first[usize::from(bytes[at])] {
                return None;
            }
            let candidates = self.secrets.get(bytes[at..].first_chunk()?)?;
            let found = candidates
                .iter()
                .find(|secret| bytes[at..].starts_with(secret.as_bytes()))?;
            Some((at, at + found.len()))
        })
    }
}

/// Whether finding a text in a message would tell a secret.
fn is_telling(text: &str) -> bool {
    let is_word = text.len() <= LONGEST_WORD && text.bytes().all(|byte| byte.is_ascii_lowercase());
    text.len() >= LEAST && !is_word
}

/// A text as it stands between quotes, in messages and in addresses.
fn written(text: &str) -> impl Iterator<Item = String> {
    let debug = text.escape_debug().to_string();
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
    let template = quoted.replace("${", "$${").replace("%{", "%%{");
    [text.to_owned(), debug, quoted, template].into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn censor(secrets: &[&str]) -> Censor {
        let mut texts = SecretTexts::default();
        for secret in secrets {
            texts.insert(secret);
        }
        Censor::new(&texts)
    }

    #[test]
    fn a_secret_goes_from_wherever_it_stands() {
        let censor = censor(&[
            "hunter2",
            "hunter2-and-more",
            "a\"b$${c",
            "é-line-1\n  line two 2\n",
        ]);
        assert_eq!(
            censor.censored("xhunter2 and hunter2-and-more!"),
            "x(secret) and (secret)!"
        );
        assert_eq!(censor.censored("é-line-1 line two 2"), "(secret) (secret)");
        assert_eq!(
            censor.address("module.hunter2.a.b[\"hunter2\"]"),
            "module.hunter2.a.b[\"(secret)\"]"
        );
        assert_eq!(censor.censored("a\\\"b$$${c"), "(secret)");
        assert_eq!(
            censor.censored("nothing of it: hunter"),
            "nothing of it: hunter"
        );
        assert_eq!(censor.ranges("hunter2hunter2").count(), 2);
    }

    #[test]
    fn what_stands_in_half_of_all_words_stays() {
        let censor = censor(&["a", "prod", "true", "12345", "production", "postgres"]);
        let text = "a production of postgres: true, 12345";
        assert_eq!(censor.censored(text), text);
    }
}
