//! The line of time of an algorithm's keys, drawn to scale: when each was published, when it signed, and when it was still published after that.

use crate::keys::{KeySummary, LONGEST_TOKEN_LIFETIME};
use crate::model::signing_key::KeyState;
use crate::support::Timestamp;

/// How wide the line is.
const WIDTH: i64 = 1000;
/// How high the row of a key is.
const ROW: u32 = 22;
/// Where the present is: what is to come has room after it.
pub(super) const NOW: u32 = 900;

/// A piece of a key's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) class: &'static str,
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
}

/// The line of some keys, a row each.
pub(super) struct TimeLine<'a> {
    keys: &'a [&'a KeySummary],
    now: Timestamp,
    begin: Timestamp,
}

impl<'a> TimeLine<'a> {
    /// That of keys in the order of their rows.
    pub(super) fn of(keys: &'a [&'a KeySummary], now: Timestamp) -> Self {
        let begin = keys.iter().map(|key| key.created_at).min().unwrap_or(now);
        Self { keys, now, begin }
    }

    /// How high it is.
    pub(super) fn height(&self) -> u32 {
        ROW * u32::try_from(self.keys.len()).unwrap_or(1)
    }

    /// The pieces of all lives.
    pub(super) fn bars(&self) -> Vec<Bar> {
        let rows = self.keys.iter().zip(0_u32..);
        rows.flat_map(|(key, row)| self.life(key, row * ROW + (ROW - 14) / 2)).collect()
    }

    /// A key that signs, or waits, goes on to the end of the line.
    fn life(&self, key: &KeySummary, y: u32) -> Vec<Bar> {
        let end = WIDTH;
        let (made, signs, stopped) =
            (self.x(key.created_at), key.activated_at.map(|at| self.x(at)), key.retired_at.map(|at| self.x(at)));
        let published = key.retired_at.map_or(end, |at| self.x(at.plus(LONGEST_TOKEN_LIFETIME)));
        let after = if key.state == KeyState::Retired { published } else { end };
        let piece = |class, from: i64, to: i64| {
            let width = (to - from).max(2);
            let (x, width) = (u32::try_from(from).unwrap_or_default(), u32::try_from(width).unwrap_or(2));
            Bar { class, x, y, width }
        };
        let waited = signs.or(stopped).unwrap_or(end);
        let mut life = vec![piece("waits", made, waited)];
        if let Some(signs) = signs {
            life.push(piece("signs", signs, stopped.unwrap_or(end)));
        }
        if let Some(stopped) = stopped {
            life.push(piece("ends", stopped, after));
        }
        life
    }

    /// Where an instant is on the line.
    fn x(&self, at: Timestamp) -> i64 {
        let whole = i64::try_from(self.now.since(self.begin).as_secs()).unwrap_or(i64::MAX).max(1);
        let part = i64::try_from(at.since(self.begin).as_secs()).unwrap_or(i64::MAX).min(whole);
        part.saturating_mul(i64::from(NOW)) / whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::client::SigningAlgorithm;
    use crate::support::id::KeyId;

    fn key(state: KeyState, made: i64, signs: Option<i64>, stopped: Option<i64>) -> KeySummary {
        let at = Timestamp::from_seconds;
        KeySummary {
            id: KeyId::from_bytes([1; 16]),
            algorithm: SigningAlgorithm::ES256,
            state,
            created_at: at(made),
            activated_at: signs.map(at),
            retired_at: stopped.map(at),
        }
    }

    #[test]
    fn a_life_is_drawn_to_scale_up_to_now_and_goes_on_while_the_key_lives() {
        let (next, active) = (key(KeyState::Next, 90, None, None), key(KeyState::Active, 10, Some(50), None));
        let retired = key(KeyState::Retired, 0, Some(10), Some(50));
        let keys = [&next, &active, &retired];
        let line = TimeLine::of(&keys, Timestamp::from_seconds(100));
        let bars: Vec<(&str, u32, u32)> = line.bars().iter().map(|bar| (bar.class, bar.x, bar.width)).collect();
        assert_eq!(
            bars,
            [
                ("waits", 810, 190),
                ("waits", 90, 360),
                ("signs", 450, 550),
                ("waits", 0, 90),
                ("signs", 90, 360),
                ("ends", 450, 450)
            ]
        );
        assert_eq!(line.height(), 66);
    }

    #[test]
    fn keys_that_were_just_made_have_a_line_too() {
        let fresh = key(KeyState::Active, 5, Some(5), None);
        let keys = [&fresh];
        let bars = TimeLine::of(&keys, Timestamp::from_seconds(5)).bars();
        assert!(bars.iter().all(|bar| bar.x + bar.width <= 1002 && bar.width >= 2), "{bars:?}");
        assert!(TimeLine::of(&[], Timestamp::from_seconds(5)).bars().is_empty());
    }
}
