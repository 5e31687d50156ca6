//! HTTP/2 over the same port.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};

use super::*;

/// Asks for a path over HTTP/2.
pub(super) async fn get_http2(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    path: &str,
) -> (StatusCode, String) {
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get(format!("http://localhost{path}")).body(Body::empty()).unwrap();
    let answer = sender.send_request(request).await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn http_2_is_spoken_where_the_client_begins_with_it() {
    let server = Running::start().await;
    assert_eq!(get_http2(server.connect().await, "/").await, (StatusCode::OK, "hello".to_owned()));
}

#[tokio::test]
async fn dos_003_http_2_knows_the_same_limits() {
    let server = Running::start().await;
    let long = format!("/?a={}", "a".repeat(20_000));
    assert_eq!(get_http2(server.connect().await, &long).await.0, StatusCode::URI_TOO_LONG);
}

#[tokio::test]
async fn an_http_2_connection_ends_after_its_requests() {
    let server = Running::start().await;
    let stream = server.connect().await;
    let asking = tokio::spawn(get_http2(stream, "/slow"));
    server.slow_has_begun().await;
    server.phase.send_replace(Phase::Draining);
    assert_eq!(asking.await.unwrap(), (StatusCode::OK, "done".to_owned()));
    assert!(server.task.await.unwrap());
}

/// RFC 9113 section 6.8.
#[tokio::test]
async fn while_it_leaves_an_http_2_connection_is_told_to_go_and_what_it_asked_is_answered() {
    let server = Running::start().await;
    let stream = TokioIo::new(server.connect().await);
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = Request::get("http://localhost/slow").body(Body::empty()).unwrap();
    let asking = tokio::spawn(sender.send_request(request));
    server.slow_has_begun().await;
    server.phase.send_replace(Phase::Leaving);
    assert_eq!(asking.await.unwrap().unwrap().status(), StatusCode::OK);
    timeout(HEAD * 10, connection).await.expect("the connection goes on").unwrap().unwrap();
    assert_eq!(get_http2(server.connect().await, "/").await.0, StatusCode::OK, "new ones are taken");
}

/// Frames of HTTP/2, by hand: length, type, flags, stream, payload.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(payload.len()).unwrap().to_be_bytes()[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A head in HPACK: `GET / http localhost`, all from the static table but the authority.
const HEAD_BLOCK: &[u8] = b"\x82\x84\x86\x41\x09localhost";

#[tokio::test]
async fn dos_004_a_rapid_reset_ends_the_connection() {
    let server = Running::start().await;
    let mut stream = server.connect().await;
    let mut bytes = [PREFACE, &frame(4, 0, 0, &[])].concat();
    for id in (1..20_001).step_by(2) {
        bytes.extend(frame(1, 0x5, id, HEAD_BLOCK));
        bytes.extend(frame(3, 0, id, &8u32.to_be_bytes()));
    }
    let _ = stream.write_all(&bytes).await;
    read_to_end(&mut stream).await;
}

#[tokio::test]
async fn dos_004_a_head_that_goes_on_for_ever_ends_the_connection() {
    let server = Running::start().await;
    let mut stream = server.connect().await;
    let mut bytes = [PREFACE, &frame(4, 0, 0, &[]), &frame(1, 0x1, 1, HEAD_BLOCK)].concat();
    // A literal header that is never indexed, again and again.
    let more = b"\x10\x03x-a\x01b".repeat(1000);
    for _ in 0..2000 {
        bytes.extend(frame(9, 0, 1, &more));
    }
    let _ = stream.write_all(&bytes).await;
    read_to_end(&mut stream).await;
}
