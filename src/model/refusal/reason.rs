//! The stable codes of why a request is refused.

use serde::{Deserialize, Serialize};

use crate::protocol::ErrorCode;

/// What a reason is to an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Happens in a setup that is in order: an end-user said no, a silent request found nobody signed in.
    Usual,
    /// The client, its registration or a setting is not as it should be.
    Problem,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $weight:ident;)*) => {
        /// Why a request is refused. The codes are stable: they are in logs and in what `haechi clients problems --json` prints.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Reason {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
            /// One of a release that this one does not know.
            #[serde(other, rename = "other")]
            Other,
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$name,)* Self::Other];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Other => "other",
                }
            }

            /// What it is to an operator.
            pub const fn weight(self) -> Weight {
                match self {
                    $(Self::$name => Weight::$weight,)*
                    Self::Other => Weight::Problem,
                }
            }
        }
    };
}

reasons! {
    /// No client has the id that was sent.
    UnknownClient = "unknown_client", Problem;
    /// An administrator disabled the client.
    ClientDisabled = "client_disabled", Problem;
    /// `redirect_uri` is none that the client registered.
    RedirectUriMismatch = "redirect_uri_mismatch", Problem;
    /// There is no `redirect_uri`, and not exactly one is registered.
    RedirectUriMissing = "redirect_uri_missing", Problem;
    /// A parameter is missing, malformed or sent twice.
    InvalidRequest = "invalid_request", Problem;
    /// The client must send a code challenge, and sent none.
    CodeChallengeMissing = "code_challenge_missing", Problem;
    /// The client must send a nonce, and sent none.
    NonceMissing = "nonce_missing", Problem;
    /// `scope` has one that may not be asked for.
    InvalidScope = "invalid_scope", Problem;
    /// `resource` is none that the client may ask tokens for.
    InvalidTarget = "invalid_target", Problem;
    /// A response type that there is not.
    UnsupportedResponseType = "unsupported_response_type", Problem;
    /// A grant type that there is not.
    UnsupportedGrantType = "unsupported_grant_type", Problem;
    /// The client is not registered for the grant.
    UnauthorizedClient = "unauthorized_client", Problem;
    /// A request object, a `request_uri` or a registration that is not supported here.
    NotSupported = "not_supported", Problem;
    /// The authentication that was asked for (`acr_values`) cannot be had.
    UnmetAuthentication = "unmet_authentication_requirements", Problem;
    /// The end-user denied the request.
    AccessDenied = "access_denied", Usual;
    /// The request may not ask the end-user anything (`prompt=none`), and would have had to.
    InteractionRequired = "interaction_required", Usual;
    /// Too many requests from one address.
    TooManyRequests = "too_many_requests", Problem;
    /// Nothing in the request says who the client is.
    CredentialsMissing = "credentials_missing", Problem;
    /// More than one authentication method in one request.
    SeveralMethods = "several_authentication_methods", Problem;
    /// `client_id` is not the client of the credentials.
    ClientIdDiffers = "client_id_differs", Problem;
    /// The `Authorization` header cannot be read.
    AuthorizationMalformed = "authorization_header_malformed", Problem;
    /// Not an authentication method that the client may use.
    AuthenticationMethod = "authentication_method_mismatch", Problem;
    /// The client secret is wrong, or has expired.
    WrongSecret = "wrong_client_secret", Problem;
    /// The client's assertion does not hold.
    AssertionRefused = "client_assertion_refused", Problem;
    /// Wrong credentials came too often.
    TooManyFailures = "too_many_failed_authentications", Problem;
    /// No authorization code of this server, or one that is forgotten.
    CodeUnknown = "code_unknown", Problem;
    /// The authorization code was used before.
    CodeUsed = "code_used_before", Problem;
    /// The authorization code came too late.
    CodeExpired = "code_expired", Problem;
    /// The authorization code was issued to another client.
    CodeOfOtherClient = "code_of_other_client", Problem;
    /// `redirect_uri` is not the one of the authorization request.
    CodeRedirectUri = "code_redirect_uri_differs", Problem;
    /// `code_verifier` is missing, although there was a challenge.
    VerifierMissing = "code_verifier_missing", Problem;
    /// `code_verifier` does not answer the challenge.
    VerifierWrong = "code_verifier_wrong", Problem;
    /// There is a `code_verifier`, and there was no challenge.
    VerifierUnexpected = "code_verifier_unexpected", Problem;
    /// What the code stands for ended: the account, the sign-in or the consent.
    CodeEnded = "code_ended", Usual;
    /// No refresh token of this server, or one that was revoked.
    RefreshTokenUnknown = "refresh_token_unknown", Problem;
    /// The refresh token was issued to another client.
    RefreshTokenOfOtherClient = "refresh_token_of_other_client", Problem;
    /// The refresh token was replaced by a newer one, and came again.
    RefreshTokenReused = "refresh_token_reused", Problem;
    /// The refresh token's lifetime is over.
    RefreshTokenExpired = "refresh_token_expired", Usual;
    /// What the refresh token stands for ended: the account, the sign-in or the consent.
    RefreshTokenEnded = "refresh_token_ended", Usual;
    /// What was presented is bound to a key that the request does not prove.
    SenderKey = "sender_key_missing", Problem;
    /// The access token is missing, or sent in a way that is not read.
    TokenMissing = "access_token_missing", Problem;
    /// No access token of this server.
    TokenUnknown = "access_token_unknown", Problem;
    /// The access token has expired.
    TokenExpired = "access_token_expired", Usual;
    /// The access token, or what it stands for, was ended.
    TokenEnded = "access_token_ended", Usual;
    /// The access token is for another audience.
    TokenAudience = "access_token_audience", Problem;
    /// The access token lacks a scope.
    InsufficientScope = "insufficient_scope", Problem;
    /// `id_token_hint` was issued to another client.
    HintOfOtherClient = "id_token_hint_of_other_client", Problem;
    /// `id_token_hint` is no ID token of this server.
    HintUnknown = "id_token_hint_unknown", Problem;
    /// `post_logout_redirect_uri` is none that the client registered.
    PostLogoutRedirectUri = "post_logout_redirect_uri_mismatch", Problem;
    /// There is no such connection, or it is switched off.
    NoConnection = "connection_unknown", Problem;
    /// A provider's answer belongs to no login under way in this browser.
    UpstreamState = "upstream_state_unknown", Usual;
    /// The end-user denied the request at the provider.
    UpstreamDenied = "upstream_access_denied", Usual;
    /// The provider cannot be reached.
    UpstreamUnreachable = "upstream_unreachable", Problem;
    /// The provider's answer, or a setting of the connection, is not as it should be.
    UpstreamRefused = "upstream_refused", Problem;
    /// The provider's logout token does not hold.
    LogoutTokenRefused = "logout_token_refused", Problem;
    /// The login took too long, or was answered already.
    FlowGone = "login_gone", Usual;
    /// The login began in another browser.
    OtherBrowser = "login_of_other_browser", Usual;
    /// A form was stale, or came from another site.
    StaleForm = "stale_form", Usual;
    /// The account may not do this.
    Forbidden = "forbidden", Usual;
    /// There is nothing here.
    NotFound = "not_found", Usual;
    /// The request was meant for another host.
    WrongHost = "wrong_host", Problem;
}

