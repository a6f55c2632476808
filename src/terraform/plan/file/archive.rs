//! The zip archive that a plan file is: as much of the format as Terraform writes.

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{Context as _, Result, bail, ensure};
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// The most files that an archive may have.
const MOST_ENTRIES: usize = 20_000;
/// How many bytes the files may have in all, whatever the size of the archive.
const ALWAYS: u64 = 64 << 20;
/// How much larger than the archive the files may be past that.
const RATIO: u64 = 64;
/// The most bytes that the files may have in all.
const MOST_BYTES: u64 = 1 << 30;

/// The size of a file's header, of its entry in the directory, and of the end of the directory, without
/// what is of variable length.
const LOCAL: usize = 30;
const CENTRAL: usize = 46;
const END: usize = 22;

/// An archive, whose files are inflated when they are asked for.
#[derive(Debug, Default)]
pub(in crate::terraform::plan) struct Archive {
    bytes: Vec<u8>,
    entries: BTreeMap<String, Entry>,
}

/// A file in an archive.
#[derive(Clone, Debug)]
struct Entry {
    data: Range<usize>,
    size: usize,
    checksum: u32,
    deflated: bool,
}

impl Archive {
    /// Reads the directory of an archive.
    ///
    /// # Errors
    /// It is not a zip archive, is cut short or damaged, or is one that Terraform does not write:
    /// encrypted, in parts, with overlapping files or names that lead out of it, or too large.
    pub(in crate::terraform::plan) fn read(bytes: Vec<u8>) -> Result<Self> {
        let end = end_of_directory(&bytes).context("it is cut short: a zip archive has an end")?;
        let count = usize::from(word(&bytes, end + 10)?);
        let size = index(double(&bytes, end + 12)?);
        let start = index(double(&bytes, end + 16)?);
        let one_part = word(&bytes, end + 4)? == 0 && word(&bytes, end + 6)? == 0;
        ensure!(one_part, "it is a part of an archive");
        let large = count == 0xffff || start == 0xffff_ffff;
        ensure!(!large, "it is a zip archive of a kind that no plan is");
        ensure!(count <= MOST_ENTRIES, "it has too many files");
        ensure!(
            start.checked_add(size) == Some(end),
            "its directory is damaged"
        );

        let mut entries = BTreeMap::new();
        let mut ranges = Vec::new();
        let mut total = 0_u64;
        let mut at = start;
        for _ in 0..count {
            let (name, entry, whole, length) = entry(&bytes, at, start)?;
            total += entry.size as u64;
            ranges.push(whole);
            ensure!(entries.insert(name, entry).is_none(), "it has a file twice");
            at += length;
        }
        ensure!(at == end, "its directory is damaged");
        let most = MOST_BYTES.min(ALWAYS + RATIO * bytes.len() as u64);
        ensure!(total <= most, "its files are too large");
        ranges.sort_by_key(|range| range.start);
        let apart = ranges.windows(2).all(|pair| pair[0].end <= pair[1].start);
        ensure!(apart, "its files overlap");
        Ok(Archive { bytes, entries })
    }

    /// The names of the files.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The bytes of a file; `None` where there is no such file.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn file(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some(entry) = self.entries.get(name) else {
            return Ok(None);
        };
        let data = &self.bytes[entry.data.clone()];
        let inflated = if entry.deflated {
            decompress_to_vec_with_limit(data, entry.size).ok()
        } else {
            Some(data.to_vec())
        };
        let whole =
            inflated.filter(|bytes| bytes.len() == entry.size && checksum(bytes) == entry.checksum);
        whole.context("a file in it is damaged").map(Some)
    }
}

/// Finds the end of the directory: the last record whose comment goes to the end of the file.
fn end_of_directory(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last).rev().find(|&at| {
        bytes[at..].starts_with(b"PK\x05\x06")
            && word(bytes, at + 20)
                .is_ok_and(|comment| at + END + usize::from(comment) == bytes.len())
    })
}

/// Reads an entry of the directory: its name, the file, the bytes that the file takes with its header, and
/// the length of the entry itself. Files end before the directory starts.
fn entry(
    bytes: &[u8],
    at: usize,
    directory: usize,
) -> Result<(String, Entry, Range<usize>, usize)> {
    let signed = bytes
        .get(at..)
        .is_some_and(|rest| rest.starts_with(b"PK\x01\x02"));
    ensure!(signed, "its directory is damaged");
    let flags = word(bytes, at + 8)?;
    let method = word(bytes, at + 10)?;
    let packed = index(double(bytes, at + 20)?);
    let size = index(double(bytes, at + 24)?);
    let named = usize::from(word(bytes, at + 28)?);
    let more = usize::from(word(bytes, at + 30)?) + usize::from(word(bytes, at + 32)?);
    let header = index(double(bytes, at + 42)?);
    let raw = bytes.get(at + CENTRAL..at + CENTRAL + named);
    let name = raw.and_then(|raw| std::str::from_utf8(raw).ok());
    let name = name.context("a file in it has a name that is not text")?;
    ensure!(
        stays_inside(name),
        "a file in it has a name that leads out of it"
    );
    ensure!(flags & 0x41 == 0, "a file in it is encrypted");
    let deflated = match method {
        0 => false,
        8 => true,
        _ => bail!("a file in it is compressed as no plan is"),
    };

    let local = bytes.get(header..).unwrap_or_default();
    let fits = local.starts_with(b"PK\x03\x04")
        && word(local, 8)? == method
        && usize::from(word(local, 26)?) == named
        && local.get(LOCAL..LOCAL + named) == raw;
    ensure!(fits, "its directory does not fit its files");
    let start = header + LOCAL + named + usize::from(word(local, 28)?);
    let end = start.checked_add(packed).filter(|&end| end <= directory);
    let end = end.context("its directory does not fit its files")?;
    ensure!(
        deflated || packed == size,
        "its directory does not fit its files"
    );
    let entry = Entry {
        data: start..end,
        size,
        checksum: double(bytes, at + 16)?,
        deflated,
    };
    Ok((name.to_owned(), entry, header..end, CENTRAL + named + more))
}

fn stays_inside(name: &str) -> bool {
    let strange = |c: char| c == '\\' || c == ':' || c.is_control();
    !name.starts_with('/') && !name.contains(strange) && name.split('/').all(|part| part != "..")
}

fn word(bytes: &[u8], at: usize) -> Result<u16> {
    let found = bytes.get(at..).and_then(<[u8]>::first_chunk);
    Ok(u16::from_le_bytes(*found.context("it is cut short")?))
}

fn double(bytes: &[u8], at: usize) -> Result<u32> {
    let found = bytes.get(at..).and_then(<[u8]>::first_chunk);
    Ok(u32::from_le_bytes(*found.context("it is cut short")?))
}

fn index(number: u32) -> usize {
    // On a machine that cannot count so far, nothing lies there.
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The checksum that zip keeps of a file: CRC-32 with the polynomial of IEEE 802.3.
fn checksum(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    let step = |sum: u32, byte: &u8| TABLE[usize::from((sum as u8) ^ byte)] ^ (sum >> 8);
    !bytes.iter().fold(u32::MAX, step)
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 {
                (sum >> 1) ^ 0xedb8_8320
            } else {
                sum >> 1
            };
            bit += 1;
        }
        table[byte] = sum;
        byte += 1;
    }
    table
}
