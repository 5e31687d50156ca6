//! Counts are added up, whoever counts, and go when they are old.

use std::time::Duration;

use haechi::model::ClientId;
use haechi::model::count::{Count, Counted, Measure, Resolution, Tried};
use haechi::model::sketch::Sketch;
use haechi::protocol::grant_type::GrantType;
use haechi::store::Stores;
use haechi::support::{Digest, Timestamp};

use super::{NOW, on_every_database};

fn of(resolution: Resolution, begins_at: Timestamp, what: Counted, count: u64) -> Count {
    Count { resolution, begins_at, what, count }
}

fn tokens(client: usize) -> Counted {
    Counted::Tokens(GrantType::RefreshToken, ClientId::parse(&format!("app{client:03}")).ok())
}

async fn read(stores: &Stores, measure: Measure, from: Timestamp, to: Timestamp) -> Vec<Count> {
    stores.counts.read(measure, Resolution::Hour, from, to).await.unwrap()
}

fn seen(people: std::ops::Range<u32>) -> Sketch {
    let mut sketch = Sketch::empty();
    people.for_each(|one| sketch.see(&Digest::of("person", &one.to_be_bytes())));
    sketch
}

on_every_database! {
    stores;

    async fn what_several_nodes_counted_at_once_is_added_up() {
        let hour = Resolution::Hour.begin(NOW);
        // More than a statement is about, in another order at each node.
        let node = async |turn: usize| {
            let mut counts: Vec<Count> = (0..150).map(|n| of(Resolution::Hour, hour, tokens(n), 2)).collect();
            counts.rotate_left(turn * 37);
            stores.counts.add(counts).await.unwrap();
        };
        futures_util::future::join_all((0..4).map(node)).await;
        let counted = read(&stores, Measure::Tokens, hour, NOW).await;
        assert_eq!(counted.len(), 150);
        assert!(counted.iter().all(|count| count.count == 8), "{counted:?}");
        assert!(read(&stores, Measure::Logins, hour, NOW).await.is_empty());
    }

    async fn only_the_spans_that_are_asked_for_are_read() {
        let hour = Resolution::Hour.begin(NOW);
        let at = |hours: u64| hour.minus(Duration::from_hours(hours));
        let what = Counted::Throttled(Tried::SignUp);
        let counts = [0, 1, 2].map(|hours| of(Resolution::Hour, at(hours), what.clone(), hours + 1));
        stores.counts.add(counts.to_vec()).await.unwrap();
        stores.counts.add(vec![of(Resolution::Day, Resolution::Day.begin(NOW), what.clone(), 6)]).await.unwrap();
        assert_eq!(read(&stores, Measure::Throttled, at(1), hour).await, [counts[1].clone()]);
        assert_eq!(read(&stores, Measure::Throttled, at(2), NOW).await.len(), 3);
    }

    async fn accounts_that_several_nodes_saw_are_counted_once() {
        let day = Resolution::Day.begin(NOW);
        let node = async |from: u32| stores.counts.see_active(day, &seen(from..from + 60)).await.unwrap();
        futures_util::future::join_all([0, 30, 60].map(node)).await;
        let active = stores.counts.active(day, NOW).await.unwrap();
        assert_eq!(active, [(day, seen(0..120))]);
        assert!(stores.counts.active(NOW, NOW.plus(Duration::from_hours(48))).await.unwrap().is_empty());
    }

    async fn hours_go_after_two_weeks_and_days_after_two_years() {
        let (hour, day) = (Resolution::Hour.begin(NOW), Resolution::Day.begin(NOW));
        let what = Counted::Throttled(Tried::Client);
        stores.counts.add(vec![of(Resolution::Hour, hour, what.clone(), 1), of(Resolution::Day, day, what.clone(), 1)]).await.unwrap();
        stores.counts.see_active(day, &seen(0..1)).await.unwrap();
        let purge = async |days: u64| stores.housekeeping.purge(NOW.plus(Duration::from_hours(24 * days))).await.unwrap();
        assert_eq!(purge(13).await, 0);
        assert_eq!(purge(14).await, 1);
        assert_eq!(purge(730).await, 0);
        assert_eq!(purge(731).await, 2);
    }
}
