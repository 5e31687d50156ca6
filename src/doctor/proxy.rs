//! What lies between browsers and the server: a request goes out to the issuer's URL, and the server says how it arrived.

use super::Finding;
use super::clock::Reading;
use super::probe::{self, Arrival};
use super::reach::{Obstacle, place, reach};
use crate::app::App;
use crate::config::Config;
use crate::i18n::keys::doctor as text;
use crate::i18n::{Said, said};
use crate::protocol::issuer::Issuer;
use crate::support::{Clock, Timestamp};

const ABOUT: &str = "proxy";

/// An address for documentation only (RFC 5737): what the probe claims to come from.
const MADE_UP: &str = "192.0.2.77";
/// What nginx is told to say where requests come from, and under which name.
const NGINX_FOR: &str = "nginx: proxy_set_header X-Forwarded-For $remote_addr";
const NGINX_HOST: &str = "nginx: proxy_set_header Host $host";

/// Sends a probe to the issuer's URL; the answer tells what the server's clock says, too.
pub(super) async fn look(
    config: &Config,
    app: Option<&App>,
    clock: &dyn Clock,
    clocks: &mut Vec<Reading>,
) -> Vec<Finding> {
    let about = "server";
    let url = format!("{}/healthz", config.server.issuer);
    let client = match crate::outgoing::unguarded(&config.network) {
        Ok(client) => client,
        Err(error) => return vec![Finding::fail(about, error.to_string(), text::AUTHORITIES_MEND)],
    };
    if let Some((host, port)) = place(&config.server.issuer, 443)
        && let Err(obstacle) = reach(&host, port).await
    {
        return vec![not_there(config, obstacle)];
    }
    let mut request = client.get(&url).header("x-forwarded-for", MADE_UP);
    if let Some(app) = app {
        request = request.header(probe::HEADER, probe::ask(&app.probe, clock.now()));
    }
    let answer = match request.send().await {
        Ok(answer) if answer.status().is_success() => answer,
        Ok(answer) => {
            let found = said(text::SERVER_ANSWERS_OTHERWISE).filling("url", url).filling("status", answer.status());
            return vec![Finding::fail(about, found, text::SERVER_ANSWERS_OTHERWISE_MEND)];
        }
        Err(error) => return vec![silent(config, &error)],
    };
    let mut findings = vec![Finding::ok(about, said(text::ANSWERS).filling("place", &config.server.issuer))];
    let body = answer.bytes().await.unwrap_or_default();
    match (serde_json::from_slice::<Arrival>(&body), app) {
        (Ok(arrival), Some(app)) => {
            let theirs = Timestamp::from_millis(arrival.now);
            clocks.push(Reading { of: text::CLOCK_OF_SERVER, ours: clock.now(), theirs, counts: true });
            findings.push(addresses(&arrival, is_behind_proxy(config)));
            findings.extend(host(&arrival, &app.issuer));
        }
        (Err(_), Some(_)) => findings.push(Finding::fail(ABOUT, text::OTHER_SERVER, text::OTHER_SERVER_MEND)),
        (_, None) => {}
    }
    findings
}

fn not_there(config: &Config, obstacle: Obstacle) -> Finding {
    let closed = matches!(obstacle, Obstacle::Closed(_));
    let finding = obstacle.found("server", "Haechi", "server.issuer");
    let mend = if is_behind_proxy(config) {
        said(text::START_WITH_PROXY).filling("place", config.server.listen)
    } else {
        said(text::START)
    };
    if closed { Finding { mend: Some(mend), ..finding } } else { finding }
}

