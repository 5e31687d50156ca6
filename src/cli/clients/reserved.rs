//! The files that a configuration is written into, taken before anything is registered: the secret in it is given out once.
//!
//! Owns that whatever can be found out beforehand is (a folder that cannot be written to, a file that is there), that nothing of others is
//! written over or through, and that what was taken in vain is given back. Leaves what is written to recipes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::admin::recipes::Configuration;
use crate::cli::failure::{Failure, Outcome};

/// Files of a configuration, empty so far.
pub(super) struct Reserved(Vec<ReservedFile>);

struct ReservedFile {
    file: File,
    /// Where it is while it is written.
    at: PathBuf,
    /// Where it belongs.
    path: PathBuf,
    written: bool,
}

impl Reserved {
    /// Takes a file of each of these names in a folder. One that is there is refused unless it may be written over, and stays as it is until the
    /// new one is whole.
    pub(super) fn take<'n>(folder: &Path, names: impl IntoIterator<Item = &'n str>, force: bool) -> Outcome<Self> {
        let paths = names.into_iter().map(|name| folder.join(name));
        paths.map(|path| ReservedFile::take(path, force)).collect::<Outcome<_>>().map(Self)
    }

    /// Writes the configuration, file by file in the order of their names, and puts each in its place.
    pub(super) fn write(mut self, configuration: &[Configuration]) -> Result<Vec<PathBuf>, Unwritten> {
        let files = self.0.iter_mut().zip(configuration);
        files
            .map(|(reserved, Configuration { text, .. })| {
                reserved.write(text).map_err(|cause| Unwritten { path: reserved.path.clone(), cause })
            })
            .collect()
    }
}

/// A file that was taken and could not be written all the same.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be written: {cause}", path.display())]
pub(super) struct Unwritten {
    path: PathBuf,
    cause: io::Error,
}

impl ReservedFile {
    fn take(path: PathBuf, force: bool) -> Outcome<Self> {
        let there = path.symlink_metadata();
        let at = match &there {
            Ok(_) if !force => return Err(refused(&path, "is there already", "; --force writes over it")),
            Ok(found) if found.is_dir() => return Err(refused(&path, "is a folder", "")),
            Ok(_) => beside(&path),
            Err(_) => path.clone(),
        };
        match create(&at) {
            Ok(file) => Ok(Self { file, at, path, written: false }),
            Err(cause) => Err(refused(&path, &format!("cannot be written: {cause}"), "")),
        }
    }

    fn write(&mut self, text: &str) -> io::Result<PathBuf> {
        self.file.write_all(text.as_bytes())?;
        self.file.sync_all()?;
        if self.at != self.path {
            fs::rename(&self.at, &self.path)?;
        }
        self.written = true;
        Ok(self.path.clone())
    }
}

impl Drop for ReservedFile {
    fn drop(&mut self) {
        if !self.written {
            let _ = fs::remove_file(&self.at);
        }
    }
}

/// There are secrets in it: it is made anew, for its owner alone.
fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// The name under which a file is written that takes the place of another.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    path.with_file_name(name)
}

fn refused(path: &Path, what: &str, remedy: &str) -> Failure {
    Failure::of(format!("{} {what}, and nothing was registered{remedy}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of a test's own.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("haechi-reserved-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        folder
    }

    fn configuration(text: &str) -> Vec<Configuration> {
        vec![Configuration {
            file: ".env".to_owned(),
            format: "env".to_owned(),
            text: text.to_owned(),
            stays: Vec::new(),
        }]
    }

    #[test]
    fn what_was_taken_in_vain_is_given_back() {
        let folder = folder("vain");
        let path = folder.join(".env");
        drop(Reserved::take(&folder, [".env"], false).unwrap());
        assert!(!path.exists());
        fs::write(&path, "old").unwrap();
        drop(Reserved::take(&folder, [".env"], true).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old", "it is replaced by what is whole, or by nothing");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_full_disk_is_said_and_leaves_what_was_there() {
        let folder = folder("full");
        let (at, path) = (folder.join("new"), folder.join(".env"));
        fs::write(&at, "").unwrap();
        fs::write(&path, "old").unwrap();
        let file = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let reserved = Reserved(vec![ReservedFile { file, at: at.clone(), path: path.clone(), written: false }]);
        let unwritten = reserved.write(&configuration("CLIENT_SECRET=x")).unwrap_err();
        assert!(unwritten.to_string().contains(".env cannot be written: "), "{unwritten}");
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), at.exists()), ("old", false));
        fs::remove_dir_all(folder).unwrap();
    }
}
