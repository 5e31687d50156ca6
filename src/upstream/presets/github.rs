//! GitHub: plain OAuth 2; addresses come from a second endpoint.
//!
//! Sources: <https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps>,
//! <https://docs.github.com/en/rest/users/users> and <https://docs.github.com/en/rest/users/emails>; read 2026-11-23.
//! - The token endpoint answers JSON only when `Accept` asks for it, errors with status 200, and puts commas between scopes.
//! - `email` of the profile is the one that the user shows to the world, or null; `/user/emails` has all of them with `primary` and
//!   `verified`, and may answer `…@users.noreply.github.com`.
//! - Its API refuses requests without `User-Agent`.
//! - PKCE with S256 is taken since July 2025.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Kind, Localized, OAuth2Endpoints, Preset, Quirk,
    ResponseMode, SubjectPlace,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "github",
    label: Localized::same("GitHub"),
    button: ButtonTexts { sign_in: keys::button::GITHUB, sign_up: keys::button::GITHUB_SIGN_UP },
    // Rules: <https://brand.github.com/foundations/logo>.
    brand: Brand { name: "github", ground: "#24292f", ink: "#ffffff", edge: "#24292f" },
    kind: Kind::OAuth2 {
        endpoints: Some(OAuth2Endpoints {
            authorization: "https://github.com/login/oauth/authorize",
            token: "https://github.com/login/oauth/access_token",
            profile: "https://api.github.com/user",
            extra: Some("https://api.github.com/user/emails"),
        }),
    },
    scopes: &["read:user", "user:email"],
    parameters: &[],
    subject: &[SubjectPlace::number("/id")],
    claims: &[
        (Field::Name, "/name"),
        (Field::Name, "/login"),
        (Field::Picture, "/avatar_url"),
        (Field::PreferredUsername, "/login"),
    ],
    // GitHub verified the address once, perhaps years ago, and runs no mailboxes.
    email_trust: EmailTrust::Off,
    algorithms: &[],
    client_authentication: ClientAuthentication::SecretPost,
    quirks: &[Quirk::PrimaryEmailInList, Quirk::ErrorsWithStatusOk, Quirk::ScopeWithCommas],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[],
    console: "https://github.com/settings/developers",
};
