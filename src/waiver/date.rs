//! Days of the calendar.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: i64,
    month: u32,
    day: u32,
}

const SECONDS_OF_A_DAY: i64 = 86_400;

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
        let date = Date {
            year: text[..4].parse().ok()?,
            month: text[5..7].parse().ok()?,
            day: text[8..].parse().ok()?,
        };
        (Date::of_days(date.days()) == date).then_some(date)
    }

    /// Today.
    #[must_use]
    pub fn today() -> Date {
        Date::at(now())
    }

    /// The day of a moment, in seconds since 1970.
    #[must_use]
    pub fn at(seconds: i64) -> Date {
        Date::of_days(seconds.div_euclid(SECONDS_OF_A_DAY))
    }

    /// How many days this one is after another.
    #[must_use]
    pub fn days_after(self, other: Date) -> i64 {
        self.days() - other.days()
    }

    /// Days since 1970-01-01. The year is counted from March, so that a leap day is its last.
    fn days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = self.year - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    fn of_days(days: i64) -> Date {
        let days = days.saturating_add(719_468);
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let small = |number: i64| u32::try_from(number).unwrap_or(0);
        let (day, month) = (
            small(day_of_year - (153 * month + 2) / 5 + 1),
            small(if month < 10 { month + 3 } else { month - 9 }),
        );
        Date {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day,
        }
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
