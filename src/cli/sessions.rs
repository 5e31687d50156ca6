//! `haechi sessions`: where accounts are signed in.

use clap::Subcommand;
use serde_json::json;

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::frame::One;
use super::prompt;
use super::users::Users;
use crate::admin::{sessions, users};
use crate::model::User;
use crate::support::id::SignInId;

/// What the end of everything means, said before it is asked for.
const ENDS: &str = "\
Every end-user and administrator is signed out, in every browser, and every code, refresh token and access token of theirs stops counting.
Services that verify tokens by themselves take those access tokens until they expire, within minutes: where a signing key was stolen, revoke
that as well (haechi keys revoke). Tokens that clients have of their own (client_credentials) go on until they expire; a client that is not
trusted any more is to be disabled or given a new secret.";

#[derive(Debug, Subcommand)]
pub(super) enum SessionsCommand {
    /// List where an account is signed in.
    List {
        #[command(flatten)]
        user: One<Users>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// End one session of an account, or all of them.
    Revoke {
        #[command(flatten)]
        user: One<Users>,
        /// Which, as `haechi sessions list` shows it; all of them, and all grants, where it is left out.
        session: Option<SignInId>,
    },
    /// End every session and every grant of every account: what to do when a backup, the database or a key may be in other hands
    ///
    /// Every end-user and administrator signs in again, and every app asks again. One number is counted up, however many there are, and whatever
    /// was issued to an end-user before counts no more, also where a copy of it is put back. Tokens that clients have of their own
    /// (client_credentials) go on until they expire.
    #[command(verbatim_doc_comment)]
    EndAll {
        /// Do not ask.
        #[arg(long, short)]
        yes: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

impl SessionsCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::List { user, json } => {
                let user = user.find(context).await?;
                list(context, &user, json).await
            }
            Self::Revoke { user, session: Some(id) } => {
                let user = user.find(context).await?;
                let app = &context.app;
                if !sessions::revoke(&app.admin, &context.authority, &app.flow.sessions, user.id, id).await? {
                    return Err(Failure::of(format!("{} has no session {id}", user.email)));
                }
                context.output.line(format!("{id} is ended."))
            }
            Self::Revoke { user, session: None } => {
                let user = user.find(context).await?;
                users::revoke_sessions(&context.app.admin, &context.authority, user.id).await?;
                context.output.line(format!("{} is signed out everywhere.", user.email))
            }
            Self::EndAll { yes, json } => end_all(context, yes, json).await,
        }
    }
}

async fn end_all(context: &mut Context, yes: bool, json: bool) -> Outcome {
    if !yes && !prompt::agreed(&format!("{ENDS}\nEnd everything?"))? {
        return Err(Failure::of(format!("nothing was ended; --yes ends without asking. What ends:\n{ENDS}")));
    }
    let epoch = sessions::end_all(&context.app.admin, &context.authority).await?;
    if json {
        return context.output.json(&json!({ "server_epoch": epoch }));
    }
    context.output.raw(&format!("Everything is ended.\n{ENDS}\n"))
}

async fn list(context: &mut Context, user: &User, json: bool) -> Outcome {
    let sessions = sessions::list(&context.authority, &context.app.flow.sessions, user.id).await?;
    if json {
        let shown = sessions.iter().map(|s| {
            json!({
                "id": s.id, "browser": s.browser, "network": s.network, "amr": s.amr, "acr": s.acr.as_str(),
                "auth_time": s.auth_time.to_string(), "created_at": s.created_at.to_string(), "used_at": s.used_at.to_string(),
            })
        });
        return context.output.json(&shown.collect::<Vec<_>>());
    }
    let row = |s: &crate::model::SignIn| {
        vec![s.id.to_string(), s.browser.clone(), s.network.clone(), s.created_at.to_string(), s.used_at.to_string()]
    };
    let rows: Vec<_> = sessions.iter().map(row).collect();
    context.output.table(&["SESSION", "BROWSER", "NETWORK", "SINCE", "LAST USED"], &rows)
}
