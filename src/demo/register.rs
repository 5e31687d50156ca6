//! The shop's registration: made at its first start, brought up to date at every other.

use std::collections::BTreeMap;
use std::time::Duration;

use super::CLIENT_ID;
use crate::admin::clients::{self, ClientResource, Pkce};
use crate::admin::{Administration, Authority, Rejected};
use crate::model::client::{ClientId, ClientKind, SigningAlgorithm};
use crate::support::Secret;

/// What the shop asks of its users.
pub(super) const SCOPES: &str = "openid profile email offline_access";

/// How the shop's ID tokens are signed. A server that never ran before makes its RSA keys meanwhile, which takes a while: trying
/// this out should not begin with waiting for one.
pub(super) fn algorithm_of(offered: &[SigningAlgorithm]) -> SigningAlgorithm {
    if offered.contains(&SigningAlgorithm::ES256) { SigningAlgorithm::ES256 } else { SigningAlgorithm::RS256 }
}

/// Registers the shop that is at `own`, and gives it a new secret; the one of its last start stops working.
pub(super) async fn register(
    admin: &Administration,
    own: &str,
    algorithm: SigningAlgorithm,
) -> Result<Secret<String>, Rejected> {
    let authority = Authority::operator();
    let id = ClientId::parse(CLIENT_ID)?;
    let shop = ClientResource {
        client_id: Some(CLIENT_ID.to_owned()),
        kind: Some(ClientKind::Web),
        client_name: Some("Moonjar".to_owned()),
        names: BTreeMap::from([("client_name#ko".to_owned(), "달항아리".to_owned())]),
        redirect_uris: Some(vec![format!("{own}/callback")]),
        post_logout_redirect_uris: Some(vec![format!("{own}/")]),
        scope: Some(SCOPES.to_owned()),
        id_token_signed_response_alg: Some(algorithm),
        pkce: Some(Pkce::Required),
        ..ClientResource::default()
    };
    if clients::find(admin, &authority, &id).await?.is_some() {
        clients::update(admin, &authority, &id, &shop).await?;
        clients::set_enabled(admin, &authority, &id, true).await?;
    } else if let Some(secret) = clients::create(admin, &authority, shop).await?.secret {
        return Ok(secret);
    }
    let rotated = clients::rotate_secret(admin, &authority, &id, Duration::ZERO).await?;
    rotated.secret.ok_or(Rejected::NoSecretUsed)
}
