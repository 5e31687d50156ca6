//! Tests of the guarded client, against a server on loopback.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use tokio::net::TcpListener;

use super::testing::{serve, to_loopback};
use super::*;

async fn server(answer: &[u8]) -> (SocketAddr, Arc<AtomicUsize>) {
    serve(vec![answer.to_vec()]).await
}

async fn get(config: &NetworkConfig, url: &str) -> Result<Fetched, FetchFailed> {
    Outgoing::new(config).unwrap().get(Caller::Client, &Url::parse(url).unwrap(), "application/json", 1024).await
}

#[tokio::test]
async fn a_document_comes_with_its_lifetime() {
    let (address, _) =
        server(b"HTTP/1.1 200 OK\r\ncache-control: public, max-age=120\r\ncontent-length: 2\r\n\r\n{}").await;
    let fetched = get(&to_loopback(), &format!("http://{address}/jwks")).await.unwrap();
    assert_eq!((fetched.body.as_slice(), fetched.max_age), (&b"{}"[..], Some(Duration::from_mins(2))));
}

#[tokio::test]
async fn ssrf_002_loopback_in_any_spelling_is_not_reached() {
    let (address, hits) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
    let port = address.port();
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "①②⑦.⓪.⓪.①",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "localhost",
    ] {
        let outcome = get(&NetworkConfig::default(), &format!("https://{host}:{port}/")).await;
        assert_eq!(outcome.unwrap_err(), FetchFailed::Address, "{host}");
    }
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn plain_http_and_user_names_are_refused() {
    for url in ["http://example.com/", "https://user@example.com/", "https://:pw@example.com/", "file:///etc/passwd"] {
        assert_eq!(get(&NetworkConfig::default(), url).await.unwrap_err(), FetchFailed::Url, "{url}");
    }
    let to_the_internet = NetworkConfig { outgoing_http: true, ..NetworkConfig::default() };
    assert_eq!(get(&to_the_internet, "http://1.1.1.1/").await.unwrap_err(), FetchFailed::Address);
}

#[tokio::test]
async fn a_client_s_url_leads_to_ports_of_the_web_unless_others_are_named() {
    let public = "https://192.0.2.1:6379/";
    assert_eq!(get(&NetworkConfig::default(), public).await.unwrap_err(), FetchFailed::Port);
    let named = NetworkConfig { outgoing_ports: vec![6379], ..NetworkConfig::default() };
    assert_eq!(get(&named, public).await.unwrap_err(), FetchFailed::Address);
    assert_eq!(get(&NetworkConfig::default(), "https://192.0.2.1:8443/").await.unwrap_err(), FetchFailed::Address);
}

#[tokio::test]
async fn ssrf_003_a_redirect_is_not_followed() {
    let (target, hits) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
    for status in ["301", "302", "303", "307", "308"] {
        let answer = format!("HTTP/1.1 {status} Moved\r\nlocation: http://{target}/\r\ncontent-length: 0\r\n\r\n");
        let (address, _) = server(answer.leak().as_bytes()).await;
        let outcome = get(&to_loopback(), &format!("http://{address}/")).await;
        assert_eq!(outcome.unwrap_err(), FetchFailed::Status(status.parse().unwrap()));
    }
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn ssrf_006_a_large_or_endless_body_is_cut_and_nothing_is_decompressed() {
    let long = format!("HTTP/1.1 200 OK\r\ncontent-length: 4096\r\n\r\n{}", "x".repeat(4096)).leak();
    let (address, _) = server(long.as_bytes()).await;
    assert_eq!(get(&to_loopback(), &format!("http://{address}/")).await.unwrap_err(), FetchFailed::TooLarge);
    let chunks = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}", "100\r\nx".repeat(100)).leak();
    let (address, _) = server(chunks.as_bytes()).await;
    assert!(get(&to_loopback(), &format!("http://{address}/")).await.is_err());
    let (address, _) =
        server(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00").await;
    assert_eq!(get(&to_loopback(), &format!("http://{address}/")).await.unwrap().body, b"\x1f\x8b\x08\x00");
}

#[tokio::test]
async fn ssrf_007_a_slow_answer_ends_after_five_seconds() {
    let (address, _) = server(b"HTTP/1.1 200 OK\r\nconte").await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let began = tokio::time::Instant::now();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    assert_eq!(get(&to_loopback(), &url).await.unwrap_err(), FetchFailed::Timeout);
    assert!(began.elapsed() < Duration::from_secs(7));
    assert!(get(&to_loopback(), &format!("http://{address}/")).await.is_err());
}

#[tokio::test]
async fn ssrf_008_every_failure_takes_its_time() {
    let began = tokio::time::Instant::now();
    assert!(get(&NetworkConfig::default(), "https://10.0.0.1/").await.is_err());
    assert!(began.elapsed() >= FAILURE_TAKES);
}

/// A name server that gives another answer every time.
struct Rebinding(AtomicUsize);

#[async_trait]
impl Lookup for Rebinding {
    async fn addresses(&self, _: &str) -> std::io::Result<Vec<SocketAddr>> {
        let inside = self.0.fetch_add(1, Ordering::SeqCst) > 0;
        let address: IpAddr = if inside { "10.0.0.1" } else { "169.254.169.254" }.parse().unwrap();
        Ok(vec![SocketAddr::new(address, 0)])
    }
}

#[tokio::test]
async fn a_name_is_vetted_every_time_it_is_resolved() {
    let rebinding: Arc<dyn Lookup> = Arc::new(Rebinding(AtomicUsize::new(0)));
    let outgoing = Outgoing::with_lookup(&NetworkConfig::default(), &rebinding).unwrap();
    for _ in 0..2 {
        let outcome = outgoing.get(Caller::Client, &Url::parse("https://rebind.example/").unwrap(), "*/*", 10).await;
        assert_eq!(outcome.unwrap_err(), FetchFailed::Address);
    }
}

#[test]
fn cache_control_is_understood() {
    assert_eq!(max_age("max-age=60"), Some(Duration::from_mins(1)));
    assert_eq!(max_age("public, Max-Age=\"60\""), Some(Duration::from_mins(1)));
    assert_eq!(max_age("max-age=60, no-store"), Some(Duration::ZERO));
    assert_eq!(max_age("private"), None);
    assert_eq!(max_age("max-age=-1"), None);
}
