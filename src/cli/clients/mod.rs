//! `haechi clients`: the apps and services that use this server.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};

use super::confirmation::Confirmation;
use super::context::{Context, Desk, Instead};
use super::failure::{Failure, Outcome};
use super::frame::{self, Argument, Delete, Done, Kind, Made, One, Switched};
use super::output::{Output, Style};
use super::possible::one_of;
use super::prompt;
use crate::admin::Rejected;
use crate::admin::clients::{self, ClientResource, DEFAULT_GRACE, WithSecret};
use crate::model::Client;
use crate::model::client::{ClientId, ClientKind};
use crate::support::escape::escaped;
use crate::support::{Secret, Timestamp};

mod consents;
mod form;
mod interview;
mod list;
mod logo;
mod problems;
mod recipe;
mod reserved;
mod uris;

use consents::{Consents, Withdraw};
use form::Form;
use interview::Wanted;
use list::List;
use logo::Logo;
use problems::Problems;
use recipe::ByRecipe;
use uris::Uris;

/// What `clients create` lacks where nothing says what to register and nobody can be asked.
const NOTHING_SAID: &str = "\
what to register is missing: --kind (web, browser, native or service), --name and, unless it is a service, --redirect-uri; or --for with a \
recipe (`haechi recipes`), or --file with a document of RFC 7591. At a terminal, `haechi clients create` without options asks for each";

#[derive(Debug, Subcommand)]
pub(super) enum ClientsCommand {
    /// List clients by id.
    #[command(after_long_help = "\
Examples:
  haechi clients list
  haechi clients list --limit 1000 --json
  haechi clients list --after shop")]
    List(List),
    /// Show one client, as JSON: a document that `create --file` and `update --file` read.
    #[command(after_long_help = "Examples:\n  haechi clients show shop\n  haechi clients show shop > shop.json")]
    Show(One<Clients>),
    /// Register a client: its secret, where it has one, is shown once.
    ///
    /// At a terminal and without options it asks for what is needed, and prints the command that does the same.
    #[command(after_long_help = "\
Examples:
  haechi clients create
  haechi clients create --kind web --name Shop --redirect-uri https://shop.example/callback --scope 'openid email'
  haechi clients create --for express-openid-connect --url https://shop.example
  haechi clients create --kind service --name Nightly --resource https://api.example --scope 'orders:read'
  haechi clients create --file client.json")]
    Create(Create),
    /// Change what a client registered: what is named here is replaced, the rest stays.
    ///
    /// A list that is named replaces the whole list, and what it took away is printed; --add-redirect-uri and its like change one entry.
    #[command(after_long_help = "\
Examples:
  haechi clients update shop --name 'The Shop' --add-redirect-uri https://shop.example/callback
  haechi clients update shop --file shop.json")]
    Update(Update),
    /// Switch a client on.
    #[command(after_long_help = "Examples:\n  haechi clients enable shop")]
    Enable(One<Clients>),
    /// Switch a client off: everything that it was granted stops working at once.
    #[command(after_long_help = "Examples:\n  haechi clients disable shop")]
    Disable(One<Clients>),
    /// Give a client a new secret, shown once. The old one works on for a while.
    #[command(after_long_help = "\
Examples:
  haechi clients rotate-secret shop
  haechi clients rotate-secret shop --grace-hours 0 --yes")]
    RotateSecret(RotateSecret),
    /// Delete a client with everything that it was granted.
    #[command(after_long_help = "Examples:\n  haechi clients delete shop\n  haechi clients delete shop --yes")]
    Delete(Delete<Clients>),
    Logo(Logo),
    Consents(Consents),
    Withdraw(Withdraw),
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
    #[arg(long, value_parser = one_of::<ClientKind>(), hide_possible_values = true)]
    kind: Option<ClientKind>,
    #[command(flatten)]
    recipe: ByRecipe,
    #[command(flatten)]
    form: Form,
}

#[derive(Args, Debug)]
pub(super) struct Update {
    #[command(flatten)]
    one: One<Clients>,
    /// Read what is to change from a JSON file, such as `show` prints; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["Form", "Uris"])]
    file: Option<PathBuf>,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    uris: Uris,
}

