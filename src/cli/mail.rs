//! `haechi mail`: whether mail leaves the server, and what became of it.

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::possible::one_of;
use crate::admin::mail::{self, MailTest, MailView};
use crate::model::mail::{MailPurpose, MailQuery, MailState};
use crate::support::id::MailId;

#[derive(Debug, Subcommand)]
pub(super) enum MailCommand {
    /// Send a mail that says nothing, at once, and print what the mail server said of it.
    #[command(after_long_help = "Examples:\n  haechi mail test kim@example.com")]
    Test(Test),
    /// List the mails of the last two weeks, the newest first, and what became of each. What they say is not shown.
    #[command(after_long_help = "\
Examples:
  haechi mail list
  haechi mail list --state failed --json")]
    List(List),
    /// Show what became of a mail. What it says is not shown.
    #[command(after_long_help = "Examples:\n  haechi mail show eml_018bcfe5680070008000000000000001")]
    Show {
        /// The mail, by its id.
        #[arg(value_name = "MAIL_ID")]
        mail: MailId,
    },
    /// Send mails again that were given up.
    #[command(after_long_help = "Examples:\n  haechi mail retry eml_018bcfe5680070008000000000000001")]
    Retry(Picked),
    /// Give mails up that were not sent: what they say is forgotten.
    #[command(after_long_help = "Examples:\n  haechi mail drop eml_018bcfe5680070008000000000000001")]
    Drop(Picked),
}

#[derive(Args, Debug)]
pub(super) struct Test {
    /// Where it goes.
    address: String,
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// Only mails in this state: waiting, failed, sent or dropped.
    #[arg(long, value_parser = one_of::<MailState>(), hide_possible_values = true)]
    state: Option<MailState>,
    /// Only mails for this: `reset_password`, `notice` and others, as `list` names them.
    #[arg(long = "for", value_name = "PURPOSE", value_parser = one_of::<MailPurpose>(), hide_possible_values = true)]
    purpose: Option<MailPurpose>,
    /// Only mails to addresses that begin so.
    #[arg(long)]
    to: Option<String>,
    /// Only mails before this one.
    #[arg(long, value_name = "MAIL_ID")]
    before: Option<MailId>,
    /// How many at most.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

#[derive(Args, Debug)]
pub(super) struct Picked {
    /// The mails, by their ids.
    #[arg(required = true, value_name = "MAIL_ID")]
    mails: Vec<MailId>,
}

impl MailCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::Test(test) => test.run(context).await,
            Self::List(list) => list.run(context).await,
            Self::Show { mail } => show(context, mail).await,
            Self::Retry(Picked { mails }) => {
                let done = mail::retry(&context.app.admin, &context.authority, &mails).await?;
                said(context, done, mails.len(), "sent again")
            }
            Self::Drop(Picked { mails }) => {
                let done = mail::give_up(&context.app.admin, &context.authority, &mails).await?;
                said(context, done, mails.len(), "dropped")
            }
        }
    }
}

impl Test {
    async fn run(self, context: &mut Context) -> Outcome {
        match mail::test(&context.app.admin, &context.authority, &self.address, None).await? {
            MailTest::Delivered(delivery) => {
                let said = json!({ "to": self.address, "code": delivery.code, "said": delivery.said });
                context.output.json(&said)
            }
            MailTest::NotDelivered(why) => Err(Failure::of(why)),
            MailTest::NotSent => Ok(()),
        }
    }
}

impl List {
    async fn run(self, context: &mut Context) -> Outcome {
        let query = MailQuery { state: self.state, purpose: self.purpose, to: self.to, user: None };
        let page = mail::list(&context.app.admin, &context.authority, &query, self.before, self.limit).await?;
        context.output.json(&page.items.iter().map(MailView::from).collect::<Vec<_>>())
    }
}

async fn show(context: &mut Context, id: MailId) -> Outcome {
    let found = mail::find(&context.app.admin, &context.authority, id).await?;
    let found = found.ok_or_else(|| Failure::of(format!("there is no mail {id}")))?;
    context.output.json(&MailView::from(&found))
}

fn said(context: &mut Context, done: u64, of: usize, what: &str) -> Outcome {
    context.output.json(&json!({ what.replace(' ', "_"): done, "of": of }))
}
