//! `haechi users links`: the accounts at providers that sign in to an account.

use clap::Subcommand;
use reqwest::Method;
use serde_json::json;

use super::{Users, email_of};
use crate::admin::users::{self, LinkView};
use crate::cli::context::Desk;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::{self, One};
use crate::cli::remote::place;
use crate::support::id::LinkId;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum LinksCommand {
    /// List the accounts at providers that sign in to an account.
    #[command(after_long_help = "\
Examples:
  haechi users links list kim@example.com
  haechi users links list kim@example.com --json")]
    List {
        #[command(flatten)]
        user: One<Users>,
    },
    /// Remove a link of an account to one at a provider, with what was signed in by it. Its last way in stays.
    #[command(after_long_help = "\
Examples:
  haechi users links remove kim@example.com lnk_0198f1f0a5b07c3e8d2a4b6c8e0f1a2b")]
    Remove {
        #[command(flatten)]
        user: One<Users>,
        /// Which, as `haechi users links list` shows it.
        link: LinkId,
    },
}

impl LinksCommand {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List { user } => list(desk, &user).await,
            Self::Remove { user, link } => remove(desk, &user, link).await,
        }
    }
}

async fn list(desk: &mut Desk, user: &One<Users>) -> Outcome {
    let document = user.document(desk).await?;
    let links: Vec<LinkView> = match desk {
        Desk::Here(context) => {
            let user = user.find(context).await?;
            let ways = users::ways_in(&context.app.admin, &context.authority, user.id).await?;
            ways.links.iter().map(LinkView::from).collect()
        }
        Desk::There(there) => there.api.whole(&format!("{}/links", frame::path::<Users>(&document))).await?,
    };
    let output = desk.output();
    if output.is_json() {
        return output.json(&links);
    }
    let row = |link: &LinkView| {
        vec![
            link.id.clone(),
            link.connection.clone(),
            link.label.clone(),
            link.linked_at.clone(),
            link.last_used_at.clone(),
        ]
    };
    output.table(&["LINK", "CONNECTION", "KNOWN AS", "LINKED", "LAST USED"], &links.iter().map(row).collect::<Vec<_>>())
}

async fn remove(desk: &mut Desk, user: &One<Users>, id: LinkId) -> Outcome {
    let document = user.document(desk).await?;
    let email = email_of(&document);
    let removed = match desk {
        Desk::Here(context) => {
            let (user, admin) = (user.find(context).await?, &context.app.admin);
            let links = users::ways_in(admin, &context.authority, user.id).await?.links;
            let found = links.into_iter().find(|(link, _)| link.id == id);
            match found {
                Some((link, _)) => {
                    users::unlink(admin, &context.authority, user.id, link.identity).await?;
                    true
                }
                None => false,
            }
        }
        Desk::There(there) => {
            let path = place(&format!("{}/links", frame::path::<Users>(&document)), &id.to_string());
            there.api.done(Method::DELETE, &path, (&[], None)).await?
        }
    };
    if !removed {
        return Err(Failure::of(format!("{email} has no link {id}")));
    }
    desk.output().tell(format!("{id} is removed: what was signed in by it ended."), &json!({ "removed": id }))
}