impl From<ErrorCode> for Reason {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::InvalidRequest | ErrorCode::InvalidGrant => Self::InvalidRequest,
            ErrorCode::InvalidClient => Self::CredentialsMissing,
            ErrorCode::UnauthorizedClient => Self::UnauthorizedClient,
            ErrorCode::UnsupportedGrantType => Self::UnsupportedGrantType,
            ErrorCode::UnsupportedResponseType => Self::UnsupportedResponseType,
            ErrorCode::InvalidScope => Self::InvalidScope,
            ErrorCode::AccessDenied => Self::AccessDenied,
            ErrorCode::LoginRequired
            | ErrorCode::InteractionRequired
            | ErrorCode::AccountSelectionRequired
            | ErrorCode::ConsentRequired => Self::InteractionRequired,
            ErrorCode::RequestNotSupported
            | ErrorCode::RequestUriNotSupported
            | ErrorCode::RegistrationNotSupported => Self::NotSupported,
            ErrorCode::UnmetAuthenticationRequirements => Self::UnmetAuthentication,
            ErrorCode::InvalidTarget => Self::InvalidTarget,
            ErrorCode::InvalidToken => Self::TokenMissing,
            ErrorCode::InsufficientScope => Self::InsufficientScope,
            // No refusals of a request, and not made into any.
            ErrorCode::ServerError | ErrorCode::TemporarilyUnavailable => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_has_a_code_of_its_own_by_which_it_is_read_again() {
        let codes: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            let written = serde_json::to_value(reason).unwrap();
            assert_eq!(written, reason.code());
            assert_eq!(serde_json::from_value::<Reason>(written).unwrap(), *reason);
        }
        assert_eq!(serde_json::from_str::<Reason>("\"of_tomorrow\"").unwrap(), Reason::Other);
    }
}
