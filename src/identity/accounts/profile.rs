//! Changing what is known about oneself.

use serde::Deserialize;
use serde_json::Value;

use super::Accounts;
use super::draft::{check_locale, check_name};
use super::standard_claims::{PostalAddress, check_claim};
use crate::model::User;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::user::Profile;
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::id::UserId;

/// How often a change is made again after another change came in between.
const RETRIES: u32 = 5;

/// The profile as an end-user fills it in: the claims of OpenID Connect Core 1.0 section 5.1 that end-users may say about themselves. An
/// empty or missing field is a claim that is not there. What must have been verified is not among them.
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
}

/// Why a profile or a language was not changed.
#[derive(Debug)]
pub enum ChangeProfileRejected {
    /// The claim of this name cannot have this value.
    Claim(&'static str),
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

impl ProfileDraft {
    /// Checks every claim.
    fn check(&self) -> Result<Profile, ChangeProfileRejected> {
        let mut profile = Profile::new();
        let claims = [
            ("name", &self.name),
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
            ("middle_name", &self.middle_name),
            ("nickname", &self.nickname),
            ("preferred_username", &self.preferred_username),
            ("profile", &self.profile),
            ("picture", &self.picture),
            ("website", &self.website),
            ("gender", &self.gender),
            ("birthdate", &self.birthdate),
            ("zoneinfo", &self.zoneinfo),
            ("phone_number", &self.phone_number),
        ];
        for (name, value) in claims {
            let said = value.as_deref().unwrap_or_default();
            if let Some(checked) = check_claim(name, said).map_err(|_| ChangeProfileRejected::Claim(name))? {
                profile.insert(name.to_owned(), Value::String(checked));
            }
        }
        if let Some(address) = &self.address {
            let address = address.check().map_err(|_| ChangeProfileRejected::Claim("address"))?;
            if !address.is_empty() {
                profile.insert("address".to_owned(), Value::Object(address));
            }
        }
        Ok(profile)
    }
}

impl Accounts {
    /// Replaces the profile. A verified phone number stays verified only while it stays the same.
    pub async fn set_profile(&self, id: UserId, draft: &ProfileDraft) -> Result<User, ChangeProfileRejected> {
        const PHONE: &str = "phone_number";
        let wanted = draft.check()?;
        self.edit(id, "profile", |user| {
            let mut profile = wanted.clone();
            if profile.contains_key(PHONE) && profile.get(PHONE) == user.profile.get(PHONE) {
                let verified = user.profile.get_key_value("phone_number_verified");
                profile.extend(verified.map(|(name, value)| (name.clone(), value.clone())));
            }
            user.profile = profile;
        })
        .await
    }

    /// Sets the `name` claim and leaves the rest of the profile alone. An empty name takes the name away.
    pub async fn set_name(&self, id: UserId, name: &str) -> Result<User, ChangeProfileRejected> {
        let name = check_name(Some(name)).map_err(|_| ChangeProfileRejected::Claim("name"))?;
        self.edit(id, "name", |user| {
            match &name {
                Some(name) => user.profile.insert("name".to_owned(), Value::String(name.clone())),
                None => user.profile.remove("name"),
            };
        })
        .await
    }

    /// Sets the language of pages and mail.
    pub async fn set_locale(&self, id: UserId, tag: &str) -> Result<User, ChangeProfileRejected> {
        let locale = check_locale(tag).map_err(|_| ChangeProfileRejected::Locale)?;
        self.edit(id, "language", |user| user.locale = Some(locale.clone())).await
    }

    /// Changes the user's own account. When it was changed meanwhile, perhaps in another tab, the change is made to what it is by then. What
    /// changes nothing is not written down.
    async fn edit(&self, id: UserId, what: &str, change: impl Fn(&mut User)) -> Result<User, ChangeProfileRejected> {
        let mut left = RETRIES;
        loop {
            let found = self.stores.users.find(id).await?.filter(User::is_active);
            let before = found.ok_or(ChangeProfileRejected::NoAccount)?;
            let mut after = before.clone();
            change(&mut after);
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
    fn empty_fields_are_claims_that_are_not_there() {
        let draft = ProfileDraft {
            name: Some("  ".to_owned()),
            address: Some(PostalAddress::default()),
            ..ProfileDraft::default()
        };
        assert!(draft.check().unwrap().is_empty());
    }
}
