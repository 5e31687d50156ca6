//! Changing what is known about oneself.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::Accounts;
use super::draft::{MAX_NAME_CHARS, check_locale, check_name};
use crate::model::User;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::user::Profile;
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::id::UserId;
use crate::support::line;

/// The longest address field and URL, in characters.
const MAX_FIELD_CHARS: usize = 500;
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

/// The parts of `address`: OpenID Connect Core 1.0 section 5.1.1.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the names are the standard members")]
pub struct PostalAddress {
    pub formatted: Option<String>,
    pub street_address: Option<String>,
    pub locality: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
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

/// Reads one claim: its checked value, or nothing.
type Rule = fn(&str) -> Option<String>;

impl ProfileDraft {
    /// Checks every claim.
    fn check(&self) -> Result<Profile, ChangeProfileRejected> {
        let mut profile = Profile::new();
        let rules: [(&'static str, &Option<String>, Rule); 13] = [
            ("name", &self.name, name_line),
            ("given_name", &self.given_name, name_line),
            ("family_name", &self.family_name, name_line),
            ("middle_name", &self.middle_name, name_line),
            ("nickname", &self.nickname, name_line),
            ("preferred_username", &self.preferred_username, name_line),
            ("profile", &self.profile, web_link),
            ("picture", &self.picture, web_link),
            ("website", &self.website, web_link),
            ("gender", &self.gender, name_line),
            ("birthdate", &self.birthdate, birthdate),
            ("zoneinfo", &self.zoneinfo, zone),
            ("phone_number", &self.phone_number, phone),
        ];
        for (name, value, rule) in rules {
            let Some(text) = value.as_deref().map(str::trim).filter(|text| !text.is_empty()) else { continue };
            let checked = rule(text).ok_or(ChangeProfileRejected::Claim(name))?;
            profile.insert(name.to_owned(), Value::String(checked));
        }
        if let Some(address) = &self.address {
            let address = address.check()?;
            if !address.is_empty() {
                profile.insert("address".to_owned(), Value::Object(address));
            }
        }
        Ok(profile)
    }
}

impl PostalAddress {
    fn check(&self) -> Result<serde_json::Map<String, Value>, ChangeProfileRejected> {
        let parts = [
            ("formatted", &self.formatted),
            ("street_address", &self.street_address),
            ("locality", &self.locality),
            ("region", &self.region),
            ("postal_code", &self.postal_code),
            ("country", &self.country),
        ];
        let mut address = serde_json::Map::new();
        for (name, value) in parts {
            let Some(text) = value.as_deref().map(str::trim).filter(|text| !text.is_empty()) else { continue };
            // "This field MAY contain multiple lines": of these two only.
            let lines =
                if matches!(name, "formatted" | "street_address") { text.lines().collect() } else { vec![text] };
            let checked: Option<Vec<String>> =
                lines.into_iter().map(|l| line::parse(l, MAX_FIELD_CHARS).ok()).collect();
            let checked = checked.filter(|lines| lines.len() <= 10).ok_or(ChangeProfileRejected::Claim("address"))?;
            address.insert(name.to_owned(), Value::String(checked.join("\n")));
        }
        Ok(address)
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

fn name_line(text: &str) -> Option<String> {
    line::parse(text, MAX_NAME_CHARS).ok()
}

/// `https` or `http` with a host, nothing else: a page will make a link of it.
fn web_link(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let plain = text.len() <= MAX_FIELD_CHARS && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    let web = matches!(url.scheme(), "https" | "http") && url.has_host() && url.username().is_empty();
    (plain && web && url.password().is_none()).then(|| url.into())
}

/// OpenID Connect Core 1.0 section 5.1: `YYYY-MM-DD`, the year may be `0000`, or `YYYY` alone.
fn birthdate(text: &str) -> Option<String> {
    let digits = |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let legal = match parts[..] {
        [year] => digits(year, 4),
        [year, month, day] => {
            let shaped = digits(year, 4) && digits(month, 2) && digits(day, 2);
            // The year 0000 stands for one that is not told; it is a leap year, so that 29 February can be told.
            let number = |part: &str| part.parse::<u8>().ok();
            shaped
                && number(month).and_then(|m| time::Month::try_from(m).ok()).is_some_and(|month| {
                    let year = year.parse::<i32>().unwrap_or(0);
                    number(day).is_some_and(|day| time::Date::from_calendar_date(year, month, day).is_ok())
                })
        }
        _ => false,
    };
    legal.then(|| text.to_owned())
}

/// A name of the IANA time zone database, by its shape.
fn zone(text: &str) -> Option<String> {
    let part = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-+".contains(&b));
    (text.len() <= 64 && text.split('/').all(part)).then(|| text.to_owned())
}

/// E.164, which the specification recommends: a plus sign and at most 15 digits. Spaces, hyphens and brackets are left out.
fn phone(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = number.strip_prefix('+')?;
    let legal =
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    legal.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_have_their_standard_shapes() {
        for (rule, good, bad) in [
            (birthdate as Rule, "0000-02-29", "1999-02-29"),
            (birthdate, "1988", "88"),
            (web_link, "https://example.com/me", "javascript:alert(1)"),
            (web_link, "http://example.com/", "https://user@example.com/"),
            (zone, "Asia/Seoul", "../etc/passwd"),
            (phone, "+82 10-1234-5678", "010-1234-5678"),
            (name_line, "길동", "a\u{202E}b"),
        ] {
            assert!(rule(good).is_some(), "{good}");
            assert!(rule(bad).is_none(), "{bad}");
        }
    }

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
