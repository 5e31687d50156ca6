//! Why something was refused, in the language of the page. What the command line says of it in English is `admin::problems`'.

use crate::i18n::{Key, Texts, keys};
use crate::model::Refusal;
use crate::model::refusal::Reason;

/// What happened, in a sentence; what was found besides stands behind it.
pub(super) fn in_words(t: &Texts, refusal: &Refusal) -> String {
    let sent = refusal.sent.as_deref().unwrap_or("–");
    let expected = match refusal.expected.as_slice() {
        [] => "–".to_owned(),
        all => all.join(", "),
    };
    let words = match refusal.reason {
        Reason::InvalidRequest => {
            t.with(key_of(refusal.reason), "parameter", refusal.parameter.as_deref().unwrap_or("–"))
        }
        reason => t.with_two(key_of(reason), "sent", sent, "expected", &expected),
    };
    match &refusal.detail {
        Some(detail) => format!("{words} ({detail})"),
        None => words,
    }
}

#[allow(clippy::too_many_lines, reason = "a line for each reason")]
const fn key_of(reason: Reason) -> Key {
    use keys::reason as text;
    match reason {
        Reason::UnknownClient => text::UNKNOWN_CLIENT,
        Reason::ClientDisabled => text::CLIENT_DISABLED,
        Reason::RedirectUriMismatch => text::REDIRECT_URI_MISMATCH,
        Reason::RedirectUriMissing => text::REDIRECT_URI_MISSING,
        Reason::InvalidRequest => text::INVALID_REQUEST,
        Reason::CodeChallengeMissing => text::CODE_CHALLENGE_MISSING,
        Reason::NonceMissing => text::NONCE_MISSING,
        Reason::InvalidScope => text::INVALID_SCOPE,
        Reason::InvalidTarget => text::INVALID_TARGET,
        Reason::UnsupportedResponseType => text::UNSUPPORTED_RESPONSE_TYPE,
        Reason::UnsupportedGrantType => text::UNSUPPORTED_GRANT_TYPE,
        Reason::UnauthorizedClient => text::UNAUTHORIZED_CLIENT,
        Reason::NotSupported => text::NOT_SUPPORTED,
        Reason::UnmetAuthentication => text::UNMET_AUTHENTICATION,
        Reason::AccessDenied => text::ACCESS_DENIED,
        Reason::InteractionRequired => text::INTERACTION_REQUIRED,
        Reason::TooManyRequests => text::TOO_MANY_REQUESTS,
        Reason::CredentialsMissing => text::CREDENTIALS_MISSING,
        Reason::SeveralMethods => text::SEVERAL_METHODS,
        Reason::ClientIdDiffers => text::CLIENT_ID_DIFFERS,
        Reason::AuthorizationMalformed => text::AUTHORIZATION_MALFORMED,
        Reason::AuthenticationMethod => text::AUTHENTICATION_METHOD,
        Reason::WrongSecret => text::WRONG_SECRET,
        Reason::AssertionRefused => text::ASSERTION_REFUSED,
        Reason::TooManyFailures => text::TOO_MANY_FAILURES,
        Reason::CodeUnknown => text::CODE_UNKNOWN,
        Reason::CodeUsed => text::CODE_USED,
        Reason::CodeExpired => text::CODE_EXPIRED,
        Reason::CodeOfOtherClient => text::CODE_OF_OTHER_CLIENT,
        Reason::CodeRedirectUri => text::CODE_REDIRECT_URI,
        Reason::VerifierMissing => text::VERIFIER_MISSING,
        Reason::VerifierWrong => text::VERIFIER_WRONG,
        Reason::VerifierUnexpected => text::VERIFIER_UNEXPECTED,
        Reason::CodeEnded => text::CODE_ENDED,
        Reason::RefreshTokenUnknown => text::REFRESH_TOKEN_UNKNOWN,
        Reason::RefreshTokenOfOtherClient => text::REFRESH_TOKEN_OF_OTHER_CLIENT,
        Reason::RefreshTokenReused => text::REFRESH_TOKEN_REUSED,
        Reason::RefreshTokenExpired => text::REFRESH_TOKEN_EXPIRED,
        Reason::RefreshTokenEnded => text::REFRESH_TOKEN_ENDED,
        Reason::SenderKey => text::SENDER_KEY,
        Reason::TokenMissing => text::TOKEN_MISSING,
        Reason::TokenUnknown => text::TOKEN_UNKNOWN,
        Reason::TokenExpired => text::TOKEN_EXPIRED,
        Reason::TokenEnded => text::TOKEN_ENDED,
        Reason::TokenAudience => text::TOKEN_AUDIENCE,
        Reason::InsufficientScope => text::INSUFFICIENT_SCOPE,
        Reason::HintOfOtherClient => text::HINT_OF_OTHER_CLIENT,
        Reason::HintUnknown => text::HINT_UNKNOWN,
        Reason::PostLogoutRedirectUri => text::POST_LOGOUT_REDIRECT_URI,
        Reason::NoConnection => text::NO_CONNECTION,
        Reason::UpstreamState => text::UPSTREAM_STATE,
        Reason::UpstreamDenied => text::UPSTREAM_DENIED,
        Reason::UpstreamUnreachable => text::UPSTREAM_UNREACHABLE,
        Reason::UpstreamRefused => text::UPSTREAM_REFUSED,
        Reason::LogoutTokenRefused => text::LOGOUT_TOKEN_REFUSED,
        Reason::FlowGone => text::FLOW_GONE,
        Reason::OtherBrowser => text::OTHER_BROWSER,
        Reason::StaleForm => text::STALE_FORM,
        Reason::Forbidden => text::FORBIDDEN,
        Reason::NotFound => text::NOT_FOUND,
        Reason::WrongHost => text::WRONG_HOST,
        Reason::Other => text::OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Locale;

    #[test]
    fn every_reason_has_words_in_every_language() {
        for locale in Locale::ALL {
            let t = Texts::of(*locale);
            let refusal = |reason: &Reason| Refusal::new(*reason).at("scope", Some("a")).expecting(["b"]);
            let all: Vec<String> = Reason::ALL.iter().map(|reason| in_words(t, &refusal(reason))).collect();
            assert!(all.iter().all(|words| words.chars().count() > 8 && !words.contains("{ $")), "{all:?}");
        }
    }

    #[test]
    fn both_values_are_said() {
        let refusal = Refusal::new(Reason::RedirectUriMismatch).at("redirect_uri", Some("https://a.example/"));
        let refusal = refusal.expecting(["https://b.example/"]);
        let words = in_words(Texts::of(Locale::Ko), &refusal);
        assert!(words.contains("https://a.example/") && words.contains("https://b.example/"), "{words}");
    }
}
