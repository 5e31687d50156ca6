//! `haechi managers`: who manages one app, or the people in one group, without a role.

use clap::{Args, Subcommand};

use super::context::Context;
use super::failure::{Failure, Outcome};
use crate::admin::affiliations::{self, GroupResource};
use crate::admin::delegations::{self, ManagerView};
use crate::admin::{clients, users};
use crate::model::{ClientId, Delegation, User};

#[derive(Debug, Subcommand)]
pub(super) enum ManagersCommand {
    /// List the accounts that manage an app, or the people in a group, without a role.
    #[command(
        after_long_help = "Examples:\n  haechi managers list --app shop\n  haechi managers list --group staff --json"
    )]
    List {
        #[command(flatten)]
        over: Over,
    },
    /// Have accounts manage an app, or the people in a group.
    ///
    /// Who manages an app changes it as an app manager does, and sees no other. Who manages a group looks after its people as a people manager does, and sees
    /// nobody else. Roles are given with `haechi users roles`.
    #[command(
        after_long_help = "Examples:\n  haechi managers add --app shop kim@example.com\n  haechi managers add --group staff kim@example.com lee@example.com"
    )]
    Add(Change),
    /// Have accounts manage an app or a group no more, from this moment on.
    #[command(after_long_help = "Examples:\n  haechi managers remove --app shop kim@example.com")]
    Remove(Change),
}

/// What is managed.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(super) struct Over {
    /// The client id of an app.
    #[arg(long, value_name = "CLIENT_ID")]
    app: Option<String>,
    /// The name or id of a group.
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct Change {
    #[command(flatten)]
    over: Over,
    /// The account's e-mail address or id.
    #[arg(required = true)]
    users: Vec<String>,
}

impl ManagersCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List { over } => list(context, over).await,
            Self::Add(change) => change.run(context, true).await,
            Self::Remove(change) => change.run(context, false).await,
        }
    }
}

async fn list(context: &mut Context, over: Over) -> Outcome {
    let of = over.find(context).await?;
    let managers = delegations::list(&context.app.admin, &context.authority, &of).await?;
    if context.output.is_json() {
        return context.output.json(&managers.iter().map(ManagerView::from).collect::<Vec<_>>());
    }
    let row = |user: &User| vec![user.id.to_string(), user.email.to_string(), user.display_name().to_owned()];
    context.output.table(&["ID", "EMAIL", "NAME"], &managers.iter().map(row).collect::<Vec<_>>())
}

impl Over {
    /// As it was named.
    fn said(&self) -> String {
        let of = |kind: &str, name: Option<&str>| name.map(|name| format!("{kind} {name}"));
        of("app", self.app.as_deref()).or_else(|| of("group", self.group.as_deref())).unwrap_or_default()
    }

    async fn find(self, context: &Context) -> Outcome<Delegation> {
        let (admin, by) = (&context.app.admin, &context.authority);
        let name = self.app.or_else(|| self.group.clone()).unwrap_or_default();
        if self.group.is_some() {
            let found = affiliations::find::<GroupResource>(admin, by, &name).await?;
            let found = found.ok_or_else(|| Failure::of(format!("there is no group {name}")))?;
            return Ok(Delegation::Group(found.affiliation.id));
        }
        let found = match ClientId::parse(&name) {
            Ok(id) => clients::find(admin, by, &id).await?,
            Err(_) => None,
        };
        let client = found.ok_or_else(|| Failure::of(format!("there is no client {name}")))?;
        Ok(Delegation::App(client.id))
    }
}

impl Change {
    /// Gives it to each of the accounts, or takes it.
    async fn run(self, context: &mut Context, gives: bool) -> Outcome {
        let said = self.over.said();
        let of = self.over.find(context).await?;
        for name in &self.users {
            let (admin, by) = (&context.app.admin, &context.authority);
            let found = users::find(admin, by, name).await?;
            let user = found.ok_or_else(|| Failure::of(format!("there is no account {name}")))?;
            let what = if gives {
                delegations::give(admin, by, user.id, &of).await?;
                "manages"
            } else {
                delegations::take(admin, by, user.id, &of).await?;
                "does not manage"
            };
            context.output.tell(format!("{} {what} the {said}.", user.email), &ManagerView::from(&user))?;
        }
        Ok(())
    }
}
