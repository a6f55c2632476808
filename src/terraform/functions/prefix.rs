//! Address prefixes: what the `cidr*` functions compute with, IPv4 and IPv6 alike.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use num_bigint::BigInt;

/// The protocol that an address is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    V4,
    V6,
}

/// An address prefix: `10.0.0.0/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prefix {
    pub(super) protocol: Protocol,
    /// The first address; its bits past the length are zero.
    address: u128,
    pub(super) length: u32,
}

impl Protocol {
    fn bits(self) -> u32 {
        match self {
            Protocol::V4 => 32,
            Protocol::V6 => 128,
        }
    }

    /// Writes an address.
    fn write(self, address: u128) -> String {
        match (self, u32::try_from(address)) {
            (Protocol::V4, Ok(bits)) => Ipv4Addr::from(bits).to_string(),
            _ => {
                let address = Ipv6Addr::from(address);
                // An IPv4 address in IPv6's clothes is written as what it is.
                match address.to_ipv4_mapped() {
                    Some(mapped) => mapped.to_string(),
                    None => address.to_string(),
                }
            }
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = if self.is_mapped() {
            self.length - 96
        } else {
            self.length
        };
        write!(f, "{}/{length}", self.protocol.write(self.address))
    }
}

/// The number of addresses under `bits` bits less one, which is also a mask of them.
fn mask(bits: u32) -> u128 {
    1_u128.checked_shl(bits).map_or(u128::MAX, |n| n - 1)
}

impl Prefix {
    /// Reads a prefix; bits past its length are dropped. Octets may have leading zeros, which do not
    /// make them octal.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            || "invalid CIDR expression: not an address prefix such as `10.0.0.0/16`".to_owned();
        let (address, length) = text.split_once('/').ok_or_else(wrong)?;
        let (protocol, address) = match parse_v4(address) {
            Some(address) => (Protocol::V4, u128::from(address)),
            None => (Protocol::V6, parse_v6(address).ok_or_else(wrong)?),
        };
        let length = decimal(length)
            .filter(|&n| n <= protocol.bits())
            .ok_or_else(wrong)?;
        Ok(Prefix {
            protocol,
            address: address & !mask(protocol.bits() - length),
            length,
        })
    }

    /// The address with this number in the prefix; a negative one counts from the end.
    pub(super) fn host(self, number: i128) -> Result<String, String> {
        let most = mask(self.protocol.bits() - self.length);
        let index = match u128::try_from(number) {
            Ok(number) => Some(number).filter(|&n| n <= most),
            Err(_) => most.checked_sub(number.unsigned_abs() - 1),
        };
        let Some(index) = index else {
            return Err(format!(
                "a prefix of {} bits has no host numbered {number}",
                self.length
            ));
        };
        Ok(self.protocol.write(self.address | index))
    }

    /// The subnet with this number among those that are longer by so many bits.
    pub(super) fn subnet(self, bits: u32, number: u128) -> Result<Self, String> {
        let length = self.length + bits;
        if length > self.protocol.bits() {
            return Err(format!(
                "a prefix of {} bits has no room for {bits} more",
                self.length
            ));
        }
        if number > mask(bits) {
            return Err(format!("{bits} bits have no subnet numbered {number}"));
        }
        let shift = self.protocol.bits() - length;
        Ok(Prefix {
            protocol: self.protocol,
            address: self.address | number.checked_shl(shift).unwrap_or(0),
            length,
        })
    }

    /// Whether it is of IPv4 addresses in IPv6's clothes, with which Terraform computes in its own ways.
    pub(super) fn is_mapped(self) -> bool {
        self.protocol == Protocol::V6 && self.length >= 96 && self.address >> 32 == 0xFFFF
    }

    /// The subnet of a negative number, or of fewer bits: the number's bits, as two's complement has them,
    /// are put in where the subnet's number stands, and of what comes out the sign is dropped.
    pub(super) fn elsewhere(self, bits: i64, number: i128) -> Option<String> {
        let length = u32::try_from(i64::from(self.length).checked_add(bits)?).ok()?;
        let shift = self.protocol.bits().checked_sub(length)?;
        let put = BigInt::from(number) << shift | BigInt::from(self.address);
        let address = u128::try_from(put.magnitude()).ok()?;
        let fits = address >> 1 >> (self.protocol.bits() - 1) == 0;
        fits.then(|| format!("{}/{length}", self.protocol.write(address)))
    }

    /// The netmask, which only IPv4 has.
    pub(super) fn netmask(self) -> Result<String, String> {
        match self.protocol {
            Protocol::V4 => Ok(Protocol::V4.write(mask(32) & !mask(32 - self.length))),
            Protocol::V6 => Err("an IPv6 prefix has no netmask".to_owned()),
        }
    }

