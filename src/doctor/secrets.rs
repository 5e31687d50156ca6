//! Keys, and who may read the files that hold secrets.

use std::path::{Path, PathBuf};

use super::{Finding, State, files};
use crate::app::App;
use crate::config::Config;
use crate::i18n::keys::doctor as text;
use crate::i18n::{Said, said};
use crate::keys::KeyError;
use crate::keys::kek::FILE_NAME;
use crate::model::client::SigningAlgorithm;

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
        return Finding::ok(about, text::KEY_OF_SETTINGS);
    }
    let file = key_file(config);
    if file.try_exists().is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied) {
        let found = said(text::KEY_FOLDER_CLOSED).filling("folder", config.keys.folder.display());
        return Finding::fail(about, found, text::KEY_FOLDER_CLOSED_MEND);
    }
    if !file.exists() {
        return key_to_be_made(about, config, &file);
    }
    if let Some(exposed) = exposed(about, &file) {
        return Finding { state: State::Fail, ..exposed };
    }
    let folder = &config.keys.folder;
    if let Some(mode) = files::open_to(folder, 0o022) {
        let found =
            said(text::KEY_FOLDER_OPEN).filling("folder", folder.display()).filling("mode", format!("{mode:o}"));
        return Finding::fail(about, found, format!("chmod 700 {}", folder.display()));
    }
    Finding::ok(about, said(text::KEY_IS_SAFE).filling("file", file.display()))
}

fn key_to_be_made(about: &'static str, config: &Config, file: &Path) -> Finding {
    match files::why_not_made(&config.keys.folder, true) {
        Some(why) => {
            let found = said(text::CANNOT_BE_MADE).filling("place", file.display()).filling_in("why", why);
            Finding::fail(about, found, text::KEY_CANNOT_BE_MADE_MEND)
        }
        None => {
            Finding::warn(about, said(text::NOT_THERE_YET).filling("place", file.display()), text::NOT_THERE_YET_MEND)
        }
    }
}

/// A file that others than its owner may read.
fn exposed(about: &'static str, file: &Path) -> Option<Finding> {
    let mode = files::open_to(file, 0o077).filter(|_| file.is_file())?;
    let found = said(text::READ_BY_OTHERS).filling("file", file.display()).filling("mode", format!("{mode:o}"));
    Some(Finding::warn(about, found, format!("chmod 600 {}", file.display())))
}

/// Whether the signing keys can be opened, sign, and are published.
pub(super) fn signing_keys(app: &App) -> Finding {
    let about = "signing";
    let (signing, others): (Vec<_>, Vec<_>) = app.keys.algorithms().into_iter().partition(|alg| app.keys.has(*alg));
    let waits = |alg: &SigningAlgorithm| {
        let from = app.keys.next_signs_at(*alg)?;
        Some(said(text::SIGNING_WAITS).filling("algorithm", alg.as_str()).filling("when", from))
    };
    let waiting: Vec<_> = others.iter().filter_map(waits).collect();
    let missing: Vec<_> = others.iter().filter(|alg| waits(alg).is_none()).map(|alg| alg.as_str()).collect();
    match app.keys.self_check() {
        Err(KeyError::SelfCheck(algorithm)) => {
            let found = said(text::SIGNING_BROKEN).filling("algorithm", algorithm.as_str());
            Finding::fail(about, found, text::SIGNING_MEND)
        }
        Err(error) => Finding::fail(about, error.to_string(), text::SIGNING_MEND),
        Ok(()) if !missing.is_empty() => Finding::warn(
            about,
            said(text::SIGNING_MISSING).filling("algorithms", missing.join(", ")),
            text::SIGNING_MISSING_MEND,
        ),
        Ok(()) => {
            let names: Vec<_> = signing.iter().map(|alg| alg.as_str()).collect();
            let good = said(text::SIGNING_GOOD).filling("algorithms", names.join(", "));
            Finding::ok(about, Said::list([good].into_iter().chain(waiting).collect()))
        }
    }
}
