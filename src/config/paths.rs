//! Relative paths: those of a configuration file, and the defaults beside it, are relative to the file; one in a variable of the environment is
//! relative to the working directory. So a command means the same files wherever it is run.

use std::path::{Path, PathBuf};

use url::Url;

use super::Config;

/// What every URL of a SQLite file begins with.
const SQLITE: &str = "sqlite:";
/// The parameters of a PostgreSQL URL that name files.
const POSTGRES_FILES: &[&str] = &["sslrootcert", "sslcert", "sslkey"];

impl Config {
    /// Reads every relative path as one from `folder`, except where `stays` says otherwise of the setting.
    pub(super) fn move_paths(&mut self, folder: &Path, stays: impl Fn(&str) -> bool) {
        let optional = [
            ("server.tls_certificate", self.server.tls_certificate.as_mut()),
            ("server.tls_key", self.server.tls_key.as_mut()),
            ("network.outgoing_authorities", self.network.outgoing_authorities.as_mut()),
            ("redis.authorities", self.redis.as_mut().and_then(|redis| redis.authorities.as_mut())),
            ("mail.authorities", self.mail.authorities.as_mut()),
            ("mail.password_file", self.mail.password_file.as_mut()),
            ("mail.folder", self.mail.folder.as_mut()),
            ("passwords.breached", self.passwords.breached.as_mut()),
            ("passkeys.metadata_file", self.passkeys.metadata_file.as_mut()),
            ("keys.folder", Some(&mut self.keys.folder)),
        ];
        for (setting, path) in optional {
            if let Some(path) = path.filter(|_| !stays(setting)) {
                *path = within(folder, path);
            }
        }
        if !stays("database.url") {
            self.database.url = database_within(folder, &self.database.url);
        }
    }
}

/// An absolute path stays as it is.
fn within(folder: &Path, path: &Path) -> PathBuf {
    folder.join(path)
}

/// The database's URL, with what it names of files moved.
fn database_within(folder: &Path, url: &str) -> String {
    if let Some(rest) = url.strip_prefix(SQLITE) {
        let (slashes, rest) = rest.strip_prefix("//").map_or(("", rest), |rest| ("//", rest));
        let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        return format!("{SQLITE}{slashes}{}{query}", within(folder, Path::new(path)).display());
    }
    let Ok(mut parsed) = Url::parse(url) else { return url.to_owned() };
    let pairs: Vec<(String, String)> = parsed.query_pairs().into_owned().collect();
    if !pairs.iter().any(|(name, _)| POSTGRES_FILES.contains(&name.as_str())) {
        return url.to_owned();
    }
    let moved = pairs.into_iter().map(|(name, value)| {
        let is_file = POSTGRES_FILES.contains(&name.as_str());
        let value = if is_file { within(folder, Path::new(&value)).display().to_string() } else { value };
        (name, value)
    });
    let moved: Vec<(String, String)> = moved.collect();
    parsed.query_pairs_mut().clear().extend_pairs(moved);
    parsed.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_within_a_url_moves_and_the_rest_of_it_stays() {
        let folder = Path::new("/etc/haechi");
        for (url, moved) in [
            ("sqlite:haechi.db", "sqlite:/etc/haechi/haechi.db"),
            ("sqlite://data/haechi.db?mode=rwc", "sqlite:///etc/haechi/data/haechi.db?mode=rwc"),
            ("sqlite:/var/lib/haechi.db", "sqlite:/var/lib/haechi.db"),
            ("postgres://u:p%40ss@db/haechi", "postgres://u:p%40ss@db/haechi"),
            (
                "postgres://u:p%40ss@db/haechi?sslrootcert=ca.pem&sslmode=verify-full",
                "postgres://u:p%40ss@db/haechi?sslrootcert=%2Fetc%2Fhaechi%2Fca.pem&sslmode=verify-full",
            ),
        ] {
            assert_eq!(database_within(folder, url), moved);
        }
        assert_eq!(database_within(Path::new(""), "sqlite:haechi.db"), "sqlite:haechi.db");
    }
}
