//! `haechi serve` with a certificate of its own.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use serde_json::Value;

use crate::support::binary::Haechi;

/// A setup that speaks TLS, and the certificate that its clients must know.
fn with_tls() -> (Haechi, CertificateDer<'static>) {
    let haechi = Haechi::new();
    let issuer = format!("https://localhost:{}", haechi.port);
    let haechi = haechi
        .set("HAECHI_SERVER__ISSUER", &issuer)
        .set("HAECHI_SERVER__TLS_CERTIFICATE", "tls.crt")
        .set("HAECHI_SERVER__TLS_KEY", "tls.key");
    let trusted = renew(&haechi);
    (haechi, trusted)
}

/// Writes a new pair.
fn renew(haechi: &Haechi) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    haechi.folder.write("tls.crt", made.cert.pem());
    haechi.folder.write("tls.key", made.signing_key.serialize_pem());
    made.cert.der().clone()
}

fn client(trusted: &CertificateDer<'static>) -> reqwest::Client {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy();
    client.timeout(Duration::from_secs(10)).build().unwrap()
}

#[tokio::test]
async fn it_serves_tls_and_nothing_else_there() {
    let (haechi, trusted) = with_tls();
    let server = haechi.start();
    let issuer = format!("https://localhost:{}", haechi.port);
    assert!(server.out().contains(&format!("{issuer}/claim?token=hott_")), "{}", server.out());
    let url = format!("{issuer}/.well-known/openid-configuration");
    let answer = client(&trusted).get(&url).send().await.unwrap();
    assert!(answer.headers().contains_key("strict-transport-security"), "{:?}", answer.headers());
    let metadata: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(metadata["issuer"], issuer);
    let plain = client(&trusted).get(url.replace("https:", "http:")).send().await;
    assert!(plain.is_err(), "{plain:?}");
}

#[test]
fn a_certificate_that_is_none_or_another_keys_is_named_before_anything_starts() {
    let (haechi, _) = with_tls();
    let other = rcgen::KeyPair::generate().unwrap();
    haechi.folder.write("tls.key", other.serialize_pem());
    let done = haechi.run(&["serve"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("tls.crt") || done.err.contains("tls.key"), "{done:?}");
    assert_eq!(done.err.lines().count(), 1, "{done:?}");
    haechi.folder.write("tls.crt", "no certificate");
    let done = haechi.run(&["serve"]);
    assert!(done.code == Some(2) && done.err.contains("tls.crt"), "{done:?}");
    std::fs::remove_file(haechi.folder.path().join("tls.crt")).unwrap();
    let done = haechi.run(&["serve"]);
    assert!(done.code == Some(2) && done.err.contains("tls.crt"), "{done:?}");
    assert!(!haechi.folder.path().join("haechi.db").exists(), "nothing was begun");
}
