//! DOS-001: clients that send slowly, or nothing.

use std::time::Instant;

use tokio::io::AsyncWriteExt;

use super::*;

/// The connection is closed once the time for a head is over, and not before.
async fn is_cut(stream: &mut TcpStream) {
    let began = Instant::now();
    read_to_end(stream).await;
    let took = began.elapsed();
    assert!(took >= HEAD / 2 && took < HEAD * 4, "closed after {took:?}");
}

#[tokio::test]
async fn dos_001_a_connection_that_says_nothing_is_closed() {
    let server = Running::start().await;
    is_cut(&mut server.connect().await).await;
}

#[tokio::test]
async fn dos_001_a_head_that_never_ends_is_closed() {
    let server = Running::start().await;
    for begun in ["G", "P", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX-A: "] {
        let mut stream = server.connect().await;
        stream.write_all(begun.as_bytes()).await.unwrap();
        is_cut(&mut stream).await;
    }
}

#[tokio::test]
async fn dos_001_a_byte_now_and_then_does_not_lengthen_the_time() {
    let server = Running::start().await;
    let (mut reading, mut writing) = server.connect().await.into_split();
    let dripping = tokio::spawn(async move {
        for byte in b"GET / HTTP/1.1\r\nHost: a\r\nX-Padding: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        {
            if writing.write_all(&[*byte]).await.is_err() {
                return;
            }
            sleep(HEAD / 8).await;
        }
        panic!("the connection stayed open");
    });
    let began = Instant::now();
    read_to_end(&mut reading).await;
    assert!(began.elapsed() < HEAD * 4);
    dripping.await.unwrap();
}

#[tokio::test]
async fn a_kept_connection_may_be_idle_for_longer_than_a_head_may_take_and_is_then_closed() {
    let server = Running::start().await;
    let mut stream = server.connect().await;
    for _ in 0..2 {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        assert!(read_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
        sleep(HEAD * 3 / 2).await;
    }
    assert_eq!(read_to_end(&mut stream).await, "");
}

#[tokio::test]
async fn dos_001_half_a_second_head_on_a_kept_connection_is_closed() {
    let server = Running::start().await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    read_answer(&mut stream).await;
    stream.write_all(b"GET / HT").await.unwrap();
    let began = Instant::now();
    assert_eq!(read_to_end(&mut stream).await, "");
    assert!(began.elapsed() < HEAD * 5 / 2, "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_answer_may_take_longer_than_a_head() {
    let server = Running::start().await;
    let answer = server.send("GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(answer.ends_with("done"), "{answer}");
}

#[tokio::test]
async fn dos_001_slow_connections_leave_others_alone_and_give_their_place_back() {
    let server = Running::with(Options { max_connections: 50, ..options() }).await;
    let mut slow = Vec::new();
    for _ in 0..49 {
        slow.push(server.connect().await);
    }
    let answer = server.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(answer.ends_with("hello"));
    // Now every place is taken; they come free when the time for a head is over.
    slow.push(server.connect().await);
    slow.push(server.connect().await);
    let answer = server.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(answer.ends_with("hello"));
}
