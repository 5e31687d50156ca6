//! `haechi clients consents` and `haechi clients withdraw`: who agreed to what a client asked for, and taking it back.

use clap::Args;
use serde_json::json;

use super::Clients;
use crate::admin::clients::{self, ConsentView};
use crate::admin::users;
use crate::cli::confirmation::Confirmation;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::One;
use crate::support::id::UserId;

/// List the people who agreed to what a client asked for, and what.
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  haechi clients consents shop\n  haechi clients consents shop --json")]
pub(in crate::cli) struct Consents {
    #[command(flatten)]
    one: One<Clients>,
    /// Only those of accounts made after this one.
    #[arg(long, value_name = "USER_ID")]
    after: Option<UserId>,
    /// At most this many.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

/// Take back what somebody agreed to for a client, or everybody, with everything that came of it: whoever uses it is asked anew.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi clients withdraw shop --user kim@example.com
  haechi clients withdraw shop --everybody --yes")]
pub(in crate::cli) struct Withdraw {
    #[command(flatten)]
    one: One<Clients>,
    /// Whose: the account's e-mail address or id.
    #[arg(long, required_unless_present = "everybody")]
    user: Option<String>,
    /// Everybody's.
    #[arg(long, conflicts_with = "user")]
    everybody: bool,
    #[command(flatten)]
    confirmation: Confirmation,
}

impl Consents {
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let id = self.one.find(context).await?.id;
        let page = clients::consents(&context.app.admin, &context.authority, &id, self.after, self.limit).await?;
        let views: Vec<_> = page.items.iter().map(ConsentView::from).collect();
        if context.output.is_json() {
            return context.output.json(&views);
        }
        let row = |view: &ConsentView| {
            vec![view.sub.clone(), view.email.clone(), view.scope.clone(), view.granted_at.clone()]
        };
        context.output.table(&["ID", "E-MAIL", "SCOPE", "SINCE"], &views.iter().map(row).collect::<Vec<_>>())?;
        match views.last().filter(|_| page.more) {
            Some(last) => context.output.line(format!("There are more: --after {}", last.sub)),
            None => Ok(()),
        }
    }
}

impl Withdraw {
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let id = self.one.find(context).await?.id;
        let (admin, authority) = (&context.app.admin, &context.authority);
        let Some(name) = &self.user else {
            let question = format!("Take back what everybody agreed to for {id}, and everything that it was granted?");
            self.confirmation.given(&question, "nothing was withdrawn")?;
            clients::withdraw_consents(admin, authority, &id).await?;
            let sentence = format!("What everybody agreed to for {id} is withdrawn.");
            return context.output.tell(sentence, &json!({ "client_id": id, "withdrawn_from": "everybody" }));
        };
        let found = users::find(admin, authority, name).await?;
        let user = found.ok_or_else(|| Failure::of(format!("there is no account {name}")))?;
        users::withdraw(admin, authority, user.id, id.clone()).await?;
        let sentence = format!("What {} agreed to for {id} is withdrawn.", user.email);
        context.output.tell(sentence, &json!({ "client_id": id, "withdrawn_from": user.id }))
    }
}
