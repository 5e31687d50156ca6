//! `haechi webhooks`: the programs that are told what happens.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::json;

use super::context::{Context, Desk};
use super::failure::{Failure, Outcome};
use super::frame::{self, Argument, Delete, Done, Kind, Made, One, Switched};
use super::output::{Output, Style};
use super::possible::Offered;
use crate::admin::Rejected;
use crate::admin::webhooks::{self, DEFAULT_GRACE, WebhookResource, WithSecret};
use crate::model::Webhook;
use crate::model::audit_event::AuditKind;
use crate::support::escape::escaped;
use crate::support::id::WebhookId;
use crate::support::{Secret, typo};

mod messages;

use messages::{Messages, Replay};

#[derive(Debug, Subcommand)]
pub(super) enum WebhooksCommand {
    /// List webhooks, the oldest first.
    #[command(after_long_help = "Examples:\n  haechi webhooks list\n  haechi webhooks list --json")]
    List,
    /// Show one webhook, as JSON: a document that `create --file` and `update --file` read. Its secrets are never shown.
    #[command(after_long_help = "Examples:\n  haechi webhooks show whk_018bcfe5680070008000000000000001")]
    Show(One<WebhooksKind>),
    /// Make a webhook: from now on it is told what happens, by a signed POST (Standard Webhooks). Its secret is printed once.
    #[command(after_long_help = "\
Examples:
  haechi webhooks create --url https://hooks.example.com/haechi
  haechi webhooks create --url https://hooks.example.com/haechi --kind user_created --kind user_deleted
  haechi webhooks create --file webhook.json")]
    Create(Create),
    /// Change a webhook: what is named here is replaced, the rest stays.
    #[command(
        after_long_help = "Examples:\n  haechi webhooks update whk_018bcfe5680070008000000000000001 --kind user_deleted"
    )]
    Update(Update),
    /// Switch a webhook on: it is told what happens from then on.
    #[command(after_long_help = "Examples:\n  haechi webhooks enable whk_018bcfe5680070008000000000000001")]
    Enable(One<WebhooksKind>),
    /// Switch a webhook off: it is told nothing, and nothing later of what happens meanwhile.
    #[command(after_long_help = "Examples:\n  haechi webhooks disable whk_018bcfe5680070008000000000000001")]
    Disable(One<WebhooksKind>),
    /// Give a webhook a new secret, printed once. Messages are signed with the old one, too, for a while.
    #[command(after_long_help = "Examples:\n  haechi webhooks rotate-secret whk_018bcfe5680070008000000000000001")]
    RotateSecret(RotateSecret),
    /// List the messages to a webhook of the last week, the newest first, and what became of each.
    #[command(after_long_help = "Examples:\n  haechi webhooks messages whk_018bcfe5680070008000000000000001")]
    Messages(Messages),
    /// Send a webhook a message that tells of nothing: to see whether it arrives. The server sends it within a second.
    #[command(after_long_help = "Examples:\n  haechi webhooks test whk_018bcfe5680070008000000000000001")]
    Test(One<WebhooksKind>),
    /// Send a message to a webhook again, whatever became of it.
    #[command(
        after_long_help = "Examples:\n  haechi webhooks replay whk_018bcfe5680070008000000000000001 msg_018bcfe5680070008000000000000002"
    )]
    Replay(Replay),
    /// Delete a webhook with the messages that wait for it.
    #[command(after_long_help = "Examples:\n  haechi webhooks delete whk_018bcfe5680070008000000000000001 --yes")]
    Delete(Delete<WebhooksKind>),
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// Read everything from a JSON file, such as `show` prints; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["url", "Form"])]
    file: Option<PathBuf>,
    /// Where it is told: https.
    #[arg(long, required_unless_present = "file")]
    url: Option<String>,
    /// What files know it by (`haechi export`); it never changes. Without one it is called after the host of its URL.
    #[arg(long, conflicts_with = "file")]
    name: Option<String>,
    #[command(flatten)]
    form: Form,
}

#[derive(Args, Debug)]
pub(super) struct Update {
    #[command(flatten)]
    one: One<WebhooksKind>,
    /// Read what is to change from a JSON file, such as `show` prints; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["url", "Form"])]
    file: Option<PathBuf>,
    /// Where it is told: https.
    #[arg(long)]
    url: Option<String>,
    #[command(flatten)]
    form: Form,
}

