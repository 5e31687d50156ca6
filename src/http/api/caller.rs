//! Who calls: the bearer of an access token for the API (RFC 6750).
//!
//! Owns which tokens are taken, and the proof that a token of an end-user is. Whoever calls does what the account or the client may do at this
//! moment, as far as the token's scope goes, and what its client is registered for; [`Authority`] says what that is.

use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::operation::Operation;
use super::problem::ApiProblem;
use super::rate_limit;
use crate::admin::{Authority, ProvenAuthority, Rejected};
use crate::http::AppState;
use crate::http::bearer;
use crate::identity::RecentProof;
use crate::identity::accounts::acr_of;
use crate::identity::second_factor::Needed;
use crate::model::client::ClientId;
use crate::model::grant::Grant;
use crate::model::refusal::{Reason, Refusal};
use crate::model::user::User;
use crate::protocol::own_api::{self, Reach};
use crate::tokens::presented::{self, PresentedRejected};
use crate::tokens::validity::{ValidGrant, ValidToken};
use crate::tokens::{Audience, jti};

/// Who calls. Only [`guard`] makes one.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// By whose token, and to which client it was given.
    name: String,
    authority: Authority,
    proof: Proof,
}

/// What proves the caller.
#[derive(Clone, Debug)]
enum Proof {
    /// The end-user's authentication, as the grant behind the token remembers it.
    Of(Box<ValidGrant>),
    /// The client's own, which it gave for the token.
    Given(Box<ProvenAuthority>),
}

/// Finds out who calls an operation, and lets in who has a token that is good for it. Around every operation.
pub(super) async fn guard(
    State(app): State<AppState>,
    Extension(operation): Extension<&'static Operation>,
    mut request: Request,
    next: Next,
) -> Response {
    match Caller::of(&app, operation, request.headers()).await {
        Ok(caller) => {
            let allowance = app.throttle.count_call(&caller.name).await;
            let mut response = if allowance.left.is_some() {
                request.extensions_mut().insert(caller);
                next.run(request).await
            } else {
                ApiProblem::too_many_requests(allowance.resets_in).into_response()
            };
            rate_limit::put(&mut response, &allowance);
            response
        }
        Err(problem) => problem.into_response(),
    }
}

impl Caller {
    /// The caller by the token of a request, if it is good for the operation.
    pub(super) async fn of(app: &AppState, operation: &Operation, headers: &HeaderMap) -> Result<Self, ApiProblem> {
        let token = token(app, headers).await?;
        let reach = reach_of(app, &token).await?;
        let needed = if operation.permission.is_to_see() { Reach::Read } else { Reach::Write };
        if !good_for(reach, needed) {
            return Err(ApiProblem::insufficient_scope(scope_of(needed)));
        }
        let caller = Self::with(app, token, reach).await?;
        // The function behind the operation asks as well, and whether it is allowed to what the operation is about; here it is asked before anything else of the
        // request is looked at.
        if caller.authority.allows_somewhere(operation.permission) {
            return Ok(caller);
        }
        Err(Rejected::Forbidden(Some(operation.permission)).into())
    }

    async fn with(app: &AppState, ValidToken { claims, valid }: ValidToken, reach: Reach) -> Result<Self, ApiProblem> {
        let name = format!("{} {}", claims.client_id, claims.sub);
        if let Some(valid) = valid {
            let (user, authority) = Authority::of_account(&app.admin, valid.user.id).await.map_err(of_who_is_gone)?;
            if !is_complete(app, &user, &valid.grant).await? {
                return Err(ApiProblem::second_factor_needed());
            }
            return Ok(Self { name, authority: authority.within(reach), proof: Proof::Of(Box::new(valid)) });
        }
        let client = ClientId::parse(&claims.client_id).map_err(|why| ApiProblem::internal(&why))?;
        let epoch = jti::client_epoch(&claims.jti);
        let proven = Authority::of_client(&app.admin, &client, epoch).await.map_err(of_who_is_gone)?.within(reach);
        Ok(Self { name, authority: (*proven).clone(), proof: Proof::Given(Box::new(proven)) })
    }

    /// A name that no other caller has.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// With what authority.
    pub(super) const fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The same, proven: `ProofNeeded` where an end-user authenticated too long ago.
    pub(super) async fn proven(&self, app: &AppState) -> Result<ProvenAuthority, ApiProblem> {
        match &self.proof {
            Proof::Given(authority) => Ok((**authority).clone()),
            Proof::Of(valid) => match proof_of(app, valid).await? {
                Some(proof) => Ok(self.authority.clone().proven(&proof)?),
                // Signing in again without it would lead here again.
                None if app.accounts.second_factors(valid.user.id).await?.any() => {
                    Err(ApiProblem::proof_by_two_factors_needed())
                }
                None => Err(ApiProblem::proof_needed()),
            },
        }
    }
}

