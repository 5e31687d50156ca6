//! The issuer: whether its name leads somewhere, and whether this server can be behind it.

use rustix::process::{Resource, getrlimit};
use url::{Host, Url};

use super::Finding;
use super::reach::addresses;
use crate::config::Config;
use crate::config::server::ServerConfig;
use crate::i18n::keys::doctor as text;
use crate::i18n::said;

/// What the finding about the issuer's name is called.
pub(super) const ISSUER: &str = "issuer";

/// Looks at the issuer and the address that is listened on.
pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let Ok(issuer) = Url::parse(&config.server.issuer) else { return Vec::new() };
    let port = issuer.port_or_known_default().unwrap_or(443);
    let limit = getrlimit(Resource::Nofile).maximum;
    vec![
        resolves(&issuer, port).await,
        matches_listener(config, &issuer, port),
        descriptors(limit, config.server.max_connections),
    ]
}

async fn resolves(issuer: &Url, port: u16) -> Finding {
    let about = ISSUER;
    let name = match issuer.host() {
        Some(Host::Domain(name)) => name.to_owned(),
        _ => return Finding::ok(about, said(text::ISSUER_IS_ADDRESS).filling("issuer", issuer)),
    };
    let shown = issuer.as_str().trim_end_matches('/');
    match addresses(&name, port).await {
        Ok(addresses) => {
            let addresses: Vec<_> = addresses.iter().map(|address| address.ip().to_string()).collect();
            Finding::ok(
                about,
                said(text::ISSUER_LEADS).filling("issuer", shown).filling("addresses", addresses.join(", ")),
            )
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
    let at = |key| said(key).filling("place", server.listen);
    match (https, tls) {
        (false, true) => Finding::fail(about, at(text::LISTEN_TLS_FOR_HTTP), text::LISTEN_TLS_FOR_HTTP_MEND),
        (false, false) if server.listen.port() != port => Finding::warn(
            about,
            said(text::LISTEN_OTHER_PORT).filling("place", server.listen).filling("port", port),
            said(text::LISTEN_OTHER_PORT_MEND).filling("port", server.listen.port()),
        ),
        (false, false) => Finding::ok(about, at(text::LISTEN_HERE)),
        (true, true) => Finding::ok(about, at(text::LISTEN_TLS)),
        (true, false) if loopback => Finding::ok(about, at(text::LISTEN_BEHIND_PROXY)),
        (true, false) => Finding::warn(about, at(text::LISTEN_PLAIN), text::LISTEN_PLAIN_MEND),
    }
}

/// What the server needs besides its connections: the database, Redis, files.
const RESERVED: u64 = 100;
/// Below this many a server is too small for its own default.
const FEW: u64 = 4096;

/// The hard limit, up to which the server raises its own by itself. More connections than fit into it wait; that is worth a warning only where the
/// operator asked for so many, or where hardly any fit.
fn descriptors(limit: Option<u64>, max_connections: usize) -> Finding {
    let about = "descriptors";
    let wanted = u64::try_from(max_connections).unwrap_or(u64::MAX).saturating_add(RESERVED);
    let was_chosen = max_connections != ServerConfig::default().max_connections;
    match limit {
        None => Finding::ok(about, text::FILES_ANY),
        Some(limit) if limit >= wanted => Finding::ok(about, said(text::FILES).filling("limit", limit)),
        Some(limit) if limit >= FEW && !was_chosen => {
            let room = limit.saturating_sub(RESERVED);
            Finding::ok(about, said(text::FILES_ENOUGH).filling("limit", limit).filling("room", room))
        }
        Some(limit) => Finding::warn(
            about,
            said(text::FILES_FEW).filling("limit", limit).filling("connections", max_connections),
            said(text::FILES_FEW_MEND).filling("wanted", wanted),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_limit_is_a_warning_only_where_somebody_has_to_do_something() {
        let default = ServerConfig::default().max_connections;
        for (limit, connections, state) in [
            (None, default, State::Ok),
            (Some(1_000_000), default, State::Ok),
            (Some(20_000), default, State::Ok),
            (Some(1024), default, State::Warn),
            (Some(20_000), 50_000, State::Warn),
            (Some(1024), 500, State::Ok),
        ] {
            assert_eq!(descriptors(limit, connections).state, state, "{limit:?} {connections}");
        }
        assert!(descriptors(Some(20_000), default).found.to_string().contains("19900 connections"));
    }
}