#[derive(Args, Debug)]
#[group(id = "Form", multiple = true)]
struct Form {
    /// What it is for.
    #[arg(long)]
    description: Option<String>,
    /// What it is told of, as `haechi audit` names it; may be given several times. An empty one is for everything, as none is for a new webhook.
    #[arg(long = "kind", value_parser = Offered(kind_names), hide_possible_values = true)]
    kinds: Vec<String>,
}

#[derive(Args, Debug)]
pub(super) struct RotateSecret {
    #[command(flatten)]
    one: One<WebhooksKind>,
    /// Hours that messages are signed with the old secret, too; 0 ends it at once.
    #[arg(long, default_value_t = DEFAULT_GRACE.as_secs() / 3600, value_parser = clap::value_parser!(u64).range(0..=24 * 90))]
    grace_hours: u64,
}

fn kind_names() -> Vec<&'static str> {
    AuditKind::ALL.iter().map(|kind| kind.as_str()).collect()
}

impl Form {
    fn read(&self, url: Option<String>) -> Outcome<WebhookResource> {
        let kind = |name: &String| {
            AuditKind::named(name).ok_or_else(|| {
                let near =
                    kind_names().into_iter().filter_map(|known| Some((typo::distance(name, known)?, known))).min();
                let meant = near.map_or_else(String::new, |(_, known)| format!("; did you mean {known}?"));
                Failure::usage(format!("there is no kind {name}{meant}"))
            })
        };
        let kinds = self.kinds.iter().filter(|name| !name.is_empty()).map(kind).collect::<Outcome<Vec<_>>>()?;
        let said = !self.kinds.is_empty();
        Ok(WebhookResource {
            url,
            description: self.description.clone(),
            kinds: said.then_some(kinds),
            ..WebhookResource::default()
        })
    }
}

/// Webhooks as the command line administers them.
#[derive(Clone, Debug)]
pub(super) struct WebhooksKind;

impl Kind for WebhooksKind {
    type Key = WebhookId;
    type Model = Webhook;
    type Document = WebhookResource;
    type Changed = WithSecret;

    const NAME: &'static str = "webhook";
    const COMMAND: &'static str = "webhooks";
    const KEY: &'static str = "ID";
    const KEY_HELP: &'static str = "The webhook's id.";
    const HEAD: &'static [&'static str] = &["WEBHOOK", "URL", "TOLD OF", "STATE", "MADE"];
    const ARGUMENTS: &'static [Argument] = &[
        ("name", "--name", "warehouse"),
        ("url", "--url", "https://hooks.example.com/haechi"),
        ("description", "--description", "\"for the data warehouse\""),
        ("kinds", "--kind", "user_created"),
    ];
    const PATH: &'static str = "/webhooks";
    const SHOWN_ONCE: &'static str = "secret";

    fn key(text: &str) -> Result<WebhookId, String> {
        text.parse().map_err(|_| "not the id of a webhook".to_owned())
    }

    fn document(_: &Context, webhook: &Webhook) -> WebhookResource {
        WebhookResource::from(webhook)
    }

    fn name(webhook: &WebhookResource) -> &str {
        webhook.id.as_deref().unwrap_or_default()
    }

    fn row(webhook: &WebhookResource) -> Vec<String> {
        let told_of = match webhook.kinds.as_deref().unwrap_or_default() {
            [] => "everything".to_owned(),
            [kind] => kind.as_str().to_owned(),
            several => format!("{} kinds", several.len()),
        };
        vec![
            Self::name(webhook).to_owned(),
            webhook.url.clone().unwrap_or_default(),
            told_of,
            if webhook.enabled == Some(true) { "enabled" } else { "disabled" }.to_owned(),
            webhook.created_at.clone().unwrap_or_default(),
        ]
    }

    fn version(webhook: &WebhookResource) -> Option<i64> {
        webhook.version
    }

    fn secrets(webhook: &WebhookResource) -> Vec<(&'static str, &Secret<String>)> {
        webhook.secret.iter().map(|secret| ("secret", secret)).collect()
    }

    fn made(context: &Context, changed: &WithSecret) -> WebhookResource {
        Self::document(context, &changed.webhook)
    }

    fn shown_once(changed: &WithSecret) -> Option<Secret<String>> {
        changed.secret.clone()
    }

    fn tell(output: &mut Output, made: &Made<Self>, what: Done) -> Outcome {
        let id = Self::name(&made.document);
        if what == Done::Updated {
            return output.line(format!("{id} is changed."));
        }
        output.line(format!("{id} is made: it is told what happens from now on."))?;
        tell_secret(output, made)?;
        output.line("See whether a message arrives:")?;
        output.line(format!("  haechi webhooks test {id}"))
    }

    async fn find(context: &Context, id: &WebhookId) -> Result<Option<Webhook>, Rejected> {
        webhooks::find(&context.app.admin, &context.authority, *id).await
    }

    async fn create(context: &Context, document: WebhookResource) -> Result<WithSecret, Rejected> {
        webhooks::create(&context.app.admin, &context.authority, &document).await
    }

    async fn update(context: &Context, was: &Webhook, document: &WebhookResource) -> Result<WithSecret, Rejected> {
        let webhook = webhooks::update(&context.app.admin, &context.authority, was.id, document).await?;
        Ok(WithSecret { webhook, secret: None })
    }
}

