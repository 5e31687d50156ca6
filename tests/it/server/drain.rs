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

/// RFC 9112 section 9.6, and RFC 9113 section 6.8: whoever keeps connections learns that these end before they do.
#[tokio::test]
async fn while_it_leaves_connections_are_taken_and_each_is_ended_by_its_next_answer() {
    let server = Running::start().await;
    let mut kept = server.connect().await;
    kept.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    assert!(!read_answer(&mut kept).await.contains("connection: close"));
    server.phase.send_replace(Phase::Leaving);
    for mut stream in [kept, server.connect().await] {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let answer = read_to_end(&mut stream).await;
        assert!(answer.contains("connection: close") && answer.ends_with("hello"), "{answer}");
    }
    server.phase.send_replace(Phase::Draining);
    assert!(server.task.await.unwrap());
}

#[tokio::test]
async fn a_request_that_ends_while_it_leaves_is_the_last_of_its_connection() {
    let server = Running::start().await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    server.slow_has_begun().await;
    server.phase.send_replace(Phase::Leaving);
    let answer = read_to_end(&mut stream).await;
    assert!(answer.contains("connection: close") && answer.ends_with("done"), "{answer}");
}

#[tokio::test]
async fn a_request_that_is_on_its_way_at_the_end_is_answered() {
    let server = Running::start().await;
    let (mut kept, mut new) = (server.connect().await, server.connect().await);
    kept.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    read_answer(&mut kept).await;
    for stream in [&mut kept, &mut new] {
        stream.write_all(b"GET / HTTP/1.1\r\nHo").await.unwrap();
    }
    sleep(HEAD / 8).await;
    server.phase.send_replace(Phase::Draining);
    sleep(HEAD / 8).await;
    for mut stream in [kept, new] {
        stream.write_all(b"st: a\r\n\r\n").await.unwrap();
        let answer = read_to_end(&mut stream).await;
        assert!(answer.contains("connection: close") && answer.ends_with("hello"), "{answer}");
    }
    assert!(server.task.await.unwrap());
}

#[tokio::test]
async fn a_connection_that_has_said_nothing_does_not_delay_the_end() {
    let server = Running::with(Options { header_timeout: HEAD * 100, ..options() }).await;
    let mut silent = server.connect().await;
    sleep(HEAD).await;
    server.phase.send_replace(Phase::Draining);
    assert!(timeout(HEAD * 10, server.task).await.unwrap().unwrap());
    assert_eq!(read_to_end(&mut silent).await, "");
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
