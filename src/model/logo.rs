//! Logos: pictures that administrators upload, and that browsers fetch from us.
//!
//! Owns what a logo is called, where it is, and how large one can be. A logo's id is the digest of its picture, so that its address says what is there: another picture has another address, and
//! browsers may keep each for ever. Leaves reading what is uploaded to `admin`, and serving it to `http`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::support::Digest;

/// Where logos are, below the issuer.
const PATH: &str = "/logos/";
/// What their names end with: all are kept in one format.
const ENDING: &str = ".png";

/// The most bytes that are uploaded.
pub const MAX_UPLOAD_BYTES: usize = 256 * 1024;
/// The most pixels of what is uploaded, along each side. Asked before anything is unpacked: a few bytes can stand for a picture that fills the memory.
pub const MAX_UPLOAD_SIDE: u32 = 1024;
/// The most pixels that are kept of it, along each side.
pub const MAX_SIDE: u32 = 256;

/// What a logo is called: the SHA-256 digest of its picture.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LogoId(Digest);

/// A text that is the id of no logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a logo")]
pub struct NotALogoId;

impl LogoId {
    /// The id that a store has.
    pub const fn of_digest(digest: Digest) -> Self {
        Self(digest)
    }

    /// The digest.
    pub const fn digest(&self) -> &Digest {
        &self.0
    }

    /// The logo that a file of this name would be.
    pub fn of_name(name: &str) -> Option<Self> {
        name.strip_suffix(ENDING)?.to_owned().try_into().ok()
    }

    /// Where it is: one of our own paths, without the issuer's.
    pub fn path(&self) -> String {
        format!("{PATH}{self}{ENDING}")
    }

    /// Whether this is its address: the path, or a URL that ends with it.
    pub fn is_at(&self, address: &str) -> bool {
        address.ends_with(&self.path())
    }
}

impl fmt::Display for LogoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0.as_bytes()))
    }
}

impl fmt::Debug for LogoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogoId({self})")
    }
}

impl TryFrom<String> for LogoId {
    type Error = NotALogoId;

    fn try_from(text: String) -> Result<Self, NotALogoId> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotALogoId)?;
        Digest::from_slice(&bytes).map(Self).ok_or(NotALogoId)
    }
}

impl From<LogoId> for String {
    fn from(id: LogoId) -> Self {
        id.to_string()
    }
}

/// A logo: a picture as PNG, written down by ourselves.
#[derive(Clone, PartialEq, Eq)]
pub struct Logo {
    id: LogoId,
    picture: Vec<u8>,
}

impl Logo {
    /// The logo that this picture is.
    pub fn of(picture: Vec<u8>) -> Self {
        Self { id: LogoId(Digest::sha256(&picture)), picture }
    }

    /// What it is called.
    pub const fn id(&self) -> LogoId {
        self.id
    }

    /// The picture.
    pub fn picture(&self) -> &[u8] {
        &self.picture
    }
}

impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logo").field("id", &self.id).field("bytes", &self.picture.len()).finish()
    }
}

/// Why what was uploaded is no logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALogo {
    /// More bytes than are taken.
    #[error("must be at most {} KiB", MAX_UPLOAD_BYTES / 1024)]
    TooLarge,
    /// More pixels than are taken.
    #[error("must be at most {} pixels wide and high", MAX_UPLOAD_SIDE)]
    TooManyPixels,
    /// Not in one of the formats, whatever it is said to be.
    #[error("must be a PNG, JPEG or WebP picture; SVG is not taken, because it can hold programs")]
    Format,
    /// It begins as one, and is none.
    #[error("is damaged: it cannot be read as the picture that it begins as")]
    Broken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_one_picture_and_no_other_text_is_one() {
        let logo = Logo::of(b"picture".to_vec());
        let path = logo.id().path();
        let name = path.strip_prefix(PATH).unwrap();
        assert_eq!(LogoId::of_name(name), Some(logo.id()));
        assert!(logo.id().is_at(&path) && logo.id().is_at(&format!("https://id.example/base{path}")));
        assert!(!Logo::of(b"another".to_vec()).id().is_at(&path));
        let (another, twice) = (name.replace(".png", ".svg"), format!("{name}.png"));
        for other in ["", ".png", "x.png", "../../etc/passwd", "..%2f.png", &another, &twice] {
            assert_eq!(LogoId::of_name(other), None, "{other}");
        }
        let stored = serde_json::to_string(&logo.id()).unwrap();
        assert_eq!(serde_json::from_str::<LogoId>(&stored).unwrap(), logo.id());
        assert!(serde_json::from_str::<LogoId>("\"x\"").is_err());
    }
}
