//! What every store of refusals does.

use std::time::Duration;

use haechi::model::refusal::{Reason, Refusal};
use haechi::model::{ClientId, NotedRefusal};
use haechi::store::{KEPT_OF_CLIENT, KEPT_OF_STRANGERS};
use haechi::support::SeededRandom;
use haechi::support::id::RefusalId;

use super::{NOW, on_every_database};

fn noted(client: &str, number: u64, registered: bool) -> NotedRefusal {
    let at = NOW.plus(Duration::from_secs(number));
    let refusal = Refusal::new(Reason::WrongSecret).by(&ClientId::parse(client).unwrap());
    let id = RefusalId::new(at, &SeededRandom::new(number));
    let (request, endpoint) = (format!("r-{number}"), "/token".to_owned());
    NotedRefusal { id, at, request, endpoint, registered, refusal }
}

fn numbers(refusals: &[NotedRefusal]) -> Vec<&str> {
    refusals.iter().map(|noted| noted.request.as_str()).collect()
}

on_every_database! {
    stores;

    async fn refusals_are_found_by_client_the_newest_first() {
        let (shop, other) = (noted("shop", 1, true), noted("other", 2, true));
        stores.refusals.keep(vec![shop.clone(), other, noted("shop", 3, true), noted("typo", 4, false)]).await.unwrap();
        assert_eq!(numbers(&stores.refusals.list(Some("shop"), 10).await.unwrap()), ["r-3", "r-1"]);
        assert_eq!(stores.refusals.list(Some("shop"), 10).await.unwrap()[1], shop);
        assert_eq!(numbers(&stores.refusals.list(Some("typo"), 10).await.unwrap()), ["r-4"]);
        assert_eq!(numbers(&stores.refusals.list(None, 3).await.unwrap()), ["r-4", "r-3", "r-2"]);
        assert!(stores.refusals.list(Some("nobody"), 10).await.unwrap().is_empty());
    }

    async fn of_each_client_and_of_all_strangers_together_only_the_newest_stay() {
        let many = u64::from(KEPT_OF_CLIENT) + 20;
        for number in 0..many {
            stores.refusals.keep(vec![noted("shop", number, true)]).await.unwrap();
        }
        let strangers = u64::from(KEPT_OF_STRANGERS) + 20;
        stores.refusals.keep((0..strangers).map(|number| noted(&format!("made-up-{number}"), 1000 + number, false)).collect()).await.unwrap();
        stores.refusals.keep(vec![noted("quiet", 0, true)]).await.unwrap();
        let shop = stores.refusals.list(Some("shop"), 1000).await.unwrap();
        assert_eq!(shop.len(), KEPT_OF_CLIENT as usize);
        assert_eq!((shop[0].request.as_str(), shop.last().unwrap().request.as_str()), ("r-119", "r-20"));
        assert!(stores.refusals.list(Some("made-up-0"), 1000).await.unwrap().is_empty());
        assert_eq!(stores.refusals.list(Some("made-up-219"), 1000).await.unwrap().len(), 1);
        let kept = usize::try_from(KEPT_OF_CLIENT + KEPT_OF_STRANGERS + 1).unwrap();
        assert_eq!(stores.refusals.list(None, 1000).await.unwrap().len(), kept);
    }
}
