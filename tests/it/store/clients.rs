//! Clients and consents.

use haechi::model::client::{Client, ClientId, ClientKind, ClientSecret, SecretPlace, SeenLogin};
use haechi::model::consent::Consent;
use haechi::protocol::ScopeSet;
use haechi::protocol::redirect_uri::RegisteredRedirectUri;
use haechi::protocol::resource::Resource;
use haechi::store::{Change, ClientOrder, Conflict, GrantConsent, Stores};
use haechi::support::id::UserId;

use super::users::{conflict, user};
use super::{NOW, grants, on_every_database};
use crate::support::builders;

pub fn client(id: &str) -> Client {
    let redirect_uri = format!("https://{id}.example:8443/cb");
    let mut client = builders::client(id, ClientKind::Web, NOW);
    client.presentation.name = format!("The \0 {id}");
    client.redirects.uris = vec![RegisteredRedirectUri::parse(&redirect_uri, false).unwrap()];
    client.authentication.secrets =
        vec![ClientSecret { digest: ClientSecret::digest_of(id), created_at: NOW, expires_at: Some(NOW) }];
    client.policy.scopes = ScopeSet::parse("openid api:read").unwrap();
    client
}

async fn commit(stores: &Stores, change: Change) {
    stores.work.commit(vec![change]).await.unwrap();
}

pub fn consent(user: UserId, client: &str, scope: &str) -> Consent {
    let client = ClientId::parse(client).unwrap();
    Consent { user, client, scope: ScopeSet::parse(scope).unwrap(), granted_at: NOW }
}

