//! Connections to upstream providers, and who is who there.

use std::time::Duration;

use haechi::model::connection::{Connection, SealedSecret, Slug};
use haechi::model::upstream_link::{SealedTokens, UpstreamAccount, UpstreamIdentity, UpstreamLink, UpstreamSubject};
use haechi::model::user::PasswordCredential;
use haechi::store::{Change, Conflict, Stores};
use haechi::support::{Secret, SeededRandom};

use super::grants::race;
use super::users::{conflict, user};
use super::{NOW, on_every_database};
use crate::support::builders;

pub fn connection(slug: &str) -> Connection {
    let seed = slug.bytes().fold(0, |sum: u64, byte| sum * 31 + u64::from(byte));
    Connection {
        secrets: vec![SealedSecret { sealed: vec![0, 1, 255], created_at: NOW, expires_at: Some(NOW) }],
        label: "The \0 label".to_owned(),
        ..builders::connection(slug, "oidc", "haechi", NOW, &SeededRandom::new(seed))
    }
}

fn link(slug: &str, subject: &str, seed: u32) -> UpstreamLink {
    let identity =
        UpstreamIdentity { connection: connection(slug).id, subject: UpstreamSubject::parse(subject).unwrap() };
    let label = "kim@example.com".to_owned();
    UpstreamLink::new(UpstreamAccount { identity, label, tokens: None }, user(seed).id, NOW)
}

fn insert(connection: Connection) -> Change {
    Change::InsertConnection(Box::new(connection))
}

fn update(connection: Connection) -> Change {
    Change::UpdateConnection(Box::new(connection))
}

fn touch(link: UpstreamLink) -> Change {
    Change::TouchUpstreamLink { was: link.identity.subject.clone(), link }
}

fn remove(link: &UpstreamLink) -> Vec<Change> {
    vec![Change::DeleteUpstreamLink(link.identity.clone(), link.user)]
}

fn password(seed: u32) -> Change {
    let phc = Secret::from("$argon2id$x");
    Change::PutPassword(PasswordCredential { user: user(seed).id, phc, changed_at: NOW })
}

/// Two people, two connections.
async fn furnished(stores: &Stores) {
    let changes = vec![
        Change::InsertUser(user(1)),
        Change::InsertUser(user(2)),
        insert(connection("google")),
        insert(connection("kakao")),
    ];
    stores.work.commit(changes).await.unwrap();
}

