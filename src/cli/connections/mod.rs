//! `haechi connections`: the providers that people sign in with.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use serde::de::DeserializeOwned;

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::output::Style;
use super::prompt;
use crate::admin::connections::{
    self, ConnectionEdit, ConnectionView, DEFAULT_GRACE, NewConnection, PresetView, redirect_uri,
};
use crate::admin::users;
use crate::model::Connection;
use crate::model::connection::Slug;
use crate::upstream::presets;

mod form;

use form::Form;

#[derive(Debug, Subcommand)]
pub(super) enum ConnectionsCommand {
    /// List connections in the order of their buttons.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the providers that Haechi knows, and what each needs.
    Presets {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one connection, as JSON. Its secrets are never shown.
    Show(One),
    /// Make a connection, switched off: its secret is asked for, or read from standard input
    ///
    /// haechi connections create --preset google --client-id 1234.apps.googleusercontent.com
    /// haechi connections create --preset oidc --slug work --set issuer=https://idp.example --client-id haechi --label Work
    /// haechi connections create --preset apple --client-id com.example.web --set team_id=… --set key_id=… < AuthKey.p8
    /// haechi connections create --file connection.json
    #[command(verbatim_doc_comment)]
    Create(Create),
    /// Change a connection: what is named here is replaced, the rest stays.
    Update(Update),
    /// Switch a connection on: its button appears.
    Enable(One),
    /// Switch a connection off: nobody signs in with it until it is on again.
    Disable(One),
    /// Give a connection a new secret, asked for or read from standard input. The old one is tried beside it for a while.
    RotateSecret(RotateSecret),
    /// Print the tokens that a connection keeps of a person, as JSON, with when they came. That they were read is noted.
    Tokens(TokensArgs),
    /// Delete a connection with its links: people who have no other way in lose access.
    Delete(Delete),
}

#[derive(Args, Debug)]
pub(super) struct One {
    /// The connection's name in URLs.
    #[arg(value_parser = slug)]
    slug: Slug,
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// Read everything from a JSON file; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["preset", "slug", "no_secret", "ConnectionForm"])]
    file: Option<PathBuf>,
    /// What kind of provider it is: see `haechi connections presets`.
    #[arg(long, required_unless_present = "file")]
    preset: Option<String>,
    /// A name in URLs of your choice; made from the preset's otherwise. It is part of the redirect URI and never changes.
    #[arg(long)]
    slug: Option<String>,
    /// Do not ask for the secret now: `rotate-secret` sets it later.
    #[arg(long)]
    no_secret: bool,
    #[command(flatten)]
    form: Form,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct Update {
    /// The connection's name in URLs.
    #[arg(value_parser = slug)]
    slug: Slug,
    /// Read what is to change from a JSON file; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["secret", "ConnectionForm"])]
    file: Option<PathBuf>,
    /// Ask for the secret again, or read it from standard input: needed when the connection leads elsewhere.
    #[arg(long)]
    secret: bool,
    #[command(flatten)]
    form: Form,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct RotateSecret {
    /// The connection's name in URLs.
    #[arg(value_parser = slug)]
    slug: Slug,
    /// Hours that the old secret is tried beside the new one; 0 ends it at once.
    #[arg(long, default_value_t = DEFAULT_GRACE.as_secs() / 3600, value_parser = clap::value_parser!(u64).range(0..=24 * 90))]
    grace_hours: u64,
}

#[derive(Args, Debug)]
pub(super) struct Delete {
    /// The connection's name in URLs.
    #[arg(value_parser = slug)]
    slug: Slug,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
}

#[derive(Args, Debug)]
pub(super) struct TokensArgs {
    /// The connection's name in URLs.
    #[arg(value_parser = slug)]
    slug: Slug,
    /// Whose: the id or the e-mail address of the account here.
    user: String,
}

fn slug(text: &str) -> Result<Slug, String> {
    Slug::parse(text).map_err(|error| error.to_string())
}

impl ConnectionsCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List { json } => list(context, json).await,
            Self::Presets { json } => list_presets(context, json),
            Self::Show(one) => {
                let connection = find(context, &one.slug).await?;
                context.output.json(&ConnectionView::of(&connection, &context.app.issuer))
            }
            Self::Create(create) => create.run(context).await,
            Self::Update(update) => update.run(context).await,
            Self::Enable(one) => set_enabled(context, &one.slug, true).await,
            Self::Disable(one) => set_enabled(context, &one.slug, false).await,
            Self::RotateSecret(rotate) => rotate.run(context).await,
            Self::Tokens(tokens) => tokens.run(context).await,
            Self::Delete(delete) => delete.run(context).await,
        }
    }
}

impl Create {
    async fn run(self, context: &mut Context) -> Outcome {
        let new = match (self.file, self.preset) {
            (Some(file), _) => read(&file)?,
            (None, Some(preset)) => {
                if presets::find(&preset).is_none() {
                    let problem = format!("there is no preset {preset}; `haechi connections presets` lists them all");
                    return Err(Failure::of(problem));
                }
                let fields = self.form.read();
                let client_secret = if self.no_secret { None } else { Some(prompt::upstream_secret()?) };
                NewConnection { preset, slug: self.slug, client_secret, fields }
            }
            (None, None) => return Err(Failure::usage("say --preset or --file")),
        };
        let created = connections::create(&context.app.admin, &context.authority, new).await?;
        if self.json {
            return context.output.json(&ConnectionView::of(&created, &context.app.issuer));
        }
        let uri = context.output.styled(Style::Bold, &redirect_uri(&context.app.issuer, &created.slug));
        context.output.line(format!("{} is made, and switched off.", created.slug))?;
        context.output.raw(&format!("  redirect URI  {uri}\n"))?;
        context.output.line("Enter the redirect URI at the provider, to the letter, then:")?;
        context.output.line(format!("  haechi connections enable {}", created.slug))
    }
}

