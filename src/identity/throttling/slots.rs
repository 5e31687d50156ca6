//! The few tries that there are in any day: each takes one of as many slots, for exactly a day from then on.
//!
//! A window that begins at midnight has twice its tries around midnight; slots have no such edge, whenever the day begins. A slot is a counter whose window begins with its
//! first hit: who hits it first has it, of many at once, on whichever node. Refused tries take none, so nobody prolongs another's wait by trying on.

use std::time::Duration;

use super::counters::Counters;
use super::policy::Window;
use crate::support::{Digest, Timestamp};

/// A slot that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(Digest);

/// What came of asking for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// There was one. As many are taken now, at least.
    Taken(Slot, u32),
    /// All are taken: the next one is free by then.
    Full(Duration),
    /// The store is away, and who has one is not known.
    Unknown,
}

impl Counters {
    /// Takes one of so many slots.
    pub(super) async fn take_slot(&self, (what, value): (&str, &str), many: u32, now: Timestamp) -> Asked {
        for nth in 1..=many {
            let slot = slot(what, value, nth);
            // Who tries on and on is looked at, and writes nothing.
            if self.seen(slot.0, now).await > 0 {
                continue;
            }
            match self.note(slot.0, Window::DAY.length(), now).await {
                Some(1) => return Asked::Taken(slot, nth),
                Some(_) => {}
                None => return Asked::Unknown,
            }
        }
        let mut soonest = Window::DAY.length();
        for nth in 1..=many {
            soonest = soonest.min(self.left(slot(what, value, nth).0, now).await.unwrap_or(soonest));
        }
        Asked::Full(soonest.max(Duration::from_secs(1)))
    }

    /// How many of so many slots are taken, as far as is known.
    pub(super) async fn taken_slots(&self, (what, value): (&str, &str), many: u32, now: Timestamp) -> u32 {
        let slots = (1..=many).map(|nth| self.seen(slot(what, value, nth).0, now));
        let seen = futures_util::future::join_all(slots).await;
        u32::try_from(seen.into_iter().filter(|count| *count > 0).count()).unwrap_or(many)
    }

    /// Gives a slot back: what it was taken for was right, or was not done. Nobody else has it meanwhile.
    pub(super) async fn free(&self, slot: &Slot) {
        self.forget(slot.0).await;
    }
}

fn slot(what: &str, value: &str, nth: u32) -> Slot {
    Slot(Digest::of("throttle slot", format!("{what}\0{nth}\0{value}").as_bytes()))
}
