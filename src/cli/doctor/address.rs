//! The issuer: whether its name leads somewhere, and whether this server can be behind it.

use url::{Host, Url};

use super::Finding;
use super::reach::addresses;
use crate::config::Config;

/// What the finding about the issuer's name is called.
pub(super) const ISSUER: &str = "issuer";

/// Looks at the issuer and the address that is listened on.
pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let Ok(issuer) = Url::parse(&config.server.issuer) else { return Vec::new() };
    let port = issuer.port_or_known_default().unwrap_or(443);
    vec![resolves(&issuer, port).await, matches_listener(config, &issuer, port), descriptors(config)]
}

async fn resolves(issuer: &Url, port: u16) -> Finding {
    let about = ISSUER;
    let name = match issuer.host() {
        Some(Host::Domain(name)) => name.to_owned(),
        _ => return Finding::ok(about, format!("{issuer} is an address")),
    };
    let shown = issuer.as_str().trim_end_matches('/');
    match addresses(&name, port).await {
        Ok(addresses) => {
            let addresses: Vec<_> = addresses.iter().map(|address| address.ip().to_string()).collect();
            Finding::ok(about, format!("{shown} leads to {}", addresses.join(", ")))
        }
        Err(obstacle) => obstacle.found(about, "Haechi", "server.issuer"),
    }
}

/// Whether a browser that follows the issuer can end up at the listener: directly, or by way of a proxy.
fn matches_listener(config: &Config, issuer: &Url, port: u16) -> Finding {
    let about = "listen";
    let server = &config.server;
    let tls = server.tls_certificate.is_some();
    let (https, loopback) = (issuer.scheme() == "https", server.listen.ip().is_loopback());
    match (https, tls) {
        (false, true) => Finding::fail(
            about,
            format!("{} speaks TLS, but the issuer is http", server.listen),
            "write the issuer with https, or leave tls_certificate and tls_key out",
        ),
        (false, false) if server.listen.port() != port => Finding::warn(
            about,
            format!("{} is not the port {port} of the issuer", server.listen),
            format!(
                "set server.issuer to http://localhost:{}, unless something leads from one to the other",
                server.listen.port()
            ),
        ),
        (false, false) => Finding::ok(about, format!("{}; only browsers on this machine can sign in", server.listen)),
        (true, true) => Finding::ok(about, format!("{}, with TLS", server.listen)),
        (true, false) if loopback => Finding::ok(about, format!("{}, behind a proxy on this machine", server.listen)),
        (true, false) => Finding::warn(
            about,
            format!("{} speaks plain HTTP to the network, behind a proxy elsewhere", server.listen),
            "see that the network between the proxy and this machine cannot be listened to, or set tls_certificate and tls_key",
        ),
    }
}

/// The hard limit: the server raises its own up to that.
fn descriptors(config: &Config) -> Finding {
    let about = "descriptors";
    let wanted = u64::try_from(config.server.max_connections).unwrap_or(u64::MAX).saturating_add(100);
    match rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum {
        Some(limit) if limit < wanted => Finding::warn(
            about,
            format!(
                "a process may open {limit} files, too few for {} connections and the rest",
                config.server.max_connections
            ),
            format!("raise the limit (systemd: LimitNOFILE={wanted}) or lower server.max_connections"),
        ),
        Some(limit) => Finding::ok(about, format!("{limit} files may be open")),
        None => Finding::ok(about, "any number of files may be open"),
    }
}
