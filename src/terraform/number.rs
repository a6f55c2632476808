//! Numbers as Terraform has them: binary floating point with a significand of up to 512 bits.
//!
//! Each number has a precision of its own, as in Terraform: a number that is written has 512 bits, one
//! that a function counts has 64, one that went through the machine's floating point has 53. It shows
//! where a result is rounded or rendered, so it is kept.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use num_bigint::BigUint;

use super::value::Failure;

/// The precision of a number that is written, in bits.
const WRITTEN: u16 = 512;
/// The precision of a number that is counted, in bits.
const COUNTED: u16 = 64;
/// The precision of a number that went through the machine's floating point, in bits.
const MACHINE: u16 = 53;
/// The largest binary exponent, in either direction, of numbers that are worked with here: enough for
/// numbers of 4,900 digits. Terraform goes on to two thousand million, and to rendering every digit.
const MAX_EXPONENT: i64 = 16_384;
/// The most characters that a text can have and be read as a number.
const MAX_WRITTEN: usize = 16_384;

/// A number.
#[derive(Clone, Debug)]
pub struct Number {
    repr: Repr,
    precision: u16,
}

/// Whole numbers that fit are always `Small`, so equal numbers have equal representations.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Repr {
    Small(i64),
    Float(Arc<Float>),
}

/// `significand * 2^exponent`, the significand odd or zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Float {
    negative: bool,
    significand: BigUint,
    exponent: i64,
}

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
    /// The first digits, rounded to the nearest, a half to the even.
    #[must_use]
    pub fn rounded(&self, most: usize) -> Self {
        let (digits, point) = round_digits(self.digits.clone(), self.point, most);
        Digits {
            negative: self.negative,
            digits,
            point,
        }
    }
}

impl Default for Number {
    fn default() -> Self {
        Number::from(0_i64)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.repr == other.repr
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.repr, &other.repr) {
            (Repr::Small(one), Repr::Small(another)) => one.cmp(another),
            _ => self.float().compare(&other.float()),
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Number {
            repr: Repr::Small(number),
            precision: COUNTED,
        }
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        let float = Float {
            significand: BigUint::from(number),
            ..Float::default()
        };
        Number::rounded(float, COUNTED).unwrap_or_default()
    }
}

