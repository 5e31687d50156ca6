//! Where the key-encryption key comes from.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use haechi::config::keys::KeysConfig;
use haechi::keys::{Absent, KekError, KeyEncryptionKey, KeyError, MacKey, kek};
use haechi::support::SeededRandom;

use crate::support::folder::Folder;

fn load(config: &KeysConfig, seed: u64) -> Result<KeyEncryptionKey, KeyError> {
    KeyEncryptionKey::load(config, Absent::Make, &SeededRandom::new(seed))
}

/// Something that only the same key gives.
fn print(key: &KeyEncryptionKey) -> [u8; 32] {
    MacKey::new(key, "test").tag(&[])
}

fn in_folder(folder: &Folder) -> KeysConfig {
    KeysConfig { folder: folder.path().join("keys"), ..KeysConfig::default() }
}

#[test]
fn the_first_start_makes_a_file_that_only_its_owner_may_read_and_the_second_reads_it() {
    let folder = Folder::new();
    let config = in_folder(&folder);
    let first = load(&config, 1).unwrap();
    let second = load(&config, 2).unwrap();
    assert_eq!(print(&first), print(&second));
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(config.folder.join(kek::FILE_NAME)), 0o600);
    assert_eq!(mode(config.folder.clone()), 0o700);
    assert_eq!(fs::read_dir(&config.folder).unwrap().count(), 1, "the draft is gone");
}

#[test]
fn no_key_is_made_where_something_may_be_sealed_already() {
    let folder = Folder::new();
    let config = in_folder(&folder);
    let refused = KeyEncryptionKey::load(&config, Absent::Refuse, &SeededRandom::new(1)).map(|_| ()).unwrap_err();
    assert!(matches!(&refused, KeyError::Kek(KekError::Missing(path)) if path.is_absolute()), "{refused}");
    assert!(!config.folder.exists());
}

#[test]
fn of_processes_that_start_at_once_all_get_the_same_key() {
    let folder = Folder::new();
    let config = in_folder(&folder);
    let prints: Vec<_> = std::thread::scope(|scope| {
        let config = &config;
        let threads: Vec<_> = (0..16).map(|seed| scope.spawn(move || print(&load(config, seed).unwrap()))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(prints.iter().all(|print| *print == prints[0]));
}

#[test]
fn a_configured_key_wins_over_the_file_and_touches_no_disk() {
    let folder = Folder::new();
    let configured = KeysConfig {
        key_encryption_key: Some("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=".to_owned()),
        ..in_folder(&folder)
    };
    assert_eq!(print(&load(&configured, 1).unwrap()), print(&KeyEncryptionKey::from_bytes([7; 32])));
    assert!(!configured.folder.exists());
}

#[test]
fn a_configured_key_that_is_none_is_refused_without_repeating_it() {
    for text in ["", "c2hvcnQ=", "not base64 at all, hunter2", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH"] {
        let config = KeysConfig { key_encryption_key: Some(text.to_owned()), ..KeysConfig::default() };
        let Err(error) = load(&config, 1) else { panic!("{text:?} was taken") };
        assert!(matches!(error, KeyError::Kek(KekError::Setting)), "{error:?}");
        assert!(error.to_string().starts_with("keys.key_encryption_key"));
        assert!(text.is_empty() || !error.to_string().contains(text));
    }
}

#[test]
fn a_file_without_a_key_is_refused_and_left_as_it_is() {
    let folder = Folder::new();
    let config = in_folder(&folder);
    fs::create_dir(&config.folder).unwrap();
    let path = config.folder.join(kek::FILE_NAME);
    for content in [&b""[..], b"c2hvcnQ=\n", b"\xff\xfe", &[b'A'; 10_000]] {
        fs::write(&path, content).unwrap();
        let Err(KeyError::Kek(error)) = load(&config, 1) else { panic!("{content:?} was taken") };
        assert!(matches!(error, KekError::Content(_)), "{error:?}");
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn what_cannot_be_read_or_made_says_so_with_its_path() {
    let folder = Folder::new();
    let config = in_folder(&folder);
    fs::create_dir_all(config.folder.join(kek::FILE_NAME)).unwrap();
    assert!(matches!(load(&config, 1), Err(KeyError::Kek(KekError::Unreadable(..)))));

    let file = folder.write("a-file", "");
    let Err(KeyError::Kek(error)) = load(&KeysConfig { folder: file.join("keys"), ..KeysConfig::default() }, 1) else {
        panic!()
    };
    assert!(error.to_string().contains("a-file"), "{error}");
}
