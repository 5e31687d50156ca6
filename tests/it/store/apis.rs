//! Declared APIs.

use std::time::Duration;

use haechi::model::Api;
use haechi::model::api::ApiScope;
use haechi::model::client::{AccessTokenType, ClientKind};
use haechi::protocol::resource::Resource;
use haechi::store::{Change, Conflict};
use haechi::support::id::ApiId;

use super::users::conflict;
use super::{NOW, on_every_database};
use crate::support::builders;

/// An API that says everything.
pub fn api(n: u8, resource: &str) -> Api {
    Api {
        id: ApiId::from_bytes([n; 16]),
        resource: Resource::parse(resource).unwrap(),
        name: "Orders".to_owned(),
        names: [("ko".to_owned(), "주문".to_owned())].into(),
        documentation: Some("https://orders.example/docs".parse().unwrap()),
        scopes: vec![ApiScope {
            scope: "orders:read".to_owned(),
            description: "See your orders".to_owned(),
            descriptions: [("ko".to_owned(), "주문 보기".to_owned())].into(),
        }],
        access_token_type: Some(AccessTokenType::Jwt),
        access_token_lifetime: Some(Duration::from_mins(5)),
        managed_by: None,
        created_at: NOW,
        version: 0,
    }
}

on_every_database! {
    stores;

    async fn an_api_is_declared_once_changed_from_what_it_is_and_taken_back_and_every_change_is_noticed() {
        let revision = async || stores.revision.revision().await.unwrap();
        let mut seen = revision().await;
        let mut grew = async || {
            let now = revision().await;
            std::mem::replace(&mut seen, now) < now
        };
        let orders = api(1, "https://orders.example");
        stores.work.commit(vec![Change::InsertApi(Box::new(orders.clone()))]).await.unwrap();
        assert!(grew().await, "a new one is noticed");
        assert_eq!(stores.apis.all().await.unwrap().named("https://orders.example/"), Some(&orders));
        let again = Change::InsertApi(Box::new(api(2, "https://orders.example/")));
        assert_eq!(conflict(stores.work.commit(vec![again]).await), Conflict::Taken, "another spelling of the same");
        stores.work.commit(vec![Change::InsertApi(Box::new(api(3, "https://orders.example/v1")))]).await.unwrap();

        grew().await;
        let changed = Api { name: "Sales".to_owned(), ..orders.clone() };
        stores.work.commit(vec![Change::UpdateApi(Box::new(changed.clone()))]).await.unwrap();
        assert!(grew().await, "a change is noticed");
        let stale = stores.work.commit(vec![Change::UpdateApi(Box::new(changed.clone()))]).await;
        assert_eq!(conflict(stale), Conflict::Stale);
        let moved = Api { resource: Resource::parse("urn:orders").unwrap(), version: 1, ..changed.clone() };
        assert_eq!(conflict(stores.work.commit(vec![Change::UpdateApi(Box::new(moved))]).await), Conflict::Stale);
        let all = stores.apis.all().await.unwrap();
        assert_eq!((all.len(), all.get(orders.id)), (2, Some(&Api { version: 1, ..changed })));

        stores.work.commit(vec![Change::DeleteApi(orders.id)]).await.unwrap();
        assert!(grew().await, "that it is gone is noticed");
        assert_eq!(conflict(stores.work.commit(vec![Change::DeleteApi(orders.id)]).await), Conflict::Stale);
        stores.work.commit(vec![Change::InsertApi(Box::new(api(4, "https://orders.example/")))]).await.unwrap();
    }

    async fn an_api_that_a_client_may_ask_for_stays() {
        let orders = api(1, "https://orders.example/");
        let mut shop = builders::client("shop", ClientKind::Service, NOW);
        shop.policy.resources = vec![Resource::parse("https://orders.example").unwrap()];
        let made = vec![Change::InsertApi(Box::new(orders.clone())), Change::InsertClient(shop.clone())];
        stores.work.commit(made).await.unwrap();
        assert_eq!(conflict(stores.work.commit(vec![Change::DeleteApi(orders.id)]).await), Conflict::Stale);
        assert!(stores.apis.all().await.unwrap().get(orders.id).is_some());
        // A client that begins to ask at once counts.
        shop.policy.resources.clear();
        stores.work.commit(vec![Change::UpdateClient(shop.clone()), Change::DeleteApi(orders.id)]).await.unwrap();
        assert!(stores.apis.all().await.unwrap().is_empty());
    }
}
