//! `haechi issuer`: which server the database is, and moving it.

use clap::Subcommand;
use serde_json::json;

use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Outcome};
use crate::admin::issuer::{self, IssuerChange};
use crate::protocol::issuer::Issuer;

/// What a move ends, said before it is asked for.
const ENDS: &str = "\
Access and ID tokens that name the issuer of before stop counting at once; refresh tokens and sessions go on.
Apps compare the issuer: each has to be told the new one. Providers that people sign in with need the new redirect URIs.
Passkeys belong to the host: at another one nobody's works any more, and whoever has nothing else needs another way in before.
Nodes that run go on under the issuer of before until they are restarted.";

#[derive(Debug, Subcommand)]
pub(super) enum IssuerCommand {
    /// Print the issuer that the database belongs to.
    #[command(after_long_help = "Examples:\n  haechi issuer show")]
    Show,
    /// Move the server to another issuer. A server with another issuer than the database's does not start.
    #[command(after_long_help = "\
Examples:
  haechi issuer change https://id.example.com
  haechi issuer change https://id.example.com --yes")]
    Change {
        /// The new issuer, such as https://id.example.com.
        #[arg(value_parser = issuer)]
        new: Issuer,
        #[command(flatten)]
        confirmation: Confirmation,
    },
}

fn issuer(text: &str) -> Result<Issuer, String> {
    Issuer::parse(text).map_err(|why| why.to_string())
}

impl IssuerCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let admin = &context.app.admin;
        let current = issuer::current(admin, &context.authority).await?;
        match (self, current) {
            (_, None) => Err(Failure::of(
                "the database has no issuer yet: it takes server.issuer when the server first starts on it",
            )),
            (Self::Show, Some(current)) => context.output.tell(&current, &json!({ "issuer": current })),
            (Self::Change { new, confirmation }, Some(current)) => change(context, &new, &current, &confirmation).await,
        }
    }
}

async fn change(context: &mut Context, new: &Issuer, current: &str, confirmation: &Confirmation) -> Outcome {
    let to = new.as_str();
    confirmation.given_knowing(ENDS, &format!("Move the server from {current} to {to}?"), "nothing was changed")?;
    let change = issuer::change(&context.app.admin, &context.authority, new).await?;
    if context.output.is_json() {
        return context
            .output
            .json(&json!({ "issuer": to, "was": current, "configured": context.app.issuer.as_str() }));
    }
    match change {
        IssuerChange::MovedFrom(before) => {
            context.output.line(format!("The server is {to} now. It was {before}."))?;
            context.output.raw(&format!("{ENDS}\n"))?;
        }
        IssuerChange::Same | IssuerChange::None => context.output.line(format!("The server is {to} already."))?,
    }
    if context.app.issuer.as_str() == to {
        return Ok(());
    }
    context.output.line(format!("Before the next start, set server.issuer to {to}."))
}
