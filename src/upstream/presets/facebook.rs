//! Facebook: OAuth 2 and its Graph.
//!
//! Sources: <https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow>,
//! <https://developers.facebook.com/docs/graph-api/reference/user> and <https://developers.facebook.com/docs/graph-api/changelog>;
//! read 2026-11-23. Version 25.0 is of 2026-02-18; a version is kept for two years at least. `id` is of this app only. `email` is absent
//! where the user has none, hides it or never confirmed it, and nothing says which.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Kind, Localized, OAuth2Endpoints, Preset,
    ResponseMode, SubjectPlace,
};
use crate::i18n::keys;

pub(super) const PRESET: Preset = Preset {
    id: "facebook",
    label: Localized::same("Facebook"),
    button: ButtonTexts { sign_in: keys::button::FACEBOOK, sign_up: keys::button::FACEBOOK_SIGN_UP },
    // Rules: <https://about.meta.com/brand/resources/facebook/logo/>. The text needs a darker ground than #1877f2.
    brand: Brand { name: "facebook", ground: "#0866ff", ink: "#ffffff", edge: "#0866ff" },
    kind: Kind::OAuth2 {
        endpoints: Some(OAuth2Endpoints {
            authorization: "https://www.facebook.com/v25.0/dialog/oauth",
            token: "https://graph.facebook.com/v25.0/oauth/access_token",
            profile: "https://graph.facebook.com/v25.0/me?fields=id,name,first_name,last_name,email,picture.width(256)",
            extra: None,
        }),
    },
    scopes: &["public_profile", "email"],
    parameters: &[],
    subject: &[SubjectPlace::text("/id")],
    claims: &[
        (Field::Email, "/email"),
        (Field::Name, "/name"),
        (Field::GivenName, "/first_name"),
        (Field::FamilyName, "/last_name"),
        (Field::Picture, "/picture/data/url"),
    ],
    // It says nothing about an address but the address.
    email_trust: EmailTrust::Off,
    algorithms: &[],
    client_authentication: ClientAuthentication::SecretPost,
    quirks: &[],
    pkce: true,
    response_mode: ResponseMode::Query,
    settings: &[],
    console: "https://developers.facebook.com/apps/",
};
