//! `haechi mail`: whether mail leaves the server, and what became of it.

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};

use super::context::{Context, Desk, There};
use super::failure::{Failure, Outcome};
use super::possible::one_of;
use super::remote::{Items, place};
use crate::admin::mail::{self, MailTest, MailView};
use crate::model::mail::{MailPurpose, MailQuery, MailState};
use crate::support::id::MailId;

/// Where the API has them.
const PATH: &str = "/mail";

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
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::Test(test) => test.run(desk).await,
            Self::List(list) => list.run(desk).await,
            Self::Show { mail } => show(desk, mail).await,
            Self::Retry(picked) => picked.run(desk, Fate::SentAgain).await,
            Self::Drop(picked) => picked.run(desk, Fate::Dropped).await,
        }
    }
}

impl Test {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let (code, said) = match desk {
            Desk::Here(context) => {
                match mail::test(&context.app.admin, &context.authority, &self.address, None).await? {
                    MailTest::Delivered(delivery) => (json!(delivery.code), json!(delivery.said)),
                    MailTest::NotDelivered(why) => return Err(Failure::of(why)),
                    MailTest::NotSent => return Ok(()),
                }
            }
            Desk::There(there) => {
                let wanted = json!({ "to": self.address });
                let tested: Value = there.api.send(Method::POST, &format!("{PATH}/test"), Some(&wanted)).await?;
                if tested["delivered"] != true {
                    return Err(Failure::told("failed", tested["said"].as_str().unwrap_or("it was not sent")));
                }
                (tested["code"].clone(), tested["said"].clone())
            }
        };
        desk.output().json(&json!({ "to": self.address, "code": code, "said": said }))
    }
}

impl List {
    async fn run(self, desk: &mut Desk) -> Outcome {
        let found = match desk {
            Desk::Here(context) => {
                let query = MailQuery { state: self.state, purpose: self.purpose, to: self.to, user: None };
                let (admin, by) = (&context.app.admin, &context.authority);
                let page = mail::list(admin, by, &query, self.before, self.limit).await?;
                let views: Result<Vec<_>, _> =
                    page.items.iter().map(|mail| serde_json::to_value(MailView::from(mail))).collect();
                views.map_err(Failure::of)?
            }
            Desk::There(there) => self.there(there).await?,
        };
        desk.output().json(&found)
    }

    async fn there(self, there: &mut There) -> Outcome<Vec<Value>> {
        let query: Vec<_> = [
            ("state", self.state.map(MailState::as_str)),
            ("for", self.purpose.map(MailPurpose::as_str)),
            ("search", self.to.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, said)| Some((name, said?)))
        .collect();
        let before = self.before.map(|mail| mail.to_string());
        let Items { items, .. } = there.api.list(PATH, (&query, before.as_deref()), self.limit as usize).await?;
        Ok(items)
    }
}

async fn show(desk: &mut Desk, id: MailId) -> Outcome {
    let missing = || Failure::of(format!("there is no mail {id}"));
    let shown = match desk {
        Desk::Here(context) => {
            let found = mail::find(&context.app.admin, &context.authority, id).await?.ok_or_else(missing)?;
            serde_json::to_value(MailView::from(&found)).map_err(Failure::of)?
        }
        Desk::There(there) => there.api.find(&place(PATH, &id.to_string())).await?.ok_or_else(missing)?,
    };
    desk.output().json(&shown)
}

/// What is to become of mails.
#[derive(Clone, Copy)]
enum Fate {
    SentAgain,
    Dropped,
}

impl Fate {
    /// What the answer calls it.
    const fn member(self) -> &'static str {
        match self {
            Self::SentAgain => "sent_again",
            Self::Dropped => "dropped",
        }
    }

    /// What the API calls it.
    const fn action(self) -> &'static str {
        match self {
            Self::SentAgain => "retry",
            Self::Dropped => "drop",
        }
    }
}

impl Picked {
    async fn run(self, desk: &mut Desk, fate: Fate) -> Outcome {
        let done = match desk {
            Desk::Here(context) => self.here(context, fate).await?,
            Desk::There(there) => self.there(there, fate).await?,
        };
        desk.output().json(&json!({ fate.member(): done, "of": self.mails.len() }))
    }

    async fn here(&self, context: &Context, fate: Fate) -> Outcome<u64> {
        let (admin, by) = (&context.app.admin, &context.authority);
        Ok(match fate {
            Fate::SentAgain => mail::retry(admin, by, &self.mails).await?,
            Fate::Dropped => mail::give_up(admin, by, &self.mails).await?,
        })
    }

    /// One after another. What is in another state by now, or is not there, stays as it is.
    async fn there(&self, there: &mut There, fate: Fate) -> Outcome<u64> {
        let mut done = 0;
        for mail in &self.mails {
            let path = format!("{}/{}", place(PATH, &mail.to_string()), fate.action());
            match there.api.done(Method::POST, &path, (&[], None)).await {
                Ok(was_done) => done += u64::from(was_done),
                Err(why) if why.is("stale") => {}
                Err(why) => return Err(why),
            }
        }
        Ok(done)
    }
}
