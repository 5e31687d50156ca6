//! Source: <https://dev.twitch.tv/docs/authentication/getting-tokens-oidc/>; read 2026-11-23. `scope` in the token answer is an array;
//! claims come only when they are asked for one by one; errors have `status` and `message`.

use super::{OpenId, Person, Pkce, Provider, USUAL, USUAL_OPENID, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "twitch",
    authorization: "https://id.twitch.tv/oauth2/authorize",
    token: "https://id.twitch.tv/oauth2/token",
    scopes: &["openid", "user:read:email"],
    parameters: &[(
        "claims",
        r#"{"id_token":{"email":null,"email_verified":null,"picture":null,"preferred_username":null}}"#,
    )],
    pkce: Pkce::Ignored,
    granted: |granted| {
        json!({
            "access_token": granted.access_token, "expires_in": 14_124, "id_token": granted.id_token,
            "refresh_token": "refresh-of-twitch", "scope": granted.scope.split(' ').collect::<Vec<_>>(),
            "token_type": "bearer",
        })
    },
    refused: |error| match error {
        "invalid_client" => (403, json!({ "status": 403, "message": "invalid client secret" })),
        _ => (400, json!({ "status": 400, "message": "Invalid authorization code" })),
    },
    openid: Some(OpenId {
        issuer: "https://id.twitch.tv/oauth2",
        discovery: Some("https://id.twitch.tv/oauth2/.well-known/openid-configuration"),
        jwks: "https://id.twitch.tv/oauth2/keys",
        announced: || {
            json!({
                "userinfo_endpoint": "https://id.twitch.tv/oauth2/userinfo", "claims_parameter_supported": true,
                "response_types_supported": ["id_token", "code", "token", "code id_token", "token id_token"],
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            })
        },
        claims: |person| {
            json!({
                "sub": person.id, "azp": "client-of-twitch", "email": person.email, "email_verified": person.verified,
                "preferred_username": person.name, "picture": person.picture,
            })
        },
        hashes_access_token: false,
        ..USUAL_OPENID
    }),
    person: Person {
        id: "713936733",
        email: "t@example.com",
        verified: true,
        name: "TwitchDev",
        given: "",
        family: "",
        picture: "https://static-cdn.jtvnw.net/jtv_user_pictures/8a6381c7-300x300.png",
    },
    ..USUAL
};
