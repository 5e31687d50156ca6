//! `haechi webhooks`: the programs that are told what happens.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::frame::{self, Argument, Delete, Done, Kind, One, Switched};
use super::output::Style;
use super::possible::Offered;
use crate::admin::Rejected;
use crate::admin::webhooks::{self, DEFAULT_GRACE, MessageView, WebhookResource, WithSecret};
use crate::model::Webhook;
use crate::model::audit_event::AuditKind;
use crate::support::id::{MessageId, WebhookId};
use crate::support::typo;

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

#[derive(Args, Debug)]
pub(super) struct Messages {
    #[command(flatten)]
    one: One<WebhooksKind>,
    /// How many at most.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

#[derive(Args, Debug)]
pub(super) struct Replay {
    #[command(flatten)]
    one: One<WebhooksKind>,
    /// The message's id, as `haechi webhooks messages` shows it.
    message: MessageId,
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

    fn key(text: &str) -> Result<WebhookId, String> {
        text.parse().map_err(|_| "not the id of a webhook".to_owned())
    }

    fn document(_: &Context, webhook: &Webhook) -> WebhookResource {
        WebhookResource::from(webhook)
    }

    fn row(webhook: &Webhook) -> Vec<String> {
        let told_of = match webhook.kinds.len() {
            0 => "everything".to_owned(),
            1 => webhook.kinds[0].as_str().to_owned(),
            several => format!("{several} kinds"),
        };
        vec![
            webhook.id.to_string(),
            webhook.url.clone(),
            told_of,
            if webhook.enabled { "enabled" } else { "disabled" }.to_owned(),
            webhook.created_at.to_string(),
        ]
    }

    fn version(webhook: &Webhook) -> i64 {
        webhook.version
    }

    fn changed(changed: &WithSecret) -> &Webhook {
        &changed.webhook
    }

    fn json(context: &Context, changed: &WithSecret) -> Outcome<Value> {
        let mut shown = serde_json::to_value(Self::document(context, &changed.webhook)).map_err(Failure::of)?;
        if let Some(secret) = &changed.secret {
            shown["secret"] = json!(secret.expose());
        }
        Ok(shown)
    }

    fn tell(context: &mut Context, changed: &WithSecret, what: Done) -> Outcome {
        let id = changed.webhook.id;
        if what == Done::Updated {
            return context.output.line(format!("{id} is changed."));
        }
        context.output.line(format!("{id} is made: it is told what happens from now on."))?;
        tell_secret(context, changed)?;
        context.output.line("See whether a message arrives:")?;
        context.output.line(format!("  haechi webhooks test {id}"))
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

fn tell_secret(context: &mut Context, made: &WithSecret) -> Outcome {
    let Some(secret) = &made.secret else { return Ok(()) };
    let secret = context.output.styled(Style::Bold, secret.expose());
    context.output.raw(&format!("  secret  {secret}\n"))?;
    context.output.line("It is shown this once: the receiver verifies messages by it.")
}

impl WebhooksCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List => {
                let all = webhooks::list(&context.app.admin, &context.authority).await?;
                frame::list::<WebhooksKind>(context, &all)
            }
            Self::Show(one) => one.show(context).await,
            Self::Create(Create { file, url, name, form }) => {
                let said = || Ok(WebhookResource { name, ..form.read(url)? });
                frame::create::<WebhooksKind>(context, file.as_deref(), said).await
            }
            Self::Update(Update { one, file, url, form }) => {
                one.update(context, file.as_deref(), |_| form.read(url)).await
            }
            Self::Enable(one) => one.set_enabled(context, true).await,
            Self::Disable(one) => one.set_enabled(context, false).await,
            Self::RotateSecret(rotate) => rotate.run(context).await,
            Self::Messages(messages) => messages.run(context).await,
            Self::Test(one) => {
                let webhook = one.find(context).await?;
                let sent = webhooks::test(&context.app.admin, &context.authority, webhook.id).await?;
                let sentence =
                    format!("{} is sent; `haechi webhooks messages {}` says what came of it.", sent.id, webhook.id);
                context.output.tell(sentence, &MessageView::from(&sent))
            }
            Self::Replay(Replay { one, message }) => {
                let webhook = one.find(context).await?;
                let sent = webhooks::replay(&context.app.admin, &context.authority, webhook.id, message).await?;
                context.output.tell(format!("{message} is sent again."), &MessageView::from(&sent))
            }
            Self::Delete(delete) => {
                let webhook = delete.one.find(context).await?;
                delete.confirm(&format!("Delete {} to {}?", webhook.id, webhook.url))?;
                webhooks::delete(&context.app.admin, &context.authority, webhook.id).await?;
                frame::tell_deleted(context, webhook.id, format!("{} is deleted.", webhook.id))
            }
        }
    }
}

impl RotateSecret {
    async fn run(self, context: &mut Context) -> Outcome {
        let webhook = self.one.find(context).await?;
        let grace = Duration::from_secs(self.grace_hours * 3600);
        let rotated = webhooks::rotate_secret(&context.app.admin, &context.authority, webhook.id, grace).await?;
        if context.output.is_json() {
            let shown = WebhooksKind::json(context, &rotated)?;
            return context.output.json(&shown);
        }
        context.output.line(format!("{} has a new secret.", webhook.id))?;
        tell_secret(context, &rotated)?;
        match rotated.webhook.secrets.get(1).and_then(|old| old.expires_at) {
            Some(until) => context.output.line(format!("Messages are signed with the old one, too, until {until}.")),
            None => Ok(()),
        }
    }
}

impl Messages {
    async fn run(self, context: &mut Context) -> Outcome {
        let webhook = self.one.find(context).await?;
        let (admin, authority) = (&context.app.admin, &context.authority);
        let page = webhooks::messages(admin, authority, webhook.id, None, self.limit).await?;
        let views: Vec<MessageView<'_>> = page.items.iter().map(MessageView::from).collect();
        if context.output.is_json() {
            return context.output.json(&views);
        }
        let row = |view: &MessageView<'_>| {
            let answer =
                view.last_status.map_or_else(|| view.last_problem.unwrap_or("-").to_owned(), |it| it.to_string());
            vec![
                view.id.to_string(),
                view.kind.to_owned(),
                view.state.to_owned(),
                view.attempts.to_string(),
                answer,
                view.created_at.to_string(),
            ]
        };
        let rows: Vec<Vec<String>> = views.iter().map(row).collect();
        context.output.table(&["MESSAGE", "KIND", "STATE", "ATTEMPTS", "ANSWER", "MADE"], &rows)
    }
}
