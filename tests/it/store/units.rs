//! Units of work: all or nothing, one-time tokens, the claim of the server, the revision, the audit log.

use std::time::Duration;

use haechi::model::audit_event::{Actor, AuditEvent, AuditKind};
use haechi::model::one_time_token::{MOST_TRIES, OneTimeToken, OneTimeTokenPurpose};
use haechi::store::{Change, Conflict, GrantFilter, UserQuery};
use haechi::support::id::OneTimeTokenId;
use haechi::support::{Digest, SeededRandom, Timestamp};

use super::clients::{client, consent};
use super::grants::{self, grant, race};
use super::users::{administrator, conflict, user};
use super::{NOW, on_every_database};

const HOUR: Duration = Duration::from_hours(1);

pub fn token(seed: u64) -> OneTimeToken {
    OneTimeToken {
        id: OneTimeTokenId::new(NOW, &SeededRandom::new(seed)),
        purpose: OneTimeTokenPurpose::ClaimServer,
        digest: Digest::of("test", &seed.to_be_bytes()),
        user: None,
        address: None,
        epoch: None,
        browser: None,
        code: None,
        sealed: None,
        created_at: NOW,
        expires_at: NOW.plus(HOUR),
    }
}

fn take(token: &OneTimeToken, now: Timestamp) -> Change {
    Change::TakeOneTimeToken { id: token.id, digest: token.digest, now }
}

fn event(seconds: u64) -> AuditEvent {
    let at = NOW.plus(Duration::from_secs(seconds));
    AuditEvent::new(AuditKind::SignedIn, Actor::User(user(1).id), at, &SeededRandom::new(seconds))
        .saying("line\nbreak \0")
}

