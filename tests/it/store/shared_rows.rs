//! What people do for themselves waits for no row that everybody shares: ten thousand sign-ups at once are no queue.
//!
//! PostgreSQL only: SQLite has one writer at a time. Somebody else holds the server's row all the while; what needs it would run into the limit of a statement.

use haechi::model::consent::Consent;
use haechi::model::epoch::{AccountEpochs, Epoch};
use haechi::model::user_edit::UserEdit;
use haechi::protocol::ScopeSet;
use haechi::store::sql::SqlStore;
use haechi::store::{ActingAccount, Change, Ground, StoreError, Stores};
use sea_orm::sqlx::{Connection, Executor, PgConnection};

use super::NOW;
use super::clients::client;
use super::users::{administrator, user};
use crate::support::servers;

/// Empty stores on PostgreSQL whose statements give up soon, and a connection past them.
async fn stores() -> Option<(Stores, PgConnection)> {
    let url = servers::postgres_url()?;
    let mut config = super::patient(url.clone());
    config.statement_timeout_ms = 2_000;
    let store = SqlStore::connect(&config).await.unwrap();
    store.migrate().await.unwrap();
    Some((std::sync::Arc::new(store).into(), PgConnection::connect(&url).await.unwrap()))
}

fn acting(seed: u32) -> Ground {
    let (id, epochs) = (user(seed).id, AccountEpochs { account: Epoch::default(), server: Epoch::default() });
    Ground::Account(ActingAccount { id, epochs, sign_in: None, roles: None })
}

fn consent(seed: u32) -> Consent {
    let scope = ScopeSet::parse("openid").unwrap();
    Consent { user: user(seed).id, client: client("shop").id, scope, granted_at: NOW }
}

fn agreeing(seed: u32) -> Vec<Change> {
    let (user, client) = (user(seed).id, client("shop").id);
    let stands = Ground::Consent { user, client, client_epoch: Epoch::default(), withdrawn: Epoch::default() };
    vec![Change::Holds(acting(seed)), Change::Holds(stands), Change::PutConsent(consent(seed))]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_do_for_themselves_waits_for_nobody_else() {
    let Some((stores, mut other)) = stores().await else { return };
    let made = vec![
        Change::InsertClient(client("shop")),
        Change::InsertUser(administrator(1)),
        Change::InsertUser(user(2)),
        Change::InsertUser(user(3)),
    ];
    stores.work.commit(made).await.unwrap();
    let policy = stores.policy.version().await.unwrap();
    other.execute("BEGIN").await.unwrap();
    other.execute("SELECT 1 FROM server WHERE id = 1 FOR UPDATE").await.unwrap();
    other.execute("SELECT 1 FROM users WHERE email_key = 'person3@example.com' FOR UPDATE").await.unwrap();

    // A sign-up, a consent, a change of the profile, a withdrawal, the end of one's sessions.
    stores.work.commit(vec![Change::Holds(Ground::Policy(policy)), Change::InsertUser(user(4))]).await.unwrap();
    stores.work.commit(agreeing(2)).await.unwrap();
    let renamed = stores.users.find(user(2).id).await.unwrap().unwrap();
    stores.work.commit(vec![Change::UpdateUser(renamed)]).await.unwrap();
    let withdrawal = Change::WithdrawConsent(user(2).id, client("shop").id);
    stores.work.commit(vec![Change::Holds(acting(2)), withdrawal]).await.unwrap();
    let end = UserEdit::end_of_everything(user(2).id, NOW);
    stores.work.commit(vec![Change::Holds(acting(2)), Change::EditUser(end)]).await.unwrap();

    // What changes the same account waits for it, and what may end what others rest on waits for all of that.
    let waits = async |changes: Vec<Change>| match stores.work.commit(changes).await {
        Err(StoreError::Unavailable(_)) => (),
        other => panic!("it did not wait: {other:?}"),
    };
    waits(agreeing(3)).await;
    waits(vec![Change::EditUser(UserEdit::end_of_everything(administrator(1).id, NOW))]).await;
    waits(vec![Change::InsertClient(client("blog"))]).await;
    other.execute("COMMIT").await.unwrap();
    stores.work.commit(agreeing(3)).await.unwrap();
}
