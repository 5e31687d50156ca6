//! An account, and the end-user it is about.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::attribute::Attributes;
use super::delegation::{Delegation, HeldRights};
use super::epoch::{AccountEpochs, Epoch};
pub use super::role::Role;
use crate::protocol::claims;
use crate::support::id::{AffiliationId, UserId};
use crate::support::{Secret, Timestamp};

/// The longest e-mail address: RFC 5321 section 4.5.3.1.3 (a path of 256 octets with its brackets).
pub const MAX_EMAIL_BYTES: usize = 254;
/// What stands for the address of an account that has none any more. RFC 2606 section 2: no name below `.invalid` leads anywhere.
const NO_ADDRESS: &str = "deleted@haechi.invalid";

/// An e-mail address in one spelling: the domain in lower case, the local part as it was typed.
/// Two addresses that differ in case only are one account: see [`EmailAddress::lookup_key`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// A text that is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnEmailAddress;

impl EmailAddress {
    /// Reads the addresses that are really in use: one `@`, a dot-atom before it, a host name with a dot after it
    /// (RFC 5322 section 3.4.1 without quoted strings, comments and literals). A trailing dot or a second `@` is refused.
    pub fn parse(text: &str) -> Result<Self, NotAnEmailAddress> {
        let text = text.trim();
        let (local, domain) = text.split_once('@').ok_or(NotAnEmailAddress)?;
        let legal = text.len() <= MAX_EMAIL_BYTES && is_dot_atom(local) && local.len() <= 64 && is_host_name(domain);
        if legal { Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase()))) } else { Err(NotAnEmailAddress) }
    }

    /// The address as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is unique: the address in lower case.
    pub fn lookup_key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The part after the `@`, in lower case.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// RFC 5322 section 3.2.3: `dot-atom-text`.
fn is_dot_atom(text: &str) -> bool {
    let atext = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    text.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(atext))
}

fn is_host_name(text: &str) -> bool {
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    text.contains('.') && text.split('.').all(label)
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// It may be used.
    Active,
    /// An administrator switched it off: no session, grant or token of it counts.
    Disabled,
}

/// The claims that an account's profile can answer, by their standard names (OpenID Connect Core 1.0 section 5.1), without
/// `sub`, `email` and `email_verified`, which the account itself holds. `address` is the object of section 5.1.1.
pub type Profile = BTreeMap<String, Value>;

/// An account: its address, its claims, its roles, and whether it may sign in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The account's id: `sub`.
    pub id: UserId,
    /// Whether the account may be used.
    pub status: UserStatus,
    /// The address that signs in.
    pub email: EmailAddress,
    /// Whether the end-user proved to own the address.
    pub email_verified: bool,
    /// Further standard claims about the end-user.
    pub profile: Profile,
    /// What the server knows of it besides: of those that are not declared, or no longer, nothing counts.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// BCP 47 tag of the language that the end-user chose for pages and mail.
    pub locale: Option<String>,
    /// What the account may do to Haechi itself.
    pub roles: Vec<Role>,
    /// What it manages besides, when the account was looked at, in order, and no part of its document: what is taken away counts at once.
    #[serde(skip)]
    pub delegations: Vec<Delegation>,
    /// The groups and the roles in apps that it was given, in the order of their ids: of those that are gone, none counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affiliations: Vec<AffiliationId>,
    /// The count of changes of groups, roles, attributes and claim rules when the account was looked at, and no part of it: what is remembered of
    /// them is of this one or does not count.
    #[serde(skip)]
    pub definitions_version: i64,
    /// When everything of the account was last ended. Nothing decides by it: see `epoch`. Nodes of a release without epochs do.
    pub not_before: Timestamp,
    /// The sessions and grants of this epoch count, and no others.
    #[serde(default)]
    pub epoch: Epoch,
    /// The epoch that the server was in when the account was looked at, and no part of it: what its end-user proves counts in both.
    #[serde(skip)]
    pub server_epoch: Epoch,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When the profile last changed: `updated_at`.
    pub updated_at: Timestamp,
    /// Counts the changes: a change made from a stale copy is refused.
    pub version: i64,
}

