//! Room for what a thread makes.

use std::hint::black_box;

/// How much room a thread is given, in bytes. Below what glibc takes at most for one thread's heap, and
/// for a block that is part of a heap.
const ROOM: usize = 24 << 20;

/// Makes room in the heap of this thread, which takes no memory until it is used.
///
/// For every thread but the first, glibc makes the heap larger page by page, with a system call for each:
/// an audit of a large configuration would spend a fifth of its time in them. A block that is taken and
/// given back leaves the heap as large as it was, if blocks of that size are taken from the heap at all;
/// and that they are once the first such block has been given back.
pub(crate) fn make() {
    if cfg!(all(target_os = "linux", target_env = "gnu")) {
        for size in [ROOM, ROOM - (4 << 20)] {
            drop(black_box(Vec::<u8>::with_capacity(size)));
        }
    }
}
