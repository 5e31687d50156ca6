//! Changing what is known about oneself.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::Accounts;
use super::attributes::{self, AttributeRejected};
use super::draft::check_locale;
use super::standard_claims::{ClaimRejected, PostalAddress, check_claim, text_claims};
use crate::model::User;
use crate::model::attribute::Definitions;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::user::Profile;
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::id::UserId;

/// How often a change is made again after another change came in between.
const RETRIES: u32 = 5;

/// What an end-user says about themselves: the claims of OpenID Connect Core 1.0 section 5.1 that they may say. A field that is missing stays as it
/// is, an empty one takes the claim away. What must have been verified is not among them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the names are the standard claims")]
pub struct ProfileDraft {
    pub name: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub middle_name: Option<String>,
    pub nickname: Option<String>,
    pub preferred_username: Option<String>,
    pub profile: Option<String>,
    pub picture: Option<String>,
    pub website: Option<String>,
    pub gender: Option<String>,
    pub birthdate: Option<String>,
    pub zoneinfo: Option<String>,
    pub phone_number: Option<String>,
    pub address: Option<PostalAddress>,
    /// Custom attributes that are open to the end-user, as texts. What is not named stays.
    #[serde(skip)]
    pub attributes: BTreeMap<String, String>,
}

/// Why a profile or a language was not changed.
#[derive(Debug)]
pub enum ChangeProfileRejected {
    /// These claims cannot have these values.
    Claims(Vec<(&'static str, ClaimRejected)>),
    /// These attributes cannot have these values.
    Attributes(Vec<(String, AttributeRejected)>),
    /// It is no language tag.
    Locale,
    /// The account is gone or switched off.
    NoAccount,
    /// The store did not answer, or the account kept changing meanwhile (`Stale`).
    Store(StoreError),
}

impl From<StoreError> for ChangeProfileRejected {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The claims that are said, each with its checked value or none.
type Checked = Vec<(&'static str, Option<Value>)>;

impl ProfileDraft {
    /// Checks every claim that is said.
    fn check(&self) -> Result<Checked, ChangeProfileRejected> {
        let (mut checked, mut rejected) = (Checked::new(), Vec::new());
        let said = text_claims!(self).into_iter().filter_map(|(name, text)| Some((name, text?)));
        for (name, text) in said {
            match check_claim(name, text) {
                Ok(value) => checked.push((name, value.map(Value::String))),
                Err(why) => rejected.push((name, why)),
            }
        }
        match self.address.as_ref().map(PostalAddress::check) {
            Some(Ok(parts)) => checked.push(("address", (!parts.is_empty()).then_some(Value::Object(parts)))),
            Some(Err(why)) => rejected.push(("address", why)),
            None => {}
        }
        if rejected.is_empty() { Ok(checked) } else { Err(ChangeProfileRejected::Claims(rejected)) }
    }
}

/// The profile with what was checked. A verified phone number stays verified only while it stays the same.
fn with(mut profile: Profile, checked: &Checked) -> Profile {
    const PHONE: &str = "phone_number";
    let before = profile.get(PHONE).cloned();
    for (name, value) in checked {
        match value {
            Some(value) => profile.insert((*name).to_owned(), value.clone()),
            None => profile.remove(*name),
        };
    }
    if profile.get(PHONE) != before.as_ref() {
        profile.remove("phone_number_verified");
    }
    profile
}

impl Accounts {
    /// Changes the claims that the draft says, and leaves the rest of the profile alone.
    pub async fn set_profile(&self, id: UserId, draft: &ProfileDraft) -> Result<User, ChangeProfileRejected> {
        let checked = draft.check()?;
        let put_attributes = self.checked_attributes(&draft.attributes).await?;
        let change = |user: &mut User| {
            user.profile = with(std::mem::take(&mut user.profile), &checked);
            put_attributes(user)
        };
        self.edit(id, "profile", change).await
    }

    /// What an end-user says of their own attributes, checked; nothing is changed by it.
    async fn checked_attributes(
        &self,
        said: &BTreeMap<String, String>,
    ) -> Result<impl Fn(&mut User) -> Result<(), ChangeProfileRejected> + use<>, ChangeProfileRejected> {
        let declared = if said.is_empty() { Definitions::default() } else { self.attributes().await? };
        let checked = attributes::checked(&declared, said).map_err(ChangeProfileRejected::Attributes)?;
        Ok(move |user: &mut User| {
            user.attributes = attributes::with(std::mem::take(&mut user.attributes), &checked);
            // Which of them is too much cannot be said: the last one that was named.
            let last = checked.last().map(|(name, _)| name.clone()).unwrap_or_default();
            attributes::check_size(&user.attributes).map_err(|why| ChangeProfileRejected::Attributes(vec![(last, why)]))
        })
    }

    /// Sets the language of pages and mail.
    pub async fn set_locale(&self, id: UserId, tag: &str) -> Result<User, ChangeProfileRejected> {
        let locale = check_locale(tag).map_err(|_| ChangeProfileRejected::Locale)?;
        self.edit(id, "language", |user| {
            user.locale = Some(locale.clone());
            Ok(())
        })
        .await
    }

    /// Changes the user's own account. When it was changed meanwhile, perhaps in another tab, the change is made to what it is by then. What
    /// changes nothing is not written down.
    async fn edit(
        &self,
        id: UserId,
        what: &str,
        change: impl Fn(&mut User) -> Result<(), ChangeProfileRejected>,
    ) -> Result<User, ChangeProfileRejected> {
        let mut left = RETRIES;
        loop {
            let found = self.stores.users.find(id).await?.filter(User::is_active);
            let before = found.ok_or(ChangeProfileRejected::NoAccount)?;
            let mut after = before.clone();
            change(&mut after)?;
            if after == before {
                return Ok(after);
            }
            match self.save(after, what).await {
                Err(StoreError::Conflict(Conflict::Stale)) if left > 0 => left -= 1,
                saved => return Ok(saved?),
            }
        }
    }

    async fn save(&self, user: User, what: &str) -> StoreResult<User> {
        let now = self.clock.now();
        let user = User { updated_at: now, ..user };
        let event = AuditEvent::new(AuditKind::UserChanged, Actor::User(user.id), now, &*self.random)
            .to_user(user.id)
            .saying(what);
        self.stores.work.commit(vec![Change::UpdateUser(user.clone()), Change::Audit(event)]).await?;
        Ok(User { version: user.version + 1, ..user })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adm_007_a_profile_holds_nothing_but_what_people_may_say() {
        for field in ["email_verified", "sub", "roles", "phone_number_verified", "updated_at"] {
            let json = format!("{{\"name\": \"x\", \"{field}\": true}}");
            assert!(serde_json::from_str::<ProfileDraft>(&json).is_err(), "{field}");
        }
    }

    #[test]
    fn every_claim_of_the_table_has_a_rule() {
        let draft = ProfileDraft::default();
        for (name, _) in text_claims!(&draft) {
            assert!(check_claim(name, "\u{202E}").is_err(), "{name}");
        }
        assert_eq!(check_claim("sub", "\u{202E}"), Ok(None), "what has no rule is no claim that anybody says");
    }

    #[test]
    fn empty_fields_are_claims_that_are_not_there() {
        let draft = ProfileDraft {
            name: Some("  ".to_owned()),
            address: Some(PostalAddress::default()),
            ..ProfileDraft::default()
        };
        let before = Profile::from(["name", "address", "nickname"].map(|name| (name.to_owned(), name.into())));
        let after = with(before, &draft.check().unwrap());
        assert_eq!(after.into_keys().collect::<Vec<_>>(), ["nickname"]);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let wrong = |text: &str| Some(text.to_owned());
        let draft = ProfileDraft {
            picture: wrong("javascript:alert(1)"),
            birthdate: wrong("31.12.1990"),
            nickname: wrong("Kim"),
            address: Some(PostalAddress { country: wrong("a\nb"), ..PostalAddress::default() }),
            ..ProfileDraft::default()
        };
        let Err(ChangeProfileRejected::Claims(rejected)) = draft.check() else { panic!() };
        assert_eq!(rejected.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["picture", "birthdate", "address"]);
    }
}
