//! Source: <https://developer.apple.com/documentation/signinwithapplerestapi> (request an authorization, generate and validate
//! tokens); read 2026-11-23. The discovery document is left out: nobody should rely on it.

use super::{OpenId, Person, Provider, USUAL, USUAL_OPENID, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "apple",
    authorization: "https://appleid.apple.com/auth/authorize",
    token: "https://appleid.apple.com/auth/token",
    scopes: &["openid", "name", "email"],
    parameters: &[("response_mode", "form_post")],
    refusal: "user_cancelled_authorize",
    posted_once: Some(
        |person| json!({ "name": { "firstName": person.given, "lastName": person.family }, "email": person.email }),
    ),
    openid: Some(OpenId {
        issuer: "https://appleid.apple.com",
        jwks: "https://appleid.apple.com/auth/keys",
        claims: |person| {
            let relayed = person.email.ends_with("@privaterelay.appleid.com");
            json!({
                "sub": person.id, "email": person.email, "email_verified": person.verified.to_string(),
                "is_private_email": relayed.to_string(), "auth_time": 1_750_000_000, "nonce_supported": true,
            })
        },
        ..USUAL_OPENID
    }),
    person: Person {
        id: "000792.d71059495fa24644b94e4a644e2e3b4a.0638",
        email: "dpdcnf87nu@privaterelay.appleid.com",
        verified: true,
        name: "홍길동",
        given: "길동",
        family: "홍",
        picture: "",
    },
    ..USUAL
};
