//! A server on loopback for tests of whatever calls out, and a client that may reach it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::config::network::NetworkConfig;

/// A server that answers its connections with these bytes in turn, again and again with the last, and counts the connections.
pub(crate) async fn serve(answers: Vec<Vec<u8>>) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let hits = Arc::new(AtomicUsize::new(0));
    let counter = hits.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let nth = counter.fetch_add(1, Ordering::SeqCst);
            let answer = answers[nth.min(answers.len() - 1)].clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 2048]).await;
                let _ = stream.write_all(&answer).await;
            });
        }
    });
    (address, hits)
}

/// Calls may go to loopback, and without TLS.
pub(crate) fn to_loopback() -> NetworkConfig {
    NetworkConfig {
        outgoing_allowed: vec!["127.0.0.0/8".parse().unwrap()],
        outgoing_http: true,
        ..NetworkConfig::default()
    }
}
