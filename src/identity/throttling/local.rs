//! Counters of this process, for when the store's are away: bounded memory, never too low a count.

use std::sync::{Mutex, PoisonError};

use crate::support::{Digest, Timestamp};

const ROWS: usize = 4;
const CELLS: usize = 1 << 14;
/// Every window's length divides this, so no counter outlives its window by being cleared with the others.
const EPOCH_SECONDS: i64 = 3600;

/// A count-min sketch: each key has one cell in each row, and counts what the lowest of them shows. Keys that share cells make each
/// other's counts too high, never too low, however many keys a stranger invents.
#[derive(Debug, Default)]
pub(super) struct LocalCounters(Mutex<Sketch>);

#[derive(Debug, Default)]
struct Sketch {
    epoch: i64,
    /// Empty until the first count: most processes never need it.
    cells: Vec<u32>,
}

impl LocalCounters {
    /// Counts one more event and answers how many there were.
    pub(super) fn hit(&self, key: &Digest, now: Timestamp) -> u32 {
        let mut sketch = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sketch.turn(now);
        let places = places(key);
        let count = sketch.lowest(&places).saturating_add(1);
        for place in places {
            let cell = &mut sketch.cells[place];
            *cell = count.max(*cell);
        }
        count
    }

    /// How many events there were.
    pub(super) fn count(&self, key: &Digest, now: Timestamp) -> u32 {
        let mut sketch = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sketch.turn(now);
        sketch.lowest(&places(key))
    }
}

impl Sketch {
    fn turn(&mut self, now: Timestamp) {
        let epoch = now.seconds().div_euclid(EPOCH_SECONDS);
        if self.cells.is_empty() || self.epoch != epoch {
            self.cells.clear();
            self.cells.resize(ROWS * CELLS, 0);
            self.epoch = epoch;
        }
    }

    fn lowest(&self, places: &[usize; ROWS]) -> u32 {
        places.iter().map(|place| self.cells[*place]).min().unwrap_or(0)
    }
}

/// One cell a row, from different bytes of the digest.
fn places(key: &Digest) -> [usize; ROWS] {
    let bytes = key.as_bytes();
    std::array::from_fn(|row| {
        let hash = usize::from(u16::from_le_bytes([bytes[row * 2], bytes[row * 2 + 1]]));
        row * CELLS + hash % CELLS
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u32) -> Digest {
        Digest::of("test", &number.to_le_bytes())
    }

    #[test]
    fn counts_each_key_and_forgets_with_the_hour() {
        let counters = LocalCounters::default();
        let now = Timestamp::from_seconds(10);
        assert_eq!((counters.hit(&key(1), now), counters.hit(&key(1), now), counters.hit(&key(2), now)), (1, 2, 1));
        assert_eq!(counters.count(&key(1), now), 2);
        assert_eq!(counters.count(&key(1), Timestamp::from_seconds(3601)), 0);
    }

    #[test]
    fn never_counts_too_low_however_many_keys() {
        let counters = LocalCounters::default();
        let now = Timestamp::from_seconds(10);
        for number in 0..50_000 {
            counters.hit(&key(number), now);
        }
        assert!((0..50_000).all(|number| counters.count(&key(number), now) >= 1));
    }
}
