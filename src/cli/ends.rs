//! Ending all sessions and grants, of an account or of everybody: what `haechi users` and `haechi sessions` both can.

use reqwest::Method;
use serde_json::{Value, json};

use super::confirmation::Confirmation;
use super::context::Desk;
use super::failure::Outcome;
use super::remote::place;
use crate::admin::users::{self, UserResource};
use crate::admin::{Aggregate, Rejected, sessions};

/// What the end of everything means, said before it is asked for.
const ENDS: &str = "\
Every end-user and administrator is signed out, in every browser, and every code, refresh token and access token of theirs stops counting.
Services that verify tokens by themselves take those access tokens until they expire, within minutes: where a signing key was stolen, revoke
that as well (haechi keys revoke). Tokens that clients have of their own (client_credentials) go on until they expire; a client that is not
trusted any more is to be disabled or given a new secret.";

/// Ends every session and every grant of an account.
pub(super) async fn everything_of(desk: &mut Desk, user: &UserResource) -> Outcome {
    let sub = user.sub.as_deref().unwrap_or_default();
    match desk {
        Desk::Here(context) => {
            let (admin, authority) = (&context.app.admin, &context.authority);
            let found = users::find(admin, authority, sub).await?.ok_or(Rejected::NotFound(Aggregate::User))?;
            users::revoke_sessions(admin, authority, found.id).await?;
        }
        Desk::There(there) => {
            let path = format!("{}/sessions", place("/users", sub));
            there.api.done(Method::DELETE, &path, (&[], None)).await?;
        }
    }
    let sentence = format!("{} is signed out everywhere.", user.email.as_deref().unwrap_or_default());
    desk.output().tell(sentence, &json!({ "ended": "all", "sub": sub }))
}

/// Ends everything of everybody.
pub(super) async fn everything(desk: &mut Desk, confirmation: &Confirmation) -> Outcome {
    confirmation.given_knowing(ENDS, "End every session and every grant of every account?", "nothing was ended")?;
    let epoch = match desk {
        Desk::Here(context) => json!(sessions::end_all(&context.app.admin, &context.authority).await?),
        // The API does not say which epoch the server is in.
        Desk::There(there) => {
            there.api.done(Method::DELETE, "/sessions", (&[], None)).await?;
            Value::Null
        }
    };
    let output = desk.output();
    if output.is_json() {
        return output.json(&json!({ "server_epoch": epoch }));
    }
    output.raw(&format!("Everything is ended: every account is signed out.\n{ENDS}\n"))
}
