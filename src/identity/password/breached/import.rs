//! Making a list of a collection: lines of `SHA1:count`, sorted by the digest, as the collections for k-anonymity come.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read};
use std::path::Path;

use super::list::{Header, ListWriter, begins_as_list};

/// The longest line: a digest, a colon and a number, with room.
const MAX_LINE: u64 = 128;

/// Why no list was made.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailed {
    /// The collection cannot be read, or the list not be written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A line says something else.
    #[error("line {0} is no SHA-1 digest of 40 hexadecimal digits, a colon and a count")]
    Line(u64),
    /// A digest comes after a greater one.
    #[error("line {0} is out of order: the digests have to be sorted (`LC_ALL=C sort` sorts them)")]
    Order(u64),
    /// No line counts as often as asked for.
    #[error("there is no password in it that was seen {0} times")]
    Empty(u64),
}

/// What a list was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Passwords of the collection.
    pub read: u64,
    /// Those that were seen often enough, and are in the list.
    pub kept: u64,
}

/// Makes the list `to` of the collection `from`, with the passwords that were seen `minimum_count` times at least. The collection is read twice, line by line. What
/// was at `to` stays there until the new list is whole.
///
/// # Errors
/// Where a line is none, is out of order, or a file cannot be read or written; there is no new list then.
pub fn import(from: &Path, to: &Path, minimum_count: u64) -> Result<Imported, ImportFailed> {
    let counted = each(from, minimum_count, |_| Ok(()))?;
    if counted.kept == 0 {
        return Err(ImportFailed::Empty(minimum_count));
    }
    let unfinished = to.with_extension("unfinished");
    let done = write(from, &unfinished, Header::of(counted.kept, minimum_count)).and_then(|()| {
        fs::rename(&unfinished, to)?;
        Ok(counted)
    });
    if done.is_err() {
        // Where it was never made there is nothing to be removed.
        let _ = fs::remove_file(&unfinished);
    }
    done
}