/// Something listens at the issuer's address, and this is all it had to say.
fn silent(config: &Config, error: &reqwest::Error) -> Finding {
    let (about, issuer) = ("server", &config.server.issuer);
    if error.is_timeout() {
        return Finding::fail(about, said(text::NOT_IN_TIME).filling("place", issuer), text::SERVER_NOT_IN_TIME_MEND);
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let cause = cause.to_string();
    let cause = if cause.contains("InvalidContentType") { said(text::NO_TLS) } else { Said::from(cause) };
    let found = said(text::AT).filling("place", issuer).filling_in("why", cause);
    let mend = if issuer.starts_with("https:") { text::TLS_MEND } else { text::OTHER_PROGRAM_MEND };
    Finding::fail(about, found, mend)
}

/// Whether something must stand between the issuer's URL and the listener.
fn is_behind_proxy(config: &Config) -> bool {
    let issuer = url::Url::parse(&config.server.issuer).ok();
    let other_port = issuer.as_ref().and_then(url::Url::port_or_known_default) != Some(config.server.listen.port());
    let tls = config.server.tls_certificate.is_some();
    other_port || (issuer.is_some_and(|issuer| issuer.scheme() == "https") && !tls)
}

/// Whether the server knows where requests come from, and believes no peer that it should not.
fn addresses(arrival: &Arrival, behind_proxy: bool) -> Finding {
    let of_peer = |key| said(key).filling_in("peer", peer(arrival));
    if arrival.address == MADE_UP {
        let mend = said(text::BELIEVED_MEND).filling("directive", NGINX_FOR);
        return Finding::fail(ABOUT, of_peer(text::BELIEVED), mend);
    }
    match (behind_proxy, arrival.trusted) {
        (false, false) => Finding::ok(ABOUT, text::NOT_BELIEVED),
        (true, false) => {
            let mend = said(text::PROXY_NOT_TRUSTED_MEND).filling("setting", trusting(arrival));
            Finding::warn(ABOUT, of_peer(text::PROXY_NOT_TRUSTED), mend)
        }
        // Asked on the proxy's own machine, it may well say its own address.
        (_, true) if arrival.peer.as_deref() == Some(arrival.address.as_str()) && !says_from_where(arrival) => {
            Finding::warn(ABOUT, of_peer(text::PROXY_SILENT), NGINX_FOR)
        }
        (_, true) => Finding::ok(ABOUT, of_peer(text::PROXY_SAYS).filling("address", &arrival.address)),
    }
}

/// The other end of the connection.
fn peer(arrival: &Arrival) -> Said {
    arrival.peer.as_deref().map_or_else(|| said(text::SOMEWHERE), Said::from)
}

/// The setting by which the peer is taken for a proxy.
fn trusting(arrival: &Arrival) -> String {
    let peer = arrival.peer.as_deref().unwrap_or("ADDRESS");
    format!("network.trusted_proxies = [\"{peer}/{}\"]", bits(peer))
}

/// Whether the proxy handed on, or wrote itself, where the request came from.
fn says_from_where(arrival: &Arrival) -> bool {
    arrival.forwarding.iter().any(|name| name == "x-forwarded-for")
}

/// How a request of a browser arrived, which no doctor sent: by way of which proxy, and under which name.
pub fn of_arrival(config: &Config, issuer: &Issuer, arrival: &Arrival) -> Vec<Finding> {
    let about = "request";
    let of_peer = |key| said(key).filling_in("peer", peer(arrival));
    let came = match (arrival.trusted, says_from_where(arrival)) {
        (true, true) => Finding::ok(about, of_peer(text::CAME_BY_PROXY).filling("address", &arrival.address)),
        (true, false) => Finding::warn(about, of_peer(text::CAME_BY_SILENT_PROXY), NGINX_FOR),
        (false, true) => {
            let mend = said(text::CAME_BY_STRANGER_MEND).filling("setting", trusting(arrival));
            Finding::warn(about, of_peer(text::CAME_BY_STRANGER), mend)
        }
        (false, false) if is_behind_proxy(config) => {
            Finding::warn(about, of_peer(text::CAME_WITHOUT_PROXY), text::CAME_WITHOUT_PROXY_MEND)
        }
        (false, false) => Finding::ok(about, said(text::CAME_STRAIGHT).filling("address", &arrival.address)),
    };
    std::iter::once(came).chain(host(arrival, issuer)).collect()
}

/// The length of a range that is one address.
fn bits(address: &str) -> u8 {
    if address.contains(':') { 128 } else { 32 }
}

/// Whether pages are asked for under the issuer's own name: others are refused.
fn host(arrival: &Arrival, issuer: &Issuer) -> Option<Finding> {
    let host = arrival.host.as_deref()?;
    let forwarded = arrival.trusted && arrival.forwarding.iter().any(|name| name == "x-forwarded-host");
    (!issuer.is_named(host) && !forwarded).then(|| {
        let found = said(text::OTHER_HOST).filling("host", host).filling("issuer", issuer.authority());
        Finding::fail("host", found, said(text::OTHER_HOST_MEND).filling("directive", NGINX_HOST))
    })
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn arrival(peer: &str, trusted: bool, address: &str) -> Arrival {
        Arrival {
            peer: Some(peer.to_owned()),
            trusted,
            forwarding: vec!["x-forwarded-for".to_owned()],
            address: address.to_owned(),
            host: Some("127.0.0.1:8080".to_owned()),
            now: 0,
        }
    }

    #[test]
    fn what_the_server_makes_of_a_request_is_judged() {
        assert_eq!(addresses(&arrival("127.0.0.1", false, "127.0.0.1"), false).state, State::Ok);
        assert_eq!(addresses(&arrival("10.0.0.2", false, "10.0.0.2"), true).state, State::Warn);
        assert_eq!(addresses(&arrival("10.0.0.2", true, "198.51.100.4"), true).state, State::Ok);
        assert_eq!(
            addresses(&arrival("10.0.0.2", true, "10.0.0.2"), true).state,
            State::Ok,
            "on the proxy's own machine"
        );
        let says_nothing = Arrival { forwarding: vec![], ..arrival("10.0.0.2", true, "10.0.0.2") };
        assert_eq!(addresses(&says_nothing, true).state, State::Warn);
        assert_eq!(addresses(&arrival("10.0.0.2", true, MADE_UP), true).state, State::Fail);
        let mend = addresses(&arrival("2001:db8::1", false, "2001:db8::1"), true).mend.unwrap();
        assert!(mend.to_string().contains("::1/128"));
    }

    #[test]
    fn a_browsers_own_request_tells_by_which_way_it_came() {
        let issuer = Issuer::parse("https://id.example").unwrap();
        let (straight, mut behind) = (Config::default(), Config::default());
        behind.server.issuer = "https://id.example".to_owned();
        let named = |of: Arrival| Arrival { host: Some("id.example".to_owned()), ..of };
        let states = |config: &Config, arrival: Arrival| -> Vec<State> {
            of_arrival(config, &issuer, &named(arrival)).iter().map(|finding| finding.state).collect()
        };
        assert_eq!(states(&behind, arrival("10.0.0.2", true, "198.51.100.4")), [State::Ok]);
        assert_eq!(states(&behind, arrival("10.0.0.2", false, "10.0.0.2")), [State::Warn]);
        let silent = |trusted| Arrival { forwarding: Vec::new(), ..arrival("10.0.0.2", trusted, "10.0.0.2") };
        assert_eq!(states(&behind, silent(true)), [State::Warn]);
        assert_eq!(states(&behind, silent(false)), [State::Warn]);
        assert_eq!(states(&straight, silent(false)), [State::Ok]);
        let elsewhere = of_arrival(&straight, &issuer, &silent(false));
        assert_eq!(elsewhere.last().unwrap().about, "host");
    }

    #[test]
    fn a_proxy_that_hides_the_name_is_noticed() {
        let issuer = Issuer::parse("https://id.example").unwrap();
        assert_eq!(host(&arrival("127.0.0.1", true, "1.2.3.4"), &issuer).unwrap().state, State::Fail);
        let named = |name: &str| Arrival { host: Some(name.to_owned()), ..arrival("127.0.0.1", true, "1.2.3.4") };
        assert!(host(&named("id.example"), &issuer).is_none());
        assert!(host(&named("ID.example:443"), &issuer).is_none());
        let with_port = Issuer::parse("https://id.example:9443").unwrap();
        assert!(host(&named("id.example"), &with_port).is_none(), "as nginx's $host says it");
        assert_eq!(host(&named("id.example:8080"), &with_port).unwrap().state, State::Fail);
    }
}
