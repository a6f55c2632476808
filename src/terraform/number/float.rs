//! Binary floating point of any precision.

use std::cmp::Ordering;

use num_bigint::BigUint;

/// `significand * 2^exponent`, the significand odd or zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Float {
    pub(super) negative: bool,
    pub(super) significand: BigUint,
    pub(super) exponent: i64,
}

impl Float {
    pub(super) fn bits(&self) -> i64 {
        i64::try_from(self.significand.bits()).unwrap_or(i64::MAX)
    }

    /// The same number with an odd significand; zero without sign.
    pub(super) fn normal(mut self) -> Self {
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
    pub(super) fn round(self, precision: usize) -> Self {
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

    pub(super) fn negated(mut self) -> Self {
        self.negative = !self.negative && self.significand != BigUint::ZERO;
        self
    }

    /// Both significands at the lesser exponent.
    pub(super) fn aligned(&self, other: &Self) -> (BigUint, BigUint, i64) {
        let exponent = self.exponent.min(other.exponent);
        let shifted =
            |float: &Float| &float.significand << (float.exponent - exponent).unsigned_abs();
        (shifted(self), shifted(other), exponent)
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
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

    pub(super) fn times(&self, other: &Self) -> Self {
        Float {
            negative: self.negative != other.negative,
            significand: &self.significand * &other.significand,
            exponent: self.exponent + other.exponent,
        }
        .normal()
    }

    /// The quotient with a few bits more than asked for, the last of which says whether any are cut off.
    pub(super) fn over(&self, divisor: &Self, precision: usize) -> Self {
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

    pub(super) fn truncate(&self) -> Self {
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

    pub(super) fn compare(&self, other: &Self) -> Ordering {
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
}
