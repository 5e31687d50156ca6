//! Keys, and who may read the files that hold secrets.

use std::path::{Path, PathBuf};

use super::{Finding, files};
use crate::app::App;
use crate::config::Config;
use crate::keys::kek::FILE_NAME;

fn key_file(config: &Config) -> PathBuf {
    config.keys.folder.join(FILE_NAME)
}

/// Whether there is a key-encryption key.
pub fn is_there(config: &Config) -> bool {
    config.keys.key_encryption_key.is_some() || key_file(config).exists()
}

/// Looks at the key-encryption key and the files around it.
pub(super) fn look(config: &Config) -> Vec<Finding> {
    let mut findings = vec![key_encryption_key(config)];
    let tls_key = config.server.tls_key.clone().map(|file| ("tls key", file));
    let sqlite = config.database.file().map(|file| ("database", file));
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
    if file.try_exists().is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied) {
        let found = format!("this user may not look into the folder {}", config.keys.folder.display());
        return Finding::fail(
            about,
            found,
            "run the doctor as the user that runs the server, or chown the folder to it",
        );
    }
    if !file.exists() {
        return key_to_be_made(about, config, &file);
    }
    if let Some(exposed) = exposed(about, &file) {
        return Finding { state: super::State::Fail, ..exposed };
    }
    let folder = &config.keys.folder;
    if let Some(mode) = files::open_to(folder, 0o022) {
        let found = format!("others can put another key into the folder {} (mode {mode:o})", folder.display());
        return Finding::fail(about, found, format!("chmod 700 {}", folder.display()));
    }
    Finding::ok(about, format!("{} is for its owner only; keep a copy elsewhere", file.display()))
}

fn key_to_be_made(about: &'static str, config: &Config, file: &Path) -> Finding {
    match files::why_not_made(&config.keys.folder, true) {
        Some(why) => Finding::fail(
            about,
            format!("{} cannot be made: {why}", file.display()),
            "let keys.folder name a folder that this user may write to, or set keys.key_encryption_key",
        ),
        None => Finding::warn(
            about,
            format!("{} is not there yet", file.display()),
            "start `haechi`, which makes it, or check that you are in the server's folder",
        ),
    }
}

/// A file that others than its owner may read.
fn exposed(about: &'static str, file: &Path) -> Option<Finding> {
    let mode = files::open_to(file, 0o077).filter(|_| file.is_file())?;
    let found = format!("{} can be read by others (mode {mode:o})", file.display());
    Some(Finding::warn(about, found, format!("chmod 600 {}", file.display())))
}

/// Whether the signing keys can be opened, sign, and are published.
pub(super) fn signing_keys(app: &App) -> Finding {
    let about = "signing";
    let wanted = app.keys.algorithms();
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
