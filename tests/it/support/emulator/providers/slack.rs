//! Sources: <https://docs.slack.dev/authentication/sign-in-with-slack/> and
//! <https://docs.slack.dev/reference/methods/openid.connect.token>; read 2026-11-23. Errors have status 200 and `"ok": false`.

use super::{OpenId, Person, Pkce, Provider, USUAL, USUAL_OPENID, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "slack",
    authorization: "https://slack.com/openid/connect/authorize",
    token: "https://slack.com/api/openid.connect.token",
    scopes: &["openid", "profile", "email"],
    pkce: Pkce::Refused,
    granted: |granted| {
        json!({
            "ok": true, "access_token": granted.access_token, "token_type": "Bearer", "id_token": granted.id_token,
        })
    },
    refused: |error| {
        let error = if error == "invalid_client" { "bad_client_secret" } else { "invalid_code" };
        (200, json!({ "ok": false, "error": error }))
    },
    openid: Some(OpenId {
        issuer: "https://slack.com",
        discovery: Some("https://slack.com/.well-known/openid-configuration"),
        jwks: "https://slack.com/openid/connect/keys",
        announced: || {
            json!({
                "userinfo_endpoint": "https://slack.com/api/openid.connect.userInfo",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "request_parameter_supported": false, "claims_parameter_supported": false,
            })
        },
        claims: |person| {
            json!({
                "sub": person.id, "auth_time": 1_750_000_000, "https://slack.com/team_id": "T0RR",
                "https://slack.com/user_id": person.id, "email": person.email, "email_verified": person.verified,
                "date_email_verified": 1_622_128_723, "locale": "en-US", "name": person.name, "given_name": "",
                "family_name": "", "https://slack.com/user_image_192": person.picture,
                "https://slack.com/team_image_default": true,
            })
        },
        ..USUAL_OPENID
    }),
    person: Person {
        id: "U0R7MFMJM",
        email: "brent@example.com",
        verified: true,
        name: "brent",
        given: "",
        family: "",
        picture: "https://secure.gravatar.com/avatar/bc.png",
    },
    ..USUAL
};
