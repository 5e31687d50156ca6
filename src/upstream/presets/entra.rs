//! Microsoft: one tenant of Entra ID, any tenant, or the accounts that users have at home.
//!
//! Sources: <https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc>, `id-token-claims-reference`,
//! `optional-claims-reference` and `access-tokens#multitenant-applications` beside it; read 2026-11-23.
//! - Below `organizations`, the discovery document's issuer is a template, and every ID token names its own tenant.
//! - Subjects are unique within a tenant, so the tenant is part of ours.
//! - `email` is whatever the tenant's administrator wrote: linking by it is the flaw that its finders called nOAuth. Only the optional
//!   claim `xms_edov` says that the domain's owner was asked; it comes as a flag or as a number.

use super::{
    Brand, ButtonTexts, ClientAuthentication, EmailTrust, Field, Issuer, Kind, Localized, Preset, ProfileCall, Quirk,
    ResponseMode, SUB, Setting, SubjectPlace,
};
use crate::i18n::keys;

/// The tenant of all accounts that users have at home.
const HOME: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

// Rules: <https://learn.microsoft.com/en-us/entra/identity-platform/howto-add-branding-in-apps>, the light theme.
const BRAND: Brand = Brand { name: "microsoft", ground: "#ffffff", ink: "#5e5e5e", edge: "#8c8c8c" };

const SUBJECT: &[SubjectPlace] = &[SUB];

const CLAIMS: &[(Field, &str)] = &[
    (Field::Tenant, "/tid"),
    (Field::Email, "/email"),
    (Field::EmailVerified, "/xms_edov"),
    (Field::Name, "/name"),
    (Field::GivenName, "/given_name"),
    (Field::FamilyName, "/family_name"),
    (Field::PreferredUsername, "/preferred_username"),
];

const fn of(id: &'static str, label: Localized, issuer: Issuer, settings: &'static [Setting]) -> Preset {
    Preset {
        id,
        label,
        button: ButtonTexts { sign_in: keys::button::MICROSOFT, sign_up: keys::button::MICROSOFT_SIGN_UP },
        brand: BRAND,
        // Pictures are in Microsoft Graph, as bytes behind the access token: nothing that a page could show.
        kind: Kind::Oidc { issuer, endpoints: None, profile: ProfileCall::Nothing },
        scopes: &["openid", "profile", "email"],
        parameters: &[],
        subject: SUBJECT,
        claims: CLAIMS,
        // See above: a tenant's administrator writes any address into it.
        email_trust: EmailTrust::Off,
        algorithms: &["RS256"],
        client_authentication: ClientAuthentication::SecretPost,
        quirks: &[Quirk::StringBooleans],
        pkce: true,
        response_mode: ResponseMode::Query,
        settings,
        console: "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
    }
}

pub(super) const ONE_TENANT: Preset = of(
    "entra",
    Localized { en: "Microsoft Entra ID (one organization)", ko: "Microsoft Entra ID (한 조직)" },
    Issuer::OfTenant("https://login.microsoftonline.com/{tenantid}/v2.0"),
    &[Setting {
        name: "tenant",
        label: keys::connection::SETTING_TENANT,
        example: "6babcaad-604b-40ac-a9d7-9fd97c0b779f",
        required: true,
    }],
);

pub(super) const ANY_TENANT: Preset = of(
    "entra-any",
    Localized { en: "Microsoft Entra ID (any organization)", ko: "Microsoft Entra ID (모든 조직)" },
    Issuer::AnyTenant {
        discovery: "https://login.microsoftonline.com/organizations/v2.0",
        template: "https://login.microsoftonline.com/{tenantid}/v2.0",
        except: &[HOME],
    },
    &[],
);

pub(super) const CONSUMERS: Preset = of(
    "microsoft",
    Localized { en: "Microsoft (personal accounts)", ko: "Microsoft (개인 계정)" },
    Issuer::Fixed("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"),
    &[],
);
