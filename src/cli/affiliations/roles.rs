//! `haechi roles`: what people may do in apps.

use clap::{Args, Subcommand};

use super::{Delete, List, Member, Members, Said, define, show};
use crate::admin::affiliations::RoleResource;
use crate::cli::context::Desk;
use crate::cli::failure::Outcome;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RolesCommand {
    /// List roles in apps by key: the name, and before it the app whose own it is.
    #[command(after_long_help = "Examples:\n  haechi roles list\n  haechi roles list --search manager --json")]
    List(List),
    /// Show one role, as JSON.
    #[command(
        after_long_help = "Examples:\n  haechi roles show shop:manager\n  haechi roles show manager --client shop"
    )]
    Show {
        /// Its name, `app:name` for a role of one app, or its id.
        name: String,
        #[command(flatten)]
        of: OfClient,
    },
    /// Make a role in apps, or change one that there is: what is named here is replaced, the rest stays.
    ///
    /// Apps that are registered for the scope roles read it. What an account may do to Haechi itself is set with `haechi users roles`.
    #[command(after_long_help = "\
Examples:
  haechi roles define reader --label Reader
  haechi roles define manager --client shop --label-in ko=관리자
  haechi roles define manager --client shop --require-second-factor true")]
    Define(Define),
    /// List the accounts that were given a role themselves. Those that have it by a group are members of that.
    #[command(after_long_help = "Examples:\n  haechi roles members shop:manager")]
    Members {
        #[command(flatten)]
        members: Members,
        #[command(flatten)]
        of: OfClient,
    },
    /// Give accounts a role.
    #[command(after_long_help = "Examples:\n  haechi roles add shop:manager kim@example.com")]
    Add {
        #[command(flatten)]
        member: Member,
        #[command(flatten)]
        of: OfClient,
    },
    /// Take a role from accounts.
    #[command(after_long_help = "Examples:\n  haechi roles remove shop:manager kim@example.com")]
    Remove {
        #[command(flatten)]
        member: Member,
        #[command(flatten)]
        of: OfClient,
    },
    /// Delete a role: nobody has it any more. One that is made under its name later is another.
    #[command(after_long_help = "Examples:\n  haechi roles delete shop:manager --yes")]
    Delete {
        #[command(flatten)]
        delete: Delete,
        #[command(flatten)]
        of: OfClient,
    },
}

#[derive(Args, Debug)]
pub(in crate::cli) struct Define {
    /// What apps know it by: lower-case letters, digits, ., _ and -. It never changes.
    name: String,
    /// The client id of the app that has it; without one it is a role in every app.
    #[arg(long, value_name = "CLIENT_ID")]
    client: Option<String>,
    /// Whether nobody who has it signs in without a second factor: true or false.
    #[arg(long, value_name = "BOOL")]
    require_second_factor: Option<bool>,
    #[command(flatten)]
    said: Said,
}

/// Whose role is meant, where the name alone does not say so.
#[derive(Args, Debug)]
pub(in crate::cli) struct OfClient {
    /// The client id of the app whose role it is: `manager --client shop` is `shop:manager`.
    #[arg(long, value_name = "CLIENT_ID")]
    client: Option<String>,
}

impl OfClient {
    /// What no two roles share.
    fn key(&self, name: String) -> String {
        match &self.client {
            Some(client) if !name.starts_with(&format!("{client}:")) => format!("{client}:{name}"),
            _ => name,
        }
    }
}

impl RolesCommand {
    /// Does as told.
    pub(in crate::cli) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List(list) => list.run::<RoleResource>(desk, &["NAME", "APP", "LABEL"], row).await,
            Self::Show { name, of } => show::<RoleResource>(desk, &of.key(name)).await,
            Self::Define(Define { name, client, require_second_factor, said }) => {
                let key = client.as_ref().map_or_else(|| name.clone(), |client| format!("{client}:{name}"));
                let document = RoleResource {
                    name: Some(name),
                    client_id: client,
                    require_second_factor,
                    labels: said.labels(),
                    label: said.label,
                    description: said.description,
                    ..RoleResource::default()
                };
                define(desk, &key, document).await
            }
            Self::Members { members, of } => {
                Members { name: of.key(members.name), ..members }.run::<RoleResource>(desk).await
            }
            Self::Add { member, of } => {
                Member { name: of.key(member.name), ..member }.run::<RoleResource>(desk, true).await
            }
            Self::Remove { member, of } => {
                Member { name: of.key(member.name), ..member }.run::<RoleResource>(desk, false).await
            }
            Self::Delete { delete, of } => {
                Delete { name: of.key(delete.name), ..delete }.run::<RoleResource>(desk).await
            }
        }
    }
}

fn row(role: &RoleResource) -> Vec<String> {
    [&role.name, &role.client_id, &role.label].map(|text| text.clone().unwrap_or_default()).to_vec()
}
