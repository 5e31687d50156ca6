//! What the members of tokens are, a sentence each.

use crate::i18n::{Key, keys};

/// What a claim, or a parameter of a header, is: RFC 7515, RFC 7519, RFC 9068, OpenID Connect Core 1.0.
pub(super) fn of_claim(name: &str) -> Option<Key> {
    use keys::trial as text;
    Some(match name {
        "alg" => text::CLAIM_ALG,
        "typ" => text::CLAIM_TYP,
        "kid" => text::CLAIM_KID,
        "iss" => text::CLAIM_ISS,
        "sub" => text::CLAIM_SUB,
        "aud" => text::CLAIM_AUD,
        "exp" => text::CLAIM_EXP,
        "iat" => text::CLAIM_IAT,
        "nbf" => text::CLAIM_NBF,
        "jti" => text::CLAIM_JTI,
        "client_id" => text::CLAIM_CLIENT_ID,
        "azp" => text::CLAIM_AZP,
        "scope" => text::CLAIM_SCOPE,
        "auth_time" => text::CLAIM_AUTH_TIME,
        "acr" => text::CLAIM_ACR,
        "amr" => text::CLAIM_AMR,
        "nonce" => text::CLAIM_NONCE,
        "at_hash" => text::CLAIM_AT_HASH,
        "c_hash" => text::CLAIM_C_HASH,
        "sid" => text::CLAIM_SID,
        "cnf" => text::CLAIM_CNF,
        "roles" => text::CLAIM_ROLES,
        "groups" => text::CLAIM_GROUPS,
        "email" => text::CLAIM_EMAIL,
        "email_verified" => text::CLAIM_EMAIL_VERIFIED,
        "updated_at" => text::CLAIM_UPDATED_AT,
        "name" | "given_name" | "family_name" | "middle_name" | "nickname" | "preferred_username" | "profile"
        | "picture" | "website" | "gender" | "birthdate" | "zoneinfo" | "locale" => text::CLAIM_PROFILE,
        "phone_number" | "phone_number_verified" => text::CLAIM_PHONE,
        "address" => text::CLAIM_ADDRESS,
        _ => return None,
    })
}
