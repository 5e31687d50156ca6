//! LinkedIn: OpenID Connect, without nonce and without PKCE.
//!
//! Sources: <https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2>; nextauthjs/next-auth
//! issues 8831 and 10671, directus/directus issue 23645, linkedin-developers/linkedin-api-js-client issue 34; read 2026-11-23.
//! - The issuer is `https://www.linkedin.com/oauth`.
//! - The nonce that is sent never comes back.
//! - A `code_verifier` makes the token endpoint answer `invalid_client`, unless LinkedIn switched PKCE on for the app.
//! - `locale` is an object.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Issuer, Kind, Localized, Preset, ProfileCall, Quirk,
    ResponseMode, SUB,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "linkedin",
    label: Localized::same("LinkedIn"),
    button: ButtonTexts { sign_in: keys::button::LINKEDIN, sign_up: keys::button::LINKEDIN_SIGN_UP },
    // Rules: <https://brand.linkedin.com/in-logo>.
    brand: Brand { name: "linkedin", ground: "#0a66c2", ink: "#ffffff", edge: "#0a66c2" },
    kind: Kind::Oidc {
        issuer: Issuer::Fixed("https://www.linkedin.com/oauth"),
        endpoints: None,
        profile: ProfileCall::UserInfo,
    },
    scopes: &["openid", "profile", "email"],
    parameters: &[],
    subject: &[SUB, SUB],
    claims: &[
        (Field::Email, "/email"),
        (Field::EmailVerified, "/email_verified"),
        (Field::Name, "/name"),
        (Field::GivenName, "/given_name"),
        (Field::FamilyName, "/family_name"),
        (Field::Picture, "/picture"),
        (Field::Locale, "/locale"),
        (Field::Locale, "/locale/language"),
    ],
    // "does not verify user identities", says its documentation.
    email_trust: EmailTrust::Off,
    algorithms: &["RS256"],
    client_authentication: ClientAuthentication::SecretPost,
    quirks: &[Quirk::NoNonce, Quirk::StringBooleans],
    pkce: false,
    response_mode: ResponseMode::Query,
    settings: &[],
    console: "https://www.linkedin.com/developers/apps",
};
