//! `haechi connections`: the providers that end-users sign in with.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::frame::{self, Argument, Delete, Done, Kind, One, Said, Switched};
use super::output::{Output, Style};
use super::possible::Offered;
use super::prompt;
use crate::admin::Rejected;
use crate::admin::connections::{
    self, CameThrough, ConnectionResource, DEFAULT_GRACE, PresetView, SettingView, redirect_uri,
};
use crate::admin::users;
use crate::config::load::Sources;
use crate::model::Connection;
use crate::model::connection::Slug;
use crate::upstream::presets;

mod form;

use form::Form;

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
    async fn run(self, context: &mut Context) -> Outcome {
        let slug = self.one.find(context).await?.slug;
        let came_through = CameThrough::kept(self.keep_sessions);
        connections::set_enabled(&context.app.admin, &context.authority, &slug, false, came_through).await?;
        self.one.tell(context, format!("{slug} is switched off.")).await
    }
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

    fn key(text: &str) -> Result<Slug, String> {
        Slug::parse(text).map_err(|error| error.to_string())
    }

    fn document(context: &Context, connection: &Connection) -> ConnectionResource {
        ConnectionResource::of(connection, &context.app.issuer)
    }

    fn row(connection: &Connection) -> Vec<String> {
        vec![
            connection.slug.to_string(),
            connection.preset.clone(),
            connection.label.clone(),
            if connection.sign_up { "allowed" } else { "not allowed" }.to_owned(),
            if connection.enabled { "enabled" } else { "disabled" }.to_owned(),
            connection.created_at.to_string(),
        ]
    }

    fn version(connection: &Connection) -> i64 {
        connection.version
    }

    fn changed(changed: &Connection) -> &Connection {
        changed
    }

    fn tell(context: &mut Context, connection: &Connection, what: Done) -> Outcome {
        if what == Done::Updated {
            return context.output.line(format!("{} is changed.", connection.slug));
        }
        let uri = context.output.styled(Style::Bold, &redirect_uri(&context.app.issuer, &connection.slug));
        context.output.line(format!("{} is made, and switched off.", connection.slug))?;
        context.output.raw(&format!("  redirect URI  {uri}\n"))?;
        let page = context.app.issuer.url(&format!("/admin/connections/{}", connection.slug));
        let page = context.output.styled(Style::Link, &page);
        context.output.line("Enter the redirect URI at the provider, to the letter. Then test it, signed in as an administrator, at its page:")?;
        context.output.raw(&format!("  {page}\n"))?;
        context.output.line("and when the test shows what you expect, switch it on:")?;
        context.output.line(format!("  haechi connections enable {}", connection.slug))
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
    /// Does as told. What Haechi knows of providers it knows without a server.
    pub(super) fn run(self, sources: &Sources, mut output: Output) -> Outcome {
        match self {
            Self::Presets => list_presets(&mut output),
            command => Context::within(sources.load()?, output, async |context| command.run_within(context).await),
        }
    }

    async fn run_within(self, context: &mut Context) -> Outcome {
        match self {
            Self::List => {
                let all = connections::list(&context.app.admin, &context.authority).await?;
                frame::list::<Connections>(context, &all)
            }
            Self::Presets => list_presets(&mut context.output),
            Self::Show(one) => one.show(context).await,
            Self::Create(create) => create.run(context).await,
            Self::Update(update) => update.run(context).await,
            Self::Enable(one) => one.set_enabled(context, true).await,
            Self::Disable(disable) => disable.run(context).await,
            Self::RotateSecret(rotate) => rotate.run(context).await,
            Self::Tokens(tokens) => tokens.run(context).await,
            Self::Delete(delete) => run_delete(context, &delete).await,
        }
    }
}

impl Create {
    async fn run(self, context: &mut Context) -> Outcome {
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
        frame::create::<Connections>(context, file.as_deref(), form).await
    }
}

impl Update {
    async fn run(self, context: &mut Context) -> Outcome {
        let Self { one, file, secret, form } = self;
        let form = |_: &Connection| {
            let document = form.read()?;
            let client_secret = if secret { Some(prompt::upstream_secret()?) } else { None };
            Ok(ConnectionResource { client_secret, ..document })
        };
        one.update(context, file.as_deref(), form).await
    }
}

impl RotateSecret {
    async fn run(self, context: &mut Context) -> Outcome {
        let Connection { slug, .. } = self.one.find(context).await?;
        let secret = prompt::upstream_secret()?;
        let grace = Duration::from_secs(self.grace_hours * 3600);
        let admin = &context.app.admin;
        let rotated = connections::rotate_secret(admin, &context.authority, &slug, &secret, grace).await;
        let rotated = rotated.map_err(|why| Said::InOptions.refused::<Connections>(why))?;
        if context.output.is_json() {
            return self.one.show(context).await;
        }
        context.output.line(format!("{slug} has a new secret."))?;
        match rotated.secrets.get(1).and_then(|old| old.expires_at) {
            Some(until) => context.output.line(format!("The old one is tried beside it until {until}.")),
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

async fn run_delete(context: &mut Context, deletion: &DeleteConnection) -> Outcome {
    let DeleteConnection { delete, keep_sessions } = deletion;
    let Connection { id, slug, .. } = delete.one.find(context).await?;
    let links = connections::links(&context.app.admin, &context.authority, id).await?;
    delete.confirm(&format!("Delete {slug} with {links} linked accounts?"))?;
    let (admin, came_through) = (&context.app.admin, CameThrough::kept(*keep_sessions));
    let gone = connections::delete(admin, &context.authority, &slug, came_through).await?;
    frame::tell_deleted(context, &slug, format!("{slug} is deleted, and {gone} links of accounts with it."))
}

fn preset_ids() -> Vec<&'static str> {
    presets::ALL.iter().map(|preset| preset.id).collect()
}

fn list_presets(output: &mut Output) -> Outcome {
    let views: Vec<PresetView> = presets::ALL.iter().map(|preset| PresetView::from(*preset)).collect();
    if output.is_json() {
        return output.json(&views);
    }
    let setting = |setting: &SettingView| {
        if setting.required { setting.name.to_owned() } else { format!("[{}]", setting.name) }
    };
    let row = |view: &PresetView| {
        let settings: Vec<String> = view.settings.iter().map(setting).collect();
        vec![view.id.to_owned(), view.name.to_owned(), settings.join(" "), view.console.to_owned()]
    };
    let rows: Vec<Vec<String>> = views.iter().map(row).collect();
    output.table(&["PRESET", "NAME", "SETTINGS", "WHERE APPS ARE REGISTERED"], &rows)
}
