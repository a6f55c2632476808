//! Writes plan files: zip archives, and the fields of a plan.

#![allow(dead_code)]

/// A zip archive with these files, not compressed.
pub(crate) fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes) in files {
        let start = archive.len() as u32;
        let length = bytes.len() as u32;
        let mut shared = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        shared.extend(checksum(bytes).to_le_bytes());
        shared.extend(length.to_le_bytes());
        shared.extend(length.to_le_bytes());
        shared.extend((name.len() as u16).to_le_bytes());
        shared.extend([0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&shared);
        archive.extend(name.as_bytes());
        archive.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&shared);
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = archive.len() as u32;
    let count = (files.len() as u16).to_le_bytes();
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(count);
    archive.extend(count);
    archive.extend((directory.len() as u32).to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0, 0]);
    archive
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                (sum >> 1) ^ 0xedb8_8320
            } else {
                sum >> 1
            };
        }
    }
    !sum
}

/// A field that is a number.
pub(crate) fn number(field: u64, number: u64) -> Vec<u8> {
    let mut bytes = varint(field << 3);
    bytes.extend(varint(number));
    bytes
}

/// A field that is text, bytes, or a message.
pub(crate) fn bytes(field: u64, content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut bytes = varint(field << 3 | 2);
    bytes.extend(varint(content.as_ref().len() as u64));
    bytes.extend(content.as_ref());
    bytes
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// The start of a plan by a version of Terraform: complete, and with nothing in it.
pub(crate) fn plan(version: &str) -> Vec<u8> {
    [number(1, 3), bytes(14, version), number(26, 1)].concat()
}

/// The smallest state.
pub(crate) const STATE: &[u8] = br#"{"version":4,"resources":[]}"#;

/// A plan file with this plan.
pub(crate) fn plan_file(plan: &[u8]) -> Vec<u8> {
    archive(&[("tfplan", plan), ("tfstate", STATE)])
}
