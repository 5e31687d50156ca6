//! Making one kind of thing after the other, some at a time, and saying how far it is.

use std::time::Duration;

use super::SeedRejected;
use crate::store::{Batch, Filling, SealedChain};
use crate::support::Clock;

/// How many things are made, and written, at a time: about a megabyte.
const AT_ONCE: u64 = 2_000;

/// How far one kind of thing is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// What is being made.
    pub what: &'static str,
    /// How many there are.
    pub done: u64,
    /// How many there will be.
    pub of: u64,
}

/// What a kind of thing took.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What was made.
    pub what: &'static str,
    /// How many.
    pub count: u64,
    /// How long it took.
    pub took: Duration,
}

/// A database that is being filled.
pub(super) struct Making<'a> {
    pub(super) filling: Box<dyn Filling>,
    pub(super) clock: &'a dyn Clock,
    pub(super) told: &'a mut dyn FnMut(Progress),
    pub(super) steps: Vec<Step>,
}

impl Making<'_> {
    /// Makes all of a kind: each by its number, in their order.
    pub(super) async fn all<T>(
        &mut self,
        what: &'static str,
        count: u64,
        mut make: impl FnMut(u64) -> Result<T, SeedRejected>,
        batch: fn(Vec<T>) -> Batch,
    ) -> Result<(), SeedRejected> {
        let (began, mut done) = (self.clock.now(), 0);
        while done < count {
            let until = count.min(done + AT_ONCE);
            let made = (done..until).map(&mut make).collect::<Result<Vec<T>, SeedRejected>>()?;
            self.filling.add(batch(made)).await?;
            done = until;
            (self.told)(Progress { what, done, of: count });
        }
        self.steps.push(Step { what, count, took: self.clock.now().since(began) });
        Ok(())
    }

    /// Commits all of it, with the chain of the audit log as it is then; answers what took how long.
    pub(super) async fn commit(self, was: &SealedChain, is: &SealedChain) -> Result<Vec<Step>, SeedRejected> {
        let Self { filling, clock, mut steps, .. } = self;
        let began = clock.now();
        if !filling.commit(was, is).await? {
            return Err(SeedRejected::Moved);
        }
        steps.push(Step { what: "indexes and the commit", count: 1, took: clock.now().since(began) });
        Ok(steps)
    }
}
