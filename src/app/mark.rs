//! The mark beside a SQLite database: the last state that this machine knows to be committed.
//!
//! The database counts a mark up, and only then the file beside it says so. So a database whose mark is lower than the file's lost commits: its
//! WAL was deleted or cut, or an older copy of it was put there. The file says what it knows and decides nothing: a server starts either way.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::database::DatabaseConfig;
use crate::store::ServerIdentity;
use crate::support::Timestamp;

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Noted {
    /// Which database it is about.
    pub(super) instance: String,
    /// Its mark.
    pub(super) mark: u64,
    /// When that was committed.
    pub(super) at: Timestamp,
}

/// What is missing from a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// What was committed after some earlier state, and at the latest at this time.
    Commits {
        /// When the newest state that is known was committed.
        until: Timestamp,
    },
    /// All of it: this is another database than the one that was there.
    Database {
        /// When the newest state that is known of that one was committed.
        until: Timestamp,
    },
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Commits { until } => write!(
                f,
                "commits are missing from the database: a later state of it was acknowledged until {until}. Its WAL was deleted or cut, or \
                 an older copy of it was put there"
            ),
            Self::Database { until } => write!(
                f,
                "the database is another one than that which was there until {until}: that one, or its WAL, was moved or deleted"
            ),
        }
    }
}

/// Where the file is; `None` where the database is on another machine.
pub(super) fn path(config: &DatabaseConfig) -> Option<PathBuf> {
    let mut name = config.file()?.into_os_string();
    name.push("-mark");
    Some(PathBuf::from(name))
}

/// What the file says; `None` where there is none, or none that can be read.
pub(super) fn read(path: &Path) -> Option<Noted> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Puts the file there, whole or not at all.
pub(super) fn write(path: &Path, noted: &Noted) -> std::io::Result<()> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(&serde_json::to_vec(noted)?)?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}

/// What the database lacks of what was noted.
pub(super) fn missing(noted: Option<&Noted>, identity: &ServerIdentity) -> Option<Missing> {
    let noted = noted?;
    let until = noted.at;
    if identity.instance.as_deref() != Some(noted.instance.as_str()) {
        return Some(Missing::Database { until });
    }
    (identity.mark < noted.mark).then_some(Missing::Commits { until })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn noted(mark: u64) -> Noted {
        Noted { instance: "a".to_owned(), mark, at: AT }
    }

    #[test]
    fn a_database_that_is_behind_its_mark_lost_commits() {
        let database = |instance: Option<&str>, mark| ServerIdentity {
            instance: instance.map(str::to_owned),
            mark,
            ..ServerIdentity::default()
        };
        assert_eq!(missing(None, &database(Some("a"), 0)), None);
        for ahead in [5, 6, 1000] {
            assert_eq!(missing(Some(&noted(5)), &database(Some("a"), ahead)), None, "{ahead}");
        }
        for behind in [0, 4] {
            let lost = missing(Some(&noted(5)), &database(Some("a"), behind));
            assert_eq!(lost, Some(Missing::Commits { until: AT }), "{behind}");
        }
        for other in [None, Some("b")] {
            let lost = missing(Some(&noted(5)), &database(other, 9));
            assert_eq!(lost, Some(Missing::Database { until: AT }), "{other:?}");
        }
    }

    #[test]
    fn the_file_is_read_as_it_was_written_and_a_broken_one_says_nothing() {
        let folder = std::env::temp_dir().join(format!("haechi-mark-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("h.db-mark");
        assert_eq!(read(&path), None);
        for mark in [1, 2] {
            write(&path, &noted(mark)).unwrap();
            assert_eq!(read(&path), Some(noted(mark)));
        }
        std::fs::write(&path, b"{\"instance\"").unwrap();
        assert_eq!(read(&path), None);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
