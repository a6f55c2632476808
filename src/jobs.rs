//! How many root modules are audited at once where nobody says.

use std::fs;
use std::num::NonZeroUsize;
use std::thread;

/// What a plan takes of memory: Terraform, and the provider that it starts.
const PLAN: u64 = 600 << 20;

/// As many as there are cores; of plans no more than there is memory for.
pub(crate) fn default(plans: bool) -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    match available_memory() {
        Some(memory) if plans => fitting(memory).min(cores),
        _ => cores,
    }
}

fn fitting(memory: u64) -> usize {
    usize::try_from(memory / PLAN).unwrap_or(usize::MAX).max(1)
}

/// The memory that is there to use, in bytes, where the system says: Linux's, within the limit of a control group.
fn available_memory() -> Option<u64> {
    let free = available(&fs::read_to_string("/proc/meminfo").ok()?)?;
    let group = |name: &str| {
        let text = fs::read_to_string(format!("/sys/fs/cgroup/memory.{name}")).ok()?;
        text.trim().parse::<u64>().ok()
    };
    let left = group("max").map(|most| most.saturating_sub(group("current").unwrap_or(0)));
    Some(left.map_or(free, |left| left.min(free)))
}

/// `MemAvailable` in `/proc/meminfo`, which counts in KiB.
fn available(meminfo: &str) -> Option<u64> {
    let mut lines = meminfo.lines();
    let value = lines.find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = value.split_whitespace().next()?.parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_linux_prints_it() {
        let text = "MemTotal:       32863996 kB\nMemFree:  1 kB\nMemAvailable:    1843200 kB\n";
        assert_eq!(available(text), Some(1800 << 20));
        assert_eq!(available("MemTotal: 1 kB\n"), None);
        assert_eq!(available("MemAvailable: 99999999999999999999 kB\n"), None);
    }

    #[test]
    fn there_is_always_room_for_one() {
        assert_eq!(fitting(0), 1);
        assert_eq!(fitting(1800 << 20), 3);
        assert!(default(true) >= 1 && default(true) <= default(false));
    }
}
