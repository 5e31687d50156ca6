//! `haechi clients`: the apps and services that use this server.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::output::Style;
use super::prompt;
use crate::admin::clients::{self, ClientResource, DEFAULT_GRACE, WithSecret};
use crate::model::Client;
use crate::model::client::ClientId;

mod form;

use form::Form;

#[derive(Debug, Subcommand)]
pub(super) enum ClientsCommand {
    /// List clients by id.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one client, as JSON: a document that `create --file` and `update --file` read.
    Show(Show),
    /// Register a client: its secret, where it has one, is shown once
    ///
    /// haechi clients create --kind web --name Shop --redirect-uri https://shop.example/callback --scope 'openid email'
    /// haechi clients create --kind service --name Nightly --resource https://api.example --scope 'orders:read'
    /// haechi clients create --file client.json
    #[command(verbatim_doc_comment)]
    Create(Create),
    /// Change what a client registered: what is named here is replaced, the rest stays.
    Update(Update),
    /// Switch a client on.
    Enable(One),
    /// Switch a client off: everything that it was granted stops working at once.
    Disable(One),
    /// Give a client a new secret, shown once. The old one works on for a while.
    RotateSecret(RotateSecret),
    /// Delete a client with everything that it was granted.
    Delete(Delete),
}

#[derive(Args, Debug)]
pub(super) struct One {
    /// The client id.
    #[arg(value_parser = client_id)]
    client_id: ClientId,
}

#[derive(Args, Debug)]
pub(super) struct Show {
    /// The client id.
    #[arg(value_parser = client_id)]
    client_id: ClientId,
    /// As JSON, which is how it is shown anyway.
    #[arg(long)]
    json: bool,
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
    #[arg(long, value_parser = form::kind, required_unless_present = "file")]
    kind: Option<crate::model::client::ClientKind>,
    #[command(flatten)]
    form: Form,
    /// Print as JSON, the secret included.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct Update {
    /// The client id.
    #[arg(value_parser = client_id)]
    client_id: ClientId,
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
    /// The client id.
    #[arg(value_parser = client_id)]
    client_id: ClientId,
    /// Hours that the old secret works beside the new one; 0 ends it at once.
    #[arg(long, default_value_t = DEFAULT_GRACE.as_secs() / 3600, value_parser = clap::value_parser!(u64).range(0..=24 * 90))]
    grace_hours: u64,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct Delete {
    /// The client id.
    #[arg(value_parser = client_id)]
    client_id: ClientId,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
}

fn client_id(text: &str) -> Result<ClientId, String> {
    ClientId::parse(text).map_err(|error| error.to_string())
}

impl ClientsCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List { json } => list(context, json).await,
            Self::Show(Show { client_id, json: _ }) => {
                let client = find(context, &client_id).await?;
                context.output.json(&ClientResource::from(&client))
            }
            Self::Create(create) => create.run(context).await,
            Self::Update(update) => update.run(context).await,
            Self::Enable(one) => set_enabled(context, &one.client_id, true).await,
            Self::Disable(one) => set_enabled(context, &one.client_id, false).await,
            Self::RotateSecret(rotate) => {
                let grace = Duration::from_secs(rotate.grace_hours * 3600);
                let admin = &context.app.admin;
                let rotated = clients::rotate_secret(admin, &context.authority, &rotate.client_id, grace).await?;
                show(context, &rotated, rotate.json)
            }
            Self::Delete(delete) => delete.run(context).await,
        }
    }
}

impl Create {
    async fn run(self, context: &mut Context) -> Outcome {
        let new = match (&self.file, self.kind) {
            (Some(file), _) => read(file)?,
            (None, Some(kind)) => {
                ClientResource { client_id: self.client_id.clone(), kind: Some(kind), ..self.form.read()? }
            }
            (None, None) => return Err(Failure::usage("say --kind or --file")),
        };
        let created = clients::create(&context.app.admin, &context.authority, new).await?;
        show(context, &created, self.json)
    }
}

impl Update {
    async fn run(self, context: &mut Context) -> Outcome {
        let document: ClientResource = match &self.file {
            Some(file) => read(file)?,
            None => self.form.read()?,
        };
        let was = find(context, &self.client_id).await?;
        let updated = clients::update(&context.app.admin, &context.authority, &self.client_id, &document).await?;
        if !self.json && updated.client.version == was.version {
            return context.output.line(format!("{} is unchanged.", updated.client.id));
        }
        show(context, &updated, self.json)
    }
}

impl Delete {
    async fn run(self, context: &mut Context) -> Outcome {
        let client = find(context, &self.client_id).await?;
        let question =
            format!("Delete {} ({}) with everything that it was granted?", client.id, client.presentation.name);
        if !self.yes && !prompt::agreed(&crate::support::escape::escaped(&question))? {
            return Err(Failure::of("nothing was deleted; --yes deletes without asking"));
        }
        clients::delete(&context.app.admin, &context.authority, &client.id).await?;
        context.output.line(format!("{} is deleted.", client.id))
    }
}

async fn list(context: &mut Context, json: bool) -> Outcome {
    let mut all = Vec::new();
    loop {
        let after = all.last().map(|client: &Client| client.id.clone());
        let page = clients::list(&context.app.admin, &context.authority, after.as_ref(), 500).await?;
        let more = page.more && !page.items.is_empty();
        all.extend(page.items);
        if !more {
            break;
        }
    }
    if json {
        return context.output.json(&all.iter().map(ClientResource::from).collect::<Vec<_>>());
    }
    let rows: Vec<_> = all.iter().map(row).collect();
    context.output.table(&["CLIENT ID", "NAME", "KIND", "AUTHENTICATION", "STATE", "MADE"], &rows)
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

async fn find(context: &Context, id: &ClientId) -> Outcome<Client> {
    let found = clients::find(&context.app.admin, &context.authority, id).await?;
    found.ok_or_else(|| Failure::of(format!("there is no client {id}; `haechi clients list` shows them all")))
}

async fn set_enabled(context: &mut Context, id: &ClientId, enabled: bool) -> Outcome {
    clients::set_enabled(&context.app.admin, &context.authority, id, enabled).await?;
    context.output.line(format!("{id} is {}.", if enabled { "switched on" } else { "switched off" }))
}

/// Shows a client that was made or changed, and its secret if it has a new one.
fn show(context: &mut Context, changed: &WithSecret, json: bool) -> Outcome {
    let secret = changed.secret.as_ref().map(|secret| secret.expose().as_str());
    if json {
        return context
            .output
            .json(&json!({ "client": ClientResource::from(&changed.client), "client_secret": secret }));
    }
    let output = &mut context.output;
    output.line(format!("{} is registered.", changed.client.presentation.name))?;
    output.line(format!("  client id      {}", changed.client.id))?;
    if let Some(secret) = secret {
        let secret = output.styled(Style::Bold, secret);
        output.raw(&format!("  client secret  {secret}\n"))?;
        output.line("Keep the secret now: it is not shown again.")?;
    }
    Ok(())
}

/// Reads a JSON file, or standard input.
fn read<T: DeserializeOwned>(file: &Path) -> Outcome<T> {
    let mut text = String::new();
    let shown = if file == Path::new("-") {
        std::io::stdin().lock().take(1 << 20).read_to_string(&mut text)?;
        "standard input".to_owned()
    } else {
        let shown = file.display().to_string();
        text = std::fs::read_to_string(file).map_err(|e| Failure::of(format!("cannot read {shown}: {e}")))?;
        shown
    };
    serde_json::from_str(&text).map_err(|e| Failure::usage(format!("{shown} is no registration in JSON: {e}")))
}
