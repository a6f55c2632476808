//! One-way functions: secrets end here.

use std::fmt::Write as _;

use md5::Md5;
use sha1::{Digest as _, Sha1};
use sha2::{Sha256, Sha512};

use super::base64;
use super::function::Outcome;
use super::signature::Arguments;
use crate::terraform::value::{Failure, Value};

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A hash of bytes.
pub(super) type Hash = fn(&[u8]) -> Vec<u8>;

pub(super) const MD5: Hash = |bytes| Md5::digest(bytes).to_vec();
pub(super) const SHA1: Hash = |bytes| Sha1::digest(bytes).to_vec();
pub(super) const SHA256: Hash = |bytes| Sha256::digest(bytes).to_vec();
pub(super) const SHA512: Hash = |bytes| Sha512::digest(bytes).to_vec();

fn of_text(arguments: &Arguments<'_>, hash: Hash, write: fn(&[u8]) -> String) -> Outcome {
    Ok(Value::from(write(&hash(arguments.text(0).as_bytes()))))
}

pub(super) fn md5(arguments: &Arguments<'_>) -> Outcome {
    of_text(arguments, MD5, hex)
}

pub(super) fn sha1(arguments: &Arguments<'_>) -> Outcome {
    of_text(arguments, SHA1, hex)
}

pub(super) fn sha256(arguments: &Arguments<'_>) -> Outcome {
    of_text(arguments, SHA256, hex)
}

pub(super) fn sha512(arguments: &Arguments<'_>) -> Outcome {
    of_text(arguments, SHA512, hex)
}

pub(super) fn base64sha256(arguments: &Arguments<'_>) -> Outcome {
    of_text(arguments, SHA256, base64::encode)
}

pub(super) fn base64sha512(arguments: &Arguments<'_>) -> Outcome {
    of_text(arguments, SHA512, base64::encode)
}

pub(super) fn uuidv5(arguments: &Arguments<'_>) -> Outcome {
    let namespace = arguments.text(0);
    // The namespaces of RFC 4122, appendix C, differ in one digit.
    let known = |digit: char| format!("6ba7b81{digit}9dad11d180b400c04fd430c8");
    let digits = match &*namespace {
        "dns" => known('0'),
        "url" => known('1'),
        "oid" => known('2'),
        "x500" => known('4'),
        other => uuid_digits(other).ok_or_else(|| {
            Failure::new("a UUID, or one of `dns`, `url`, `oid` and `x500`, is required")
                .in_argument(0)
        })?,
    };
    let mut bytes: Vec<u8> = (0..16)
        .filter_map(|index| u8::from_str_radix(digits.get(index * 2..index * 2 + 2)?, 16).ok())
        .collect();
    bytes.extend_from_slice(arguments.text(1).as_bytes());
    let mut hash = SHA1(&bytes);
    hash.truncate(16);
    hash[6] = hash[6] & 0x0F | 0x50;
    hash[8] = hash[8] & 0x3F | 0x80;
    let hex = hex(&hash);
    Ok(Value::from(format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )))
}

/// The 32 digits of a UUID in any of the ways to write one.
fn uuid_digits(text: &str) -> Option<String> {
    let plain = match text.len() {
        32 => return is_hex(text).then(|| text.to_owned()),
        36 => text,
        38 => text.get(1..37)?,
        45 => text.get(9..).filter(|_| {
            text.get(..9)
                .is_some_and(|p| p.eq_ignore_ascii_case("urn:uuid:"))
        })?,
        _ => return None,
    };
    let groups: Vec<&str> = plain.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let digits = groups.concat();
    (lengths == [8, 4, 4, 4, 12] && is_hex(&digits)).then_some(digits)
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
