//! A server that is started before its database: it waits, says so once, and is ready by itself.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::support::binary::{Haechi, plain_client};
use crate::support::gate::Gate;
use crate::support::servers;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f05_a_database_that_starts_later_is_waited_for() {
    let Some(direct) = servers::postgres_url() else { return };
    let mut url = Url::parse(&direct).unwrap();
    let gate = Gate::to(url.port().unwrap()).await;
    gate.shut();
    url.set_port(Some(gate.port)).unwrap();
    let haechi = Haechi::new().set("HAECHI_DATABASE__URL", url.as_str());
    let mut server = haechi.begin(&["serve"]);
    let client = plain_client();
    let status = async |path: &str| {
        let answer = client.get(format!("http://127.0.0.1:{}{path}", haechi.port)).send().await;
        answer.map_or(StatusCode::IM_A_TEAPOT, |answer| answer.status()).as_u16()
    };
    let until = async |path: &str, wanted: u16| {
        let begun = Instant::now();
        while status(path).await != wanted {
            assert!(begun.elapsed() < Duration::from_secs(30), "{path} {}", server.err());
            sleep(Duration::from_millis(50)).await;
        }
    };
    until("/readyz", 503).await;
    // Several tries long.
    sleep(Duration::from_secs(2)).await;
    for (path, is) in [("/healthz", 200), ("/readyz", 503), ("/authorize", 503), ("/jwks", 503)] {
        assert_eq!(status(path).await, is, "{path}");
    }
    let said = server.err();
    let reasons: Vec<&str> = said.lines().filter_map(|line| line.split_once("why=")).map(|(_, why)| why).collect();
    let different: std::collections::BTreeSet<&&str> = reasons.iter().collect();
    assert!(!reasons.is_empty() && reasons.len() == different.len(), "each reason once: {said}");
    gate.open();
    until("/readyz", 200).await;
    assert_eq!(status("/jwks").await, 200);
    server.signal("TERM");
    assert_eq!(server.end(), Some(0), "{}", server.err());
}

/// Ends at once, with a status that says so and these words: it does not become a server that is not ready.
fn ends_saying(haechi: &Haechi, said: &str) {
    let mut server = haechi.begin(&["serve"]);
    let code = server.end();
    let err = server.err();
    assert!(code.is_some_and(|code| code != 0) && err.contains(said), "{said}: {code:?} {err}");
    assert!(!err.contains("waiting"), "{err}");
}

#[test]
fn a_setting_that_is_wrong_is_not_waited_for() {
    for (url, said) in [
        ("sqlite:/nowhere/at/all/haechi.db", "database cannot be opened"),
        ("mysql://haechi@127.0.0.1/haechi", "database.url"),
        ("postgres://haechi@127.0.0.1:no-port/haechi", "database cannot be opened"),
    ] {
        ends_saying(&Haechi::new().set("HAECHI_DATABASE__URL", url), said);
    }
}

#[test]
fn a_postgresql_that_refuses_the_settings_is_not_waited_for() {
    let Some(right) = servers::postgres_url() else { return };
    let with = |change: &dyn Fn(&mut Url)| {
        let mut url = Url::parse(&right).unwrap();
        change(&mut url);
        Haechi::new().set("HAECHI_DATABASE__URL", url.as_str())
    };
    ends_saying(&with(&|url| url.set_path("/no_such_database")), "\"no_such_database\" does not exist");
    ends_saying(&with(&|url| url.set_username("nobody_here").unwrap()), "\"nobody_here\" does not exist");
    ends_saying(&with(&|url| url.set_query(Some("sslmode=require"))), "does not support TLS");
    let redis = with(&|_| ()).set("HAECHI_REDIS__URL", "redis://cache:no-port/0");
    ends_saying(&redis, "redis");
}

#[test]
fn a_pooler_of_which_nothing_was_said_is_not_waited_for() {
    let Some(pooled) = servers::pooled_url() else { return };
    ends_saying(&Haechi::new().set("HAECHI_DATABASE__URL", &pooled), "set database.pool_mode");
}
