//! The people: accounts as production has them, in the order in which they were made.

use std::time::Duration;

use super::draw::{Draw, For, spread};
use super::names::Name;
use super::{Plan, SeedRejected};
use crate::model::user::{EmailAddress, PasswordCredential, Profile, User, UserStatus};
use crate::support::id::{AffiliationId, UserId};
use crate::support::{Secret, Timestamp};

/// Where their mailboxes are. Nobody who exists has one there: RFC 2606 section 3 and RFC 6761 section 6.5.
const DOMAINS: &[&str] =
    &["example.com", "example.net", "example.org", "mail.example", "naver.example", "company.example"];
const ZONES: &[&str] = &["Asia/Seoul", "Europe/Berlin", "America/New_York"];
const DAY: Duration = Duration::from_hours(24);
/// Over how long they were made, and how long ago the last of them was: before everything else that is drawn.
const MADE_OVER: u32 = 3 * 365;
const MADE_UNTIL: u32 = 90;
/// One in so many may not be used, is without a password, or has an address that is not proved.
const DISABLED: u64 = 50;
const WITHOUT_PASSWORD: u64 = 25;
const UNPROVED: u64 = 12;
/// One in so many was given groups and roles, and at most how many.
const AFFILIATED: u64 = 4;
const MOST_AFFILIATIONS: u64 = 3;

/// The people of a plan.
pub(super) struct People {
    seed: u64,
    count: u64,
    stretch: (Timestamp, Timestamp),
    /// Of one password. Each is that of many: to hash one for each of a million would take hours.
    hashes: Vec<Secret<String>>,
    /// The groups and roles that they are given some of.
    affiliations: Vec<AffiliationId>,
}

impl People {
    /// Those of a plan, of which there is at least one, with the hashes and the groups and roles that they are given some of.
    pub(super) fn new(
        plan: &Plan,
        (hashes, affiliations): (Vec<Secret<String>>, Vec<AffiliationId>),
        now: Timestamp,
    ) -> Self {
        let until = now.minus(DAY * MADE_UNTIL);
        let stretch = (until.minus(DAY * MADE_OVER), until);
        Self { seed: plan.seed, count: plan.people, stretch, hashes, affiliations }
    }

    /// How many there are.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// How many there were at an instant; at least one.
    pub(super) fn made_before(&self, at: Timestamp) -> u64 {
        let (from, until) = self.stretch;
        let (passed, whole) = (at.since(from).as_millis(), until.since(from).as_millis());
        let count = u128::from(self.count) * passed.min(whole) / whole.max(1);
        u64::try_from(count).unwrap_or(self.count).clamp(1, self.count)
    }

    /// The id of one: those of people who came later sort after it.
    pub(super) fn id(&self, number: u64) -> UserId {
        UserId::new(self.made_at(number), Draw::of(self.seed, For::PersonsId, number).chance())
    }

    fn made_at(&self, number: u64) -> Timestamp {
        spread(self.stretch, number, self.count)
    }

    /// Whether an account may be used.
    pub(super) const fn is_active(number: u64) -> bool {
        number % DISABLED != DISABLED - 1
    }

    /// The address of one.
    pub(super) fn address(&self, number: u64) -> Result<EmailAddress, SeedRejected> {
        let draw = Draw::of(self.seed, For::Person, number);
        address(&Name::draw(&draw), &draw, number)
    }

    /// One of them, with the password.
    pub(super) fn one(&self, number: u64) -> Result<(User, Option<PasswordCredential>), SeedRejected> {
        let draw = Draw::of(self.seed, For::Person, number);
        let name = Name::draw(&draw);
        let (id, made_at) = (self.id(number), self.made_at(number));
        let has_password = number % WITHOUT_PASSWORD != WITHOUT_PASSWORD - 1;
        let mut user = User::new(id, address(&name, &draw, number)?, made_at);
        // An end-user with neither a proved address nor a way in was invited and has not accepted yet.
        user.email_verified = !has_password || !draw.is_one_in(UNPROVED);
        user.locale = (!draw.is_one_in(4)).then(|| name.locale.to_owned());
        user.profile = profile(&name, &draw);
        user.affiliations = self.affiliations(number);
        if draw.is_one_in(5) {
            (user.updated_at, user.version) = (draw.between(made_at, self.stretch.1), 1);
        }
        let phc = self.hashes.get(usize::try_from(number % self.hashes.len().max(1) as u64).unwrap_or(0));
        let phc = phc.filter(|_| has_password).cloned();
        let password = phc.map(|phc| PasswordCredential { user: id, phc, changed_at: made_at });
        if !Self::is_active(number) {
            let at = self.stretch.1;
            let version = user.version + 1;
            user = User { status: UserStatus::Disabled, updated_at: at, version, ..user.with_everything_ended(at) };
        }
        Ok((user, password))
    }
}

