//! The passkeys of accounts.

use haechi::model::Passkey;
use haechi::model::passkey::{Backup, CredentialId, KeyProtection, MAX_PASSKEYS, PasskeyUse, StoredCredential};
use haechi::model::user::PasswordCredential;
use haechi::model::user_edit::UserEdit;
use haechi::store::{Adoption, Change, Conflict, Ground, Stores};
use haechi::support::id::PasskeyId;
use haechi::support::{Digest, Secret, SeededRandom};
use uuid::Uuid;

use super::grants::race;
use super::users::{conflict, user};
use super::{NOW, on_every_database};

fn passkey(name: &str, seed: u32) -> Passkey {
    let digest = Digest::of("credential", name.as_bytes());
    let of_name = name.bytes().fold(7_u64, |sum, byte| sum * 31 % (1 << 48) + u64::from(byte));
    Passkey {
        id: PasskeyId::new(NOW, &SeededRandom::new(of_name)),
        user: user(seed).id,
        credential_id: CredentialId::parse(digest.as_bytes()).unwrap(),
        credential: StoredCredential("{\"of\":\"identity\"}".to_owned()),
        name: "내 \u{1f511} phone".to_owned(),
        aaguid: Uuid::from_u128(7),
        sign_count: u32::MAX - 1,
        backup: Backup::BackedUp,
        protection: KeyProtection::Unproved,
        created_at: NOW,
        last_used_at: None,
    }
}

fn add(passkey: Passkey) -> Change {
    Change::InsertPasskey(Box::new(passkey))
}

fn used(passkey: &Passkey, sign_count: u32) -> Change {
    Change::UsePasskey(PasskeyUse { id: passkey.id, user: passkey.user, sign_count, backup: passkey.backup, at: NOW })
}

async fn furnished(stores: &Stores) {
    stores.work.commit([1, 2].map(|seed| Change::InsertUser(user(seed))).into()).await.unwrap();
}

async fn of(stores: &Stores, seed: u32) -> Vec<Passkey> {
    stores.passkeys.of_user(user(seed).id).await.unwrap()
}

