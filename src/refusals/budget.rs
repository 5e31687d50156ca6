//! How many refusals a minute may bring into the log, so that no stranger fills a disk with them.
//!
//! A client, all callers of no registered client together, and pages that belong to none have a number of lines each; of lines that say the
//! same, a few. The first of each kind has a line whatever there was before: a caller that knows a client's id can use its lines up, and no problem of
//! another kind is to be missed for that. What is left out is counted. In memory, on this node, and bounded itself.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::Seen;
use crate::support::Timestamp;

const WINDOW: Duration = Duration::from_mins(1);
/// The lines of one owner within a minute, beside the first of each kind.
pub(super) const LINES: u32 = 30;
/// Those of them that say the same.
pub(super) const ALIKE: u32 = 3;
/// The most windows of each table.
const CAPACITY: usize = 10_000;

/// Whose lines are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    /// A registered client. Who sends its id may be anybody, so it is bounded too.
    Client(String),
    /// Everything that names a client which there is not, and every provider's answer.
    Strangers,
    /// Pages that no client is known of.
    Pages,
}

/// What was left out of one owner's lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeftOut {
    pub(super) owner: Owner,
    pub(super) count: u32,
}

#[derive(Clone, Copy)]
struct Window {
    began: Timestamp,
    lines: u32,
    left_out: u32,
}

#[derive(Default)]
pub(super) struct Budget {
    hasher: RandomState,
    tables: Mutex<Tables>,
}

#[derive(Default)]
struct Tables {
    owners: HashMap<Owner, Window>,
    alike: HashMap<u64, Window>,
    kinds: HashMap<u64, Window>,
    looked_at: Option<Timestamp>,
}

impl Budget {
    /// Whether a refusal may be written down. One that may not is counted.
    pub(super) fn admits(&self, owner: &Owner, Seen { endpoint, refusal, .. }: &Seen, now: Timestamp) -> bool {
        let alike = self.hasher.hash_one((owner, refusal));
        let kind = self.hasher.hash_one((owner, refusal.kind(endpoint)));
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let said = window(&mut tables.alike, &alike, now).lines;
        let is_first = window(&mut tables.kinds, &kind, now).lines == 0;
        let of_owner = window(&mut tables.owners, owner, now);
        if said >= ALIKE || (of_owner.lines >= LINES && !is_first) {
            of_owner.left_out = of_owner.left_out.saturating_add(1);
            return false;
        }
        of_owner.lines += 1;
        window(&mut tables.alike, &alike, now).lines += 1;
        window(&mut tables.kinds, &kind, now).lines += 1;
        true
    }

    /// What was left out in the minutes that are over, once. Looks once a second at most.
    pub(super) fn over(&self, now: Timestamp) -> Vec<LeftOut> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if tables.looked_at.is_some_and(|last| now.since(last) < Duration::from_secs(1)) {
            return Vec::new();
        }
        tables.looked_at = Some(now);
        tables.alike.retain(|_, window| is_open(window, now));
        tables.kinds.retain(|_, window| is_open(window, now));
        let over = tables.owners.extract_if(|_, window| !is_open(window, now));
        let left_out = over.filter(|(_, window)| window.left_out > 0);
        left_out.map(|(owner, window)| LeftOut { owner, count: window.left_out }).collect()
    }
}

fn is_open(window: &Window, now: Timestamp) -> bool {
    now.since(window.began) < WINDOW
}

/// The open window under a key, or a new one. A table that is full forgets all of them: the limit is a brake.
fn window<'t, K: Clone + Eq + std::hash::Hash>(
    table: &'t mut HashMap<K, Window>,
    key: &K,
    now: Timestamp,
) -> &'t mut Window {
    if table.len() >= CAPACITY && !table.contains_key(key) {
        table.clear();
    }
    let window = table.entry(key.clone()).or_insert(Window { began: now, lines: 0, left_out: 0 });
    if !is_open(window, now) {
        *window = Window { began: now, lines: 0, left_out: window.left_out };
    }
    window
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::refusal::{Reason, Refusal};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn refused(refusal: Refusal) -> Seen {
        Seen { request: String::new(), endpoint: "/authorize".to_owned(), refusal }
    }

    fn sent(text: &str) -> Seen {
        refused(Refusal::new(Reason::RedirectUriMismatch).at("redirect_uri", Some(text)))
    }

    #[test]
    fn alike_refusals_are_few_and_the_others_are_counted() {
        let (budget, shop) = (Budget::default(), Owner::Client("shop".to_owned()));
        let admitted = (0..100).filter(|_| budget.admits(&shop, &sent("a"), at(0))).count();
        assert_eq!(admitted, 3);
        assert!(budget.admits(&shop, &sent("b"), at(0)), "another one is news");
        assert_eq!(budget.over(at(30)), []);
        assert_eq!(budget.over(at(60)), [LeftOut { owner: shop.clone(), count: 97 }]);
        assert_eq!(budget.over(at(70)), [], "said once");
        assert!(budget.admits(&shop, &sent("a"), at(70)));
    }

    #[test]
    fn who_uses_up_the_lines_of_a_client_hides_no_problem_of_another_kind() {
        let (budget, shop) = (Budget::default(), Owner::Client("shop".to_owned()));
        assert_eq!((0..100).filter(|n| budget.admits(&shop, &sent(&n.to_string()), at(0))).count(), 30);
        let wrong_secret = refused(Refusal::new(Reason::WrongSecret));
        assert!(budget.admits(&shop, &wrong_secret, at(0)));
        assert!(!budget.admits(&shop, &wrong_secret, at(0)), "its first line is all that it has beside");
        let of_client = refused(Refusal::new(Reason::WrongSecret).authenticated());
        assert!(budget.admits(&shop, &of_client, at(0)), "what a client says that proved itself is of another kind");
        assert!(budget.admits(&shop, &wrong_secret, at(60)));
    }

    #[test]
    fn no_stranger_fills_the_log_or_the_memory_however_much_differs() {
        let budget = Budget::default();
        let admitted = (0..50_000).filter(|n| budget.admits(&Owner::Strangers, &sent(&n.to_string()), at(0))).count();
        assert_eq!(admitted, 30);
        assert!(budget.admits(&Owner::Client("shop".to_owned()), &sent("a"), at(0)), "a client has lines of its own");
        assert!(budget.tables.lock().unwrap().alike.len() <= CAPACITY);
    }
}
