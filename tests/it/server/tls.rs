//! TLS ended by Haechi itself.

use std::sync::Arc;

use axum::http::StatusCode;
use haechi::http::server::tls::Tls;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::protocol::get_http2;
use super::*;
use crate::support::folder::Folder;

/// A certificate for localhost in files of this folder.
fn certificate(folder: &Folder) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    folder.write("tls.crt", made.cert.pem());
    folder.write("tls.key", made.signing_key.serialize_pem());
    made.cert.der().clone()
}

fn tls(folder: &Folder) -> Arc<Tls> {
    Arc::new(Tls::load(&folder.path().join("tls.crt"), &folder.path().join("tls.key")).unwrap())
}

async fn connect(
    server: &Running,
    trusted: CertificateDer<'static>,
    alpn: &[&str],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(trusted).unwrap();
    let mut config = rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, server.connect().await).await
}

#[tokio::test]
async fn both_protocols_are_spoken_over_tls() {
    let folder = Folder::new();
    let trusted = certificate(&folder);
    let server = Running::with(Options { tls: Some(tls(&folder)), ..options() }).await;
    let mut plain = connect(&server, trusted.clone(), &[]).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    assert!(read_answer(&mut plain).await.ends_with("hello"));
    let stream = connect(&server, trusted, &["h2"]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    assert_eq!(get_http2(stream, "/").await, (StatusCode::OK, "hello".to_owned()));
}

#[tokio::test]
async fn dos_001_half_a_handshake_is_closed() {
    let folder = Folder::new();
    certificate(&folder);
    let server = Running::with(Options { tls: Some(tls(&folder)), ..options() }).await;
    for begun in [&b""[..], b"\x16\x03\x01\x02\x00\x01\x00"] {
        let mut stream = server.connect().await;
        stream.write_all(begun).await.unwrap();
        read_to_end(&mut stream).await;
    }
}

#[tokio::test]
async fn a_renewed_certificate_is_served_without_a_restart_and_a_broken_one_is_not() {
    let folder = Folder::new();
    let first = certificate(&folder);
    let tls = tls(&folder);
    let server = Running::with(Options { tls: Some(Arc::clone(&tls)), ..options() }).await;
    assert!(!tls.reload_if_changed().unwrap());
    let second = certificate(&folder);
    assert!(tls.reload_if_changed().unwrap());
    assert!(connect(&server, first, &[]).await.is_err());
    assert!(connect(&server, second.clone(), &[]).await.is_ok());
    folder.write("tls.key", rcgen::KeyPair::generate().unwrap().serialize_pem());
    assert!(tls.reload_if_changed().is_err());
    assert!(connect(&server, second, &[]).await.is_ok());
}
