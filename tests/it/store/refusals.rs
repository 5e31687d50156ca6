//! What every store of refusals does.

use std::collections::BTreeSet;
use std::time::Duration;

use haechi::model::refusal::{KeptRefusal, Reason, Refusal};
use haechi::model::{ClientId, NotedRefusal};
use haechi::store::{EXAMPLES_OF_CLIENT, KEPT_OF_CLIENT, KEPT_OF_STRANGERS};
use haechi::support::SeededRandom;
use haechi::support::id::RefusalId;

use super::{NOW, on_every_database};

/// A wrong secret, which says the same as every other one of the client.
fn noted(client: &str, number: u64, registered: bool) -> NotedRefusal {
    of(number, registered, "/token", Refusal::new(Reason::WrongSecret).by(&ClientId::parse(client).unwrap()))
}

/// A redirect URI that is not registered, another one for each number.
fn elsewhere(client: &str, number: u64, registered: bool) -> NotedRefusal {
    let refusal = Refusal::new(Reason::RedirectUriMismatch).by(&ClientId::parse(client).unwrap());
    let sent = format!("https://{number}.example/");
    of(number, registered, "/authorize", refusal.at("redirect_uri", Some(&sent)))
}

fn of(number: u64, registered: bool, endpoint: &str, refusal: Refusal) -> NotedRefusal {
    let at = NOW.plus(Duration::from_secs(number));
    let id = RefusalId::new(at, &SeededRandom::new(number));
    let (request, endpoint) = (format!("r-{number}"), endpoint.to_owned());
    NotedRefusal { id, at, request, endpoint, registered, refusal }
}

fn numbers(refusals: &[KeptRefusal]) -> Vec<&str> {
    refusals.iter().map(|kept| kept.last.request.as_str()).collect()
}

on_every_database! {
    stores;

    async fn refusals_are_found_by_client_the_newest_first() {
        let (shop, other) = (elsewhere("shop", 1, true), noted("other", 2, true));
        stores.refusals.keep(vec![shop.clone(), other, elsewhere("shop", 3, true), noted("typo", 4, false)]).await.unwrap();
        assert_eq!(numbers(&stores.refusals.list(Some("shop"), 10).await.unwrap()), ["r-3", "r-1"]);
        let kept = KeptRefusal { first_at: shop.at, last: shop, count: 1 };
        assert_eq!(stores.refusals.list(Some("shop"), 10).await.unwrap()[1], kept);
        assert_eq!(numbers(&stores.refusals.list(Some("typo"), 10).await.unwrap()), ["r-4"]);
        assert_eq!(numbers(&stores.refusals.list(None, 10).await.unwrap()), ["r-4", "r-3", "r-2", "r-1"]);
        assert!(stores.refusals.list(Some("nobody"), 10).await.unwrap().is_empty());
    }

    async fn what_says_the_same_is_kept_once_and_counted() {
        // The second was written by a node that came before the other with its own.
        for number in [2, 1] {
            stores.refusals.keep(vec![noted("shop", number, true), noted("other", 10 + number, true)]).await.unwrap();
        }
        stores.refusals.keep(vec![noted("shop", 3, true), elsewhere("shop", 4, true), noted("shop", 5, true)]).await.unwrap();
        let shop = stores.refusals.list(Some("shop"), 10).await.unwrap();
        let counts: Vec<_> = shop.iter().map(|kept| (kept.last.request.as_str(), kept.count, kept.first_at)).collect();
        let at = |number| NOW.plus(Duration::from_secs(number));
        assert_eq!(counts, [("r-5", 4, at(1)), ("r-4", 1, at(4))]);
        let other = stores.refusals.list(Some("other"), 10).await.unwrap();
        assert_eq!((other[0].last.request.as_str(), other[0].count, other[0].first_at), ("r-12", 2, at(11)));
    }

    async fn of_each_client_and_of_all_strangers_together_only_the_newest_stay() {
        for number in 0..20 {
            stores.refusals.keep(vec![elsewhere("shop", number, true)]).await.unwrap();
        }
        let strangers = u64::from(KEPT_OF_STRANGERS) + 20;
        stores.refusals.keep((0..strangers).map(|number| noted(&format!("made-up-{number}"), 1000 + number, false)).collect()).await.unwrap();
        stores.refusals.keep(vec![noted("quiet", 0, true)]).await.unwrap();
        let shop = stores.refusals.list(Some("shop"), 1000).await.unwrap();
        assert_eq!(shop.len(), EXAMPLES_OF_CLIENT as usize);
        assert_eq!((shop[0].last.request.as_str(), shop.last().unwrap().last.request.as_str()), ("r-19", "r-15"));
        assert!(stores.refusals.list(Some("made-up-0"), 1000).await.unwrap().is_empty());
        assert_eq!(stores.refusals.list(Some("made-up-219"), 1000).await.unwrap().len(), 1);
        let kept = usize::try_from(EXAMPLES_OF_CLIENT + KEPT_OF_STRANGERS + 1).unwrap();
        assert_eq!(stores.refusals.list(None, 1000).await.unwrap().len(), kept);
    }

    async fn no_kind_is_pushed_out_by_the_many_of_another_and_there_are_never_too_many() {
        let rare = |number| Refusal::new(Reason::ALL[usize::try_from(number).unwrap()]).naming("shop");
        stores.refusals.keep(vec![of(0, true, "/token", rare(0)), of(1, true, "/token", rare(0).authenticated())]).await.unwrap();
        // Each kind with as many values as there are examples, and of one far more.
        for kind in 1..50 {
            let values = (0..6).map(|value| of(kind * 10 + value, true, "/authorize", rare(kind).because(&value.to_string())));
            stores.refusals.keep(values.collect()).await.unwrap();
        }
        stores.refusals.keep((0..300).map(|number| elsewhere("shop", 1000 + number, true)).collect()).await.unwrap();
        let shop = stores.refusals.list(Some("shop"), 1000).await.unwrap();
        assert_eq!(shop.len(), KEPT_OF_CLIENT as usize);
        let kinds: BTreeSet<String> = shop.iter().map(|kept| kept.last.refusal.kind(&kept.last.endpoint).to_string()).collect();
        assert_eq!(kinds.len(), 52, "{kinds:?}");
        assert_eq!(numbers(&shop)[..2], ["r-1299", "r-1298"]);
    }

    async fn what_floods_one_client_hides_no_other_in_the_list_of_all() {
        stores.refusals.keep(vec![noted("quiet", 0, true)]).await.unwrap();
        stores.refusals.keep((0..150).map(|number| noted(&format!("made-up-{number}"), 10 + number, false)).collect()).await.unwrap();
        stores.refusals.keep((0..50).map(|number| elsewhere("shop", 1000 + number, true)).collect()).await.unwrap();
        let all = numbers(&stores.refusals.list(None, 100).await.unwrap()).into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!((all.len(), all[0].as_str(), all[99].as_str()), (100, "r-1049", "r-0"));
    }
}
