//! Functions of text, letter by letter.

use unicode_segmentation::UnicodeSegmentation;

use super::function::Outcome;
use super::letters;
use super::signature::Arguments;
use super::text::{changed, changed_argument, open, too_large, unknown_text};
use crate::terraform::value::{Failure, MAX_WEIGHT, Part, Value};

pub(super) fn lower(arguments: &Arguments<'_>) -> Outcome {
    Ok(changed(arguments, |text| {
        text.chars().map(letters::lower).collect()
    }))
}

pub(super) fn upper(arguments: &Arguments<'_>) -> Outcome {
    Ok(changed(arguments, |text| {
        text.chars().map(letters::upper).collect()
    }))
}

pub(super) fn title(arguments: &Arguments<'_>) -> Outcome {
    let text = arguments.text(0);
    let mut before = ' ';
    let titled = text.chars().map(|letter| {
        let starts = letters::separates(before);
        before = letter;
        if starts {
            letters::title(letter)
        } else {
            letter
        }
    });
    Ok(Value::from(titled.collect::<String>()))
}

pub(super) fn strrev(arguments: &Arguments<'_>) -> Outcome {
    let text = arguments.text(0);
    Ok(Value::from(text.graphemes(true).rev().collect::<String>()))
}

pub(super) fn indent(arguments: &Arguments<'_>) -> Outcome {
    if open(arguments, &[0]) {
        return Ok(unknown_text(arguments));
    }
    let spaces = usize::try_from(arguments.whole(0)?)
        .map_err(|_| Failure::new("the number of spaces must not be negative").in_argument(0))?;
    let text = arguments.at(1);
    let lines = text.as_text().map_or(0, |text| {
        let known = text.0.iter().filter_map(|part| match part {
            Part::Known(text, _) => Some(text.matches('\n').count()),
            _ => None,
        });
        known.sum()
    });
    if lines.saturating_mul(spaces) > MAX_WEIGHT || spaces > MAX_WEIGHT {
        return Ok(too_large(arguments));
    }
    let indented = format!("\n{}", " ".repeat(spaces));
    Ok(changed_argument(arguments, 1, |text| {
        text.replace('\n', &indented)
    }))
}

pub(super) fn substr(arguments: &Arguments<'_>) -> Outcome {
    let value = arguments.at(0);
    let (Some(text), false) = (value.as_text(), open(arguments, &[1, 2])) else {
        return Ok(unknown_text(arguments));
    };
    let (offset, length) = (arguments.whole(1)?, arguments.whole(2)?);
    let all_known = text.is_known();
    let prefix = text.prefix();
    let graphemes: Vec<&str> = prefix.graphemes(true).collect();
    let count = i64::try_from(graphemes.len()).unwrap_or(i64::MAX);
    if !all_known {
        // The last grapheme before an unknown part may go on in it.
        let end = offset.checked_add(length);
        if offset < 0 || length < 0 || end.is_none_or(|end| end >= count) {
            return Ok(unknown_text(arguments));
        }
    }
    if offset >= 0 && length == 0 {
        return Ok(Value::from("").flow(&arguments.values));
    }
    // A count from the end that goes past the beginning stops there.
    let start = if offset < 0 {
        (offset + count).max(0)
    } else {
        offset.min(count)
    };
    let most = if length <= 0 { count } else { length };
    let start_index = usize::try_from(start).unwrap_or(0);
    let taken = usize::try_from(most).unwrap_or(usize::MAX);
    let rest = graphemes.get(start_index..).unwrap_or_default();
    let part: String = rest.iter().take(taken).copied().collect();
    Ok(Value::from(part).flow(&arguments.values))
}
