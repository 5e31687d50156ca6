//! Counting what happens, for the overview: in memory first, and written a few seconds later, so that no request waits for it and none costs a statement.
//!
//! Owns what a node has counted and not written, which is bounded, and which clients are counted one by one. A node that is lost takes the counts of a few
//! seconds along. Leaves what there is to count to `model`, adding up what several nodes counted to the store, and when to write to `app`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::model::client::ClientId;
use crate::model::count::{Count, Counted, Resolution};
use crate::model::sketch::Sketch;
use crate::store::{CountStore, StoreResult};
use crate::support::id::UserId;
use crate::support::{Clock, Digest, Timestamp};

/// How often a node writes what it counted.
pub const WRITE_EVERY: Duration = Duration::from_secs(3);

/// How many clients a node counts one by one within an hour: the rest are counted together.
const CLIENTS: usize = 100;
/// How many different things wait to be written at most, where the store is away: what comes besides is not counted.
const WAITING: usize = 20_000;
/// How many days of accounts wait likewise.
const DAYS: usize = 7;

/// Counts.
pub struct Counts {
    store: Arc<dyn CountStore>,
    clock: Arc<dyn Clock>,
    gathered: Mutex<Gathered>,
    /// Held while writing, so that who waits for what was counted waits for it all.
    writing: tokio::sync::Mutex<()>,
}

/// What was counted and not written.
#[derive(Default)]
struct Gathered {
    /// By the beginning of the hour.
    counts: HashMap<(Timestamp, Counted), u64>,
    /// By the beginning of the day.
    active: BTreeMap<Timestamp, Sketch>,
    /// The clients that are counted one by one in an hour, and which hour it is.
    clients: Option<(Timestamp, HashSet<ClientId>)>,
}

impl Counts {
    /// Counts into this store.
    pub fn new(store: Arc<dyn CountStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, gathered: Mutex::default(), writing: tokio::sync::Mutex::default() }
    }

    /// Counts something that happens now.
    pub fn note(&self, what: Counted) {
        let hour = Resolution::Hour.begin(self.clock.now());
        let mut gathered = self.gathered();
        let what = gathered.bounded(hour, what);
        gathered.add(hour, what, 1);
    }

    /// Notes that an account is active today.
    pub fn active(&self, user: UserId) {
        let day = Resolution::Day.begin(self.clock.now());
        let mut gathered = self.gathered();
        if let Some(sketch) = gathered.of_day(day) {
            sketch.see(&Digest::of("active", user.as_bytes()));
        }
    }

    /// Writes what was counted. What cannot be written waits for the next time.
    pub async fn write(&self) -> StoreResult<()> {
        let _one_at_a_time = self.writing.lock().await;
        let (counts, active) = {
            let mut gathered = self.gathered();
            (std::mem::take(&mut gathered.counts), std::mem::take(&mut gathered.active))
        };
        if let Err(error) = self.store.add(by_resolution(&counts)).await {
            let mut gathered = self.gathered();
            for ((hour, what), count) in counts {
                gathered.add(hour, what, count);
            }
            gathered.see_again(active);
            return Err(error);
        }
        let mut left = active;
        while let Some((day, sketch)) = left.pop_first() {
            if let Err(error) = self.store.see_active(day, &sketch).await {
                left.insert(day, sketch);
                self.gathered().see_again(left);
                return Err(error);
            }
        }
        Ok(())
    }

    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gathered {
    /// The same without the name of a client that is one too many.
    fn bounded(&mut self, hour: Timestamp, what: Counted) -> Counted {
        let Counted::Tokens(grant, Some(client)) = what else { return what };
        let (_, clients) = match &mut self.clients {
            Some(current) if current.0 == hour => current,
            other => other.insert((hour, HashSet::new())),
        };
        if !clients.contains(&client) && clients.len() >= CLIENTS {
            return Counted::Tokens(grant, None);
        }
        clients.insert(client.clone());
        Counted::Tokens(grant, Some(client))
    }

    fn add(&mut self, hour: Timestamp, what: Counted, count: u64) {
        let room = self.counts.len() < WAITING;
        match self.counts.get_mut(&(hour, what.clone())) {
            Some(before) => *before += count,
            None if room => drop(self.counts.insert((hour, what), count)),
            None => {}
        }
    }

    fn of_day(&mut self, day: Timestamp) -> Option<&mut Sketch> {
        let room = self.active.len() < DAYS || self.active.contains_key(&day);
        room.then(|| self.active.entry(day).or_insert_with(Sketch::empty))
    }

    fn see_again(&mut self, active: BTreeMap<Timestamp, Sketch>) {
        for (day, sketch) in active {
            if let Some(seen) = self.of_day(day) {
                seen.merge(&sketch);
            }
        }
    }
}

/// What was counted by the hour, by the hour and by the day.
fn by_resolution(hours: &HashMap<(Timestamp, Counted), u64>) -> Vec<Count> {
    let mut counts: HashMap<(Resolution, Timestamp, &Counted), u64> = HashMap::new();
    for ((hour, what), count) in hours {
        for resolution in Resolution::ALL {
            *counts.entry((resolution, resolution.begin(*hour), what)).or_default() += count;
        }
    }
    let count = |((resolution, begins_at, what), count): ((Resolution, Timestamp, &Counted), u64)| Count {
        resolution,
        begins_at,
        what: what.clone(),
        count,
    };
    counts.into_iter().map(count).collect()
}

impl std::fmt::Debug for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Counts").finish_non_exhaustive()
    }
}

/// A store that keeps nothing.
#[cfg(test)]
struct Nowhere;

#[cfg(test)]
#[async_trait::async_trait]
impl CountStore for Nowhere {
    async fn add(&self, _: Vec<Count>) -> StoreResult<()> {
        Ok(())
    }

    async fn read(
        &self,
        _: crate::model::count::Measure,
        _: Resolution,
        _: Timestamp,
        _: Timestamp,
    ) -> StoreResult<Vec<Count>> {
        Ok(Vec::new())
    }

    async fn see_active(&self, _: Timestamp, _: &Sketch) -> StoreResult<()> {
        Ok(())
    }

    async fn active(&self, _: Timestamp, _: Timestamp) -> StoreResult<Vec<(Timestamp, Sketch)>> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
impl Counts {
    /// For tests of what counts besides.
    pub(crate) fn nowhere() -> Self {
        Self::new(Arc::new(Nowhere), Arc::new(crate::support::ManualClock::new(Timestamp::from_seconds(0))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::grant_type::GrantType;

    #[test]
    fn clients_beyond_so_many_are_counted_together_until_the_next_hour() {
        let mut gathered = Gathered::default();
        let hour = Timestamp::from_seconds(3600);
        let issued = |n: usize| Counted::Tokens(GrantType::RefreshToken, ClientId::parse(&format!("app{n}")).ok());
        for n in 0..CLIENTS {
            assert_eq!(gathered.bounded(hour, issued(n)), issued(n));
        }
        let others = Counted::Tokens(GrantType::RefreshToken, None);
        assert_eq!(gathered.bounded(hour, issued(CLIENTS)), others);
        assert_eq!(gathered.bounded(hour, issued(0)), issued(0), "who is counted stays so");
        let later = Timestamp::from_seconds(7200);
        assert_eq!(gathered.bounded(later, issued(CLIENTS)), issued(CLIENTS));
    }
}