impl Switched for WebhooksKind {
    async fn set_enabled(context: &Context, webhook: &Webhook, enabled: bool) -> Result<(), Rejected> {
        webhooks::set_enabled(&context.app.admin, &context.authority, webhook.id, enabled).await.map(drop)
    }
}

fn tell_secret(output: &mut Output, made: &Made<WebhooksKind>) -> Outcome {
    let Some(secret) = &made.secret else { return Ok(()) };
    let secret = output.styled(Style::Bold, &escaped(secret.expose()));
    output.raw(&format!("  secret  {secret}\n"))?;
    output.line("It is shown this once: the receiver verifies messages by it.")
}

impl WebhooksCommand {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List => {
                let all = match desk {
                    Desk::Here(context) => {
                        let all = webhooks::list(&context.app.admin, &context.authority).await?;
                        frame::documents::<WebhooksKind>(context, &all)
                    }
                    Desk::There(there) => there.api.whole(WebhooksKind::PATH).await?,
                };
                frame::list::<WebhooksKind>(desk.output(), &all)
            }
            Self::Show(one) => one.show(desk).await,
            Self::Create(Create { file, url, name, form }) => {
                let said = || Ok(WebhookResource { name, ..form.read(url)? });
                frame::create::<WebhooksKind>(desk, file.as_deref(), said).await
            }
            Self::Update(Update { one, file, url, form }) => {
                one.update(desk, file.as_deref(), |_| form.read(url)).await
            }
            Self::Enable(one) => one.set_enabled(desk, true).await,
            Self::Disable(one) => one.set_enabled(desk, false).await,
            Self::RotateSecret(rotate) => rotate.run(desk).await,
            Self::Messages(messages) => messages.run(desk).await,
            Self::Test(one) => messages::test(desk, &one).await,
            Self::Replay(replay) => replay.run(desk).await,
            Self::Delete(delete) => {
                let webhook = delete.one.document(desk).await?;
                let id = WebhooksKind::name(&webhook);
                delete.confirm(&format!("Delete {id} to {}?", webhook.url.as_deref().unwrap_or_default()))?;
                match desk {
                    Desk::Here(context) => {
                        let webhook = delete.one.find(context).await?;
                        webhooks::delete(&context.app.admin, &context.authority, webhook.id).await?;
                    }
                    Desk::There(_) => frame::delete_there::<WebhooksKind>(desk, &webhook, &[]).await?,
                }
                frame::tell_deleted(desk.output(), id, format!("{id} is deleted."))
            }
        }
    }
}

impl RotateSecret {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let grace = self.grace_hours * 3600;
        let rotated = match desk {
            Desk::Here(context) => {
                let (webhook, grace) = (self.one.find(context).await?, Duration::from_secs(grace));
                let (admin, authority) = (&context.app.admin, &context.authority);
                Made::<WebhooksKind>::here(
                    context,
                    &webhooks::rotate_secret(admin, authority, webhook.id, grace).await?,
                )?
            }
            Desk::There(_) => {
                let (webhook, wanted) = (self.one.document(desk).await?, json!({ "grace_seconds": grace }));
                frame::act_there::<WebhooksKind>(desk, &webhook, (Method::POST, "secret", Some(&wanted))).await?
            }
        };
        let output = desk.output();
        if output.is_json() {
            return output.json(&rotated.json);
        }
        output.line(format!("{} has a new secret.", WebhooksKind::name(&rotated.document)))?;
        tell_secret(output, &rotated)?;
        let secrets = rotated.document.secrets.as_deref().unwrap_or_default();
        match secrets.get(1).and_then(|old| old.expires_at.as_deref()) {
            Some(until) => output.line(format!("Messages are signed with the old one, too, until {until}.")),
            None => Ok(()),
        }
    }
}
