//! `haechi webhooks messages`, `test` and `replay`: what was told to a webhook, and telling it again.

use clap::Args;
use reqwest::Method;
use serde_json::Value;

use super::WebhooksKind;
use crate::admin::webhooks::{self, MessageView};
use crate::cli::context::Desk;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::{self, One};
use crate::cli::remote::{Items, place};
use crate::model::webhook::Message;
use crate::support::id::MessageId;

#[derive(Args, Debug)]
pub(in crate::cli) struct Messages {
    #[command(flatten)]
    one: One<WebhooksKind>,
    /// How many at most.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct Replay {
    #[command(flatten)]
    one: One<WebhooksKind>,
    /// The message's id, as `haechi webhooks messages` shows it.
    message: MessageId,
}

/// A message, as a document.
fn shown(message: &Message) -> Outcome<Value> {
    serde_json::to_value(MessageView::from(message)).map_err(Failure::of)
}

/// What a document says of something; a dash where it says nothing.
fn said(message: &Value, member: &str) -> String {
    match &message[member] {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    }
}

impl Messages {
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let found: Vec<Value> = match desk {
            Desk::Here(context) => {
                let webhook = self.one.find(context).await?;
                let (admin, authority) = (&context.app.admin, &context.authority);
                let page = webhooks::messages(admin, authority, webhook.id, None, self.limit).await?;
                page.items.iter().map(shown).collect::<Outcome<_>>()?
            }
            Desk::There(_) => {
                let path = format!("{}/messages", frame::path::<WebhooksKind>(&self.one.document(desk).await?));
                let Desk::There(there) = desk else { return Ok(()) };
                let Items { items, .. } = there.api.list(&path, (&[], None), self.limit as usize).await?;
                items
            }
        };
        let output = desk.output();
        if output.is_json() {
            return output.json(&found);
        }
        output.table(
            &["MESSAGE", "KIND", "STATE", "ATTEMPTS", "ANSWER", "MADE"],
            &found.iter().map(row).collect::<Vec<_>>(),
        )
    }
}

fn row(message: &Value) -> Vec<String> {
    let answer = if message["last_status"].is_null() { "last_problem" } else { "last_status" };
    ["id", "kind", "state", "attempts", answer, "created_at"].map(|member| said(message, member)).to_vec()
}

/// Sends a webhook a message that tells of nothing.
pub(super) async fn test(desk: &mut Desk, one: &One<WebhooksKind>) -> Outcome {
    let sent = match desk {
        Desk::Here(context) => {
            let webhook = one.find(context).await?;
            shown(&webhooks::test(&context.app.admin, &context.authority, webhook.id).await?)?
        }
        Desk::There(_) => {
            let path = format!("{}/test", frame::path::<WebhooksKind>(&one.document(desk).await?));
            send_there(desk, &path).await?
        }
    };
    let (id, webhook) = (said(&sent, "id"), one.key());
    let sentence = format!("{id} is sent; `haechi webhooks messages {webhook}` says what came of it.");
    desk.output().tell(sentence, &sent)
}

impl Replay {
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let sent = match desk {
            Desk::Here(context) => {
                let webhook = self.one.find(context).await?;
                let (admin, authority) = (&context.app.admin, &context.authority);
                shown(&webhooks::replay(admin, authority, webhook.id, self.message).await?)?
            }
            Desk::There(_) => {
                let messages = format!("{}/messages", frame::path::<WebhooksKind>(&self.one.document(desk).await?));
                let path = format!("{}/replay", place(&messages, &self.message.to_string()));
                send_there(desk, &path).await?
            }
        };
        desk.output().tell(format!("{} is sent again.", self.message), &sent)
    }
}

async fn send_there(desk: &mut Desk, path: &str) -> Outcome<Value> {
    match desk {
        Desk::There(there) => there.api.send(Method::POST, path, None).await,
        Desk::Here(_) => Err(Failure::of("nothing was asked of a server elsewhere")),
    }
}
