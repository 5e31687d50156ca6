//! The end: a code for the client. Only its digest is kept.

use super::answer::ReturnPath;
use super::{Answer, Flow};
use crate::model::authorization::Authorization;
use crate::model::epoch::{Epoch, GrantEpochs};
use crate::model::grant::{Grant, GrantTerms, Ticket, TicketKind};
use crate::model::session::SignIn;
use crate::store::StoreResult;
use crate::support::id::GrantId;
use crate::tokens::code::Code;

impl Flow {
    /// Puts a grant with an unused code in place, and says what the client is answered. `Ended` where what the grant would rest on was ended
    /// since it was looked at.
    pub(super) async fn issue(&self, authorization: &Authorization, sign_in: &SignIn) -> StoreResult<Answer> {
        let now = self.clock.now();
        let client = self.clients.find(authorization.client.as_str()).await?;
        let client_epoch = client.map_or_else(Epoch::default, |client| client.epoch);
        let id = GrantId::new(now, self.random.as_ref());
        let (code, text) = Code::draw(id, self.random.as_ref());
        let request = &authorization.request;
        // RFC 6749 section 4.1.2: "The authorization code MUST expire shortly after it is issued".
        let expires_at = now.plus(self.code_lifetime);
        self.stores
            .grants
            .insert(Grant {
                id,
                user: sign_in.user,
                client: authorization.client.clone(),
                sign_in: Some(sign_in.id),
                source: None,
                epochs: epochs(sign_in, client_epoch),
                terms: terms(authorization, sign_in),
                ticket: Some(Ticket {
                    digest: code.digest,
                    expires_at,
                    used_at: None,
                    kind: TicketKind::AuthorizationCode {
                        redirect_uri: request.redirect_uri_param.clone(),
                        challenge: request.code_challenge.clone(),
                    },
                }),
                refresh: None,
                created_at: now,
                expires_at,
                revoked_at: None,
            })
            .await?;
        Ok(self.return_path(authorization).code(text))
    }

    pub(super) fn return_path<'a>(&'a self, authorization: &'a Authorization) -> ReturnPath<'a> {
        ReturnPath::of(&authorization.request, self.issuer.as_str())
    }
}

/// The grant lives no longer than what it rests on, as that was when the end-user authenticated.
fn epochs(sign_in: &SignIn, client: Epoch) -> GrantEpochs {
    GrantEpochs { user: sign_in.epoch, client, connection: sign_in.connection_epoch() }
}

/// What is granted: fixed from here on.
fn terms(authorization: &Authorization, sign_in: &SignIn) -> GrantTerms {
    let request = &authorization.request;
    GrantTerms {
        scope: request.scope.clone(),
        resources: request.resources.clone(),
        claims: request.claims.clone(),
        claims_locales: request.claims_locales.clone(),
        nonce: request.nonce.clone(),
        auth_time: sign_in.authenticated_at(),
        acr: sign_in.acr.as_str().to_owned(),
        amr: sign_in.amr.clone(),
        // OpenID Connect Core 1.0 section 2: "When a max_age request is made [...] then this Claim is REQUIRED".
        auth_time_wanted: request.max_age.is_some(),
        cnf: None,
        authorization_details: Vec::new(),
        act: None,
    }
}