impl From<usize> for Number {
    fn from(number: usize) -> Self {
        Number::from(number as u64)
    }
}

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
            return Ok(Number {
                repr: Repr::Small(if negative { -small } else { small }),
                precision: WRITTEN,
            });
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
            return Ok(Number {
                repr: Repr::Small(0),
                precision: WRITTEN,
            });
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

    /// The nearest number that the machine's floating point has; infinite past its range.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        // The shortest text that gives this number gives the same machine number.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The number as a whole number, where it is one and fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match self.repr {
            Repr::Small(number) => Some(number),
            Repr::Float(_) => None,
        }
    }

    /// The number as a count, where it is a whole number, not negative, and fits.
    #[must_use]
    pub fn to_usize(&self) -> Option<usize> {
        usize::try_from(self.to_i64()?).ok()
    }

    /// Whether it is a whole number.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        match &self.repr {
            Repr::Small(_) => true,
            Repr::Float(float) => float.exponent >= 0,
        }
    }

    /// Whether it is less than zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.repr {
            Repr::Small(number) => *number < 0,
            Repr::Float(float) => float.negative,
        }
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.repr == Repr::Small(0)
    }

    /// The sum.
    ///
    /// # Errors
    /// Where the result is past the bounds.
    pub fn add(&self, other: &Number) -> Result<Number, Failure> {
        let precision = self.precision.max(other.precision);
        if let (Repr::Small(one), Repr::Small(another)) = (&self.repr, &other.repr)
            && let Some(sum) = one.checked_add(*another)
        {
            return Ok(Number::small(sum, precision));
        }
        Number::rounded(self.float().plus(&other.float()), precision)
    }

    /// The difference.
    ///
    /// # Errors
    /// Where the result is past the bounds.
    pub fn subtract(&self, other: &Number) -> Result<Number, Failure> {
        self.add(&other.negate())
    }

    /// The product.
    ///
    /// # Errors
    /// Where the result is past the bounds.
    pub fn multiply(&self, other: &Number) -> Result<Number, Failure> {
        let precision = self.precision.max(other.precision);
        if let (Repr::Small(one), Repr::Small(another)) = (&self.repr, &other.repr)
            && let Some(product) = one.checked_mul(*another)
        {
            return Ok(Number::small(product, precision));
        }
        // The product is as precise as it needs to be.
        let product = self
            .float()
            .times(&other.float())
            .round(usize::from(WRITTEN));
        let needed = u16::try_from(product.significand.bits()).unwrap_or(WRITTEN);
        Number::rounded(product, precision.max(needed))
    }

    /// The quotient.
    ///
    /// # Errors
    /// Where the divisor is zero, or the result is past the bounds.
    pub fn divide(&self, other: &Number) -> Result<Number, Failure> {
        if other.is_zero() {
            return Err(Failure::new("division by zero"));
        }
        let precision = self.precision.max(other.precision);
        if let (Repr::Small(one), Repr::Small(another)) = (&self.repr, &other.repr)
            && one.checked_rem(*another) == Some(0)
            && let Some(quotient) = one.checked_div(*another)
        {
            return Ok(Number::small(quotient, precision));
        }
        let quotient = self.float().over(&other.float(), usize::from(precision));
        Number::rounded(quotient, precision)
    }

    /// The remainder of a division that is cut to a whole number.
    ///
    /// # Errors
    /// Where the divisor is zero, or a number on the way is past the bounds.
    pub fn remainder(&self, other: &Number) -> Result<Number, Failure> {
        if other.is_zero() {
            return Ok(self.clone());
        }
        if let (Repr::Small(one), Repr::Small(another)) = (&self.repr, &other.repr)
            && let Some(remainder) = one.checked_rem(*another)
        {
            return Ok(Number::small(remainder, self.precision));
        }
        let quotient = self.divide(other)?.truncate();
        // Terraform works this out at the dividend's precision.
        let precision = self.precision.max(other.precision);
        let product = quotient
            .float()
            .times(&other.float())
            .round(usize::from(precision));
        Number::rounded(self.float().plus(&product.negated()), precision)
    }

    /// The number with its sign turned.
    #[must_use]
    pub fn negate(&self) -> Number {
        match &self.repr {
            Repr::Small(number) if *number != i64::MIN => Number::small(-number, self.precision),
            _ => Number::exact(self.float().negated(), self.precision),
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Number {
        if self.is_negative() {
            self.negate()
        } else {
            self.clone()
        }
    }

    /// The number cut to a whole number, towards zero.
    #[must_use]
    pub fn truncate(&self) -> Number {
        match &self.repr {
            Repr::Small(_) => self.clone(),
            Repr::Float(float) => Number::exact(float.truncate(), self.precision),
        }
    }

    /// The greatest whole number that is not greater.
    #[must_use]
    pub fn floor(&self) -> Number {
        let cut = self.truncate();
        if self.is_negative() && !self.is_whole() {
            cut.stepped(-1)
        } else {
            cut
        }
    }

    /// The least whole number that is not less.
    #[must_use]
    pub fn ceil(&self) -> Number {
        let cut = self.truncate();
        if self.is_negative() || self.is_whole() {
            cut
        } else {
            cut.stepped(1)
        }
    }

    fn stepped(&self, step: i64) -> Number {
        let sum = self.float().plus(&Number::from(step).float());
        Number::exact(sum, self.precision)
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

    /// Whether both are the same number of the same precision, so that they also render the same.
    #[must_use]
    pub fn is_identical(&self, other: &Number) -> bool {
        self == other && self.precision == other.precision
    }

    /// The number with up to ten significant digits, with an exponent where it is very large or small.
    /// Terraform sorts compound elements of sets by it.
    #[must_use]
    pub fn short(&self) -> String {
        let (negative, digits, point) = self.decimal();
        let (digits, point) = round_digits(digits, point, 10);
        let sign = if negative { "-" } else { "" };
        if digits.is_empty() {
            return "0".to_owned();
        }
        let count = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let exponent = point - 1;
        let limit = if count < 10 && count >= point {
            count
        } else {
            10
        };
        if exponent < -4 || exponent >= limit {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            let exponent_sign = if exponent < 0 { '-' } else { '+' };
            return format!(
                "{sign}{first}{dot}{rest}e{exponent_sign}{:02}",
                exponent.abs()
            );
        }
        format!("{sign}{}", plain(&digits, point))
    }

    /// The fewest digits that give this number again at its precision.
    #[must_use]
    pub fn shortest_digits(&self) -> Digits {
        let (negative, digits, point) = self.decimal();
        Digits {
            negative,
            digits,
            point,
        }
    }

    /// All of its digits.
    #[must_use]
    pub fn exact_digits(&self) -> Digits {
        let float = self.float();
        let decimal = Decimal::of(&float.significand, float.exponent);
        let digits = decimal.text();
        Digits {
            negative: float.negative,
            point: if digits.is_empty() { 0 } else { decimal.point },
            digits,
        }
    }

    /// The digits of a whole number in a base up to 36, without its sign. `None` where it is not whole.
    #[must_use]
    pub fn to_radix(&self, radix: u32) -> Option<String> {
        let float = self.float();
        let shift = u64::try_from(float.exponent).ok()?;
        Some((float.significand << shift).to_str_radix(radix))
    }

    fn small(number: i64, precision: u16) -> Number {
        Number {
            repr: Repr::Small(number),
            precision,
        }
    }

    fn float(&self) -> Float {
        match &self.repr {
            Repr::Float(float) => (**float).clone(),
            Repr::Small(number) => Float {
                negative: *number < 0,
                significand: BigUint::from(number.unsigned_abs()),
                exponent: 0,
            }
            .normal(),
        }
    }

    /// A number of a float that is within the bounds because it comes from one that is.
    fn exact(float: Float, precision: u16) -> Number {
        let float = float.normal();
        let small = u64::try_from(&float.significand)
            .ok()
            .filter(|_| (0..64).contains(&float.exponent))
            .and_then(|significand| i64::try_from(significand).ok())
            .and_then(|significand| {
                significand.checked_mul(1_i64.checked_shl(u32::try_from(float.exponent).ok()?)?)
            })
            .filter(|number| *number >= 0);
        match small {
            Some(number) => Number::small(if float.negative { -number } else { number }, precision),
            None => Number {
                repr: Repr::Float(Arc::new(float)),
                precision,
            },
        }
    }

    fn rounded(float: Float, precision: u16) -> Result<Number, Failure> {
        let float = float.round(usize::from(precision));
        let top = float.exponent.saturating_add(float.bits());
        if float.significand != BigUint::ZERO && top.abs() > MAX_EXPONENT {
            return Err(out_of_bounds());
        }
        Ok(Number::exact(float, precision))
    }

    /// The sign, the digits without zeros at the end, and where the point stands after the first digit.
    /// They are the fewest digits that give this number again at its precision.
    fn decimal(&self) -> (bool, String, i64) {
        let float = match &self.repr {
            Repr::Small(number) if self.precision >= COUNTED => {
                let digits = number.unsigned_abs().to_string();
                let point = i64::try_from(digits.len()).unwrap_or(i64::MAX);
                let trimmed = digits.trim_end_matches('0').to_owned();
                return (*number < 0, trimmed, point);
            }
            _ => self.float(),
        };
        let (digits, point) = float.shortest(i64::from(self.precision));
        (float.negative, digits, point)
    }
}

impl fmt::Display for Number {
    /// The fewest digits that give this number again, never with an exponent: what Terraform prints,
    /// and what it makes of a number in a string or in JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Repr::Small(number) = self.repr
            && self.precision >= COUNTED
        {
            return write!(f, "{number}");
        }
        let (negative, digits, point) = self.decimal();
        if negative {
            f.write_str("-")?;
        }
        f.write_str(&plain(&digits, point))
    }
}

fn out_of_bounds() -> Failure {
    Failure::new("the number is too large or too small to work with here")
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

/// Digits with the point where it belongs, and zeros up to it.
fn plain(digits: &str, point: i64) -> String {
    if digits.is_empty() {
        return "0".to_owned();
    }
    let count = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let zeros = |number: i64| "0".repeat(usize::try_from(number).unwrap_or(0));
    if point <= 0 {
        format!("0.{}{digits}", zeros(-point))
    } else if point >= count {
        format!("{digits}{}", zeros(point - count))
    } else {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        format!("{whole}.{fraction}")
    }
}

/// Rounds digits to so many, to the nearest, a half to the even.
fn round_digits(digits: String, point: i64, most: usize) -> (String, i64) {
    if digits.len() <= most {
        return (digits, point);
    }
    let mut kept: Vec<u8> = digits.as_bytes()[..most].to_vec();
    let next = digits.as_bytes()[most];
    let half = next == b'5' && digits.len() == most + 1;
    let odd = kept.last().is_some_and(|digit| digit % 2 == 1);
    let mut point = point;
    if next > b'5' || next == b'5' && (!half || odd) {
        while kept.last() == Some(&b'9') {
            kept.pop();
        }
        match kept.last_mut() {
            Some(last) => *last += 1,
            None => {
                kept.push(b'1');
                point += 1;
            }
        }
    }
    let text: String = kept.iter().map(|digit| char::from(*digit)).collect();
    (text.trim_end_matches('0').to_owned(), point)
}

impl Float {
    fn bits(&self) -> i64 {
        i64::try_from(self.significand.bits()).unwrap_or(i64::MAX)
    }

    /// The same number with an odd significand; zero without sign.
    fn normal(mut self) -> Self {
        match self.significand.trailing_zeros() {
            None => Float::default(),
            Some(0) => self,
            Some(zeros) => {
                self.significand >>= zeros;
                self.exponent += i64::try_from(zeros).unwrap_or(i64::MAX);
                self
            }
        }
    }

    /// The nearest number of so many bits, the even one of two that are as near.
    fn round(self, precision: usize) -> Self {
        let precision = precision as u64;
        let bits = self.significand.bits();
        if bits <= precision {
            return self.normal();
        }
        let cut = bits - precision;
        let mut significand = &self.significand >> cut;
        let above_half = self.significand.bit(cut - 1);
        let exactly_half = self.significand.trailing_zeros() == Some(cut - 1);
        if above_half && (!exactly_half || significand.bit(0)) {
            significand += 1_u32;
        }
        Float {
            negative: self.negative,
            significand,
            exponent: self
                .exponent
                .saturating_add(i64::try_from(cut).unwrap_or(i64::MAX)),
        }
        .normal()
    }

    fn negated(mut self) -> Self {
        self.negative = !self.negative && self.significand != BigUint::ZERO;
        self
    }

    /// Both significands at the lesser exponent.
    fn aligned(&self, other: &Self) -> (BigUint, BigUint, i64) {
        let exponent = self.exponent.min(other.exponent);
        let shifted =
            |float: &Float| &float.significand << (float.exponent - exponent).unsigned_abs();
        (shifted(self), shifted(other), exponent)
    }

    fn plus(&self, other: &Self) -> Self {
        if self.significand == BigUint::ZERO {
            return other.clone();
        }
        if other.significand == BigUint::ZERO {
            return self.clone();
        }
        let (one, another, exponent) = self.aligned(other);
        let (negative, significand) = if self.negative == other.negative {
            (self.negative, one + another)
        } else if one >= another {
            (self.negative, one - another)
        } else {
            (other.negative, another - one)
        };
        Float {
            negative,
            significand,
            exponent,
        }
        .normal()
    }

    fn times(&self, other: &Self) -> Self {
        Float {
            negative: self.negative != other.negative,
            significand: &self.significand * &other.significand,
            exponent: self.exponent + other.exponent,
        }
        .normal()
    }

    /// The quotient with a few bits more than asked for, the last of which says whether any are cut off.
    fn over(&self, divisor: &Self, precision: usize) -> Self {
        let wanted = precision as u64 + 4;
        let shift = (wanted + divisor.significand.bits()).saturating_sub(self.significand.bits());
        let dividend = &self.significand << shift;
        let quotient = &dividend / &divisor.significand;
        let inexact = &quotient * &divisor.significand != dividend;
        Float {
            negative: self.negative != divisor.negative,
            significand: (quotient << 1_u32) + u32::from(inexact),
            exponent: self.exponent
                - divisor.exponent
                - i64::try_from(shift).unwrap_or(i64::MAX / 4)
                - 1,
        }
        .normal()
    }

    fn truncate(&self) -> Self {
        if self.exponent >= 0 {
            return self.clone();
        }
        Float {
            negative: self.negative,
            significand: &self.significand >> self.exponent.unsigned_abs(),
            exponent: 0,
        }
        .normal()
    }

    fn compare(&self, other: &Self) -> Ordering {
        let sign = |float: &Float| match (float.significand == BigUint::ZERO, float.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let signs = sign(self).cmp(&sign(other));
        if signs != Ordering::Equal {
            return signs;
        }
        let (one, another, _) = self.aligned(other);
        if self.negative {
            another.cmp(&one)
        } else {
            one.cmp(&another)
        }
    }

    /// The fewest decimal digits that round to this number at a precision, and where the point stands.
    fn shortest(&self, precision: i64) -> (String, i64) {
        if self.significand == BigUint::ZERO {
            return (String::new(), 0);
        }
        // The significand with one bit more than the precision, so that one is half a unit.
        let shift = precision + 1 - self.bits();
        let exponent = self.exponent - shift;
        let middle = if shift >= 0 {
            &self.significand << shift.unsigned_abs()
        } else {
            &self.significand >> shift.unsigned_abs()
        };
        let inclusive = !middle.bit(1);
        let exact = Decimal::of(&middle, exponent);
        let lower = Decimal::of(&(&middle - 1_u32), exponent);
        let upper = Decimal::of(&(&middle + 1_u32), exponent);
        for (index, &digit) in exact.digits.iter().enumerate() {
            let below = lower.at(index);
            let above = upper.at(index);
            let down = below != digit || inclusive && index + 1 == lower.digits.len();
            let up = digit != above
                && (inclusive || digit + 1 < above || index + 1 < upper.digits.len());
            match (down, up) {
                (true, true) => {
                    return round_digits(exact.text(), exact.point, index + 1);
                }
                (true, false) => return exact.cut(index + 1, false),
                (false, true) => return exact.cut(index + 1, true),
                (false, false) => {}
            }
        }
        (exact.text(), exact.point)
    }
}

/// Decimal digits without zeros at the end, and where the point stands.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    fn of(significand: &BigUint, exponent: i64) -> Self {
        let (scaled, places) = if exponent >= 0 {
            (significand << exponent.unsigned_abs(), 0)
        } else {
            // m / 2^n is m * 5^n / 10^n; trailing zeros of m are taken out first.
            let zeros = significand
                .trailing_zeros()
                .unwrap_or(0)
                .min(exponent.unsigned_abs());
            let places = exponent.unsigned_abs() - zeros;
            let power = BigUint::from(5_u32).pow(u32::try_from(places).unwrap_or(u32::MAX));
            ((significand >> zeros) * power, places)
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
        self.digits
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect()
    }

    /// The first digits, the last of them raised or not.
    fn cut(&self, count: usize, raise: bool) -> (String, i64) {
        let mut digits = self.digits[..count.min(self.digits.len())].to_vec();
        let mut point = self.point;
        if raise {
            while digits.last() == Some(&9) {
                digits.pop();
            }
            match digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    digits.push(1);
                    point += 1;
                }
            }
        }
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let text = digits
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect();
        (text, point)
    }
}
