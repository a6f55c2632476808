//! This repository's development commands.

fn main() {}
