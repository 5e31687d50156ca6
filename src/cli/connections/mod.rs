//! `haechi connections`: the providers that end-users sign in with.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::json;

use super::context::{Context, Desk, Instead};
use super::failure::{Failure, Outcome};
use super::frame::{self, Argument, Delete, Done, Kind, Made, One, Said, Switched};
use super::output::{Output, Style};
use super::possible::Offered;
use super::prompt;
use crate::admin::Rejected;
use crate::admin::connections::{self, CameThrough, ConnectionResource, DEFAULT_GRACE};
use crate::admin::users;
use crate::model::Connection;
use crate::model::connection::Slug;
use crate::support::Secret;
use crate::support::escape::escaped;
use crate::upstream::presets;

mod form;
mod known;

use form::Form;
use known::{list_presets, preset_ids};

#[derive(Debug, Subcommand)]
pub(super) enum ConnectionsCommand {
    /// List connections in the order of their buttons.
    #[command(after_long_help = "Examples:\n  haechi connections list\n  haechi connections list --json")]
    List,
    /// List the providers that Haechi knows, and what each needs.
    #[command(after_long_help = "Examples:\n  haechi connections presets")]
    Presets,
    /// Show one connection, as JSON: a document that `create --file` and `update --file` read. Its secrets are never shown.
    #[command(after_long_help = "Examples:\n  haechi connections show google")]
    Show(One<Connections>),
    /// Make a connection, switched off: its secret is asked for, or read from standard input.
    #[command(after_long_help = "\
Examples:
  haechi connections create --preset google --client-id 1234.apps.googleusercontent.com
  haechi connections create --preset oidc --slug work --set issuer=https://idp.example --client-id haechi --label Work
  haechi connections create --preset apple --client-id com.example.web --set team_id=… --set key_id=… < AuthKey.p8
  haechi connections create --file connection.json")]
    Create(Create),
    /// Change a connection: what is named here is replaced, the rest stays.
    #[command(after_long_help = "\
Examples:
  haechi connections update google --label 'Our company' --allowed-domains example.com
  haechi connections update google --file google.json")]
    Update(Update),
    /// Switch a connection on: its button appears.
    #[command(after_long_help = "Examples:\n  haechi connections enable google")]
    Enable(One<Connections>),
    /// Switch a connection off: no end-user signs in with it until it is on again, and what came through it ends.
    #[command(after_long_help = "\
Examples:
  haechi connections disable google
  haechi connections disable google --keep-sessions")]
    Disable(Disable),
    /// Give a connection a new secret, asked for or read from standard input. The old one is tried beside it for a while.
    #[command(after_long_help = "\
Examples:
  haechi connections rotate-secret google
  haechi connections rotate-secret apple < AuthKey.p8")]
    RotateSecret(RotateSecret),
    /// Print the tokens that a connection keeps of an account, as JSON, with when they came. That they were read is noted.
    #[command(after_long_help = "Examples:\n  haechi connections tokens google kim@example.com")]
    Tokens(Tokens),
    /// Delete a connection with its links: end-users who have no other way in lose access.
    #[command(after_long_help = "\
Examples:
  haechi connections delete google
  haechi connections delete google --keep-sessions --yes")]
    Delete(DeleteConnection),
}

#[derive(Args, Debug)]
pub(super) struct Disable {
    #[command(flatten)]
    one: One<Connections>,
    /// Let the sessions and grants that came through it go on; they end otherwise.
    #[arg(long)]
    keep_sessions: bool,
}

#[derive(Args, Debug)]
pub(super) struct DeleteConnection {
    #[command(flatten)]
    delete: Delete<Connections>,
    /// Let the sessions and grants that came through it go on; they end otherwise.
    #[arg(long)]
    keep_sessions: bool,
}