/// Whether there is something where a list is to go that is none: what an operator did not mean to lose.
///
/// # Errors
/// Where it cannot be read.
pub fn is_something_else(path: &Path) -> io::Result<bool> {
    match File::open(path) {
        Ok(file) => begins_as_list(file).map(|is_one| !is_one),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn write(from: &Path, to: &Path, header: Header) -> Result<(), ImportFailed> {
    let mut writer = ListWriter::begin(BufWriter::new(File::create(to)?), header)?;
    each(from, header.minimum_count, |digest| writer.add(digest))?;
    let file = writer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(file.sync_all()?)
}

/// Gives each digest that counts to `take`.
fn each(
    from: &Path,
    minimum_count: u64,
    mut take: impl FnMut(&[u8; 20]) -> io::Result<()>,
) -> Result<Imported, ImportFailed> {
    let mut reader = BufReader::new(File::open(from)?);
    let (mut seen, mut line) = (Imported { read: 0, kept: 0 }, Vec::new());
    let mut before = [0; 20];
    loop {
        line.clear();
        if reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(seen);
        }
        seen.read += 1;
        let (digest, count) = entry(&line).ok_or(ImportFailed::Line(seen.read))?;
        if digest < before {
            return Err(ImportFailed::Order(seen.read));
        }
        before = digest;
        if count >= minimum_count {
            seen.kept += 1;
            take(&digest)?;
        }
    }
}

/// A digest and how often its password was seen.
fn entry(line: &[u8]) -> Option<([u8; 20], u64)> {
    let line = std::str::from_utf8(line).ok()?.trim_end_matches(['\n', '\r']);
    let (digest, count) = line.split_once(':')?;
    if digest.len() != 40 || !digest.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 20];
    for (byte, at) in bytes.iter_mut().zip((0..40).step_by(2)) {
        *byte = u8::from_str_radix(&digest[at..at + 2], 16).ok()?;
    }
    Some((bytes, count.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicU32, Ordering};

    use proptest::prelude::*;

    use super::super::{BreachedList, ListRejected};
    use super::*;
    use crate::support::digest::sha1;

    /// A folder of a test's own, gone when it ends.
    struct Folder(std::path::PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    impl Folder {
        fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let name = format!("haechi-breached-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let path = std::env::temp_dir().join(name);
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn collection(&self, text: &str) -> std::path::PathBuf {
            let path = self.0.join("collection.txt");
            fs::write(&path, text).unwrap();
            path
        }

        fn list(&self) -> std::path::PathBuf {
            self.0.join("breached.list")
        }
    }

    fn line(digest: &[u8; 20], count: u64) -> String {
        digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02X}")) + &format!(":{count}\r\n")
    }

    fn collection(digests: &BTreeSet<[u8; 20]>) -> String {
        digests.iter().map(|digest| line(digest, 3)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_is_in_the_collection_is_in_the_list(digests in prop::collection::btree_set(any::<[u8; 20]>(), 1..400)) {
            let folder = Folder::new();
            let done = import(&folder.collection(&collection(&digests)), &folder.list(), 1).unwrap();
            prop_assert_eq!(done, Imported { read: digests.len() as u64, kept: digests.len() as u64 });
            let list = BreachedList::open(&folder.list()).unwrap();
            for digest in &digests {
                prop_assert!(list.has(digest).unwrap());
            }
        }
    }

    #[test]
    fn one_in_a_thousand_others_is_taken_for_one_of_it() {
        let folder = Folder::new();
        let digest = |number: u32| sha1(&number.to_le_bytes());
        let all: BTreeSet<[u8; 20]> = (0..50_000).map(digest).collect();
        import(&folder.collection(&collection(&all)), &folder.list(), 1).unwrap();
        let list = BreachedList::open(&folder.list()).unwrap();
        let wrong = (1_000_000..1_100_000).filter(|number| list.has(&digest(*number)).unwrap()).count();
        assert!((20..200).contains(&wrong), "{wrong} of 100,000");
    }

    #[test]
    fn rare_ones_are_left_out_where_that_is_asked_for() {
        let folder = Folder::new();
        let mut digests = [sha1(b"often"), sha1(b"rare")];
        digests.sort_unstable();
        let text: String = digests.iter().map(|it| line(it, if *it == sha1(b"often") { 10 } else { 9 })).collect();
        let done = import(&folder.collection(&text), &folder.list(), 10).unwrap();
        assert_eq!(done, Imported { read: 2, kept: 1 });
        let list = BreachedList::open(&folder.list()).unwrap();
        assert!(list.has(&sha1(b"often")).unwrap() && !list.has(&sha1(b"rare")).unwrap());
        assert!(matches!(import(&folder.collection(&text), &folder.list(), 11), Err(ImportFailed::Empty(11))));
    }

    #[test]
    fn a_wrong_line_is_named_and_leaves_what_there_was() {
        let folder = Folder::new();
        let good = line(&sha1(b"a"), 1);
        import(&folder.collection(&good), &folder.list(), 1).unwrap();
        for (text, line) in [("nonsense\n".to_owned(), 1), (format!("{good}\n"), 2), (good.replace(":1", ""), 1)] {
            let failed = import(&folder.collection(&text), &folder.list(), 1);
            assert!(matches!(failed, Err(ImportFailed::Line(at)) if at == line), "{failed:?}");
        }
        let unsorted = line(&[9; 20], 1) + &line(&[8; 20], 1);
        assert!(matches!(import(&folder.collection(&unsorted), &folder.list(), 1), Err(ImportFailed::Order(2))));
        assert!(BreachedList::open(&folder.list()).is_ok());
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 2, "nothing unfinished is left");
    }

    #[test]
    fn a_damaged_list_is_refused() {
        let folder = Folder::new();
        import(&folder.collection(&line(&sha1(b"a"), 1)), &folder.list(), 1).unwrap();
        let whole = fs::read(folder.list()).unwrap();
        let open = |bytes: &[u8]| {
            fs::write(folder.list(), bytes).unwrap();
            BreachedList::open(&folder.list()).map(drop)
        };
        assert!(matches!(open(b"short"), Err(ListRejected::NotAList)));
        assert!(matches!(open(&[7; 200]), Err(ListRejected::NotAList)));
        assert!(matches!(open(&whole[..whole.len() - 1]), Err(ListRejected::Length { .. })));
        let changed = |at: usize| {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            bytes
        };
        assert!(matches!(open(&changed(8)), Err(ListRejected::Version(_))));
        assert!(matches!(open(&changed(50)), Err(ListRejected::Header)));
        for at in [70, whole.len() - 1] {
            assert!(matches!(open(&changed(at)), Err(ListRejected::Checksum)), "{at}");
        }
        assert!(open(&whole).is_ok());
    }
}
