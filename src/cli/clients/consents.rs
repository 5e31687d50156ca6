//! `haechi clients consents` and `haechi clients withdraw`: who agreed to what a client asked for, and taking it back.

use clap::Args;
use reqwest::Method;
use serde_json::json;

use super::Clients;
use crate::admin::clients::{self, ClientResource, ConsentView};
use crate::admin::users;
use crate::cli::confirmation::Confirmation;
use crate::cli::context::Desk;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::{self, Kind, One};
use crate::cli::remote::{Items, place};
use crate::cli::users::Users;
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

/// Where the API has what people agreed to for a client.
fn path(client: &ClientResource) -> String {
    format!("{}/consents", frame::path::<Clients>(client))
}

impl Consents {
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let Items { items, more } = match desk {
            Desk::Here(context) => {
                let id = self.one.find(context).await?.id;
                let (admin, authority) = (&context.app.admin, &context.authority);
                let page = clients::consents(admin, authority, &id, self.after, self.limit).await?;
                Items { items: page.items.iter().map(ConsentView::from).collect(), more: page.more }
            }
            Desk::There(_) => {
                let path = path(&self.one.document(desk).await?);
                let after = self.after.map(|id| id.to_string());
                let Desk::There(there) = desk else { return Ok(()) };
                there.api.list(&path, (&[], after.as_deref()), self.limit as usize).await?
            }
        };
        let output = desk.output();
        if output.is_json() {
            return output.json(&items);
        }
        let row = |view: &ConsentView| {
            vec![view.sub.clone(), view.email.clone(), view.scope.clone(), view.granted_at.clone()]
        };
        output.table(&["ID", "E-MAIL", "SCOPE", "SINCE"], &items.iter().map(row).collect::<Vec<_>>())?;
        output.more(items.last().filter(|_| more).map(|last| last.sub.as_str()))
    }
}

impl Withdraw {
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let client = self.one.document(desk).await?;
        match &self.user {
            Some(name) => self.of_one(desk, &client, name).await,
            None => self.of_everybody(desk, &client).await,
        }
    }

    async fn of_everybody(&self, desk: &mut Desk, client: &ClientResource) -> Outcome {
        let id = Clients::name(client);
        let question = format!("Take back what everybody agreed to for {id}, and everything that it was granted?");
        self.confirmation.given(&question, "nothing was withdrawn")?;
        match desk {
            Desk::Here(context) => {
                let id = self.one.find(context).await?.id;
                clients::withdraw_consents(&context.app.admin, &context.authority, &id).await?;
            }
            Desk::There(there) => {
                if !there.api.done(Method::DELETE, &path(client), (&[], None)).await? {
                    return Err(frame::missing::<Clients>(id, None));
                }
            }
        }
        let sentence = format!("What everybody agreed to for {id} is withdrawn.");
        desk.output().tell(sentence, &json!({ "client_id": id, "withdrawn_from": "everybody" }))
    }

    async fn of_one(&self, desk: &mut Desk, client: &ClientResource, name: &str) -> Outcome {
        let id = Clients::name(client);
        let nobody = || Failure::of(format!("there is no account {name}"));
        let (sub, email) = match desk {
            Desk::Here(context) => {
                let id = self.one.find(context).await?.id;
                let (admin, authority) = (&context.app.admin, &context.authority);
                let user = users::find(admin, authority, name).await?.ok_or_else(nobody)?;
                users::withdraw(admin, authority, user.id, id).await?;
                (user.id.to_string(), user.email.to_string())
            }
            Desk::There(_) => {
                let user = Users::find_there(desk, &name.to_owned()).await?.ok_or_else(nobody)?;
                let path = place(&format!("{}/apps", frame::path::<Users>(&user)), id);
                let Desk::There(there) = desk else { return Err(nobody()) };
                // Of whom it has no access there is nothing to take back.
                there.api.done(Method::DELETE, &path, (&[], None)).await?;
                (Users::name(&user).to_owned(), user.email.unwrap_or_default())
            }
        };
        let sentence = format!("What {email} agreed to for {id} is withdrawn.");
        desk.output().tell(sentence, &json!({ "client_id": id, "withdrawn_from": sub }))
    }
}
