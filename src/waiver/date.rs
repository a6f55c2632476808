//! Days of the calendar.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::calendar::{DAY, civil_from_days, days_from_civil, days_in_month};

/// A day of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: i64,
    month: u32,
    day: u32,
}

/// The seconds since 1970. `SOURCE_DATE_EPOCH` stands for now where it is set, so that a run can be repeated.
#[must_use]
pub fn now() -> i64 {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok();
    let seconds = set.and_then(|text| text.trim().parse().ok());
    seconds.unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| since.as_secs().cast_signed())
    })
}

impl Date {
    /// Reads `YYYY-MM-DD`; `None` where there is no such day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        let bytes = text.as_bytes();
        let digits = bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if bytes.len() != 10 || !digits {
            return None;
        }
        let year = text[..4].parse().ok()?;
        let month = text[5..7].parse().ok()?;
        let day = text[8..].parse().ok()?;
        let is_there = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        is_there.then_some(Date { year, month, day })
    }

    /// Today.
    #[must_use]
    pub fn today() -> Date {
        Date::at(now())
    }

    /// The day of a moment, in seconds since 1970.
    #[must_use]
    pub fn at(seconds: i64) -> Date {
        let (year, month, day) = civil_from_days(seconds.div_euclid(DAY));
        Date { year, month, day }
    }

    /// How many days this one is after another.
    #[must_use]
    pub fn days_after(self, other: Date) -> i64 {
        self.days() - other.days()
    }

    /// Days since 1970-01-01.
    fn days(self) -> i64 {
        days_from_civil(self.year, self.month, self.day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn days_that_exist_are_read_and_others_are_not() {
        for text in [
            "1970-01-01",
            "2024-02-29",
            "2027-01-31",
            "2000-02-29",
            "9999-12-31",
        ] {
            assert_eq!(
                Date::parse(text).map(|date| date.to_string()).as_deref(),
                Some(text)
            );
        }
        for text in [
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-00-01",
            "2027-1-1",
            "",
            "2027/01/01",
            "é027-01-01",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_over_the_end_of_months_and_years() {
        let date = |text| Date::parse(text).unwrap();
        assert_eq!(date("2024-03-01").days_after(date("2024-02-28")), 2);
        assert_eq!(date("2023-03-01").days_after(date("2023-02-28")), 1);
        assert_eq!(date("2027-01-01").days_after(date("2026-01-01")), 365);
        assert_eq!(date("1970-01-01").days(), 0);
        assert!(date("2026-12-31") < date("2027-01-01"));
    }
}
