//! The serve loop, over real sockets: limits, slow clients, TLS, and the end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use haechi::http::server::{Options, Phase, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

mod drain;
mod limits;
mod protocol;
mod slow;
mod tls;

/// The time for a head in these tests; a connection may be idle for three times as long.
const HEAD: Duration = Duration::from_millis(400);

/// A running server.
struct Running {
    address: SocketAddr,
    phase: watch::Sender<Phase>,
    task: JoinHandle<bool>,
    /// A permit for each request that has reached `/slow`.
    begun: Arc<Semaphore>,
}

impl Running {
    async fn start() -> Self {
        Self::with(options()).await
    }

    async fn with(options: Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (phase, watched) = watch::channel(Phase::Serving);
        let begun = Arc::new(Semaphore::new(0));
        let task = tokio::spawn(serve(listener, router(begun.clone()), options, watched));
        Self { address, phase, task, begun }
    }

    /// Waits until a request is with the handler of `/slow`.
    async fn slow_has_begun(&self) {
        let begun = timeout(Duration::from_secs(10), self.begun.acquire()).await;
        begun.expect("no request came").unwrap().forget();
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes on a new connection and reads until the server closes it.
    async fn send(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        // A server that refuses may close before it has read everything.
        let _ = stream.write_all(bytes.as_ref()).await;
        read_to_end(&mut stream).await
    }
}

fn options() -> Options {
    Options {
        tls: None,
        header_timeout: HEAD,
        idle_timeout: HEAD * 3,
        drain: Duration::from_secs(5),
        max_connections: 100,
    }
}

fn router(begun: Arc<Semaphore>) -> Router {
    Router::new().route("/", get(|| async { "hello" })).route("/echo", post(|body: String| async move { body })).route(
        "/slow",
        get(async move || {
            begun.add_permits(1);
            sleep(HEAD * 2).await;
            "done"
        }),
    )
}

/// Everything until the connection is closed, which must happen soon.
async fn read_to_end(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut read = Vec::new();
    let _ = timeout(Duration::from_secs(10), stream.read_to_end(&mut read)).await.expect("the connection stays open");
    String::from_utf8_lossy(&read).into_owned()
}

/// One answer with a Content-Length, leaving the connection as it is.
async fn read_answer(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut read = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = timeout(Duration::from_secs(10), stream.read(&mut chunk)).await.expect("no answer").unwrap();
        assert!(count > 0, "closed after {:?}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&read).to_lowercase();
        let length = text.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse::<usize>().ok());
        if let (Some((_, body)), Some(length)) = (text.split_once("\r\n\r\n"), length)
            && body.len() >= length
        {
            return String::from_utf8(read).unwrap();
        }
    }
}
