//! The dates and times that YAML texts may hold without quotes.

/// Reads a timestamp and gives it as RFC 3339, without fractions of a second. `None` where it is none.
pub(super) fn normalized(text: &str) -> Option<String> {
    let mut rest = text;
    let year = digits(&mut rest, 4, 4)?;
    let month = after(&mut rest, '-').and_then(|()| digits(&mut rest, 1, 2))?;
    let day = after(&mut rest, '-').and_then(|()| digits(&mut rest, 1, 2))?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if rest.is_empty() {
        return Some(format!("{date}T00:00:00Z"));
    }
    let zoned = rest.starts_with(['T', 't']);
    if !zoned && !rest.starts_with(' ') {
        return None;
    }
    rest = &rest[1..];
    let hour = digits(&mut rest, 1, 2)?;
    let minute = after(&mut rest, ':').and_then(|()| digits(&mut rest, 1, 2))?;
    let second = after(&mut rest, ':').and_then(|()| digits(&mut rest, 1, 2))?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let end = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if end > 0 {
            rest = &fraction[end..];
        }
    }
    let zone = if zoned {
        zone(rest)?
    } else {
        rest.is_empty().then(|| "Z".to_owned())?
    };
    Some(format!("{date}T{hour:02}:{minute:02}:{second:02}{zone}"))
}

fn zone(text: &str) -> Option<String> {
    if text == "Z" {
        return Some("Z".to_owned());
    }
    let mut rest = text.strip_prefix(['+', '-'])?;
    let hours = digits(&mut rest, 2, 2)?;
    let minutes = after(&mut rest, ':').and_then(|()| digits(&mut rest, 2, 2))?;
    if !rest.is_empty() || hours > 24 || minutes > 60 {
        return None;
    }
    Some(if hours == 0 && minutes == 0 {
        "Z".to_owned()
    } else {
        text.to_owned()
    })
}

fn digits(rest: &mut &str, least: usize, most: usize) -> Option<u32> {
    let count = rest
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    if count < least {
        return None;
    }
    let (number, after) = rest.split_at(count);
    *rest = after;
    number.parse().ok()
}

fn after(rest: &mut &str, mark: char) -> Option<()> {
    *rest = rest.strip_prefix(mark)?;
    Some(())
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}