#[derive(Args, Debug)]
pub(super) struct RotateSecret {
    #[command(flatten)]
    one: One<Clients>,
    /// Hours that the old secret works beside the new one; 0 ends it at once.
    #[arg(long, default_value_t = DEFAULT_GRACE.as_secs() / 3600, value_parser = clap::value_parser!(u64).range(0..=24 * 90))]
    grace_hours: u64,
    #[command(flatten)]
    confirmation: Confirmation,
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
    const ARGUMENTS: &'static [Argument] = form::ARGUMENTS;
    const PATH: &'static str = "/clients";

    fn key(text: &str) -> Result<ClientId, String> {
        ClientId::parse(text).map_err(|error| error.to_string())
    }

    fn document(context: &Context, client: &Client) -> ClientResource {
        ClientResource::from(client).at(&context.app.issuer)
    }

    async fn shown(context: &Context, client: &Client) -> Result<ClientResource, Rejected> {
        let recent_logins = clients::recent_logins(&context.app.admin, &context.authority, client).await?;
        Ok(ClientResource { recent_logins, ..Self::document(context, client) })
    }

    async fn shown_there(desk: &mut Desk, client: ClientResource) -> Outcome<ClientResource> {
        let Desk::There(there) = desk else { return Ok(client) };
        let seen: Value = there.api.get(&format!("{}/recent-logins", frame::path::<Self>(&client))).await?;
        // The API answers with nothing else where there were none.
        let seen = if seen["count"] == 0 { None } else { Some(serde_json::from_value(seen).map_err(Failure::of)?) };
        Ok(ClientResource { recent_logins: seen, ..client })
    }

    fn name(client: &ClientResource) -> &str {
        client.client_id.as_deref().unwrap_or_default()
    }

    fn row(client: &ClientResource) -> Vec<String> {
        vec![
            Self::name(client).to_owned(),
            client.client_name.clone().unwrap_or_default(),
            word(client.kind.as_ref()),
            word(client.token_endpoint_auth_method.as_ref()),
            if client.enabled == Some(true) { "enabled" } else { "disabled" }.to_owned(),
            client.client_id_issued_at.map(|at| Timestamp::from_seconds(at).to_string()).unwrap_or_default(),
        ]
    }

    fn version(client: &ClientResource) -> Option<i64> {
        client.version
    }

    fn secrets(client: &ClientResource) -> Vec<(&'static str, &Secret<String>)> {
        client.client_secret.iter().map(|secret| ("client_secret", secret)).collect()
    }

    fn made(context: &Context, changed: &WithSecret) -> ClientResource {
        Self::document(context, &changed.client)
    }

    fn shown_once(changed: &WithSecret) -> Option<Secret<String>> {
        changed.secret.clone()
    }

    /// The client information response of RFC 7591 section 3.2.1: `client_secret_expires_at` goes with a secret that is issued.
    fn issue(document: &mut Value, secret: &Secret<String>) {
        document["client_secret"] = secret.expose().as_str().into();
        document["client_secret_expires_at"] = 0.into();
    }

    fn tell(output: &mut Output, made: &Made<Self>, done: Done) -> Outcome {
        let done = match done {
            Done::Created => "registered",
            Done::Updated => "changed",
        };
        output.line(format!("{} is {done}.", made.document.client_name.as_deref().unwrap_or_default()))?;
        output.line(format!("  client id      {}", Self::name(&made.document)))?;
        if let Some(secret) = &made.secret {
            let secret = output.styled(Style::Bold, &escaped(secret.expose()));
            output.raw(&format!("  client secret  {secret}\n"))?;
            output.line("Keep the secret now: it is not shown again.")?;
        }
        Ok(())
    }

    async fn find(context: &Context, id: &ClientId) -> Result<Option<Client>, Rejected> {
        clients::find(&context.app.admin, &context.authority, id).await
    }

    async fn meant(context: &Context, text: &str) -> Result<Option<String>, Rejected> {
        clients::meant(&context.app.admin, &context.authority, text).await
    }

    async fn create(context: &Context, document: ClientResource) -> Result<WithSecret, Rejected> {
        clients::create(&context.app.admin, &context.authority, document).await
    }

    async fn update(context: &Context, was: &Client, document: &ClientResource) -> Result<WithSecret, Rejected> {
        clients::update(&context.app.admin, &context.authority, &was.id, document).await
    }
}

