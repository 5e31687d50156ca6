//! Connections to upstream providers, and who is who there.

use std::time::Duration;

use haechi::model::connection::{Connection, SealedSecret, Slug};
use haechi::model::epoch::{AccountEpochs, ConnectionEpoch, Epoch};
use haechi::model::upstream_link::{
    LinkEpochs, SealedTokens, UpstreamAccount, UpstreamIdentity, UpstreamLink, UpstreamSubject,
};
use haechi::model::user::PasswordCredential;
use haechi::model::user_edit::UserEdit;
use haechi::store::{Change, Conflict, Stores, UserQuery};
use haechi::support::id::{LinkId, SignInId};
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
    let seed_of_id =
        format!("{slug} {subject}").bytes().fold(u64::from(seed), |sum, byte| sum * 31 % (1 << 48) + u64::from(byte));
    let id = LinkId::new(NOW, &SeededRandom::new(seed_of_id));
    UpstreamLink::new(id, UpstreamAccount { identity, label, tokens: None }, user(seed).id, NOW)
}

/// Adds a link in the first epochs of both.
fn add(link: UpstreamLink) -> Change {
    Change::InsertUpstreamLink(link, LinkEpochs::default())
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
        let changed = Connection { enabled: false, ..google.clone() };
        stores.work.commit(vec![update(changed.clone())]).await.unwrap();
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
        let link = link("google", "Subject|\u{d574}\u{ce58}", 1);
        stores.work.commit(vec![add(link.clone())]).await.unwrap();
        assert_eq!(stores.upstream_links.find(&link.identity).await.unwrap().as_ref(), Some(&link));
        for (slug, subject) in [("google", "subject|\u{d574}\u{ce58}"), ("kakao", "Subject|\u{d574}\u{ce58}")] {
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
        stores.work.commit(vec![add(link("google", "s", 1))]).await.unwrap();
        let again = vec![add(link("google", "s", 2))];
        assert_eq!(conflict(stores.work.commit(again).await), Conflict::Taken);
        let nowhere = vec![add(link("gone", "s", 1))];
        assert_eq!(conflict(stores.work.commit(nowhere).await), Conflict::Ended);
        let nobody = vec![add(link("google", "t", 9))];
        assert_eq!(conflict(stores.work.commit(nobody).await), Conflict::Ended);
    }

    async fn an_identity_of_a_deleted_account_is_linked_to_none_and_can_be_linked_anew() {
        furnished(&stores).await;
        let was = link("google", "s", 1);
        stores.work.commit(vec![add(was.clone())]).await.unwrap();
        let deletion = Change::DeleteUser(UserEdit::end_of_everything(user(1).id, NOW));
        stores.work.commit(vec![deletion]).await.unwrap();
        assert_eq!(stores.upstream_links.find(&was.identity).await.unwrap(), None);
        assert_eq!(stores.upstream_links.of_user(user(1).id).await.unwrap(), vec![]);
        assert_eq!(stores.upstream_links.count(connection("google").id).await.unwrap(), 0);
        let anew = UpstreamLink { id: LinkId::from_bytes([7; 16]), ..link("google", "s", 2) };
        stores.work.commit(vec![add(anew.clone())]).await.unwrap();
        stores.housekeeping.purge(NOW).await.unwrap();
        assert_eq!(stores.upstream_links.find(&was.identity).await.unwrap(), Some(anew));
        assert_eq!(conflict(stores.work.commit(vec![add(link("google", "t", 1))]).await), Conflict::Ended);
    }

    async fn a_link_is_made_in_the_epochs_it_was_decided_in_and_through_a_connection_that_may_be_used() {
        furnished(&stores).await;
        let kakao = Connection { enabled: false, ..connection("kakao") };
        stores.work.commit(vec![update(kakao)]).await.unwrap();
        let later = Epoch::default().next();
        let of_account = AccountEpochs { account: later, ..AccountEpochs::default() };
        let of_account = LinkEpochs { user: of_account, ..LinkEpochs::default() };
        let of_server = AccountEpochs { server: later, ..AccountEpochs::default() };
        let of_server = LinkEpochs { user: of_server, ..LinkEpochs::default() };
        let of_connection = LinkEpochs { connection: later, ..LinkEpochs::default() };
        for late in [
            Change::InsertUpstreamLink(link("google", "s", 1), of_account),
            Change::InsertUpstreamLink(link("google", "s", 1), of_server),
            Change::InsertUpstreamLink(link("google", "s", 1), of_connection),
            add(link("kakao", "s", 1)),
        ] {
            assert_eq!(conflict(stores.work.commit(vec![late]).await), Conflict::Ended);
        }
        let off = haechi::model::User { status: haechi::model::user::UserStatus::Disabled, ..user(2) };
        stores.work.commit(vec![Change::UpdateUser(off)]).await.unwrap();
        assert_eq!(conflict(stores.work.commit(vec![add(link("google", "s", 2))]).await), Conflict::Ended);
    }

    // A session or grant is known by the link that it came through: removed and made again is another one.
    async fn what_came_through_a_link_ends_when_it_is_removed_and_not_when_its_connection_goes() {
        furnished(&stores).await;
        let made = link("google", "s", 1);
        stores.work.commit(vec![password(1), add(made.clone())]).await.unwrap();
        let through = ConnectionEpoch { connection: made.identity.connection, epoch: Epoch::default(), link: Some(made.id) };
        let sign_in = SignInId::from_bytes([1; 16]);
        let unlinked = async || {
            stores.users.sign_in_status(user(1).id, sign_in.into(), Some(through)).await.unwrap().unwrap().unlinked
        };
        assert!(!unlinked().await);
        stores.work.commit(remove(&made)).await.unwrap();
        assert!(unlinked().await);
        let again = UpstreamLink { id: LinkId::from_bytes([9; 16]), ..made.clone() };
        stores.work.commit(vec![add(again)]).await.unwrap();
        assert!(unlinked().await, "linked again is not the link that it was");
        // Nor does a sign-in that was under way through the one that was removed make it that.
        assert_eq!(conflict(stores.work.commit(vec![touch(made.clone())]).await), Conflict::Stale);
        assert!(unlinked().await);
        stores.work.commit(vec![Change::DeleteConnection { id: made.identity.connection, ends: false }]).await.unwrap();
        stores.housekeeping.purge(NOW).await.unwrap();
        assert!(!unlinked().await, "the sessions of a connection that was deleted alone go on");
    }

    async fn of_a_hundred_who_link_an_identity_at_once_one_succeeds() {
        furnished(&stores).await;
        let won = race(|n| {
            let stores = stores.clone();
            async move {
                let new = haechi::model::User { version: 0, ..user(n + 100) };
                let linked = link("google", "s", n + 100);
                stores.work.commit(vec![Change::InsertUser(new), add(linked)]).await.is_ok()
            }
        });
        assert_eq!(won.await, 1);
        let winner = stores.upstream_links.find(&link("google", "s", 1).identity).await.unwrap().unwrap().user;
        let accounts = stores.users.list(&UserQuery::default(), 200).await.unwrap().items;
        assert_eq!(accounts.len(), 3, "those who lost left no account behind");
        assert!(accounts.iter().any(|account| account.id == winner));
    }

    async fn a_use_is_noted_on_the_persons_own_link_only() {
        furnished(&stores).await;
        let first = link("google", "s", 1);
        stores.work.commit(vec![add(first.clone())]).await.unwrap();
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
        stores.work.commit(vec![add(golden.clone())]).await.unwrap();
        let typed = UpstreamLink { id: golden.id, ..link("google", "number 7", 1) };
        let settle = |link: &UpstreamLink| {
            vec![Change::TouchUpstreamLink { was: golden.identity.subject.clone(), link: link.clone() }]
        };
        assert_eq!(conflict(stores.work.commit(settle(&UpstreamLink { user: user(2).id, ..typed.clone() })).await), Conflict::Stale);
        stores.work.commit(settle(&typed)).await.unwrap();
        assert_eq!(stores.upstream_links.find(&golden.identity).await.unwrap(), None);
        assert_eq!(stores.upstream_links.find(&typed.identity).await.unwrap().as_ref(), Some(&typed));
        assert_eq!(conflict(stores.work.commit(settle(&typed)).await), Conflict::Stale, "it is settled once");
        stores.work.commit(vec![add(other.clone())]).await.unwrap();
        let again = UpstreamLink { id: LinkId::from_bytes([8; 16]), ..golden.clone() };
        stores.work.commit(vec![add(again.clone())]).await.unwrap();
        let typed_again = UpstreamLink { id: again.id, ..typed };
        assert_eq!(conflict(stores.work.commit(settle(&typed_again)).await), Conflict::Taken);
        assert_eq!(stores.upstream_links.find(&other.identity).await.unwrap(), Some(other));
    }

    async fn tokens_are_kept_with_a_link_while_the_connection_keeps_any() {
        furnished(&stores).await;
        let keeping = |version| Connection { keep_tokens: true, version, ..connection("google") };
        let other = Connection { keep_tokens: true, ..connection("kakao") };
        stores.work.commit(vec![update(keeping(0)), update(other)]).await.unwrap();
        let with = |byte| UpstreamLink { tokens: Some(SealedTokens(vec![0, byte, 255])), ..link("google", "s", 1) };
        let others = UpstreamLink { tokens: Some(SealedTokens(vec![7])), ..link("kakao", "s", 1) };
        let stored = async || stores.upstream_links.find(&with(0).identity).await.unwrap().unwrap().tokens;
        stores.work.commit([with(1), others.clone()].map(add).into()).await.unwrap();
        assert_eq!(stored().await, with(1).tokens);
        stores.work.commit(vec![touch(with(2))]).await.unwrap();
        assert_eq!(stored().await, with(2).tokens);
        stores.work.commit(vec![update(Connection { label: "other".to_owned(), ..keeping(1) })]).await.unwrap();
        assert_eq!(stored().await, with(2).tokens);
        stores.work.commit(vec![update(Connection { keep_tokens: false, ..keeping(2) })]).await.unwrap();
        assert_eq!(stored().await, None);
        // Those that came before and are noted later are not kept either.
        stores.work.commit(vec![touch(with(3))]).await.unwrap();
        assert_eq!(stored().await, None);
        assert_eq!(stores.upstream_links.find(&others.identity).await.unwrap().unwrap().tokens, others.tokens);
    }

    async fn the_last_way_in_stays() {
        furnished(&stores).await;
        let (google, kakao) = (link("google", "s", 1), link("kakao", "s", 1));
        let both = [&google, &kakao].map(|link| add(link.clone()));
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
        stores.work.commit(links.into_iter().map(add).collect()).await.unwrap();
        let won = race(|n| {
            let work = stores.work.clone();
            async move { work.commit(remove(&link("google", &n.to_string(), 1))).await.is_ok() }
        });
        assert_eq!(won.await, 99);
        assert_eq!(stores.upstream_links.of_user(user(1).id).await.unwrap().len(), 1);
    }

    async fn deleting_a_connection_deletes_its_links() {
        furnished(&stores).await;
        stores.work.commit(vec![add(link("google", "s", 1))]).await.unwrap();
        stores.work.commit(vec![Change::DeleteConnection { id: connection("google").id, ends: true }]).await.unwrap();
        assert_eq!(stores.connections.find(connection("google").id).await.unwrap(), None);
        assert_eq!(stores.upstream_links.of_user(user(1).id).await.unwrap(), vec![]);
        assert_eq!(stores.housekeeping.purge(NOW).await.unwrap(), 1, "its rows go later");
        // Its name is free, and what came through it is known by the epoch that it ended in.
        let again = Connection { id: connection("again").id, ..connection("google") };
        stores.work.commit(vec![insert(again.clone())]).await.unwrap();
        assert_eq!(stores.connections.all().await.unwrap().iter().map(|one| one.id).collect::<Vec<_>>(), [again.id, connection("kakao").id]);
        let through = ConnectionEpoch { connection: connection("google").id, epoch: Epoch::default(), link: None };
        let status = stores.users.sign_in_status(user(1).id, SignInId::from_bytes([1; 16]).into(), Some(through)).await;
        assert_eq!(status.unwrap().unwrap().connection_epoch, Some(Epoch::default().next()));
    }
}
