//! The file beside a SQLite database that says how far it is committed.
//!
//! Owns its form. It has eight lines of one length, which are written in turn, so that a line which was written in part, and is known by its check value, leaves
//! those before it. Nothing is forced onto the disk: the file may lag behind the database after a power cut, and is never ahead of it, as what it
//! says was on the disk before it was said. It decides nothing, so a commit stands whether or not it could be noted.
//!
//! Several processes may note at once. One that was halted between its look and its writing can put an older line over a newer one; the
//! others are left, and the next commit of any process is noted again.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::store::Noted;
use crate::support::{Digest, Timestamp};

/// How many lines there are.
const LINES: u64 = 8;
/// How long a line is, with its end.
const LINE: usize = 128;
/// How much of a line is its check value.
const CHECK: usize = 30;
/// How much of a line says something: all but a space, the check value and the end of the line.
const SAID: usize = LINE - CHECK - 2;

/// The file.
#[derive(Debug)]
pub(crate) struct MarkFile {
    path: PathBuf,
    /// Opened, and made where there is none, when something is noted first.
    file: OnceLock<File>,
    /// Whether it could not be written the last time.
    in_trouble: AtomicBool,
}

impl MarkFile {
    /// The file beside a database.
    pub(crate) fn beside(database: &Path) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push("-mark");
        Self { path: name.into(), file: OnceLock::new(), in_trouble: AtomicBool::new(false) }
    }

    /// What it says; `None` where there is none, or none that can be read.
    pub(crate) fn read(&self) -> Option<Noted> {
        let text = std::fs::read(&self.path).ok()?;
        text.chunks_exact(LINE).filter_map(parse).max_by_key(|noted| noted.mark)
    }

    /// Notes a state, unless its line says more already. That it cannot is said once.
    pub(crate) fn note(&self, noted: &Noted) {
        let done = self.put(noted);
        let was_in_trouble = self.in_trouble.swap(done.is_err(), Ordering::Relaxed);
        if let (Err(error), false) = (done, was_in_trouble) {
            let file = self.path.display();
            tracing::warn!(%error, %file, "commits cannot be noted beside the database: if some are lost, it will not be seen");
        }
    }

    fn put(&self, noted: &Noted) -> io::Result<()> {
        let line = line(noted)?;
        let (file, at) = (self.opened()?, noted.mark % LINES * LINE as u64);
        let mut there = [0; LINE];
        let says_more = file.read_exact_at(&mut there, at).is_ok() && parse(&there).is_some_and(|it| it.covers(noted));
        if says_more { Ok(()) } else { file.write_all_at(&line, at) }
    }

    /// Has the file say this and nothing else.
    pub(crate) fn replace(&self, noted: Option<&Noted>) -> io::Result<()> {
        let file = self.opened()?;
        file.set_len(0)?;
        noted.map_or(Ok(()), |noted| self.put(noted))
    }

    /// Deletes it: what it says was deleted on purpose.
    pub(crate) fn remove(&self) {
        let _ = std::fs::remove_file(&self.path);
    }

    fn opened(&self) -> io::Result<&File> {
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&self.path)?;
        Ok(self.file.get_or_init(|| file))
    }
}

/// A state as a line says it.
fn line(noted: &Noted) -> io::Result<Vec<u8>> {
    let said = format!("{:020} {:020} {}", noted.mark, noted.at.millis(), noted.instance);
    if said.len() > SAID {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the name of the database is too long"));
    }
    let said = format!("{said:SAID$}");
    Ok(format!("{said} {}\n", check(said.as_bytes())).into_bytes())
}

/// The state that a line says; `None` where it was not written whole.
fn parse(line: &[u8]) -> Option<Noted> {
    let (said, check_value) = line.split_at_checked(SAID)?;
    if check_value != format!(" {}\n", check(said)).as_bytes() {
        return None;
    }
    let mut parts = std::str::from_utf8(said).ok()?.trim_end().splitn(3, ' ');
    let (mark, at, instance) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    Some(Noted { instance: instance.to_owned(), mark, at: Timestamp::from_millis(at) })
}

fn check(said: &[u8]) -> String {
    let mut text = URL_SAFE_NO_PAD.encode(Digest::of("mark", said).as_bytes());
    text.truncate(CHECK);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(mark: u64) -> Noted {
        let millis = 1_800_000_000_000 + i64::try_from(mark).unwrap();
        Noted { instance: "a".to_owned(), mark, at: Timestamp::from_millis(millis) }
    }

    /// A file in a folder that goes with it.
    struct InFolder(PathBuf, MarkFile);

    impl InFolder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("haechi-mark-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            let file = MarkFile::beside(&folder.join("h.db"));
            Self(folder, file)
        }
    }

    impl Drop for InFolder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_newest_state_is_read_whatever_order_it_was_noted_in() {
        let InFolder(_, file) = &InFolder::new("newest");
        assert_eq!(file.read(), None);
        for (mark, newest) in [(1, 1), (2, 2), (30, 30), (29, 30), (22, 30), (31, 31)] {
            file.note(&noted(mark));
            assert_eq!(file.read(), Some(noted(newest)), "{mark}");
        }
        assert!(std::fs::metadata(&file.path).unwrap().len() <= LINES * LINE as u64);
    }

    #[test]
    fn a_line_that_was_written_in_part_leaves_the_one_before_it() {
        let InFolder(_, file) = &InFolder::new("part");
        (1..=20).for_each(|mark| file.note(&noted(mark)));
        let whole = std::fs::read(&file.path).unwrap();
        let at = 20 % usize::try_from(LINES).unwrap() * LINE;
        for length in 0..LINE {
            let mut torn = whole.clone();
            // What was there before is the line of eight commits ago.
            torn[at + length..at + LINE].copy_from_slice(&line(&noted(12)).unwrap()[length..]);
            std::fs::write(&file.path, &torn).unwrap();
            let read = file.read();
            // The two lines begin alike, so the first bytes may make no difference.
            let expected = if torn == whole { 20 } else { 19 };
            assert_eq!(read, Some(noted(expected)), "{length}");
        }
    }

    #[test]
    fn what_the_database_fell_back_to_is_all_that_is_left() {
        let InFolder(_, file) = &InFolder::new("back");
        (1..=20).for_each(|mark| file.note(&noted(mark)));
        file.replace(Some(&noted(7))).unwrap();
        assert_eq!(file.read(), Some(noted(7)));
        file.replace(None).unwrap();
        assert_eq!(file.read(), None);
        file.remove();
        assert!(!file.path.exists());
    }

    #[test]
    fn a_file_that_says_nothing_is_no_obstacle() {
        let InFolder(_, file) = &InFolder::new("nothing");
        for broken in ["", "{", &"x".repeat(LINE * 9)] {
            std::fs::write(&file.path, broken).unwrap();
            assert_eq!(file.read(), None, "{broken}");
        }
        file.note(&Noted { instance: "x".repeat(200), ..noted(1) });
        assert_eq!(file.read(), None);
    }
}
