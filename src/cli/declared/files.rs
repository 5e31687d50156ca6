//! The files of a declaration: read one by one, and put together.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::format::parse;
use super::logos;
use super::secret_reference::resolve;
use crate::admin::ProvenAuthority;
use crate::admin::declared::{self, Declaration, Deletion, Undeclared};
use crate::cli::failure::{Failure, Outcome};
use crate::model::manager::Manager;

/// What files say, all together: with the secrets in place of the references to them, and the pictures in place of the names of their files.
pub(super) struct Said {
    /// As it is sent to a server elsewhere, which resolves nothing.
    document: Value,
    /// As it is applied here.
    pub(super) declared: Declaration,
}

#[derive(Args, Debug)]
pub(super) struct Files {
    /// TOML, YAML or JSON, by the name's ending. A client_secret, and the secret of a webhook, may be a reference: `{ env = "NAME" }`, `{ file = "PATH" }` or `{ command = ["PROGRAM", "ARGUMENT"] }`. It is resolved on this machine, with --server too.
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

    /// What becomes of what they do not declare, where this is what may be deleted; `None` where nobody was asked yet.
    pub(super) const fn undeclared<'a>(&self, confirmed: Option<&'a BTreeSet<Deletion>>) -> Undeclared<'a> {
        match confirmed {
            _ if !self.prune => Undeclared::Stays,
            Some(these) => Undeclared::Confirmed(these),
            None => Undeclared::Goes,
        }
    }

    /// What is sent to a server elsewhere that is to apply them.
    pub(super) fn sent(&self, said: &Said, confirmed: Option<&BTreeSet<Deletion>>) -> Value {
        let mut sent = json!({ "declaration": said.document, "prune": self.prune, "owner": self.owner });
        if let Some(these) = confirmed.filter(|_| self.prune) {
            sent["confirmed"] = json!(these);
        }
        sent
    }

    /// All files as one declaration.
    pub(super) fn read(&self) -> Outcome<Said> {
        let mut lists: Map<String, Value> = Map::new();
        for file in &self.paths {
            let rejected = |why: &dyn Display| Failure::usage(format!("{}: {why}", file.display()));
            let mut value = parse(file).map_err(|why| rejected(&why))?;
            resolve(&mut value, file).map_err(|why| rejected(&why))?;
            logos::resolve(&mut value, file).map_err(|why| rejected(&why))?;
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
        let document = Value::Object(lists);
        Ok(Said { declared: declared::read(&document).map_err(Failure::usage)?, document })
    }
}
