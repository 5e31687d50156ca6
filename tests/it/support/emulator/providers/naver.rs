//! Sources: <https://developers.naver.com/docs/login/api/api.md> and <https://developers.naver.com/docs/login/profile/profile.md>; read
//! 2026-11-23. The profile is inside `response`; seconds are a text; what goes wrong at the token endpoint has status 200.

use super::{Answer, Person, Pkce, Provider, USUAL, USUAL_ANSWER, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "naver",
    authorization: "https://nid.naver.com/oauth2.0/authorize",
    token: "https://nid.naver.com/oauth2.0/token",
    pkce: Pkce::Ignored,
    state_at_token: true,
    granted: |granted| {
        json!({
            "access_token": granted.access_token, "refresh_token": "refresh-of-naver", "token_type": "bearer",
            "expires_in": "3600",
        })
    },
    refused: |error| (200, json!({ "error": error, "error_description": "no valid data in session" })),
    answers: &[Answer {
        url: "https://openapi.naver.com/v1/nid/me",
        shape: |person| {
            json!({
                "resultcode": "00", "message": "success",
                "response": {
                    "id": person.id, "nickname": "OpenAPI", "name": person.name, "email": person.email, "gender": "F",
                    "age": "40-49", "birthday": "10-01", "profile_image": person.picture, "mobile": "010-0000-0000",
                },
            })
        },
        ..USUAL_ANSWER
    }],
    person: Person {
        id: "p-R5hYnB0cVLRtQe-Rp8xk1Sz3rZ0P2mV7uA4dX9cKg",
        email: "openapi@naver.com",
        verified: false,
        name: "오픈 API",
        given: "",
        family: "",
        picture: "https://ssl.pstatic.net/static/pwe/address/img_profile.png",
    },
    ..USUAL
};
