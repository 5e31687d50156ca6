//! The `haechi` binary.

use std::process::ExitCode;

/// Small, fast, and sparing with memory where password hashes come and go.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    haechi::cli::run()
}
