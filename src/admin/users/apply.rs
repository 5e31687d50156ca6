//! What an account's document says, read into the model.

use serde_json::Value;

use super::resource::UserResource;
use crate::admin::{FieldError, FieldProblem};
use crate::identity::accounts::{
    AttributeRejected, check_attribute, check_claim, check_locale, check_size, text_claims,
};
use crate::model::User;
use crate::model::attribute::{Attributes, Definitions};
use crate::model::user::{EmailAddress, Profile, Role};

impl UserResource {
    /// The account with what the document says. What only the server sets stays: see [`UserResource::check_unchanged`]. Claims that the
    /// document has as they are stay so, whatever the rules are by now.
    pub(super) fn apply(&self, was: User, declared: &Definitions, found: &mut Vec<FieldProblem>) -> User {
        let email = self.email(&was, found);
        let same = email.lookup_key() == was.email.lookup_key();
        let email_verified = self.email_verified.unwrap_or(was.email_verified && same);
        User {
            id: was.id,
            status: was.status,
            email,
            email_verified,
            locale: self.locale(was.locale.clone(), found),
            profile: self.profile(&was, found),
            attributes: self.attributes(&was, declared, found),
            roles: self.roles.as_deref().map_or(was.roles, without_repeats),
            affiliations: was.affiliations,
            delegations: was.delegations,
            definitions_version: was.definitions_version,
            not_before: was.not_before,
            epoch: was.epoch,
            server_epoch: was.server_epoch,
            created_at: was.created_at,
            updated_at: was.updated_at,
            version: was.version,
        }
    }

    fn email(&self, was: &User, found: &mut Vec<FieldProblem>) -> EmailAddress {
        match self.email.as_deref().map(EmailAddress::parse) {
            None => was.email.clone(),
            Some(Ok(email)) => email,
            Some(Err(_)) => {
                found.push(FieldError::Email.of("email"));
                was.email.clone()
            }
        }
    }

    fn locale(&self, was: Option<String>, found: &mut Vec<FieldProblem>) -> Option<String> {
        match self.locale.as_deref() {
            None => was,
            Some("") => None,
            Some(tag) => check_locale(tag).map_or_else(
                |_| {
                    found.push(FieldError::Locale.of("locale"));
                    was.clone()
                },
                Some,
            ),
        }
    }

    fn profile(&self, was: &User, found: &mut Vec<FieldProblem>) -> Profile {
        let (mut profile, is) = (was.profile.clone(), Self::from(was));
        for ((name, said), (_, is)) in text_claims!(self).into_iter().zip(text_claims!(&is)) {
            let Some(text) = said.filter(|_| said != is) else { continue };
            match check_claim(name, text) {
                Ok(value) => put(&mut profile, name, value.map(Value::String)),
                Err(why) => found.push(FieldError::Claim(why).of(name)),
            }
        }
        if let Some(address) = self.address.as_ref().filter(|_| self.address != is.address) {
            match address.check() {
                Ok(parts) => put(&mut profile, "address", Some(parts).filter(|p| !p.is_empty()).map(Value::Object)),
                Err(why) => found.push(FieldError::Claim(why).of("address")),
            }
        }
        for (name, value) in &self.in_languages {
            put_in_language(&mut profile, name, value, &is, found);
        }
        self.settle_phone(&mut profile, &is);
        profile
    }

    fn attributes(&self, was: &User, declared: &Definitions, found: &mut Vec<FieldProblem>) -> Attributes {
        let mut attributes = was.attributes.clone();
        for (name, said) in self.attributes.iter().flatten() {
            let definition = declared.find(name).ok_or(AttributeRejected::Undeclared);
            match definition.and_then(|definition| check_attribute(definition.value_type, said)) {
                Ok(Some(value)) => drop(attributes.insert(name.clone(), value)),
                Ok(None) => drop(attributes.remove(name)),
                Err(why) => found.push(FieldError::Attribute(why).of(format!("attributes.{name}"))),
            }
        }
        if let Err(why) = check_size(&attributes) {
            found.push(FieldError::Attribute(why).of("attributes"));
        }
        attributes
    }

    /// That a number was verified holds for that number, and is nothing without one.
    fn settle_phone(&self, profile: &mut Profile, is: &Self) {
        const VERIFIED: &str = "phone_number_verified";
        let number = profile.get("phone_number").and_then(Value::as_str);
        let same = number == is.phone_number.as_deref();
        let verified = self.phone_number_verified.or(is.phone_number_verified.filter(|_| same));
        let verified = verified.filter(|_| number.is_some());
        put(profile, VERIFIED, verified.map(Value::Bool));
    }

    /// What an update cannot change must be left out or say what is so. Whether the version is the current one was asked before.
    pub(super) fn check_unchanged(&self, user: &User, found: &mut Vec<FieldProblem>) {
        fn same<T: PartialEq>(said: Option<&T>, is: Option<&T>) -> bool {
            said.is_none() || said == is
        }
        let is = Self::from(user);
        let fields = [
            ("sub", same(self.sub.as_ref(), is.sub.as_ref())),
            ("password", self.password.is_none()),
            ("updated_at", same(self.updated_at.as_ref(), is.updated_at.as_ref())),
            ("status", self.status.is_none_or(|said| said.stored() == user.status)),
            ("created_at", same(self.created_at.as_ref(), is.created_at.as_ref())),
        ];
        let changed = fields.into_iter().filter(|(_, same)| !same);
        found.extend(changed.map(|(field, _)| FieldError::ReadOnly.of(field)));
    }
}

/// OpenID Connect Core 1.0 section 5.2: a claim in another language has the shape of the claim itself.
fn put_in_language(profile: &mut Profile, name: &str, value: &Value, is: &UserResource, found: &mut Vec<FieldProblem>) {
    if is.in_languages.get(name) == Some(value) {
        return;
    }
    let claim = name.split('#').next().unwrap_or_default();
    match value.as_str().map(|text| check_claim(claim, text)) {
        Some(Ok(value)) => put(profile, name, value.map(Value::String)),
        Some(Err(why)) => found.push(FieldError::Claim(why).of(name)),
        None => found.push(FieldError::NotAText.of(name)),
    }
}

fn put(profile: &mut Profile, name: &str, value: Option<Value>) {
    match value {
        Some(value) => profile.insert(name.to_owned(), value),
        None => profile.remove(name),
    };
}

/// The roles in their order, each once.
pub(super) fn without_repeats(roles: &[Role]) -> Vec<Role> {
    let mut kept = Vec::new();
    for role in roles {
        if !kept.contains(role) {
            kept.push(*role);
        }
    }
    kept
}