impl Disable {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let connection = self.one.document(desk).await?;
        match desk {
            Desk::Here(context) => {
                let (slug, came_through) = (self.one.find(context).await?.slug, CameThrough::kept(self.keep_sessions));
                connections::set_enabled(&context.app.admin, &context.authority, &slug, false, came_through).await?;
            }
            Desk::There(there) => {
                let path = format!("{}/disable", frame::path::<Connections>(&connection));
                there.api.done(Method::POST, &path, (keeping(self.keep_sessions), None)).await?;
            }
        }
        self.one.tell(desk, format!("{} is switched off.", Connections::name(&connection))).await
    }
}

/// The query that says what becomes of what came through a connection.
const fn keeping(sessions: bool) -> &'static [(&'static str, &'static str)] {
    if sessions { &[("keep_sessions", "true")] } else { &[] }
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// Read everything from a JSON file, such as `show` prints; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["preset", "slug", "no_secret", "Form"])]
    file: Option<PathBuf>,
    /// What kind of provider it is: see `haechi connections presets`.
    #[arg(long, required_unless_present = "file", value_parser = Offered(preset_ids), hide_possible_values = true)]
    preset: Option<String>,
    /// A name in URLs of your choice; made from the preset's otherwise. It is part of the redirect URI and never changes.
    #[arg(long)]
    slug: Option<String>,
    /// Do not ask for the secret now: `rotate-secret` sets it later.
    #[arg(long)]
    no_secret: bool,
    #[command(flatten)]
    form: Form,
}

#[derive(Args, Debug)]
pub(super) struct Update {
    #[command(flatten)]
    one: One<Connections>,
    /// Read what is to change from a JSON file, such as `show` prints; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["secret", "Form"])]
    file: Option<PathBuf>,
    /// Ask for the secret again, or read it from standard input: needed when the connection leads elsewhere.
    #[arg(long)]
    secret: bool,
    #[command(flatten)]
    form: Form,
}

#[derive(Args, Debug)]
pub(super) struct RotateSecret {
    #[command(flatten)]
    one: One<Connections>,
    /// Hours that the old secret is tried beside the new one; 0 ends it at once.
    #[arg(long, default_value_t = DEFAULT_GRACE.as_secs() / 3600, value_parser = clap::value_parser!(u64).range(0..=24 * 90))]
    grace_hours: u64,
}

#[derive(Args, Debug)]
pub(super) struct Tokens {
    #[command(flatten)]
    one: One<Connections>,
    /// Of which account: its id or its e-mail address.
    user: String,
}

/// Connections as the command line administers them.
#[derive(Clone, Debug)]
pub(super) struct Connections;

impl Kind for Connections {
    type Key = Slug;
    type Model = Connection;
    type Document = ConnectionResource;
    type Changed = Connection;

