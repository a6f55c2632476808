//! Points in time and durations: RFC 3339 as Terraform reads and writes it.

use std::fmt;

use crate::calendar::{DAY, civil_from_days, days_from_civil, days_in_month};

/// How strictly a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// RFC 3339 as it is written.
    Strict,
    /// As `timecmp` reads it: one digit for the hour, a comma before the fraction and an offset of 24
    /// hours are taken too.
    Lenient,
}

/// A point in time, with the offset that it was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instant {
    /// Seconds since 1970 in UTC.
    pub(super) seconds: i64,
    pub(super) nanoseconds: u32,
    /// Seconds east of UTC.
    pub(super) offset: i32,
}

/// A point in time as a calendar and a clock at its offset show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: u32,
    /// From 1.
    pub(super) day: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    /// From 0, which is Sunday.
    pub(super) weekday: u32,
}

/// A text that is read from the left.
struct Cursor<'t> {
    rest: &'t [u8],
}

impl Cursor<'_> {
    fn digits(&mut self, count: usize, what: &str) -> Result<u32, String> {
        let wrong = || format!("not a valid RFC 3339 timestamp: cannot read its {what}");
        let (digits, rest) = self.rest.split_at_checked(count).ok_or_else(wrong)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(wrong());
        }
        self.rest = rest;
        Ok(digits.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0')))
    }

    fn mark(&mut self, mark: u8) -> Result<(), String> {
        match self.rest.split_first() {
            Some((&first, rest)) if first == mark => {
                self.rest = rest;
                Ok(())
            }
            _ => Err(format!(
                "not a valid RFC 3339 timestamp: no `{}` where one is expected",
                char::from(mark)
            )),
        }
    }

    fn fraction(&mut self, reading: Reading) -> u32 {
        let starts = match self.rest {
            [b'.', d, ..] => d.is_ascii_digit(),
            [b',', d, ..] => reading == Reading::Lenient && d.is_ascii_digit(),
            _ => false,
        };
        if !starts {
            return 0;
        }
        let digits = self.rest[1..].iter().take_while(|d| d.is_ascii_digit());
        let count = digits.count();
        let mut nanoseconds = 0;
        for place in 0..9 {
            let digit = if place < count {
                self.rest[1 + place] - b'0'
            } else {
                0
            };
            nanoseconds = nanoseconds * 10 + u32::from(digit);
        }
        self.rest = &self.rest[1 + count..];
        nanoseconds
    }

    fn offset(&mut self, reading: Reading) -> Result<i32, String> {
        let Some((&sign, rest)) = self.rest.split_first() else {
            return Err("not a valid RFC 3339 timestamp: no UTC offset at its end".to_owned());
        };
        self.rest = rest;
        let sign = match sign {
            b'Z' => return Ok(0),
            b'+' => 1,
            b'-' => -1,
            _ => {
                return Err("not a valid RFC 3339 timestamp: cannot read its UTC offset".to_owned());
            }
        };
        let hours = self.digits(2, "UTC offset")?;
        self.mark(b':')?;
        let minutes = self.digits(2, "UTC offset")?;
        let (most_hours, most_minutes) = match reading {
            Reading::Strict => (23, 59),
            Reading::Lenient => (24, 60),
        };
        if hours > most_hours || minutes > most_minutes {
            return Err(
                "not a valid RFC 3339 timestamp: the UTC offset is out of range".to_owned(),
            );
        }
        Ok(sign * (hours * 3600 + minutes * 60).cast_signed())
    }
}

impl Instant {
    /// Reads a timestamp. The message says what is wrong, without the text itself.
    pub(super) fn parse(text: &str, reading: Reading) -> Result<Self, String> {
        let mut cursor = Cursor {
            rest: text.as_bytes(),
        };
        let year = cursor.digits(4, "year")?;
        cursor.mark(b'-')?;
        let month = cursor.digits(2, "month")?;
        cursor.mark(b'-')?;
        let day = cursor.digits(2, "day of month")?;
        cursor.mark(b'T')?;
        let short_hour = reading == Reading::Lenient && cursor.rest.get(1) == Some(&b':');
        let hour = cursor.digits(if short_hour { 1 } else { 2 }, "hour")?;
        cursor.mark(b':')?;
        let minute = cursor.digits(2, "minute")?;
        cursor.mark(b':')?;
        let second = cursor.digits(2, "second")?;
        let nanoseconds = cursor.fraction(reading);
        let offset = cursor.offset(reading)?;
        if !cursor.rest.is_empty() {
            return Err("not a valid RFC 3339 timestamp: text after its end".to_owned());
        }
        let year = i64::from(year);
        let parts = [
            ("month", (1..=12).contains(&month)),
            (
                "day of month",
                (1..=days_in_month(year, month)).contains(&day),
            ),
            ("hour", hour < 24),
            ("minute", minute < 60),
            ("second", second < 60),
        ];
        if let Some((what, _)) = parts.iter().find(|(_, is_right)| !is_right) {
            return Err(format!(
                "not a valid RFC 3339 timestamp: the {what} is out of range"
            ));
        }
        let clock = i64::from(hour * 3600 + minute * 60 + second);
        Ok(Instant {
            seconds: days_from_civil(year, month, day) * DAY + clock - i64::from(offset),
            nanoseconds,
            offset,
        })
    }

