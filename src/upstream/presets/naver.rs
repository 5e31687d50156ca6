//! Naver: OAuth 2 with answers of its own kind.
//!
//! Sources: <https://developers.naver.com/docs/login/api/api.md> and <https://developers.naver.com/docs/login/profile/profile.md>; read
//! 2026-11-23.
//! - The profile is under `response`, beside `resultcode` (`"00"` when all is well) and `message`.
//! - The token endpoint wants `state`, answers `expires_in` as a text, and errors with status 200.
//! - `email` is the address that the user wants mail at. It is not always one of Naver's, and no flag says whether it was verified.
//! - Flags, where there are any, are texts.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Kind, Localized, OAuth2Endpoints, Preset, Quirk,
    ResponseMode, SubjectPlace,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "naver",
    label: Localized { en: "Naver", ko: "네이버" },
    button: ButtonTexts { sign_in: keys::button::NAVER, sign_up: keys::button::NAVER_SIGN_UP },
    // Rules: <https://developers.naver.com/docs/login/bi/bi.md>. Of its buttons the white one: white words on the green are 3.1 to 1.
    brand: Brand { name: "naver", ground: "#ffffff", ink: "#1e1e23", edge: "#747775" },
    kind: Kind::OAuth2 {
        endpoints: Some(OAuth2Endpoints {
            authorization: "https://nid.naver.com/oauth2.0/authorize",
            token: "https://nid.naver.com/oauth2.0/token",
            profile: "https://openapi.naver.com/v1/nid/me",
            extra: None,
        }),
    },
    // What is asked for is chosen in the console; the parameter is not read.
    scopes: &[],
    parameters: &[],
    subject: &[SubjectPlace::text("/response/id")],
    claims: &[
        (Field::Email, "/response/email"),
        (Field::EmailVerified, "/response/email_verified"),
        (Field::Name, "/response/name"),
        (Field::Name, "/response/nickname"),
        (Field::Picture, "/response/profile_image"),
        (Field::Nickname, "/response/nickname"),
    ],
    email_trust: EmailTrust::Off,
    algorithms: &[],
    client_authentication: ClientAuthentication::SecretPost,
    quirks: &[
        Quirk::ResultCode,
        Quirk::StringBooleans,
        Quirk::ErrorsWithStatusOk,
        Quirk::ExpiresInAsString,
        Quirk::StateAtToken,
    ],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[],
    console: "https://developers.naver.com/apps/",
};
