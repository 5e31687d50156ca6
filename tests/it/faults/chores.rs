//! What a serving node does again and again, asked by no request.

use std::sync::Arc;
use std::time::Duration;

use haechi::app::{self, Beginning, World};
use haechi::outgoing::SystemLookup;
use haechi::store::Change;
use haechi::support::id::SignInId;
use haechi::support::{Clock, ManualClock};
use tokio::time::{Instant, sleep};

use crate::support::app::TestApp;
use crate::upstream::Overheard;

/// Waits until something is so.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_serving_node_deletes_what_has_expired_and_keeps_the_audit_log_short() {
    let house = TestApp::with(|config| config.audit.keep_entries = 2).await;
    let user = house.user("kim@example.com").await;
    for name in ["lee", "park", "choi"] {
        house.user(&format!("{name}@example.com")).await;
    }
    let id = SignInId::new(house.clock.now(), house.random.as_ref());
    let over = house.clock.now().minus(Duration::from_mins(2));
    house.commit(vec![Change::EndSignIn { id, until: over }]).await;
    let remembered = async || house.stores.users.sign_in_status(user.id, id.into(), None).await.unwrap().unwrap().ended;
    let entries = async || house.stores.audit.list(None, 100).await.unwrap().items.len();
    assert!(remembered().await && entries().await > 2);
    let _chores = app::keep_house(&house.app);
    until("what has expired is deleted", async || !remembered().await).await;
    until("the audit log is short", async || entries().await == 2).await;
}

#[tokio::test]
async fn a_serving_node_whose_clock_jumps_goes_by_the_databases_and_says_so_once() {
    let heard = Overheard::begin();
    let house = TestApp::new().await;
    let machine = Arc::new(ManualClock::new(house.clock.now()));
    let random = house.random.clone();
    let world = World { beginning: Beginning::Allowed, clock: machine.clone(), random, lookup: Arc::new(SystemLookup) };
    let node = app::assemble(house.config.clone(), house.stores.clone(), world).await.unwrap();
    let _chores = app::keep_house(&node);
    let (wrong, right) = ("the clock of this machine is wrong", "the clock of this machine is right again");
    for (minutes, said) in [(90, wrong), (0, right)] {
        machine.set(house.clock.now().plus(Duration::from_mins(minutes)));
        let apart = || node.clock.now().millis().abs_diff(house.clock.now().millis());
        until("the time is the database's", async || apart() <= 1).await;
        until(said, async || heard.text().contains(said)).await;
    }
    assert_eq!(heard.text().matches(wrong).count(), 1);
}
