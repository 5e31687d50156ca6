//! X: OAuth 2 with PKCE; the profile is under `data`.
//!
//! Sources: <https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code> and
//! <https://docs.x.com/x-api/users/get-my-user>; read 2026-11-23. `/2/users/me` wants the scopes `users.read` and `tweet.read`;
//! `confirmed_email` wants `users.email`, and that the app asks for addresses in its settings.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Kind, Localized, OAuth2Endpoints, Preset, Quirk,
    ResponseMode, SubjectPlace,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "x",
    label: Localized::same("X"),
    button: ButtonTexts { sign_in: keys::button::X, sign_up: keys::button::X_SIGN_UP },
    // Rules: <https://about.x.com/en/who-we-are/brand-toolkit>.
    brand: Brand { name: "x", ground: "#000000", ink: "#ffffff", edge: "#000000" },
    kind: Kind::OAuth2 {
        endpoints: Some(OAuth2Endpoints {
            authorization: "https://x.com/i/oauth2/authorize",
            token: "https://api.x.com/2/oauth2/token",
            profile: "https://api.x.com/2/users/me?user.fields=profile_image_url,confirmed_email",
            extra: None,
        }),
    },
    scopes: &["users.read", "tweet.read", "users.email"],
    parameters: &[],
    subject: &[SubjectPlace::text("/data/id")],
    claims: &[
        (Field::Email, "/data/confirmed_email"),
        (Field::Name, "/data/name"),
        (Field::Name, "/data/username"),
        (Field::Picture, "/data/profile_image_url"),
        (Field::PreferredUsername, "/data/username"),
    ],
    // Confirmed once, and X runs no mailboxes.
    email_trust: EmailTrust::Off,
    algorithms: &[],
    client_authentication: ClientAuthentication::SecretBasic,
    quirks: &[Quirk::ConfirmedEmail],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[],
    console: "https://developer.x.com/en/portal/projects-and-apps",
};
