//! Programs that others wrote, or would: relying parties and resource servers, against the real binary over real HTTP.
//!
//! What they need is installed by `scripts/test`; where it is missing the test is skipped, or fails if skipping is not allowed.

use std::path::PathBuf;
use std::process::Command;

use crate::support::servers::found;

mod assertions;
mod declared_schema;
mod examples;
mod openidconnect;
mod passkey_vectors;
mod passkeys;
mod printed;
mod readme;
mod recipes;
mod relying_parties;
mod schemathesis;
pub mod server;

/// A password that the rules accept.
pub const PASSWORD: &str = "tall bridge over quiet water";

/// A path in the repository.
fn path(of: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(of)
}

/// `node`, for a folder whose packages are installed.
pub fn node(folder: &str) -> Option<Command> {
    let installed = path(folder).join("node_modules").exists().then(|| Command::new("node"));
    found(installed, &format!("npm ci in {folder}"))
}

/// The Python that has the packages of the requirements files.
pub fn python() -> Option<Command> {
    let python = path("target/python/bin/python");
    found(python.exists().then(|| Command::new(python)), "target/python, the virtual environment for the tests,")
}

/// What `scripts/foreign` builds, where that is too heavy for every run of the tests: missed only there.
fn built(of: &str) -> Option<PathBuf> {
    let built = Some(path(of)).filter(|path| path.exists());
    let needed = std::env::var_os("HAECHI_FOREIGN").is_some_and(|which| which == "all");
    assert!(built.is_some() || !needed, "{of} is not built: scripts/foreign does that");
    if built.is_none() {
        eprintln!("skipped: scripts/foreign builds {of}");
    }
    built
}

/// A program of the system.
fn installed(at: &str) -> Option<PathBuf> {
    found(Some(PathBuf::from(at)).filter(|path| path.exists()), at)
}
