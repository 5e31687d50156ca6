//! DOS-003: heads that are too big. DOS-005: requests that two servers would read differently.

use super::*;

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("closed")
}

#[tokio::test]
async fn dos_003_a_long_target_is_414() {
    let server = Running::start().await;
    let fits = format!("GET /?a={} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "a".repeat(8000));
    assert_eq!(status(&server.send(fits).await), "200");
    let long = format!("GET /?a={} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(20_000));
    assert_eq!(status(&server.send(long).await), "414");
}

#[tokio::test]
async fn dos_003_a_big_head_is_431() {
    let server = Running::start().await;
    let many = "X-A: b\r\n".repeat(1000);
    let cookie = format!("Cookie: a={}\r\n", "a".repeat(1024 * 1024));
    let target = format!("X-A: {}\r\n", "a".repeat(64 * 1024));
    for headers in [many, cookie, target] {
        let answer = server.send(format!("GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n")).await;
        // A client that is still sending may see the connection end before it reads the answer.
        assert!(["431", "closed"].contains(&status(&answer)), "{answer}");
    }
    let answer = server.send(format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X-A: b\r\n".repeat(101))).await;
    assert_eq!(status(&answer), "431");
}

#[tokio::test]
async fn dos_005_a_request_that_could_be_two_is_refused_and_its_connection_closed() {
    let server = Running::start().await;
    let inner = "GET / HTTP/1.1\r\nHost: smuggled\r\n\r\n";
    let ambiguous = [
        ("CL.TE", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
        ("TE.TE", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
        ("TE unknown", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("TE not last", "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
        ("TE with a space before its colon", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        ("TE folded", "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        ("two lengths", "Content-Length: 0\r\nContent-Length: 34\r\n\r\n"),
        ("signed length", "Content-Length: +0\r\n\r\n"),
        ("negative length", "Content-Length: -1\r\n\r\n"),
        ("list of lengths", "Content-Length: 0, 34\r\n\r\n"),
        ("chunk size with a sign", "Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n"),
        ("chunk size with 0x", "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n"),
        ("chunk that overflows", "Transfer-Encoding: chunked\r\n\r\n1ffffffffffffffff\r\n\r\n"),
        ("NUL in a header", "X-A: a\0b\r\n\r\n"),
    ];
    for (name, rest) in ambiguous {
        let answer = server.send(format!("POST /echo HTTP/1.1\r\nHost: a\r\n{rest}{inner}")).await;
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{name}: {answer}");
        assert!(!answer.contains("hello"), "{name}: {answer}");
    }
}

#[tokio::test]
async fn dos_005_nothing_follows_a_body_in_chunks() {
    let server = Running::start().await;
    let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    let answer = server.send(format!("{chunked}GET / HTTP/1.1\r\nHost: a\r\n\r\n")).await;
    assert!(answer.ends_with("abc") && answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn a_request_names_exactly_one_host() {
    let server = Running::start().await;
    for hosts in ["", "Host: a\r\nHost: a\r\n", "Host: a\r\nHost: b\r\n"] {
        let answer = server.send(format!("GET / HTTP/1.1\r\n{hosts}\r\n")).await;
        assert_eq!(status(&answer), "400", "{hosts:?}");
    }
}

#[tokio::test]
async fn what_is_no_http_is_refused() {
    let server = Running::start().await;
    for bytes in
        [&b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"[..], b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\0\0\0\0"]
    {
        let answer = server.send(bytes).await;
        assert!(["400", "closed"].contains(&status(&answer)), "{bytes:?}: {answer}");
    }
    assert!(server.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n").await.ends_with("hello"));
}
