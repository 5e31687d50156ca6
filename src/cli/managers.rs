//! `haechi managers`: who manages one app, or the people in one group, without a role.

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::Value;

use super::clients::Clients;
use super::context::{Context, Desk, There};
use super::failure::{Failure, Outcome};
use super::frame::Kind;
use super::remote::place;
use super::users::Users;
use crate::admin::affiliations::{self, GroupResource};
use crate::admin::delegations::{self, ManagerView};
use crate::admin::{clients, users};
use crate::model::{ClientId, Delegation};

#[derive(Debug, Subcommand)]
pub(super) enum ManagersCommand {
    /// List the accounts and service accounts that manage an app, or the people in a group, without a role.
    #[command(
        after_long_help = "Examples:\n  haechi managers list --app shop\n  haechi managers list --group staff --json"
    )]
    List {
        #[command(flatten)]
        over: Over,
    },
    /// Have accounts, or service accounts, manage an app, or the people in a group.
    ///
    /// Who manages an app changes it as an app manager does, and sees no other. Who manages a group looks after its people as a people manager does, and sees
    /// nobody else. A service account, a client with the grant `client_credentials`, does so by the API, with the tokens that it gets for itself. Roles are given with
    /// `haechi users roles`.
    #[command(
        after_long_help = "Examples:\n  haechi managers add --app shop kim@example.com\n  haechi managers add --group staff kim@example.com lee@example.com\n  haechi managers add --app shop deployment"
    )]
    Add(Change),
    /// Have accounts, or service accounts, manage an app or a group no more, from this moment on.
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
    /// The account's e-mail address or id, or the client id of a service account.
    #[arg(required = true)]
    users: Vec<String>,
}

impl ManagersCommand {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List { over } => list(desk, &over).await,
            Self::Add(change) => change.run(desk, true).await,
            Self::Remove(change) => change.run(desk, false).await,
        }
    }
}

async fn list(desk: &mut Desk, over: &Over) -> Outcome {
    let managers: Vec<ManagerView> = match desk {
        Desk::Here(context) => {
            let of = over.find(context).await?;
            delegations::documents(&context.app.admin, &context.authority, &of).await?
        }
        Desk::There(there) => {
            let path = over.find_there(there).await?;
            there.api.whole(&path).await?
        }
    };
    let output = desk.output();
    if output.is_json() {
        return output.json(&managers);
    }
    let row = |one: &ManagerView| {
        let email = one.email.clone().unwrap_or_else(|| "-".to_owned());
        let name = one.name.clone().unwrap_or_else(|| email.clone());
        vec![one.sub.clone(), email, name]
    };
    output.table(&["ID", "EMAIL", "NAME"], &managers.iter().map(row).collect::<Vec<_>>())
}

impl Over {
    /// As it was named: what it is, and which one.
    fn named(&self) -> (&'static str, &str) {
        match (&self.app, &self.group) {
            (Some(app), _) => ("app", app.as_str()),
            (None, group) => ("group", group.as_deref().unwrap_or_default()),
        }
    }

    /// There is none of this name.
    fn missing(&self) -> Failure {
        let (kind, name) = self.named();
        let kind = if kind == "app" { "client" } else { kind };
        Failure::of(format!("there is no {kind} {name}"))
    }

    async fn find(&self, context: &Context) -> Outcome<Delegation> {
        let (admin, by) = (&context.app.admin, &context.authority);
        let (kind, name) = self.named();
        if kind == "group" {
            let found = affiliations::find::<GroupResource>(admin, by, name).await?;
            return Ok(Delegation::Group(found.ok_or_else(|| self.missing())?.affiliation.id));
        }
        let found = match ClientId::parse(name) {
            Ok(id) => clients::find(admin, by, &id).await?,
            Err(_) => None,
        };
        Ok(Delegation::App(found.ok_or_else(|| self.missing())?.id))
    }

    /// Where the API of a server elsewhere has its managers.
    async fn find_there(&self, there: &mut There) -> Outcome<String> {
        let (kind, name) = self.named();
        let path = place(if kind == "app" { "/clients" } else { "/groups" }, name);
        let found: Option<Value> = there.api.find(&path).await?;
        found.map(|_| format!("{path}/managers")).ok_or_else(|| self.missing())
    }
}

impl Change {
    /// Gives it to each of the accounts, or takes it.
    async fn run(self, desk: &mut Desk, gives: bool) -> Outcome {
        let (kind, over) = self.over.named();
        let what = if gives { "manages" } else { "does not manage" };
        for name in &self.users {
            let manager = match desk {
                Desk::Here(context) => self.here(context, name, gives).await?,
                Desk::There(_) => self.there(desk, name, gives).await?,
            };
            let who = manager.email.as_ref().unwrap_or(&manager.sub);
            desk.output().tell(format!("{who} {what} the {kind} {over}."), &manager)?;
        }
        Ok(())
    }

    async fn here(&self, context: &Context, name: &str, gives: bool) -> Outcome<ManagerView> {
        let of = self.over.find(context).await?;
        let (admin, by) = (&context.app.admin, &context.authority);
        if let Some(user) = users::find(admin, by, name).await? {
            if gives {
                delegations::give(admin, by, user.id, &of).await?;
            } else {
                delegations::take(admin, by, user.id, &of).await?;
            }
            return Ok(ManagerView::from(&user));
        }
        let client = match ClientId::parse(name) {
            Ok(id) => clients::find(admin, by, &id).await?,
            Err(_) => None,
        };
        let client = client.ok_or_else(|| nobody(name))?;
        if gives {
            delegations::give_to_service_account(admin, by, &client.id, &of).await?;
        } else {
            delegations::take_from_service_account(admin, by, &client.id, &of).await?;
        }
        Ok(ManagerView::from(&client))
    }

    async fn there(&self, desk: &mut Desk, name: &str, gives: bool) -> Outcome<ManagerView> {
        let missing = || nobody(name);
        let managers = match desk {
            Desk::There(there) => self.over.find_there(there).await?,
            Desk::Here(_) => return Err(self.over.missing()),
        };
        let manager = match Users::find_there(desk, &name.to_owned()).await? {
            Some(user) => {
                let sub = Users::name(&user).to_owned();
                ManagerView { sub, email: user.email, client_id: None, name: user.name }
            }
            None => service_account_there(desk, name).await?.ok_or_else(missing)?,
        };
        let Desk::There(there) = desk else { return Err(missing()) };
        let method = if gives { Method::PUT } else { Method::DELETE };
        // Taking it from who does not have it is no failure.
        if !there.api.done(method, &place(&managers, &manager.sub), (&[], None)).await? && gives {
            return Err(missing());
        }
        Ok(manager)
    }
}

/// The client of this id on a server elsewhere.
async fn service_account_there(desk: &mut Desk, name: &str) -> Outcome<Option<ManagerView>> {
    let Ok(id) = ClientId::parse(name) else { return Ok(None) };
    let Some(client) = Clients::find_there(desk, &id).await? else { return Ok(None) };
    let sub = Clients::name(&client).to_owned();
    Ok(Some(ManagerView { client_id: Some(sub.clone()), sub, email: None, name: client.client_name }))
}

/// Nobody is called so.
fn nobody(name: &str) -> Failure {
    Failure::of(format!("there is no account {name}, nor a client of this id"))
}