impl Update {
    async fn run(self, context: &mut Context) -> Outcome {
        let edit = if let Some(file) = &self.file {
            read(file)?
        } else {
            let fields = self.form.read();
            let client_secret = if self.secret { Some(prompt::upstream_secret()?) } else { None };
            ConnectionEdit { fields, client_secret, version: None }
        };
        let updated = connections::update(&context.app.admin, &context.authority, &self.slug, &edit).await?;
        if self.json {
            return context.output.json(&ConnectionView::of(&updated, &context.app.issuer));
        }
        context.output.line(format!("{} is changed.", updated.slug))
    }
}

impl RotateSecret {
    async fn run(self, context: &mut Context) -> Outcome {
        find(context, &self.slug).await?;
        let secret = prompt::upstream_secret()?;
        let grace = Duration::from_secs(self.grace_hours * 3600);
        let admin = &context.app.admin;
        let rotated = connections::rotate_secret(admin, &context.authority, &self.slug, &secret, grace).await?;
        context.output.line(format!("{} has a new secret.", rotated.slug))?;
        match rotated.secrets.get(1).and_then(|old| old.expires_at) {
            Some(until) => context.output.line(format!("The old one is tried beside it until {until}.")),
            None => Ok(()),
        }
    }
}

impl TokensArgs {
    async fn run(self, context: &mut Context) -> Outcome {
        let connection = find(context, &self.slug).await?;
        let found = users::find(&context.app.admin, &context.authority, &self.user).await?;
        let user = found.ok_or_else(|| Failure::of(format!("there is no account {}", self.user)))?;
        let tokens = connections::tokens(&context.app.admin, &context.authority, &self.slug, user.id).await?;
        if tokens.is_empty() && !connection.keep_tokens {
            let problem = format!(
                "{0} keeps no tokens; `haechi connections update {0} --keep-tokens true` changes that",
                self.slug
            );
            return Err(Failure::of(problem));
        }
        context.output.json(&tokens)
    }
}

impl Delete {
    async fn run(self, context: &mut Context) -> Outcome {
        let connection = find(context, &self.slug).await?;
        let links = connections::links(&context.app.admin, &context.authority, connection.id).await?;
        let question = format!("Delete {} with {links} linked accounts?", connection.slug);
        if !self.yes && !prompt::agreed(&question)? {
            return Err(Failure::of("nothing was deleted; --yes deletes without asking"));
        }
        let gone = connections::delete(&context.app.admin, &context.authority, &connection.slug).await?;
        context.output.line(format!("{} is deleted, and {gone} links of accounts with it.", connection.slug))
    }
}

async fn list(context: &mut Context, json: bool) -> Outcome {
    let all = connections::list(&context.app.admin, &context.authority).await?;
    if json {
        let views: Vec<_> = all.iter().map(|one| ConnectionView::of(one, &context.app.issuer)).collect();
        return context.output.json(&views);
    }
    let rows: Vec<_> = all.iter().map(row).collect();
    context.output.table(&["CONNECTION", "PRESET", "LABEL", "SIGN-UP", "STATE", "MADE"], &rows)
}

fn row(connection: &Connection) -> Vec<String> {
    vec![
        connection.slug.to_string(),
        connection.preset.clone(),
        connection.label.clone(),
        if connection.sign_up { "allowed" } else { "login only" }.to_owned(),
        if connection.enabled { "enabled" } else { "disabled" }.to_owned(),
        connection.created_at.to_string(),
    ]
}

fn list_presets(context: &mut Context, json: bool) -> Outcome {
    let views: Vec<PresetView> = presets::ALL.iter().map(|preset| PresetView::from(*preset)).collect();
    if json {
        return context.output.json(&views);
    }
    let setting = |setting: &connections::SettingView| {
        if setting.required { setting.name.to_owned() } else { format!("[{}]", setting.name) }
    };
    let row = |view: &PresetView| {
        let settings: Vec<String> = view.settings.iter().map(setting).collect();
        vec![view.id.to_owned(), view.name.to_owned(), settings.join(" "), view.console.to_owned()]
    };
    let rows: Vec<Vec<String>> = views.iter().map(row).collect();
    context.output.table(&["PRESET", "NAME", "SETTINGS", "WHERE APPS ARE REGISTERED"], &rows)
}

async fn find(context: &Context, slug: &Slug) -> Outcome<Connection> {
    let found = connections::find(&context.app.admin, &context.authority, slug).await?;
    found.ok_or_else(|| Failure::of(format!("there is no connection {slug}; `haechi connections list` shows them all")))
}

async fn set_enabled(context: &mut Context, slug: &Slug, enabled: bool) -> Outcome {
    connections::set_enabled(&context.app.admin, &context.authority, slug, enabled).await?;
    context.output.line(format!("{slug} is {}.", if enabled { "switched on" } else { "switched off" }))
}

/// Reads a JSON file, or standard input.
fn read<T: DeserializeOwned>(file: &Path) -> Outcome<T> {
    let mut text = zeroize::Zeroizing::new(String::new());
    let shown = if file == Path::new("-") {
        std::io::stdin().lock().take(1 << 20).read_to_string(&mut text)?;
        "standard input".to_owned()
    } else {
        let shown = file.display().to_string();
        *text = std::fs::read_to_string(file).map_err(|e| Failure::of(format!("cannot read {shown}: {e}")))?;
        shown
    };
    serde_json::from_str(&text).map_err(|e| Failure::usage(format!("{shown} is no connection in JSON: {e}")))
}
