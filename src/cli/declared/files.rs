//! The files of a declaration: read one by one, and put together.

use std::fmt::Display;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value};

use super::format::parse;
use super::secret_reference::resolve;
use crate::admin::declared::{self, Declaration, Undeclared};
use crate::cli::failure::{Failure, Outcome};

#[derive(Args, Debug)]
pub(super) struct Files {
    /// TOML, YAML or JSON, by the name's ending. A client_secret may be a reference: `{ env = "NAME" }`, `{ file = "PATH" }` or `{ command = ["PROGRAM", "ARGUMENT"] }`.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Delete what there is and the files do not declare, of the kinds that they are about.
    #[arg(long)]
    prune: bool,
}

impl Files {
    pub(super) const fn undeclared(&self) -> Undeclared {
        if self.prune { Undeclared::Goes } else { Undeclared::Stays }
    }

    /// All files as one declaration.
    pub(super) fn read(&self) -> Outcome<Declaration> {
        let mut lists: Map<String, Value> = Map::new();
        for file in &self.files {
            let rejected = |why: &dyn Display| Failure::usage(format!("{}: {why}", file.display()));
            let mut value = parse(file).map_err(|why| rejected(&why))?;
            resolve(&mut value, file).map_err(|why| rejected(&why))?;
            // Each file alone first: what is wrong is said with the file that it is in.
            declared::read(&value).map_err(|why| rejected(&why))?;
            for (name, entries) in value.as_object_mut().map(std::mem::take).unwrap_or_default() {
                match (lists.get_mut(&name), entries) {
                    (Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
                    (Some(_), _) => return Err(rejected(&format!("{name} is in another file already"))),
                    (None, entries) => drop(lists.insert(name, entries)),
                }
            }
        }
        declared::read(&Value::Object(lists)).map_err(Failure::usage)
    }
}
