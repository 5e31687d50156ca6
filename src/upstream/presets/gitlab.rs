//! GitLab: OpenID Connect, at gitlab.com or on a server of one's own.
//!
//! Source: <https://docs.gitlab.com/integration/openid_connect_provider/>; read 2026-11-23. Which claims are in the ID token differs
//! between versions, so `UserInfo` is read.

use super::{
    Brand, ClientAuthentication, EmailTrust, Issuer, Kind, Label, Preset, ProfileCall, ResponseMode, STANDARD_CLAIMS,
    Setting,
};

pub(super) const PRESET: Preset = Preset {
    id: "gitlab",
    label: Label::same("GitLab"),
    button: "upstream-gitlab",
    // Rules: <https://design.gitlab.com/brand-design/color/>.
    brand: Brand { name: "gitlab", ground: "#ffffff", ink: "#171321", edge: "#747775" },
    kind: Kind::Oidc { issuer: Issuer::Usually("https://gitlab.com"), endpoints: None, profile: ProfileCall::UserInfo },
    scopes: &["openid", "profile", "email"],
    parameters: &[],
    claims: STANDARD_CLAIMS,
    // It runs no mailboxes; and who administers a server of their own verifies whom they like.
    email_trust: EmailTrust::Off,
    algorithms: &["RS256"],
    client_authentication: ClientAuthentication::SecretBasic,
    quirks: &[],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[Setting { name: "issuer", example: "https://gitlab.example.com", required: false }],
    console: "https://gitlab.com/-/user_settings/applications",
};
