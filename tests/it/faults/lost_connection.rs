//! A PostgreSQL that ends connections under load, in the middle of whatever they do: a commit that was not confirmed is never acknowledged.

use std::time::Duration;

use sea_orm::sqlx::{Connection, Executor, PgConnection};
use tokio::time::sleep;

use super::ledger::{Ledger, Reader};
use super::setup::Setup;
use crate::support::binary::Haechi;

/// How many batches are sent while connections end.
const BATCHES: u64 = 12;
const SOON: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f13_what_is_acknowledged_while_connections_are_cut_is_committed_and_outlives_a_kill() {
    let setup = Setup::of(Haechi::new().set("HAECHI_TOKENS__REFRESH_RETRY_SECONDS", "300"));
    if !setup.haechi.database_url().starts_with("postgres") {
        return;
    }
    let mut server = setup.haechi.start();
    let mut ledger = Ledger::open(&setup, Reader::of(&setup)).await;
    let mut operator = PgConnection::connect(setup.haechi.database_url()).await.unwrap();
    let mut put_off = 0;
    for batch in 0..BATCHES {
        let cutting = async {
            for _ in 0..4 {
                sleep(Duration::from_millis(3 + 2 * batch)).await;
                let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                           AND pid <> pg_backend_pid()";
                operator.execute(cut).await.unwrap();
            }
        };
        let (outcome, ()) = tokio::join!(ledger.batch(), cutting);
        put_off += outcome.put_off;
        ledger.matches_the_database().await;
    }
    assert!(put_off > 0, "nothing was cut off");
    ledger.recovers(SOON).await;
    setup.becomes(200, SOON).await;
    ledger.matches_the_database().await;

    server.signal("KILL");
    server.end();
    let _server = setup.haechi.start();
    ledger.matches_the_database().await;
    ledger.matches_the_server().await;
}
