//! Rows of jobs, one for each address, and whose turn it is: the turns go round the addresses, of which a site has a few in the round.
//!
//! One IPv6 site has as many addresses as it likes. Where more of them wait than it may have in the round they take turns for its places there, so that a neighbour with a
//! single address waits for a few of them and not for all.

use std::collections::{HashMap, VecDeque};

use crate::support::network::Network;

/// How many turns a site has in each round: as many times those of an address as it has of the places.
const OF_SITE: usize = 3;

/// An address as it counts; none for those who administer.
pub(super) type Row = Option<Network>;

/// Jobs in rows.
#[derive(Debug)]
pub(super) struct Rows<J> {
    by_address: HashMap<Row, VecDeque<J>>,
    turns: Turns,
    standing: usize,
}

impl<J> Default for Rows<J> {
    fn default() -> Self {
        Self { by_address: HashMap::new(), turns: Turns::default(), standing: 0 }
    }
}

impl<J> Rows<J> {
    /// How many jobs stand in them.
    pub(super) const fn standing(&self) -> usize {
        self.standing
    }

    /// Puts a job at the end of a row.
    pub(super) fn push(&mut self, name: Row, job: J) {
        let row = self.by_address.entry(name).or_default();
        if row.is_empty() {
            self.turns.add(name);
        }
        row.push_back(job);
        self.standing += 1;
    }

    /// The job whose turn it is, which stays.
    pub(super) fn first(&self) -> Option<&J> {
        self.by_address.get(&self.turns.first()?)?.front()
    }

    /// Takes out the job whose turn it is.
    pub(super) fn next(&mut self) -> Option<J> {
        let name = self.turns.next()?;
        let row = self.by_address.get_mut(&name)?;
        let next = row.pop_front();
        if row.is_empty() {
            self.by_address.remove(&name);
        } else {
            self.turns.add(name);
        }
        self.standing -= usize::from(next.is_some());
        next
    }

    /// Takes out whichever is not to stay, and answers with them.
    pub(super) fn retain(&mut self, stays: impl Fn(&J) -> bool) -> Vec<J> {
        let mut left = Vec::new();
        for row in self.by_address.values_mut() {
            let (stay, go): (VecDeque<_>, VecDeque<_>) = row.drain(..).partition(&stays);
            *row = stay;
            left.extend(go);
        }
        self.by_address.retain(|_, row| !row.is_empty());
        self.turns.retain(|name| self.by_address.contains_key(name));
        self.standing -= left.len();
        left
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.by_address.is_empty() && self.turns.is_empty()
    }
}

/// The rows that are not empty, in the order of their turns.
#[derive(Debug, Default)]
struct Turns {
    round: VecDeque<Row>,
    sites: HashMap<Row, Site>,
}

#[derive(Debug, Default)]
struct Site {
    in_round: usize,
    /// Those that have no place in the round yet.
    behind: VecDeque<Row>,
}

fn site_of(row: Row) -> Row {
    row.map(|network| Network::site(network.begin()))
}

impl Turns {
    /// Puts a row in that is not empty any more, or still, after its turn.
    fn add(&mut self, row: Row) {
        let site = self.sites.entry(site_of(row)).or_default();
        if site.in_round < OF_SITE {
            site.in_round += 1;
            self.round.push_back(row);
        } else {
            site.behind.push_back(row);
        }
    }

    /// The row whose turn it is.
    fn first(&self) -> Option<Row> {
        self.round.front().copied()
    }

    /// Takes out the row whose turn it is. Another one of its site has its place in the round then.
    fn next(&mut self) -> Option<Row> {
        let row = self.round.pop_front()?;
        let name = site_of(row);
        if let Some(site) = self.sites.get_mut(&name) {
            match site.behind.pop_front() {
                Some(other) => self.round.push_back(other),
                None => site.in_round -= 1,
            }
            if site.in_round == 0 {
                self.sites.remove(&name);
            }
        }
        Some(row)
    }

    /// Takes out whichever is not to stay.
    fn retain(&mut self, stays: impl Fn(&Row) -> bool) {
        let Self { round, sites } = std::mem::take(self);
        let behind = sites.into_values().flat_map(|site| site.behind);
        for row in round.into_iter().chain(behind).filter(stays) {
            self.add(row);
        }
    }

    #[cfg(test)]
    fn is_empty(&self) -> bool {
        self.round.is_empty() && self.sites.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::unnecessary_wraps, reason = "a row of those who administer has no address")]
    fn row(address: &str) -> Row {
        Some(Network::subscriber(address.parse().unwrap()))
    }

    /// The place of each turn of a row, while all rows ask again at once.
    fn turns_of(turns: &mut Turns, row: Row) -> Vec<usize> {
        let mut had = Vec::new();
        for turn in 0..40 {
            let next = turns.next().unwrap();
            had.extend((next == row).then_some(turn));
            turns.add(next);
        }
        had
    }

    #[test]
    fn forty_addresses_of_one_site_leave_others_every_fourth_turn() {
        let mut turns = Turns::default();
        for n in 0..40 {
            // Each of another /56 of the same /48.
            turns.add(row(&format!("2001:db8:1:{n:02x}00::1")));
        }
        turns.add(row("192.0.2.1"));
        assert_eq!(turns_of(&mut turns, row("192.0.2.1")), [3, 7, 11, 15, 19, 23, 27, 31, 35, 39]);
        let of_site: Vec<Vec<usize>> =
            (0..40).map(|n| turns_of(&mut turns, row(&format!("2001:db8:1:{n:02x}00::1")))).collect();
        assert!(of_site.iter().all(|had| (0..=1).contains(&had.len())), "they take turns themselves: {of_site:?}");
    }

    #[test]
    fn whoever_goes_leaves_nothing_behind() {
        let mut turns = Turns::default();
        for n in 0..9 {
            turns.add(row(&format!("2001:db8:1:{n:02x}00::1")));
        }
        turns.retain(|other| *other != row("2001:db8:1:0::1") && *other != row("2001:db8:1:800::1"));
        for n in 1..8 {
            assert_eq!(turns.next(), Some(row(&format!("2001:db8:1:{n:02x}00::1"))));
        }
        assert!(turns.is_empty() && turns.next().is_none());
        assert!(turns.is_empty());
    }
}
