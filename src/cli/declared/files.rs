//! The files of a declaration: read one by one, and put together.

use std::fmt::Display;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value};

use super::format::parse;
use super::secret_reference::resolve;
use crate::admin::ProvenAuthority;
use crate::admin::declared::{self, Declaration, Undeclared};
use crate::cli::failure::{Failure, Outcome};
use crate::model::manager::Manager;

#[derive(Args, Debug)]
pub(super) struct Files {
    /// TOML, YAML or JSON, by the name's ending. A client_secret, and the secret of a webhook, may be a reference: `{ env = "NAME" }`, `{ file = "PATH" }` or `{ command = ["PROGRAM", "ARGUMENT"] }`.
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// Delete what there is and the files do not declare, of the kinds that they are about.
    #[arg(long)]
    prune: bool,
    /// Whose files these are: what they declare is managed under this name from then on, so that console, API and other files leave it alone (`haechi release`
    /// gives it back), and --prune deletes only what is. 1 to 40 characters of a-z 0-9 -.
    #[arg(long, value_name = "NAME", value_parser = manager)]
    owner: Option<Manager>,
}

fn manager(text: &str) -> Result<Manager, String> {
    Manager::parse(text).map_err(|_| "must be 1 to 40 characters of a-z 0-9 - and not begin or end with -".to_owned())
}

impl Files {
    /// The authority that they are applied with.
    pub(super) fn authority(&self, authority: &ProvenAuthority) -> ProvenAuthority {
        match &self.owner {
            Some(owner) => authority.clone().declaring_for(owner.clone()),
            None => authority.clone(),
        }
    }

    pub(super) const fn undeclared(&self) -> Undeclared {
        if self.prune { Undeclared::Goes } else { Undeclared::Stays }
    }

    /// All files as one declaration.
    pub(super) fn read(&self) -> Outcome<Declaration> {
        let mut lists: Map<String, Value> = Map::new();
        for file in &self.paths {
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
