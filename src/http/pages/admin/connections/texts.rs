//! What the pages of connections call fields and problems.

use crate::admin::connections::Problem;
use crate::i18n::{Texts, keys};
use crate::upstream::claims::Field;
use crate::upstream::presets::{ClientAuthentication, Preset};

/// What a field of the profile is called.
pub(super) fn field(t: &Texts, field: Field) -> String {
    match field {
        Field::Subject => t.get(keys::connection::FIELD_SUBJECT),
        Field::Tenant => t.get(keys::connection::FIELD_TENANT),
        Field::Email => t.get(keys::form::EMAIL),
        Field::EmailVerified => t.get(keys::connection::FIELD_VERIFIED),
        Field::HostedDomain => t.get(keys::connection::FIELD_HOSTED),
        Field::EmailRelay => t.get(keys::connection::FIELD_RELAY),
        Field::Name => t.get(keys::form::NAME),
        Field::GivenName => t.get(keys::connection::FIELD_GIVEN),
        Field::FamilyName => t.get(keys::connection::FIELD_FAMILY),
        Field::Picture => t.get(keys::connection::FIELD_PICTURE),
        Field::Locale => t.get(keys::connection::FIELD_LOCALE),
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
        Problem::Missing => t.get(keys::connection::PROBLEM_MISSING),
        Problem::Text(_) | Problem::NotASecret => t.get(keys::connection::PROBLEM_TEXT),
        Problem::Line(_) => t.get(keys::connection::PROBLEM_LABEL),
        Problem::Slug => t.get(keys::connection::PROBLEM_SLUG),
        Problem::SlugTaken => t.get(keys::connection::PROBLEM_SLUG_TAKEN),
        Problem::NoSuchSetting | Problem::NoSuchField => t.get(keys::connection::PROBLEM_UNKNOWN),
        Problem::NotAUrl => t.get(keys::connection::PROBLEM_URL),
        Problem::NotHttps => t.get(keys::connection::PROBLEM_HTTPS),
        Problem::NotAnIssuer => t.get(keys::connection::PROBLEM_ISSUER),
        Problem::NotATenant => t.get(keys::connection::PROBLEM_TENANT),
        Problem::NotTenCharacters => t.get(keys::connection::PROBLEM_TEN),
        Problem::Scope => t.get(keys::connection::PROBLEM_SCOPE),
        Problem::NoOpenid => t.get(keys::connection::PROBLEM_OPENID),
        Problem::NotAPointer => t.get(keys::connection::PROBLEM_POINTER),
        Problem::SubjectChangesHands | Problem::SubjectIsFixed => t.get(keys::connection::PROBLEM_SUBJECT),
        Problem::Domain => t.get(keys::connection::PROBLEM_DOMAIN),
        Problem::RoutedElsewhere => t.get(keys::connection::PROBLEM_ROUTED),
        Problem::RolesForEverybody => t.get(keys::connection::PROBLEM_ROLES),
        Problem::MixedAlgorithms | Problem::NoIdTokens => t.get(keys::connection::PROBLEM_ALGORITHMS),
        Problem::TooMany => t.get(keys::connection::PROBLEM_MANY),
        Problem::NotAKey => t.get(keys::connection::PROBLEM_KEY),
        Problem::SecretAgain => t.get(keys::connection::PROBLEM_AGAIN),
        Problem::PeopleAreLinked => t.get(keys::connection::PROBLEM_LINKED),
    }
}
