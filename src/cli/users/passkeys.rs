//! `haechi users passkeys`: the passkeys of an account.

use clap::Subcommand;
use serde_json::json;

use super::Users;
use crate::admin::users::{self, PasskeyView};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::{One, Said};
use crate::model::Passkey;
use crate::support::Timestamp;
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
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List { user } => {
                let user = user.find(context).await?;
                let ways = users::ways_in(&context.app.admin, &context.authority, user.id).await?;
                list(context, &ways.passkeys)
            }
            Self::Remove { user, passkey, reason } => {
                let user = user.find(context).await?;
                let (admin, authority) = (&context.app.admin, &context.authority);
                let removed = users::remove_passkey(admin, authority, user.id, passkey, &reason).await;
                if !removed.map_err(|why| Said::InOptions.refused::<Users>(why))? {
                    return Err(Failure::of(format!("{} has no passkey {passkey}", user.email)));
                }
                let sentence = format!("{passkey} is removed, and {} is signed out everywhere.", user.email);
                context.output.tell(sentence, &json!({ "removed": passkey }))
            }
        }
    }
}

fn list(context: &mut Context, passkeys: &[Passkey]) -> Outcome {
    if context.output.is_json() {
        return context.output.json(&passkeys.iter().map(PasskeyView::from).collect::<Vec<_>>());
    }
    let row = |passkey: &Passkey| {
        let used = passkey.last_used_at.as_ref().map_or_else(|| "-".to_owned(), Timestamp::to_string);
        let synced = if passkey.backup.is_backed_up() { "yes" } else { "no" }.to_owned();
        vec![passkey.id.to_string(), passkey.name.clone(), synced, passkey.created_at.to_string(), used]
    };
    context.output.table(&["ID", "NAME", "SYNCED", "ADDED", "LAST USED"], &passkeys.iter().map(row).collect::<Vec<_>>())
}