impl User {
    /// A new, active account without a profile or any role, whose address is yet to be verified.
    pub fn new(id: UserId, email: EmailAddress, now: Timestamp) -> Self {
        Self {
            id,
            status: UserStatus::Active,
            email,
            email_verified: false,
            profile: Profile::new(),
            attributes: Attributes::new(),
            locale: None,
            roles: Vec::new(),
            delegations: Vec::new(),
            affiliations: Vec::new(),
            definitions_version: 0,
            not_before: now,
            epoch: Epoch::default(),
            server_epoch: Epoch::default(),
            created_at: now,
            updated_at: now,
            version: 0,
        }
    }

    /// Whether the account may be used now.
    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// The epochs that an account which was looked at now proves itself in.
    pub const fn epochs(&self) -> AccountEpochs {
        AccountEpochs { account: self.epoch, server: self.server_epoch }
    }

    /// Whether something that was made in this epoch of the account still counts.
    pub fn honours(&self, epoch: Epoch) -> bool {
        self.is_active() && epoch == self.epoch
    }

    /// What is left of the account when it is deleted: an id that is never used again, in an epoch that nothing was made in.
    #[must_use]
    pub fn without_end_user(&self, now: Timestamp) -> Self {
        let blank = Self::new(self.id, EmailAddress(NO_ADDRESS.to_owned()), now);
        let ended = Self { version: self.version, epoch: self.epoch, server_epoch: self.server_epoch, ..blank };
        Self { status: UserStatus::Disabled, ..ended.with_everything_ended(now) }
    }

    /// The account after every session and grant of it ended.
    #[must_use]
    pub fn with_everything_ended(self, now: Timestamp) -> Self {
        Self { not_before: now, epoch: self.epoch.next(), ..self }
    }

    /// Whether the account may do anything to Haechi itself, by a role or by a delegation.
    pub const fn has_roles(&self) -> bool {
        !self.roles.is_empty() || !self.delegations.is_empty()
    }

    /// What it has of both.
    pub fn rights(&self) -> HeldRights {
        HeldRights { roles: self.roles.clone(), delegations: self.delegations.clone() }
    }

    /// Whether the account administers the whole of Haechi: a server always keeps one that does.
    pub fn is_administrator(&self) -> bool {
        self.roles.iter().any(|role| matches!(role, Role::Owner | Role::Administrator))
    }

    /// The value of one claim about the end-user, by its standard name; `None` where there is none. Only names that
    /// OpenID Connect Core 1.0 section 5.1 defines for end-users answer, whatever the profile holds besides: no profile
    /// can say who issued a token or for whom.
    pub fn claim(&self, name: &str) -> Option<Value> {
        match name {
            "sub" => Some(self.id.to_string().into()),
            "email" => Some(self.email.as_str().into()),
            "email_verified" => Some(self.email_verified.into()),
            "updated_at" => Some(self.updated_at.seconds().into()),
            "locale" => self.profile.get(name).cloned().or_else(|| self.locale.clone().map(Value::from)),
            _ if is_profile_claim(name) => self.profile.get(name).cloned(),
            _ => None,
        }
    }

    /// The value of a claim in the first of the wished-for languages that the profile has (section 5.2, `name#ko-KR`), with the
    /// name that says so.
    pub fn claim_in(&self, name: &str, locales: &[String]) -> Option<(String, Value)> {
        let tagged = |tag: &String| {
            let name = format!("{name}#{tag}");
            let (found, value) = self.profile.iter().find(|(key, _)| key.eq_ignore_ascii_case(&name))?;
            Some((found.clone(), value.clone()))
        };
        if is_profile_claim(name) { locales.iter().find_map(tagged) } else { None }
    }

    /// What to call the end-user: the `name` of the profile, or the address.
    pub fn display_name(&self) -> &str {
        self.name().unwrap_or(self.email.as_str())
    }

    /// The name that the end-user gave.
    pub fn name(&self) -> Option<&str> {
        self.profile.get("name").and_then(Value::as_str)
    }
}

/// What a server always keeps: an account that administers it, and an owner where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastOf {
    /// The last that administers the server, as owner or administrator.
    Administrators,
    /// The last owner: nobody could name another one but the operator.
    Owners,
}