    /// The point that many nanoseconds later.
    pub(super) fn plus(self, nanoseconds: i64) -> Self {
        let total = i64::from(self.nanoseconds) + nanoseconds.rem_euclid(1_000_000_000);
        let carried = nanoseconds.div_euclid(1_000_000_000) + total.div_euclid(1_000_000_000);
        Instant {
            seconds: self.seconds + carried,
            nanoseconds: u32::try_from(total.rem_euclid(1_000_000_000)).unwrap_or(0),
            offset: self.offset,
        }
    }

    /// What a calendar and a clock show.
    pub(super) fn civil(self) -> Civil {
        let local = self.seconds + i64::from(self.offset);
        let days = local.div_euclid(DAY);
        let clock = u32::try_from(local.rem_euclid(DAY)).unwrap_or(0);
        let (year, month, day) = civil_from_days(days);
        Civil {
            year,
            month,
            day,
            hour: clock / 3600,
            minute: clock / 60 % 60,
            second: clock % 60,
            // The first of January 1970 was a Thursday.
            weekday: u32::try_from((days + 4).rem_euclid(7)).unwrap_or(0),
        }
    }

    /// The offset as `+02:00`, with this between hours and minutes.
    pub(super) fn offset_text(self, between: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.unsigned_abs() / 60;
        format!("{sign}{:02}{between}{:02}", minutes / 60, minutes % 60)
    }
}

impl fmt::Display for Instant {
    /// Writes it as RFC 3339, without a fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = self.civil();
        let sign = if c.year < 0 { "-" } else { "" };
        let offset = match self.offset {
            0 => "Z".to_owned(),
            _ => self.offset_text(":"),
        };
        write!(
            f,
            "{sign}{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{offset}",
            c.year.abs(),
            c.month,
            c.day,
            c.hour,
            c.minute,
            c.second
        )
    }
}

/// Reads a duration such as `1h30m` or `-1.5s`, as nanoseconds.
pub(super) fn parse_duration(text: &str) -> Result<i64, String> {
    let wrong = || "not a valid duration: write numbers with units, as in `1h30m`".to_owned();
    let too_long = || "the duration is too long".to_owned();
    let (negative, mut rest) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut total = 0_u64;
    while !rest.is_empty() {
        let whole_end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (whole, after) = rest.split_at(whole_end);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at(
                after
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(after.len()),
            ),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(wrong());
        }
        let unit_end = after.find(|c: char| c == '.' || c.is_ascii_digit());
        let (unit, after) = after.split_at(unit_end.unwrap_or(after.len()));
        let unit = match unit {
            "ns" => 1_u64,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return Err(wrong()),
        };
        let count: u64 = match whole {
            "" => 0,
            _ => whole.parse().map_err(|_| too_long())?,
        };
        let mut part = count.checked_mul(unit).ok_or_else(too_long)?;
        if !fraction.is_empty() {
            // Eighteen digits of a fraction are all that can matter, and they fit.
            let digits = &fraction[..fraction.len().min(18)];
            let scale = 10_u128.pow(u32::try_from(digits.len()).unwrap_or(0));
            let value = digits.parse::<u128>().unwrap_or(0) * u128::from(unit) / scale;
            part = part
                .checked_add(u64::try_from(value).unwrap_or(0))
                .ok_or_else(too_long)?;
        }
        total = total
            .checked_add(part)
            .filter(|&t| t <= 1 << 63)
            .ok_or_else(too_long)?;
        rest = after;
    }
    if negative {
        return Ok(0_i64.wrapping_sub_unsigned(total));
    }
    i64::try_from(total).map_err(|_| too_long())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        for text in [
            "2017-11-22T00:00:00Z",
            "2000-02-29T23:59:59+05:30",
            "1969-12-31T23:59:59-08:00",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
        ] {
            let instant = Instant::parse(text, Reading::Strict).expect("a timestamp");
            assert_eq!(instant.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_timestamp_is_refused() {
        for text in [
            "",
            "2017",
            "2017-11-22",
            "2017-11-22 00:00:00Z",
            "2017-13-22T00:00:00Z",
            "2017-02-29T00:00:00Z",
            "2017-11-22T24:00:00Z",
            "2017-11-22T00:00:60Z",
            "2017-11-22T00:00:00",
            "2017-11-22T00:00:00+24:00",
            "2017-11-22T1:00:00Z",
            "2017-11-22T00:00:00,5Z",
            "2017-11-22T00:00:00Zx",
            "2017-11-22t00:00:00z",
        ] {
            assert!(Instant::parse(text, Reading::Strict).is_err(), "{text}");
        }
        assert!(Instant::parse("2017-11-22T1:00:00,5+24:00", Reading::Lenient).is_ok());
    }

    #[test]
    fn durations_are_read() {
        assert_eq!(parse_duration("1h30m"), Ok(5_400_000_000_000));
        assert_eq!(parse_duration("-1.5s"), Ok(-1_500_000_000));
        assert_eq!(parse_duration(".5µs"), Ok(500));
        assert_eq!(parse_duration("0"), Ok(0));
        assert_eq!(parse_duration("-9223372036854775808ns"), Ok(i64::MIN));
        for text in ["", "-", "1", "1d", "s", ".s", "1h 1m", "99999999999h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
