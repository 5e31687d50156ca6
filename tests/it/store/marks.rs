//! Where it is noted how far a database is.

use std::any::Any;
use std::sync::Arc;

use haechi::store::redis::RedisMarks;
use haechi::store::{MarkStore, Noted};

use super::NOW;

fn noted(instance: &str, mark: u64) -> Noted {
    Noted { instance: instance.to_owned(), mark, at: NOW }
}

/// A place, whether several nodes share it, and what keeps it.
type Place = (Arc<dyn MarkStore>, bool, Box<dyn Any>);

/// Each place. Only SQLite's is one machine's alone.
async fn places() -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    if let Some((store, folder)) = super::sqlite().await {
        places.push((store, false, Box::new(folder)));
    }
    if let Some((store, ())) = super::postgres().await {
        places.push((store, true, Box::new(())));
    }
    if let Some((store, ())) = super::redis().await {
        places.push((Arc::new(RedisMarks::of_issuer("https://id.example", store)), true, Box::new(())));
    }
    places
}

#[tokio::test]
async fn the_newest_state_of_a_database_is_kept_in_whatever_order_nodes_note() {
    for (marks, ..) in places().await {
        assert_eq!(marks.noted().await.unwrap(), None);
        for (mark, newest) in [(3, 3), (9, 9), (4, 9), (10, 10), (10, 10)] {
            marks.note(&noted("a b", mark)).await.unwrap();
            assert_eq!(marks.noted().await.unwrap(), Some(noted("a b", newest)));
        }
    }
}

#[tokio::test]
async fn what_a_database_fell_back_to_is_put_there_once() {
    for (marks, is_shared, _kept) in places().await {
        marks.note(&noted("a", 9)).await.unwrap();
        assert!(marks.fall_back(&noted("a", 9), Some(&noted("a", 2))).await.unwrap());
        assert_eq!(marks.noted().await.unwrap(), Some(noted("a", 2)));
        if is_shared {
            // Another node found the same out, and the first went on.
            marks.note(&noted("a", 3)).await.unwrap();
            assert!(!marks.fall_back(&noted("a", 9), Some(&noted("a", 2))).await.unwrap());
            assert_eq!(marks.noted().await.unwrap(), Some(noted("a", 3)));
        }
        let now = marks.noted().await.unwrap().unwrap();
        assert!(marks.fall_back(&now, None).await.unwrap());
        assert_eq!(marks.noted().await.unwrap(), None);
        // Another database has its own count.
        marks.note(&noted("b", 1)).await.unwrap();
        assert_eq!(marks.noted().await.unwrap(), Some(noted("b", 1)));
    }
}

#[tokio::test]
async fn servers_of_two_issuers_in_one_redis_note_apart() {
    let Some((store, ())) = super::redis().await else { return };
    let [a, b] = ["https://a.example", "https://b.example"].map(|issuer| RedisMarks::of_issuer(issuer, store.clone()));
    a.note(&noted("a", 9)).await.unwrap();
    assert_eq!(b.noted().await.unwrap(), None);
    b.note(&noted("b", 1)).await.unwrap();
    assert_eq!(a.noted().await.unwrap(), Some(noted("a", 9)));
}
