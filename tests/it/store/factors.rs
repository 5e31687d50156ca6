//! Second factors, and codes that work once.

use haechi::model::factor::{Factor, FactorKind, MAX_FACTORS, SpentCode};
use haechi::model::user_edit::UserEdit;
use haechi::store::{Change, Conflict, Ground, Stores};
use haechi::support::id::{FactorId, UserId};
use haechi::support::{Digest, SeededRandom};

use super::grants::race;
use super::users::{conflict, user};
use super::{NOW, on_every_database};

fn factor(of: u32, seed: u64) -> Factor {
    Factor {
        id: FactorId::new(NOW, &SeededRandom::new(seed)),
        user: user(of).id,
        kind: FactorKind::Totp,
        name: "My phone 📱".to_owned(),
        sealed: vec![0, 1, 255],
        last_step: 100,
        created_at: NOW,
        last_used_at: None,
    }
}

fn digest(n: u8) -> Digest {
    Digest::sha256(&[n])
}

fn spend(of: UserId, code: SpentCode) -> Vec<Change> {
    vec![Change::SpendCode { user: of, code, now: NOW }]
}

/// How many of a hundred that commit at once do.
async fn won(stores: &Stores, changes: impl Fn(u32) -> Vec<Change>) -> usize {
    race(|n| {
        let (work, changes) = (stores.work.clone(), changes(n));
        async move { work.commit(changes).await.is_ok() }
    })
    .await
}

/// Two people, the first with a factor and three recovery codes.
async fn furnished(stores: &Stores) -> Factor {
    let one = factor(1, 1);
    let codes = (0..3).map(digest).collect();
    let changes = vec![
        Change::InsertUser(user(1)),
        Change::InsertUser(user(2)),
        Change::InsertFactor(one.clone()),
        Change::PutRecoveryCodes(one.user, codes, NOW),
    ];
    stores.work.commit(changes).await.unwrap();
    one
}

