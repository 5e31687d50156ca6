//! What one authorization granted: the code first, then the refresh tokens and access tokens that came of it.
//!
//! A grant is one row for its whole life. The code is redeemed and the refresh token rotated by one conditional statement
//! on that row, so there is never more than one live refresh token, and revoking the row revokes everything.

use serde::{Deserialize, Serialize};

use super::client::ClientId;
use super::epoch::{Epoch, GrantEpochs};
use super::session::SignIn;
use crate::protocol::claims::ClaimsRequest;
use crate::protocol::confirmation::Confirmation;
use crate::protocol::pkce::CodeChallenge;
use crate::protocol::resource::Resource;
use crate::protocol::scope::ScopeSet;
use crate::support::id::{GrantId, SignInId, UserId};
use crate::support::{Digest, Timestamp};

/// What was granted, to whom, by whom: fixed when the code is issued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GrantTerms {
    /// The scopes that were granted (RFC 6749 section 3.3).
    pub scope: ScopeSet,
    /// What tokens may be for.
    pub resources: Vec<Resource>,
    /// The claims that were asked for by name.
    pub claims: ClaimsRequest,
    /// BCP 47 tags for claims, preferred first.
    pub claims_locales: Vec<String>,
    /// `nonce` of the authorization request, which the first ID token repeats.
    pub nonce: Option<String>,
    /// When the end-user authenticated: `auth_time`.
    pub auth_time: Timestamp,
    /// The authentication context class that was reached: `acr`.
    pub acr: String,
    /// By which means: RFC 8176.
    pub amr: Vec<String>,
    /// Whether the ID token must say `auth_time`.
    pub auth_time_wanted: bool,
    /// The key that its tokens are bound to: RFC 7800 section 3.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
    /// What was authorized in detail: RFC 9396 section 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorization_details: Vec<serde_json::Value>,
    /// Who acts for the resource owner: RFC 8693 section 4.1, the `act` claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<serde_json::Value>,
}

impl GrantTerms {
    /// The terms of a request that named scopes and nothing else, granted in a sign-in.
    pub fn new(scope: ScopeSet, sign_in: &SignIn) -> Self {
        Self {
            scope,
            resources: Vec::new(),
            claims: ClaimsRequest::default(),
            claims_locales: Vec::new(),
            nonce: None,
            auth_time: sign_in.authenticated_at(),
            acr: sign_in.acr.as_str().to_owned(),
            amr: sign_in.amr.clone(),
            auth_time_wanted: false,
            cnf: None,
            authorization_details: Vec::new(),
            act: None,
        }
    }
}

/// What is exchanged, once, for the first tokens of a grant.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticket {
    /// The digest of what the client presents.
    pub digest: Digest,
    /// From when it no longer counts.
    pub expires_at: Timestamp,
    /// When it was exchanged, or made useless.
    pub used_at: Option<Timestamp>,
    /// What it is, with what is bound to it.
    pub kind: TicketKind,
}

/// The kinds of tickets. Each is exchanged by the grant type of its own, and by no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketKind {
    /// An authorization code: RFC 6749 section 4.1.2.
    AuthorizationCode {
        /// The `redirect_uri` parameter of the authorization request, which the token request must repeat
        /// (RFC 6749 section 4.1.3); `None` where it had none.
        redirect_uri: Option<String>,
        /// The code challenge: RFC 7636 section 4.3; `None` only for an exempted client.
        challenge: Option<CodeChallenge>,
    },
    /// A device code: RFC 8628 section 3.2.
    DeviceCode,
    /// An `auth_req_id`: OpenID Connect Client-Initiated Backchannel Authentication 1.0 section 7.3.
    AuthenticationRequest,
}

impl Ticket {
    /// An unused authorization code that is bound to the `redirect_uri` parameter of its request and to a code challenge.
    pub fn code(
        digest: Digest,
        redirect_uri: Option<String>,
        challenge: Option<CodeChallenge>,
        expires_at: Timestamp,
    ) -> Self {
        let kind = TicketKind::AuthorizationCode { redirect_uri, challenge };
        Self { digest, expires_at, used_at: None, kind }
    }
}

/// The refresh token of a grant: only the newest one lives, and its predecessor is remembered for the retry rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RefreshSlot {
    /// How often the token was replaced so far.
    pub generation: u32,
    /// The digest of the newest token.
    pub current: Digest,
    /// The digest of the one before, until the newest was used.
    pub previous: Option<Digest>,
    /// When the newest one replaced the one before for the first time.
    pub rotated_at: Timestamp,
    /// From when it no longer counts.
    pub expires_at: Timestamp,
}

/// One authorization and everything that came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// The grant's id; tokens carry it in their `jti`.
    pub id: GrantId,
    /// The account of the resource owner.
    pub user: UserId,
    /// The client that it was granted to.
    pub client: ClientId,
    /// The sign-in that it came from; `None` where the end-user was in no browser of ours.
    pub sign_in: Option<SignInId>,
    /// The grant that it came of by a token exchange (RFC 8693): with it, it is revoked.
    pub source: Option<GrantId>,
    /// The epochs that it was made in: it counts as long as they are those of the account, the client and the connection.
    pub epochs: GrantEpochs,
    /// What was granted: scope, resources, claims, and how the user authenticated.
    pub terms: GrantTerms,
    /// What its first tokens are exchanged for; `None` where they were issued at once.
    pub ticket: Option<Ticket>,
    /// The refresh token, once there is one.
    pub refresh: Option<RefreshSlot>,
    /// When the resource owner granted it.
    pub created_at: Timestamp,
    /// From when the row is of no use any more and may be deleted.
    pub expires_at: Timestamp,
    /// When it was withdrawn; nothing of it counts from then on.
    pub revoked_at: Option<Timestamp>,
}

impl Grant {
    /// A grant that begins now with an unused ticket, and is of no use once that has expired. It lives no longer than what it rests on, as
    /// that was when the end-user authenticated and the client, in the epoch given, asked. Where what the end-user allowed the client was
    /// withdrawn before, the caller says how often.
    pub fn new(
        id: GrantId,
        (client, client_epoch): (ClientId, Epoch),
        sign_in: &SignIn,
        terms: GrantTerms,
        ticket: Ticket,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            user: sign_in.user,
            client,
            sign_in: Some(sign_in.id),
            source: None,
            epochs: GrantEpochs {
                user: sign_in.epoch,
                server: sign_in.server_epoch,
                client: client_epoch,
                consent: Epoch::default(),
                connection: sign_in.connection_epoch(),
            },
            terms,
            expires_at: ticket.expires_at,
            ticket: Some(ticket),
            refresh: None,
            created_at: now,
            revoked_at: None,
        }
    }

    /// Whether the grant outlives its sign-in: OpenID Connect Core 1.0 section 11, `offline_access`.
    pub fn is_offline(&self) -> bool {
        self.terms.scope.contains(crate::protocol::scope::standard::OFFLINE_ACCESS)
    }
}
