//! `haechi groups`: what people belong to.

use clap::{Args, Subcommand};

use super::{Delete, List, Member, Members, Said, define, show};
use crate::admin::affiliations::GroupResource;
use crate::cli::context::Desk;
use crate::cli::failure::Outcome;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum GroupsCommand {
    /// List groups by name.
    #[command(after_long_help = "Examples:\n  haechi groups list\n  haechi groups list --search sales --json")]
    List(List),
    /// Show one group, as JSON.
    #[command(after_long_help = "Examples:\n  haechi groups show staff")]
    Show {
        /// Its name or id.
        name: String,
    },
    /// Make a group, or change one that there is: what is named here is replaced, the rest stays.
    #[command(after_long_help = "\
Examples:
  haechi groups define staff --label Staff --label-in ko=직원
  haechi groups define sales --role reader --role shop:manager")]
    Define(Define),
    /// List the accounts in a group.
    #[command(after_long_help = "Examples:\n  haechi groups members staff")]
    Members(Members),
    /// Put accounts into a group.
    #[command(after_long_help = "Examples:\n  haechi groups add staff kim@example.com lee@example.com")]
    Add(Member),
    /// Take accounts out of a group.
    #[command(after_long_help = "Examples:\n  haechi groups remove staff kim@example.com")]
    Remove(Member),
    /// Delete a group: nobody is in it any more. One that is made under its name later is another.
    #[command(after_long_help = "Examples:\n  haechi groups delete staff\n  haechi groups delete staff --yes")]
    Delete(Delete),
}

#[derive(Args, Debug)]
pub(in crate::cli) struct Define {
    /// What apps know it by: lower-case letters, digits, ., _ and -. It never changes.
    name: String,
    #[command(flatten)]
    said: Said,
    /// A role that its members have: `reader` of every app, `shop:manager` of one. Can be repeated; an empty one takes all away.
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
}

impl GroupsCommand {
    /// Does as told.
    pub(in crate::cli) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List(list) => list.run::<GroupResource>(desk, &["NAME", "LABEL", "ROLES"], row).await,
            Self::Show { name } => show::<GroupResource>(desk, &name).await,
            Self::Define(Define { name, said, roles }) => {
                let given = roles.iter().filter(|role| !role.is_empty()).cloned().collect();
                let document = GroupResource {
                    name: Some(name.clone()),
                    labels: said.labels(),
                    label: said.label,
                    description: said.description,
                    roles: (!roles.is_empty()).then_some(given),
                    ..GroupResource::default()
                };
                define(desk, &name, document).await
            }
            Self::Members(members) => members.run::<GroupResource>(desk).await,
            Self::Add(member) => member.run::<GroupResource>(desk, true).await,
            Self::Remove(member) => member.run::<GroupResource>(desk, false).await,
            Self::Delete(delete) => delete.run::<GroupResource>(desk).await,
        }
    }
}

fn row(group: &GroupResource) -> Vec<String> {
    let roles = group.roles.as_deref().unwrap_or_default().join(" ");
    vec![group.name.clone().unwrap_or_default(), group.label.clone().unwrap_or_default(), roles]
}
