//! `haechi passwords`: passwords that were stolen elsewhere.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::{Failure, Outcome};
use super::output::Output;
use crate::identity::password::breached;

#[derive(Debug, Subcommand)]
pub(super) enum PasswordsCommand {
    /// Make the list of stolen passwords that `passwords.breached` names, of a collection of their digests.
    ///
    /// The collection has a line for each password: its SHA-1 in 40 hexadecimal digits, a colon, and how often it was seen; sorted by the digest. It is read line by
    /// line and never held in memory. The list takes two bytes for each password.
    ///
    /// An older list is replaced once the new one is whole. A file that is something else is left alone, unless --force says otherwise.
    #[command(after_long_help = "\
Examples:
  haechi passwords import pwned-passwords.txt --to breached.list
  haechi passwords import pwned-passwords.txt --to breached.list --minimum-count 100")]
    Import(Import),
}

#[derive(Args, Debug)]
pub(super) struct Import {
    /// The collection.
    file: PathBuf,
    /// Where the list goes.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Leave out passwords that were seen less often.
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    minimum_count: u64,
    /// Replace a file that is no list.
    #[arg(long)]
    force: bool,
}

impl PasswordsCommand {
    /// Does as told.
    pub(super) fn run(self, output: &mut Output) -> Outcome {
        let Self::Import(Import { file, to, minimum_count, force }) = self;
        if !force && breached::is_something_else(&to)? {
            let why = format!(
                "{}: there is a file that is no list of stolen passwords: name another, or say --force to replace it",
                to.display()
            );
            return Err(Failure::of(why));
        }
        let done = breached::import(&file, &to, minimum_count)
            .map_err(|why| Failure::of(format!("{}: {why}", file.display())))?;
        let sentence = format!(
            "{} of {} passwords are in {}. Name it in the settings: [passwords] breached = \"{}\"",
            done.kept,
            done.read,
            to.display(),
            to.display()
        );
        output.tell(sentence, &json!({ "read": done.read, "kept": done.kept, "file": to }))
    }
}
