//! The end: what is under way ends well, what comes later is refused.

use super::*;

#[tokio::test]
async fn a_request_under_way_ends_well_and_its_connection_after_it() {
    let server = Running::start().await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    server.slow_has_begun().await;
    server.phase.send_replace(Phase::Draining);
    let answer = read_to_end(&mut stream).await;
    assert!(answer.ends_with("done") && answer.contains("connection: close"), "{answer}");
    assert!(server.task.await.unwrap());
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_a_new_one_refused() {
    let server = Running::start().await;
    let mut kept = server.connect().await;
    kept.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    read_answer(&mut kept).await;
    server.phase.send_replace(Phase::Draining);
    assert_eq!(read_to_end(&mut kept).await, "");
    assert!(server.task.await.unwrap());
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn what_takes_longer_than_the_drain_is_cut_off() {
    let server = Running::with(Options { drain: HEAD / 4, ..options() }).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    server.slow_has_begun().await;
    server.phase.send_replace(Phase::Draining);
    assert!(!server.task.await.unwrap());
}

#[tokio::test]
async fn an_end_at_once_waits_for_nobody() {
    let server = Running::start().await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    server.slow_has_begun().await;
    server.phase.send_replace(Phase::Draining);
    server.phase.send_replace(Phase::Ended);
    assert!(!timeout(HEAD, server.task).await.unwrap().unwrap());
}

#[tokio::test]
async fn an_end_at_once_cuts_nobody_off_where_nobody_is() {
    let server = Running::start().await;
    server.phase.send_replace(Phase::Ended);
    assert!(timeout(HEAD, server.task).await.unwrap().unwrap());
}
