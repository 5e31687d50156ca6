//! A picture that becomes a logo: read from a file, or the wish to have none.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use clap::Args;

use super::failure::{Failure, Outcome};
use crate::model::logo::MAX_UPLOAD_BYTES;

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
    /// The bytes of the file; `None` where the logo is to go. Of one that is too large as many as show that.
    pub(super) fn read(&self) -> Outcome<Option<Vec<u8>>> {
        let Some(file) = &self.picture else { return Ok(None) };
        let mut bytes = Vec::new();
        let opened = File::open(file).and_then(|file| file.take(MAX_UPLOAD_BYTES as u64 + 1).read_to_end(&mut bytes));
        opened.map_err(|error| Failure::of(format!("{}: {error}", file.display())))?;
        Ok(Some(bytes))
    }
}