    const NAME: &'static str = "connection";
    const COMMAND: &'static str = "connections";
    const KEY: &'static str = "SLUG";
    const KEY_HELP: &'static str = "The connection's name in URLs.";
    const HEAD: &'static [&'static str] = &["CONNECTION", "PRESET", "LABEL", "SIGN-UP", "STATE", "MADE"];
    const ARGUMENTS: &'static [Argument] = form::ARGUMENTS;
    const PATH: &'static str = "/connections";

    fn key(text: &str) -> Result<Slug, String> {
        Slug::parse(text).map_err(|error| error.to_string())
    }

    fn document(context: &Context, connection: &Connection) -> ConnectionResource {
        ConnectionResource::of(connection, &context.app.issuer)
    }

    fn name(connection: &ConnectionResource) -> &str {
        connection.slug.as_deref().unwrap_or_default()
    }

    fn row(connection: &ConnectionResource) -> Vec<String> {
        vec![
            Self::name(connection).to_owned(),
            connection.preset.clone().unwrap_or_default(),
            connection.label.clone().unwrap_or_default(),
            if connection.sign_up == Some(true) { "allowed" } else { "not allowed" }.to_owned(),
            if connection.enabled == Some(true) { "enabled" } else { "disabled" }.to_owned(),
            connection.created_at.clone().unwrap_or_default(),
        ]
    }

    fn version(connection: &ConnectionResource) -> Option<i64> {
        connection.version
    }

    fn secrets(connection: &ConnectionResource) -> Vec<(&'static str, &Secret<String>)> {
        connection.client_secret.iter().map(|secret| ("client_secret", secret)).collect()
    }

    fn made(context: &Context, changed: &Connection) -> ConnectionResource {
        Self::document(context, changed)
    }

    fn tell(output: &mut Output, made: &Made<Self>, what: Done) -> Outcome {
        let slug = Self::name(&made.document);
        if what == Done::Updated {
            return output.line(format!("{slug} is changed."));
        }
        let uri = made.document.redirect_uris.as_deref().unwrap_or_default().first().map_or("", String::as_str);
        let issuer = uri.strip_suffix(&format!("/upstream/{slug}/callback")).unwrap_or_default();
        let (uri, page) = (output.styled(Style::Bold, &escaped(uri)), format!("{issuer}/admin/connections/{slug}"));
        output.line(format!("{slug} is made, and switched off."))?;
        output.raw(&format!("  redirect URI  {uri}\n"))?;
        let page = output.styled(Style::Link, &escaped(&page));
        output.line("Enter the redirect URI at the provider, to the letter. Then test it, signed in as an administrator, at its page:")?;
        output.raw(&format!("  {page}\n"))?;
        output.line("and when the test shows what you expect, switch it on:")?;
        output.line(format!("  haechi connections enable {slug}"))
    }

    async fn find(context: &Context, slug: &Slug) -> Result<Option<Connection>, Rejected> {
        connections::find(&context.app.admin, &context.authority, slug).await
    }

    async fn create(context: &Context, document: ConnectionResource) -> Result<Connection, Rejected> {
        connections::create(&context.app.admin, &context.authority, document).await
    }

    async fn update(
        context: &Context,
        was: &Connection,
        document: &ConnectionResource,
    ) -> Result<Connection, Rejected> {
        connections::update(&context.app.admin, &context.authority, &was.slug, document).await
    }
}

impl Switched for Connections {
    async fn set_enabled(context: &Context, connection: &Connection, enabled: bool) -> Result<(), Rejected> {
        let (admin, authority) = (&context.app.admin, &context.authority);
        let came_through = CameThrough::default();
        connections::set_enabled(admin, authority, &connection.slug, enabled, came_through).await.map(|_| ())
    }
}

impl ConnectionsCommand {
    /// The providers that Haechi knows, which it knows without a server; `None` where something else is asked for.
    pub(super) fn presets(&self, output: &mut Output) -> Option<Outcome> {
        matches!(self, Self::Presets).then(|| list_presets(output))
    }

    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List => {
                let all = match desk {
                    Desk::Here(context) => {
                        let all = connections::list(&context.app.admin, &context.authority).await?;
                        frame::documents::<Connections>(context, &all)
                    }
                    Desk::There(there) => there.api.all(Connections::PATH, &[]).await?,
                };
                frame::list::<Connections>(desk.output(), &all)
            }
            Self::Presets => list_presets(desk.output()),
            Self::Show(one) => one.show(desk).await,
            Self::Create(create) => create.run(desk).await,
            Self::Update(update) => update.run(desk).await,
            Self::Enable(one) => one.set_enabled(desk, true).await,
            Self::Disable(disable) => disable.run(desk).await,
            Self::RotateSecret(rotate) => rotate.run(desk).await,
            Self::Tokens(tokens) => tokens.run(desk.here(Instead::OnTheMachine)?).await,
            Self::Delete(delete) => run_delete(desk, &delete).await,
        }
    }
}

