//! Source: <https://developers.kakao.com/docs/latest/ko/kakaologin/rest-api>; read 2026-11-23. The ID token says nothing about whether the
//! address was verified; `/v2/user/me` does. What the person did not agree to is missing, with a `…_needs_agreement` instead.

use super::{Answer, OpenId, Person, Provider, USUAL, USUAL_ANSWER, USUAL_OPENID, Value, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "kakao",
    authorization: "https://kauth.kakao.com/oauth/authorize",
    token: "https://kauth.kakao.com/oauth/token",
    scopes: &["openid", "account_email", "profile_nickname", "profile_image"],
    granted: |granted| {
        let mut answer = json!({
            "access_token": granted.access_token, "token_type": "bearer", "refresh_token": "refresh-of-kakao",
            "expires_in": 21_599, "refresh_token_expires_in": 5_183_999, "scope": granted.scope,
        });
        if let Some(id_token) = &granted.id_token {
            answer["id_token"] = json!(id_token);
        }
        answer
    },
    refused: |error| {
        let code = if error == "invalid_client" { "KOE010" } else { "KOE320" };
        (400, json!({ "error": error, "error_description": "canary-described", "error_code": code }))
    },
    openid: Some(OpenId {
        issuer: "https://kauth.kakao.com",
        discovery: Some("https://kauth.kakao.com/.well-known/openid-configuration"),
        jwks: "https://kauth.kakao.com/.well-known/jwks.json",
        announced: || {
            json!({
                "userinfo_endpoint": "https://kapi.kakao.com/v1/oidc/userinfo",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
            })
        },
        claims: |person| {
            json!({
                "sub": person.id, "auth_time": 1_750_000_000, "nickname": person.name, "email": person.email,
                "picture": "http://k.kakaocdn.net/dn/x/img_110x110.jpg",
            })
        },
        hashes_access_token: false,
        ..USUAL_OPENID
    }),
    answers: &[Answer {
        url: "https://kapi.kakao.com/v2/user/me",
        query: &[("secure_resource", "true")],
        shape: me,
        ..USUAL_ANSWER
    }],
    person: Person {
        id: "1376016924426111111",
        email: "gildong@kakao.com",
        verified: true,
        name: "홍길동",
        given: "",
        family: "",
        picture: "https://k.kakaocdn.net/dn/x/img_640x640.jpg",
    },
    somebody_else: "1376016924426222222",
    ..USUAL
};

fn me(person: &Person) -> Value {
    json!({
        "id": person.id.parse::<u64>().unwrap(), "connected_at": "2026-11-01T00:00:00Z",
        "properties": { "nickname": person.name },
        "kakao_account": {
            "profile_nickname_needs_agreement": false, "profile_image_needs_agreement": false,
            "profile": {
                "nickname": person.name, "thumbnail_image_url": "https://k.kakaocdn.net/dn/x/img_110x110.jpg",
                "profile_image_url": person.picture, "is_default_image": false, "is_default_nickname": false,
            },
            "has_email": true, "email_needs_agreement": false, "is_email_valid": true,
            "is_email_verified": person.verified, "email": person.email,
        },
    })
}
