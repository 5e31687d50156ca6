//! Sources: <https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code> and
//! <https://docs.x.com/x-api/users/get-my-user>; read 2026-11-23. Everything is inside `data`.

use super::{Answer, Authentication, Person, Provider, USUAL, USUAL_ANSWER, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "x",
    authorization: "https://x.com/i/oauth2/authorize",
    token: "https://api.x.com/2/oauth2/token",
    scopes: &["users.read", "tweet.read", "users.email"],
    authentication: Authentication::Basic,
    granted: |granted| {
        json!({
            "token_type": "bearer", "expires_in": 7200, "access_token": granted.access_token, "scope": granted.scope,
        })
    },
    answers: &[Answer {
        url: "https://api.x.com/2/users/me",
        query: &[("user.fields", "profile_image_url,confirmed_email")],
        shape: |person| {
            json!({
                "data": {
                    "id": person.id, "name": person.name, "username": "XDevelopers", "confirmed_email": person.email,
                    "profile_image_url": person.picture,
                },
            })
        },
        ..USUAL_ANSWER
    }],
    person: Person {
        id: "2244994945",
        email: "x@example.com",
        verified: true,
        name: "X Developers",
        given: "",
        family: "",
        picture: "https://pbs.twimg.com/profile_images/1/a_normal.jpg",
    },
    ..USUAL
};
