//! What the pages of connections call fields and problems.

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
        Field::MiddleName => t.get(keys::profile::MIDDLE_NAME),
        Field::Nickname => t.get(keys::profile::NICKNAME),
        Field::PreferredUsername => t.get(keys::profile::USERNAME),
        Field::Profile => t.get(keys::profile::PAGE),
        Field::Website => t.get(keys::profile::WEBSITE),
        Field::Gender => t.get(keys::profile::GENDER),
        Field::Birthdate => t.get(keys::profile::BIRTHDATE),
        Field::Zoneinfo => t.get(keys::profile::ZONE),
        Field::PhoneNumber => t.get(keys::profile::PHONE_NUMBER),
        Field::Address => t.get(keys::profile::ADDRESS),
    }
}

/// Whether the secret of a preset is the content of a file rather than a word.
pub(super) fn secret_is_key(preset: &Preset) -> bool {
    preset.client_authentication == ClientAuthentication::AppleSecret
}

/// Where the preset itself looks for a field.
pub(super) fn usual_place(preset: &Preset, field: Field) -> String {
    let of_subject = preset.subject.iter().filter(|_| field == Field::Subject).map(|place| place.pointer.as_ref());
    let others = preset.claims.iter().filter(|(known, _)| *known == field).map(|(_, place)| *place);
    let mut places: Vec<&str> = of_subject.chain(others).collect();
    places.dedup();
    places.join(", ")
}
