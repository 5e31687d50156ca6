//! `haechi clients`: the apps and services that use this server.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::frame::{self, Delete, Done, Kind, Listing, One, Show};
use super::output::Style;
use crate::admin::Rejected;
use crate::admin::clients::{self, ClientResource, DEFAULT_GRACE, WithSecret};
use crate::model::Client;
use crate::model::client::{ClientId, ClientKind};

mod form;
mod problems;
mod recipe;

use form::Form;
use problems::Problems;
use recipe::ByRecipe;

#[derive(Debug, Subcommand)]
pub(super) enum ClientsCommand {
    /// List clients by id.
    List(Listing),
    /// Show one client, as JSON: a document that `create --file` and `update --file` read.
    Show(Show<Clients>),
    /// Register a client: its secret, where it has one, is shown once
    ///
    /// haechi clients create --kind web --name Shop --redirect-uri https://shop.example/callback --scope 'openid email'
    /// haechi clients create --for express-openid-connect --url https://shop.example
    /// haechi clients create --kind service --name Nightly --resource https://api.example --scope 'orders:read'
    /// haechi clients create --file client.json
    #[command(verbatim_doc_comment)]
    Create(Create),
    /// Change what a client registered: what is named here is replaced, the rest stays.
    Update(Update),
    /// Switch a client on.
    Enable(One<Clients>),
    /// Switch a client off: everything that it was granted stops working at once.
    Disable(One<Clients>),
    /// Give a client a new secret, shown once. The old one works on for a while.
    RotateSecret(RotateSecret),
    /// Delete a client with everything that it was granted.
    Delete(Delete<Clients>),
    Problems(Problems),
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// Read the registration from a JSON file, a document of RFC 7591; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["kind", "client_id", "Form"])]
    file: Option<PathBuf>,
    /// A client id of your choice; one is made otherwise.
    #[arg(long)]
    client_id: Option<String>,
    /// What kind of program it is: web (has a server side), browser, native, or service (acts for itself).
    #[arg(long, value_parser = form::kind, required_unless_present_any = ["file", "recipe"])]
    kind: Option<ClientKind>,
    #[command(flatten)]
    recipe: ByRecipe,
    #[command(flatten)]
    form: Form,
    /// Print as JSON, the secret included.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct Update {
    #[command(flatten)]
    one: One<Clients>,
    /// Read what is to change from a JSON file, such as `show` prints; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "Form")]
    file: Option<PathBuf>,
    #[command(flatten)]
    form: Form,
    /// Print as JSON, the secret included where there is a new one.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct RotateSecret {
    #[command(flatten)]
    one: One<Clients>,
    /// Hours that the old secret works beside the new one; 0 ends it at once.
    #[arg(long, default_value_t = DEFAULT_GRACE.as_secs() / 3600, value_parser = clap::value_parser!(u64).range(0..=24 * 90))]
    grace_hours: u64,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

/// Clients as the command line administers them.
#[derive(Clone, Debug)]
pub(super) struct Clients;

impl Kind for Clients {
    type Key = ClientId;
    type Model = Client;
    type Document = ClientResource;
    type Changed = WithSecret;

    const NAME: &'static str = "client";
    const COMMAND: &'static str = "clients";
    const KEY: &'static str = "CLIENT_ID";
    const KEY_HELP: &'static str = "The client id.";
    const HEAD: &'static [&'static str] = &["CLIENT ID", "NAME", "KIND", "AUTHENTICATION", "STATE", "MADE"];

    fn key(text: &str) -> Result<ClientId, String> {
        ClientId::parse(text).map_err(|error| error.to_string())
    }

    fn document(_: &Context, client: &Client) -> ClientResource {
        ClientResource::from(client)
    }

    async fn shown(context: &Context, client: &Client) -> Result<ClientResource, Rejected> {
        let recent_logins = clients::recent_logins(&context.app.admin, &context.authority, client).await?;
        Ok(ClientResource { recent_logins, ..ClientResource::from(client) })
    }

