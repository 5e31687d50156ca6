//! Any OpenID provider that has a discovery document.
//!
//! Source: OpenID Connect Core 1.0 and Discovery 1.0 with errata 2; read 2026-11-23. Some providers write `email_verified` as a
//! text (Amazon Cognito does), hence the quirk; it weighs nothing unless the administrator trusts the provider.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Issuer, Kind, Localized, PORTS, Preset, ProfileCall, Quirk,
    ResponseMode, STANDARD_CLAIMS, SUB, Setting,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "oidc",
    label: Localized::same("OpenID Connect"),
    button: ButtonTexts::OTHER,
    brand: Brand { name: "oidc", ground: "#ffffff", ink: "#1f2328", edge: "#747775" },
    kind: Kind::Oidc { issuer: Issuer::Asked, endpoints: None, profile: ProfileCall::UserInfo },
    scopes: &["openid", "profile", "email"],
    parameters: &[],
    subject: &[SUB, SUB],
    claims: STANDARD_CLAIMS,
    // It is not known who runs it.
    email_trust: EmailTrust::Off,
    algorithms: &[],
    client_authentication: ClientAuthentication::SecretBasic,
    quirks: &[Quirk::StringBooleans],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[
        Setting {
            name: "issuer",
            label: keys::connection::SETTING_ISSUER,
            example: "https://idp.example.com",
            required: true,
        },
        PORTS,
    ],
    console: "",
};
