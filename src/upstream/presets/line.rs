//! LINE: OpenID Connect, with ID tokens under the channel secret.
//!
//! Sources: <https://developers.line.biz/en/docs/line-login/integrate-line-login/> and
//! <https://developers.line.biz/en/docs/line-login/verify-id-token/>; read 2026-11-23.
//! - For web login the ID token is signed with HS256 under the channel secret, whatever the discovery document says; with ES256 for apps
//!   that run on the device.
//! - `UserInfo` has no address: the ID token is all there is. An address comes only to channels that applied for it, and no flag says
//!   whether it was verified.
//! - A user's id is the same in all channels of a LINE "provider", and another one elsewhere.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Issuer, Kind, Localized, Preset, ProfileCall,
    ResponseMode, SUB,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "line",
    label: Localized::same("LINE"),
    button: ButtonTexts { sign_in: keys::button::LINE, sign_up: keys::button::LINE_SIGN_UP },
    // Rules: <https://developers.line.biz/en/docs/line-login/login-button/>. The guide's ground is #06c755.
    brand: Brand { name: "line", ground: "#06c755", ink: "#ffffff", edge: "#06c755" },
    kind: Kind::Oidc {
        issuer: Issuer::Fixed("https://access.line.me"),
        endpoints: None,
        profile: ProfileCall::Nothing,
    },
    scopes: &["openid", "profile", "email"],
    parameters: &[],
    subject: &[SUB],
    claims: &[(Field::Email, "/email"), (Field::Name, "/name"), (Field::Picture, "/picture")],
    // Nothing is said about an address but the address.
    email_trust: EmailTrust::Off,
    algorithms: &["HS256", "ES256"],
    client_authentication: ClientAuthentication::SecretPost,
    quirks: &[],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[],
    console: "https://developers.line.biz/console/",
};
