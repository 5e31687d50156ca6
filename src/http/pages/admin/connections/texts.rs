//! What the pages of connections call fields and problems.

use crate::admin::Problem;
use crate::admin::connections::ConnectionProblem;
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

/// What is wrong with a field, in the language of the page.
pub(super) fn problem(t: &Texts, problem: &Problem) -> String {
    match problem {
        Problem::Connection(problem) => of_connection(t, *problem),
        // No form of these pages is about anything else.
        other => other.to_string(),
    }
}

fn of_connection(t: &Texts, problem: ConnectionProblem) -> String {
    match problem {
        ConnectionProblem::Missing => t.get(keys::connection::PROBLEM_MISSING),
        ConnectionProblem::Text(_) | ConnectionProblem::NotASecret => t.get(keys::connection::PROBLEM_TEXT),
        ConnectionProblem::Line(_) => t.get(keys::connection::PROBLEM_LABEL),
        ConnectionProblem::Slug => t.get(keys::connection::PROBLEM_SLUG),
        ConnectionProblem::SlugTaken => t.get(keys::connection::PROBLEM_SLUG_TAKEN),
        ConnectionProblem::NoSuchSetting | ConnectionProblem::NoSuchField => t.get(keys::connection::PROBLEM_UNKNOWN),
        ConnectionProblem::NotAUrl => t.get(keys::connection::PROBLEM_URL),
        ConnectionProblem::NotHttps => t.get(keys::connection::PROBLEM_HTTPS),
        ConnectionProblem::NotAnIssuer => t.get(keys::connection::PROBLEM_ISSUER),
        ConnectionProblem::NotATenant => t.get(keys::connection::PROBLEM_TENANT),
        ConnectionProblem::NotTenCharacters => t.get(keys::connection::PROBLEM_TEN),
        ConnectionProblem::Scope => t.get(keys::connection::PROBLEM_SCOPE),
        ConnectionProblem::NoOpenid => t.get(keys::connection::PROBLEM_OPENID),
        ConnectionProblem::NotAPointer => t.get(keys::connection::PROBLEM_POINTER),
        ConnectionProblem::SubjectChangesHands | ConnectionProblem::SubjectIsFixed => {
            t.get(keys::connection::PROBLEM_SUBJECT)
        }
        ConnectionProblem::Domain => t.get(keys::connection::PROBLEM_DOMAIN),
        ConnectionProblem::RoutedElsewhere => t.get(keys::connection::PROBLEM_ROUTED),
        ConnectionProblem::RolesForEverybody => t.get(keys::connection::PROBLEM_ROLES),
        ConnectionProblem::MixedAlgorithms | ConnectionProblem::NoIdTokens => {
            t.get(keys::connection::PROBLEM_ALGORITHMS)
        }
        ConnectionProblem::TooMany => t.get(keys::connection::PROBLEM_MANY),
        ConnectionProblem::NotAKey => t.get(keys::connection::PROBLEM_KEY),
        ConnectionProblem::SecretAgain => t.get(keys::connection::PROBLEM_AGAIN),
        ConnectionProblem::PeopleAreLinked => t.get(keys::connection::PROBLEM_LINKED),
    }
}
