//! Grants: codes are redeemed once, refresh tokens rotate once, revocation is for good.

use std::time::Duration;

use haechi::model::client::ClientId;
use haechi::model::epoch::Epoch;
use haechi::model::grant::{Grant, GrantTerms, RefreshSlot, Ticket, TicketKind};
use haechi::model::user::{EmailAddress, User};
use haechi::protocol::ScopeSet;
use haechi::protocol::claims::ClaimsRequest;
use haechi::protocol::pkce::CodeChallenge;
use haechi::protocol::resource::Resource;
use haechi::store::{Change, CodeRedemption, Conflict, GrantFilter, RefreshRotation, StoreError, Stores};
use haechi::support::id::{GrantId, UserId};
use haechi::support::{Digest, SeededRandom, Timestamp};

use super::clients::client;
use super::users::user;
use super::{NOW, on_every_database};
use crate::support::builders;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

pub fn grant(seed: u64) -> Grant {
    let random = SeededRandom::new(seed);
    let (id, user) = (GrantId::new(NOW, &random), UserId::new(NOW, &random));
    let sign_in = builders::sign_in(user, NOW, &random);
    let terms = GrantTerms {
        resources: vec![Resource::parse("https://api.example/v1").unwrap()],
        claims: ClaimsRequest::parse(r#"{"userinfo":{"email":null}}"#).unwrap(),
        claims_locales: vec!["ko".to_owned()],
        nonce: Some("n\0\u{1F43B}'\"--".to_owned()),
        auth_time_wanted: true,
        ..GrantTerms::new(ScopeSet::parse("openid profile").unwrap(), &sign_in)
    };
    let code = Ticket::code(
        Digest::of("code", &seed.to_be_bytes()),
        Some("https://shop.example/cb?a='b'".to_owned()),
        CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", Some("S256")).ok(),
        NOW.plus(MINUTE),
    );
    let client = (ClientId::parse("shop").unwrap(), Epoch::default());
    Grant::new(id, client, &sign_in, terms, code, NOW)
}

/// Adds a grant, with the account and the client that it rests on where they are not there yet.
pub async fn add(stores: &Stores, grant: Grant) {
    if stores.users.find(grant.user).await.unwrap().is_none() {
        let email = EmailAddress::parse(&format!("{}@example.com", grant.user)).unwrap();
        let user = User { id: grant.user, email, ..user(0) };
        stores.work.commit(vec![Change::InsertUser(user)]).await.unwrap();
    }
    if stores.clients.find(&grant.client).await.unwrap().is_none() {
        // Others may add it at the same time.
        let _ = stores.work.commit(vec![Change::InsertClient(client(grant.client.as_str()))]).await;
    }
    stores.grants.insert(grant).await.unwrap();
}

pub fn slot(generation: u32, previous: Option<u32>) -> RefreshSlot {
    let token = |generation: u32| Digest::of("refresh", &generation.to_be_bytes());
    RefreshSlot {
        generation,
        current: token(generation),
        previous: previous.map(token),
        rotated_at: NOW.plus(MINUTE),
        expires_at: NOW.plus(30 * DAY),
    }
}

/// Runs something a hundred times at once and counts how often it said yes.
pub async fn race<F>(run: impl Fn(u32) -> F) -> usize
where
    F: Future<Output = bool> + Send + 'static,
{
    let racers: Vec<_> = (0..100).map(|n| tokio::spawn(run(n))).collect();
    let mut yes = 0;
    for racer in racers {
        yes += usize::from(racer.await.unwrap());
    }
    yes
}

on_every_database! {
    stores;

    async fn a_grant_survives_the_store() {
        let full = Grant {
            refresh: Some(slot(4, Some(3))),
            revoked_at: Some(NOW),
            ticket: grant(1).ticket.map(|ticket| Ticket { used_at: Some(NOW), ..ticket }),
            ..grant(1)
        };
        let bare = TicketKind::AuthorizationCode { redirect_uri: None, challenge: None };
        let bare = Grant { ticket: grant(2).ticket.map(|ticket| Ticket { kind: bare, ..ticket }), ..grant(2) };
        for grant in [full, bare] {
            add(&stores, grant.clone()).await;
            assert_eq!(stores.grants.find(grant.id).await.unwrap(), Some(grant));
        }
        assert_eq!(stores.grants.find(grant(3).id).await.unwrap(), None);
    }

    async fn nothing_is_behind_a_token_that_was_revoked_by_itself() {
        let (one, other) = (Digest::of("jti", b"one"), Digest::of("jti", b"other"));
        add(&stores, grant(1)).await;
        add(&stores, grant(2)).await;
        let behind = async |token, seed| {
            let backed = stores.grants.find_behind(token, grant(seed).id).await.unwrap();
            backed.map(|backed| backed.grant.id)
        };
        assert_eq!(behind(one, 1).await, Some(grant(1).id));
        stores.revoked_tokens.revoke(one, NOW.plus(DAY)).await.unwrap();
        let both = futures_util::future::join(behind(one, 1), behind(other, 1)).await;
        assert_eq!(both, (None, Some(grant(1).id)), "also where both are asked for at once");
        assert_eq!(behind(other, 2).await, Some(grant(2).id));
        assert_eq!(behind(other, 3).await, None);
    }

    async fn an_id_is_taken_once() {
        add(&stores, grant(1)).await;
        let again = stores.grants.insert(grant(1)).await;
        assert!(matches!(again, Err(StoreError::Conflict(Conflict::Taken))), "{again:?}");
    }

    async fn redeeming_puts_the_refresh_token_in_place() {
        let grant = grant(1);
        add(&stores, grant.clone()).await;
        let (now, end) = (NOW.plus(MINUTE), NOW.plus(30 * DAY));
        let found = stores.grants.redeem_code(grant.id, now, Some(slot(0, None)), end).await.unwrap();
        assert_eq!(found, CodeRedemption::Fresh);
        let stored = stores.grants.find(grant.id).await.unwrap().unwrap();
        assert_eq!(stored.refresh, Some(slot(0, None)));
        assert_eq!((stored.ticket.as_ref().unwrap().used_at, stored.expires_at), (Some(now), end));
        let again = stores.grants.redeem_code(grant.id, now, Some(slot(7, None)), end).await.unwrap();
        assert_eq!(again, CodeRedemption::AlreadyUsed);
        assert_eq!(stores.grants.find(grant.id).await.unwrap(), Some(stored));
    }

    async fn a_code_of_nobody_or_of_a_revoked_grant_is_unknown() {
        let grant = grant(1);
        let redeem = || stores.grants.redeem_code(grant.id, NOW, None, NOW);
        assert_eq!(redeem().await.unwrap(), CodeRedemption::Unknown);
        add(&stores, grant.clone()).await;
        stores.grants.revoke(&GrantFilter::One(grant.id), NOW).await.unwrap();
        assert_eq!(redeem().await.unwrap(), CodeRedemption::Unknown);
    }

    async fn a_burned_code_counts_as_used() {
        let grant = grant(1);
        add(&stores, grant.clone()).await;
        stores.grants.burn_code(grant.id, NOW).await.unwrap();
        stores.grants.burn_code(grant.id, NOW.plus(DAY)).await.unwrap();
        assert_eq!(stores.grants.find(grant.id).await.unwrap().unwrap().ticket.unwrap().used_at, Some(NOW));
        assert_eq!(stores.grants.redeem_code(grant.id, NOW, None, NOW).await.unwrap(), CodeRedemption::AlreadyUsed);
    }

    async fn of_a_hundred_who_redeem_at_once_one_succeeds() {
        for seed in 0..3 {
            let id = grant(seed).id;
            add(&stores, grant(seed)).await;
            let fresh = race(|n| {
                let grants = stores.grants.clone();
                async move {
                    grants.redeem_code(id, NOW, Some(slot(n, None)), NOW).await.unwrap() == CodeRedemption::Fresh
                }
            });
            assert_eq!(fresh.await, 1);
        }
    }

    async fn a_rotation_needs_the_slot_as_expected() {
        let grant = grant(1);
        add(&stores, grant.clone()).await;
        let rotate = |expected: RefreshSlot, next: RefreshSlot| {
            let grants = stores.grants.clone();
            async move { grants.rotate(grant.id, &expected, next, NOW.plus(31 * DAY)).await.unwrap() }
        };
        assert_eq!(rotate(slot(0, None), slot(1, None)).await, RefreshRotation::Lost, "there is no refresh token yet");
        stores.grants.redeem_code(grant.id, NOW, Some(slot(0, None)), NOW.plus(30 * DAY)).await.unwrap();
        let other_digest = RefreshSlot { current: Digest::of("refresh", b"other"), ..slot(0, None) };
        assert_eq!(rotate(other_digest, slot(1, None)).await, RefreshRotation::Lost);
        assert_eq!(rotate(slot(1, None), slot(1, None)).await, RefreshRotation::Lost);
        assert_eq!(rotate(slot(0, None), slot(1, Some(0))).await, RefreshRotation::Fresh);
        assert_eq!(rotate(slot(0, None), slot(1, Some(0))).await, RefreshRotation::Lost);
        let stored = stores.grants.find(grant.id).await.unwrap().unwrap();
        assert_eq!((stored.refresh, stored.expires_at), (Some(slot(1, Some(0))), NOW.plus(31 * DAY)));
    }

    async fn a_revoked_grant_does_not_rotate() {
        let grant = Grant { refresh: Some(slot(0, None)), ..grant(1) };
        add(&stores, grant.clone()).await;
        assert_eq!(stores.grants.revoke(&GrantFilter::One(grant.id), NOW).await.unwrap(), 1);
        let rotated = stores.grants.rotate(grant.id, &slot(0, None), slot(1, Some(0)), NOW).await.unwrap();
        assert_eq!(rotated, RefreshRotation::Lost);
    }

    async fn of_a_hundred_who_rotate_at_once_one_succeeds() {
        for seed in 0..3 {
            let grant = Grant { refresh: Some(slot(0, None)), ..grant(seed) };
            let id = grant.id;
            add(&stores, grant).await;
            let fresh = race(|n| {
                let grants = stores.grants.clone();
                async move {
                    grants.rotate(id, &slot(0, None), slot(1 + n, Some(0)), NOW).await.unwrap() == RefreshRotation::Fresh
                }
            });
            assert_eq!(fresh.await, 1);
        }
    }

    async fn settling_forgets_the_previous_token_of_that_generation_only() {
        let grant = Grant { refresh: Some(slot(4, Some(3))), ..grant(1) };
        add(&stores, grant.clone()).await;
        stores.grants.forget_previous_refresh_token(grant.id, 3).await.unwrap();
        assert_eq!(stores.grants.find(grant.id).await.unwrap().unwrap().refresh, Some(slot(4, Some(3))));
        stores.grants.forget_previous_refresh_token(grant.id, 4).await.unwrap();
        assert_eq!(stores.grants.find(grant.id).await.unwrap().unwrap().refresh, Some(slot(4, None)));
    }

    async fn each_filter_revokes_what_it_names_once() {
        let offline = |mut grant: Grant| {
            grant.terms.scope = ScopeSet::parse("openid offline_access").unwrap();
            grant
        };
        let first = grant(1);
        let same_sign_in = Grant { user: first.user, sign_in: first.sign_in, ..offline(grant(2)) };
        let other_client = Grant { user: first.user, client: ClientId::parse("blog").unwrap(), ..grant(3) };
        let other_user = grant(4);
        for grant in [&first, &same_sign_in, &other_client, &other_user] {
            add(&stores, grant.clone()).await;
        }
        let revoke = async |filter| stores.grants.revoke(&filter, NOW).await.unwrap();
        assert_eq!(revoke(GrantFilter::OfSignIn(first.sign_in.unwrap())).await, 1, "offline access outlives the sign-in");
        assert_eq!(revoke(GrantFilter::One(same_sign_in.id)).await, 1);
        assert_eq!(revoke(GrantFilter::One(other_client.id)).await, 1);
        assert_eq!(revoke(GrantFilter::One(other_user.id)).await, 1);
        assert_eq!(revoke(GrantFilter::One(first.id)).await, 0);
        for grant in [first, same_sign_in, other_client, other_user] {
            assert_eq!(stores.grants.find(grant.id).await.unwrap().unwrap().revoked_at, Some(NOW));
        }
    }

    async fn the_live_grants_of_a_person_come_newest_first() {
        let user = grant(1).user;
        let at = |seconds: i64| NOW.plus(Duration::from_secs(seconds.unsigned_abs()));
        let made = |seconds: i64, seed: u64| Grant { id: GrantId::new(at(seconds), &SeededRandom::new(seed)), user, ..grant(seed) };
        let (old, new) = (made(1, 1), made(2, 2));
        let expired = Grant { expires_at: NOW, ..made(3, 3) };
        let revoked = Grant { revoked_at: Some(NOW), ..made(4, 4) };
        for grant in [&new, &old, &expired, &revoked, &grant(5)] {
            add(&stores, grant.clone()).await;
        }
        assert_eq!(stores.grants.of_user(user, NOW).await.unwrap(), vec![new, old]);
    }

    async fn a_grant_may_have_another_ticket_or_none_and_no_sign_in() {
        let ticket = |kind| Ticket { kind, ..grant(1).ticket.unwrap() };
        for (seed, ticket) in [
            (1, Some(ticket(TicketKind::DeviceCode))),
            (2, Some(ticket(TicketKind::AuthenticationRequest))),
            (3, None),
        ] {
            let made = Grant { ticket, sign_in: None, ..grant(seed) };
            add(&stores, made.clone()).await;
            assert_eq!(stores.grants.find(made.id).await.unwrap(), Some(made));
        }
    }

    async fn what_came_of_a_grant_by_token_exchange_is_revoked_with_it() {
        let (source, other) = (grant(1), grant(2));
        let act = Some(serde_json::json!({ "sub": "gateway" }));
        let terms = GrantTerms { act, authorization_details: vec![serde_json::json!({ "type": "payment" })], ..source.terms.clone() };
        let exchanged = Grant { source: Some(source.id), ticket: None, terms, ..grant(3) };
        for grant in [&source, &other, &exchanged] {
            add(&stores, grant.clone()).await;
        }
        assert_eq!(stores.grants.find(exchanged.id).await.unwrap(), Some(exchanged.clone()));
        assert_eq!(stores.grants.revoke(&GrantFilter::One(source.id), NOW).await.unwrap(), 2);
        for (grant, revoked) in [(source, true), (other, false), (exchanged, true)] {
            assert_eq!(stores.grants.find(grant.id).await.unwrap().unwrap().revoked_at.is_some(), revoked);
        }
    }

    async fn ending_everything_of_an_account_touches_none_of_its_grants() {
        let owner = User { email: EmailAddress::parse("owner@example.com").unwrap(), ..user(77) };
        stores.work.commit(vec![Change::InsertUser(owner.clone()), Change::InsertClient(client("shop"))]).await.unwrap();
        let of_owner = |n: u64| Grant { user: owner.id, ..grant(n) };
        let adding: Vec<_> = (0..2_000_u64)
            .map(|n| {
                let (stores, grant) = (stores.clone(), of_owner(n));
                tokio::spawn(async move { stores.grants.insert(grant).await.unwrap() })
            })
            .collect();
        for added in adding {
            added.await.unwrap();
        }
        stores.work.commit(vec![Change::UpdateUser(owner.clone().with_everything_ended(NOW))]).await.unwrap();
        assert_eq!(stores.grants.of_user(owner.id, NOW).await.unwrap(), vec![]);
        assert_eq!(stores.grants.find(of_owner(0).id).await.unwrap().unwrap().revoked_at, None, "no row was touched");
        let redeemed = stores.grants.redeem_code(of_owner(1_999).id, NOW, None, NOW).await.unwrap();
        assert_eq!(redeemed, CodeRedemption::Unknown);
    }

    async fn writes_to_many_grants_at_once_each_get_their_own_answer() {
        for seed in 0..50 {
            add(&stores, grant(seed)).await;
        }
        // Even ones are there, odd ones are not; each is redeemed twice.
        let racers: Vec<_> = (0..200_u64).map(|n| {
            let grants = stores.grants.clone();
            tokio::spawn(async move {
                let seed = n / 2;
                (seed, grants.redeem_code(grant(seed).id, NOW, None, Timestamp::from_millis(1)).await.unwrap())
            })
        }).collect();
        let mut fresh = vec![0; 100];
        for racer in racers {
            let (seed, found) = racer.await.unwrap();
            let expected_unknown = seed >= 50;
            assert_eq!(found == CodeRedemption::Unknown, expected_unknown, "{seed}");
            fresh[usize::try_from(seed).unwrap()] += usize::from(found == CodeRedemption::Fresh);
        }
        assert!(fresh[..50].iter().all(|&n| n == 1), "{fresh:?}");
    }
}
