//! Sources: <https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps>,
//! <https://docs.github.com/en/rest/users/users>, <https://docs.github.com/en/rest/users/emails> and
//! <https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api> (user agent); read 2026-11-23.

use super::{Answer, Person, Provider, USUAL, USUAL_ANSWER, Value, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "github",
    authorization: "https://github.com/login/oauth/authorize",
    token: "https://github.com/login/oauth/access_token",
    scopes: &["read:user", "user:email"],
    json_on_demand: true,
    granted: |granted| {
        json!({
            "access_token": granted.access_token, "token_type": "bearer", "scope": granted.scope.replace(' ', ","),
        })
    },
    refused: |error| {
        let error = if error == "invalid_client" { "incorrect_client_credentials" } else { "bad_verification_code" };
        (200, json!({ "error": error, "error_description": "canary-described", "error_uri": "/apps/troubleshooting" }))
    },
    answers: &[
        Answer { url: "https://api.github.com/user", agent_wanted: true, shape: user, ..USUAL_ANSWER },
        Answer { url: "https://api.github.com/user/emails", agent_wanted: true, shape: emails, ..USUAL_ANSWER },
    ],
    person: Person {
        id: "583231",
        email: "octocat@example.com",
        verified: true,
        name: "monalisa octocat",
        given: "",
        family: "",
        picture: "https://avatars.githubusercontent.com/u/583231?v=4",
    },
    somebody_else: "583232",
    ..USUAL
};

fn user(person: &Person) -> Value {
    json!({
        "login": "octocat", "id": person.id.parse::<u64>().unwrap(), "node_id": "MDQ6VXNlcjE=", "type": "User",
        "avatar_url": person.picture, "name": person.name, "email": "shown-to-the-world@example.com",
        "site_admin": false, "two_factor_authentication": true,
    })
}

fn emails(person: &Person) -> Value {
    json!([
        { "email": "583231+octocat@users.noreply.github.com", "primary": false, "verified": true, "visibility": null },
        { "email": person.email, "primary": true, "verified": person.verified, "visibility": "private" },
    ])
}
