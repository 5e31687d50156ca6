//! Groups, and roles in apps: what a person belongs to and may do elsewhere. What an account may do to Haechi itself is another thing:
//! [`Role`](super::user::Role).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::client::ClientId;
use super::locale::Locale;
use super::manager::Manager;
use crate::support::Timestamp;
use crate::support::id::AffiliationId;

/// The longest name, in characters.
const MAX_NAME: usize = 64;
/// What stands between a client and the name of a role of its own. No name has it.
const OF_CLIENT: char = ':';

/// A group, or a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affiliation {
    /// Its id. One that is made anew under the same name is another.
    pub id: AffiliationId,
    /// Which of the two it is, and what only that has.
    #[serde(flatten)]
    pub of: AffiliationOf,
    /// What apps know it by: a value of the claim. It never changes.
    pub name: String,
    /// What people read.
    pub label: String,
    /// The same in further languages, by their BCP 47 tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// What it is for, in the words of who made it.
    pub description: String,
    /// Whose files manage it, where some do: what they say of it is changed by them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<Manager>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: i64,
}

/// What only a group has, or only a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AffiliationOf {
    /// A group.
    Group {
        /// The roles that its members have. Those that are gone count for nothing.
        roles: Vec<AffiliationId>,
    },
    /// A role.
    Role {
        /// The client that has it; `None` where it is one in every app. It never changes.
        client: Option<ClientId>,
        /// Whether nobody who has it signs in without a second factor, whichever app asks.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        second_factor_required: bool,
    },
}

/// Which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AffiliationKind {
    /// A group.
    Group,
    /// A role in apps.
    Role,
}

impl AffiliationKind {
    /// The name that is stored: `group`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Role => "role",
        }
    }
}

impl Affiliation {
    /// Which of the two it is.
    pub const fn kind(&self) -> AffiliationKind {
        match self.of {
            AffiliationOf::Group { .. } => AffiliationKind::Group,
            AffiliationOf::Role { .. } => AffiliationKind::Role,
        }
    }

    /// The client whose own role it is.
    pub const fn client(&self) -> Option<&ClientId> {
        match &self.of {
            AffiliationOf::Role { client, .. } => client.as_ref(),
            AffiliationOf::Group { .. } => None,
        }
    }

    /// The roles that it brings.
    pub fn roles(&self) -> &[AffiliationId] {
        match &self.of {
            AffiliationOf::Group { roles } => roles,
            AffiliationOf::Role { .. } => &[],
        }
    }

    /// Whether nobody who has it signs in without a second factor.
    pub const fn requires_second_factor(&self) -> bool {
        matches!(self.of, AffiliationOf::Role { second_factor_required: true, .. })
    }

    /// What no two of a kind share: the name, and before it the client where it is that one's own: `shop:manager`.
    pub fn key(&self) -> String {
        match self.client() {
            Some(client) => format!("{client}{OF_CLIENT}{}", self.name),
            None => self.name.clone(),
        }
    }

    /// What it is called for readers of a language.
    pub fn label_in(&self, locale: Locale) -> &str {
        locale.text_of(&self.labels).unwrap_or(&self.label)
    }
}

/// Whether a text can be the name of a group or a role: lower-case letters, digits, `.`, `_` and `-`, and no sign at its beginning.
pub fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    text.len() <= MAX_NAME
        && text.bytes().next().is_some_and(plain)
        && text.bytes().all(|b| plain(b) || b == b'.' || b == b'_' || b == b'-')
}

/// Every group and role that there is, as of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The count of changes that it is of, or one of before: it is never said to be newer than it is.
    pub version: i64,
    all: BTreeMap<AffiliationId, Affiliation>,
}

/// What an account has, as one client may know it: the values of the claims, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The names of its groups.
    pub groups: Vec<String>,
    /// The names of its roles: those in every app, and those in this one.
    pub roles: Vec<String>,
}

impl Catalogue {
    /// These, as of a version.
    pub fn new(version: i64, all: impl IntoIterator<Item = Affiliation>) -> Self {
        Self { version, all: all.into_iter().map(|one| (one.id, one)).collect() }
    }