    fn row(client: &Client) -> Vec<String> {
        let kind = serde_json::to_value(client.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
        vec![
            client.id.to_string(),
            client.presentation.name.clone(),
            kind.unwrap_or_default(),
            client.authentication.method.as_str().to_owned(),
            if client.enabled { "enabled" } else { "disabled" }.to_owned(),
            client.created_at.to_string(),
        ]
    }

    fn version(client: &Client) -> i64 {
        client.version
    }

    fn changed(changed: &WithSecret) -> &Client {
        &changed.client
    }

    /// The client information response of RFC 7591 section 3.2.1: `client_secret_expires_at` goes with a secret that is issued.
    fn json(_: &Context, changed: &WithSecret) -> Outcome<Value> {
        let mut shown = serde_json::to_value(ClientResource::from(&changed.client)).map_err(Failure::of)?;
        if let Some(secret) = &changed.secret {
            shown["client_secret"] = secret.expose().as_str().into();
            shown["client_secret_expires_at"] = 0.into();
        }
        Ok(shown)
    }

    fn option(field: &str) -> Option<&'static str> {
        form::option(field)
    }

    fn tell(context: &mut Context, changed: &WithSecret, done: Done) -> Outcome {
        let output = &mut context.output;
        let done = match done {
            Done::Created => "registered",
            Done::Updated => "changed",
        };
        output.line(format!("{} is {done}.", changed.client.presentation.name))?;
        output.line(format!("  client id      {}", changed.client.id))?;
        if let Some(secret) = &changed.secret {
            let secret = output.styled(Style::Bold, secret.expose());
            output.raw(&format!("  client secret  {secret}\n"))?;
            output.line("Keep the secret now: it is not shown again.")?;
        }
        Ok(())
    }

    async fn find(context: &Context, id: &ClientId) -> Result<Option<Client>, Rejected> {
        clients::find(&context.app.admin, &context.authority, id).await
    }

    async fn create(context: &Context, document: ClientResource) -> Result<WithSecret, Rejected> {
        clients::create(&context.app.admin, &context.authority, document).await
    }

    async fn update(context: &Context, was: &Client, document: &ClientResource) -> Result<WithSecret, Rejected> {
        clients::update(&context.app.admin, &context.authority, &was.id, document).await
    }

    async fn set_enabled(context: &Context, client: &Client, enabled: bool) -> Result<(), Rejected> {
        clients::set_enabled(&context.app.admin, &context.authority, &client.id, enabled).await.map(|_| ())
    }
}

impl ClientsCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List(listing) => listing.print::<Clients>(context, &all(context).await?),
            Self::Show(show) => show.run(context).await,
            Self::Create(Create { client_id, kind, recipe, form, json, .. }) if recipe.is_named() => {
                let form = ClientResource { client_id, kind, ..form.read()? };
                recipe.run(context, form, json).await
            }
            Self::Create(Create { file, client_id, kind, form, json, .. }) => {
                let form = || Ok(ClientResource { client_id, kind, ..form.read()? });
                frame::create::<Clients>(context, file.as_deref(), form, json).await
            }
            Self::Update(Update { one, file, form, json }) => {
                one.update(context, file.as_deref(), || form.read(), json).await
            }
            Self::Enable(one) => one.set_enabled(context, true).await,
            Self::Disable(one) => one.set_enabled(context, false).await,
            Self::RotateSecret(rotate) => rotate.run(context).await,
            Self::Delete(delete) => run_delete(context, &delete).await,
            Self::Problems(problems) => problems.run(context).await,
        }
    }
}

impl RotateSecret {
    async fn run(self, context: &mut Context) -> Outcome {
        let client = self.one.find(context).await?;
        let grace = Duration::from_secs(self.grace_hours * 3600);
        let rotated = clients::rotate_secret(&context.app.admin, &context.authority, &client.id, grace).await?;
        if self.json {
            let shown = Clients::json(context, &rotated)?;
            return context.output.json(&shown);
        }
        Clients::tell(context, &rotated, Done::Updated)
    }
}

async fn run_delete(context: &mut Context, delete: &Delete<Clients>) -> Outcome {
    let client = delete.one.find(context).await?;
    delete.confirm(&format!(
        "Delete {} ({}) with everything that it was granted?",
        client.id, client.presentation.name
    ))?;
    clients::delete(&context.app.admin, &context.authority, &client.id).await?;
    delete.tell(context, &client.id, format!("{} is deleted.", client.id))
}

/// Every client, by id.
async fn all(context: &Context) -> Outcome<Vec<Client>> {
    let mut all: Vec<Client> = Vec::new();
    loop {
        let after = all.last().map(|client| client.id.clone());
        let page = clients::list(&context.app.admin, &context.authority, after.as_ref(), 500).await?;
        let more = page.more && !page.items.is_empty();
        all.extend(page.items);
        if !more {
            return Ok(all);
        }
    }
}
