//! The line before the threads that hash: who may stand in it, and whose turn it is.
//!
//! Places are counted for each account and for each network from the moment they are promised until their job is done, whether the password is right or not. How many an address may
//! have depends on what is free: alone it may fill half of the line, and the more others are in it, the less. So nobody takes the last places by being fast, and many people
//! behind one address get in while nobody else asks. Turns go round the addresses ([`Rows`]), so that a long row of one of them is not in anybody's way. Jobs that
//! have to wait for memory stand in rows of their own, and keep nobody waiting who needs none.
//!
//! Owns those rules. Knows nothing of hashing, threads or time, nor how much memory there is.

use std::collections::HashMap;
use std::net::IpAddr;

use super::turns::{Row, Rows};
use crate::model::user::EmailAddress;
use crate::support::Digest;
use crate::support::network::Network;

/// Places that one account has at one address.
const OF_ACCOUNT_AT_ADDRESS: usize = 2;
/// The part of what is free that one account may have from everywhere, beyond its first place at each address: that one nobody elsewhere takes from its owner, and
/// who wants them all needs as many addresses as there are places.
const PART_OF_ACCOUNT: usize = 4;
/// The part of what is free that those who administer may have together: programs of theirs make many accounts at once.
const PART_OF_OPERATORS: usize = 2;
/// Places that they have however little is free.
const OF_OPERATORS: usize = 2;

/// Who asks for a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// What was typed as the account's name, whether there is one or not.
    account: Option<Digest>,
    address: Option<IpAddr>,
}

impl Asker {
    /// Somebody at an address who typed a name.
    pub fn new(typed: &str, address: IpAddr) -> Self {
        let name = EmailAddress::parse(typed).map_or_else(|_| typed.trim().to_lowercase(), |email| email.lookup_key());
        Self { account: Some(Digest::of("asks for a hash", name.as_bytes())), address: Some(address.to_canonical()) }
    }

    /// Who administers the server, and has proved that.
    pub const fn operator() -> Self {
        Self { account: None, address: None }
    }

    /// Where it stands in the line.
    fn row(&self) -> Row {
        self.address.map(Network::subscriber)
    }

    fn holders(&self) -> Vec<Holder> {
        let (account, address) = (self.account, self.address);
        let mut holders: Vec<Holder> = account.map(Holder::Account).into_iter().collect();
        if address.is_none() {
            holders.push(Holder::Operators);
        }
        if let Some(address) = address {
            let own = Network::subscriber(address);
            holders.extend(account.map(|account| Holder::AccountAt(account, own)));
            let all = std::iter::once(own).chain(Network::wider(address));
            holders.extend(all.zip(1..).map(|(network, times)| Holder::Network(network, times)));
        }
        holders
    }
}

/// What places are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Holder {
    Account(Digest),
    AccountAt(Digest, Network),
    Operators,
    /// A network, and how many times what is free it may have: the wider, the more.
    Network(Network, usize),
}

impl Holder {
    /// Whether one that has so many places may have one more while so many are free.
    fn may_have(self, held: usize, free: usize) -> bool {
        held < match self {
            Self::Account(_) => OF_ACCOUNT_AT_ADDRESS.max(free / PART_OF_ACCOUNT),
            Self::AccountAt(..) => OF_ACCOUNT_AT_ADDRESS,
            Self::Operators => OF_OPERATORS.max(free / PART_OF_OPERATORS),
            Self::Network(_, times) => free.saturating_mul(times),
        }
    }
}

/// The line.
#[derive(Debug)]
pub(super) struct Line<J> {
    /// Jobs that every thread has the memory for.
    usual: Rows<(Asker, J)>,
    /// Jobs that need more.
    large: Rows<(Asker, J)>,
    /// Whether the last turn was of one that needs more.
    was_large: bool,
    /// Places by holder: those promised, those in a row, and those of jobs that are being done.
    held: HashMap<Holder, usize>,
}

impl<J> Default for Line<J> {
    fn default() -> Self {
        Self { usual: Rows::default(), large: Rows::default(), was_large: false, held: HashMap::new() }
    }
}

impl<J> Line<J> {
    /// How many jobs stand in it.
    pub(super) const fn standing(&self) -> usize {
        self.usual.standing() + self.large.standing()
    }

