//! Ending all sessions and grants, of an account or of everybody: what `haechi users` and `haechi sessions` both can.

use serde_json::json;

use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::Outcome;
use crate::admin::{sessions, users};
use crate::model::User;

/// What the end of everything means, said before it is asked for.
const ENDS: &str = "\
Every end-user and administrator is signed out, in every browser, and every code, refresh token and access token of theirs stops counting.
Services that verify tokens by themselves take those access tokens until they expire, within minutes: where a signing key was stolen, revoke
that as well (haechi keys revoke). Tokens that clients have of their own (client_credentials) go on until they expire; a client that is not
trusted any more is to be disabled or given a new secret.";

/// Ends every session and every grant of an account.
pub(super) async fn everything_of(context: &mut Context, user: &User) -> Outcome {
    users::revoke_sessions(&context.app.admin, &context.authority, user.id).await?;
    context.output.tell(format!("{} is signed out everywhere.", user.email), &json!({ "ended": "all", "sub": user.id }))
}

/// Ends everything of everybody.
pub(super) async fn everything(context: &mut Context, confirmation: &Confirmation) -> Outcome {
    confirmation.given_knowing(ENDS, "End every session and every grant of every account?", "nothing was ended")?;
    let epoch = sessions::end_all(&context.app.admin, &context.authority).await?;
    if context.output.is_json() {
        return context.output.json(&json!({ "server_epoch": epoch }));
    }
    context.output.raw(&format!("Everything is ended: every account is signed out.\n{ENDS}\n"))
}
