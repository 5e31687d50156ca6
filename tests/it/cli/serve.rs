//! `haechi serve`: from the banner to the last request.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::binary::Haechi;

async fn status(haechi: &Haechi, path: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", haechi.port)).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", haechi.port);
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    answer.split(' ').nth(1)?.parse().ok()
}

#[tokio::test]
async fn a_first_start_needs_nothing_and_says_what_to_do_next() {
    let haechi = Haechi::new();
    let mut server = haechi.start();
    let banner = server.out();
    for word in [haechi.issuer().as_str(), "/claim?token=hott_", "haechi demo", "haechi doctor"] {
        assert!(banner.contains(word), "{word} is not in {banner}");
    }
    assert!(!banner.contains('\u{1b}'), "plain where it is no terminal");
    assert_eq!(status(&haechi, "/readyz").await, Some(StatusCode::OK.as_u16()));
    server.signal("TERM");
    assert_eq!(server.end(), Some(0));
    assert!(!server.err().contains("hott_"), "the link is a secret, and no matter for the log");
}

#[test]
fn an_address_that_was_set_is_not_doubted() {
    // As behind a port that a container maps: what leads there is somebody's own doing.
    let haechi = Haechi::new().set("HAECHI_SERVER__ISSUER", "http://localhost:9");
    let server = haechi.start();
    assert!(!server.out().contains("warning") && !server.err().contains("listens at"), "{}", server.out());
}

#[tokio::test]
async fn two_servers_do_not_share_a_port() {
    let haechi = Haechi::new();
    let _server = haechi.start();
    let second = haechi.run(&["serve"]);
    assert_eq!(second.code, Some(1), "{second:?}");
    assert!(second.err.contains("running already"), "{second:?}");
}

#[tokio::test]
async fn f04_a_stop_is_announced_then_drains_and_ends_well() {
    let haechi = Haechi::new().set("HAECHI_SERVER__UNREADY_SECONDS", "2");
    let mut server = haechi.start();
    // A kept connection, and one whose request is half sent.
    let mut kept = TcpStream::connect(("127.0.0.1", haechi.port)).await.unwrap();
    let ask = format!("GET /jwks HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", haechi.port);
    kept.write_all(ask.as_bytes()).await.unwrap();
    assert!(kept.read(&mut [0; 8192]).await.unwrap() > 0);
    server.signal("TERM");
    server.wait_for(|_, err| err.contains("stopping"));
    let began = Instant::now();
    assert_eq!(status(&haechi, "/readyz").await, Some(503), "load balancers look elsewhere");
    assert_eq!(status(&haechi, "/jwks").await, Some(200), "and what comes meanwhile is served");
    kept.write_all(ask.as_bytes()).await.unwrap();
    assert!(kept.read(&mut [0; 8192]).await.unwrap() > 0);
    assert_eq!(server.end(), Some(0));
    assert!(began.elapsed() > Duration::from_millis(1500), "not before its time");
    assert_eq!(status(&haechi, "/jwks").await, None);
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let haechi = Haechi::new().set("HAECHI_SERVER__UNREADY_SECONDS", "60");
    let mut server = haechi.start();
    server.signal("TERM");
    server.wait_for(|_, err| err.contains("stopping"));
    let began = Instant::now();
    server.signal("INT");
    server.end();
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_restart_brings_back_the_same_keys() {
    let haechi = Haechi::new();
    let mut server = haechi.start();
    let kid = |keys: serde_json::Value| {
        keys.as_array().unwrap().iter().find(|key| key["algorithm"] == "ES256").unwrap()["id"].clone()
    };
    let before = kid(haechi.json(&["keys", "list", "--json"]));
    server.signal("KILL");
    server.end();
    let _again = haechi.start();
    assert_eq!(kid(haechi.json(&["keys", "list", "--json"])), before);
}
