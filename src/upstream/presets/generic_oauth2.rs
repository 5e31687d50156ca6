//! Any OAuth 2 server with an endpoint that answers a profile as JSON. The administrator names endpoints and claims.
//!
//! Source: RFC 6749, RFC 6750, RFC 7636; read 2026-11-23. The claims are those of OpenID Connect, then those that are most common
//! elsewhere.

use std::borrow::Cow;

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Kind, Localized, PORTS, Preset, Quirk, ResponseMode,
    Setting, SubjectPlace,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "oauth2",
    label: Localized::same("OAuth 2"),
    button: ButtonTexts::OTHER,
    brand: Brand { name: "oauth2", ground: "#ffffff", ink: "#1f2328", edge: "#747775" },
    kind: Kind::OAuth2 { endpoints: None },
    scopes: &[],
    parameters: &[],
    // One place only: an answer that has both "sub" and "id" must not be read as two users.
    subject: &[SubjectPlace::either(Cow::Borrowed("/id"))],
    claims: &[
        (Field::Email, "/email"),
        (Field::EmailVerified, "/email_verified"),
        (Field::Name, "/name"),
        (Field::GivenName, "/given_name"),
        (Field::FamilyName, "/family_name"),
        (Field::Picture, "/picture"),
        (Field::Picture, "/avatar_url"),
        (Field::Locale, "/locale"),
        (Field::PreferredUsername, "/preferred_username"),
        (Field::PreferredUsername, "/login"),
        (Field::Nickname, "/nickname"),
    ],
    // It is not known who runs it.
    email_trust: EmailTrust::Off,
    algorithms: &[],
    client_authentication: ClientAuthentication::SecretBasic,
    quirks: &[Quirk::StringBooleans],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[
        Setting {
            name: "authorization_endpoint",
            label: keys::connection::SETTING_AUTHORIZATION,
            example: "https://idp.example.com/authorize",
            required: true,
        },
        Setting {
            name: "token_endpoint",
            label: keys::connection::SETTING_TOKEN,
            example: "https://idp.example.com/token",
            required: true,
        },
        Setting {
            name: "profile_endpoint",
            label: keys::connection::SETTING_PROFILE,
            example: "https://idp.example.com/me",
            required: true,
        },
        PORTS,
    ],
    console: "",
};
