//! Source: <https://docs.gitlab.com/integration/openid_connect_provider/>; read 2026-11-23. The ID token says little; `UserInfo` has the rest.

use super::{Answer, Authentication, OpenId, Person, Provider, USUAL, USUAL_ANSWER, USUAL_OPENID, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "gitlab",
    authorization: "https://gitlab.com/oauth/authorize",
    token: "https://gitlab.com/oauth/token",
    scopes: &["openid", "profile", "email"],
    authentication: Authentication::Basic,
    openid: Some(OpenId {
        issuer: "https://gitlab.com",
        discovery: Some("https://gitlab.com/.well-known/openid-configuration"),
        jwks: "https://gitlab.com/oauth/discovery/keys",
        announced: || {
            json!({
                "userinfo_endpoint": "https://gitlab.com/oauth/userinfo",
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "code_challenge_methods_supported": ["plain", "S256"],
            })
        },
        claims: |person| json!({ "sub": person.id, "auth_time": 1_750_000_000, "sub_legacy": "8d5a6c0e" }),
        hashes_access_token: false,
        ..USUAL_OPENID
    }),
    answers: &[Answer {
        url: "https://gitlab.com/oauth/userinfo",
        shape: |person| {
            json!({
                "sub": person.id, "sub_legacy": "8d5a6c0e", "name": person.name, "nickname": "kim",
                "preferred_username": "kim", "email": person.email, "email_verified": person.verified,
                "profile": "https://gitlab.com/kim", "picture": person.picture, "groups_direct": [],
            })
        },
        ..USUAL_ANSWER
    }],
    person: Person {
        id: "1984",
        email: "kim@example.com",
        verified: true,
        name: "Kim Minji",
        given: "",
        family: "",
        picture: "https://gitlab.com/uploads/-/system/user/avatar/1984/avatar.png",
    },
    ..USUAL
};
