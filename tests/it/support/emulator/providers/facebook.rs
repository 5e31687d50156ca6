//! Sources: <https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow> and
//! <https://developers.facebook.com/docs/graph-api/guides/error-handling/>; read 2026-11-23. Errors are objects.

use super::{Answer, Person, Pkce, Provider, USUAL, USUAL_ANSWER, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "facebook",
    authorization: "https://www.facebook.com/v25.0/dialog/oauth",
    token: "https://graph.facebook.com/v25.0/oauth/access_token",
    scopes: &["public_profile", "email"],
    pkce: Pkce::Ignored,
    granted: |granted| json!({ "access_token": granted.access_token, "token_type": "bearer", "expires_in": 5_183_944 }),
    refused: |error| {
        let code = if error == "invalid_client" { 1 } else { 100 };
        let error =
            json!({ "message": "canary-described", "type": "OAuthException", "code": code, "fbtrace_id": "A1b" });
        (400, json!({ "error": error }))
    },
    answers: &[Answer {
        url: "https://graph.facebook.com/v25.0/me",
        query: &[("fields", "id,name,first_name,last_name,email,picture.width(256)")],
        shape: |person| {
            let picture = json!({ "height": 256, "is_silhouette": false, "url": person.picture, "width": 256 });
            json!({
                "id": person.id, "name": person.name, "first_name": person.given, "last_name": person.family,
                "email": person.email, "picture": { "data": picture },
            })
        },
        ..USUAL_ANSWER
    }],
    person: Person {
        id: "10220000000000000",
        email: "kim@example.com",
        verified: false,
        name: "Minji Kim",
        given: "Minji",
        family: "Kim",
        picture: "https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=10220000000000000&height=256",
    },
    ..USUAL
};