impl People {
    /// The groups and roles of one, in the order of their ids. Half of what is given is the first of all: somewhere one group has nearly everybody.
    fn affiliations(&self, number: u64) -> Vec<AffiliationId> {
        let draw = Draw::of(self.seed, For::Affiliations, number);
        let Some(first) = self.affiliations.first().filter(|_| draw.is_one_in(AFFILIATED)) else { return Vec::new() };
        let one = |_| if draw.is_one_in(2) { *first } else { draw.one_of(&self.affiliations) };
        let mut given: Vec<AffiliationId> = (0..=draw.below(MOST_AFFILIATIONS)).map(one).collect();
        given.sort_unstable();
        given.dedup();
        given
    }
}

/// No two are alike, as each has a number.
fn address(name: &Name, draw: &Draw, number: u64) -> Result<EmailAddress, SeedRejected> {
    let text = format!("{}{number}@{}", name.address, draw.one_of(DOMAINS));
    EmailAddress::parse(&text).map_err(|why| SeedRejected::Invalid(format!("{text}: {why}")))
}

fn profile(name: &Name, draw: &Draw) -> Profile {
    let mut profile = Profile::from([
        ("name".to_owned(), name.whole.as_str().into()),
        ("given_name".to_owned(), name.given.into()),
        ("family_name".to_owned(), name.family.into()),
    ]);
    if draw.is_one_in(3) {
        profile.insert("zoneinfo".to_owned(), draw.one_of(ZONES).into());
    }
    if draw.is_one_in(6) {
        profile.insert("phone_number".to_owned(), format!("+82101{:07}", draw.below(10_000_000)).into());
        profile.insert("phone_number_verified".to_owned(), true.into());
    }
    profile
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn people(count: u64) -> People {
        let plan = Plan { people: count, apps: 1, seed: 7, ..Plan::default() };
        let affiliations = (1..=5).map(|n| AffiliationId::from_bytes([n; 16])).collect();
        People::new(&plan, (vec!["a".into(), "b".into()], affiliations), Timestamp::from_seconds(1_800_000_000))
    }

    #[test]
    fn some_have_groups_and_one_of_those_is_large() {
        let all: Vec<_> = (0..1000).map(|number| people(1000).one(number).unwrap().0.affiliations).collect();
        let some = all.iter().filter(|given| !given.is_empty()).count();
        assert!((150..350).contains(&some), "{some}");
        assert!(all.iter().all(|given| given.is_sorted() && given.len() <= 3));
        let members = |n| all.iter().filter(|given| given.contains(&AffiliationId::from_bytes([n; 16]))).count();
        assert!(members(1) > 2 * members(2) && members(5) > 0, "{} {}", members(1), members(2));
    }

    #[test]
    fn people_differ_and_come_in_order() {
        let people = people(1000);
        let all: Vec<_> = (0..1000).map(|number| people.one(number).unwrap()).collect();
        assert!(all.is_sorted_by_key(|(user, _)| user.id));
        let addresses: BTreeSet<_> = all.iter().map(|(user, _)| user.email.lookup_key()).collect();
        assert_eq!(addresses.len(), 1000);
        let disabled = all.iter().filter(|(user, _)| !user.is_active()).count();
        let without = all.iter().filter(|(_, password)| password.is_none()).count();
        assert_eq!((disabled, without), (20, 40));
        assert!(all.iter().all(|(user, password)| user.email_verified || password.is_some()));
        let (first, password) = &all[0];
        assert!(first.is_active() && password.is_some(), "the first one signs in");
        assert_eq!(first.email, people.address(0).unwrap());
    }

    #[test]
    fn what_is_drawn_can_be_read_again_and_is_the_same_the_next_time() {
        for number in 0..200 {
            let (user, _) = people(200).one(number).unwrap();
            let read: User = serde_json::from_str(&serde_json::to_string(&user).unwrap()).unwrap();
            assert_eq!(read, user);
            assert_eq!(people(200).one(number).unwrap().0, user);
        }
    }

    #[test]
    fn there_were_fewer_before() {
        let people = people(1000);
        let (from, until) = people.stretch;
        assert_eq!([from, until].map(|at| people.made_before(at)), [1, 1000]);
        let middle = people.made_before(from.plus(DAY * (MADE_OVER / 2)));
        assert!((400..600).contains(&middle), "{middle}");
    }
}
