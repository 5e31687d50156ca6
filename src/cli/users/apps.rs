//! `haechi users apps`: the apps that have access to an account.

use clap::Subcommand;
use reqwest::Method;
use serde_json::json;

use super::{Users, email_of};
use crate::admin::users::{self, AppView};
use crate::cli::context::Desk;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::{self, One};
use crate::cli::remote::place;
use crate::model::client::ClientId;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AppsCommand {
    /// List the apps that have access to an account, and what they may do with it.
    #[command(after_long_help = "\
Examples:
  haechi users apps list kim@example.com
  haechi users apps list kim@example.com --json")]
    List {
        #[command(flatten)]
        user: One<Users>,
    },
    /// Take the access of an app to an account away: what its end-user agreed to, and every token that came of it. The app asks again at the next login.
    #[command(after_long_help = "\
Examples:
  haechi users apps revoke kim@example.com shop
  haechi users apps revoke kim@example.com --all")]
    Revoke {
        #[command(flatten)]
        user: One<Users>,
        /// The app, by its client ID.
        #[arg(value_name = "CLIENT_ID", value_parser = client, required_unless_present = "all")]
        client: Option<ClientId>,
        /// Of every app. The sessions of the account go on.
        #[arg(long, conflicts_with = "client")]
        all: bool,
    },
}

fn client(text: &str) -> Result<ClientId, String> {
    ClientId::parse(text).map_err(|why| why.to_string())
}

impl AppsCommand {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List { user } => list(desk, &user).await,
            Self::Revoke { user, client: Some(client), .. } => revoke(desk, &user, client).await,
            Self::Revoke { user, client: None, .. } => revoke_all(desk, &user).await,
        }
    }
}

async fn list(desk: &mut Desk, user: &One<Users>) -> Outcome {
    let document = user.document(desk).await?;
    let apps: Vec<AppView> = match desk {
        Desk::Here(context) => {
            let user = user.find(context).await?;
            let apps = users::apps(&context.app.admin, &context.authority, user.id).await?;
            apps.iter().map(AppView::from).collect()
        }
        Desk::There(there) => there.api.whole(&above(frame::path::<Users>(&document))).await?,
    };
    let output = desk.output();
    if output.is_json() {
        return output.json(&apps);
    }
    let row =
        |app: &AppView| vec![app.client_id.clone(), app.client_name.clone(), app.scope.clone(), app.since.clone()];
    output.table(&["CLIENT_ID", "NAME", "SCOPE", "SINCE"], &apps.iter().map(row).collect::<Vec<_>>())
}

async fn revoke(desk: &mut Desk, user: &One<Users>, client: ClientId) -> Outcome {
    let document = user.document(desk).await?;
    let email = email_of(&document);
    let revoked = match desk {
        Desk::Here(context) => {
            let (user, admin) = (user.find(context).await?, &context.app.admin);
            let had = users::apps(admin, &context.authority, user.id).await?;
            let had = had.iter().any(|app| app.client.id == client);
            if had {
                users::withdraw(admin, &context.authority, user.id, client.clone()).await?;
            }
            had
        }
        Desk::There(there) => {
            let path = place(&above(frame::path::<Users>(&document)), client.as_str());
            there.api.done(Method::DELETE, &path, (&[], None)).await?
        }
    };
    if !revoked {
        return Err(Failure::of(format!("{client} has no access to {email}")));
    }
    desk.output().tell(format!("{client} has no access to {email} any more."), &json!({ "revoked": client }))
}

async fn revoke_all(desk: &mut Desk, user: &One<Users>) -> Outcome {
    let document = user.document(desk).await?;
    match desk {
        Desk::Here(context) => {
            let user = user.find(context).await?;
            users::withdraw_all(&context.app.admin, &context.authority, user.id).await?;
        }
        Desk::There(there) => {
            let path = above(frame::path::<Users>(&document));
            there.api.done(Method::DELETE, &path, (&[], None)).await?;
        }
    }
    let email = email_of(&document);
    desk.output().tell(format!("No app has access to {email} any more."), &json!({ "revoked": "all" }))
}

/// Where the apps of an account are.
fn above(user: String) -> String {
    user + "/apps"
}