    /// Subnets that follow each other, each longer than the prefix by so many bits.
    pub(super) fn subnets(self, bits: &[u32]) -> Result<Vec<Self>, (usize, String)> {
        // Terraform looks for what comes after the subnet before the first, and there is none.
        if self.address == 0 && !bits.is_empty() {
            let why = "subnets of a prefix that begins at the lowest address are not counted out";
            return Err((0, why.to_owned()));
        }
        let last = self.address | mask(self.protocol.bits() - self.length);
        // The first address that is not given out; `None` once there is none.
        let mut free = Some(self.address);
        let mut subnets = Vec::with_capacity(bits.len());
        for (index, &more) in bits.iter().enumerate() {
            let length = self.length + more;
            let wrong = |what: &str| Err((index, what.to_owned()));
            match more {
                0 => return wrong("a subnet must be longer than its prefix by at least one bit"),
                33.. => {
                    return wrong(
                        "a subnet may not be longer than its prefix by more than 32 bits",
                    );
                }
                _ if length > self.protocol.bits() => {
                    return wrong("the subnet's prefix would be too long for an address");
                }
                _ => {}
            }
            let size = mask(self.protocol.bits() - length);
            let start = free
                .and_then(|free| free.checked_add(size))
                .map(|end| end & !size)
                .filter(|start| start | size <= last);
            let Some(start) = start else {
                return wrong("not enough address space is left for the subnet");
            };
            free = (start | size).checked_add(1);
            subnets.push(Prefix {
                protocol: self.protocol,
                address: start,
                length,
            });
        }
        Ok(subnets)
    }
}

fn decimal(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|&n| digits && n < 0xFF_FFFF)
}

fn parse_v4(text: &str) -> Option<u32> {
    let mut address = 0;
    let mut octets = text.split('.');
    for _ in 0..4 {
        let octet = decimal(octets.next()?).filter(|&n| n < 256)?;
        address = address << 8 | octet;
    }
    octets.next().is_none().then_some(address)
}

fn parse_v6(text: &str) -> Option<u128> {
    if let Some((left, right)) = text.split_once("::") {
        let (left, left_count) = groups(left, Tail::Groups)?;
        let (right, right_count) = groups(right, Tail::MayBeV4)?;
        // The gap stands for one group at least.
        if left_count + right_count > 7 {
            return None;
        }
        return Some(left.checked_shl(16 * (8 - left_count)).unwrap_or(0) | right);
    }
    let (address, count) = groups(text, Tail::MayBeV4)?;
    (count == 8).then_some(address)
}

/// What the last group may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    Groups,
    MayBeV4,
}

/// Reads groups of an IPv6 address: their bits and their number.
fn groups(text: &str, tail: Tail) -> Option<(u128, u32)> {
    if text.is_empty() {
        return Some((0, 0));
    }
    let (mut address, mut count) = (0_u128, 0);
    let mut parts = text.split(':').peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        let (bits, width) = match parse_v4(part) {
            Some(v4) if last && tail == Tail::MayBeV4 && part.contains('.') => (u128::from(v4), 2),
            _ => {
                let hex = !part.is_empty() && part.bytes().all(|b| b.is_ascii_hexdigit());
                let group = u128::from_str_radix(part, 16).ok();
                (group.filter(|&g| hex && g <= 0xFFFF)?, 1)
            }
        };
        address = address.checked_shl(16 * width)? | bits;
        count += width;
        if count > 8 {
            return None;
        }
    }
    Some((address, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(text: &str) -> Prefix {
        Prefix::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    #[test]
    fn prefixes_are_read_and_written() {
        for (text, written) in [
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("010.001.0.0/16", "10.1.0.0/16"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:db8::1/64", "2001:db8::/64"),
            ("::/0", "::/0"),
            ("1:2:3:4:5:6:7:8/128", "1:2:3:4:5:6:7:8/128"),
            ("64:ff9b::1.2.3.4/128", "64:ff9b::102:304/128"),
            ("1::/16", "1::/16"),
        ] {
            assert_eq!(prefix(text).to_string(), written);
        }
        for text in [
            "",
            "10.0.0.0",
            "10.0.0/8",
            "10.0.0.256/8",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "1::2::3/64",
            "1:2:3:4:5:6:7/64",
            "::1:2:3:4:5:6:7:8/64",
            "g::/64",
            "::/129",
            ":1::/16",
        ] {
            assert!(Prefix::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn hosts_and_subnets_are_counted() {
        assert_eq!(prefix("10.0.0.0/24").host(5).as_deref(), Ok("10.0.0.5"));
        assert_eq!(prefix("10.0.0.0/24").host(-1).as_deref(), Ok("10.0.0.255"));
        assert!(prefix("10.0.0.0/24").host(256).is_err());
        assert!(prefix("10.0.0.0/24").host(-257).is_err());
        let v6 = prefix("fd00::/8").host(i128::MAX);
        assert!(v6.is_err(), "{v6:?}");
        let subnet = |text: &str, bits, number| {
            prefix(text)
                .subnet(bits, number)
                .map(|subnet| subnet.to_string())
        };
        assert_eq!(subnet("10.0.0.0/16", 8, 3).as_deref(), Ok("10.0.3.0/24"));
        assert_eq!(
            subnet("fd00::/48", 16, 65535).as_deref(),
            Ok("fd00:0:0:ffff::/64")
        );
        assert!(subnet("10.0.0.0/30", 3, 0).is_err());
        assert!(subnet("10.0.0.0/16", 1, 2).is_err());
    }

    #[test]
    fn subnets_follow_each_other() {
        let subnets = prefix("10.0.0.0/16").subnets(&[8, 4, 8]).expect("room");
        let written: Vec<String> = subnets.iter().map(Prefix::to_string).collect();
        assert_eq!(written, ["10.0.0.0/24", "10.0.16.0/20", "10.0.32.0/24"]);
        assert_eq!(
            prefix("10.0.0.0/31").subnets(&[1, 1, 1]).map_err(|e| e.0),
            Err(2)
        );
        assert_eq!(
            prefix("255.255.255.254/31")
                .subnets(&[1, 1, 1])
                .map_err(|e| e.0),
            Err(2)
        );
    }
}
