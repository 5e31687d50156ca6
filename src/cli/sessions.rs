//! `haechi sessions`: where accounts are signed in.

use clap::Subcommand;
use serde_json::json;

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::frame::One;
use super::users::Users;
use crate::admin::{sessions, users};
use crate::model::User;
use crate::support::id::SignInId;

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
        }
    }
}

async fn list(context: &mut Context, user: &User, json: bool) -> Outcome {
    let sessions = sessions::list(&context.authority, &context.app.flow.sessions, user.id).await?;
    if json {
        let shown = sessions.iter().map(|s| {
            json!({
                "id": s.id, "browser": s.browser, "amr": s.amr, "acr": s.acr.as_str(),
                "auth_time": s.auth_time.to_string(), "created_at": s.created_at.to_string(), "used_at": s.used_at.to_string(),
            })
        });
        return context.output.json(&shown.collect::<Vec<_>>());
    }
    let row = |s: &crate::model::SignIn| {
        vec![s.id.to_string(), s.browser.clone(), s.created_at.to_string(), s.used_at.to_string()]
    };
    let rows: Vec<_> = sessions.iter().map(row).collect();
    context.output.table(&["SESSION", "BROWSER", "SINCE", "LAST USED"], &rows)
}
