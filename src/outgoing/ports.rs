//! Which ports outgoing calls may go to.

use std::net::IpAddr;

use url::{Host, Url};

/// Where web servers listen. What is behind other ports (mail, databases, caches) reads a request as what it is not.
pub const WEB: [u16; 4] = [80, 443, 8080, 8443];

/// Decides which ports outgoing calls may go to: those of the web, and those that an administrator or the configuration names.
#[derive(Clone, Debug, Default)]
pub struct PortGuard {
    listed: Vec<u16>,
}

impl PortGuard {
    /// Allows the ports of the web and the listed ones.
    pub fn new(listed: &[u16]) -> Self {
        Self { listed: listed.to_vec() }
    }

    /// Allows further ports.
    #[must_use]
    pub fn with(&self, more: &[u16]) -> Self {
        Self { listed: [&self.listed, more].concat() }
    }

    /// Whether a call may go to this URL's port. On this machine any port is one that its operator opened; whether calls get there at all is
    /// for [`AddressGuard`](super::AddressGuard) to say.
    pub fn allows(&self, url: &Url) -> bool {
        let port = url.port_or_known_default();
        port.is_some_and(|port| WEB.contains(&port) || self.listed.contains(&port)) || is_this_machine(url)
    }
}

/// RFC 6761 section 6.3 for `localhost`.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).to_canonical().is_loopback(),
        None => false,
    }
}

/// Reads port numbers that are separated by spaces or commas; `None` where one is none.
pub fn parse(text: &str) -> Option<Vec<u16>> {
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    words.map(|word| word.parse().ok().filter(|port| *port != 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(guard: &PortGuard, url: &str) -> bool {
        guard.allows(&Url::parse(url).unwrap())
    }

    #[test]
    fn ports_of_the_web_and_listed_ones_are_allowed() {
        let guard = PortGuard::new(&[5556]).with(&[8180]);
        for url in [
            "https://a.example/",
            "http://a.example/",
            "https://a.example:8443/",
            "http://a.example:8080/",
            "https://a.example:5556/",
            "https://a.example:8180/",
            "https://10.0.0.1:443/",
        ] {
            assert!(allows(&guard, url), "{url}");
        }
        for port in [1, 22, 25, 53, 110, 389, 444, 3306, 5432, 5555, 6379, 8000, 9200, 11211, 65535] {
            assert!(!allows(&guard, &format!("https://a.example:{port}/")), "{port}");
            assert!(!allows(&guard, &format!("https://10.0.0.1:{port}/")), "{port}");
        }
    }

    #[test]
    fn on_this_machine_any_port_is_one_of_the_operator_s() {
        let guard = PortGuard::default();
        for host in ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]"] {
            assert!(allows(&guard, &format!("http://{host}:9000/")), "{host}");
        }
        for host in ["localhost.example", "notlocalhost", "128.0.0.1", "[::2]", "[::ffff:10.0.0.1]"] {
            assert!(!allows(&guard, &format!("http://{host}:9000/")), "{host}");
        }
    }

    #[test]
    fn ports_are_numbers_between_spaces_or_commas() {
        assert_eq!(parse("5556, 8180 9443"), Some(vec![5556, 8180, 9443]));
        assert_eq!(parse(""), Some(vec![]));
        for bad in ["0", "65536", "-1", "https", "5556;8180", "1.5"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
