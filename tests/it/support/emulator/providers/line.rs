//! Sources: <https://developers.line.biz/en/docs/line-login/integrate-line-login/> and
//! <https://developers.line.biz/en/reference/line-login/>; read 2026-11-23. Web logins get ID tokens with a MAC under the channel secret.

use super::{OpenId, Person, Provider, USUAL, USUAL_OPENID, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "line",
    authorization: "https://access.line.me/oauth2/v2.1/authorize",
    token: "https://api.line.me/oauth2/v2.1/token",
    scopes: &["openid", "profile", "email"],
    granted: |granted| {
        json!({
            "access_token": granted.access_token, "expires_in": 2_592_000, "id_token": granted.id_token,
            "refresh_token": "refresh-of-line", "scope": granted.scope, "token_type": "Bearer",
        })
    },
    openid: Some(OpenId {
        issuer: "https://access.line.me",
        discovery: Some("https://access.line.me/.well-known/openid-configuration"),
        jwks: "https://api.line.me/oauth2/v2.1/certs",
        algorithm: "HS256",
        announced: || {
            json!({
                "userinfo_endpoint": "https://api.line.me/oauth2/v2.1/userinfo",
                "id_token_signing_alg_values_supported": ["ES256"],
                "code_challenge_methods_supported": ["S256"],
            })
        },
        claims: |person| {
            json!({
                "sub": person.id, "amr": ["linesso"], "name": person.name, "picture": person.picture,
                "email": person.email,
            })
        },
        hashes_access_token: false,
        ..USUAL_OPENID
    }),
    person: Person {
        id: "U1234567890abcdef1234567890abcdef",
        email: "taro.line@example.com",
        verified: false,
        name: "Taro Line",
        given: "",
        family: "",
        picture: "https://profile.line-scdn.net/0h8pWWElvzZ19qLk3ywQYYCFZraTIdAGEXEhx9ak56MDxDHiUIVEEsPBspMG1EGSEPAk4uP01t0m5G",
    },
    ..USUAL
};
