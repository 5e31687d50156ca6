//! Source: <https://developers.google.com/identity/openid-connect/openid-connect>; read 2026-11-23.

use super::{OpenId, Person, Provider, USUAL, USUAL_OPENID, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "google",
    authorization: "https://accounts.google.com/o/oauth2/v2/auth",
    token: "https://oauth2.googleapis.com/token",
    scopes: &["openid", "email", "profile"],
    openid: Some(OpenId {
        issuer: "https://accounts.google.com",
        discovery: Some("https://accounts.google.com/.well-known/openid-configuration"),
        jwks: "https://www.googleapis.com/oauth2/v3/certs",
        announced: || {
            json!({
                "userinfo_endpoint": "https://openidconnect.googleapis.com/v1/userinfo",
                "response_types_supported": ["code", "token", "id_token", "code token", "none"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "code_challenge_methods_supported": ["plain", "S256"],
            })
        },
        claims: |person| {
            json!({
                "azp": "client-of-google", "sub": person.id, "email": person.email, "email_verified": person.verified,
                "name": person.name, "given_name": person.given, "family_name": person.family,
                "picture": person.picture,
            })
        },
        ..USUAL_OPENID
    }),
    person: Person {
        id: "10769150350006150715113082367",
        email: "minji.kim@gmail.com",
        verified: true,
        name: "Minji Kim",
        given: "Minji",
        family: "Kim",
        picture: "https://lh3.googleusercontent.com/a/ACg8ocK=s96-c",
    },
    ..USUAL
};
