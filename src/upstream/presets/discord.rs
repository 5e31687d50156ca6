//! Discord: OAuth 2; a picture is named by its digest.
//!
//! Sources: <https://docs.discord.com/developers/topics/oauth2>; the user object as in discord-api-types (`payloads/v10/user`) and
//! <https://authjs.dev/reference/core/providers_discord>; read 2026-11-23. `verified` is about the address; `global_name` may be null;
//! an account may have no address.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Kind, Localized, OAuth2Endpoints, Preset, Quirk,
    ResponseMode, SubjectPlace,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "discord",
    label: Localized::same("Discord"),
    button: ButtonTexts { sign_in: keys::button::DISCORD, sign_up: keys::button::DISCORD_SIGN_UP },
    // Rules: <https://discord.com/branding>: blurple.
    brand: Brand { name: "discord", ground: "#5865f2", ink: "#ffffff", edge: "#5865f2" },
    kind: Kind::OAuth2 {
        endpoints: Some(OAuth2Endpoints {
            authorization: "https://discord.com/oauth2/authorize",
            token: "https://discord.com/api/oauth2/token",
            profile: "https://discord.com/api/v10/users/@me",
            extra: None,
        }),
    },
    scopes: &["identify", "email"],
    parameters: &[],
    subject: &[SubjectPlace::text("/id")],
    claims: &[
        (Field::Email, "/email"),
        (Field::EmailVerified, "/verified"),
        (Field::Name, "/global_name"),
        (Field::Name, "/username"),
        (Field::Locale, "/locale"),
        (Field::PreferredUsername, "/username"),
    ],
    // Verified once, and Discord runs no mailboxes.
    email_trust: EmailTrust::Off,
    algorithms: &[],
    client_authentication: ClientAuthentication::SecretBasic,
    quirks: &[Quirk::AvatarHash],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[],
    console: "https://discord.com/developers/applications",
};
