//! Google: OpenID Connect to the letter.
//!
//! Sources: <https://developers.google.com/identity/openid-connect/openid-connect> and
//! <https://developers.google.com/identity/account-linking/oauth-with-sign-in-linking>; read 2026-11-23. Google calls itself
//! authoritative for an address in two cases: it ends in `@gmail.com`, or `email_verified` is set and `hd` is there (a Workspace
//! account). Any other address may have changed hands since it was verified. We want `hd` to be the address's own domain besides.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Issuer, Kind, Localized, Preset, ProfileCall,
    ResponseMode, SUB,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "google",
    label: Localized::same("Google"),
    button: ButtonTexts { sign_in: keys::button::GOOGLE, sign_up: keys::button::GOOGLE_SIGN_UP },
    // Rules: <https://developers.google.com/identity/branding-guidelines>, the light theme.
    brand: Brand { name: "google", ground: "#ffffff", ink: "#1f1f1f", edge: "#747775" },
    kind: Kind::Oidc {
        issuer: Issuer::Fixed("https://accounts.google.com"),
        endpoints: None,
        profile: ProfileCall::Nothing,
    },
    scopes: &["openid", "email", "profile"],
    parameters: &[],
    subject: &[SUB],
    claims: &[
        (Field::Email, "/email"),
        (Field::EmailVerified, "/email_verified"),
        (Field::HostedDomain, "/hd"),
        (Field::Name, "/name"),
        (Field::GivenName, "/given_name"),
        (Field::FamilyName, "/family_name"),
        (Field::Picture, "/picture"),
        (Field::Locale, "/locale"),
    ],
    email_trust: EmailTrust::OwnMailboxes(&["gmail.com", "googlemail.com"]),
    algorithms: &["RS256"],
    client_authentication: ClientAuthentication::SecretPost,
    quirks: &[],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[],
    console: "https://console.cloud.google.com/auth/clients",
};
