//! Ends with a hundred thousand grants hanging on them: one row is touched, and what is dead goes later, some at a time.

use haechi::model::client::Client;
use haechi::model::epoch::{ConnectionEpoch, Epoch};
use haechi::model::grant::Grant;
use haechi::model::user_edit::UserEdit;
use haechi::model::{Connection, User};
use haechi::store::{Change, CodeRedemption, RefreshRotation, Stores};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::NOW;
use super::clients::{self, client};
use super::grants::{self, grant};
use super::upstream::connection;

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
                ticket_kind, source_id, consent_epoch, link_id, server_epoch";
    let sql =
        format!("INSERT INTO grants (id, {rest}) SELECT new_id, {rest} FROM grants CROSS JOIN ({numbers}) AS numbers");
    db.execute_unprepared(&sql).await.unwrap();
}

async fn count(db: &DatabaseConnection, condition: &str) -> i64 {
    count_of(db, &format!("grants WHERE {condition}")).await
}

async fn count_of(db: &DatabaseConnection, rows: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS found FROM {rows}");
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

/// Every row that hangs on an account: the account, its grants, and a count of withdrawals for each of as many clients.
async fn account_with_many_grants(stores: &Stores, db: &DatabaseConnection) -> Grant {
    let original = Grant { expires_at: NOW.plus(std::time::Duration::from_hours(24)), ..grant(1) };
    grants::add(stores, original.clone()).await;
    multiply(db, MANY).await;
    let clients = match db.get_database_backend() {
        DbBackend::Postgres => "SELECT user_id, md5(id::text), 1 FROM grants",
        _ => "SELECT user_id, hex(id), 1 FROM grants",
    };
    let sql = format!("INSERT INTO withdrawals (user_id, client_id, epoch) {clients}");
    db.execute_unprepared(&sql).await.unwrap();
    original
}

/// All the rows that could be touched, but for the row of the server and of the account.
async fn rows_that_hang(db: &DatabaseConnection) -> (i64, i64) {
    let grants = count(db, "revoked_at IS NULL AND code_used_at IS NULL AND server_epoch = 0 AND user_epoch = 0").await;
    (grants, count_of(db, "withdrawals WHERE epoch = 1").await)
}

async fn deleting_an_account_is_one_row_whatever_hangs_on_it(stores: Stores, db: DatabaseConnection) {
    let original = account_with_many_grants(&stores, &db).await;
    let other = Grant { expires_at: original.expires_at, ..grant(2) };
    grants::add(&stores, other.clone()).await;
    let deletion = Change::DeleteUser(UserEdit::end_of_everything(original.user, NOW));
    stores.work.commit(vec![deletion]).await.unwrap();
    assert_eq!(rows_that_hang(&db).await, (MANY + 2, MANY + 1), "no row that hangs on it is touched");
    let redeemed = stores.grants.redeem_code(original.id, NOW, None, NOW).await.unwrap();
    assert_eq!(redeemed, CodeRedemption::Unknown);
    assert!(stores.grants.find_backed(original.id).await.unwrap().is_none());
    let mut gone = 0;
    for _ in 0..3 {
        gone += stores.housekeeping.purge(NOW).await.unwrap();
    }
    assert_eq!(i64::try_from(gone).unwrap(), 2 * (MANY + 1) + 1, "the account's row is the last");
    assert_eq!(rows_that_hang(&db).await, (1, 0));
    assert_eq!(count_of(&db, "users").await, 1);
    assert_eq!(stores.grants.redeem_code(other.id, NOW, None, NOW).await.unwrap(), CodeRedemption::Fresh);
}

async fn ending_everything_is_one_row_whatever_hangs_on_it(stores: Stores, db: DatabaseConnection) {
    let original = account_with_many_grants(&stores, &db).await;
    stores.work.commit(vec![Change::EndEverything(NOW)]).await.unwrap();
    let mut later = Grant { expires_at: original.expires_at, user: original.user, ..grant(2) };
    later.epochs.server = stores.server.epoch().await.unwrap();
    grants::add(&stores, later.clone()).await;
    assert_eq!(rows_that_hang(&db).await, (MANY + 1, MANY + 1), "no row that hangs on it is touched");
    let redeemed = stores.grants.redeem_code(original.id, NOW, None, NOW).await.unwrap();
    assert_eq!(redeemed, CodeRedemption::Unknown);
    assert_eq!(i64::try_from(stores.housekeeping.purge(NOW).await.unwrap()).unwrap(), MANY + 1);
    assert_eq!(rows_that_hang(&db).await, (0, MANY + 1), "what was withdrawn stays so");
    assert_eq!(stores.grants.redeem_code(later.id, NOW, None, NOW).await.unwrap(), CodeRedemption::Fresh);
    assert_eq!(count_of(&db, "endings").await, 0, "the walk came to its end");
}

/// What the row of the only grant has in the columns that an index is made of.
async fn indexed_columns(db: &DatabaseConnection) -> Vec<(String, Option<String>)> {
    let backend = db.get_database_backend();
    let listed = match backend {
        DbBackend::Postgres => {
            "SELECT DISTINCT attname AS name FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey) \
             WHERE indrelid = 'grants'::regclass ORDER BY 1"
        }
        _ => {
            "SELECT DISTINCT of.name AS name FROM pragma_index_list('grants') AS list, pragma_index_info(list.name) AS of \
             ORDER BY 1"
        }
    };
    let rows = db.query_all_raw(Statement::from_string(backend, listed)).await.unwrap();
    let mut columns = Vec::new();
    for row in rows {
        let name: String = row.try_get("", "name").unwrap();
        let sql = format!("SELECT CAST({name} AS TEXT) AS value FROM grants");
        let row = db.query_one_raw(Statement::from_string(backend, sql)).await.unwrap().unwrap();
        columns.push((name, row.try_get("", "value").ok()));
    }
    columns
}

/// PostgreSQL then puts the new version of the row beside the old one, and touches no index (a HOT update).
async fn using_a_grant_touches_no_index(stores: Stores, db: DatabaseConnection) {
    let (minute, hour) = (std::time::Duration::from_mins(1), std::time::Duration::from_hours(1));
    let code = Grant { expires_at: NOW.plus(minute), ..grant(1) };
    grants::add(&stores, code.clone()).await;
    let before = indexed_columns(&db).await;
    assert!(before.len() > 5, "{before:?}");
    let first = grants::slot(0, None);
    stores.grants.redeem_code(code.id, NOW.plus(hour), Some(first.clone()), NOW.plus(30 * hour)).await.unwrap();
    let rotated = stores.grants.rotate(code.id, &first, grants::slot(1, Some(0)), NOW.plus(90 * hour)).await.unwrap();
    assert_eq!(rotated, RefreshRotation::Fresh);
    stores.grants.forget_previous_refresh_token(code.id, 1).await.unwrap();
    assert_eq!(indexed_columns(&db).await, before);
}

/// What the database says it would do for a statement.
pub(super) async fn plan(db: &DatabaseConnection, sql: &str) -> String {
    let (explain, column) = match db.get_database_backend() {
        DbBackend::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
        _ => ("EXPLAIN", "QUERY PLAN"),
    };
    let statement = Statement::from_string(db.get_database_backend(), format!("{explain} {sql}"));
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get::<String>("", column).unwrap()).collect::<Vec<_>>().join("\n")
}

