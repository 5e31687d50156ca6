//! `haechi serve` and what clients may not do with its connections.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::support::binary::Haechi;

/// Sends the beginning of a request and reads until the server ends the connection.
async fn begin(haechi: &Haechi, beginning: &str) -> (String, Duration) {
    let began = Instant::now();
    let mut stream = TcpStream::connect(("127.0.0.1", haechi.port)).await.unwrap();
    stream.write_all(beginning.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(8), stream.read_to_end(&mut answer)).await.expect("it waits for ever");
    (String::from_utf8(answer).unwrap(), began.elapsed())
}

/// A token request that is under way, and whose form is still to come: the server asks for it by a 100 (RFC 9110 section 10.1.1).
async fn under_way(haechi: &Haechi, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", haechi.port)).await.unwrap();
    let head = format!(
        "POST /token HTTP/1.1\r\nHost: localhost:{}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\
         Expect: 100-continue\r\n\r\n",
        haechi.port
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut interim = Vec::new();
    while !interim.ends_with(b"\r\n\r\n") {
        interim.push(stream.read_u8().await.unwrap());
    }
    let interim = String::from_utf8(interim).unwrap();
    assert!(interim.starts_with("HTTP/1.1 100"), "{interim}");
    stream
}

#[tokio::test]
async fn dos_001_a_slow_head_and_a_slow_body_run_out_of_their_own_time() {
    let haechi = Haechi::new()
        .set("HAECHI_SERVER__HEADER_TIMEOUT_SECONDS", "1")
        .set("HAECHI_SERVER__BODY_TIMEOUT_SECONDS", "2")
        .set("HAECHI_SERVER__IDLE_TIMEOUT_SECONDS", "4");
    let _server = haechi.start();
    let host = format!("Host: localhost:{}", haechi.port);
    let (head, took) = begin(&haechi, &format!("GET /jwks HTTP/1.1\r\n{host}\r\nX-Slow: ")).await;
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 408"), "{head}");
    assert!(took >= Duration::from_millis(900) && took < Duration::from_secs(2), "{took:?}");

    let kind = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100";
    for path in ["/token", "/login"] {
        let beginning = format!("POST {path} HTTP/1.1\r\n{host}\r\n{kind}\r\n\r\ngrant_type=");
        let (answer, took) = begin(&haechi, &beginning).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{path}: {answer}");
        assert!(took >= Duration::from_millis(1900) && took < Duration::from_secs(4), "{path}: {took:?}");
    }
}

#[tokio::test]
async fn f04_a_request_under_way_at_sigterm_is_answered() {
    let haechi = Haechi::new();
    let mut server = haechi.start();
    let form = "grant_type=client_credentials&client_id=nobody&client_secret=x";
    let mut stream = under_way(&haechi, form.len()).await;
    let (first, rest) = form.split_at(20);
    stream.write_all(first.as_bytes()).await.unwrap();
    server.signal("TERM");
    server.wait_for(|_, err| err.contains("stopping"));
    let refused = Instant::now();
    while TcpStream::connect(("127.0.0.1", haechi.port)).await.is_ok() {
        assert!(refused.elapsed() < Duration::from_secs(5), "new connections are still taken");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.contains("invalid_client"), "{answer}");
    assert_eq!(server.end(), Some(0), "{}", server.err());
}

#[tokio::test]
async fn what_outlasts_the_drain_is_cut_off_and_the_exit_status_says_so() {
    // No time but that of the drain ends the request.
    let haechi =
        Haechi::new().set("HAECHI_SERVER__DRAIN_SECONDS", "1").set("HAECHI_SERVER__BODY_TIMEOUT_SECONDS", "300");
    let mut server = haechi.start();
    let mut stream = under_way(&haechi, 100).await;
    stream.write_all(b"grant").await.unwrap();
    server.signal("TERM");
    assert_eq!(server.end(), Some(1), "{}", server.err());
    assert!(server.err().contains("cut off"), "{}", server.err());
}
