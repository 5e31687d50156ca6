//! Apple: the client secret is a JWT of our own, the answer is posted, the name comes once and unsigned, addresses may be relays.
//!
//! Sources: <https://developer.apple.com/documentation/signinwithapplerestapi> (authorization, token, ID token claims) and
//! <https://developer.apple.com/documentation/signinwithapple/communicating-using-the-private-email-relay-service>; read 2026-11-23.
//! - `response_mode` must be `form_post` as soon as a scope is asked for.
//! - The form's `user` field (name, address) comes only when the user agrees for the first time. It is not signed.
//! - `email_verified` and `is_private_email` are flags or texts.
//! - In June 2025 the discovery document named `https://account.apple.com` for some days while ID tokens went on naming
//!   `https://appleid.apple.com` (supabase/auth issue 2051, nextauthjs/next-auth issue 13049): so nothing is discovered here.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Issuer, Kind, Localized, OidcEndpoints, Preset,
    ProfileCall, Quirk, ResponseMode, SUB, Setting,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "apple",
    label: Localized::same("Apple"),
    button: ButtonTexts { sign_in: keys::button::APPLE, sign_up: keys::button::APPLE_SIGN_UP },
    // Rules: Human Interface Guidelines, "Sign in with Apple", the black style.
    brand: Brand { name: "apple", ground: "#000000", ink: "#ffffff", edge: "#000000" },
    kind: Kind::Oidc {
        issuer: Issuer::Fixed(crate::upstream::apple::ISSUER),
        endpoints: Some(OidcEndpoints {
            authorization: "https://appleid.apple.com/auth/authorize",
            token: "https://appleid.apple.com/auth/token",
            jwks: "https://appleid.apple.com/auth/keys",
        }),
        profile: ProfileCall::Nothing,
    },
    scopes: &["openid", "name", "email"],
    parameters: &[],
    subject: &[SUB],
    claims: &[
        (Field::Email, "/email"),
        (Field::EmailVerified, "/email_verified"),
        (Field::EmailRelay, "/is_private_email"),
        (Field::GivenName, "/name/firstName"),
        (Field::FamilyName, "/name/lastName"),
    ],
    // Mailboxes of iCloud, and the relay, which Apple runs.
    email_trust: EmailTrust::OwnMailboxes(&["icloud.com", "me.com", "mac.com", crate::upstream::apple::RELAY_DOMAIN]),
    algorithms: &["RS256"],
    client_authentication: ClientAuthentication::AppleSecret,
    quirks: &[Quirk::StringBooleans, Quirk::UnsignedUser],
    pkce: true,
    response_mode: ResponseMode::FormPost,
    settings: &[
        Setting { name: "team_id", label: keys::connection::SETTING_TEAM, example: "A1B2C3D4E5", required: true },
        Setting { name: "key_id", label: keys::connection::SETTING_KEY, example: "F6G7H8J9K0", required: true },
    ],
    console: "https://developer.apple.com/account/resources/identifiers/list/serviceId",
};
