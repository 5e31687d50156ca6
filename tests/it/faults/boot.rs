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

#[test]
fn a_setting_that_is_wrong_is_not_waited_for() {
    let haechi = Haechi::new().set("HAECHI_DATABASE__URL", "sqlite:/nowhere/at/all/haechi.db");
    let done = haechi.run(&["serve"]);
    assert_ne!(done.code, Some(0), "{done:?}");
}
