//! From text and from the machine's numbers.

use std::cmp::Ordering;

use num_bigint::BigUint;

use super::float::Float;
use super::precise::{COUNTED, MACHINE, MAX_EXPONENT, MAX_WRITTEN, Number, WRITTEN, out_of_bounds};
use crate::terraform::value::Failure;

impl Number {
    /// Reads a number as Terraform reads one that is written or converted from a string: digits with a
    /// point and an exponent, and in the exponent's place also `p` with a power of two.
    ///
    /// # Errors
    /// Where the text is no number, or one past the bounds.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let required = || Failure::new("a number is required");
        if text.len() > MAX_WRITTEN {
            return Err(out_of_bounds());
        }
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if let Ok(small) = unsigned.parse::<i64>()
            && unsigned.as_bytes().first().is_some_and(u8::is_ascii_digit)
        {
            return Ok(Number::small(
                if negative { -small } else { small },
                WRITTEN,
            ));
        }
        let exponent_at = unsigned.find(['e', 'E', 'p', 'P']);
        let (digits, exponent) = unsigned.split_at(exponent_at.unwrap_or(unsigned.len()));
        let binary = exponent.starts_with(['p', 'P']);
        let exponent = if exponent.is_empty() {
            0
        } else {
            parse_exponent(&exponent[1..]).ok_or_else(required)?
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.len() + fraction.len() == 0
            || !whole
                .bytes()
                .chain(fraction.bytes())
                .all(|b| b.is_ascii_digit())
        {
            return Err(required());
        }
        let all: String = [whole, fraction].concat();
        let significand = BigUint::parse_bytes(all.as_bytes(), 10).ok_or_else(required)?;
        let places = i64::try_from(fraction.len()).map_err(|_| out_of_bounds())?;
        let (twos, fives) = if binary {
            (exponent.saturating_sub(places), -places)
        } else {
            let tens = exponent.saturating_sub(places);
            (tens, tens)
        };
        if significand == BigUint::ZERO {
            return Ok(Number::small(0, WRITTEN));
        }
        if twos.abs() > 2 * MAX_EXPONENT || fives.abs() > 2 * MAX_EXPONENT {
            return Err(out_of_bounds());
        }
        let float = Float {
            negative,
            significand,
            exponent: twos,
        };
        // Terraform multiplies or divides by a power of five that is itself rounded to 576 bits.
        let power = power_of_five(fives.unsigned_abs());
        let float = match fives.cmp(&0) {
            Ordering::Equal => float,
            Ordering::Greater => float.round(usize::from(WRITTEN)).times(&power),
            Ordering::Less => float.over(&power, usize::from(WRITTEN)),
        };
        Number::rounded(float, WRITTEN)
    }

    /// The number that the machine's floating point has, where it is finite and within the bounds.
    #[must_use]
    pub fn from_f64(number: f64) -> Option<Self> {
        if !number.is_finite() {
            return None;
        }
        let bits = number.to_bits();
        let raw = i64::try_from((bits >> 52) & 0x7ff).ok()?;
        let fraction = bits & ((1 << 52) - 1);
        let (significand, exponent) = if raw == 0 {
            (fraction, -1074)
        } else {
            (fraction | (1 << 52), raw - 1075)
        };
        let float = Float {
            negative: number.is_sign_negative(),
            significand: BigUint::from(significand),
            exponent,
        };
        Number::rounded(float, MACHINE).ok()
    }

    /// A whole number from digits in a base of 2 to 62, as `parseint` reads them; `None` where a
    /// character is no digit of that base.
    #[must_use]
    pub fn from_digits(text: &str, base: u32) -> Option<Number> {
        let (negative, digits) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if digits.is_empty() || digits.len() > MAX_WRITTEN {
            return None;
        }
        let mut significand = BigUint::ZERO;
        for byte in digits.bytes() {
            let digit = match byte {
                b'0'..=b'9' => u32::from(byte - b'0'),
                b'a'..=b'z' => u32::from(byte - b'a') + 10,
                b'A'..=b'Z' if base <= 36 => u32::from(byte - b'A') + 10,
                b'A'..=b'Z' => u32::from(byte - b'A') + 36,
                _ => return None,
            };
            if digit >= base {
                return None;
            }
            significand = significand * base + digit;
        }
        let precision = u16::try_from(significand.bits()).ok()?.max(COUNTED);
        let float = Float {
            negative,
            significand,
            exponent: 0,
        };
        Number::rounded(float, precision).ok()
    }
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits
        .parse::<i64>()
        .unwrap_or(i64::MAX / 4)
        .min(i64::MAX / 4);
    Some(if text.starts_with('-') { -size } else { size })
}

/// Five to a power, rounded to the bits that Terraform uses on the way.
fn power_of_five(mut exponent: u64) -> Float {
    const EXACT: u32 = 27;
    const BITS: usize = 512 + 64;
    let five = |power: u32| Float {
        negative: false,
        significand: BigUint::from(5_u32).pow(power),
        exponent: 0,
    };
    if let Ok(small) = u32::try_from(exponent)
        && small <= EXACT
    {
        return five(small);
    }
    let mut power = five(EXACT);
    exponent -= u64::from(EXACT);
    let mut factor = five(1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = power.times(&factor).round(BITS);
        }
        factor = factor.times(&factor).round(BITS + 64);
        exponent >>= 1;
    }
    power
}
