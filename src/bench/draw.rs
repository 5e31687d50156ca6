//! What is drawn: always the same for the same seed and number, whatever was drawn before.

use std::time::Duration;

use crate::support::{Random, SeededRandom, Timestamp, random};

/// What something is drawn for, so that two things of one number have nothing in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    PersonsId = 1,
    Person,
    App,
    Pair,
    Grant,
    Entry,
    Affiliations,
    Mail,
    Refusal,
}

/// What is drawn for one thing.
#[derive(Debug)]
pub(super) struct Draw(SeededRandom);

impl Draw {
    /// What is drawn for this one.
    pub(super) fn of(seed: u64, what: For, number: u64) -> Self {
        Self(SeededRandom::new(mixed(mixed(mixed(seed) ^ what as u64) ^ number)))
    }

    /// Chance, for those who take it as an argument.
    pub(super) fn chance(&self) -> &dyn Random {
        &self.0
    }

    /// A number below this one.
    pub(super) fn below(&self, limit: u64) -> u64 {
        u64::from_le_bytes(random::bytes(&self.0)) % limit.max(1)
    }

    /// Whether it is the one in so many.
    pub(super) fn is_one_in(&self, many: u64) -> bool {
        self.below(many) == 0
    }

    /// One of these.
    pub(super) fn one_of<T: Copy>(&self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap_or(0)]
    }

    /// An instant between two.
    pub(super) fn between(&self, from: Timestamp, until: Timestamp) -> Timestamp {
        let span = u64::try_from(until.since(from).as_millis()).unwrap_or(u64::MAX);
        from.plus(Duration::from_millis(self.below(span)))
    }
}

/// The instant of one of `count` things that are spread evenly over a stretch of time, in their order.
pub(super) fn spread((from, until): (Timestamp, Timestamp), number: u64, count: u64) -> Timestamp {
    let millis = until.since(from).as_millis() * u128::from(number) / u128::from(count.max(1));
    from.plus(Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)))
}

/// A number every bit of which depends on every bit of another: the mixer of `SplitMix64`.
const fn mixed(number: u64) -> u64 {
    let a = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let b = (a ^ (a >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let c = (b ^ (b >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    c ^ (c >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_drawn_for_the_same_thing_and_another_for_another() {
        let drawn = |seed, what, number| Draw::of(seed, what, number).below(u64::MAX);
        assert_eq!(drawn(1, For::Person, 7), drawn(1, For::Person, 7));
        let others = [drawn(2, For::Person, 7), drawn(1, For::PersonsId, 7), drawn(1, For::Person, 8)];
        assert!(others.iter().all(|other| *other != drawn(1, For::Person, 7)));
    }

    #[test]
    fn instants_are_in_order_and_within_their_stretch() {
        let (from, until) = (Timestamp::from_seconds(100), Timestamp::from_seconds(200));
        let all: Vec<_> = (0..7).map(|number| spread((from, until), number, 7)).collect();
        assert!(all.is_sorted() && all[0] == from && all[6] < until, "{all:?}");
        let drawn = Draw::of(1, For::Entry, 1).between(from, until);
        assert!(from <= drawn && drawn < until);
    }
}
