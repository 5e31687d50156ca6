//! `haechi sessions`: where accounts are signed in.

use clap::Subcommand;
use reqwest::Method;
use serde_json::json;

use super::confirmation::Confirmation;
use super::context::Desk;
use super::ends;
use super::failure::{Failure, Outcome};
use super::frame::{self, One};
use super::remote::place;
use super::users::Users;
use crate::admin::sessions::{self, SignInView};
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
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List { user } => list(desk, &user).await,
            Self::Revoke { user, session: Some(id) } => revoke(desk, &user, id).await,
            Self::Revoke { user, session: None } => {
                let user = user.document(desk).await?;
                ends::everything_of(desk, &user).await
            }
            Self::EndAll { confirmation } => ends::everything(desk, &confirmation).await,
        }
    }
}

async fn revoke(desk: &mut Desk, user: &One<Users>, id: SignInId) -> Outcome {
    let document = user.document(desk).await?;
    let ended = match desk {
        Desk::Here(context) => {
            let (user, app) = (user.find(context).await?, &context.app);
            sessions::revoke(&app.admin, &context.authority, &app.flow.sessions, user.id, id).await?
        }
        Desk::There(there) => {
            let path = place(&format!("{}/sessions", frame::path::<Users>(&document)), &id.to_string());
            there.api.done(Method::DELETE, &path, (&[], None)).await?
        }
    };
    if !ended {
        let email = document.email.as_deref().unwrap_or_default();
        return Err(Failure::of(format!("{email} has no session {id}")));
    }
    desk.output().tell(format!("{id} is ended."), &json!({ "ended": id }))
}

async fn list(desk: &mut Desk, user: &One<Users>) -> Outcome {
    let document = user.document(desk).await?;
    let sessions: Vec<SignInView> = match desk {
        Desk::Here(context) => {
            let (user, app) = (user.find(context).await?, &context.app);
            let all = sessions::list(&app.admin, &context.authority, &app.flow.sessions, user.id).await?;
            all.iter().map(SignInView::from).collect()
        }
        Desk::There(there) => there.api.whole(&format!("{}/sessions", frame::path::<Users>(&document))).await?,
    };
    let output = desk.output();
    if output.is_json() {
        return output.json(&sessions);
    }
    let row = |s: &SignInView| {
        vec![s.id.to_string(), s.browser.clone(), s.network.clone(), s.created_at.clone(), s.used_at.clone()]
    };
    output
        .table(&["SESSION", "BROWSER", "NETWORK", "SINCE", "LAST USED"], &sessions.iter().map(row).collect::<Vec<_>>())
}