impl LastOf {
    /// What a server would lose by a change of an account, or by its end (`after` is `None`), beside the accounts that administer it besides.
    pub fn lost_by(was: &User, after: Option<&User>, others: &[User]) -> Option<Self> {
        let lost = |holds: fn(&User) -> bool| holds(was) && !after.is_some_and(holds) && !others.iter().any(holds);
        if lost(|user| user.is_active() && user.is_administrator()) {
            Some(Self::Administrators)
        } else if lost(|user| user.is_active() && user.roles.contains(&Role::Owner)) {
            Some(Self::Owners)
        } else {
            None
        }
    }
}

/// Whether a claim is one that a profile may answer.
pub fn is_profile_claim(name: &str) -> bool {
    [claims::PROFILE, claims::ADDRESS, claims::PHONE].iter().any(|names| names.contains(&name)) && name != "updated_at"
}

/// The hash of an account's password, with its parameters (PHC string format).
#[derive(Clone, Debug)]
pub struct PasswordCredential {
    /// The account that it signs in to.
    pub user: UserId,
    /// The hash in PHC string format: `$argon2id$…`
    pub phc: Secret<String>,
    /// When it was set.
    pub changed_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_keeps_an_administrator_and_an_owner() {
        let now = Timestamp::from_seconds(1);
        let named = |id: u8, roles: &[Role]| {
            let blank = User::new(UserId::from_bytes([id; 16]), EmailAddress::parse("kim@example.com").unwrap(), now);
            User { roles: roles.to_vec(), ..blank }
        };
        let (owner, other, plain) = (named(1, &[Role::Owner]), named(2, &[Role::Owner]), named(3, &[]));
        let administrator = named(4, &[Role::Administrator]);
        let off = User { status: UserStatus::Disabled, ..other.clone() };
        let (gone, demoted) = (None, Some(named(1, &[Role::Administrator])));
        for (was, after, others, lost) in [
            (&owner, gone, &[][..], Some(LastOf::Administrators)),
            (&owner, gone, std::slice::from_ref(&administrator), Some(LastOf::Owners)),
            (&owner, gone, &[off, administrator.clone()], Some(LastOf::Owners)),
            (&owner, gone, std::slice::from_ref(&other), None),
            (&owner, demoted.as_ref(), &[], Some(LastOf::Owners)),
            (&owner, Some(&owner), &[], None),
            (&administrator, gone, &[], Some(LastOf::Administrators)),
            (&administrator, gone, std::slice::from_ref(&owner), None),
            (&plain, gone, &[], None),
        ] {
            assert_eq!(LastOf::lost_by(was, after, others), lost, "{:?} {others:?}", was.roles);
        }
    }

    #[test]
    fn an_address_has_one_at_and_a_dotted_host() {
        for good in ["a@b.co", "first.last+tag@Example.COM", " padded@example.org "] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@",
            "@b.co",
            "a@b",
            "evil@x.tld@corp.example",
            "\"a@corp.example\"@evil.tld",
            "a@corp.example.",
            "a..b@corp.example",
            "a@-corp.example",
            "a b@corp.example",
            "a@c\u{043e}rp.example",
            "a\0@corp.example",
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(NotAnEmailAddress), "{bad:?}");
        }
    }

    #[test]
    fn nothing_of_the_end_user_is_left_of_a_deleted_account() {
        let now = Timestamp::from_seconds(7);
        let email = EmailAddress::parse("kim@example.com").unwrap();
        let blank = User::new(UserId::from_bytes([1; 16]), email, Timestamp::from_seconds(1));
        let profile = Profile::from([("name".to_owned(), "Kim".into())]);
        let user = User { profile, locale: Some("ko".to_owned()), roles: vec![Role::Owner], version: 3, ..blank };
        let gone = user.without_end_user(now);
        let text = serde_json::to_string(&gone).unwrap();
        assert!(!text.to_lowercase().contains("kim") && !text.contains("ko") && !text.contains("owner"), "{text}");
        assert_eq!((gone.id, gone.epoch, gone.is_active()), (user.id, user.epoch.next(), false));
        let read: User = serde_json::from_str(&text).unwrap();
        assert_eq!(read, gone, "nodes of a release before can read it");
        assert!(EmailAddress::parse(NO_ADDRESS).is_ok());
    }

    #[test]
    fn case_makes_no_second_account() {
        let a = EmailAddress::parse("Kim@Example.com").unwrap();
        let b = EmailAddress::parse("kim@example.COM").unwrap();
        assert_eq!(a.lookup_key(), b.lookup_key());
        assert_eq!(a.as_str(), "Kim@example.com");
    }
}