impl Switched for Clients {
    async fn set_enabled(context: &Context, client: &Client, enabled: bool) -> Result<(), Rejected> {
        clients::set_enabled(&context.app.admin, &context.authority, &client.id, enabled).await.map(|_| ())
    }
}

impl ClientsCommand {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List(list) => list.run(desk).await,
            Self::Show(one) => one.show(desk).await,
            Self::Create(create) => create.run(desk).await,
            Self::Update(update) => update.run(desk).await,
            Self::Enable(one) => one.set_enabled(desk, true).await,
            Self::Disable(one) => one.set_enabled(desk, false).await,
            Self::RotateSecret(rotate) => rotate.run(desk).await,
            Self::Delete(delete) => run_delete(desk, &delete).await,
            Self::Logo(logo) => logo.run(desk).await,
            Self::Consents(consents) => consents.run(desk).await,
            Self::Withdraw(withdraw) => withdraw.run(desk).await,
            Self::Problems(problems) => problems.run(desk.here(Instead::Call("listProblems"))?).await,
        }
    }
}

/// A value as documents have it; nothing of nothing.
fn word(value: Option<&impl Serialize>) -> String {
    let word = value.and_then(|value| serde_json::to_value(value).ok());
    word.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

impl Create {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let Self { file, client_id, kind, recipe, form } = self;
        let is_named = file.is_some() || client_id.is_some() || kind.is_some() || recipe.is_named();
        let said = ClientResource { client_id, kind, ..form.read()? };
        if recipe.is_named() {
            return recipe.run(desk.here(Instead::Call("createClient"))?, said).await;
        }
        if is_named || said != ClientResource::default() {
            return frame::create::<Clients>(desk, file.as_deref(), || with_kind(said)).await;
        }
        if !prompt::is_at_terminal() {
            return Err(Failure::usage(NOTHING_SAID));
        }
        match interview::run()? {
            Wanted::Client(wanted) => frame::create::<Clients>(desk, None, || Ok(*wanted)).await,
            Wanted::Recipe(recipe) => recipe.run(desk.here(Instead::Call("createClient"))?, said).await,
        }
    }
}

impl Update {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let Self { one, file, form, uris } = self;
        one.update(desk, file.as_deref(), |was| uris.added_to(form.read()?, was)).await
    }
}

/// Arguments say of which kind a client is; a document of RFC 7591 tells it by the rest.
fn with_kind(said: ClientResource) -> Outcome<ClientResource> {
    match said.kind {
        Some(_) => Ok(said),
        None => Err(Failure::usage("--kind is missing: web, browser, native or service")),
    }
}

impl RotateSecret {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let client = self.one.document(desk).await?;
        if self.grace_hours == 0 {
            let question = format!(
                "End the old secret of {} at once? What still uses it is refused from then on.",
                Clients::name(&client)
            );
            self.confirmation.given(&question, "the secret was not rotated")?;
        }
        let grace = self.grace_hours * 3600;
        let rotated = match desk {
            Desk::Here(context) => {
                let (id, grace) = (self.one.find(context).await?.id, Duration::from_secs(grace));
                let (admin, authority) = (&context.app.admin, &context.authority);
                Made::<Clients>::here(context, &clients::rotate_secret(admin, authority, &id, grace).await?)?
            }
            Desk::There(_) => {
                let wanted = json!({ "grace_seconds": grace });
                frame::act_there::<Clients>(desk, &client, (Method::POST, "secret", Some(&wanted))).await?
            }
        };
        rotated.print(desk.output(), Done::Updated)
    }
}

async fn run_delete(desk: &mut Desk, delete: &Delete<Clients>) -> Outcome {
    let client = delete.one.document(desk).await?;
    let (id, name) = (Clients::name(&client), client.client_name.as_deref().unwrap_or_default());
    delete.confirm(&format!("Delete {id} ({name}) with everything that it was granted?"))?;
    match desk {
        Desk::Here(context) => {
            let client = delete.one.find(context).await?;
            clients::delete(&context.app.admin, &context.authority, &client.id).await?;
        }
        Desk::There(_) => frame::delete_there::<Clients>(desk, &client, &[]).await?,
    }
    frame::tell_deleted(desk.output(), id, format!("{id} is deleted."))
}
