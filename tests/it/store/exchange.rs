//! Codes and refresh tokens that one statement decides on: it says what a look afterwards says, and where anything is not as it must be it changes nothing.

use std::time::Duration;

use futures_util::future::join_all;
use haechi::model::client::ClientId;
use haechi::model::consent::Consent;
use haechi::model::grant::{Grant, GrantTerms, TicketKind};
use haechi::protocol::ScopeSet;
use haechi::protocol::confirmation::Confirmation;
use haechi::protocol::pkce::CodeChallenge;
use haechi::store::{BackedGrant, Change, CodeExchange, Exchange, NextRefreshToken, RefreshExchange, Stores};
use haechi::support::Digest;

use super::grants::{add, grant, race, slot};
use super::{NOW, on_every_database};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// What is done to a request that is right in everything, and what it is then.
type Otherwise<R> = (&'static str, fn(&mut R));

/// A grant with offline access.
fn offline(seed: u64) -> Grant {
    let made = grant(seed);
    let terms = GrantTerms { scope: ScopeSet::parse("openid offline_access").unwrap(), ..made.terms };
    Grant { terms, ..made }
}

fn refreshable(seed: u64) -> Grant {
    Grant { refresh: Some(slot(0, None)), ..offline(seed) }
}

fn next(generation: u32) -> NextRefreshToken {
    NextRefreshToken { digest: slot(generation, None).current, idle_end: NOW.plus(10 * DAY), longest: 90 * DAY }
}

/// What a request of the grant's client rests on that is right in everything.
fn exchange(grant: &Grant, generation: u32) -> Exchange {
    Exchange {
        grant: grant.id,
        client: grant.client.clone(),
        client_version: 0,
        needs_consent: false,
        now: NOW.plus(MINUTE / 2),
        tokens_end: NOW.plus(2 * MINUTE),
        next: Some(next(generation)),
    }
}

pub fn code(grant: &Grant) -> CodeExchange {
    let ticket = grant.ticket.as_ref().unwrap();
    let TicketKind::AuthorizationCode { redirect_uri, challenge } = ticket.kind.clone() else { panic!("{ticket:?}") };
    CodeExchange { exchange: exchange(grant, 0), digest: ticket.digest, redirect_uri, challenge }
}

pub fn refresh(grant: &Grant) -> RefreshExchange {
    RefreshExchange { exchange: exchange(grant, 1), generation: 0, current: slot(0, None).current }
}

/// The grant as it is found afterwards.
async fn found(stores: &Stores, grant: &Grant) -> BackedGrant {
    stores.grants.find_backed(grant.id).await.unwrap().unwrap()
}

/// Whether what a statement answered is what is found afterwards.
async fn is_as_found(stores: &Stores, answered: &BackedGrant) {
    let found = found(stores, &answered.grant).await;
    assert_eq!(answered.grant, found.grant);
    assert_eq!(answered.user, found.user);
    assert_eq!(answered.client, found.client);
}

async fn end_sign_in(stores: &Stores, grant: &Grant) {
    let sign_in = grant.sign_in.unwrap();
    stores.work.commit(vec![Change::EndSignIn { id: sign_in, until: NOW.plus(DAY) }]).await.unwrap();
}

on_every_database! {
    stores;

    async fn a_code_is_exchanged_once_and_the_answer_is_the_grant_as_it_is_then() {
        let grant = offline(1);
        add(&stores, grant.clone()).await;
        let answered = stores.grants.exchange_code(code(&grant)).await.unwrap().unwrap();
        is_as_found(&stores, &answered).await;
        let now = NOW.plus(MINUTE / 2);
        let placed = answered.grant.refresh.clone().unwrap();
        assert_eq!((placed.generation, placed.current, placed.previous), (0, next(0).digest, None));
        assert_eq!((placed.rotated_at, placed.expires_at), (now, next(0).idle_end));
        assert_eq!(answered.grant.ticket.as_ref().unwrap().used_at, Some(now));
        assert_eq!(answered.grant.expires_at, next(0).idle_end);
        assert!(stores.grants.exchange_code(code(&grant)).await.unwrap().is_none());
        is_as_found(&stores, &answered).await;
    }

    async fn no_refresh_token_is_put_in_place_that_nobody_asked_for_or_that_the_client_may_not_have() {
        let (online, without) = (grant(1), offline(2));
        for grant in [&online, &without] {
            add(&stores, grant.clone()).await;
        }
        let none = code(&without);
        let none = CodeExchange { exchange: Exchange { next: None, ..none.exchange.clone() }, ..none };
        for wanted in [code(&online), none] {
            let answered = stores.grants.exchange_code(wanted).await.unwrap().unwrap();
            assert_eq!(answered.grant.refresh, None);
            assert_eq!(answered.grant.expires_at, NOW.plus(2 * MINUTE));
            is_as_found(&stores, &answered).await;
        }
    }

    async fn a_refresh_token_is_exchanged_once_and_the_answer_is_the_grant_as_it_is_then() {
        let grant = refreshable(1);
        add(&stores, grant.clone()).await;
        let answered = stores.grants.exchange_refresh_token(refresh(&grant)).await.unwrap().unwrap();
        is_as_found(&stores, &answered).await;
        let placed = answered.grant.refresh.clone().unwrap();
        assert_eq!((placed.generation, placed.current), (1, next(1).digest));
        assert_eq!(placed.previous, Some(slot(0, None).current), "which may be tried again for a while");
        assert_eq!(placed.expires_at, next(1).idle_end);
        assert!(stores.grants.exchange_refresh_token(refresh(&grant)).await.unwrap().is_none());
        is_as_found(&stores, &answered).await;
    }

    async fn no_refresh_token_outlives_what_a_family_may() {
        let grant = refreshable(1);
        add(&stores, grant.clone()).await;
        let wanted = refresh(&grant);
        let short = NextRefreshToken { longest: 3 * MINUTE, ..next(1) };
        let wanted = RefreshExchange { exchange: Exchange { next: Some(short), ..wanted.exchange.clone() }, ..wanted };
        let answered = stores.grants.exchange_refresh_token(wanted).await.unwrap().unwrap();
        assert_eq!(answered.grant.refresh.unwrap().expires_at, NOW.plus(3 * MINUTE));
    }

    async fn a_code_that_anything_is_otherwise_of_stays_as_it_is() {
        let grant = offline(1);
        add(&stores, grant.clone()).await;
        let before = found(&stores, &grant).await;
        let otherwise: [Otherwise<CodeExchange>; 10] = [
            ("another code", |it| it.digest = Digest::of("code", b"another")),
            ("another redirect URI", |it| it.redirect_uri = Some("https://shop.example/other".to_owned())),
            ("no redirect URI", |it| it.redirect_uri = None),
            ("another verifier", |it| it.challenge = Some(CodeChallenge::of("another"))),
            ("no verifier", |it| it.challenge = None),
            ("another client", |it| it.exchange.client = ClientId::parse("other").unwrap()),
            ("the client as it was", |it| it.exchange.client_version = 7),
            ("consent that is not there", |it| it.exchange.needs_consent = true),
            ("too late", |it| it.exchange.now = NOW.plus(MINUTE)),
            ("another grant", |it| it.exchange.grant = grant_of_nobody()),
        ];
        for (what, change) in otherwise {
            let mut wanted = code(&grant);
            change(&mut wanted);
            assert!(stores.grants.exchange_code(wanted).await.unwrap().is_none(), "{what}");
            assert_eq!(found(&stores, &grant).await.grant, before.grant, "{what}");
        }
        assert!(stores.grants.exchange_code(code(&grant)).await.unwrap().is_some());
    }

    async fn a_refresh_token_that_anything_is_otherwise_of_stays_as_it_is() {
        let grant = refreshable(1);
        add(&stores, grant.clone()).await;
        let before = found(&stores, &grant).await;
        let otherwise: [Otherwise<RefreshExchange>; 6] = [
            ("another token", |it| it.current = Digest::of("refresh", b"another")),
            ("another generation", |it| it.generation = 1),
            ("another client", |it| it.exchange.client = ClientId::parse("other").unwrap()),
            ("the client as it was", |it| it.exchange.client_version = 7),
            ("consent that is not there", |it| it.exchange.needs_consent = true),
            ("too late", |it| it.exchange.now = NOW.plus(30 * DAY)),
        ];
        for (what, change) in otherwise {
            let mut wanted = refresh(&grant);
            change(&mut wanted);
            assert!(stores.grants.exchange_refresh_token(wanted).await.unwrap().is_none(), "{what}");
            assert_eq!(found(&stores, &grant).await.grant, before.grant, "{what}");
        }
        assert!(stores.grants.exchange_refresh_token(refresh(&grant)).await.unwrap().is_some());
    }

    async fn consent_is_enough_where_it_is_needed() {
        let grant = refreshable(1);
        add(&stores, grant.clone()).await;
        let consent = Consent { user: grant.user, client: grant.client.clone(), scope: grant.terms.scope.clone(), granted_at: NOW };
        stores.work.commit(vec![Change::PutConsent(consent)]).await.unwrap();
        let wanted = refresh(&grant);
        let wanted = RefreshExchange { exchange: Exchange { needs_consent: true, ..wanted.exchange.clone() }, ..wanted };
        assert!(stores.grants.exchange_refresh_token(wanted).await.unwrap().is_some());
    }

    async fn what_is_bound_to_a_key_is_left_to_those_who_compare_keys() {
        let bound = |made: Grant| {
            let cnf = Some(Confirmation::JwkThumbprint("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I".to_owned()));
            Grant { terms: GrantTerms { cnf, ..made.terms }, ..made }
        };
        let (first, second) = (bound(offline(1)), bound(refreshable(2)));
        add(&stores, first.clone()).await;
        add(&stores, second.clone()).await;
        assert!(stores.grants.exchange_code(code(&first)).await.unwrap().is_none());
        assert!(stores.grants.exchange_refresh_token(refresh(&second)).await.unwrap().is_none());
    }

    async fn signing_out_ends_what_does_not_outlive_the_sign_in() {
        let (online, offline) = (grant(1), refreshable(2));
        for grant in [&online, &offline] {
            add(&stores, grant.clone()).await;
            end_sign_in(&stores, grant).await;
        }
        assert!(stores.grants.exchange_code(code(&online)).await.unwrap().is_none());
        let refreshed = stores.grants.exchange_refresh_token(refresh(&offline)).await.unwrap().unwrap();
        is_as_found(&stores, &refreshed).await;
    }

    async fn of_a_hundred_who_exchange_the_same_at_once_one_succeeds() {
        for seed in 0..3 {
            let (of_code, of_token) = (offline(2 * seed), refreshable(2 * seed + 1));
            add(&stores, of_code.clone()).await;
            add(&stores, of_token.clone()).await;
            let codes = race(|_| {
                let (grants, wanted) = (stores.grants.clone(), code(&of_code));
                async move { grants.exchange_code(wanted).await.unwrap().is_some() }
            });
            assert_eq!(codes.await, 1);
            let tokens = race(|_| {
                let (grants, wanted) = (stores.grants.clone(), refresh(&of_token));
                async move { grants.exchange_refresh_token(wanted).await.unwrap().is_some() }
            });
            assert_eq!(tokens.await, 1);
        }
    }

    async fn each_of_many_that_share_a_statement_gets_its_own_answer() {
        let grants: Vec<Grant> = (0..70).map(refreshable).collect();
        for grant in &grants {
            add(&stores, grant.clone()).await;
        }
        let wanted = |(at, grant): (usize, &Grant)| {
            let mut wanted = refresh(grant);
            wanted.generation = u32::from(at % 3 == 0);
            stores.grants.exchange_refresh_token(wanted)
        };
        let answers = join_all(grants.iter().enumerate().map(wanted)).await;
        for (at, (answer, grant)) in answers.into_iter().zip(&grants).enumerate() {
            let answer = answer.unwrap();
            assert_eq!(answer.as_ref().map(|backed| backed.grant.id), (at % 3 != 0).then_some(grant.id));
        }
    }
}

fn grant_of_nobody() -> haechi::support::id::GrantId {
    grant(99).id
}
