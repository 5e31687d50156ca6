//! The `haechi` binary.

fn main() {}
