//! GitLab: OpenID Connect, at gitlab.com or on a server of one's own.
//!
//! Source: <https://docs.gitlab.com/integration/openid_connect_provider/>; read 2026-11-23. Which claims are in the ID token differs
//! between versions, so `UserInfo` is read.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Issuer, Kind, Localized, PORTS, Preset, ProfileCall,
    ResponseMode, STANDARD_CLAIMS, SUB, Setting,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "gitlab",
    label: Localized::same("GitLab"),
    button: ButtonTexts { sign_in: keys::button::GITLAB, sign_up: keys::button::GITLAB_SIGN_UP },
    // Rules: <https://design.gitlab.com/brand-design/color/>.
    brand: Brand { name: "gitlab", ground: "#ffffff", ink: "#171321", edge: "#747775" },
    kind: Kind::Oidc { issuer: Issuer::Usually("https://gitlab.com"), endpoints: None, profile: ProfileCall::UserInfo },
    scopes: &["openid", "profile", "email"],
    parameters: &[],
    subject: &[SUB, SUB],
    claims: STANDARD_CLAIMS,
    // It runs no mailboxes; and who administers a server of their own verifies whom they like.
    email_trust: EmailTrust::Off,
    algorithms: &["RS256"],
    client_authentication: ClientAuthentication::SecretBasic,
    quirks: &[],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[
        Setting {
            name: "issuer",
            label: keys::connection::SETTING_ISSUER,
            example: "https://gitlab.example.com",
            required: false,
        },
        PORTS,
    ],
    console: "https://gitlab.com/-/user_settings/applications",
};
