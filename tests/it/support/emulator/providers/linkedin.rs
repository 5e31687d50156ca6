//! Source: <https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2>, and what users of it
//! found (named at our preset); read 2026-11-23. No nonce comes back, PKCE is refused, `locale` is an object.

use super::{Answer, OpenId, Person, Pkce, Provider, USUAL, USUAL_ANSWER, USUAL_OPENID, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "linkedin",
    authorization: "https://www.linkedin.com/oauth/v2/authorization",
    token: "https://www.linkedin.com/oauth/v2/accessToken",
    scopes: &["openid", "profile", "email"],
    pkce: Pkce::Refused,
    refusal: "user_cancelled_login",
    granted: |granted| {
        json!({
            "access_token": granted.access_token, "expires_in": 5_184_000, "scope": granted.scope.replace(' ', ","),
            "token_type": "Bearer", "id_token": granted.id_token,
        })
    },
    openid: Some(OpenId {
        issuer: "https://www.linkedin.com/oauth",
        discovery: Some("https://www.linkedin.com/oauth/.well-known/openid-configuration"),
        jwks: "https://www.linkedin.com/oauth/openid/jwks",
        announced: || json!({ "userinfo_endpoint": "https://api.linkedin.com/v2/userinfo" }),
        keys: || json!({ "alg": null }),
        claims: |person| {
            json!({
                "sub": person.id, "name": person.name, "given_name": person.given, "family_name": person.family,
                "picture": person.picture, "email": person.email, "email_verified": person.verified.to_string(),
                "locale": "en_US",
            })
        },
        echoes_nonce: false,
        hashes_access_token: false,
        ..USUAL_OPENID
    }),
    answers: &[Answer {
        url: "https://api.linkedin.com/v2/userinfo",
        shape: |person| {
            json!({
                "sub": person.id, "name": person.name, "given_name": person.given, "family_name": person.family,
                "picture": person.picture, "email": person.email, "email_verified": person.verified,
                "locale": { "country": "US", "language": "en" },
            })
        },
        ..USUAL_ANSWER
    }],
    person: Person {
        id: "782bbtaQ",
        email: "doe@example.com",
        verified: true,
        name: "John Doe",
        given: "John",
        family: "Doe",
        picture: "https://media.licdn.com/dms/image/v2/x/profile-displayphoto-shrink_100_100/0",
    },
    ..USUAL
};
