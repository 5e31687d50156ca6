//! The policy: one row, changed by version, and never one that shuts out who administers the server.

use haechi::model::policy::{Policy, SignInPolicy, SignUp};
use haechi::model::upstream_link::{LinkEpochs, UpstreamAccount, UpstreamIdentity, UpstreamLink, UpstreamSubject};
use haechi::model::user::{PasswordCredential, Role, User, UserStatus};
use haechi::store::{Adoption, Change, Conflict, Ground, StoreResult, Stores};
use haechi::support::id::{LinkId, UserId};
use haechi::support::{Secret, SeededRandom};

use super::grants::race;
use super::upstream::connection;
use super::users::{conflict, user};
use super::{NOW, on_every_database};
use crate::support::builders;

fn put(policy: &Policy) -> Vec<Change> {
    vec![Change::PutPolicy(Box::new(policy.clone()))]
}

/// Passwords do not count, in the policy of this version.
fn without_passwords(version: i64) -> Policy {
    let sign_in = SignInPolicy { passwords: false, ..SignInPolicy::default() };
    Policy { sign_in, version, ..Policy::default() }
}

fn link(user: UserId) -> UpstreamLink {
    let identity =
        UpstreamIdentity { connection: connection("google").id, subject: UpstreamSubject::parse("kim").unwrap() };
    let account = UpstreamAccount { identity, label: "kim".to_owned(), tokens: None };
    UpstreamLink::new(LinkId::new(NOW, &SeededRandom::new(9)), account, user, NOW)
}

fn with_role(seed: u32, role: Role) -> User {
    User { roles: vec![role], ..user(seed) }
}

/// An owner with a password and a link, an administrator with a password, and a connection that is switched on.
async fn furnished(stores: &Stores) -> (User, User) {
    let (owner, administrator) = (with_role(1, Role::Owner), with_role(2, Role::Administrator));
    let mut google = connection("google");
    google.enabled = true;
    let password = |id| PasswordCredential { user: id, phc: Secret::from("$argon2id$x"), changed_at: NOW };
    let changes = vec![
        Change::InsertUser(owner.clone()),
        Change::InsertUser(administrator.clone()),
        Change::PutPassword(password(owner.id)),
        Change::PutPassword(password(administrator.id)),
        Change::InsertConnection(Box::new(google)),
        Change::InsertUpstreamLink(link(owner.id), LinkEpochs::default()),
    ];
    stores.work.commit(changes).await.unwrap();
    (owner, administrator)
}

async fn commit(stores: &Stores, change: Change) -> StoreResult<()> {
    stores.work.commit(vec![change]).await
}

