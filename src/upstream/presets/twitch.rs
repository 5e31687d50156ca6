//! Twitch: OpenID Connect; claims are asked for one by one.
//!
//! Sources: <https://dev.twitch.tv/docs/authentication/getting-tokens-oidc/>; ramosbugs/openidconnect-rs issue 163 and
//! twitchdev/issues issue 164 for `scope`; read 2026-11-23. Addresses want the scope `user:read:email` and the `claims` parameter
//! (OpenID Connect Core 1.0 section 5.5). `scope` in the token answer is an array.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Issuer, Kind, Localized, Preset, ProfileCall, Quirk,
    ResponseMode, SUB,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "twitch",
    label: Localized::same("Twitch"),
    button: ButtonTexts { sign_in: keys::button::TWITCH, sign_up: keys::button::TWITCH_SIGN_UP },
    // Rules: <https://brand.twitch.com/>.
    brand: Brand { name: "twitch", ground: "#9146ff", ink: "#ffffff", edge: "#9146ff" },
    kind: Kind::Oidc {
        issuer: Issuer::Fixed("https://id.twitch.tv/oauth2"),
        endpoints: None,
        profile: ProfileCall::Nothing,
    },
    scopes: &["openid", "user:read:email"],
    parameters: &[(
        "claims",
        r#"{"id_token":{"email":null,"email_verified":null,"picture":null,"preferred_username":null}}"#,
    )],
    subject: &[SUB],
    claims: &[
        (Field::Email, "/email"),
        (Field::EmailVerified, "/email_verified"),
        (Field::Name, "/preferred_username"),
        (Field::Picture, "/picture"),
        (Field::PreferredUsername, "/preferred_username"),
    ],
    // Verified once, and Twitch runs no mailboxes.
    email_trust: EmailTrust::Off,
    algorithms: &["RS256"],
    client_authentication: ClientAuthentication::SecretPost,
    quirks: &[Quirk::ScopeAsArray],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[],
    console: "https://dev.twitch.tv/console/apps",
};
