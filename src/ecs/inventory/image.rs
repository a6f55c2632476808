//! Image references, taken apart as far as they are known.

use super::{Reference, Setting, Text, TextPart, Why};

/// An image reference: `registry/repository:tag@digest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The registry, where one is named, and the repository. Where it is not known what of a text is the tag,
    /// the whole text.
    pub repository: Text,
    /// The tag.
    pub tag: Setting<Text>,
    /// The digest.
    pub digest: Setting<Text>,
}

/// What a reference gives as an image or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gives {
    /// A repository, without a tag.
    Repository,
    /// An image by its digest.
    Digest,
    /// Any text.
    Anything,
}

impl Image {
    /// Takes an image reference apart.
    #[must_use]
    pub fn of(text: &Text) -> Self {
        let (left, digest) = match split(&text.parts, |text| text.find('@')) {
            Some((left, digest)) => (left, Setting::Set(of_parts(digest))),
            None => (text.parts.clone(), Setting::Unset),
        };
        // What an unknown part may hold: a tag and a digest, unless a known `:` stands before it.
        let mut open: Option<&Why> = None;
        for (index, part) in left.iter().enumerate().rev() {
            match part {
                TextPart::Known(known) => match known.rfind([':', '/']) {
                    Some(at) if known[at..].starts_with(':') => {
                        let mut repository = left[..index].to_vec();
                        push(&mut repository, &known[..at]);
                        let mut tag = Vec::new();
                        push(&mut tag, &known[at + 1..]);
                        tag.extend_from_slice(&left[index + 1..]);
                        return Image {
                            repository: of_parts(repository),
                            tag: Setting::Set(of_parts(tag)),
                            digest,
                        };
                    }
                    Some(_) => break,
                    None => {}
                },
                TextPart::Unknown { reference, why } => match gives(reference.as_ref()) {
                    Gives::Repository => break,
                    Gives::Digest => {
                        return Image {
                            repository: of_parts(left.clone()),
                            tag: Setting::Unset,
                            digest: Setting::Set(of_parts(vec![part.clone()])),
                        };
                    }
                    Gives::Anything => open = open.or(Some(why)),
                },
            }
        }
        let tag = open.map_or(Setting::Unset, |why| Setting::Unknown(why.clone()));
        let digest = match (digest, open) {
            (Setting::Unset, Some(why)) => Setting::Unknown(why.clone()),
            (digest, _) => digest,
        };
        Image {
            repository: of_parts(left),
            tag,
            digest,
        }
    }
}

/// What the attributes of ECR's resources give; `image_uri` is the repository with the image's digest.
fn gives(reference: Option<&Reference>) -> Gives {
    match reference {
        Some(Reference {
            resource_type,
            path,
            ..
        }) => match (&**resource_type, &**path) {
            ("aws_ecr_repository" | "aws_ecrpublic_repository", _) => Gives::Repository,
            ("aws_ecr_image", ".image_uri") => Gives::Digest,
            _ => Gives::Anything,
        },
        None => Gives::Anything,
    }
}

/// The parts before and after the first known character that is found.
fn split(
    parts: &[TextPart],
    find: impl Fn(&str) -> Option<usize>,
) -> Option<(Vec<TextPart>, Vec<TextPart>)> {
    parts.iter().enumerate().find_map(|(index, part)| {
        let TextPart::Known(known) = part else {
            return None;
        };
        let at = find(known)?;
        let mut left = parts[..index].to_vec();
        push(&mut left, &known[..at]);
        let mut right = Vec::new();
        push(&mut right, &known[at + 1..]);
        right.extend_from_slice(&parts[index + 1..]);
        Some((left, right))
    })
}

fn push(parts: &mut Vec<TextPart>, known: &str) {
    if !known.is_empty() {
        parts.push(TextPart::Known(known.into()));
    }
}

fn of_parts(parts: Vec<TextPart>) -> Text {
    Text {
        parts,
        secret: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `<…>` stands for what a reference gives, `…` being its type and path.
    fn text(written: &str) -> Text {
        let mut parts = Vec::new();
        for (index, piece) in written.split(['<', '>']).enumerate() {
            if index % 2 == 0 {
                push(&mut parts, piece);
                continue;
            }
            let (ty, path) = piece.split_once('.').unwrap();
            parts.push(TextPart::Unknown {
                reference: Some(Reference {
                    address: format!("{ty}.x").into(),
                    resource_type: ty.into(),
                    path: format!(".{path}").into(),
                }),
                why: Why(piece.into()),
            });
        }
        of_parts(parts)
    }

    fn shown(text: &Text) -> String {
        let part = |part: &TextPart| match part {
            TextPart::Known(known) => known.to_string(),
            TextPart::Unknown { why, .. } => format!("<{why}>"),
        };
        text.parts.iter().map(part).collect()
    }

    fn parts(written: &str) -> [String; 3] {
        let image = Image::of(&text(written));
        let setting = |setting: &Setting<Text>| match setting {
            Setting::Set(text) => shown(text),
            Setting::Unset => "-".to_owned(),
            Setting::Unknown(why) => format!("? {why}"),
        };
        [
            shown(&image.repository),
            setting(&image.tag),
            setting(&image.digest),
        ]
    }

    #[test]
    fn an_image_is_taken_apart_as_far_as_it_is_known() {
        let url = "<aws_ecr_repository.repository_url>";
        assert_eq!(parts("app"), ["app", "-", "-"]);
        assert_eq!(parts("app:1"), ["app", "1", "-"]);
        assert_eq!(parts("host:5000/a/app"), ["host:5000/a/app", "-", "-"]);
        assert_eq!(parts("host:5000/app:1"), ["host:5000/app", "1", "-"]);
        assert_eq!(parts("app@sha256:00"), ["app", "-", "sha256:00"]);
        assert_eq!(parts("app:1@sha256:00"), ["app", "1", "sha256:00"]);
        assert_eq!(parts(url), [url, "-", "-"]);
        assert_eq!(parts(&format!("{url}:1")), [url, "1", "-"]);
        assert_eq!(
            parts(&format!("{url}:<v.tag>-arm")),
            [url, "<v.tag>-arm", "-"]
        );
        assert_eq!(parts(&format!("{url}@<v.d>")), [url, "-", "<v.d>"]);
        assert_eq!(parts("<v.host>/app"), ["<v.host>/app", "-", "-"]);
        assert_eq!(
            parts("host/<v.app>"),
            ["host/<v.app>", "? v.app", "? v.app"]
        );
        assert_eq!(parts("<v.i>"), ["<v.i>", "? v.i", "? v.i"]);
        assert_eq!(parts("<v.i>-arm"), ["<v.i>-arm", "? v.i", "? v.i"]);
        let uri = "<aws_ecr_image.image_uri>";
        assert_eq!(parts(uri), [uri, "-", uri]);
        assert_eq!(parts(""), ["", "-", "-"]);
    }
}
