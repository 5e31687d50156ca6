//! The end: a code for the client. Only its digest is kept.

use super::answer::ReturnPath;
use super::{Answer, Flow};
use crate::model::Epoch;
use crate::model::authorization::Authorization;
use crate::model::client::Client;
use crate::model::grant::{Grant, GrantTerms, Ticket};
use crate::model::session::SignIn;
use crate::store::StoreResult;
use crate::support::id::GrantId;
use crate::tokens::code::Code;

impl Flow {
    /// Puts a grant with an unused code in place, and says what the client is answered. `Ended` where what the grant would rest on was ended
    /// since it was looked at.
    pub(super) async fn issue(
        &self,
        authorization: &Authorization,
        (client, consent_epoch): (&Client, Epoch),
        sign_in: &SignIn,
    ) -> StoreResult<Answer> {
        let now = self.clock.now();
        let id = GrantId::new(now, self.random.as_ref());
        let (code, text) = Code::draw(id, self.random.as_ref());
        let request = &authorization.request;
        // RFC 6749 section 4.1.2: "The authorization code MUST expire shortly after it is issued".
        let code = Ticket::code(
            code.digest,
            request.redirect_uri_param.clone(),
            request.code_challenge.clone(),
            now.plus(self.code_lifetime),
        );
        let to = (client.id.clone(), client.epoch);
        let mut grant = Grant::new(id, to, sign_in, terms(authorization, sign_in), code, now);
        grant.epochs.consent = consent_epoch;
        self.stores.grants.insert(grant).await?;
        Ok(self.return_path(authorization).code(text))
    }

    pub(super) fn return_path<'a>(&'a self, authorization: &'a Authorization) -> ReturnPath<'a> {
        ReturnPath::of(&authorization.request, self.issuer.as_str())
    }
}

/// What is granted: fixed from here on.
fn terms(authorization: &Authorization, sign_in: &SignIn) -> GrantTerms {
    let request = &authorization.request;
    GrantTerms {
        resources: request.resources.clone(),
        claims: request.claims.clone(),
        claims_locales: request.claims_locales.clone(),
        nonce: request.nonce.clone(),
        // OpenID Connect Core 1.0 section 2: "When a max_age request is made [...] then this Claim is REQUIRED".
        auth_time_wanted: request.max_age.is_some(),
        ..GrantTerms::new(request.scope.clone(), sign_in)
    }
}
