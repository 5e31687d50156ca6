//! Where a profile's fields are found in what a provider answers: names and JSON pointers (RFC 6901), and nothing more.

use std::borrow::Cow;

use serde_json::Value;

use crate::model::connection::Connection;

/// The longest pointer that an administrator may write.
const MAX_POINTER: usize = 200;

/// A field of an [`UpstreamProfile`](super::profile::UpstreamProfile), or what is needed to make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The user's identifier at the provider, which never changes: `sub` in OpenID Connect.
    Subject,
    /// Whose the subject is, where the provider's subjects are unique only within something smaller: a tenant, a workspace.
    Tenant,
    /// `email`.
    Email,
    /// Whether the provider verified it. Where there are several flags, all of them must be set.
    EmailVerified,
    /// The domain that the provider runs mail for on behalf of the user's organization.
    HostedDomain,
    /// Whether the address only forwards to another one.
    EmailRelay,
    /// `name`.
    Name,
    /// `given_name`.
    GivenName,
    /// `family_name`.
    FamilyName,
    /// The address of a picture.
    Picture,
    /// The language, as a BCP 47 tag.
    Locale,
    /// `middle_name`.
    MiddleName,
    /// `nickname`.
    Nickname,
    /// `preferred_username`.
    PreferredUsername,
    /// `profile`.
    Profile,
    /// `website`.
    Website,
    /// `gender`.
    Gender,
    /// `birthdate`.
    Birthdate,
    /// `zoneinfo`.
    Zoneinfo,
    /// `phone_number`.
    PhoneNumber,
    /// `address`: an object of OpenID Connect Core 1.0 section 5.1.1, or a text that is its `formatted`.
    Address,
}

impl Field {
    /// Every field that a mapping can name.
    pub const ALL: &[Self] = &[
        Self::Subject,
        Self::Tenant,
        Self::Email,
        Self::EmailVerified,
        Self::HostedDomain,
        Self::EmailRelay,
        Self::Name,
        Self::GivenName,
        Self::FamilyName,
        Self::Picture,
        Self::Locale,
        Self::MiddleName,
        Self::Nickname,
        Self::PreferredUsername,
        Self::Profile,
        Self::Website,
        Self::Gender,
        Self::Birthdate,
        Self::Zoneinfo,
        Self::PhoneNumber,
        Self::Address,
    ];

    /// The fields that are standard claims which nothing here looks at: they are told on as they are, as far as their rules allow.
    pub const FURTHER: &[Self] = &[
        Self::MiddleName,
        Self::Nickname,
        Self::PreferredUsername,
        Self::Profile,
        Self::Website,
        Self::Gender,
        Self::Birthdate,
        Self::Zoneinfo,
        Self::PhoneNumber,
        Self::Address,
    ];

    /// The name that an administrator writes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Tenant => "tenant",
            Self::Email => "email",
            Self::EmailVerified => "email_verified",
            Self::HostedDomain => "hosted_domain",
            Self::EmailRelay => "email_relay",
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Picture => "picture",
            Self::Locale => "locale",
            Self::MiddleName => "middle_name",
            Self::Nickname => "nickname",
            Self::PreferredUsername => "preferred_username",
            Self::Profile => "profile",
            Self::Website => "website",
            Self::Gender => "gender",
            Self::Birthdate => "birthdate",
            Self::Zoneinfo => "zoneinfo",
            Self::PhoneNumber => "phone_number",
            Self::Address => "address",
        }
    }

    /// The field of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.as_str() == name)
    }
}

/// A text that is neither a claim's name nor a JSON pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a claim's name nor a JSON pointer such as /account/email")]
pub struct NotAPointer;

/// Reads what an administrator wrote: a JSON pointer as it is, a claim's name as the pointer to it.
pub fn pointer(text: &str) -> Result<String, NotAPointer> {
    if text.is_empty() || text.len() > MAX_POINTER || text.chars().any(char::is_control) {
        return Err(NotAPointer);
    }
    if !text.starts_with('/') {
        // RFC 6901 section 3: "~" is written "~0", "/" is written "~1".
        return Ok(format!("/{}", text.replace('~', "~0").replace('/', "~1")));
    }
    let escaped = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    if escaped { Ok(text.to_owned()) } else { Err(NotAPointer) }
}

/// Where the administrator of a connection looks for claims.
pub(super) fn places(connection: &Connection) -> Vec<(Field, String)> {
    let places = connection.claim_map.iter();
    places.filter_map(|(field, pointer)| Some((Field::parse(field)?, pointer.clone()))).collect()
}

/// Where each field is looked for. Of several places of a field the first one that holds something counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimMap(Vec<(Field, Cow<'static, str>)>);

impl ClaimMap {
    /// A preset's own places.
    pub fn of(places: &[(Field, &'static str)]) -> Self {
        Self(places.iter().map(|(field, pointer)| (*field, Cow::Borrowed(*pointer))).collect())
    }

    /// Looks for a field at this place and nowhere else.
    #[must_use]
    pub fn with(mut self, field: Field, pointer: String) -> Self {
        self.0.retain(|(known, _)| *known != field);
        self.0.push((field, Cow::Owned(pointer)));
        self
    }

    /// The places of a field.
    pub(super) fn places(&self, field: Field) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| *known == field).map(|(_, pointer)| pointer.as_ref())
    }

    /// What is at the places of a field, in their order, and which answer it is in.
    pub(super) fn found<'a>(&'a self, field: Field, answers: &'a [Value]) -> impl Iterator<Item = (usize, &'a Value)> {
        self.places(field).flat_map(move |place| {
            answers.iter().enumerate().filter_map(move |(n, answer)| Some((n, answer.pointer(place)?)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_becomes_the_pointer_to_it() {
        assert_eq!(pointer("email").unwrap(), "/email");
        assert_eq!(pointer("https://slack.com/team~id").unwrap(), "/https:~1~1slack.com~1team~0id");
        assert_eq!(pointer("/kakao_account/email").unwrap(), "/kakao_account/email");
        for bad in ["", "/a~", "/a~2b", "a\nb", &"a".repeat(201)] {
            assert_eq!(pointer(bad), Err(NotAPointer), "{bad}");
        }
    }

    #[test]
    fn every_field_is_found_by_its_name() {
        for field in Field::ALL {
            assert_eq!(Field::parse(field.as_str()), Some(*field));
        }
        assert_eq!(Field::parse("sub"), None);
    }

    #[test]
    fn an_administrator_s_place_replaces_the_preset_s() {
        let map =
            ClaimMap::of(&[(Field::Name, "/name"), (Field::Name, "/nick")]).with(Field::Name, "/other".to_owned());
        let answers = [json!({ "name": "A", "nick": "B", "other": "C" })];
        let found: Vec<_> = map.found(Field::Name, &answers).collect();
        assert_eq!(found, [(0, &json!("C"))]);
    }
}
