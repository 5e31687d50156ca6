//! An OpenID provider that follows every specification to the letter, and an OAuth 2 server with a profile endpoint: what the two
//! presets without a name of their own are for.
//!
//! Sources: OpenID Connect Core 1.0 and Discovery 1.0, RFC 6749, RFC 7636, RFC 9207.

use super::{Answer, Authentication, OpenId, Person, Provider, USUAL, USUAL_ANSWER, USUAL_OPENID, json};

pub(super) const OPENID: Provider = Provider {
    name: "oidc",
    authorization: "https://idp.example/authorize?tenant=a",
    token: "https://idp.example/token",
    scopes: &["openid", "profile", "email"],
    parameters: &[("tenant", "a")],
    authentication: Authentication::Basic,
    openid: Some(OpenId {
        issuer: "https://idp.example/a",
        discovery: Some("https://idp.example/a/.well-known/openid-configuration"),
        jwks: "https://idp.example/jwks",
        algorithm: "ES256",
        announced: || {
            json!({
                "userinfo_endpoint": "https://idp.example/userinfo",
                "authorization_response_iss_parameter_supported": true, "claims_supported": ["sub", "auth_time", "amr"],
                "code_challenge_methods_supported": ["S256"],
            })
        },
        claims: |person| json!({ "sub": person.id, "auth_time": 1_750_000_000, "amr": ["pwd", "otp"] }),
        names_itself: true,
        ..USUAL_OPENID
    }),
    answers: &[Answer {
        url: "https://idp.example/userinfo",
        shape: |person| {
            json!({
                "sub": person.id, "name": person.name, "given_name": person.given, "family_name": person.family,
                "email": person.email, "email_verified": person.verified, "picture": person.picture, "locale": "ko-KR",
            })
        },
        ..USUAL_ANSWER
    }],
    person: Person {
        id: "248289761001",
        email: "minji@corp.example",
        verified: true,
        name: "Minji Kim",
        given: "Minji",
        family: "Kim",
        picture: "https://idp.example/people/248289761001.png",
    },
    ..USUAL
};

pub(super) const OAUTH: Provider = Provider {
    name: "oauth2",
    authorization: "https://oauth.example/authorize",
    token: "https://oauth.example/token",
    scopes: &["profile"],
    authentication: Authentication::Basic,
    answers: &[Answer {
        url: "https://oauth.example/me",
        shape: |person| {
            json!({
                "id": person.id.parse::<u64>().unwrap(), "name": person.name, "email": person.email,
                "email_verified": person.verified, "avatar_url": person.picture,
            })
        },
        ..USUAL_ANSWER
    }],
    person: Person {
        id: "7",
        email: "seven@corp.example",
        verified: true,
        name: "Seven",
        given: "",
        family: "",
        picture: "https://oauth.example/7.png",
    },
    somebody_else: "8",
    ..USUAL
};
