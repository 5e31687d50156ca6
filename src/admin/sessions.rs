//! Where accounts are signed in, as administrators see and end it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected, Target, users};
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::{Epoch, SignIn};
use crate::sessions::Sessions;
use crate::store::Change;
use crate::support::id::{SignInId, UserId};

/// A sign-in as it is shown.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SignInView {
    /// Its id, the `sid` of ID tokens.
    #[schema(value_type = String)]
    pub id: SignInId,
    /// The browser, in a few words.
    pub browser: String,
    /// The network that the end-user authenticated from last.
    pub network: String,
    /// The methods that the end-user authenticated by: values of RFC 8176.
    pub amr: Vec<String>,
    /// How strongly they authenticated.
    pub acr: String,
    /// When they last authenticated.
    pub auth_time: String,
    /// When it began.
    pub created_at: String,
    /// When it was last used for an app.
    pub used_at: String,
}

impl From<&SignIn> for SignInView {
    fn from(sign_in: &SignIn) -> Self {
        Self {
            id: sign_in.id,
            browser: sign_in.browser.clone(),
            network: sign_in.network.clone(),
            amr: sign_in.amr.clone(),
            acr: sign_in.acr.as_str().to_owned(),
            auth_time: sign_in.auth_time.to_string(),
            created_at: sign_in.created_at.to_string(),
            used_at: sign_in.used_at.to_string(),
        }
    }
}

/// The sign-ins of an account that still count, in all browsers, the one used last first.
pub async fn list(
    admin: &Administration,
    authority: &Authority,
    sessions: &Sessions,
    user: UserId,
) -> Result<Vec<SignIn>, Rejected> {
    users::require_of(admin, (authority, Permission::ReadSessions), user).await?;
    Ok(sessions.of_user(user).await?)
}

/// Ends one sign-in for good, with the grants that do not outlive it. `false` where the account has no such sign-in.
pub async fn revoke(
    admin: &Administration,
    authority: &ProvenAuthority,
    sessions: &Sessions,
    user: UserId,
    id: SignInId,
) -> Result<bool, Rejected> {
    authority.require_somewhere(Permission::RevokeSessions)?;
    let target = Target::from(user);
    let user = admin.stores().users.find(user).await?.ok_or(Rejected::NotFound(Aggregate::User))?;
    authority.require_on_person(Permission::RevokeSessions, &user)?;
    authority.require_over(&user)?;
    if !sessions.of_user(user.id).await?.iter().any(|sign_in| sign_in.id == id) {
        return Ok(false);
    }
    let seen = users::seen((authority, Permission::RevokeSessions), &target, &user, admin.clock().now());
    let ends = sessions.revocation(authority.actor().clone(), user.id, id);
    admin.commit(authority, Aggregate::User, [vec![seen], ends].concat()).await?;
    Ok(true)
}

/// Ends every session and grant of every account, and says which epoch the server is in now: what to do after a backup or a key was stolen. Tokens
/// that clients have of their own (`client_credentials`) rest on the clients' credentials, which this leaves alone, and go on until they expire.
pub async fn end_all(admin: &Administration, authority: &ProvenAuthority) -> Result<Epoch, Rejected> {
    authority.require(Permission::EndEverything)?;
    let now = admin.clock().now();
    let event = admin.event(AuditKind::EverythingEnded, authority, now).to(AuditTarget::Server);
    admin.commit_by(authority, vec![Change::EndEverything(now), Change::Audit(event)]).await?;
    Ok(admin.stores().server.epoch().await?)
}
