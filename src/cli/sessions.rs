//! `haechi sessions`: where accounts are signed in.

use clap::Subcommand;
use serde_json::json;

use super::confirmation::Confirmation;
use super::context::Context;
use super::ends;
use super::failure::{Failure, Outcome};
use super::frame::One;
use super::users::Users;
use crate::admin::sessions::{self, SignInView};
use crate::model::User;
use crate::support::id::SignInId;

#[derive(Debug, Subcommand)]
pub(super) enum SessionsCommand {
    /// List where an account is signed in.
    #[command(after_long_help = "\
Examples:
  haechi sessions list kim@example.com
  haechi sessions list kim@example.com --json")]
    List {
        #[command(flatten)]
        user: One<Users>,
    },
    /// End one session of an account, or all of them.
    ///
    /// For one browser that was lost, name its session. All of an account's is what `haechi users revoke-sessions` does too; every account's
    /// is `haechi sessions end-all`.
    #[command(after_long_help = "\
Examples:
  haechi sessions revoke kim@example.com sid_0198f1f0a5b07c3e8d2a4b6c8e0f1a2b
  haechi sessions revoke kim@example.com")]
    Revoke {
        #[command(flatten)]
        user: One<Users>,
        /// Which, as `haechi sessions list` shows it; all of them, and all grants, where it is left out.
        session: Option<SignInId>,
    },
    /// End every session and every grant of every account: what to do when a backup, the database or a key may be in other hands.
    ///
    /// Every end-user and administrator signs in again, and every app asks again. One number is counted up, however many there are, and
    /// whatever was issued to an end-user before counts no more, also where a copy of it is put back. Tokens that clients have of
    /// their own (client_credentials) go on until they expire. For one account there is `haechi users revoke-sessions`.
    #[command(after_long_help = "Examples:\n  haechi sessions end-all\n  haechi sessions end-all --yes --json")]
    EndAll {
        #[command(flatten)]
        confirmation: Confirmation,
    },
}

impl SessionsCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List { user } => {
                let user = user.find(context).await?;
                list(context, &user).await
            }
            Self::Revoke { user, session: Some(id) } => {
                let user = user.find(context).await?;
                let app = &context.app;
                if !sessions::revoke(&app.admin, &context.authority, &app.flow.sessions, user.id, id).await? {
                    return Err(Failure::of(format!("{} has no session {id}", user.email)));
                }
                context.output.tell(format!("{id} is ended."), &json!({ "ended": id }))
            }
            Self::Revoke { user, session: None } => {
                let user = user.find(context).await?;
                ends::everything_of(context, &user).await
            }
            Self::EndAll { confirmation } => ends::everything(context, &confirmation).await,
        }
    }
}

async fn list(context: &mut Context, user: &User) -> Outcome {
    let sessions = sessions::list(&context.authority, &context.app.flow.sessions, user.id).await?;
    if context.output.is_json() {
        return context.output.json(&sessions.iter().map(SignInView::from).collect::<Vec<_>>());
    }
    let row = |s: &crate::model::SignIn| {
        vec![s.id.to_string(), s.browser.clone(), s.network.clone(), s.created_at.to_string(), s.used_at.to_string()]
    };
    let rows: Vec<_> = sessions.iter().map(row).collect();
    context.output.table(&["SESSION", "BROWSER", "NETWORK", "SINCE", "LAST USED"], &rows)
}
