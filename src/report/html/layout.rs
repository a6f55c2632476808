//! Where everything in a picture stands: boxes in boxes, in rows that are filled from the left. The same picture is
//! always laid out the same way.

use unicode_segmentation::UnicodeSegmentation as _;

/// The room around what is in a box, and between boxes.
const PAD: u32 = 14;
const GAP: u32 = 12;

/// The height of each line of a box, and the room above the first.
const LINE: u32 = 18;
const TOP: u32 = 8;

/// How wide a character of a line is, in tenths of a pixel: the fonts are fixed in width, and as wide as the widest
/// of those that systems have.
const ADVANCE: u32 = 75;

/// The most characters of a line; what is longer is cut.
pub(super) const MOST_CHARACTERS: u32 = 34;

/// A box before it is laid out.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// What it shows, for whoever draws it.
    pub(super) node: Option<usize>,
    /// Its lines, the first its name.
    pub(super) lines: Vec<String>,
    /// The widest that it may be.
    pub(super) widest: u32,
    /// What is in it: rows of boxes, each band below the one before.
    pub(super) bands: Vec<Vec<Tree>>,
}

/// A box that is laid out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) node: Option<usize>,
    pub(super) lines: Vec<String>,
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) inside: Vec<Placed>,
}

/// Lays out a box and all that is in it, its corner at the origin, in no more room than there is (where the names in it
/// let it).
pub(super) fn lay_out(tree: Tree, room: u32) -> Placed {
    let room = room.min(tree.widest).max(120);
    let text = tree.lines.iter().map(|line| width(line)).max().unwrap_or(0);
    // Before the first line stands a sign.
    let mut widest = text * ADVANCE / 10 + if tree.lines.is_empty() { 0 } else { 22 };
    let lines = u32::try_from(tree.lines.len()).unwrap_or(0);
    let mut y = if lines == 0 {
        PAD
    } else {
        TOP + lines * LINE + TOP
    };
    let mut inside = Vec::new();
    for band in tree.bands.into_iter().filter(|band| !band.is_empty()) {
        let (mut x, mut tallest) = (PAD, 0);
        for child in band {
            let mut child = lay_out(child, room.saturating_sub(2 * PAD));
            if x > PAD && x + child.width + PAD > room {
                y += tallest + GAP;
                (x, tallest) = (PAD, 0);
            }
            (child.x, child.y) = (x, y);
            x += child.width + GAP;
            tallest = tallest.max(child.height);
            widest = widest.max(x - GAP - PAD);
            inside.push(child);
        }
        y += tallest + GAP;
    }
    let height = match inside.is_empty() {
        true => y,
        false => y - GAP + PAD,
    };
    Placed {
        node: tree.node,
        lines: tree.lines,
        x: 0,
        y: 0,
        width: widest + 2 * PAD,
        height,
        inside,
    }
}

/// How many columns a text takes: most characters one, those of East Asian scripts and pictures two.
fn width(text: &str) -> u32 {
    let columns = text.graphemes(true).map(|grapheme| {
        let wide = grapheme
            .chars()
            .any(|character| u32::from(character) >= 0x1100);
        if wide { 2 } else { 1 }
    });
    columns.sum()
}

/// A text of no more than so many columns; where it is cut stands `…`.
pub(super) fn cut(text: &str, most: u32) -> String {
    // What stands above and below letters takes no column, but there is an end to that too.
    if text.len() <= 16 * most as usize && width(text) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut columns = 1;
    for grapheme in text.graphemes(true) {
        columns += width(grapheme);
        if columns > most || grapheme.len() > 64 {
            break;
        }
        short.push_str(grapheme);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(name: &str) -> Tree {
        Tree {
            lines: vec![name.to_owned()],
            widest: u32::MAX,
            ..Tree::default()
        }
    }

    #[test]
    fn boxes_stand_within_what_they_are_in_and_on_no_other() {
        let tree = Tree {
            lines: vec!["outer".to_owned()],
            widest: 600,
            bands: vec![
                (0..7).map(|index| leaf(&"x".repeat(4 * index))).collect(),
                vec![leaf("last")],
            ],
            ..Tree::default()
        };
        let outer = lay_out(tree, 600);
        assert!(outer.width <= 600);
        for (index, one) in outer.inside.iter().enumerate() {
            assert!(one.x + one.width <= outer.width && one.y + one.height <= outer.height);
            for other in &outer.inside[index + 1..] {
                let apart = one.x + one.width <= other.x || one.y + one.height <= other.y;
                assert!(apart || other.x + other.width <= one.x, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdefg", 6), "abcde…");
        assert_eq!(cut("日本語日本語", 6), "日本…");
        assert_eq!(cut("e\u{301}e\u{301}", 2), "e\u{301}e\u{301}");
        assert_eq!(cut(&format!("a{}", "\u{301}".repeat(999)), 1), "…");
    }
}
