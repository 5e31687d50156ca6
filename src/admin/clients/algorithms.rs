//! The algorithms of a client's tokens, against what administrators switched off.

use crate::admin::{Administration, FieldError, Rejected};
use crate::model::Client;
use crate::model::client::SigningAlgorithm;
use crate::protocol::grant_type::GrantType;

/// Refuses a client that begins to use an algorithm which is switched off. What it has already it keeps: nothing that works stops working.
pub(super) async fn check_on(admin: &Administration, client: &Client, was: Option<&Client>) -> Result<(), Rejected> {
    let holding = admin.accounts.policies.current().await?;
    let before = was.map(of).unwrap_or_default();
    let mut begun = of(client).into_iter().filter(|used| !before.contains(used));
    match begun.find(|(_, algorithm)| !holding.policy.signing.is_on(*algorithm)) {
        Some((member, _)) => Err(FieldError::AlgorithmNotOffered.of(member).into()),
        None => Ok(()),
    }
}

/// The algorithms that sign something for a client, by the members that say so.
fn of(client: &Client) -> Vec<(&'static str, SigningAlgorithm)> {
    let mut used = vec![("access_token_signed_response_alg", client.tokens.access_token_algorithm)];
    if client.may_use(GrantType::AuthorizationCode) {
        used.push(("id_token_signed_response_alg", client.tokens.id_token_algorithm));
    }
    used
}
