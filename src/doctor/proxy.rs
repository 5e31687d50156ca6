//! What lies between browsers and the server: a request goes out to the issuer's URL, and the server says how it arrived.

use super::Finding;
use super::clock::Reading;
use super::probe::{self, Arrival};
use super::reach::{Obstacle, place, reach};
use crate::app::App;
use crate::config::Config;
use crate::protocol::issuer::Issuer;
use crate::support::{Clock, Timestamp};

const ABOUT: &str = "proxy";

/// An address for documentation only (RFC 5737): what the probe claims to come from.
const MADE_UP: &str = "192.0.2.77";

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
        Err(error) => return vec![Finding::fail(about, error.to_string(), "mend network.outgoing_authorities")],
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
            let found = format!("{url} answers {}", answer.status());
            return vec![Finding::fail(
                about,
                found,
                "see that the proxy leads to Haechi, with the path of the issuer",
            )];
        }
        Err(error) => return vec![silent(config, &error)],
    };
    let mut findings = vec![Finding::ok(about, format!("{} answers", config.server.issuer))];
    let body = answer.bytes().await.unwrap_or_default();
    match (serde_json::from_slice::<Arrival>(&body), app) {
        (Ok(arrival), Some(app)) => {
            let theirs = Timestamp::from_millis(arrival.now);
            clocks.push(Reading { of: "the server", ours: clock.now(), theirs, counts: true });
            findings.push(addresses(&arrival, is_behind_proxy(config)));
            findings.extend(host(&arrival, &app.issuer));
        }
        (Err(_), Some(_)) => findings.push(Finding::fail(
            ABOUT,
            "another server answers there, or one with another key-encryption key",
            "run the doctor with the settings of the server that runs",
        )),
        (_, None) => {}
    }
    findings
}

fn not_there(config: &Config, obstacle: Obstacle) -> Finding {
    let closed = matches!(obstacle, Obstacle::Closed(_));
    let finding = obstacle.found("server", "Haechi", "server.issuer");
    let mend = if is_behind_proxy(config) {
        format!("start `haechi`, and the proxy that leads to {}", config.server.listen)
    } else {
        "start `haechi`; if it runs, run the doctor with its settings".to_owned()
    };
    if closed { Finding { mend: Some(mend), ..finding } } else { finding }
}

/// Something listens at the issuer's address, and this is all it had to say.
fn silent(config: &Config, error: &reqwest::Error) -> Finding {
    let (about, issuer) = ("server", &config.server.issuer);
    if error.is_timeout() {
        let mend = "look at the logs of Haechi and of the proxy in front of it";
        return Finding::fail(about, format!("{issuer} does not answer in time"), mend);
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let cause = cause.to_string();
    let cause = if cause.contains("InvalidContentType") { "what answers there speaks no TLS" } else { &cause };
    let found = format!("{issuer}: {cause}");
    if issuer.starts_with("https:") {
        let mend = "see that TLS is spoken there with a certificate for this name; network.outgoing_authorities names an \
                    authority of your own";
        return Finding::fail(about, found, mend);
    }
    Finding::fail(
        about,
        found,
        "another program seems to listen there: stop it, or correct server.listen and server.issuer",
    )
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
    let peer = arrival.peer.as_deref().unwrap_or("somewhere");
    if arrival.address == MADE_UP {
        return Finding::fail(
            ABOUT,
            format!(
                "a made-up X-Forwarded-For was believed, as it came from {peer}: any caller can choose its address"
            ),
            "let the proxy replace the header (nginx: proxy_set_header X-Forwarded-For $remote_addr), or take the \
             address out of network.trusted_proxies if no proxy has it",
        );
    }
    match (behind_proxy, arrival.trusted) {
        (false, false) => Finding::ok(ABOUT, "nothing in between, and a made-up X-Forwarded-For is not believed"),
        (true, false) => Finding::warn(
            ABOUT,
            format!(
                "requests come from the proxy at {peer}, which is not trusted: every caller seems to have its address"
            ),
            format!("have the proxy set X-Forwarded-For, and network.trusted_proxies = [\"{peer}/{}\"]", bits(peer)),
        ),
        // Asked on the proxy's own machine, it may well say its own address.
        (_, true) if arrival.address == peer && !says_from_where(arrival) => Finding::warn(
            ABOUT,
            format!("the proxy at {peer} does not say where requests come from"),
            "nginx: proxy_set_header X-Forwarded-For $remote_addr",
        ),
        (_, true) => {
            Finding::ok(ABOUT, format!("the proxy at {peer} says that this request came from {}", arrival.address))
        }
    }
}

/// Whether the proxy handed on, or wrote itself, where the request came from.
fn says_from_where(arrival: &Arrival) -> bool {
    arrival.forwarding.iter().any(|name| name == "x-forwarded-for")
}

/// How a request of a browser arrived, which no doctor sent: by way of which proxy, and under which name.
pub fn of_arrival(config: &Config, issuer: &Issuer, arrival: &Arrival) -> Vec<Finding> {
    let about = "request";
    let peer = arrival.peer.as_deref().unwrap_or("somewhere");
    let came = match (arrival.trusted, says_from_where(arrival)) {
        (true, true) => Finding::ok(about, format!("came from {} by way of the proxy at {peer}", arrival.address)),
        (true, false) => Finding::warn(
            about,
            format!("the proxy at {peer} does not say where it came from"),
            "nginx: proxy_set_header X-Forwarded-For $remote_addr",
        ),
        (false, true) => Finding::warn(
            about,
            format!("came by way of {peer}, which is not trusted: every caller seems to have its address"),
            format!("if that is your proxy: network.trusted_proxies = [\"{peer}/{}\"]", bits(peer)),
        ),
        (false, false) if is_behind_proxy(config) => Finding::warn(
            about,
            format!("came from {peer} without a word of a proxy, which the issuer needs"),
            "have the proxy set X-Forwarded-For, and network.trusted_proxies name it",
        ),
        (false, false) => Finding::ok(about, format!("came straight from {}", arrival.address)),
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
        Finding::fail(
            "host",
            format!("the proxy asks for {host} instead of {}: pages are refused", issuer.authority()),
            "hand the name on (nginx: proxy_set_header Host $host)",
        )
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
        assert!(addresses(&arrival("2001:db8::1", false, "2001:db8::1"), true).mend.unwrap().contains("::1/128"));
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