on_every_database! {
    stores;

    async fn a_policy_survives_the_store_and_a_stale_one_is_refused() {
        assert_eq!(stores.policy.policy().await.unwrap(), Policy::default());
        let sign_in = SignInPolicy {
            sign_up: SignUp::Domains(["example.com".to_owned()].into()),
            password_min_chars: Some(15),
            idle_hours: Some(8),
            most_sessions: Some(3),
            ..SignInPolicy::default()
        };
        let decided = Policy { sign_in, ..Policy::default() };
        stores.work.commit(put(&decided)).await.unwrap();
        assert_eq!(stores.policy.policy().await.unwrap(), Policy { version: 1, ..decided.clone() });
        assert_eq!(stores.policy.version().await.unwrap(), 1);
        assert_eq!(conflict(stores.work.commit(put(&decided)).await), Conflict::Stale);
        assert_eq!(conflict(stores.work.commit(put(&Policy { version: 2, ..decided })).await), Conflict::Stale);
    }

    async fn of_a_hundred_who_decide_at_once_by_one_version_one_does() {
        let decided = race(|n| {
            let work = stores.work.clone();
            let sign_in = SignInPolicy { idle_hours: Some(n + 1), ..SignInPolicy::default() };
            async move { work.commit(put(&Policy { sign_in, ..Policy::default() })).await.is_ok() }
        });
        assert_eq!(decided.await, 1);
        assert_eq!(stores.policy.version().await.unwrap(), 1);
    }

    async fn what_was_decided_by_an_older_policy_is_not_done() {
        let admitted = |version, seed| vec![Change::Holds(Ground::Policy(version)), Change::InsertUser(user(seed))];
        stores.work.commit(admitted(0, 1)).await.unwrap();
        stores.work.commit(put(&Policy::default())).await.unwrap();
        assert_eq!(conflict(stores.work.commit(admitted(0, 2)).await), Conflict::Stale);
        stores.work.commit(admitted(1, 2)).await.unwrap();
    }

    async fn passwords_are_not_switched_off_where_no_owner_has_another_way_in() {
        stores.work.commit(vec![Change::InsertUser(with_role(1, Role::Owner))]).await.unwrap();
        assert_eq!(conflict(stores.work.commit(put(&without_passwords(0))).await), Conflict::LockedOut);
        let mut google = connection("google");
        google.enabled = false;
        stores.work.commit(vec![Change::InsertConnection(Box::new(google.clone()))]).await.unwrap();
        google.enabled = true;
        commit(&stores, Change::UpdateConnection(Box::new(google))).await.unwrap();
        // An administrator is linked, and the owner is not.
        let administrator = with_role(2, Role::Administrator);
        let linked = vec![
            Change::InsertUser(administrator.clone()),
            Change::InsertUpstreamLink(link(administrator.id), LinkEpochs::default()),
        ];
        stores.work.commit(linked).await.unwrap();
        assert_eq!(conflict(stores.work.commit(put(&without_passwords(0))).await), Conflict::LockedOut);
        assert_eq!(stores.policy.version().await.unwrap(), 0);
    }

    async fn a_passkey_is_no_owner_s_way_in_where_browsers_have_none_for_the_issuer() {
        let owner = with_role(1, Role::Owner);
        let passkey = Change::InsertPasskey(Box::new(builders::passkey(&owner)));
        stores.work.commit(vec![Change::InsertUser(owner), passkey]).await.unwrap();
        let (nowhere, somewhere) = ("http://127.0.0.1:8080".to_owned(), "https://id.example.com".to_owned());
        let (instance, release) = ("0".repeat(32), "9.1.0".to_owned());
        stores.server.adopt(Adoption { issuer: nowhere.clone(), instance, generation: 1, release }).await.unwrap();
        assert_eq!(conflict(stores.work.commit(put(&without_passwords(0))).await), Conflict::LockedOut);
        stores.work.commit(vec![Change::ChangeIssuer { from: nowhere, to: somewhere }]).await.unwrap();
        stores.work.commit(put(&without_passwords(0))).await.unwrap();
    }

    async fn without_passwords_the_last_way_in_of_the_owners_stays() {
        let (owner, administrator) = furnished(&stores).await;
        stores.work.commit(put(&without_passwords(0))).await.unwrap();
        let google = haechi::model::Connection { enabled: false, ..connection("google") };
        for change in [
            Change::UpdateConnection(Box::new(google.clone())),
            Change::DeleteConnection { id: google.id, ends: true },
            // His password is none any more.
            Change::DeleteUpstreamLink(link(owner.id).identity, owner.id),
        ] {
            let refused = conflict(commit(&stores, change.clone()).await);
            let expected = if matches!(change, Change::DeleteUpstreamLink(..)) { Conflict::LastWayIn } else { Conflict::LockedOut };
            assert_eq!(refused, expected, "{change:?}");
        }
        // Another owner, who cannot sign in, does not stand in for the one who can.
        let promoted = User { roles: vec![Role::Owner], ..administrator };
        commit(&stores, Change::UpdateUser(promoted)).await.unwrap();
        for gone in [
            User { roles: Vec::new(), ..owner.clone() },
            User { status: UserStatus::Disabled, ..owner.clone() },
        ] {
            assert_eq!(conflict(commit(&stores, Change::UpdateUser(gone)).await), Conflict::LockedOut);
        }
        // With passwords all of that may be.
        stores.work.commit(put(&Policy { version: 1, ..Policy::default() })).await.unwrap();
        commit(&stores, Change::DeleteConnection { id: google.id, ends: true }).await.unwrap();
    }

    async fn who_is_shut_out_already_is_kept_from_nothing_by_that() {
        let (owner, administrator) = furnished(&stores).await;
        stores.work.commit(put(&without_passwords(0))).await.unwrap();
        // As a node of a release without policies leaves it.
        let unlinked = vec![Change::DeleteUpstreamLink(link(owner.id).identity, owner.id)];
        assert!(stores.work.commit(unlinked).await.is_err());
        let mut named = administrator.clone();
        named.locale = Some("en".to_owned());
        commit(&stores, Change::UpdateUser(named)).await.unwrap();
    }

    async fn of_two_that_take_a_way_in_and_passwords_away_at_once_one_is_refused() {
        let (owner, _) = furnished(&stores).await;
        let (one, two) = (stores.work.clone(), stores.work.clone());
        let unlink = vec![Change::DeleteUpstreamLink(link(owner.id).identity, owner.id)];
        let both = tokio::join!(
            tokio::spawn(async move { one.commit(unlink).await.is_ok() }),
            tokio::spawn(async move { two.commit(put(&without_passwords(0))).await.is_ok() })
        );
        assert_ne!(both.0.unwrap(), both.1.unwrap());
    }
}