/// A store of its own on each database, and a connection past it.
macro_rules! on_both {
    ($($sqlite:ident, $postgres:ident: $test:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $sqlite() {
            let folder = $crate::support::folder::Folder::new();
            let config = $crate::store::sqlite_in(&folder);
            let store = haechi::store::sql::SqlStore::connect(&config).await.unwrap();
            store.migrate().await.unwrap();
            let direct = sea_orm::Database::connect(&config.url.replacen("sqlite:", "sqlite://", 1)).await.unwrap();
            $test(std::sync::Arc::new(store).into(), direct).await;
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $postgres() {
            let Some(url) = $crate::support::servers::postgres_url() else { return };
            let store = haechi::store::sql::SqlStore::connect(&$crate::store::patient(url.clone())).await.unwrap();
            store.migrate().await.unwrap();
            let direct = sea_orm::Database::connect(&url).await.unwrap();
            $test(std::sync::Arc::new(store).into(), direct).await;
        }
    )*};
}

pub(super) use on_both;

on_both! {
    sqlite_an_end_is_one_row, postgres_an_end_is_one_row: an_end_is_one_row_whatever_hangs_on_it;
    sqlite_a_deletion_is_one_row, postgres_a_deletion_is_one_row: deleting_an_account_is_one_row_whatever_hangs_on_it;
    sqlite_the_end_of_everything_is_one_row, postgres_the_end_of_everything_is_one_row: ending_everything_is_one_row_whatever_hangs_on_it;
    sqlite_using_a_grant_touches_no_index, postgres_using_a_grant_touches_no_index: using_a_grant_touches_no_index;
}
