//! Kakao: OpenID Connect, whose ID token says nothing about whether an address is verified, and the profile endpoint, which does.
//!
//! Sources: <https://developers.kakao.com/docs/latest/ko/kakaologin/rest-api> and
//! <https://developers.kakao.com/docs/latest/ko/kakaologin/utilize#oidc>; read 2026-11-23.
//! - OpenID Connect must be switched on in the console; where it is not, the second preset does without.
//! - `/v2/user/me` has the address and two flags: `is_email_verified`, and `is_email_valid`, which is cleared when the address was taken
//!   over by another Kakao account. `secure_resource` makes the addresses of pictures https.
//! - `id` is a number there, `sub` a text here; they are the same.
//! - What the user did not agree to is simply missing.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Issuer, Kind, Localized, OAuth2Endpoints, Preset,
    ProfileCall, ResponseMode, SUB, SubjectPlace,
};
use crate::i18n::keys;

const PROFILE: &str = "https://kapi.kakao.com/v2/user/me?secure_resource=true";

// Kakao runs these mailboxes (Kakao Mail, and Daum's).
const MAILBOXES: EmailTrust = EmailTrust::OwnMailboxes(&["kakao.com", "hanmail.net", "daum.net"]);

// Source: <https://developers.kakao.com/docs/latest/ko/kakaologin/design-guide>; read 2026-11-23. The text is black at 85 per cent.
const BRAND: Brand = Brand { name: "kakao", ground: "#fee500", ink: "#262200", edge: "#fee500" };

pub(super) const PRESET: Preset = Preset {
    id: "kakao",
    label: Localized { en: "Kakao", ko: "카카오" },
    button: ButtonTexts { sign_in: keys::button::KAKAO, sign_up: keys::button::KAKAO_SIGN_UP },
    brand: BRAND,
    kind: Kind::Oidc {
        issuer: Issuer::Fixed("https://kauth.kakao.com"),
        endpoints: None,
        profile: ProfileCall::Endpoint(PROFILE),
    },
    scopes: &["openid", "account_email", "profile_nickname", "profile_image"],
    parameters: &[],
    subject: &[SUB, SubjectPlace::number("/id")],
    claims: &[
        (Field::Email, "/kakao_account/email"),
        (Field::Email, "/email"),
        (Field::EmailVerified, "/kakao_account/is_email_verified"),
        (Field::EmailVerified, "/kakao_account/is_email_valid"),
        (Field::Name, "/kakao_account/name"),
        (Field::Name, "/kakao_account/profile/nickname"),
        (Field::Name, "/nickname"),
        (Field::Picture, "/kakao_account/profile/profile_image_url"),
        (Field::Picture, "/picture"),
        (Field::Nickname, "/kakao_account/profile/nickname"),
        (Field::Nickname, "/nickname"),
    ],
    email_trust: MAILBOXES,
    algorithms: &["RS256"],
    client_authentication: ClientAuthentication::SecretPost,
    quirks: &[],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[],
    console: "https://developers.kakao.com/console/app",
};

pub(super) const REST: Preset = Preset {
    id: "kakao-rest",
    label: Localized { en: "Kakao (without OpenID Connect)", ko: "카카오 (OpenID Connect 없이)" },
    kind: Kind::OAuth2 {
        endpoints: Some(OAuth2Endpoints {
            authorization: "https://kauth.kakao.com/oauth/authorize",
            token: "https://kauth.kakao.com/oauth/token",
            profile: PROFILE,
            extra: None,
        }),
    },
    scopes: &["account_email", "profile_nickname", "profile_image"],
    subject: &[SubjectPlace::number("/id")],
    algorithms: &[],
    ..PRESET
};
