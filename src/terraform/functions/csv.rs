//! Comma-separated values, RFC 4180 as `csvdecode` reads it.

/// Reads records; empty lines are passed over. The message says what is wrong and in which line.
pub(super) fn parse(text: &str) -> Result<Vec<Vec<String>>, String> {
    // A carriage return counts only before the end of a line, inside quotes too.
    let text = text.replace("\r\n", "\n");
    let text = text.strip_suffix('\r').unwrap_or(&text);
    let mut records: Vec<Vec<String>> = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('\n') {
            rest = after;
            line += 1;
            continue;
        }
        let (record, after, lines) = record(rest, line)?;
        if records
            .first()
            .is_some_and(|first| first.len() != record.len())
        {
            return Err(format!(
                "line {line} has another number of fields than the header"
            ));
        }
        records.push(record);
        rest = after;
        line += lines;
    }
    Ok(records)
}

fn record(text: &str, line: usize) -> Result<(Vec<String>, &str, usize), String> {
    let mut fields = Vec::new();
    let mut rest = text;
    let mut lines = 1;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (field, after) = quoted_field(quoted)
                    .ok_or_else(|| format!("line {line} has a quoted field without an end"))?;
                lines += field.matches('\n').count();
                (field, after)
            }
            None => {
                let end = rest.find([',', '\n']).unwrap_or(rest.len());
                let (field, after) = rest.split_at(end);
                if field.contains('"') {
                    return Err(format!(
                        "line {line} has a quote in a field that is not quoted"
                    ));
                }
                (field.to_owned(), after)
            }
        };
        fields.push(field);
        match after.chars().next() {
            None => return Ok((fields, after, lines)),
            Some('\n') => return Ok((fields, &after[1..], lines)),
            Some(',') => rest = &after[1..],
            Some(_) => return Err(format!("line {line} has text after a quoted field")),
        }
    }
}

/// Reads a field up to its closing quote; two quotes are one.
fn quoted_field(text: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        field.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                field.push('"');
                rest = after;
            }
            None => return Some((field, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_commas_quotes_and_lines() {
        let records = parse("a,b\n\n\"x,\"\"y\"\"\",\"1\r\n2\"\r\n,\n").expect("records");
        assert_eq!(records, [["a", "b"], ["x,\"y\"", "1\n2"], ["", ""]]);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for text in ["a,b\n1", "a\nx\"y", "a\n\"x", "a\n\"x\" ", "a\n\"x\"y\""] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