    /// Those of them that somebody may know of.
    #[must_use]
    pub fn only(self, known: impl Fn(&Affiliation) -> bool) -> Self {
        Self { all: self.all.into_iter().filter(|(_, one)| known(one)).collect(), ..self }
    }

    /// The one of this id.
    pub fn get(&self, id: AffiliationId) -> Option<&Affiliation> {
        self.all.get(&id)
    }

    /// The one of this id or of this [key](Affiliation::key).
    pub fn find(&self, kind: AffiliationKind, text: &str) -> Option<&Affiliation> {
        let found = match text.parse() {
            Ok(id) => self.get(id),
            Err(_) => self.all.values().find(|one| one.kind() == kind && one.key() == text),
        };
        found.filter(|one| one.kind() == kind)
    }

    /// Those of a kind, in the order of their keys.
    pub fn of_kind(&self, kind: AffiliationKind) -> Vec<&Affiliation> {
        let mut found: Vec<_> = self.all.values().filter(|one| one.kind() == kind).collect();
        found.sort_by_cached_key(|one| one.key());
        found
    }

    /// Those of these ids that there still are, of a kind, in the order of their keys.
    pub fn known(&self, kind: AffiliationKind, ids: &[AffiliationId]) -> Vec<&Affiliation> {
        let mut found: Vec<_> = ids.iter().filter_map(|id| self.get(*id)).filter(|one| one.kind() == kind).collect();
        found.sort_by_cached_key(|one| one.key());
        found
    }

    /// Whether a role of somebody with these asks for a second factor. It is one in whichever app: what its holder may do there is as safe as the account is.
    pub fn requires_second_factor(&self, ids: &[AffiliationId]) -> bool {
        self.with_brought(ids).any(Affiliation::requires_second_factor)
    }

    /// Those of these ids that there still are, and the roles that groups among them bring: a role that a group brings is a role like any other.
    fn with_brought<'a>(&'a self, ids: &'a [AffiliationId]) -> impl Iterator<Item = &'a Affiliation> {
        let own = move || ids.iter().filter_map(move |id| self.get(*id));
        own().chain(own().flat_map(Affiliation::roles).filter_map(move |id| self.get(*id)))
    }

