//! What the pages of connections call settings, fields and problems.

use crate::admin::connections::Problem;
use crate::i18n::Texts;
use crate::upstream::claims::Field;
use crate::upstream::presets::{ClientAuthentication, Preset};

/// What a setting of a preset is called. One that is new is called by its own name.
pub(super) fn setting(t: &Texts, name: &str) -> String {
    match name {
        "issuer" => t.get("connection-setting-issuer"),
        "tenant" => t.get("connection-setting-tenant"),
        "team_id" => t.get("connection-setting-team"),
        "key_id" => t.get("connection-setting-key"),
        "authorization_endpoint" => t.get("connection-setting-authorization"),
        "token_endpoint" => t.get("connection-setting-token"),
        "profile_endpoint" => t.get("connection-setting-profile"),
        other => other.to_owned(),
    }
}

/// What a field of the profile is called.
pub(super) fn field(t: &Texts, field: Field) -> String {
    match field {
        Field::Subject => t.get("connection-field-subject"),
        Field::Tenant => t.get("connection-field-tenant"),
        Field::Email => t.get("email"),
        Field::EmailVerified => t.get("connection-field-verified"),
        Field::HostedDomain => t.get("connection-field-hosted"),
        Field::EmailRelay => t.get("connection-field-relay"),
        Field::Name => t.get("name"),
        Field::GivenName => t.get("connection-field-given"),
        Field::FamilyName => t.get("connection-field-family"),
        Field::Picture => t.get("connection-field-picture"),
        Field::Locale => t.get("connection-field-locale"),
    }
}

/// Whether the secret of a preset is the content of a file rather than a word.
pub(super) fn secret_is_key(preset: &Preset) -> bool {
    preset.client_authentication == ClientAuthentication::AppleSecret
}

/// Where the preset itself looks for a field.
pub(super) fn usual_place(preset: &Preset, field: Field) -> String {
    let places = preset.claims.iter().filter(|(known, _)| *known == field).map(|(_, place)| *place);
    places.collect::<Vec<_>>().join(", ")
}

/// What is wrong with a field, in the person's language.
pub(super) fn problem(t: &Texts, problem: Problem) -> String {
    match problem {
        Problem::Missing => t.get("connection-problem-missing"),
        Problem::Text(_) | Problem::NotASecret => t.get("connection-problem-text"),
        Problem::Line(_) => t.get("connection-problem-label"),
        Problem::Slug => t.get("connection-problem-slug"),
        Problem::SlugTaken => t.get("connection-problem-slug-taken"),
        Problem::NoSuchSetting | Problem::NoSuchField => t.get("connection-problem-unknown"),
        Problem::NotAUrl => t.get("connection-problem-url"),
        Problem::NotHttps => t.get("connection-problem-https"),
        Problem::NotAnIssuer => t.get("connection-problem-issuer"),
        Problem::NotATenant => t.get("connection-problem-tenant"),
        Problem::NotTenCharacters => t.get("connection-problem-ten"),
        Problem::Scope => t.get("connection-problem-scope"),
        Problem::NoOpenid => t.get("connection-problem-openid"),
        Problem::NotAPointer => t.get("connection-problem-pointer"),
        Problem::SubjectChangesHands | Problem::SubjectIsFixed => t.get("connection-problem-subject"),
        Problem::Domain => t.get("connection-problem-domain"),
        Problem::RoutedElsewhere => t.get("connection-problem-routed"),
        Problem::RolesForEverybody => t.get("connection-problem-roles"),
        Problem::MixedAlgorithms | Problem::NoIdTokens => t.get("connection-problem-algorithms"),
        Problem::TooMany => t.get("connection-problem-many"),
        Problem::NotAKey => t.get("connection-problem-key"),
        Problem::SecretAgain => t.get("connection-problem-again"),
        Problem::PeopleAreLinked => t.get("connection-problem-linked"),
    }
}