on_every_database! {
    stores;

    async fn a_connection_survives_the_store() {
        let google = connection("google");
        stores.work.commit(vec![insert(google.clone())]).await.unwrap();
        assert_eq!(stores.connections.find(google.id).await.unwrap().as_ref(), Some(&google));
        assert_eq!(stores.connections.find_by_slug(&google.slug).await.unwrap().as_ref(), Some(&google));
        assert_eq!(stores.connections.find_by_slug(&Slug::parse("kakao").unwrap()).await.unwrap(), None);
        let same_slug = Connection { id: connection("other").id, ..google };
        assert_eq!(conflict(stores.work.commit(vec![insert(same_slug)]).await), Conflict::Taken);
    }

    async fn a_connection_changed_from_a_stale_copy_is_refused_and_its_slug_stays() {
        let google = connection("google");
        stores.work.commit(vec![insert(google.clone())]).await.unwrap();
        let revision = stores.revision.revision().await.unwrap();
        let changed = Connection { enabled: false, ..google.clone() };
        stores.work.commit(vec![update(changed.clone())]).await.unwrap();
        assert!(stores.revision.revision().await.unwrap() > revision);
        let stored = stores.connections.find(google.id).await.unwrap().unwrap();
        assert_eq!(stored, Connection { version: 1, ..changed.clone() });
        assert_eq!(conflict(stores.work.commit(vec![update(changed)]).await), Conflict::Stale);
        let renamed = Connection { slug: Slug::parse("renamed").unwrap(), ..stored };
        assert_eq!(conflict(stores.work.commit(vec![update(renamed)]).await), Conflict::Stale);
    }

    async fn connections_come_in_the_order_of_their_buttons() {
        for (slug, position) in [("c", 1), ("a", 2), ("b", 1)] {
            stores.work.commit(vec![insert(Connection { position, ..connection(slug) })]).await.unwrap();
        }
        let all = stores.connections.all().await.unwrap();
        assert_eq!(all.iter().map(|one| one.slug.as_str()).collect::<Vec<_>>(), ["b", "c", "a"]);
    }

    async fn a_link_survives_the_store_and_is_found_by_its_exact_subject() {
        furnished(&stores).await;
        let link = link("google", "UpstreamSubject|\u{d574}\u{ce58}", 1);
        stores.work.commit(vec![Change::InsertUpstreamLink(link.clone())]).await.unwrap();
        assert_eq!(stores.upstream_links.find(&link.identity).await.unwrap().as_ref(), Some(&link));
        for (slug, subject) in [("google", "subject|\u{d574}\u{ce58}"), ("kakao", "UpstreamSubject|\u{d574}\u{ce58}")] {
            let other = self::link(slug, subject, 1).identity;
            assert_eq!(stores.upstream_links.find(&other).await.unwrap(), None, "{other:?}");
        }
        assert_eq!(stores.upstream_links.of_user(user(1).id).await.unwrap(), vec![link]);
        assert_eq!(stores.upstream_links.of_user(user(2).id).await.unwrap(), vec![]);
        for (slug, count) in [("google", 1), ("kakao", 0)] {
            assert_eq!(stores.upstream_links.count(connection(slug).id).await.unwrap(), count, "{slug}");
        }
    }

    async fn an_identity_is_linked_to_one_person() {
        furnished(&stores).await;
        stores.work.commit(vec![Change::InsertUpstreamLink(link("google", "s", 1))]).await.unwrap();
        let again = vec![Change::InsertUpstreamLink(link("google", "s", 2))];
        assert_eq!(conflict(stores.work.commit(again).await), Conflict::Taken);
        let nowhere = vec![Change::InsertUpstreamLink(link("gone", "s", 1))];
        assert_eq!(conflict(stores.work.commit(nowhere).await), Conflict::Stale);
        let nobody = vec![Change::InsertUpstreamLink(link("google", "t", 9))];
        assert_eq!(conflict(stores.work.commit(nobody).await), Conflict::Stale);
    }

    async fn of_a_hundred_who_link_an_identity_at_once_one_succeeds() {
        furnished(&stores).await;
        let won = race(|n| {
            let stores = stores.clone();
            async move {
                let new = haechi::model::User { version: 0, ..user(n + 100) };
                let linked = link("google", "s", n + 100);
                stores.work.commit(vec![Change::InsertUser(new), Change::InsertUpstreamLink(linked)]).await.is_ok()
            }
        });
        assert_eq!(won.await, 1);
        let winner = stores.upstream_links.find(&link("google", "s", 1).identity).await.unwrap().unwrap().user;
        let accounts = stores.users.list(None, None, 200).await.unwrap().items;
        assert_eq!(accounts.len(), 3, "those who lost left no account behind");
        assert!(accounts.iter().any(|account| account.id == winner));
    }

    async fn a_use_is_noted_on_the_persons_own_link_only() {
        furnished(&stores).await;
        let first = link("google", "s", 1);
        stores.work.commit(vec![Change::InsertUpstreamLink(first.clone())]).await.unwrap();
        let used = UpstreamLink { label: "new \0 name".to_owned(), last_used_at: NOW.plus(Duration::from_secs(1)), ..first };
        stores.work.commit(vec![touch(used.clone())]).await.unwrap();
        let stored = stores.upstream_links.find(&used.identity).await.unwrap().unwrap();
        assert_eq!(stored, UpstreamLink { label: "new  name".to_owned(), ..used.clone() });
        let anothers = vec![touch(UpstreamLink { user: user(2).id, ..used })];
        assert_eq!(conflict(stores.work.commit(anothers).await), Conflict::Stale);
    }

    async fn a_use_may_settle_the_type_of_a_subject_and_takes_no_other_link_away() {
        furnished(&stores).await;
        let (golden, other) = (link("google", "7", 1), link("google", "text 7", 2));
        stores.work.commit(vec![Change::InsertUpstreamLink(golden.clone())]).await.unwrap();
        let typed = link("google", "number 7", 1);
        let settle = |link: &UpstreamLink| {
            vec![Change::TouchUpstreamLink { was: golden.identity.subject.clone(), link: link.clone() }]
        };
        assert_eq!(conflict(stores.work.commit(settle(&UpstreamLink { user: user(2).id, ..typed.clone() })).await), Conflict::Stale);
        stores.work.commit(settle(&typed)).await.unwrap();
        assert_eq!(stores.upstream_links.find(&golden.identity).await.unwrap(), None);
        assert_eq!(stores.upstream_links.find(&typed.identity).await.unwrap().as_ref(), Some(&typed));
        assert_eq!(conflict(stores.work.commit(settle(&typed)).await), Conflict::Stale, "it is settled once");
        stores.work.commit(vec![Change::InsertUpstreamLink(other.clone())]).await.unwrap();
        stores.work.commit(vec![Change::InsertUpstreamLink(golden.clone())]).await.unwrap();
        assert_eq!(conflict(stores.work.commit(settle(&typed)).await), Conflict::Taken);
        assert_eq!(stores.upstream_links.find(&other.identity).await.unwrap(), Some(other));
    }

    async fn tokens_are_kept_with_a_link_while_the_connection_keeps_any() {
        furnished(&stores).await;
        let keeping = |version| Connection { keep_tokens: true, version, ..connection("google") };
        stores.work.commit(vec![update(keeping(0))]).await.unwrap();
        let with = |byte| UpstreamLink { tokens: Some(SealedTokens(vec![0, byte, 255])), ..link("google", "s", 1) };
        let others = UpstreamLink { tokens: Some(SealedTokens(vec![7])), ..link("kakao", "s", 1) };
        let stored = async || stores.upstream_links.find(&with(0).identity).await.unwrap().unwrap().tokens;
        stores.work.commit([with(1), others.clone()].map(Change::InsertUpstreamLink).into()).await.unwrap();
        assert_eq!(stored().await, with(1).tokens);
        stores.work.commit(vec![touch(with(2))]).await.unwrap();
        assert_eq!(stored().await, with(2).tokens);
        stores.work.commit(vec![update(Connection { label: "other".to_owned(), ..keeping(1) })]).await.unwrap();
        assert_eq!(stored().await, with(2).tokens);
        stores.work.commit(vec![update(Connection { keep_tokens: false, ..keeping(2) })]).await.unwrap();
        assert_eq!(stored().await, None);
        assert_eq!(stores.upstream_links.find(&others.identity).await.unwrap().unwrap().tokens, others.tokens);
    }

    async fn the_last_way_in_stays() {
        furnished(&stores).await;
        let (google, kakao) = (link("google", "s", 1), link("kakao", "s", 1));
        let both = [&google, &kakao].map(|link| Change::InsertUpstreamLink(link.clone()));
        stores.work.commit(both.into()).await.unwrap();
        let anothers = vec![Change::DeleteUpstreamLink(google.identity.clone(), user(2).id)];
        assert_eq!(conflict(stores.work.commit(anothers).await), Conflict::Stale);
        // A link of a connection that is switched off is no way in.
        stores.work.commit(vec![update(Connection { enabled: false, ..connection("kakao") })]).await.unwrap();
        assert_eq!(conflict(stores.work.commit(remove(&google)).await), Conflict::LastWayIn);
        stores.work.commit(remove(&kakao)).await.unwrap();
        assert_eq!(conflict(stores.work.commit(remove(&google)).await), Conflict::LastWayIn);
        stores.work.commit(vec![password(1)]).await.unwrap();
        stores.work.commit(remove(&google)).await.unwrap();
        assert_eq!(conflict(stores.work.commit(remove(&google)).await), Conflict::Stale);
    }

    async fn of_a_hundred_who_remove_a_persons_links_at_once_one_is_refused() {
        furnished(&stores).await;
        let links: Vec<_> = (0..100).map(|n| link("google", &n.to_string(), 1)).collect();
        stores.work.commit(links.into_iter().map(Change::InsertUpstreamLink).collect()).await.unwrap();
        let won = race(|n| {
            let work = stores.work.clone();
            async move { work.commit(remove(&link("google", &n.to_string(), 1))).await.is_ok() }
        });
        assert_eq!(won.await, 99);
        assert_eq!(stores.upstream_links.of_user(user(1).id).await.unwrap().len(), 1);
    }

    async fn deleting_a_connection_deletes_its_links() {
        furnished(&stores).await;
        stores.work.commit(vec![Change::InsertUpstreamLink(link("google", "s", 1))]).await.unwrap();
        stores.work.commit(vec![Change::DeleteConnection(connection("google").id)]).await.unwrap();
        assert_eq!(stores.connections.find(connection("google").id).await.unwrap(), None);
        assert_eq!(stores.upstream_links.of_user(user(1).id).await.unwrap(), vec![]);
    }
}
