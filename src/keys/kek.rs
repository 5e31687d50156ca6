//! The key-encryption key: the one secret that is not in a store, and that everything sealed in one hangs on.
//!
//! It comes from the configuration (so, from the environment) or from a file that is made at the first start, and only then: a key made later
//! would open nothing of what is sealed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::{KekError, KeyError};
use crate::config::keys::KeysConfig;
use crate::support::{Random, random};

/// The file's name in the folder of keys.
pub const FILE_NAME: &str = "key-encryption.key";

/// No key of 32 bytes is longer in any spelling of base64.
const LONGEST_TEXT: u64 = 200;

const WITH_OR_WITHOUT_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// What to do where there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// Make one: nothing is sealed yet.
    Make,
    /// Say where it was looked for.
    Refuse,
}

/// The key-encryption key. Sealing keys and MAC keys are derived from it, each for one purpose; it is used for nothing itself.
pub struct KeyEncryptionKey(Zeroizing<[u8; 32]>);

impl KeyEncryptionKey {
    /// A key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The configured key, or that of the file.
    pub fn load(config: &KeysConfig, absent: Absent, random: &dyn Random) -> Result<Self, KeyError> {
        let key = match &config.key_encryption_key {
            Some(text) => Self::parse(text).ok_or(KekError::Setting)?,
            None => Self::from_folder(&config.folder, absent, random)?,
        };
        Ok(key)
    }

    /// The bytes that keys are derived from.
    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let alphabet = if text.contains(['-', '_']) { alphabet::URL_SAFE } else { alphabet::STANDARD };
        let decoded = Zeroizing::new(GeneralPurpose::new(&alphabet, WITH_OR_WITHOUT_PADDING).decode(text).ok()?);
        Some(Self(Zeroizing::new(decoded.as_slice().try_into().ok()?)))
    }

    fn from_folder(folder: &Path, absent: Absent, random: &dyn Random) -> Result<Self, KekError> {
        let path = folder.join(FILE_NAME);
        match read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => match absent {
                Absent::Make => {}
                Absent::Refuse => return Err(KekError::Missing(std::path::absolute(&path).unwrap_or(path))),
            },
            outcome => return Self::from_content(path, outcome),
        }
        let fresh = Zeroizing::new(random::bytes::<32>(random));
        create(folder, &path, &fresh, random).map_err(|error| KekError::Unwritable(path.clone(), error))?;
        // Read back rather than trusted: another process may have been first, and then its key is the key.
        let outcome = read(&path);
        Self::from_content(path, outcome)
    }

    fn from_content(path: PathBuf, content: io::Result<Zeroizing<String>>) -> Result<Self, KekError> {
        match content {
            Ok(text) => Self::parse(&text).ok_or(KekError::Content(path)),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(KekError::Content(path)),
            Err(error) => Err(KekError::Unreadable(path, error)),
        }
    }
}

fn read(path: &Path) -> io::Result<Zeroizing<String>> {
    let file = File::open(path)?;
    if file.metadata()?.permissions().mode() & 0o007 != 0 {
        tracing::warn!(path = %path.display(), "every user of this machine may read the key-encryption key; chmod 600 it");
    }
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST_TEXT).read_to_string(&mut text)?;
    Ok(text)
}

/// Puts a key in place if there is none. It is written beside the file and then linked to its name: a link is made whole or not at
/// all and never replaces anything, so of two processes one wins, and neither ever reads half a key.
fn create(folder: &Path, path: &Path, key: &[u8; 32], random: &dyn Random) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = folder.join(format!("{FILE_NAME}.{:016x}", u64::from_le_bytes(random::bytes(random))));
    let written = write(&draft, key).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome,
    });
    let removed = fs::remove_file(&draft);
    written?;
    removed?;
    // The name itself must survive a power cut as well.
    File::open(folder)?.sync_all()
}

fn write(draft: &Path, key: &[u8; 32]) -> io::Result<()> {
    let text = Zeroizing::new(STANDARD.encode(key) + "\n");
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
