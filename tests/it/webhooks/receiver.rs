//! A program that is told what happens: it keeps what it is sent, and answers as a test wants.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use haechi::config::server::ServerConfig;
use haechi::http::server::{Options, Phase, serve};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What was sent.
#[derive(Clone, Debug)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn said(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Clone)]
pub struct Receiver {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    answer: Arc<Mutex<u16>>,
}

impl Receiver {
    pub async fn listening() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap(),
            received: Arc::default(),
            answer: Arc::new(Mutex::new(204)),
        };
        let routes = Router::new().route("/hook", post(take)).with_state(receiver.clone());
        let (phase, watched) = watch::channel(Phase::Serving);
        let options = Options::from_config(&ServerConfig::default()).unwrap();
        tokio::spawn(async move {
            let _phase = phase;
            serve(listener, routes, options, watched).await
        });
        receiver
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Answers this from now on.
    pub fn answers(&self, status: u16) {
        *self.answer.lock().unwrap() = status;
    }

    /// What was sent since it was last asked.
    pub fn received(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap())
    }

    /// The kinds of what was sent since it was last asked.
    pub fn kinds(&self) -> Vec<String> {
        self.received().iter().map(|one| one.said()["type"].as_str().unwrap().to_owned()).collect()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    receiver.received.lock().unwrap().push(Received { headers, body: body.to_vec() });
    StatusCode::from_u16(*receiver.answer.lock().unwrap()).unwrap()
}