on_every_database! {
    stores;

    async fn one_is_a_factor_as_long_as_it_counts() {
        furnished(&stores).await;
        let none_where = |seed: u32, passkeys| vec![Change::Holds(Ground::NoFactor { user: user(seed).id, passkeys })];
        let none = |seed| none_where(seed, true);
        assert!(!stores.passkeys.any().await.unwrap());
        stores.work.commit(vec![add(passkey("phone", 1))]).await.unwrap();
        assert!(stores.passkeys.any().await.unwrap());
        assert_eq!(conflict(stores.work.commit(none(1)).await), Conflict::Stale);
        // Where no browser has any for the issuer, it is none.
        stores.work.commit(none_where(1, false)).await.unwrap();
        stores.work.commit(none(2)).await.unwrap();
        let mut policy = stores.policy.policy().await.unwrap();
        policy.sign_in.passkeys = false;
        stores.work.commit(vec![Change::PutPolicy(Box::new(policy))]).await.unwrap();
        stores.work.commit(none(1)).await.unwrap();
    }

    async fn a_passkey_survives_the_store_and_is_found_by_its_credential() {
        furnished(&stores).await;
        let (one, other) = (passkey("one", 1), passkey("other", 1));
        stores.work.commit(vec![add(one.clone()), add(other.clone()), add(passkey("third", 2))]).await.unwrap();
        assert_eq!(stores.passkeys.find(&one.credential_id).await.unwrap(), Some(one.clone()));
        assert_eq!(stores.passkeys.find(&passkey("none", 1).credential_id).await.unwrap(), None);
        let mut all = [one.clone(), other];
        all.sort_by_key(|passkey| passkey.id);
        assert_eq!(of(&stores, 1).await, all);
        let name = "Another 이름".to_owned();
        stores.work.commit(vec![Change::RenamePasskey { id: one.id, user: one.user, name: name.clone() }]).await.unwrap();
        assert_eq!(stores.passkeys.find(&one.credential_id).await.unwrap(), Some(Passkey { name: name.clone(), ..one.clone() }));
        // Nobody else's.
        let others = Change::RenamePasskey { id: one.id, user: user(2).id, name };
        assert_eq!(conflict(stores.work.commit(vec![others]).await), Conflict::Stale);
    }

    async fn that_a_key_is_in_hardware_is_kept_and_known_of_the_account() {
        furnished(&stores).await;
        let bound = |name: &str, seed, protection| Passkey { backup: Backup::DeviceBound, protection, ..passkey(name, seed) };
        let (plain, hardware) = (bound("plain", 1, KeyProtection::Unproved), bound("key", 1, KeyProtection::Hardware));
        stores.work.commit(vec![add(plain.clone()), add(bound("other", 2, KeyProtection::Unproved))]).await.unwrap();
        let has = async |seed| stores.factors.of_user(user(seed).id).await.unwrap();
        assert!(has(1).await.passkey && !has(1).await.hardware);
        stores.work.commit(vec![add(hardware.clone())]).await.unwrap();
        for one in [&plain, &hardware] {
            assert_eq!(stores.passkeys.find(&one.credential_id).await.unwrap().as_ref(), Some(one));
        }
        assert!(has(1).await.hardware && !has(2).await.hardware, "nobody else has it");
        stores.work.commit(vec![used(&hardware, u32::MAX)]).await.unwrap();
        assert!(has(1).await.hardware, "a use changes nothing of it");
        stores.work.commit(vec![Change::DeletePasskey(hardware.id, hardware.user)]).await.unwrap();
        assert!(has(1).await.passkey && !has(1).await.hardware);
    }

    async fn a_credential_is_of_one_account_until_that_is_deleted() {
        furnished(&stores).await;
        stores.work.commit(vec![add(passkey("one", 1))]).await.unwrap();
        let taken = Passkey { id: passkey("x", 2).id, ..passkey("one", 2) };
        assert_eq!(conflict(stores.work.commit(vec![add(taken.clone())]).await), Conflict::Taken);
        stores.work.commit(vec![Change::DeleteUser(UserEdit::end_of_everything(user(1).id, NOW))]).await.unwrap();
        assert_eq!(stores.passkeys.find(&taken.credential_id).await.unwrap(), None);
        stores.work.commit(vec![add(taken.clone())]).await.unwrap();
        assert_eq!(stores.passkeys.find(&taken.credential_id).await.unwrap(), Some(taken));
        let gone = add(passkey("late", 1));
        assert_eq!(conflict(stores.work.commit(vec![gone]).await), Conflict::Stale);
    }

    async fn all_of_an_account_go_together_and_nobody_elses() {
        furnished(&stores).await;
        stores.work.commit(vec![add(passkey("one", 1)), add(passkey("two", 1)), add(passkey("other", 2))]).await.unwrap();
        // In the unit of work that puts another one into their place.
        let replaced = vec![Change::DeletePasskeys(user(1).id), add(passkey("new", 1))];
        stores.work.commit(replaced).await.unwrap();
        assert_eq!((of(&stores, 1).await, of(&stores, 2).await.len()), (vec![passkey("new", 1)], 1));
        stores.work.commit(vec![Change::DeletePasskeys(user(1).id)]).await.unwrap();
        assert_eq!((of(&stores, 1).await.len(), of(&stores, 2).await.len()), (0, 1));
    }

    async fn the_rows_of_a_deleted_account_go() {
        furnished(&stores).await;
        stores.work.commit(vec![add(passkey("one", 1)), add(passkey("other", 2))]).await.unwrap();
        stores.work.commit(vec![Change::DeleteUser(UserEdit::end_of_everything(user(1).id, NOW))]).await.unwrap();
        assert!(stores.housekeeping.purge(NOW).await.unwrap() >= 1);
        assert_eq!((of(&stores, 1).await.len(), of(&stores, 2).await.len()), (0, 1));
    }

    async fn of_a_hundred_who_add_one_at_once_no_more_get_in_than_there_is_room_for() {
        furnished(&stores).await;
        let won = race(|n| {
            let work = stores.work.clone();
            async move { work.commit(vec![add(passkey(&n.to_string(), 1))]).await.is_ok() }
        });
        assert_eq!(won.await, MAX_PASSKEYS as usize);
        assert_eq!(conflict(stores.work.commit(vec![add(passkey("more", 1))]).await), Conflict::Full);
        stores.work.commit(vec![add(passkey("another's", 2))]).await.unwrap();
    }

    async fn a_counter_counts_up_and_of_a_hundred_copies_one_is_used() {
        furnished(&stores).await;
        let one = Passkey { sign_count: 5, ..passkey("one", 1) };
        stores.work.commit(vec![add(one.clone())]).await.unwrap();
        let won = race(|_| {
            let (work, one) = (stores.work.clone(), one.clone());
            async move { work.commit(vec![used(&one, 6)]).await.is_ok() }
        });
        assert_eq!(won.await, 1);
        for count in [0, 5, 6] {
            assert_eq!(conflict(stores.work.commit(vec![used(&one, count)]).await), Conflict::Stale, "{count}");
        }
        stores.work.commit(vec![used(&one, u32::MAX)]).await.unwrap();
        let stored = of(&stores, 1).await.remove(0);
        assert_eq!((stored.sign_count, stored.last_used_at), (u32::MAX, Some(NOW)));
        // One that has none stays at zero, and begins to count at any time.
        let without = Passkey { sign_count: 0, ..passkey("without", 2) };
        stores.work.commit(vec![add(without.clone())]).await.unwrap();
        for count in [0, 0, 9] {
            stores.work.commit(vec![used(&without, count)]).await.unwrap();
        }
        assert_eq!(conflict(stores.work.commit(vec![used(&without, 0)]).await), Conflict::Stale);
        // One that may not be copied is not all of a sudden.
        let bound = PasskeyUse { id: one.id, user: one.user, sign_count: u32::MAX, backup: Backup::DeviceBound, at: NOW };
        assert_eq!(conflict(stores.work.commit(vec![Change::UsePasskey(bound)]).await), Conflict::Stale);
    }

    async fn who_has_nothing_else_is_counted() {
        furnished(&stores).await;
        let phc = Secret::from("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA");
        let password = PasswordCredential { user: user(2).id, phc, changed_at: NOW };
        let made = vec![add(passkey("one", 1)), add(passkey("more", 1)), add(passkey("other", 2)), Change::PutPassword(password)];
        stores.work.commit(made).await.unwrap();
        let only = |passwords| stores.passkeys.count_only(passwords);
        assert_eq!((only(true).await.unwrap(), only(false).await.unwrap()), (1, 2));
        stores.work.commit(vec![Change::DeleteUser(UserEdit::end_of_everything(user(1).id, NOW))]).await.unwrap();
        assert_eq!((only(true).await.unwrap(), only(false).await.unwrap()), (0, 1));
        // Where browsers have no passkeys for the issuer, nobody signs in by one; where they have, as before.
        let (nowhere, somewhere) = ("http://127.0.0.1:8080".to_owned(), "https://id.example.com".to_owned());
        let (instance, release) = ("0".repeat(32), "9.1.0".to_owned());
        stores.server.adopt(Adoption { issuer: nowhere.clone(), instance, generation: 1, release }).await.unwrap();
        assert_eq!((only(true).await.unwrap(), only(false).await.unwrap()), (0, 0));
        stores.work.commit(vec![Change::ChangeIssuer { from: nowhere, to: somewhere }]).await.unwrap();
        assert_eq!((only(true).await.unwrap(), only(false).await.unwrap()), (0, 1));
    }

    async fn a_passkey_that_does_not_count_is_no_way_in_and_one_of_two_can_go() {
        furnished(&stores).await;
        let (one, other) = (passkey("one", 1), passkey("other", 1));
        stores.work.commit(vec![add(one.clone()), add(other.clone())]).await.unwrap();
        let mut policy = stores.policy.policy().await.unwrap();
        policy.sign_in.passkeys = false;
        stores.work.commit(vec![Change::PutPolicy(Box::new(policy))]).await.unwrap();
        stores.work.commit(vec![Change::DeletePasskey(one.id, one.user)]).await.unwrap();
        let last = vec![Change::DeletePasskey(other.id, other.user)];
        assert_eq!(conflict(stores.work.commit(last).await), Conflict::LastWayIn);
    }

    async fn it_is_remembered_when_none_was_wanted_until_the_account_is_deleted() {
        furnished(&stores).await;
        let id = user(1).id;
        assert_eq!(stores.passkeys.declined(id).await.unwrap(), None);
        for at in [NOW, NOW.plus(std::time::Duration::from_secs(9))] {
            stores.work.commit(vec![Change::DeclinePasskey(id, at)]).await.unwrap();
            assert_eq!(stores.passkeys.declined(id).await.unwrap(), Some(at));
        }
        assert_eq!(stores.passkeys.declined(user(2).id).await.unwrap(), None);
        stores.work.commit(vec![Change::DeleteUser(UserEdit::end_of_everything(id, NOW))]).await.unwrap();
        assert_eq!(stores.passkeys.declined(id).await.unwrap(), None);
        assert_eq!(conflict(stores.work.commit(vec![Change::DeclinePasskey(id, NOW)]).await), Conflict::Stale);
    }

    async fn the_last_way_in_stays_and_of_a_hundred_who_remove_them_at_once_one_is_refused() {
        furnished(&stores).await;
        let all: Vec<Passkey> = (0..20).map(|n| passkey(&n.to_string(), 1)).collect();
        stores.work.commit(all.iter().cloned().map(add).collect()).await.unwrap();
        let others = Change::DeletePasskey(all[0].id, user(2).id);
        assert_eq!(conflict(stores.work.commit(vec![others]).await), Conflict::Stale);
        let won = race(|n| {
            let (work, id) = (stores.work.clone(), all[n as usize % 20].id);
            async move { work.commit(vec![Change::DeletePasskey(id, user(1).id)]).await.is_ok() }
        });
        assert_eq!(won.await, 19);
        let last = of(&stores, 1).await.remove(0);
        let remove = || vec![Change::DeletePasskey(last.id, last.user)];
        assert_eq!(conflict(stores.work.commit(remove()).await), Conflict::LastWayIn);
        let phc = Secret::from("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA");
        stores.work.commit(vec![Change::PutPassword(PasswordCredential { user: last.user, phc, changed_at: NOW })]).await.unwrap();
        stores.work.commit(remove()).await.unwrap();
        assert_eq!(conflict(stores.work.commit(remove()).await), Conflict::Stale);
    }
}
