//! `haechi users export`: people to a file, as they are read.

use clap::Args;

use super::rows::Format;
use crate::admin::users::{self, PeopleFormat};
use crate::cli::context::Context;
use crate::cli::failure::Outcome;

/// Print every account: an account a line as JSON, or a table for spreadsheets. `haechi users import` reads both. The audit log says that it was done.
///
/// There is no secret in it, unless --with-password-hashes says so: then who has the file can try passwords against it.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi users export > people.jsonl
  haechi users export --format csv > people.csv")]
pub(in crate::cli) struct Export {
    /// How it is written.
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Format,
    /// The hashes of passwords go along: for moving to another server.
    #[arg(long)]
    with_password_hashes: bool,
}

impl Export {
    /// Prints all accounts.
    pub(in crate::cli) async fn run(self, context: &mut Context) -> Outcome {
        let format = match self.format {
            Format::Csv => PeopleFormat::Csv,
            Format::Jsonl => PeopleFormat::JsonLines,
        };
        let mut export =
            users::export(&context.app.admin, &context.authority, format, self.with_password_hashes).await?;
        while let Some(part) = export.part(&context.app.admin, &context.authority).await? {
            context.output.raw(&part)?;
        }
        Ok(())
    }
}
