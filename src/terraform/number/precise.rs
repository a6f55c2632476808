//! A number and its precision.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use num_bigint::BigUint;

use super::digits::Digits;
use super::float::Float;
use crate::terraform::value::Failure;

/// The precision of a number that is written, in bits.
pub(super) const WRITTEN: u16 = 512;
/// The precision of a number that is counted, in bits.
pub(super) const COUNTED: u16 = 64;
/// The precision of a number that went through the machine's floating point, in bits.
pub(super) const MACHINE: u16 = 53;
/// The largest binary exponent, in either direction, of numbers that are worked with here: enough for
/// numbers of 4,900 digits. Terraform goes on to two thousand million, and to rendering every digit.
pub(super) const MAX_EXPONENT: i64 = 16_384;
/// The most characters that a text can have and be read as a number.
pub(super) const MAX_WRITTEN: usize = 16_384;

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
        Number::small(number, COUNTED)
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
        // Terraform works this out at the dividend's precision, the quotient included.
        let precision = self.precision;
        let quotient = self.divide(other)?.truncate().float();
        let product = quotient
            .round(usize::from(precision))
            .times(&other.float())
            .round(usize::from(precision));
        Number::rounded(self.float().plus(&product.negated()), precision)
    }

    /// The number with its sign turned.
    #[must_use]
    pub fn negate(&self) -> Number {
        match &self.repr {
            Repr::Small(number) => Number::small(-number, self.precision),
            Repr::Float(float) => Number::exact(Float::clone(float).negated(), self.precision),
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

    /// The fewest digits that give this number again at its precision.
    #[must_use]
    pub fn shortest_digits(&self) -> Digits {
        Digits::shortest(&self.float(), self.precision)
    }

    /// All of its digits.
    #[must_use]
    pub fn exact_digits(&self) -> Digits {
        Digits::exact(&self.float())
    }

    /// The number with up to ten significant digits, with an exponent where it is very large or small.
    /// Terraform sorts compound elements of sets by it.
    #[must_use]
    pub fn short(&self) -> String {
        self.shortest_digits().short()
    }

    /// The digits of a whole number in a base up to 36, without its sign. `None` where it is not whole.
    #[must_use]
    pub fn to_radix(&self, radix: u32) -> Option<String> {
        let float = self.float();
        let shift = u64::try_from(float.exponent).ok()?;
        Some((float.significand << shift).to_str_radix(radix))
    }

    pub(super) fn small(number: i64, precision: u16) -> Number {
        if number == i64::MIN {
            // The one that has no counterpart is never small.
            let float = Float {
                negative: true,
                significand: BigUint::from(number.unsigned_abs()),
                exponent: 0,
            };
            return Number::exact(float, precision);
        }
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

    pub(super) fn rounded(float: Float, precision: u16) -> Result<Number, Failure> {
        let float = float.round(usize::from(precision));
        let top = float.exponent.saturating_add(float.bits());
        if float.significand != BigUint::ZERO && top.abs() > MAX_EXPONENT {
            return Err(out_of_bounds());
        }
        Ok(Number::exact(float, precision))
    }
}

impl fmt::Display for Number {
    /// The fewest digits that give this number again, never with an exponent: what Terraform prints,
    /// and what it makes of a number in a string or in JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.repr {
            Repr::Small(number) if self.precision >= COUNTED => write!(f, "{number}"),
            _ => write!(f, "{}", self.shortest_digits()),
        }
    }
}

pub(super) fn out_of_bounds() -> Failure {
    Failure::new("the number is too large or too small to work with here")
}
