//! Decimal digits.

use std::fmt;

use num_bigint::BigUint;

use super::float::Float;

/// The decimal digits of a number, without zeros at the end; zero has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digits {
    /// Whether the number is less than zero.
    pub negative: bool,
    /// The digits, the first of which is not zero.
    pub digits: String,
    /// How many of them stand before the point; zeros follow the point where it is negative.
    pub point: i64,
}

impl Digits {
    /// All digits of a float.
    pub(super) fn exact(float: &Float) -> Self {
        let decimal = Decimal::of(&float.significand, float.exponent);
        let digits = decimal.text();
        Digits {
            negative: float.negative,
            point: if digits.is_empty() { 0 } else { decimal.point },
            digits,
        }
    }

    /// The fewest digits that round to a float at a precision.
    pub(super) fn shortest(float: &Float, precision: u16) -> Self {
        if float.significand == BigUint::ZERO {
            return Digits::default();
        }
        // The significand with one bit more than the precision, so that one is half a unit.
        let shift = i64::from(precision) + 1 - float.bits();
        let exponent = float.exponent - shift;
        let middle = if shift >= 0 {
            &float.significand << shift.unsigned_abs()
        } else {
            &float.significand >> shift.unsigned_abs()
        };
        // The numbers half a unit away round to this one where it is even.
        let inclusive = !middle.bit(1);
        let exact = Decimal::of(&middle, exponent);
        let lower = Decimal::of(&(&middle - 1_u32), exponent);
        let upper = Decimal::of(&(&middle + 1_u32), exponent);
        let whole = Digits {
            negative: float.negative,
            digits: exact.text(),
            point: exact.point,
        };
        for (index, &digit) in exact.digits.iter().enumerate() {
            let (below, above) = (lower.at(index), upper.at(index));
            let down = below != digit || inclusive && index + 1 == lower.digits.len();
            let up = digit != above
                && (inclusive || digit + 1 < above || index + 1 < upper.digits.len());
            match (down, up) {
                (true, true) => return whole.rounded(index + 1),
                (true, false) => return whole.cut(index + 1, false),
                (false, true) => return whole.cut(index + 1, true),
                (false, false) => {}
            }
        }
        whole
    }

    /// The first digits, rounded to the nearest, a half to the even.
    #[must_use]
    pub fn rounded(&self, most: usize) -> Self {
        let bytes = self.digits.as_bytes();
        let Some(&next) = bytes.get(most) else {
            return self.clone();
        };
        let half = next == b'5' && bytes.len() == most + 1;
        let odd = most > 0 && bytes[most - 1] % 2 == 1;
        self.cut(most, next > b'5' || next == b'5' && (!half || odd))
    }

    /// The first digits, the last of them raised or not.
    fn cut(&self, most: usize, raise: bool) -> Self {
        let mut digits: Vec<u8> = self.digits.bytes().take(most).collect();
        let mut point = self.point;
        if raise {
            while digits.last() == Some(&b'9') {
                digits.pop();
            }
            match digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    digits.push(b'1');
                    point += 1;
                }
            }
        }
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        Digits {
            negative: self.negative,
            digits: digits.into_iter().map(char::from).collect(),
            point,
        }
    }

    /// Up to ten digits, with an exponent where the number is very large or very small.
    pub(super) fn short(&self) -> String {
        const MOST: usize = 10;
        let Digits {
            negative,
            digits,
            point,
        } = self.rounded(MOST);
        if digits.is_empty() {
            return "0".to_owned();
        }
        let exponent = point - 1;
        let count = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let limit = if digits.len() < MOST && count >= point {
            count
        } else {
            10
        };
        if (-4..limit).contains(&exponent) {
            return self.rounded(MOST).to_string();
        }
        let sign = if negative { "-" } else { "" };
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        let exponent = exponent.abs();
        format!("{sign}{first}{dot}{rest}e{exponent_sign}{exponent:02}")
    }
}

impl fmt::Display for Digits {
    /// The digits with the point where it belongs, and zeros up to it; never with an exponent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = &self.digits;
        if digits.is_empty() {
            return f.write_str("0");
        }
        if self.negative {
            f.write_str("-")?;
        }
        let zeros = |number: i64| "0".repeat(usize::try_from(number).unwrap_or(0));
        let count = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        if self.point <= 0 {
            write!(f, "0.{}{digits}", zeros(-self.point))
        } else if self.point >= count {
            write!(f, "{digits}{}", zeros(self.point - count))
        } else {
            let (whole, fraction) = digits.split_at(usize::try_from(self.point).unwrap_or(0));
            write!(f, "{whole}.{fraction}")
        }
    }
}

/// Decimal digits without zeros at the end, and where the point stands.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// The digits of `significand * 2^exponent`.
    fn of(significand: &BigUint, exponent: i64) -> Self {
        let size = exponent.unsigned_abs();
        let (scaled, places) = if exponent >= 0 {
            (significand << size, 0)
        } else {
            // m / 2^n is m * 5^n / 10^n; the twos that m has are taken out first.
            let twos = significand.trailing_zeros().unwrap_or(0).min(size);
            let places = size - twos;
            let power = BigUint::from(5_u32).pow(u32::try_from(places).unwrap_or(u32::MAX));
            ((significand >> twos) * power, places)
        };
        let mut digits = scaled.to_radix_be(10);
        let point = i64::try_from(digits.len()).unwrap_or(i64::MAX)
            - i64::try_from(places).unwrap_or(i64::MAX);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        Decimal { digits, point }
    }

    fn at(&self, index: usize) -> u8 {
        self.digits.get(index).copied().unwrap_or(0)
    }

    fn text(&self) -> String {
        let characters = self.digits.iter().map(|digit| char::from(b'0' + digit));
        characters.collect()
    }
}