on_every_database! {
    stores;

    async fn a_factor_survives_the_store() {
        let one = furnished(&stores).await;
        let found = stores.factors.of_user(one.user).await.unwrap();
        assert_eq!((found.all, found.recovery_codes, found.offered), (vec![one.clone()], 3, false));
        assert!(!stores.factors.of_user(user(2).id).await.unwrap().any());
        stores.work.commit(vec![Change::RenameFactor(one.user, one.id, "Other".to_owned())]).await.unwrap();
        assert_eq!(stores.factors.of_user(one.user).await.unwrap().all[0].name, "Other");
        let of_another = Change::RenameFactor(user(2).id, one.id, "Theirs".to_owned());
        assert_eq!(conflict(stores.work.commit(vec![of_another]).await), Conflict::Stale);
    }

    async fn a_code_of_an_app_that_a_hundred_present_at_once_works_once() {
        let one = furnished(&stores).await;
        let code = SpentCode::Step { factor: one.id, step: 101 };
        let won = won(&stores, |_| spend(one.user, code)).await;
        assert_eq!(won, 1);
        let after = stores.factors.of_user(one.user).await.unwrap().all.remove(0);
        assert_eq!((after.last_step, after.last_used_at), (101, Some(NOW)));
    }

    async fn no_code_of_an_earlier_step_works_after_it() {
        let one = furnished(&stores).await;
        for (step, works) in [(100, false), (99, false), (102, true), (101, false), (102, false), (103, true)] {
            let spent = stores.work.commit(spend(one.user, SpentCode::Step { factor: one.id, step })).await;
            assert_eq!(spent.is_ok(), works, "{step}");
        }
        let of_another = spend(user(2).id, SpentCode::Step { factor: one.id, step: 200 });
        assert_eq!(conflict(stores.work.commit(of_another).await), Conflict::TokenSpent);
    }

    async fn a_recovery_code_that_a_hundred_present_at_once_works_once() {
        let one = furnished(&stores).await;
        let won = won(&stores, |_| spend(one.user, SpentCode::Recovery(digest(1)))).await;
        assert_eq!(won, 1);
        assert_eq!(stores.factors.of_user(one.user).await.unwrap().recovery_codes, 2);
    }

    async fn a_new_set_of_recovery_codes_replaces_the_old_one() {
        let one = furnished(&stores).await;
        stores.work.commit(vec![Change::PutRecoveryCodes(one.user, vec![digest(9)], NOW)]).await.unwrap();
        let old = stores.work.commit(spend(one.user, SpentCode::Recovery(digest(1)))).await;
        assert_eq!(conflict(old), Conflict::TokenSpent);
        let of_another = stores.work.commit(spend(user(2).id, SpentCode::Recovery(digest(9)))).await;
        assert_eq!(conflict(of_another), Conflict::TokenSpent);
        stores.work.commit(spend(one.user, SpentCode::Recovery(digest(9)))).await.unwrap();
    }

    async fn a_unit_that_rests_on_there_being_no_factor_adds_the_only_one() {
        furnished(&stores).await;
        let none = |seed: u32| Change::Holds(Ground::NoFactor { user: user(seed).id, passkeys: true });
        assert_eq!(conflict(stores.work.commit(vec![none(1)]).await), Conflict::Stale);
        stores.work.commit(vec![none(2)]).await.unwrap();
        let won = won(&stores, |n| vec![none(2), Change::InsertFactor(factor(2, 100 + u64::from(n)))]).await;
        assert_eq!(won, 1);
        assert_eq!(stores.factors.of_user(user(2).id).await.unwrap().all.len(), 1);
    }

    async fn an_account_has_no_more_factors_than_it_may_have() {
        let one = furnished(&stores).await;
        let won = won(&stores, |n| vec![Change::InsertFactor(factor(1, 100 + u64::from(n)))]).await;
        assert_eq!(won, usize::try_from(MAX_FACTORS).unwrap() - 1);
        let full = stores.work.commit(vec![Change::InsertFactor(factor(1, 2))]).await;
        assert_eq!(conflict(full), Conflict::Taken);
        stores.work.commit(vec![Change::DeleteFactor(one.user, one.id)]).await.unwrap();
        stores.work.commit(vec![Change::InsertFactor(factor(1, 2))]).await.unwrap();
        let nobody = stores.work.commit(vec![Change::InsertFactor(factor(9, 3))]).await;
        assert_eq!(conflict(nobody), Conflict::Stale);
    }

    async fn with_the_last_factor_the_recovery_codes_go() {
        let one = furnished(&stores).await;
        stores.work.commit(vec![Change::InsertFactor(factor(1, 2))]).await.unwrap();
        stores.work.commit(vec![Change::DeleteFactor(one.user, one.id)]).await.unwrap();
        assert_eq!(stores.factors.of_user(one.user).await.unwrap().recovery_codes, 3);
        stores.work.commit(vec![Change::DeleteFactor(one.user, factor(1, 2).id)]).await.unwrap();
        assert_eq!(stores.factors.of_user(one.user).await.unwrap().recovery_codes, 0);
        let again = stores.work.commit(vec![Change::DeleteFactor(one.user, one.id)]).await;
        assert_eq!(conflict(again), Conflict::Stale);
    }

    async fn somebody_is_let_in_once_without_what_they_need() {
        furnished(&stores).await;
        let won = won(&stores, |_| vec![Change::OfferFactor(user(2).id, NOW)]).await;
        assert_eq!(won, 1);
        assert!(stores.factors.of_user(user(2).id).await.unwrap().offered);
    }

    async fn what_an_account_has_goes_with_it_or_at_once() {
        let one = furnished(&stores).await;
        stores.work.commit(vec![Change::DeleteFactors(one.user)]).await.unwrap();
        let left = stores.factors.of_user(one.user).await.unwrap();
        assert_eq!((left.any(), left.recovery_codes), (false, 0));
        stores.work.commit(vec![Change::InsertFactor(one.clone())]).await.unwrap();
        stores.work.commit(vec![Change::DeleteUser(UserEdit::new(one.user, NOW))]).await.unwrap();
        assert!(!stores.factors.of_user(one.user).await.unwrap().any());
        let dead = stores.work.commit(spend(one.user, SpentCode::Step { factor: one.id, step: 500 })).await;
        assert_eq!(conflict(dead), Conflict::TokenSpent);
    }
}