    /// What somebody with these has, as a client may know it.
    pub fn held(&self, ids: &[AffiliationId], client: &ClientId) -> Held {
        let had = || self.with_brought(ids);
        let groups: BTreeSet<&str> =
            had().filter(|one| one.kind() == AffiliationKind::Group).map(|one| one.name.as_str()).collect();
        let roles: BTreeSet<&str> = had()
            .filter(|one| one.kind() == AffiliationKind::Role && one.client().is_none_or(|of| of == client))
            .map(|one| one.name.as_str())
            .collect();
        let texts = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
        Held { groups: texts(groups), roles: texts(roles) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> AffiliationId {
        AffiliationId::from_bytes([n; 16])
    }

    fn one(n: u8, name: &str, of: AffiliationOf) -> Affiliation {
        Affiliation {
            id: id(n),
            of,
            name: name.to_owned(),
            label: name.to_owned(),
            labels: BTreeMap::new(),
            description: String::new(),
            managed_by: None,
            created_at: Timestamp::from_seconds(1),
            version: 0,
        }
    }

    fn role(client: Option<&str>, second_factor_required: bool) -> AffiliationOf {
        AffiliationOf::Role { client: client.map(self::client), second_factor_required }
    }

    fn client(text: &str) -> ClientId {
        ClientId::parse(text).unwrap()
    }

    fn catalogue() -> Catalogue {
        let role = |of: Option<&str>| role(of, false);
        Catalogue::new(
            3,
            [
                one(1, "staff", AffiliationOf::Group { roles: vec![id(3), id(4), id(9)] }),
                one(2, "sales", AffiliationOf::Group { roles: vec![] }),
                one(3, "reader", role(None)),
                one(4, "manager", role(Some("shop"))),
                one(5, "manager", role(Some("blog"))),
                one(6, "reader", role(Some("shop"))),
            ],
        )
    }

    #[test]
    fn a_client_sees_the_roles_of_every_app_and_its_own_and_no_other_clients() {
        let held =
            |ids: &[u8], of: &str| catalogue().held(&ids.iter().map(|n| id(*n)).collect::<Vec<_>>(), &client(of));
        assert_eq!(
            held(&[1, 5], "shop"),
            Held { groups: vec!["staff".into()], roles: vec!["manager".into(), "reader".into()] }
        );
        assert_eq!(held(&[1, 2, 5], "blog").roles, ["manager", "reader"]);
        assert_eq!(
            held(&[2, 1, 5], "mail"),
            Held { groups: vec!["sales".into(), "staff".into()], roles: vec!["reader".into()] }
        );
        assert_eq!(held(&[4], "blog"), Held::default());
        // Two roles of one name are one value, and what is gone is none.
        assert_eq!(held(&[3, 6, 7], "shop").roles, ["reader"]);
    }

    #[test]
    fn one_is_found_by_its_id_and_by_its_key() {
        let (all, find) = (catalogue(), |kind, text: &str| catalogue().find(kind, text).map(|one| one.id));
        assert_eq!(find(AffiliationKind::Role, "shop:manager"), Some(id(4)));
        assert_eq!(find(AffiliationKind::Role, "manager"), None);
        assert_eq!(find(AffiliationKind::Group, "staff"), Some(id(1)));
        assert_eq!(find(AffiliationKind::Role, "staff"), None);
        assert_eq!(find(AffiliationKind::Group, &id(1).to_string()), Some(id(1)));
        assert_eq!(find(AffiliationKind::Role, &id(1).to_string()), None);
        let keys: Vec<String> = all.of_kind(AffiliationKind::Role).iter().map(|one| one.key()).collect();
        assert_eq!(keys, ["blog:manager", "reader", "shop:manager", "shop:reader"]);
    }

    #[test]
    fn a_name_is_a_value_that_apps_compare() {
        for good in ["staff", "7", "team-a", "a.b_c-d", &"x".repeat(64)] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "Staff", "-a", ".a", "a b", "a:b", "직원", "a/b", &"x".repeat(65)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }

    #[test]
    fn what_only_one_of_the_two_has_is_beside_the_rest_of_the_document() {
        let stored = serde_json::to_value(one(4, "manager", role(Some("shop"), false))).unwrap();
        assert_eq!((&stored["kind"], &stored["client"]), (&"role".into(), &"shop".into()));
        // As every role was written before any could ask for a second factor.
        assert_eq!(stored.get("second_factor_required"), None);
        let read: Affiliation = serde_json::from_value(stored).unwrap();
        assert_eq!((read.key().as_str(), read.requires_second_factor()), ("shop:manager", false));
        let strict = serde_json::to_value(one(4, "manager", role(None, true))).unwrap();
        let read: Affiliation = serde_json::from_value(strict).unwrap();
        assert!(read.requires_second_factor());
    }

    #[test]
    fn a_second_factor_is_asked_for_by_roles_that_are_had_in_any_way_and_any_app() {
        let all = Catalogue::new(
            1,
            [
                one(1, "staff", AffiliationOf::Group { roles: vec![id(3), id(4)] }),
                one(2, "guests", AffiliationOf::Group { roles: vec![id(3), id(9)] }),
                one(3, "reader", role(None, false)),
                one(4, "manager", role(Some("shop"), true)),
                one(5, "auditor", role(None, true)),
            ],
        );
        let required = |ids: &[u8]| all.requires_second_factor(&ids.iter().map(|n| id(*n)).collect::<Vec<_>>());
        assert!(required(&[4]) && required(&[5]) && required(&[1]) && required(&[2, 3, 5]));
        // What is gone asks for nothing.
        assert!(!required(&[]) && !required(&[3]) && !required(&[2]) && !required(&[9]));
    }
}
