//! Ends with a hundred thousand grants hanging on them: one row is touched, and what is dead goes later, some at a time.

use haechi::model::client::Client;
use haechi::model::epoch::{ConnectionEpoch, Epoch};
use haechi::model::grant::Grant;
use haechi::model::{Connection, User};
use haechi::store::sql::SqlStore;
use haechi::store::{Change, CodeRedemption, Stores};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use super::clients::{self, client};
use super::grants::{self, grant};
use super::upstream::connection;
use super::{NOW, patient, sqlite_in};
use crate::support::folder::Folder;
use crate::support::servers;

/// How many grants hang on what is ended.
const MANY: i64 = 100_000;

/// Copies a grant, with ids that sort anywhere.
async fn multiply(db: &DatabaseConnection, times: i64) {
    let numbers = match db.get_database_backend() {
        DbBackend::Postgres => {
            format!("SELECT decode(md5(n::text), 'hex') AS new_id FROM generate_series(1, {times}) AS n")
        }
        _ => format!(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {times}) SELECT randomblob(16) AS new_id FROM n"
        ),
    };
    let rest = "user_id, client_id, sign_in_id, offline, terms, code_digest, code_redirect_uri, code_challenge, code_expires_at, \
                code_used_at, refresh_generation, refresh_current, refresh_previous, refresh_rotated_at, refresh_expires_at, \
                created_at, expires_at, purge_hour, revoked_at, user_epoch, client_epoch, connection_id, connection_epoch, \
                ticket_kind, source_id, consent_epoch, link_id";
    let sql =
        format!("INSERT INTO grants (id, {rest}) SELECT new_id, {rest} FROM grants CROSS JOIN ({numbers}) AS numbers");
    db.execute_unprepared(&sql).await.unwrap();
}

async fn count(db: &DatabaseConnection, condition: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS found FROM grants WHERE {condition}");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    row.try_get("", "found").unwrap()
}

async fn an_end_is_one_row_whatever_hangs_on_it(stores: Stores, db: DatabaseConnection) {
    let google = connection("google");
    let through = ConnectionEpoch { connection: google.id, epoch: Epoch::default(), link: None };
    stores.work.commit(vec![Change::InsertConnection(Box::new(google.clone()))]).await.unwrap();
    let mut original = Grant { expires_at: NOW.plus(std::time::Duration::from_hours(24)), ..grant(1) };
    original.epochs.connection = Some(through);
    grants::add(&stores, original.clone()).await;
    multiply(&db, MANY).await;
    let (shop, owner) = (client("shop"), stores.users.find(original.user).await.unwrap().unwrap());
    let other = Grant { expires_at: original.expires_at, client: client("other").id, ..grant(2) };
    grants::add(&stores, other.clone()).await;
    let everything = "revoked_at IS NULL AND code_used_at IS NULL";
    assert_eq!(count(&db, everything).await, MANY + 2);
    // Each is enough by itself; all of them leave the grants as they are.
    let ends = [
        Change::UpdateUser(User::with_everything_ended(owner, NOW)),
        Change::UpdateClient(Client { enabled: false, epoch: shop.epoch.next(), ..shop.clone() }),
        Change::UpdateConnection(Box::new(Connection { epoch: google.epoch.next(), ..google.clone() })),
        Change::WithdrawConsent(original.user, shop.id.clone()),
        Change::DeleteClient(shop.id.clone()),
        Change::DeleteConnection { id: google.id, ends: true },
    ];
    for end in ends {
        stores.work.commit(vec![end]).await.unwrap();
        assert_eq!(count(&db, everything).await, MANY + 2, "no grant is touched");
        let redeemed = stores.grants.redeem_code(original.id, NOW, None, NOW).await.unwrap();
        assert_eq!(redeemed, CodeRedemption::Unknown, "and none counts");
    }
    // The rows of what was deleted stay for the sake of their epochs, and for nothing else.
    for table in ["clients", "connections"] {
        let sql = format!("SELECT document FROM {table} WHERE deleted");
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        let document: String = row.try_get("", "document").unwrap();
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!(document["secrets"], serde_json::json!([]), "{table}");
    }
    let gone = stores.housekeeping.purge(NOW).await.unwrap();
    assert!(i64::try_from(gone).unwrap() > MANY, "{gone}");
    assert_eq!(count(&db, everything).await, 1);
    assert!(stores.grants.find(other.id).await.unwrap().is_some(), "what was not ended stays");
    assert_eq!(stores.housekeeping.purge(NOW).await.unwrap(), 0);
    // The id can be had again at once.
    stores.work.commit(vec![Change::InsertClient(clients::client("shop"))]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_an_end_is_one_row_whatever_hangs_on_it() {
    let folder = Folder::new();
    let config = sqlite_in(&folder);
    let store = SqlStore::connect(&config).await.unwrap();
    store.migrate().await.unwrap();
    let direct = Database::connect(&config.url.replacen("sqlite:", "sqlite://", 1)).await.unwrap();
    an_end_is_one_row_whatever_hangs_on_it(std::sync::Arc::new(store).into(), direct).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_an_end_is_one_row_whatever_hangs_on_it() {
    let Some(url) = servers::postgres_url() else { return };
    let store = SqlStore::connect(&patient(url.clone())).await.unwrap();
    store.migrate().await.unwrap();
    let direct = Database::connect(&url).await.unwrap();
    an_end_is_one_row_whatever_hangs_on_it(std::sync::Arc::new(store).into(), direct).await;
}