on_every_database! {
    stores;

    async fn a_unit_happens_as_a_whole_or_not_at_all() {
        grants::add(&stores, grant(1)).await;
        let revision = stores.revision.revision().await.unwrap();
        let doomed = vec![
            Change::InsertUser(user(1)),
            Change::InsertClient(client("new")),
            Change::RevokeGrants(GrantFilter::One(grant(1).id), NOW),
            Change::Audit(event(1)),
            take(&token(1), NOW),
        ];
        assert_eq!(conflict(stores.work.commit(doomed).await), Conflict::TokenSpent);
        assert_eq!(stores.users.find(user(1).id).await.unwrap(), None);
        assert_eq!(stores.clients.find(&client("new").id).await.unwrap(), None);
        assert_eq!(stores.grants.find(grant(1).id).await.unwrap(), Some(grant(1)));
        assert!(stores.audit.list(None, 10).await.unwrap().items.is_empty());
        assert_eq!(stores.revision.revision().await.unwrap(), revision);
    }

    async fn a_failed_unit_spares_its_neighbours() {
        stores.work.commit(vec![Change::InsertUser(user(0))]).await.unwrap();
        // Every second one fails, beside writes of another kind.
        let won = race(|n| {
            let stores = stores.clone();
            async move {
                grants::add(&stores, grant(n.into())).await;
                let added = if n % 2 == 0 { user(n + 1) } else { user(0) };
                stores.work.commit(vec![Change::Audit(event(n.into())), Change::InsertUser(added)]).await.is_ok()
            }
        });
        assert_eq!(won.await, 50);
        assert_eq!(stores.users.list(&UserQuery::default(), 200).await.unwrap().items.len(), 51 + 100, "and the owners of the grants");
        assert_eq!(stores.audit.list(None, 200).await.unwrap().items.len(), 50);
    }

    async fn an_empty_unit_is_nothing() {
        stores.work.commit(vec![]).await.unwrap();
    }

    async fn a_one_time_token_works_once_in_its_time() {
        let token = token(1);
        let commit = |change| stores.work.commit(vec![change]);
        assert_eq!(conflict(commit(take(&token, NOW)).await), Conflict::TokenSpent);
        commit(Change::InsertOneTimeToken(token.clone())).await.unwrap();
        assert_eq!(conflict(commit(Change::InsertOneTimeToken(token.clone())).await), Conflict::Taken);
        let wrong = OneTimeToken { digest: Digest::of("test", b"wrong"), ..token.clone() };
        assert_eq!(conflict(commit(take(&wrong, NOW)).await), Conflict::TokenSpent);
        assert_eq!(conflict(commit(take(&token, token.expires_at)).await), Conflict::TokenSpent);
        commit(take(&token, NOW)).await.unwrap();
        assert_eq!(conflict(commit(take(&token, NOW)).await), Conflict::TokenSpent);
    }

    async fn a_one_time_token_that_is_renewed_has_another_text_and_is_tried_anew() {
        let browser = Digest::of("test", b"browser");
        let code = |text: &[u8]| Some(Digest::of("test", text));
        let old = OneTimeToken { browser: Some(browser), code: code(b"old"), sealed: Some(b"kept".to_vec()), ..token(1) };
        let until = old.expires_at.plus(HOUR);
        let new = OneTimeToken { digest: token(2).digest, code: code(b"new"), expires_at: until, ..old.clone() };
        let commit = |change| stores.work.commit(vec![change]);
        let attempt = || commit(Change::TryCode { id: old.id, browser, now: NOW });
        let renew = |seen: &OneTimeToken, token: &OneTimeToken, now: Timestamp| {
            commit(Change::RenewOneTimeToken { seen: seen.digest, token: token.clone(), now })
        };
        assert_eq!(conflict(renew(&old, &new, NOW).await), Conflict::TokenSpent);
        commit(Change::InsertOneTimeToken(old.clone())).await.unwrap();
        for _ in 0..MOST_TRIES {
            attempt().await.unwrap();
        }
        renew(&old, &old, NOW).await.unwrap();
        assert_eq!(conflict(attempt().await), Conflict::TokenSpent, "one that stays as it is was tried as often as it was");
        renew(&old, &new, NOW).await.unwrap();
        attempt().await.unwrap();
        let found = stores.one_time_tokens.find_in_browser(old.id, browser, old.expires_at).await.unwrap();
        assert_eq!(found, Some(new.clone()));
        for spent in [take(&old, NOW), Change::RenewOneTimeToken { seen: old.digest, token: old.clone(), now: NOW }] {
            assert_eq!(conflict(commit(spent).await), Conflict::TokenSpent);
        }
        assert_eq!(conflict(renew(&new, &new, until).await), Conflict::TokenSpent);
        commit(take(&new, NOW)).await.unwrap();
        assert_eq!(conflict(renew(&new, &old, NOW).await), Conflict::TokenSpent);
    }

    async fn of_a_hundred_who_renew_a_token_at_once_one_succeeds() {
        stores.work.commit(vec![Change::InsertOneTimeToken(token(1))]).await.unwrap();
        let won = race(|n| {
            let work = stores.work.clone();
            let renewed = OneTimeToken { digest: Digest::of("race", &n.to_be_bytes()), ..token(1) };
            let change = Change::RenewOneTimeToken { seen: token(1).digest, token: renewed, now: NOW };
            async move { work.commit(vec![change]).await.is_ok() }
        });
        assert_eq!(won.await, 1);
    }

    async fn unused_tokens_of_a_purpose_are_forgotten() {
        for token in [token(1), token(2)] {
            stores.work.commit(vec![Change::InsertOneTimeToken(token)]).await.unwrap();
        }
        stores.work.commit(vec![Change::DropOneTimeTokens(OneTimeTokenPurpose::ClaimServer)]).await.unwrap();
        assert_eq!(conflict(stores.work.commit(vec![take(&token(2), NOW)]).await), Conflict::TokenSpent);
    }

    async fn of_a_hundred_who_take_a_token_at_once_one_succeeds() {
        stores.work.commit(vec![Change::InsertOneTimeToken(token(1))]).await.unwrap();
        let won = race(|n| {
            let work = stores.work.clone();
            async move { work.commit(vec![take(&token(1), NOW), Change::Audit(event(n.into()))]).await.is_ok() }
        });
        assert_eq!(won.await, 1);
        assert_eq!(stores.audit.list(None, 200).await.unwrap().items.len(), 1);
    }

    async fn of_a_hundred_who_claim_the_server_at_once_one_succeeds() {
        assert!(!stores.users.is_claimed().await.unwrap());
        let won = race(|n| {
            let work = stores.work.clone();
            let changes = vec![Change::ClaimServer(NOW), Change::InsertUser(administrator(n))];
            async move { work.commit(changes).await.is_ok() }
        });
        assert_eq!(won.await, 1);
        assert!(stores.users.is_claimed().await.unwrap());
        assert_eq!(stores.users.list(&UserQuery::default(), 200).await.unwrap().items.len(), 1);
        assert_eq!(conflict(stores.work.commit(vec![Change::ClaimServer(NOW)]).await), Conflict::AlreadyClaimed);
    }

    async fn the_revision_counts_what_nodes_cache() {
        let revision = async || stores.revision.revision().await.unwrap();
        let before = revision().await;
        let added = vec![Change::InsertUser(user(1)), Change::InsertClient(client("shop"))];
        stores.work.commit(added).await.unwrap();
        let after = revision().await;
        assert!(after > before);
        let uncached = vec![Change::Audit(event(1)), Change::InsertOneTimeToken(token(1))];
        stores.work.commit(uncached).await.unwrap();
        assert_eq!(revision().await, after);
        let of_people = [
            vec![Change::InsertUser(user(2))],
            vec![Change::UpdateUser(user(1))],
            vec![Change::PutConsent(consent(user(1).id, "shop", "openid"))],
            vec![Change::WithdrawConsent(user(1).id, client("shop").id)],
            vec![Change::EndEverything(NOW)],
        ];
        for changes in of_people {
            stores.work.commit(changes).await.unwrap();
            assert_eq!(revision().await, after, "what people do empties no cache");
        }
        for change in [Change::UpdateClient(client("shop")), Change::DeleteClient(client("shop").id)] {
            let before = revision().await;
            stores.work.commit(vec![change]).await.unwrap();
            assert!(revision().await > before);
        }
    }

    async fn the_audit_log_comes_newest_first() {
        for seconds in 1..=3 {
            stores.work.commit(vec![Change::Audit(event(seconds))]).await.unwrap();
        }
        let first = stores.audit.list(None, 2).await.unwrap();
        assert_eq!((first.items, first.more), (vec![event(3), event(2)], true));
        let second = stores.audit.list(Some(event(2).id), 2).await.unwrap();
        assert_eq!((second.items, second.more), (vec![event(1)], false));
    }
}
