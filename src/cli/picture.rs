//! A picture that becomes a logo: read from a file, or the wish to have none.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use reqwest::Method;
use serde::de::IgnoredAny;

use super::context::There;
use super::failure::{Failure, Outcome};
use crate::admin::{FieldError, FieldProblem, Rejected};
use crate::model::logo::{MAX_UPLOAD_BYTES, NotALogo};

#[derive(Args, Debug)]
pub(super) struct Picture {
    /// The picture: a PNG, JPEG or WebP file of at most 256 KiB, and at most 1024 pixels wide and high.
    #[arg(value_name = "FILE", required_unless_present = "remove", conflicts_with = "remove")]
    picture: Option<PathBuf>,
    /// Take the logo away.
    #[arg(long)]
    remove: bool,
}

impl Picture {
    /// Whether the logo is to go.
    pub(super) const fn is_removed(&self) -> bool {
        self.remove
    }

    /// The bytes of the file; `None` where the logo is to go. Of one that is too large as many as show that.
    pub(super) fn read(&self) -> Outcome<Option<Vec<u8>>> {
        let Some(file) = &self.picture else { return Ok(None) };
        bytes_of(file).map(Some).map_err(|error| Failure::of(format!("{}: {error}", file.display())))
    }

    /// Has a server elsewhere put it at this place of its API, or take away what is there. `false` where it is taken away.
    pub(super) async fn put(&self, there: &mut There, path: &str) -> Outcome<bool> {
        let Some(picture) = self.read()? else {
            there.api.done(Method::DELETE, path, (&[], None)).await?;
            return Ok(false);
        };
        let sent = (picture.as_slice(), media_type(&picture)?);
        there.api.send_picture::<IgnoredAny>(path, sent).await?;
        Ok(true)
    }
}

/// What is in a picture's file. Of one that is too large as much as shows that.
pub(super) fn bytes_of(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(MAX_UPLOAD_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a picture is sent as: what it begins as. What is certainly none is refused in the server's words, and not sent.
fn media_type(picture: &[u8]) -> Outcome<&'static str> {
    let refused = |why: NotALogo| {
        let problem = FieldProblem { field: "logo".to_owned(), value: None, error: FieldError::Logo(why) };
        Rejected::Invalid(vec![problem])
    };
    if picture.len() > MAX_UPLOAD_BYTES {
        return Err(refused(NotALogo::TooLarge).into());
    }
    match picture {
        // PNG, third edition, section 5.2.
        [0x89, b'P', b'N', b'G', ..] => Ok("image/png"),
        // ITU-T T.81, annex B: the marker that an image starts with, and the first one of what follows.
        [0xff, 0xd8, 0xff, ..] => Ok("image/jpeg"),
        // RFC 9649 section 2.4.
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok("image/webp"),
        _ => Err(refused(NotALogo::Format).into()),
    }
}
