//! Keys, and who may read the files that hold secrets.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::Finding;
use crate::app::App;
use crate::config::Config;
use crate::keys::kek::FILE_NAME;

fn key_file(config: &Config) -> PathBuf {
    config.keys.folder.join(FILE_NAME)
}

/// Whether there is a key-encryption key.
pub(super) fn is_there(config: &Config) -> bool {
    config.keys.key_encryption_key.is_some() || key_file(config).exists()
}

/// Looks at the key-encryption key and the files around it.
pub(super) fn look(config: &Config) -> Vec<Finding> {
    let mut findings = vec![key_encryption_key(config)];
    let tls_key = config.server.tls_key.clone().map(|file| ("tls key", file));
    let sqlite = config.database.url.strip_prefix("sqlite:").map(|path| ("database", PathBuf::from(path)));
    let exposed = [tls_key, sqlite].into_iter().flatten().filter_map(|(what, file)| exposed(what, &file));
    findings.extend(exposed);
    findings
}

fn key_encryption_key(config: &Config) -> Finding {
    let about = "keys";
    if config.keys.key_encryption_key.is_some() {
        return Finding::ok(about, "the key-encryption key comes from the settings");
    }
    let file = key_file(config);
    if !file.exists() {
        let found = format!("{} is not there yet", file.display());
        return Finding::warn(
            about,
            found,
            "start `haechi`, which makes it, or check that you are in the server's folder",
        );
    }
    if let Some(exposed) = exposed(about, &file) {
        return Finding { state: super::State::Fail, ..exposed };
    }
    Finding::ok(about, format!("{} is for its owner only; keep a copy elsewhere", file.display()))
}

/// A file that others than its owner may read.
fn exposed(about: &'static str, file: &Path) -> Option<Finding> {
    let mode = std::fs::metadata(file).ok()?.permissions().mode() & 0o777;
    let found = || format!("{} can be read by others (mode {mode:o})", file.display());
    (mode & 0o077 != 0).then(|| Finding::warn(about, found(), format!("chmod 600 {}", file.display())))
}

/// Whether the signing keys can be opened, sign, and are published.
pub(super) fn signing_keys(app: &App) -> Finding {
    let about = "signing";
    let wanted = &app.config.keys.algorithms;
    let missing: Vec<_> = wanted.iter().filter(|alg| !app.keys.has(**alg)).map(|alg| alg.as_str()).collect();
    match app.keys.self_check() {
        Err(error) => {
            Finding::fail(about, error.to_string(), "see that the key-encryption key is the one the server began with")
        }
        Ok(()) if !missing.is_empty() => Finding::warn(
            about,
            format!("no key yet for {}", missing.join(", ")),
            "the running server makes it within seconds",
        ),
        Ok(()) => {
            let names: Vec<_> = wanted.iter().map(|alg| alg.as_str()).collect();
            Finding::ok(about, format!("{} sign, and the published keys verify them", names.join(", ")))
        }
    }
}