    /// Whether somebody may have one more place while so many are free.
    pub(super) fn may_have(&self, asker: &Asker, free: usize) -> bool {
        let held = |holder: &Holder| self.held.get(holder).copied().unwrap_or(0);
        let holders = asker.holders();
        // What is asked for the account elsewhere, by whomever, is none of its owner's here.
        let first_here = holders.iter().any(|holder| matches!(holder, Holder::AccountAt(..)) && held(holder) == 0);
        let mut asked = holders.iter().filter(|holder| !(first_here && matches!(holder, Holder::Account(_))));
        free > 0 && asked.all(|holder| holder.may_have(held(holder), free))
    }

    /// Promises a place.
    pub(super) fn hold(&mut self, asker: &Asker) {
        for holder in asker.holders() {
            *self.held.entry(holder).or_default() += 1;
        }
    }

    /// Takes a place back that was promised, or whose job is done.
    pub(super) fn release(&mut self, asker: &Asker) {
        for holder in asker.holders() {
            if let Some(held) = self.held.get_mut(&holder) {
                *held -= 1;
                if *held == 0 {
                    self.held.remove(&holder);
                }
            }
        }
    }

    /// Puts a job into the place that was promised for it.
    pub(super) fn push(&mut self, asker: Asker, job: J) {
        self.usual.push(asker.row(), (asker, job));
    }

    /// The same for a job that needs more memory than a thread has.
    pub(super) fn push_large(&mut self, asker: Asker, job: J) {
        self.large.push(asker.row(), (asker, job));
    }

    /// The job whose turn it is: every second turn is of one that needs more memory, where there is enough for it. Its place is held until it is
    /// [released](Self::release).
    pub(super) fn next(&mut self, has_memory: impl FnOnce(&J) -> bool) -> Option<(Asker, J)> {
        let is_ready = self.large.first().is_some_and(|(_, job)| has_memory(job));
        self.was_large = is_ready && (self.usual.standing() == 0 || !self.was_large);
        if self.was_large { self.large.next() } else { self.usual.next() }
    }