/// What proves the end-user: the authentication in which the grant was made, or, where a provider gave its word for that, what the sign-in knows of
/// a proof that the provider was held to before.
async fn proof_of(app: &AppState, valid: &ValidGrant) -> Result<Option<RecentProof>, ApiProblem> {
    if let Some(proof) = app.accounts.proof_by_grant(&valid.grant).await? {
        return Ok(Some(proof));
    }
    let sign_ins = app.flow.sessions.of_user(valid.user.id).await?;
    let sign_in = sign_ins.iter().find(|sign_in| Some(sign_in.id) == valid.grant.sign_in);
    let proof = sign_in.and_then(|sign_in| app.accounts.recent_proof(sign_in));
    // What the end-user did afterwards says nothing of whoever has had the token since.
    let before = proof.filter(|proof| proof.at() <= valid.grant.created_at);
    Ok(app.accounts.by_the_strongest_way(before).await?)
}

/// Whether the end-user proved all that their account needs by now: when the grant was made, or in its sign-in since.
async fn is_complete(app: &AppState, user: &User, grant: &Grant) -> Result<bool, ApiProblem> {
    let nothing = |needed| matches!(needed, Needed::Nothing(_));
    if nothing(app.accounts.still_needed(user, &acr_of(grant), None).await?) {
        return Ok(true);
    }
    let sign_ins = app.flow.sessions.of_user(user.id).await?;
    match sign_ins.iter().find(|sign_in| Some(sign_in.id) == grant.sign_in) {
        Some(sign_in) => Ok(nothing(app.accounts.still_needed(user, &sign_in.acr, sign_in.leave).await?)),
        None => Ok(false),
    }
}

/// What a token is good for: what it says, as far as its client is registered for it still. What is taken from a client is taken at once, and not when its tokens have
/// expired.
async fn reach_of(app: &AppState, ValidToken { claims, valid }: &ValidToken) -> Result<Reach, ApiProblem> {
    let registered = match valid {
        Some(valid) => Reach::of(&valid.client.policy.scopes),
        None => match app.clients.find(&claims.client_id).await? {
            Some(client) => Reach::of(&client.policy.scopes),
            None => Reach::Nothing,
        },
    };
    Ok(Reach::of(&claims.scope).min(registered))
}

/// The token of a request, from its header and from nowhere else: section 2.1.
async fn token(app: &AppState, headers: &HeaderMap) -> Result<ValidToken, ApiProblem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (first, second) = (values.next(), values.next());
    if second.is_some() {
        return Err(ApiProblem::malformed("there is more than one Authorization header"));
    }
    let text = first.and_then(|value| bearer::from_header(value.as_bytes())).ok_or_else(ApiProblem::unauthenticated)?;
    let resource = own_api::resource(app.issuer.as_str());
    let mut client = None;
    let checked = presented::check(&app.tokens, text, |aud| is_for_us(aud, app.issuer.as_str()), &mut client).await;
    checked.map_err(|why| match why {
        PresentedRejected::Store(error) => error.into(),
        why => {
            let refusal = why.refusal(&resource);
            ApiProblem::invalid_token(match &client {
                Some(client) => refusal.naming(client),
                None => refusal,
            })
        }
    })
}

/// A token for the API, and for nobody else who could hand it on: the issuer beside it is this server's UserInfo.
fn is_for_us(aud: &Audience, issuer: &str) -> bool {
    let resource = own_api::resource(issuer);
    aud.contains(&resource) && aud.iter().all(|one| one == resource || one == issuer)
}

const fn good_for(reach: Reach, needed: Reach) -> bool {
    matches!((reach, needed), (Reach::Write, _) | (Reach::Read, Reach::Read))
}

const fn scope_of(reach: Reach) -> &'static str {
    match reach {
        Reach::Read => own_api::READ,
        Reach::Nothing | Reach::Write => own_api::WRITE,
    }
}

/// The account or the client went between two looks: its token does not count any more.
fn of_who_is_gone(rejected: Rejected) -> ApiProblem {
    match rejected {
        Rejected::NotFound(_) => ApiProblem::invalid_token(Refusal::new(Reason::TokenEnded)),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_others_see_too_is_none_for_the_api() {
        let is = |aud: &[&str]| {
            is_for_us(&Audience::of(aud.iter().map(|&one| one.to_owned()).collect()), "https://id.example")
        };
        assert!(is(&["https://id.example/api/v1"]));
        assert!(is(&["https://id.example/api/v1", "https://id.example"]));
        for bad in [
            &["https://id.example"][..],
            &["https://id.example/api/v1", "https://api.example"],
            &["https://id.example/api/v1/"],
            &["https://id.example/API/v1"],
            &[],
        ] {
            assert!(!is(bad), "{bad:?}");
        }
    }
}
