//! Logos: one of each owner at most, found by what they are, and gone with their owner.

use haechi::model::logo::Logo;
use haechi::store::{Change, LogoOwner, Stores};

use super::on_every_database;
use crate::store::users::conflict;
use crate::support::builders;

async fn commit(stores: &Stores, changes: Vec<Change>) {
    stores.work.commit(changes).await.unwrap();
}

fn logo(bytes: &[u8]) -> Logo {
    Logo::of(bytes.to_vec())
}

on_every_database! { stores;
    async fn each_owner_has_one_and_two_may_have_the_same() {
        let shop = builders::client("shop", haechi::model::client::ClientKind::Web, super::NOW);
        let of_shop = LogoOwner::Client(shop.id.clone());
        let (first, second) = (logo(b"first"), logo(b"second"));
        commit(&stores, vec![Change::InsertClient(shop.clone())]).await;
        commit(&stores, vec![Change::PutLogo(LogoOwner::Server, Box::new(first.clone()))]).await;
        commit(&stores, vec![Change::PutLogo(of_shop.clone(), Box::new(first.clone()))]).await;
        assert_eq!(stores.logos.logo(first.id()).await.unwrap().as_deref(), Some(first.picture()));
        commit(&stores, vec![Change::PutLogo(of_shop.clone(), Box::new(second.clone()))]).await;
        assert!(stores.logos.logo(first.id()).await.unwrap().is_some(), "the server has it still");
        commit(&stores, vec![Change::DeleteLogo(LogoOwner::Server)]).await;
        assert_eq!(stores.logos.logo(first.id()).await.unwrap(), None);
        commit(&stores, vec![Change::DeleteClient(shop.id.clone())]).await;
        assert_eq!(stores.logos.logo(second.id()).await.unwrap(), None, "it goes with its client");
        commit(&stores, vec![Change::DeleteLogo(of_shop)]).await;
    }

    async fn a_change_that_came_too_late_leaves_no_picture() {
        let shop = builders::client("shop", haechi::model::client::ClientKind::Web, super::NOW);
        let owner = LogoOwner::Client(shop.id.clone());
        commit(&stores, vec![Change::InsertClient(shop.clone())]).await;
        commit(&stores, vec![Change::UpdateClient(shop.clone())]).await;
        let late = logo(b"late");
        let refused = stores.work.commit(vec![
            Change::UpdateClient(shop),
            Change::PutLogo(owner, Box::new(late.clone())),
        ]);
        assert_eq!(conflict(refused.await), haechi::store::Conflict::Stale);
        assert_eq!(stores.logos.logo(late.id()).await.unwrap(), None);
    }
}
