//! Slack: OpenID Connect; users are unique within a workspace.
//!
//! Sources: <https://docs.slack.dev/authentication/sign-in-with-slack/>,
//! <https://docs.slack.dev/reference/methods/openid.connect.token> and <https://docs.slack.dev/changelog/2026/03/30/pkce>; read
//! 2026-11-23. Ids of users are not unique among workspaces, so the workspace is part of the subject. PKCE makes an app of Slack's a
//! public client for good when it is switched on there, so it is not sent.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Issuer, Kind, Localized, Preset, ProfileCall,
    ResponseMode, SUB,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "slack",
    label: Localized::same("Slack"),
    button: ButtonTexts { sign_in: keys::button::SLACK, sign_up: keys::button::SLACK_SIGN_UP },
    // Rules: <https://docs.slack.dev/authentication/sign-in-with-slack/>, the light button.
    brand: Brand { name: "slack", ground: "#ffffff", ink: "#1d1c1d", edge: "#868686" },
    kind: Kind::Oidc { issuer: Issuer::Fixed("https://slack.com"), endpoints: None, profile: ProfileCall::Nothing },
    scopes: &["openid", "profile", "email"],
    parameters: &[],
    subject: &[SUB],
    claims: &[
        (Field::Tenant, "/https:~1~1slack.com~1team_id"),
        (Field::Email, "/email"),
        (Field::EmailVerified, "/email_verified"),
        (Field::Name, "/name"),
        (Field::GivenName, "/given_name"),
        (Field::FamilyName, "/family_name"),
        (Field::Picture, "/picture"),
        (Field::Picture, "/https:~1~1slack.com~1user_image_192"),
        (Field::Locale, "/locale"),
    ],
    // A workspace's administrator can write an address into it.
    email_trust: EmailTrust::Off,
    algorithms: &["RS256"],
    client_authentication: ClientAuthentication::SecretPost,
    quirks: &[],
    pkce: false,
    response_mode: ResponseMode::Query,
    settings: &[],
    console: "https://api.slack.com/apps",
};