    /// Sends home whoever is not to stay.
    pub(super) fn retain(&mut self, stays: impl Fn(&J) -> bool) {
        let mut left = self.usual.retain(|(_, job)| stays(job));
        left.extend(self.large.retain(|(_, job)| stays(job)));
        for (asker, _) in &left {
            self.release(asker);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: usize = 32;

    fn asker(name: &str, address: &str) -> Asker {
        Asker::new(name, address.parse().unwrap())
    }

    /// Lets each ask in turn until none gets another place; answers how many each has.
    fn greedy(askers: &[Asker], room: usize) -> Vec<usize> {
        let (mut line, mut got) = (Line::<()>::default(), vec![0; askers.len()]);
        loop {
            let before: usize = got.iter().sum();
            for (asker, got) in askers.iter().zip(&mut got) {
                if line.may_have(asker, room - line.standing()) {
                    line.hold(asker);
                    line.push(asker.clone(), ());
                    *got += 1;
                }
            }
            if got.iter().sum::<usize>() == before {
                return got;
            }
        }
    }

    #[test]
    fn one_account_has_two_places_at_an_address_and_a_part_of_the_line_beyond_the_first_of_each() {
        assert_eq!(greedy(&[asker("kim@example.com", "192.0.2.1")], ROOM), [2]);
        let spellings = ["kim@example.com", " Kim@Example.COM "].map(|name| asker(name, "192.0.2.1"));
        assert_eq!(greedy(&spellings, ROOM).iter().sum::<usize>(), 2);
        let everywhere: Vec<Asker> = (0..50).map(|n| asker("kim@example.com", &format!("10.0.{n}.1"))).collect();
        let got = greedy(&everywhere, ROOM);
        assert_eq!(got.iter().sum::<usize>(), ROOM, "as many addresses as there are places");
        assert!(got.iter().all(|got| *got <= 1), "{got:?}");
        let few = greedy(&everywhere[..4], ROOM);
        assert!((5..ROOM / PART_OF_ACCOUNT).contains(&few.iter().sum::<usize>()), "{few:?}");
    }

    #[test]
    fn an_owner_finds_a_place_while_strangers_keep_the_account_busy() {
        let mut line = Line::<()>::default();
        let mut take = |address: &str, free| {
            let asker = asker("kim@example.com", address);
            let may = line.may_have(&asker, free);
            if may {
                line.hold(&asker);
            }
            may
        };
        for n in 0..4 {
            assert!(take(&format!("10.0.{n}.1"), 4));
        }
        assert!(!take("10.0.0.1", 4), "a second one is of the account's share");
        assert!(take("203.0.113.5", 1) && !take("203.0.113.5", 4), "the owner's, as long as there is one");
        assert!(!take("203.0.113.6", 0));
    }

    #[test]
    fn an_address_alone_fills_half_of_the_line_and_others_find_room() {
        let many = |address: &str| (0..100).map(|n| asker(&format!("p{n}@example.com"), address)).collect::<Vec<_>>();
        let alone: usize = greedy(&many("192.0.2.1"), ROOM).iter().sum();
        assert_eq!(alone, ROOM / 2);
        for [one, other] in [["192.0.2.1", "198.51.100.1"], ["2001:db8::1", "2001:db8:1::1"]] {
            let got: usize = greedy(&[many(one), many(other)].concat(), ROOM).iter().sum();
            // The second one has half of what the first one left.
            assert_eq!(got, ROOM * 3 / 4);
        }
    }

    #[test]
    fn a_network_takes_more_than_an_address_and_leaves_room_too() {
        let v4: Vec<Asker> = (0..100).map(|n| asker(&format!("p{n}@example.com"), &format!("192.0.2.{n}"))).collect();
        let got: usize = greedy(&v4, ROOM).iter().sum();
        assert!((ROOM / 2 + 1..=ROOM * 2 / 3 + 1).contains(&got), "{got}");
        for (form, most) in [("2001:db8:1:", ROOM * 2 / 3 + 1), ("2001:db8:1:1", ROOM * 3 / 4)] {
            let site: Vec<Asker> =
                (10..90).map(|n| asker(&format!("p{n}@example.com"), &format!("{form}{n:02}::1"))).collect();
            let got: usize = greedy(&site, ROOM).iter().sum();
            assert!((ROOM / 2 + 1..=most).contains(&got), "{form} {got}");
        }
    }

    #[test]
    fn whoever_administers_leaves_room_for_everybody_else() {
        let (mut line, operator) = (Line::<()>::default(), Asker::operator());
        assert!(line.may_have(&operator, 1) && !line.may_have(&operator, 0));
        line.hold(&operator);
        assert!(line.may_have(&operator, 1), "two, however little is free");
        line.release(&operator);
        assert!(line.held.is_empty());
        let got = greedy(&[operator], ROOM)[0];
        assert!((ROOM / 3..=ROOM / 2).contains(&got), "{got}");
    }

    #[test]
    fn turns_go_round_the_addresses() {
        let mut line = Line::default();
        for (asker, job) in [("192.0.2.1", 1), ("192.0.2.1", 2), ("192.0.2.1", 3), ("192.0.2.2", 4), ("192.0.2.2", 5)] {
            line.push(self::asker("kim@example.com", asker), job);
        }
        let order: Vec<i32> = std::iter::from_fn(|| line.next(|_| true).map(|(_, job)| job)).collect();
        assert_eq!(order, [1, 4, 2, 5, 3]);
        assert_eq!(line.standing(), 0);
    }

    #[test]
    fn what_waits_for_memory_keeps_nobody_waiting_and_has_every_second_turn_once_there_is_some() {
        let (mut line, asker) = (Line::default(), asker("kim@example.com", "192.0.2.1"));
        for job in [1, 2, 3, 4] {
            line.push_large(asker.clone(), 10 * job);
            line.push(asker.clone(), job);
        }
        let mut next = |has_memory| line.next(|_| has_memory).map(|(_, job)| job);
        assert_eq!([next(false), next(false)], [Some(1), Some(2)]);
        let order: Vec<i32> = std::iter::from_fn(|| next(true)).collect();
        assert_eq!(order, [10, 3, 20, 4, 30, 40]);
        line.push_large(asker, 50);
        assert!(line.next(|job| *job < 50).is_none());
        assert_eq!(line.standing(), 1);
    }

    #[test]
    fn what_is_given_back_leaves_nothing_behind() {
        let (mut line, asker) = (Line::default(), asker("kim@example.com", "2001:db8::1"));
        for job in 0..4 {
            line.hold(&asker);
            line.push(asker.clone(), job);
            line.hold(&asker);
            line.push_large(asker.clone(), job);
        }
        line.retain(|job| job % 2 == 0);
        assert_eq!(line.standing(), 4);
        while let Some((asker, _)) = line.next(|_| true) {
            line.release(&asker);
        }
        assert!(line.held.is_empty() && line.usual.is_empty() && line.large.is_empty());
    }
}
