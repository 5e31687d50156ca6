//! What this user may do with files and folders.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::fs::{Access, access};

use crate::i18n::keys::doctor as text;
use crate::i18n::{Said, said};

/// Whether this user may write it.
pub(super) fn is_writable(path: &Path) -> bool {
    access(path, Access::WRITE_OK).is_ok()
}

/// The permissions of those in `mask`, where there are any.
pub(super) fn open_to(path: &Path, mask: u32) -> Option<u32> {
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & mask != 0).then_some(mode)
}

/// Why nothing can be made in a folder, which may have to be `made` itself; `None` where it can.
pub(super) fn why_not_made(folder: &Path, made: bool) -> Option<Said> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let of = |key| Some(said(key).filling("folder", folder.display()));
    match std::fs::metadata(folder) {
        Ok(found) if !found.is_dir() => of(text::NOT_A_FOLDER),
        Ok(_) if is_writable(folder) => None,
        Ok(_) => of(text::FOLDER_CLOSED),
        Err(_) if made => match folder.parent() {
            Some(above) => why_not_made(above, true),
            None => of(text::NO_FOLDER),
        },
        Err(_) => of(text::NO_FOLDER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_way_of_a_file_is_named() {
        let home = std::env::temp_dir();
        assert_eq!(why_not_made(&home, false), None);
        assert_eq!(why_not_made(&home.join("haechi-none/of/these"), true), None);
        let why = |path: &Path, made| why_not_made(path, made).unwrap().to_string();
        assert!(why(&home.join("haechi-none/of/these"), false).contains("no folder"));
        assert!(why(Path::new("/proc/self/status"), true).contains("is no folder"));
    }
}