on_every_database! {
    stores;

    async fn a_client_survives_the_store() {
        let client = client("shop");
        commit(&stores, Change::InsertClient(client.clone())).await;
        assert_eq!(stores.clients.find(&client.id).await.unwrap().as_ref(), Some(&client));
        assert_eq!(stores.clients.find(&ClientId::parse("Shop").unwrap()).await.unwrap(), None, "ids have a case");
        assert_eq!(conflict(stores.work.commit(vec![Change::InsertClient(client)]).await), Conflict::Taken);
    }

    async fn a_change_made_from_a_stale_copy_is_refused() {
        commit(&stores, Change::InsertClient(client("shop"))).await;
        let changed = Client { enabled: false, ..client("shop") };
        commit(&stores, Change::UpdateClient(changed.clone())).await;
        let stored = stores.clients.find(&changed.id).await.unwrap();
        assert_eq!(stored, Some(Client { version: 1, ..changed.clone() }));
        assert_eq!(conflict(stores.work.commit(vec![Change::UpdateClient(changed)]).await), Conflict::Stale);
        assert_eq!(conflict(stores.work.commit(vec![Change::UpdateClient(client("none"))]).await), Conflict::Stale);
    }

    async fn a_client_is_found_by_what_it_is_known_by_as_it_is_now() {
        let mut shop = client("shop");
        shop.presentation.names.insert("ko".to_owned(), "한복 가게".to_owned());
        shop.policy.resources = vec![Resource::parse("https://API.example/v1").unwrap()];
        commit(&stores, Change::InsertClient(shop.clone())).await;
        commit(&stores, Change::InsertClient(client("wiki"))).await;
        let found = async |text: &str| -> Vec<String> {
            let page = stores.clients.search(Some(text), &ClientOrder::default(), 10).await.unwrap();
            page.items.iter().map(|client| client.id.to_string()).collect()
        };
        for text in ["SHOP", "한복", "shop.example:8443", "api.example/V1", "The  sh"] {
            assert_eq!(found(text).await, ["shop"], "{text}");
        }
        assert_eq!(found("example").await, ["shop", "wiki"]);
        for nothing in ["%", "_", "no such", "\\", "openid"] {
            assert!(found(nothing).await.is_empty(), "{nothing}");
        }
        "Store".clone_into(&mut shop.presentation.name);
        commit(&stores, Change::UpdateClient(shop.clone())).await;
        assert_eq!((found("store").await, found("the  shop").await), (vec!["shop".to_owned()], vec![]));
        let after = stores.clients.search(Some("example"), &ClientOrder::Id(Some(shop.id.clone())), 10).await.unwrap();
        assert_eq!((after.items.len(), after.more), (1, false));
        assert!(stores.clients.search(Some("example"), &ClientOrder::default(), 1).await.unwrap().more);
        commit(&stores, Change::DeleteClient(shop.id.clone())).await;
        assert_eq!(found("example").await, ["wiki"]);
        commit(&stores, Change::InsertClient(client("shop"))).await;
        assert_eq!((found("the  shop").await, found("한복").await), (vec!["shop".to_owned()], vec![]));
    }

    async fn the_last_logins_of_a_client_are_remembered_whichever_nodes_saw_them() {
        let (pkce, plain) = (
            SeenLogin { pkce: true, nonce: false, secret: Some(SecretPlace::Post) },
            SeenLogin { pkce: false, nonce: true, secret: None },
        );
        commit(&stores, Change::InsertClient(client("shop"))).await;
        let shop = stores.clients.find(&client("shop").id).await.unwrap().unwrap();
        let note = async |logins: &[SeenLogin]| stores.clients.note_logins(&shop.id, shop.epoch, logins).await.unwrap();
        let seen = async || stores.clients.seen_logins(&shop.id).await.unwrap();
        assert_eq!(seen().await, []);
        note(&[plain, pkce]).await;
        note(&[pkce]).await;
        assert_eq!(seen().await, [plain, pkce, pkce]);
        // Several at once lose nothing of each other.
        let both = [pkce, pkce];
        let at_once: Vec<_> = (0..20).map(|_| note(&both)).collect();
        futures_util::future::join_all(at_once).await;
        assert_eq!(seen().await, [&[plain][..], &[pkce; 42]].concat());
        note(&[plain; 99]).await;
        assert_eq!(seen().await, [&[pkce][..], &[plain; 99]].concat());
        note(&[pkce; 300]).await;
        assert_eq!(seen().await, vec![pkce; 100]);
        // It is no change of the client.
        assert_eq!(stores.clients.find(&shop.id).await.unwrap().as_ref(), Some(&shop));
        // What was seen of one that was deleted is not of the next one, however late it is noted.
        commit(&stores, Change::DeleteClient(shop.id.clone())).await;
        note(&[plain]).await;
        assert_eq!(seen().await, []);
        commit(&stores, Change::InsertClient(client("shop"))).await;
        note(&[plain]).await;
        assert_eq!(seen().await, []);
        stores.clients.note_logins(&ClientId::parse("nobody").unwrap(), shop.epoch, &[plain]).await.unwrap();
    }

    async fn clients_are_listed_by_id() {
        for id in ["c", "a", "b"] {
            commit(&stores, Change::InsertClient(client(id))).await;
        }
        let first = stores.clients.list(None, 2).await.unwrap();
        assert_eq!((first.items, first.more), (vec![client("a"), client("b")], true));
        let second = stores.clients.list(Some(&client("b").id), 2).await.unwrap();
        assert_eq!((second.items, second.more), (vec![client("c")], false));
    }

    async fn an_origin_is_that_of_a_client_that_is_enabled_and_has_it_now() {
        let whose = async |id: &str| {
            let found = stores.clients.with_origin(&format!("https://{id}.example:8443")).await.unwrap();
            found.map(|found| found.as_str().to_owned())
        };
        assert_eq!(whose("a").await, None);
        commit(&stores, Change::InsertClient(client("a"))).await;
        commit(&stores, Change::InsertClient(Client { enabled: false, ..client("b") })).await;
        assert_eq!((whose("a").await.as_deref(), whose("b").await), (Some("a"), None));
        commit(&stores, Change::UpdateClient(client("b"))).await;
        assert_eq!(whose("b").await.as_deref(), Some("b"));
        // What the redirect URIs of `c` are now, at `a`: the origin of before is nobody's.
        commit(&stores, Change::UpdateClient(Client { redirects: client("c").redirects, ..client("a") })).await;
        assert_eq!((whose("a").await, whose("c").await.as_deref()), (None, Some("a")));
        commit(&stores, Change::DeleteClient(client("a").id)).await;
        assert_eq!(whose("c").await, None);
        commit(&stores, Change::InsertClient(client("a"))).await;
        assert_eq!(whose("a").await.as_deref(), Some("a"));
    }

    async fn a_consent_is_given_renewed_and_withdrawn() {
        let user = user(1);
        commit(&stores, Change::InsertUser(user.clone())).await;
        for id in ["a", "b"] {
            commit(&stores, Change::InsertClient(client(id))).await;
        }
        let given = [consent(user.id, "a", "openid"), consent(user.id, "b", "openid"), consent(user.id, "a", "openid email")];
        for consent in &given {
            commit(&stores, Change::PutConsent(consent.clone())).await;
        }
        let [_, of_b, of_a] = given;
        assert_eq!(stores.consents.find(user.id, &of_a.client).await.unwrap().as_ref(), Some(&of_a));
        assert_eq!(stores.consents.of_user(user.id).await.unwrap(), vec![of_a.clone(), of_b.clone()]);
        commit(&stores, Change::WithdrawConsent(user.id, of_a.client.clone())).await;
        commit(&stores, Change::WithdrawConsent(user.id, of_a.client.clone())).await;
        assert_eq!(stores.consents.find(user.id, &of_a.client).await.unwrap(), None);
        assert_eq!(stores.consents.of_user(user.id).await.unwrap(), vec![of_b]);
    }

    async fn a_consent_for_nobody_is_refused() {
        commit(&stores, Change::InsertUser(user(1))).await;
        let put = Change::PutConsent(consent(user(1).id, "gone", "openid"));
        assert_eq!(conflict(stores.work.commit(vec![put]).await), Conflict::Stale);
    }

    async fn deleting_a_client_deletes_its_consents_withdrawals_and_grants() {
        let user = user(1);
        commit(&stores, Change::InsertUser(user.clone())).await;
        commit(&stores, Change::InsertClient(client("shop"))).await;
        commit(&stores, Change::PutConsent(consent(user.id, "shop", "openid"))).await;
        commit(&stores, Change::WithdrawConsent(user.id, client("shop").id)).await;
        commit(&stores, Change::PutConsent(consent(user.id, "shop", "openid"))).await;
        grants::add(&stores, grants::grant(1)).await;
        commit(&stores, Change::DeleteClient(client("shop").id)).await;
        assert_eq!(stores.clients.find(&client("shop").id).await.unwrap(), None);
        assert!(stores.clients.list(None, 10).await.unwrap().items.is_empty());
        assert_eq!(stores.consents.of_user(user.id).await.unwrap(), vec![]);
        commit(&stores, Change::DeleteClient(client("shop").id)).await;
        assert_eq!(stores.housekeeping.purge(NOW).await.unwrap(), 3, "its rows go later");
        assert_eq!(stores.grants.find(grants::grant(1).id).await.unwrap(), None);
    }

    async fn a_client_that_is_registered_again_begins_in_a_later_epoch_and_without_consents() {
        let user = user(1);
        commit(&stores, Change::InsertUser(user.clone())).await;
        commit(&stores, Change::InsertClient(client("shop"))).await;
        commit(&stores, Change::PutConsent(consent(user.id, "shop", "openid"))).await;
        grants::add(&stores, grants::grant(1)).await;
        for epoch in [2, 4] {
            commit(&stores, Change::DeleteClient(client("shop").id)).await;
            assert_eq!(conflict(stores.work.commit(vec![Change::PutConsent(consent(user.id, "shop", "openid"))]).await), Conflict::Stale);
            commit(&stores, Change::InsertClient(client("shop"))).await;
            assert_eq!(conflict(stores.work.commit(vec![Change::InsertClient(client("shop"))]).await), Conflict::Taken);
            assert_eq!(stores.clients.find(&client("shop").id).await.unwrap().unwrap().epoch.count(), epoch);
            assert_eq!(stores.consents.find(user.id, &client("shop").id).await.unwrap(), None);
            assert_eq!(stores.consents.of_user(user.id).await.unwrap(), vec![]);
            let backed = stores.grants.find_backed(grants::grant(1).id).await.unwrap().unwrap();
            assert_eq!(backed.consent, GrantConsent::Absent);
        }
        // An epoch never goes back, whoever writes the client.
        let stored = stores.clients.find(&client("shop").id).await.unwrap().unwrap();
        let back = Client { epoch: haechi::model::Epoch::default(), ..stored };
        assert_eq!(conflict(stores.work.commit(vec![Change::UpdateClient(back)]).await), Conflict::Stale);
        let redeemed = stores.grants.redeem_code(grants::grant(1).id, NOW, None, NOW).await.unwrap();
        assert_eq!(redeemed, haechi::store::CodeRedemption::Unknown);
    }

    async fn a_withdrawal_ends_what_was_granted_before_and_what_is_granted_by_an_older_look() {
        let user = haechi::model::User { id: grants::grant(1).user, ..user(1) };
        commit(&stores, Change::InsertUser(user.clone())).await;
        commit(&stores, Change::InsertClient(client("shop"))).await;
        commit(&stores, Change::PutConsent(consent(user.id, "shop", "openid"))).await;
        grants::add(&stores, grants::grant(1)).await;
        let before = stores.consents.standing(user.id, &client("shop").id).await.unwrap();
        commit(&stores, Change::WithdrawConsent(user.id, client("shop").id)).await;
        commit(&stores, Change::PutConsent(consent(user.id, "shop", "openid"))).await;
        let after = stores.consents.standing(user.id, &client("shop").id).await.unwrap();
        assert_eq!((before.consent.is_some(), after.consent.is_some(), after.epoch), (true, true, before.epoch.next()));
        let backed = stores.grants.find_backed(grants::grant(1).id).await.unwrap().unwrap();
        assert_eq!(backed.consent, GrantConsent::Withdrawn);
        let late = haechi::model::Grant { user: user.id, ..grants::grant(2) };
        assert_eq!(conflict(stores.grants.insert(late.clone()).await), Conflict::Ended);
        let mut new = late;
        new.epochs.consent = after.epoch;
        stores.grants.insert(new.clone()).await.unwrap();
        assert_eq!(stores.grants.of_user(user.id, NOW).await.unwrap(), vec![new]);
        assert_eq!(stores.housekeeping.purge(NOW).await.unwrap(), 1, "the grant from before goes");
    }

    async fn an_end_of_a_client_sweeps_neither_what_was_agreed_to_nor_how_often_that_was_withdrawn() {
        let user = user(1);
        commit(&stores, Change::InsertUser(user.clone())).await;
        commit(&stores, Change::InsertClient(client("shop"))).await;
        for change in [
            Change::PutConsent(consent(user.id, "shop", "openid")),
            Change::WithdrawConsent(user.id, client("shop").id),
            Change::PutConsent(consent(user.id, "shop", "openid")),
        ] {
            commit(&stores, change).await;
        }
        let stored = stores.clients.find(&client("shop").id).await.unwrap().unwrap();
        commit(&stores, Change::UpdateClient(Client { epoch: stored.epoch.next(), ..stored })).await;
        stores.housekeeping.purge(NOW).await.unwrap();
        let standing = stores.consents.standing(user.id, &client("shop").id).await.unwrap();
        assert_eq!((standing.consent.is_some(), standing.epoch.count()), (true, 1));
    }
}
