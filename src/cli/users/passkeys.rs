//! `haechi users passkeys`: the passkeys of an account.

use clap::Subcommand;
use reqwest::Method;
use serde_json::json;

use super::{Users, email_of};
use crate::admin::users::{self, PasskeyView};
use crate::cli::context::Desk;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::{self, One, Said};
use crate::cli::output::Output;
use crate::cli::remote::place;
use crate::support::id::PasskeyId;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum PasskeysCommand {
    /// List the passkeys of an account.
    #[command(after_long_help = "\
Examples:
  haechi users passkeys list kim@example.com
  haechi users passkeys list kim@example.com --json")]
    List {
        #[command(flatten)]
        user: One<Users>,
    },
    /// Remove a passkey of an account, for a reason that the audit log keeps: one of a device that was lost. The account is signed out everywhere. Its last way in stays.
    #[command(after_long_help = "\
Examples:
  haechi users passkeys remove kim@example.com pky_0198f1f0a5b07c3e8d2a4b6c8e0f1a2b --reason 'phone lost, seen in person'")]
    Remove {
        #[command(flatten)]
        user: One<Users>,
        /// Which, as `haechi users passkeys list` shows it.
        passkey: PasskeyId,
        /// How you know that it is the owner who asks, or why it has to be, in a line.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

impl PasskeysCommand {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List { user } => {
                let passkeys = all(desk, &user).await?;
                list(desk.output(), &passkeys)
            }
            Self::Remove { user, passkey, reason } => {
                let document = user.document(desk).await?;
                let email = email_of(&document);
                let removed = match desk {
                    Desk::Here(context) => {
                        let (user, admin) = (user.find(context).await?, &context.app.admin);
                        users::remove_passkey(admin, &context.authority, user.id, passkey, &reason)
                            .await
                            .map_err(|why| Said::InOptions.refused::<Users>(why))?
                    }
                    Desk::There(there) => {
                        let above = format!("{}/passkeys", frame::path::<Users>(&document));
                        let path = format!("{}/remove", place(&above, &passkey.to_string()));
                        let wanted = json!({ "reason": reason });
                        let done = there.api.done(Method::POST, &path, (&[], Some(&wanted))).await;
                        done.map_err(|why| Said::InOptions.refused_there::<Users>(why))?
                    }
                };
                if !removed {
                    return Err(Failure::of(format!("{email} has no passkey {passkey}")));
                }
                let sentence = format!("{passkey} is removed, and {email} is signed out everywhere.");
                desk.output().tell(sentence, &json!({ "removed": passkey }))
            }
        }
    }
}

async fn all(desk: &mut Desk, user: &One<Users>) -> Outcome<Vec<PasskeyView>> {
    let document = user.document(desk).await?;
    match desk {
        Desk::Here(context) => {
            let user = user.find(context).await?;
            let ways = users::ways_in(&context.app.admin, &context.authority, user.id).await?;
            Ok(ways.passkeys.iter().map(PasskeyView::from).collect())
        }
        Desk::There(there) => there.api.whole(&format!("{}/passkeys", frame::path::<Users>(&document))).await,
    }
}

fn list(output: &mut Output, passkeys: &[PasskeyView]) -> Outcome {
    if output.is_json() {
        return output.json(&passkeys);
    }
    let row = |passkey: &PasskeyView| {
        let used = passkey.last_used_at.clone().unwrap_or_else(|| "-".to_owned());
        let synced = if passkey.backup_state { "yes" } else { "no" }.to_owned();
        vec![passkey.id.clone(), passkey.name.clone(), synced, passkey.created_at.clone(), used]
    };
    output.table(&["ID", "NAME", "SYNCED", "ADDED", "LAST USED"], &passkeys.iter().map(row).collect::<Vec<_>>())
}
