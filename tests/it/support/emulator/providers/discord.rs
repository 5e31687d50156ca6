//! Sources: <https://docs.discord.com/developers/topics/oauth2> and the user object beside it; read 2026-11-23.

use super::{Answer, Authentication, Person, Pkce, Provider, USUAL, USUAL_ANSWER, json};

pub(super) const PROVIDER: Provider = Provider {
    name: "discord",
    authorization: "https://discord.com/oauth2/authorize",
    token: "https://discord.com/api/oauth2/token",
    scopes: &["identify", "email"],
    authentication: Authentication::Basic,
    pkce: Pkce::Checked,
    answers: &[Answer {
        url: "https://discord.com/api/v10/users/@me",
        agent_wanted: true,
        shape: |person| {
            json!({
                "id": person.id, "username": "nelly", "discriminator": "0", "global_name": person.name,
                "avatar": "8342729096ea3675442027381ff50dfe", "verified": person.verified, "email": person.email,
                "flags": 64, "banner": null, "accent_color": 16_711_680, "premium_type": 1, "locale": "en-US",
            })
        },
        ..USUAL_ANSWER
    }],
    person: Person {
        id: "80351110224678912",
        email: "nelly@example.com",
        verified: true,
        name: "Nelly",
        given: "",
        family: "",
        picture: "https://cdn.discordapp.com/avatars/80351110224678912/8342729096ea3675442027381ff50dfe.png",
    },
    ..USUAL
};