impl Create {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let Self { file, preset, slug, no_secret, form } = self;
        let form = || {
            if let Some(unknown) = preset.as_ref().filter(|preset| presets::find(preset).is_none()) {
                let problem = format!("there is no preset {unknown}; `haechi connections presets` lists them all");
                return Err(Failure::of(problem));
            }
            let document = form.read()?;
            let client_secret = if no_secret { None } else { Some(prompt::upstream_secret()?) };
            Ok(ConnectionResource { slug, preset, client_secret, ..document })
        };
        frame::create::<Connections>(desk, file.as_deref(), form).await
    }
}

impl Update {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let Self { one, file, secret, form } = self;
        let form = |_: &ConnectionResource| {
            let document = form.read()?;
            let client_secret = if secret { Some(prompt::upstream_secret()?) } else { None };
            Ok(ConnectionResource { client_secret, ..document })
        };
        one.update(desk, file.as_deref(), form).await
    }
}

impl RotateSecret {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let connection = self.one.document(desk).await?;
        let (secret, grace) = (prompt::upstream_secret()?, self.grace_hours * 3600);
        let rotated = match desk {
            Desk::Here(context) => {
                let (slug, grace) = (self.one.find(context).await?.slug, Duration::from_secs(grace));
                let (admin, authority) = (&context.app.admin, &context.authority);
                let rotated = connections::rotate_secret(admin, authority, &slug, &secret, grace).await;
                let rotated = rotated.map_err(|why| Said::InOptions.refused::<Connections>(why))?;
                Connections::document(context, &rotated)
            }
            Desk::There(_) => {
                let given = json!({ "client_secret": secret.expose(), "grace_seconds": grace });
                let action = (Method::PUT, "secret", Some(&given));
                frame::act_there::<Connections>(desk, &connection, action).await?.document
            }
        };
        if desk.output().is_json() {
            return self.one.show(desk).await;
        }
        let output = desk.output();
        output.line(format!("{} has a new secret.", Connections::name(&connection)))?;
        let secrets = rotated.secrets.as_deref().unwrap_or_default();
        match secrets.get(1).and_then(|old| old.expires_at.as_deref()) {
            Some(until) => output.line(format!("The old one is tried beside it until {until}.")),
            None => Ok(()),
        }
    }
}

impl Tokens {
    async fn run(self, context: &mut Context) -> Outcome {
        let Connection { slug, keep_tokens, .. } = self.one.find(context).await?;
        let found = users::find(&context.app.admin, &context.authority, &self.user).await?;
        let user = found.ok_or_else(|| Failure::of(format!("there is no account {}", self.user)))?;
        let tokens = connections::tokens(&context.app.admin, &context.authority, &slug, user.id).await?;
        if tokens.is_empty() && !keep_tokens {
            let problem =
                format!("{slug} keeps no tokens; `haechi connections update {slug} --keep-tokens true` changes that");
            return Err(Failure::of(problem));
        }
        context.output.json(&tokens)
    }
}

async fn run_delete(desk: &mut Desk, deletion: &DeleteConnection) -> Outcome {
    let DeleteConnection { delete, keep_sessions } = deletion;
    let connection = delete.one.document(desk).await?;
    let slug = Connections::name(&connection);
    let gone = match desk {
        Desk::Here(context) => {
            let Connection { id, slug, .. } = delete.one.find(context).await?;
            let links = connections::links(&context.app.admin, &context.authority, id).await?;
            delete.confirm(&format!("Delete {slug} with {links} linked accounts?"))?;
            let (admin, came_through) = (&context.app.admin, CameThrough::kept(*keep_sessions));
            let gone = connections::delete(admin, &context.authority, &slug, came_through).await?;
            format!("{gone} links")
        }
        Desk::There(_) => {
            delete.confirm(&format!("Delete {slug} with every account that is linked by it?"))?;
            frame::delete_there::<Connections>(desk, &connection, keeping(*keep_sessions)).await?;
            "the links".to_owned()
        }
    };
    frame::tell_deleted(desk.output(), slug, format!("{slug} is deleted, and {gone} of accounts with it."))
}
