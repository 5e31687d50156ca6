//! Servers of the tests' own behind TLS, under names that exist only in the test.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use haechi::http::server::tls::Tls;
use haechi::http::server::{Options, Phase, serve};
use haechi::outgoing::Lookup;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::folder::Folder;

/// A certificate for some hosts, and the authority that vouches for it.
pub struct Certified {
    folder: Folder,
    hosts: Vec<String>,
}

impl Certified {
    pub fn new(hosts: Vec<String>) -> Self {
        let folder = Folder::new();
        let ca_key = KeyPair::generate().unwrap();
        let mut ca = CertificateParams::new(Vec::new()).unwrap();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        folder.write("ca.crt", ca.self_signed(&ca_key).unwrap().pem());
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(hosts.clone()).unwrap();
        let signed = certificate.signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
        folder.write("tls.crt", signed.pem());
        folder.write("tls.key", key.serialize_pem());
        Self { folder, hosts }
    }

    /// The authority's certificate.
    pub fn authorities(&self) -> PathBuf {
        self.folder.path().join("ca.crt")
    }

    /// The certificate, and its key.
    pub fn files(&self) -> (PathBuf, PathBuf) {
        (self.folder.path().join("tls.crt"), self.folder.path().join("tls.key"))
    }

    /// Serves on a free port of this machine, until what is answered is dropped.
    pub async fn serve(&self, router: Router) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (certificate, key) = self.files();
        let options = Options {
            tls: Some(Arc::new(Tls::load(&certificate, &key).unwrap())),
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            drain: Duration::ZERO,
            max_connections: 100,
        };
        let (phase, watched) = watch::channel(Phase::Serving);
        tokio::spawn(serve(listener, router, options, watched));
        Served { address, _phase: phase }
    }

    /// A client that finds the hosts at this address, and believes the authority and nobody else.
    pub fn client(&self, address: SocketAddr) -> reqwest::Client {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.authorities()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let builder = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().user_agent("test");
        let builder = self.hosts.iter().fold(builder, |builder, host| builder.resolve(host, address));
        builder.redirect(reqwest::redirect::Policy::none()).build().unwrap()
    }
}

/// A server.
pub struct Served {
    pub address: SocketAddr,
    /// Kept: the server ends with it.
    _phase: watch::Sender<Phase>,
}

/// Every name leads there.
pub fn leading_to(address: SocketAddr) -> Arc<dyn Lookup> {
    Arc::new(Leading(address))
}

struct Leading(SocketAddr);

#[async_trait]
impl Lookup for Leading {
    async fn addresses(&self, _: &str) -> std::io::Result<Vec<SocketAddr>> {
        Ok(vec![self.0])
    }
}
